//! The telling of facts: each kind of fact has a sentence in both languages, and each of its details a way to be shown.
//!
//! A sentence is whole without its details: a part that names one stands in brackets, as in `Встреча состоялась[, № {number}]`, and
//! is left out where the detail is missing or not shown to the reader. So the sentence without its brackets is the label of the
//! kind.

use crate::base::moment::{Moment, Zone};
use crate::base::text::{Code, Oktmo};
use chrono::NaiveDate;
use serde_json::{Map, Value};
use std::fmt::Write as _;
use uuid::Uuid;

/// A text in both languages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InWords {
    /// In Russian.
    pub ru: String,
    /// In English.
    pub en: String,
}

/// A word with its labels.
#[derive(Debug, Clone, Copy)]
pub struct Labels(pub &'static str, pub &'static str);

/// The way in which the value of a detail is shown.
#[derive(Debug, Clone, Copy)]
pub enum Shown {
    /// As it is written: a number, a code.
    Plain,
    /// A day.
    Day,
    /// An instant, in the zone of the region.
    Moment,
    /// Yes or no.
    Flag,
    /// A word of a vocabulary.
    Word(fn(&str) -> Option<Labels>),
    /// The name of the row with an id of this type, where the row has one and the reader may see it.
    Id(&'static str),
}

/// A type whose values are details of facts.
pub trait Telling {
    /// The way in which its values are shown.
    const SHOWN: Shown;
}

impl<T: Telling> Telling for Option<T> {
    const SHOWN: Shown = T::SHOWN;
}
impl<T: Telling> Telling for Vec<T> {
    const SHOWN: Shown = T::SHOWN;
}

macro_rules! shown {
    ($($type:ty => $shown:ident;)+) => {$(
        impl Telling for $type {
            const SHOWN: Shown = Shown::$shown;
        }
    )+};
}
shown! {
    i32 => Plain;
    i64 => Plain;
    usize => Plain;
    String => Plain;
    Code => Plain;
    Oktmo => Plain;
    bool => Flag;
    NaiveDate => Day;
    Moment => Moment;
}

impl Telling for Uuid {
    const SHOWN: Shown = Shown::Id("");
}

/// A name of a detail or of a member of a form, with its labels. `named` lists them.
#[derive(Debug)]
pub struct Named {
    /// The name, as facts and forms have it.
    pub code: &'static str,
    /// The label in Russian.
    pub ru: &'static str,
    /// The label in English.
    pub en: &'static str,
}

/// A detail of a kind of fact.
#[derive(Debug, Clone, Copy)]
pub struct Detail {
    /// Its name, with its labels.
    pub named: &'static Named,
    /// The way in which it is shown.
    pub shown: Shown,
}

/// A kind of fact, as histories tell it.
#[derive(Debug, Clone, Copy)]
pub struct Told {
    /// The stable name, such as `mentorship.terminated`.
    pub kind: &'static str,
    /// The sentence in Russian.
    pub ru: &'static str,
    /// The sentence in English.
    pub en: &'static str,
    /// The details of the fact.
    pub details: &'static [Detail],
}

/// The reader of a history: the zone, and the names of other rows that the reader may know.
pub struct Reader<'a> {
    /// The zone of instants.
    pub zone: Zone,
    /// The name of the row with an id of that type, if the reader may see the row.
    pub name_of: &'a dyn Fn(&str, Uuid) -> Option<String>,
    /// The labels of a member of a form.
    pub member: &'a dyn Fn(&str) -> Option<Labels>,
}

impl Told {
    /// The way in which a detail is shown; as it is written, if the kind does not know it.
    pub fn shown(&self, name: &str) -> Shown {
        self.details.iter().find(|it| it.named.code == name).map_or(Shown::Plain, |it| it.shown)
    }
    /// The labels of the kind: its sentences without their details.
    pub fn label(&self) -> InWords {
        let nothing = |_: &str| None;
        InWords { ru: filled(self.ru, nothing), en: filled(self.en, nothing) }
    }
    /// The sentences about a fact with these details.
    pub fn sentence(&self, body: &Map<String, Value>, reader: &Reader<'_>) -> InWords {
        let words = |name: &str| in_words(name, body.get(name)?, self.shown(name), reader);
        InWords {
            ru: filled(self.ru, |name| words(name).map(|it| it.ru)) + ".",
            en: filled(self.en, |name| words(name).map(|it| it.en)) + ".",
        }
    }
}

/// The value of a detail in words. Nothing, if it has no value, or none that the reader may see.
pub fn in_words(name: &str, value: &Value, shown: Shown, reader: &Reader<'_>) -> Option<InWords> {
    let Value::Array(items) = value else { return one_in_words(name, value, shown, reader) };
    let all: Vec<InWords> = items.iter().filter_map(|it| one_in_words(name, it, shown, reader)).collect();
    let joined = |of: fn(&InWords) -> &str| all.iter().map(of).collect::<Vec<_>>().join(", ");
    (!all.is_empty()).then(|| InWords { ru: joined(|it| &it.ru), en: joined(|it| &it.en) })
}

fn one_in_words(name: &str, value: &Value, shown: Shown, reader: &Reader<'_>) -> Option<InWords> {
    let same = |it: String| InWords { ru: it.clone(), en: it };
    let labels = |it: Labels| InWords { ru: it.0.to_owned(), en: it.1.to_owned() };
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Bool(true) => return Some(labels(Labels("да", "yes"))),
        Value::Bool(false) => return Some(labels(Labels("нет", "no"))),
        Value::Null | Value::Array(_) | Value::Object(_) => return None,
    };
    match shown {
        Shown::Plain if name == "fields" => Some((reader.member)(&text).map_or_else(|| same(text), labels)),
        Shown::Plain | Shown::Flag => Some(same(text)),
        Shown::Day => {
            let day: NaiveDate = text.parse().ok()?;
            Some(InWords { ru: day.format("%d.%m.%Y").to_string(), en: day.to_string() })
        }
        Shown::Moment => {
            let at: Moment = serde_json::from_value(value.clone()).ok()?;
            Some(InWords {
                ru: reader.zone.written(at, "%d.%m.%Y %H:%M"),
                en: reader.zone.written(at, "%Y-%m-%d %H:%M"),
            })
        }
        Shown::Word(labels_of) => Some(labels_of(&text).map_or_else(|| same(text), labels)),
        Shown::Id(of_type) => (reader.name_of)(of_type, text.parse().ok()?).map(same),
    }
}

/// A sentence with its details. A part in brackets is left out if a detail in it is missing.
fn filled(sentence: &str, value: impl Fn(&str) -> Option<String>) -> String {
    let mut text = String::new();
    for (index, part) in sentence.split(['[', ']']).enumerate() {
        if index % 2 == 0 {
            text.push_str(part);
        } else if let Some(told) = replaced(part, &value) {
            let _ = write!(text, "{told}");
        }
    }
    text
}

/// A part of a sentence with its details, if none of them is missing.
fn replaced(part: &str, value: impl Fn(&str) -> Option<String>) -> Option<String> {
    let mut text = String::new();
    for (index, piece) in part.split(['{', '}']).enumerate() {
        if index % 2 == 0 {
            text.push_str(piece);
        } else {
            text.push_str(&value(piece)?);
        }
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::named;
    use proptest::prelude::*;
    use serde_json::json;

    const HELD: Told = Told {
        kind: "test.held",
        ru: "Встреча состоялась[ {held_on}][, наставник: {mentor_id}][, изменено: {fields}]",
        en: "A meeting was held[ on {held_on}][, mentor: {mentor_id}][, changed: {fields}]",
        details: &[
            Detail { named: &named::held_on, shown: Shown::Day },
            Detail { named: &named::mentor_id, shown: Shown::Id("MentorId") },
            Detail { named: &named::fields, shown: Shown::Plain },
        ],
    };

    fn told(body: &Value, name: Option<&str>) -> InWords {
        let name_of = |of: &str, _: Uuid| name.filter(|_| of == "MentorId").map(str::to_owned);
        let member = |it: &str| (it == "topic").then_some(Labels("тема", "topic"));
        let reader = Reader { zone: Zone::utc(), name_of: &name_of, member: &member };
        HELD.sentence(body.as_object().expect("an object"), &reader)
    }

    #[test]
    fn a_sentence_leaves_out_what_is_missing_or_not_the_readers_to_know() {
        let body = json!({"held_on": "2026-03-14", "mentor_id": Uuid::nil(), "fields": ["topic", "place"]});
        let whole = told(&body, Some("Белов Пётр"));
        assert_eq!(whole.ru, "Встреча состоялась 14.03.2026, наставник: Белов Пётр, изменено: тема, place.");
        assert_eq!(whole.en, "A meeting was held on 2026-03-14, mentor: Белов Пётр, changed: topic, place.");
        assert_eq!(told(&body, None).en, "A meeting was held on 2026-03-14, changed: topic, place.");
        assert_eq!(told(&json!({}), Some("Белов Пётр")).ru, "Встреча состоялась.");
        assert_eq!(
            HELD.label(),
            InWords { ru: "Встреча состоялась".into(), en: "A meeting was held".into() }
        );
    }

    proptest! {
        #[test]
        fn whatever_a_fact_holds_its_sentence_is_whole(day in "\\PC{0,12}", id in "\\PC{0,40}", fields in proptest::collection::vec("[a-z_]{0,8}", 0..4)) {
            let told = told(&json!({"held_on": day, "mentor_id": id, "fields": fields}), Some("Белов"));
            for text in [told.ru, told.en] {
                prop_assert!(text.ends_with('.') && !text.contains(['[', ']', '{', '}']), "{}", text);
            }
        }
    }
}
