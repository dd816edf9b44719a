//! Time for the rules. Nothing here reads a clock: each function gets the instant as an argument.
use chrono::{
    DateTime, Datelike, Months, NaiveDate, NaiveTime, Offset, SubsecRound, TimeDelta, TimeZone, Utc,
};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::str::FromStr;
use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, SchemaFormat, Type};
use utoipa::openapi::{RefOr, Schema};

/// An instant in UTC, written as RFC 3339 with `Z`. Its precision is one microsecond, as in PostgreSQL.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Moment(DateTime<Utc>);

impl Moment {
    /// The instant `micros` microseconds after 1970-01-01T00:00:00Z. `None` if it is outside the calendar.
    pub fn from_micros(micros: i64) -> Option<Self> {
        DateTime::from_timestamp_micros(micros).map(Self)
    }
    /// Microseconds since 1970-01-01T00:00:00Z.
    pub fn micros(self) -> i64 {
        self.0.timestamp_micros()
    }
    /// Whole seconds since 1970-01-01T00:00:00Z, the unit of time in tokens.
    pub fn seconds(self) -> i64 {
        self.0.timestamp()
    }
    /// The instant moved by `by`, into the past if `by` is negative. The same instant if the result is outside the calendar.
    #[must_use]
    pub fn plus(self, by: TimeDelta) -> Self {
        self.0.checked_add_signed(by).map_or(self, Self)
    }
    /// The time since `earlier`. It is negative if `earlier` is later than this instant.
    pub fn since(self, earlier: Self) -> TimeDelta {
        self.0 - earlier.0
    }
}

impl From<DateTime<Utc>> for Moment {
    fn from(it: DateTime<Utc>) -> Self {
        Self(it.trunc_subsecs(6))
    }
}
impl std::fmt::Display for Moment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true).fmt(f)
    }
}
impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}
impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        DateTime::<Utc>::deserialize(from).map(Self::from)
    }
}
impl utoipa::PartialSchema for Moment {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime)))
            .description(Some("Instant, RFC 3339, to the microsecond. Answers are in UTC with `Z`. A request may have any offset, as in `2026-03-01T12:30:00+03:00`, and `t` and `z` in small letters. There are no leap seconds."))
            .examples([serde_json::json!("2026-03-01T09:30:00Z")])
            .into()
    }
}
impl utoipa::ToSchema for Moment {}

/// A time zone with its IANA name. Offsets are never stored, because Russian regions have changed theirs five times since 2014.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Zone(chrono_tz::Tz);

impl Zone {
    /// The UTC zone.
    pub fn utc() -> Self {
        Self(chrono_tz::Tz::UTC)
    }
    /// The local calendar day at the instant; a rule gets it as «today». The UTC day if the local one is outside the calendar.
    pub fn day(self, at: Moment) -> NaiveDate {
        let there = at.0.naive_utc();
        let offset = self.0.offset_from_utc_datetime(&there).fix();
        there.checked_add_offset(offset).map_or(there.date(), |it| it.date())
    }
    /// The moment at which the local calendar day begins; of a day without a midnight, its first hour that exists.
    pub fn dawn(self, day: NaiveDate) -> Moment {
        let midnight = day.and_time(NaiveTime::MIN);
        let hours = (0..=3).filter_map(|it| midnight.checked_add_signed(TimeDelta::hours(it)));
        let mut there = hours.filter_map(|it| self.0.from_local_datetime(&it).earliest());
        there.next().map_or_else(|| midnight.and_utc(), |it| it.to_utc()).into()
    }
    /// The instant by the clocks of the zone, written in this format of chrono.
    pub fn written(self, at: Moment, format: &str) -> String {
        at.0.with_timezone(&self.0).format(format).to_string()
    }
    /// The IANA name, such as `Europe/Kirov`.
    pub fn name(self) -> &'static str {
        self.0.name()
    }
}
impl FromStr for Zone {
    type Err = String;
    fn from_str(name: &str) -> Result<Self, String> {
        name.parse().map(Self).map_err(|_| format!("'{name}' is not an IANA time zone"))
    }
}

/// The first and the last day that a request may contain. Outside this range, dates as text sort differently from days, and
/// some engines cannot store them. Rules have their own, narrower limits, such as the oldest possible birth date.
pub const CALENDAR: (NaiveDate, NaiveDate) =
    match (NaiveDate::from_yo_opt(1800, 1), NaiveDate::from_yo_opt(2200, 365)) {
        (Some(first), Some(last)) => (first, last),
        _ => (NaiveDate::MIN, NaiveDate::MAX),
    };

/// Age in full years on a day. A person born on 29 February becomes a year older on 1 March of a common year.
pub fn age_years(born: NaiveDate, on: NaiveDate) -> i32 {
    on.year() - born.year() - i32::from((on.month(), on.day()) < (born.month(), born.day()))
}

/// The day on which somebody turns an age in full years. A person born on 29 February does on 1 March of a common year.
pub fn birthday(born: NaiveDate, years: i32) -> NaiveDate {
    let year = born.year().saturating_add(years);
    born.with_year(year).or_else(|| NaiveDate::from_ymd_opt(year, 3, 1)).unwrap_or(NaiveDate::MAX)
}

/// The latest day of birth of those who have turned an age by a day. Somebody born later turns it after that day.
pub fn born_by(day: NaiveDate, years: i32) -> NaiveDate {
    let year = day.year().saturating_sub(years);
    day.with_year(year).or_else(|| NaiveDate::from_ymd_opt(year, 2, 28)).unwrap_or(NaiveDate::MIN)
}

/// The same day of the month after `months` months, or the last day of that month if it is shorter. A negative number counts as
/// 0.
pub fn plus_months(day: NaiveDate, months: i32) -> NaiveDate {
    day.checked_add_months(Months::new(u32::try_from(months).unwrap_or(0))).unwrap_or(NaiveDate::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_leap_day_child_turns_fifteen_on_the_first_of_march() {
        assert_eq!(age_years(day("2008-02-29"), day("2023-02-28")), 14);
        assert_eq!(age_years(day("2008-02-29"), day("2023-03-01")), 15);
    }

    #[test]
    fn today_is_a_day_of_the_region_not_of_greenwich() {
        let late: DateTime<Utc> = "2026-03-01T20:30:00Z".parse().unwrap();
        assert_eq!(Zone::from_str("Asia/Yakutsk").unwrap().day(late.into()), day("2026-03-02"));
        assert_eq!(Zone::from_str("Europe/Kaliningrad").unwrap().day(late.into()), day("2026-03-01"));
    }

    #[test]
    fn no_instant_is_beyond_telling_its_day() {
        for at in [DateTime::<Utc>::MAX_UTC, DateTime::<Utc>::MIN_UTC] {
            for zone in ["Asia/Kamchatka", "America/New_York"] {
                assert_eq!(Zone::from_str(zone).unwrap().day(at.into()), at.date_naive());
            }
        }
    }

    proptest! {
        #[test]
        fn a_birthday_is_the_first_day_of_its_age(born in -20_000i64..20_000, years in 0i32..100) {
            let born = day("2000-01-01") + TimeDelta::days(born);
            let on = birthday(born, years);
            prop_assert_eq!((age_years(born, on), age_years(born, on.pred_opt().unwrap())), (years, years - 1));
        }

        #[test]
        fn those_born_by_a_day_are_those_who_have_turned_the_age(born in -200i64..200, on in -200i64..200, years in 1i32..100) {
            // Around a leap day, and around the day years later.
            let at = |year: i32, days: i64| NaiveDate::from_ymd_opt(year, 2, 29).unwrap_or(NaiveDate::from_ymd_opt(year, 3, 1).unwrap()) + TimeDelta::days(days);
            let (born, on) = (at(2000, born), at(2000 + years, on));
            prop_assert_eq!(born <= born_by(on, years), birthday(born, years) <= on);
        }

        #[test]
        fn nobody_grows_younger(born in 0i64..40_000, on in 0i64..40_000, later in 0i64..4_000) {
            let at = |days: i64| day("1950-01-01") + TimeDelta::days(days);
            prop_assert!(age_years(at(born), at(on)) <= age_years(at(born), at(on + later)));
        }
    }
}
