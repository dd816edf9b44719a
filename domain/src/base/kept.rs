//! Kept values: how a type stands in a column of an entry. Storage reads and writes these few kinds only.
use crate::base::moment::Moment;
use chrono::NaiveDate;
use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

/// The type of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnKind {
    /// An id.
    Uuid,
    /// A text or a word.
    Text,
    /// A number of 32 bits.
    Integer,
    /// A number of 64 bits.
    Long,
    /// A truth value.
    Bool,
    /// A day.
    Day,
    /// An instant.
    Moment,
    /// A structure or a list.
    Json,
}

/// The value of a column.
#[derive(Debug, Clone, PartialEq)]
#[expect(
    missing_docs,
    reason = "each is the value of the column kind of its name; a structure is its text of JSON"
)]
pub enum Value {
    Uuid(Option<Uuid>),
    Text(Option<String>),
    Integer(Option<i32>),
    Long(Option<i64>),
    Bool(Option<bool>),
    Day(Option<NaiveDate>),
    Moment(Option<Moment>),
    Json(String),
}

/// A type that stands in a column of an entry.
pub trait Kept: Sized {
    /// The type of the column.
    const KIND: ColumnKind;
    /// The value where there is none.
    const NONE: Value;
    /// The value of the column.
    fn value(&self) -> Value;
    /// The value of that type, where there is one. Another type of column is an error of the program.
    fn read(value: Value) -> Result<Option<Self>, String>;
    /// The same for a member that must be there.
    fn of(name: &str, value: Option<Value>) -> Result<Self, String> {
        let read = value.map(Self::read).transpose()?;
        read.flatten().ok_or_else(|| format!("the column '{name}' is empty"))
    }
}

impl<T: Kept> Kept for Option<T> {
    const KIND: ColumnKind = T::KIND;
    const NONE: Value = T::NONE;
    fn value(&self) -> Value {
        self.as_ref().map_or(T::NONE, T::value)
    }
    fn read(value: Value) -> Result<Option<Self>, String> {
        T::read(value).map(Some)
    }
}

/// `kept! { Text: Title => as_text, of_text; }`: a type by its way into the value of a column, and back.
macro_rules! kept {
    ($($(<$generic:ident>)? $kind:ident: $type:ty => $into:expr, $back:expr;)+) => {$(
        impl $crate::base::kept::Kept for $type {
            const KIND: $crate::base::kept::ColumnKind = $crate::base::kept::ColumnKind::$kind;
            const NONE: $crate::base::kept::Value = $crate::base::kept::Value::$kind(None);
            fn value(&self) -> $crate::base::kept::Value {
                let into: fn(&$type) -> _ = $into;
                $crate::base::kept::Value::$kind(Some(into(self)))
            }
            fn read(value: $crate::base::kept::Value) -> Result<Option<Self>, String> {
                match value {
                    $crate::base::kept::Value::$kind(it) => it.map($back).transpose(),
                    other => Err(format!("{other:?} is not {}", stringify!($kind))),
                }
            }
        }
    )+};
}
pub(crate) use kept;

/// A fraction is kept in millionths: both engines compare whole numbers alike.
const MILLION: f64 = 1_000_000.0;

#[expect(
    clippy::as_conversions,
    reason = "no other way leads from a fraction to a whole number; it is rounded and saturates"
)]
fn millionths(it: &f64) -> i64 {
    (it * MILLION).round() as i64
}
#[expect(
    clippy::as_conversions,
    reason = "a member has bounds, and up to 2^53 millionths the fraction is exact"
)]
fn of_millionths(it: i64) -> Result<f64, String> {
    Ok(it as f64 / MILLION)
}

kept! {
    Long: f64 => millionths, of_millionths;
    Integer: i32 => |it| *it, Ok;
    Long: i64 => |it| *it, Ok;
    Bool: bool => |it| *it, Ok;
    Day: NaiveDate => |it| *it, Ok;
    Moment: Moment => |it| *it, Ok;
}

/// The value of a structure or a list.
pub fn json<T: Serialize>(it: &T) -> Value {
    Value::Json(serde_json::to_string(it).unwrap_or_else(|_| "null".to_owned()))
}

/// The value of a structure or a list that is sealed: its text of JSON.
pub fn text_of_json<T: Serialize>(it: &T) -> Value {
    match json(it) {
        Value::Json(text) => Value::Text(Some(text)),
        other => other,
    }
}

/// The structure or the list behind a value.
pub fn of_json<T: DeserializeOwned>(name: &str, value: Option<Value>) -> Result<T, String> {
    match value {
        Some(Value::Json(it) | Value::Text(Some(it))) => {
            serde_json::from_str(&it).map_err(|it| format!("the column '{name}': {it}"))
        }
        other => Err(format!("the column '{name}' holds {other:?}")),
    }
}
