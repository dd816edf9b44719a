//! The states of a mentorship as types, and what can be done in each.
use super::{
    AnswerKind, AnsweringParty, CompletionReason, Consent, DeclineReason, ENDED, MEETINGS_DONE,
    MentorshipAction, MentorshipState, NOT_ACCEPTED, NOT_ACTIVE, NOT_CONSENTED, NOT_OPEN, NOT_PAUSED, PAUSED,
    Party, Pause, Replacement, Termination,
};
use crate::base::access::Right;
use crate::base::id::{
    BeneficiaryId, EditionId, FileId, MentorId, MentorshipId, OrganizationId, ProgramId, UserId,
};
use crate::base::refusal::Refused;
use crate::base::text::{Note, OrderNumber};
use crate::base::word::Word;
use chrono::NaiveDate;

/// Who, in what program, and when it was proposed: the same in every state.
#[derive(Debug, Clone, PartialEq)]
pub struct Pairing {
    /// The mentorship's id.
    pub id: MentorshipId,
    /// The program.
    pub program_id: ProgramId,
    /// The edition that holds to the end.
    pub edition_id: EditionId,
    /// The organization that confirms.
    pub organization_id: OrganizationId,
    /// The recipient.
    pub beneficiary_id: BeneficiaryId,
    /// The mentor.
    pub mentor_id: MentorId,
    /// The account of the tutor who follows the pair.
    pub tutor_user_id: Option<UserId>,
    /// The day of the proposal.
    pub proposed_on: NaiveDate,
    /// The first day as planned.
    pub planned_starts_on: NaiveDate,
    /// The last day as planned.
    pub planned_ends_on: Option<NaiveDate>,
    /// Why these two.
    pub reason: Option<Note>,
    /// The last day on which it may still begin; on the next one it lapses.
    pub lapses_after: NaiveDate,
}

/// That a side accepted.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// When.
    pub on: NaiveDate,
    /// The paper, where somebody else recorded it.
    pub on_paper_file_id: Option<FileId>,
    /// In its own words.
    pub note: Option<Note>,
}

/// Who has accepted.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Answers {
    /// The mentor.
    pub mentor: Option<Answer>,
    /// The recipient.
    pub recipient: Option<Answer>,
    /// The specialist.
    pub specialist: Option<Answer>,
    /// Whether the specialist has to answer too.
    pub needs_specialist: bool,
}

impl Answers {
    pub(super) fn of(&mut self, party: AnsweringParty) -> &mut Option<Answer> {
        match party {
            AnsweringParty::Mentor => &mut self.mentor,
            AnsweringParty::Recipient => &mut self.recipient,
            AnsweringParty::Specialist => &mut self.specialist,
        }
    }
    /// Whether everybody whose answer is needed has accepted.
    pub(super) fn are_whole(&self) -> bool {
        self.mentor.is_some()
            && self.recipient.is_some()
            && (self.specialist.is_some() || !self.needs_specialist)
    }
}

/// What was confirmed.
#[derive(Debug, Clone, PartialEq)]
pub struct Term {
    /// The first day.
    pub starts_on: NaiveDate,
    /// The last day.
    pub ends_on: NaiveDate,
    /// The number of the order.
    pub order_number: Option<OrderNumber>,
    /// The date of the order.
    pub order_date: Option<NaiveDate>,
}

/// Proposed: at least one side has not accepted yet.
#[derive(Debug, Clone, PartialEq)]
pub struct Proposed {
    /// Who and in what program.
    pub pairing: Pairing,
    /// Which side has accepted, if any.
    pub answers: Answers,
}

/// Accepted by both sides: the recipient's consent is not whole yet.
#[derive(Debug, Clone, PartialEq)]
pub struct Accepted {
    /// Who and in what program.
    pub pairing: Pairing,
    /// When the sides accepted.
    pub answers: Answers,
    /// The consents signed so far.
    pub consents: Vec<Consent>,
}

/// Consented: every signature that was needed is there.
#[derive(Debug, Clone, PartialEq)]
pub struct Consented {
    /// Who and in what program.
    pub pairing: Pairing,
    /// When the sides accepted.
    pub answers: Answers,
    /// The consents.
    pub consents: Vec<Consent>,
}

/// Active: confirmed and not ended.
#[derive(Debug, Clone, PartialEq)]
pub struct Active {
    /// Who and in what program.
    pub pairing: Pairing,
    /// What was confirmed.
    pub term: Term,
}

/// Active, and set aside for a while: no meetings, no reminders.
#[derive(Debug, Clone, PartialEq)]
pub struct Paused {
    /// Who and in what program.
    pub pairing: Pairing,
    /// What was confirmed.
    pub term: Term,
    /// Since when and why.
    pub pause: Pause,
}

/// Begun and not ended, paused or not: what ends it asks for no more.
#[derive(Debug, Clone, PartialEq)]
pub struct Running {
    /// Who and in what program.
    pub pairing: Pairing,
    /// What was confirmed.
    pub term: Term,
}

/// Ended because the mentor is to be replaced (§3.10); another mentorship may follow.
#[derive(Debug, Clone, PartialEq)]
pub struct Replaced {
    /// Who and in what program.
    pub pairing: Pairing,
    /// What was confirmed.
    pub term: Term,
    /// The ground, the last day, the documents.
    pub replacement: Replacement,
}

/// Completed in the regular way.
#[derive(Debug, Clone, PartialEq)]
pub struct Completed {
    /// Who and in what program.
    pub pairing: Pairing,
    /// What was confirmed.
    pub term: Term,
    /// How it came to its end.
    pub reason: CompletionReason,
    /// The last day.
    pub ended_on: NaiveDate,
}

/// Terminated on a ground of §3.11.
#[derive(Debug, Clone, PartialEq)]
pub struct Terminated {
    /// Who and in what program.
    pub pairing: Pairing,
    /// What was confirmed.
    pub term: Term,
    /// The ground, the last day, the documents.
    pub termination: Termination,
}

/// Declined by a side before it began.
#[derive(Debug, Clone, PartialEq)]
pub struct Declined {
    /// Who and in what program.
    pub pairing: Pairing,
    /// Who declined.
    pub party: AnsweringParty,
    /// The day.
    pub declined_on: NaiveDate,
    /// Why, if it said so.
    pub reason: Option<DeclineReason>,
    /// In its own words.
    pub note: Option<Note>,
    /// The paper, where somebody else recorded it.
    pub on_paper_file_id: Option<FileId>,
}

/// Not begun within the program's deadline.
#[derive(Debug, Clone, PartialEq)]
pub struct Lapsed {
    /// Who and in what program.
    pub pairing: Pairing,
    /// The day on which it was found lapsed.
    pub lapsed_on: NaiveDate,
}

macro_rules! states {
    ($($name:ident)+) => {
        /// A mentorship in whatever state.
        #[derive(Debug, Clone, PartialEq)]
        pub enum Mentorship { $(#[doc = concat!("See [`", stringify!($name), "`].")] $name($name),)+ }
        $(impl From<$name> for Mentorship { fn from(it: $name) -> Self { Self::$name(it) } })+
        impl Mentorship {
            /// Its state as a word.
            pub fn state(&self) -> MentorshipState {
                match self { $(Self::$name(_) => MentorshipState::$name),+ }
            }
            /// Who and in what program.
            pub fn pairing(&self) -> &Pairing {
                match self { $(Self::$name(it) => &it.pairing),+ }
            }
        }
    };
}
states! { Proposed Accepted Consented Active Paused Completed Replaced Terminated Declined Lapsed }

/// Where a mentorship stands, as far as what can be done next depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// The state.
    pub state: MentorshipState,
    /// Whether the mentor has accepted.
    pub mentor_accepted: bool,
    /// Whether the recipient has accepted.
    pub recipient_accepted: bool,
    /// Whether the specialist's own answer is still needed.
    pub specialist_awaited: bool,
}

impl Mentorship {
    /// The one place that refuses what needs an active mentorship.
    pub fn active(self) -> Result<Active, Refused> {
        match self {
            Self::Active(it) => Ok(it),
            Self::Paused(_) => Err(PAUSED.refuse()),
            _ => Err(NOT_ACTIVE.refuse()),
        }
    }
    /// The mentorship to resume.
    pub fn paused(self) -> Result<Paused, Refused> {
        match self {
            Self::Paused(it) => Ok(it),
            _ => Err(NOT_PAUSED.refuse()),
        }
    }
    /// The mentorship that has begun and not ended, to end it.
    pub fn running(self) -> Result<Running, Refused> {
        match self {
            Self::Active(Active { pairing, term }) | Self::Paused(Paused { pairing, term, .. }) => {
                Ok(Running { pairing, term })
            }
            _ => Err(NOT_ACTIVE.refuse()),
        }
    }
    /// Refuses what is about a mentorship that has not ended.
    pub(super) fn not_ended(self) -> Result<Self, Refused> {
        match self {
            Self::Completed(_)
            | Self::Replaced(_)
            | Self::Terminated(_)
            | Self::Declined(_)
            | Self::Lapsed(_) => Err(ENDED.refuse()),
            other => Ok(other),
        }
    }
    /// The active mentorship to plan or hold a meeting of: completed by its meetings, it has no further one.
    pub fn for_meetings(self) -> Result<Active, Refused> {
        match self {
            Self::Completed(it) if it.reason == CompletionReason::MeetingsHeld => Err(MEETINGS_DONE.refuse()),
            other => other.active(),
        }
    }
    /// The mentorship to confirm.
    pub fn consented(self) -> Result<Consented, Refused> {
        match self {
            Self::Consented(it) => Ok(it),
            _ => Err(NOT_CONSENTED.refuse()),
        }
    }
    /// The mentorship whose consent may be signed: a further signature may be needed even after the others,
    /// as when a child turns 14 meanwhile.
    pub fn awaiting_consent(self) -> Result<Accepted, Refused> {
        match self {
            Self::Accepted(it) => Ok(it),
            Self::Consented(it) => {
                Ok(Accepted { pairing: it.pairing, answers: it.answers, consents: it.consents })
            }
            _ => Err(NOT_ACCEPTED.refuse()),
        }
    }
    /// The mentorship that has not begun, with the answers so far.
    pub(super) fn not_begun(self) -> Result<(Pairing, Answers), Refused> {
        match self {
            Self::Proposed(Proposed { pairing, answers })
            | Self::Accepted(Accepted { pairing, answers, .. })
            | Self::Consented(Consented { pairing, answers, .. }) => Ok((pairing, answers)),
            _ => Err(NOT_OPEN.refuse()),
        }
    }
    /// Where it stands.
    pub fn standing(&self) -> Standing {
        let (mentor_accepted, recipient_accepted, specialist_awaited) = match self {
            Self::Proposed(Proposed { answers: it, .. }) => {
                let awaited = it.needs_specialist && it.specialist.is_none();
                (it.mentor.is_some(), it.recipient.is_some(), awaited)
            }
            Self::Declined(_) | Self::Lapsed(_) => (false, false, false),
            _ => (true, true, false),
        };
        Standing { state: self.state(), mentor_accepted, recipient_accepted, specialist_awaited }
    }
}

impl Standing {
    /// Whether that side can still give that answer.
    fn awaits(self, party: AnsweringParty, answer: AnswerKind) -> bool {
        use MentorshipState as State;
        let accepted = match party {
            AnsweringParty::Mentor => self.mentor_accepted,
            AnsweringParty::Recipient => self.recipient_accepted,
            AnsweringParty::Specialist => !self.specialist_awaited,
        };
        match answer {
            AnswerKind::Accept => self.state == State::Proposed && !accepted,
            AnswerKind::Decline => matches!(self.state, State::Proposed | State::Accepted | State::Consented),
        }
    }
}

/// What a caller with these rights can do: `party` when the caller is a side of the mentorship, who answers only
/// for itself; somebody of the institution records for either.
pub fn available_actions(
    standing: Standing,
    may: impl Fn(Right) -> bool,
    party: Option<Party>,
) -> Vec<MentorshipAction> {
    use {MentorshipAction as Action, MentorshipState as State};
    let answers = |answer| {
        let own = |it: &AnsweringParty| party.is_none_or(|own| AnsweringParty::from(own) == *it);
        let mut parties = AnsweringParty::ALL.iter().copied().filter(own);
        may(Right::AcceptMentorship) && parties.any(|it| standing.awaits(it, answer))
    };
    // Nobody decides for the institution about themselves.
    let decides = party.is_none();
    let can = |action: &Action| match (action, standing.state) {
        (Action::Accept, _) => answers(AnswerKind::Accept),
        (Action::Decline, _) => answers(AnswerKind::Decline),
        (Action::Consent, State::Accepted) => may(Right::ConsentMentorship),
        (Action::Confirm, State::Consented) => decides && may(Right::ConfirmMentorship),
        (Action::Extend, State::Active) => decides && may(Right::ExtendMentorship),
        (Action::Pause, State::Active) | (Action::Resume, State::Paused) => {
            decides && may(Right::PauseMentorship)
        }
        (Action::Replace, State::Active | State::Paused) => decides && may(Right::ReplaceMentor),
        (Action::Terminate, State::Active | State::Paused) => may(Right::TerminateMentorship),
        (
            Action::Withdraw,
            State::Proposed | State::Accepted | State::Consented | State::Active | State::Paused,
        ) => may(Right::WithdrawAgreement),
        (Action::PlanMeeting, State::Active) => may(Right::EditMeetings),
        _ => false,
    };
    Action::ALL.iter().copied().filter(can).collect()
}
