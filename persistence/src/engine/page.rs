//! Pages of lists, and the description of a region.
use chrono::{Days, NaiveDate};
use domain::base::moment::Zone;
use domain::base::text::Oktmo;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The window of a page: its beginning and its length.
#[derive(Debug, Clone)]
pub struct Window {
    /// The last item of the previous page; none for the first page.
    pub after: Option<Place>,
    /// The number of items at most, 1..=200.
    pub limit: i64,
}

impl Window {
    /// The number of rows to fetch: one more than the page has, to know whether a next page exists.
    pub(crate) fn fetch(&self) -> i64 {
        self.limit + 1
    }
    /// Whether so many rows are as many as are fetched, so that more may follow.
    pub(crate) fn is_full(&self, rows: usize) -> bool {
        usize::try_from(self.fetch()).is_ok_and(|it| rows >= it)
    }
    /// The id after which the page begins, in lists ordered by id alone.
    pub(crate) fn after_id(&self) -> Option<Uuid> {
        self.after.as_ref().map(|it| it.id)
    }
    /// The value and the id after which the page begins, in lists ordered by a value first.
    pub(crate) fn beyond<K: std::str::FromStr, I: From<Uuid>>(&self) -> Option<(K, I)> {
        let place = self.after.as_ref()?;
        Some((place.text.as_ref()?.parse().ok()?, place.id.into()))
    }
    /// The first rows of several lists that were fetched in the same order.
    pub(crate) fn first_of<T, K: Ord>(
        &self,
        mut rows: Vec<T>,
        is_rising: bool,
        key: impl Fn(&T) -> K,
    ) -> Vec<T> {
        rows.sort_by(|one, other| match is_rising {
            true => key(one).cmp(&key(other)),
            false => key(other).cmp(&key(one)),
        });
        rows.truncate(usize::try_from(self.fetch()).unwrap_or(0));
        rows
    }
    /// Makes a page of the fetched rows.
    pub(crate) fn page<T>(&self, mut rows: Vec<T>, place: impl Fn(&T) -> Place) -> Page<T> {
        let limit = usize::try_from(self.limit).unwrap_or(0);
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = rows.last().filter(|_| more).map(place);
        Page { items: rows, next }
    }
}

/// The place of an item in its list: the values by which the list is ordered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The text, in lists that are ordered by text first.
    #[serde(rename = "t", default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// The id, which is the last value of every order.
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
    /// The items of the page.
    pub items: Vec<T>,
    /// The place after which the next page begins, if there is one.
    pub next: Option<Place>,
}

/// A number of days ahead of today, 1 to 365.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DaysAhead(u16);

impl DaysAhead {
    /// The last of those days, counted from today.
    pub(crate) fn last_day(self, today: NaiveDate) -> NaiveDate {
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

/// The description of a region.
#[derive(Debug, Clone)]
pub struct RegionInfo {
    /// The code of the region in tokens, keys and addresses. It has 2 to 30 characters: a small Latin letter, then
    /// letters, digits or underscores.
    pub code: String,
    /// The name of the region.
    pub name: String,
    /// The ОКТМО code of the region.
    pub territory: Oktmo,
    /// The time zone of the region. A deadline is a day of this zone.
    pub zone: Zone,
}

impl RegionInfo {
    /// Whether the text may be the code of a region. The code becomes the name of a file or a schema.
    pub fn is_code(code: &str) -> bool {
        let known = |it: char| it.is_ascii_lowercase() || it.is_ascii_digit() || it == '_';
        (2..=30).contains(&code.len())
            && code.starts_with(|it: char| it.is_ascii_lowercase())
            && code.chars().all(known)
    }
    /// The description of a region of which only the code is known yet.
    pub(crate) fn unknown(code: &str) -> Self {
        Self {
            code: code.to_owned(),
            name: String::new(),
            territory: String::new().into(),
            zone: Zone::utc(),
        }
    }
}
