//! Crises: a call for help, the one who answers it, and how fast (001-09, 001-10, 002-18, 004-09).
//!
//! - [`orders`]: the bodies of requests. [`words`]: kinds, states and outcomes.
//! - [`chain`]: who is called, and when.
//! - [`states`]: reported, acknowledged, ended, and the steps between them. [`standing`]: whose step it is.
//! - [`findings`]: what is learned after the report. [`aftermath`]: the survey of guardianship and the follow-up.
//! - [`reaction`]: how long it took.
//! - [`contacts`]: the telephones that the answer to a report carries.
//!
//! Invariant: a crisis is hidden from the one whom it concerns, in any role. Its reporter learns that it was heard, taken up and
//! ended, and no more.
pub mod aftermath;
pub mod chain;
pub mod contacts;
pub mod findings;
pub mod orders;
pub mod reaction;
pub mod standing;
pub mod states;
pub mod words;

#[cfg(test)]
mod tests;

pub use aftermath::*;
pub use chain::*;
pub use findings::*;
pub use orders::*;
pub use standing::Standing;
pub use states::*;
pub use words::*;

use crate::base::access::Right;
use crate::base::action::{Action, Offer, Offers, Verdict};
use crate::base::change::facts;
use crate::base::id::{BeneficiaryId, CrisisId, UserId};
use crate::base::refusal::rules;
use crate::base::word::Word;

rules! {
    ACKNOWLEDGED = "crisis.acknowledged", State, ours, "Кризис уже взят в работу: отвечает первый, кто его взял.", "The crisis is taken up already: the first to acknowledge has it.";
    NOT_ACKNOWLEDGED = "crisis.not_acknowledged", State, ours, "Кризис ещё никто не взял в работу.", "Nobody has taken the crisis up yet.";
    ENDED = "crisis.ended", State, ours, "Кризис уже завершён.", "The crisis has ended already.";
    NOT_CALLED = "crisis.not_called", Forbidden, ours, "Кризис берёт в работу тот, до кого он дошёл по цепочке.", "A crisis is taken up by those to whom it has come along the chain.";
    NO_TALK = "crisis.no_talk", State, "001 L22", "Никого не выслушали и не помогли разобраться: кризис нельзя завершить.", "Nobody has listened to the person or clarified with them: the crisis cannot be resolved.";
    NOTICE_MISSING = "crisis.notice_missing", State, "120-ФЗ ст. 9, СК ст. 122", "Об угрозе ребёнку сначала сообщают письменно, с номером.", "Danger to a child is told in writing, with a number, before it is resolved.";
    FALSE_ALARM_ALONE = "crisis.false_alarm_alone", State, ours, "Ложной тревогой кризис признаёт руководитель, а не тот, кто за него отвечает.", "The head or the director calls a crisis a false alarm, not the one who is responsible.";
    SEVERITY_LOWERED = "crisis.severity_lowered", State, ours, "Пока кризис никто не взял в работу, тяжесть снижает только руководитель.", "While nobody has taken the crisis up, only a head lowers its severity.";
    ACTION_EARLY = "crisis.action_early", Content, ours, "Раньше кризиса ничего о нём не делали.", "Nothing was done about a crisis before it.";
    IN_FUTURE = "crisis.in_future", Content, ours, "Время не может быть в будущем.", "The moment must not lie in the future.";
    CONCERNS_REPORTER = "crisis.concerns_reporter", Content, ours, "Никто не указывает себя: тот, кого кризис касается, его не видит.", "Nobody names themselves: the one whom a crisis concerns does not see it.";
    CASE_HAS_CRISIS = "case.has_open_crisis", State, ours, "Пока кризис не завершён, случай закрыть нельзя.", "The case cannot be closed while a crisis of the beneficiary has not ended.";
    NO_FOLLOW_UP_DUE = "crisis.no_follow_up_due", State, ours, "По этому кризису ничего не ждут, или это уже сделано.", "No follow-up is due after this crisis, or it is on record already.";
    NO_SURVEY_DUE = "crisis.no_survey_due", State, ours, "Обследования по этому кризису не ждут, или оно уже проведено.", "No survey is due after this crisis, or it is on record already.";
}

facts! {
    /// A crisis was reported.
    CrisisReported = "crisis.reported",
        "Сообщено о кризисе[: {kind}][, тяжесть: {severity}]",
        "A crisis was reported[: {kind}][, severity: {severity}]"
        about Crisis (CrisisId) {
        /// The beneficiary who needs help.
        beneficiary_id: BeneficiaryId,
        /// The kind.
        kind: CrisisKind,
        /// The severity.
        severity: CrisisSeverity,
    }
    /// Somebody has taken a crisis up.
    CrisisAcknowledged = "crisis.acknowledged",
        "Кризис взят в работу",
        "The crisis was taken up"
        about Crisis (CrisisId) {}
    /// A head has taken a crisis over from the one who was responsible.
    CrisisTakenOver = "crisis.taken_over",
        "Кризис передан другому ответственному[: {user_id}]",
        "Another account was made responsible for the crisis[: {user_id}]"
        about Crisis (CrisisId) {
        /// The account that is responsible now.
        user_id: UserId,
    }
    /// Something was learned about a crisis after its report.
    CrisisFound = "crisis.found",
        "О кризисе стало известно новое[: {kind}][, опасность для ребёнка: {danger_to_child}][, касается: {concerns}]",
        "Something was learned about the crisis[: {kind}][, danger to a child: {danger_to_child}][, concerns: {concerns}]"
        about Crisis (CrisisId) {
        /// The kind that it was found to be as well.
        kind: Option<CrisisKind>,
        /// Whether a child is in danger.
        danger_to_child: bool,
        /// The one whom it concerns.
        concerns: Option<CrisisConcern>,
    }
    /// A crisis was taken from the account that was responsible, because it concerns that one.
    CrisisTakenAway = "crisis.taken_away",
        "Кризис больше не у того, кто за него отвечал: он его касается",
        "The crisis was taken from the account that was responsible, because it concerns that one"
        about Crisis (CrisisId) {}
    /// Somebody saw to what follows from a grave crisis.
    CrisisFollowedUp = "crisis.followed_up",
        "После кризиса сделано то, что требовалось",
        "What follows from the crisis was seen to"
        about Crisis (CrisisId) {}
    /// A level did not answer in time, and the next one was called.
    CrisisEscalated = "crisis.escalated",
        "Кризис передан следующему уровню[: {level}]",
        "The next level was called[: {level}]"
        about Crisis (CrisisId) {
        /// The level.
        level: i32,
    }
    /// The severity of a crisis was set.
    CrisisSeveritySet = "crisis.severity_set",
        "Установлена тяжесть кризиса[: {severity}]",
        "The severity of the crisis was set[: {severity}]"
        about Crisis (CrisisId) {
        /// The severity.
        severity: CrisisSeverity,
    }
    /// An emergency action was recorded.
    CrisisActed = "crisis.acted",
        "Записано действие[: {kind}][, мера: {measure}]",
        "An action was recorded[: {kind}][, measure: {measure}]"
        about Crisis (CrisisId) {
        /// The kind of the action.
        kind: EmergencyAction,
        /// The measure.
        measure: Option<UrgentMeasure>,
    }
    /// An authority was given notice.
    CrisisNoticed = "crisis.noticed",
        "Сообщено о кризисе в ведомство[: {to}]",
        "An authority was given notice of the crisis[: {to}]"
        about Crisis (CrisisId) {
        /// The addressee.
        to: NoticeAddressee,
    }
    /// Guardianship has surveyed the living conditions.
    CrisisSurveyed = "crisis.surveyed",
        "Опека обследовала условия жизни",
        "Guardianship has surveyed the living conditions"
        about Crisis (CrisisId) {}
    /// A crisis was resolved.
    CrisisResolved = "crisis.resolved",
        "Кризис завершён[: {outcome}]",
        "The crisis was resolved[: {outcome}]"
        about Crisis (CrisisId) {
        /// The outcome.
        outcome: CrisisOutcome,
    }
    /// A crisis was found to be a false alarm.
    CrisisFalseAlarmCalled = "crisis.false_alarm",
        "Кризис признан ложной тревогой",
        "The crisis was found to be a false alarm"
        about Crisis (CrisisId) {}
}

/// A crisis as its caller sees it.
#[derive(Debug)]
pub struct CrisisOffers<'a> {
    /// The crisis.
    pub it: &'a Crisis,
    /// The caller's standing to it.
    pub by: &'a Standing,
    /// The facts for its end. `None` in a list.
    pub facts: Option<&'a Handled>,
    /// Whether guardianship has to survey the living conditions.
    pub is_survey_due: bool,
    /// Whether somebody has to see to the follow-up.
    pub is_follow_up_due: bool,
}

impl Offers for CrisisOffers<'_> {
    const AT: &'static str = "crises";
    const OFFERS: &'static [Offer] = &[
        Offer::step(Action::Acknowledge, "acknowledgement", Right::HandleCrises),
        Offer::step(Action::SetSeverity, "severity", Right::HandleCrises),
        Offer::step(Action::RecordAction, "actions", Right::HandleCrises),
        Offer::step(Action::RecordNotice, "notices", Right::HandleCrises),
        Offer::step(Action::RecordFinding, "findings", Right::HandleCrises),
        Offer::step(Action::RecordFollowUp, "follow-up", Right::HandleCrises),
        Offer::step(Action::RecordCrisisSurvey, "survey", Right::OverseeCases),
        Offer::step(Action::TakeOver, "takeover", Right::HandleCrises),
        Offer::step(Action::ResolveCrisis, "resolution", Right::HandleCrises),
        Offer::step(Action::CallFalseAlarm, "false-alarm", Right::HandleCrises),
    ];
    fn judge(&self, action: Action) -> Option<Verdict> {
        let verdict = Verdict::default();
        match (action, self.it) {
            (Action::RecordCrisisSurvey, _) => self.is_survey_due.then_some(verdict),
            (Action::RecordFollowUp, _) => {
                self.is_follow_up_due.then(|| verdict.unless(self.by.must_follow_up()))
            }
            (Action::Acknowledge, Crisis::Reported(_)) => Some(verdict.unless(self.by.must_be_called())),
            (
                Action::SetSeverity | Action::RecordNotice | Action::RecordFinding,
                Crisis::Reported(_) | Crisis::Acknowledged(_),
            )
            | (Action::RecordAction, Crisis::Acknowledged(_)) => Some(verdict.unless(self.by.must_handle())),
            (Action::ResolveCrisis, Crisis::Acknowledged(_)) => {
                let outcomes = CrisisOutcome::ALL.iter().copied();
                let facts = self.facts;
                let allowed =
                    outcomes.filter(|it| facts.is_none_or(|facts| facts.against_talk(*it).is_none()));
                let missing = facts.and_then(Handled::against_notices);
                Some(verdict.unless(self.by.must_resolve()).takes("/outcome", allowed).against(missing))
            }
            (Action::TakeOver, Crisis::Acknowledged(_)) => Some(verdict.unless(self.by.must_take_over())),
            (Action::CallFalseAlarm, Crisis::Acknowledged(_)) => {
                let against = self.facts.map(Handled::against_false_alarm).unwrap_or_default();
                Some(verdict.unless(self.by.must_call_false_alarm()).against(against))
            }
            _ => None,
        }
    }
}
