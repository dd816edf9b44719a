//! Group meetings (002 §5.5–5.7) of several mentors and recipients. For each pair that came, a group meeting counts for
//! its regularity. It does not count towards the meetings that complete a program.
mod orders;
#[cfg(test)]
mod tests;
mod words;

pub use orders::{Attendance, GroupHolding, GroupMeetingForm};
pub use words::{CommonGround, GameTopic, GroupMeetingState, GroupPurpose};

use crate::base::access::Right;
use crate::base::action::{Action, Offer, Offers, Verdict};
use crate::base::change::{Changed, changed_fields, facts};
use crate::base::entry::Annulment;
use crate::base::entry::correction::Recorded;
use crate::base::id::{GroupMeetingId, MentorId, MentorshipId, OrganizationId};
use crate::base::moment::{Moment, Zone};
use crate::base::refusal::{Reason, Refused, rules};
use crate::base::text::Title;
use crate::base::word::Word;
use crate::mentorships::meetings::{
    Cancellation, CancellationReason, Direction, MEETING_IN_FUTURE, MEETING_NOT_HELD, MEETING_OUT_OF_TERM,
    MEETING_OVERLAPS, Slot, WorkForm,
};
use crate::people::BeneficiaryCategory;
use chrono::NaiveDate;
use std::collections::BTreeSet;

rules! {
    NOT_PLANNED = "group_meeting.not_planned", State, ours, "Групповая встреча уже состоялась или отменена.", "The group meeting has been held or cancelled already.";
    NO_COMMON_GROUND = "group_meeting.no_common_ground", State, "002 §5.6", "Группу составляют наставники одного учреждения, получатели одной категории или получатели одного наставника.", "A group must have one mentor, mentors of one institution, or recipients of one category.";
    METHOD_UNSUITED = "group_meeting.method_unsuited", Content, "002 §5.5", "Этот метод не подходит для групповой работы.", "This method does not suit work with a group.";
    LEADER_NOT_AMONG = "group_meeting.leader_not_among", Content, "002 §5.6", "Ведёт встречу один из наставников её участников.", "The leader must be one of the mentors who take part.";
    PARTICIPANT_NOT_ACTIVE = "group_meeting.participant_not_active", State, ours, "Наставничество участника не действует.", "The mentorship of a participant is not active.";
    ATTENDANCE = "group_meeting.attendance", Content, ours, "В посещаемости каждый участник указывается ровно один раз.", "Attendance names every participant exactly once.";
    NOBODY_CAME = "group_meeting.nobody_came", Content, ours, "Встреча, на которую никто не пришёл, не состоялась: её отменяют.", "A meeting to which nobody came was not held: cancel it.";
}

facts! {
    /// A group meeting was planned.
    GroupMeetingPlanned = "group_meeting.planned",
        "Групповая встреча запланирована[, участников: {participants}]",
        "A group meeting was planned[, participants: {participants}]"
        about GroupMeeting (GroupMeetingId) {
        /// The common feature of the participants.
        ground: CommonGround,
        /// The number of participants.
        participants: usize,
    }
    /// A planned group meeting changed.
    GroupMeetingEdited = "group_meeting.edited",
        "План групповой встречи изменён[: {fields}]",
        "The plan of a group meeting was changed[: {fields}]"
        about GroupMeeting (GroupMeetingId) {
        /// The names of the members that changed.
        fields: Vec<String>,
        /// The mentorships added to the meeting.
        joined: Vec<MentorshipId>,
        /// The mentorships taken out of the meeting.
        left: Vec<MentorshipId>,
    }
    /// A mentorship ended and was taken out of a planned group meeting.
    GroupMeetingLeft = "group_meeting.left",
        "Наставничество закончилось и выбыло из групповой встречи[, осталось участников: {participants}]",
        "A mentorship ended and left the group meeting[, participants left: {participants}]"
        about GroupMeeting (GroupMeetingId) {
        /// The mentorship.
        mentorship_id: MentorshipId,
        /// The number of remaining participants.
        participants: usize,
    }
    /// A group meeting was held.
    GroupMeetingHeld = "group_meeting.held",
        "Групповая встреча состоялась[, пришло получателей: {attended}]",
        "A group meeting was held[, recipients who came: {attended}]"
        about GroupMeeting (GroupMeetingId) {
        /// The number of recipients who came.
        attended: usize,
        /// The directions of work at the meeting.
        directions: Vec<Direction>,
    }
    /// The record of a held group meeting was annulled.
    GroupMeetingAnnulled = "group_meeting.annulled",
        "Запись о групповой встрече аннулирована",
        "The record of the group meeting was annulled"
        about GroupMeeting (GroupMeetingId) {}
    /// A group meeting was cancelled.
    GroupMeetingCancelled = "group_meeting.cancelled",
        "Групповая встреча отменена[: {reason}]",
        "A group meeting was cancelled[: {reason}]"
        about GroupMeeting (GroupMeetingId) {
        /// The reason for the cancellation.
        reason: CancellationReason,
    }
}

/// A mentorship that takes part in a group meeting, with the data that the rules check.
#[derive(Debug, Clone, PartialEq)]
pub struct Participant {
    /// The mentorship.
    pub mentorship_id: MentorshipId,
    /// The mentor of the mentorship.
    pub mentor_id: MentorId,
    /// The institution that approved the mentor.
    pub organization_id: OrganizationId,
    /// The category of the recipient.
    pub category: BeneficiaryCategory,
    /// The category as text, for the category `other`.
    pub category_text: Option<Title>,
    /// Whether the mentorship is active.
    pub is_active: bool,
    /// The first and the last day. `None` if the mentorship has not begun.
    pub term: Option<(NaiveDate, NaiveDate)>,
    /// The held meetings of the mentorship, individual and in groups.
    pub held: Vec<Slot>,
}

/// The participants of a group meeting.
#[derive(Debug, Clone, PartialEq)]
pub struct Circle {
    /// The mentorships, in the order of the form.
    pub participants: Vec<Participant>,
    /// The region's time zone.
    pub zone: Zone,
}

impl Circle {
    /// The common feature that 002 §5.6 requires of a group. `None` if the participants have none.
    pub fn common_ground(&self) -> Option<CommonGround> {
        let all = &self.participants;
        if is_one(all.iter().map(|it| it.mentor_id)) {
            Some(CommonGround::Mentor)
        } else if is_one(all.iter().map(|it| it.organization_id)) {
            Some(CommonGround::Institution)
        } else if is_one(all.iter().map(|it| (it.category, it.category_text.as_ref()))) {
            Some(CommonGround::Category)
        } else {
            None
        }
    }
    fn of(&self, id: MentorshipId) -> Option<&Participant> {
        self.participants.iter().find(|it| it.mentorship_id == id)
    }
    fn judge(&self, form: &GroupMeetingForm) -> Result<CommonGround, Refused> {
        let mut reasons = Vec::new();
        let ground = self.common_ground();
        if ground.is_none() {
            reasons.push(NO_COMMON_GROUND.reason().at("/mentorship_ids"));
        }
        let day = self.zone.day(form.planned_at);
        for (index, it) in self.participants.iter().enumerate() {
            reasons.extend(it.against_plan(day, &format!("/mentorship_ids/{index}")));
        }
        if !WorkForm::Group.suits(form.method) {
            reasons.push(METHOD_UNSUITED.reason().at("/method"));
        }
        let leads = |mentor| self.participants.iter().any(|it| it.mentor_id == mentor);
        if form.led_by.is_some_and(|it| !leads(it)) {
            reasons.push(LEADER_NOT_AMONG.reason().at("/led_by"));
        }
        Refused::unless_empty(reasons)?;
        ground.ok_or_else(|| NO_COMMON_GROUND.refuse())
    }
}

fn is_one<T: Ord>(all: impl Iterator<Item = T>) -> bool {
    all.collect::<BTreeSet<T>>().len() == 1
}

impl Participant {
    /// The reason against a planned meeting on the day, if there is one.
    fn against_plan(&self, day: NaiveDate, pointer: &str) -> Option<Reason> {
        if self.is_active {
            self.against(day, pointer)
        } else {
            Some(PARTICIPANT_NOT_ACTIVE.reason().at(pointer))
        }
    }
    /// The reason against a held meeting on the day, if there is one. A mentorship that has ended may have met before its end.
    fn against(&self, day: NaiveDate, pointer: &str) -> Option<Reason> {
        let Some((first, last)) = self.term else { return Some(PARTICIPANT_NOT_ACTIVE.reason().at(pointer)) };
        let outside = || {
            let it = MEETING_OUT_OF_TERM.reason().at(pointer).with("not_before", first);
            it.with("not_after", last)
        };
        (!(first..=last).contains(&day)).then(outside)
    }
}

/// A planned group meeting.
#[derive(Debug, Clone, PartialEq)]
pub struct Planned {
    /// The id of the group meeting.
    pub id: GroupMeetingId,
    /// The plan of the meeting.
    pub form: GroupMeetingForm,
}

/// A held group meeting.
#[derive(Debug, Clone, PartialEq)]
pub struct Held {
    /// The meeting as planned.
    pub was: Planned,
    /// The record of the meeting.
    pub holding: GroupHolding,
}

/// A cancelled group meeting.
#[derive(Debug, Clone, PartialEq)]
pub struct Cancelled {
    /// The meeting as planned.
    pub was: Planned,
    /// The order of the cancellation.
    pub cancellation: Cancellation,
}

/// A group meeting in any state. A held or cancelled meeting never changes.
#[derive(Debug, Clone, PartialEq)]
pub enum GroupMeeting {
    /// A planned meeting.
    Planned(Planned),
    /// A held or cancelled meeting.
    Settled,
}

impl GroupMeeting {
    /// The meeting, if it is planned. All rules refuse a held or cancelled meeting through this function.
    pub fn planned(self) -> Result<Planned, Refused> {
        match self {
            Self::Planned(it) => Ok(it),
            Self::Settled => Err(NOT_PLANNED.refuse()),
        }
    }
}

/// A planned meeting after a participant was taken out.
#[derive(Debug, Clone, PartialEq)]
pub enum Left {
    /// The meeting stays planned, with the other participants.
    Planned(Planned),
    /// The meeting is cancelled, because nobody remains.
    Cancelled(Cancelled),
}

impl Planned {
    /// Plans a group meeting.
    pub fn plan(
        id: GroupMeetingId,
        form: &GroupMeetingForm,
        circle: &Circle,
    ) -> Result<Changed<Self>, Refused> {
        let ground = circle.judge(form)?;
        let fact = GroupMeetingPlanned { id, ground, participants: form.mentorship_ids.len() };
        Ok(Changed::new(Self { id, form: form.clone() }, fact))
    }
    /// Replaces the plan. The rules are the same as for a new plan.
    pub fn replan(self, form: &GroupMeetingForm, circle: &Circle) -> Result<Changed<Self>, Refused> {
        circle.judge(form)?;
        let but = |all: &[MentorshipId], others: &[MentorshipId]| {
            all.iter().filter(|it| !others.contains(it)).copied().collect()
        };
        let (before, after) = (&self.form.mentorship_ids, &form.mentorship_ids);
        let (joined, left) = (but(after, before), but(before, after));
        let fact = GroupMeetingEdited { id: self.id, fields: changed_fields(&self.form, form), joined, left };
        Ok(Changed::new(Self { form: form.clone(), ..self }, fact))
    }
    /// Records the meeting as held, with the attendance.
    pub fn hold(self, order: &GroupHolding, circle: &Circle, now: Moment) -> Result<Changed<Held>, Refused> {
        Refused::unless_empty(self.against_holding(order, circle, now))?;
        let attended = order.attendance.iter().filter(|it| it.attended).count();
        let fact = GroupMeetingHeld { id: self.id, attended, directions: order.directions.clone() };
        Ok(Changed::new(Held { was: self, holding: order.clone() }, fact))
    }
    fn against_holding(&self, order: &GroupHolding, circle: &Circle, now: Moment) -> Vec<Reason> {
        let mut reasons = Vec::new();
        let named: BTreeSet<MentorshipId> = order.attendance.iter().map(|it| it.mentorship_id).collect();
        let expected: BTreeSet<MentorshipId> = self.form.mentorship_ids.iter().copied().collect();
        if named != expected || named.len() < order.attendance.len() {
            reasons.push(ATTENDANCE.reason().at("/attendance"));
        }
        if order.attendance.iter().all(|it| !it.attended) {
            reasons.push(NOBODY_CAME.reason().at("/attendance"));
        }
        if order.began_at > now {
            reasons.push(MEETING_IN_FUTURE.reason().at("/began_at"));
        }
        let slot = Slot { began_at: order.began_at, minutes: order.minutes };
        for (index, it) in order.attendance.iter().enumerate().filter(|(_, it)| it.attended) {
            let Some(participant) = circle.of(it.mentorship_id) else { continue };
            let pointer = format!("/attendance/{index}");
            reasons.extend(participant.against(circle.zone.day(order.began_at), &pointer));
            if participant.held.iter().any(|it| it.overlaps(slot)) {
                reasons.push(MEETING_OVERLAPS.reason().at(pointer));
            }
        }
        reasons
    }
    /// The reasons against any record of the meeting: none of its mentorships can have met up to now.
    fn against_any_holding(circle: &Circle, now: Moment) -> Vec<Reason> {
        let today = circle.zone.day(now);
        let has_begun = |it: &Participant| it.term.is_some_and(|(first, _)| first <= today);
        if circle.participants.iter().any(has_begun) {
            return Vec::new();
        }
        let early = circle.participants.iter().enumerate();
        early.filter_map(|(index, it)| it.against(today, &format!("/attendance/{index}"))).collect()
    }
    /// Cancels the meeting.
    pub fn cancel(self, order: &Cancellation) -> Result<Changed<Cancelled>, Refused> {
        Refused::unless_empty(order.unexplained().into_iter().collect())?;
        let fact = GroupMeetingCancelled { id: self.id, reason: order.reason };
        Ok(Changed::new(Cancelled { was: self, cancellation: order.clone() }, fact))
    }
    /// Whether a mentorship that ended on the day may have taken part. Then it stays in the meeting, so that its attendance can
    /// be recorded.
    pub fn may_have_met(&self, ended_on: NaiveDate, zone: Zone, now: Moment) -> bool {
        self.form.planned_at <= now && zone.day(self.form.planned_at) <= ended_on
    }
    /// Takes out a mentorship that has ended. A meeting without participants is cancelled.
    pub fn leave(mut self, mentorship: MentorshipId) -> Changed<Left> {
        self.form.mentorship_ids.retain(|it| *it != mentorship);
        let participants = self.form.mentorship_ids.len();
        let left = GroupMeetingLeft { id: self.id, mentorship_id: mentorship, participants };
        if participants > 0 {
            return Changed::new(Left::Planned(self), left);
        }
        let cancellation = Cancellation { reason: CancellationReason::MentorshipEnded, note: None };
        let fact = GroupMeetingCancelled { id: self.id, reason: cancellation.reason };
        Changed::new(Left::Cancelled(Cancelled { was: self, cancellation }), left).and(fact)
    }
}

/// A held group meeting whose record was annulled. It counts for no pair any more.
#[derive(Debug, Clone, PartialEq)]
pub struct AnnulledGroupMeeting {
    /// The id of the group meeting.
    pub id: GroupMeetingId,
    /// The annulment.
    pub annulment: Annulment,
}

impl AnnulledGroupMeeting {
    /// Annuls the record of a held group meeting.
    pub fn of(
        id: GroupMeetingId,
        state: GroupMeetingState,
        order: &Annulment,
        recorded: Recorded,
        today: NaiveDate,
    ) -> Result<Changed<Self>, Refused> {
        must_be_annullable(state, recorded, today)?;
        Ok(Changed::new(Self { id, annulment: order.clone() }, GroupMeetingAnnulled { id }))
    }
}

/// Refuses the annulment of a meeting that was not held, or of a record that is not open to it.
fn must_be_annullable(state: GroupMeetingState, recorded: Recorded, today: NaiveDate) -> Result<(), Refused> {
    recorded.must_be_open(today)?;
    if state == GroupMeetingState::Held { Ok(()) } else { Err(MEETING_NOT_HELD.refuse()) }
}

/// A group meeting as its caller sees it.
#[derive(Debug)]
pub struct GroupMeetingOffers<'a> {
    /// The state of the meeting.
    pub state: GroupMeetingState,
    /// The participants. `None` in a list.
    pub circle: Option<&'a Circle>,
    /// The record of the held meeting.
    pub recorded: Recorded,
    /// The present moment.
    pub now: Moment,
    /// The present day.
    pub today: NaiveDate,
}

impl Offers for GroupMeetingOffers<'_> {
    const AT: &'static str = "group-meetings";
    const OFFERS: &'static [Offer] = &[
        Offer::edit(Right::EditMeetings),
        Offer::step(Action::Hold, "holding", Right::EditMeetings),
        Offer::step(Action::Cancel, "cancellation", Right::EditMeetings),
        Offer::step(Action::Annul, "annulment", Right::AnnulRecords),
    ];
    fn judge(&self, action: Action) -> Option<Verdict> {
        if action == Action::Annul {
            let is_open = self.state == GroupMeetingState::Held && !self.recorded.is_annulled;
            let judged = || must_be_annullable(self.state, self.recorded, self.today);
            return is_open.then(|| Verdict::default().unless(judged()));
        }
        if self.state != GroupMeetingState::Planned {
            return None;
        }
        match action {
            Action::Edit => {
                let methods = WorkForm::Group.methods().iter().copied();
                Some(Verdict::default().takes("/method", methods))
            }
            Action::Hold => {
                let against = self.circle.map(|it| Planned::against_any_holding(it, self.now));
                Some(Verdict::default().against(against.unwrap_or_default()))
            }
            Action::Cancel => {
                let sent = CancellationReason::ALL.iter().copied().filter(|it| it.is_sent());
                Some(Verdict::default().takes("/reason", sent))
            }
            _ => None,
        }
    }
}
