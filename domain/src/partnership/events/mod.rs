//! Events of every kind that the sources name (000 L57–61; 003 L29–59; 004 L113).
//!
//! - [`attendance`]: how many came, by audience, and the counts as each eye sees them. [`participants`]: persons at an event.
//! - [`volunteer_work`]: hours of volunteers. [`orders`]: the steps of an event.
//! - this page: an event.
//!
//! Invariant: the card of an event names no person, and no number of people. A number that is not known is absent, and never nought.
pub mod attendance;
pub mod orders;
pub mod participants;
pub mod volunteer_work;

use super::words::{Audience, EventKind, ReachLevel, Technology};
use crate::base::id::{
    ActionPackageId, AgreementId, ClubId, CouncilId, EventId, OrganizationId, ProgramId, ProjectId,
};
use crate::base::refusal::{Reason, broken, rules};
use crate::base::text::{BOTH, MISSING, Note, Oktmo, Title};
use crate::base::word::words;
use chrono::{NaiveDate, TimeDelta};
use shape::{entry, form};
use validator::Validate;

rules! {
    ENDS_EARLY = "event.ends_early", Content, ours, "Мероприятие не заканчивается раньше, чем начинается.", "An event does not end before it begins.";
    NOT_PLANNED = "event.not_planned", State, ours, "Мероприятие уже состоялось или отменено.", "The event was held or cancelled already.";
    NOT_HELD = "event.not_held", State, ours, "Мероприятие ещё не состоялось.", "The event was not held yet.";
    IN_FUTURE = "event.in_future", Content, ours, "День не может быть в будущем.", "The day must not lie in the future.";
    CLOSED = "event.closed", State, ours, "Запись на мероприятие закрыта.", "The registration for the event is closed.";
    OWNER_FIXED = "event.owner_fixed", Content, ours, "Мероприятие не переходит другой организации: на него записаны люди.", "An event does not pass to another organization, for people are registered for it.";
    HELD_FIXED = "event.held_fixed", State, ours, "Мероприятие состоялось и уже посчитано: его связи и день по плану остаются. Неверный день проведения исправляет новое проведение с причиной.", "The event was held and is counted: its ties and its day by plan stay. A wrong day of the holding is mended by another holding with a reason.";
    NOT_THERE = "event.not_there", Content, ours, "Того, с чем связано мероприятие, в этот день ещё нет или уже нет.", "The thing to which the event is tied is not there on that day.";
    SEATS_TAKEN = "event.seats_taken", State, ours, "Записано больше людей, чем стало бы мест.", "More people are registered than there would be seats.";
}

words! {
    /// The state of an event.
    EventState in "event-states" {
        Planned = "planned", "запланировано", "planned";
        Held = "held", "состоялось", "held";
        Cancelled = "cancelled", "отменено", "cancelled";
    }

    /// The way in which people register for an event.
    EventRegistration in "event-registrations" {
        Without = "none", "без записи", "none";
        ByStaff = "by_staff", "записывает специалист", "by staff";
        Open = "open", "открытая", "open";
    }
}

/// A part of the programme of an event.
#[form]
#[schema(example = json!({"title": "Открытие", "hours": "10:00", "minutes": 30, "speaker": "Заместитель министра"}))]
pub struct ProgrammePart {
    /// Title.
    pub title: Title,
    /// The day, where the event lasts several.
    pub held_on: Option<NaiveDate>,
    /// The hours in words.
    pub hours: Option<Title>,
    /// The minutes, 5 to 720.
    #[within(5..=720)]
    pub minutes: Option<i32>,
    /// The one who speaks or leads, as the programme names them.
    pub speaker: Option<Title>,
}

/// An event as it is entered and edited, whole.
#[entry(Event: EventId, at "events", named "event" "events", tag "partnership", read ReadPartnership, edit EditPartnership, called title, by starts_on, annul, judged)]
#[schema(example = json!({"title": "Формула счастья", "kind": "lecture", "organization_id": "01980000-0000-7000-8000-000000000001", "project_id": "01980000-0000-7000-8000-000000000079", "level": "municipal", "territory": "25655000", "place": "Школа № 3", "online": false, "starts_on": "2026-01-20", "hours": "14:00–15:00", "technologies": ["social_partnership"], "audiences": ["minors"], "programme": [{"title": "Беседа", "minutes": 45, "speaker": "Психолог центра"}], "co_organizer_ids": ["01980000-0000-7000-8000-000000000001"], "registration": "by_staff", "registration_until": "2026-01-18", "seats": 60}))]
pub struct EventForm {
    /// The organization that holds it.
    #[owner]
    #[fixed(OWNER_FIXED)]
    #[filter = "Only of this organization."]
    pub organization_id: OrganizationId,
    /// Title.
    pub title: Title,
    /// The kind.
    #[told]
    #[filter = "Only of these kinds."]
    pub kind: EventKind,
    /// The kind in words. Required for another kind, and for no other.
    pub kind_text: Option<Title>,
    /// The reach.
    #[filter = "Only of this reach."]
    pub level: ReachLevel,
    /// The project of which it is a part. A platform is a project too. An event is tied to what its organization belongs to, and for a day
    /// on which that is there. Once it was held, its ties stay, and those that it lacks may be told.
    #[filter = "Only of this project."]
    pub project_id: Option<ProjectId>,
    /// The program of mentoring to which it belongs.
    pub program_id: Option<ProgramId>,
    /// The club that meets.
    #[filter = "Only meetings of this club."]
    pub club_id: Option<ClubId>,
    /// The agreement from which it follows.
    #[filter = "Only those that follow from this agreement."]
    pub agreement_id: Option<AgreementId>,
    /// The council that has brought it about.
    pub council_id: Option<CouncilId>,
    /// The package of measures of which it is a part.
    #[filter = "Only of this package of measures."]
    pub package_id: Option<ActionPackageId>,
    /// The territory in which it takes place.
    #[beginning("Only where the territory's code begins so.", 2..=11, "25655")]
    pub territory: Option<Oktmo>,
    /// The place.
    pub place: Option<Title>,
    /// Whether people take part from afar.
    pub online: bool,
    /// The first day by plan.
    #[told]
    #[between(
        "Only those that begin on this day by plan or later.",
        "Only those that begin on this day by plan or earlier."
    )]
    pub starts_on: NaiveDate,
    /// The last day by plan, if it is another one.
    pub ends_on: Option<NaiveDate>,
    /// The hours in words.
    pub hours: Option<Title>,
    /// The aims.
    pub aims: Option<Note>,
    /// The technologies of work.
    #[at_most(5)]
    pub technologies: Vec<Technology>,
    /// The audiences for whom it is.
    #[at_most(20)]
    #[among(audience, "event_audiences", "Only for one of these audiences.")]
    pub audiences: Vec<Audience>,
    /// The programme.
    #[at_most(60)]
    pub programme: Vec<ProgrammePart>,
    /// The organizations that hold it together with the owner. They enter the numbers of people too.
    #[at_most(30)]
    #[among(
        organizer_id,
        "event_organizers",
        "Only those that this organization holds, alone or together with others.",
        run_by
    )]
    pub co_organizer_ids: Vec<OrganizationId>,
    /// The organizations that tell of it.
    #[at_most(10)]
    pub information_partner_ids: Vec<OrganizationId>,
    /// The organization that gives the place.
    #[refers(Organization)]
    pub host_id: Option<OrganizationId>,
    /// The way in which people register.
    pub registration: EventRegistration,
    /// The last day on which people register themselves: the first day of the event, if none is told.
    pub registration_until: Option<NaiveDate>,
    /// The seats, 1 to 100 000. Those who register after them wait.
    #[within(1..=100_000)]
    pub seats: Option<i32>,
    /// The state. The steps `holding` and `cancellation` change it.
    #[state]
    #[filter = "Only in these states."]
    pub state: EventState,
    /// The first day on which it was held.
    #[state]
    pub held_on: Option<NaiveDate>,
    /// The reason for which it was cancelled.
    #[state]
    pub cancel_reason: Option<Note>,
}

impl EventForm {
    fn judge(&self, _: EventId, before: Option<&Self>) -> Vec<Reason> {
        let (is_other, has_text) = (self.kind == EventKind::Other, self.kind_text.is_some());
        let has_seats = self.seats.is_some() || self.registration_until.is_some();
        let no_registration = self.registration == EventRegistration::Without && has_seats;
        let at = if self.seats.is_some() { "/seats" } else { "/registration_until" };
        let mut reasons = broken([
            (self.ends_on.is_some_and(|it| it < self.starts_on), ENDS_EARLY.reason().at("/ends_on")),
            (is_other && !has_text, MISSING.reason().at("/kind_text")),
            (!is_other && has_text, BOTH.reason().at("/kind_text").with("with", "/kind")),
            (no_registration, BOTH.reason().at(at).with("with", "/registration")),
        ]);
        if let Some(was) = before.filter(|it| it.state == EventState::Held) {
            reasons.extend(self.moved_from(was).into_iter().map(|it| HELD_FIXED.reason().at(it)));
        }
        reasons
    }
    /// The members by which an event that was held was counted, and that an edit would change: its ties, and its day by plan. A tie that it
    /// lacked moves no number from anywhere.
    fn moved_from(&self, was: &Self) -> Vec<&'static str> {
        let moved = [
            (was.project_id.is_some() && self.project_id != was.project_id, "/project_id"),
            (was.club_id.is_some() && self.club_id != was.club_id, "/club_id"),
            (was.agreement_id.is_some() && self.agreement_id != was.agreement_id, "/agreement_id"),
            (was.council_id.is_some() && self.council_id != was.council_id, "/council_id"),
            (was.package_id.is_some() && self.package_id != was.package_id, "/package_id"),
            (self.starts_on != was.starts_on, "/starts_on"),
        ];
        moved.into_iter().filter(|it| it.0).map(|it| it.1).collect()
    }
    /// The day for which the event names organizations: the first on which it was held, or the first by plan.
    pub fn first_day(&self) -> NaiveDate {
        self.held_on.unwrap_or(self.starts_on)
    }
    /// The first and the last day. One that was held lasts as many days from its holding on as it was to last by plan.
    pub fn days(&self) -> (NaiveDate, NaiveDate) {
        let first = self.first_day();
        let more = self.ends_on.map_or(TimeDelta::zero(), |it| it.signed_duration_since(self.starts_on));
        (first, first.checked_add_signed(more).unwrap_or(first).max(first))
    }
    /// Whether the step between these forms has held it, or has held it again on another day.
    pub fn is_held_after(&self, before: &Self) -> bool {
        self.state == EventState::Held && (before.state != self.state || before.held_on != self.held_on)
    }
    /// Whether people may register themselves on that day.
    pub fn is_open_on(&self, today: NaiveDate) -> bool {
        let last = self.registration_until.unwrap_or(self.starts_on);
        self.registration == EventRegistration::Open && self.state == EventState::Planned && today <= last
    }
    /// Whether people are entered on that day: by themselves, or by staff.
    pub fn takes_people(&self, by_self: bool, today: NaiveDate) -> bool {
        match (by_self, self.state) {
            (true, _) => self.is_open_on(today),
            (false, EventState::Planned) => self.registration != EventRegistration::Without,
            (false, EventState::Held) => true,
            (false, EventState::Cancelled) => false,
        }
    }
    /// The organizations whose staff enter the numbers of people.
    pub fn run_by(&self) -> impl Iterator<Item = OrganizationId> + '_ {
        std::iter::once(self.organization_id).chain(self.co_organizer_ids.iter().copied())
    }
    /// Whether that organization helps with the event, beside its owner.
    pub fn is_partner(&self, it: OrganizationId) -> bool {
        let is_helper = self.co_organizer_ids.contains(&it) || self.information_partner_ids.contains(&it);
        is_helper || self.host_id == Some(it)
    }
}
