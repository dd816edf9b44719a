//! Windows of lists, and what a region is.
use chrono::{Days, NaiveDate};
use domain::base::moment::Zone;
use domain::base::text::Oktmo;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Where a page begins and how long it may be.
#[derive(Debug, Clone)]
pub struct Window {
    /// The last item of the page before, none for the first page.
    pub after: Option<Place>,
    /// Items at most, 1..=200.
    pub limit: i64,
}

impl Window {
    /// One more than is shown, to know whether there is a next page.
    pub(crate) fn fetch(&self) -> i64 {
        self.limit + 1
    }
    /// The id after which to go on, in lists ordered by id alone.
    pub(crate) fn after_id(&self) -> Option<Uuid> {
        self.after.as_ref().map(|it| it.id)
    }
    /// Turns what was fetched into a page.
    pub(crate) fn page<T>(&self, mut rows: Vec<T>, place: impl Fn(&T) -> Place) -> Page<T> {
        let limit = usize::try_from(self.limit).unwrap_or(0);
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = rows.last().filter(|_| more).map(place);
        Page { items: rows, next }
    }
}

/// The place of an item in its list: what the list is ordered by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The text ordered by, in lists that are ordered by text first.
    #[serde(rename = "t", default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// The id, by which every order ends.
    #[serde(rename = "i")]
    pub id: Uuid,
}

impl Place {
    /// The place of an item in a list ordered by id.
    pub fn id(id: impl Into<Uuid>) -> Self {
        Self { text: None, id: id.into() }
    }
}

/// One page of a list.
#[derive(Debug)]
pub struct Page<T> {
    /// The items.
    pub items: Vec<T>,
    /// Where the next page begins, if there is one.
    pub next: Option<Place>,
}

/// `#[serde(default, with = "crate::engine::page::plain")]`: a number or a truth value as a filter, which stands in an address as text.
pub(crate) mod plain {
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};
    use std::fmt::Display;
    use std::str::FromStr;

    #[expect(clippy::ref_option, reason = "serde calls it so")]
    pub(crate) fn serialize<T: Display, S: Serializer>(it: &Option<T>, to: S) -> Result<S::Ok, S::Error> {
        match it {
            Some(it) => to.collect_str(it),
            None => to.serialize_none(),
        }
    }
    pub(crate) fn deserialize<'de, T, D>(from: D) -> Result<Option<T>, D::Error>
    where
        T: FromStr,
        D: Deserializer<'de>,
    {
        let text = String::deserialize(from)?;
        text.parse().map(Some).map_err(|_| D::Error::custom("not such a value"))
    }
}

/// So many days ahead of today, 1 to 365.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DaysAhead(u16);

impl DaysAhead {
    /// The last of those days.
    pub(crate) fn after(self, today: NaiveDate) -> NaiveDate {
        today.checked_add_days(Days::new(self.0.into())).unwrap_or(NaiveDate::MAX)
    }
}
impl std::str::FromStr for DaysAhead {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let days = text.parse().ok().filter(|it| (1..=365).contains(it));
        days.map(Self).ok_or_else(|| "1 to 365 days".to_owned())
    }
}
impl std::fmt::Display for DaysAhead {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// What a region is.
#[derive(Debug, Clone)]
pub struct RegionInfo {
    /// Its code in tokens, keys and addresses: a small Latin letter, then letters, digits, underscores, 2..=30.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Its ОКТМО.
    pub territory: Oktmo,
    /// Its time zone; a deadline is a day of this zone.
    pub zone: Zone,
}

impl RegionInfo {
    /// Whether that may be the code of a region: it becomes a file's and a schema's name.
    pub fn is_code(code: &str) -> bool {
        let known = |it: char| it.is_ascii_lowercase() || it.is_ascii_digit() || it == '_';
        (2..=30).contains(&code.len())
            && code.starts_with(|it: char| it.is_ascii_lowercase())
            && code.chars().all(known)
    }
    /// A region of which only the code is known yet.
    pub(crate) fn unknown(code: &str) -> Self {
        Self {
            code: code.to_owned(),
            name: String::new(),
            territory: String::new().into(),
            zone: Zone::utc(),
        }
    }
}
