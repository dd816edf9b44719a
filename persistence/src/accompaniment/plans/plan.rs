//! Plans: a row, its card, the lists.
use super::cards::{PlanCard, PlanVersionSummary};
use super::seen::Ward;
use crate::accompaniment::plan_forms;
use crate::engine::column::{AnyId, any, bind, binds};
use crate::engine::conn::{db, prepared};
use crate::engine::failure::Failure;
use crate::engine::page::{Page, Place, Window};
use crate::engine::schema::{beneficiaries, cases, plan_versions, plans};
use crate::people::{lives_of, one_person, register};
use crate::scope::{Way, among, when, within};
use crate::sight::{dangling, is_found, offered, sees};
use crate::tx::Tx;
use chrono::NaiveDate;
use diesel::dsl::{exists, min};
use diesel::prelude::*;
use domain::accompaniment::cases::{CASE_NOT_OPEN, CaseState};
use domain::accompaniment::plan_forms::PlanKind;
use domain::accompaniment::plans::*;
use domain::base::action::{Judged, available};
use domain::base::change::{Subject, SubjectKind};
use domain::base::filters::any::AnyOf;
use domain::base::id::*;
use domain::base::moment::Moment;
use domain::base::refusal::Refused;
use domain::base::text::Oktmo;
use shape::filter;
use std::collections::HashMap;

/// Versions that a card shows at most.
const SHOWN: usize = 50;
pub(super) const END_NOTE: &str = "plans.end_note";

/// Filters of the list of plans of a beneficiary.
#[filter]
pub struct PlanFilter {
    /// Only plans of these kinds.
    pub kind: Option<AnyOf<PlanKind>>,
    /// Only plans in this state.
    pub state: Option<AnyOf<PlanState>>,
    /// Only plans of this case.
    pub case_id: Option<CaseId>,
}

/// Filters of the list of plans to review.
#[filter]
pub struct PlanReviewFilter {
    /// `true`: only plans whose review is overdue. `false`: only all others.
    pub overdue: Option<bool>,
}

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = plans)]
pub(super) struct Row {
    pub(super) id: PlanId,
    version: i64,
    pub(super) kind: PlanKind,
    pub(super) beneficiary_id: BeneficiaryId,
    pub(super) case_id: Option<CaseId>,
    pub(super) organization_id: OrganizationId,
    pub(super) opened_on: NaiveDate,
    review_on: Option<NaiveDate>,
    ended_on: Option<NaiveDate>,
    end_reason: Option<PlanEndReason>,
    end_note: Option<String>,
    created_at: Moment,
    updated_at: Moment,
}

impl Row {
    pub(super) fn whole(&self, tx: &Tx<'_>) -> Result<Plan, Failure> {
        let Self { id, kind, beneficiary_id, case_id, organization_id, opened_on, .. } = *self;
        Ok(match self.ended_on.zip(self.end_reason) {
            None => Plan::Open(OpenPlan { id, kind, beneficiary_id, case_id, organization_id, opened_on }),
            Some((ended_on, reason)) => {
                let note = tx.core.keys.open_some(END_NOTE, id, self.end_note.as_ref())?;
                Plan::Ended(EndedPlan { id, ended_on, reason, note })
            }
        })
    }
    pub(super) fn standing(&self, tx: &Tx<'_>, ward: &Ward) -> PlanStanding {
        ward.standing(tx, self.kind, self.organization_id)
    }
}

fn missing(id: PlanId) -> Failure {
    Failure::NotFound(Some(Subject::new(SubjectKind::Plan, id)))
}

/// The row of one visible plan, and its beneficiary. Every query for one plan begins here.
pub(super) async fn row(tx: &mut Tx<'_>, id: PlanId) -> Result<(Row, Ward), Failure> {
    let one = plans::table.find(bind(id));
    let row: Row = db!(tx, first, one.select(Row::as_select())).optional()?.ok_or_else(|| missing(id))?;
    let ward = Ward::of(tx, row.beneficiary_id).await?.ok_or_else(|| missing(id))?;
    match ward.sees(tx.scope(), row.kind, row.organization_id) {
        true => Ok((row, ward)),
        false => Err(missing(id)),
    }
}

/// Whether the right of this transaction reaches the plan.
pub(crate) async fn reaches(tx: &mut Tx<'_>, id: PlanId) -> Result<bool, Failure> {
    is_found(row(tx, id).await)
}

/// The versions of plans, the latest first, each with the edition of its form.
async fn versions(
    tx: &mut Tx<'_>,
    ids: &[PlanId],
) -> Result<HashMap<PlanId, Vec<(PlanVersionSummary, PlanFormId)>>, Failure> {
    type Found =
        (PlanId, PlanVersionId, i32, PlanVersionState, PlanFormId, Option<NaiveDate>, Option<NaiveDate>);
    let theirs = plan_versions::table
        .filter(plan_versions::plan_id.eq_any(binds(ids)))
        .order((plan_versions::plan_id, plan_versions::number));
    let columns = (
        plan_versions::plan_id,
        plan_versions::id,
        plan_versions::number,
        plan_versions::state,
        plan_versions::form_id,
        plan_versions::submitted_on,
        plan_versions::adopted_on,
    );
    let found: Vec<Found> = db!(tx, load, theirs.select(columns))?;
    let mut all: HashMap<PlanId, Vec<(PlanVersionSummary, PlanFormId)>> = HashMap::new();
    for (plan, id, number, state, form, submitted_on, adopted_on) in found.into_iter().rev() {
        let told = PlanVersionSummary { id, number, state, submitted_on, adopted_on };
        all.entry(plan).or_default().push((told, form));
    }
    Ok(all)
}

/// The cards of rows that the caller sees. The actions of a single one are judged by all rules.
pub(super) async fn shown(
    tx: &mut Tx<'_>,
    rows: Vec<(Row, PlanStanding)>,
    judged: Judged,
) -> Result<Vec<PlanCard>, Failure> {
    let ids: Vec<PlanId> = rows.iter().map(|it| it.0.id).collect();
    let mut versions = versions(tx, &ids).await?;
    let editions: Vec<PlanFormId> = versions.values().flatten().map(|it| it.1).collect();
    let forms = plan_forms::of_versions(tx, &editions).await?;
    let opened: Vec<(Plan, Row, PlanStanding)> =
        tx.readable(rows.into_iter().map(|(row, by)| Ok((row.whole(tx)?, row, by))))?;
    let mut cards = Vec::with_capacity(opened.len());
    for (it, row, by) in opened {
        let told = versions.remove(&row.id).unwrap_or_default();
        let last = told.first().map(|it| it.0.state);
        let reads = |it: &(PlanVersionSummary, PlanFormId)| {
            forms.get(&it.1).is_some_and(|form| by.eyes.read(&form.layout, it.0.state))
        };
        let versions = told.into_iter().filter(reads).map(|it| it.0).take(SHOWN).collect();
        let offers = PlanOffers { it: &it, last, by: &by };
        let may = |right| tx.may(right);
        let available_actions = match judged {
            Judged::Whole => offered(tx, &offers, Subject::new(SubjectKind::Plan, row.id)).await?,
            Judged::State => available(&offers, row.id, judged, may, may),
        };
        let is_staff = by.eyes == PlanEyes::Staff;
        let end_note = if let Plan::Ended(it) = &it { it.note.clone() } else { None };
        let is_open = row.ended_on.is_none();
        cards.push(PlanCard {
            id: row.id,
            version: row.version,
            state: it.state(),
            kind: row.kind,
            beneficiary_id: row.beneficiary_id,
            case_id: row.case_id.filter(|_| is_staff),
            organization_id: row.organization_id,
            opened_on: row.opened_on,
            review_on: row.review_on,
            is_review_overdue: is_open && row.review_on.is_some_and(|it| it < tx.today()),
            ended_on: row.ended_on,
            end_reason: row.end_reason,
            end_note: end_note.filter(|_| is_staff),
            versions,
            available_actions,
            created_at: row.created_at,
            updated_at: row.updated_at,
        });
    }
    Ok(cards)
}

/// The card of one plan.
pub async fn card(tx: &mut Tx<'_>, id: PlanId) -> Result<PlanCard, Failure> {
    let (row, ward) = row(tx, id).await?;
    let by = row.standing(tx, &ward);
    shown(tx, vec![(row, by)], Judged::Whole).await?.pop().ok_or_else(|| missing(id))
}

/// Loads a plan that a rule will change, and the caller's standing to it.
pub async fn load(tx: &mut Tx<'_>, id: PlanId) -> Result<(Plan, PlanStanding), Failure> {
    let (row, ward) = row(tx, id).await?;
    tx.expect(row.version)?;
    Ok((row.whole(tx)?, row.standing(tx, &ward)))
}

/// The plans of a person that the caller sees, under any record, the newest first.
pub async fn of_beneficiary(
    tx: &mut Tx<'_>,
    beneficiary: BeneficiaryId,
    filter: &PlanFilter,
    window: &Window,
) -> Result<Page<PlanCard>, Failure> {
    let subject = Subject::new(SubjectKind::Beneficiary, beneficiary);
    let mut wards = vec![Ward::of(tx, beneficiary).await?.ok_or(Failure::NotFound(Some(subject)))?];
    let others = one_person::of(tx, beneficiary).await?.others();
    // A caller who does not see the one that is asked for learns nothing of the others by it.
    if !others.is_empty() && tx.above().reaches(tx, subject).await? {
        for other in others {
            wards.extend(Ward::of(tx, other).await?);
        }
    }
    let mut rows: Vec<(Row, PlanStanding)> = Vec::new();
    for ward in &wards {
        let found = rows_of(tx, ward, filter, window).await?;
        rows.extend(found.into_iter().map(|it| (it.clone(), it.standing(tx, ward))));
    }
    if rows.is_empty() && !tx.above().reaches(tx, subject).await? {
        return Err(Failure::NotFound(Some(subject)));
    }
    let page = window.page(window.first_of(rows, false, |it| it.0.id), |it| Place::id(it.0.id));
    Ok(Page { items: shown(tx, page.items, Judged::State).await?, next: page.next })
}

/// The first plans of a record that the caller sees.
async fn rows_of(
    tx: &mut Tx<'_>,
    ward: &Ward,
    filter: &PlanFilter,
    window: &Window,
) -> Result<Vec<Row>, Failure> {
    let scope = tx.scope().clone();
    let (is_whole, is_responsible) = (ward.is_reached_whole(&scope), ward.is_responsible(&scope));
    Ok(db!(tx, load, {
        let mut all = plans::table
            .filter(plans::beneficiary_id.eq(bind(ward.id)))
            .select(Row::as_select())
            .order(plans::id.desc())
            .limit(window.fetch())
            .into_boxed();
        if !is_whole {
            let own = among(plans::organization_id, &scope.organizations);
            all = all.filter(own.or_by(when(is_responsible, plans::case_id.is_null())));
        }
        if let Some(after) = window.after_id() {
            all = all.filter(plans::id.lt(bind(after)));
        }
        if let Some(kind) = &filter.kind {
            all = all.filter(plans::kind.eq_any(any(kind)));
        }
        if let Some(case) = filter.case_id {
            all = all.filter(plans::case_id.eq(bind(Some(case))));
        }
        let is_asked = |it| filter.state.as_ref().is_none_or(|asked| asked.has(&it));
        match (is_asked(PlanState::Open), is_asked(PlanState::Ended)) {
            (true, false) => all = all.filter(plans::ended_on.is_null()),
            (false, true) => all = all.filter(plans::ended_on.is_not_null()),
            _ => {}
        }
        all
    })?)
}

/// The open plans with an adopted version, in the order of their review, that the caller's institution answers for or that the caller
/// oversees.
pub async fn list(
    tx: &mut Tx<'_>,
    filter: &PlanReviewFilter,
    window: &Window,
) -> Result<Page<PlanCard>, Failure> {
    let scope = tx.scope().clone();
    let mut found: HashMap<PlanId, Row> = HashMap::new();
    let mut ways: Vec<Option<OrganizationId>> = scope.organizations.iter().copied().map(Some).collect();
    if scope.everything || !scope.territories.is_empty() {
        ways.push(None);
    }
    for way in ways {
        let territories = scope.territories.as_slice();
        let there = way.is_none() && !scope.everything;
        found.extend(
            due(tx, way, there.then_some(territories), filter, window)
                .await?
                .into_iter()
                .map(|it| (it.id, it)),
        );
    }
    let rows = window.first_of(found.into_values().collect(), true, |it| (it.review_on, it.id));
    let page =
        window.page(rows, |it| Place { text: it.review_on.map(|it| it.to_string()), id: it.id.into() });
    let of: Vec<BeneficiaryId> = page.items.iter().map(|it| it.beneficiary_id).collect();
    let wards = Ward::of_each(tx, &of).await?;
    let mut rows = Vec::with_capacity(page.items.len());
    for row in page.items {
        if let Some(ward) = wards.get(&row.beneficiary_id) {
            let by = row.standing(tx, ward);
            rows.push((row, by));
        }
    }
    Ok(Page { items: shown(tx, rows, Judged::State).await?, next: page.next })
}

/// The first plans to review of an institution, of territories or of the region.
async fn due(
    tx: &mut Tx<'_>,
    of: Option<OrganizationId>,
    territories: Option<&[Oktmo]>,
    filter: &PlanReviewFilter,
    window: &Window,
) -> Result<Vec<Row>, Failure> {
    let today = tx.today();
    Ok(db!(tx, load, {
        let mut all = plans::table
            .filter(plans::review_on.is_not_null())
            .filter(plans::ended_on.is_null())
            .select(Row::as_select())
            .order((plans::review_on.asc(), plans::id.asc()))
            .limit(window.fetch())
            .into_boxed();
        if let Some(of) = of {
            all = all.filter(plans::organization_id.eq(bind(of)));
        }
        if let Some(territories) = territories {
            let there = beneficiaries::table
                .filter(within(beneficiaries::territory, territories))
                .select(beneficiaries::id);
            all = all.filter(plans::beneficiary_id.eq_any(there));
        }
        match filter.overdue {
            Some(true) => all = all.filter(plans::review_on.assume_not_null().lt(today)),
            Some(false) => all = all.filter(plans::review_on.assume_not_null().ge(today)),
            None => {}
        }
        if let Some(place) = window.after.as_ref()
            && let Some(day) = place.text.as_ref().and_then(|it| it.parse::<NaiveDate>().ok())
        {
            // The first condition begins the index there; the other one is asked of the rows of that day.
            let day_on = plans::review_on.assume_not_null();
            all = all
                .filter(day_on.ge(day))
                .filter(day_on.gt(day).or(plans::id.gt(bind(PlanId::from(place.id)))));
        }
        all
    })?)
}

/// The stored data that the opening of a plan needs, for a beneficiary whom the right of this transaction reaches.
pub async fn opening(
    tx: &mut Tx<'_>,
    id: BeneficiaryId,
    order: &PlanOpening,
) -> Result<PlanOpeningFacts, Failure> {
    let missing = || Failure::NotFound(Some(Subject::new(SubjectKind::Beneficiary, id)));
    let ward = Ward::of(tx, id).await?.ok_or_else(missing)?;
    let organization_id = match order.case_id {
        Some(case) => of_case(tx, case, id).await?,
        None => ward.institution(tx),
    };
    // A person has one plan of a kind without a case, under all records of the person.
    let owners: Vec<AnyId> = match order.case_id {
        Some(case) => binds(&[case]),
        None => binds(&one_person::beginning_on(tx, id, None).await?.records()),
    };
    let same = plans::table
        .filter(plans::owner_id.eq_any(owners))
        .filter(plans::kind.eq(bind(order.kind)))
        .filter(plans::ended_on.is_null());
    let is_open_already = db!(tx, get_result, diesel::select(exists(same)))?;
    let has_form = plan_forms::effective(tx, order.kind, tx.today()).await?.is_some();
    let by = ward.standing(tx, order.kind, organization_id);
    let is_removed = register::is_removed(tx, id).await?;
    let lives = lives_of(tx, id).await?;
    Ok(PlanOpeningFacts {
        beneficiary_id: id,
        organization_id,
        has_form,
        is_open_already,
        is_removed,
        lives,
        by,
    })
}

/// The institution of an open case of the person, under any record, that the caller sees.
async fn of_case(tx: &mut Tx<'_>, case: CaseId, of: BeneficiaryId) -> Result<OrganizationId, Failure> {
    let records = one_person::of(tx, of).await?.records();
    let one = cases::table.find(bind(case)).filter(cases::beneficiary_id.eq_any(binds(&records)));
    let found: Option<(OrganizationId, CaseState)> =
        db!(tx, first, one.select((cases::organization_id, cases::state))).optional()?;
    let is_seen = sees(tx, Subject::new(SubjectKind::Case, case)).await?;
    match found.filter(|_| is_seen) {
        Some((organization, CaseState::Open)) => Ok(organization),
        Some(_) => Err(Refused::from(CASE_NOT_OPEN.reason().at("/case_id")).into()),
        None => Err(dangling("/case_id")),
    }
}

/// The first day within the given ones on which a version of the life plan of the beneficiary was adopted.
pub(crate) async fn life_plan_adopted(
    tx: &mut Tx<'_>,
    beneficiary: BeneficiaryId,
    (first, last): (NaiveDate, NaiveDate),
) -> Result<Option<NaiveDate>, Failure> {
    let records = one_person::of(tx, beneficiary).await?.records();
    let adopted = plan_versions::table
        .inner_join(plans::table)
        .filter(plans::beneficiary_id.eq_any(binds(&records)))
        .filter(plans::kind.eq(bind(PlanKind::LifePlan)))
        .filter(plan_versions::adopted_on.assume_not_null().between(first, last));
    Ok(db!(tx, first, adopted.select(min(plan_versions::adopted_on)))?)
}

/// The open plans among these rows.
fn open_of(tx: &Tx<'_>, rows: Vec<Row>) -> Result<Vec<OpenPlan>, Failure> {
    let mut all = Vec::new();
    for row in rows {
        if let Plan::Open(open) = row.whole(tx)? {
            all.push(open);
        }
    }
    Ok(all)
}

/// The open plans of a case. The caller's scope does not limit them.
pub(super) async fn open_of_case(tx: &mut Tx<'_>, case: CaseId) -> Result<Vec<OpenPlan>, Failure> {
    let theirs = plans::table.filter(plans::case_id.eq(bind(Some(case)))).filter(plans::ended_on.is_null());
    let rows: Vec<Row> = db!(tx, load, theirs.order(plans::id).select(Row::as_select()))?;
    open_of(tx, rows)
}

/// The open plans of a person in an organization, under any record, that belong to no case. The caller's scope does not limit them.
pub(super) async fn open_of_beneficiary(
    tx: &mut Tx<'_>,
    of: BeneficiaryId,
    organization: OrganizationId,
) -> Result<Vec<OpenPlan>, Failure> {
    let records = one_person::of(tx, of).await?.records();
    let mut all = open_without_case(tx, &records).await?;
    all.retain(|it| it.organization_id == organization);
    Ok(all)
}

/// The open plans of these beneficiaries that belong to no case. The caller's scope does not limit them.
pub(super) async fn open_without_case(
    tx: &mut Tx<'_>,
    of: &[BeneficiaryId],
) -> Result<Vec<OpenPlan>, Failure> {
    let theirs = plans::table
        .filter(plans::beneficiary_id.eq_any(binds(of)))
        .filter(plans::case_id.is_null())
        .filter(plans::ended_on.is_null());
    let rows: Vec<Row> = db!(tx, load, theirs.order(plans::id).select(Row::as_select()))?;
    open_of(tx, rows)
}

/// Gives a plan that was passed on the day of review of the former one. Its opening in this transaction tells of it.
pub(super) async fn keep_review(tx: &mut Tx<'_>, from: PlanId, to: PlanId) -> Result<(), Failure> {
    let was = plans::table.find(bind(from)).select(plans::review_on);
    let review_on: Option<NaiveDate> = db!(tx, first, was)?;
    let set = plans::review_on.eq(review_on);
    db!(tx, execute, prepared(diesel::update(plans::table.find(bind(to))).set(set)))?;
    Ok(())
}
