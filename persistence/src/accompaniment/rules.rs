//! The rules of accompaniment in force, and the days on which protocols and checks are due.
use crate::engine::conn::db;
use crate::engine::editions::entry_in_effect;
use crate::engine::failure::Failure;
use crate::engine::schema::{accompaniment_rules as rules, working_days};
use crate::tx::Tx;
use chrono::NaiveDate;
use diesel::prelude::*;
use domain::accompaniment::rules::AccompanimentRulesForm;
use domain::region::working_days::{after_working_days, earliest_in_time};

#[derive(Queryable, Selectable)]
#[diesel(table_name = rules)]
struct Row {
    effective_from: NaiveDate,
    quorum_percent: i32,
    quorum_people: i32,
    urgent_quorum_people: i32,
    dissent_days: i32,
    protocol_working_days: i32,
    task_postponements: i32,
    continuation_months: i32,
    team_months: i32,
    lost_contact_attempts: i32,
    lost_contact_days: i32,
    reservation_hold_hours: i32,
    offer_hold_hours: i32,
    ack_minutes_critical: i32,
    ack_minutes_high: i32,
    ack_minutes_moderate: i32,
    ack_minutes_low: i32,
    first_action_minutes_critical: i32,
    first_action_minutes_high: i32,
    first_action_minutes_moderate: i32,
    first_action_minutes_low: i32,
    notice_hours: i32,
    guardianship_survey_working_days: i32,
    urgent_consilium_days: i32,
    referral_answer_days: i32,
    intake_check_days: i32,
}

/// The rules of today. The scope of the caller does not bound them.
pub async fn in_force(tx: &mut Tx<'_>) -> Result<AccompanimentRulesForm, Failure> {
    let found: Option<Row> = entry_in_effect!(tx, rules, rules::table, tx.today(), Row::as_select());
    Ok(found.map_or_else(AccompanimentRulesForm::default, |it| AccompanimentRulesForm {
        effective_from: it.effective_from,
        quorum_percent: it.quorum_percent,
        quorum_people: it.quorum_people,
        urgent_quorum_people: it.urgent_quorum_people,
        dissent_days: it.dissent_days,
        protocol_working_days: it.protocol_working_days,
        task_postponements: it.task_postponements,
        continuation_months: it.continuation_months,
        team_months: it.team_months,
        lost_contact_attempts: it.lost_contact_attempts,
        lost_contact_days: it.lost_contact_days,
        reservation_hold_hours: it.reservation_hold_hours,
        offer_hold_hours: it.offer_hold_hours,
        ack_minutes_critical: it.ack_minutes_critical,
        ack_minutes_high: it.ack_minutes_high,
        ack_minutes_moderate: it.ack_minutes_moderate,
        ack_minutes_low: it.ack_minutes_low,
        first_action_minutes_critical: it.first_action_minutes_critical,
        first_action_minutes_high: it.first_action_minutes_high,
        first_action_minutes_moderate: it.first_action_minutes_moderate,
        first_action_minutes_low: it.first_action_minutes_low,
        notice_hours: it.notice_hours,
        guardianship_survey_working_days: it.guardianship_survey_working_days,
        urgent_consilium_days: it.urgent_consilium_days,
        referral_answer_days: it.referral_answer_days,
        intake_check_days: it.intake_check_days,
    }))
}

/// A term of working days, with the days that work otherwise than their weekday tells.
pub(crate) struct WorkingTerm {
    working_days: i32,
    transferred: Vec<(NaiveDate, bool)>,
}

impl WorkingTerm {
    /// The day until which something is due that began on that day.
    pub(crate) fn due_on(&self, begun_on: NaiveDate) -> NaiveDate {
        after_working_days(begun_on, self.working_days, &self.transferred)
    }
    /// The earliest day of which something is not overdue today.
    pub(crate) fn earliest_in_time(&self, today: NaiveDate) -> NaiveDate {
        earliest_in_time(today, self.working_days, &self.transferred)
    }
}

/// The term of protocols today.
pub(crate) async fn protocols(tx: &mut Tx<'_>) -> Result<WorkingTerm, Failure> {
    let working_days = in_force(tx).await?.protocol_working_days;
    Ok(WorkingTerm { working_days, transferred: transferred(tx).await? })
}

/// The term of surveys of guardianship after danger to a child, today.
pub(crate) async fn guardianship_surveys(tx: &mut Tx<'_>) -> Result<WorkingTerm, Failure> {
    let working_days = in_force(tx).await?.guardianship_survey_working_days;
    Ok(WorkingTerm { working_days, transferred: transferred(tx).await? })
}

/// The term of checks of requests for help today.
pub(crate) async fn intake_checks(tx: &mut Tx<'_>) -> Result<WorkingTerm, Failure> {
    let working_days = in_force(tx).await?.intake_check_days;
    Ok(WorkingTerm { working_days, transferred: transferred(tx).await? })
}

/// The transferred days, in the order of their entry.
async fn transferred(tx: &mut Tx<'_>) -> Result<Vec<(NaiveDate, bool)>, Failure> {
    let all = working_days::table
        .filter(working_days::annulment_reason.is_null())
        .order((working_days::day, working_days::id))
        .select((working_days::day, working_days::is_working));
    Ok(db!(tx, load, all)?)
}
