//! Planning a meeting and recording it as held, with the rules for both.
use super::{
    HOMEWORK_DUE_EARLY, HeldMeeting, Holding, MEETING_IN_FUTURE, MEETING_OUT_OF_TERM, MEETING_OVERLAPS,
    METHOD_UNSUITED, MeetingEdited, MeetingForm, MeetingHeld, MeetingMethod, MeetingPlanned, MeetingRecord,
    Planned, WRONG_REQUEST, WorkForm,
};
use crate::base::change::{Changed, changed_fields};
use crate::base::id::MeetingId;
use crate::base::moment::{Moment, Zone};
use crate::base::refusal::{Reason, Refused};
use crate::mentorships::requests::{NOT_OPEN, Request};
use crate::mentorships::{Active, Completed, CompletionReason, LifePlan, MEETINGS_DONE};
use crate::region::programs::{Completion, CompletionKind};
use chrono::{NaiveDate, TimeDelta};

/// The time interval of a held meeting.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Slot {
    /// The beginning.
    pub began_at: Moment,
    /// The length in minutes.
    pub minutes: i32,
}

impl Slot {
    pub(crate) fn overlaps(self, other: Self) -> bool {
        let end = |it: Self| it.began_at.plus(TimeDelta::minutes(it.minutes.into()));
        self.began_at < end(other) && other.began_at < end(self)
    }
}

/// The stored data for recording a meeting as held.
#[derive(Debug, Clone, PartialEq)]
pub struct Pace {
    /// The held individual meetings of the mentorship.
    pub held: Vec<Slot>,
    /// The held group meetings of the mentorship. They must not overlap with the new one, but do not count towards completion.
    pub in_groups: Vec<Slot>,
    /// The condition of completion in the edition of the mentorship.
    pub completion: Completion,
    /// The life plan of the recipient, as the edition asks for it.
    pub life_plan: LifePlan,
    /// The region's time zone.
    pub zone: Zone,
}

impl Pace {
    /// Whether all meetings that complete the mentorship are held.
    pub(in crate::mentorships) fn is_reached(&self) -> bool {
        self.goal().is_some_and(|goal| self.held.len() >= goal)
    }
    /// The reason against a further meeting: all are held.
    pub(in crate::mentorships) fn against_planning(&self) -> Vec<Reason> {
        self.is_reached().then(|| MEETINGS_DONE.reason()).into_iter().collect()
    }
    /// The number of meetings that completes the mentorship. `None` if it is completed by date.
    fn goal(&self) -> Option<usize> {
        let by_meetings = self.completion.kind == CompletionKind::Meetings;
        self.completion.meetings.filter(|_| by_meetings).and_then(|it| usize::try_from(it).ok())
    }
}

/// The result of holding a meeting. The last meeting of a program also completes the mentorship.
#[derive(Debug, Clone, PartialEq)]
pub struct MeetingOutcome {
    /// The meeting.
    pub meeting: HeldMeeting,
    /// The completed mentorship, if this meeting was the last one.
    pub completed: Option<Completed>,
}

impl Active {
    /// Plans a meeting in the term of the mentorship. None is planned when all are held and only the life plan is awaited.
    pub fn plan(
        &self,
        id: MeetingId,
        form: &MeetingForm,
        asked: Option<&Request>,
        pace: &Pace,
    ) -> Result<Changed<Planned>, Refused> {
        let mut reasons = pace.against_planning();
        reasons.extend(self.against_plan(form, pace.zone));
        reasons.extend(against_request(form, asked, true));
        Refused::unless_empty(reasons)?;
        let mentorship_id = self.pairing.id;
        Ok(Changed::new(
            Planned { id, mentorship_id, form: form.clone() },
            MeetingPlanned { id, mentorship_id },
        ))
    }
    /// Replaces the plan of a meeting.
    pub fn replan(
        &self,
        meeting: Planned,
        form: &MeetingForm,
        asked: Option<&Request>,
        zone: Zone,
    ) -> Result<Changed<Planned>, Refused> {
        let mut reasons = self.against_plan(form, zone);
        // The request may be closed since it was first named. The plan may keep naming it, but then does not answer it.
        let is_new = meeting.form.request_id != form.request_id;
        reasons.extend(against_request(form, asked, is_new));
        Refused::unless_empty(reasons)?;
        let Planned { id, mentorship_id, form: before } = meeting;
        let fact = MeetingEdited { id, mentorship_id, fields: changed_fields(&before, form) };
        Ok(Changed::new(Planned { id, mentorship_id, form: form.clone() }, fact))
    }
    /// Records a meeting as held. In a program completed by meetings, the last one completes the mentorship, unless the life plan is
    /// awaited.
    pub fn hold(
        self,
        meeting: Planned,
        order: &Holding,
        pace: &Pace,
        now: Moment,
    ) -> Result<Changed<MeetingOutcome>, Refused> {
        Refused::unless_empty(self.against_holding(order, pace, now))?;
        Ok(self.held(meeting, order, pace))
    }
    /// Records a held meeting that was not planned. The rules of planning apply too.
    pub fn record(
        self,
        id: MeetingId,
        order: &MeetingRecord,
        asked: Option<&Request>,
        pace: &Pace,
        now: Moment,
    ) -> Result<Changed<MeetingOutcome>, Refused> {
        let (form, holding) = (order.plan(), order.holding());
        let mut reasons = self.against_holding(&holding, pace, now);
        reasons.extend(unsuited(&form));
        reasons.extend(against_request(&form, asked, true));
        Refused::unless_empty(reasons)?;
        let planned = Planned { id, mentorship_id: self.pairing.id, form };
        Ok(self.held(planned, &holding, pace))
    }
    fn held(self, meeting: Planned, order: &Holding, pace: &Pace) -> Changed<MeetingOutcome> {
        let earlier = pace.held.iter().filter(|it| it.began_at < order.began_at).count();
        let fact = MeetingHeld {
            id: meeting.id,
            mentorship_id: meeting.mentorship_id,
            number: i32::try_from(earlier).unwrap_or(i32::MAX).saturating_add(1),
            directions: order.directions.clone(),
        };
        let meeting = HeldMeeting { was: meeting, holding: order.clone(), homework_done: false };
        let slot = Slot { began_at: order.began_at, minutes: order.minutes };
        let pace = Pace { held: pace.held.iter().copied().chain([slot]).collect(), ..pace.clone() };
        let Some(ended_on) = pace.completed_on() else {
            return Changed::new(MeetingOutcome { meeting, completed: None }, fact);
        };
        let (completed, end) = self.complete(CompletionReason::MeetingsHeld, ended_on);
        Changed::new(MeetingOutcome { meeting, completed: Some(completed) }, fact).and(end)
    }
    fn against_plan(&self, form: &MeetingForm, zone: Zone) -> Vec<Reason> {
        let out_of_term = self.out_of_term(zone.day(form.planned_at), "/planned_at");
        out_of_term.into_iter().chain(unsuited(form)).collect()
    }
    /// The reasons against the record of any held meeting: all are held, or none can have been, for the term has not begun.
    pub(in crate::mentorships) fn against_recording(&self, pace: &Pace, now: Moment) -> Vec<Reason> {
        let early = Some(pace.zone.day(now)).filter(|day| *day < self.term.starts_on);
        let early = early.and_then(|day| self.out_of_term(day, "/began_at"));
        pace.against_planning().into_iter().chain(early).collect()
    }
    fn against_holding(&self, order: &Holding, pace: &Pace, now: Moment) -> Vec<Reason> {
        let slot = Slot { began_at: order.began_at, minutes: order.minutes };
        let mut reasons = pace.against_planning();
        if order.began_at > now {
            reasons.push(MEETING_IN_FUTURE.reason().at("/began_at"));
        }
        reasons.extend(self.out_of_term(pace.zone.day(order.began_at), "/began_at"));
        if pace.held.iter().chain(&pace.in_groups).any(|it| it.overlaps(slot)) {
            reasons.push(MEETING_OVERLAPS.reason().at("/began_at"));
        }
        let day = pace.zone.day(order.began_at);
        if order.homework_due_on.is_some_and(|it| it < day) {
            reasons.push(HOMEWORK_DUE_EARLY.reason().at("/homework_due_on").with("not_before", day));
        }
        reasons
    }
    fn out_of_term(&self, day: NaiveDate, pointer: &str) -> Option<Reason> {
        let term = self.term.starts_on..=self.term.ends_on;
        let reason = || {
            let it = MEETING_OUT_OF_TERM.reason().at(pointer).with("not_before", self.term.starts_on);
            it.with("not_after", self.term.ends_on)
        };
        (!term.contains(&day)).then(reason)
    }
}

/// The refusal of a method that does not suit individual work (002 §5.2).
fn unsuited(form: &MeetingForm) -> Option<Reason> {
    let suits = WorkForm::Individual.suits(form.method);
    (!suits).then(|| METHOD_UNSUITED.reason().at("/method"))
}

/// The reasons against naming the request: it must be open, and ask for a consultation or aid like the meeting (002 §5.4).
fn against_request(form: &MeetingForm, asked: Option<&Request>, is_new: bool) -> Vec<Reason> {
    let Some(asked) = asked else { return Vec::new() };
    let mut reasons = Vec::new();
    let answers = matches!(form.method, MeetingMethod::Consultation | MeetingMethod::Aid);
    if !answers || !asked.kind().is_for_the_mentor() {
        reasons.push(WRONG_REQUEST.reason().at("/request_id"));
    }
    if is_new && matches!(asked, Request::Settled(_)) {
        reasons.push(NOT_OPEN.reason().at("/request_id"));
    }
    reasons
}
