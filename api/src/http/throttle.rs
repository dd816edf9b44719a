//! Failed logins, counted by account and by address. Guessing becomes slow, but the owner is never locked out for
//! long.
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// The time for which a failure counts.
const WINDOW: Duration = Duration::from_secs(15 * 60);
/// Failures of one account from one address within the window.
const PER_ACCOUNT_AND_ADDRESS: usize = 5;
/// Failures of one account from all addresses. Above it every address must wait, the owner's too.
const PER_ACCOUNT: usize = 50;
/// Failures from one address for all accounts. It is high, because an office with many people has one address.
const PER_ADDRESS: usize = 100;
/// Keys that the memory holds at most. Above it, keys with only old failures are removed.
const REMEMBERED: usize = 100_000;

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Key {
    Both(String, IpAddr),
    Account(String),
    Address(IpAddr),
}

/// The counter of failed logins.
#[derive(Default)]
pub struct Throttle {
    failures: Mutex<HashMap<Key, Vec<Instant>>>,
    looked_around: Mutex<Option<Instant>>,
}

impl Throttle {
    /// The time that this account must still wait at this address, if it must. The attempt counts as failed until
    /// [`Self::succeeded`].
    pub fn attempt(&self, account: &str, address: IpAddr) -> Result<(), Duration> {
        let mut all = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= REMEMBERED {
            all.retain(|_, times| times.last().is_some_and(|it| it.elapsed() < WINDOW));
        }
        let keys = [
            (Key::Both(account.to_owned(), address), PER_ACCOUNT_AND_ADDRESS),
            (Key::Account(account.to_owned()), PER_ACCOUNT),
            (Key::Address(address), PER_ADDRESS),
        ];
        for (key, most) in &keys {
            let Some(times) = all.get_mut(key) else { continue };
            times.retain(|it| it.elapsed() < WINDOW);
            if times.len() >= *most
                && let Some(first) = times.first()
            {
                return Err(WINDOW.saturating_sub(first.elapsed()));
            }
        }
        for (key, _) in keys {
            all.entry(key).or_default().push(Instant::now());
        }
        Ok(())
    }

    /// Notes the right password. It removes the failures of the account at this address, and this attempt no longer
    /// counts.
    pub fn succeeded(&self, account: &str, address: IpAddr) {
        let mut all = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        all.remove(&Key::Both(account.to_owned(), address));
        for key in [Key::Account(account.to_owned()), Key::Address(address)] {
            if let Some(times) = all.get_mut(&key) {
                times.pop();
            }
        }
    }

    /// Whether the server may look for regions of another process now. It may do so once a second.
    pub fn may_look_around(&self) -> bool {
        let mut last = self.looked_around.lock().unwrap_or_else(PoisonError::into_inner);
        if last.is_some_and(|it| it.elapsed() < Duration::from_secs(1)) {
            return false;
        }
        *last = Some(Instant::now());
        true
    }
}
