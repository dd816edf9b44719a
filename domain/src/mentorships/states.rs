//! The states of a mentorship as types.
use super::{
    ALREADY_ANSWERED, AnsweringParty, CompletionReason, Consent, DeclineReason, ENDED, MEETINGS_DONE,
    MentorshipState, NOT_ACCEPTED, NOT_ACTIVE, NOT_CONSENTED, NOT_OPEN, NOT_PAUSED, PAUSED, Pause,
    Replacement, SPECIALIST_NOT_ASKED, Termination,
};
use crate::base::decree::Decree;
use crate::base::id::{
    BeneficiaryId, EditionId, FileId, MentorId, MentorshipId, OrganizationId, ProgramId, UserId,
};
use crate::base::refusal::{Reason, Refused};
use crate::base::text::Note;
use chrono::NaiveDate;

/// The data that all states share: the pair, the program and the proposal.
#[derive(Debug, Clone, PartialEq)]
pub struct Pairing {
    /// The id of the mentorship.
    pub id: MentorshipId,
    /// The program.
    pub program_id: ProgramId,
    /// The edition that applies up to the end.
    pub edition_id: EditionId,
    /// The confirming organization.
    pub organization_id: OrganizationId,
    /// The recipient.
    pub beneficiary_id: BeneficiaryId,
    /// The mentor.
    pub mentor_id: MentorId,
    /// The account of the tutor who accompanies the pair.
    pub tutor_user_id: Option<UserId>,
    /// The day of the proposal.
    pub proposed_on: NaiveDate,
    /// The planned first day.
    pub planned_starts_on: NaiveDate,
    /// The planned last day.
    pub planned_ends_on: Option<NaiveDate>,
    /// The reason for choosing this pair.
    pub reason: Option<Note>,
    /// The last day on which the mentorship may begin. On the next day it lapses.
    pub lapses_after: NaiveDate,
}

/// The acceptance of a side.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// The day of the acceptance.
    pub on: NaiveDate,
    /// The signed paper, if somebody else recorded the acceptance.
    pub on_paper_file_id: Option<FileId>,
    /// A note of the side.
    pub note: Option<Note>,
}

/// The acceptances so far.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Answers {
    /// The acceptance of the mentor.
    pub mentor: Option<Answer>,
    /// The acceptance of the recipient.
    pub recipient: Option<Answer>,
    /// The acceptance of the specialist.
    pub specialist: Option<Answer>,
    /// Whether the acceptance of the specialist is needed too.
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
    /// Whether the party has accepted.
    fn has(&self, party: AnsweringParty) -> bool {
        match party {
            AnsweringParty::Mentor => self.mentor.is_some(),
            AnsweringParty::Recipient => self.recipient.is_some(),
            AnsweringParty::Specialist => self.specialist.is_some(),
        }
    }
    /// The reason against an acceptance of that party: it is not asked, or has accepted already.
    pub(super) fn against_acceptance(&self, party: AnsweringParty) -> Option<Reason> {
        let is_asked = party != AnsweringParty::Specialist || self.needs_specialist;
        match (is_asked, self.has(party)) {
            (false, _) => Some(SPECIALIST_NOT_ASKED.reason().at("/party")),
            (true, true) => Some(ALREADY_ANSWERED.reason().at("/party")),
            (true, false) => None,
        }
    }
    /// Whether all needed acceptances are given.
    pub(super) fn are_whole(&self) -> bool {
        self.mentor.is_some()
            && self.recipient.is_some()
            && (self.specialist.is_some() || !self.needs_specialist)
    }
}

/// The confirmed term with its decree.
#[derive(Debug, Clone, PartialEq)]
pub struct Term {
    /// The first day of the mentorship.
    pub starts_on: NaiveDate,
    /// The last day of the mentorship.
    pub ends_on: NaiveDate,
    /// The decree.
    pub decree: Option<Decree>,
}

/// Proposed: at least one needed acceptance is missing.
#[derive(Debug, Clone, PartialEq)]
pub struct Proposed {
    /// The pair and the program.
    pub pairing: Pairing,
    /// The acceptances so far.
    pub answers: Answers,
}

/// Accepted: all needed acceptances are given, but the recipient's consent is not complete.
#[derive(Debug, Clone, PartialEq)]
pub struct Accepted {
    /// The pair and the program.
    pub pairing: Pairing,
    /// The acceptances.
    pub answers: Answers,
    /// The consents signed so far.
    pub consents: Vec<Consent>,
}

/// Consented: all needed signatures of the consent are given.
#[derive(Debug, Clone, PartialEq)]
pub struct Consented {
    /// The pair and the program.
    pub pairing: Pairing,
    /// The acceptances.
    pub answers: Answers,
    /// The signed consents.
    pub consents: Vec<Consent>,
}

/// Active: confirmed and not ended.
#[derive(Debug, Clone, PartialEq)]
pub struct Active {
    /// The pair and the program.
    pub pairing: Pairing,
    /// The confirmed term.
    pub term: Term,
}

/// Paused: active, but for a time without meetings and reminders.
#[derive(Debug, Clone, PartialEq)]
pub struct Paused {
    /// The pair and the program.
    pub pairing: Pairing,
    /// The confirmed term.
    pub term: Term,
    /// The order of the pause.
    pub pause: Pause,
}

/// Running: begun and not ended, active or paused. Steps that end a mentorship need no more detail.
#[derive(Debug, Clone, PartialEq)]
pub struct Running {
    /// The pair and the program.
    pub pairing: Pairing,
    /// The confirmed term.
    pub term: Term,
}

/// Replaced: ended because the mentor will be replaced (§3.10). Another mentorship may follow.
#[derive(Debug, Clone, PartialEq)]
pub struct Replaced {
    /// The pair and the program.
    pub pairing: Pairing,
    /// The confirmed term.
    pub term: Term,
    /// The order of the replacement.
    pub replacement: Replacement,
}

/// Completed: all meetings were held, or the term ended.
#[derive(Debug, Clone, PartialEq)]
pub struct Completed {
    /// The pair and the program.
    pub pairing: Pairing,
    /// The confirmed term.
    pub term: Term,
    /// The reason for the completion.
    pub reason: CompletionReason,
    /// The last day of the mentorship.
    pub ended_on: NaiveDate,
}

/// Terminated: ended before its term on a ground of §3.11.
#[derive(Debug, Clone, PartialEq)]
pub struct Terminated {
    /// The pair and the program.
    pub pairing: Pairing,
    /// The confirmed term.
    pub term: Term,
    /// The order of the termination.
    pub termination: Termination,
}

/// Declined: refused by a side before the beginning.
#[derive(Debug, Clone, PartialEq)]
pub struct Declined {
    /// The pair and the program.
    pub pairing: Pairing,
    /// The side that declined.
    pub party: AnsweringParty,
    /// The day of the refusal.
    pub declined_on: NaiveDate,
    /// The reason, if the side gave one.
    pub reason: Option<DeclineReason>,
    /// A note of the side.
    pub note: Option<Note>,
    /// The signed paper, if somebody else recorded the refusal.
    pub on_paper_file_id: Option<FileId>,
}

/// Lapsed: not begun within the deadline of the program.
#[derive(Debug, Clone, PartialEq)]
pub struct Lapsed {
    /// The pair and the program.
    pub pairing: Pairing,
    /// The day on which the lapse was recorded.
    pub lapsed_on: NaiveDate,
}

macro_rules! states {
    ($($name:ident)+) => {
        /// A mentorship in any state.
        #[derive(Debug, Clone, PartialEq)]
        pub enum Mentorship { $(#[doc = concat!("See [`", stringify!($name), "`].")] $name($name),)+ }
        $(impl From<$name> for Mentorship { fn from(it: $name) -> Self { Self::$name(it) } })+
        impl Mentorship {
            /// The state as a word of the vocabulary.
            pub fn state(&self) -> MentorshipState {
                match self { $(Self::$name(_) => MentorshipState::$name),+ }
            }
            /// The pair and the program.
            pub fn pairing(&self) -> &Pairing {
                match self { $(Self::$name(it) => &it.pairing),+ }
            }
        }
    };
}
states! { Proposed Accepted Consented Active Paused Completed Replaced Terminated Declined Lapsed }

impl Mentorship {
    /// The mentorship, if it is active. All rules refuse other states through this function.
    pub fn active(self) -> Result<Active, Refused> {
        match self {
            Self::Active(it) => Ok(it),
            Self::Paused(_) => Err(PAUSED.refuse()),
            _ => Err(NOT_ACTIVE.refuse()),
        }
    }
    /// The mentorship, if it is paused; otherwise a refusal.
    pub fn paused(self) -> Result<Paused, Refused> {
        match self {
            Self::Paused(it) => Ok(it),
            _ => Err(NOT_PAUSED.refuse()),
        }
    }
    /// The mentorship, if it has begun and not ended; otherwise a refusal.
    pub fn running(self) -> Result<Running, Refused> {
        match self {
            Self::Active(Active { pairing, term }) | Self::Paused(Paused { pairing, term, .. }) => {
                Ok(Running { pairing, term })
            }
            _ => Err(NOT_ACTIVE.refuse()),
        }
    }
    /// Whether it has begun and not ended, as [`Self::running`] asks it. The offers of a list ask each card, and take no copy for it.
    pub(super) fn runs(&self) -> bool {
        matches!(self, Self::Active(_) | Self::Paused(_))
    }
    /// Whether it has neither begun nor ended, as [`Self::not_begun`] asks it.
    pub(super) fn is_before_beginning(&self) -> bool {
        matches!(self, Self::Proposed(_) | Self::Accepted(_) | Self::Consented(_))
    }
    /// The mentorship, if it has not ended; otherwise a refusal.
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
    /// The mentorship, if it is active and may have a further meeting. A mentorship completed by its meetings gets its own
    /// refusal.
    pub fn for_meetings(self) -> Result<Active, Refused> {
        match self {
            Self::Completed(it) if it.reason == CompletionReason::MeetingsHeld => Err(MEETINGS_DONE.refuse()),
            other => other.active(),
        }
    }
    /// The mentorship, if it is consented; otherwise a refusal.
    pub fn consented(self) -> Result<Consented, Refused> {
        match self {
            Self::Consented(it) => Ok(it),
            _ => Err(NOT_CONSENTED.refuse()),
        }
    }
    /// The mentorship, if its consent may be signed. A complete consent may need a further signature, for example when the
    /// child turns 14.
    pub fn awaiting_consent(self) -> Result<Accepted, Refused> {
        match self {
            Self::Accepted(it) => Ok(it),
            Self::Consented(it) => {
                Ok(Accepted { pairing: it.pairing, answers: it.answers, consents: it.consents })
            }
            _ => Err(NOT_ACCEPTED.refuse()),
        }
    }
    /// The pair and the acceptances, if the mentorship has not begun; otherwise a refusal.
    pub(super) fn not_begun(self) -> Result<(Pairing, Answers), Refused> {
        match self {
            Self::Proposed(Proposed { pairing, answers })
            | Self::Accepted(Accepted { pairing, answers, .. })
            | Self::Consented(Consented { pairing, answers, .. }) => Ok((pairing, answers)),
            _ => Err(NOT_OPEN.refuse()),
        }
    }
    /// Whether the party has agreed to a mentorship that has not ended.
    pub(super) fn has_agreed(&self, party: AnsweringParty) -> bool {
        match self {
            Self::Proposed(it) => it.answers.has(party),
            Self::Accepted(_) | Self::Consented(_) | Self::Active(_) | Self::Paused(_) => true,
            _ => false,
        }
    }
}
