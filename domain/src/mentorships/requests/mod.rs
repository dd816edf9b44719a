//! Requests of the two sides of a mentorship: the recipient asks for a consultation or aid (002 §5.4), either side for another
//! mentor or for something else (§3.10.4).
#[cfg(test)]
mod tests;

use crate::base::access::{NOT_YOURS, Right};
use crate::base::change::{Changed, facts};
use crate::base::id::{FileId, MeetingId, MentorshipId, RequestId};
use crate::base::refusal::{Refused, rules};
use crate::base::text::{MISSING, Note};
use crate::base::word::{Word, words};
use crate::mentorships::{Party, Running};
use chrono::NaiveDate;
use shape::form;
use validator::Validate;

rules! {
    NOT_OPEN = "mentorship_request.not_open", State, ours, "На запрос уже ответили, он отозван или закрыт.", "The request has been answered, withdrawn or closed already.";
    ALREADY_ASKED = "mentorship_request.already_open", State, ours, "Эта сторона уже просит о замене наставника.", "This side has asked for another mentor already.";
    RECIPIENT_ASKS = "mentorship_request.recipient_asks", Content, "002 §5.4", "О консультации или помощи просит получатель.", "It is the recipient who asks for a consultation or aid.";
    PAPER_NEEDED = "mentorship_request.paper_needed", Content, "002 §3.10.4", "Просьбу о замене, записанную за сторону, подтверждают бумагой.", "A request for another mentor recorded on behalf of a side needs the paper that it signed.";
}

words! {
    /// What a side asks for.
    RequestKind in "request-kinds" {
        Consultation = "consultation", "консультация", "a consultation";
        Aid = "aid", "помощь", "aid";
        Replacement = "replacement", "замена наставника", "another mentor";
        Other = "other", "иное", "something else";
    }

    /// Where a request stands.
    RequestState in "request-states" {
        Open = "open", "открыт", "open";
        Answered = "answered", "исполнен", "answered";
        Withdrawn = "withdrawn", "отозван", "withdrawn";
        Closed = "closed", "закрыт с окончанием наставничества", "closed with the mentorship";
    }

    /// What can be done with a request.
    RequestAction in "request-actions" {
        Withdraw = "withdraw", "отозвать", "withdraw";
        Answer = "answer", "ответить", "answer";
    }
}

impl RequestKind {
    /// Whether a meeting of the mentor and the recipient answers it: then the mentor is to know of it.
    pub fn is_for_the_mentor(self) -> bool {
        matches!(self, Self::Consultation | Self::Aid)
    }
}

/// A request of a side of a mentorship that has begun and not ended.
#[form]
#[schema(example = json!({"party": "recipient", "kind": "consultation", "text": "Помогите выбрать колледж."}))]
pub struct RequestForm {
    /// The side that asks. A side asks for itself; the institution may record what a side asked for.
    pub party: Party,
    /// For what. For a consultation or aid it is the recipient who asks.
    pub kind: RequestKind,
    /// In its own words: needed when the kind is `other`.
    pub text: Option<Note>,
    /// The signed paper: needed when somebody else records that a side asks for another mentor.
    pub on_paper_file_id: Option<FileId>,
}

/// An order to withdraw a request.
#[form]
#[schema(example = json!({"note": "Уже разобрались сами."}))]
pub struct RequestWithdrawal {
    /// Why, if the side says so.
    pub note: Option<Note>,
}

/// An order that answers a request in words, whatever it asks for: what was done, or why it will not be.
#[form]
#[schema(example = json!({"text": "Поговорили с наставницей, договорились о встречах по субботам."}))]
pub struct RequestAnswer {
    /// The answer.
    pub text: Note,
}

facts! {
    /// A side asked for something.
    RequestMade = "mentorship_request.made" about Request (RequestId) {
        /// The mentorship.
        mentorship_id: MentorshipId,
        /// The side.
        party: Party,
        /// For what.
        kind: RequestKind,
    }
    /// A request was answered.
    RequestAnswered = "mentorship_request.answered" about Request (RequestId) {
        /// The meeting that answered it; none where another mentor or words did.
        meeting_id: Option<MeetingId>,
    }
    /// A request was withdrawn.
    RequestWithdrawn = "mentorship_request.withdrawn" about Request (RequestId) {}
    /// A request was closed, for its mentorship ended.
    RequestClosed = "mentorship_request.closed" about Request (RequestId) {}
}

/// Open: not answered yet.
#[derive(Debug, Clone, PartialEq)]
pub struct Open {
    /// Its id.
    pub id: RequestId,
    /// The mentorship.
    pub mentorship_id: MentorshipId,
    /// What is asked, and by which side.
    pub form: RequestForm,
    /// The day on which it was asked.
    pub made_on: NaiveDate,
}

/// No longer open.
#[derive(Debug, Clone, PartialEq)]
pub struct Settled {
    /// The request.
    pub id: RequestId,
    /// How it was settled.
    pub state: RequestState,
    /// The meeting that answered it.
    pub meeting_id: Option<MeetingId>,
    /// Why it was withdrawn, if the side said so, or the answer in words.
    pub note: Option<Note>,
}

/// A request in whatever state: what has been settled stays as it is.
#[derive(Debug, Clone, PartialEq)]
pub enum Request {
    /// Not answered yet.
    Open(Open),
    /// Answered, withdrawn or closed.
    Settled(RequestKind),
}

impl Request {
    /// The open request: the one place that refuses what has been settled.
    pub fn open(self) -> Result<Open, Refused> {
        match self {
            Self::Open(it) => Ok(it),
            Self::Settled(_) => Err(NOT_OPEN.refuse()),
        }
    }
    /// What is asked for.
    pub fn kind(&self) -> RequestKind {
        match self {
            Self::Open(it) => it.form.kind,
            Self::Settled(kind) => *kind,
        }
    }
}

impl Open {
    /// Records what a side of a mentorship asks for. `by` is the caller's own side; without it somebody of the institution
    /// records for a side. `is_asked` tells that the side has an open request for another mentor.
    pub fn make(
        id: RequestId,
        of: &Running,
        form: &RequestForm,
        by: Option<Party>,
        is_asked: bool,
        today: NaiveDate,
    ) -> Result<Changed<Self>, Refused> {
        if by.is_some_and(|own| own != form.party) {
            return Err(NOT_YOURS.refuse());
        }
        let mut reasons = Vec::new();
        let replaces = form.kind == RequestKind::Replacement;
        if replaces && is_asked {
            reasons.push(ALREADY_ASKED.reason().at("/kind"));
        }
        if form.kind.is_for_the_mentor() && form.party == Party::Mentor {
            reasons.push(RECIPIENT_ASKS.reason().at("/party"));
        }
        if replaces && by.is_none() && form.on_paper_file_id.is_none() {
            reasons.push(PAPER_NEEDED.reason().at("/on_paper_file_id"));
        }
        if form.kind == RequestKind::Other && form.text.is_none() {
            reasons.push(MISSING.reason().at("/text"));
        }
        Refused::unless_empty(reasons)?;
        let mentorship_id = of.pairing.id;
        let fact = RequestMade { id, mentorship_id, party: form.party, kind: form.kind };
        Ok(Changed::new(Self { id, mentorship_id, form: form.clone(), made_on: today }, fact))
    }
    /// Takes the request back. `by` is the caller's own side; without it somebody of the institution records that.
    pub fn withdraw(self, order: &RequestWithdrawal, by: Option<Party>) -> Result<Changed<Settled>, Refused> {
        if by.is_some_and(|own| own != self.form.party) {
            return Err(NOT_YOURS.refuse());
        }
        let settled = self.settled(RequestState::Withdrawn, None);
        Ok(Changed::new(Settled { note: order.note.clone(), ..settled }, RequestWithdrawn { id: self.id }))
    }
    /// A meeting answered the request, or another mentor did.
    pub fn answer(self, meeting_id: Option<MeetingId>) -> Changed<Settled> {
        let fact = RequestAnswered { id: self.id, meeting_id };
        Changed::new(self.settled(RequestState::Answered, meeting_id), fact)
    }
    /// The institution answered in words; a side answers nobody.
    pub fn answer_in_words(
        self,
        order: &RequestAnswer,
        by: Option<Party>,
    ) -> Result<Changed<Settled>, Refused> {
        if by.is_some() {
            return Err(NOT_YOURS.refuse());
        }
        let settled = self.settled(RequestState::Answered, None);
        let fact = RequestAnswered { id: self.id, meeting_id: None };
        Ok(Changed::new(Settled { note: Some(order.text.clone()), ..settled }, fact))
    }
    /// Closes what was still open when the mentorship ended, in the same change of things.
    pub fn close(self) -> Changed<Settled> {
        Changed::new(self.settled(RequestState::Closed, None), RequestClosed { id: self.id })
    }
    fn settled(&self, state: RequestState, meeting_id: Option<MeetingId>) -> Settled {
        Settled { id: self.id, state, meeting_id, note: None }
    }
}

/// What a caller with these rights can do with a request: `side` when the caller is a side of the mentorship, who decides only
/// for itself.
pub fn available_actions(
    state: RequestState,
    party: Party,
    may: impl Fn(Right) -> bool,
    side: Option<Party>,
) -> Vec<RequestAction> {
    let own = side.is_none_or(|it| it == party);
    let can = |action: &RequestAction| match action {
        RequestAction::Withdraw => own && may(Right::MakeRequest),
        RequestAction::Answer => side.is_none() && may(Right::AnswerRequest),
    };
    let open = RequestAction::ALL.iter().filter(|_| state == RequestState::Open);
    open.copied().filter(can).collect()
}
