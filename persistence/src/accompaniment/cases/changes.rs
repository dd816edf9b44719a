//! Facts of other rows that rules about cases need, and the saving of cases.
use super::{CLOSING_NOTE, LEGAL_BASES, REASON, Row, named, whole};
use super::{regularity, reviews};
use crate::accompaniment::{plans, rules, tasks, team, transfers};
use crate::engine::column::{bind, binds};
use crate::engine::conn::{db, prepared};
use crate::engine::failure::Failure;
use crate::engine::schema::{beneficiaries, cases, mentorships};
use crate::entry;
use crate::people::{against_life, lives_of, one_person};
use crate::region::users;
use crate::sight::{dangling, must_refer};
use crate::tx::{OpenInCase, ToldDay, Tx};
use chrono::{Days, NaiveDate};
use diesel::dsl::{exists, max};
use diesel::prelude::*;
use domain::accompaniment::cases::grounds::CaseOpeningFacts;
use domain::accompaniment::cases::{
    CASE_TAKEN, Case, CaseClosingFacts, CaseOpening, CaseState, Closed, Open,
};
use domain::base::change::{Changed, SubjectKind};
use domain::base::id::{BeneficiaryId, CaseId, OrganizationId, UnitId, UserId};
use domain::base::refusal::{Reason, Refused};
use domain::people::BeneficiaryKind;
use domain::region::organizations::UnitForm;

/// Updates a case, if it is open. No other state takes a change.
macro_rules! open_case {
    ($id:expr) => {
        cases::table.filter(cases::id.eq(bind($id))).filter(cases::state.eq(bind(CaseState::Open)))
    };
}
pub(super) use open_case;

/// Saves a change of an open case with these facts.
macro_rules! save {
    ($tx:expr, $id:expr, $records:expr, $set:expr) => {{
        let step = (cases::version.eq(cases::version + 1), cases::updated_at.eq(bind($tx.now())));
        let rows = db!($tx, execute, prepared(diesel::update(open_case!($id)).set((step, $set))))?;
        $tx.established(rows, $records)
    }};
}

/// Refuses an order that puts somebody in charge of a case without a role in the organization that accompanies.
///
/// Those who may open a case there see the organization's accounts anyway. So the refusal tells nothing of accounts
/// elsewhere.
pub async fn must_serve(
    tx: &mut Tx<'_>,
    specialist: Option<UserId>,
    organization: OrganizationId,
) -> Result<(), Failure> {
    let Some(specialist) = specialist else { return Ok(()) };
    match users::serves(tx, specialist, organization).await? {
        true => Ok(()),
        false => Err(dangling("/specialist_user_id")),
    }
}

/// Refuses a unit that the caller does not see, that is annulled, or that is another organization's. Where the organization is not there,
/// the unit may be of any.
pub async fn must_be_unit_of(
    tx: &mut Tx<'_>,
    unit: Option<UnitId>,
    organization: impl Into<Option<OrganizationId>>,
) -> Result<(), Failure> {
    let Some(unit) = unit else { return Ok(()) };
    must_refer(tx, SubjectKind::Unit, Some(unit), "/unit_id").await?;
    let organization: Option<OrganizationId> = organization.into();
    let Some(organization) = organization else { return Ok(()) };
    let it = entry::found::<UnitForm>(tx, unit).await?;
    match it.parent == Some(organization.into()) && it.annulment.is_none() {
        true => Ok(()),
        false => Err(dangling("/unit_id")),
    }
}

/// The reasons against days of what is entered under a case: outside of the lives that it is about, or of the case.
pub(crate) async fn against_days(
    tx: &mut Tx<'_>,
    id: CaseId,
    days: &[ToldDay],
) -> Result<Vec<Reason>, Failure> {
    let row: Row = db!(tx, first, cases::table.find(bind(id)).select(Row::as_select()))?;
    let lives = lives_of(tx, row.beneficiary_id).await?;
    let mut reasons = against_life(&lives, days);
    let case = whole(tx, row)?;
    let own = days.iter().filter(|it| it.is_own);
    reasons
        .extend(own.filter_map(|it| Some(case.against_day(it.day, tx.today())?.at(format!("/{}", it.name)))));
    Ok(reasons)
}

/// The mentorships of the person of a case in its organization. A case under one record carries those under another.
macro_rules! pairs_of {
    ($records:expr, $case:expr) => {
        mentorships::table
            .filter(mentorships::beneficiary_id.eq_any(binds(&$records)))
            .filter(mentorships::organization_id.eq(bind($case.organization_id)))
    };
}

/// The facts that rules judge when a case is closed.
pub async fn closing_facts(tx: &mut Tx<'_>, of: &Open) -> Result<CaseClosingFacts, Failure> {
    let open = tx.above().open_in_case(tx, of.id).await?;
    let records = one_person::of(tx, of.beneficiary_id).await?.records();
    let begun = pairs_of!(records, of).filter(mentorships::starts_on.is_not_null());
    let mentorship_lasted_until = db!(tx, first, begun.select(max(mentorships::ended_on)))?;
    let recorded_until = regularity::recorded_until(tx, of.id).await?.max(open.recorded_until);
    let facts = facts_by(tx, of, open).await?;
    Ok(CaseClosingFacts { mentorship_lasted_until, recorded_until, ..facts })
}

/// The same for the card, which offers a closing and a transfer before their day is known: whether anything refuses them on any day.
pub(super) async fn offer_facts(tx: &mut Tx<'_>, of: &Open) -> Result<CaseClosingFacts, Failure> {
    let blocking = tx.above().blocking_in_case(tx, of.id).await?;
    facts_by(tx, of, blocking).await
}

async fn facts_by(tx: &mut Tx<'_>, of: &Open, open: OpenInCase) -> Result<CaseClosingFacts, Failure> {
    let records = one_person::of(tx, of.beneficiary_id).await?.records();
    let unended = pairs_of!(records, of).filter(mentorships::ended_on.is_null());
    let lives = lives_of(tx, of.beneficiary_id).await?;
    let rules = rules::in_force(tx).await?;
    let days = Days::new(u64::try_from(rules.lost_contact_days).unwrap_or(0));
    Ok(CaseClosingFacts {
        unended_mentorships: db!(tx, get_result, unended.count())?,
        mentorship_lasted_until: None,
        has_died: lives.has_death(),
        is_over: lives.are_over(),
        lost_attempts: match tx.today().checked_sub_days(days) {
            Some(since) => regularity::lost_attempts(tx, of.id, since).await?,
            None => 0,
        },
        attempts_needed: rules.lost_contact_attempts,
        recorded_until: None,
        ends_with_case: open.ends_with_case,
        outlasts_case: open.outlasts_case,
        against_transfer: open.against_transfer,
    })
}

/// Closes the open cases of these beneficiaries, whose lives are over. The caller's scope does not limit it.
pub(crate) async fn close_by_death(
    tx: &mut Tx<'_>,
    over: &[BeneficiaryId],
    died_on: NaiveDate,
) -> Result<(), Failure> {
    let open = cases::table
        .filter(cases::beneficiary_id.eq_any(binds(over)))
        .filter(cases::state.eq(bind(CaseState::Open)))
        .order(cases::id);
    let rows: Vec<Row> = db!(tx, load, open.select(Row::as_select()))?;
    for row in rows {
        if let Case::Open(open) = whole(tx, row)? {
            let facts = closing_facts(tx, &open).await?;
            let closed = open.close_by_death(died_on, &facts);
            save_closed(tx, closed).await?;
        }
    }
    Ok(())
}

/// Saves a new case.
pub(super) async fn save_opened(tx: &mut Tx<'_>, change: Changed<Open>) -> Result<(), Failure> {
    let (it, records) = change.into_parts();
    must_be_only(tx, &it).await?;
    let born_on = reviews::born_on(tx, it.beneficiary_id).await?;
    let row = (
        cases::id.eq(bind(it.id)),
        cases::version.eq(1),
        cases::beneficiary_id.eq(bind(it.beneficiary_id)),
        cases::organization_id.eq(bind(it.organization_id)),
        cases::specialist_user_id.eq(bind(it.specialist_user_id)),
        cases::opened_on.eq(it.opened_on),
        cases::reason.eq(bind(tx.core.keys.seal_some(REASON, it.id, it.reason.as_ref())?)),
        cases::state.eq(bind(CaseState::Open)),
        cases::kind.eq(bind(it.kind)),
        cases::stage.eq(bind(it.stage)),
        cases::stage_since.eq(Some(it.stage_since)),
        cases::stage_left.eq(bind(it.stage_left)),
        cases::unit_id.eq(bind(it.form.unit_id)),
        cases::legal_bases.eq(bind(bases(tx, &it)?)),
        cases::continues_id.eq(bind(it.continues_id)),
        cases::born_on.eq(born_on),
        cases::created_at.eq(bind(tx.now())),
        cases::updated_at.eq(bind(tx.now())),
    );
    let rows = db!(tx, execute, diesel::insert_into(cases::table).values(row))?;
    tx.established(rows, records)
}

/// Refuses a second open case of a person in an organization, under any record. A unique index guards it under one record.
async fn must_be_only(tx: &mut Tx<'_>, it: &Open) -> Result<(), Failure> {
    match open_in(tx, it.beneficiary_id, it.organization_id).await? {
        None => Ok(()),
        Some(_) => Err(Refused::from(CASE_TAKEN.reason().at("/beneficiary_id")).into()),
    }
}

/// The legal bases of a case, sealed. None for a case without any.
fn bases(tx: &Tx<'_>, it: &Open) -> Result<Option<String>, Failure> {
    let told = Some(&it.form.legal_bases).filter(|it| !it.is_empty());
    tx.core.keys.seal_some(LEGAL_BASES, it.id, told)
}

/// The facts that rules judge when a case is opened. A case that the caller does not see is not continued.
pub(super) async fn opening_facts(tx: &mut Tx<'_>, order: &CaseOpening) -> Result<CaseOpeningFacts, Failure> {
    let kind: BeneficiaryKind =
        db!(tx, first, beneficiaries::table.find(bind(order.beneficiary_id)).select(beneficiaries::kind))?;
    let continued = match order.continues_id {
        Some(id) => match found(tx, id).await {
            Ok(it) => Some(it),
            Err(Failure::NotFound(_)) => None,
            Err(other) => return Err(other),
        },
        None => None,
    };
    let others = cases::table.filter(cases::continues_id.eq(bind(order.continues_id)));
    let is_continued = order.continues_id.is_some() && db!(tx, get_result, diesel::select(exists(others)))?;
    let other_records = one_person::of(tx, order.beneficiary_id).await?.others();
    let is_family = kind == BeneficiaryKind::Family;
    Ok(CaseOpeningFacts { is_family, continued, is_continued, other_records })
}

/// A case for an order about another thing. It compares no version, because the version that the caller has seen is that thing's.
pub async fn found(tx: &mut Tx<'_>, id: CaseId) -> Result<Case, Failure> {
    let (row, ..) = named(tx, id).await?;
    whole(tx, row)
}

/// The open case of a person in an organization, under any record: one at most. The caller's scope does not limit it.
pub(crate) async fn open_in(
    tx: &mut Tx<'_>,
    beneficiary: BeneficiaryId,
    organization: OrganizationId,
) -> Result<Option<Open>, Failure> {
    let records = one_person::of(tx, beneficiary).await?.records();
    let open = cases::table
        .filter(cases::beneficiary_id.eq_any(binds(&records)))
        .filter(cases::organization_id.eq(bind(organization)))
        .filter(cases::state.eq(bind(CaseState::Open)));
    let row: Option<Row> = db!(tx, first, open.select(Row::as_select())).optional()?;
    match row.map(|it| whole(tx, it)).transpose()? {
        Some(Case::Open(it)) => Ok(Some(it)),
        _ => Ok(None),
    }
}

/// Saves the case that an open one continues.
pub(crate) async fn save_continued(tx: &mut Tx<'_>, change: Changed<Open>) -> Result<(), Failure> {
    let (it, records) = change.into_parts();
    let set = (cases::continues_id.eq(bind(it.continues_id)),);
    save!(tx, it.id, records, set)
}

/// Saves the stage to which a consilium has moved the case.
pub(crate) async fn save_stage(tx: &mut Tx<'_>, change: Changed<Open>) -> Result<(), Failure> {
    let (it, records) = change.into_parts();
    let set = (
        cases::stage.eq(bind(it.stage)),
        cases::stage_since.eq(Some(it.stage_since)),
        cases::stage_left.eq(bind(it.stage_left)),
    );
    save!(tx, it.id, records, set)
}

/// Saves the unit and the legal bases.
pub async fn save_edited(tx: &mut Tx<'_>, change: Changed<Open>) -> Result<(), Failure> {
    let (it, records) = change.into_parts();
    let set = (cases::unit_id.eq(bind(it.form.unit_id)), cases::legal_bases.eq(bind(bases(tx, &it)?)));
    save!(tx, it.id, records, set)
}

/// Saves the specialist in charge.
pub async fn save_assigned(tx: &mut Tx<'_>, change: Changed<Open>) -> Result<(), Failure> {
    let (it, records) = change.into_parts();
    let set = (cases::specialist_user_id.eq(bind(it.specialist_user_id)),);
    save!(tx, it.id, records, set)
}

/// Saves a closed case. Its tasks that are not done, its plans, its team and its open help end with it.
pub async fn save_closed(tx: &mut Tx<'_>, change: Changed<Closed>) -> Result<(), Failure> {
    let (it, records) = change.into_parts();
    let (id, closed_on) = (it.was.id, it.closed_on);
    let set = (
        cases::version.eq(cases::version + 1),
        cases::state.eq(bind(CaseState::Closed)),
        cases::closed_on.eq(Some(it.closed_on)),
        cases::closing_reason.eq(bind(Some(it.reason))),
        cases::closing_note.eq(bind(tx.core.keys.seal_some(CLOSING_NOTE, id, it.note.as_ref())?)),
        cases::closing_file_id.eq(bind(it.file_id)),
        cases::updated_at.eq(bind(tx.now())),
    );
    let rows = db!(tx, execute, prepared(diesel::update(open_case!(id)).set(set)))?;
    tx.established(rows, records)?;
    tasks::end_with_case(tx, id, it.reason).await?;
    transfers::end_with_case(tx, id).await?;
    plans::end_with_case(tx, id).await?;
    team::end_with_case(tx, id).await?;
    tx.above().case_closed(tx, id, closed_on).await
}
