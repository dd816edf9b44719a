//! Refusals: stable codes with the paragraphs of the source. A refusal lists all broken rules at once.
use serde_json::{Map, Value};

/// The HTTP status class of a refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// 409: the present state of the object forbids the order.
    State,
    /// 422: the order itself is wrong.
    Content,
    /// 403: the caller sees the object, but may not do this with it.
    Forbidden,
    /// 401: the account, password, token or key gives no access.
    Unauthenticated,
    /// 429: the account has used up what it may do in a while.
    TooMany,
    /// 2xx: no refusal. The order was carried out, and the answer warns of a likely mistake.
    Warning,
}

/// An entry of the table of codes. A code is part of the contract and never gets another meaning.
#[derive(Debug, PartialEq)]
pub struct Rule {
    /// The stable code, such as `mentorship.not_active`.
    pub code: &'static str,
    /// The HTTP status class.
    pub kind: Kind,
    /// The paragraph of the source, such as `002 §3.9`. `None` if the rule is our own.
    pub rule: Option<&'static str>,
    /// The message for people, in Russian.
    pub ru: &'static str,
    /// The message for people, in English.
    pub en: &'static str,
}

/// The code of a refusal or a warning as the contract describes it. `GET /problems` lists all of them.
#[derive(Debug)]
pub enum RefusalCode {}

impl utoipa::PartialSchema for RefusalCode {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::schema::Type::String)
            .description(Some("The stable code of a problem, of an error in it, or of a warning."))
            .max_length(Some(64))
            .examples([serde_json::json!("mentorship.not_active")])
            .into()
    }
}
impl utoipa::ToSchema for RefusalCode {}

impl Rule {
    /// A refusal with this one reason.
    pub fn refuse(&'static self) -> Refused {
        Refused { reasons: vec![self.reason()] }
    }
    /// The reason alone, to be collected with others.
    pub fn reason(&'static self) -> Reason {
        Reason { rule: self, pointer: None, params: Map::new() }
    }
}

/// A broken rule, with the member of the request that broke it.
#[derive(Debug, Clone, PartialEq)]
pub struct Reason {
    /// The entry of the table of codes.
    pub rule: &'static Rule,
    /// The JSON pointer to the member of the request that broke the rule.
    pub pointer: Option<String>,
    /// The values that the message needs: limits and dates, never personal data.
    pub params: Map<String, Value>,
}

impl Reason {
    /// Sets the JSON pointer to the member of the request.
    #[must_use]
    pub fn at(mut self, pointer: impl Into<String>) -> Self {
        self.pointer = Some(pointer.into());
        self
    }
    /// Adds a value for the message.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl serde::Serialize) -> Self {
        self.params.insert(name.to_owned(), serde_json::to_value(value).unwrap_or(Value::Null));
        self
    }
    /// The reason in a larger request: its pointer begins with the place where the judged part stands.
    #[must_use]
    pub fn under(self, place: &str) -> Self {
        let pointer = format!("{place}{}", self.pointer.as_deref().unwrap_or_default());
        self.at(pointer)
    }
}

/// The reasons of the rules that are broken, in their order.
pub fn broken(all: impl IntoIterator<Item = (bool, Reason)>) -> Vec<Reason> {
    all.into_iter().filter(|it| it.0).map(|it| it.1).collect()
}

/// The refusal of an order, with one reason or several.
#[derive(Debug, Clone, PartialEq)]
pub struct Refused {
    reasons: Vec<Reason>,
}

impl Refused {
    /// Refuses if the list has at least one reason.
    pub fn unless_empty(reasons: Vec<Reason>) -> Result<(), Self> {
        if reasons.is_empty() { Ok(()) } else { Err(Self { reasons }) }
    }
    /// All reasons, in the order in which the rule lists them: the most serious first.
    pub fn reasons(&self) -> &[Reason] {
        &self.reasons
    }
}

impl From<Reason> for Refused {
    fn from(it: Reason) -> Self {
        Self { reasons: vec![it] }
    }
}

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for reason in &self.reasons {
            write!(f, "{} ", reason.rule.code)?;
        }
        Ok(())
    }
}
impl std::error::Error for Refused {}

/// A table of refusals: `NAME = "code", Kind, "paragraph" or ours, "ru", "en";`
macro_rules! rules {
    ($($name:ident = $code:literal, $kind:ident, $($rule:literal)? $(ours)?, $ru:literal, $en:literal;)+) => {
        $(#[doc = $en] pub static $name: $crate::base::refusal::Rule = $crate::base::refusal::Rule {
            code: $code,
            kind: $crate::base::refusal::Kind::$kind,
            rule: $crate::base::refusal::paragraph(&[$($rule)?]),
            ru: $ru,
            en: $en,
        };)+
        /// Every refusal of this module.
        pub static RULES: &[&$crate::base::refusal::Rule] = &[$(&$name),+];
    };
}
pub(crate) use rules;

#[doc(hidden)]
pub const fn paragraph(it: &'static [&'static str]) -> Option<&'static str> {
    match it {
        [one, ..] => Some(one),
        [] => None,
    }
}
