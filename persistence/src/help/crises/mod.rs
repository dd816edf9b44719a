//! Crises in the database.
//!
//! - `seen`: the ways by which a caller sees crises. A list is their union, each way read in the order of ids.
//! - `chain`: the accounts that are called, computed at each read.
//! - `cards`: what staff reads of a crisis, and what its reporter does. `listing`: the list and its filters.
//! - `reporting`: the facts of a report. `concerned`: whom a report or a finding means.
//! - `saving`: a new crisis, and its steps. `findings`: what is learned later. `aftermath`: surveys, and what follows from a crisis.
//! - `clock`: levels that were called meanwhile.
//! - `of_case`: crises in the closing and in the monthly record of a case. `reaction`: how long it took.
//!
//! Invariant: an account or a person whom a crisis concerns reads nothing of it by any address.
mod aftermath;
mod cards;
mod chain;
mod clock;
mod concerned;
mod findings;
mod listing;
mod of_case;
mod reaction;
mod reporting;
mod saving;
mod seen;

pub use aftermath::{load_after, save_followed_up, save_resolved, save_surveyed};
pub use cards::{CrisisActionCard, CrisisCallCard, CrisisCard, CrisisFindingCard, CrisisNoticeCard, card};
pub use clock::{DUE_AT_ONCE, due};
pub use findings::{finding_facts, save_found};
pub use listing::{CrisisCountQuestion, CrisisFilter, counts, list, overdue, waiting};
pub use reaction::{ReactionQuestion, ReactionTable, reaction_times};
pub use reporting::facts;
pub use saving::{save_acted, save_moved, save_noticed, save_reported};

pub(crate) use of_case::{about_caller, against_closing, month_items};
pub(crate) use saving::beneficiary_moved;

use crate::engine::column::{bind, binds};
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::page::{Page, Window};
use crate::engine::schema::{crises, crisis_actions, crisis_courses, crisis_findings, crisis_notices};
use crate::history::{self, HistoryEntry};
use crate::people::lives_of;
use crate::tx::Tx;
use chain::Around;
use chrono::NaiveDate;
use diesel::prelude::*;
use domain::base::change::{Subject, SubjectKind};
use domain::base::id::*;
use domain::base::moment::Moment;
use domain::base::text::{Note, OrderNumber, Title};
use domain::help::crises::*;
use domain::help::needs::NeedUrgency;
use seen::Seen;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

const WORDS: &str = "crises.words";
const SURVEY_RESULT: &str = "crises.survey_result";
const END_NOTE: &str = "crises.end_note";
const ACTION_TEXT: &str = "crisis_actions.text";
const NOTICE_ANSWER: &str = "crisis_notices.answer";
const FOLLOW_UP_RESULT: &str = "crisis_courses.follow_up_result";

/// The words of a report, as they are sealed.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Words {
    text: Option<Note>,
    reach_me: Option<Title>,
}

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = crises)]
struct Row {
    id: CrisisId,
    version: i64,
    beneficiary_id: BeneficiaryId,
    organization_id: OrganizationId,
    place: CrisisPlace,
    kind: CrisisKind,
    urgency: NeedUrgency,
    words: String,
    happened_at: Option<Moment>,
    danger_to_child: bool,
    concerns: CrisisConcern,
    concerned_user_id: Option<UserId>,
    concerned_person_id: Option<PersonId>,
    severity: CrisisSeverity,
    acknowledge_by: Moment,
    ack_minutes: i32,
    called_level: i32,
    state: CrisisState,
    reported_by: UserId,
    reported_at: Moment,
    acknowledged_by: Option<UserId>,
    acknowledged_at: Option<Moment>,
    survey_due_on: Option<NaiveDate>,
    surveyed_on: Option<NaiveDate>,
    survey_result: Option<String>,
    outcome: Option<CrisisOutcome>,
    end_note: Option<String>,
    ended_at: Option<Moment>,
    updated_at: Moment,
    #[diesel(embed)]
    course: CourseRow,
}

/// The course of a crisis. It stands in a row of its own.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = crisis_courses)]
struct CourseRow {
    counted_from: Moment,
    action_minutes: i32,
    is_acted: bool,
    first_acknowledged_at: Option<Moment>,
    notice_due_at: Option<Moment>,
    follow_up_by: Option<UserId>,
    follow_up_due_on: Option<NaiveDate>,
    followed_up_on: Option<NaiveDate>,
    follow_up_result: Option<String>,
}

impl Row {
    /// The crisis as it was reported. Later findings are added by [`Around::signal`].
    fn signal(&self) -> Signal {
        Signal {
            id: self.id,
            beneficiary_id: self.beneficiary_id,
            organization_id: self.organization_id,
            kinds: vec![self.kind],
            danger_to_child: self.danger_to_child,
            reported_at: self.reported_at,
            happened_at: self.happened_at,
            severity: self.severity,
            ack_minutes: self.ack_minutes,
            action_minutes: self.course.action_minutes,
            called_level: self.called_level,
            counted_from: self.course.counted_from,
        }
    }
    fn is_survey_due(&self) -> bool {
        self.survey_due_on.is_some() && self.surveyed_on.is_none()
    }
    fn is_follow_up_due(&self) -> bool {
        self.course.follow_up_by.is_some() && self.course.followed_up_on.is_none()
    }
    /// `None` while nobody has the crisis; then whether something was done since, or there is nothing more to do.
    fn acted(&self) -> Option<bool> {
        match self.state {
            CrisisState::Reported => None,
            CrisisState::Acknowledged => Some(self.course.is_acted),
            CrisisState::Resolved | CrisisState::FalseAlarm => Some(true),
        }
    }
    /// The moment until which something is done, while nothing is.
    fn act_by(&self) -> Option<Moment> {
        (self.acted() == Some(false)).then(|| self.signal().act_by())
    }
}

#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = crisis_actions)]
struct ActionRow {
    id: CrisisActionId,
    crisis_id: CrisisId,
    kind: EmergencyAction,
    measure: Option<UrgentMeasure>,
    acted_at: Moment,
    reached: bool,
    text: String,
    made_by: UserId,
    recorded_at: Moment,
}

/// A finding after the report.
#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = crisis_findings)]
struct FindingRow {
    id: CrisisFindingId,
    crisis_id: CrisisId,
    kind: Option<CrisisKind>,
    danger_to_child: bool,
    concerns: Option<CrisisConcern>,
    concerned_user_id: Option<UserId>,
    concerned_person_id: Option<PersonId>,
    made_by: UserId,
    recorded_at: Moment,
}

#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = crisis_notices)]
struct NoticeRow {
    id: CrisisNoticeId,
    crisis_id: CrisisId,
    addressee: NoticeAddressee,
    way: NoticeWay,
    noticed_at: Moment,
    number: Option<OrderNumber>,
    answer: Option<String>,
    made_by: Option<UserId>,
    recorded_at: Moment,
}

fn missing(id: CrisisId) -> Failure {
    Failure::NotFound(Some(Subject::new(SubjectKind::Crisis, id)))
}

/// Whether the right of this transaction reaches the crisis.
pub(crate) async fn reaches(tx: &mut Tx<'_>, id: CrisisId) -> Result<bool, Failure> {
    let seen = Seen::ordering(tx).await?;
    Ok(seen::found(tx, &seen, id).await?.is_some())
}

/// The row of a crisis that the right of this transaction sees whole. Every order begins here.
async fn row(tx: &mut Tx<'_>, id: CrisisId) -> Result<Row, Failure> {
    let seen = Seen::ordering(tx).await?;
    match seen::found(tx, &seen, id).await? {
        Some((row, true)) => Ok(row),
        _ => Err(missing(id)),
    }
}

/// The row of a crisis that the transaction has reached already.
async fn unscoped(tx: &mut Tx<'_>, id: CrisisId) -> Result<Row, Failure> {
    let one = crises::table.inner_join(crisis_courses::table).filter(crises::id.eq(bind(id)));
    Ok(db!(tx, first, one.select(Row::as_select()))?)
}

/// Loads a crisis that a rule will change, with the caller's standing to it and the greatest level that is called by now.
pub async fn load(tx: &mut Tx<'_>, id: CrisisId) -> Result<(Crisis, Standing, i32), Failure> {
    let row = row(tx, id).await?;
    tx.expect(row.version)?;
    let around = Around::rows(tx, &[&row]).await?;
    let chain = around.chain(&row);
    let by = around.standing(tx, &row, &chain);
    let recorded = around.recorded(row.id).iter().map(|it| it.0);
    let called = recorded.max().unwrap_or(0).max(chain.level_at(tx.now()));
    Ok((around.whole(&row), by, called))
}

/// The facts for the end of a crisis that the caller sees.
pub async fn handled(tx: &mut Tx<'_>, it: &Crisis) -> Result<Handled, Failure> {
    let Crisis::Acknowledged(it) = it else { return Ok(Handled::default()) };
    let id = it.signal.id;
    let (actions, notices) = (actions(tx, &[id]).await?, notices(tx, &[id]).await?);
    let has_child = has_child(tx, &it.signal).await?;
    Ok(handled_by(&it.signal, has_child, of(&actions, id), of(&notices, id)))
}

/// Whether the beneficiary is a child, or a family with one. One who has died since the report, or alone before it, stays a child.
async fn has_child(tx: &mut Tx<'_>, it: &Signal) -> Result<bool, Failure> {
    let lives = lives_of(tx, it.beneficiary_id).await?;
    let begun = tx.zone().day(it.happened_at.unwrap_or(it.reported_at));
    Ok(reporting::is_of_child(&lives, begun, tx.today()))
}

fn of<T>(all: &HashMap<CrisisId, Vec<T>>, id: CrisisId) -> &[T] {
    all.get(&id).map_or(&[], Vec::as_slice)
}

fn handled_by(it: &Signal, has_child: bool, actions: &[ActionRow], notices: &[NoticeRow]) -> Handled {
    let talks = |it: &ActionRow| it.reached && it.kind != EmergencyAction::UrgentAction;
    let in_writing = |it: &&NoticeRow| matches!(it.way, NoticeWay::Letter | NoticeWay::Exchange);
    let told = notices.iter().filter(in_writing).filter(|it| it.number.is_some()).map(|it| it.addressee);
    Handled {
        has_talked: actions.iter().any(talks),
        told: told.collect(),
        must_be_told: it.must_tell(has_child),
    }
}

/// The rows of a table that belong to these crises, by crisis, in the order of their entry.
macro_rules! belonging {
    ($(#[$doc:meta])* $name:ident: $table:ident as $Row:ty) => {
        $(#[$doc])*
        async fn $name(tx: &mut Tx<'_>, ids: &[CrisisId]) -> Result<HashMap<CrisisId, Vec<$Row>>, Failure> {
            let mut all: HashMap<CrisisId, Vec<$Row>> = HashMap::new();
            if ids.is_empty() {
                return Ok(all);
            }
            let theirs = $table::table.filter($table::crisis_id.eq_any(binds(ids)));
            let ordered = theirs.order(($table::crisis_id, $table::id));
            let rows: Vec<$Row> = db!(tx, load, ordered.select(<$Row>::as_select()))?;
            for it in rows {
                all.entry(it.crisis_id).or_default().push(it);
            }
            Ok(all)
        }
    };
}
belonging! {
    /// The actions in these crises.
    actions: crisis_actions as ActionRow
}
belonging! {
    /// The notices about these crises.
    notices: crisis_notices as NoticeRow
}
belonging! {
    /// The findings about these crises.
    findings_of: crisis_findings as FindingRow
}

/// The history of a crisis. Its reporter has none: it would tell what was done.
pub async fn history(tx: &mut Tx<'_>, id: CrisisId, window: &Window) -> Result<Page<HistoryEntry>, Failure> {
    let seen = Seen::reading(tx).await?;
    match seen::found(tx, &seen, id).await? {
        Some((_, true)) => history::history(tx, Subject::new(SubjectKind::Crisis, id), window).await,
        _ => Err(Failure::NotFound(None)),
    }
}
