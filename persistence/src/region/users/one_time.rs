//! One-time passwords. The latest one of an account is on record, so that its owner learns who asked for it.
use super::replace_hash;
use crate::engine::column::bind;
use crate::engine::conn::{db, prepared};
use crate::engine::failure::Failure;
use crate::engine::schema::users;
use crate::tx::Tx;
use diesel::prelude::*;
use domain::base::change::Changed;
use domain::base::id::UserId;
use domain::base::moment::Moment;
use domain::base::text::Title;
use domain::region::users::OneTimePassword;
use shape::card;

diesel::table! { use diesel::sql_types::*; use crate::engine::column::*;
    one_time_passwords (user_id) {
        user_id -> DbUuid, requested_by -> Nullable<DbUuid>, requested_at -> DbMoment, expires_at -> DbMoment,
        is_pending -> Bool,
    }
}

/// The latest one-time password of an account, as its owner is told of it.
#[card]
pub struct OneTimePasswordCard {
    /// The administrator who asked for it; absent if the operator did, at the command line.
    pub requested_by_user_id: Option<UserId>,
    /// The name of that administrator.
    pub requested_by_user_name: Option<Title>,
    /// The moment at which it was issued.
    pub requested_at: Moment,
    /// The moment until which it works.
    pub expires_at: Moment,
    /// Whether it still stands in the place of the password, so that nothing but the change of the password is open.
    #[schema(example = false)]
    pub is_pending: bool,
}

/// A one-time password that was just issued.
#[card]
#[derive(Clone)]
pub struct IssuedOneTimePassword {
    /// The account.
    pub user_id: UserId,
    /// The one-time password. Only this answer shows it: it is absent from the answer to a repetition of the request.
    #[schema(max_length = 64, example = "7k2mq-x9rtd-0vw3e-hn5pz")]
    pub password: Option<String>,
    /// The moment until which it works.
    pub expires_at: Moment,
}

impl crate::engine::card::Card for IssuedOneTimePassword {
    const HOLDS_SECRET: bool = true;
}

/// Saves a one-time password in the place of the password, and ends every session of the account.
pub async fn save_one_time(
    tx: &mut Tx<'_>,
    change: Changed<OneTimePassword>,
    password_hash: &str,
) -> Result<OneTimePassword, Failure> {
    let (it, records) = change.into_parts();
    let rows = replace_hash(tx, it.user_id, password_hash).await?;
    db!(tx, execute, diesel::delete(one_time_passwords::table.find(bind(it.user_id))))?;
    let row = (
        one_time_passwords::user_id.eq(bind(it.user_id)),
        one_time_passwords::requested_by.eq(bind(it.requested_by)),
        one_time_passwords::requested_at.eq(bind(it.requested_at)),
        one_time_passwords::expires_at.eq(bind(it.expires_at)),
        one_time_passwords::is_pending.eq(true),
    );
    db!(tx, execute, diesel::insert_into(one_time_passwords::table).values(row))?;
    tx.established(rows, records)?;
    Ok(it)
}

/// Notes that the owner has chosen a password again.
pub(super) async fn end(tx: &mut Tx<'_>, user: UserId) -> Result<(), Failure> {
    let one = diesel::update(one_time_passwords::table.find(bind(user)));
    db!(tx, execute, prepared(one.set(one_time_passwords::is_pending.eq(false))))?;
    Ok(())
}

/// The end of the one-time password that stands in the place of the account's password, if one does.
pub(super) async fn pending(tx: &mut Tx<'_>, user: UserId) -> Result<Option<Moment>, Failure> {
    let one = one_time_passwords::table.find(bind(user)).filter(one_time_passwords::is_pending.eq(true));
    Ok(db!(tx, first, one.select(one_time_passwords::expires_at)).optional()?)
}

type Row = (Option<UserId>, Moment, Moment, bool);

/// The latest one-time password of an account, if there ever was one.
pub async fn one_time_card(tx: &mut Tx<'_>, user: UserId) -> Result<Option<OneTimePasswordCard>, Failure> {
    let row: Option<Row> = db!(
        tx,
        first,
        one_time_passwords::table.find(bind(user)).select((
            one_time_passwords::requested_by,
            one_time_passwords::requested_at,
            one_time_passwords::expires_at,
            one_time_passwords::is_pending,
        ))
    )
    .optional()?;
    let Some((requested_by_user_id, requested_at, expires_at, is_pending)) = row else { return Ok(None) };
    let requested_by_user_name: Option<Title> = match requested_by_user_id {
        Some(id) => db!(tx, first, users::table.find(bind(id)).select(users::name)).optional()?,
        None => None,
    };
    let card = OneTimePasswordCard {
        requested_by_user_id,
        requested_by_user_name,
        requested_at,
        expires_at,
        is_pending,
    };
    Ok(Some(card))
}
