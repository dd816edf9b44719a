//! Transactions: the caller, the right, the time and the facts of one unit of work. Every read and write happens in
//! one.
//!
//! - [`Tx`]: the transaction. [`Actor`]: the caller on whose behalf it runs.
//! - [`RegionCore`]: the parts that all transactions of a region share: keys, clock, noted reads, memory of areas.
//! - `Registry`: questions of lower areas to higher ones.
//!
//! Invariant: a save ends with the facts of its change, and the facts are written last before the commit.
mod bench;
mod core;
mod memory;
mod reads;
mod registry;

pub use bench::Bench;
pub use core::{Clock, RegionCore};

pub(crate) use core::{Apart, Door};
pub(crate) use memory::Memory;
pub(crate) use reads::{Read, Reads};
pub(crate) use registry::{Asked, HandedOver, MergedSides, ObjectedPair, OpenInCase, Registry, ToldDay};

use crate::engine::conn::{Conn, db, prepared};
use crate::engine::failure::Failure;
use crate::engine::schema::journal;
use crate::engine::statement::Statement;
use chrono::NaiveDate;
use diesel::prelude::*;
use domain::base::access::{Caller, Right, Role, Scope};
use domain::base::change::{NewFact, Subject, SubjectKind};
use domain::base::entry::correction::{CorrectionDays, Recorded};
use domain::base::id::{BeneficiaryId, Id, OrganizationId, UserId};
use domain::base::kept::Value;
use domain::base::moment::{Moment, Zone};
use domain::base::refusal::Reason;
use domain::base::word::Word;
use std::any::Any;
use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};
use uuid::{ContextV7, Timestamp, Uuid};

/// Facts up to this number are written one by one, by a statement that is already prepared. More facts go into one
/// statement, prepared for them.
const FEW: usize = 2;
/// The beginning of the statement that writes facts.
const INSERT_FACTS: &str = "INSERT INTO facts (id, seq, at, actor_id, request_id, kind, subject_kind, subject_id, body, version) VALUES ";

/// The caller on whose behalf a transaction runs.
#[derive(Debug, Clone)]
pub struct Actor {
    /// The account; none for the program itself.
    pub caller: Option<Arc<Caller>>,
    /// The right by which the caller acts.
    pub right: Right,
    /// The id of the request, as the log and the journal show it.
    pub request_id: String,
    /// The versions that the caller names as seen (`If-Match`): one of them must be the current one.
    pub expected: Option<Vec<i64>>,
}

impl Actor {
    /// The program itself, started by the clock or the command line. It sees the whole region.
    pub fn system(what: &str) -> Self {
        Self { caller: None, right: Right::UseAccount, request_id: what.to_owned(), expected: None }
    }
    /// The rows over which the actor has that right.
    pub fn scope(&self, right: Right) -> Scope {
        self.caller.as_ref().map_or_else(Scope::everything, |it| it.scope(right))
    }
}

/// A thing, and its surroundings as a rule has read them.
type Around = (Uuid, Box<dyn Any>);

/// A transaction of one region.
pub struct Tx<'c> {
    pub(crate) conn: Conn<'c>,
    pub(crate) core: &'c Arc<RegionCore>,
    actor: &'c Actor,
    scope: Scope,
    now: Moment,
    records: Vec<NewFact>,
    /// The facts about each thing whose id was made here.
    told: RefCell<HashMap<Uuid, usize>>,
    warnings: Vec<Reason>,
    around: Option<Around>,
    /// The records of one person, by each beneficiary that was asked about. Rules ask several times in one order.
    one_person: HashMap<BeneficiaryId, Vec<BeneficiaryId>>,
    /// The scopes that cards of a page have asked for.
    scopes: RefCell<HashMap<Right, Scope>>,
    /// Names of rows that the caller sees, noted by the cards that show them.
    names: HashMap<Subject, String>,
    /// The subjects whose personal data the answer shows. Each is a read once.
    shown: RefCell<HashSet<Subject>>,
    matched: bool,
    enqueued: bool,
    lists: bool,
    apart: bool,
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
            told: RefCell::default(),
            warnings: Vec::new(),
            around: None,
            one_person: HashMap::new(),
            scopes: RefCell::default(),
            names: HashMap::new(),
            shown: RefCell::default(),
            matched: false,
            enqueued: false,
            lists: false,
            apart: false,
        }
    }
    /// The transaction, off the worker threads.
    pub(crate) fn apart(self) -> Self {
        Self { apart: true, ..self }
    }
    /// Refuses work that takes long on a worker thread. [`crate::db::Region::read_remembered`] then repeats the read apart.
    pub(crate) fn must_be_apart(&self) -> Result<(), Failure> {
        if self.apart { Ok(()) } else { Err(Failure::Apart) }
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
    /// A new identifier, greater than all before it.
    pub fn mint<I: Id>(&self) -> I {
        let id = mint(self.now);
        self.told.borrow_mut().insert(id, 0);
        id.into()
    }
    /// The account on whose behalf the transaction runs; none for the program itself.
    pub fn caller(&self) -> Option<&Caller> {
        self.actor.caller.as_deref()
    }
    /// The account in whose name something is recorded.
    pub fn author(&self) -> Result<UserId, Failure> {
        self.caller().map(|it| it.user).ok_or_else(|| Failure::broken("an order in nobody's name"))
    }
    /// The id of the request that the transaction serves, as the log and the journal show it.
    pub fn request_id(&self) -> &str {
        &self.actor.request_id
    }
    /// Notes that work was put into the queue. After the commit, the runner of this process is woken.
    pub(crate) fn note_work(&mut self) {
        self.enqueued = true;
    }
    /// Whether work was put into the queue.
    pub(crate) fn has_work(&self) -> bool {
        self.enqueued
    }
    /// A record that was made at that instant, as the rules about its annulment see it.
    pub fn recorded(
        &self,
        at: Moment,
        is_annulled: bool,
        is_about_caller: bool,
        term: CorrectionDays,
    ) -> Recorded {
        let by_administrator = self.is(Role::RegionAdmin);
        Recorded { on: self.core.info.zone.day(at), is_annulled, is_about_caller, by_administrator, term }
    }
    /// Whether the caller has that role.
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
    /// Whether another right of the caller is over what that institution is responsible for. Each card asks it for each of its orders.
    pub(crate) fn answers_for(&self, right: Right, organization: OrganizationId) -> bool {
        let mut scopes = self.scopes.borrow_mut();
        scopes.entry(right).or_insert_with(|| self.actor.scope(right)).answers_for(organization)
    }
    /// Uses the scope of another right for a while, to read a referenced row or to check visibility. Returns the old
    /// scope.
    pub(crate) fn use_scope_of(&mut self, right: Right) -> Scope {
        self.use_scope(self.actor.scope(right))
    }
    /// Uses that scope for a while: to read what is granted to the caller as its owner reads it. Returns the old scope.
    pub(crate) fn use_scope(&mut self, scope: Scope) -> Scope {
        std::mem::replace(&mut self.scope, scope)
    }
    /// Ends [`Self::use_scope`].
    pub(crate) fn restore_scope(&mut self, scope: Scope) {
        self.scope = scope;
    }
    /// Compares the version that the caller has seen with the current version. Call it with the version of the row to
    /// change.
    pub fn expect(&mut self, current: i64) -> Result<(), Failure> {
        self.matched = true;
        match &self.actor.expected {
            Some(expected) if !expected.contains(&current) => Err(Failure::Stale { current }),
            _ => Ok(()),
        }
    }
    /// Whether [`Self::expect`] was called. An edit without it could overwrite another change silently.
    pub fn has_matched(&self) -> bool {
        self.matched
    }
    /// Notes that the transaction reads a list. A row that does not open is left out of it.
    pub fn begin_list(&mut self) {
        self.lists = true;
    }
    /// Whether the transaction reads a list.
    pub(crate) fn reads_list(&self) -> bool {
        self.lists
    }
    /// The cards of rows. In a list, a row with a seal that does not open is left out and told in the log, so that a damaged row does
    /// not take the others away. Alone, it is a fault.
    pub(crate) fn readable<T, C: FromIterator<T>>(
        &self,
        cards: impl Iterator<Item = Result<T, Failure>>,
    ) -> Result<C, Failure> {
        let readable = |card: Result<T, Failure>| match card {
            Err(Failure::Unsealed(why)) if self.lists => {
                log::error!("a row is left out of a list: {why}");
                None
            }
            other => Some(other),
        };
        cards.filter_map(readable).collect()
    }
    /// A sealed word beside the rows of a list, such as a telephone. In a list, one that does not open is lacking and told in the log.
    /// Alone, it is a fault.
    pub(crate) fn legible<T>(&self, word: Result<Option<T>, Failure>) -> Result<Option<T>, Failure> {
        let found: Vec<T> = self.readable(word.transpose().into_iter())?;
        Ok(found.into_iter().next())
    }
    /// Warns of a likely mistake. The order is carried out, and its answer shows the warning.
    pub fn warn(&mut self, warning: Reason) {
        self.warnings.push(warning);
    }
    /// Takes the warnings, for the answer.
    pub fn take_warnings(&mut self) -> Vec<Reason> {
        std::mem::take(&mut self.warnings)
    }
    /// Notes that the answer will show personal data of these subjects. What one request shows several times it has shown once.
    pub fn disclose(&self, subjects: impl IntoIterator<Item = Subject>) -> Result<(), Failure> {
        let Some(user) = self.caller().map(|it| it.user) else { return Ok(()) };
        let is_new = |it: &Subject| self.shown.borrow_mut().insert(*it);
        let subjects: Vec<Subject> = subjects.into_iter().filter(is_new).collect();
        if subjects.is_empty() {
            return Ok(());
        }
        let request_id = self.actor.request_id.clone();
        self.core.reads.note(Read { user, subjects, at: self.now, request_id })
    }
    /// Notes the name of a row that the right to see its kind reaches, so that it is not read again for the ids that refer to it.
    pub(crate) fn note_name(&mut self, of: Subject, name: String) {
        self.names.insert(of, name);
    }
    /// Notes the names of rows of a directory, such as programs, for a caller who sees every row of it.
    pub(crate) fn note_listed<I: Id>(&mut self, kind: SubjectKind, names: impl Iterator<Item = (I, String)>) {
        let right = self.above().right_to_see(kind);
        if right.is_some_and(|it| self.scope_of(it).everything) {
            names.for_each(|(id, name)| self.note_name(Subject::new(kind, id), name));
        }
    }
    /// The name of a row, if a card has noted it.
    pub(crate) fn noted_name(&self, of: Subject) -> Option<&String> {
        self.names.get(&of)
    }
    /// The answers of higher areas to questions of this one.
    pub(crate) fn above(&self) -> &'static dyn Registry {
        self.core.registry
    }
    /// The surroundings of that thing, if this transaction has read them and has since changed nothing but the thing.
    pub(crate) fn around<T: Clone + 'static>(&self, of: impl Into<Uuid>) -> Option<T> {
        let of: Uuid = of.into();
        self.around.as_ref().filter(|it| it.0 == of).and_then(|it| it.1.downcast_ref::<T>()).cloned()
    }
    /// Notes the surroundings of that thing. An order judges them first, and its answer tells from them what is possible next.
    pub(crate) fn note_around<T: 'static>(&mut self, of: impl Into<Uuid>, surroundings: T) {
        self.around = Some((of.into(), Box::new(surroundings)));
    }
    /// The records of one person that this transaction has read, by a beneficiary.
    pub(crate) fn one_person(&mut self) -> &mut HashMap<BeneficiaryId, Vec<BeneficiaryId>> {
        &mut self.one_person
    }
    /// Ends every save: checks that exactly one row changed, and adds the facts.
    pub(crate) fn established(&mut self, rows: usize, records: Vec<NewFact>) -> Result<(), Failure> {
        if rows != 1 {
            return Err(Failure::Crossed("the row to be changed is gone or changed".into()));
        }
        self.around.take_if(|it| records.iter().any(|record| record.subject.id != it.0));
        for it in &records {
            if let Some(times) = self.told.get_mut().get_mut(&it.subject.id) {
                *times += 1;
            }
        }
        self.records.extend(records);
        Ok(())
    }

    /// Ends a save whose statement returns the changed row, so that the row is not read again.
    pub(crate) fn returned<T>(&mut self, saved: QueryResult<T>, records: Vec<NewFact>) -> Result<T, Failure> {
        let saved = saved.optional()?;
        self.established(usize::from(saved.is_some()), records)?;
        saved.ok_or(Failure::NotFound(None))
    }

    /// Writes the facts, last before the commit. Returns whether there were any.
    ///
    /// SQLite has one writer, so facts get their places at once. On PostgreSQL, a place given here could become
    /// visible after a later one. There [`crate::journal::number`] gives places to committed facts.
    pub(crate) async fn publish(&mut self) -> Result<bool, Failure> {
        let records = std::mem::take(&mut self.records);
        if records.is_empty() {
            return Ok(false);
        }
        let mut place = match &self.conn {
            Conn::Sqlite(_) => Some(self.reserve(records.len()).await?),
            Conn::Postgres(_) => None,
        };
        let together = if records.len() <= FEW { 1 } else { records.len() };
        for part in records.chunks(together) {
            let mut insert = Statement::default().text(INSERT_FACTS);
            for (n, record) in part.iter().enumerate() {
                insert = self.written(if n == 0 { insert } else { insert.text(", ") }, record, place);
                place = place.map(|it| it + 1);
            }
            db!(self, execute, if together == 1 { insert } else { insert.once() })?;
        }
        Ok(true)
    }

    /// A fact as a row of the statement. Its version is the one that its subject has after all changes of the transaction.
    ///
    /// A thing that this transaction entered by one fact has the version 1. It is not read again: on PostgreSQL, everybody who enters
    /// something would meet on the newest page of the index.
    fn written(&self, insert: Statement, record: &NewFact, place: Option<i64>) -> Statement {
        let subject = record.subject;
        let is_new = self.told.borrow().get(&subject.id) == Some(&1);
        let row = insert.text("(").values(vec![
            Value::Uuid(Some(mint(self.now))),
            Value::Long(place),
            Value::Moment(Some(self.now)),
            Value::Uuid(self.caller().map(|it| it.user.into())),
            Value::Text(Some(self.actor.request_id.clone())),
            Value::Text(Some(record.kind.to_owned())),
            Value::Text(Some(subject.kind.code().to_owned())),
            Value::Uuid(Some(subject.id)),
            Value::Json(record.body.to_string()),
        ]);
        match self.core.registry.versioned_in(subject.kind) {
            Some(_) if is_new => row.text(", 1)"),
            Some(table) => row
                .text(", (SELECT version FROM ")
                .text(table)
                .text(" WHERE id = ")
                .value(Value::Uuid(Some(subject.id)))
                .text("))"),
            None => row.text(", NULL)"),
        }
    }

    /// Reserves places in the journal and returns the first.
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

/// Makes an identifier. Identifiers grow even within a millisecond, so a list ordered by them is ordered by time.
pub(crate) fn mint(now: Moment) -> Uuid {
    static CONTEXT: Mutex<ContextV7> = Mutex::new(ContextV7::new());
    let micros = now.micros().max(0);
    let seconds = u64::try_from(micros / 1_000_000).unwrap_or(0);
    let nanos = u32::try_from(micros % 1_000_000 * 1000).unwrap_or(0);
    let context = CONTEXT.lock().unwrap_or_else(PoisonError::into_inner);
    Uuid::new_v7(Timestamp::from_unix(&*context, seconds, nanos))
}
