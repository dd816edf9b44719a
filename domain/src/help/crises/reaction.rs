//! Reaction times: how long it took until somebody took a crisis up, and until something was done.
//!
//! Minutes are counted between instants, so a midnight in between changes nothing. A specialist's own report, which is taken up by
//! itself, is left out of the figures of acknowledging; false alarms are counted apart.
use crate::base::id::OrganizationId;
use crate::base::moment::Moment;
use crate::base::month::Month;
use shape::card;
use std::collections::BTreeMap;

/// The number below which a count is not told to those who see no persons.
const SMALL: i64 = 5;

/// The course of one crisis.
#[derive(Debug, Clone, Copy)]
pub struct Course {
    /// The organization that answered for the beneficiary.
    pub organization_id: OrganizationId,
    /// The month of the report.
    pub month: Month,
    /// The moment of the report.
    pub reported_at: Moment,
    /// The moment until which the first level acknowledges.
    pub acknowledge_by: Moment,
    /// The moment at which it was taken up.
    pub acknowledged_at: Option<Moment>,
    /// The moment of the first action.
    pub first_action_at: Option<Moment>,
    /// Whether it was taken up by its report.
    pub is_own: bool,
    /// Whether it was a false alarm.
    pub is_false_alarm: bool,
}

/// The reaction times of an organization in a month.
#[card]
#[derive(Clone, PartialEq)]
pub struct ReactionTimes {
    /// The organization.
    pub organization_id: OrganizationId,
    /// The month of the reports.
    pub month: Month,
    /// Whether counts below 5 are left out, because the caller sees no persons.
    #[schema(example = false)]
    pub suppressed: bool,
    /// Crises that were no false alarms.
    #[schema(minimum = 0, maximum = 100_000_000, example = 12)]
    pub crises: Option<i64>,
    /// False alarms.
    #[schema(minimum = 0, maximum = 100_000_000, example = 1)]
    pub false_alarms: Option<i64>,
    /// Crises that somebody took up, without the own reports of specialists.
    #[schema(minimum = 0, maximum = 100_000_000, example = 10)]
    pub acknowledged: Option<i64>,
    /// Those taken up before the first level was over.
    #[schema(minimum = 0, maximum = 100_000_000, example = 9)]
    pub acknowledged_in_time: Option<i64>,
    /// The median of the minutes until somebody took a crisis up.
    #[schema(minimum = 0, maximum = 100_000_000, example = 11)]
    pub acknowledgement_minutes: Option<i64>,
    /// The median of the minutes until the first action.
    #[schema(minimum = 0, maximum = 100_000_000, example = 34)]
    pub first_action_minutes: Option<i64>,
}

/// The median of whole minutes; the mean of the middle two, rounded down, of an even number. `None` of nothing.
fn median(mut minutes: Vec<i64>) -> Option<i64> {
    minutes.sort_unstable();
    let middle = minutes.len().checked_sub(1)? / 2;
    let (low, high) = (minutes.get(middle)?, minutes.get(minutes.len() / 2)?);
    Some(low.midpoint(*high))
}

fn minutes(from: Moment, to: Option<Moment>) -> Option<i64> {
    to.map(|it| it.since(from).num_minutes().max(0))
}

impl ReactionTimes {
    /// The reaction times of crises, by organization and month. `is_small_hidden`: the caller sees no persons.
    pub fn of(courses: &[Course], is_small_hidden: bool) -> Vec<Self> {
        let mut by: BTreeMap<(OrganizationId, Month), Vec<Course>> = BTreeMap::new();
        for it in courses {
            by.entry((it.organization_id, it.month)).or_default().push(*it);
        }
        by.into_iter().map(|(of, all)| Self::one(of, &all, is_small_hidden)).collect()
    }
    fn one((organization_id, month): (OrganizationId, Month), all: &[Course], is_small_hidden: bool) -> Self {
        let told = |count: usize| {
            let count = i64::try_from(count).unwrap_or(i64::MAX);
            Some(count).filter(|it| !is_small_hidden || *it >= SMALL)
        };
        let middle = |minutes: Vec<i64>| told(minutes.len()).and_then(|_| median(minutes));
        let real = || all.iter().filter(|it| !it.is_false_alarm);
        let answered = || real().filter(|it| !it.is_own && it.acknowledged_at.is_some());
        let in_time = answered().filter(|it| it.acknowledged_at.is_some_and(|at| at <= it.acknowledge_by));
        // A small difference to the whole would tell of few as well.
        let part = |count: usize, whole: usize| {
            let left = i64::try_from(whole.saturating_sub(count)).unwrap_or(i64::MAX);
            told(count).filter(|_| !is_small_hidden || left == 0 || left >= SMALL)
        };
        Self {
            organization_id,
            month,
            suppressed: is_small_hidden,
            crises: told(real().count()),
            false_alarms: told(all.len() - real().count()),
            acknowledged: part(answered().count(), real().count()),
            acknowledged_in_time: part(in_time.count(), answered().count()),
            acknowledgement_minutes: middle(
                answered().filter_map(|it| minutes(it.reported_at, it.acknowledged_at)).collect(),
            ),
            first_action_minutes: middle(
                real().filter_map(|it| minutes(it.reported_at, it.first_action_at)).collect(),
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeDelta;
    use proptest::prelude::*;

    fn at(minutes: i64) -> Moment {
        // 2026-03-02T20:40:00Z: twenty minutes before a midnight of Moscow.
        Moment::from_micros(1_772_484_000_000_000).unwrap().plus(TimeDelta::minutes(minutes))
    }
    fn course(acknowledged: Option<i64>, action: Option<i64>) -> Course {
        Course {
            organization_id: uuid::Uuid::from_u128(1).into(),
            month: "2026-03".parse().unwrap(),
            reported_at: at(0),
            acknowledge_by: at(15),
            acknowledged_at: acknowledged.map(at),
            first_action_at: action.map(at),
            is_own: false,
            is_false_alarm: false,
        }
    }

    #[test]
    fn minutes_are_counted_across_midnight_and_own_reports_and_false_alarms_stand_apart() {
        let own = Course { is_own: true, ..course(Some(0), None) };
        let alarm = Course { is_false_alarm: true, ..course(Some(500), None) };
        let all = [course(Some(10), Some(30)), course(Some(41), None), course(None, None), own, alarm];
        let [cell] = ReactionTimes::of(&all, false).try_into().unwrap();
        assert_eq!((cell.crises, cell.false_alarms, cell.acknowledged), (Some(4), Some(1), Some(2)));
        assert_eq!((cell.acknowledged_in_time, cell.acknowledgement_minutes), (Some(1), Some(25)));
        assert_eq!(cell.first_action_minutes, Some(30));
    }

    proptest! {
        #[test]
        fn nobody_who_sees_no_persons_learns_a_count_below_five(
            minutes in prop::collection::vec(prop::option::of(0_i64..2000), 0..12),
        ) {
            let all: Vec<Course> = minutes.iter().map(|it| course(*it, *it)).collect();
            let answered = minutes.iter().flatten().count();
            for cell in ReactionTimes::of(&all, true) {
                let counts = [cell.crises, cell.false_alarms, cell.acknowledged, cell.acknowledged_in_time];
                prop_assert!(counts.into_iter().flatten().all(|it| it >= SMALL));
                prop_assert_eq!(cell.acknowledgement_minutes.is_some(), answered >= 5);
            }
        }
    }
}
