//! Results of plans: what became of goals and steps. They are appended and never changed; a new version takes over the last state of
//! equal keys, because results belong to the keys of the plan.
use super::orders::PlanResultForm;
use super::standing::{PlanEyes, PlanStanding};
use super::text::PlanStep;
use super::versions::Adopted;
use super::{NOT_A_RESULT, NOT_MOVABLE, PlanResultRecorded, RESULT_EARLY, RESULT_IN_FUTURE, UNKNOWN_KEY};
use crate::accompaniment::tasks::AssigneeKind;
use crate::base::access::NOT_YOURS;
use crate::base::change::Changed;
use crate::base::id::{PlanId, PlanResultId, PlanVersionId};
use crate::base::refusal::{Reason, Refused};
use chrono::NaiveDate;

/// A result on record.
#[derive(Debug, Clone, PartialEq)]
pub struct PlanResult {
    /// The id of the result.
    pub id: PlanResultId,
    /// The plan.
    pub plan_id: PlanId,
    /// The version that was in force.
    pub version_id: PlanVersionId,
    /// The order.
    pub form: PlanResultForm,
}

impl PlanStanding {
    /// Whether the step is the caller's to report: staff reports all, a side what is given to it.
    fn report(&self, step: Option<&PlanStep>) -> bool {
        let of = step.and_then(|it| it.responsible);
        match self.eyes {
            PlanEyes::Staff => self.is_staff,
            PlanEyes::Mentor => of == Some(AssigneeKind::Mentor),
            PlanEyes::Person => of == Some(AssigneeKind::Person),
        }
    }
}

impl Adopted {
    /// Whether the caller may report anything of the version.
    pub(super) fn is_reported_by(&self, by: &PlanStanding) -> bool {
        let mut steps = self.0.text.goals.iter().flat_map(|it| &it.steps);
        by.is_staff || steps.any(|it| by.report(Some(it)))
    }
    /// Records what became of a goal or a step. To a side, a key that it does not read is as unknown as one that is not there.
    pub fn report(
        &self,
        id: PlanResultId,
        order: &PlanResultForm,
        by: &PlanStanding,
        today: NaiveDate,
    ) -> Result<Changed<PlanResult>, Refused> {
        let text = self.0.text.shown(&self.0.form.layout, by.eyes);
        let (step, is_goal) = (text.step(&order.key), text.has_goal(&order.key));
        if !self.is_reported_by(by) || ((is_goal || step.is_some()) && !by.report(step)) {
            return Err(NOT_YOURS.refuse());
        }
        let mut reasons: Vec<Reason> = Vec::new();
        if !is_goal && step.is_none() {
            reasons.push(UNKNOWN_KEY.reason().at("/key"));
        }
        if is_goal && !order.state.is_result() {
            reasons.push(NOT_A_RESULT.reason().at("/state"));
        }
        if order.happened_on > today {
            reasons.push(RESULT_IN_FUTURE.reason().at("/happened_on").with("today", today));
        }
        if order.happened_on < self.0.plan.opened_on {
            let early = RESULT_EARLY.reason().at("/happened_on");
            reasons.push(early.with("not_before", self.0.plan.opened_on));
        }
        let is_later = |day: NaiveDate| day > order.happened_on;
        if order.moved_to.is_some_and(|day| is_goal || order.state.is_result() || !is_later(day)) {
            reasons.push(NOT_MOVABLE.reason().at("/moved_to"));
        }
        Refused::unless_empty(reasons)?;
        let (version_id, plan_id) = (self.0.id, self.0.plan.id);
        let fact = PlanResultRecorded { id: version_id, key: order.key.clone(), state: order.state };
        Ok(Changed::new(PlanResult { id, plan_id, version_id, form: order.clone() }, fact))
    }
}
