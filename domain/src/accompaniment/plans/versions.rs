//! The versions of a plan: drafted, submitted, approved in the order of the form, adopted, superseded. A step consumes the state that it
//! leaves.
use super::orders::{PlanApproval, PlanApproving, PlanReturn};
use super::standing::{PlanEyes, PlanStanding};
use super::states::OpenPlan;
use super::text::PlanText;
use super::words::PlanVersionState;
use super::{
    BY_CONSILIUM, DRAFT_OPEN, NOT_ADOPTED, NOT_DRAFT, NOT_HEARD, NOT_SUBMITTED, OUT_OF_TURN, OWN_APPROVAL,
    PERSON_NOT_SIGNED, PlanRenewed, PlanVersionAdopted, PlanVersionApproved, PlanVersionDrafted,
    PlanVersionEdited, PlanVersionReturned, PlanVersionSubmitted, PlanVersionSuperseded, UNCHANGED,
};
use crate::accompaniment::plan_forms::{PlanApprover, PlanForm, PlanLayout};
use crate::base::access::NOT_YOURS;
use crate::base::change::{Changed, changed_fields};
use crate::base::id::{PlanVersionId, UserId};
use crate::base::moment::plus_months;
use crate::base::refusal::{Reason, Refused};
use crate::base::text::{MISSING, Note};
use crate::people::{COMING_OF_AGE_YEARS, HEARD_FROM_YEARS, SIGNS_FROM_YEARS};
use chrono::NaiveDate;

/// The data that all states of a version share.
#[derive(Debug, Clone, PartialEq)]
pub struct VersionBody {
    /// The id of the version.
    pub id: PlanVersionId,
    /// The open plan.
    pub plan: OpenPlan,
    /// The number among the versions of the plan, from 1.
    pub number: i32,
    /// The edition of the form.
    pub form: PlanForm,
    /// The text.
    pub text: PlanText,
    /// The account that drafted it.
    pub drafted_by: Option<UserId>,
}

/// A version that is being written.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft(pub VersionBody);

/// A version that awaits its approvers.
#[derive(Debug, Clone, PartialEq)]
pub struct Submitted {
    /// The version.
    pub body: VersionBody,
    /// The account that submitted it.
    pub submitted_by: Option<UserId>,
    /// The approvals given so far, in the order of the form.
    pub approvals: Vec<PlanApproval>,
}

/// The version that is in force.
#[derive(Debug, Clone, PartialEq)]
pub struct Adopted(pub VersionBody);

/// A version in any state.
#[derive(Debug, Clone, PartialEq)]
pub enum PlanVersion {
    /// The version is being written.
    Draft(Draft),
    /// The version awaits its approvers.
    Submitted(Submitted),
    /// The version is in force.
    Adopted(Adopted),
    /// The version was returned or superseded. It never changes.
    Settled(PlanVersionState),
}

/// A version after a step of its approvers.
#[derive(Debug, Clone, PartialEq)]
pub struct Approved {
    /// The version.
    pub body: VersionBody,
    /// The approvals.
    pub approvals: Vec<PlanApproval>,
    /// The adoption, if this was the last approval.
    pub adoption: Option<Adoption>,
}

/// The adoption of a version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Adoption {
    /// The day.
    pub adopted_on: NaiveDate,
    /// The day on which the plan is to be reviewed.
    pub review_on: NaiveDate,
    /// The version that was in force before.
    pub supersedes: Option<PlanVersionId>,
}

/// A version that was returned.
#[derive(Debug, Clone, PartialEq)]
pub struct Returned {
    /// The id of the version.
    pub id: PlanVersionId,
    /// The reason.
    pub reason: Note,
}

/// The stored data that the rules of a version need.
#[derive(Debug, Clone, Default)]
pub struct VersionFacts {
    /// The age of the person. `None` for a family.
    pub age_years: Option<i32>,
    /// The version in force, with its text.
    pub in_force: Option<(PlanVersionId, PlanText)>,
}

impl OpenPlan {
    /// Drafts the next version. It takes the text of the last one, as far as the form in force has a place for it, with its keys. The
    /// opinion of the person is asked anew.
    pub fn draft(
        self,
        id: PlanVersionId,
        last: Option<&(i32, PlanVersionState, PlanText)>,
        form: &PlanForm,
        by: &PlanStanding,
    ) -> Result<Changed<Draft>, Refused> {
        by.must_draft(self.kind)?;
        let is_open = last.is_some_and(|it| it.1.is_unsettled());
        Refused::unless_empty(is_open.then(|| DRAFT_OPEN.reason()).into_iter().collect())?;
        let number = last.map_or(1, |it| it.0.saturating_add(1));
        let text = last.map(|it| it.2.fitted(&form.layout)).unwrap_or_default();
        let fact = PlanVersionDrafted { id, plan_id: self.id, number };
        let body = VersionBody { id, plan: self, number, form: form.clone(), text, drafted_by: by.user };
        Ok(Changed::new(Draft(body), fact))
    }
}

impl Draft {
    /// The text that these eyes edit.
    pub fn text(&self, eyes: PlanEyes) -> PlanText {
        self.0.text.shown(&self.0.form.layout, eyes)
    }
    /// Replaces the text, as far as the writer reads it.
    pub fn edit(self, text: &PlanText, by: &PlanStanding) -> Result<Changed<Self>, Refused> {
        by.must_draft(self.0.plan.kind)?;
        let layout = &self.0.form.layout;
        let hidden = self.0.text.parted(layout, by.eyes).1;
        Refused::unless_empty(text.judge(layout, by.eyes, &hidden))?;
        let text = text.clone().with(hidden);
        let fact = PlanVersionEdited { id: self.0.id, fields: changed_fields(&self.0.text, &text) };
        Ok(Changed::new(Self(VersionBody { text, ..self.0 }), fact))
    }
    /// The reasons against the submission of the text as it is.
    pub(super) fn against_submission(&self, facts: &VersionFacts) -> Vec<Reason> {
        let text = &self.0.text;
        let mut reasons = text.missing(&self.0.form.layout);
        let is_same = |it: &PlanText| {
            PlanText { opinion: None, ..it.clone() } == PlanText { opinion: None, ..text.clone() }
        };
        if facts.in_force.as_ref().is_some_and(|(_, it)| is_same(it)) {
            reasons.push(UNCHANGED.reason().at("/answers"));
        }
        if facts.age_years.is_some_and(|it| it >= HEARD_FROM_YEARS) && text.opinion.is_none() {
            reasons.push(NOT_HEARD.reason());
        }
        reasons
    }
    /// Submits the version to its approvers.
    pub fn submit(self, by: &PlanStanding, facts: &VersionFacts) -> Result<Changed<Submitted>, Refused> {
        by.must_draft(self.0.plan.kind)?;
        Refused::unless_empty(self.against_submission(facts))?;
        let fact = PlanVersionSubmitted { id: self.0.id };
        let submitted = Submitted { body: self.0, submitted_by: by.user, approvals: Vec::new() };
        Ok(Changed::new(submitted, fact))
    }
}

impl PlanApprover {
    /// The one who signs in the turn of this approver, by the age of the person.
    fn by_age(self, age_years: Option<i32>) -> Self {
        match (self, age_years) {
            (Self::Person, Some(age)) if age < SIGNS_FROM_YEARS => Self::Representative,
            (Self::Representative, Some(age)) if age >= COMING_OF_AGE_YEARS => Self::Person,
            _ => self,
        }
    }
}

impl Submitted {
    fn layout(&self) -> &PlanLayout {
        &self.body.form.layout
    }
    /// The approver whose turn it is.
    pub fn next(&self, age_years: Option<i32>) -> Option<PlanApprover> {
        self.layout().approvers.get(self.approvals.len()).map(|it| it.by_age(age_years))
    }
    /// The reason against any approval by the caller: a consilium has to decide, or the version is their own.
    pub(super) fn against_approval(&self, by: &PlanStanding, facts: &VersionFacts) -> Option<Reason> {
        let turn = self.next(facts.age_years)?;
        let is_head = matches!(turn, PlanApprover::UnitHead | PlanApprover::Director);
        let authors = [self.body.drafted_by, self.submitted_by];
        let is_author = by.user.is_some() && authors.contains(&by.user) && !self.layout().self_approval;
        match turn {
            PlanApprover::Consilium => Some(BY_CONSILIUM.reason()),
            _ if is_head && is_author && by.is(turn) => Some(OWN_APPROVAL.reason()),
            _ => None,
        }
    }
    /// Whether the caller has a part in the present turn: in person, or as staff who records a paper.
    pub(super) fn is_theirs(&self, by: &PlanStanding, facts: &VersionFacts) -> bool {
        by.is_staff || self.next(facts.age_years).is_some_and(|it| by.is(it))
    }
    /// Whether the version waits for the caller, who may approve it in person now.
    pub fn waits_for(&self, by: &PlanStanding, facts: &VersionFacts) -> bool {
        let is_turn = self.next(facts.age_years).is_some_and(|it| by.is(it));
        is_turn && self.against_approval(by, facts).is_none()
    }
    fn against_order(&self, order: &PlanApproving, by: &PlanStanding, turn: PlanApprover) -> Option<Reason> {
        if order.approver != turn {
            let signs = order.approver == PlanApprover::Representative && turn == PlanApprover::Person;
            let rule = if signs { &PERSON_NOT_SIGNED } else { &OUT_OF_TURN };
            return Some(rule.reason().at("/approver").with("next", turn));
        }
        let has_paper = order.on_paper_file_id.is_some();
        match (has_paper, by.is(turn), by.is_staff) {
            (true, _, true) | (false, true, _) => None,
            (false, false, true) => Some(MISSING.reason().at("/on_paper_file_id")),
            _ => Some(NOT_YOURS.reason().at("/approver")),
        }
    }
    /// Approves the version in the part whose turn it is, in person or by a paper that staff records. The last approval adopts it.
    pub fn approve(
        self,
        order: &PlanApproving,
        by: &PlanStanding,
        facts: &VersionFacts,
        today: NaiveDate,
    ) -> Result<Changed<Approved>, Refused> {
        let Some(turn) = self.next(facts.age_years) else { return Err(NOT_SUBMITTED.refuse()) };
        let mut reasons: Vec<Reason> = self.against_approval(by, facts).into_iter().collect();
        if turn != PlanApprover::Consilium {
            reasons.extend(self.against_order(order, by, turn));
        }
        Refused::unless_empty(reasons)?;
        let approval = PlanApproval {
            approver: turn,
            approved_on: today,
            approved_by_user_id: by.user,
            on_paper_file_id: order.on_paper_file_id,
        };
        Ok(self.approved(approval, facts))
    }
    /// Refuses a version that does not await a consilium now.
    pub fn must_await_consilium(&self, facts: &VersionFacts) -> Result<(), Refused> {
        match self.next(facts.age_years) {
            Some(PlanApprover::Consilium) => Ok(()),
            turn => Err(OUT_OF_TURN.reason().with("next", turn).into()),
        }
    }
    /// Whether nothing but the decision of a consilium is lacking for the adoption.
    pub fn is_adopted_by_consilium(&self) -> bool {
        self.layout().approvers.iter().skip(self.approvals.len()).eq([&PlanApprover::Consilium])
    }
    /// Adopts a version by the decision of a consilium, whose turn it must be. The consilium calls this when it closes.
    pub fn adopt(self, facts: &VersionFacts, today: NaiveDate) -> Result<Changed<Approved>, Refused> {
        self.must_await_consilium(facts)?;
        let approval = PlanApproval {
            approver: PlanApprover::Consilium,
            approved_on: today,
            approved_by_user_id: None,
            on_paper_file_id: None,
        };
        Ok(self.approved(approval, facts))
    }
    fn approved(self, approval: PlanApproval, facts: &VersionFacts) -> Changed<Approved> {
        let Self { body, mut approvals, .. } = self;
        let (id, on, approver) = (body.id, approval.approved_on, approval.approver);
        approvals.push(approval);
        let layout = &body.form.layout;
        let is_last = approvals.len() >= layout.approvers.len();
        let supersedes = facts.in_force.as_ref().map(|it| it.0);
        let review_on = plus_months(on, layout.review_months);
        let adoption = is_last.then_some(Adoption { adopted_on: on, review_on, supersedes });
        let renewed = PlanRenewed { id: body.plan.id, number: body.number };
        let change =
            Changed::new(Approved { body, approvals, adoption }, PlanVersionApproved { id, approver });
        match (is_last, supersedes) {
            (false, _) => change,
            (true, None) => change.and(PlanVersionAdopted { id }).and(renewed),
            (true, Some(before)) => {
                change.and(PlanVersionAdopted { id }).and(renewed).and(PlanVersionSuperseded { id: before })
            }
        }
    }
    /// Refuses a caller who may not return the version: the approver whose turn it is may, and the heads of the institution.
    pub(super) fn must_return(&self, by: &PlanStanding, facts: &VersionFacts) -> Result<(), Refused> {
        let is_turn = self.next(facts.age_years).is_some_and(|it| by.is(it));
        if is_turn || by.is_head() { Ok(()) } else { Err(NOT_YOURS.refuse()) }
    }
    /// Returns the version. Missing text is written in the next one, which copies it.
    pub fn send_back(
        self,
        order: &PlanReturn,
        by: &PlanStanding,
        facts: &VersionFacts,
    ) -> Result<Changed<Returned>, Refused> {
        self.must_return(by, facts)?;
        let id = self.body.id;
        Ok(Changed::new(Returned { id, reason: order.reason.clone() }, PlanVersionReturned { id }))
    }
}

impl Adopted {
    /// The version as it goes on in the plan of the organization that takes a case over: in force, with the text and the edition that it
    /// had.
    pub fn pass_on(self, id: PlanVersionId, plan: OpenPlan) -> Changed<Self> {
        let (plan_id, number) = (plan.id, 1);
        let body = VersionBody { id, plan, number, ..self.0 };
        Changed::new(Self(body), PlanVersionDrafted { id, plan_id, number }).and(PlanVersionAdopted { id })
    }
}

impl PlanVersion {
    /// The state as a word of the vocabulary.
    pub fn state(&self) -> PlanVersionState {
        match self {
            Self::Draft(_) => PlanVersionState::Draft,
            Self::Submitted(_) => PlanVersionState::Submitted,
            Self::Adopted(_) => PlanVersionState::Adopted,
            Self::Settled(state) => *state,
        }
    }
    /// The version, if it is a draft.
    pub fn draft(self) -> Result<Draft, Refused> {
        if let Self::Draft(it) = self { Ok(it) } else { Err(NOT_DRAFT.refuse()) }
    }
    /// The version, if it awaits its approvers.
    pub fn submitted(self) -> Result<Submitted, Refused> {
        if let Self::Submitted(it) = self { Ok(it) } else { Err(NOT_SUBMITTED.refuse()) }
    }
    /// The version, if it is in force.
    pub fn adopted(self) -> Result<Adopted, Refused> {
        if let Self::Adopted(it) = self { Ok(it) } else { Err(NOT_ADOPTED.refuse()) }
    }
}
