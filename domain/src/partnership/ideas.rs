//! Ideas with the problems that they answer: what an event has brought to light, and what it became (003 L33, L59).
//!
//! Invariant: an idea that was adopted says what it became, and one that was decided stays as it is.
use super::words::{Audience, Technology};
use crate::base::access::may;
use crate::base::action::Action;
use crate::base::entry::Step;
use crate::base::id::{EventId, IdeaId, OrganizationId, PracticeId, ProjectId, TaskId};
use crate::base::named::FIELDS;
use crate::base::refusal::{Reason, broken, rules};
use crate::base::telling::Told;
use crate::base::text::{MISSING, Note};
use crate::base::word::words;
use chrono::NaiveDate;
use shape::{entry, form};
use validator::Validate;

rules! {
    ADOPTED_INTO = "idea.adopted_into", Content, ours, "Указывают, во что превратилась идея.", "It is told what the idea became.";
    NOT_NEW = "idea.not_new", State, ours, "Идею уже рассмотрели.", "The idea was taken up already.";
    DECIDED = "idea.decided", State, ours, "По идее уже решили.", "The idea was decided already.";
}

words! {
    /// The state of an idea.
    IdeaState in "idea-states" {
        New = "new", "новая", "new";
        Considered = "considered", "рассмотрена", "considered";
        Adopted = "adopted", "принята", "adopted";
        Declined = "declined", "отклонена", "declined";
    }
}

impl IdeaState {
    /// Whether the idea was decided: from then on it tells what was, and nobody edits it.
    pub fn is_decided(self) -> bool {
        matches!(self, Self::Adopted | Self::Declined)
    }
}

/// An idea, the problem that it answers, or both, as they are entered and edited, whole.
#[entry(Idea: IdeaId, at "ideas", named "idea" "ideas", tag "partnership", read ReadPartnership, edit EditPartnership, called noticed_on, by noticed_on, annul, judged)]
#[schema(example = json!({"organization_id": "01980000-0000-7000-8000-000000000001", "noticed_on": "2026-02-10", "event_id": "01980000-0000-7000-8000-00000000007e", "audience": "homeless", "of_specialists": false, "problem": "Не знают, где восстановить документы.", "idea": "Курьеры из бывших бездомных.", "technology": "peer_outreach"}))]
pub struct IdeaForm {
    /// The organization that keeps it.
    #[owner]
    #[filter = "Only of this organization."]
    pub organization_id: OrganizationId,
    /// The day on which it was noticed.
    pub noticed_on: NaiveDate,
    /// The event that has brought it to light.
    #[filter = "Only of this event."]
    pub event_id: Option<EventId>,
    /// The audience that has the problem.
    #[filter = "Only about these audiences."]
    pub audience: Option<Audience>,
    /// Whether it is a problem of specialists, and not of those whom they help.
    pub of_specialists: bool,
    /// The problem in words.
    pub problem: Option<Note>,
    /// The idea in words.
    pub idea: Option<Note>,
    /// The technology of work.
    pub technology: Option<Technology>,
    /// The state. The steps `review`, `adoption` and `rejection` change it.
    #[state]
    #[filter = "Only in these states."]
    pub state: IdeaState,
    /// The project that it became.
    #[state]
    pub project_id: Option<ProjectId>,
    /// The practice that it became.
    #[state]
    pub practice_id: Option<PracticeId>,
    /// The task that it became.
    #[state]
    pub task_id: Option<TaskId>,
    /// The reason for which it was declined.
    #[state]
    pub decline_reason: Option<Note>,
}

impl IdeaForm {
    fn judge(&self, _: IdeaId, before: Option<&Self>) -> Vec<Reason> {
        let is_empty = self.problem.is_none() && self.idea.is_none();
        let is_edit = before.is_some_and(|it| it.state == self.state && it.state.is_decided());
        broken([(is_edit, DECIDED.reason()), (is_empty, MISSING.reason().at("/problem"))])
    }
    /// Whether the order between these forms adopts the idea.
    pub fn is_adopted_after(&self, before: &Self) -> bool {
        self.state == IdeaState::Adopted && before.state != self.state
    }
}

fn against_decided(it: &Idea) -> Vec<Reason> {
    if it.form.state.is_decided() { vec![DECIDED.reason()] } else { Vec::new() }
}

/// An order to take an idea up.
#[form]
#[schema(example = json!({}))]
pub struct IdeaReview {}

impl Step<IdeaForm> for IdeaReview {
    type Right = may::RunCouncils;
    const AT: &'static str = "review";
    const ACTION: Action = Action::Review;
    const TOLD: Option<&'static Told> = Some(&Told {
        kind: "idea.considered",
        ru: "Идея рассмотрена",
        en: "The idea was considered",
        details: FIELDS,
    });
    fn description() -> String {
        "Records that the idea was considered.".to_owned()
    }
    fn against(it: &Idea, _: NaiveDate) -> Vec<Reason> {
        if it.form.state == IdeaState::New { Vec::new() } else { vec![NOT_NEW.reason()] }
    }
    fn changed(&self, form: IdeaForm, _: NaiveDate) -> IdeaForm {
        IdeaForm { state: IdeaState::Considered, ..form }
    }
}

/// An order to adopt an idea: it became a project, a practice or a task.
#[form]
#[schema(example = json!({"project_id": "01980000-0000-7000-8000-000000000079"}))]
pub struct IdeaAdoption {
    /// The project that it became.
    pub project_id: Option<ProjectId>,
    /// The practice that it became.
    pub practice_id: Option<PracticeId>,
    /// The task that it became.
    pub task_id: Option<TaskId>,
}

impl Step<IdeaForm> for IdeaAdoption {
    type Right = may::RunCouncils;
    const AT: &'static str = "adoption";
    const ACTION: Action = Action::Adopt;
    const TOLD: Option<&'static Told> =
        Some(&Told {
            kind: "idea.adopted", ru: "Идея принята", en: "The idea was adopted", details: FIELDS
        });
    fn description() -> String {
        "Adopts the idea and tells what it became: a project, a practice or a task that the caller sees."
            .to_owned()
    }
    fn against(it: &Idea, _: NaiveDate) -> Vec<Reason> {
        against_decided(it)
    }
    fn against_order(&self, _: &IdeaForm, _: NaiveDate) -> Vec<Reason> {
        let is_nothing = self.project_id.is_none() && self.practice_id.is_none() && self.task_id.is_none();
        is_nothing.then(|| ADOPTED_INTO.reason().at("/project_id")).into_iter().collect()
    }
    fn changed(&self, form: IdeaForm, _: NaiveDate) -> IdeaForm {
        let Self { project_id, practice_id, task_id } = *self;
        IdeaForm { state: IdeaState::Adopted, project_id, practice_id, task_id, ..form }
    }
}

/// An order to decline an idea.
#[form]
#[schema(example = json!({"reason": "Такая служба уже есть."}))]
pub struct IdeaRejection {
    /// The reason.
    pub reason: Note,
}

impl Step<IdeaForm> for IdeaRejection {
    type Right = may::RunCouncils;
    const AT: &'static str = "rejection";
    const ACTION: Action = Action::Reject;
    const TOLD: Option<&'static Told> = Some(&Told {
        kind: "idea.declined",
        ru: "Идея отклонена",
        en: "The idea was declined",
        details: FIELDS,
    });
    fn description() -> String {
        "Declines the idea with a reason.".to_owned()
    }
    fn against(it: &Idea, _: NaiveDate) -> Vec<Reason> {
        against_decided(it)
    }
    fn changed(&self, form: IdeaForm, _: NaiveDate) -> IdeaForm {
        let (state, decline_reason) = (IdeaState::Declined, Some(self.reason.clone()));
        IdeaForm { state, decline_reason, ..form }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::action::{Judged, available};
    use crate::base::change::Changed;
    use crate::base::entry::correction::Corrections;
    use crate::base::entry::{Annulment, Entered, Entry, EntryOffers};
    use crate::base::refusal::Refused;

    #[test]
    fn an_idea_is_decided_once_and_an_adopted_one_says_what_it_became() {
        let form: IdeaForm = crate::examples::of();
        let today = form.noticed_on;
        let idea =
            |form: IdeaForm| Entered { id: uuid::Uuid::nil().into(), parent: None, form, annulment: None };
        let codes = |it: Result<Changed<Idea>, Refused>| -> Vec<&'static str> {
            it.err().iter().flat_map(|it| it.reasons()).map(|it| it.rule.code).collect()
        };
        let considered = IdeaReview {}.take(idea(form.clone()), today).unwrap().into_parts().0;
        assert_eq!(codes(IdeaReview {}.take(considered.clone(), today)), [NOT_NEW.code]);
        let nothing = IdeaAdoption { project_id: None, practice_id: None, task_id: None };
        assert_eq!(codes(nothing.take(considered.clone(), today)), [ADOPTED_INTO.code]);
        let order: IdeaAdoption = crate::examples::of();
        let adopted = order.take(considered, today).unwrap().into_parts().0;
        assert!(adopted.form.is_adopted_after(&form) && adopted.form.project_id == order.project_id);
        let refusal = IdeaRejection { reason: Note::new("Есть такая служба.") };
        assert_eq!(codes(refusal.take(adopted.clone(), today)), [DECIDED.code]);
        assert_eq!(codes(nothing.take(adopted, today)), [DECIDED.code, ADOPTED_INTO.code]);
        let empty = IdeaForm { problem: None, idea: None, ..form };
        assert_eq!(empty.against(uuid::Uuid::nil().into(), None)[0].rule.code, "field.missing");
    }

    #[test]
    fn a_decided_idea_is_edited_no_more_and_may_be_annulled() {
        let form: IdeaForm = crate::examples::of();
        let id: IdeaId = uuid::Uuid::nil().into();
        let idea = |state| {
            let form = IdeaForm { state, ..form.clone() };
            Entered { id, parent: None, form, annulment: None }
        };
        let codes = |it: Result<Changed<Idea>, Refused>| -> Vec<&'static str> {
            it.err().iter().flat_map(|it| it.reasons()).map(|it| it.rule.code).collect()
        };
        let edited = IdeaForm {
            idea: Some(Note::new("Курьеры из бывших бездомных.")), ..form.clone()
        };
        for state in [IdeaState::New, IdeaState::Considered] {
            assert_eq!(codes(idea(state).edit(edited.clone())), Vec::<&str>::new());
        }
        for state in [IdeaState::Adopted, IdeaState::Declined] {
            assert_eq!(codes(idea(state).edit(edited.clone())), [DECIDED.code]);
            let offers = EntryOffers {
                it: &idea(state),
                corrections: &Corrections::default(),
                steps: Vec::new(),
                under: Vec::new(),
                today: form.noticed_on,
            };
            let actions = available(&offers, id, Judged::Whole, |_| true, |_| true);
            let edit = actions.iter().find(|it| it.code == Action::Edit).unwrap();
            assert_eq!(edit.blocked_by, Some(vec![DECIDED.code]));
            let annulment = Annulment { reason: Note::new("Внесена дважды.") };
            assert!(annulment.take(idea(state), form.noticed_on).is_ok());
        }
    }
}
