//! Days that work otherwise than their weekday tells, as the region transfers them: holidays, and Saturdays that are worked.
//!
//! All other days from Monday to Friday are working days. Of two entries about one day the later one counts.
use crate::base::text::Title;
use chrono::{Datelike, NaiveDate, Weekday};
use shape::entry;
use validator::Validate;

/// A transferred day as it is entered and edited, whole.
#[entry(WorkingDay: WorkingDayId, at "working-days", named "transferred day" "working days", tag "programs", read ReadPrograms, edit ManagePrograms, called day, by day, annul)]
#[schema(example = json!({"day": "2026-03-09", "is_working": false, "name": "Перенос с 8 марта"}))]
pub struct WorkingDayForm {
    /// The day.
    #[told]
    pub day: NaiveDate,
    /// Whether people work on that day.
    #[told]
    pub is_working: bool,
    /// Name, such as that of a holiday.
    pub name: Option<Title>,
}

/// The day that so many working days after another is, by the transferred days in the order of their entry.
pub fn after_working_days(day: NaiveDate, count: i32, transferred: &[(NaiveDate, bool)]) -> NaiveDate {
    let works = |it: NaiveDate| {
        let told = transferred.iter().rev().find(|(day, _)| *day == it).map(|(_, works)| *works);
        told.unwrap_or(!matches!(it.weekday(), Weekday::Sat | Weekday::Sun))
    };
    let mut left = count;
    let mut last = day;
    for it in day.iter_days().skip(1) {
        if left <= 0 {
            break;
        }
        last = it;
        left -= i32::from(works(it));
    }
    last
}

/// The earliest day of which something is not overdue today, if it is due so many working days later.
pub fn earliest_in_time(today: NaiveDate, count: i32, transferred: &[(NaiveDate, bool)]) -> NaiveDate {
    let mut earliest = today;
    while let Some(before) = earliest.pred_opt()
        && after_working_days(before, count, transferred) >= today
    {
        earliest = before;
    }
    earliest
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_began_before_the_earliest_day_is_overdue_and_nothing_else(
            count in 0..12, back in 0u64..40, off in prop::collection::btree_set(0u64..30, 0..8),
        ) {
            let today: NaiveDate = "2026-03-12".parse().unwrap();
            let ago = |days: u64| today.checked_sub_days(chrono::Days::new(days)).unwrap();
            let transferred: Vec<(NaiveDate, bool)> = off.into_iter().map(|it| (ago(it), it % 3 == 0)).collect();
            let is_overdue = after_working_days(ago(back), count, &transferred) < today;
            prop_assert_eq!(is_overdue, ago(back) < earliest_in_time(today, count, &transferred));
        }
    }

    #[test]
    fn five_working_days_go_over_a_weekend_and_over_transferred_days() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        // 2026-03-02 is a Monday.
        assert_eq!(after_working_days(day("2026-03-02"), 5, &[]), day("2026-03-09"));
        let transferred = [(day("2026-03-09"), false), (day("2026-03-14"), true)];
        assert_eq!(after_working_days(day("2026-03-02"), 5, &transferred), day("2026-03-10"));
        assert_eq!(after_working_days(day("2026-03-10"), 4, &transferred), day("2026-03-14"));
        let mended = [(day("2026-03-09"), false), (day("2026-03-09"), true)];
        assert_eq!(after_working_days(day("2026-03-02"), 5, &mended), day("2026-03-09"));
    }
}
