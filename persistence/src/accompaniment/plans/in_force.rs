//! Plans in force, as the institution of a case reads them: for those to whom the part `plans` of the case is granted.
use super::cards::PlanResultCard;
use super::plan::Row as PlanRow;
use super::results;
use super::seen::Ward;
use super::versions::Row;
use crate::accompaniment::plan_forms;
use crate::engine::column::{bind, binds};
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::schema::{plan_versions, plans};
use crate::people::one_person;
use crate::tx::Tx;
use chrono::NaiveDate;
use diesel::prelude::*;
use domain::accompaniment::plan_forms::PlanKind;
use domain::accompaniment::plans::*;
use domain::base::id::{BeneficiaryId, CaseId, PlanFormId};
use domain::base::text::Note;
use domain::people::consents::CasePart;
use shape::card;

/// Plans that are read at once, the latest of them.
const LATEST: i64 = 20;

/// An open plan with its adopted version.
#[card]
pub struct PlanInForce {
    /// The kind of the plan.
    pub kind: PlanKind,
    /// The number of the version.
    #[schema(minimum = 1, maximum = 10_000, example = 1)]
    pub number: i32,
    /// The day on which the version was adopted.
    pub adopted_on: Option<NaiveDate>,
    /// Answers to the fields of the form.
    #[schema(max_items = 400)]
    pub answers: Vec<PlanAnswer>,
    /// The goals with their steps.
    #[schema(max_items = 80)]
    pub goals: Vec<PlanGoal>,
    /// The opinion of the person about the plan.
    pub opinion: Option<Note>,
    /// The last result of each goal and step.
    #[schema(max_items = 3000)]
    pub results: Vec<PlanResultCard>,
}

/// The open plans of a case and of its person under any record with an adopted version, as far as the right of this transaction reaches
/// them and the granted parts tell; the latest first.
pub(in crate::accompaniment) async fn in_force(
    tx: &mut Tx<'_>,
    (case, of): (CaseId, BeneficiaryId),
    parts: &[CasePart],
) -> Result<Vec<PlanInForce>, Failure> {
    let records = one_person::of(tx, of).await?.records();
    let mut wards: Vec<Ward> = Vec::new();
    for record in &records {
        wards.extend(Ward::of(tx, *record).await?);
    }
    tx.begin_list();
    let adopted = plans::table
        .inner_join(plan_versions::table)
        .filter(plans::beneficiary_id.eq_any(binds(&records)))
        .filter(plans::case_id.is_null().or(plans::case_id.assume_not_null().eq(bind(case))))
        .filter(plans::ended_on.is_null())
        .filter(plan_versions::state.eq(bind(PlanVersionState::Adopted)))
        .order(plans::id.desc())
        .limit(LATEST);
    let mut rows: Vec<(PlanRow, Row)> =
        db!(tx, load, adopted.select((PlanRow::as_select(), Row::as_select())))?;
    let sees = |ward: &Ward, plan: &PlanRow| ward.sees(tx.scope(), plan.kind, plan.organization_id);
    rows.retain(|(plan, _)| wards.iter().any(|it| it.id == plan.beneficiary_id && sees(it, plan)));
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let editions: Vec<PlanFormId> = rows.iter().map(|it| it.1.form_id).collect();
    let forms = plan_forms::of_versions(tx, &editions).await?;
    let opened = rows.into_iter().filter_map(|(plan, version)| {
        let layout = &forms.get(&version.form_id)?.layout;
        let text = version.text(tx).map(|it| it.seen_by(layout, parts));
        Some(text.map(|text| (plan, version, text)))
    });
    let opened: Vec<(PlanRow, Row, PlanText)> = tx.readable(opened)?;
    let mut all = Vec::with_capacity(opened.len());
    for (plan, version, PlanText { answers, goals, opinion }) in opened {
        let results = results::last_of(tx, &plan, &goals).await?;
        let (kind, number, adopted_on) = (plan.kind, version.number, version.adopted_on);
        all.push(PlanInForce { kind, number, adopted_on, answers, goals, opinion, results });
    }
    Ok(all)
}
