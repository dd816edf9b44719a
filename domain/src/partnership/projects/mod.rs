//! Projects of the partnership (000 L47; 001 L31; 003 L25–33).
//!
//! - [`partners`]: who takes part in a project, in which role. [`contributions`]: what was given to it.
//! - [`targets`]: figures that a project means to reach, with their results. [`account`]: what became of a project.
//! - this page: a project, and the steps through its states.
//!
//! A project may stand under another one: an umbrella has projects under it, and a project its platforms. Key points are tasks of it.
//!
//! Invariant: a completed project has a result for each target, and no project stands under itself. A draft is seen by those alone who may
//! edit it. A project that is over is edited by nobody, and its targets stay as they are. Its partners, contributions and results stay open,
//! for their papers come late.
pub mod account;
pub mod contributions;
pub mod partners;
pub mod targets;

use super::words::{Audience, ReachLevel, Technology};
use crate::base::access::may;
use crate::base::action::Action;
use crate::base::entry::Step;
use crate::base::id::{FundingProgramId, OrganizationId, ProgramId, ProjectId};
use crate::base::named::FIELDS;
use crate::base::refusal::{Reason, broken, rules};
use crate::base::telling::Told;
use crate::base::text::{MISSING, Money, Note, Oktmo, OrderNumber, Title};
use crate::base::word::words;
use chrono::NaiveDate;
use shape::{entry, form};
use validator::Validate;

rules! {
    ENDS_EARLY = "project.ends_early", Content, ours, "Проект не заканчивается раньше, чем начинается.", "A project does not end before it begins.";
    GRANT = "project.grant", Content, ours, "Своя доля не больше суммы проекта.", "The own share is not greater than the amount of the grant.";
    CYCLE = "project.cycle", Content, ours, "Проект не входит в самого себя.", "A project does not stand under itself.";
    NOT_DRAFT = "project.not_draft", State, ours, "Проект уже начат или закончен.", "The project was started already, or has ended.";
    NOT_RUNNING = "project.not_running", State, ours, "Проект не реализуется: он не начат или уже закончен.", "The project is not running: it was not started, or has ended.";
    DAY = "project.day", Content, ours, "День не раньше начала проекта и не в будущем.", "The day is not before the beginning of the project, and not in the future.";
    ENDED = "project.ended", State, ours, "Проект уже завершён или прекращён: его не изменяют.", "The project was completed or stopped: it is edited no more.";
    FACT_MISSING = "project.fact_missing", State, ours, "Нет факта по показателю.", "A target of the project has no result.";
}

words! {
    /// The state of a project.
    ProjectState in "project-states" {
        Draft = "draft", "черновик", "draft";
        Running = "running", "реализуется", "running";
        Completed = "completed", "завершён", "completed";
        Stopped = "stopped", "прекращён", "stopped";
    }
}

impl ProjectState {
    /// Whether the project is over: from then on it tells what was, and nobody edits it.
    pub fn is_over(self) -> bool {
        matches!(self, Self::Completed | Self::Stopped)
    }
}

/// The approval of a project by a body outside of it (001 L31).
#[form]
#[schema(example = json!({"body": "Агентство стратегических инициатив", "approved_on": "2016-07-21"}))]
pub struct ProjectApproval {
    /// The body that has approved it.
    pub body: Title,
    /// The day.
    pub approved_on: NaiveDate,
    /// The number of its decision.
    pub number: Option<OrderNumber>,
}

/// A project as it is entered and edited, whole.
#[entry(Project: ProjectId, at "projects", named "project" "projects", tag "partnership", read ReadPartnership, edit EditPartnership, called title, by starts_on, annul, judged, draft state)]
#[schema(example = json!({"title": "Здоровым духом и бездомный богат", "organization_id": "01980000-0000-7000-8000-000000000001", "goal": "Вернуть людей без дома к труду и к близким.", "problem": "Люди без дома не знают, куда обратиться.", "target_groups": ["homeless", "addicted"], "technologies": ["peer_outreach"], "level": "municipal", "territory": "25655000", "starts_on": "2015-12-01", "ends_on": "2016-12-31", "grant_funder": "Фонд поддержки детей", "grant_amount": "350000.00", "own_share": "20000.00"}))]
pub struct ProjectForm {
    /// The organization that carries it out.
    #[owner]
    #[filter = "Only of this organization."]
    pub organization_id: OrganizationId,
    /// Title.
    pub title: Title,
    /// The project under which it stands.
    #[filter = "Only under this project."]
    pub parent_id: Option<ProjectId>,
    /// The program of mentoring to which it belongs.
    pub program_id: Option<ProgramId>,
    /// The goal.
    pub goal: Note,
    /// The problem that it answers.
    pub problem: Option<Note>,
    /// The audiences for whom it is.
    #[count(1..=10)]
    pub target_groups: Vec<Audience>,
    /// The technologies of work.
    #[at_most(5)]
    pub technologies: Vec<Technology>,
    /// The reach.
    #[told]
    #[filter = "Only of this reach."]
    pub level: ReachLevel,
    /// The territory in which it works.
    #[beginning("Only where the territory's code begins so.", 2..=11, "25655")]
    pub territory: Option<Oktmo>,
    /// The first day by plan.
    #[told]
    #[between(
        "Only those that begin on this day by plan or later.",
        "Only those that begin on this day by plan or earlier."
    )]
    pub starts_on: NaiveDate,
    /// The last day by plan.
    pub ends_on: NaiveDate,
    /// The organizations that have devised it.
    #[at_most(10)]
    pub author_ids: Vec<OrganizationId>,
    /// Approvals by bodies outside of it.
    #[at_most(10)]
    pub approvals: Vec<ProjectApproval>,
    /// The funding programme from which it is paid.
    pub funding_program_id: Option<FundingProgramId>,
    /// The one who gives the grant. Required with an amount.
    pub grant_funder: Option<Title>,
    /// The contest in which the grant was won.
    pub grant_contest: Option<Title>,
    /// The number of the contract about the grant.
    pub grant_contract: Option<OrderNumber>,
    /// The amount of the grant.
    pub grant_amount: Option<Money>,
    /// The share of the organization itself: not more than the amount.
    pub own_share: Option<Money>,
    /// Strengths, as the organization sees them.
    pub strengths: Option<Note>,
    /// Lessons for others.
    pub lessons: Option<Note>,
    /// The state. The steps `start`, `completion` and `stopping` change it.
    #[state]
    #[filter = "Only in these states."]
    pub state: ProjectState,
    /// The day on which it was started.
    #[state]
    pub started_on: Option<NaiveDate>,
    /// The day on which it was completed or stopped.
    #[state]
    pub ended_on: Option<NaiveDate>,
    /// The result in words, or the reason for which it was stopped.
    #[state]
    pub outcome: Option<Note>,
}

impl ProjectForm {
    fn judge(&self, id: ProjectId, before: Option<&Self>) -> Vec<Reason> {
        let share = self.own_share.as_ref().zip(self.grant_amount.as_ref());
        let is_edit = before.is_some_and(|it| it.state == self.state && it.state.is_over());
        broken([
            (is_edit, ENDED.reason()),
            (self.ends_on < self.starts_on, ENDS_EARLY.reason().at("/ends_on")),
            (share.is_some_and(|(own, all)| own.kopecks() > all.kopecks()), GRANT.reason().at("/own_share")),
            (
                self.grant_amount.is_some() && self.grant_funder.is_none(),
                MISSING.reason().at("/grant_funder"),
            ),
            (self.own_share.is_some() && self.grant_amount.is_none(), MISSING.reason().at("/grant_amount")),
            (self.parent_id == Some(id), CYCLE.reason().at("/parent_id")),
        ])
    }
    /// The reason against a change of the targets of the project.
    pub fn against_target(&self) -> Option<Reason> {
        self.state.is_over().then(|| ENDED.reason())
    }
    /// The reason against a target of the project without a result.
    pub fn against_bare_target(&self) -> Option<Reason> {
        (self.state == ProjectState::Completed).then(|| ENDED.reason())
    }
    /// Whether the project has not ended before a day. What prepares it may come before its first day.
    pub fn goes_on_after(&self, day: NaiveDate) -> bool {
        self.ended_on.is_none_or(|it| day <= it)
    }
    /// Whether the order completes the project, for which each target needs a result.
    pub fn is_completed_after(&self, before: &Self) -> bool {
        self.state == ProjectState::Completed && before.state != self.state
    }
}

/// The reason against a day of a step.
fn against_day(it: &ProjectForm, day: NaiveDate, today: NaiveDate, pointer: &'static str) -> Vec<Reason> {
    let first = it.started_on.unwrap_or(NaiveDate::MIN);
    let is_wrong = day > today || day < first;
    is_wrong.then(|| DAY.reason().at(pointer).with("today", today)).into_iter().collect()
}

fn against_not_running(it: &Project) -> Vec<Reason> {
    if it.form.state == ProjectState::Running { Vec::new() } else { vec![NOT_RUNNING.reason()] }
}

/// An order to start a project.
#[form]
#[schema(example = json!({"started_on": "2015-12-01"}))]
pub struct ProjectStart {
    /// The day: today or earlier.
    pub started_on: NaiveDate,
}

impl Step<ProjectForm> for ProjectStart {
    type Right = may::EditPartnership;
    const AT: &'static str = "start";
    const ACTION: Action = Action::Start;
    const TOLD: Option<&'static Told> = Some(&Told {
        kind: "project.started",
        ru: "Проект начат",
        en: "The project was started",
        details: FIELDS,
    });
    fn description() -> String {
        "Starts a draft. From now on every account sees the project.".to_owned()
    }
    fn against(it: &Project, _: NaiveDate) -> Vec<Reason> {
        if it.form.state == ProjectState::Draft { Vec::new() } else { vec![NOT_DRAFT.reason()] }
    }
    fn against_order(&self, it: &ProjectForm, today: NaiveDate) -> Vec<Reason> {
        against_day(it, self.started_on, today, "/started_on")
    }
    fn changed(&self, form: ProjectForm, _: NaiveDate) -> ProjectForm {
        let started_on = Some(self.started_on);
        ProjectForm { state: ProjectState::Running, started_on, ..form }
    }
}

/// The completion of a project.
#[form]
#[schema(example = json!({"ended_on": "2016-12-31", "summary": "Сорок человек вернулись к работе.", "lessons": "Курьеры из своих находят быстрее."}))]
pub struct ProjectCompletion {
    /// The day: today or earlier.
    pub ended_on: NaiveDate,
    /// The result in words.
    pub summary: Note,
    /// Lessons for others. Those told before stay, if none are told now.
    pub lessons: Option<Note>,
}

impl Step<ProjectForm> for ProjectCompletion {
    type Right = may::EditPartnership;
    const AT: &'static str = "completion";
    const ACTION: Action = Action::Complete;
    const TOLD: Option<&'static Told> = Some(&Told {
        kind: "project.completed",
        ru: "Проект завершён",
        en: "The project was completed",
        details: FIELDS,
    });
    fn description() -> String {
        "Completes a running project. Each of its targets must have a result.".to_owned()
    }
    fn against(it: &Project, _: NaiveDate) -> Vec<Reason> {
        against_not_running(it)
    }
    fn against_order(&self, it: &ProjectForm, today: NaiveDate) -> Vec<Reason> {
        against_day(it, self.ended_on, today, "/ended_on")
    }
    fn changed(&self, form: ProjectForm, _: NaiveDate) -> ProjectForm {
        let (ended_on, outcome) = (Some(self.ended_on), Some(self.summary.clone()));
        let lessons = self.lessons.clone().or(form.lessons);
        ProjectForm { state: ProjectState::Completed, ended_on, outcome, lessons, ..form }
    }
}

/// The stopping of a project before its end.
#[form]
#[schema(example = json!({"ended_on": "2016-05-01", "reason": "Закончились средства."}))]
pub struct ProjectStopping {
    /// The day: today or earlier.
    pub ended_on: NaiveDate,
    /// The reason.
    pub reason: Note,
}

impl Step<ProjectForm> for ProjectStopping {
    type Right = may::EditPartnership;
    const AT: &'static str = "stopping";
    const ACTION: Action = Action::Stop;
    const TOLD: Option<&'static Told> = Some(&Told {
        kind: "project.stopped",
        ru: "Проект прекращён",
        en: "The project was stopped",
        details: FIELDS,
    });
    fn description() -> String {
        "Stops a running project before its end.".to_owned()
    }
    fn against(it: &Project, _: NaiveDate) -> Vec<Reason> {
        against_not_running(it)
    }
    fn against_order(&self, it: &ProjectForm, today: NaiveDate) -> Vec<Reason> {
        against_day(it, self.ended_on, today, "/ended_on")
    }
    fn changed(&self, form: ProjectForm, _: NaiveDate) -> ProjectForm {
        let (ended_on, outcome) = (Some(self.ended_on), Some(self.reason.clone()));
        ProjectForm { state: ProjectState::Stopped, ended_on, outcome, ..form }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::entry::{Annulment, Entered, Entry};
    use crate::base::refusal::Refused;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }
    fn project(form: ProjectForm) -> Project {
        Entered { id: uuid::Uuid::nil().into(), parent: None, form, annulment: None }
    }
    fn codes<T>(it: Result<T, Refused>) -> Vec<&'static str> {
        it.err().iter().flat_map(|it| it.reasons()).map(|it| it.rule.code).collect()
    }

    #[test]
    fn all_that_is_wrong_with_a_project_is_told_at_once() {
        let form: ProjectForm = crate::examples::of();
        let id = uuid::Uuid::nil().into();
        assert_eq!(form.against(id, None), []);
        let wrong = ProjectForm {
            ends_on: day("2015-11-30"),
            own_share: Some(Money::new("350000.01")),
            grant_funder: None,
            parent_id: Some(id),
            ..form
        };
        let told: Vec<&str> = wrong.against(id, None).iter().map(|it| it.rule.code).collect();
        assert_eq!(told, [ENDS_EARLY.code, GRANT.code, MISSING.code, CYCLE.code]);
    }

    #[test]
    fn a_project_is_started_once_and_ends_once() {
        let (form, today): (ProjectForm, _) = (crate::examples::of(), day("2017-01-10"));
        let start: ProjectStart = crate::examples::of();
        let done: ProjectCompletion = crate::examples::of();
        assert_eq!(codes(done.take(project(form.clone()), today)), [NOT_RUNNING.code]);
        let running = start.take(project(form), today).unwrap().into_parts().0;
        assert_eq!(codes(start.take(running.clone(), today)), [NOT_DRAFT.code]);
        let late =
            ProjectStopping { ended_on: day("2017-01-11"), reason: Note::new("Нет средств.") };
        assert_eq!(codes(late.take(running.clone(), today)), [DAY.code]);
        let early = ProjectCompletion { ended_on: day("2015-11-30"), ..done.clone() };
        assert_eq!(codes(early.take(running.clone(), today)), [DAY.code]);
        let before = running.form.clone();
        let ended = done.take(running, today).unwrap().into_parts().0;
        assert!(ended.form.is_completed_after(&before) && !ended.form.is_completed_after(&ended.form));
        assert_eq!(ended.form.lessons, done.lessons);
        assert_eq!(codes(late.take(ended, day("2017-02-01"))), [NOT_RUNNING.code]);
    }

    #[test]
    fn a_project_is_edited_until_it_is_over_and_may_be_annulled_afterwards() {
        let form: ProjectForm = crate::examples::of();
        let edited = ProjectForm { title: Title::new("Милосердие"), ..form.clone() };
        let of = |state| project(ProjectForm { state, ..form.clone() });
        for state in [ProjectState::Draft, ProjectState::Running] {
            assert_eq!(codes(of(state).edit(edited.clone())), Vec::<&str>::new());
        }
        for state in [ProjectState::Completed, ProjectState::Stopped] {
            assert_eq!(codes(of(state).edit(edited.clone())), [ENDED.code]);
            let wrong = ProjectForm { own_share: Some(Money::new("350000.01")), ..edited.clone() };
            assert_eq!(codes(of(state).edit(wrong)), [ENDED.code, GRANT.code]);
            let annulment = Annulment { reason: Note::new("Внесён дважды.") };
            assert!(annulment.take(of(state), day("2017-01-10")).is_ok());
        }
    }

    #[test]
    fn the_targets_of_a_project_stay_once_it_is_over_and_have_results_where_it_was_completed() {
        let codes = |state: ProjectState| {
            let it = ProjectForm { state, ..crate::examples::of() };
            [it.against_target(), it.against_bare_target()].map(|it| it.map(|it| it.rule.code))
        };
        for state in [ProjectState::Draft, ProjectState::Running] {
            assert_eq!(codes(state), [None, None]);
        }
        assert_eq!(codes(ProjectState::Completed), [Some(ENDED.code), Some(ENDED.code)]);
        assert_eq!(codes(ProjectState::Stopped), [Some(ENDED.code), None]);
    }
}
