//! Orders about plans: the bodies of requests.
use super::words::{PlanEndReason, PlanProgress, SentPlanEndReason};
use crate::accompaniment::plan_forms::{PlanApprover, PlanKind};
use crate::base::clauses::{all_hold, clash};
use crate::base::id::{CaseId, FileId, UserId};
use crate::base::text::{Code, Note};
use crate::base::word::only_sent;
use chrono::NaiveDate;
use shape::{card, form};
use validator::Validate;

/// An order to open a plan.
#[form]
#[validate(schema(function = "case_is_apt"))]
#[schema(example = json!({"kind": "route", "case_id": "01980000-0000-7000-8000-000000000009"}))]
pub struct PlanOpening {
    /// The kind of the plan.
    pub kind: PlanKind,
    /// The open case to which the plan belongs. A life plan and an education route belong to the beneficiary, and name none.
    pub case_id: Option<CaseId>,
}

fn case_is_apt(it: &PlanOpening) -> Result<(), validator::ValidationError> {
    all_hold([clash(it.kind.is_of_beneficiary() && it.case_id.is_some(), &["case_id", "kind"])])
}

/// An order to end a plan.
#[form]
#[schema(example = json!({"reason": "completed", "note": "Поступил и живёт самостоятельно."}))]
pub struct PlanEnding {
    /// The reason for the end.
    #[schema(value_type = SentPlanEndReason)]
    #[serde(deserialize_with = "only_sent")]
    pub reason: PlanEndReason,
    /// A description of the end. Required when the reason is `other`.
    pub note: Option<Note>,
}

/// An order to draft the next version of a plan. It copies the last one, in the edition of the form that is in force.
#[form]
#[schema(example = json!({}))]
pub struct PlanDrafting {}

/// An order to submit a draft to those who approve it.
#[form]
#[schema(example = json!({}))]
pub struct PlanSubmission {}

/// An order to approve a submitted version.
#[form]
#[schema(example = json!({"approver": "guardianship"}))]
pub struct PlanApproving {
    /// The approver whose turn it is.
    pub approver: PlanApprover,
    /// The signed paper of the approver, where staff of the institution records it.
    pub on_paper_file_id: Option<FileId>,
}

/// An approval on record.
#[card]
#[derive(Clone, PartialEq, serde::Deserialize)]
pub struct PlanApproval {
    /// The approver.
    pub approver: PlanApprover,
    /// The day of the approval.
    pub approved_on: NaiveDate,
    /// The account that approved, or that recorded the paper.
    pub approved_by_user_id: Option<UserId>,
    /// The signed paper.
    pub on_paper_file_id: Option<FileId>,
}

/// An order to return a submitted version.
#[form]
#[schema(example = json!({"reason": "Не сказано, с кем из родственников поддерживать связь."}))]
pub struct PlanReturn {
    /// The reason for the return.
    pub reason: Note,
}

/// An order to record what became of a goal or a step.
#[form]
#[schema(example = json!({"key": "open-day", "state": "done", "happened_on": "2026-03-01", "note": "Был, понравилось."}))]
pub struct PlanResultForm {
    /// The key of the goal or the step.
    pub key: Code,
    /// The progress. A goal takes results only.
    pub state: PlanProgress,
    /// The day on which it was so.
    pub happened_on: NaiveDate,
    /// A new day for a step that is still to be taken.
    pub moved_to: Option<NaiveDate>,
    /// A note.
    pub note: Option<Note>,
}
