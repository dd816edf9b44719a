//! Words of plans.
use crate::base::word::{sent, words};

words! {
    /// The state of a plan.
    PlanState in "plan-states" {
        Open = "open", "открыт", "open";
        Ended = "ended", "завершён", "ended";
    }

    /// The reason for the end of a plan.
    PlanEndReason in "plan-endings" {
        Completed = "completed", "выполнен", "completed";
        CaseClosed = "case_closed", "случай закрыт", "case closed", by system;
        Died = "died", "смерть", "died", by system;
        Replaced = "replaced", "заменён иным планом", "replaced";
        Refused = "refused", "отказ", "refused";
        Other = "other", "иное", "other", demands [Text];
    }

    /// The state of a version of a plan.
    PlanVersionState in "plan-version-states" {
        Draft = "draft", "черновик", "draft";
        Submitted = "submitted", "на согласовании", "submitted";
        Returned = "returned", "возвращена", "returned";
        Adopted = "adopted", "утверждена", "adopted";
        Superseded = "superseded", "заменена новой", "superseded";
    }

    /// The progress of a goal or a step of a plan.
    PlanProgress in "plan-progress" {
        Planned = "planned", "намечено", "planned";
        InProgress = "in_progress", "в работе", "in progress";
        Done = "done", "выполнено", "done";
        Partly = "partly", "выполнено частично", "partly";
        NotDone = "not_done", "не выполнено", "not done";
        Dropped = "dropped", "снято", "dropped";
    }

    /// A part of the text of a plan.
    PlanPart in "plan-parts" {
        Answer = "answer", "ответ", "answer";
        Goal = "goal", "цель", "goal";
        Step = "step", "шаг", "step";
        Opinion = "opinion", "мнение получателя", "opinion of the person";
    }

    /// The kind of difference between two versions of a plan.
    PlanChange in "plan-changes" {
        Added = "added", "добавлено", "added";
        Removed = "removed", "убрано", "removed";
        Changed = "changed", "изменено", "changed";
        Moved = "moved", "перенесён срок", "moved";
    }
}

sent! {
    SentPlanEndReason of PlanEndReason;
}

impl PlanVersionState {
    /// Whether somebody still writes or approves the version. A plan has at most one such.
    pub fn is_unsettled(self) -> bool {
        matches!(self, Self::Draft | Self::Submitted)
    }
}

impl PlanProgress {
    /// Whether this is a result, after which nothing more is expected.
    pub fn is_result(self) -> bool {
        !matches!(self, Self::Planned | Self::InProgress)
    }
}
