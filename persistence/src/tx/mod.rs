//! Transactions: who asks, by what right, when, and what was established. Nothing is read or written outside of one.
//!
//! - [`Tx`]: the transaction. [`Actor`]: on whose behalf it runs.
//! - [`RegionCore`]: what all transactions of a region share: keys, clock, reads noted, what areas remember.
//! - `Registry`: what lower areas ask of higher ones.
//!
//! Invariant: a save ends with the facts of its change, and the facts are written last before the commit.
mod bench;
mod core;
mod memory;
mod reads;
mod registry;

pub use bench::Bench;
pub use core::{Clock, RegionCore};

pub(crate) use core::Door;
pub(crate) use memory::Memory;
pub(crate) use reads::{Read, Reads};
pub(crate) use registry::{Asked, ObjectedPair, Registry};

use crate::engine::column::bind;
use crate::engine::conn::{Conn, db, prepared};
use crate::engine::failure::Failure;
use crate::engine::schema::{facts, journal};
use chrono::NaiveDate;
use diesel::prelude::*;
use domain::base::access::{Caller, Right, Role, Scope};
use domain::base::change::{Record, Subject};
use domain::base::id::{FactId, Id};
use domain::base::moment::{Moment, Zone};
use std::sync::{Arc, Mutex, PoisonError};
use uuid::{ContextV7, Timestamp, Uuid};

/// So many facts are written one by one, by a statement that is there already; more in one statement, prepared for them.
const FEW: usize = 2;

/// On whose behalf a transaction runs.
#[derive(Debug, Clone)]
pub struct Actor {
    /// The account; none for the clock and the command line.
    pub caller: Option<Arc<Caller>>,
    /// The right by which it acts.
    pub right: Right,
    /// The request that it serves, as the log and the journal name it.
    pub request_id: String,
    /// The version that the caller believes current (`If-Match`).
    pub expected: Option<i64>,
}

impl Actor {
    /// The program itself: the clock, the command line. It sees the whole region.
    pub fn system(what: &str) -> Self {
        Self { caller: None, right: Right::UseAccount, request_id: what.to_owned(), expected: None }
    }
    /// The rows over which the actor has that right.
    pub fn scope(&self, right: Right) -> Scope {
        self.caller.as_ref().map_or_else(Scope::everything, |it| it.scope(right))
    }
}

/// A transaction of one region.
pub struct Tx<'c> {
    pub(crate) conn: Conn<'c>,
    pub(crate) core: &'c Arc<RegionCore>,
    actor: &'c Actor,
    scope: Scope,
    now: Moment,
    records: Vec<Record>,
    matched: bool,
    enqueued: bool,
}

impl<'c> Tx<'c> {
    pub(crate) fn begin(conn: Conn<'c>, core: &'c Arc<RegionCore>, actor: &'c Actor) -> Self {
        let scope = actor.scope(actor.right);
        Self {
            conn,
            core,
            actor,
            scope,
            now: core.now(),
            records: Vec::new(),
            matched: false,
            enqueued: false,
        }
    }
    /// The instant at which everything in this transaction happens.
    pub fn now(&self) -> Moment {
        self.now
    }
    /// The region's calendar day at that instant.
    pub fn today(&self) -> NaiveDate {
        self.core.info.zone.day(self.now)
    }
    /// The region's time zone.
    pub fn zone(&self) -> Zone {
        self.core.info.zone
    }
    /// A new identifier, later than all before it.
    pub fn mint<I: Id>(&self) -> I {
        mint(self.now).into()
    }
    /// The account on whose behalf this runs; none for the program itself.
    pub fn caller(&self) -> Option<&Caller> {
        self.actor.caller.as_deref()
    }
    /// The request that this serves, as the log and the journal name it.
    pub fn request_id(&self) -> &str {
        &self.actor.request_id
    }
    /// Notes that work was put into the queue: whoever runs jobs here is woken once it is committed.
    pub(crate) fn note_work(&mut self) {
        self.enqueued = true;
    }
    /// Whether work was put into the queue.
    pub(crate) fn has_work(&self) -> bool {
        self.enqueued
    }
    /// Whether the caller holds that role.
    pub fn is(&self, role: Role) -> bool {
        self.caller().is_some_and(|it| it.is(role))
    }
    /// Whether the caller has that right over any row.
    pub fn may(&self, right: Right) -> bool {
        self.caller().is_none_or(|it| it.may(right))
    }
    /// The rows that the right of this transaction reaches.
    pub fn scope(&self) -> &Scope {
        &self.scope
    }
    /// The rows that another right of the caller reaches.
    pub(crate) fn scope_of(&self, right: Right) -> Scope {
        self.actor.scope(right)
    }
    /// Looks for a while with the eyes of another right: reading what is referred to, or whether something is visible.
    pub(crate) fn look_by(&mut self, right: Right) -> Scope {
        std::mem::replace(&mut self.scope, self.actor.scope(right))
    }
    /// Ends [`Self::look_by`].
    pub(crate) fn look_again(&mut self, scope: Scope) {
        self.scope = scope;
    }
    /// Compares what the caller believes current with what is; to be called with the version of what is about to change.
    pub fn expect(&mut self, current: i64) -> Result<(), Failure> {
        self.matched = true;
        match self.actor.expected {
            Some(expected) if expected != current => Err(Failure::Stale { current }),
            _ => Ok(()),
        }
    }
    /// Whether [`Self::expect`] was asked: an edit that forgot would overwrite silently.
    pub fn has_matched(&self) -> bool {
        self.matched
    }
    /// Notes that personal data of this subject is about to be shown.
    pub fn disclose(&self, subject: Subject) -> Result<(), Failure> {
        match self.caller() {
            Some(caller) => self.core.reads.note(caller.user, subject, self.now, &self.actor.request_id),
            None => Ok(()),
        }
    }
    /// The areas above the one that asks.
    pub(crate) fn above(&self) -> &'static dyn Registry {
        self.core.registry
    }
    /// Ends every save: exactly one row changed, and the facts go with it.
    pub(crate) fn established(&mut self, rows: usize, records: Vec<Record>) -> Result<(), Failure> {
        if rows != 1 {
            return Err(Failure::Crossed("the row to be changed is gone or changed".into()));
        }
        self.records.extend(records);
        Ok(())
    }

    /// The same where the statement answers with the row as it has become: nothing is read a second time.
    pub(crate) fn returned<T>(&mut self, saved: QueryResult<T>, records: Vec<Record>) -> Result<T, Failure> {
        let saved = saved.optional()?;
        self.established(usize::from(saved.is_some()), records)?;
        saved.ok_or(Failure::NotFound(None))
    }

    /// The last thing before the commit: writes the facts. Answers whether there were any.
    ///
    /// SQLite has one writer, so facts get their places at once. On PostgreSQL a place given here could become visible
    /// after a later one; there [`crate::journal::number`] gives places to committed facts.
    pub(crate) async fn publish(&mut self) -> Result<bool, Failure> {
        let records = std::mem::take(&mut self.records);
        if records.is_empty() {
            return Ok(false);
        }
        let mut place = match &self.conn {
            Conn::Sqlite(_) => Some(self.reserve(records.len()).await?),
            Conn::Postgres(_) => None,
        };
        let mut rows = Vec::with_capacity(records.len());
        for record in records {
            rows.push((
                facts::id.eq(bind(self.mint::<FactId>())),
                facts::seq.eq(place),
                facts::at.eq(bind(self.now)),
                facts::actor_id.eq(bind(self.caller().map(|it| it.user))),
                facts::request_id.eq(bind(self.actor.request_id.clone())),
                facts::kind.eq(bind(record.kind.to_owned())),
                facts::subject_kind.eq(bind(record.subject.kind)),
                facts::subject_id.eq(bind(record.subject.id)),
                facts::body.eq(bind(crate::engine::column::Json(record.body))),
            ));
            place = place.map(|it| it + 1);
        }
        if rows.len() <= FEW {
            for row in rows {
                db!(self, execute, diesel::insert_into(facts::table).values(row))?;
            }
        } else {
            db!(self, execute, diesel::insert_into(facts::table).values(rows))?;
        }
        Ok(true)
    }

    /// Reserves places in the journal and answers the first.
    async fn reserve(&mut self, count: usize) -> Result<i64, Failure> {
        let count = i64::try_from(count).map_err(Failure::broken)?;
        let last: i64 = db!(
            self,
            get_result,
            prepared(
                diesel::update(journal::table)
                    .set(journal::last_seq.eq(journal::last_seq + count))
                    .returning(journal::last_seq)
            )
        )?;
        Ok(last - count + 1)
    }
}

/// Identifiers grow even within a millisecond, so that a list ordered by them is ordered by time.
pub(crate) fn mint(now: Moment) -> Uuid {
    static CONTEXT: Mutex<ContextV7> = Mutex::new(ContextV7::new());
    let micros = now.micros().max(0);
    let seconds = u64::try_from(micros / 1_000_000).unwrap_or(0);
    let nanos = u32::try_from(micros % 1_000_000 * 1000).unwrap_or(0);
    let context = CONTEXT.lock().unwrap_or_else(PoisonError::into_inner);
    Uuid::new_v7(Timestamp::from_unix(&*context, seconds, nanos))
}
