//! Cases in the database.
use crate::accompaniment::tasks;
use crate::engine::card::cards;
use crate::engine::column::{bind, binds, each};
use crate::engine::conn::{db, prepared};
use crate::engine::failure::Failure;
use crate::engine::page::{Page, Place, Window};
use crate::engine::schema::{beneficiaries, cases, families, grants, mentorships, people, users};
use crate::people::{Human, lives_of, name};
use crate::scope::{Way, among, when, within};
use crate::tx::Tx;
use chrono::NaiveDate;
use diesel::dsl::{exists, max};
use diesel::prelude::*;
use domain::accompaniment::cases::{
    Case, CaseClosingFacts, CaseClosingReason, CaseOffers, CaseState, Closed, Open,
};
use domain::base::access::Right;
use domain::base::action::{AvailableAction, Judged, available};
use domain::base::change::{Changed, Subject, SubjectKind};
use domain::base::filters::any::AnyOf;
use domain::base::filters::order::{CaseGrouping, ListOrder};
use domain::base::id::{BeneficiaryId, CaseId, OrganizationId, UserId};
use domain::base::moment::Moment;
use domain::base::refusal::Refused;
use domain::base::text::{Note, Title};
use shape::{card, filter};

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
    /// Orders that this caller may send to the case now.
    #[schema(max_items = 20)]
    pub available_actions: Vec<AvailableAction>,
    /// The moment at which the case was entered.
    pub created_at: Moment,
    /// The moment of the last change.
    pub updated_at: Moment,
}

cards! { CaseCard in "cases" about Case; }

/// Filters of the list of cases.
#[filter]
pub struct CaseFilter {
    /// Only cases in this state.
    pub state: Option<AnyOf<CaseState>>,
    /// Only cases of this beneficiary.
    pub beneficiary_id: Option<BeneficiaryId>,
    /// Only cases of this organization.
    pub organization_id: Option<OrganizationId>,
    /// Only cases of which this specialist is in charge.
    pub specialist_user_id: Option<UserId>,
    /// `true`: only cases of which no specialist is in charge. `false`: only all others.
    pub unassigned: Option<bool>,
    /// The order by the moment of the entering; the latest first, if none is asked for.
    pub sort: Option<ListOrder>,
}

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
}

type Named = (Row, Option<Human>, Option<Title>);

const REASON: &str = "cases.reason";
const CLOSING_NOTE: &str = "cases.closing_note";

macro_rules! columns {
    () => {
        (Row::as_select(), Option::<Human>::as_select(), families::name.nullable())
    };
}

/// The visible cases: those of the scope's institutions, and of beneficiaries in its territories. Every query begins
/// here.
macro_rules! visible {
    ($scope:expr) => {{
        let named = beneficiaries::table.left_join(people::table).left_join(families::table);
        let mut all = cases::table.inner_join(named).into_boxed();
        if !$scope.everything {
            let there = diesel::alias!(beneficiaries as there);
            let living_there = there
                .filter(within(there.field(beneficiaries::territory), &$scope.territories))
                .select(there.field(beneficiaries::id));
            let of_the_guarded =
                when(!$scope.territories.is_empty(), cases::beneficiary_id.eq_any(living_there));
            all = all.filter(among(cases::organization_id, &$scope.organizations).or_by(of_the_guarded));
        }
        all
    }};
}

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
) -> Result<CaseCard, Failure> {
    let (may_edit, offers) = (may_edit(tx, &it), CaseOffers { state: it.state, facts });
    Ok(CaseCard {
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
        available_actions: available(&offers, it.id, judged, |_| may_edit, |right| tx.may(right)),
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
        Some(open) => Some(closing_facts(tx, open).await?),
        None => None,
    };
    shown(tx, row, Judged::Whole, facts.as_ref())
}

/// Cases that the caller may see, the newest first.
pub async fn list(tx: &mut Tx<'_>, filter: &CaseFilter, window: &Window) -> Result<Page<CaseCard>, Failure> {
    let mut rows: Vec<Named> = Vec::new();
    for state in each(filter.state.as_ref()) {
        rows.extend(rows_in(tx, filter, state, window).await?);
    }
    let rows = window.first_of(rows, filter.sort == Some(ListOrder::EarliestFirst), |it| it.0.id);
    let page = window.page(rows, |it| Place::id(it.0.id));
    let items = tx.readable(page.items.into_iter().map(|it| shown(tx, it, Judged::State, None)))?;
    Ok(Page { items, next: page.next })
}

/// The first visible cases in a state, or in any.
async fn rows_in(
    tx: &mut Tx<'_>,
    filter: &CaseFilter,
    state: Option<CaseState>,
    window: &Window,
) -> Result<Vec<Named>, Failure> {
    let scope = tx.scope().clone();
    Ok(db!(tx, load, {
        let mut all = visible!(scope).select(columns!()).limit(window.fetch());
        all = match filter.sort {
            Some(ListOrder::EarliestFirst) => all.order(cases::id.asc()),
            _ => all.order(cases::id.desc()),
        };
        if let Some(after) = window.after_id() {
            all = match filter.sort {
                Some(ListOrder::EarliestFirst) => all.filter(cases::id.gt(bind(after))),
                _ => all.filter(cases::id.lt(bind(after))),
            };
        }
        if let Some(state) = state {
            all = all.filter(cases::state.eq(bind(state)));
        }
        if let Some(beneficiary) = filter.beneficiary_id {
            all = all.filter(cases::beneficiary_id.eq(bind(beneficiary)));
        }
        if let Some(organization) = filter.organization_id {
            all = all.filter(cases::organization_id.eq(bind(organization)));
        }
        if let Some(specialist) = filter.specialist_user_id {
            all = all.filter(cases::specialist_user_id.eq(bind(Some(specialist))));
        }
        match filter.unassigned {
            Some(true) => all = all.filter(cases::specialist_user_id.is_null()),
            Some(false) => all = all.filter(cases::specialist_user_id.is_not_null()),
            None => {}
        }
        all
    })?)
}

crate::engine::counts::counted! {
    cases, CaseCountQuestion of CaseGrouping {
        State: state as CaseState, Organization: organization_id as OrganizationId,
        Specialist: specialist_user_id as UserId
    },
    cases::table, |scope| visible!(scope)
}

/// Loads a case that a rule will change.
pub async fn load(tx: &mut Tx<'_>, id: CaseId) -> Result<Case, Failure> {
    let (it, ..) = named(tx, id).await?;
    tx.expect(it.version)?;
    whole(tx, it)
}

fn whole(tx: &Tx<'_>, it: Row) -> Result<Case, Failure> {
    let id = it.id;
    let was = Open {
        id,
        beneficiary_id: it.beneficiary_id,
        organization_id: it.organization_id,
        specialist_user_id: it.specialist_user_id,
        opened_on: it.opened_on,
        reason: tx.core.keys.open_some(REASON, id, it.reason.as_deref())?,
    };
    match (it.closed_on, it.closing_reason) {
        (Some(closed_on), Some(reason)) => {
            let note = tx.core.keys.open_some(CLOSING_NOTE, id, it.closing_note.as_deref())?;
            Ok(Case::Closed(Closed { was, closed_on, reason, note }))
        }
        _ => Ok(Case::Open(was)),
    }
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
    let found: Option<UserId> = db!(
        tx,
        first,
        grants::table
            .inner_join(users::table)
            .filter(grants::user_id.eq(bind(specialist)))
            .filter(grants::organization_id.eq(bind(Some(organization))))
            .filter(users::active.eq(true))
            .select(grants::user_id)
    )
    .optional()?;
    if found.is_some() {
        return Ok(());
    }
    Err(Refused::from(domain::base::text::REFERENCE.reason().at("/specialist_user_id")).into())
}

/// The facts that rules judge when a case is closed.
pub async fn closing_facts(tx: &mut Tx<'_>, of: &Open) -> Result<CaseClosingFacts, Failure> {
    let theirs = mentorships::table
        .filter(mentorships::beneficiary_id.eq(bind(of.beneficiary_id)))
        .filter(mentorships::organization_id.eq(bind(of.organization_id)));
    let unended = theirs.filter(mentorships::ended_on.is_null());
    let begun = theirs.filter(mentorships::starts_on.is_not_null());
    Ok(CaseClosingFacts {
        unended_mentorships: db!(tx, get_result, unended.count())?,
        mentorship_lasted_until: db!(tx, first, begun.select(max(mentorships::ended_on)))?,
        has_died: lives_of(tx, of.beneficiary_id).await?.has_death(),
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
pub async fn save_opened(tx: &mut Tx<'_>, change: Changed<Open>) -> Result<(), Failure> {
    let (it, records) = change.into_parts();
    let row = (
        cases::id.eq(bind(it.id)),
        cases::version.eq(1),
        cases::beneficiary_id.eq(bind(it.beneficiary_id)),
        cases::organization_id.eq(bind(it.organization_id)),
        cases::specialist_user_id.eq(bind(it.specialist_user_id)),
        cases::opened_on.eq(it.opened_on),
        cases::reason.eq(bind(tx.core.keys.seal_some(REASON, it.id, it.reason.as_ref())?)),
        cases::state.eq(bind(CaseState::Open)),
        cases::created_at.eq(bind(tx.now())),
        cases::updated_at.eq(bind(tx.now())),
    );
    let rows = db!(tx, execute, diesel::insert_into(cases::table).values(row))?;
    tx.established(rows, records)
}

/// Updates a case, if it is open. No other state takes a change.
macro_rules! open_case {
    ($id:expr) => {
        cases::table.filter(cases::id.eq(bind($id))).filter(cases::state.eq(bind(CaseState::Open)))
    };
}

/// Saves the specialist in charge.
pub async fn save_assigned(tx: &mut Tx<'_>, change: Changed<Open>) -> Result<(), Failure> {
    let (it, records) = change.into_parts();
    let set = (
        cases::version.eq(cases::version + 1),
        cases::specialist_user_id.eq(bind(it.specialist_user_id)),
        cases::updated_at.eq(bind(tx.now())),
    );
    let rows = db!(tx, execute, prepared(diesel::update(open_case!(it.id)).set(set)))?;
    tx.established(rows, records)
}

/// Saves a closed case. Its tasks that are not done are cancelled with it.
pub async fn save_closed(tx: &mut Tx<'_>, change: Changed<Closed>) -> Result<(), Failure> {
    let (it, records) = change.into_parts();
    let id = it.was.id;
    let set = (
        cases::version.eq(cases::version + 1),
        cases::state.eq(bind(CaseState::Closed)),
        cases::closed_on.eq(Some(it.closed_on)),
        cases::closing_reason.eq(bind(Some(it.reason))),
        cases::closing_note.eq(bind(tx.core.keys.seal_some(CLOSING_NOTE, id, it.note.as_ref())?)),
        cases::updated_at.eq(bind(tx.now())),
    );
    let rows = db!(tx, execute, prepared(diesel::update(open_case!(id)).set(set)))?;
    tx.established(rows, records)?;
    tasks::end_with_case(tx, id).await
}
