//! Meetings of councils: planned, held, closed with a protocol, or cancelled (000 L40–42, 001 L3–14, 003 L1–4).
//!
//! - [`orders`]: the bodies of requests. [`words`]: states, presences and votes.
//! - [`states`]: a meeting in its states. [`votes`]: quorum and majorities.
//!
//! Invariant: a decision has a quorum of that day and its votes. The protocol makes decisions and tasks in one transaction, or nothing.
pub mod orders;
pub mod states;
pub mod votes;
pub mod words;

#[cfg(test)]
mod tests;

pub use orders::*;
pub use states::*;
pub use words::*;

use crate::base::access::Right;
use crate::base::action::{Action, Offer, Offers, Verdict};
use crate::base::change::facts;
use crate::base::id::{CouncilId, CouncilMeetingId};
use crate::base::refusal::rules;

rules! {
    NOT_PLANNED = "council_meeting.not_planned", State, ours, "Заседание уже состоялось или отменено.", "The meeting was held or cancelled.";
    NOT_HELD = "council_meeting.not_held", State, ours, "Заседание ещё не состоялось, либо его протокол подписан.", "The meeting was not held, or its protocol is signed.";
    IN_FUTURE = "council_meeting.in_future", Content, ours, "Заседание не может состояться в будущем.", "A meeting cannot be held in the future.";
    COUNCIL_FIXED = "council_meeting.council_fixed", Content, ours, "Заседание не переходит к другому совету.", "A meeting stays with its council.";
    ATTENDANCE = "council_meeting.attendance", Content, ours, "Каждый, кто состоял в совете в этот день, указан ровно один раз.", "Each member of that day is told exactly once.";
    NO_QUORUM = "council_meeting.no_quorum", State, ours, "Нет кворума: решения не принимаются.", "There is no quorum: nothing is decided.";
    VOTES = "council_meeting.votes", Content, ours, "Голосов больше, чем присутствовавших с правом голоса.", "There are more votes than members with a vote who were present.";
    VOTES_BY = "council_meeting.votes_by", Content, ours, "Голоса называют так, как решает совет: по сторонам либо поимённо или числом.", "Votes are told as the council decides: by sides, or else by heads or numbers.";
    BALLOT = "council_meeting.ballot", Content, ours, "Голосует и особое мнение подаёт присутствовавший член совета с правом голоса; каждый голос — один раз.", "A vote and a dissent come from a member with a vote who was present; each votes once.";
    NOT_CARRIED = "council_meeting.not_carried", State, ours, "Решение не набрало нужного числа голосов.", "The decision did not get the votes that it needs.";
    SIDES_ABSENT = "council_meeting.sides_absent", State, ours, "Не все стороны совета представлены: решение принимают все стороны.", "A side of the council was absent: all sides decide together.";
    CHAIR = "council_meeting.chair", Content, ours, "Председательствует присутствовавший член совета с правом голоса.", "A member with a vote who was present presides.";
    SIGNED = "council_meeting.signed", Content, ours, "Протокол подписывают не раньше заседания и не в будущем.", "A protocol is signed not before the meeting, and not in the future.";
    AGENDA = "council_meeting.agenda", Content, ours, "В повестке нет вопроса с таким номером.", "The agenda has no question with this number.";
}

facts! {
    /// A meeting was planned.
    CouncilMeetingPlanned = "council_meeting.planned",
        "Заседание назначено",
        "A meeting was planned"
        about CouncilMeeting (CouncilMeetingId) {
        /// The council.
        council_id: CouncilId,
    }
    /// The plan of a meeting changed.
    CouncilMeetingEdited = "council_meeting.edited",
        "План заседания изменён[: {fields}]",
        "The plan of the meeting was changed[: {fields}]"
        about CouncilMeeting (CouncilMeetingId) {
        /// The names of the members that changed.
        fields: Vec<String>,
    }
    /// A meeting was held.
    CouncilMeetingHeld = "council_meeting.held",
        "Заседание состоялось[, с правом голоса присутствовало: {participants}][ из {entitled}]",
        "The meeting was held[, present with a vote: {participants}][ of {entitled}]"
        about CouncilMeeting (CouncilMeetingId) {
        /// The number of members with a vote who were present.
        participants: i32,
        /// The number of members with a vote.
        entitled: i32,
    }
    /// A meeting was closed with its protocol.
    CouncilMeetingClosed = "council_meeting.closed",
        "Протокол заседания подписан[, решений: {decisions}]",
        "The protocol of the meeting is signed[, decisions: {decisions}]"
        about CouncilMeeting (CouncilMeetingId) {
        /// The number of decisions.
        decisions: usize,
    }
    /// A meeting was cancelled.
    CouncilMeetingCancelled = "council_meeting.cancelled",
        "Заседание отменено",
        "The meeting was cancelled"
        about CouncilMeeting (CouncilMeetingId) {}
}

/// A meeting as its caller sees it.
#[derive(Debug)]
pub struct CouncilMeetingOffers(pub CouncilMeetingState);

impl Offers for CouncilMeetingOffers {
    const AT: &'static str = "council-meetings";
    const OFFERS: &'static [Offer] = &[
        Offer::edit(Right::RunCouncils),
        Offer::step(Action::Hold, "holding", Right::RunCouncils),
        Offer::step(Action::SignProtocol, "protocol", Right::RunCouncils),
        Offer::step(Action::Cancel, "cancellation", Right::RunCouncils),
    ];
    fn judge(&self, action: Action) -> Option<Verdict> {
        let fits = match action {
            Action::SignProtocol => self.0 == CouncilMeetingState::Held,
            _ => self.0 == CouncilMeetingState::Planned,
        };
        fits.then(Verdict::default)
    }
}
