//! Screening: all rules that a candidate or a mentor breaks on a given day.
//!
//! The result is never stored, because it changes without any order: documents expire and people grow older.
use super::assessment::unfit;
use super::checklist::{Validity, best};
use super::{
    ALREADY_MENTOR, ApplicationDocument, ApplicationForm, Assessment, DOCUMENT_EXPIRED, DOCUMENT_MISSING,
    DOCUMENT_UNDATED, NO_NGO, NOT_APPROVED, NOT_RESIDENT, OPEN_ELSEWHERE, QUESTIONNAIRE_MISSING, REMOVED,
    STATEMENT_MISSING, TRAINING_EXPIRED, TRAINING_MISSING, UNDERAGE,
};
use crate::base::moment::age_years;
use crate::base::refusal::Reason;
use crate::base::text::{Code, Oktmo, area};
use crate::base::word::Word;
use crate::people::DEAD;
use crate::region::organizations::OrganizationKind;
use crate::region::programs::{MentorRules, RequiredDocument};
use chrono::NaiveDate;
use shape::card;

/// The data for the rules of §3.5, the same for a candidate and a mentor.
#[derive(Debug, Clone, PartialEq)]
pub struct Profile {
    /// Birth date.
    pub birth_date: NaiveDate,
    /// The ОКТМО code of the place where the person lives, if known.
    pub residence: Option<Oktmo>,
    /// The territory of the institution that decides on the application.
    pub territory: Oktmo,
    /// The kind of the organization that the person represents, if there is one.
    pub represents: Option<OrganizationKind>,
    /// Whether the death of the person is on record, under any record.
    pub has_died: bool,
}

/// The stored data about a candidate.
#[derive(Debug, Clone, PartialEq)]
pub struct CandidateFacts {
    /// The data for the rules of §3.5.
    pub profile: Profile,
    /// Whether the person is a mentor in the region already. A removed mentor counts.
    pub is_mentor: bool,
    /// Whether the person has another application in the region that is submitted or under review.
    pub has_other_open_application: bool,
    /// The assessment of the requirements of §2.2.1.
    pub assessment: Assessment,
}

/// A completed training course.
#[derive(Debug, Clone, PartialEq)]
pub struct TrainingFacts {
    /// The code of the course.
    pub course: Code,
    /// The day of completion.
    pub completed_on: NaiveDate,
    /// The last day on which the completion is valid. `None`: it does not expire.
    pub valid_until: Option<NaiveDate>,
}

/// The stored data about a mentor.
#[derive(Debug, Clone, PartialEq)]
pub struct MentorFacts {
    /// The data for the rules of §3.5.
    pub profile: Profile,
    /// The day of the approval.
    pub approved_on: NaiveDate,
    /// The first day of the removal, if the mentor is removed.
    pub removed_on: Option<NaiveDate>,
    /// The documents of the mentor.
    pub documents: Vec<ApplicationDocument>,
    /// The completed training courses.
    pub trainings: Vec<TrainingFacts>,
}

/// A broken rule.
#[card]
#[derive(Clone, PartialEq)]
#[schema(example = json!({"code": "mentor.not_resident", "rule": "002 §3.5", "ru": "Наставник должен проживать на территории муниципального образования.", "en": "A mentor must live in the municipality."}))]
pub struct Finding {
    /// The stable code of the rule, the same as in error responses.
    #[schema(value_type = crate::base::refusal::RefusalCode)]
    pub code: &'static str,
    /// The paragraph of the source.
    #[schema(max_length = 64, example = "002 §3.5")]
    pub rule: Option<&'static str>,
    /// The message in Russian.
    #[schema(
        max_length = 300,
        example = "Наставник должен проживать на территории муниципального образования."
    )]
    pub ru: &'static str,
    /// The message in English.
    #[schema(max_length = 300, example = "A mentor must live in the municipality.")]
    pub en: &'static str,
    /// The document (its purpose), the course (its code) or the requirement (its code) that breaks the rule.
    #[schema(max_length = 64, example = "passport")]
    pub subject: Option<String>,
}

impl From<&Reason> for Finding {
    fn from(it: &Reason) -> Self {
        let subject = it.params.get("subject").and_then(|it| it.as_str()).map(str::to_owned);
        Self { code: it.rule.code, rule: it.rule.rule, ru: it.rule.ru, en: it.rule.en, subject }
    }
}

/// The result of screening an application.
#[card]
#[derive(Clone, PartialEq)]
pub struct ScreeningReport {
    /// The day on which the rules were applied.
    pub as_of: NaiveDate,
    /// Whether no rule is broken.
    pub passed: bool,
    /// All broken rules.
    #[schema(max_items = 100)]
    pub findings: Vec<Finding>,
}

/// Whether a mentor may begin a mentorship of a program on a day.
#[card]
#[derive(Clone, PartialEq)]
pub struct Eligibility {
    /// The day on which the rules were applied.
    pub on: NaiveDate,
    /// Whether no rule is broken.
    pub eligible: bool,
    /// All broken rules.
    #[schema(max_items = 100)]
    pub findings: Vec<Finding>,
}

/// All rules that a candidate's application breaks. The rules about the person come first.
pub fn screen(
    form: &ApplicationForm,
    facts: &CandidateFacts,
    asked: &MentorRules,
    on: NaiveDate,
) -> Vec<Reason> {
    let mut failed = profile(&facts.profile, asked, on);
    failed.extend(papers(form, asked, on));
    if facts.is_mentor {
        failed.push(ALREADY_MENTOR.reason());
    }
    if facts.has_other_open_application {
        failed.push(OPEN_ELSEWHERE.reason());
    }
    failed.extend(unfit(&facts.assessment, asked));
    failed
}

/// The same rules as [`screen`], as a report for people.
pub fn screening(
    form: &ApplicationForm,
    facts: &CandidateFacts,
    asked: &MentorRules,
    on: NaiveDate,
) -> ScreeningReport {
    let findings: Vec<Finding> = screen(form, facts, asked, on).iter().map(Finding::from).collect();
    ScreeningReport { as_of: on, passed: findings.is_empty(), findings }
}

/// All reasons that forbid a mentor to begin a mentorship on the day.
pub fn ineligibility(facts: &MentorFacts, asked: &MentorRules, on: NaiveDate) -> Vec<Reason> {
    let mut failed = Vec::new();
    if on < facts.approved_on {
        failed.push(NOT_APPROVED.reason());
    }
    if facts.removed_on.is_some_and(|it| it <= on) {
        failed.push(REMOVED.reason());
    }
    failed.extend(profile(&facts.profile, asked, on));
    failed.extend(documents(&facts.documents, asked, on));
    failed.extend(asked.required_course_codes.iter().filter_map(|it| course(it, &facts.trainings, on)));
    failed
}

/// The same rules as [`ineligibility`], as a report for people.
pub fn eligibility(facts: &MentorFacts, asked: &MentorRules, on: NaiveDate) -> Eligibility {
    let findings: Vec<Finding> = ineligibility(facts, asked, on).iter().map(Finding::from).collect();
    Eligibility { on, eligible: findings.is_empty(), findings }
}

/// The rules of §3.6: the statement, the questionnaire and the documents.
pub(super) fn papers(form: &ApplicationForm, asked: &MentorRules, on: NaiveDate) -> Vec<Reason> {
    let mut failed = Vec::new();
    if form.statement.is_none() {
        failed.push(STATEMENT_MISSING.reason());
    }
    if form.questionnaire.is_none() {
        failed.push(QUESTIONNAIRE_MISSING.reason());
    }
    failed.extend(documents(&form.documents, asked, on));
    failed
}

/// The rules of §3.5: age, residence and the represented organization. Nothing begins with the dead, on any day.
fn profile(it: &Profile, asked: &MentorRules, on: NaiveDate) -> Vec<Reason> {
    let mut failed = Vec::new();
    if it.has_died {
        failed.push(DEAD.reason());
    }
    if age_years(it.birth_date, on) < asked.minimum_age_years {
        failed.push(UNDERAGE.reason().with("minimum_age_years", asked.minimum_age_years));
    }
    let resident = it.residence.as_ref().is_some_and(|home| lives_within(home, &it.territory));
    if asked.residence_required && !resident {
        failed.push(NOT_RESIDENT.reason());
    }
    let represents = it.represents.is_some_and(|kind| asked.organization_kinds.contains(&kind));
    if !asked.organization_kinds.is_empty() && !represents {
        failed.push(NO_NGO.reason().with("organization_kinds", &asked.organization_kinds));
    }
    failed
}

/// Whether a home is in the municipality of a territory. A code such as `25655000` is a whole district, which contains the
/// settlements `25655…`, and `25000000` a whole region.
pub fn lives_within(home: &Oktmo, territory: &Oktmo) -> bool {
    home.as_str().starts_with(area(territory.municipality()))
}

fn documents(on_record: &[ApplicationDocument], asked: &MentorRules, on: NaiveDate) -> Vec<Reason> {
    let failing = |asked: &RequiredDocument| {
        let rule = match best(on_record, asked.purpose, asked.valid_months) {
            None => &DOCUMENT_MISSING,
            Some(Validity::Undated) => &DOCUMENT_UNDATED,
            Some(Validity::Until(last)) if last < on => &DOCUMENT_EXPIRED,
            Some(_) => return None,
        };
        Some(rule.reason().with("subject", asked.purpose.code()))
    };
    asked.required_documents.iter().filter_map(failing).collect()
}

fn course(asked: &Code, done: &[TrainingFacts], on: NaiveDate) -> Option<Reason> {
    let mut any = false;
    for it in done.iter().filter(|it| it.course == *asked && it.completed_on <= on) {
        if it.valid_until.is_none_or(|last| on <= last) {
            return None;
        }
        any = true;
    }
    let rule = if any { &TRAINING_EXPIRED } else { &TRAINING_MISSING };
    Some(rule.reason().with("subject", asked))
}
