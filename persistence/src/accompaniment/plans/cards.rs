//! The cards of plans, of their versions and of results.
use crate::engine::card::Card;
use chrono::NaiveDate;
use domain::accompaniment::plan_forms::{PlanApprover, PlanKind};
use domain::accompaniment::plans::*;
use domain::base::action::AvailableAction;
use domain::base::change::{Subject, SubjectKind};
use domain::base::id::*;
use domain::base::moment::Moment;
use domain::base::text::{Code, Note};
use shape::card;

/// A version of a plan, as the card of the plan tells of it.
#[card]
pub struct PlanVersionSummary {
    /// The id of the version.
    pub id: PlanVersionId,
    /// The number among the versions of the plan, from 1.
    #[schema(minimum = 1, maximum = 10_000, example = 1)]
    pub number: i32,
    /// The state of the version.
    pub state: PlanVersionState,
    /// The day on which it was submitted.
    pub submitted_on: Option<NaiveDate>,
    /// The day on which it was adopted.
    pub adopted_on: Option<NaiveDate>,
}

/// A plan as every endpoint returns it. A mentor, a tutor and the person are told of those versions that they read.
#[card]
pub struct PlanCard {
    /// The id of the plan.
    pub id: PlanId,
    /// The version number; it grows with every change and stands before the dot of the `ETag` header.
    #[schema(minimum = 1, example = 1)]
    pub version: i64,
    /// The state of the plan.
    pub state: PlanState,
    /// The kind of the plan.
    pub kind: PlanKind,
    /// The beneficiary.
    pub beneficiary_id: BeneficiaryId,
    /// The case to which the plan belongs. A mentor, a tutor and the person do not see it.
    pub case_id: Option<CaseId>,
    /// The institution whose plan it is.
    pub organization_id: OrganizationId,
    /// The day on which the plan was opened.
    pub opened_on: NaiveDate,
    /// The day on which the plan is to be reviewed. Absent before the first adoption.
    pub review_on: Option<NaiveDate>,
    /// Whether the day of the review has passed, of an open plan.
    #[schema(example = false)]
    pub is_review_overdue: bool,
    /// The day of the end.
    pub ended_on: Option<NaiveDate>,
    /// The reason for the end.
    pub end_reason: Option<PlanEndReason>,
    /// The reason in words. A mentor, a tutor and the person do not see it.
    pub end_note: Option<Note>,
    /// The versions of the plan, the latest first; at most the last 50.
    #[schema(max_items = 50)]
    pub versions: Vec<PlanVersionSummary>,
    /// Orders that this caller may send to the plan now.
    #[schema(max_items = 20)]
    pub available_actions: Vec<AvailableAction>,
    /// The moment at which the plan was opened.
    pub created_at: Moment,
    /// The moment of the last change.
    pub updated_at: Moment,
}

impl Card for PlanCard {
    fn version(&self) -> Option<i64> {
        Some(self.version)
    }
    fn path(&self) -> Option<String> {
        Some(format!("/api/v1/plans/{}", self.id))
    }
    fn personal(&self) -> Vec<Subject> {
        vec![Subject::new(SubjectKind::Beneficiary, self.beneficiary_id)]
    }
}

/// A result of a plan: the progress of a goal or a step. It never changes.
#[card]
pub struct PlanResultCard {
    /// The id of the result.
    pub id: PlanResultId,
    /// The version of the plan that was in force.
    pub version_id: PlanVersionId,
    /// The beneficiary.
    pub beneficiary_id: BeneficiaryId,
    /// The key of the goal or the step.
    pub key: Code,
    /// The progress.
    pub state: PlanProgress,
    /// The day on which it was so.
    pub happened_on: NaiveDate,
    /// The new day for a step that is still to be taken.
    pub moved_to: Option<NaiveDate>,
    /// A note.
    pub note: Option<Note>,
    /// The account that recorded it.
    pub made_by_user_id: Option<UserId>,
    /// The moment at which it was recorded.
    pub created_at: Moment,
}

impl Card for PlanResultCard {
    fn personal(&self) -> Vec<Subject> {
        vec![Subject::new(SubjectKind::Beneficiary, self.beneficiary_id)]
    }
}

/// A version of a plan as every endpoint returns it. A mentor, a tutor and the person read the sections that are for them.
#[card]
pub struct PlanVersionCard {
    /// The id of the version.
    pub id: PlanVersionId,
    /// The version number of the record; it grows with every change and stands before the dot of the `ETag` header.
    #[schema(minimum = 1, example = 1)]
    pub version: i64,
    /// The plan.
    pub plan_id: PlanId,
    /// The kind of the plan.
    pub kind: PlanKind,
    /// The beneficiary.
    pub beneficiary_id: BeneficiaryId,
    /// The number among the versions of the plan, from 1.
    #[schema(minimum = 1, maximum = 10_000, example = 1)]
    pub number: i32,
    /// The state of the version.
    pub state: PlanVersionState,
    /// The edition of the form by which it was drafted.
    pub form_id: PlanFormId,
    /// Answers to the fields of the form.
    #[schema(max_items = 400)]
    pub answers: Vec<PlanAnswer>,
    /// The goals with their steps.
    #[schema(max_items = 80)]
    pub goals: Vec<PlanGoal>,
    /// The opinion of the person about the plan.
    pub opinion: Option<Note>,
    /// The account that drafted it.
    pub drafted_by_user_id: Option<UserId>,
    /// The day on which it was submitted.
    pub submitted_on: Option<NaiveDate>,
    /// The approvals given so far, in the order of the form.
    #[schema(max_items = 4)]
    pub approvals: Vec<PlanApproval>,
    /// The approver whose turn it is, of a submitted version.
    pub next_approver: Option<PlanApprover>,
    /// The day on which it was adopted.
    pub adopted_on: Option<NaiveDate>,
    /// The reason for the return.
    pub return_reason: Option<Note>,
    /// The last result of each goal and step of the version, also one recorded of an earlier version.
    #[schema(max_items = 3000)]
    pub results: Vec<PlanResultCard>,
    /// Orders that this caller may send to the version now.
    #[schema(max_items = 20)]
    pub available_actions: Vec<AvailableAction>,
    /// The moment at which the version was drafted.
    pub created_at: Moment,
    /// The moment of the last change.
    pub updated_at: Moment,
}

impl Card for PlanVersionCard {
    fn version(&self) -> Option<i64> {
        Some(self.version)
    }
    fn path(&self) -> Option<String> {
        Some(format!("/api/v1/plan-versions/{}", self.id))
    }
    fn personal(&self) -> Vec<Subject> {
        vec![Subject::new(SubjectKind::Beneficiary, self.beneficiary_id)]
    }
}

/// The differences between two versions of a plan.
#[card]
pub struct PlanComparison {
    /// The beneficiary.
    pub beneficiary_id: BeneficiaryId,
    /// The differences in the part of the text that the caller reads.
    #[schema(max_items = 30_000)]
    pub differences: Vec<PlanDifference>,
}

impl Card for PlanComparison {
    fn personal(&self) -> Vec<Subject> {
        vec![Subject::new(SubjectKind::Beneficiary, self.beneficiary_id)]
    }
}
