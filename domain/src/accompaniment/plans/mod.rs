//! Plans (планы): one engine for routes, development plans, programmes, trajectories, education routes and life plans.
//!
//! A plan is a thread of versions. A version is drafted by the edition of the form in force, submitted, approved in the order of the
//! form, and adopted by the last approval; then it supersedes the one before.
//! - [`orders`], [`text`]: the bodies of requests. [`words`]: states, results, differences.
//! - [`standing`]: the caller's part in a plan, and what a side reads of it.
//! - [`states`]: plans. [`versions`]: drafts, approvals, adoption. [`results`]: what became of goals and steps.
//! - [`comparison`]: what differs between two versions. [`actions`]: the orders that a card offers.
//!
//! Invariant: a plan has at most one version that is drafted or submitted and at most one adopted, and no version is ever lost.
pub mod actions;
pub mod comparison;
pub mod orders;
pub mod results;
pub mod standing;
pub mod states;
pub mod text;
pub mod versions;
pub mod words;

#[cfg(test)]
mod random_orders;
#[cfg(test)]
pub(crate) mod tests;

pub use actions::{PlanOffers, PlanVersionOffers};
pub use comparison::{PlanDifference, compare};
pub use orders::*;
pub use results::PlanResult;
pub use standing::{PlanEyes, PlanStanding};
pub use states::*;
pub use text::{PlanAnswer, PlanGoal, PlanStep, PlanText};
pub use versions::*;
pub use words::*;

use crate::accompaniment::plan_forms::PlanApprover;
use crate::accompaniment::plan_forms::PlanKind;
use crate::base::change::facts;
use crate::base::id::{BeneficiaryId, PlanId, PlanVersionId};
use crate::base::refusal::rules;
use crate::base::text::Code;

rules! {
    NOT_OPEN = "plan.not_open", State, ours, "План уже завершён.", "The plan has ended already.";
    ALREADY_OPEN = "plan.already_open", State, ours, "План этого вида уже открыт.", "A plan of this kind is open already.";
    CASE_NEEDED = "plan.case_needed", Content, "002 §3.1", "План этого вида составляют по открытому случаю сопровождения.", "A plan of this kind belongs to an open case.";
    DRAFT_OPEN = "plan.draft_open", State, ours, "Прежняя редакция ещё пишется или согласуется.", "The previous version is still drafted or awaits approval.";
    NOT_DRAFT = "plan_version.not_draft", State, ours, "Редакция уже не черновик.", "The version is a draft no longer.";
    NOT_SUBMITTED = "plan_version.not_submitted", State, ours, "Редакция не ждёт согласования.", "The version does not await approval.";
    NOT_ADOPTED = "plan_version.not_adopted", State, ours, "Ход отмечают по утверждённой редакции.", "Results are recorded of the adopted version.";
    UNKNOWN_SECTION = "plan_version.unknown_section", Content, ours, "Такого раздела в форме плана нет.", "The form of the plan has no such section.";
    UNKNOWN_FIELD = "plan_version.unknown_field", Content, ours, "Такого поля в разделе нет.", "The section has no such field.";
    ANSWERED_TWICE = "plan_version.answered_twice", Content, ours, "На это поле уже отвечено.", "This field is answered already.";
    WRONG_ANSWER = "plan_version.wrong_answer", Content, ours, "Ответ не подходит к полю.", "The answer does not fit the field.";
    REPEATED_KEY = "plan_version.repeated_key", Content, ours, "Такой ключ у цели или шага уже есть.", "A goal or a step has this key already.";
    STEP_UNSEEN = "plan_version.step_unseen", Content, ours, "Кому поручен шаг, тот не видит раздела.", "The one who takes the step does not read the section.";
    INCOMPLETE = "plan_version.incomplete", Content, "004 L86", "Обязательная часть плана не заполнена.", "A required part of the plan is not filled in.";
    UNCHANGED = "plan_version.unchanged", Content, ours, "Редакция ничего не меняет.", "The version changes nothing.";
    NOT_HEARD = "plan_version.not_heard", State, "СК ст. 57", "С десяти лет мнение ребёнка о плане должно быть записано.", "From the age of ten, the opinion of the person about the plan is recorded.";
    BY_CONSILIUM = "plan_version.by_consilium", State, "004 L95", "Маршрут утверждает только консилиум.", "A route is adopted by a consilium alone.";
    OUT_OF_TURN = "plan_version.out_of_turn", State, ours, "Сейчас очередь другого согласующего.", "It is another approver's turn.";
    OWN_APPROVAL = "plan_version.own_approval", State, ours, "Заведующий и директор не утверждают того, что составили или подали сами.", "A head and a director do not approve what they drafted or submitted themselves.";
    PERSON_NOT_SIGNED = "plan_version.person_not_signed", State, "002 §3.7", "С четырнадцати лет план подписывает сам получатель.", "From the age of fourteen the person signs the plan.";
    UNKNOWN_KEY = "plan_result.unknown_key", Content, ours, "Такой цели или такого шага в плане нет.", "The plan has no such goal or step.";
    RESULT_IN_FUTURE = "plan_result.in_future", Content, ours, "Результат не может быть в будущем.", "A result must not lie in the future.";
    RESULT_EARLY = "plan_result.before_plan", Content, ours, "Результат не может быть раньше, чем открыт план.", "A result must not be earlier than the plan.";
    NOT_A_RESULT = "plan_result.not_a_result", Content, ours, "О цели отмечают только результат.", "Of a goal only a result is recorded.";
    NOT_MOVABLE = "plan_result.not_movable", Content, ours, "Переносят только срок шага, который ещё предстоит, и только вперёд.", "Only a step that is still to be taken gets another day, and a later one than that of the record.";
}

facts! {
    /// A plan was opened.
    PlanOpened = "plan.opened",
        "План открыт[: {kind}]",
        "A plan was opened[: {kind}]"
        about Plan (PlanId) {
        /// The beneficiary.
        beneficiary_id: BeneficiaryId,
        /// The kind of the plan.
        kind: PlanKind,
    }
    /// A version of a plan is in force.
    PlanRenewed = "plan.renewed",
        "Действует редакция плана[ № {number}]",
        "A version of the plan is in force[: number {number}]"
        about Plan (PlanId) {
        /// The number of the version.
        number: i32,
    }
    /// A plan ended.
    PlanEnded = "plan.ended",
        "План завершён[: {reason}]",
        "The plan ended[: {reason}]"
        about Plan (PlanId) {
        /// The reason.
        reason: PlanEndReason,
    }
    /// A version of a plan was drafted.
    PlanVersionDrafted = "plan_version.drafted",
        "Начат черновик редакции[ № {number}]",
        "A version was drafted[: number {number}]"
        about PlanVersion (PlanVersionId) {
        /// The plan.
        plan_id: PlanId,
        /// The number of the version.
        number: i32,
    }
    /// The draft of a version was changed.
    PlanVersionEdited = "plan_version.edited",
        "Черновик изменён[: {fields}]",
        "The draft was changed[: {fields}]"
        about PlanVersion (PlanVersionId) {
        /// The members that were changed.
        fields: Vec<String>,
    }
    /// A version was submitted to its approvers.
    PlanVersionSubmitted = "plan_version.submitted",
        "Редакция передана на согласование",
        "The version was submitted"
        about PlanVersion (PlanVersionId) {}
    /// An approver approved a version.
    PlanVersionApproved = "plan_version.approved",
        "Редакция согласована[: {approver}]",
        "The version was approved[ by: {approver}]"
        about PlanVersion (PlanVersionId) {
        /// The approver.
        approver: PlanApprover,
    }
    /// A version was adopted.
    PlanVersionAdopted = "plan_version.adopted",
        "Редакция утверждена",
        "The version was adopted"
        about PlanVersion (PlanVersionId) {}
    /// A version was superseded by a new one.
    PlanVersionSuperseded = "plan_version.superseded",
        "Редакция заменена новой",
        "The version was superseded"
        about PlanVersion (PlanVersionId) {}
    /// A submitted version was returned.
    PlanVersionReturned = "plan_version.returned",
        "Редакция возвращена",
        "The version was returned"
        about PlanVersion (PlanVersionId) {}
    /// The progress of a goal or a step was recorded.
    PlanResultRecorded = "plan_version.result_recorded",
        "Отмечен ход плана[: {key}][ — {state}]",
        "A result of the plan was recorded[: {key}][ — {state}]"
        about PlanVersion (PlanVersionId) {
        /// The key of the goal or the step.
        key: Code,
        /// The progress.
        state: PlanProgress,
    }
}
