//! Wrong passwords, counted by device, by account and by address. Guessing becomes slow, and nobody is shut out.
//!
//! A place is reserved before the password is hashed, so that guesses in parallel do not overtake the count. Only a wrong
//! password keeps its place. A login without a place is told when to come back; no connection is held.
use crate::http::problem::{Problem, TOO_MANY};
use domain::base::moment::Moment;
use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use uuid::Uuid;

const SECOND: i64 = 1_000_000;
/// The time after which one wrong password is forgotten, and one more may be tried. It is the longest wait.
const EACH: i64 = 30 * SECOND;
/// Wrong passwords that an account, a device or a known address may have at once.
const BURST: i64 = 10;
/// The same for an address, where an office with many people may be.
const EACH_OF_ADDRESS: i64 = 10 * SECOND;
const BURST_OF_ADDRESS: i64 = 100;
/// The time for which an address is known to an account that logged in from it.
const KNOWN: i64 = 30 * 24 * 3600 * SECOND;
/// Entries above which those that say nothing any more are removed.
const REMEMBERED: usize = 100_000;

/// Where a login is counted.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Count {
    /// A device that has a token of the account. Guesses from elsewhere do not slow it down.
    Device(Uuid),
    /// An address from which the account has logged in. Guesses from elsewhere do not slow it down either.
    Known(String, IpAddr),
    /// An account, for all addresses and devices that it does not know.
    Account(String),
    /// An address, for all accounts that do not know it.
    Address(IpAddr),
    /// An account whose session is open, which changes its password.
    Own(Uuid),
}

impl Count {
    /// The wrong passwords at once, and the microseconds after which one is forgotten.
    fn budget(&self) -> (i64, i64) {
        match self {
            Self::Address(_) => (BURST_OF_ADDRESS, EACH_OF_ADDRESS),
            _ => (BURST, EACH),
        }
    }
}

/// The used part of a budget, in microseconds of waiting.
#[derive(Default)]
struct Used {
    wrong: i64,
    at: i64,
    reserved: i64,
}

impl Used {
    /// Forgets what the time since then has paid.
    fn settle(&mut self, now: i64) {
        self.wrong = (self.wrong - (now - self.at).max(0)).max(0);
        self.at = now;
    }
    /// The time until there is a place, if there is none.
    fn wait(&self, (burst, each): (i64, i64)) -> Option<i64> {
        let room = burst * each - self.wrong;
        if room < each {
            Some(each - room)
        } else if room - self.reserved * each < each {
            // Others are being compared just now, and most give their place back.
            Some(SECOND)
        } else {
            None
        }
    }
}

#[derive(Default)]
struct Counted {
    used: HashMap<Count, Used>,
    known: HashMap<(String, IpAddr), i64>,
    swept_at: usize,
}

impl Counted {
    fn sweep(&mut self, now: i64) {
        if self.used.len() + self.known.len() < REMEMBERED.max(self.swept_at) {
            return;
        }
        self.used.retain(|_, it| {
            it.settle(now);
            it.wrong > 0 || it.reserved > 0
        });
        self.known.retain(|_, at| now - *at < KNOWN);
        self.swept_at = (self.used.len() + self.known.len()) * 2;
    }
}

/// A login before its password was compared.
pub struct Guess {
    /// The region and the login as they were sent.
    pub account: String,
    /// The client's address.
    pub address: IpAddr,
    /// The device, if its token belongs to the account.
    pub device: Option<Uuid>,
}

/// A place for one comparison. It is given back, unless the password was wrong.
pub struct Place {
    counted: Arc<Mutex<Counted>>,
    counts: Vec<Count>,
    wrong: bool,
}

impl Place {
    /// Keeps the place, because the password was wrong.
    pub fn keep(mut self) {
        self.wrong = true;
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut counted = held(&self.counted);
        for count in &self.counts {
            if let Some(used) = counted.used.get_mut(count) {
                used.reserved -= 1;
                used.wrong += if self.wrong { count.budget().1 } else { 0 };
            }
        }
    }
}

fn held(it: &Mutex<Counted>) -> MutexGuard<'_, Counted> {
    it.lock().unwrap_or_else(PoisonError::into_inner)
}

/// An IPv6 network of 64 bits is one address here, because its holder can use all of it.
fn counted_as(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(it) => Ipv6Addr::from_bits(it.to_bits() >> 64 << 64).into(),
        it => it,
    }
}

/// The counter of wrong passwords.
#[derive(Default)]
pub struct Throttle {
    counted: Arc<Mutex<Counted>>,
    looked_around: Mutex<Option<Instant>>,
}

impl Throttle {
    /// A place for a login, or the problem that tells when there is one.
    pub fn login(&self, guess: &Guess, now: Moment) -> Result<Place, Problem> {
        let (account, address) = (guess.account.clone(), counted_as(guess.address));
        let known = (account.clone(), address);
        let is_known = held(&self.counted).known.get(&known).is_some_and(|at| now.micros() - at < KNOWN);
        self.reserve(
            now,
            match guess.device {
                Some(device) => vec![Count::Device(device)],
                None if is_known => vec![Count::Known(account, address)],
                None => vec![Count::Account(account), Count::Address(address)],
            },
        )
    }

    /// A place for the current password in a change of it, or the problem that tells when there is one.
    pub fn change(&self, user: Uuid, now: Moment) -> Result<Place, Problem> {
        self.reserve(now, vec![Count::Own(user)])
    }

    /// Notes that the account has logged in from this address.
    pub fn know(&self, guess: &Guess, now: Moment) {
        let known = (guess.account.clone(), counted_as(guess.address));
        held(&self.counted).known.insert(known, now.micros());
    }

    fn reserve(&self, now: Moment, counts: Vec<Count>) -> Result<Place, Problem> {
        let mut counted = held(&self.counted);
        counted.sweep(now.micros());
        let mut longest = None;
        for count in &counts {
            let used = counted.used.entry(count.clone()).or_default();
            used.settle(now.micros());
            longest = longest.max(used.wait(count.budget()));
        }
        if let Some(wait) = longest {
            let seconds = wait.unsigned_abs().div_ceil(SECOND.unsigned_abs()).max(1);
            return Err(Problem::new(&TOO_MANY).with_header("Retry-After", seconds));
        }
        for count in &counts {
            counted.used.entry(count.clone()).or_default().reserved += 1;
        }
        Ok(Place { counted: self.counted.clone(), counts, wrong: false })
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
