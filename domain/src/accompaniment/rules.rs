//! Rules of accompaniment in editions: quorum, dissents, protocols, teams, tasks and lost contact (all defaults are ours).
//!
//! The edition of the day counts, never the one of an opening: that of the day on which something is signed, decided or falls due. Of
//! two from one day it is the one entered later. Days of contacts, snapshots, reviews and records are [terms](crate::region::terms).
//! Ages that the law gives (10, 14, 18, 23) are no rules of a region.
use chrono::NaiveDate;
use shape::entry;

/// An edition of the rules of accompaniment as it is entered and edited, whole.
#[entry(AccompanimentRules: AccompanimentRulesId, at "accompaniment-rules", named "accompaniment rules edition" "accompaniment rules", tag "programs", read ReadPrograms, edit ManageAccompaniment, called effective_from, by effective_from, annul)]
#[derive(Copy, Eq)]
#[schema(example = json!({"effective_from": "2026-09-01", "quorum_percent": 66, "quorum_people": 3, "urgent_quorum_people": 2, "dissent_days": 3, "protocol_working_days": 5, "task_postponements": 3, "continuation_months": 12, "team_months": 12, "lost_contact_attempts": 3, "lost_contact_days": 60}))]
pub struct AccompanimentRulesForm {
    /// The first day on which the rules are in force.
    #[told]
    pub effective_from: NaiveDate,
    /// The part of the voting members who are present at an item at least, in percent, 1 to 100.
    #[within(1..=100)]
    pub quorum_percent: i32,
    /// The voting members who are present at an item at least, 1 to 30.
    #[within(1..=30)]
    pub quorum_people: i32,
    /// The voting members who are present at an urgent item at least, 1 to 30.
    #[within(1..=30)]
    pub urgent_quorum_people: i32,
    /// The days after a consilium within which a dissent comes, 1 to 60.
    #[within(1..=60)]
    pub dissent_days: i32,
    /// The working days after a consilium within which its protocol is due, 1 to 60.
    #[within(1..=60)]
    pub protocol_working_days: i32,
    /// Postponements of a task at most, 0 to 20.
    #[within(0..=20)]
    pub task_postponements: i32,
    /// The months for which a review at 23 lets accompaniment go on at most, 1 to 24.
    #[within(1..=24)]
    pub continuation_months: i32,
    /// The months for which a member of another organization is taken into a team at most, 1 to 36.
    #[within(1..=36)]
    pub team_months: i32,
    /// Attempts without an answer after which contact is lost, 1 to 20.
    #[within(1..=20)]
    pub lost_contact_attempts: i32,
    /// The days within which these attempts are made, 1 to 365.
    #[within(1..=365)]
    pub lost_contact_days: i32,
}

impl Default for AccompanimentRulesForm {
    /// The rules where the region has issued none.
    fn default() -> Self {
        Self {
            effective_from: NaiveDate::MIN,
            quorum_percent: 51,
            quorum_people: 3,
            urgent_quorum_people: 2,
            dissent_days: 3,
            protocol_working_days: 5,
            task_postponements: 3,
            continuation_months: 12,
            team_months: 12,
            lost_contact_attempts: 3,
            lost_contact_days: 60,
        }
    }
}

impl AccompanimentRulesForm {
    /// Whether so many voting members of all are a quorum at an item.
    pub fn is_quorum(&self, present: usize, of: usize, is_urgent: bool) -> bool {
        let least = if is_urgent { self.urgent_quorum_people } else { self.quorum_people };
        let at_least = |needed: i32, it: usize| usize::try_from(needed).is_ok_and(|needed| it >= needed);
        let percent = usize::try_from(self.quorum_percent).unwrap_or(100);
        at_least(least, present) && present.saturating_mul(100) >= of.saturating_mul(percent)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_quorum_of_a_region_without_rules_is_more_than_half_and_three(present in 0usize..31, of in 0usize..31) {
            let rules = AccompanimentRulesForm::default();
            prop_assert_eq!(rules.is_quorum(present, of, false), present >= 3 && present * 2 > of);
            prop_assert_eq!(rules.is_quorum(present, of, true), present >= 2 && present * 2 > of);
        }
    }
}
