//! The search over everything that a caller sees.
use crate::base::text::Title;
use shape::form;
use validator::Validate;

/// The text of a search over everything that the caller sees.
#[form]
#[schema(example = json!({"text": "морозова ал"}))]
pub struct Search {
    /// Words of a name or their beginnings, in any order. Case, ё, hyphens, apostrophes and spaces do not matter, and Latin
    /// letters count as the Cyrillic letters that look like them.
    pub text: Title,
}
