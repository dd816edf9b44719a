//! The states of a crisis, and the steps between them. A step consumes the state that it leaves.
use super::chain::{Call, Chain, Levels, Span};
use super::orders::*;
use super::standing::Standing;
use super::words::*;
use super::*;
use crate::accompaniment::rules::AccompanimentRulesForm;
use crate::base::change::Changed;
use crate::base::id::{BeneficiaryId, CrisisActionId, CrisisId, CrisisNoticeId, OrganizationId, UserId};
use crate::base::moment::Moment;
use crate::base::refusal::{Reason, Refused};
use crate::base::text::{MISSING, Note};
use crate::help::needs::NeedUrgency;
use chrono::{NaiveDate, TimeDelta};

/// A crisis in any state, with the data that the rules check.
#[derive(Debug, Clone, PartialEq)]
pub struct Signal {
    /// The id of the crisis.
    pub id: CrisisId,
    /// The beneficiary who needs help.
    pub beneficiary_id: BeneficiaryId,
    /// The organization that answers for the beneficiary.
    pub organization_id: OrganizationId,
    /// The kinds: the reported one, then those that were found.
    pub kinds: Vec<CrisisKind>,
    /// Whether a child was reported or found to be in danger.
    pub danger_to_child: bool,
    /// The moment of the report.
    pub reported_at: Moment,
    /// The moment at which it happened.
    pub happened_at: Option<Moment>,
    /// The severity.
    pub severity: CrisisSeverity,
    /// The minutes of each level.
    pub ack_minutes: i32,
    /// The minutes within which something is done, once somebody has the crisis.
    pub action_minutes: i32,
    /// The greatest level that was called when the chain began to count.
    pub called_level: i32,
    /// The moment from which the chain counts.
    pub counted_from: Moment,
}

/// A crisis in any state. One that has ended never changes.
#[derive(Debug, Clone, PartialEq)]
pub enum Crisis {
    /// Nobody has taken it up yet.
    Reported(Signal),
    /// Somebody is responsible for it.
    Acknowledged(Acknowledged),
    /// It was resolved, or was a false alarm.
    Ended(CrisisState),
}

/// A crisis for which somebody is responsible.
#[derive(Debug, Clone, PartialEq)]
pub struct Acknowledged {
    /// The crisis.
    pub signal: Signal,
    /// The account that is responsible.
    pub by: UserId,
}

/// The stored data that a report needs.
#[derive(Debug, Clone)]
pub struct ReportFacts {
    /// The account that reports.
    pub by: UserId,
    /// Whether it is the account of the person who needs help.
    pub is_own: bool,
    /// Whether the reporter sees the crisis whole, as staff does. The call of anybody else is not refused for its details.
    pub is_staff: bool,
    /// The organization that answers for the beneficiary.
    pub organization_id: OrganizationId,
    /// All organizations that see the crisis.
    pub organizations: Vec<OrganizationId>,
    /// The accounts and people whom it concerns.
    pub concerned: Vec<uuid::Uuid>,
    /// The details that are wrong: an account or a person that the reporter may not name, a moment outside of the life.
    pub details: Vec<Reason>,
    /// Whether the beneficiary is a child, or a family with one.
    pub has_child: bool,
    /// The rules of today.
    pub rules: AccompanimentRulesForm,
    /// The accounts of the chain.
    pub levels: Levels,
    /// The day until which guardianship surveys the living conditions, if a child is in danger.
    pub survey_due_on: NaiveDate,
}

/// A crisis that was just reported.
#[derive(Debug, Clone)]
pub struct New {
    /// The crisis.
    pub signal: Signal,
    /// The order.
    pub form: CrisisReport,
    /// The stored data.
    pub facts: ReportFacts,
    /// The chain.
    pub chain: Chain,
    /// Whether the reporter has taken it up by the report itself.
    pub is_taken_up: bool,
    /// The moment until which danger to a child is told in writing. `None`: there is none.
    pub notice_due_at: Option<Moment>,
    /// The details that were left out or set right, because the call stands all the same.
    pub warnings: Vec<Reason>,
}

/// A crisis after a step.
#[derive(Debug, Clone)]
pub struct Moved {
    /// The crisis.
    pub signal: Signal,
    /// The state that it has left.
    pub was: CrisisState,
    /// Its state.
    pub state: CrisisState,
    /// The account that is responsible.
    pub by: Option<UserId>,
    /// The outcome of a resolved crisis.
    pub outcome: Option<CrisisOutcome>,
    /// The words of the end.
    pub note: Option<Note>,
}

/// An action on record.
#[derive(Debug, Clone)]
pub struct Acted {
    /// The id of the action.
    pub id: CrisisActionId,
    /// The crisis.
    pub crisis_id: CrisisId,
    /// The action.
    pub form: CrisisActionForm,
}

/// A notice on record.
#[derive(Debug, Clone)]
pub struct Noticed {
    /// The id of the notice.
    pub id: CrisisNoticeId,
    /// The crisis.
    pub crisis_id: CrisisId,
    /// The notice.
    pub form: CrisisNoticeForm,
}

/// Everything that was done about a crisis, as far as its end asks for it.
#[derive(Debug, Clone, Default)]
pub struct Handled {
    /// Whether somebody has listened to the person or clarified with them.
    pub has_talked: bool,
    /// The addressees of notices with a number.
    pub told: Vec<NoticeAddressee>,
    /// The addressees whom danger to a child demands; none for others.
    pub must_be_told: Vec<NoticeAddressee>,
}

impl Handled {
    /// The addressees who still have to be told.
    pub fn missing(&self) -> Vec<NoticeAddressee> {
        self.must_be_told.iter().copied().filter(|it| !self.told.contains(it)).collect()
    }
    /// The reason against any end before these are told.
    pub(super) fn against_notices(&self) -> Option<Reason> {
        let missing = self.missing();
        (!missing.is_empty()).then(|| NOTICE_MISSING.reason().with("to", missing))
    }
    /// The reasons against a false alarm.
    pub(super) fn against_false_alarm(&self) -> Vec<Reason> {
        let talk = (!self.has_talked).then(|| NO_TALK.reason());
        talk.into_iter().chain(self.against_notices()).collect()
    }
    /// The reason against an outcome before somebody has talked with the person.
    pub(super) fn against_talk(&self, outcome: CrisisOutcome) -> Option<Reason> {
        (outcome.needs_talk() && !self.has_talked).then(|| NO_TALK.reason().at("/outcome"))
    }
}

impl CrisisSeverity {
    /// The severity until somebody sets it.
    pub fn of(urgency: NeedUrgency) -> Self {
        match urgency {
            NeedUrgency::Now => Self::Critical,
            NeedUrgency::Week => Self::High,
            NeedUrgency::Month => Self::Moderate,
        }
    }
    /// The minutes within which something is done, once somebody has a crisis.
    pub fn action_minutes(self, rules: &AccompanimentRulesForm) -> i32 {
        match self {
            Self::Critical => rules.first_action_minutes_critical,
            Self::High => rules.first_action_minutes_high,
            Self::Moderate => rules.first_action_minutes_moderate,
            Self::Low => rules.first_action_minutes_low,
        }
    }
    /// The minutes of each level.
    pub fn ack_minutes(self, rules: &AccompanimentRulesForm) -> i32 {
        match self {
            Self::Critical => rules.ack_minutes_critical,
            Self::High => rules.ack_minutes_high,
            Self::Moderate => rules.ack_minutes_moderate,
            Self::Low => rules.ack_minutes_low,
        }
    }
}

/// Hours before the report within which a crisis may have begun, if nobody tells when.
const UNTOLD_HOURS: i64 = 24;
/// Minutes by which the clock of a reporter may be ahead.
const CLOCK_MINUTES: i64 = 15;

fn against_future(at: Moment, pointer: &str, now: Moment) -> Option<Reason> {
    (at > now).then(|| IN_FUTURE.reason().at(pointer).with("now", now))
}

/// The moment until which danger to a child that is known now is told in writing.
pub(super) fn notice_due_at(rules: &AccompanimentRulesForm, now: Moment) -> Moment {
    now.plus(TimeDelta::hours(rules.notice_hours.into()))
}

/// The report with its details set right, the warnings about them, and the reasons against the report. A clock that is a little ahead is
/// set right for everybody; for a reporter who is no staff the call stands with all its faults.
fn forgiven(
    order: &CrisisReport,
    facts: &ReportFacts,
    now: Moment,
) -> (CrisisReport, Vec<Reason>, Vec<Reason>) {
    let mut form = order.clone();
    let (mut warnings, mut reasons) = (Vec::new(), Vec::new());
    let latest = now.plus(TimeDelta::minutes(CLOCK_MINUTES));
    if let Some(ahead) = form.happened_at.and_then(|it| against_future(it, "/happened_at", now)) {
        let is_little = form.happened_at.is_some_and(|it| it <= latest);
        form.happened_at = is_little.then_some(now);
        if is_little || !facts.is_staff { warnings.push(ahead) } else { reasons.push(ahead) }
    }
    let of = if facts.is_staff { &mut reasons } else { &mut warnings };
    of.extend_from_slice(&facts.details);
    (form, warnings, reasons)
}

impl Signal {
    /// Reports a crisis. A specialist in charge who reports has taken it up by that.
    pub fn report(
        id: CrisisId,
        order: &CrisisReport,
        facts: ReportFacts,
        now: Moment,
    ) -> Result<Changed<New>, Refused> {
        let mut reasons = Vec::new();
        if order.text.is_none() && !facts.is_own {
            reasons.push(MISSING.reason().at("/text"));
        }
        let (form, warnings, wrong) = forgiven(order, &facts, now);
        reasons.extend(wrong);
        Refused::unless_empty(reasons)?;
        let severity = CrisisSeverity::of(form.urgency);
        let mut signal = Self {
            id,
            beneficiary_id: form.beneficiary_id,
            organization_id: facts.organization_id,
            kinds: vec![form.kind],
            danger_to_child: form.danger_to_child,
            reported_at: now,
            happened_at: form.happened_at,
            severity,
            ack_minutes: severity.ack_minutes(&facts.rules),
            action_minutes: severity.action_minutes(&facts.rules),
            called_level: 0,
            counted_from: now,
        };
        let chain = signal.chain(facts.levels.clone(), None);
        signal.called_level = chain.level_at(now);
        let is_taken_up = chain.call_of(facts.by).is_some_and(|it| it.since <= now);
        let is_danger = signal.is_danger() && facts.has_child;
        let notice_due_at = is_danger.then(|| notice_due_at(&facts.rules, now));
        let fact = CrisisReported { id, beneficiary_id: form.beneficiary_id, kind: form.kind, severity };
        let new = New { signal, form, facts, chain, is_taken_up, notice_due_at, warnings };
        let reported = Changed::new(new, fact);
        Ok(if is_taken_up { reported.and(CrisisAcknowledged { id }) } else { reported })
    }
    /// Whether a child would be in danger by it.
    pub fn is_danger(&self) -> bool {
        self.danger_to_child || self.kinds.iter().any(|it| it.is_danger())
    }
    /// The authorities that are told in writing, where the beneficiary is a child or a family with one.
    pub fn must_tell(&self, has_child: bool) -> Vec<NoticeAddressee> {
        let mut all = Vec::new();
        if has_child && self.is_danger() {
            all.push(NoticeAddressee::Guardianship);
            all.extend(self.kinds.contains(&CrisisKind::Runaway).then_some(NoticeAddressee::Police));
        }
        all
    }
    /// The chain of the crisis. `acted` is `None` while nobody has it; then it tells whether something was done since.
    pub fn chain(&self, levels: Levels, acted: Option<bool>) -> Chain {
        let minutes = if acted.is_some() { self.action_minutes } else { self.ack_minutes };
        let (from, called, is_held) = (self.counted_from, self.called_level, acted.is_some());
        let chain = Chain::of(Span { from, minutes, called, is_held }, levels);
        if acted == Some(true) { chain.at_rest() } else { chain }
    }
    /// The moment until which the first level answers, by the minutes of now.
    pub fn acknowledge_by(&self) -> Moment {
        self.reported_at.plus(TimeDelta::minutes(self.ack_minutes.into()))
    }
    /// The moment until which something is done, by the minutes of now, once somebody has the crisis.
    pub fn act_by(&self) -> Moment {
        self.counted_from.plus(TimeDelta::minutes(self.action_minutes.into()))
    }
    /// The crisis from this moment on: the chain counts anew after the levels that were called.
    pub(super) fn counted(self, from: Moment, called: i32) -> Self {
        Self { counted_from: from, called_level: self.called_level.max(called), ..self }
    }
    fn against_moment(&self, at: Moment, now: Moment) -> Vec<Reason> {
        // Nobody may have told when it began: somebody has driven there first, and reported then.
        let untold = self.reported_at.plus(-TimeDelta::hours(UNTOLD_HOURS));
        let begun = self.happened_at.unwrap_or(untold);
        let early = (at < begun).then(|| ACTION_EARLY.reason().at("/at").with("not_before", begun));
        early.into_iter().chain(against_future(at, "/at", now)).collect()
    }
    /// The crisis with another severity. Those who were called stay called, because it is on record. Where the others may not wait longer,
    /// the minutes never grow.
    fn graded(self, severity: CrisisSeverity, may_wait: bool, rules: &AccompanimentRulesForm) -> Self {
        let within = |told: i32, known: i32| if may_wait { told } else { told.min(known) };
        let ack_minutes = within(severity.ack_minutes(rules), self.ack_minutes);
        let action_minutes = within(severity.action_minutes(rules), self.action_minutes);
        Self { severity, ack_minutes, action_minutes, ..self }
    }
    fn moved(self, was: CrisisState, state: CrisisState, by: Option<UserId>) -> Moved {
        Moved { signal: self, was, state, by, outcome: None, note: None }
    }
    /// Tells the levels to which the crisis has come, after those on record. `None` if there are none. Another account of a level on
    /// record, or one of the first level, was called by no silence.
    pub fn escalate(id: CrisisId, new: &[Call], on_record: &[i32]) -> Option<Changed<()>> {
        let mut levels = new.iter().map(|it| it.level).filter(|it| *it > 1 && !on_record.contains(it));
        let first = levels.next()?;
        let changed = Changed::new((), CrisisEscalated { id, level: first });
        Some(levels.fold(changed, |all, level| all.and(CrisisEscalated { id, level })))
    }
}

impl Crisis {
    /// The crisis, if nobody has taken it up yet. The second learns who has.
    pub fn reported(self) -> Result<Signal, Refused> {
        match self {
            Self::Reported(it) => Ok(it),
            Self::Acknowledged(it) => {
                Err(ACKNOWLEDGED.reason().with("acknowledged_by_user_id", it.by).into())
            }
            Self::Ended(_) => Err(ENDED.refuse()),
        }
    }
    /// The crisis, if somebody is responsible for it.
    pub fn acknowledged(self) -> Result<Acknowledged, Refused> {
        match self {
            Self::Acknowledged(it) => Ok(it),
            Self::Reported(_) => Err(NOT_ACKNOWLEDGED.refuse()),
            Self::Ended(_) => Err(ENDED.refuse()),
        }
    }
    /// The crisis with its state and the account that is responsible, if it has not ended.
    pub(super) fn unended(self) -> Result<(Signal, CrisisState, Option<UserId>), Refused> {
        match self {
            Self::Reported(it) => Ok((it, CrisisState::Reported, None)),
            Self::Acknowledged(it) => Ok((it.signal, CrisisState::Acknowledged, Some(it.by))),
            Self::Ended(_) => Err(ENDED.refuse()),
        }
    }
    /// Takes the crisis up: the first one to do so is responsible until its end.
    pub fn acknowledge(
        self,
        order: &CrisisAcknowledgement,
        by: &Standing,
        rules: &AccompanimentRulesForm,
        (called, now): (i32, Moment),
    ) -> Result<Changed<Moved>, Refused> {
        let signal = self.reported()?.counted(now, called);
        let user = by.must_be_called()?;
        let (id, was) = (signal.id, CrisisState::Reported);
        let told = order.severity.filter(|it| *it != signal.severity);
        let signal = match told {
            Some(severity) => signal.graded(severity, false, rules),
            None => signal,
        };
        let moved = signal.moved(was, CrisisState::Acknowledged, Some(user));
        let changed = Changed::new(moved, CrisisAcknowledged { id });
        Ok(match told {
            Some(severity) => changed.and(CrisisSeveritySet { id, severity }),
            None => changed,
        })
    }
    /// Sets the severity. `None` if it is the same already: the minutes stay as they are.
    pub fn grade(
        self,
        order: &CrisisSeverityOrder,
        by: &Standing,
        rules: &AccompanimentRulesForm,
    ) -> Result<Option<Changed<Moved>>, Refused> {
        let (signal, state, responsible) = self.unended()?;
        by.must_handle()?;
        let (id, severity) = (signal.id, order.severity);
        if severity == signal.severity {
            return Ok(None);
        }
        let is_reported = state == CrisisState::Reported;
        let lowered = by.against_lowering(is_reported, severity > signal.severity);
        Refused::unless_empty(lowered.into_iter().collect())?;
        let moved = signal.graded(severity, by.lets_wait(), rules).moved(state, state, responsible);
        Ok(Some(Changed::new(moved, CrisisSeveritySet { id, severity })))
    }
    /// Records an emergency action.
    pub fn act(
        self,
        id: CrisisActionId,
        order: &CrisisActionForm,
        by: &Standing,
        now: Moment,
    ) -> Result<Changed<Acted>, Refused> {
        let signal = self.acknowledged()?.signal;
        by.must_handle()?;
        Refused::unless_empty(signal.against_moment(order.at, now))?;
        let fact = CrisisActed { id: signal.id, kind: order.kind, measure: order.measure };
        Ok(Changed::new(Acted { id, crisis_id: signal.id, form: order.clone() }, fact))
    }
    /// Records a notice to an authority.
    pub fn notice(
        self,
        id: CrisisNoticeId,
        order: &CrisisNoticeForm,
        by: &Standing,
        now: Moment,
    ) -> Result<Changed<Noticed>, Refused> {
        let (signal, ..) = self.unended()?;
        by.must_handle()?;
        Refused::unless_empty(signal.against_moment(order.at, now))?;
        let fact = CrisisNoticed { id: signal.id, to: order.to };
        Ok(Changed::new(Noticed { id, crisis_id: signal.id, form: order.clone() }, fact))
    }
}

impl Acknowledged {
    /// Resolves the crisis: after somebody has talked with the person, and danger to a child was told in writing.
    pub fn resolve(
        self,
        order: &CrisisResolution,
        by: &Standing,
        facts: &Handled,
    ) -> Result<Changed<Moved>, Refused> {
        by.must_resolve()?;
        let talk = facts.against_talk(order.outcome);
        Refused::unless_empty(talk.into_iter().chain(facts.against_notices()).collect())?;
        let fact = CrisisResolved { id: self.signal.id, outcome: order.outcome };
        let moved = self.signal.moved(CrisisState::Acknowledged, CrisisState::Resolved, Some(self.by));
        let (outcome, note) = (Some(order.outcome), Some(order.note.clone()));
        Ok(Changed::new(Moved { outcome, note, ..moved }, fact))
    }
    /// Takes the crisis over from the one who is responsible. The minutes for the first action count anew.
    pub fn take_over(self, by: &Standing, (called, now): (i32, Moment)) -> Result<Changed<Moved>, Refused> {
        let user = by.must_take_over()?;
        let (state, id) = (CrisisState::Acknowledged, self.signal.id);
        let fact = CrisisTakenOver { id, user_id: user };
        Ok(Changed::new(self.signal.counted(now, called).moved(state, state, Some(user)), fact))
    }
    /// Ends the crisis as a false alarm: somebody has talked with the person, and danger to a child was told in writing all the same.
    pub fn call_false_alarm(
        self,
        order: &CrisisFalseAlarm,
        by: &Standing,
        facts: &Handled,
    ) -> Result<Changed<Moved>, Refused> {
        by.must_call_false_alarm()?;
        Refused::unless_empty(facts.against_false_alarm())?;
        let fact = CrisisFalseAlarmCalled { id: self.signal.id };
        let moved = self.signal.moved(CrisisState::Acknowledged, CrisisState::FalseAlarm, Some(self.by));
        Ok(Changed::new(Moved { note: Some(order.note.clone()), ..moved }, fact))
    }
}
