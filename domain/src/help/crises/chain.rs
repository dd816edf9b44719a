//! The chain of a crisis: the accounts that are called, level by level, and from which moment on.
//!
//! Level 1 are the specialists in charge, 2 the heads of units, 3 the directors, 4 the administrators. A level without an active
//! account is left out in the same instant, and so is everybody whom the crisis concerns.
//!
//! Invariant: who may act follows from moments and accounts alone. A clock that stood still changes nothing of it.
use crate::base::id::UserId;
use crate::base::moment::Moment;
use chrono::TimeDelta;

/// The number of levels.
pub const LEVELS: usize = 4;

/// The active accounts of each level, without those whom the crisis concerns.
pub type Levels = [Vec<UserId>; LEVELS];

/// A level that is called from some moment on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// The number of the level, 1 to 4.
    pub level: i32,
    /// The moment from which on it is called.
    pub since: Moment,
    /// Its accounts. One that was called by an earlier level is not named again.
    pub users: Vec<UserId>,
}

/// The calls of a crisis, in the order of their moments.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Chain(Vec<Call>);

impl Chain {
    /// The chain of a crisis: each level has so many minutes before the next one is called. Levels up to `called` were called
    /// already, when the minutes were others.
    pub fn of(reported_at: Moment, minutes: i32, called: i32, levels: Levels) -> Self {
        let mut calls: Vec<Call> = Vec::new();
        for (level, users) in (1..).zip(levels) {
            let is_new = |it: &UserId| !calls.iter().any(|call| call.users.contains(it));
            let mut new: Vec<UserId> = users.into_iter().filter(is_new).collect();
            new.sort_unstable();
            new.dedup();
            if new.is_empty() {
                continue;
            }
            let before = i32::try_from(calls.len()).unwrap_or(i32::MAX);
            let wait = if level <= called { 0 } else { i64::from(minutes) * i64::from(before) };
            calls.push(Call { level, since: reported_at.plus(TimeDelta::minutes(wait)), users: new });
        }
        Self(calls)
    }
    /// The levels that are called by a moment.
    pub fn called(&self, now: Moment) -> impl Iterator<Item = &Call> {
        self.0.iter().filter(move |it| it.since <= now)
    }
    /// The greatest level that is called by a moment; 0 if there is nobody.
    pub fn level_at(&self, now: Moment) -> i32 {
        self.called(now).map(|it| it.level).max().unwrap_or(0)
    }
    /// The moment at which the next level is called.
    pub fn next_after(&self, now: Moment) -> Option<Moment> {
        self.0.iter().map(|it| it.since).filter(|it| *it > now).min()
    }
    /// The call of an account, be its moment come or not.
    pub fn call_of(&self, user: UserId) -> Option<&Call> {
        self.0.iter().find(|it| it.users.contains(&user))
    }
}
