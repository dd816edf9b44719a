//! Regularity of meetings: the last meeting of a pair, and the deadline of the next one by the edition.
//!
//! A long absence is a ground to replace the mentor (002 §3.10.3). The deadline is shorter, so that the institution notices
//! earlier.
use chrono::{Days, NaiveDate};

/// The last meeting of a pair and the deadline of the next one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Regularity {
    /// The day of the last held meeting. `None` before the first one.
    pub last_on: Option<NaiveDate>,
    /// The deadline of the next meeting.
    pub due_on: NaiveDate,
}

impl Regularity {
    /// The regularity at the beginning of a mentorship: the first meeting is due `deadline_days` after the first day.
    pub fn begin(starts_on: NaiveDate, deadline_days: i32) -> Self {
        Self { last_on: None, due_on: later(starts_on, deadline_days) }
    }
    /// The regularity after a meeting. A meeting recorded late does not move the dates back.
    #[must_use]
    pub fn meet(self, on: NaiveDate, deadline_days: i32) -> Self {
        Self { last_on: self.last_on.max(Some(on)), ..self.resume(on, deadline_days) }
    }
    /// The regularity after a pause. The deadline counts from its end, because no meetings were due during the pause.
    #[must_use]
    pub fn resume(self, on: NaiveDate, deadline_days: i32) -> Self {
        Self { due_on: self.due_on.max(later(on, deadline_days)), ..self }
    }
    /// Days since the last meeting, or since the first day if there was no meeting.
    pub fn silent_days(&self, starts_on: NaiveDate, today: NaiveDate) -> i64 {
        let since = self.last_on.unwrap_or(starts_on);
        today.signed_duration_since(since).num_days().max(0)
    }
}

fn later(day: NaiveDate, days: i32) -> NaiveDate {
    let days = Days::new(u64::try_from(days).unwrap_or_default());
    day.checked_add_days(days).unwrap_or(NaiveDate::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeDelta;
    use proptest::prelude::*;

    fn day(days: i64) -> NaiveDate {
        NaiveDate::MIN + TimeDelta::days(100_000 + days)
    }

    #[test]
    fn silence_is_counted_from_the_last_meeting_or_the_beginning() {
        let begun = Regularity::begin(day(0), 30);
        assert_eq!((begun.due_on, begun.silent_days(day(0), day(40))), (day(30), 40));
        let met = begun.meet(day(35), 30);
        assert_eq!((met.due_on, met.silent_days(day(0), day(40))), (day(65), 5));
        assert_eq!(met.silent_days(day(0), day(34)), 0);
        let resumed = met.resume(day(90), 30);
        assert_eq!((resumed.due_on, resumed.last_on), (day(120), Some(day(35))));
    }

    proptest! {
        #[test]
        fn the_order_of_recording_does_not_matter(mut days in proptest::collection::vec(0i64..400, 0..12)) {
            let told = |days: &[i64]| days.iter().fold(Regularity::begin(day(0), 30), |it, on| it.meet(day(*on), 30));
            let as_recorded = told(&days);
            days.sort_unstable();
            prop_assert_eq!(as_recorded, told(&days));
            prop_assert_eq!(as_recorded.last_on, days.last().map(|it| day(*it)));
            prop_assert_eq!(as_recorded.due_on, day(days.last().copied().unwrap_or_default() + 30));
        }
    }
}
