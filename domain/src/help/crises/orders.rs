//! Orders about crises: the bodies of requests.
use super::words::*;
use crate::base::clauses::{all_hold, clash, lack};
use crate::base::id::{BeneficiaryId, PersonId, UserId};
use crate::base::moment::Moment;
use crate::base::text::characters::shows;
use crate::base::text::{Note, OrderNumber, Title};
use crate::base::word::{first, only_sent};
use crate::help::needs::NeedUrgency;
use chrono::NaiveDate;
use serde::{Deserialize, Deserializer};
use shape::form;
use validator::{Validate, ValidationError};

/// A report of a crisis: a call for help.
#[form]
#[validate(schema(function = "report_is_whole"))]
#[schema(example = json!({"beneficiary_id": "01980000-0000-7000-8000-000000000007", "place": "home", "kind": "conflict", "urgency": "now", "text": "Кричат соседи, боюсь выходить.", "concerns": "relative", "reach_me": "Писать в мессенджер, не звонить."}))]
pub struct CrisisReport {
    /// The beneficiary who needs help.
    pub beneficiary_id: BeneficiaryId,
    /// The place.
    #[serde(default = "first")]
    pub place: CrisisPlace,
    /// The kind.
    pub kind: CrisisKind,
    /// The urgency, as the reporter sees it; `now` if none is given.
    #[serde(default = "first")]
    pub urgency: NeedUrgency,
    /// The crisis in words. The person who needs help may send none; everybody else must. A blank text is none.
    #[serde(default, deserialize_with = "unless_blank", skip_serializing_if = "Option::is_none")]
    pub text: Option<Note>,
    /// The moment at which it happened: not after the report.
    pub happened_at: Option<Moment>,
    /// Whether a child is in danger.
    #[serde(default)]
    pub danger_to_child: bool,
    /// The one whom it concerns as its cause; `nobody` if none is given. That one learns nothing of the crisis.
    #[serde(default = "first")]
    pub concerns: CrisisConcern,
    /// The account of that one, if it is known.
    pub concerned_user_id: Option<UserId>,
    /// The person, if it is known and has no account.
    pub concerned_person_id: Option<PersonId>,
    /// A safe way to reach the reporter.
    pub reach_me: Option<Title>,
}

/// Reads a text of which a blank one is none: a form that sends its empty field loses no call.
fn unless_blank<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Note>, D::Error> {
    Ok(Option::<Note>::deserialize(from)?.filter(|it| shows(it.as_str())))
}

fn report_is_whole(it: &CrisisReport) -> Result<(), ValidationError> {
    let is_nobody = it.concerns == CrisisConcern::Nobody;
    let (user, person) = (it.concerned_user_id.is_some(), it.concerned_person_id.is_some());
    all_hold([
        clash(is_nobody && user, &["concerned_user_id", "concerns"]),
        clash(is_nobody && person, &["concerned_person_id", "concerns"]),
        clash(user && person, &["concerned_person_id", "concerned_user_id"]),
    ])
}

/// The one whom a crisis concerns as its cause, as a report or a finding tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cause {
    /// The relation of that one to the person.
    pub concerns: CrisisConcern,
    /// The account, if it is named.
    pub user_id: Option<UserId>,
    /// The person, if one is named.
    pub person_id: Option<PersonId>,
}

impl CrisisReport {
    /// The cause.
    pub fn cause(&self) -> Cause {
        let (user_id, person_id) = (self.concerned_user_id, self.concerned_person_id);
        Cause { concerns: self.concerns, user_id, person_id }
    }
}

/// A finding: learned about a crisis after its report. It only adds, and the report stays as it was.
#[form]
#[validate(schema(function = "finding_is_whole"))]
#[schema(example = json!({"kind": "violence", "danger_to_child": true, "concerns": "specialist", "concerned_user_id": "01980000-0000-7000-8000-000000000003"}))]
pub struct CrisisFinding {
    /// The kind that it was found to be as well.
    pub kind: Option<CrisisKind>,
    /// Whether a child is in danger.
    #[serde(default)]
    pub danger_to_child: bool,
    /// The one whom it concerns as its cause. That one learns nothing more of the crisis from now on.
    pub concerns: Option<CrisisConcern>,
    /// The account of that one, if it is known.
    pub concerned_user_id: Option<UserId>,
    /// The person, if it is known and has no account.
    pub concerned_person_id: Option<PersonId>,
}

impl CrisisFinding {
    /// The cause, if it tells one.
    pub fn cause(&self) -> Option<Cause> {
        let concerns = self.concerns.filter(|it| *it != CrisisConcern::Nobody)?;
        Some(Cause { concerns, user_id: self.concerned_user_id, person_id: self.concerned_person_id })
    }
}

fn finding_is_whole(it: &CrisisFinding) -> Result<(), ValidationError> {
    let tells_cause = it.cause().is_some();
    let (user, person) = (it.concerned_user_id.is_some(), it.concerned_person_id.is_some());
    all_hold([
        lack(it.kind.is_none() && !it.danger_to_child && !tells_cause, &["kind", "concerns"]),
        clash(!tells_cause && user, &["concerned_user_id", "concerns"]),
        clash(!tells_cause && person, &["concerned_person_id", "concerns"]),
        clash(user && person, &["concerned_person_id", "concerned_user_id"]),
    ])
}

/// An order to take a crisis up. The caller is responsible for it until its end.
#[form]
#[schema(example = json!({"severity": "high"}))]
pub struct CrisisAcknowledgement {
    /// The severity, if it is known already.
    pub severity: Option<CrisisSeverity>,
}

/// An order to take a crisis over from the account that is responsible.
#[form]
#[schema(example = json!({}))]
pub struct CrisisTakeover {}

/// An order to set the severity of a crisis.
#[form]
#[schema(example = json!({"severity": "critical"}))]
pub struct CrisisSeverityOrder {
    /// The severity. The chain goes on by its minutes.
    pub severity: CrisisSeverity,
}

/// An emergency action.
#[form]
#[validate(schema(function = "action_is_whole"))]
#[schema(example = json!({"kind": "listen", "at": "2026-03-01T20:55:00Z", "reached": true, "text": "Поговорили по телефону, дома одна, дверь закрыта."}))]
pub struct CrisisActionForm {
    /// The kind of the action.
    pub kind: EmergencyAction,
    /// The measure of an urgent action; no other action has one.
    pub measure: Option<UrgentMeasure>,
    /// The moment of the action.
    pub at: Moment,
    /// Whether the person was reached.
    pub reached: bool,
    /// A description.
    pub text: Note,
}

fn action_is_whole(it: &CrisisActionForm) -> Result<(), ValidationError> {
    let is_urgent = it.kind == EmergencyAction::UrgentAction;
    all_hold([
        lack(is_urgent && it.measure.is_none(), &["measure", "kind"]),
        clash(!is_urgent && it.measure.is_some(), &["measure", "kind"]),
    ])
}

/// A notice about a crisis to an authority.
#[form]
#[schema(example = json!({"to": "guardianship", "at": "2026-03-02T06:00:00Z", "how": "letter", "number": "17/2-к"}))]
pub struct CrisisNoticeForm {
    /// The addressee.
    pub to: NoticeAddressee,
    /// The moment of the notice.
    pub at: Moment,
    /// The way of the notice.
    #[schema(value_type = SentNoticeWay)]
    #[serde(deserialize_with = "only_sent")]
    pub how: NoticeWay,
    /// The number under which it was sent. Danger to a child is not resolved without one to guardianship.
    pub number: Option<OrderNumber>,
    /// The answer of the authority.
    pub answer: Option<Note>,
}

/// A survey of living conditions by guardianship after danger to a child (СК ст. 122).
#[form]
#[schema(example = json!({"surveyed_on": "2026-03-03", "result": "Условия осмотрены, ребёнок у бабушки."}))]
pub struct CrisisSurvey {
    /// The day of the survey.
    pub surveyed_on: NaiveDate,
    /// The result.
    pub result: Note,
}

/// An order to resolve a crisis.
#[form]
#[schema(example = json!({"outcome": "safe", "note": "Родственник уехал, замок сменили."}))]
pub struct CrisisResolution {
    /// The outcome.
    pub outcome: CrisisOutcome,
    /// The outcome in words.
    pub note: Note,
}

/// An order to end a crisis as a false alarm.
#[form]
#[schema(example = json!({"note": "Нажала случайно, подтвердила при встрече."}))]
pub struct CrisisFalseAlarm {
    /// The reason in words.
    pub note: Note,
}

/// The record of what followed from a grave crisis.
#[form]
#[schema(example = json!({"result": "Экстренный консилиум проведён, план изменён."}))]
pub struct CrisisFollowUp {
    /// The result.
    pub result: Note,
}
