//! Access requests in the database. A request keeps the person whom it found, never the СНИЛС.
use super::match_keys::SNILS;
use super::persons::{coordinator, visible_people};
use crate::engine::card::Card;
use crate::engine::column::{bind, binds};
use crate::engine::conn::{db, prepared};
use crate::engine::failure::Failure;
use crate::engine::page::{Page, Place, Window};
use crate::engine::schema::*;
use crate::people::Human;
use crate::region::organizations::must_work;
use crate::scope::beneficiaries::answered_for;
use crate::scope::{Way, among, when, within};
use crate::sight::{dangling, is_found, must_be_own, offered};
use crate::tx::Tx;
use chrono::{NaiveDate, TimeDelta};
use diesel::prelude::*;
use domain::base::access::{Right, Scope};
use domain::base::action::AvailableAction;
use domain::base::change::{Changed, Subject, SubjectKind};
use domain::base::id::{AccessRequestId, OrganizationId, PersonId, UserId};
use domain::base::moment::Moment;
use domain::base::text::{Note, Snils, Title};
use domain::people::AccessRequestOffers;
use domain::people::access_requests::{
    AccessRequest, AccessRequestForm, AccessRequestState, DecidedAccess, state_on,
};
use shape::{card, filter};
use std::collections::HashMap;

/// An access request as every endpoint returns it.
#[card]
pub struct AccessRequestCard {
    /// The id of the request.
    pub id: AccessRequestId,
    /// The version number; it grows with every change and is the value of the `ETag` header.
    #[schema(minimum = 1, example = 1)]
    pub version: i64,
    /// The state of the request.
    pub state: AccessRequestState,
    /// The institution that asks.
    pub organization_id: OrganizationId,
    /// The name of the institution that asks.
    pub organization_name: Title,
    /// The account that asked.
    pub requested_by_user_id: UserId,
    /// The name of the account that asked.
    pub requested_by_user_name: Title,
    /// The reason of the request.
    pub reason: Note,
    /// The day of the request.
    pub made_on: NaiveDate,
    /// The last day on which the request can be decided. Then it lapses.
    pub open_until: NaiveDate,
    /// The person: shown to those who decide, and to those who ask once access is granted.
    pub person_id: Option<PersonId>,
    /// The name of the person.
    #[schema(max_length = 302, example = "Морозова Алёна Сергеевна")]
    pub person_name: Option<String>,
    /// The day of the decision.
    pub decided_on: Option<NaiveDate>,
    /// The reason of the decision.
    pub decision_reason: Option<Note>,
    /// The last day of access, if it was granted.
    pub ends_on: Option<NaiveDate>,
    /// Orders that this caller may send to the request now; absent in lists.
    #[schema(max_items = 20)]
    pub available_actions: Option<Vec<AvailableAction>>,
    /// The moment of the request.
    pub created_at: Moment,
    /// The moment of the last change.
    pub updated_at: Moment,
}

impl Card for AccessRequestCard {
    fn version(&self) -> Option<i64> {
        Some(self.version)
    }
    fn path(&self) -> Option<String> {
        Some(format!("/api/v1/access-requests/{}", self.id))
    }
    fn personal(&self) -> Vec<Subject> {
        self.person_id.map(|it| Subject::new(SubjectKind::Person, it)).into_iter().collect()
    }
}

/// Filters of the list of access requests.
#[filter]
pub struct AccessRequestFilter {
    /// `true`: only open requests that the caller may decide. `false`: all others.
    pub to_decide: Option<bool>,
}

#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = access_requests)]
struct Row {
    id: AccessRequestId,
    version: i64,
    organization_id: OrganizationId,
    requested_by: UserId,
    person_id: Option<PersonId>,
    reason: String,
    state: AccessRequestState,
    made_on: NaiveDate,
    open_until: NaiveDate,
    decided_on: Option<NaiveDate>,
    decision_reason: Option<String>,
    ends_on: Option<NaiveDate>,
    created_at: Moment,
    updated_at: Moment,
}

impl Row {
    fn request(&self) -> AccessRequest {
        let Self { id, organization_id, person_id, open_until, state, .. } = *self;
        AccessRequest { id, organization_id, person_id, open_until, state }
    }
}

const REASON: &str = "access_requests.reason";
const DECISION_REASON: &str = "access_requests.decision_reason";

/// The people about whom the caller decides: those whom the caller's institutions hold, by the same ways as any person is seen.
/// Access that another institution has granted is no such way.
fn deciding(tx: &Tx<'_>) -> Scope {
    tx.scope_of(Right::DecideAccess)
}

/// The condition on rows that the caller may decide.
macro_rules! decidable {
    ($scope:expr) => {{
        let held = visible_people!($scope, None).select(people::id);
        access_requests::person_id
            .assume_not_null()
            .eq_any(held)
            .and(access_requests::organization_id.ne_all(binds(&$scope.organizations)))
    }};
}

/// The visible requests: those of the scope's institutions, and those that the caller decides. A list begins here.
macro_rules! visible {
    ($scope:expr, $deciding:expr) => {{
        let mut all = access_requests::table.into_boxed();
        if !$scope.everything {
            let decides = !$deciding.is_nothing();
            all = all.filter(
                among(access_requests::organization_id, &$scope.organizations)
                    .or_by(when(decides, decidable!($deciding))),
            );
        }
        all
    }};
}

fn missing(id: AccessRequestId) -> Failure {
    Failure::NotFound(Some(Subject::new(SubjectKind::AccessRequest, id)))
}

/// Those of these requests that the caller decides: of other institutions, about people whom the caller's institutions hold.
async fn decided_by_caller(tx: &mut Tx<'_>, rows: &[Row]) -> Result<Vec<AccessRequestId>, Failure> {
    let deciding = deciding(tx);
    if deciding.is_nothing() {
        return Ok(Vec::new());
    }
    let foreign = rows.iter().filter(|it| !deciding.organizations.contains(&it.organization_id));
    let asked: Vec<(AccessRequestId, PersonId)> =
        foreign.filter_map(|it| Some((it.id, it.person_id?))).collect();
    let people: Vec<PersonId> = asked.iter().map(|it| it.1).collect();
    if people.is_empty() {
        return Ok(Vec::new());
    }
    let held: Vec<PersonId> =
        db!(tx, load, visible_people!(deciding, Some(people.as_slice())).select(people::id))?;
    Ok(asked.into_iter().filter(|it| held.contains(&it.1)).map(|it| it.0).collect())
}

/// Whether the right of this transaction reaches the request.
pub(crate) async fn reaches_access_request(tx: &mut Tx<'_>, id: AccessRequestId) -> Result<bool, Failure> {
    is_found(row(tx, id).await)
}

async fn row(tx: &mut Tx<'_>, id: AccessRequestId) -> Result<Row, Failure> {
    let one = access_requests::table.find(bind(id));
    let row: Row = db!(tx, first, one.select(Row::as_select())).optional()?.ok_or_else(|| missing(id))?;
    let is_own = tx.scope().answers_for(row.organization_id);
    let is_seen = is_own || !decided_by_caller(tx, std::slice::from_ref(&row)).await?.is_empty();
    if is_seen { Ok(row) } else { Err(missing(id)) }
}

/// The card of one request.
pub async fn access_request_card(tx: &mut Tx<'_>, id: AccessRequestId) -> Result<AccessRequestCard, Failure> {
    let row = row(tx, id).await?;
    let is_own = tx.scope_of(Right::DecideAccess).organizations.contains(&row.organization_id);
    let offers = AccessRequestOffers { it: row.request(), is_own, today: tx.today() };
    let mut card = cards(tx, vec![row]).await?.pop().ok_or_else(|| missing(id))?;
    card.available_actions = Some(offered(tx, &offers, Subject::new(SubjectKind::AccessRequest, id)).await?);
    Ok(card)
}

/// Requests that the caller may see, the newest first.
pub async fn list_access_requests(
    tx: &mut Tx<'_>,
    filter: &AccessRequestFilter,
    window: &Window,
) -> Result<Page<AccessRequestCard>, Failure> {
    if filter.to_decide == Some(true)
        && let Some(rows) = open_to_decide(tx, window).await?
    {
        let page = window.page(rows, |it| Place::id(it.id));
        return Ok(Page { items: cards(tx, page.items).await?, next: page.next });
    }
    let (scope, deciding, today) = (tx.scope().clone(), deciding(tx), tx.today());
    let rows: Vec<Row> = db!(tx, load, {
        let all = visible!(scope, deciding).select(Row::as_select());
        let mut all = all.order(access_requests::id.desc()).limit(window.fetch());
        let is_open = access_requests::state
            .eq(bind(AccessRequestState::Open))
            .and(access_requests::open_until.ge(today));
        all = match filter.to_decide {
            Some(false) if deciding.is_nothing() => all,
            Some(false) => {
                let theirs = access_requests::person_id.is_not_null().and(decidable!(deciding));
                all.filter(diesel::dsl::not(is_open.and(theirs)))
            }
            Some(true) => all.filter(is_open).filter(decidable!(deciding)),
            None => all,
        };
        if let Some(after) = window.after_id() {
            all = all.filter(access_requests::id.lt(bind(after)));
        }
        all
    })?;
    let page = window.page(rows, |it| Place::id(it.id));
    Ok(Page { items: cards(tx, page.items).await?, next: page.next })
}

/// Open requests that are read at once, to be asked whether the caller decides them.
const AT_ONCE: usize = 100;
/// Times that so many are read. Beyond them, the people of the institution are asked instead.
const TIMES: usize = 10;

/// The first open requests that the caller decides. Few are open in the region, so these are asked for the people, and not the
/// institution's people for requests. `None`: too many are open.
async fn open_to_decide(tx: &mut Tx<'_>, window: &Window) -> Result<Option<Vec<Row>>, Failure> {
    let (mut found, mut after) = (Vec::new(), window.after_id());
    if deciding(tx).is_nothing() {
        return Ok(Some(found));
    }
    let (today, limit) = (tx.today(), i64::try_from(AT_ONCE).map_err(Failure::broken)?);
    for _ in 0..TIMES {
        let rows: Vec<Row> = db!(tx, load, {
            let mut all = access_requests::table
                .filter(access_requests::state.eq(bind(AccessRequestState::Open)))
                .filter(access_requests::open_until.ge(today))
                .select(Row::as_select())
                .order(access_requests::id.desc())
                .limit(limit)
                .into_boxed();
            if let Some(after) = after {
                all = all.filter(access_requests::id.lt(bind(after)));
            }
            all
        })?;
        let (is_last, mine) = (rows.len() < AT_ONCE, decided_by_caller(tx, &rows).await?);
        after = rows.last().map(|it| it.id.into());
        found.extend(rows.into_iter().filter(|it| mine.contains(&it.id)));
        if is_last || i64::try_from(found.len()).is_ok_and(|it| it >= window.fetch()) {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

/// The names of the people among these requests whom the caller is shown.
async fn shown_people(tx: &mut Tx<'_>, rows: &[Row]) -> Result<HashMap<AccessRequestId, String>, Failure> {
    let ids: Vec<AccessRequestId> = rows.iter().map(|it| it.id).collect();
    let of_page = || access_requests::table.filter(access_requests::id.eq_any(binds(&ids)));
    let mut shown = match tx.scope().everything {
        true => ids.clone(),
        false => decided_by_caller(tx, rows).await?,
    };
    shown.extend(rows.iter().filter(|it| it.state == AccessRequestState::Granted).map(|it| it.id));
    let named: Vec<(AccessRequestId, Human)> = db!(
        tx,
        load,
        of_page()
            .inner_join(people::table.on(access_requests::person_id.eq(people::id.nullable())))
            .select((access_requests::id, Human::as_select()))
    )?;
    let shown = named.into_iter().filter(|it| shown.contains(&it.0));
    Ok(shown.map(|(id, human)| (id, human.full_name())).collect())
}

async fn cards(tx: &mut Tx<'_>, rows: Vec<Row>) -> Result<Vec<AccessRequestCard>, Failure> {
    let mut names = shown_people(tx, &rows).await?;
    let organizations_asked: Vec<OrganizationId> = rows.iter().map(|it| it.organization_id).collect();
    let asked = organizations::table.filter(organizations::id.eq_any(binds(&organizations_asked)));
    let asked: HashMap<OrganizationId, Title> =
        db!(tx, load, asked.select((organizations::id, organizations::name)))?.into_iter().collect();
    let accounts: Vec<UserId> = rows.iter().map(|it| it.requested_by).collect();
    let by = users::table.filter(users::id.eq_any(binds(&accounts)));
    let by: HashMap<UserId, Title> =
        db!(tx, load, by.select((users::id, users::name)))?.into_iter().collect();
    let today = tx.today();
    let card = |it: Row| {
        let person_name = names.remove(&it.id);
        let gone = || Failure::broken("an access request of nobody");
        Ok(AccessRequestCard {
            id: it.id,
            version: it.version,
            state: state_on(it.state, it.open_until, today),
            organization_id: it.organization_id,
            organization_name: asked.get(&it.organization_id).cloned().ok_or_else(gone)?,
            requested_by_user_id: it.requested_by,
            requested_by_user_name: by.get(&it.requested_by).cloned().ok_or_else(gone)?,
            reason: tx.core.keys.open(REASON, it.id.into(), &it.reason)?,
            made_on: it.made_on,
            open_until: it.open_until,
            person_id: it.person_id.filter(|_| person_name.is_some()),
            person_name,
            decided_on: it.decided_on,
            decision_reason: tx.core.keys.open_some(DECISION_REASON, it.id, it.decision_reason)?,
            ends_on: it.ends_on,
            available_actions: None,
            created_at: it.created_at,
            updated_at: it.updated_at,
        })
    };
    tx.readable(rows.into_iter().map(card))
}

/// The institution that asks: the one that the order names, or the first one of the caller. One that was closed asks no more.
pub async fn asking_institution(
    tx: &mut Tx<'_>,
    order: &AccessRequestForm,
) -> Result<OrganizationId, Failure> {
    let asks = match order.organization_id {
        Some(named) => must_be_own(tx, named, "/organization_id").await.map(|()| named),
        None => tx.scope().organizations.first().copied().ok_or_else(|| dangling("/organization_id")),
    }?;
    must_work(tx, asks, "/organization_id").await.map(|()| asks)
}

/// Loads what decides on a new request: the person of that СНИЛС, whom the caller need not see, and the number of requests that
/// the account has made within the last 24 hours. That the person was looked for is journaled as a read.
pub async fn sought(tx: &mut Tx<'_>, snils: &Snils) -> Result<(Option<PersonId>, i64), Failure> {
    let key = tx.core.keys.blind(SNILS, snils.as_str());
    let found = people::table.filter(people::snils_key.eq(bind(Some(key)))).select(people::id);
    let found: Option<PersonId> = db!(tx, first, found).optional()?;
    if let Some(person) = found {
        tx.disclose([Subject::new(SubjectKind::Person, person)])?;
    }
    let user = tx.caller().map(|it| it.user);
    let since = tx.now().plus(TimeDelta::hours(-24));
    let lately = access_requests::table
        .filter(access_requests::requested_by.eq_any(binds(user.as_slice())))
        .filter(access_requests::created_at.gt(bind(since)));
    Ok((found, db!(tx, get_result, lately.count())?))
}

/// Saves a new request.
pub async fn save_access_requested(
    tx: &mut Tx<'_>,
    change: Changed<AccessRequest>,
    reason: &Note,
) -> Result<(), Failure> {
    let (it, records) = change.into_parts();
    let by = tx.author()?;
    let row = (
        access_requests::id.eq(bind(it.id)),
        access_requests::version.eq(1),
        access_requests::organization_id.eq(bind(it.organization_id)),
        access_requests::requested_by.eq(bind(by)),
        access_requests::person_id.eq(bind(it.person_id)),
        access_requests::reason.eq(bind(tx.core.keys.seal(REASON, it.id.into(), reason)?)),
        access_requests::state.eq(bind(it.state)),
        access_requests::made_on.eq(tx.today()),
        access_requests::open_until.eq(it.open_until),
        access_requests::created_at.eq(bind(tx.now())),
        access_requests::updated_at.eq(bind(tx.now())),
    );
    let rows = db!(tx, execute, diesel::insert_into(access_requests::table).values(row))?;
    tx.established(rows, records)
}

/// Loads a request that a rule will decide, and tells whether it is of the caller's own institution.
pub async fn load_access_request(
    tx: &mut Tx<'_>,
    id: AccessRequestId,
) -> Result<(AccessRequest, bool), Failure> {
    let it = row(tx, id).await?;
    tx.expect(it.version)?;
    let is_own = tx.scope().organizations.contains(&it.organization_id);
    Ok((it.request(), is_own))
}

/// Saves a decision.
pub async fn save_access_decided(tx: &mut Tx<'_>, change: Changed<DecidedAccess>) -> Result<(), Failure> {
    let (it, records) = change.into_parts();
    let reason = tx.core.keys.seal_some(DECISION_REASON, it.id, it.reason.as_ref())?;
    let set = (
        access_requests::version.eq(access_requests::version + 1),
        access_requests::state.eq(bind(it.state)),
        access_requests::decided_by.eq(bind(tx.caller().map(|it| it.user))),
        access_requests::decided_on.eq(Some(tx.today())),
        access_requests::decision_reason.eq(bind(reason)),
        access_requests::ends_on.eq(it.ends_on),
        access_requests::updated_at.eq(bind(tx.now())),
    );
    let one = diesel::update(access_requests::table.find(bind(it.id)));
    let rows = db!(tx, execute, prepared(one.set(set)))?;
    tx.established(rows, records)
}
