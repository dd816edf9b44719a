//! Assessments of beneficiaries by scales: before, between and after (001-13, 000-30, 002-08, 002-11, 004-14).
//!
//! - [`scores`]: answers become scores, once, at completion. [`comparison`]: before and after.
//! - this page: the orders, the states, and how long a readiness result holds.
//!
//! Invariant: what is completed never changes. A completed assessment that is wrong is annulled with a reason.
pub mod comparison;
pub mod scores;

#[cfg(test)]
mod tests;

pub use comparison::{RaterComparison, compare};
pub use scores::Scores;

use crate::accompaniment::scales::{Rater, ScaleForm, ScaleKind};
use crate::base::access::Right;
use crate::base::action::{Action, Offer, Offers, Verdict};
use crate::base::change::{Changed, changed_fields, facts};
use crate::base::entry::correction::Recorded;
use crate::base::entry::{ANNULLED, Annulment};
use crate::base::id::{AssessmentId, BeneficiaryId, ScaleId, UserId};
use crate::base::refusal::{Reason, Refused, rules};
use crate::base::text::{Code, Note};
use crate::base::word::words;
use crate::people::register::against_beginning_on;
use chrono::{Days, NaiveDate};
use shape::form;
use validator::Validate;

rules! {
    RATER = "assessment.rater", Content, ours, "Так эту шкалу не оценивают: получатель оценивает сам, наставник — как наставник, и оценивающий назван в шкале.", "The scale is not rated so: a beneficiary rates as `self`, a mentor as `mentor`, and the scale names the rater.";
    ANSWER = "assessment.answer", Content, ours, "Такого пункта в шкале нет, на него уже ответили, или значение вне границ.", "The scale has no such item, it is answered already, or the value is out of range.";
    INCOMPLETE = "assessment.incomplete", Content, ours, "Ответов мало, чтобы посчитать результат.", "Too few items are answered for a score.";
    COMPLETED = "assessment.completed", State, ours, "Завершённая оценка не меняется: её можно только аннулировать.", "What is completed never changes: it is annulled.";
    NOT_IN_FORCE = "assessment.scale_not_in_force", Content, ours, "Эта редакция шкалы в этот день не действует.", "This edition of the scale is not in force on that day.";
    IN_FUTURE = "assessment.in_future", Content, ours, "День оценки не может быть в будущем.", "The day of the assessment must not lie in the future.";
}

words! {
    /// The point of a course at which an assessment is made.
    AssessmentPoint in "assessment-points" {
        Before = "before", "до", "before";
        Interim = "interim", "промежуточная", "interim";
        After = "after", "после", "after";
        FollowUp = "follow_up", "отсроченная", "follow-up";
    }

    /// The state of an assessment.
    AssessmentState in "assessment-states" {
        Draft = "draft", "черновик", "draft";
        Completed = "completed", "завершена", "completed";
        Annulled = "annulled", "аннулирована", "annulled";
    }
}

/// An answer: the value of an item, or the sum of a domain of a licensed scale.
#[form]
#[derive(Eq)]
pub struct AssessmentAnswer {
    /// The code of the item; of a licensed scale, that of the domain.
    pub item: Code,
    /// The value, within the range of the item.
    #[within(-1000..=1000)]
    pub value: i32,
}

/// An assessment as it is entered and edited while it is a draft, whole.
#[form]
#[schema(example = json!({"scale_id": "01980000-0000-7000-8000-000000000046", "rater": "specialist", "point": "before", "assessed_on": "2026-02-20", "answers": [{"item": "budget", "value": 2}], "conclusion": "Считает деньги с помощью взрослого, к концу месяца занимает."}))]
pub struct ScaleAssessmentForm {
    /// The edition of the scale: the one in force on the day of the assessment.
    pub scale_id: ScaleId,
    /// The one who rates. A beneficiary rates as `self`, a mentor as `mentor`; staff enters what any of them said.
    pub rater: Rater,
    /// The point of the course.
    pub point: AssessmentPoint,
    /// The day of the assessment: today or earlier.
    pub assessed_on: NaiveDate,
    /// The answers. A draft may lack some.
    #[at_most(300)]
    #[serde(default)]
    pub answers: Vec<AssessmentAnswer>,
    /// The conclusion in words.
    pub conclusion: Option<Note>,
}

/// An order to complete an assessment.
#[form]
#[schema(example = json!({"conclusion": "Готов жить один при помощи наставника с деньгами."}))]
pub struct AssessmentCompletion {
    /// The conclusion in words. It takes the place of that of the draft.
    pub conclusion: Option<Note>,
}

facts! {
    /// An assessment was begun.
    AssessmentStarted = "assessment.started",
        "Оценка начата[: {point}]",
        "An assessment was begun[: {point}]"
        about Assessment (AssessmentId) {
        /// The beneficiary.
        beneficiary_id: BeneficiaryId,
        /// The point of the course.
        point: AssessmentPoint,
    }
    /// A draft was edited.
    AssessmentEdited = "assessment.edited",
        "Черновик оценки изменён[: {fields}]",
        "The draft of an assessment was edited[: {fields}]"
        about Assessment (AssessmentId) {
        /// The members that changed.
        fields: Vec<String>,
    }
    /// An assessment was completed.
    AssessmentCompleted = "assessment.completed",
        "Оценка завершена",
        "The assessment was completed"
        about Assessment (AssessmentId) {
        /// The beneficiary.
        beneficiary_id: BeneficiaryId,
    }
    /// An assessment was annulled.
    AssessmentAnnulled = "assessment.annulled",
        "Оценка аннулирована",
        "The assessment was annulled"
        about Assessment (AssessmentId) {
        /// The beneficiary.
        beneficiary_id: BeneficiaryId,
    }
}

/// The part of the caller in an assessment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Maker {
    /// Staff, who also enters what others said.
    Staff,
    /// The mentor of the beneficiary.
    Mentor,
    /// The beneficiary.
    Own,
}

/// An edition of a scale, as the rules see it.
#[derive(Debug, Clone)]
pub struct UsedScale {
    /// The edition.
    pub form: ScaleForm,
    /// Whether it is annulled.
    pub is_annulled: bool,
    /// Whether a later edition of the scale was in force on the day of the assessment.
    pub is_superseded: bool,
}

/// An assessment, with the data that the rules check.
#[derive(Debug, Clone, PartialEq)]
pub struct Assessment {
    /// The id of the assessment.
    pub id: AssessmentId,
    /// The beneficiary.
    pub beneficiary_id: BeneficiaryId,
    /// The account that made it.
    pub made_by: UserId,
    /// The assessment as it was entered.
    pub form: ScaleAssessmentForm,
    /// Its scores, since it was completed.
    pub scores: Option<Scores>,
    /// Its annulment.
    pub annulment: Option<Annulment>,
}

/// An assessment that may still be edited.
#[derive(Debug, Clone)]
pub struct Draft(Assessment);

impl ScaleAssessmentForm {
    /// The days of the order.
    pub fn days(&self) -> [(&'static str, NaiveDate); 1] {
        [("/assessed_on", self.assessed_on)]
    }
    /// The reason against beginning it: on its day the person is removed from the register. The closing assessment of a programme in which
    /// the person still takes part goes on.
    pub fn against_removal(&self, removed_on: Option<NaiveDate>, is_enrolled: bool) -> Option<Reason> {
        let is_closing = is_enrolled && self.point == AssessmentPoint::After;
        if is_closing { None } else { against_beginning_on(self.assessed_on, removed_on) }
    }
    /// The reasons against it. Without the scale, which is then refused as a reference, the rest is judged.
    fn against(&self, scale: Option<&UsedScale>, by: Maker, today: NaiveDate) -> Vec<Reason> {
        let mut reasons = Vec::new();
        if self.assessed_on > today {
            reasons.push(IN_FUTURE.reason().at("/assessed_on").with("today", today));
        }
        let is_theirs = match by {
            Maker::Staff => true,
            Maker::Mentor => self.rater == Rater::Mentor,
            Maker::Own => self.rater == Rater::Own,
        };
        let is_named = scale.is_none_or(|it| it.form.raters.contains(&self.rater));
        if !is_theirs || !is_named {
            reasons.push(RATER.reason().at("/rater"));
        }
        if let Some(it) = scale {
            if it.is_annulled || it.is_superseded || it.form.effective_from > self.assessed_on {
                reasons.push(NOT_IN_FORCE.reason().at("/scale_id"));
            }
            reasons.extend(it.form.against_answers(&self.answers));
        }
        reasons
    }
}

impl Assessment {
    /// Begins an assessment of a beneficiary.
    pub fn start(
        (id, beneficiary_id, made_by): (AssessmentId, BeneficiaryId, UserId),
        form: &ScaleAssessmentForm,
        scale: Option<&UsedScale>,
        by: Maker,
        today: NaiveDate,
    ) -> Result<Changed<Self>, Refused> {
        Refused::unless_empty(form.against(scale, by, today))?;
        let fact = AssessmentStarted { id, beneficiary_id, point: form.point };
        let form = form.clone();
        Ok(Changed::new(Self { id, beneficiary_id, made_by, form, scores: None, annulment: None }, fact))
    }
    /// Its state.
    pub fn state(&self) -> AssessmentState {
        match (&self.annulment, &self.scores) {
            (Some(_), _) => AssessmentState::Annulled,
            (None, Some(_)) => AssessmentState::Completed,
            (None, None) => AssessmentState::Draft,
        }
    }
    /// The draft. Refused when it is completed or annulled.
    pub fn draft(self) -> Result<Draft, Refused> {
        match self.against_change() {
            Some(reason) => Err(reason.into()),
            None => Ok(Draft(self)),
        }
    }
    fn against_change(&self) -> Option<Reason> {
        match self.state() {
            AssessmentState::Draft => None,
            AssessmentState::Completed => Some(COMPLETED.reason()),
            AssessmentState::Annulled => Some(ANNULLED.reason()),
        }
    }
    /// Annuls it. It stays readable with the reason, and counts no more.
    pub fn annul(
        self,
        order: &Annulment,
        recorded: &Recorded,
        today: NaiveDate,
    ) -> Result<Changed<Self>, Refused> {
        recorded.must_be_open(today)?;
        let fact = AssessmentAnnulled { id: self.id, beneficiary_id: self.beneficiary_id };
        Ok(Changed::new(Self { annulment: Some(order.clone()), ..self }, fact))
    }
}

impl Draft {
    /// The edition of its scale.
    pub fn scale_id(&self) -> ScaleId {
        self.0.form.scale_id
    }
    /// Replaces the form.
    pub fn edit(
        self,
        form: &ScaleAssessmentForm,
        scale: Option<&UsedScale>,
        by: Maker,
        today: NaiveDate,
    ) -> Result<Changed<Assessment>, Refused> {
        Refused::unless_empty(form.against(scale, by, today))?;
        let fact = AssessmentEdited { id: self.0.id, fields: changed_fields(&self.0.form, form) };
        Ok(Changed::new(Assessment { form: form.clone(), ..self.0 }, fact))
    }
    /// Completes it: the scores are computed by the edition, and kept.
    pub fn complete(
        self,
        order: &AssessmentCompletion,
        scale: &UsedScale,
    ) -> Result<Changed<Assessment>, Refused> {
        if scale.is_annulled {
            return Err(NOT_IN_FORCE.reason().at("/scale_id").into());
        }
        match scale.form.scores(&self.0.form.answers) {
            Err(lacking) => Err(Refused::unless_empty(lacking).err().unwrap_or_else(|| INCOMPLETE.refuse())),
            Ok(scores) => {
                let fact = AssessmentCompleted { id: self.0.id, beneficiary_id: self.0.beneficiary_id };
                let Assessment { mut form, .. } = self.0;
                form.conclusion = order.conclusion.clone().or(form.conclusion);
                Ok(Changed::new(Assessment { form, scores: Some(scores), ..self.0 }, fact))
            }
        }
    }
}

/// An assessment that counts.
#[derive(Debug, Clone, PartialEq)]
pub struct CompletedAssessment {
    /// The id of the assessment.
    pub id: AssessmentId,
    /// The kind of its scale.
    pub kind: ScaleKind,
    /// The rater.
    pub rater: Rater,
    /// The point of the course.
    pub point: AssessmentPoint,
    /// Its day.
    pub assessed_on: NaiveDate,
    /// Its scores.
    pub scores: Scores,
}

impl CompletedAssessment {
    /// The last day on which it holds as a result of readiness: for so many days after it. `None`: it is not a specialist's, or
    /// measures something else.
    pub fn holds_until(&self, days: Days) -> Option<NaiveDate> {
        let is_result = self.kind == ScaleKind::Readiness && self.rater == Rater::Specialist;
        is_result.then(|| self.assessed_on.checked_add_days(days).unwrap_or(NaiveDate::MAX))
    }
}

/// The result of readiness that holds on a day: the latest of the completed ones by a specialist, and its last day.
pub fn readiness_on(
    all: &[CompletedAssessment],
    on: NaiveDate,
    days: Days,
) -> Option<(&CompletedAssessment, NaiveDate)> {
    let results = all.iter().filter_map(|it| Some((it, it.holds_until(days)?)));
    let holding = results.filter(|(it, until)| it.assessed_on <= on && on <= *until);
    holding.max_by_key(|(it, _)| (it.assessed_on, it.id))
}

/// An assessment as its caller sees it.
#[derive(Debug)]
pub struct AssessmentOffers<'a> {
    /// The assessment.
    pub it: &'a Assessment,
    /// Whether the caller made it, or is staff: nobody else edits it.
    pub is_theirs: bool,
    /// The record, as the rules about its annulment see it.
    pub recorded: Recorded,
    /// The present day.
    pub today: NaiveDate,
}

impl Offers for AssessmentOffers<'_> {
    const AT: &'static str = "assessments";
    const OFFERS: &'static [Offer] = &[
        Offer::edit(Right::MakeAssessments),
        Offer::step(Action::Complete, "completion", Right::MakeAssessments),
        Offer::step(Action::Annul, "annulment", Right::AnnulRecords),
    ];
    fn judge(&self, action: Action) -> Option<Verdict> {
        match action {
            Action::Edit | Action::Complete => {
                (self.is_theirs && self.it.against_change().is_none()).then(Verdict::default)
            }
            Action::Annul if self.it.annulment.is_none() => {
                Some(Verdict::default().unless(self.recorded.must_be_open(self.today)))
            }
            _ => None,
        }
    }
}
