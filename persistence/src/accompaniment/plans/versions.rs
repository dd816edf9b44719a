//! Versions of plans: a row, its card, the comparison of two.
use super::cards::{PlanComparison, PlanVersionCard};
use super::plan::{self, Row as PlanRow};
use super::results;
use super::saving;
use super::seen::Ward;
use crate::accompaniment::plan_forms;
use crate::engine::column::{Json, bind};
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::schema::plan_versions;
use crate::sight::{dangling, is_found, offered};
use crate::tx::Tx;
use chrono::NaiveDate;
use diesel::prelude::*;
use domain::accompaniment::plan_forms::{NOT_IN_FORCE, PlanForm};
use domain::accompaniment::plans::*;
use domain::base::change::{Subject, SubjectKind};
use domain::base::id::*;
use domain::base::moment::Moment;

pub(super) const TEXT: &str = "plan_versions.text";
pub(super) const RETURN_REASON: &str = "plan_versions.return_reason";

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = plan_versions)]
pub(super) struct Row {
    pub(super) id: PlanVersionId,
    version: i64,
    plan_id: PlanId,
    pub(super) number: i32,
    pub(super) form_id: PlanFormId,
    pub(super) state: PlanVersionState,
    text: String,
    pub(super) approvals: Json<Vec<PlanApproval>>,
    drafted_by: Option<UserId>,
    submitted_by: Option<UserId>,
    pub(super) submitted_on: Option<NaiveDate>,
    pub(super) adopted_on: Option<NaiveDate>,
    return_reason: Option<String>,
    created_at: Moment,
    updated_at: Moment,
}

impl Row {
    pub(super) fn text(&self, tx: &Tx<'_>) -> Result<PlanText, Failure> {
        let text: Option<PlanText> = tx.core.keys.open_some(TEXT, self.id, Some(&self.text))?;
        Ok(text.unwrap_or_default())
    }
    pub(super) fn whole(&self, plan: &OpenPlan, form: &PlanForm, text: &PlanText) -> PlanVersion {
        let body = VersionBody {
            id: self.id,
            plan: plan.clone(),
            number: self.number,
            form: form.clone(),
            text: text.clone(),
            drafted_by: self.drafted_by,
        };
        match self.state {
            PlanVersionState::Draft => PlanVersion::Draft(Draft(body)),
            PlanVersionState::Submitted => PlanVersion::Submitted(Submitted {
                body,
                submitted_by: self.submitted_by,
                approvals: self.approvals.0.clone(),
            }),
            PlanVersionState::Adopted => PlanVersion::Adopted(Adopted(body)),
            settled => PlanVersion::Settled(settled),
        }
    }
}

/// A version that the caller reads, with all that its card and its rules need.
struct Found {
    row: Row,
    plan: PlanRow,
    ward: Ward,
    form: PlanForm,
    text: PlanText,
    by: PlanStanding,
}

fn missing(id: PlanVersionId) -> Failure {
    Failure::NotFound(Some(Subject::new(SubjectKind::PlanVersion, id)))
}

/// One visible version. Every query for one version begins here.
async fn found(tx: &mut Tx<'_>, id: PlanVersionId) -> Result<Found, Failure> {
    let one = plan_versions::table.find(bind(id));
    let row: Row = db!(tx, first, one.select(Row::as_select())).optional()?.ok_or_else(|| missing(id))?;
    let (plan, ward) = match plan::row(tx, row.plan_id).await {
        Err(Failure::NotFound(_)) => return Err(missing(id)),
        found => found?,
    };
    let form = plan_forms::of_versions(tx, &[row.form_id]).await?.remove(&row.form_id);
    let form = form.ok_or_else(|| Failure::broken("a version without its form"))?;
    let by = plan.standing(tx, &ward);
    if !by.eyes.read(&form.layout, row.state) {
        return Err(missing(id));
    }
    let text = row.text(tx)?;
    Ok(Found { row, plan, ward, form, text, by })
}

/// Whether the right of this transaction reaches the version.
pub(crate) async fn reaches(tx: &mut Tx<'_>, id: PlanVersionId) -> Result<bool, Failure> {
    is_found(found(tx, id).await)
}

/// The stored data that the rules of a version need.
async fn facts(tx: &mut Tx<'_>, plan: PlanId, ward: &Ward) -> Result<VersionFacts, Failure> {
    let adopted = plan_versions::table
        .filter(plan_versions::plan_id.eq(bind(plan)))
        .filter(plan_versions::state.eq(bind(PlanVersionState::Adopted)));
    let row: Option<Row> = db!(tx, first, adopted.select(Row::as_select())).optional()?;
    let in_force = match row {
        Some(row) => Some((row.id, row.text(tx)?)),
        None => None,
    };
    Ok(VersionFacts { age_years: ward.age_years(tx.today()), in_force })
}

/// The card of one version.
pub async fn version_card(tx: &mut Tx<'_>, id: PlanVersionId) -> Result<PlanVersionCard, Failure> {
    let Found { row, plan, ward, form, text, by } = found(tx, id).await?;
    let facts = facts(tx, row.plan_id, &ward).await?;
    let it = match plan.whole(tx)? {
        Plan::Open(plan) => Some(row.whole(&plan, &form, &text)),
        Plan::Ended(_) => None,
    };
    let next_approver = match &it {
        Some(PlanVersion::Submitted(it)) => it.next(facts.age_years),
        _ => None,
    };
    let offers = PlanVersionOffers { it: it.as_ref(), facts: Some(&facts), by: &by };
    let available_actions = offered(tx, &offers, Subject::new(SubjectKind::PlanVersion, id)).await?;
    let PlanText { answers, goals, opinion } = text.shown(&form.layout, by.eyes);
    let results = results::last_of(tx, &plan, &goals).await?;
    Ok(PlanVersionCard {
        id,
        version: row.version,
        plan_id: row.plan_id,
        kind: plan.kind,
        beneficiary_id: plan.beneficiary_id,
        number: row.number,
        state: row.state,
        form_id: row.form_id,
        answers,
        goals,
        opinion,
        drafted_by_user_id: row.drafted_by,
        submitted_on: row.submitted_on,
        approvals: row.approvals.0,
        next_approver,
        adopted_on: row.adopted_on,
        return_reason: tx.core.keys.open_some(RETURN_REASON, id, row.return_reason)?,
        results,
        available_actions,
        created_at: row.created_at,
        updated_at: row.updated_at,
    })
}

/// The plan of a version and the goals that the caller reads in it.
pub(super) async fn read_goals(
    tx: &mut Tx<'_>,
    id: PlanVersionId,
) -> Result<(PlanRow, Vec<PlanGoal>, PlanEyes), Failure> {
    let it = found(tx, id).await?;
    Ok((it.plan, it.text.shown(&it.form.layout, it.by.eyes).goals, it.by.eyes))
}

/// A version that a rule will change.
#[derive(Debug)]
pub struct LoadedVersion {
    /// The version. Its plan is open.
    pub it: PlanVersion,
    /// The caller's standing to the plan.
    pub by: PlanStanding,
    /// The stored data that the rules of a version need.
    pub facts: VersionFacts,
    /// The institution whose plan it is.
    pub organization_id: OrganizationId,
}

/// Loads a version of an open plan that a rule will change.
pub async fn load_version(tx: &mut Tx<'_>, id: PlanVersionId) -> Result<LoadedVersion, Failure> {
    let Found { row, plan, ward, form, text, by } = found(tx, id).await?;
    tx.expect(row.version)?;
    let open = plan.whole(tx)?.open()?;
    let facts = facts(tx, row.plan_id, &ward).await?;
    let organization_id = plan.organization_id;
    Ok(LoadedVersion { it: row.whole(&open, &form, &text), by, facts, organization_id })
}

/// A submitted version for an order about another thing, with what its rules need.
pub(super) async fn load_submitted(
    tx: &mut Tx<'_>,
    id: PlanVersionId,
) -> Result<(Submitted, VersionFacts), Failure> {
    let Found { row, plan, ward, form, text, .. } = found(tx, id).await?;
    let open = plan.whole(tx)?.open()?;
    let facts = facts(tx, row.plan_id, &ward).await?;
    Ok((row.whole(&open, &form, &text).submitted()?, facts))
}

/// The last version of a plan, and the edition of the form by which the next one is drafted today.
pub async fn last_version(
    tx: &mut Tx<'_>,
    of: &OpenPlan,
) -> Result<(Option<(i32, PlanVersionState, PlanText)>, PlanForm), Failure> {
    let theirs = plan_versions::table
        .filter(plan_versions::plan_id.eq(bind(of.id)))
        .order(plan_versions::number.desc());
    let row: Option<Row> = db!(tx, first, theirs.select(Row::as_select())).optional()?;
    let last = match row {
        Some(row) => Some((row.number, row.state, row.text(tx)?)),
        None => None,
    };
    let form = plan_forms::effective(tx, of.kind, tx.today()).await?;
    Ok((last, form.ok_or_else(|| NOT_IN_FORCE.refuse())?))
}

/// The comparison of a version with another one of the same plan, as far as the caller reads both.
pub async fn comparison(
    tx: &mut Tx<'_>,
    id: PlanVersionId,
    with: Option<PlanVersionId>,
) -> Result<PlanComparison, Failure> {
    let first = found(tx, id).await?;
    let with = with.ok_or_else(|| dangling("/with"))?;
    let second = match found(tx, with).await {
        Err(Failure::NotFound(_)) => return Err(dangling("/with")),
        second => second?,
    };
    if first.row.plan_id != second.row.plan_id {
        return Err(dangling("/with"));
    }
    let shown = |it: &Found| it.text.shown(&it.form.layout, it.by.eyes);
    let differences = compare(&shown(&first), &shown(&second));
    Ok(PlanComparison { beneficiary_id: first.plan.beneficiary_id, differences })
}

/// Opens the plans of a case, and those of its beneficiary, anew in the organization that takes the case over, each with its version in
/// force. The former ones end, and stay with the organization that wrote them. A kind that is open there already goes on there. The
/// caller's scope does not limit it.
pub(crate) async fn pass_on(
    tx: &mut Tx<'_>,
    (case, next): (CaseId, CaseId),
    (of, from, to): (BeneficiaryId, OrganizationId, OrganizationId),
) -> Result<(), Failure> {
    let mut theirs = plan::open_of_case(tx, case).await?;
    theirs.extend(plan::open_of_beneficiary(tx, of, from).await?);
    let there = plan::open_of_case(tx, next).await?;
    for open in theirs {
        saving::save_ended(tx, open.clone().end_with_case(tx.today())).await?;
        if there.iter().any(|it| it.kind == open.kind) {
            continue;
        }
        let passed = open.pass_on(tx.mint(), next, to, tx.today());
        let plan = passed.value().clone();
        saving::save_opened(tx, passed).await?;
        pass_on_version(tx, &open, plan).await?;
    }
    Ok(())
}

async fn pass_on_version(tx: &mut Tx<'_>, was: &OpenPlan, plan: OpenPlan) -> Result<(), Failure> {
    let adopted = plan_versions::table
        .filter(plan_versions::plan_id.eq(bind(was.id)))
        .filter(plan_versions::state.eq(bind(PlanVersionState::Adopted)));
    let row: Option<Row> = db!(tx, first, adopted.select(Row::as_select())).optional()?;
    let Some(row) = row else { return Ok(()) };
    let form = plan_forms::of_versions(tx, &[row.form_id]).await?.remove(&row.form_id);
    let form = form.ok_or_else(|| Failure::broken("a version without its form"))?;
    let text = row.text(tx)?;
    let version = row.whole(was, &form, &text).adopted()?;
    let (Adopted(it), records) = version.pass_on(tx.mint(), plan).into_parts();
    let head = (
        plan_versions::id.eq(bind(it.id)),
        plan_versions::version.eq(1),
        plan_versions::plan_id.eq(bind(it.plan.id)),
        plan_versions::number.eq(it.number),
        plan_versions::form_id.eq(bind(it.form.id)),
        plan_versions::state.eq(bind(PlanVersionState::Adopted)),
        plan_versions::text.eq(bind(tx.core.keys.seal(TEXT, it.id.into(), &it.text)?)),
        plan_versions::created_at.eq(bind(tx.now())),
        plan_versions::updated_at.eq(bind(tx.now())),
    );
    let kept = (
        plan_versions::approvals.eq(bind(row.approvals)),
        plan_versions::drafted_by.eq(bind(row.drafted_by)),
        plan_versions::submitted_by.eq(bind(row.submitted_by)),
        plan_versions::submitted_on.eq(row.submitted_on),
        plan_versions::adopted_on.eq(row.adopted_on),
    );
    let rows = db!(tx, execute, diesel::insert_into(plan_versions::table).values((head, kept)))?;
    tx.established(rows, records)?;
    results::pass_on(tx, was.id, (it.plan.id, it.id)).await?;
    plan::keep_review(tx, was.id, it.plan.id).await
}
