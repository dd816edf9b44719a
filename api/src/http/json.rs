//! Strict reading of JSON. Duplicate members, NUL and deep nesting are refused. Every error has its pointer and
//! repeats no value.
use crate::http::problem::{MALFORMED, Problem};
use domain::base::moment::{CALENDAR, is_beyond_calendar};
use domain::base::refusal::{Reason, Rule};
use domain::base::text;
use serde::de::value::{MapDeserializer, SeqDeserializer};
use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, IntoDeserializer, MapAccess, SeqAccess, Unexpected,
    Visitor,
};
use serde_json::{Map, Value};
use std::fmt;
use validator::Validate;

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

/// Reads a form from parsed JSON and validates it. Answers 422 with all errors.
pub fn read<T: DeserializeOwned + Validate>(value: Value) -> Result<T, Vec<Reason>> {
    let form: T = typed(value).map_err(|it| vec![reason(&it)])?;
    match form.validate() {
        Ok(()) => Ok(form),
        Err(errors) => Err(text::reasons(&errors)),
    }
}

/// Reads parsed JSON as a value of the given type.
pub fn typed<T: DeserializeOwned>(value: Value) -> Result<T, serde_path_to_error::Error<serde_json::Error>> {
    serde_path_to_error::deserialize(Plain(value))
}

/// The message for a date or an instant outside of the supported calendar.
const BEYOND: &str = "a day beyond the calendar";

/// The error as a reason with a code. The messages of serde are not used, because they quote the value.
fn reason(error: &serde_path_to_error::Error<serde_json::Error>) -> Reason {
    let message = error.inner().to_string();
    let quoted = || message.split('`').nth(1).unwrap_or_default().to_owned();
    let (rule, member): (&'static Rule, Option<String>) = if message.starts_with("missing field") {
        (&text::MISSING, Some(quoted()))
    } else if message.starts_with("unknown field") {
        (&text::UNKNOWN, None)
    } else if message.starts_with("unknown variant") {
        (&text::WORD, None)
    } else if message.starts_with("invalid type") {
        (&text::WRONG_TYPE, None)
    } else if message == BEYOND || message.starts_with("invalid value") || message.contains("out of range") {
        (&text::RANGE, None)
    } else {
        (&text::FORMAT, None)
    };
    let mut pointer = String::new();
    for part in error.path().iter() {
        use serde_path_to_error::Segment;
        match part {
            Segment::Seq { index } => pointer.push_str(&format!("/{index}")),
            Segment::Map { key } | Segment::Enum { variant: key } => {
                pointer.push('/');
                pointer.push_str(&key.replace('~', "~0").replace('/', "~1"));
            }
            Segment::Unknown => {}
        }
    }
    if let Some(member) = member {
        pointer.push('/');
        pointer.push_str(&member);
    }
    pointer.truncate(pointer.floor_char_boundary(200));
    let reason = rule.reason().at(pointer);
    if message == BEYOND {
        reason.with("not_before", CALENDAR.0).with("not_after", CALENDAR.1)
    } else {
        reason
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
    fn visit_f64<E>(self, it: f64) -> Result<Value, E> {
        Ok(it.into())
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
struct Plain(Value);

impl IntoDeserializer<'_, serde_json::Error> for Plain {
    type Deserializer = Self;
    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'de> Deserializer<'de> for Plain {
    type Error = serde_json::Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        match self.0 {
            Value::Null => visitor.visit_unit(),
            Value::Bool(it) => visitor.visit_bool(it),
            Value::Number(it) => it.deserialize_any(visitor),
            Value::String(it) => visitor.visit_string(it),
            Value::Array(items) => visitor.visit_seq(SeqDeserializer::new(items.into_iter().map(Plain))),
            Value::Object(members) => visitor.visit_map(MapDeserializer::new(
                members.into_iter().map(|(name, value)| (name, Plain(value))),
            )),
        }
    }
    /// Refuses a date beyond the calendar. Dates and instants ask for a borrowed text, names and notes for an owned
    /// one, so only dates and instants arrive here.
    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        if self.0.as_str().is_some_and(is_beyond_calendar) {
            return Err(serde::de::Error::custom(BEYOND));
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
