//! Filters that are a number or a truth value: in an address they stand as text.
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serializer};
use std::fmt::Display;
use std::str::FromStr;

/// Writes the value as text.
///
/// # Errors
/// Those of the serializer.
pub fn serialize<T: Display, S: Serializer>(it: &Option<T>, to: S) -> Result<S::Ok, S::Error> {
    match it {
        Some(it) => to.collect_str(it),
        None => to.serialize_none(),
    }
}

/// Reads the value from text.
///
/// # Errors
/// The text is no such value.
pub fn deserialize<'de, T: FromStr, D: Deserializer<'de>>(from: D) -> Result<Option<T>, D::Error> {
    let text = String::deserialize(from)?;
    if text.starts_with('+') {
        return Err(D::Error::custom("a sign that the contract has not"));
    }
    text.parse().map(Some).map_err(|_| D::Error::custom("not such a value"))
}
