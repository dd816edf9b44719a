//! Forms of plans (формы планов): the sections of a plan, and those who approve it, in their order.
//!
//! A form is issued in editions, as an annex is, and never edited. A version of a plan keeps the edition under which it was drafted.
//! - [`words`]: kinds of plans and approvers. [`shipped`](fn@shipped): the forms of the product.
//!
//! Invariant: the codes of sections are unique in a form, those of fields in their section.
mod shipped;
pub mod words;

pub use shipped::shipped;
pub use words::*;

use crate::base::change::{Changed, facts};
use crate::base::entry::editions::Issue;
use crate::base::id::PlanFormId;
use crate::base::refusal::{Reason, Refused, rules};
use crate::base::text::{self, Code, Title};
use crate::base::word::yes;
use crate::people::consents::CasePart;
use crate::region::annexes::{AnnexField, against_fields, repeated};
use crate::region::programs::{EditionDifference, differences, members};
use chrono::NaiveDate;
use shape::form;
use validator::Validate;

rules! {
    BEFORE_PREVIOUS = "plan_form.before_previous", Content, ours, "Редакция формы плана не может вступить в силу раньше предыдущей.", "An edition of a plan form cannot take effect before the previous one.";
    REPEATED = "plan_form.repeated", Content, ours, "Такой раздел, такое поле или такой согласующий в форме уже есть.", "The form has this section, field or approver already.";
    OTHER_KIND = "plan_form.other_kind", Content, ours, "Сравнивают редакции формы одного вида плана.", "Editions of the form of one kind of plan are compared.";
    NOT_IN_FORCE = "plan_form.not_in_force", State, ours, "Для планов этого вида нет действующей формы.", "No form of this kind of plan is in force.";
}

facts! {
    /// An edition of a plan form was issued.
    PlanFormIssued = "plan_form.issued",
        "Редакция формы плана выпущена[: {kind}][, № {number}][, действует с {effective_from}]",
        "An edition of the plan form was issued[: {kind}][, number {number}][, in force from {effective_from}]"
        about PlanForm (PlanFormId) {
        /// The kind of plan.
        kind: PlanKind,
        /// The number among the editions of this form, from 1.
        number: i32,
        /// The first day on which versions are drafted under this edition.
        effective_from: NaiveDate,
    }
}

fn six() -> i32 {
    6
}

/// A section of a plan.
#[form]
pub struct PlanSection {
    /// The code of the section, unique in the form.
    pub code: Code,
    /// The label in Russian.
    pub label_ru: Title,
    /// The label in English.
    pub label_en: Option<Title>,
    /// Whether a submitted version must say something in the section: an answer or a goal.
    #[serde(default)]
    #[schema(default = false)]
    pub required: bool,
    /// Whether a submitted version must have a goal in the section.
    #[serde(default)]
    #[schema(default = false)]
    pub goals_required: bool,
    /// Whether the person reads the section.
    #[serde(default = "yes")]
    #[schema(default = true)]
    pub for_person: bool,
    /// Whether the mentor and the tutor of the person read the section.
    #[serde(default)]
    #[schema(default = false)]
    pub for_mentor: bool,
    /// The part of a case that somebody of another organization needs for the section beside `plans`. Without it a section with the
    /// code `health` needs `health`, one with `law` or `rights` needs `law`.
    pub part: Option<CasePart>,
    /// The fields, in the order in which people see them.
    #[at_most(30)]
    pub fields: Vec<AnnexField>,
}

/// An edition of a plan form. It is never edited; a change is a new edition.
#[form]
#[schema(example = json!({"kind": "trajectory", "effective_from": "2026-01-01", "title": "Траектория развития", "review_months": 6, "approvers": ["unit_head"], "sections": [{"code": "interests", "label_ru": "Интересы и склонности", "label_en": "Interests", "required": true, "fields": [{"code": "notes", "label_ru": "Что выяснили", "kind": "long_text"}]}]}))]
pub struct PlanLayout {
    /// The kind of plan.
    pub kind: PlanKind,
    /// The first day on which versions are drafted under this edition.
    pub effective_from: NaiveDate,
    /// The title of the form.
    pub title: Title,
    /// The months from the adoption of a version to the review of the plan, 1 to 60.
    #[within(1..=60)]
    #[serde(default = "six")]
    #[schema(default = 6)]
    pub review_months: i32,
    /// Those who approve a version, in their order, 1 to 4. The last approval adopts it.
    #[count(1..=4)]
    pub approvers: Vec<PlanApprover>,
    /// Whether a head or a director may approve a version that they drafted or submitted themselves.
    #[serde(default)]
    #[schema(default = false)]
    pub self_approval: bool,
    /// The sections, in the order in which people see them.
    #[count(1..=20)]
    pub sections: Vec<PlanSection>,
}

members! {
    "/effective_from", ours, "первый день действия", "first day in force";
    "/title", ours, "название формы", "title of the form";
    "/review_months", ours, "пересмотр через, месяцев", "months to the review";
    "/approvers", ours, "кто согласует, по порядку", "approvers, in their order";
    "/self_approval", ours, "можно утвердить своё", "the own version may be approved";
    "/sections", "004 L86", "разделы", "sections";
}

/// An edition of a plan form, with the data that the rules check.
#[derive(Debug, Clone, PartialEq)]
pub struct PlanForm {
    /// The id of the edition.
    pub id: PlanFormId,
    /// The number among the editions of this form, from 1.
    pub number: i32,
    /// The content of the edition.
    pub layout: PlanLayout,
}

impl PlanForm {
    /// Issues the next edition. `previous` is the latest one of the same kind, if there is one.
    pub fn issue(
        id: PlanFormId,
        previous: Option<&Self>,
        layout: &PlanLayout,
    ) -> Result<Changed<Self>, Refused> {
        let (Issue { number, effective_from }, early) =
            Issue::after(previous.map(Self::place), layout.effective_from, &BEFORE_PREVIOUS);
        let mut reasons: Vec<Reason> = early.into_iter().collect();
        reasons.extend(layout.judge());
        Refused::unless_empty(reasons)?;
        let fact = PlanFormIssued { id, kind: layout.kind, number, effective_from };
        Ok(Changed::new(Self { id, number, layout: layout.clone() }, fact))
    }
    fn place(&self) -> Issue {
        Issue { number: self.number, effective_from: self.layout.effective_from }
    }
    /// The members in which two editions of one form differ.
    pub fn compare(&self, with: &Self) -> Result<Vec<EditionDifference>, Refused> {
        if self.layout.kind != with.layout.kind {
            return Err(OTHER_KIND.reason().at("/with").into());
        }
        Ok(differences(MEMBERS, &self.layout, &with.layout))
    }
}

impl PlanLayout {
    /// The errors that are visible in the form alone.
    fn judge(&self) -> Vec<Reason> {
        let codes: Vec<&Code> = self.sections.iter().map(|it| &it.code).collect();
        let mut reasons = repeated(&codes, "/sections", &REPEATED);
        for (n, section) in self.sections.iter().enumerate() {
            reasons.extend(against_fields(&section.fields, &format!("/sections/{n}/fields"), &REPEATED));
        }
        let twice = text::repeated(&self.approvers);
        reasons.extend(twice.map(|n| REPEATED.reason().at(format!("/approvers/{n}"))));
        reasons
    }
    /// The section with that code.
    pub fn section(&self, code: &Code) -> Option<&PlanSection> {
        self.sections.iter().find(|it| it.code == *code)
    }
}

impl PlanSection {
    /// Whether these parts of a case open the section, where `plans` is among them.
    pub fn is_opened_by(&self, parts: &[CasePart]) -> bool {
        let by_code = match self.code.as_str() {
            "health" => Some(CasePart::Health),
            "law" | "rights" => Some(CasePart::Law),
            _ => None,
        };
        self.part.or(by_code).is_none_or(|it| parts.contains(&it))
    }
    /// The field with that code.
    pub fn field(&self, code: &Code) -> Option<&AnnexField> {
        self.fields.iter().find(|it| it.code == *code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(layout: &PlanLayout) -> Vec<(&'static str, String)> {
        let refused = PlanForm::issue(uuid::Uuid::nil().into(), None, layout).unwrap_err();
        let told = |it: &Reason| (it.rule.code, it.pointer.clone().unwrap_or_default());
        refused.reasons().iter().map(told).collect()
    }

    #[test]
    fn every_kind_of_plan_has_a_shipped_form_that_passes_its_own_rules() {
        use crate::base::word::Word;
        let kinds: Vec<PlanKind> = shipped().iter().map(|it| it.kind).collect();
        assert_eq!(kinds, PlanKind::ALL);
        for layout in shipped() {
            assert_eq!(layout.validate(), Ok(()), "{}", layout.title);
            assert!(PlanForm::issue(uuid::Uuid::nil().into(), None, &layout).is_ok(), "{}", layout.title);
        }
    }

    #[test]
    fn everything_wrong_with_a_form_is_told_at_once() {
        let mut layout: PlanLayout = crate::examples::of();
        assert_eq!(layout.validate(), Ok(()));
        let mut twice = layout.sections[0].clone();
        twice.fields.push(twice.fields[0].clone());
        layout.sections.push(twice);
        layout.approvers.push(PlanApprover::UnitHead);
        let repeated = |at: &str| ("plan_form.repeated", at.to_owned());
        let all = ["/sections/1/code", "/sections/1/fields/1/code", "/approvers/1"].map(repeated);
        assert_eq!(told(&layout), all);
    }

    #[test]
    fn editions_are_numbered_never_go_back_in_time_and_are_compared_within_a_kind() {
        let layout: PlanLayout = crate::examples::of();
        let issue = |previous: Option<&PlanForm>, layout: &PlanLayout| {
            PlanForm::issue(uuid::Uuid::nil().into(), previous, layout).map(|it| it.into_parts().0)
        };
        let first = issue(None, &layout).unwrap();
        let next = PlanLayout { review_months: 3, ..layout.clone() };
        let second = issue(Some(&first), &next).unwrap();
        assert_eq!((first.number, second.number), (1, 2));
        let told: Vec<_> = first.compare(&second).unwrap().into_iter().map(|it| it.pointer).collect();
        assert_eq!(told, ["/review_months"]);
        let early = PlanLayout { effective_from: "2025-12-31".parse().unwrap(), ..layout };
        assert!(issue(Some(&second), &early).is_err());
        let other = PlanForm { layout: shipped().remove(0), ..first.clone() };
        assert!(first.compare(&other).is_err());
    }
}
