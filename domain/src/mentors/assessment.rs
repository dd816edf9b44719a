//! The assessment of a candidate by the institution: the five requirements of 002 §2.2.1.
use super::{
    Application, ApplicationForm, NOT_ASSESSED, NOT_SUBMITTED, OWN_APPLICATION, REQUIREMENT_NOT_MET,
};
use crate::base::change::{Changed, facts};
use crate::base::clauses::{all_hold, clash};
use crate::base::id::{ApplicationId, PersonId};
use crate::base::refusal::{Reason, Refused};
use crate::base::text::Note;
use crate::base::word::{Word, words};
use crate::region::programs::MentorRules;
use shape::form;
use validator::{Validate, ValidationError};

words! {
    /// A requirement for mentors (002 §2.2.1).
    MentorRequirement in "mentor-requirements" {
        Experience = "experience", "достаточный жизненный и профессиональный опыт и знания", "enough life and professional experience and knowledge";
        ActivePosition = "active_position", "активная социальная позиция", "active social position";
        PersonalQualities = "personal_qualities", "личностные качества, позволяющие позитивно влиять на жизнь другого человека", "personal qualities with a good influence on another's life";
        Success = "success", "жизненный успех, достигнутый социально приемлемыми путями", "success in life by socially acceptable means";
        SocialNorms = "social_norms", "без нарушения социальных норм", "without breaking social norms";
    }
}

/// The finding of the institution on one requirement.
#[form]
#[schema(example = json!({"requirement": "experience", "met": true, "note": "Двадцать лет работает воспитателем."}))]
pub struct RequirementAssessment {
    /// The requirement.
    pub requirement: MentorRequirement,
    /// Whether the candidate meets it.
    pub met: bool,
    /// The reason for the finding.
    pub note: Option<Note>,
}

/// The assessment of a candidate. It contains each of the five requirements once, and replaces an earlier assessment.
#[form]
#[derive(Default)]
#[validate(schema(function = "each_once"))]
#[schema(example = json!({"requirements": [{"requirement": "experience", "met": true, "note": "Двадцать лет работает воспитателем."}, {"requirement": "active_position", "met": true}, {"requirement": "personal_qualities", "met": true}, {"requirement": "success", "met": true}, {"requirement": "social_norms", "met": true}]}))]
pub struct AssessmentForm {
    /// The findings on all five requirements, in any order.
    #[count(5..=5)]
    pub requirements: Vec<RequirementAssessment>,
}

fn each_once(it: &AssessmentForm) -> Result<(), ValidationError> {
    let is_there = |asked: &MentorRequirement| it.requirements.iter().any(|it| it.requirement == *asked);
    let is_short = it.requirements.len() < MentorRequirement::ALL.len();
    let is_whole = is_short || MentorRequirement::ALL.iter().all(is_there);
    all_hold([clash(!is_whole, &["requirements"])])
}

facts! {
    /// The institution assessed a candidate.
    ApplicationAssessed = "application.assessed",
        "Кандидат оценён по требованиям",
        "The candidate was assessed"
        about Application (ApplicationId) {}
}

/// The assessment, as far as the caller may know it.
#[derive(Debug, Clone, PartialEq)]
pub enum Assessment {
    /// The assessment is hidden: the application is not submitted, or the caller is the candidate.
    Untold,
    /// The institution has not assessed the candidate.
    Missing,
    /// The assessment on record.
    Given(AssessmentForm),
}

/// An application with a new assessment of its candidate.
#[derive(Debug, Clone)]
pub struct Assessed {
    /// The id of the application.
    pub id: ApplicationId,
    /// The assessment.
    pub form: AssessmentForm,
}

impl Application {
    /// The data of the application, if it is submitted or under review.
    fn considered(&self) -> Option<&ApplicationForm> {
        match self {
            Self::Submitted(it) => Some(&it.form),
            Self::UnderReview(it) => Some(&it.form),
            _ => None,
        }
    }
    /// Whether the application is submitted or under review.
    pub fn is_considered(&self) -> bool {
        self.considered().is_some()
    }
    /// Records the assessment of the candidate. It replaces an earlier one.
    pub fn assess(&self, form: &AssessmentForm, by: Option<PersonId>) -> Result<Changed<Assessed>, Refused> {
        let candidate = self.considered().ok_or_else(|| NOT_SUBMITTED.refuse())?.person_id;
        if by == Some(candidate) {
            return Err(OWN_APPLICATION.refuse());
        }
        let id = self.id();
        Ok(Changed::new(Assessed { id, form: form.clone() }, ApplicationAssessed { id }))
    }
}

/// The requirements of §2.2.1 that forbid an approval. Empty if the program asks for no assessment.
pub(super) fn unfit(assessment: &Assessment, asked: &MentorRules) -> Vec<Reason> {
    match assessment {
        Assessment::Given(form) if asked.assess_requirements => {
            let failed = form.requirements.iter().filter(|it| !it.met);
            let reason = |it: &RequirementAssessment| {
                REQUIREMENT_NOT_MET.reason().with("subject", it.requirement.code())
            };
            failed.map(reason).collect()
        }
        Assessment::Missing if asked.assess_requirements => vec![NOT_ASSESSED.reason()],
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::*;
    use super::super::{ApplicationState, CandidateFacts, Decision, DecisionKind, RejectionReason};
    use super::*;
    use crate::examples;

    fn asking() -> MentorRules {
        MentorRules { assess_requirements: true, ..asked() }
    }
    fn all(met: bool) -> AssessmentForm {
        let one = |it: &MentorRequirement| RequirementAssessment { requirement: *it, met, note: None };
        AssessmentForm { requirements: MentorRequirement::ALL.iter().map(one).collect() }
    }
    fn decide(kind: DecisionKind, assessment: Assessment) -> Result<ApplicationState, Vec<&'static str>> {
        let candidate = CandidateFacts { assessment, ..candidate() };
        let facts = super::super::DecisionFacts { asked: asking(), ..decision_facts(candidate) };
        let reason = (kind == DecisionKind::Reject).then_some(RejectionReason::PersonalQualities);
        let order = Decision { kind, reason, ..examples::of() };
        let decided = submitted(&form()).unwrap().decide(&order, &facts, day(TODAY));
        decided
            .map(|it| it.value().application.state())
            .map_err(|it| it.reasons().iter().map(|it| it.rule.code).collect())
    }

    #[test]
    fn each_requirement_is_assessed_once() {
        assert_eq!(examples::of::<AssessmentForm>().validate(), Ok(()));
        let mut twice = all(true);
        twice.requirements[4] = twice.requirements[0].clone();
        assert!(twice.validate().is_err());
        let mut four = all(true);
        four.requirements.pop();
        assert!(four.validate().is_err());
    }

    #[test]
    fn an_approval_needs_a_whole_assessment_and_a_rejection_none() {
        let approve = |it| decide(DecisionKind::Approve, it);
        assert_eq!(approve(Assessment::Missing), Err(vec!["application.not_assessed"]));
        assert_eq!(approve(Assessment::Given(all(true))), Ok(ApplicationState::Approved));
        assert_eq!(
            approve(Assessment::Given(all(false))),
            Err(vec!["application.requirement_not_met"; MentorRequirement::ALL.len()])
        );
        assert_eq!(decide(DecisionKind::Reject, Assessment::Missing), Ok(ApplicationState::Rejected));
    }

    #[test]
    fn a_program_that_does_not_ask_for_it_approves_without_it() {
        assert_eq!(unfit(&Assessment::Missing, &asked()), []);
        assert_eq!(unfit(&Assessment::Given(all(false)), &asked()), []);
        assert_eq!(unfit(&Assessment::Untold, &asking()), []);
    }

    #[test]
    fn only_what_is_with_the_institution_is_assessed_and_nobody_assesses_themselves() {
        let application: Application = submitted(&form()).unwrap().into();
        let own = application.assess(&all(true), Some(form().person_id));
        assert_eq!(codes(own.map(|_| ())), ["application.own"]);
        let (assessed, records) = application.assess(&all(true), Some(id(99))).unwrap().into_parts();
        assert_eq!((assessed.form, records[0].kind), (all(true), "application.assessed"));
        assert_eq!(records[0].body, serde_json::json!({}), "the journal does not tell what was found");
        let draft: Application = draft(&form()).into();
        assert_eq!(codes(draft.assess(&all(true), None).map(|_| ())), ["application.not_submitted"]);
    }
}
