//! Calendar months of the region, written as `2026-04`.
use super::moment::{CALENDAR, Moment, Zone};
use super::telling::{Shown, Telling};
use chrono::{Datelike, Days, Months, NaiveDate};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt::Display;
use std::str::FromStr;
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{RefOr, Schema};

/// A calendar month. It is kept as its first day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Month(NaiveDate);

impl Month {
    /// The month of a day.
    pub fn of(day: NaiveDate) -> Self {
        Self(day.with_day(1).unwrap_or(day))
    }
    /// Its first day.
    pub fn first_day(self) -> NaiveDate {
        self.0
    }
    /// Its last day.
    pub fn last_day(self) -> NaiveDate {
        self.next().0.pred_opt().unwrap_or(self.0)
    }
    /// The next month. The same at the end of the calendar.
    #[must_use]
    pub fn next(self) -> Self {
        self.0.checked_add_months(Months::new(1)).map_or(self, Self)
    }
    /// The month that many months before. The same at the beginning of the calendar.
    #[must_use]
    pub fn before(self, months: u32) -> Self {
        self.0.checked_sub_months(Months::new(months)).map_or(self, Self)
    }
    /// Whether the day is one of this month.
    pub fn has(self, day: NaiveDate) -> bool {
        Self::of(day) == self
    }
    /// The day that many days after its last day.
    pub fn days_after(self, days: Days) -> NaiveDate {
        self.last_day().checked_add_days(days).unwrap_or(NaiveDate::MAX)
    }
    /// The instants at which it begins and ends in the zone.
    pub fn instants(self, zone: Zone) -> (Moment, Moment) {
        (zone.dawn(self.0), zone.dawn(self.next().0))
    }
}

impl Display for Month {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.format("%Y-%m").fmt(f)
    }
}
impl FromStr for Month {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let day =
            format!("{text}-01").parse().ok().filter(|it: &NaiveDate| *it >= CALENDAR.0 && *it <= CALENDAR.1);
        day.map(Self).filter(|it| it.to_string() == text).ok_or_else(|| format!("'{text}' is not a month"))
    }
}
impl Serialize for Month {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}
impl<'de> Deserialize<'de> for Month {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?.parse().map_err(serde::de::Error::custom)
    }
}
impl utoipa::PartialSchema for Month {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .min_length(Some(7))
            .max_length(Some(7))
            .pattern(Some("^[0-9]{4}-(0[1-9]|1[0-2])$"))
            .description(Some("A calendar month of the region: year and month."))
            .examples([serde_json::json!("2026-04")])
            .into()
    }
}
impl utoipa::ToSchema for Month {}
impl Telling for Month {
    const SHOWN: Shown = Shown::Plain;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_is_written_in_one_way() {
        let april: Month = "2026-04".parse().unwrap();
        assert_eq!((april.to_string().as_str(), april.first_day().day()), ("2026-04", 1));
        for text in
            ["2026-4", "2026-13", "2026-00", "26-04", "2026-04-01", "1799-12", "2201-01", "", "+026-04"]
        {
            assert!(text.parse::<Month>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_month_of_a_leap_year_ends_on_its_own_last_day() {
        let february: Month = "2028-02".parse().unwrap();
        assert_eq!(february.last_day().to_string(), "2028-02-29");
        assert_eq!(february.days_after(Days::new(5)).to_string(), "2028-03-05");
        assert_eq!(
            (february.next().to_string(), february.before(2).to_string()),
            ("2028-03".into(), "2027-12".into())
        );
    }
}
