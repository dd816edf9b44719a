//! The writes of each step of a plan and of its versions.
use super::plan::{self, END_NOTE};
use super::results::NOTE;
use super::versions::{RETURN_REASON, TEXT};
use crate::engine::column::{Json, bind};
use crate::engine::conn::{db, prepared};
use crate::engine::failure::Failure;
use crate::engine::schema::{plan_results, plan_versions, plans};
use crate::mentorships;
use crate::tx::Tx;
use chrono::NaiveDate;
use diesel::prelude::*;
use domain::accompaniment::plan_forms::PlanKind;
use domain::accompaniment::plans::*;
use domain::base::change::Changed;
use domain::base::id::{BeneficiaryId, CaseId};

/// Saves a new plan.
pub async fn save_opened(tx: &mut Tx<'_>, change: Changed<OpenPlan>) -> Result<(), Failure> {
    let (it, records) = change.into_parts();
    let row = (
        plans::id.eq(bind(it.id)),
        plans::version.eq(1),
        plans::kind.eq(bind(it.kind)),
        plans::beneficiary_id.eq(bind(it.beneficiary_id)),
        plans::case_id.eq(bind(it.case_id)),
        plans::owner_id.eq(bind(it.owner())),
        plans::organization_id.eq(bind(it.organization_id)),
        plans::opened_on.eq(it.opened_on),
        plans::created_at.eq(bind(tx.now())),
        plans::updated_at.eq(bind(tx.now())),
    );
    let rows = db!(tx, execute, diesel::insert_into(plans::table).values(row))?;
    tx.established(rows, records)
}

/// Saves the end of a plan. One that has ended stays as it is.
pub async fn save_ended(tx: &mut Tx<'_>, change: Changed<EndedPlan>) -> Result<(), Failure> {
    let (it, records) = change.into_parts();
    let set = (
        plans::version.eq(plans::version + 1),
        plans::ended_on.eq(Some(it.ended_on)),
        plans::end_reason.eq(bind(Some(it.reason))),
        plans::end_note.eq(bind(tx.core.keys.seal_some(END_NOTE, it.id, it.note.as_ref())?)),
        plans::updated_at.eq(bind(tx.now())),
    );
    let open = plans::table.filter(plans::id.eq(bind(it.id))).filter(plans::ended_on.is_null());
    let rows = db!(tx, execute, prepared(diesel::update(open).set(set)))?;
    tx.established(rows, records)
}

/// Ends the plans of a case that has just closed. The caller's scope does not limit it.
pub(crate) async fn end_with_case(tx: &mut Tx<'_>, case: CaseId) -> Result<(), Failure> {
    for open in plan::open_of_case(tx, case).await? {
        save_ended(tx, open.end_with_case(tx.today())).await?;
    }
    Ok(())
}

/// Ends the plans of beneficiaries whose lives are over, where they belong to no case. Others end with their case. The caller's scope does
/// not limit it.
pub(crate) async fn end_by_death(
    tx: &mut Tx<'_>,
    over: &[BeneficiaryId],
    died_on: NaiveDate,
) -> Result<(), Failure> {
    for open in plan::open_without_case(tx, over).await? {
        save_ended(tx, open.end_by_death(died_on)).await?;
    }
    Ok(())
}

/// Saves a drafted version.
pub async fn save_drafted(tx: &mut Tx<'_>, change: Changed<Draft>) -> Result<(), Failure> {
    let (Draft(it), records) = change.into_parts();
    let row = (
        plan_versions::id.eq(bind(it.id)),
        plan_versions::version.eq(1),
        plan_versions::plan_id.eq(bind(it.plan.id)),
        plan_versions::number.eq(it.number),
        plan_versions::form_id.eq(bind(it.form.id)),
        plan_versions::state.eq(bind(PlanVersionState::Draft)),
        plan_versions::text.eq(bind(tx.core.keys.seal(TEXT, it.id.into(), &it.text)?)),
        plan_versions::approvals.eq(bind(Json(Vec::<PlanApproval>::new()))),
        plan_versions::drafted_by.eq(bind(it.drafted_by)),
        plan_versions::created_at.eq(bind(tx.now())),
        plan_versions::updated_at.eq(bind(tx.now())),
    );
    let rows = db!(tx, execute, diesel::insert_into(plan_versions::table).values(row))?;
    tx.established(rows, records)
}

/// Saves a step of a version, unless it has left the state that the step leaves.
macro_rules! step {
    ($tx:expr, $id:expr, $was:ident => $state:ident, $records:expr, $set:expr) => {{
        let step = (
            plan_versions::version.eq(plan_versions::version + 1),
            plan_versions::state.eq(bind(PlanVersionState::$state)),
            plan_versions::updated_at.eq(bind($tx.now())),
        );
        let left = plan_versions::table
            .filter(plan_versions::id.eq(bind($id)))
            .filter(plan_versions::state.eq(bind(PlanVersionState::$was)));
        let rows = db!($tx, execute, prepared(diesel::update(left).set((step, $set))))?;
        $tx.established(rows, $records)
    }};
}

/// Saves the changed text of a draft.
pub async fn save_edited(tx: &mut Tx<'_>, change: Changed<Draft>) -> Result<(), Failure> {
    let (Draft(it), records) = change.into_parts();
    let text = plan_versions::text.eq(bind(tx.core.keys.seal(TEXT, it.id.into(), &it.text)?));
    step!(tx, it.id, Draft => Draft, records, text)
}

/// Saves a submitted version.
pub async fn save_submitted(tx: &mut Tx<'_>, change: Changed<Submitted>) -> Result<(), Failure> {
    let (it, records) = change.into_parts();
    let set = (
        plan_versions::submitted_by.eq(bind(it.submitted_by)),
        plan_versions::submitted_on.eq(Some(tx.today())),
    );
    step!(tx, it.body.id, Draft => Submitted, records, set)
}

/// Saves an approval. The last one adopts the version: the one before is superseded, the plan gets the day of its review, and a
/// mentorship that only awaited the life plan is completed.
pub async fn save_approved(tx: &mut Tx<'_>, change: Changed<Approved>) -> Result<(), Failure> {
    let (it, records) = change.into_parts();
    let (id, plan) = (it.body.id, it.body.plan);
    let approvals = plan_versions::approvals.eq(bind(Json(it.approvals)));
    let Some(adoption) = it.adoption else {
        return step!(tx, id, Submitted => Submitted, records, approvals);
    };
    if let Some(before) = adoption.supersedes {
        // Its fact is among the records of the version that supersedes it.
        let same = plan_versions::adopted_on.eq(plan_versions::adopted_on);
        step!(tx, before, Adopted => Superseded, Vec::new(), same)?;
    }
    let set = (approvals, plan_versions::adopted_on.eq(Some(adoption.adopted_on)));
    step!(tx, id, Submitted => Adopted, records, set)?;
    let renewed = (
        plans::version.eq(plans::version + 1),
        plans::review_on.eq(Some(adoption.review_on)),
        plans::updated_at.eq(bind(tx.now())),
    );
    let open = plans::table.filter(plans::id.eq(bind(plan.id))).filter(plans::ended_on.is_null());
    let rows = db!(tx, execute, prepared(diesel::update(open).set(renewed)))?;
    tx.established(rows, Vec::new())?;
    match plan.kind {
        PlanKind::LifePlan => mentorships::life_plan_adopted(tx, plan.beneficiary_id).await,
        _ => Ok(()),
    }
}

/// Saves a returned version.
pub async fn save_returned(tx: &mut Tx<'_>, change: Changed<Returned>) -> Result<(), Failure> {
    let (it, records) = change.into_parts();
    let reason = tx.core.keys.seal_some(RETURN_REASON, it.id, Some(&it.reason))?;
    step!(tx, it.id, Submitted => Returned, records, plan_versions::return_reason.eq(bind(reason)))
}

/// Saves a result. The record of the version counts it.
pub async fn save_reported(tx: &mut Tx<'_>, change: Changed<PlanResult>) -> Result<(), Failure> {
    let (it, records) = change.into_parts();
    let note = tx.core.keys.seal_some(NOTE, it.id, it.form.note.as_ref())?;
    let row = (
        plan_results::id.eq(bind(it.id)),
        plan_results::plan_id.eq(bind(it.plan_id)),
        plan_results::version_id.eq(bind(it.version_id)),
        plan_results::key.eq(bind(it.form.key)),
        plan_results::state.eq(bind(it.form.state)),
        plan_results::happened_on.eq(it.form.happened_on),
        plan_results::moved_to.eq(it.form.moved_to),
        plan_results::note.eq(bind(note)),
        plan_results::made_by.eq(bind(tx.caller().map(|it| it.user))),
        plan_results::created_at.eq(bind(tx.now())),
    );
    db!(tx, execute, diesel::insert_into(plan_results::table).values(row))?;
    let same = plan_versions::adopted_on.eq(plan_versions::adopted_on);
    step!(tx, it.version_id, Adopted => Adopted, records, same)
}
