//! Logging in over HTTP, staying in, leaving.
use super::Done;
use crate::http::answer::Answer;
use crate::http::entered::RequestId;
use crate::http::logins::password;
use crate::http::logins::proxies::{Sender, sender};
use crate::http::logins::throttle::Guess;
use crate::http::logins::tokens::ACCESS_SECONDS;
use crate::http::order::Order;
use crate::http::problem::{BAD_PARAMETER, INTERNAL, Problem};
use crate::http::routing::ServiceConfig;
use crate::http::state::{self, State};
use actix_web::{FromRequest, HttpMessage, HttpRequest, dev::Payload, post, web};
use domain::base::id::UserId;
use domain::region::users::{CREDENTIALS, LoginForm, Logout, Refresh, SESSION_ENDED, Session};
use persistence::db::Region;
use persistence::engine::card::Card;
use persistence::engine::failure::Failure;
use persistence::region::users::{self, OneTimePasswordCard, Refreshed};
use persistence::tx::{Actor, Tx};
use shape::card;
use uuid::Uuid;

/// The routes of this feature.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(open_session).service(refresh_session).service(close_session);
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
    /// A token for the next logins on this device: with it, guesses from elsewhere do not slow them down. It opens nothing
    /// by itself. Only the answer of a login has it; a change of the password ends it.
    #[schema(max_length = 400, example = "v1.1.c2VhbGVk")]
    device_token: Option<String>,
    /// The one-time password by which this login was made: until it is changed, nothing else is open. No device is known by
    /// such a login.
    one_time_password: Option<OneTimePasswordCard>,
}

impl Card for TokenPair {
    const HOLDS_SECRET: bool = true;
}

/// A client without an account, or one whose account is not known yet.
pub struct Visitor {
    state: web::Data<State>,
    sender: Sender,
    request_id: String,
}

impl FromRequest for Visitor {
    type Error = Problem;
    type Future = std::future::Ready<Result<Self, Problem>>;
    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let visitor = state::of(request).map(|state| {
            let settings = &state.settings;
            let sender = sender(request, settings.forwarding_header, &settings.trusted_proxies);
            let request_id =
                request.extensions().get::<RequestId>().map(|it| it.0.clone()).unwrap_or_default();
            Self { state, sender, request_id }
        });
        std::future::ready(visitor)
    }
}

/// An account whose password was right.
struct Proven {
    user: UserId,
    password_hash: String,
    /// The device, if it was known before.
    device: Option<Uuid>,
}

/// The tokens of a session that has just begun or goes on.
struct Issued {
    session: Session,
    refresh_token: String,
    device_token: Option<String>,
    one_time_password: Option<OneTimePasswordCard>,
}

impl Visitor {
    fn actor(&self) -> Actor {
        Actor { request_id: self.request_id.clone(), ..Actor::system("") }
    }
    /// The region of a refresh token, whose code is the beginning of the token.
    fn region_of(&self, token: &str) -> Result<Region, Problem> {
        let code = token.split('.').next().unwrap_or_default();
        self.state.db.reach(code)?.ok_or_else(|| SESSION_ENDED.refuse().into())
    }
    /// Compares the password of a login. A wrong region, account or password takes the same way. Nothing is written before the
    /// password was right, so that the answers do not differ even while writes are refused.
    async fn prove(&self, region: Option<&Region>, form: &LoginForm) -> Result<Proven, Problem> {
        let find = async |tx: &mut Tx<'_>| users::by_login(tx, &form.login).await;
        let found = match region {
            Some(region) => region.read(self.actor(), find).await?,
            None => None,
        };
        let now = self.state.db.now();
        let named = region.zip(found.as_ref()).zip(form.device_token.as_ref());
        let device = named.and_then(|((region, (user, hash)), token)| {
            users::device_of(region.keys(), now, *user, hash, token.expose())
        });
        let account = format!("{}/{}", region.map(Region::code).unwrap_or_default(), form.login.as_str());
        self.state.lookout.note(&account, self.sender);
        let guess = Guess { account, address: self.sender.address, device };
        let place = self.state.throttle.login(&guess, now)?;
        let hash = found.as_ref().map(|(_, hash)| hash.clone());
        let fits = password::fits(form.password.expose(), hash, place).await?;
        let (user, password_hash) = found.filter(|_| fits).ok_or_else(|| CREDENTIALS.refuse())?;
        self.state.throttle.know(&guess, now);
        Ok(Proven { user, password_hash, device })
    }
    fn pair(&self, region: &Region, it: Issued) -> Result<Answer, Problem> {
        let signed = self.state.tokens.sign(region.code(), it.session.user_id, it.session.id, region.now());
        let access_token = signed.map_err(|it| Problem::new(&INTERNAL).because(it))?;
        let Issued { refresh_token, device_token, one_time_password, .. } = it;
        let (token_type, expires_in) = ("Bearer", ACCESS_SECONDS);
        let pair = TokenPair {
            access_token,
            refresh_token,
            token_type,
            expires_in,
            device_token,
            one_time_password,
        };
        Answer::plain(200, &pair)
    }
}

/// Opens a session for a proven account.
async fn begin(tx: &mut Tx<'_>, it: &Proven) -> Result<Issued, Failure> {
    let user = users::load_proven(tx, it.user, &it.password_hash).await?;
    let opened = Session::open(tx.mint(), &user)?;
    let session = opened.value().clone();
    let refresh_token = users::save_opened(tx, opened).await?;
    let one_time_password = users::one_time_card(tx, it.user).await?.filter(|it| it.is_pending);
    let device_token = match one_time_password {
        None => Some(users::device_token(tx, it.user, it.device, &it.password_hash)?),
        Some(_) => None,
    };
    Ok(Issued { session, refresh_token, device_token, one_time_password })
}

/// Log in
///
/// Exchanges a login and a password for tokens. `region` may be left out if the server has one region. Wrong passwords slow
/// down: after ten of an account, or a hundred of an address, the answer is 429 and one more is compared every 30 or 10
/// seconds. A device that sends its `device_token` is counted by itself, and so is an address that the account has logged
/// in from: guesses from elsewhere keep nobody out. Right passwords are not counted.
#[utoipa::path(tag = "auth", request_body = LoginForm, responses((status = 200, body = TokenPair)))]
#[post("/auth/login")]
async fn open_session(visitor: Visitor, form: Order<LoginForm>) -> Result<Answer, Problem> {
    let named = form.region.as_ref().map(|it| it.as_str());
    let region = visitor.state.region(named).await?;
    if named.is_none() && region.is_none() {
        return Err(Problem::new(&BAD_PARAMETER).with("parameter", "region"));
    }
    let proven = visitor.prove(region.as_ref(), &form).await?;
    let region = region.ok_or_else(|| CREDENTIALS.refuse())?;
    let open = async move |tx: &mut Tx<'_>| begin(tx, &proven).await;
    let issued = region.write(visitor.actor(), open).await?;
    visitor.pair(&region, issued)
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
        Refreshed::Renewed(session, refresh_token) => visitor
            .pair(&region, Issued { session, refresh_token, device_token: None, one_time_password: None }),
        Refreshed::Reused => Err(SESSION_ENDED.refuse().into()),
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
    Answer::plain(200, &Done { done: true })
}
