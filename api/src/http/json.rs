//! Strict reading of JSON. Duplicate members, NUL and deep nesting are refused. Every error has its pointer and
//! repeats no value.
use crate::http::problem::{MALFORMED, Problem};
use domain::base::refusal::{Reason, Rule};
use domain::base::text;
use domain::base::written::Written;
use serde::de::value::{MapDeserializer, SeqDeserializer};
use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, IntoDeserializer, MapAccess, SeqAccess, Unexpected,
    Visitor,
};
use serde_json::{Map, Value};
use std::fmt;

/// Levels of nesting at most.
const DEPTH: usize = 32;
/// Items of an array at most.
const ITEMS: usize = 1000;

/// Parses a body. Answers 400 if it is not acceptable JSON.
pub fn parse(bytes: &[u8]) -> Result<Value, Problem> {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = Strict(DEPTH).deserialize(&mut reader).and_then(|it| reader.end().map(|()| it));
    value.map_err(|it| Problem::new(&MALFORMED).with("line", it.line()).with("column", it.column()))
}

/// Reads parsed JSON as a value of the given type.
pub fn typed<T: DeserializeOwned>(value: &Value) -> Result<T, serde_path_to_error::Error<serde_json::Error>> {
    serde_path_to_error::deserialize(Plain(value))
}

/// The error as a reason with a code. The messages of serde are not used, because they quote the value.
pub fn reason(error: &serde_path_to_error::Error<serde_json::Error>) -> Reason {
    let message = error.inner().to_string();
    let mut pointer = Pointer::default();
    for part in error.path().iter() {
        use serde_path_to_error::Segment;
        match part {
            Segment::Seq { index } => pointer.push(&index.to_string()),
            Segment::Map { key } | Segment::Enum { variant: key } => pointer.push(key),
            Segment::Unknown => {}
        }
    }
    let rule: &'static Rule = if message.starts_with("missing field") {
        pointer.push(message.split('`').nth(1).unwrap_or_default());
        &text::MISSING
    } else if message.starts_with("unknown field") {
        &text::UNKNOWN
    } else if message.starts_with("unknown variant") {
        &text::WORD
    } else if message.starts_with("invalid type") {
        &text::WRONG_TYPE
    } else if message.starts_with("invalid value") || message.contains("out of range") {
        &text::RANGE
    } else {
        &text::FORMAT
    };
    rule.reason().at(pointer.text())
}

/// A JSON pointer (RFC 6901).
#[derive(Debug, Clone, Default)]
pub struct Pointer(String);

impl Pointer {
    /// Goes on to a member or an item.
    pub fn push(&mut self, part: &str) {
        self.0.push('/');
        self.0.push_str(&part.replace('~', "~0").replace('/', "~1"));
    }
    /// The pointer to a member or an item of what this one points to.
    #[must_use]
    pub fn to(&self, part: &str) -> Self {
        let mut it = self.clone();
        it.push(part);
        it
    }
    /// The whole pointer.
    pub fn as_str(&self) -> &str {
        &self.0
    }
    /// The pointer as an answer has it: names of members are the client's and may be long.
    pub fn text(&self) -> &str {
        self.0.get(..self.0.floor_char_boundary(200)).unwrap_or_default()
    }
}

/// Builds a value with at most this many more levels of nesting.
struct Strict(usize);

impl<'de> DeserializeSeed<'de> for Strict {
    type Value = Value;
    fn deserialize<D: serde::Deserializer<'de>>(self, from: D) -> Result<Value, D::Error> {
        from.deserialize_any(self)
    }
}

/// The integer that a number is, as far as JSON's numbers tell neighbours apart.
fn whole(it: f64) -> Option<i64> {
    const EXACT: f64 = 9_007_199_254_740_991.0;
    #[expect(clippy::as_conversions, reason = "exact: without a fraction, and within 53 bits")]
    (it.fract() == 0.0 && it.abs() <= EXACT).then_some(it as i64)
}

fn clean<E: serde::de::Error>(text: &str) -> Result<(), E> {
    if text.contains('\0') { Err(E::custom("NUL in a text")) } else { Ok(()) }
}

impl<'de> Visitor<'de> for Strict {
    type Value = Value;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }
    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }
    fn visit_bool<E>(self, it: bool) -> Result<Value, E> {
        Ok(it.into())
    }
    fn visit_i64<E>(self, it: i64) -> Result<Value, E> {
        Ok(it.into())
    }
    fn visit_u64<E>(self, it: u64) -> Result<Value, E> {
        Ok(it.into())
    }
    /// A number without a fraction is an integer, however it is written (JSON Schema, *integer*).
    fn visit_f64<E>(self, it: f64) -> Result<Value, E> {
        Ok(whole(it).map_or_else(|| it.into(), Value::from))
    }
    fn visit_str<E: serde::de::Error>(self, it: &str) -> Result<Value, E> {
        clean(it).map(|()| it.into())
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let Some(left) = self.0.checked_sub(1) else {
            return Err(serde::de::Error::custom("nested too deep"));
        };
        let mut all = Vec::new();
        while let Some(item) = items.next_element_seed(Strict(left))? {
            all.push(item);
            if all.len() > ITEMS {
                return Err(serde::de::Error::custom("too many items"));
            }
        }
        Ok(Value::Array(all))
    }
    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let Some(left) = self.0.checked_sub(1) else {
            return Err(serde::de::Error::custom("nested too deep"));
        };
        let mut all = Map::new();
        while let Some(name) = members.next_key::<String>()? {
            clean(&name)?;
            let value = members.next_value_seed(Strict(left))?;
            if all.insert(name, value).is_some() {
                return Err(serde::de::Error::custom("a member stands twice"));
            }
        }
        Ok(Value::Object(all))
    }
}

/// Parsed JSON that does not accept an array for an object. Plain serde would read an array as a form, member by
/// member.
struct Plain<'de>(&'de Value);

impl<'de> IntoDeserializer<'de, serde_json::Error> for Plain<'de> {
    type Deserializer = Self;
    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'de> Deserializer<'de> for Plain<'de> {
    type Error = serde_json::Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        match self.0 {
            Value::Null => visitor.visit_unit(),
            Value::Bool(it) => visitor.visit_bool(*it),
            Value::Number(it) => it.deserialize_any(visitor),
            Value::String(it) => visitor.visit_borrowed_str(it),
            Value::Array(items) => visitor.visit_seq(SeqDeserializer::new(items.iter().map(Plain))),
            Value::Object(members) => visitor.visit_map(MapDeserializer::new(
                members.iter().map(|(name, value)| (name.as_str(), Plain(value))),
            )),
        }
    }
    /// Refuses days, instants and ids that are written in another way than the contract says. These types read more
    /// ways, and ask for a borrowed text; names and notes ask for an owned one.
    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        if self.0.as_str().is_some_and(|it| Written::ALL.iter().any(|kind| kind.is_loose(it))) {
            return Err(serde::de::Error::custom("written in another way"));
        }
        self.deserialize_any(visitor)
    }
    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        if self.0.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }
    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        visitor.visit_newtype_struct(self)
    }
    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        if self.0.is_array() {
            return Err(serde::de::Error::invalid_type(Unexpected::Seq, &visitor));
        }
        self.deserialize_any(visitor)
    }
    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        self.0.deserialize_enum(name, variants, visitor)
    }
    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map identifier ignored_any
    }
}
