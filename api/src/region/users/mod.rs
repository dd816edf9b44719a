//! Accounts over HTTP. [`sessions`]: logging in. [`passwords`]: changing them. [`keys`]: keys of integrations.
mod keys;
mod passwords;
mod sessions;

pub use passwords::issue_by;

use crate::http::answer::Answer;
use crate::http::guard::{Guarded, Id};
use crate::http::history::{self, HistoryPage};
use crate::http::list::{NoFilter, Query};
use crate::http::logins::password;
use crate::http::order::{Edit, Order};
use crate::http::problem::Problem;
use crate::http::routing::ServiceConfig;
use actix_web::{get, post, put};
use chrono::NaiveDate;
use domain::base::access::{Right, may};
use domain::base::change::SubjectKind;
use domain::base::id::UserId;
use domain::region::users::{NewUser, User, UserForm};
use persistence::db::Region;
use persistence::engine::failure::Failure;
use persistence::people;
use persistence::region::users::{self, OneTimePasswordCard, UserCard, UserFilter};
use persistence::sight::{all_of, must_refer, ruled_after};
use persistence::tx::{Actor, Tx};
use shape::card;

crate::http::page::pages! { UserPage of UserCard; }

/// The routes of this feature.
pub fn routes(config: &mut ServiceConfig<'_>) {
    sessions::routes(config);
    passwords::routes(config);
    config.service(get_me).service(list_users).service(add_user).service(get_user).service(replace_user);
    config.service(get_user_history);
    keys::routes(config);
}

/// The confirmation of an action without other results.
#[card]
pub struct Done {
    /// Always `true`.
    done: bool,
}

impl persistence::engine::card::Card for Done {}

/// The caller.
#[card]
pub struct Me {
    /// The caller's account with its roles.
    pub user: UserCard,
    /// The rights that the account has over at least one row.
    #[schema(max_items = 300)]
    pub rights: Vec<Right>,
    /// The code of the account's region.
    #[schema(max_length = 30, example = "demo")]
    pub region: String,
    /// The name of the region.
    #[schema(max_length = 300, example = "Иркутская область")]
    pub region_name: String,
    /// The time zone of the region, by its IANA name. Its days decide about deadlines.
    #[schema(max_length = 64, example = "Asia/Irkutsk")]
    pub zone: &'static str,
    /// The day in that zone.
    pub today: NaiveDate,
    /// The latest one-time password of the account, if somebody ever asked for one.
    pub one_time_password: Option<OneTimePasswordCard>,
}

impl persistence::engine::card::Card for Me {}

/// Get my account
///
/// The account of the token, its roles and its rights.
#[utoipa::path(tag = "users", responses((status = 200, body = Me)))]
#[get("/me")]
async fn get_me(db: Guarded<may::UseAccount>) -> Result<Answer, Problem> {
    let info = db.region().info().clone();
    db.read(async |tx| {
        let user = users::own_card(tx).await?;
        let rights = Right::ALL.iter().copied().filter(|it| tx.may(*it)).collect();
        let one_time_password = users::one_time_card(tx, user.id).await?;
        let (region, region_name) = (info.code.clone(), info.name.clone());
        let (zone, today) = (tx.zone().name(), tx.today());
        Ok(Me { user, rights, region, region_name, zone, today, one_time_password })
    })
    .await
}

/// Opens an account without a caller: the first account of a region, or one from the command line. The journal names
/// the command.
pub async fn open_by(what: &str, region: &Region, order: NewUser) -> Result<(), String> {
    let hash = password::hash(order.password.expose()).await.map_err(|it| it.to_string())?;
    let add = async move |tx: &mut Tx<'_>| {
        let user = User::add(tx.mint(), &order)?;
        users::save_added(tx, user, &hash).await
    };
    region.write(Actor::system(what), add).await.map_err(|it| it.to_string())
}

/// List accounts
///
/// Accounts of the region or of the caller's institutions, the newest first.
#[utoipa::path(tag = "users", params(UserFilter), responses((status = 200, body = UserPage)))]
#[get("/users")]
async fn list_users(db: Guarded<may::ReadUsers>, query: Query<UserFilter>) -> Result<Answer, Problem> {
    db.list(query, users::list).await
}

/// Open an account
///
/// Opens an account with its roles and its first password. Nobody whose death is on record has an active account.
#[utoipa::path(tag = "users", request_body = NewUser, responses((status = 201, body = UserCard)))]
#[post("/users")]
async fn add_user(db: Guarded<may::ManageUsers>, order: Order<NewUser>) -> Result<Answer, Problem> {
    // A hash takes long: none is made for an order that is refused anyway.
    let is_sound = db.must_be_complete().is_ok() && order.judge().is_empty();
    let hash = if is_sound { password::hash(order.password.expose()).await? } else { String::new() };
    db.create(async move |tx| {
        let refers = refer(tx, &order.form()).await;
        let user = ruled_after([refers], User::add(tx.mint(), &order))?;
        let id = user.value().id;
        users::save_added(tx, user, &hash).await?;
        users::card(tx, id).await
    })
    .await
}

async fn refer(tx: &mut Tx<'_>, form: &UserForm) -> Result<(), Failure> {
    let mut checks = vec![must_refer(tx, SubjectKind::Person, form.person_id, "/person_id").await];
    if let Some(person) = form.person_id.filter(|_| form.active && checks.iter().all(Result::is_ok)) {
        let is_open = people::life_of(tx, person).await?.must_go_on("/active");
        checks.push(is_open.map_err(Failure::from));
        checks.push(people::register::must_have_no_other_account(tx, person, "/person_id").await);
    }
    for (index, grant) in form.grants.iter().enumerate() {
        let at = |member: &str| format!("/grants/{index}/{member}");
        let organization = grant.organization_id;
        checks.push(must_refer(tx, SubjectKind::Organization, organization, &at("organization_id")).await);
        checks.push(must_refer(tx, SubjectKind::Program, grant.program_id, &at("program_id")).await);
    }
    all_of(checks)
}

/// Get an account
///
/// One account with its roles.
#[utoipa::path(tag = "users", params(("id" = UserId, Path)), responses((status = 200, body = UserCard)))]
#[get("/users/{id}")]
async fn get_user(db: Guarded<may::ReadUsers>, id: Id<UserId>) -> Result<Answer, Problem> {
    db.read(async |tx| users::card(tx, id.0).await).await
}

/// Replace an account
///
/// Replaces the whole form; needs the version in `If-Match`. Removed rights end within a second. Closing an account
/// (`active: false`) ends its sessions and keys for good; without the role `integration` its keys end too. The account of somebody
/// whose death is on record is opened again only after that record is annulled.
#[utoipa::path(tag = "users", params(("id" = UserId, Path)), request_body = UserForm, responses((status = 200, body = UserCard)))]
#[put("/users/{id}")]
async fn replace_user(
    db: Guarded<may::ManageUsers>,
    id: Id<UserId>,
    edit: Edit<UserForm>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let user = users::load(tx, id.0).await?;
        let form = edit.of(&user.form)?;
        let refers = refer(tx, &form).await;
        let others = users::other_active_admins(tx, id.0).await?;
        users::save_edited(tx, ruled_after([refers], user.edit(&form, others))?).await?;
        users::card(tx, id.0).await
    })
    .await
}

/// Get the history of an account
///
/// Everything that happened to the account, the latest first: who edited it, closed it, or asked for a one-time password.
#[utoipa::path(tag = "users", params(("id" = UserId, Path)), responses((status = 200, body = HistoryPage)))]
#[get("/users/{id}/history")]
async fn get_user_history(
    db: Guarded<may::ReadHistory>,
    id: Id<UserId>,
    query: Query<NoFilter>,
) -> Result<Answer, Problem> {
    history::of(db, SubjectKind::User, id.0, query).await
}
