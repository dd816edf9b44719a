//! Every failing of a candidate or a mentor on a day.
//!
//! Nothing here is stored: a document expires and a birthday comes without anybody's order.
use super::assessment::unfit;
use super::checklist::{Validity, best};
use super::{
    ALREADY_MENTOR, ApplicationDocument, ApplicationForm, Assessment, DOCUMENT_EXPIRED, DOCUMENT_MISSING,
    DOCUMENT_UNDATED, NO_NGO, NOT_APPROVED, NOT_RESIDENT, OPEN_ELSEWHERE, QUESTIONNAIRE_MISSING, REMOVED,
    STATEMENT_MISSING, TRAINING_EXPIRED, TRAINING_MISSING, UNDERAGE,
};
use crate::base::moment::age_years;
use crate::base::refusal::Reason;
use crate::base::text::{Code, Oktmo};
use crate::base::word::Word;
use crate::region::organizations::OrganizationKind;
use crate::region::programs::{MentorRules, RequiredDocument};
use chrono::NaiveDate;
use shape::card;

/// What §3.5 looks at, the same for a candidate and a mentor.
#[derive(Debug, Clone, PartialEq)]
pub struct Profile {
    /// Birth date.
    pub birth_date: NaiveDate,
    /// Where the person lives, if known.
    pub residence: Option<Oktmo>,
    /// The territory of the institution that decides.
    pub territory: Oktmo,
    /// The kind of the organization that the person represents, if any.
    pub represents: Option<OrganizationKind>,
}

/// What the world knows about a candidate.
#[derive(Debug, Clone, PartialEq)]
pub struct CandidateFacts {
    /// What §3.5 looks at.
    pub profile: Profile,
    /// Whether the person is a mentor in the region already, a removed one included.
    pub is_mentor: bool,
    /// Whether another application of the person is submitted or under review anywhere in the region.
    pub has_other_open_application: bool,
    /// What the institution found about the requirements of §2.2.1.
    pub assessment: Assessment,
}

/// A completed course.
#[derive(Debug, Clone, PartialEq)]
pub struct TrainingFacts {
    /// The course's code.
    pub course: Code,
    /// When it was completed.
    pub completed_on: NaiveDate,
    /// The last day on which it counts; without it, for ever.
    pub valid_until: Option<NaiveDate>,
}

/// What the world knows about a mentor.
#[derive(Debug, Clone, PartialEq)]
pub struct MentorFacts {
    /// What §3.5 looks at.
    pub profile: Profile,
    /// When the mentor was approved.
    pub approved_on: NaiveDate,
    /// When the mentor was removed, if so.
    pub removed_on: Option<NaiveDate>,
    /// The documents on record.
    pub documents: Vec<ApplicationDocument>,
    /// The courses completed.
    pub trainings: Vec<TrainingFacts>,
}

/// One failed rule.
#[card]
#[derive(Clone, PartialEq)]
pub struct Finding {
    /// The rule's stable code, as problems carry it.
    #[schema(max_length = 64, example = "mentor.not_resident")]
    pub code: &'static str,
    /// The paragraph of the source.
    #[schema(max_length = 64, example = "002 §3.5")]
    pub rule: Option<&'static str>,
    /// What is wrong, in Russian.
    #[schema(
        max_length = 300,
        example = "Наставник должен проживать на территории муниципального образования."
    )]
    pub ru: &'static str,
    /// What is wrong, in English.
    #[schema(max_length = 300, example = "A mentor must live in the municipality.")]
    pub en: &'static str,
    /// Which document (its purpose), course or requirement (its code) it is about.
    #[schema(max_length = 64, example = "passport")]
    pub subject: Option<String>,
}

impl From<&Reason> for Finding {
    fn from(it: &Reason) -> Self {
        let subject = it.params.get("subject").and_then(|it| it.as_str()).map(str::to_owned);
        Self { code: it.rule.code, rule: it.rule.rule, ru: it.rule.ru, en: it.rule.en, subject }
    }
}

/// What screening found about an application.
#[card]
#[derive(Clone, PartialEq)]
pub struct ScreeningReport {
    /// The day on which the rules were applied.
    pub as_of: NaiveDate,
    /// Whether every rule holds.
    pub passed: bool,
    /// Every rule that does not hold.
    #[schema(max_items = 100)]
    pub findings: Vec<Finding>,
}

/// Whether a mentor may begin a mentorship of a program on a day.
#[card]
#[derive(Clone, PartialEq)]
pub struct Eligibility {
    /// The day on which the rules were applied.
    pub on: NaiveDate,
    /// Whether every rule holds.
    pub eligible: bool,
    /// Every rule that does not hold.
    #[schema(max_items = 100)]
    pub findings: Vec<Finding>,
}

/// Every failed rule of a candidate's application, the personal ones first.
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

/// [`screen`] as people read it.
pub fn screening(
    form: &ApplicationForm,
    facts: &CandidateFacts,
    asked: &MentorRules,
    on: NaiveDate,
) -> ScreeningReport {
    let findings: Vec<Finding> = screen(form, facts, asked, on).iter().map(Finding::from).collect();
    ScreeningReport { as_of: on, passed: findings.is_empty(), findings }
}

/// Every reason for which a mentor may not begin a mentorship on that day.
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

/// [`ineligibility`] as people read it.
pub fn eligibility(facts: &MentorFacts, asked: &MentorRules, on: NaiveDate) -> Eligibility {
    let findings: Vec<Finding> = ineligibility(facts, asked, on).iter().map(Finding::from).collect();
    Eligibility { on, eligible: findings.is_empty(), findings }
}

/// §3.6: the statement, the questionnaire and the documents.
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

/// §3.5: adult, resident, representative.
fn profile(it: &Profile, asked: &MentorRules, on: NaiveDate) -> Vec<Reason> {
    let mut failed = Vec::new();
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

/// Whether a home lies in a territory's municipality. A code such as `25655000` is the whole district with
/// the settlements `25655…` in it.
pub fn lives_within(home: &Oktmo, territory: &Oktmo) -> bool {
    let (home, territory) = (home.municipality(), territory.municipality());
    let district = territory.strip_suffix("000").is_some_and(|it| home.starts_with(it));
    home == territory || district
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
