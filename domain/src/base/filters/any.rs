//! Any of several values: a filter that may name more than one, separated by commas.
use serde::de::{Error, IntoDeserializer};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt::Display;

/// The values that a filter asks for, at least one: `state=active,paused`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnyOf<T>(Vec<T>);

impl<T: PartialEq> AnyOf<T> {
    /// The values, each once.
    pub fn values(&self) -> &[T] {
        &self.0
    }
    /// Whether this value is asked for.
    pub fn has(&self, it: &T) -> bool {
        self.0.contains(it)
    }
}
impl<T> FromIterator<T> for AnyOf<T> {
    fn from_iter<I: IntoIterator<Item = T>>(all: I) -> Self {
        Self(all.into_iter().collect())
    }
}

impl<T: Display> Serialize for AnyOf<T> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let texts: Vec<String> = self.0.iter().map(ToString::to_string).collect();
        to.serialize_str(&texts.join(","))
    }
}
impl<'de, T: Deserialize<'de> + PartialEq> Deserialize<'de> for AnyOf<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        let mut all = Vec::new();
        for part in text.split(',') {
            let value = T::deserialize(part.to_owned().into_deserializer())?;
            if all.contains(&value) {
                return Err(D::Error::custom("a value stands twice"));
            }
            all.push(value);
        }
        Ok(Self(all))
    }
}

/// Values of which a question names at most three: parts that are read together with a card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Few<T: Display>(AnyOf<T>);

impl<T: PartialEq + Display> Few<T> {
    /// Whether this value is asked for.
    pub fn has(&self, it: &T) -> bool {
        self.0.has(it)
    }
}
impl<'de, T: Deserialize<'de> + PartialEq + Display> Deserialize<'de> for Few<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let all = AnyOf::deserialize(from)?;
        if all.values().len() > 3 { Err(D::Error::custom("more than three values")) } else { Ok(Self(all)) }
    }
}
