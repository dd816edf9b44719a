//! The rules of accompaniment in force, and the days on which protocols are due.
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::schema::{accompaniment_rules as rules, working_days};
use crate::tx::Tx;
use chrono::NaiveDate;
use diesel::prelude::*;
use domain::accompaniment::rules::AccompanimentRulesForm;
use domain::region::working_days::after_working_days;

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
}

/// The rules of today. The scope of the caller does not bound them.
pub async fn in_force(tx: &mut Tx<'_>) -> Result<AccompanimentRulesForm, Failure> {
    let begun = rules::table
        .filter(rules::annulment_reason.is_null())
        .filter(rules::effective_from.le(tx.today()))
        .order((rules::effective_from.desc(), rules::id.desc()));
    let found: Option<Row> = db!(tx, first, begun.select(Row::as_select())).optional()?;
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
    }))
}

/// Everything by which the protocol of a consilium is due.
pub(crate) struct Protocols {
    working_days: i32,
    transferred: Vec<(NaiveDate, bool)>,
}

impl Protocols {
    /// The day until which the protocol of a consilium of that day is due.
    pub(crate) fn due_on(&self, held_on: NaiveDate) -> NaiveDate {
        after_working_days(held_on, self.working_days, &self.transferred)
    }
}

/// Everything by which protocols are due today.
pub(crate) async fn protocols(tx: &mut Tx<'_>) -> Result<Protocols, Failure> {
    let working_days = in_force(tx).await?.protocol_working_days;
    Ok(Protocols { working_days, transferred: transferred(tx).await? })
}

/// The transferred days, in the order of their entry.
async fn transferred(tx: &mut Tx<'_>) -> Result<Vec<(NaiveDate, bool)>, Failure> {
    let all = working_days::table
        .filter(working_days::annulment_reason.is_null())
        .order((working_days::day, working_days::id))
        .select((working_days::day, working_days::is_working));
    Ok(db!(tx, load, all)?)
}
