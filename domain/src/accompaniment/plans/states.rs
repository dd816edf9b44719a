//! Plans as threads of versions: open, or ended.
use super::orders::{PlanEnding, PlanOpening};
use super::standing::PlanStanding;
use super::words::{PlanEndReason, PlanState};
use super::{ALREADY_OPEN, CASE_NEEDED, NOT_OPEN, PlanEnded, PlanOpened};
use crate::accompaniment::plan_forms::{NOT_IN_FORCE, PlanKind};
use crate::base::change::Changed;
use crate::base::id::{BeneficiaryId, CaseId, OrganizationId, PlanId};
use crate::base::refusal::{Reason, Refused};
use crate::base::text::{MISSING, Note};
use crate::base::word::{Demand, Word};
use crate::people::Lives;
use crate::people::register::against_beginning;
use chrono::NaiveDate;
use uuid::Uuid;

/// An open plan.
#[derive(Debug, Clone, PartialEq)]
pub struct OpenPlan {
    /// The id of the plan.
    pub id: PlanId,
    /// The kind of the plan.
    pub kind: PlanKind,
    /// The beneficiary.
    pub beneficiary_id: BeneficiaryId,
    /// The case to which the plan belongs.
    pub case_id: Option<CaseId>,
    /// The institution whose plan it is.
    pub organization_id: OrganizationId,
    /// The day on which the plan was opened.
    pub opened_on: NaiveDate,
}

/// A plan that has ended.
#[derive(Debug, Clone, PartialEq)]
pub struct EndedPlan {
    /// The id of the plan.
    pub id: PlanId,
    /// The day of the end.
    pub ended_on: NaiveDate,
    /// The reason.
    pub reason: PlanEndReason,
    /// The reason in words.
    pub note: Option<Note>,
}

/// A plan in any state.
#[derive(Debug, Clone, PartialEq)]
pub enum Plan {
    /// The plan has not ended.
    Open(OpenPlan),
    /// The plan has ended. Its versions stay as they were.
    Ended(EndedPlan),
}

/// The stored data that the opening of a plan needs.
#[derive(Debug, Clone)]
pub struct PlanOpeningFacts {
    /// The beneficiary.
    pub beneficiary_id: BeneficiaryId,
    /// The institution whose plan it will be.
    pub organization_id: OrganizationId,
    /// Whether a form of this kind is in force.
    pub has_form: bool,
    /// Whether such a plan is open already.
    pub is_open_already: bool,
    /// Whether the person is removed from the register.
    pub is_removed: bool,
    /// The lives behind the beneficiary.
    pub lives: Lives,
    /// The caller's standing to plans of the beneficiary.
    pub by: PlanStanding,
}

impl OpenPlan {
    /// Opens a plan.
    pub fn begin(
        id: PlanId,
        order: &PlanOpening,
        facts: &PlanOpeningFacts,
        today: NaiveDate,
    ) -> Result<Changed<Self>, Refused> {
        facts.by.must_draft(order.kind)?;
        let case_lacks = !order.kind.is_of_beneficiary() && order.case_id.is_none();
        let broken = [
            facts.lives.against_going_on(),
            against_beginning(facts.is_removed),
            case_lacks.then(|| CASE_NEEDED.reason().at("/case_id")),
            (!facts.has_form).then(|| NOT_IN_FORCE.reason().at("/kind")),
            facts.is_open_already.then(|| ALREADY_OPEN.reason().at("/kind")),
        ];
        Refused::unless_empty(broken.into_iter().flatten().collect())?;
        let PlanOpeningFacts { beneficiary_id, organization_id, .. } = *facts;
        let fact = PlanOpened { id, beneficiary_id, kind: order.kind };
        let (kind, case_id) = (order.kind, order.case_id);
        let plan = Self { id, kind, beneficiary_id, case_id, organization_id, opened_on: today };
        Ok(Changed::new(plan, fact))
    }
    /// The case or the beneficiary to which the plan belongs, and that has one open plan of the kind.
    pub fn owner(&self) -> Uuid {
        self.case_id.map_or_else(|| self.beneficiary_id.into(), Uuid::from)
    }
    /// Ends the plan.
    pub fn end(
        self,
        order: &PlanEnding,
        by: &PlanStanding,
        today: NaiveDate,
    ) -> Result<Changed<EndedPlan>, Refused> {
        by.must_be_staff()?;
        let lacks = order.reason.demands().contains(&Demand::Text) && order.note.is_none();
        let lacks: Option<Reason> = lacks.then(|| MISSING.reason().at("/note"));
        Refused::unless_empty(lacks.into_iter().collect())?;
        Ok(self.ended(order.reason, order.note.clone(), today))
    }
    /// The plan as it goes on in the organization that takes the case over, one of the beneficiary without a case.
    pub fn pass_on(
        &self,
        id: PlanId,
        case: CaseId,
        organization_id: OrganizationId,
        today: NaiveDate,
    ) -> Changed<Self> {
        let fact = PlanOpened { id, beneficiary_id: self.beneficiary_id, kind: self.kind };
        let case_id = self.case_id.map(|_| case);
        let it = Self { id, case_id, organization_id, opened_on: today, ..self.clone() };
        Changed::new(it, fact)
    }
    /// Ends the plan with its case.
    pub fn end_with_case(self, today: NaiveDate) -> Changed<EndedPlan> {
        self.ended(PlanEndReason::CaseClosed, None, today)
    }
    /// Ends the plan of somebody whose life is over, where it belongs to no case: on the day of death, and not before its opening.
    pub fn end_by_death(self, died_on: NaiveDate) -> Changed<EndedPlan> {
        let last = died_on.max(self.opened_on);
        self.ended(PlanEndReason::Died, None, last)
    }
    fn ended(self, reason: PlanEndReason, note: Option<Note>, ended_on: NaiveDate) -> Changed<EndedPlan> {
        let id = self.id;
        Changed::new(EndedPlan { id, ended_on, reason, note }, PlanEnded { id, reason })
    }
}

impl Plan {
    /// The state as a word of the vocabulary.
    pub fn state(&self) -> PlanState {
        match self {
            Self::Open(_) => PlanState::Open,
            Self::Ended(_) => PlanState::Ended,
        }
    }
    /// The plan, if it is open.
    pub fn open(self) -> Result<OpenPlan, Refused> {
        match self {
            Self::Open(it) => Ok(it),
            Self::Ended(_) => Err(NOT_OPEN.refuse()),
        }
    }
}
