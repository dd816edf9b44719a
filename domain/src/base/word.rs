//! Closed vocabularies: the API, the tables and the catalogues use the same words.
use crate::base::telling::Labels;
use serde::de::Error;
use serde::{Deserialize, Deserializer};
use shape::card;

/// A closed vocabulary. Every word has a stable code and its label in Russian and English.
pub trait Word: Copy + 'static {
    /// The name of the catalogue that lists this vocabulary.
    const CATALOGUE: &'static str;
    /// Every word, in the order in which people see them.
    const ALL: &'static [Self];
    /// The first of them.
    const FIRST: Self;
    /// The code, as it is stored and sent.
    fn code(self) -> &'static str;
    /// The label in Russian.
    fn ru(self) -> &'static str;
    /// The label in English.
    fn en(self) -> &'static str;
    /// The demands that an order with this word must meet. The rule of the order reads them here.
    fn demands(self) -> &'static [Demand];
    /// Whether an order may take this word. Others are set by the system alone.
    fn is_sent(self) -> bool;
    /// The word with this code.
    fn parse(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|it| it.code() == code)
    }
}

/// One entry of a catalogue.
#[card]
#[derive(Clone)]
pub struct CatalogueEntry {
    /// The code, as it is stored and sent.
    #[schema(max_length = 64, example = "approved")]
    pub code: &'static str,
    /// The label in Russian.
    #[schema(max_length = 300, example = "одобрено")]
    pub ru: &'static str,
    /// The label in English.
    #[schema(max_length = 300, example = "approved")]
    pub en: &'static str,
    /// The demands of this word: things that an order with it must have, or find on record. Absent if there are none.
    #[schema(max_items = 10)]
    pub demands: Option<Vec<Demand>>,
    /// Present and `true` if only the system sets this word: no order takes it.
    #[schema(example = true)]
    pub by_system: Option<bool>,
}

impl CatalogueEntry {
    /// An entry that no order takes as a word.
    pub fn labelled(code: &'static str, ru: &'static str, en: &'static str) -> Self {
        Self { code, ru, en, demands: None, by_system: None }
    }
    /// The entry of a word.
    pub fn of<W: Word>(it: W) -> Self {
        let demands = Some(it.demands()).filter(|it| !it.is_empty());
        Self {
            code: it.code(),
            ru: it.ru(),
            en: it.en(),
            demands: demands.map(<[_]>::to_vec),
            by_system: (!it.is_sent()).then_some(true),
        }
    }
}

/// The catalogue entries of a vocabulary, for `GET /catalogues/{name}`.
pub fn entries<W: Word>() -> Vec<CatalogueEntry> {
    W::ALL.iter().copied().map(CatalogueEntry::of).collect()
}

/// A member that no body sets: it begins so, and other orders change it.
pub trait Begin {
    /// The first word of a vocabulary, or nothing where it is counted.
    const BEGINNING: Self;
}

impl<W: Word> Begin for W {
    const BEGINNING: Self = W::FIRST;
}

/// The value with which a member of an entry begins that no body sets.
pub fn first<T: Begin>() -> T {
    T::BEGINNING
}

/// The value of a flag that is set where a body leaves it out.
pub fn yes() -> bool {
    true
}

/// The labels of the word with this code.
pub(crate) fn labels<W: Word>(code: &str) -> Option<Labels> {
    W::parse(code).map(|it| Labels(it.ru(), it.en()))
}

/// The word of that code, as a column holds it.
pub(crate) fn known<W: Word>(code: &str) -> Result<W, String> {
    W::parse(code).ok_or_else(|| format!("'{code}' is no word of {}", W::CATALOGUE))
}

// `tt` instead of `literal`: utoipa cannot read a captured literal, and would list the variants instead of the codes.
macro_rules! words {
    ($($(#[$doc:meta])* $name:ident in $catalogue:literal {
        $($variant:ident = $code:tt, $ru:tt, $en:tt $(, demands [$($demand:ident)+])? $(, by $system:ident)?;)+
    })+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord,
                 serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
        pub enum $name {
            $(#[doc = $en] #[serde(rename = $code)] $variant,)+
        }
        impl $crate::base::word::Word for $name {
            const CATALOGUE: &'static str = $catalogue;
            const ALL: &'static [Self] = &[$(Self::$variant),+];
            const FIRST: Self = [$(Self::$variant),+][0];
            fn code(self) -> &'static str { match self { $(Self::$variant => $code),+ } }
            fn ru(self) -> &'static str { match self { $(Self::$variant => $ru),+ } }
            fn en(self) -> &'static str { match self { $(Self::$variant => $en),+ } }
            fn demands(self) -> &'static [$crate::base::word::Demand] {
                match self { $(Self::$variant => &[$($($crate::base::word::Demand::$demand),+)?]),+ }
            }
            fn is_sent(self) -> bool {
                match self { $(Self::$variant => <[&str]>::is_empty(&[$(stringify!($system))?])),+ }
            }
        }
        impl $crate::base::telling::Telling for $name {
            const SHOWN: $crate::base::telling::Shown =
                $crate::base::telling::Shown::Word($crate::base::word::labels::<Self>);
        }
        $crate::base::kept::kept! {
            Text: $name => |it| $crate::base::word::Word::code(*it).to_owned(), |it| $crate::base::word::known(&it);
        }
        // Reading accepts only codes of the vocabulary, so nothing is left to check.
        impl validator::Validate for $name {
            fn validate(&self) -> Result<(), validator::ValidationErrors> { Ok(()) }
        }
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str($crate::base::word::Word::code(*self))
            }
        }
    )+};
}
pub(crate) use words;

words! {
    /// Something that an order with a certain word must have, or find on record.
    Demand in "demands" {
        Document = "document", "документ", "a document";
        Text = "text", "описание", "a description";
        DocumentOrText = "document_or_text", "документ или описание", "a document or a description";
        Decree = "decree", "приказ", "a decree";
        Request = "request", "открытая просьба этой стороны или документ", "an open request of this side, or a document";
        Absence = "absence", "давно нет встреч, или руководитель подтверждает отсутствие и описывает его", "no meetings for long, or the head confirms the absence and describes it";
        Attempts = "attempts", "попытки связаться, которые не удались", "attempts that reached nobody";
        Death = "death", "смерть внесена в запись о человеке", "the death is on record with the person";
    }
}

/// The schema of the words that an order takes, of a vocabulary in which the system alone sets some.
macro_rules! sent {
    ($($name:ident of $words:ty;)+) => {$(
        #[doc = concat!("The words of [`", stringify!($words), "`] that an order takes.")]
        #[derive(Debug)]
        pub enum $name {}
        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
                $crate::base::word::sent_words::<$words>()
            }
        }
        impl utoipa::ToSchema for $name {
            fn name() -> std::borrow::Cow<'static, str> { stringify!($name).into() }
        }
    )+};
}
pub(crate) use sent;

#[doc(hidden)]
pub fn sent_words<W: Word>() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
    let codes = W::ALL.iter().filter(|it| it.is_sent()).map(|it| it.code());
    let text = utoipa::openapi::schema::Type::String;
    let about = format!("A word of the catalogue `{}` that an order takes.", W::CATALOGUE);
    let words = utoipa::openapi::ObjectBuilder::new().schema_type(text).enum_values(Some(codes));
    words.description(Some(about)).into()
}

/// Reads a word that an order takes.
pub(crate) fn only_sent<'de, W: Word + Deserialize<'de>, D: Deserializer<'de>>(
    from: D,
) -> Result<W, D::Error> {
    let word = W::deserialize(from)?;
    if word.is_sent() { Ok(word) } else { Err(D::Error::custom("only the system sets this word")) }
}

/// Reads such a word where it is optional.
pub(crate) fn only_sent_some<'de, W: Word + Deserialize<'de>, D: Deserializer<'de>>(
    from: D,
) -> Result<Option<W>, D::Error> {
    match Option::<W>::deserialize(from)? {
        Some(word) if !word.is_sent() => Err(D::Error::custom("only the system sets this word")),
        other => Ok(other),
    }
}

/// The search and sort key of a name: lower case, ё as е, punctuation as a space, single spaces.
///
/// The key is computed here because SQLite folds only ASCII, and the collations of the two engines differ.
pub fn fold(text: &str) -> String {
    let mut key = String::with_capacity(text.len());
    for it in text.chars().flat_map(char::to_lowercase) {
        match it {
            'ё' => key.push('е'),
            'а'..='я' | 'a'..='z' | '0'..='9' => key.push(it),
            it if it.is_alphanumeric() => key.push(it),
            _ if key.is_empty() || key.ends_with(' ') => {}
            _ => key.push(' '),
        }
    }
    key.truncate(key.trim_end().len());
    key
}

#[cfg(test)]
mod tests {
    use super::fold;
    use proptest::prelude::*;

    #[test]
    fn a_name_is_found_whatever_its_case_hyphens_and_dots_over_e() {
        assert_eq!(fold("  Ёлкина-МОРОЗОВА  Алёна "), "елкина морозова алена");
    }

    proptest! {
        #[test]
        fn folding_twice_changes_nothing(text in "\\PC{0,40}") {
            prop_assert_eq!(fold(&fold(&text)), fold(&text));
        }
    }
}
