//! Words of tasks.
use crate::base::change::SubjectKind;
use crate::base::moment::plus_months;
use crate::base::word::{Word, sent, words};
use chrono::NaiveDate;

words! {
    /// The kind of a task.
    TaskKind in "task-kinds" {
        ConsiliumDecision = "consilium_decision", "решение консилиума", "decision of a consilium", by system;
        CouncilItem = "council_item", "пункт решения совета", "item of a council", by system;
        InteragencyItem = "interagency_item", "пункт межведомственного плана", "inter-agency item";
        KeyPoint = "key_point", "контрольная точка", "key point";
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
        DecisionCancelled = "decision_cancelled", "решение отменено", "decision cancelled", by system;
        SourceAnnulled = "source_annulled", "основание аннулировано", "source annulled", by system;
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

    /// The kind of thing of the partnership from which a task follows.
    TaskSourceKind in "task-source-kinds" {
        Decision = "decision", "решение", "decision", by system;
        ActionPlan = "action_plan", "план", "action plan";
        Project = "project", "проект", "project";
        Idea = "idea", "идея", "idea";
        Unit = "unit", "отделение, в том числе ресурсный центр", "unit, such as a resource centre";
    }

    /// The period of reports about a task that has no end.
    ReportPeriod in "report-periods" {
        Month = "month", "ежемесячно", "monthly";
        Quarter = "quarter", "ежеквартально", "quarterly";
        HalfYear = "half_year", "раз в полгода", "half-yearly";
        Year = "year", "ежегодно", "yearly";
    }

    /// The answer of an organization to a task that is addressed to its class.
    TaskAnswerKind in "task-answers" {
        Adopted = "adopted", "принято", "adopted";
        Partly = "partly", "частично", "partly";
        Declined = "declined", "отклонено", "declined";
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
    SentTaskSourceKind of TaskSourceKind;
    SentTaskCancellationReason of TaskCancellationReason;
}

impl TaskSourceKind {
    /// The kind of the thing.
    pub fn subject(self) -> SubjectKind {
        match self {
            Self::Decision => SubjectKind::Decision,
            Self::ActionPlan => SubjectKind::ActionPlan,
            Self::Project => SubjectKind::Project,
            Self::Idea => SubjectKind::Idea,
            Self::Unit => SubjectKind::Unit,
        }
    }
    /// The kind of source that this kind of thing is. `None` for things of other areas, such as a consilium.
    pub fn of(kind: SubjectKind) -> Option<Self> {
        Self::ALL.iter().copied().find(|it| it.subject() == kind)
    }
}

impl ReportPeriod {
    /// The length in months.
    fn months(self) -> i32 {
        match self {
            Self::Month => 1,
            Self::Quarter => 3,
            Self::HalfYear => 6,
            Self::Year => 12,
        }
    }
}

/// The report days of a task without end: whole periods after a day. The 31st stays the last day of every month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReportDays {
    /// The period.
    pub every: ReportPeriod,
    /// The day from which the periods are counted.
    pub from: NaiveDate,
}

/// Periods that are looked at for a report day: months of five thousand years.
const PERIODS: i32 = 60_000;

impl ReportDays {
    /// The first report day.
    pub fn first(self) -> NaiveDate {
        plus_months(self.from, self.every.months())
    }
    /// The first report day that follows both the last one and the day of the report. Reports that were missed are not owed twice. A report
    /// before the period begins leaves the day: it counts for the period before. A last one that was postponed moves no later day.
    pub fn next(self, last: NaiveDate, reported_on: NaiveDate) -> NaiveDate {
        let months = self.every.months();
        if plus_months(reported_on, months) < last {
            return last;
        }
        let mut days = (1..PERIODS).map(|n| plus_months(self.from, months.saturating_mul(n)));
        days.find(|it| *it > last && *it > reported_on).unwrap_or(NaiveDate::MAX)
    }
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
