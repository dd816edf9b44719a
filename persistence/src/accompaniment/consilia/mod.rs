//! Consilia in the database.
//!
//! A consilium is visible to the organization that holds it. An item is visible to those who see the consilium or the case, the
//! guardianship of the territory among them; nobody else learns that a case came before a consilium.
//!
//! - this page: a sitting, its card, its list, its saving.
//! - `items`: a case on the agenda, its card, its dissents, its saving.
//! - `invitations`: members from outside, and what they read.
//! - `judging`: what the rules need to know of other rows.
//! - `closing`: everything that a closed consilium sets in motion, in one transaction.
use crate::accompaniment::rules::{self, WorkingTerm};
use crate::accompaniment::sharing::is_staff;
use crate::engine::card::cards;
use crate::engine::column::{Json, bind, binds};
use crate::engine::conn::{db, prepared};
use crate::engine::failure::Failure;
use crate::engine::page::{Page, Place, Window};
use crate::engine::schema::{consilia, grants, users};
use crate::scope::among;
use crate::sight::{is_found, offered};
use crate::tx::Tx;
use chrono::{Datelike, NaiveDate};
use diesel::prelude::*;
use domain::accompaniment::consilia::*;
use domain::base::access::Role;
use domain::base::action::AvailableAction;
use domain::base::change::{Changed, Subject, SubjectKind};
use domain::base::filters::any::AnyOf;
use domain::base::id::*;
use domain::base::moment::Moment;
use domain::base::text::{Note, OrderNumber, Title};
use domain::base::word::Word;
use shape::{card, filter};

mod closing;
mod invitations;
mod items;
mod judging;

pub use closing::{against_closing, close};
pub use invitations::ConsiliumInvitation;
pub(in crate::accompaniment) use invitations::invitations;
pub use items::{
    ConsiliumItemCard, DissentCard, item_card, items_of_case, items_of_consilium, load_item, reaches_item,
    save_added, save_dissent, save_item,
};
pub use judging::{
    NamedRoute, adding, case_of_item, checks_of_item, checks_of_resolution, facts_of_planning, item_facts,
    last_opened_on, named_route, room,
};

/// A consilium as every endpoint returns it.
#[card]
pub struct ConsiliumCard {
    /// The id of the consilium.
    pub id: ConsiliumId,
    /// The version number; it grows with every change and stands before the dot of the `ETag` header.
    #[schema(minimum = 1, example = 1)]
    pub version: i64,
    /// The state.
    pub state: ConsiliumState,
    /// The organization that holds it.
    pub organization_id: OrganizationId,
    /// The planned time.
    pub planned_at: Moment,
    /// The form of the sitting.
    pub form: SittingForm,
    /// The place.
    pub place: Option<Title>,
    /// The members. Their numbers begin with 1.
    #[schema(max_items = 30)]
    pub members: Vec<ConsiliumMember>,
    /// The beginning of the sitting.
    pub held_at: Option<Moment>,
    /// The numbers of the members who were present.
    #[schema(max_items = 30, minimum = 1, maximum = 30)]
    pub present: Vec<i32>,
    /// The day until which the protocol of a held consilium is due, by the working days of the rules of accompaniment.
    pub protocol_due_on: Option<NaiveDate>,
    /// The number of the protocol.
    pub protocol_number: Option<OrderNumber>,
    /// The signed protocol.
    pub protocol_file_id: Option<FileId>,
    /// The day of the closing.
    pub closed_on: Option<NaiveDate>,
    /// The reason for a cancellation.
    pub cancellation_note: Option<Note>,
    /// Orders that this caller may send to the consilium now; absent in lists.
    #[schema(max_items = 20)]
    pub available_actions: Option<Vec<AvailableAction>>,
    /// The moment at which it was planned.
    pub created_at: Moment,
    /// The moment of the last change.
    pub updated_at: Moment,
}

cards! { ConsiliumCard in "consilia" about Consilium; }

/// The protocol of a closed consilium: its agenda with resolutions, decisions, votes and dissents.
#[card]
pub struct ConsiliumProtocol {
    /// The consilium.
    pub consilium: ConsiliumCard,
    /// The items, in the order of the agenda.
    #[schema(max_items = 200)]
    pub items: Vec<ConsiliumItemCard>,
}

impl crate::engine::card::Card for ConsiliumProtocol {
    fn personal(&self) -> Vec<Subject> {
        self.items.iter().flat_map(crate::engine::card::Card::personal).collect()
    }
}

/// Filters of the list of consilia.
#[filter]
pub struct ConsiliumFilter {
    /// Only consilia in this state.
    pub state: Option<AnyOf<ConsiliumState>>,
    /// Only consilia of this organization.
    pub organization_id: Option<OrganizationId>,
}

const MEMBERS: &str = "consilia.members";
const CANCELLATION: &str = "consilia.cancellation_note";

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = consilia)]
struct Row {
    id: ConsiliumId,
    version: i64,
    organization_id: OrganizationId,
    planned_at: Moment,
    form: SittingForm,
    place: Option<Title>,
    members: String,
    state: ConsiliumState,
    held_at: Option<Moment>,
    present: Json<Vec<i32>>,
    protocol_number: Option<OrderNumber>,
    protocol_file_id: Option<FileId>,
    closed_on: Option<NaiveDate>,
    cancellation_note: Option<String>,
    created_at: Moment,
    updated_at: Moment,
}

impl Row {
    fn planned(&self, tx: &Tx<'_>) -> Result<Planned, Failure> {
        let form = ConsiliumForm {
            organization_id: self.organization_id,
            planned_at: self.planned_at,
            form: self.form,
            place: self.place.clone(),
            members: tx.core.keys.open(MEMBERS, self.id.into(), &self.members)?,
        };
        Ok(Planned { id: self.id, form })
    }
    fn whole(&self, tx: &Tx<'_>) -> Result<Consilium, Failure> {
        let was = self.planned(tx)?;
        let torn = || Failure::broken(format!("consilium {} is not whole", self.id));
        let held = |was: Planned| {
            let held_at = self.held_at.ok_or_else(torn)?;
            Ok::<_, Failure>(Held {
                was,
                holding: ConsiliumHolding { held_at, present: self.present.0.clone() },
            })
        };
        Ok(match self.state {
            ConsiliumState::Planned => Consilium::Planned(was),
            ConsiliumState::Cancelled => Consilium::Cancelled(was),
            ConsiliumState::Held => Consilium::Held(held(was)?),
            ConsiliumState::Closed => {
                let protocol_number = self.protocol_number.clone().ok_or_else(torn)?;
                let closing = ConsiliumClosing { protocol_number, file_id: self.protocol_file_id };
                Consilium::Closed(Closed { was: held(was)?, closing })
            }
        })
    }
}

fn missing(id: ConsiliumId) -> Failure {
    Failure::NotFound(Some(Subject::new(SubjectKind::Consilium, id)))
}

/// The visible consilia: those of the scope's organizations. Every query begins here.
macro_rules! visible {
    ($scope:expr) => {{
        let mut all = consilia::table.into_boxed();
        if !$scope.everything {
            all = all.filter(among(consilia::organization_id, &$scope.organizations));
        }
        all
    }};
}

async fn row(tx: &mut Tx<'_>, id: ConsiliumId) -> Result<Row, Failure> {
    let scope = tx.scope().clone();
    let one = db!(tx, first, visible!(scope).filter(consilia::id.eq(bind(id))).select(Row::as_select()));
    one.optional()?.ok_or_else(|| missing(id))
}

/// A consilium whose item the caller sees by its case.
async fn of_item(tx: &mut Tx<'_>, id: ConsiliumId) -> Result<Consilium, Failure> {
    let row: Row = db!(tx, first, consilia::table.find(bind(id)).select(Row::as_select()))?;
    row.whole(tx)
}

/// Whether the right of this transaction reaches the consilium.
pub(crate) async fn reaches(tx: &mut Tx<'_>, id: ConsiliumId) -> Result<bool, Failure> {
    is_found(row(tx, id).await)
}

/// The names of those of the given consilia that the right of this transaction reaches: the planned day, and the number of the protocol
/// before it once there is one.
pub(crate) async fn names(
    tx: &mut Tx<'_>,
    ids: &[ConsiliumId],
) -> Result<Vec<(ConsiliumId, String)>, Failure> {
    let scope = tx.scope().clone();
    let columns = (consilia::id, consilia::planned_at, consilia::protocol_number);
    let some = consilia::id.eq_any(binds(ids));
    let found: Vec<(ConsiliumId, Moment, Option<OrderNumber>)> =
        db!(tx, load, visible!(scope).filter(some).select(columns))?;
    let name = |(id, at, number): (ConsiliumId, Moment, Option<OrderNumber>)| {
        let day = tx.zone().day(at);
        (id, number.map_or_else(|| day.to_string(), |it| format!("№ {it}, {day}")))
    };
    Ok(found.into_iter().map(name).collect())
}

/// The caller's standing to that consilium.
async fn acting(tx: &mut Tx<'_>, id: ConsiliumId, form: &ConsiliumForm) -> Result<Acting, Failure> {
    let of = form.organization_id;
    let chair = form.chair().and_then(|it| it.user_id);
    let leading = member_facts(tx, of, chair.into_iter().collect()).await?.leading;
    let asked: Vec<UserId> = chair.into_iter().chain(tx.caller().map(|it| it.user)).collect();
    let kin = judging::kin_on_agenda(tx, id, &asked).await?;
    let caller = tx.caller();
    Ok(Acting {
        user: caller.map(|it| it.user),
        directs: caller.is_some_and(|it| it.directs(of)),
        chair_is_gone: chair.is_none_or(|it| !leading.contains(&it) || kin.contains(&it)),
        is_kin: caller.is_some_and(|it| kin.contains(&it.user)),
    })
}

/// Those of the accounts that are active staff of the organization.
async fn member_facts(
    tx: &mut Tx<'_>,
    of: OrganizationId,
    accounts: Vec<UserId>,
) -> Result<MemberFacts, Failure> {
    if accounts.is_empty() {
        return Ok(MemberFacts::default());
    }
    let theirs = grants::table.inner_join(users::table).filter(users::active.eq(true));
    let theirs = theirs.filter(grants::user_id.eq_any(binds(&accounts)));
    let theirs = theirs.filter(grants::organization_id.assume_not_null().eq(bind(of)));
    let held: Vec<(UserId, Role)> = db!(tx, load, theirs.select((grants::user_id, grants::role)))?;
    let leads = |role: Role| matches!(role, Role::Director | Role::UnitHead);
    let having = |fits: fn(Role) -> bool| held.iter().filter(|it| fits(it.1)).map(|it| it.0).collect();
    Ok(MemberFacts { serving: having(is_staff), leading: having(leads), ..MemberFacts::default() })
}

/// The facts that rules judge of the members that an order names, in the organization that holds the consilium.
async fn facts_of_members(
    tx: &mut Tx<'_>,
    of: OrganizationId,
    form: &ConsiliumForm,
) -> Result<MemberFacts, Failure> {
    let accounts: Vec<UserId> = form.members.iter().filter_map(|it| it.user_id).collect();
    let facts = member_facts(tx, of, accounts.clone()).await?;
    let others: Vec<UserId> = accounts.into_iter().filter(|it| !facts.serving.contains(it)).collect();
    let near = if others.is_empty() { others } else { invitations::near(tx, of, &others).await? };
    Ok(MemberFacts { near, ..facts })
}

/// The facts that rules judge of the members that a new plan of the consilium names: the family of its chair may be on the agenda already.
pub async fn facts_of_replanning(
    tx: &mut Tx<'_>,
    of: &Planned,
    form: &ConsiliumForm,
) -> Result<MemberFacts, Failure> {
    let facts = facts_of_members(tx, of.form.organization_id, form).await?;
    let chair: Vec<UserId> = form.chair().and_then(|it| it.user_id).into_iter().collect();
    Ok(MemberFacts { kin: judging::kin_on_agenda(tx, of.id, &chair).await?, ..facts })
}

/// The card of one consilium.
pub async fn card(tx: &mut Tx<'_>, id: ConsiliumId) -> Result<ConsiliumCard, Failure> {
    let row = row(tx, id).await?;
    let it = row.whole(tx)?;
    let by = acting(tx, id, it.form()).await?;
    let offers = ConsiliumOffers { it: &it, by: &by };
    let actions = offered(tx, &offers, Subject::new(SubjectKind::Consilium, id)).await?;
    let protocols = rules::protocols(tx).await?;
    Ok(ConsiliumCard { available_actions: Some(actions), ..shown(tx, row, &protocols)? })
}

fn shown(tx: &Tx<'_>, row: Row, protocols: &WorkingTerm) -> Result<ConsiliumCard, Failure> {
    let Planned { form, .. } = row.planned(tx)?;
    Ok(ConsiliumCard {
        id: row.id,
        version: row.version,
        state: row.state,
        organization_id: row.organization_id,
        planned_at: row.planned_at,
        form: row.form,
        place: row.place,
        members: form.members,
        held_at: row.held_at,
        present: row.present.0,
        protocol_due_on: row.held_at.map(|it| protocols.due_on(tx.zone().day(it))),
        protocol_number: row.protocol_number,
        protocol_file_id: row.protocol_file_id,
        closed_on: row.closed_on,
        cancellation_note: tx.core.keys.open_some(CANCELLATION, row.id, row.cancellation_note.as_ref())?,
        available_actions: None,
        created_at: row.created_at,
        updated_at: row.updated_at,
    })
}

/// The protocol of a closed consilium.
pub async fn protocol(tx: &mut Tx<'_>, id: ConsiliumId) -> Result<ConsiliumProtocol, Failure> {
    let consilium = card(tx, id).await?;
    if consilium.state != ConsiliumState::Closed {
        return Err(Failure::NotFound(None));
    }
    let items = items::all_of(tx, id).await?;
    Ok(ConsiliumProtocol { consilium, items })
}

/// Consilia that the caller sees, the newest first.
pub async fn list(
    tx: &mut Tx<'_>,
    filter: &ConsiliumFilter,
    window: &Window,
) -> Result<Page<ConsiliumCard>, Failure> {
    let is_asked = |it: &ConsiliumState| filter.state.as_ref().is_none_or(|asked| asked.has(it));
    let mut rows: Vec<Row> = Vec::new();
    for state in ConsiliumState::ALL.iter().copied().filter(is_asked) {
        rows.extend(rows_of(tx, filter, state, window).await?);
    }
    let page = window.page(window.first_of(rows, false, |it| it.id), |it| Place::id(it.id));
    let protocols = rules::protocols(tx).await?;
    let items = tx.readable(page.items.into_iter().map(|it| shown(tx, it, &protocols)))?;
    Ok(Page { items, next: page.next })
}

async fn rows_of(
    tx: &mut Tx<'_>,
    filter: &ConsiliumFilter,
    state: ConsiliumState,
    window: &Window,
) -> Result<Vec<Row>, Failure> {
    let scope = tx.scope().clone();
    Ok(db!(tx, load, {
        let mut all = visible!(scope)
            .filter(consilia::state.eq(bind(state)))
            .select(Row::as_select())
            .order(consilia::id.desc())
            .limit(window.fetch());
        if let Some(of) = filter.organization_id {
            all = all.filter(consilia::organization_id.eq(bind(of)));
        }
        if let Some(after) = window.after_id() {
            all = all.filter(consilia::id.lt(bind(after)));
        }
        all
    })?)
}

/// Loads a consilium that a rule will change, with the caller's standing to it.
pub async fn load(tx: &mut Tx<'_>, id: ConsiliumId) -> Result<(Consilium, Acting), Failure> {
    let row = row(tx, id).await?;
    tx.expect(row.version)?;
    let it = row.whole(tx)?;
    let by = acting(tx, id, it.form()).await?;
    Ok((it, by))
}

/// The plan of a consilium for an order about one of its items.
pub async fn planned(tx: &mut Tx<'_>, id: ConsiliumId) -> Result<Planned, Failure> {
    Ok(row(tx, id).await?.whole(tx)?.planned()?)
}

/// The columns of a plan.
macro_rules! plan {
    ($tx:expr, $id:expr, $form:expr) => {
        (
            consilia::planned_at.eq(bind($form.planned_at)),
            consilia::form.eq(bind($form.form)),
            consilia::place.eq(bind($form.place.clone())),
            consilia::members.eq(bind($tx.core.keys.seal(MEMBERS, $id.into(), &$form.members)?)),
            consilia::chair_user_id.eq(bind($form.chair().and_then(|it| it.user_id))),
            consilia::updated_at.eq(bind($tx.now())),
        )
    };
}

/// Saves a new plan.
pub async fn save_planned(tx: &mut Tx<'_>, change: Changed<Planned>) -> Result<(), Failure> {
    let (it, records) = change.into_parts();
    let head = (
        consilia::id.eq(bind(it.id)),
        consilia::version.eq(1),
        consilia::organization_id.eq(bind(it.form.organization_id)),
        consilia::state.eq(bind(ConsiliumState::Planned)),
        consilia::present.eq(bind(Json(Vec::<i32>::new()))),
        consilia::created_at.eq(bind(tx.now())),
    );
    let row = (head, plan!(tx, it.id, it.form));
    let rows = db!(tx, execute, diesel::insert_into(consilia::table).values(row))?;
    tx.established(rows, records)
}

/// A consilium in a state, for a change that leaves it.
macro_rules! in_state {
    ($id:expr, $state:expr) => {
        consilia::table.filter(consilia::id.eq(bind($id))).filter(consilia::state.eq(bind($state)))
    };
}

/// Saves a changed plan.
pub async fn save_replanned(tx: &mut Tx<'_>, change: Changed<Planned>) -> Result<(), Failure> {
    let (it, records) = change.into_parts();
    let set = (consilia::version.eq(consilia::version + 1), plan!(tx, it.id, it.form));
    let planned = in_state!(it.id, ConsiliumState::Planned);
    let rows = db!(tx, execute, prepared(diesel::update(planned).set(set)))?;
    tx.established(rows, records)
}

/// Saves a sitting.
pub async fn save_held(tx: &mut Tx<'_>, change: Changed<Held>) -> Result<(), Failure> {
    let (it, records) = change.into_parts();
    let set = (
        consilia::version.eq(consilia::version + 1),
        consilia::state.eq(bind(ConsiliumState::Held)),
        consilia::held_at.eq(bind(Some(it.holding.held_at))),
        consilia::present.eq(bind(Json(it.holding.present))),
        consilia::updated_at.eq(bind(tx.now())),
    );
    let planned = in_state!(it.was.id, ConsiliumState::Planned);
    let rows = db!(tx, execute, prepared(diesel::update(planned).set(set)))?;
    tx.established(rows, records)
}

/// Saves a cancellation. Its cases may come before another consilium.
pub async fn save_cancelled(tx: &mut Tx<'_>, change: Changed<Settled>) -> Result<(), Failure> {
    let (it, records) = change.into_parts();
    let id = it.was.id;
    let note = tx.core.keys.seal_some(CANCELLATION, id, it.order.note.as_ref())?;
    let set = (
        consilia::version.eq(consilia::version + 1),
        consilia::state.eq(bind(ConsiliumState::Cancelled)),
        consilia::cancellation_note.eq(bind(note)),
        consilia::updated_at.eq(bind(tx.now())),
    );
    let planned = in_state!(id, ConsiliumState::Planned);
    let rows = db!(tx, execute, prepared(diesel::update(planned).set(set)))?;
    tx.established(rows, records)?;
    items::release(tx, id).await
}

/// Saves a closed consilium with its protocol.
async fn save_closed(tx: &mut Tx<'_>, change: Changed<Closed>) -> Result<(), Failure> {
    let (it, records) = change.into_parts();
    let id = it.was.was.id;
    let set = (
        consilia::version.eq(consilia::version + 1),
        consilia::state.eq(bind(ConsiliumState::Closed)),
        consilia::protocol_number.eq(bind(Some(it.closing.protocol_number))),
        consilia::protocol_year.eq(Some(tx.zone().day(it.was.holding.held_at).year())),
        consilia::protocol_file_id.eq(bind(it.closing.file_id)),
        consilia::closed_on.eq(Some(tx.today())),
        consilia::updated_at.eq(bind(tx.now())),
    );
    let held = in_state!(id, ConsiliumState::Held);
    let rows = db!(tx, execute, prepared(diesel::update(held).set(set)))?;
    tx.established(rows, records)?;
    items::release(tx, id).await
}
