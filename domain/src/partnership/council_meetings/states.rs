//! The states of a meeting, and the steps between them. A step consumes the state that it leaves.
use super::orders::*;
use super::votes::{against, is_quorate};
use super::words::*;
use super::*;
use crate::base::change::{Changed, changed_fields};
use crate::base::id::{CouncilId, CouncilMemberId, OrganizationId};
use crate::base::moment::{Moment, Zone};
use crate::base::refusal::{Reason, Refused};
use crate::base::text::Code;
use crate::partnership::councils::members::{CouncilMemberForm, CouncilRole};
use crate::partnership::councils::{CouncilForm, DecisionRules};
use crate::partnership::decisions::DecisionText;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A member at a meeting, as the council was on that day. Later changes of the council do not change it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seat {
    /// The member.
    pub member_id: CouncilMemberId,
    /// The way in which the member took part.
    pub presence: Presence,
    /// Whether the member has a vote.
    pub voting: bool,
    /// The role.
    pub role: CouncilRole,
    /// The side.
    pub side: Option<Code>,
    /// The organization that the member comes from.
    pub organization_id: Option<OrganizationId>,
}

impl Seat {
    /// Whether the member has a vote and was present.
    pub fn votes(&self) -> bool {
        self.voting && self.presence.is_there()
    }
}

/// The record of a meeting.
#[derive(Debug, Clone, PartialEq)]
pub struct Sitting {
    /// The beginning.
    pub began_at: Moment,
    /// The length in minutes.
    pub minutes: i32,
    /// The members.
    pub seats: Vec<Seat>,
    /// Guests.
    pub guests: Vec<CouncilGuest>,
    /// The rules by which the council decided at that time.
    pub rules: DecisionRules,
}

impl Sitting {
    fn count(&self, fits: impl Fn(&Seat) -> bool) -> i32 {
        i32::try_from(self.seats.iter().filter(|it| fits(it)).count()).unwrap_or(i32::MAX)
    }
    /// The number of members with a vote.
    pub fn entitled(&self) -> i32 {
        self.count(|it| it.voting)
    }
    /// The number of those of them who were present.
    pub fn present(&self) -> i32 {
        self.count(Seat::votes)
    }
    /// Whether the member has a vote and was present.
    pub fn votes(&self, id: CouncilMemberId) -> bool {
        self.seats.iter().any(|it| it.member_id == id && it.votes())
    }
    /// The member whose vote decides a tie: the chair of the council, where one with a vote was present, else the member who presided.
    pub fn casting(&self, presided: CouncilMemberId) -> CouncilMemberId {
        let chairs = self.seats.iter().filter(|it| it.role == CouncilRole::Chair && it.votes());
        let chairs: Vec<CouncilMemberId> = chairs.map(|it| it.member_id).collect();
        let is_chair = chairs.contains(&presided);
        chairs.first().copied().filter(|_| !is_chair).unwrap_or(presided)
    }
    /// Whether a member of the side with a vote was present.
    pub fn has_side(&self, side: &Code) -> bool {
        self.seats.iter().any(|it| it.side.as_ref() == Some(side) && it.votes())
    }
    /// Whether enough members with a vote were present.
    pub fn is_quorate(&self) -> bool {
        is_quorate(self.rules.quorum, self.entitled(), self.present())
    }
}

/// A planned meeting.
#[derive(Debug, Clone, PartialEq)]
pub struct Planned {
    /// The id of the meeting.
    pub id: CouncilMeetingId,
    /// The organization that keeps the council.
    pub organization_id: OrganizationId,
    /// The plan.
    pub form: CouncilMeetingForm,
}

/// A meeting that was held; its protocol is not signed.
#[derive(Debug, Clone, PartialEq)]
pub struct Held {
    /// The meeting as planned.
    pub was: Planned,
    /// The record.
    pub sitting: Sitting,
}

/// A closed meeting, which never changes.
#[derive(Debug, Clone, PartialEq)]
pub struct Closed {
    /// The meeting as held.
    pub was: Held,
    /// The protocol.
    pub protocol: CouncilProtocol,
    /// The day of the meeting, on which its decisions were adopted.
    pub day: NaiveDate,
}

/// A meeting that was cancelled.
#[derive(Debug, Clone, PartialEq)]
pub struct Dropped {
    /// The meeting as planned.
    pub was: Planned,
    /// The order.
    pub order: CouncilMeetingCancellation,
}

/// A meeting in any state.
#[derive(Debug, Clone, PartialEq)]
pub enum CouncilMeeting {
    /// The meeting is to come.
    Planned(Planned),
    /// The meeting took place.
    Held(Held),
    /// The meeting is closed or cancelled.
    Over,
}

impl CouncilMeeting {
    /// The meeting, if it is planned; otherwise a refusal.
    pub fn planned(self) -> Result<Planned, Refused> {
        match self {
            Self::Planned(it) => Ok(it),
            Self::Held(_) | Self::Over => Err(NOT_PLANNED.refuse()),
        }
    }
    /// The meeting, if it was held and is not closed; otherwise a refusal.
    pub fn held(self) -> Result<Held, Refused> {
        match self {
            Self::Held(it) => Ok(it),
            Self::Planned(_) | Self::Over => Err(NOT_HELD.refuse()),
        }
    }
}

impl Planned {
    /// Plans a meeting of a council of that organization.
    pub fn plan(
        id: CouncilMeetingId,
        organization_id: OrganizationId,
        form: &CouncilMeetingForm,
    ) -> Changed<Self> {
        let fact = CouncilMeetingPlanned { id, council_id: form.council_id };
        Changed::new(Self { id, organization_id, form: form.clone() }, fact)
    }
    /// Replaces the plan.
    pub fn replan(self, form: &CouncilMeetingForm) -> Result<Changed<Self>, Refused> {
        if form.council_id != self.form.council_id {
            return Err(COUNCIL_FIXED.reason().at("/council_id").into());
        }
        let fact = CouncilMeetingEdited { id: self.id, fields: changed_fields(&self.form, form) };
        Ok(Changed::new(Self { form: form.clone(), ..self }, fact))
    }
    /// Records the meeting as held, by the rules that the council has now. `members` are those of the council; each of that day is told once.
    pub fn hold(
        self,
        order: &CouncilHolding,
        (of, members): (&CouncilForm, &[(CouncilMemberId, CouncilMemberForm)]),
        (now, zone): (Moment, Zone),
    ) -> Result<Changed<Held>, Refused> {
        let mut reasons = Vec::new();
        if order.began_at > now {
            reasons.push(IN_FUTURE.reason().at("/began_at"));
        }
        let day = zone.day(order.began_at);
        let there: Vec<_> = members.iter().filter(|it| it.1.is_there(day)).collect();
        let seats: Vec<Seat> = order.attendance.iter().filter_map(|it| seat(it, &there)).collect();
        let told: BTreeSet<CouncilMemberId> = order.attendance.iter().map(|it| it.member_id).collect();
        let all = order.attendance.len();
        if [told.len(), seats.len(), there.len()] != [all; 3] {
            let wrong = ATTENDANCE.reason().at("/attendance");
            reasons.push(wrong.with("members", there.len()).with("told", all));
        }
        Refused::unless_empty(reasons)?;
        let (began_at, minutes, guests) = (order.began_at, order.minutes, order.guests.clone());
        let sitting = Sitting { began_at, minutes, seats, guests, rules: of.decision_rules() };
        let (entitled, participants) = (sitting.entitled(), sitting.present());
        let fact = CouncilMeetingHeld { id: self.id, participants, entitled };
        Ok(Changed::new(Held { was: self, sitting }, fact))
    }
    /// Cancels the meeting.
    pub fn cancel(self, order: &CouncilMeetingCancellation) -> Changed<Dropped> {
        let fact = CouncilMeetingCancelled { id: self.id };
        Changed::new(Dropped { was: self, order: order.clone() }, fact)
    }
}

fn seat(it: &CouncilAttendance, there: &[&(CouncilMemberId, CouncilMemberForm)]) -> Option<Seat> {
    let (member_id, member) = there.iter().find(|(id, _)| *id == it.member_id)?;
    Some(Seat {
        member_id: *member_id,
        presence: it.presence,
        voting: member.voting,
        role: member.role,
        side: member.side.clone(),
        organization_id: member.organization_id,
    })
}

impl Held {
    /// The council whose meeting it is.
    pub fn council_id(&self) -> CouncilId {
        self.was.form.council_id
    }
    /// Closes the meeting with its protocol. Without a quorum it closes reports and information, and decides nothing.
    pub fn close(
        self,
        order: &CouncilProtocol,
        (today, zone): (NaiveDate, Zone),
    ) -> Result<Changed<Closed>, Refused> {
        let day = zone.day(self.sitting.began_at);
        let mut reasons = Vec::new();
        if order.signed_on < day || order.signed_on > today {
            reasons.push(SIGNED.reason().at("/signed_on").with("held_on", day).with("today", today));
        }
        if !self.sitting.votes(order.chair_id) {
            reasons.push(CHAIR.reason().at("/chair_id"));
        }
        for (n, it) in order.items.iter().enumerate() {
            let found = self.against_item(it, order, day);
            reasons.extend(found.into_iter().map(|it| it.under(&format!("/items/{n}"))));
        }
        Refused::unless_empty(reasons)?;
        let decisions = order.items.iter().filter(|it| it.decision.is_some()).count();
        let fact = CouncilMeetingClosed { id: self.was.id, decisions };
        Ok(Changed::new(Closed { was: self, protocol: order.clone(), day }, fact))
    }
    fn against_item(&self, it: &ProtocolItem, order: &CouncilProtocol, day: NaiveDate) -> Vec<Reason> {
        let mut reasons = against(it, &self.sitting, order.chair_id);
        let last = self.was.form.agenda.len();
        if usize::try_from(it.agenda_number).is_ok_and(|number| number > last) {
            reasons.push(AGENDA.reason().at("/agenda_number").with("questions", last));
        }
        for (n, dissent) in it.dissents.iter().enumerate() {
            if !self.sitting.votes(dissent.member_id) {
                reasons.push(BALLOT.reason().at(format!("/dissents/{n}/member_id")));
            }
        }
        let Some(decision) = &it.decision else { return reasons };
        if !self.sitting.is_quorate() {
            reasons.retain(|it| it.rule.code != NOT_CARRIED.code);
            let (present, entitled) = (self.sitting.present(), self.sitting.entitled());
            let missing = NO_QUORUM.reason().at("/decision");
            reasons.push(missing.with("present", present).with("entitled", entitled));
        }
        reasons.extend(DecisionText::against(decision, day).into_iter().map(|it| it.under("/decision")));
        reasons
    }
}
