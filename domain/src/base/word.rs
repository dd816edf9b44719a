//! Closed vocabularies: the API, the tables and the catalogues use the same words.
use crate::base::telling::Labels;
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
}

/// The catalogue entries of a vocabulary, for `GET /catalogues/{name}`.
pub fn entries<W: Word>() -> Vec<CatalogueEntry> {
    W::ALL.iter().map(|it| CatalogueEntry { code: it.code(), ru: it.ru(), en: it.en() }).collect()
}

/// The first word of a vocabulary: the state in which an entry begins.
pub fn first<W: Word>() -> W {
    W::FIRST
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
        $($variant:ident = $code:tt, $ru:tt, $en:tt;)+
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
