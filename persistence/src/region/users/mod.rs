//! Accounts in the database, and the current rights of each.
mod devices;
mod keys;
mod one_time;
mod sessions;

pub use devices::{device_of, device_token};
pub use keys::*;
pub use one_time::{IssuedOneTimePassword, OneTimePasswordCard, one_time_card, save_one_time};
pub use sessions::*;

use crate::engine::card::cards;
use crate::engine::column::{any, bind, binds};
use crate::engine::conn::{db, prepared};
use crate::engine::failure::Failure;
use crate::engine::page::{Page, Place, Window};
use crate::engine::schema::{grants, users};
use crate::sight::{dangling, offered};
use crate::tx::Tx;
use diesel::dsl::exists;
use diesel::prelude::*;
use domain::base::access::{Caller, Grant, Narrowing, Right, Role};
use domain::base::action::AvailableAction;
use domain::base::change::{Changed, Subject, SubjectKind};
use domain::base::filters::any::AnyOf;
use domain::base::id::{OrganizationId, PersonId, ProgramId, UserId};
use domain::base::moment::Moment;
use domain::base::text::{Login, Oktmo, Phone, Title};
use domain::region::users::{User, UserForm, UserOffers};
use shape::{card, filter};

/// An account as every endpoint returns it.
#[card]
pub struct UserCard {
    /// The id of the account.
    pub id: UserId,
    /// The version number; it grows with every change and is the value of the `ETag` header.
    #[schema(minimum = 1, example = 1)]
    pub version: i64,
    /// The name for the login.
    pub login: Login,
    /// The name that colleagues see.
    pub name: Title,
    /// The person who uses the account.
    pub person_id: Option<PersonId>,
    /// The work telephone.
    pub work_phone: Option<Phone>,
    /// Whether the account may log in.
    pub active: bool,
    /// The moment at which the account was opened.
    pub created_at: Moment,
    /// The moment of the last change.
    pub updated_at: Moment,
    /// The roles of the account.
    #[schema(max_items = 10)]
    pub grants: Vec<GrantCard>,
    /// Orders that this caller may send to the account now; absent in lists.
    #[schema(max_items = 20)]
    pub available_actions: Option<Vec<AvailableAction>>,
}

/// A role of an account, with the institution, program or territory in which it applies.
#[card]
pub struct GrantCard {
    /// The role.
    pub role: Role,
    /// The institution in which the role applies.
    pub organization_id: Option<OrganizationId>,
    /// The program in which the role applies.
    pub program_id: Option<ProgramId>,
    /// The territory in which the role applies.
    pub territory: Option<Oktmo>,
}

impl From<Grant> for GrantCard {
    fn from(it: Grant) -> Self {
        let Grant { role, organization_id, program_id, territory } = it;
        Self { role, organization_id, program_id, territory }
    }
}
impl From<&GrantCard> for Grant {
    fn from(it: &GrantCard) -> Self {
        let GrantCard { role, organization_id, program_id, territory } = it;
        Self {
            role: *role,
            organization_id: *organization_id,
            program_id: *program_id,
            territory: territory.clone(),
        }
    }
}

cards! { UserCard in "users" about User; }

/// Filters of the list of accounts.
#[filter]
pub struct UserFilter {
    /// Only accounts with this role.
    pub role: Option<AnyOf<Role>>,
    /// Only accounts with a role in this organization.
    pub organization_id: Option<OrganizationId>,
}

/// The visible accounts: those of the scope's institutions, and the caller's own. Every query begins here.
macro_rules! visible {
    ($scope:expr) => {{
        let mut all = users::table.into_boxed();
        if !$scope.everything {
            let colleagues = grants::table
                .filter(grants::organization_id.assume_not_null().eq_any(binds(&$scope.organizations)))
                .select(grants::user_id);
            all = all.filter(users::id.eq_any(colleagues));
        }
        all
    }};
}

type Row = (UserId, i64, Login, Title, Option<PersonId>, bool, Moment, Moment, Option<String>);

macro_rules! columns {
    () => {
        (
            users::id,
            users::version,
            users::login,
            users::name,
            users::person_id,
            users::active,
            users::created_at,
            users::updated_at,
            users::work_phone,
        )
    };
}

async fn cards(tx: &mut Tx<'_>, rows: Vec<Row>) -> Result<Vec<UserCard>, Failure> {
    let ids: Vec<UserId> = rows.iter().map(|it| it.0).collect();
    let mut held = grants_of(tx, &ids).await?;
    let card = |(id, version, login, name, person_id, active, created_at, updated_at, phone): Row| {
        let mine = held.extract_if(.., |(user, _)| *user == id).map(|(_, grant)| grant.into());
        Ok(UserCard {
            id,
            version,
            login,
            name,
            person_id,
            work_phone: work_phone(tx, id, phone.as_deref())?,
            active,
            created_at,
            updated_at,
            grants: mine.collect(),
            available_actions: None,
        })
    };
    tx.readable(rows.into_iter().map(card))
}

/// The work telephone of an account, from its sealed column.
pub(crate) fn work_phone(tx: &Tx<'_>, id: UserId, sealed: Option<&str>) -> Result<Option<Phone>, Failure> {
    tx.core.keys.open_some(WORK_PHONE, id, sealed)
}

const WORK_PHONE: &str = "users.work_phone";

type GrantRow = (UserId, Role, Option<OrganizationId>, Option<ProgramId>, Option<Oktmo>);

async fn grants_of(tx: &mut Tx<'_>, users: &[UserId]) -> Result<Vec<(UserId, Grant)>, Failure> {
    let rows: Vec<GrantRow> = db!(
        tx,
        load,
        grants::table
            .filter(grants::user_id.eq_any(binds(users)))
            .order((grants::user_id, grants::n))
            .select((
                grants::user_id,
                grants::role,
                grants::organization_id,
                grants::program_id,
                grants::territory
            ))
    )?;
    let grant = |(user, role, organization_id, program_id, territory)| {
        (user, Grant { role, organization_id, program_id, territory })
    };
    Ok(rows.into_iter().map(grant).collect())
}

fn missing(id: UserId) -> Failure {
    Failure::NotFound(Some(Subject::new(SubjectKind::User, id)))
}

/// Whether the right of this transaction reaches the account.
pub(crate) async fn reaches(tx: &mut Tx<'_>, id: UserId) -> Result<bool, Failure> {
    let scope = tx.scope().clone();
    Ok(db!(tx, get_result, diesel::select(exists(visible!(scope).filter(users::id.eq(bind(id))))))?)
}

/// The names of those of the given accounts that the right of this transaction reaches. Every account knows its own name.
pub(crate) async fn names(tx: &mut Tx<'_>, ids: &[UserId]) -> Result<Vec<(UserId, String)>, Failure> {
    let (scope, some) = (tx.scope().clone(), users::id.eq_any(binds(ids)));
    let columns = (users::id, users::name);
    let mut found: Vec<(UserId, String)> = db!(tx, load, visible!(scope).filter(some).select(columns))?;
    let own = tx.caller().map(|it| it.user);
    if let Some(own) = own.filter(|it| ids.contains(it) && !found.iter().any(|(id, _)| id == it)) {
        let own = users::table.find(bind(own)).select(columns);
        found.extend(db!(tx, first, own).optional()?);
    }
    Ok(found)
}

/// Refuses an order that refers to an account without that role or to a closed account. The words are those for a
/// missing account. The caller needs no right to see the account, so the refusal must tell nothing more.
pub async fn must_hold(
    tx: &mut Tx<'_>,
    role: Role,
    id: Option<UserId>,
    pointer: &str,
) -> Result<(), Failure> {
    let Some(id) = id else { return Ok(()) };
    let held = grants::table.filter(grants::user_id.eq(users::id)).filter(grants::role.eq(bind(role)));
    let open = users::table.find(bind(id)).filter(users::active.eq(true)).filter(exists(held));
    if db!(tx, get_result, diesel::select(exists(open)))? { Ok(()) } else { Err(dangling(pointer)) }
}

/// Whether an open account has a role in an institution.
pub(crate) async fn serves(tx: &mut Tx<'_>, id: UserId, there: OrganizationId) -> Result<bool, Failure> {
    let held = grants::table
        .filter(grants::user_id.eq(users::id))
        .filter(grants::organization_id.eq(bind(Some(there))));
    let open = users::table.find(bind(id)).filter(users::active.eq(true)).filter(exists(held));
    Ok(db!(tx, get_result, diesel::select(exists(open)))?)
}

/// The card of one account.
pub async fn card(tx: &mut Tx<'_>, id: UserId) -> Result<UserCard, Failure> {
    let card = found(tx, id).await?;
    let it = user(&card);
    let is_admin = tx.may(Right::ManageUsers) && it.form.is_active_admin();
    let other_active_admins = if is_admin { other_active_admins(tx, id).await? } else { 0 };
    let offers = UserOffers { it: &it, other_active_admins, by: tx.caller().map(|it| it.user) };
    let actions = offered(tx, &offers, Subject::new(SubjectKind::User, id)).await?;
    Ok(UserCard { available_actions: Some(actions), ..card })
}

async fn found(tx: &mut Tx<'_>, id: UserId) -> Result<UserCard, Failure> {
    let scope = tx.scope().clone();
    let rows: Vec<Row> = db!(tx, load, visible!(scope).filter(users::id.eq(bind(id))).select(columns!()))?;
    cards(tx, rows).await?.pop().ok_or_else(|| missing(id))
}

/// The card of the caller's own account. Every account may see itself.
pub async fn own_card(tx: &mut Tx<'_>) -> Result<UserCard, Failure> {
    let id = tx.caller().map(|it| it.user).ok_or(Failure::NotFound(None))?;
    let rows: Vec<Row> = db!(tx, load, users::table.find(bind(id)).select(columns!()))?;
    cards(tx, rows).await?.pop().ok_or_else(|| missing(id))
}

/// Accounts that the caller may see, the newest first.
pub async fn list(tx: &mut Tx<'_>, filter: &UserFilter, window: &Window) -> Result<Page<UserCard>, Failure> {
    let scope = tx.scope().clone();
    let rows: Vec<Row> = db!(tx, load, {
        let mut all = visible!(scope).select(columns!()).order(users::id.desc()).limit(window.fetch());
        if let Some(after) = window.after_id() {
            all = all.filter(users::id.lt(bind(after)));
        }
        if let Some(role) = &filter.role {
            let with_role = grants::table.filter(grants::role.eq_any(any(role))).select(grants::user_id);
            all = all.filter(users::id.eq_any(with_role));
        }
        if let Some(organization) = filter.organization_id {
            let there = grants::table.filter(grants::organization_id.eq(bind(Some(organization))));
            all = all.filter(users::id.eq_any(there.select(grants::user_id)));
        }
        all
    })?;
    let items = cards(tx, rows).await?;
    Ok(window.page(items, |it| Place::id(it.id)))
}

/// Loads an account that a rule will change.
pub async fn load(tx: &mut Tx<'_>, id: UserId) -> Result<User, Failure> {
    let card = found(tx, id).await?;
    tx.expect(card.version)?;
    Ok(user(&card))
}

/// Loads the account of a login, for the command line.
pub async fn load_named(tx: &mut Tx<'_>, login: &Login) -> Result<User, Failure> {
    let named = users::table.filter(users::login.eq(bind(login.clone()))).select(users::id);
    let id: Option<UserId> = db!(tx, first, named).optional()?;
    load(tx, id.ok_or(Failure::NotFound(None))?).await
}

/// Loads the caller's own account, for changes that everybody may make to their own.
pub async fn load_own(tx: &mut Tx<'_>) -> Result<User, Failure> {
    own_card(tx).await.map(|it| user(&it))
}

fn user(it: &UserCard) -> User {
    let form = UserForm {
        login: it.login.clone(),
        name: it.name.clone(),
        person_id: it.person_id,
        work_phone: it.work_phone.clone(),
        grants: it.grants.iter().map(Grant::from).collect(),
        active: it.active,
    };
    User { id: it.id, form }
}

/// The number of active administrators of the region, without this account.
pub async fn other_active_admins(tx: &mut Tx<'_>, id: UserId) -> Result<i64, Failure> {
    let admins = grants::table.filter(grants::role.eq(bind(Role::RegionAdmin))).select(grants::user_id);
    let others = users::table.filter(users::id.ne(bind(id))).filter(users::active.eq(true));
    let others = others.filter(users::id.eq_any(admins));
    Ok(db!(tx, get_result, others.count())?)
}

macro_rules! row {
    ($tx:expr, $it:expr, $now:expr) => {{
        let form = &$it.form;
        let phone = $tx.core.keys.seal_some(WORK_PHONE, $it.id, form.work_phone.as_ref())?;
        (
            users::login.eq(bind(form.login.clone())),
            users::name.eq(bind(form.name.clone())),
            users::person_id.eq(bind(form.person_id)),
            users::work_phone.eq(bind(phone)),
            users::active.eq(form.active),
            users::updated_at.eq(bind($now)),
        )
    }};
}

/// Saves a new account with the hash of its password.
pub async fn save_added(tx: &mut Tx<'_>, change: Changed<User>, password_hash: &str) -> Result<(), Failure> {
    let (it, records) = change.into_parts();
    let now = tx.now();
    let head = (
        users::id.eq(bind(it.id)),
        users::version.eq(1),
        users::password_hash.eq(bind(password_hash.to_owned())),
        users::created_at.eq(bind(now)),
    );
    let form = row!(tx, it, now);
    let rows = db!(tx, execute, diesel::insert_into(users::table).values((head, form)))?;
    insert_grants(tx, &it).await?;
    tx.established(rows, records)
}

/// Saves an edited account. Lost roles end with the commit. Its sessions and keys end for good with a closed account, and
/// its keys with the role of an integration: neither works again when the account gets back what it lost.
pub async fn save_edited(tx: &mut Tx<'_>, change: Changed<User>) -> Result<(), Failure> {
    let (it, records) = change.into_parts();
    let now = tx.now();
    let next = users::version.eq(users::version + 1);
    let form = row!(tx, it, now);
    let rows = db!(tx, execute, prepared(diesel::update(users::table.find(bind(it.id))).set((next, form))))?;
    db!(tx, execute, diesel::delete(grants::table.filter(grants::user_id.eq(bind(it.id)))))?;
    insert_grants(tx, &it).await?;
    if !it.form.active {
        end_sessions(tx, it.id).await?;
    }
    if !it.form.may_have_keys() {
        revoke_keys(tx, it.id).await?;
    }
    tx.established(rows, records)
}

/// Closes the accounts of somebody who has died. Their sessions and keys end with them.
pub(crate) async fn close_by_death(tx: &mut Tx<'_>, person: PersonId) -> Result<(), Failure> {
    let of_person =
        users::table.filter(users::person_id.eq(bind(Some(person)))).filter(users::active.eq(true));
    let rows: Vec<Row> = db!(tx, load, of_person.select(columns!()))?;
    for card in cards(tx, rows).await? {
        save_edited(tx, user(&card).close_by_death()).await?;
    }
    Ok(())
}

/// Saves a new password and ends every session of the account.
pub async fn save_password(
    tx: &mut Tx<'_>,
    change: Changed<User>,
    password_hash: &str,
) -> Result<(), Failure> {
    let (it, records) = change.into_parts();
    let rows = replace_hash(tx, it.id, password_hash).await?;
    one_time::end(tx, it.id).await?;
    tx.established(rows, records)
}

async fn replace_hash(tx: &mut Tx<'_>, id: UserId, password_hash: &str) -> Result<usize, Failure> {
    let set = (
        users::version.eq(users::version + 1),
        users::password_hash.eq(bind(password_hash.to_owned())),
        users::updated_at.eq(bind(tx.now())),
    );
    let rows = db!(tx, execute, prepared(diesel::update(users::table.find(bind(id))).set(set)))?;
    end_sessions(tx, id).await?;
    Ok(rows)
}

async fn insert_grants(tx: &mut Tx<'_>, user: &User) -> Result<(), Failure> {
    let rows: Vec<_> = (0_i32..)
        .zip(&user.form.grants)
        .map(|(n, it)| {
            (
                grants::user_id.eq(bind(user.id)),
                grants::n.eq(n),
                grants::role.eq(bind(it.role)),
                grants::organization_id.eq(bind(it.organization_id)),
                grants::program_id.eq(bind(it.program_id)),
                grants::territory.eq(bind(it.territory.clone())),
            )
        })
        .collect();
    db!(tx, execute, diesel::insert_into(grants::table).values(rows))?;
    Ok(())
}

/// The hash of the caller's own password.
pub async fn own_password_hash(tx: &mut Tx<'_>) -> Result<String, Failure> {
    let id = tx.caller().map(|it| it.user).ok_or(Failure::NotFound(None))?;
    Ok(db!(tx, first, users::table.find(bind(id)).select(users::password_hash))?)
}

/// The caller of an active account, with its current roles and its person.
pub(crate) async fn caller(
    tx: &mut Tx<'_>,
    id: UserId,
    only: Option<Vec<Right>>,
) -> Result<Option<Caller>, Failure> {
    let active = users::table.find(bind(id)).filter(users::active.eq(true));
    let person: Option<Option<PersonId>> = db!(tx, first, active.select(users::person_id)).optional()?;
    let Some(person) = person else { return Ok(None) };
    let grants = grants_of(tx, &[id]).await?.into_iter().map(|(_, grant)| grant).collect();
    let (mentor, beneficiaries) = match person {
        Some(person) => crate::scope::participant::as_participant(tx, person).await?,
        None => (None, Vec::new()),
    };
    let narrowing = Narrowing::default();
    let caller =
        Caller { user: id, grants, person, mentor, beneficiaries, only, narrowing, granted: Vec::new() };
    let granted = crate::scope::granted::granted_to(tx, &caller.reads_people_in()).await?;
    Ok(Some(Caller { granted, ..caller }))
}

/// The caller of an active account, for a job that outlives its request. It has the current roles, not those of the
/// request.
pub async fn caller_of(tx: &mut Tx<'_>, id: UserId) -> Result<Option<Caller>, Failure> {
    caller(tx, id, None).await
}
