//! Devices: a login leaves a token there, by which the next logins of the account are counted apart from guesses of others.
//! No row is kept. The seal binds the token to the account, and its content to the password.
use crate::engine::failure::Failure;
use crate::engine::seal::{RegionKeys, digest};
use crate::tx::Tx;
use chrono::TimeDelta;
use domain::base::id::UserId;
use domain::base::moment::Moment;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Days without a login after which a device is known no more.
const DEVICE_DAYS: i64 = 180;
/// The place to which the seal of a token is bound.
const PLACE: &str = "users.device";

#[derive(Serialize, Deserialize)]
struct Device {
    id: Uuid,
    issued_at: Moment,
    /// The digest of the password's hash. So the token ends with the password.
    password: String,
}

/// The token of a device from which the account logs in just now: of the same device, if it was known.
pub fn device_token(
    tx: &Tx<'_>,
    user: UserId,
    device: Option<Uuid>,
    password_hash: &str,
) -> Result<String, Failure> {
    let id = device.unwrap_or_else(|| crate::tx::mint(tx.now()));
    let device = Device { id, issued_at: tx.now(), password: digest(password_hash) };
    tx.core.keys.seal(PLACE, user.into(), &device)
}

/// The device of a token, if it is a token of this account and this password.
pub fn device_of(
    keys: &RegionKeys,
    now: Moment,
    user: UserId,
    password_hash: &str,
    token: &str,
) -> Option<Uuid> {
    let device: Device = keys.open(PLACE, user.into(), token).ok()?;
    let is_recent = now.since(device.issued_at) <= TimeDelta::days(DEVICE_DAYS);
    (is_recent && device.password == digest(password_hash)).then_some(device.id)
}
