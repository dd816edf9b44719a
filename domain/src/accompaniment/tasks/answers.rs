//! Answers of organizations to a task that is addressed to their class.
use super::addressees::Addressed;
use super::orders::TaskAnswer;
use super::standing::Standing;
use super::{ANSWERED, NOT_ADDRESSED, Open, TaskAnswered};
use crate::base::change::Changed;
use crate::base::id::{TaskId, UserId};
use crate::base::refusal::Refused;

/// The answer of an organization.
#[derive(Debug, Clone, PartialEq)]
pub struct Answered {
    /// The task.
    pub task_id: TaskId,
    /// The answer.
    pub order: TaskAnswer,
    /// The account that answered.
    pub by: UserId,
}

impl Open {
    /// Answers for an organization. `of` is that organization, and `is_answered` tells whether it has answered already.
    pub fn answer(
        self,
        order: &TaskAnswer,
        of: &Addressed,
        is_answered: bool,
        by: &Standing,
    ) -> Result<Changed<Answered>, Refused> {
        let by = by.must_answer()?;
        if !self.0.addressee.as_ref().is_some_and(|it| it.has(of)) {
            return Err(NOT_ADDRESSED.refuse());
        }
        if is_answered {
            return Err(ANSWERED.refuse());
        }
        let fact = TaskAnswered { id: self.0.id };
        Ok(Changed::new(Answered { task_id: self.0.id, order: order.clone(), by }, fact))
    }
}
