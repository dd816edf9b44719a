//! Written: days, instants and ids as text, exactly as the contract says. The types themselves read more than that.
use crate::base::moment::CALENDAR;
use crate::base::refusal::Reason;
use crate::base::text::{FORMAT, RANGE};
use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

/// The ways to write a value that has a format in the contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Written {
    /// `YYYY-MM-DD`.
    Day,
    /// RFC 3339, without leap seconds: `2026-03-01T09:30:00Z`, `2026-03-01t12:30:00.5+03:00`.
    Instant,
    /// A UUID with its four hyphens.
    Id,
}

impl Written {
    /// Every way.
    pub const ALL: [Self; 3] = [Self::Day, Self::Instant, Self::Id];

    /// The way of a format of the contract.
    pub fn of_format(format: &str) -> Option<Self> {
        match format {
            "date" => Some(Self::Day),
            "date-time" => Some(Self::Instant),
            "uuid" => Some(Self::Id),
            _ => None,
        }
    }
    /// A value that is written so.
    pub fn example(self) -> &'static str {
        match self {
            Self::Day => "2000-01-01",
            Self::Instant => "2000-01-01T00:00:00Z",
            Self::Id => "00000000-0000-7000-8000-000000000000",
        }
    }
    /// The reason against a text: not written so, no such day, or beyond the calendar.
    pub fn against(self, text: &str) -> Option<Reason> {
        if !self.is_written(text) || !self.is_read(text) {
            return Some(FORMAT.reason());
        }
        let day = self.day(text)?;
        let is_beyond = day < CALENDAR.0 || day > CALENDAR.1;
        is_beyond.then(|| RANGE.reason().with("not_before", CALENDAR.0).with("not_after", CALENDAR.1))
    }
    /// Whether the type reads a text that is refused here.
    pub fn is_loose(self, text: &str) -> bool {
        self.is_read(text) && self.against(text).is_some()
    }

    fn is_read(self, text: &str) -> bool {
        match self {
            Self::Day | Self::Instant => self.day(text).is_some(),
            Self::Id => Uuid::try_parse(text).is_ok(),
        }
    }
    fn day(self, text: &str) -> Option<NaiveDate> {
        match self {
            Self::Day => text.parse().ok(),
            Self::Instant => text.parse::<DateTime<Utc>>().ok().map(|it| it.naive_utc().date()),
            Self::Id => None,
        }
    }
    fn is_written(self, text: &str) -> bool {
        match self {
            Self::Day => is_like(text, "0000-00-00"),
            Self::Instant => is_instant(text),
            Self::Id => text.len() == 36,
        }
    }
}

/// The id that is written so.
pub(crate) fn id(text: &str) -> Option<Uuid> {
    Uuid::try_parse(text).ok().filter(|_| Written::Id.is_written(text))
}

/// Whether the text has a digit for each `0` of the pattern, and the same character everywhere else.
fn is_like(text: &str, pattern: &str) -> bool {
    text.len() == pattern.len()
        && text.bytes().zip(pattern.bytes()).all(|(it, like)| match like {
            b'0' => it.is_ascii_digit(),
            other => it.eq_ignore_ascii_case(&other),
        })
}

/// RFC 3339 reads `t` and `z` like `T` and `Z`. A leap second is refused: rows keep no instant for it.
fn is_instant(text: &str) -> bool {
    let Some((whole, rest)) = text.split_at_checked(19) else { return false };
    let digits = rest
        .strip_prefix('.')
        .map(|it| it.len() - it.trim_start_matches(|it: char| it.is_ascii_digit()).len());
    let rest = match digits {
        Some(0) => return false,
        Some(some) => rest.get(some + 1..).unwrap_or_default(),
        None => rest,
    };
    let is_zone = rest.eq_ignore_ascii_case("z") || is_like(rest, "+00:00") || is_like(rest, "-00:00");
    is_like(whole, "0000-00-00T00:00:00") && !whole.ends_with("60") && is_zone
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_written_in_one_way() {
        for day in ["1987-05-04", "2024-02-29", "1800-01-01", "2200-12-31"] {
            assert_eq!(Written::Day.against(day), None, "{day}");
        }
        for other in [
            "+1987- 5- 4 ",
            "+1987-05-04",
            "-1987-05-04",
            "1987-5-4",
            " 1987-05-04",
            "1987-05-04 ",
            "87-05-04",
            "01987-05-04",
            "1987/05/04",
            "19870504",
            "1987-02-30",
            "1987-13-01",
            "2023-02-29",
            "1987-05-04T00:00:00Z",
            "٢٠٢٦-٠٣-٠١",
            "",
        ] {
            assert_eq!(Written::Day.against(other).map(|it| it.rule.code), Some("field.format"), "{other}");
        }
    }

    #[test]
    fn an_instant_is_written_by_rfc_3339() {
        for at in [
            "2026-03-01T09:30:00Z",
            "2026-03-01t09:30:00z",
            "2026-03-01T09:30:00.5Z",
            "2026-03-01T09:30:00.123456789Z",
            "2026-03-01T09:30:00+03:00",
            "2026-03-01T09:30:00-00:00",
        ] {
            assert_eq!(Written::Instant.against(at), None, "{at}");
        }
        for other in [
            "2026-03-01 09:30:00Z",
            "2026-03-01T09:30Z",
            "2026-03-01T09:30:00",
            "2026-03-01T09:30:00.Z",
            "2026-03-01T09:30:00+0300",
            "2026-03-01T09:30:00+3:00",
            "2026-03-01T24:00:00Z",
            "2026-12-31T23:59:60Z",
            "+2026-03-01T09:30:00Z",
            "2026-3-1T09:30:00Z",
            "2026-03-01T09:30:00 Z",
            "2026-03-01T09:30:00UTC",
            "2026-03-01T09:30:00,5Z",
            "2026-03-01",
            "2026-03-01T9:30:00Z",
            "2026-02-30T09:30:00Z",
            "2026-03-01T09:30:00+24:00",
            "2026-03-01T09:30:00+23:60",
        ] {
            assert_eq!(
                Written::Instant.against(other).map(|it| it.rule.code),
                Some("field.format"),
                "{other}"
            );
        }
    }

    #[test]
    fn an_id_has_its_hyphens() {
        assert_eq!(Written::Id.against("01980000-0000-7000-8000-00000000000A"), None);
        for other in [
            "01980000000070008000000000000001",
            "{01980000-0000-7000-8000-000000000001}",
            "urn:uuid:01980000-0000-7000-8000-000000000001",
            "01980000-0000-7000-8000-00000000000g",
            "",
        ] {
            assert!(Written::Id.against(other).is_some(), "{other}");
        }
    }

    #[test]
    fn the_calendar_begins_and_ends() {
        for beyond in ["0001-01-01", "1799-12-31", "2201-01-01"] {
            assert_eq!(Written::Day.against(beyond).map(|it| it.rule.code), Some("field.range"), "{beyond}");
            let at = format!("{beyond}T00:00:00Z");
            assert_eq!(Written::Instant.against(&at).map(|it| it.rule.code), Some("field.range"), "{at}");
        }
    }
}
