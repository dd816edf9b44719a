//! Rules of accompaniment in editions: quorum, dissents, protocols, teams, tasks, lost contact, referrals, requests for help and
//! crises (all defaults are ours).
//!
//! The edition of the day counts, never the one of an opening: that of the day on which something is signed, decided or falls due. Of
//! two from one day it is the one entered later. Days of contacts, snapshots, reviews and records are [terms](crate::region::terms).
//! Ages that the law gives (10, 14, 18, 23) are no rules of a region.
use chrono::NaiveDate;
use shape::entry;

/// An edition of the rules of accompaniment as it is entered and edited, whole.
#[entry(AccompanimentRules: AccompanimentRulesId, at "accompaniment-rules", named "accompaniment rules edition" "accompaniment rules", tag "programs", read ReadPrograms, edit ManageAccompaniment, called effective_from, by effective_from, annul)]
#[derive(Copy, Eq)]
#[schema(example = json!({"effective_from": "2026-09-01", "quorum_percent": 66, "quorum_people": 3, "urgent_quorum_people": 2, "dissent_days": 3, "protocol_working_days": 5, "task_postponements": 3, "continuation_months": 12, "team_months": 12, "lost_contact_attempts": 3, "lost_contact_days": 60, "reservation_hold_hours": 18, "offer_hold_hours": 24, "referral_answer_days": 5, "intake_check_days": 3, "ack_minutes_critical": 15, "ack_minutes_high": 30, "ack_minutes_moderate": 240, "ack_minutes_low": 1440, "first_action_minutes_critical": 60, "first_action_minutes_high": 240, "first_action_minutes_moderate": 1440, "first_action_minutes_low": 4320, "notice_hours": 24, "guardianship_survey_working_days": 3, "urgent_consilium_days": 3}))]
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
    /// The hours after its first day for which a booked bed is held for an arrival, 1 to 168; 18 if none are given.
    #[within(1..=168)]
    #[serde(default = "eighteen")]
    pub reservation_hold_hours: i32,
    /// The hours for which the offer of a bed holds, 1 to 168; 24 if none are given.
    #[within(1..=168)]
    #[serde(default = "twenty_four")]
    pub offer_hold_hours: i32,
    /// The days within which a referral is answered, 1 to 60; 5 if none are given.
    #[within(1..=60)]
    #[serde(default = "five")]
    pub referral_answer_days: i32,
    /// The working days within which a request for help is taken up for its check, 1 to 30; 3 if none are given.
    #[within(1..=30)]
    #[serde(default = "three")]
    pub intake_check_days: i32,
    /// The minutes in which each level answers a critical crisis, 1 to 10 080; 15 if none are given.
    #[within(1..=10_080)]
    #[serde(default = "fifteen")]
    pub ack_minutes_critical: i32,
    /// The minutes in which each level answers a crisis of high severity, 1 to 10 080; 30 if none are given.
    #[within(1..=10_080)]
    #[serde(default = "thirty")]
    pub ack_minutes_high: i32,
    /// The minutes in which each level answers a moderate crisis, 1 to 10 080; 240 if none are given.
    #[within(1..=10_080)]
    #[serde(default = "four_hours")]
    pub ack_minutes_moderate: i32,
    /// The minutes in which each level answers a crisis of low severity, 1 to 10 080; 1440 if none are given.
    #[within(1..=10_080)]
    #[serde(default = "whole_day")]
    pub ack_minutes_low: i32,
    /// The minutes within which something is done about a critical crisis that somebody has, 1 to 10 080; 60 if none are given.
    #[within(1..=10_080)]
    #[serde(default = "whole_hour")]
    pub first_action_minutes_critical: i32,
    /// The minutes within which something is done about a crisis of high severity, 1 to 10 080; 240 if none are given.
    #[within(1..=10_080)]
    #[serde(default = "four_hours")]
    pub first_action_minutes_high: i32,
    /// The minutes within which something is done about a moderate crisis, 1 to 10 080; 1440 if none are given.
    #[within(1..=10_080)]
    #[serde(default = "whole_day")]
    pub first_action_minutes_moderate: i32,
    /// The minutes within which something is done about a crisis of low severity, 1 to 10 080; 4320 if none are given.
    #[within(1..=10_080)]
    #[serde(default = "three_days")]
    pub first_action_minutes_low: i32,
    /// The hours within which danger to a child is told in writing, 1 to 168; 24 if none are given.
    #[within(1..=168)]
    #[serde(default = "twenty_four")]
    pub notice_hours: i32,
    /// The working days within which guardianship surveys the living conditions after it, 1 to 30; 3 if none are given (СК ст. 122).
    #[within(1..=30)]
    #[serde(default = "three")]
    pub guardianship_survey_working_days: i32,
    /// The days within which an urgent consilium is due after a grave crisis, 1 to 60; 3 if none are given.
    #[within(1..=60)]
    #[serde(default = "three")]
    pub urgent_consilium_days: i32,
}

fn fifteen() -> i32 {
    15
}
fn thirty() -> i32 {
    30
}
fn four_hours() -> i32 {
    240
}
fn whole_day() -> i32 {
    1440
}
fn whole_hour() -> i32 {
    60
}
fn three_days() -> i32 {
    4320
}

fn five() -> i32 {
    5
}
fn three() -> i32 {
    3
}

fn eighteen() -> i32 {
    18
}
fn twenty_four() -> i32 {
    24
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
            reservation_hold_hours: eighteen(),
            offer_hold_hours: twenty_four(),
            referral_answer_days: five(),
            intake_check_days: three(),
            ack_minutes_critical: fifteen(),
            ack_minutes_high: thirty(),
            ack_minutes_moderate: four_hours(),
            ack_minutes_low: whole_day(),
            first_action_minutes_critical: whole_hour(),
            first_action_minutes_high: four_hours(),
            first_action_minutes_moderate: whole_day(),
            first_action_minutes_low: three_days(),
            notice_hours: twenty_four(),
            guardianship_survey_working_days: three(),
            urgent_consilium_days: three(),
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
