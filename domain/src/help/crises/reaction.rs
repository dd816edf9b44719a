//! Reaction times: how long it took until somebody took a crisis up, until something was done, and until its end.
//!
//! Minutes are counted between instants, so a midnight in between changes nothing. A specialist's own report, which is taken up by
//! itself, is left out of the figures of acknowledging; false alarms are counted apart.
//!
//! Invariant: one who sees no persons learns no count of 1 to 4, and none that follows from the others. A part is told only with its
//! whole and where the rest is not small, and the severities are told only where nothing of them is left out.
use super::words::CrisisSeverity;
use crate::base::id::OrganizationId;
use crate::base::moment::Moment;
use crate::base::month::Month;
use crate::base::word::Word;
use shape::card;
use std::collections::BTreeMap;

/// The number below which a count is not told to those who see no persons.
const SMALL: usize = 5;
/// The number of times below which they are not told a 90th percentile: it would be the time of one crisis.
const MANY: usize = 10;

/// The course of one crisis.
#[derive(Debug, Clone, Copy)]
pub struct Course {
    /// The organization that answered for the beneficiary.
    pub organization_id: OrganizationId,
    /// The month of the report.
    pub month: Month,
    /// The severity.
    pub severity: CrisisSeverity,
    /// The moment of the report.
    pub reported_at: Moment,
    /// The moment until which the first level acknowledges.
    pub acknowledge_by: Moment,
    /// The moment at which it was first taken up.
    pub acknowledged_at: Option<Moment>,
    /// The moment of the first action.
    pub first_action_at: Option<Moment>,
    /// The moment of the end.
    pub ended_at: Option<Moment>,
    /// Whether the heads, the directors and the administrators were called because a deadline had passed.
    pub escalated: [bool; 3],
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
    /// The severity. Absent: the line is about all of them.
    pub severity: Option<CrisisSeverity>,
    /// Whether counts of 1 to 4, and what would give them away, are left out, because the caller sees no persons.
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
    /// Crises for which the heads were called after a deadline.
    #[schema(minimum = 0, maximum = 100_000_000, example = 2)]
    pub escalated_to_heads: Option<i64>,
    /// Crises for which the directors were called after a deadline.
    #[schema(minimum = 0, maximum = 100_000_000, example = 1)]
    pub escalated_to_directors: Option<i64>,
    /// Crises for which the administrators were called after a deadline.
    #[schema(minimum = 0, maximum = 100_000_000, example = 0)]
    pub escalated_to_administrators: Option<i64>,
    /// The median of the minutes until somebody took a crisis up.
    #[schema(minimum = 0, maximum = 100_000_000, example = 11)]
    pub acknowledgement_minutes: Option<i64>,
    /// The 90th percentile of these minutes.
    #[schema(minimum = 0, maximum = 100_000_000, example = 19)]
    pub acknowledgement_minutes_p90: Option<i64>,
    /// The median of the minutes until the first action.
    #[schema(minimum = 0, maximum = 100_000_000, example = 34)]
    pub first_action_minutes: Option<i64>,
    /// The 90th percentile of these minutes.
    #[schema(minimum = 0, maximum = 100_000_000, example = 90)]
    pub first_action_minutes_p90: Option<i64>,
    /// The median of the minutes until the end.
    #[schema(minimum = 0, maximum = 100_000_000, example = 2880)]
    pub end_minutes: Option<i64>,
    /// The 90th percentile of these minutes.
    #[schema(minimum = 0, maximum = 100_000_000, example = 7200)]
    pub end_minutes_p90: Option<i64>,
}

/// The minutes between the reports of crises and something else.
struct Waits {
    minutes: Vec<i64>,
    is_small_hidden: bool,
}

impl Waits {
    fn of(minutes: impl Iterator<Item = i64>, is_small_hidden: bool) -> Self {
        let mut minutes: Vec<i64> = minutes.collect();
        minutes.sort_unstable();
        Self { minutes, is_small_hidden }
    }
    fn is_told(&self, least: usize) -> bool {
        !self.is_small_hidden || self.minutes.len() >= least
    }
    /// The median; the mean of the middle two, rounded down, of an even number. `None` of nothing.
    fn median(&self) -> Option<i64> {
        let middle = self.minutes.len().checked_sub(1)? / 2;
        let (low, high) = (self.minutes.get(middle)?, self.minutes.get(self.minutes.len() / 2)?);
        Some(low.midpoint(*high)).filter(|_| self.is_told(SMALL))
    }
    /// The least time that nine of ten do not exceed.
    fn p90(&self) -> Option<i64> {
        let last = self.minutes.len().saturating_mul(9).div_ceil(10).checked_sub(1)?;
        self.minutes.get(last).copied().filter(|_| self.is_told(MANY))
    }
}

fn minutes(from: Moment, to: Option<Moment>) -> Option<i64> {
    to.map(|it| it.since(from).num_minutes().max(0))
}

/// A count as it is told: none that is small.
fn told(count: usize, is_small_hidden: bool) -> Option<usize> {
    Some(count).filter(|it| !is_small_hidden || *it == 0 || *it >= SMALL)
}

/// A part of a whole as it is told: only with the whole, and where the rest is not small.
fn part(count: usize, whole: Option<usize>, is_small_hidden: bool) -> Option<usize> {
    let rest = whole?.abs_diff(count);
    told(count, is_small_hidden).filter(|_| told(rest, is_small_hidden).is_some())
}

fn written(count: Option<usize>) -> Option<i64> {
    count.map(|it| i64::try_from(it).unwrap_or(i64::MAX))
}

impl ReactionTimes {
    /// The reaction times of crises, by organization and month: of all severities, then of each. `is_small_hidden`: the caller sees no
    /// persons.
    pub fn of(courses: &[Course], is_small_hidden: bool) -> Vec<Self> {
        let mut by: BTreeMap<(OrganizationId, Month), Vec<Course>> = BTreeMap::new();
        for it in courses {
            by.entry((it.organization_id, it.month)).or_default().push(*it);
        }
        by.into_iter().flat_map(|(of, all)| Self::lines(of, &all, is_small_hidden)).collect()
    }
    fn lines(of: (OrganizationId, Month), all: &[Course], is_small_hidden: bool) -> Vec<Self> {
        let mut lines = vec![Self::one(of, None, all, is_small_hidden)];
        let of_severity = |it: &CrisisSeverity| {
            let some: Vec<Course> = all.iter().filter(|course| course.severity == *it).copied().collect();
            Self::one(of, Some(*it), &some, is_small_hidden)
        };
        let parts: Vec<Self> = CrisisSeverity::ALL.iter().map(of_severity).collect();
        if parts.iter().all(Self::tells_every_count) {
            lines.extend(parts);
        }
        lines
    }
    fn counts(&self) -> [Option<i64>; 7] {
        [
            self.crises,
            self.false_alarms,
            self.acknowledged,
            self.acknowledged_in_time,
            self.escalated_to_heads,
            self.escalated_to_directors,
            self.escalated_to_administrators,
        ]
    }
    fn tells_every_count(&self) -> bool {
        self.counts().iter().all(Option::is_some)
    }
    fn one(
        (organization_id, month): (OrganizationId, Month),
        severity: Option<CrisisSeverity>,
        all: &[Course],
        hides: bool,
    ) -> Self {
        let real = || all.iter().filter(|it| !it.is_false_alarm);
        let answered = || real().filter(|it| !it.is_own && it.acknowledged_at.is_some());
        let in_time = answered().filter(|it| it.acknowledged_at.is_some_and(|at| at <= it.acknowledge_by));
        let [heads, directors, administrators] =
            [0, 1, 2].map(|n| real().filter(|it| it.escalated.get(n) == Some(&true)).count());
        let crises = told(real().count(), hides);
        let acknowledged = part(answered().count(), crises, hides);
        let heads = part(heads, crises, hides);
        let directors = part(directors, heads, hides);
        let answers = answered().filter_map(|it| minutes(it.reported_at, it.acknowledged_at));
        let answers = Waits::of(answers.filter(|_| acknowledged.is_some()), hides);
        let actions = Waits::of(real().filter_map(|it| minutes(it.reported_at, it.first_action_at)), hides);
        let ends = Waits::of(real().filter_map(|it| minutes(it.reported_at, it.ended_at)), hides);
        Self {
            organization_id,
            month,
            severity,
            suppressed: hides,
            crises: written(crises),
            false_alarms: written(told(all.len().saturating_sub(real().count()), hides)),
            acknowledged: written(acknowledged),
            acknowledged_in_time: written(part(in_time.count(), acknowledged, hides)),
            escalated_to_heads: written(heads),
            escalated_to_directors: written(directors),
            escalated_to_administrators: written(part(administrators, directors, hides)),
            acknowledgement_minutes: answers.median(),
            acknowledgement_minutes_p90: answers.p90(),
            first_action_minutes: actions.median(),
            first_action_minutes_p90: actions.p90(),
            end_minutes: ends.median(),
            end_minutes_p90: ends.p90(),
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
            severity: CrisisSeverity::Critical,
            reported_at: at(0),
            acknowledge_by: at(15),
            acknowledged_at: acknowledged.map(at),
            first_action_at: action.map(at),
            ended_at: None,
            escalated: [false; 3],
            is_own: false,
            is_false_alarm: false,
        }
    }

    #[test]
    fn minutes_are_counted_across_midnight_and_own_reports_and_false_alarms_stand_apart() {
        let own = Course { is_own: true, ..course(Some(0), None) };
        let alarm = Course { is_false_alarm: true, ..course(Some(500), None) };
        let late =
            Course { escalated: [true, false, false], ended_at: Some(at(90)), ..course(Some(41), None) };
        let low = Course { severity: CrisisSeverity::Low, ..course(None, None) };
        let all = [course(Some(10), Some(30)), late, low, own, alarm];
        let lines = ReactionTimes::of(&all, false);
        let cell = &lines[0];
        assert_eq!(
            (cell.severity, cell.crises, cell.false_alarms, cell.acknowledged),
            (None, Some(4), Some(1), Some(2))
        );
        assert_eq!((cell.acknowledged_in_time, cell.acknowledgement_minutes), (Some(1), Some(25)));
        assert_eq!((cell.acknowledgement_minutes_p90, cell.first_action_minutes), (Some(41), Some(30)));
        assert_eq!(
            (cell.escalated_to_heads, cell.escalated_to_directors, cell.end_minutes),
            (Some(1), Some(0), Some(90))
        );
        let crises: Vec<_> = lines.iter().map(|it| (it.severity, it.crises)).collect();
        use CrisisSeverity::{Critical, High, Low, Moderate};
        let of = |severity, count| (Some(severity), Some(count));
        assert_eq!(crises[1..], [of(Critical, 3), of(High, 0), of(Moderate, 0), of(Low, 1)]);
    }

    #[test]
    fn a_part_whose_rest_is_small_is_left_out_with_its_own_parts() {
        let all: Vec<Course> = (0..6).map(|n| course((n < 5).then_some(n), None)).collect();
        let cell = &ReactionTimes::of(&all, true)[0];
        assert_eq!((cell.crises, cell.acknowledged, cell.acknowledged_in_time), (Some(6), None, None));
        assert_eq!(cell.acknowledgement_minutes, None);
    }

    fn courses() -> impl Strategy<Value = Vec<Course>> {
        let severity = prop::sample::select(CrisisSeverity::ALL);
        let minutes = || prop::option::of(0_i64..40);
        let one = (severity, minutes(), minutes(), 0_usize..4, any::<bool>(), prop::bool::weighted(0.2));
        let course = |(severity, acknowledged, action, levels, is_own, is_false_alarm)| Course {
            severity,
            escalated: [levels > 0, levels > 1, levels > 2],
            is_own,
            is_false_alarm,
            ..course(acknowledged, action)
        };
        prop::collection::vec(one.prop_map(course), 0..40)
    }

    proptest! {
        #[test]
        fn nobody_who_sees_no_persons_learns_a_small_count_nor_one_by_a_difference(all in courses()) {
            let lines = ReactionTimes::of(&all, true);
            let is_well = |it: i64| it == 0 || it >= 5;
            for it in &lines {
                prop_assert!(it.counts().into_iter().flatten().all(is_well));
                let nested = [
                    [it.crises, it.acknowledged, it.acknowledged_in_time, None],
                    [it.crises, it.escalated_to_heads, it.escalated_to_directors, it.escalated_to_administrators],
                ];
                for pair in nested.iter().flat_map(|it| it.windows(2)) {
                    prop_assert!(pair[0].is_some() || pair[1].is_none(), "a part without its whole");
                    if let (Some(whole), Some(part)) = (pair[0], pair[1]) {
                        prop_assert!(is_well(whole - part));
                    }
                }
            }
            // The severities are told all together, and so they add up to the whole: nothing is left to be found by a difference.
            if let [whole, severities @ ..] = lines.as_slice() {
                prop_assert!(severities.is_empty() || severities.len() == 4);
                for n in 0..7 {
                    let told: Vec<i64> = severities.iter().filter_map(|it| it.counts()[n]).collect();
                    prop_assert!(told.len() == severities.len());
                    prop_assert!(told.is_empty() || whole.counts()[n] == Some(told.iter().sum()));
                }
            }
        }
    }
}
