//! `Idempotency-Key`: the answer of a POST is stored in the same transaction as its effect, and returned to a
//! repetition.
use crate::engine::column::bind;
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::schema::idempotency_keys;
use crate::tx::Tx;
use chrono::TimeDelta;
use diesel::dsl::exists;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Hours for which an answer is stored.
const KEPT_HOURS: i64 = 48;

/// A stored answer.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Answered {
    /// The HTTP status.
    pub status: u16,
    /// The headers that belong to the answer: `ETag`, `Location`.
    pub headers: Vec<(String, String)>,
    /// The body of the answer.
    pub body: String,
}

/// The state of a key.
#[derive(Debug)]
pub enum Known {
    /// No request has used the key.
    New,
    /// A request with the same content was answered before, with this answer.
    Answered(Answered),
    /// Another request used the key.
    OtherRequest,
}

/// The key of a request: its account, the key as sent, and a digest of the request.
#[derive(Debug, Clone)]
pub struct Key {
    /// The account of the request.
    pub user: Uuid,
    /// The key as sent.
    pub key: String,
    /// The digest of method, path and body.
    pub fingerprint: String,
}

/// Looks a key up.
pub async fn find(tx: &mut Tx<'_>, key: &Key) -> Result<Known, Failure> {
    let since = tx.now().plus(TimeDelta::hours(-KEPT_HOURS));
    let row: Option<(String, String)> = db!(
        tx,
        first,
        idempotency_keys::table
            .find((bind(key.user), bind(key.key.clone())))
            .filter(idempotency_keys::created_at.gt(bind(since)))
            .select((idempotency_keys::fingerprint, idempotency_keys::answer))
    )
    .optional()?;
    let Some((fingerprint, answer)) = row else { return Ok(Known::New) };
    if fingerprint != key.fingerprint {
        return Ok(Known::OtherRequest);
    }
    tx.core.keys.open(&place(key), key.user, &answer).map(Known::Answered)
}

/// Whether the caller has already had an answer with this key.
pub async fn is_known(tx: &mut Tx<'_>, key: &Key) -> Result<bool, Failure> {
    let one = idempotency_keys::table.find((bind(key.user), bind(key.key.clone())));
    Ok(db!(tx, get_result, diesel::select(exists(one)))?)
}

/// Stores an answer. It is sealed, because it holds personal data and secrets that are shown once.
pub async fn keep(tx: &mut Tx<'_>, key: &Key, answered: &Answered) -> Result<(), Failure> {
    let answer = tx.core.keys.seal(&place(key), key.user, answered)?;
    let expired = tx.now().plus(TimeDelta::hours(-KEPT_HOURS));
    let same = idempotency_keys::table.find((bind(key.user), bind(key.key.clone())));
    db!(tx, execute, diesel::delete(same.filter(idempotency_keys::created_at.le(bind(expired)))))?;
    let row = (
        idempotency_keys::user_id.eq(bind(key.user)),
        idempotency_keys::key.eq(bind(key.key.clone())),
        idempotency_keys::fingerprint.eq(bind(key.fingerprint.clone())),
        idempotency_keys::status.eq(i32::from(answered.status)),
        idempotency_keys::answer.eq(bind(answer)),
        idempotency_keys::created_at.eq(bind(tx.now())),
    );
    db!(tx, execute, diesel::insert_into(idempotency_keys::table).values(row))?;
    Ok(())
}

/// Deletes answers older than the time for which they are stored.
pub async fn sweep(tx: &mut Tx<'_>) -> Result<usize, Failure> {
    let expired = tx.now().plus(TimeDelta::hours(-KEPT_HOURS));
    Ok(db!(
        tx,
        execute,
        diesel::delete(idempotency_keys::table.filter(idempotency_keys::created_at.le(bind(expired))))
    )?)
}

fn place(key: &Key) -> String {
    format!("idempotency_keys.answer\0{}", key.key)
}
