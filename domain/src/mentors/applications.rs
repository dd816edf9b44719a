//! Applications to become a mentor: draft, submission, review, decision (002 §3.6–3.7).
use super::screening::{papers, screen};
use super::{
    ApplicationDocument, ApplicationForm, ApplicationState, CLOSED, CandidateFacts, DATE_IN_FUTURE, Decision,
    DecisionKind, Mentor, NOT_DRAFT, NOT_SUBMITTED, OWN_APPLICATION, RejectionReason, Submission, Withdrawal,
};
use crate::base::change::{Changed, changed_fields, facts};
use crate::base::id::{ApplicationId, MentorId, OrganizationId, PersonId, ProgramId};
use crate::base::refusal::{Reason, Refused};
use crate::base::text::{BOTH, MISSING, Note};
use crate::base::word::{Demand, Word};
use crate::people::Lives;
use crate::region::annexes::Annex;
use crate::region::programs::{EditionForm, MentorRules};
use chrono::NaiveDate;

facts! {
    /// A draft of an application was created.
    ApplicationAdded = "application.added",
        "Заявление начато[, программа: {program_id}]",
        "The application was begun[, program: {program_id}]"
        about Application (ApplicationId) {
        /// The institution that decides on the application.
        organization_id: OrganizationId,
        /// The program.
        program_id: ProgramId,
    }
    /// The draft of an application was edited.
    ApplicationEdited = "application.edited",
        "Заявление изменено[: {fields}]",
        "The application was edited[: {fields}]"
        about Application (ApplicationId) {
        /// The names of the members that changed.
        fields: Vec<String>,
    }
    /// An application was submitted.
    ApplicationSubmitted = "application.submitted",
        "Заявление подано[, решить не позднее {decide_by}]",
        "The application was submitted[, to be decided by {decide_by}]"
        about Application (ApplicationId) {
        /// The last day for a decision.
        decide_by: NaiveDate,
    }
    /// The institution opened the review of an application.
    ApplicationReviewed = "application.review_opened",
        "Рассмотрение заявления начато",
        "The review of the application was opened"
        about Application (ApplicationId) {}
    /// The director approved an application.
    ApplicationApproved = "application.approved",
        "Заявление одобрено",
        "The application was approved"
        about Application (ApplicationId) {
        /// The mentor record created by the approval.
        mentor_id: MentorId,
    }
    /// The director rejected an application.
    ApplicationRejected = "application.rejected",
        "Заявление отклонено[: {reason}]",
        "The application was rejected[: {reason}]"
        about Application (ApplicationId) {
        /// The reason for the rejection.
        reason: RejectionReason,
    }
    /// The last day for a decision was filled in, for an application from before deadlines were stored.
    ApplicationDated = "application.dated",
        "Заявлению указан срок решения[: {decide_by}]",
        "The application got a day for the decision[: {decide_by}]"
        about Application (ApplicationId) {
        /// The last day for a decision.
        decide_by: NaiveDate,
    }
    /// The candidate withdrew an application.
    ApplicationWithdrawn = "application.withdrawn",
        "Заявление отозвано кандидатом",
        "The candidate withdrew the application"
        about Application (ApplicationId) {}
    /// The death of the candidate was recorded. The application has ended with it.
    ApplicationEndedByDeath = "application.ended_by_death",
        "Заявление закрыто: внесена запись о смерти кандидата",
        "The application was closed: the death of the candidate was recorded"
        about Application (ApplicationId) {}
}

/// A draft: the candidate may still edit it.
#[derive(Debug, Clone)]
pub struct Draft {
    /// The id of the application.
    pub id: ApplicationId,
    /// The data of the application.
    pub form: ApplicationForm,
}

/// A submitted application whose review has not been opened.
#[derive(Debug, Clone)]
pub struct Submitted {
    /// The id of the application.
    pub id: ApplicationId,
    /// The data of the application.
    pub form: ApplicationForm,
    /// The day of submission.
    pub submitted_on: NaiveDate,
    /// The last day for a decision, by the edition in force on the day of submission. `None` for applications from before
    /// deadlines were stored.
    pub decide_by: Option<NaiveDate>,
    /// The candidate's note to the reviewers.
    pub note: Option<Note>,
}

/// The last day for a decision on an application that had none.
#[derive(Debug, Clone, Copy)]
pub struct Dated {
    /// The id of the application.
    pub id: ApplicationId,
    /// The last day for a decision.
    pub decide_by: NaiveDate,
}

impl Dated {
    /// Dates an application by the edition in force on the day of its submission.
    pub fn by(id: ApplicationId, asked: &EditionForm, submitted_on: NaiveDate) -> Changed<Self> {
        let decide_by = asked.decide_by(submitted_on);
        Changed::new(Self { id, decide_by }, ApplicationDated { id, decide_by })
    }
}

/// An application under review.
#[derive(Debug, Clone)]
pub struct UnderReview {
    /// The id of the application.
    pub id: ApplicationId,
    /// The data of the application.
    pub form: ApplicationForm,
    /// The day on which the review was opened.
    pub review_opened_on: NaiveDate,
}

/// An approved application. The candidate is a mentor now.
#[derive(Debug, Clone)]
pub struct Approved {
    /// The id of the application.
    pub id: ApplicationId,
    /// The data of the application.
    pub form: ApplicationForm,
    /// The decision of the director.
    pub decision: Decision,
    /// The day of the decision.
    pub decided_on: NaiveDate,
    /// The mentor record created by the approval.
    pub mentor_id: MentorId,
}

/// A rejected application, with the reason.
#[derive(Debug, Clone)]
pub struct Rejected {
    /// The id of the application.
    pub id: ApplicationId,
    /// The data of the application.
    pub form: ApplicationForm,
    /// The decision of the director.
    pub decision: Decision,
    /// The day of the decision.
    pub decided_on: NaiveDate,
}

/// An application withdrawn by the candidate, or ended with the candidate's life.
#[derive(Debug, Clone)]
pub struct Withdrawn {
    /// The id of the application.
    pub id: ApplicationId,
    /// The data of the application.
    pub form: ApplicationForm,
    /// The reason for the withdrawal, if the candidate gave one.
    pub reason: Option<Note>,
    /// The day of the withdrawal, or of the record of the death.
    pub withdrawn_on: NaiveDate,
}

/// An application in any state.
#[derive(Debug, Clone)]
pub enum Application {
    /// A draft.
    Draft(Draft),
    /// Submitted; the review is not open yet.
    Submitted(Submitted),
    /// Under review.
    UnderReview(UnderReview),
    /// Approved by the director.
    Approved(Approved),
    /// Rejected by the director.
    Rejected(Rejected),
    /// Withdrawn by the candidate.
    Withdrawn(Withdrawn),
}

macro_rules! states {
    ($($name:ident)+) => {
        $(impl From<$name> for Application { fn from(it: $name) -> Self { Self::$name(it) } })+
        impl Application {
            /// The state as a word of the vocabulary.
            pub fn state(&self) -> ApplicationState {
                match self { $(Self::$name(_) => ApplicationState::$name),+ }
            }
            /// The id of the application.
            pub fn id(&self) -> ApplicationId {
                match self { $(Self::$name(it) => it.id),+ }
            }
            /// The data of the application.
            pub fn form(&self) -> &ApplicationForm {
                match self { $(Self::$name(it) => &it.form),+ }
            }
        }
    };
}
states! { Draft Submitted UnderReview Approved Rejected Withdrawn }

/// The result of a decision: the closed application and, after an approval, the new mentor.
#[derive(Debug, Clone)]
pub struct Decided {
    /// The application in the state [`Approved`] or [`Rejected`].
    pub application: Application,
    /// The new mentor. `None` after a rejection.
    pub mentor: Option<Mentor>,
}

/// The stored data that a decision needs.
#[derive(Debug, Clone)]
pub struct DecisionFacts {
    /// The data of the candidate.
    pub candidate: CandidateFacts,
    /// The demands on a mentor in the program's edition in force.
    pub asked: MentorRules,
    /// The person who decides, if recorded. Nobody decides on their own application.
    pub decided_by: Option<PersonId>,
    /// The id for the new mentor.
    pub mentor_id: MentorId,
}

impl Draft {
    /// Creates a draft of an application.
    pub fn add(
        id: ApplicationId,
        form: &ApplicationForm,
        today: NaiveDate,
    ) -> Result<Changed<Self>, Refused> {
        Refused::unless_empty(dates(form, today))?;
        let fact =
            ApplicationAdded { id, organization_id: form.organization_id, program_id: form.program_id };
        Ok(Changed::new(Self { id, form: form.clone() }, fact))
    }
    /// Replaces the form. Refuses another candidate.
    pub fn edit(self, form: &ApplicationForm, today: NaiveDate) -> Result<Changed<Self>, Refused> {
        let mut reasons = dates(form, today);
        if form.person_id != self.form.person_id {
            reasons.push(BOTH.reason().at("/person_id"));
        }
        Refused::unless_empty(reasons)?;
        let fact = ApplicationEdited { id: self.id, fields: changed_fields(&self.form, form) };
        Ok(Changed::new(Self { form: form.clone(), ..self }, fact))
    }
    /// Everything that the application lacks, and the death of the candidate.
    pub(super) fn against_submitting(
        &self,
        candidate: &Lives,
        asked: &EditionForm,
        annex: Option<&Annex>,
        today: NaiveDate,
    ) -> Vec<Reason> {
        let mut reasons: Vec<Reason> = candidate.against_going_on().into_iter().collect();
        reasons.extend(papers(&self.form, &asked.mentor, today));
        if let (Some(annex), Some(it)) = (annex, &self.form.questionnaire) {
            reasons.extend(annex.judge(&it.answers, "/questionnaire/answers"));
        }
        reasons
    }
    /// Submits the application, or refuses with every rule of §3.6 that it breaks. `candidate` is the life of the candidate,
    /// `annex` the version of the questionnaire that the candidate filled in.
    pub fn submit(
        self,
        order: &Submission,
        candidate: &Lives,
        asked: &EditionForm,
        annex: Option<&Annex>,
        today: NaiveDate,
    ) -> Result<Changed<Submitted>, Refused> {
        Refused::unless_empty(self.against_submitting(candidate, asked, annex, today))?;
        let decide_by = asked.decide_by(today);
        let fact = ApplicationSubmitted { id: self.id, decide_by };
        let note = order.note.clone();
        let submitted =
            Submitted { id: self.id, form: self.form, submitted_on: today, decide_by: Some(decide_by), note };
        Ok(Changed::new(submitted, fact))
    }
}

impl Submitted {
    /// Opens the review.
    pub fn review(self, today: NaiveDate) -> Changed<UnderReview> {
        let fact = ApplicationReviewed { id: self.id };
        Changed::new(UnderReview { id: self.id, form: self.form, review_opened_on: today }, fact)
    }
    /// Approves or rejects the application without opening a review.
    pub fn decide(
        self,
        order: &Decision,
        facts: &DecisionFacts,
        today: NaiveDate,
    ) -> Result<Changed<Decided>, Refused> {
        decide(self.id, self.form, order, facts, today)
    }
}

impl UnderReview {
    /// Approves or rejects the application.
    pub fn decide(
        self,
        order: &Decision,
        facts: &DecisionFacts,
        today: NaiveDate,
    ) -> Result<Changed<Decided>, Refused> {
        decide(self.id, self.form, order, facts, today)
    }
}

fn decide(
    id: ApplicationId,
    form: ApplicationForm,
    order: &Decision,
    facts: &DecisionFacts,
    today: NaiveDate,
) -> Result<Changed<Decided>, Refused> {
    // This refusal stands alone, because other reasons would show candidates the assessment of their own application.
    if facts.decided_by == Some(form.person_id) {
        return Err(OWN_APPLICATION.refuse());
    }
    let mut reasons = Vec::new();
    reasons.extend(order.decree.as_ref().and_then(|it| it.against(today)));
    match order.kind {
        DecisionKind::Approve => {
            reasons.extend(screen(&form, &facts.candidate, &facts.asked, today));
            Refused::unless_empty(reasons)?;
            Ok(approve(id, form, order, facts.mentor_id, today))
        }
        DecisionKind::Reject => {
            reasons.extend(unexplained(order));
            Refused::unless_empty(reasons)?;
            Ok(reject(id, form, order, today))
        }
    }
}

fn unexplained(order: &Decision) -> Option<Reason> {
    match (order.reason, &order.note) {
        (None, _) => Some(MISSING.reason().at("/reason")),
        (Some(it), None) if it.demands().contains(&Demand::Text) => Some(MISSING.reason().at("/note")),
        _ => None,
    }
}

fn reject(id: ApplicationId, form: ApplicationForm, order: &Decision, today: NaiveDate) -> Changed<Decided> {
    let reason = order.reason.unwrap_or(RejectionReason::Other);
    let closed = Rejected { id, form, decision: order.clone(), decided_on: today };
    Changed::new(Decided { application: closed.into(), mentor: None }, ApplicationRejected { id, reason })
}

fn approve(
    id: ApplicationId,
    form: ApplicationForm,
    order: &Decision,
    mentor_id: MentorId,
    today: NaiveDate,
) -> Changed<Decided> {
    let (mentor, added) = Mentor::approved(mentor_id, id, &form, today);
    let closed = Approved { id, form, decision: order.clone(), decided_on: today, mentor_id };
    let decided = Decided { application: closed.into(), mentor: Some(mentor) };
    Changed::new(decided, ApplicationApproved { id, mentor_id }).and(added)
}

impl Application {
    /// The application, if it is a draft; otherwise a refusal.
    pub fn draft(self) -> Result<Draft, Refused> {
        match self {
            Self::Draft(it) => Ok(it),
            _ => Err(NOT_DRAFT.refuse()),
        }
    }
    /// The application, if it is submitted and its review is not open; otherwise a refusal.
    pub fn submitted(self) -> Result<Submitted, Refused> {
        match self {
            Self::Submitted(it) => Ok(it),
            _ => Err(NOT_SUBMITTED.refuse()),
        }
    }
    /// Approves or rejects an application that is submitted or under review.
    pub fn decide(
        self,
        order: &Decision,
        facts: &DecisionFacts,
        today: NaiveDate,
    ) -> Result<Changed<Decided>, Refused> {
        match self {
            Self::Submitted(it) => it.decide(order, facts, today),
            Self::UnderReview(it) => it.decide(order, facts, today),
            _ => Err(NOT_SUBMITTED.refuse()),
        }
    }
    /// The application, if it is not closed; otherwise a refusal.
    pub(super) fn not_closed(self) -> Result<(ApplicationId, ApplicationForm), Refused> {
        match self {
            Self::Draft(it) => Ok((it.id, it.form)),
            Self::Submitted(it) => Ok((it.id, it.form)),
            Self::UnderReview(it) => Ok((it.id, it.form)),
            Self::Approved(_) | Self::Rejected(_) | Self::Withdrawn(_) => Err(CLOSED.refuse()),
        }
    }
    /// Withdraws an application that is not closed.
    pub fn withdraw(self, order: &Withdrawal, today: NaiveDate) -> Result<Changed<Withdrawn>, Refused> {
        let (id, form) = self.not_closed()?;
        let fact = ApplicationWithdrawn { id };
        let reason = order.reason.clone();
        Ok(Changed::new(Withdrawn { id, form, reason, withdrawn_on: today }, fact))
    }
    /// Ends an application that is not closed with the life of its candidate. None for a closed one.
    pub fn end_by_death(self, today: NaiveDate) -> Option<Changed<Withdrawn>> {
        let (id, form) = self.not_closed().ok()?;
        let fact = ApplicationEndedByDeath { id };
        Some(Changed::new(Withdrawn { id, form, reason: None, withdrawn_on: today }, fact))
    }
}

/// The dates of signature or issue that lie in the future.
fn dates(form: &ApplicationForm, today: NaiveDate) -> Vec<Reason> {
    let mut reasons = Vec::new();
    if form.statement.as_ref().is_some_and(|it| it.signed_on > today) {
        reasons.push(DATE_IN_FUTURE.reason().at("/statement/signed_on"));
    }
    reasons.extend(dates_of_documents(&form.documents, today));
    reasons
}

pub(super) fn dates_of_documents(all: &[ApplicationDocument], today: NaiveDate) -> Vec<Reason> {
    let ahead = |it: &ApplicationDocument| it.issued_on.is_some_and(|it| it > today);
    let at = |(index, _)| DATE_IN_FUTURE.reason().at(format!("/documents/{index}/issued_on"));
    all.iter().enumerate().filter(|(_, it)| ahead(it)).map(at).collect()
}
