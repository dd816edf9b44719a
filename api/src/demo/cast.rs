//! The cast: the ids of the people and things of the demonstration, by their names in the scenario.
use std::collections::HashMap;

/// Ids by the short names that the story calls things.
pub type Cast = HashMap<&'static str, String>;

/// The id of what the story calls so.
pub fn id<'c>(cast: &'c Cast, name: &str) -> Result<&'c str, String> {
    cast.get(name).map(String::as_str).ok_or_else(|| format!("the story does not know '{name}'"))
}
