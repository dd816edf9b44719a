//! Login, accounts and keys over HTTP.
use crate::http::answer::Answer;
use crate::http::guard::{Guarded, Id, RequestId};
use crate::http::list::{NoFilter, Query};
use crate::http::order::{Edit, Order};
use crate::http::password;
use crate::http::problem::{BAD_PARAMETER, INTERNAL, Problem, TOO_MANY};
use crate::http::state::{self, State};
use crate::http::tokens::ACCESS_SECONDS;
use actix_web::{FromRequest, HttpMessage, HttpRequest, dev::Payload, get, post, put, web};
use domain::base::access::{Right, may};
use domain::base::change::SubjectKind;
use domain::base::id::{ApiKeyId, UserId};
use domain::region::users::{
    ApiKey, ApiKeyForm, LoginForm, Logout, NewUser, PasswordChange, Refresh, Session, User, UserForm,
};
use persistence::db::Region;
use persistence::engine::card::Card;
use persistence::region::users::{self, ApiKeyCard, IssuedApiKey, Refreshed, UserCard, UserFilter};
use persistence::sight::{all_of, must_refer};
use persistence::tx::{Actor, Tx};
use shape::card;
use std::net::IpAddr;
use utoipa_actix_web::service_config::ServiceConfig;

crate::http::page::pages! { UserPage of UserCard; ApiKeyPage of ApiKeyCard; }

/// The routes of this feature.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(open_session)
        .service(refresh_session)
        .service(close_session)
        .service(get_me)
        .service(change_password);
    config.service(list_users).service(add_user).service(get_user).service(replace_user);
    config.service(list_api_keys).service(issue_api_key).service(get_api_key).service(revoke_api_key);
}

/// The tokens of a session.
#[card]
pub struct TokenPair {
    /// The access token. Send it as `Authorization: Bearer …`.
    #[schema(max_length = 4000, example = "eyJhbGciOiJFZERTQSJ9.e30.c2ln")]
    access_token: String,
    /// The refresh token. Exchange it once for the next pair.
    #[schema(max_length = 200, example = "demo.c2VjcmV0")]
    refresh_token: String,
    /// The type of the access token, always `Bearer`.
    #[schema(max_length = 10, example = "Bearer")]
    token_type: &'static str,
    /// The seconds for which the access token is valid.
    #[schema(minimum = 1, maximum = 3600, example = 900)]
    expires_in: i64,
}

impl Card for TokenPair {
    const HOLDS_SECRET: bool = true;
}

/// The confirmation of an action without other results.
#[card]
pub struct Done {
    /// Always `true`.
    done: bool,
}

impl Card for Done {}

/// The caller.
#[card]
pub struct Me {
    /// The caller's account with its roles.
    pub user: UserCard,
    /// The rights that the account has over at least one row.
    #[schema(max_items = 100)]
    pub rights: Vec<Right>,
    /// The code of the account's region.
    #[schema(max_length = 30, example = "demo")]
    pub region: String,
}

impl Card for Me {}

/// A client without an account, or one whose account is not known yet.
pub struct Visitor {
    state: web::Data<State>,
    address: IpAddr,
    request_id: String,
}

impl FromRequest for Visitor {
    type Error = Problem;
    type Future = std::future::Ready<Result<Self, Problem>>;
    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let visitor = state::of(request).map(|state| {
            let address = address(request, &state.settings.trusted_proxies);
            let request_id =
                request.extensions().get::<RequestId>().map(|it| it.0.clone()).unwrap_or_default();
            Self { state, address, request_id }
        });
        std::future::ready(visitor)
    }
}

/// The client's address: the one that a trusted proxy reports, otherwise the socket's.
fn address(request: &HttpRequest, trusted: &[IpAddr]) -> IpAddr {
    let peer = request.peer_addr().map_or(IpAddr::from([0, 0, 0, 0]), |it| it.ip());
    if !trusted.contains(&peer) {
        return peer;
    }
    let forwarded =
        request.headers().get("x-forwarded-for").and_then(|it| it.to_str().ok()).unwrap_or_default();
    let hops = forwarded.rsplit(',').filter_map(|it| it.trim().parse::<IpAddr>().ok());
    hops.into_iter().find(|it| !trusted.contains(it)).unwrap_or(peer)
}

impl Visitor {
    fn actor(&self) -> Actor {
        Actor { request_id: self.request_id.clone(), ..Actor::system("") }
    }
    /// The region of a refresh token, whose code is the beginning of the token.
    fn region_of(&self, token: &str) -> Result<Region, Problem> {
        let code = token.split('.').next().unwrap_or_default();
        self.state.db.region(code).ok_or_else(|| domain::region::users::SESSION_ENDED.refuse().into())
    }
    fn pair(&self, region: &Region, session: &Session, refresh_token: String) -> Result<Answer, Problem> {
        let signed = self.state.tokens.sign(region.code(), session.user_id, session.id, region.now());
        let access_token = signed.map_err(|it| Problem::new(&INTERNAL).because(it))?;
        Answer::card(
            200,
            &TokenPair { access_token, refresh_token, token_type: "Bearer", expires_in: ACCESS_SECONDS },
        )
    }
}

/// Log in
///
/// Exchanges a login and a password for tokens. `region` may be left out if the server has one region. After five
/// failures of an account from one address within 15 minutes, the answer is 429.
#[utoipa::path(tag = "auth", request_body = LoginForm, responses((status = 200, body = TokenPair)))]
#[post("/auth/login")]
async fn open_session(visitor: Visitor, form: Order<LoginForm>) -> Result<Answer, Problem> {
    let named = form.region.as_ref().map(|it| it.as_str());
    let region = visitor.state.region(named).await?;
    if named.is_none() && region.is_none() {
        return Err(Problem::new(&BAD_PARAMETER).with("parameter", "region"));
    }
    let account =
        format!("{}/{}", region.as_ref().map(Region::code).unwrap_or_default(), form.login.as_str());
    let wait = visitor.state.throttle.attempt(&account, visitor.address);
    wait.map_err(|wait| Problem::new(&TOO_MANY).with_header("Retry-After", wait.as_secs().max(1)))?;
    let region = region.ok_or_else(|| domain::region::users::CREDENTIALS.refuse())?;
    let find = async |tx: &mut Tx<'_>| users::by_login(tx, &form.login).await;
    let found = region.read(visitor.actor(), find).await?;
    let hash = found.as_ref().map(|(_, hash)| hash.clone());
    let fits = password::fits(form.password.expose(), hash).await?;
    let Some((user, _)) = found else { return Err(domain::region::users::CREDENTIALS.refuse().into()) };
    let open = async move |tx: &mut Tx<'_>| {
        let opened = Session::open(tx.mint(), &user, fits)?;
        let session = opened.value().clone();
        let token = users::save_opened(tx, opened).await?;
        Ok((session, token))
    };
    let (session, token) = region.write(visitor.actor(), open).await?;
    visitor.state.throttle.succeeded(&account, visitor.address);
    visitor.pair(&region, &session, token)
}

/// Refresh the tokens
///
/// Exchanges a refresh token for the next pair. A repetition within 30 seconds gets the same new refresh token. A
/// later repetition ends the whole session, because the token may have been stolen.
#[utoipa::path(tag = "auth", request_body = Refresh, responses((status = 200, body = TokenPair)))]
#[post("/auth/refresh")]
async fn refresh_session(visitor: Visitor, order: Order<Refresh>) -> Result<Answer, Problem> {
    let token = order.refresh_token.expose().to_owned();
    let region = visitor.region_of(&token)?;
    let exchange = async move |tx: &mut Tx<'_>| users::refresh(tx, &token).await;
    match region.write(visitor.actor(), exchange).await? {
        Refreshed::Renewed(session, next) => visitor.pair(&region, &session, next),
        Refreshed::Reused => Err(domain::region::users::SESSION_ENDED.refuse().into()),
    }
}

/// Log out
///
/// Ends the session of a refresh token. Its access tokens stop working within a second.
#[utoipa::path(tag = "auth", request_body = Logout, responses((status = 200, body = Done)))]
#[post("/auth/logout")]
async fn close_session(visitor: Visitor, order: Order<Logout>) -> Result<Answer, Problem> {
    let token = order.refresh_token.expose().to_owned();
    let region = visitor.region_of(&token)?;
    let close = async move |tx: &mut Tx<'_>| {
        let session = users::load_session(tx, &token).await?;
        users::save_closed(tx, session.close()).await
    };
    region.write(visitor.actor(), close).await?;
    Answer::card(200, &Done { done: true })
}

/// Get my account
///
/// The account of the token, its roles and its rights.
#[utoipa::path(tag = "users", responses((status = 200, body = Me)))]
#[get("/me")]
async fn get_me(db: Guarded<may::UseAccount>) -> Result<Answer, Problem> {
    let region = db.region().code().to_owned();
    db.read(async |tx| {
        let user = users::own_card(tx).await?;
        let rights = Right::ALL.iter().copied().filter(|it| tx.may(*it)).collect();
        Ok(Me { user, rights, region: region.clone() })
    })
    .await
}

/// Change my password
///
/// The new password needs at least 15 characters and must not be a common one. Every session of the account ends.
#[utoipa::path(tag = "users", request_body = PasswordChange, responses((status = 200, body = Done)))]
#[post("/me/password")]
async fn change_password(
    db: Guarded<may::UseAccount>,
    order: Order<PasswordChange>,
) -> Result<Answer, Problem> {
    let current = db.peek(async |tx| users::own_password_hash(tx).await).await?;
    let fits = password::fits(order.current_password.expose(), Some(current)).await?;
    let hash = password::hash(order.new_password.expose()).await?;
    db.write(async move |tx| {
        let user = users::load_own(tx).await?;
        users::save_password(tx, user.change_password(&order, fits)?, &hash).await?;
        Ok(Done { done: true })
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
/// Opens an account with its roles and its first password.
#[utoipa::path(tag = "users", request_body = NewUser, responses((status = 201, body = UserCard)))]
#[post("/users")]
async fn add_user(db: Guarded<may::ManageUsers>, order: Order<NewUser>) -> Result<Answer, Problem> {
    let hash = password::hash(order.password.expose()).await?;
    db.create(async move |tx| {
        refer(tx, &order.form()).await?;
        let user = User::add(tx.mint(), &order)?;
        let id = user.value().id;
        users::save_added(tx, user, &hash).await?;
        users::card(tx, id).await
    })
    .await
}

async fn refer(tx: &mut Tx<'_>, form: &UserForm) -> Result<(), persistence::engine::failure::Failure> {
    let mut checks = vec![must_refer(tx, SubjectKind::Person, form.person_id, "/person_id").await];
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
/// Replaces the whole form; needs the version in `If-Match`. Removed rights end within a second.
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
        refer(tx, &form).await?;
        let others = users::other_active_admins(tx, id.0).await?;
        users::save_edited(tx, user.edit(&form, others)?).await?;
        users::card(tx, id.0).await
    })
    .await
}

/// List the keys of integrations
///
/// Keys without their secrets, the newest first.
#[utoipa::path(tag = "users", responses((status = 200, body = ApiKeyPage)))]
#[get("/api-keys")]
async fn list_api_keys(db: Guarded<may::ManageUsers>, query: Query<NoFilter>) -> Result<Answer, Problem> {
    db.list(query, async |tx, _, window| users::list_keys(tx, window).await).await
}

/// Issue a key
///
/// Issues a key for an account with the role `integration`. Only this answer contains the secret.
#[utoipa::path(tag = "users", request_body = ApiKeyForm, responses((status = 201, body = IssuedApiKey)))]
#[post("/api-keys")]
async fn issue_api_key(db: Guarded<may::ManageUsers>, form: Order<ApiKeyForm>) -> Result<Answer, Problem> {
    db.create(async move |tx| {
        must_refer(tx, SubjectKind::User, Some(form.user_id), "/user_id").await?;
        let owner = users::key_owner(tx, form.user_id).await?;
        let key = ApiKey::issue(tx.mint(), &form, &owner, tx.today())?;
        users::save_issued(tx, key).await
    })
    .await
}

/// Get a key
///
/// One key without its secret.
#[utoipa::path(tag = "users", params(("id" = ApiKeyId, Path)), responses((status = 200, body = ApiKeyCard)))]
#[get("/api-keys/{id}")]
async fn get_api_key(db: Guarded<may::ManageUsers>, id: Id<ApiKeyId>) -> Result<Answer, Problem> {
    db.read(async |tx| users::key_card(tx, id.0).await).await
}

/// Revoke a key
///
/// The key stops working within a second and stays on record.
#[utoipa::path(tag = "users", params(("id" = ApiKeyId, Path)), responses((status = 200, body = ApiKeyCard)))]
#[post("/api-keys/{id}/revocation")]
async fn revoke_api_key(db: Guarded<may::ManageUsers>, id: Id<ApiKeyId>) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let key = users::load_key(tx, id.0).await?;
        users::save_revoked(tx, key.revoke()?).await
    })
    .await
}
