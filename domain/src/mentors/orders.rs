//! The orders of candidates and directors: the application form with its annexes, and one order for each step.
use super::{DecisionKind, MentorBackground, RejectionReason};
use crate::base::clauses::{all_hold, clash};
use crate::base::decree::Decree;
use crate::base::id::{AnnexId, FileId, OrganizationId, PersonId, ProgramId};
use crate::base::text::{Note, Title};
use crate::region::annexes::AnnexAnswer;
use crate::region::files::FilePurpose;
use chrono::NaiveDate;
use shape::form;
use validator::{Validate, ValidationError};

/// The written statement to the director (annex 1).
#[form]
pub struct Statement {
    /// The director to whom the statement is addressed: office and name.
    pub addressed_to: Title,
    /// The text of the statement.
    pub text: Note,
    /// The day of signature, not in the future.
    pub signed_on: NaiveDate,
    /// The version of annex 1 that the candidate used.
    pub annex_id: Option<AnnexId>,
}

/// The questionnaire (annex 2).
#[form]
#[validate(schema(function = "answers_belong_to_an_annex"))]
pub struct Questionnaire {
    /// The professional or social backgrounds of the candidate, at least one.
    #[count(1..=12)]
    pub backgrounds: Vec<MentorBackground>,
    /// Place of work or study and position.
    pub occupation: Title,
    /// Education.
    pub education: Option<Title>,
    /// Life and professional experience that can help a recipient.
    pub experience: Option<Note>,
    /// The candidate's reason for becoming a mentor.
    pub motivation: Note,
    /// Interests and skills that the candidate can share.
    pub interests: Option<Note>,
    /// The times when the candidate can meet a recipient.
    pub availability: Option<Title>,
    /// The version of annex 2 that the candidate filled in. A later version does not change it.
    pub annex_id: Option<AnnexId>,
    /// Answers to the fields of that version. They are checked when the application is submitted.
    #[at_most(50)]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub answers: Vec<AnnexAnswer>,
}

fn answers_belong_to_an_annex(it: &Questionnaire) -> Result<(), ValidationError> {
    all_hold([clash(it.annex_id.is_none() && !it.answers.is_empty(), &["answers", "annex_id"])])
}

/// A document of a candidate or a mentor.
#[form]
#[validate(schema(function = "issued_before_expiry"))]
pub struct ApplicationDocument {
    /// The kind of the document.
    pub purpose: FilePurpose,
    /// The file with the copy.
    pub file_id: FileId,
    /// The day of issue, not in the future.
    pub issued_on: Option<NaiveDate>,
    /// The last day printed on the document. Absent: only the limit of the program applies.
    pub valid_until: Option<NaiveDate>,
}

/// The days of issue of documents, each with its pointer.
pub fn days_of_issue(all: &[ApplicationDocument]) -> impl Iterator<Item = (String, NaiveDate)> {
    let day = |(index, it): (usize, &ApplicationDocument)| {
        it.issued_on.map(|day| (format!("/documents/{index}/issued_on"), day))
    };
    all.iter().enumerate().filter_map(day)
}

fn issued_before_expiry(it: &ApplicationDocument) -> Result<(), ValidationError> {
    let expired_unissued = it.issued_on.zip(it.valid_until).is_some_and(|(issued, last)| last < issued);
    all_hold([clash(expired_unissued, &["valid_until", "issued_on"])])
}

/// The application of a candidate. An edit replaces all members.
#[form]
#[schema(example = json!({"person_id": "01980000-0000-7000-8000-000000000005", "organization_id": "01980000-0000-7000-8000-000000000001", "ngo_id": "01980000-0000-7000-8000-000000000016", "program_id": "01980000-0000-7000-8000-00000000000a", "statement": {"addressed_to": "Директору ОГБУ «УСЗСОН по Эхирит-Булагатскому району»", "text": "Прошу рассмотреть мою кандидатуру в качестве наставника.", "signed_on": "2026-02-10"}, "questionnaire": {"backgrounds": ["ngo_specialist"], "occupation": "НКО «Доброе дело», координатор", "motivation": "Хочу помочь семье наладить быт."}, "documents": [{"purpose": "passport_copy", "file_id": "01980000-0000-7000-8000-00000000000c"}]}))]
pub struct ApplicationForm {
    /// The candidate.
    pub person_id: PersonId,
    /// The institution that decides on the application.
    pub organization_id: OrganizationId,
    /// The organization that the candidate represents.
    pub ngo_id: Option<OrganizationId>,
    /// The program in which the candidate wants to be a mentor. Its edition in force sets the demands.
    pub program_id: ProgramId,
    /// The statement (annex 1). Required when the application is submitted.
    pub statement: Option<Statement>,
    /// The questionnaire (annex 2). Required when the application is submitted.
    pub questionnaire: Option<Questionnaire>,
    /// The documents of the candidate.
    #[at_most(20)]
    pub documents: Vec<ApplicationDocument>,
}

impl ApplicationForm {
    /// The days that the form tells of the candidate, each with its pointer.
    pub fn days(&self) -> Vec<(String, NaiveDate)> {
        let signed = self.statement.as_ref().map(|it| ("/statement/signed_on".to_owned(), it.signed_on));
        signed.into_iter().chain(days_of_issue(&self.documents)).collect()
    }
}

/// An order to submit the draft of an application.
#[form]
#[derive(Default)]
#[schema(example = json!({"note": "Удобнее связаться по телефону после 18 часов."}))]
pub struct Submission {
    /// A note to the reviewers.
    pub note: Option<Note>,
}

/// An order to approve or reject an application.
#[form]
#[validate(schema(function = "decision_is_whole"))]
#[schema(example = json!({"kind": "approve", "decree": {"number": "12-н", "date": "2026-02-20"}}))]
pub struct Decision {
    /// Approve or reject.
    pub kind: DecisionKind,
    /// The reason for a rejection. Required when `kind` is `reject`, forbidden otherwise.
    pub reason: Option<RejectionReason>,
    /// A description by the director. Required when the reason is `other`.
    pub note: Option<Note>,
    /// The director's decree.
    pub decree: Option<Decree>,
}

fn decision_is_whole(it: &Decision) -> Result<(), ValidationError> {
    let reason_of_approval = it.kind == DecisionKind::Approve && it.reason.is_some();
    all_hold([clash(reason_of_approval, &["reason", "kind"])])
}

/// An order to withdraw an application.
#[form]
#[derive(Default)]
#[schema(example = json!({"reason": "Переезжаю в другой район."}))]
pub struct Withdrawal {
    /// The reason for the withdrawal. Optional.
    pub reason: Option<Note>,
}
