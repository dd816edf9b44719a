//! The way of a candidate: draft, submission, review, decision (002 §3.6–3.7).
use super::screening::{papers, screen};
use super::{
    ApplicationAction, ApplicationDocument, ApplicationForm, ApplicationState, CLOSED, CandidateFacts,
    DATE_IN_FUTURE, Decision, DecisionKind, Mentor, NOT_DRAFT, NOT_SUBMITTED, OWN_APPLICATION,
    RejectionReason, Submission, Withdrawal,
};
use crate::base::access::Right;
use crate::base::change::{Changed, changed_fields, facts};
use crate::base::id::{ApplicationId, MentorId, OrganizationId, PersonId, ProgramId};
use crate::base::refusal::{Reason, Refused};
use crate::base::text::{BOTH, MISSING, Note};
use crate::base::word::Word;
use crate::region::annexes::Annex;
use crate::region::programs::{EditionForm, MentorRules};
use chrono::NaiveDate;

facts! {
    /// An application was begun.
    ApplicationAdded = "application.added" about Application (ApplicationId) {
        /// The institution that decides.
        organization_id: OrganizationId,
        /// The program.
        program_id: ProgramId,
    }
    /// A draft changed.
    ApplicationEdited = "application.edited" about Application (ApplicationId) {
        /// The members that differ.
        fields: Vec<String>,
    }
    /// An application was submitted.
    ApplicationSubmitted = "application.submitted" about Application (ApplicationId) {
        /// The last day for a decision.
        decide_by: NaiveDate,
    }
    /// The institution began to consider it.
    ApplicationReviewed = "application.review_opened" about Application (ApplicationId) {}
    /// The director approved.
    ApplicationApproved = "application.approved" about Application (ApplicationId) {
        /// The mentor that the candidate became.
        mentor_id: MentorId,
    }
    /// The director rejected.
    ApplicationRejected = "application.rejected" about Application (ApplicationId) {
        /// Why.
        reason: RejectionReason,
    }
    /// The candidate withdrew.
    ApplicationWithdrawn = "application.withdrawn" about Application (ApplicationId) {}
}

/// Being written.
#[derive(Debug, Clone)]
pub struct Draft {
    /// Its id.
    pub id: ApplicationId,
    /// What it says so far.
    pub form: ApplicationForm,
}

/// With the institution, nobody has looked yet.
#[derive(Debug, Clone)]
pub struct Submitted {
    /// Its id.
    pub id: ApplicationId,
    /// What it says.
    pub form: ApplicationForm,
    /// The day of submission.
    pub submitted_on: NaiveDate,
    /// The last day for a decision, by the edition in force on the day of submission; none before deadlines were kept.
    pub decide_by: Option<NaiveDate>,
    /// The candidate's word to those who review.
    pub note: Option<Note>,
}

/// Being considered.
#[derive(Debug, Clone)]
pub struct UnderReview {
    /// Its id.
    pub id: ApplicationId,
    /// What it says.
    pub form: ApplicationForm,
    /// The day on which the review was opened.
    pub review_opened_on: NaiveDate,
}

/// Approved: there is a mentor.
#[derive(Debug, Clone)]
pub struct Approved {
    /// Its id.
    pub id: ApplicationId,
    /// What it says.
    pub form: ApplicationForm,
    /// The decision.
    pub decision: Decision,
    /// The day of the decision.
    pub decided_on: NaiveDate,
    /// The mentor that the candidate became.
    pub mentor_id: MentorId,
}

/// Rejected, with a reason.
#[derive(Debug, Clone)]
pub struct Rejected {
    /// Its id.
    pub id: ApplicationId,
    /// What it says.
    pub form: ApplicationForm,
    /// The decision.
    pub decision: Decision,
    /// The day of the decision.
    pub decided_on: NaiveDate,
}

/// Withdrawn by the candidate.
#[derive(Debug, Clone)]
pub struct Withdrawn {
    /// Its id.
    pub id: ApplicationId,
    /// What it says.
    pub form: ApplicationForm,
    /// Why, if the candidate said so.
    pub reason: Option<Note>,
    /// The day of the withdrawal.
    pub withdrawn_on: NaiveDate,
}

/// An application in whatever state.
#[derive(Debug, Clone)]
pub enum Application {
    /// Being written.
    Draft(Draft),
    /// With the institution.
    Submitted(Submitted),
    /// Being considered.
    UnderReview(UnderReview),
    /// Approved.
    Approved(Approved),
    /// Rejected.
    Rejected(Rejected),
    /// Withdrawn.
    Withdrawn(Withdrawn),
}

macro_rules! states {
    ($($name:ident)+) => {
        $(impl From<$name> for Application { fn from(it: $name) -> Self { Self::$name(it) } })+
        impl Application {
            /// Its state as a word.
            pub fn state(&self) -> ApplicationState {
                match self { $(Self::$name(_) => ApplicationState::$name),+ }
            }
            /// Its id.
            pub fn id(&self) -> ApplicationId {
                match self { $(Self::$name(it) => it.id),+ }
            }
            /// What it says.
            pub fn form(&self) -> &ApplicationForm {
                match self { $(Self::$name(it) => &it.form),+ }
            }
        }
    };
}
states! { Draft Submitted UnderReview Approved Rejected Withdrawn }

/// What a decision left: the application closed and, if it was approved, the mentor.
#[derive(Debug, Clone)]
pub struct Decided {
    /// [`Approved`] or [`Rejected`].
    pub application: Application,
    /// The mentor that the candidate became.
    pub mentor: Option<Mentor>,
}

/// What the world knows when a decision is taken.
#[derive(Debug, Clone)]
pub struct DecisionFacts {
    /// About the candidate.
    pub candidate: CandidateFacts,
    /// What the program's edition in force asks of a mentor.
    pub asked: MentorRules,
    /// The human being who decides, where one is on record.
    pub decided_by: Option<PersonId>,
    /// The id that the mentor will have.
    pub mentor_id: MentorId,
}

impl Draft {
    /// Begins an application.
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
    /// Replaces the form. The candidate stays the same.
    pub fn edit(self, form: &ApplicationForm, today: NaiveDate) -> Result<Changed<Self>, Refused> {
        let mut reasons = dates(form, today);
        if form.person_id != self.form.person_id {
            reasons.push(BOTH.reason().at("/person_id"));
        }
        Refused::unless_empty(reasons)?;
        let fact = ApplicationEdited { id: self.id, fields: changed_fields(&self.form, form) };
        Ok(Changed::new(Self { form: form.clone(), ..self }, fact))
    }
    /// Hands the application in, or answers with everything that §3.6 misses in it. The annex is the version of the
    /// questionnaire that was filled in.
    pub fn submit(
        self,
        order: &Submission,
        asked: &EditionForm,
        annex: Option<&Annex>,
        today: NaiveDate,
    ) -> Result<Changed<Submitted>, Refused> {
        let mut reasons = papers(&self.form, &asked.mentor, today);
        if let (Some(annex), Some(it)) = (annex, &self.form.questionnaire) {
            reasons.extend(annex.judge(&it.answers, "/questionnaire/answers"));
        }
        Refused::unless_empty(reasons)?;
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
    /// Decides without opening a review.
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
    /// Decides.
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
    // Alone: beside it would stand what the institution found about the one who asks.
    if facts.decided_by == Some(form.person_id) {
        return Err(OWN_APPLICATION.refuse());
    }
    let mut reasons = Vec::new();
    if order.order_date.is_some_and(|it| it > today) {
        reasons.push(DATE_IN_FUTURE.reason().at("/order_date"));
    }
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
        (Some(RejectionReason::Other), None) => Some(MISSING.reason().at("/note")),
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
    /// The draft, or the refusal of whatever needs one.
    pub fn draft(self) -> Result<Draft, Refused> {
        match self {
            Self::Draft(it) => Ok(it),
            _ => Err(NOT_DRAFT.refuse()),
        }
    }
    /// The application submitted and not yet looked at.
    pub fn submitted(self) -> Result<Submitted, Refused> {
        match self {
            Self::Submitted(it) => Ok(it),
            _ => Err(NOT_SUBMITTED.refuse()),
        }
    }
    /// Decides on what is submitted or under review.
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
    /// Withdraws what is not closed.
    pub fn withdraw(self, order: &Withdrawal, today: NaiveDate) -> Result<Changed<Withdrawn>, Refused> {
        let (id, form) = match self {
            Self::Draft(it) => (it.id, it.form),
            Self::Submitted(it) => (it.id, it.form),
            Self::UnderReview(it) => (it.id, it.form),
            Self::Approved(_) | Self::Rejected(_) | Self::Withdrawn(_) => return Err(CLOSED.refuse()),
        };
        let fact = ApplicationWithdrawn { id };
        let reason = order.reason.clone();
        Ok(Changed::new(Withdrawn { id, form, reason, withdrawn_on: today }, fact))
    }
}

/// What a caller can do with an application: `own` when the caller is the candidate.
pub fn available_actions(
    state: ApplicationState,
    may: impl Fn(Right) -> bool,
    own: bool,
) -> Vec<ApplicationAction> {
    use {ApplicationAction as Action, ApplicationState as State};
    let edits = may(Right::EditApplications);
    let decides = may(Right::DecideApplications) && !own;
    let can = |action: &Action| match (action, state) {
        (Action::Edit | Action::Submit, State::Draft) => edits,
        (Action::Review, State::Submitted) => may(Right::ScreenApplications) && !own,
        (Action::Assess, State::Submitted | State::UnderReview) => may(Right::AssessApplications) && !own,
        (Action::Approve | Action::Reject, State::Submitted | State::UnderReview) => decides,
        (Action::Withdraw, State::Draft | State::Submitted | State::UnderReview) => edits,
        _ => false,
    };
    Action::ALL.iter().copied().filter(can).collect()
}

/// Nothing in a form was signed or issued in the future.
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
