//! Requests of the sides of a mentorship. The recipient may ask for a consultation or aid (002 §5.4). Either side may ask for
//! another mentor (§3.10.4) or for something else.
#[cfg(test)]
mod tests;

use crate::base::access::{NOT_YOURS, Right};
use crate::base::action::{Action, Offer, Offers, Verdict};
use crate::base::change::{Changed, facts};
use crate::base::id::{FileId, MeetingId, MentorshipId, RequestId};
use crate::base::refusal::{Reason, Refused, rules};
use crate::base::text::{MISSING, Note};
use crate::base::word::{Demand, Word, words};
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
    /// The subject of a request.
    RequestKind in "request-kinds" {
        Consultation = "consultation", "консультация", "a consultation";
        Aid = "aid", "помощь", "aid";
        Replacement = "replacement", "замена наставника", "another mentor";
        Other = "other", "иное", "something else", demands [Text];
    }

    /// The state of a request.
    RequestState in "request-states" {
        Open = "open", "открыт", "open";
        Answered = "answered", "исполнен", "answered";
        Withdrawn = "withdrawn", "отозван", "withdrawn";
        Closed = "closed", "закрыт с окончанием наставничества", "closed with the mentorship";
    }
}

impl RequestKind {
    /// Whether a meeting of the pair answers this kind of request. The mentor sees only such requests of the recipient.
    pub fn is_for_the_mentor(self) -> bool {
        matches!(self, Self::Consultation | Self::Aid)
    }
    /// The reason against any such request of that side.
    fn against(self, party: Party, is_asked: bool) -> Option<Reason> {
        if self == Self::Replacement && is_asked {
            Some(ALREADY_ASKED.reason().at("/kind"))
        } else if self.is_for_the_mentor() && party == Party::Mentor {
            Some(RECIPIENT_ASKS.reason().at("/party"))
        } else {
            None
        }
    }
}

/// The kinds of request that the caller can make: those of the own side, or of any side for the institution. `asked` are the
/// sides that have asked for another mentor already.
pub(super) fn kinds_of(by: Option<Party>, asked: &[Party]) -> Vec<RequestKind> {
    let sides = || Party::ALL.iter().copied().filter(|it| by.is_none_or(|own| own == *it));
    let can = |kind: &RequestKind| sides().any(|it| kind.against(it, asked.contains(&it)).is_none());
    RequestKind::ALL.iter().copied().filter(can).collect()
}

/// A request of a side of a mentorship that has begun and not ended.
#[form]
#[schema(example = json!({"party": "recipient", "kind": "consultation", "text": "Помогите выбрать колледж."}))]
pub struct RequestForm {
    /// The side that asks. A side asks for itself; the institution may record a request of either side.
    pub party: Party,
    /// The subject of the request. Only the recipient may ask for a consultation or aid.
    pub kind: RequestKind,
    /// A description of the request. Required when the kind is `other`.
    pub text: Option<Note>,
    /// The signed paper. Required when somebody else records a request for another mentor.
    pub on_paper_file_id: Option<FileId>,
}

/// An order to withdraw a request.
#[form]
#[schema(example = json!({"note": "Уже разобрались сами."}))]
pub struct RequestWithdrawal {
    /// The reason for the withdrawal, optional.
    pub note: Option<Note>,
}

/// An order that answers a request of any kind in words: the action taken, or the reason for a refusal.
#[form]
#[schema(example = json!({"text": "Поговорили с наставницей, договорились о встречах по субботам."}))]
pub struct RequestAnswer {
    /// The answer of the institution.
    pub text: Note,
}

facts! {
    /// A side made a request.
    RequestMade = "mentorship_request.made",
        "Сделан запрос[: {kind}][, сторона: {party}]",
        "A request was made[: {kind}][, side: {party}]"
        about Request (RequestId) {
        /// The mentorship.
        mentorship_id: MentorshipId,
        /// The side that asked.
        party: Party,
        /// The subject of the request.
        kind: RequestKind,
    }
    /// A request was answered.
    RequestAnswered = "mentorship_request.answered",
        "На запрос ответили",
        "A request was answered"
        about Request (RequestId) {
        /// The meeting that answered the request. Absent if the answer was another mentor or a text.
        meeting_id: Option<MeetingId>,
    }
    /// A request is open again, because the meeting that answered it was annulled.
    RequestReopened = "mentorship_request.reopened",
        "Запрос снова открыт",
        "A request is open again"
        about Request (RequestId) {}
    /// A request was withdrawn.
    RequestWithdrawn = "mentorship_request.withdrawn",
        "Запрос отозван",
        "A request was withdrawn"
        about Request (RequestId) {}
    /// A request was closed because its mentorship ended.
    RequestClosed = "mentorship_request.closed",
        "Запрос закрыт с окончанием наставничества",
        "A request was closed with the mentorship"
        about Request (RequestId) {}
}

/// An open request: not answered yet.
#[derive(Debug, Clone, PartialEq)]
pub struct Open {
    /// The id of the request.
    pub id: RequestId,
    /// The mentorship.
    pub mentorship_id: MentorshipId,
    /// The side and the subject of the request.
    pub form: RequestForm,
    /// The day of the request.
    pub made_on: NaiveDate,
}

/// A request that is no longer open.
#[derive(Debug, Clone, PartialEq)]
pub struct Settled {
    /// The id of the request.
    pub id: RequestId,
    /// The final state: answered, withdrawn or closed.
    pub state: RequestState,
    /// The meeting that answered the request. `None` for any other answer.
    pub meeting_id: Option<MeetingId>,
    /// The reason for the withdrawal, or the answer in words.
    pub note: Option<Note>,
}

impl Settled {
    /// Opens a request again whose answer was annulled.
    pub fn reopened(id: RequestId) -> Changed<()> {
        Changed::new((), RequestReopened { id })
    }
}

/// A request in any state. A request that is no longer open never changes.
#[derive(Debug, Clone, PartialEq)]
pub enum Request {
    /// An open request.
    Open(Open),
    /// A request that was answered, withdrawn or closed, with its subject.
    Settled(RequestKind),
}

impl Request {
    /// The request, if it is open. All rules refuse other requests through this function.
    pub fn open(self) -> Result<Open, Refused> {
        match self {
            Self::Open(it) => Ok(it),
            Self::Settled(_) => Err(NOT_OPEN.refuse()),
        }
    }
    /// The subject of the request.
    pub fn kind(&self) -> RequestKind {
        match self {
            Self::Open(it) => it.form.kind,
            Self::Settled(kind) => *kind,
        }
    }
}

impl Open {
    /// Records a request. `by` is the caller's own side. `None` means that the institution records for a side. `is_asked` tells
    /// that the side already has an open request for another mentor.
    pub fn make(
        id: RequestId,
        of: &Running,
        form: &RequestForm,
        by: Option<Party>,
        is_asked: bool,
        today: NaiveDate,
    ) -> Result<Changed<Self>, Refused> {
        if by.is_some_and(|own| own != form.party) {
            return Err(NOT_YOURS.reason().at("/party").into());
        }
        let mut reasons: Vec<Reason> = form.kind.against(form.party, is_asked).into_iter().collect();
        let replaces = form.kind == RequestKind::Replacement;
        if replaces && by.is_none() && form.on_paper_file_id.is_none() {
            reasons.push(PAPER_NEEDED.reason().at("/on_paper_file_id"));
        }
        if form.kind.demands().contains(&Demand::Text) && form.text.is_none() {
            reasons.push(MISSING.reason().at("/text"));
        }
        Refused::unless_empty(reasons)?;
        let mentorship_id = of.pairing.id;
        let fact = RequestMade { id, mentorship_id, party: form.party, kind: form.kind };
        Ok(Changed::new(Self { id, mentorship_id, form: form.clone(), made_on: today }, fact))
    }
    /// Refuses a side that has not made the request.
    fn must_be_of(&self, by: Option<Party>) -> Result<(), Refused> {
        if by.is_some_and(|own| own != self.form.party) { Err(NOT_YOURS.refuse()) } else { Ok(()) }
    }
    /// Withdraws the request. `by` is the caller's own side. `None` means that the institution records it for a side.
    pub fn withdraw(self, order: &RequestWithdrawal, by: Option<Party>) -> Result<Changed<Settled>, Refused> {
        self.must_be_of(by)?;
        let settled = self.settled(RequestState::Withdrawn, None);
        Ok(Changed::new(Settled { note: order.note.clone(), ..settled }, RequestWithdrawn { id: self.id }))
    }
    /// Records that a meeting or another mentor answered the request. `meeting_id` is the meeting.
    pub fn answer(self, meeting_id: Option<MeetingId>) -> Changed<Settled> {
        let fact = RequestAnswered { id: self.id, meeting_id };
        Changed::new(self.settled(RequestState::Answered, meeting_id), fact)
    }
    /// Records an answer of the institution in words. Refuses a caller who is a side of the mentorship.
    pub fn answer_in_words(
        self,
        order: &RequestAnswer,
        by: Option<Party>,
    ) -> Result<Changed<Settled>, Refused> {
        must_answer(by)?;
        let settled = self.settled(RequestState::Answered, None);
        let fact = RequestAnswered { id: self.id, meeting_id: None };
        Ok(Changed::new(Settled { note: Some(order.text.clone()), ..settled }, fact))
    }
    /// Closes the request because its mentorship ended. Both are saved in one transaction.
    pub fn close(self) -> Changed<Settled> {
        Changed::new(self.settled(RequestState::Closed, None), RequestClosed { id: self.id })
    }
    fn settled(&self, state: RequestState, meeting_id: Option<MeetingId>) -> Settled {
        Settled { id: self.id, state, meeting_id, note: None }
    }
}

/// Refuses an answer by a side of the mentorship.
fn must_answer(by: Option<Party>) -> Result<(), Refused> {
    if by.is_some() { Err(NOT_YOURS.refuse()) } else { Ok(()) }
}

/// A request as its caller sees it.
#[derive(Debug)]
pub struct RequestOffers<'a> {
    /// The request.
    pub it: &'a Request,
    /// The caller's own side of the mentorship.
    pub by: Option<Party>,
}

impl Offers for RequestOffers<'_> {
    const AT: &'static str = "requests";
    const OFFERS: &'static [Offer] = &[
        Offer::step(Action::Withdraw, "withdrawal", Right::MakeRequest),
        Offer::step(Action::Answer, "answer", Right::AnswerRequest),
    ];
    fn judge(&self, action: Action) -> Option<Verdict> {
        let open = self.it.clone().open().ok()?;
        match action {
            Action::Withdraw => Some(Verdict::default().unless(open.must_be_of(self.by))),
            Action::Answer => Some(Verdict::default().unless(must_answer(self.by))),
            _ => None,
        }
    }
}
