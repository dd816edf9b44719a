//! The text of a version: answers to the fields of the form, goals with steps, and the opinion of the person.
use super::standing::PlanEyes;
use super::{
    ANSWERED_TWICE, INCOMPLETE, REPEATED_KEY, STEP_UNSEEN, UNKNOWN_FIELD, UNKNOWN_SECTION, WRONG_ANSWER,
};
use crate::accompaniment::plan_forms::{PlanLayout, PlanSection};
use crate::accompaniment::tasks::AssigneeKind;
use crate::base::clauses::{all_hold, clash, lack};
use crate::base::refusal::Reason;
use crate::base::text::{Code, Note, Title};
use crate::base::word::Word;
use crate::people::consents::CasePart;
use chrono::NaiveDate;
use shape::form;
use std::collections::HashSet;
use validator::Validate;

/// An answer to a field of the form.
#[form]
pub struct PlanAnswer {
    /// The code of the section.
    pub section: Code,
    /// The code of the field in the section.
    pub field: Code,
    /// The answer. The kind of the field decides what it may be.
    pub value: Note,
}

/// A step towards a goal.
#[form]
#[validate(schema(function = "step_is_whole"))]
pub struct PlanStep {
    /// The key of the step, unique among the goals and steps of the version. The next version keeps it.
    pub key: Code,
    /// The step.
    pub text: Note,
    /// The kind of those who take the step. Either this or `responsible_text` is needed.
    pub responsible: Option<AssigneeKind>,
    /// Those who take the step, in words.
    pub responsible_text: Option<Title>,
    /// The last day for the step.
    pub due_on: Option<NaiveDate>,
    /// The days after which the step is repeated, 1 to 366, where it has no last day.
    #[within(1..=366)]
    pub every_days: Option<i32>,
}

fn step_is_whole(it: &PlanStep) -> Result<(), validator::ValidationError> {
    let nobody = it.responsible.is_none() && it.responsible_text.is_none();
    all_hold([
        lack(nobody, &["responsible", "responsible_text"]),
        clash(it.due_on.is_some() && it.every_days.is_some(), &["every_days", "due_on"]),
    ])
}

/// A goal of a plan.
#[form]
pub struct PlanGoal {
    /// The key of the goal, unique among the goals and steps of the version. The next version keeps it.
    pub key: Code,
    /// The code of the section to which the goal belongs.
    pub section: Code,
    /// The goal.
    pub text: Note,
    /// The signs by which the goal is reached.
    pub criteria: Note,
    /// The day until which the goal is to be reached.
    pub due_on: NaiveDate,
    /// The steps towards the goal.
    #[at_most(30)]
    pub steps: Vec<PlanStep>,
}

/// The text of a version as it is written, whole.
#[form]
#[derive(Default)]
#[schema(example = json!({"answers": [{"section": "employment", "field": "notes", "value": "Подрабатывает курьером."}], "goals": [{"key": "college", "section": "vocational_education", "text": "Поступить в колледж", "criteria": "Зачислен приказом", "due_on": "2026-08-31", "steps": [{"key": "open-day", "text": "Сходить на день открытых дверей", "responsible": "mentor", "due_on": "2026-04-20"}]}], "opinion": "Хочу учиться на повара."}))]
pub struct PlanText {
    /// Answers to the fields of the form.
    #[at_most(200)]
    pub answers: Vec<PlanAnswer>,
    /// The goals with their steps.
    #[at_most(40)]
    pub goals: Vec<PlanGoal>,
    /// The opinion of the person about the plan. Needed for the submission from the age of ten.
    pub opinion: Option<Note>,
}

impl PlanText {
    /// The text as somebody reads it to whom these parts of a case are granted, `plans` among them. A section may need a part of its
    /// own, as its edition of the form tells.
    pub fn seen_by(mut self, layout: &PlanLayout, parts: &[CasePart]) -> Self {
        let is_told = |code: &Code| layout.section(code).is_some_and(|it| it.is_opened_by(parts));
        self.answers.retain(|it| is_told(&it.section));
        self.goals.retain(|it| is_told(&it.section));
        self
    }
    /// The keys of goals and steps.
    fn keys(&self) -> impl Iterator<Item = &Code> {
        self.goals.iter().flat_map(|it| std::iter::once(&it.key).chain(it.steps.iter().map(|it| &it.key)))
    }
    /// The step with that key.
    pub(super) fn step(&self, key: &Code) -> Option<&PlanStep> {
        self.goals.iter().flat_map(|it| &it.steps).find(|it| it.key == *key)
    }
    /// Whether there is a goal with that key.
    pub(super) fn has_goal(&self, key: &Code) -> bool {
        self.goals.iter().any(|it| it.key == *key)
    }
    /// The text as the edition of another form takes it: without answers and goals that have no place there.
    pub(super) fn fitted(&self, layout: &PlanLayout) -> Self {
        let fits = |it: &PlanAnswer| {
            let field = layout.section(&it.section).and_then(|section| section.field(&it.field));
            field.is_some_and(|field| field.takes(&it.value))
        };
        Self {
            answers: self.answers.iter().filter(|it| fits(it)).cloned().collect(),
            goals: self.goals.iter().filter(|it| layout.section(&it.section).is_some()).cloned().collect(),
            opinion: None,
        }
    }
    /// This text with the parts of another one, which its writer does not read.
    pub(super) fn with(mut self, hidden: Self) -> Self {
        self.answers.extend(hidden.answers);
        self.goals.extend(hidden.goals);
        self.opinion = self.opinion.or(hidden.opinion);
        self
    }
    /// The errors in a text as these eyes wrote it, beside the part that they do not read. A section that the writer does not read is
    /// as unknown as one that the form does not have.
    pub(super) fn judge(&self, layout: &PlanLayout, eyes: PlanEyes, hidden: &Self) -> Vec<Reason> {
        let sections: Vec<&PlanSection> = eyes.sections(layout).collect();
        let section = |code: &Code| sections.iter().find(|it| it.code == *code).copied();
        let mut reasons = Vec::new();
        for (n, answer) in self.answers.iter().enumerate() {
            let at = |member: &str| format!("/answers/{n}/{member}");
            let Some(section) = section(&answer.section) else {
                reasons.push(UNKNOWN_SECTION.reason().at(at("section")));
                continue;
            };
            let Some(field) = section.field(&answer.field) else {
                reasons.push(UNKNOWN_FIELD.reason().at(at("field")));
                continue;
            };
            let is_same = |it: &PlanAnswer| (&it.section, &it.field) == (&answer.section, &answer.field);
            if self.answers.iter().take(n).any(is_same) {
                reasons.push(ANSWERED_TWICE.reason().at(at("field")));
            }
            if !field.takes(&answer.value) {
                reasons.push(WRONG_ANSWER.reason().at(at("value")).with("kind", field.kind.code()));
            }
        }
        let mut keys: HashSet<&Code> = hidden.keys().collect();
        for (n, goal) in self.goals.iter().enumerate() {
            let known = section(&goal.section);
            if known.is_none() {
                reasons.push(UNKNOWN_SECTION.reason().at(format!("/goals/{n}/section")));
            }
            if !keys.insert(&goal.key) {
                reasons.push(REPEATED_KEY.reason().at(format!("/goals/{n}/key")));
            }
            for (m, step) in goal.steps.iter().enumerate() {
                if !keys.insert(&step.key) {
                    reasons.push(REPEATED_KEY.reason().at(format!("/goals/{n}/steps/{m}/key")));
                }
                if known.is_some_and(|it| !step.is_seen_in(it)) {
                    reasons.push(STEP_UNSEEN.reason().at(format!("/goals/{n}/steps/{m}/responsible")));
                }
            }
        }
        reasons
    }
    /// The demands of the form that the text does not meet.
    pub(super) fn missing(&self, layout: &PlanLayout) -> Vec<Reason> {
        let mut reasons = Vec::new();
        for section in &layout.sections {
            let lacks = |at: &str| INCOMPLETE.reason().at(at).with("section", &section.code);
            let answers: Vec<_> = self.answers.iter().filter(|it| it.section == section.code).collect();
            let has_goal = self.goals.iter().any(|it| it.section == section.code);
            if section.required && answers.is_empty() && !has_goal {
                reasons.push(lacks("/answers"));
            }
            if section.goals_required && !has_goal {
                reasons.push(lacks("/goals"));
            }
            let open = section
                .fields
                .iter()
                .filter(|field| field.required && answers.iter().all(|answer| answer.field != field.code));
            reasons.extend(open.map(|it| lacks("/answers").with("field", &it.code)));
        }
        reasons
    }
}

impl PlanStep {
    /// Whether those who take the step read the section.
    fn is_seen_in(&self, section: &PlanSection) -> bool {
        match self.responsible {
            Some(AssigneeKind::Mentor) => section.for_mentor,
            Some(AssigneeKind::Person | AssigneeKind::Representative) => section.for_person,
            _ => true,
        }
    }
}
