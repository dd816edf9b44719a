//! Why a rule said no: stable codes, the paragraph behind them, and all of them at once.
use serde_json::{Map, Value};

/// How a refusal is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The state of things forbids it: 409.
    State,
    /// The order itself is wrong: 422.
    Content,
    /// Visible, but not this caller's to do: 403.
    Forbidden,
    /// The account or its rights do not let one in: 401.
    Unauthenticated,
}

/// One entry of the table of codes. A code is part of the contract and is never given another meaning.
#[derive(Debug, PartialEq)]
pub struct Rule {
    /// Stable code, such as `mentorship.not_active`.
    pub code: &'static str,
    /// How it is answered.
    pub kind: Kind,
    /// The paragraph of the source, such as `002 §3.9`, where there is one.
    pub rule: Option<&'static str>,
    /// For people, in Russian.
    pub ru: &'static str,
    /// For people, in English.
    pub en: &'static str,
}

impl Rule {
    /// The refusal for this one reason.
    pub fn refuse(&'static self) -> Refused {
        Refused { reasons: vec![self.reason()] }
    }
    /// The reason alone, to be joined with others.
    pub fn reason(&'static self) -> Reason {
        Reason { rule: self, pointer: None, params: Map::new() }
    }
}

/// One broken rule.
#[derive(Debug, Clone, PartialEq)]
pub struct Reason {
    /// The rule.
    pub rule: &'static Rule,
    /// JSON pointer to the member of the request that broke it.
    pub pointer: Option<String>,
    /// Figures that a message needs: limits and dates, never personal data.
    pub params: Map<String, Value>,
}

impl Reason {
    /// Points at a member of the request.
    #[must_use]
    pub fn at(mut self, pointer: impl Into<String>) -> Self {
        self.pointer = Some(pointer.into());
        self
    }
    /// Adds a figure.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl serde::Serialize) -> Self {
        self.params.insert(name.to_owned(), serde_json::to_value(value).unwrap_or(Value::Null));
        self
    }
}

/// A rule said no, for one reason or several.
#[derive(Debug, Clone, PartialEq)]
pub struct Refused {
    reasons: Vec<Reason>,
}

impl Refused {
    /// Refuses if there is any reason.
    pub fn unless_empty(reasons: Vec<Reason>) -> Result<(), Self> {
        if reasons.is_empty() { Ok(()) } else { Err(Self { reasons }) }
    }
    /// All the reasons, the gravest first as the rule listed them.
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
        /// Every refusal of this feature.
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
