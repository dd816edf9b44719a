//! The chain of a crisis: the accounts that are called, level by level, and from which moment on.
//!
//! Level 1 are the specialists in charge, 2 the heads of units, 3 the directors, 4 the administrators. A level without an active
//! account is left out in the same instant, and so is everybody whom the crisis concerns. The chain goes on after somebody has taken
//! the crisis up: if nothing is done about it, the next level is called.
//!
//! Invariant: who may act follows from moments and accounts alone. A clock that stood still changes nothing of it.
use crate::base::id::UserId;
use crate::base::moment::Moment;
use chrono::TimeDelta;

/// The number of levels.
pub const LEVELS: usize = 4;

/// The active accounts of each level, without those whom the crisis concerns.
pub type Levels = [Vec<UserId>; LEVELS];

/// The measure of a chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// The moment from which it counts: the report, the acknowledgement, or the moment at which the crisis was taken away.
    pub from: Moment,
    /// The minutes of each level.
    pub minutes: i32,
    /// The greatest level that was called before. All levels up to it are called at once.
    pub called: i32,
    /// Whether somebody has the crisis, so that the first level waits as well.
    pub is_held: bool,
}

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
pub struct Chain {
    calls: Vec<Call>,
    /// The greatest level of which nobody is called anew.
    settled: i32,
    /// Whether no further level is called.
    is_at_rest: bool,
}

impl Chain {
    /// The chain of a crisis: each level has so many minutes before the next one is called.
    pub fn of(span: Span, levels: Levels) -> Self {
        let mut calls: Vec<Call> = Vec::new();
        let mut before = i64::from(span.is_held);
        for (level, users) in (1..).zip(levels) {
            let is_new = |it: &UserId| !calls.iter().any(|call| call.users.contains(it));
            let mut users: Vec<UserId> = users.into_iter().filter(is_new).collect();
            users.sort_unstable();
            users.dedup();
            if users.is_empty() {
                continue;
            }
            let is_called = level <= span.called;
            let waits = if is_called { 0 } else { i64::from(span.minutes).saturating_mul(before) };
            calls.push(Call { level, since: span.from.plus(TimeDelta::minutes(waits)), users });
            before = if is_called { 1 } else { before.saturating_add(1) };
        }
        Self { calls, settled: if span.is_held { span.called } else { 0 }, is_at_rest: false }
    }
    /// The chain once something was done: nobody else is called, though all of them may act.
    pub fn at_rest(self) -> Self {
        Self { is_at_rest: true, ..self }
    }
    /// The levels that were called or will be.
    fn waited_for(&self) -> impl Iterator<Item = &Call> {
        self.calls.iter().filter(|it| !self.is_at_rest || it.level <= self.settled)
    }
    /// The levels that are called by a moment.
    pub fn called(&self, now: Moment) -> impl Iterator<Item = &Call> {
        self.waited_for().filter(move |it| it.since <= now)
    }
    /// Those of them that this chain has called.
    pub fn called_anew(&self, now: Moment) -> impl Iterator<Item = &Call> {
        self.called(now).filter(|it| it.level > self.settled)
    }
    /// The greatest level that is called by a moment; 0 if there is nobody.
    pub fn level_at(&self, now: Moment) -> i32 {
        self.called(now).map(|it| it.level).max().unwrap_or(0)
    }
    /// The moment at which the next level is called.
    pub fn next_after(&self, now: Moment) -> Option<Moment> {
        self.waited_for().map(|it| it.since).filter(|it| *it > now).min()
    }
    /// The call of an account, be its moment come or not.
    pub fn call_of(&self, user: UserId) -> Option<&Call> {
        self.calls.iter().find(|it| it.users.contains(&user))
    }
}
