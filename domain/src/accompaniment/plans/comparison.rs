//! The comparison of two versions of a plan. Answers are paired by section and field, goals and steps by their key.
use super::text::{PlanGoal, PlanStep, PlanText};
use super::words::{PlanChange, PlanPart};
use crate::base::text::Code;
use crate::base::word::Word;
use chrono::NaiveDate;
use shape::card;

/// A difference between two versions of a plan.
#[card]
#[derive(Clone, PartialEq)]
pub struct PlanDifference {
    /// The part of the text.
    pub part: PlanPart,
    /// The kind of the difference.
    pub change: PlanChange,
    /// The section of an answer or a goal.
    pub section: Option<Code>,
    /// The field of an answer, or the key of a goal or a step.
    pub key: Option<Code>,
    /// The member of a goal or a step that differs.
    #[schema(max_length = 64, example = "due_on")]
    pub member: Option<&'static str>,
    /// The value in the first version.
    #[schema(max_length = 4000, example = "2026-06-01")]
    pub before: Option<String>,
    /// The value in the second version.
    #[schema(max_length = 4000, example = "2026-09-01")]
    pub after: Option<String>,
}

/// A member of a goal or a step with its value. `is_day` marks the day until which it is due.
struct Member {
    name: &'static str,
    value: Option<String>,
    is_day: bool,
}

fn member(name: &'static str, value: Option<String>) -> Member {
    Member { name, value, is_day: false }
}
fn due(day: Option<NaiveDate>) -> Member {
    Member { name: "due_on", value: day.map(|it| it.to_string()), is_day: true }
}

/// Something with a key: a goal or a step.
struct Keyed<'a> {
    part: PlanPart,
    section: &'a Code,
    key: &'a Code,
    text: String,
    members: Vec<Member>,
}

fn of_goal(it: &PlanGoal) -> Keyed<'_> {
    let members = vec![
        member("section", Some(it.section.to_string())),
        member("text", Some(it.text.to_string())),
        member("criteria", Some(it.criteria.to_string())),
        due(Some(it.due_on)),
    ];
    Keyed { part: PlanPart::Goal, section: &it.section, key: &it.key, text: it.text.to_string(), members }
}

fn of_step<'a>(goal: &'a PlanGoal, it: &'a PlanStep) -> Keyed<'a> {
    let members = vec![
        member("goal", Some(goal.key.to_string())),
        member("text", Some(it.text.to_string())),
        member("responsible", it.responsible.map(|it| it.code().to_owned())),
        member("responsible_text", it.responsible_text.as_ref().map(ToString::to_string)),
        member("every_days", it.every_days.map(|it| it.to_string())),
        due(it.due_on),
    ];
    Keyed { part: PlanPart::Step, section: &goal.section, key: &it.key, text: it.text.to_string(), members }
}

fn keyed(text: &PlanText) -> Vec<Keyed<'_>> {
    let whole =
        |goal| std::iter::once(of_goal(goal)).chain(goal.steps.iter().map(move |it| of_step(goal, it)));
    text.goals.iter().flat_map(whole).collect()
}

fn change(before: Option<&String>, after: Option<&String>) -> Option<PlanChange> {
    match (before, after) {
        (None, None) => None,
        (None, Some(_)) => Some(PlanChange::Added),
        (Some(_), None) => Some(PlanChange::Removed),
        (Some(before), Some(after)) => (before != after).then_some(PlanChange::Changed),
    }
}

/// The differences between two texts, in the order of the second one; a removed part comes last.
pub fn compare(before: &PlanText, after: &PlanText) -> Vec<PlanDifference> {
    let mut all = answers(before, after);
    all.extend(goals(before, after));
    let told = |it: &PlanText| it.opinion.as_ref().map(ToString::to_string);
    let (before, after) = (told(before), told(after));
    all.extend(change(before.as_ref(), after.as_ref()).map(|change| PlanDifference {
        part: PlanPart::Opinion,
        change,
        section: None,
        key: None,
        member: None,
        before,
        after,
    }));
    all
}

fn answers(before: &PlanText, after: &PlanText) -> Vec<PlanDifference> {
    let places = |it: &PlanText| -> Vec<(Code, Code)> {
        it.answers.iter().map(|it| (it.section.clone(), it.field.clone())).collect()
    };
    let mut all = places(after);
    let removed: Vec<_> = places(before).into_iter().filter(|it| !all.contains(it)).collect();
    all.extend(removed);
    let difference = |(section, field): (Code, Code)| {
        let value = |it: &PlanText| {
            let found = it.answers.iter().find(|it| it.section == section && it.field == field);
            found.map(|it| it.value.to_string())
        };
        let (before, after) = (value(before), value(after));
        let change = change(before.as_ref(), after.as_ref())?;
        let (section, key) = (Some(section.clone()), Some(field.clone()));
        Some(PlanDifference { part: PlanPart::Answer, change, section, key, member: None, before, after })
    };
    all.into_iter().filter_map(difference).collect()
}

fn goals(before: &PlanText, after: &PlanText) -> Vec<PlanDifference> {
    let (before, after) = (keyed(before), keyed(after));
    let is_same = |a: &Keyed<'_>, b: &Keyed<'_>| a.part == b.part && a.key == b.key;
    let mut all = Vec::new();
    for it in &after {
        match before.iter().find(|old| is_same(old, it)) {
            Some(old) => all.extend(members(old, it)),
            None => all.push(whole(it, PlanChange::Added)),
        }
    }
    let removed = before.iter().filter(|old| !after.iter().any(|it| is_same(old, it)));
    all.extend(removed.map(|it| whole(it, PlanChange::Removed)));
    all
}

fn whole(it: &Keyed<'_>, change: PlanChange) -> PlanDifference {
    let text = Some(it.text.clone());
    let (before, after) = if change == PlanChange::Added { (None, text) } else { (text, None) };
    let (section, key) = (Some(it.section.clone()), Some(it.key.clone()));
    PlanDifference { part: it.part, change, section, key, member: None, before, after }
}

fn members<'a>(old: &'a Keyed<'a>, new: &'a Keyed<'a>) -> impl Iterator<Item = PlanDifference> + 'a {
    let differing = old.members.iter().zip(&new.members).filter(|(old, new)| old.value != new.value);
    differing.map(|(before, after)| PlanDifference {
        part: new.part,
        change: if after.is_day { PlanChange::Moved } else { PlanChange::Changed },
        section: Some(new.section.clone()),
        key: Some(new.key.clone()),
        member: Some(after.name),
        before: before.value.clone(),
        after: after.value.clone(),
    })
}
