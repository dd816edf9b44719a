//! Sessions: one login and a chain of refresh tokens. Each token is used once.
use super::{caller, one_time, user};
use crate::engine::column::bind;
use crate::engine::conn::{db, prepared};
use crate::engine::failure::Failure;
use crate::engine::schema::{refresh_tokens, sessions, users};
use crate::engine::seal::{digest, random};
use crate::tx::Tx;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use chrono::TimeDelta;
use diesel::prelude::*;
use domain::base::access::{Caller, Right};
use domain::base::change::Changed;
use domain::base::id::{SessionId, UserId};
use domain::base::moment::Moment;
use domain::base::text::Login;
use domain::region::users::{CHANGE_FIRST, CREDENTIALS, SESSION_ENDED, Session, User};

/// Days after the login at which a session ends, however often it was refreshed.
const SESSION_DAYS: i64 = 30;
/// Days after which an unused refresh token ends.
const IDLE_DAYS: i64 = 14;
/// Seconds in which a rotated token still returns the same successor, because the first answer may have been lost.
const GRACE_SECONDS: i64 = 30;

/// The account of a login and its password hash, for the check of the password. A closed account has none, so that its
/// login is answered like an unknown one.
pub async fn by_login(tx: &mut Tx<'_>, login: &Login) -> Result<Option<(UserId, String)>, Failure> {
    let active = users::table.filter(users::login.eq(bind(login.clone()))).filter(users::active.eq(true));
    Ok(db!(tx, first, active.select((users::id, users::password_hash))).optional()?)
}

/// Loads the account for its login, if the compared hash is still that of its password. Hashing takes a while, in which
/// the password may be changed or the account closed. A one-time password that has ended is a wrong one.
pub async fn load_proven(tx: &mut Tx<'_>, id: UserId, password_hash: &str) -> Result<User, Failure> {
    let current: String = db!(tx, first, users::table.find(bind(id)).select(users::password_hash))?;
    let has_ended = one_time::pending(tx, id).await?.is_some_and(|until| until <= tx.now());
    if current != password_hash || has_ended {
        return Err(CREDENTIALS.refuse().into());
    }
    super::found(tx, id).await.map(|it| user(&it))
}

/// Saves a new session and returns its first refresh token.
pub async fn save_opened(tx: &mut Tx<'_>, change: Changed<Session>) -> Result<String, Failure> {
    let (it, records) = change.into_parts();
    let now = tx.now();
    let row = (
        sessions::id.eq(bind(it.id)),
        sessions::user_id.eq(bind(it.user_id)),
        sessions::is_open.eq(true),
        sessions::expires_at.eq(bind(now.plus(TimeDelta::days(SESSION_DAYS)))),
        sessions::created_at.eq(bind(now)),
    );
    let rows = db!(tx, execute, diesel::insert_into(sessions::table).values(row))?;
    tx.established(rows, records)?;
    issue(tx, it.id).await
}

async fn issue(tx: &mut Tx<'_>, session: SessionId) -> Result<String, Failure> {
    let token = format!("{}.{}", tx.core.info.code, BASE64.encode(random::<32>()?));
    let row = (
        refresh_tokens::digest.eq(bind(digest(&token))),
        refresh_tokens::session_id.eq(bind(session)),
        refresh_tokens::issued_at.eq(bind(tx.now())),
        refresh_tokens::rotated_at.eq(bind(None::<Moment>)),
        refresh_tokens::successor.eq(bind(None::<String>)),
    );
    db!(tx, execute, diesel::insert_into(refresh_tokens::table).values(row))?;
    Ok(token)
}

/// The result of using a refresh token.
#[derive(Debug)]
pub enum Refreshed {
    /// The session continues with this new token.
    Renewed(Session, String),
    /// The token was used before. Somebody else may have it, so the whole session ends.
    Reused,
}

/// Exchanges a refresh token for its successor.
pub async fn refresh(tx: &mut Tx<'_>, token: &str) -> Result<Refreshed, Failure> {
    let ended = || Failure::from(SESSION_ENDED.refuse());
    let (session, issued_at, rotated_at, successor) = find(tx, token).await?.ok_or_else(ended)?;
    let account = user(&super::found(tx, session.user_id).await?);
    session.renewable(&account)?;
    if one_time::pending(tx, session.user_id).await?.is_some() {
        return Err(CHANGE_FIRST.refuse().into());
    }
    if tx.now().since(issued_at) > TimeDelta::days(IDLE_DAYS) {
        return Err(ended());
    }
    let (Some(rotated_at), Some(sealed)) = (rotated_at, successor) else {
        let next = rotate(tx, token, session.id).await?;
        return Ok(Refreshed::Renewed(session, next));
    };
    let next: String = tx.core.keys.open("refresh_tokens.successor", session.id.into(), &sealed)?;
    let is_fresh = tx.now().since(rotated_at) <= TimeDelta::seconds(GRACE_SECONDS);
    if is_fresh && matches!(find(tx, &next).await?, Some((_, _, None, _))) {
        return Ok(Refreshed::Renewed(session, next));
    }
    save_closed(tx, session.reuse_detected()).await?;
    Ok(Refreshed::Reused)
}

async fn rotate(tx: &mut Tx<'_>, token: &str, session: SessionId) -> Result<String, Failure> {
    let next = issue(tx, session).await?;
    let sealed = tx.core.keys.seal("refresh_tokens.successor", session.into(), &next)?;
    let set = (
        refresh_tokens::rotated_at.eq(bind(Some(tx.now()))),
        refresh_tokens::successor.eq(bind(Some(sealed))),
    );
    db!(tx, execute, prepared(diesel::update(refresh_tokens::table.find(bind(digest(token)))).set(set)))?;
    Ok(next)
}

type Found = (Session, Moment, Option<Moment>, Option<String>);

async fn find(tx: &mut Tx<'_>, token: &str) -> Result<Option<Found>, Failure> {
    type Row = (SessionId, UserId, bool, Moment, Moment, Option<Moment>, Option<String>);
    let row: Option<Row> = db!(
        tx,
        first,
        refresh_tokens::table
            .inner_join(sessions::table)
            .filter(refresh_tokens::digest.eq(bind(digest(token))))
            .select((
                sessions::id,
                sessions::user_id,
                sessions::is_open,
                sessions::expires_at,
                refresh_tokens::issued_at,
                refresh_tokens::rotated_at,
                refresh_tokens::successor,
            ))
    )
    .optional()?;
    let Some((id, user_id, is_open, expires_at, issued_at, rotated_at, successor)) = row else {
        return Ok(None);
    };
    let session = Session { id, user_id, open: is_open && expires_at > tx.now() };
    Ok(Some((session, issued_at, rotated_at, successor)))
}

/// Loads the session of a refresh token.
pub async fn load_session(tx: &mut Tx<'_>, token: &str) -> Result<Session, Failure> {
    let (session, ..) = find(tx, token).await?.ok_or_else(|| Failure::from(SESSION_ENDED.refuse()))?;
    if session.open { Ok(session) } else { Err(SESSION_ENDED.refuse().into()) }
}

/// Saves the end of a session.
pub async fn save_closed(tx: &mut Tx<'_>, change: Changed<Session>) -> Result<(), Failure> {
    let (it, records) = change.into_parts();
    let rows = db!(
        tx,
        execute,
        prepared(diesel::update(sessions::table.find(bind(it.id))).set(sessions::is_open.eq(false)))
    )?;
    tx.established(rows, records)
}

pub(super) async fn end_sessions(tx: &mut Tx<'_>, user: UserId) -> Result<(), Failure> {
    let open = sessions::table.filter(sessions::user_id.eq(bind(user))).filter(sessions::is_open.eq(true));
    db!(tx, execute, prepared(diesel::update(open).set(sessions::is_open.eq(false))))?;
    Ok(())
}

/// The caller of a session, if the session is open and its account is active. While a one-time password stands in the place
/// of the password, its sessions may only change it.
pub async fn session_caller(
    tx: &mut Tx<'_>,
    user: UserId,
    session: SessionId,
) -> Result<Option<Caller>, Failure> {
    let open = sessions::table
        .find(bind(session))
        .filter(sessions::is_open.eq(true))
        .filter(sessions::expires_at.gt(bind(tx.now())));
    let owner: Option<UserId> = db!(tx, first, open.select(sessions::user_id)).optional()?;
    if owner != Some(user) {
        return Ok(None);
    }
    match one_time::pending(tx, user).await? {
        None => caller(tx, user, None).await,
        Some(until) if until > tx.now() => caller(tx, user, Some(vec![Right::ChangePassword])).await,
        Some(_) => Ok(None),
    }
}
