//! Cases in the database.
//!
//! - this page: a row, its card, and the rows that a scope reaches.
//! - `list`: the list and its filters.
//! - `changes`: what rules need from other rows, and the saving. `opening`: all that the opening of a case asks.
//! - `months`: cases that are expected to have a record of a month.
//! - `regularity`: contacts and snapshots that are due.
//! - `reviews`: reviews that are due, and completed ones.
use crate::accompaniment::transfers;
use crate::engine::card::cards;
use crate::engine::column::{bind, binds};
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::schema::{beneficiaries, cases, families, people};
use crate::people::{Human, name};
use crate::region::terms::Terms;
pub(crate) use crate::scope::cases::seen;
use crate::scope::{Way, among, when, within};
use crate::tx::Tx;
pub(crate) use changes::{against_days, close_by_death, open_in, save_continued, save_stage};
pub use changes::{
    closing_facts, found, must_be_unit_of, must_serve, save_assigned, save_closed, save_edited,
};
use changes::{offer_facts, opening_facts, save_opened};
use chrono::NaiveDate;
use diesel::dsl::exists;
use diesel::prelude::*;
use domain::accompaniment::cases::grounds::{CaseForm, CaseKind, CaseStage, LegalBasis};
use domain::accompaniment::cases::reviews::DueReview;
use domain::accompaniment::cases::{
    Case, CaseClosingFacts, CaseClosingReason, CaseOffers, CaseState, Closed, Open,
};
use domain::base::access::Right;
use domain::base::action::{AvailableAction, Judged, available};
use domain::base::change::{Subject, SubjectKind};
use domain::base::id::{BeneficiaryId, CaseId, FileId, OrganizationId, UnitId, UserId};
use domain::base::moment::Moment;
use domain::base::text::{Note, Title};
use domain::entries::entered_under;
use domain::region::terms::TermKind;
pub use list::{CaseCountQuestion, CaseFilter, counts, list};
pub(crate) use months::{Expected, ExpectedIn, MonthlyCase, completeness, expected, with_months};
pub use opening::open_by_order;
pub(crate) use opening::{open, open_by};
use regularity::Latest;
pub(crate) use regularity::{last_snapshot_on, pass_on_contract};
pub use reviews::{CaseReviewCard, list_reviews, reviews_of, save_reviewed};
pub(crate) use reviews::{born_on, pass_on_reviews};
use shape::card;

mod changes;
mod opening;
mod regularity;
mod reviews;

/// A case as every endpoint returns it.
#[card]
pub struct CaseCard {
    /// The id of the case.
    pub id: CaseId,
    /// The version number; it grows with every change and stands before the dot of the `ETag` header.
    #[schema(minimum = 1, example = 1)]
    pub version: i64,
    /// The state of the case.
    pub state: CaseState,
    /// The beneficiary of the case.
    pub beneficiary_id: BeneficiaryId,
    /// The full name of the person, or the name that specialists use for the family.
    #[schema(min_length = 1, max_length = 302, example = "Семья Морозовых")]
    pub beneficiary_name: String,
    /// The organization that accompanies the beneficiary.
    pub organization_id: OrganizationId,
    /// The account of the specialist in charge.
    pub specialist_user_id: Option<UserId>,
    /// The kind of accompaniment.
    pub kind: CaseKind,
    /// The stage.
    pub stage: CaseStage,
    /// The first day of the stage.
    pub stage_since: NaiveDate,
    /// The unit that accompanies.
    pub unit_id: Option<UnitId>,
    /// Legal bases of the case.
    #[schema(max_items = 10)]
    pub legal_bases: Vec<LegalBasis>,
    /// The case that this one continues.
    pub continues_id: Option<CaseId>,
    /// The first day of accompaniment.
    pub opened_on: NaiveDate,
    /// The reason for the case.
    pub reason: Option<Note>,
    /// The last day of accompaniment, once the case is closed.
    pub closed_on: Option<NaiveDate>,
    /// The reason for closing the case.
    pub closing_reason: Option<CaseClosingReason>,
    /// The reason for closing, in words.
    pub closing_note: Option<Note>,
    /// The signed document of the closing.
    pub closing_file_id: Option<FileId>,
    /// The day of the last contact that reached somebody.
    pub last_contact_on: Option<NaiveDate>,
    /// The day until which the next contact is due, of an open case.
    pub contact_due_on: Option<NaiveDate>,
    /// The day of the last snapshot of the life situation of a person in touch.
    pub last_snapshot_on: Option<NaiveDate>,
    /// The day until which the next snapshot is due, of an open case.
    pub snapshot_due_on: Option<NaiveDate>,
    /// The last day of the contract about housing, as the last snapshot of a person in touch tells it. Before the first one of a case that
    /// was handed over with the part `life`, the former case tells it.
    pub housing_contract_until: Option<NaiveDate>,
    /// The day until which an open case of a care leaver comes before a primary consilium, if none about it was closed.
    pub primary_consilium_due_on: Option<NaiveDate>,
    /// Reviews that are due, of an open case: from the days before a birthday until they are completed.
    #[schema(max_items = 2)]
    pub reviews_due: Vec<DueReview>,
    /// Orders that this caller may send to the case now.
    #[schema(max_items = 20)]
    pub available_actions: Vec<AvailableAction>,
    /// The moment at which the case was entered.
    pub created_at: Moment,
    /// The moment of the last change.
    pub updated_at: Moment,
}

cards! { CaseCard in "cases" about Case; }

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = cases)]
struct Row {
    id: CaseId,
    version: i64,
    beneficiary_id: BeneficiaryId,
    organization_id: OrganizationId,
    specialist_user_id: Option<UserId>,
    opened_on: NaiveDate,
    reason: Option<String>,
    state: CaseState,
    closed_on: Option<NaiveDate>,
    closing_reason: Option<CaseClosingReason>,
    closing_note: Option<String>,
    created_at: Moment,
    updated_at: Moment,
    kind: CaseKind,
    stage: CaseStage,
    stage_since: Option<NaiveDate>,
    unit_id: Option<UnitId>,
    legal_bases: Option<String>,
    continues_id: Option<CaseId>,
    closing_file_id: Option<FileId>,
    stage_left: Option<CaseStage>,
    months_from: Option<NaiveDate>,
    handed_contract_until: Option<NaiveDate>,
}

type Named = (Row, Option<Human>, Option<Title>);

const REASON: &str = "cases.reason";
const CLOSING_NOTE: &str = "cases.closing_note";
const LEGAL_BASES: &str = "cases.legal_bases";

macro_rules! columns {
    () => {
        (Row::as_select(), Option::<Human>::as_select(), families::name.nullable())
    };
}

/// Cases with their beneficiaries, as far as a card names these.
macro_rules! named {
    () => {
        cases::table.inner_join(beneficiaries::table.left_join(people::table).left_join(families::table))
    };
}

/// The visible cases with their beneficiaries.
macro_rules! visible {
    ($scope:expr) => {
        $crate::scope::cases::seen!(named!(), $scope)
    };
}

mod list;
mod months;

fn missing(id: CaseId) -> Failure {
    Failure::NotFound(Some(Subject::new(SubjectKind::Case, id)))
}

/// Whether the right of this transaction reaches the case.
pub(crate) async fn reaches(tx: &mut Tx<'_>, id: CaseId) -> Result<bool, Failure> {
    let scope = tx.scope().clone();
    Ok(db!(tx, get_result, {
        let found = visible!(scope).filter(cases::id.eq(bind(id)));
        diesel::select(exists(found.select(cases::id)))
    })?)
}

/// The beneficiary of a case, in the sight of nobody.
pub(crate) async fn beneficiary_of(tx: &mut Tx<'_>, id: CaseId) -> Result<BeneficiaryId, Failure> {
    Ok(db!(tx, first, cases::table.find(bind(id)).select(cases::beneficiary_id))?)
}

/// The names of the beneficiaries of those of the given cases that the right of this transaction reaches.
pub(crate) async fn names(tx: &mut Tx<'_>, ids: &[CaseId]) -> Result<Vec<(CaseId, String)>, Failure> {
    let (scope, some) = (tx.scope().clone(), cases::id.eq_any(binds(ids)));
    let found: Vec<Named> = db!(tx, load, visible!(scope).filter(some).select(columns!()))?;
    Ok(found.into_iter().map(|(it, person, family)| (it.id, name(person.as_ref(), family))).collect())
}

async fn named(tx: &mut Tx<'_>, id: CaseId) -> Result<Named, Failure> {
    let scope = tx.scope().clone();
    db!(tx, first, visible!(scope).filter(cases::id.eq(bind(id))).select(columns!()))
        .optional()?
        .ok_or_else(|| missing(id))
}

fn may_edit(tx: &Tx<'_>, it: &Row) -> bool {
    tx.scope_of(Right::EditCases).answers_for(it.organization_id)
}

fn shown(
    tx: &Tx<'_>,
    (it, person, family): Named,
    judged: Judged,
    facts: Option<&CaseClosingFacts>,
    (terms, latest, is_proposed): (&Terms, Latest, bool),
) -> Result<CaseCard, Failure> {
    let under = entered_under(SubjectKind::Case);
    let of = it.organization_id;
    let reaches = |right| tx.answers_for(right, of);
    let (stage, stage_since) = (it.stage, it.stage_since.unwrap_or(it.opened_on));
    let is_open = it.state == CaseState::Open;
    let due = if is_open { latest.due(terms, stage, stage_since) } else { (None, None) };
    let asks_primary = is_open && it.kind.asks_primary_consilium(stage, it.continues_id);
    let primary_due = Some(it.opened_on).filter(|_| asks_primary && !latest.had_primary);
    let (born_on, today) = (person.as_ref().map(|it| it.birth_date), tx.today());
    let contract_until = latest.contract_until(it.handed_contract_until);
    let reviews = reviews::reviews(terms, (it.kind, it.opened_on), born_on, latest.reviews);
    let reviews_due = if is_open { reviews.due(today) } else { Vec::new() };
    let reviews = (judged == Judged::Whole).then_some((&reviews, today));
    let offers = CaseOffers { state: it.state, kind: it.kind, facts, is_proposed, reviews, under };
    let bases: Option<Vec<LegalBasis>> =
        tx.core.keys.open_some(LEGAL_BASES, it.id, it.legal_bases.as_deref())?;
    Ok(CaseCard {
        kind: it.kind,
        stage,
        stage_since,
        unit_id: it.unit_id,
        legal_bases: bases.unwrap_or_default(),
        continues_id: it.continues_id,
        closing_file_id: it.closing_file_id,
        last_contact_on: latest.contact_on,
        contact_due_on: due.0,
        last_snapshot_on: latest.snapshot_on,
        snapshot_due_on: due.1,
        housing_contract_until: contract_until,
        primary_consilium_due_on: primary_due.and_then(|it| terms.due(TermKind::PrimaryConsilium, it)),
        reviews_due,
        id: it.id,
        version: it.version,
        state: it.state,
        beneficiary_id: it.beneficiary_id,
        beneficiary_name: name(person.as_ref(), family),
        organization_id: it.organization_id,
        specialist_user_id: it.specialist_user_id,
        opened_on: it.opened_on,
        reason: tx.core.keys.open_some(REASON, it.id, it.reason.as_deref())?,
        closed_on: it.closed_on,
        closing_reason: it.closing_reason,
        closing_note: tx.core.keys.open_some(CLOSING_NOTE, it.id, it.closing_note.as_deref())?,
        available_actions: available(&offers, it.id, judged, reaches, |right| tx.may(right)),
        created_at: it.created_at,
        updated_at: it.updated_at,
    })
}

/// The card of one case.
pub async fn card(tx: &mut Tx<'_>, id: CaseId) -> Result<CaseCard, Failure> {
    let row = named(tx, id).await?;
    let open = match whole(tx, row.0.clone())? {
        Case::Open(open) if may_edit(tx, &row.0) => Some(open),
        _ => None,
    };
    let facts = match &open {
        Some(open) => Some(offer_facts(tx, open).await?),
        None => None,
    };
    let (terms, mut latest) = (Terms::of(tx).await?, regularity::latest(tx, &[id]).await?);
    let latest = latest.remove(&id).unwrap_or_default();
    let is_proposed = transfers::is_pending(tx, id).await?;
    shown(tx, row, Judged::Whole, facts.as_ref(), (&terms, latest, is_proposed))
}

/// Loads a case that a rule will change.
pub async fn load(tx: &mut Tx<'_>, id: CaseId) -> Result<Case, Failure> {
    let (it, ..) = named(tx, id).await?;
    tx.expect(it.version)?;
    whole(tx, it)
}

fn whole(tx: &Tx<'_>, it: Row) -> Result<Case, Failure> {
    let id = it.id;
    let bases = tx.core.keys.open_some(LEGAL_BASES, id, it.legal_bases.as_deref())?;
    let was = Open {
        id,
        beneficiary_id: it.beneficiary_id,
        organization_id: it.organization_id,
        specialist_user_id: it.specialist_user_id,
        opened_on: it.opened_on,
        reason: tx.core.keys.open_some(REASON, id, it.reason.as_deref())?,
        kind: it.kind,
        stage: it.stage,
        stage_since: it.stage_since.unwrap_or(it.opened_on),
        stage_left: it.stage_left,
        continues_id: it.continues_id,
        form: CaseForm { unit_id: it.unit_id, legal_bases: bases.unwrap_or_default() },
    };
    match (it.closed_on, it.closing_reason) {
        (Some(closed_on), Some(reason)) => {
            let note = tx.core.keys.open_some(CLOSING_NOTE, id, it.closing_note.as_deref())?;
            Ok(Case::Closed(Closed { was, closed_on, reason, note, file_id: it.closing_file_id }))
        }
        _ => Ok(Case::Open(was)),
    }
}
