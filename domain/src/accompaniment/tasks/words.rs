//! Words of tasks.
use crate::base::word::{sent, words};

words! {
    /// The kind of a task.
    TaskKind in "task-kinds" {
        ConsiliumDecision = "consilium_decision", "решение консилиума", "decision of a consilium", by system;
        CouncilItem = "council_item", "пункт решения совета", "item of a council", by system;
        InteragencyItem = "interagency_item", "пункт межведомственного плана", "inter-agency item", by system;
        CrisisFollowUp = "crisis_follow_up", "после кризиса", "after a crisis", by system;
        Review = "review", "рассмотрение случая", "review of a case";
        Oversight = "oversight", "замечание опеки", "remark of guardianship", by system;
        Handover = "handover", "передача дел", "handover";
        Other = "other", "иное", "other";
    }

    /// The state of a task.
    TaskState in "task-states" {
        Open = "open", "открыто", "open";
        Reported = "reported", "сообщено о выполнении", "reported";
        Done = "done", "выполнено", "done";
        Cancelled = "cancelled", "отменено", "cancelled";
    }

    /// The kind of the one to whom a task is given.
    AssigneeKind in "assignee-kinds" {
        User = "user", "сотрудник", "account";
        Organization = "organization", "организация", "organization";
        Unit = "unit", "отделение", "unit";
        Mentor = "mentor", "наставник", "mentor";
        Person = "person", "получатель", "person";
        Representative = "representative", "представитель", "representative";
    }

    /// The priority of a task.
    TaskPriority in "task-priorities" {
        Normal = "normal", "обычный", "normal";
        High = "high", "высокий", "high";
        Urgent = "urgent", "срочный", "urgent";
    }

    /// The reason for the cancellation of a task.
    TaskCancellationReason in "task-cancellations" {
        NotNeeded = "not_needed", "больше не нужно", "not needed";
        CaseClosed = "case_closed", "случай закрыт", "case closed", by system;
        Transferred = "transferred", "передано", "transferred", by system;
        Mistake = "mistake", "ошибка", "mistake";
        Other = "other", "иное", "other", demands [Text];
    }

    /// A step of a task.
    TaskStep in "task-steps" {
        Report = "report", "сообщение о выполнении", "report";
        Acceptance = "acceptance", "принятие", "acceptance";
        Return = "return", "возврат", "return";
        Postponement = "postponement", "перенос срока", "postponement";
        Assignment = "assignment", "передача другому сотруднику", "assignment";
        Cancellation = "cancellation", "отмена", "cancellation";
    }

    /// The caller's share in tasks, as a filter of their list.
    MyTasks in "my-tasks" {
        Assignee = "assignee", "поручено мне", "given to me";
        Controller = "controller", "контролирую я", "controlled by me";
        ToDo = "to_do", "ждёт меня", "waits for me";
    }
}

sent! {
    SentTaskKind of TaskKind;
    SentTaskCancellationReason of TaskCancellationReason;
}

impl AssigneeKind {
    /// Whether the assignee is a human being who need not have an account: staff of the institution then reports instead.
    pub fn may_lack_account(self) -> bool {
        matches!(self, Self::Mentor | Self::Person | Self::Representative)
    }
}

impl TaskState {
    /// Whether somebody has still to act.
    pub fn is_unsettled(self) -> bool {
        matches!(self, Self::Open | Self::Reported)
    }
}
