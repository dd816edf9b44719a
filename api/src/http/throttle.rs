//! Logins that failed, by account and by address: guessing is slow, and the owner is never locked out for long.
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Failures within this count.
const WINDOW: Duration = Duration::from_secs(15 * 60);
/// Failures of one account from one address within the window.
const PER_ACCOUNT_AND_ADDRESS: usize = 5;
/// Failures of one account from anywhere: above it every address is slowed, the owner's too.
const PER_ACCOUNT: usize = 50;
/// Failures from one address, whatever the accounts: an office behind one address has many people.
const PER_ADDRESS: usize = 100;
/// Keys remembered at most; past that the oldest failures are forgotten first.
const REMEMBERED: usize = 100_000;

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Key {
    Both(String, IpAddr),
    Account(String),
    Address(IpAddr),
}

/// Counts failures.
#[derive(Default)]
pub struct Throttle {
    failures: Mutex<HashMap<Key, Vec<Instant>>>,
    looked_around: Mutex<Option<Instant>>,
}

impl Throttle {
    /// How long this account must wait at this address, if it must. Counts the attempt as failed until [`Self::succeeded`].
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

    /// The right password: what the account failed at this address is forgiven, and this attempt is no failure.
    pub fn succeeded(&self, account: &str, address: IpAddr) {
        let mut all = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        all.remove(&Key::Both(account.to_owned(), address));
        for key in [Key::Account(account.to_owned()), Key::Address(address)] {
            if let Some(times) = all.get_mut(&key) {
                times.pop();
            }
        }
    }

    /// Whether regions added by another process may be looked for again: at most once a second.
    pub fn may_look_around(&self) -> bool {
        let mut last = self.looked_around.lock().unwrap_or_else(PoisonError::into_inner);
        if last.is_some_and(|it| it.elapsed() < Duration::from_secs(1)) {
            return false;
        }
        *last = Some(Instant::now());
        true
    }
}
