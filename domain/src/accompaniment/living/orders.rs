//! Orders about enrolments: the bodies of requests, and their words.
use crate::base::clauses::{all_hold, clash};
use crate::base::id::LivingProgrammeId;
use crate::base::text::{Code, Note};
use crate::base::word::{only_sent, sent, words};
use chrono::NaiveDate;
use shape::form;
use validator::{Validate, ValidationError};

words! {
    /// The state of a module for somebody who takes part.
    ModuleState in "module-states" {
        NotStarted = "not_started", "не начат", "not started", by system;
        InProgress = "in_progress", "идёт", "in progress";
        Passed = "passed", "освоен", "passed";
        Credited = "credited", "зачтён", "credited", demands [Text];
        Waived = "waived", "снят консилиумом", "waived";
        Failed = "failed", "не освоен", "failed";
    }

    /// The state of an enrolment.
    EnrolmentState in "enrolment-states" {
        Running = "running", "действует", "running";
        Completed = "completed", "завершено", "completed";
        Ended = "ended", "прекращено", "ended";
    }

    /// The reason for which an enrolment ended before its completion.
    EnrolmentEndReason in "enrolment-end-reasons" {
        Refused = "refused", "отказ", "refused";
        Moved = "moved", "переезд", "moved";
        OtherProgramme = "other_programme", "другая программа", "another programme";
        Died = "died", "смерть", "died", by system;
        Other = "other", "иное", "other", demands [Text];
    }
}

sent! {
    SentModuleState of ModuleState;
    SentEnrolmentEndReason of EnrolmentEndReason;
}

impl ModuleState {
    /// Whether the module asks nothing more.
    pub fn is_done(self) -> bool {
        matches!(self, Self::Passed | Self::Credited | Self::Waived)
    }
}

/// An order to enrol a beneficiary into a programme.
#[form]
#[validate(schema(function = "enrolment_is_whole"))]
#[schema(example = json!({"programme_id": "01980000-0000-7000-8000-000000000048", "starts_on": "2026-03-02", "planned_end_on": "2026-12-31"}))]
pub struct LivingEnrolmentForm {
    /// The edition of the programme: the one in force, of the region or of the own organization.
    pub programme_id: LivingProgrammeId,
    /// The first day: today or earlier.
    pub starts_on: NaiveDate,
    /// The day on which it is to be completed.
    pub planned_end_on: Option<NaiveDate>,
}

fn enrolment_is_whole(it: &LivingEnrolmentForm) -> Result<(), ValidationError> {
    let is_early = it.planned_end_on.is_some_and(|end| end < it.starts_on);
    all_hold([clash(is_early, &["planned_end_on", "starts_on"])])
}

/// An order to record the result of a module.
#[form]
#[schema(example = json!({"module_code": "money", "state": "passed", "on": "2026-03-02", "hours": 16, "result": "Ведёт расходы в тетради, оплатил связь сам."}))]
pub struct ModuleResultOrder {
    /// The code of the module.
    pub module_code: Code,
    /// The state that was reached. Only a primary consilium sets `waived`.
    #[schema(value_type = SentModuleState)]
    #[serde(deserialize_with = "only_sent")]
    pub state: ModuleState,
    /// The day: today or earlier.
    pub on: NaiveDate,
    /// The hours that were given. Required when the state is `passed`, and not fewer than the module takes.
    #[within(0..=10_000)]
    pub hours: Option<i32>,
    /// The result in words. Required when the state is `credited`: what was learnt elsewhere.
    pub result: Option<Note>,
}

/// An order to complete an enrolment.
#[form]
#[schema(example = json!({"completed_on": "2026-03-02"}))]
pub struct LivingEnrolmentCompletion {
    /// The day of the completion: today or earlier.
    pub completed_on: NaiveDate,
}

/// An order to end an enrolment before its completion.
#[form]
#[schema(example = json!({"reason": "moved", "ended_on": "2026-03-02"}))]
pub struct LivingEnrolmentEnding {
    /// The reason.
    #[schema(value_type = SentEnrolmentEndReason)]
    #[serde(deserialize_with = "only_sent")]
    pub reason: EnrolmentEndReason,
    /// The last day: today or earlier.
    pub ended_on: NaiveDate,
    /// The reason in words. Required when the reason is `other`.
    pub note: Option<Note>,
}
