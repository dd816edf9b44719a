//! The route of a case, as a consilium asks for it: the version that it adopts, and the goals that have no result yet.
use super::versions::{Row, load_submitted};
use crate::engine::column::bind;
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::schema::{plan_results, plan_versions, plans};
use crate::tx::Tx;
use diesel::prelude::*;
use domain::accompaniment::plan_forms::PlanKind;
use domain::accompaniment::plans::{PlanGoal, PlanProgress, PlanVersionState, Submitted, VersionFacts};
use domain::base::id::{CaseId, PlanId, PlanVersionId};
use domain::base::text::Code;
use std::collections::HashMap;

/// The open route of a case.
async fn route(tx: &mut Tx<'_>, case: CaseId) -> Result<Option<PlanId>, Failure> {
    let open = plans::table
        .filter(plans::case_id.eq(bind(Some(case))))
        .filter(plans::kind.eq(bind(PlanKind::Route)))
        .filter(plans::ended_on.is_null());
    Ok(db!(tx, first, open.select(plans::id)).optional()?)
}

/// The submitted version of the route of a case that a consilium is to adopt. None for any other version.
pub(crate) async fn submitted_route(
    tx: &mut Tx<'_>,
    case: CaseId,
    id: PlanVersionId,
) -> Result<Option<(Submitted, VersionFacts)>, Failure> {
    let Some(route) = route(tx, case).await? else { return Ok(None) };
    let one = plan_versions::table
        .find(bind(id))
        .filter(plan_versions::plan_id.eq(bind(route)))
        .filter(plan_versions::state.eq(bind(PlanVersionState::Submitted)));
    let is_there: Option<PlanVersionId> = db!(tx, first, one.select(plan_versions::id)).optional()?;
    if is_there.is_some() { load_submitted(tx, id).await.map(Some) } else { Ok(None) }
}

/// The number of goals without a result of the route that a case has, or has once a consilium adopts that version. None for a case that
/// has no adopted route then.
pub(crate) async fn route_goals_open(
    tx: &mut Tx<'_>,
    case: CaseId,
    named: Option<&Submitted>,
) -> Result<Option<i64>, Failure> {
    let Some(route) = route(tx, case).await? else { return Ok(None) };
    let goals = match named.filter(|it| it.is_adopted_by_consilium()) {
        Some(it) => Some(it.body.text.goals.clone()),
        None => adopted_goals(tx, route).await?,
    };
    let Some(goals) = goals else { return Ok(None) };
    let told = plan_results::table.filter(plan_results::plan_id.eq(bind(route))).order(plan_results::id);
    let told: Vec<(Code, PlanProgress)> =
        db!(tx, load, told.select((plan_results::key, plan_results::state)))?;
    // The later result replaces the earlier one.
    let last: HashMap<Code, PlanProgress> = told.into_iter().collect();
    let has_result = |key: &Code| last.get(key).is_some_and(|it| it.is_result());
    let open = goals.iter().filter(|it| !has_result(&it.key)).count();
    i64::try_from(open).map(Some).map_err(Failure::broken)
}

/// The goals of the version of a plan that is in force.
async fn adopted_goals(tx: &mut Tx<'_>, route: PlanId) -> Result<Option<Vec<PlanGoal>>, Failure> {
    let adopted = plan_versions::table
        .filter(plan_versions::plan_id.eq(bind(route)))
        .filter(plan_versions::state.eq(bind(PlanVersionState::Adopted)));
    let row: Option<Row> = db!(tx, first, adopted.select(Row::as_select())).optional()?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some(row.text(tx)?.goals))
}
