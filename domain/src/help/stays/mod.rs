//! Stays: a person sleeps in a bed, from the reservation to the departure (004 L99, L120, L230).
//!
//! - [`orders`]: the bodies of requests. [`words`]: states, purposes and reasons. [`actions`]: the orders that a stay takes.
//! - this page: reserved, arrived, missed, over, and the steps between them.
//!
//! Invariant: no bed and no person has two stays on one night. The rule judges first and names the nights, the tables judge again.
pub mod actions;
pub mod orders;
pub mod words;

#[cfg(test)]
mod tests;

pub use actions::StayOffers;
pub use orders::*;
pub use words::*;

use crate::base::change::{Changed, facts};
use crate::base::id::{
    BedId, BeneficiaryId, FacilityId, FileId, HouseRulesId, OrganizationId, RoomId, StayId,
};
use crate::base::moment::{Moment, Zone, age_years};
use crate::base::refusal::{Reason, Refused, rules};
use crate::base::text::Note;
use crate::help::places::nights::{Busy, Place, Sleeper, Span, against, against_past};
use crate::help::places::rooms::RoomGroup;
use crate::people::register::against_beginning;
use crate::people::{COMING_OF_AGE_YEARS, Lives};
use chrono::{NaiveDate, TimeDelta};

rules! {
    NOT_RESERVED = "stay.not_reserved", State, ours, "Брони нет: человек уже приехал, бронь отменена или её срок истёк.", "There is no reservation: the person has arrived, or it was cancelled, or its hold is over.";
    NOT_ARRIVED = "stay.not_arrived", State, ours, "Человек здесь не проживает.", "The person does not live here.";
    OVER = "stay.over", State, ours, "Проживание или бронь уже закончились.", "The stay or the reservation is over.";
    NOT_A_PERSON = "stay.not_a_person", Content, ours, "Место дают человеку, а не семье.", "A bed is given to a person, not to a family.";
    AGE = "stay.age", Content, "ПП 481 п. 31", "Возраст не тот, для которого это место проживания: нужен приказ директора.", "The facility is for another age: an order of the director is needed.";
    PERMISSION = "stay.permission", Content, ours, "Несовершеннолетний проживает с разрешения органа опеки.", "A minor stays with the permission of the guardianship authority.";
    CASE_NEEDED = "stay.case_needed", State, "004 L99", "Нужен открытый случай получателя в этой организации или приказ директора.", "An open case of the beneficiary in this organization is needed, or an order of the director.";
    TOO_LONG = "stay.too_long", Content, ours, "Проживание вместе со всеми продлениями дольше, чем разрешено.", "The stay with all its extensions is longer than the facility allows.";
    NOT_TODAY = "stay.not_today", Content, ours, "Приезжают с первого дня проживания.", "One arrives from the first day of the stay on.";
    IN_FUTURE = "stay.in_future", Content, ours, "Будущее не записывают как прошедшее.", "What has not happened yet is not recorded.";
    RULES_UNSIGNED = "stay.rules_unsigned", State, ours, "Действующие правила проживания не подписаны.", "The house rules in force are not signed.";
    NOT_LATER = "stay.not_later", Content, ours, "Продлевают до более позднего дня.", "A stay is extended to a later day.";
    OTHER_FACILITY = "stay.other_facility", Content, ours, "Перемещают внутри одного места проживания; в другом начинают новое проживание.", "A move stays within the facility; in another one a new stay begins.";
    SAME_BED = "stay.same_bed", Content, ours, "Человек уже на этом месте.", "The person has this bed already.";
    DEPARTURE_DAY = "stay.departure_day", Content, ours, "Выбывают не раньше приезда и не позже последнего дня; кто остаётся, тому продлевают.", "One departs between the arrival and the planned day; for longer the stay is extended.";
    CASE_OPEN_STAY = "case.open_stay", State, ours, "У получателя есть бронь или проживание: сначала оформите выбытие или отмену.", "The beneficiary has a reservation or a stay: record the departure or cancel it first.";
}

facts! {
    /// A bed was booked.
    StayReserved = "stay.reserved",
        "Место забронировано[, с {from_on}][ до {until_on}][: {purpose}]",
        "A bed was booked[, from {from_on}][ until {until_on}][: {purpose}]"
        about Stay (StayId) {
        /// The beneficiary.
        beneficiary_id: BeneficiaryId,
        /// The bed.
        bed_id: BedId,
        /// The first night.
        from_on: NaiveDate,
        /// The day of the departure.
        until_on: NaiveDate,
        /// The purpose.
        purpose: StayPurpose,
    }
    /// The person arrived.
    StayArrived = "stay.arrived",
        "Человек приехал",
        "The person arrived"
        about Stay (StayId) {}
    /// An arrival that was in time was recorded after the hold.
    StayRestored = "stay.restored",
        "Человек приехал вовремя: неявка отменена",
        "The person had come in time: the no-show is undone"
        about Stay (StayId) {}
    /// A stay was extended.
    StayExtended = "stay.extended",
        "Проживание продлено[ до {until_on}]",
        "The stay was extended[ until {until_on}]"
        about Stay (StayId) {
        /// The day of the departure.
        until_on: NaiveDate,
    }
    /// The person moved to another bed.
    StayMoved = "stay.moved",
        "Человек перемещён на другое место",
        "The person was moved to another bed"
        about Stay (StayId) {
        /// The bed.
        bed_id: BedId,
    }
    /// The person departed.
    StayDeparted = "stay.departed",
        "Человек выбыл[: {reason}][, {departed_on}]",
        "The person departed[: {reason}][, on {departed_on}]"
        about Stay (StayId) {
        /// The reason.
        reason: DepartureReason,
        /// The day.
        departed_on: NaiveDate,
    }
    /// A reservation was cancelled.
    StayCancelled = "stay.cancelled",
        "Бронь отменена",
        "The reservation was cancelled"
        about Stay (StayId) {}
    /// Nobody came while the bed was held.
    StayMissed = "stay.missed",
        "Человек не приехал, бронь снята",
        "The person did not come, and the bed was given free"
        about Stay (StayId) {}
}

/// The moment until which a bed is held for somebody who was to come on that day: hours after the first night's day.
pub fn held_until(first_night: NaiveDate, hold: TimeDelta, zone: Zone) -> Moment {
    zone.dawn(first_night.succ_opt().unwrap_or(first_night)).plus(hold)
}

/// The earliest night on which a bed can still be booked: its hold is not over.
pub fn earliest_night(now: Moment, hold: TimeDelta, zone: Zone) -> NaiveDate {
    zone.day(now.plus(-hold))
}

/// A bed that somebody has, with the data that the rules check.
#[derive(Debug, Clone, PartialEq)]
pub struct Booked {
    /// The id of the stay.
    pub id: StayId,
    /// The beneficiary.
    pub beneficiary_id: BeneficiaryId,
    /// The bed of the last night.
    pub bed_id: BedId,
    /// Its room.
    pub room_id: RoomId,
    /// Its facility.
    pub facility_id: FacilityId,
    /// The organization of the facility.
    pub organization_id: OrganizationId,
    /// The nights.
    pub span: Span,
    /// The moment until which the bed is held for an arrival.
    pub held_until: Moment,
    /// The moment of the arrival.
    pub arrived_at: Option<Moment>,
}

/// A reservation.
#[derive(Debug, Clone, PartialEq)]
pub struct Reserved(pub Booked);

/// Somebody who lives there.
#[derive(Debug, Clone, PartialEq)]
pub struct Arrived {
    /// The bed.
    pub booked: Booked,
    /// The day of the arrival.
    pub arrived_on: NaiveDate,
}

/// A reservation whose hold is over. An arrival that was in time may still be recorded.
#[derive(Debug, Clone, PartialEq)]
pub struct Missed {
    /// The bed.
    pub booked: Booked,
    /// The state as it is stored: a reservation until the clock comes by.
    pub was: StayState,
}

/// A stay in any state.
#[derive(Debug, Clone, PartialEq)]
pub enum Stay {
    /// The person has not come yet.
    Reserved(Reserved),
    /// The person lives there.
    Arrived(Arrived),
    /// Nobody came while the bed was held, as far as is on record.
    Missed(Missed),
    /// The person has departed, or the reservation was cancelled.
    Over(StayState),
}

/// A bed that was just booked.
#[derive(Debug, Clone)]
pub struct New {
    /// The bed.
    pub booked: Booked,
    /// The people whom the room takes with the person in it.
    pub group: RoomGroup,
    /// The order.
    pub form: StayForm,
}

/// A stay after a step.
#[derive(Debug, Clone, PartialEq)]
pub struct Stepped {
    /// The bed.
    pub booked: Booked,
    /// The state that was left.
    pub was: StayState,
    /// The state.
    pub state: StayState,
    /// The house rules that were signed, with the file.
    pub signed: Option<(HouseRulesId, FileId)>,
    /// The day of the departure, or of the cancellation.
    pub ended_on: Option<NaiveDate>,
    /// The reason for the departure.
    pub reason: Option<DepartureReason>,
    /// The words of the departure or the cancellation.
    pub note: Option<Note>,
}

/// The stored data that a booking needs.
#[derive(Debug, Clone)]
pub struct BookingFacts {
    /// The bed.
    pub place: Place,
    /// The person; none for a family.
    pub sleeper: Option<Sleeper>,
    /// The nights that are taken.
    pub busy: Busy,
    /// Whether the named case is open, of this beneficiary and of the organization of the facility.
    pub has_case: bool,
    /// Whether the person is removed from the register.
    pub is_removed: bool,
    /// Whether the stay answers a request for a bed that is needed now.
    pub is_needed_now: bool,
    /// The time for which a bed is held after its first day.
    pub hold: TimeDelta,
    /// The moment of the order.
    pub now: Moment,
    /// The zone of the region.
    pub zone: Zone,
}

impl StayForm {
    /// The reasons against this person in this house, in any bed.
    fn against_person(&self, sleeper: Sleeper, facts: &BookingFacts) -> Vec<Reason> {
        let age = age_years(sleeper.born_on, self.from_on);
        let (has_order, ages) = (self.order_number.is_some(), &facts.place.ages);
        let needs_order = !ages.contains(&age) && !has_order;
        let needs_case = !facts.has_case && (self.case_id.is_some() || !has_order);
        let needs_permission = age < COMING_OF_AGE_YEARS && self.permission_file_id.is_none();
        // In a crisis nobody waits until the register is put right.
        let is_urgent = self.purpose == StayPurpose::Crisis || facts.is_needed_now;
        let removed = against_beginning(facts.is_removed && !is_urgent);
        let of_age = || AGE.reason().at("/order_number").with("min", ages.start).with("below", ages.end);
        [
            removed.map(|it| it.at("/beneficiary_id")),
            needs_order.then(of_age),
            needs_permission.then(|| PERMISSION.reason().at("/permission_file_id")),
            needs_case.then(|| CASE_NEEDED.reason().at("/case_id")),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

/// The reason against more nights than the facility allows.
pub(super) fn against_length(span: Span, place: &Place) -> Option<Reason> {
    let is_long = span.count() > i64::from(place.most_nights);
    is_long.then(|| TOO_LONG.reason().at("/until_on").with("nights", place.most_nights))
}

impl Reserved {
    /// Books a bed.
    pub fn book(id: StayId, form: &StayForm, facts: &BookingFacts) -> Result<Changed<New>, Refused> {
        let Some(sleeper) = facts.sleeper else {
            return Err(NOT_A_PERSON.reason().at("/beneficiary_id").into());
        };
        let (place, span) = (&facts.place, form.span());
        let group = sleeper.group(place.rules, form.from_on);
        let earliest = earliest_night(facts.now, facts.hold, facts.zone);
        let mut reasons: Vec<Reason> = against_past(form.from_on, earliest).into_iter().collect();
        reasons.extend(against_length(span, place));
        reasons.extend(form.against_person(sleeper, facts));
        reasons.extend(against(place, span, group, &facts.busy));
        Refused::unless_empty(reasons)?;
        let booked = Booked {
            id,
            beneficiary_id: form.beneficiary_id,
            bed_id: place.bed_id,
            room_id: place.room_id,
            facility_id: place.facility_id,
            organization_id: place.organization_id,
            span,
            held_until: held_until(form.from_on, facts.hold, facts.zone),
            arrived_at: None,
        };
        let StayForm { beneficiary_id, bed_id, from_on, until_on, purpose, .. } = *form;
        let fact = StayReserved { id, beneficiary_id, bed_id, from_on, until_on, purpose };
        Ok(Changed::new(New { booked, group, form: form.clone() }, fact))
    }
    /// Records the arrival. `in_force`: the house rules of the day of the arrival.
    pub fn arrive(
        self,
        order: &StayArrival,
        in_force: Option<HouseRulesId>,
        at: (Moment, Zone),
    ) -> Result<Changed<Stepped>, Refused> {
        Refused::unless_empty(self.0.against_order(order, in_force, at))?;
        let id = self.0.id;
        Ok(Changed::new(self.0.come(order, StayState::Reserved), StayArrived { id }))
    }
    /// Cancels the reservation.
    pub fn cancel(self, note: Option<Note>, today: NaiveDate) -> Changed<Stepped> {
        let id = self.0.id;
        let stepped = self.0.stepped(StayState::Reserved, StayState::Cancelled);
        Changed::new(Stepped { ended_on: Some(today), note, ..stepped }, StayCancelled { id })
    }
    /// Records that nobody came while the bed was held: on the day on which the hold was over, however late that is found.
    pub fn miss(self, zone: Zone) -> Changed<Stepped> {
        let (id, on) = (self.0.id, zone.day(self.0.held_until));
        let stepped = self.0.stepped(StayState::Reserved, StayState::NoShow);
        Changed::new(Stepped { ended_on: Some(on), ..stepped }, StayMissed { id })
    }
}

impl Missed {
    /// The nights after the first, which the hold has given free, up to a death. The first one stays with the stay.
    pub fn rest(&self, died_on: Option<NaiveDate>) -> Span {
        let Span { from_on, until_on } = self.booked.span;
        let second = from_on.succ_opt().unwrap_or(until_on);
        Span::new(second, died_on.map_or(until_on, |it| it.min(until_on)).max(second))
    }
    /// Records an arrival that was in time. The no-show is undone, unless others have a bed or the room on one of the nights.
    pub fn arrive(
        self,
        order: &StayArrival,
        in_force: Option<HouseRulesId>,
        (place, group, busy): (&Place, RoomGroup, &Busy),
        lives: &Lives,
        at: (Moment, Zone),
    ) -> Result<Changed<Stepped>, Refused> {
        let held_until = self.booked.held_until;
        if order.arrived_at >= held_until {
            return Err(NOT_RESERVED.reason().at("/arrived_at").with("held_until", held_until).into());
        }
        let mut reasons = self.booked.against_order(order, in_force, at);
        reasons.extend(lives.against([("/arrived_at", at.1.day(order.arrived_at))]));
        let rest = self.rest(lives.died_on());
        reasons.extend(against(place, rest, group, busy).into_iter().map(|it| it.at("/arrived_at")));
        Refused::unless_empty(reasons)?;
        let id = self.booked.id;
        Ok(Changed::new(self.booked.come(order, self.was), StayRestored { id }))
    }
}

impl Arrived {
    /// Records the departure.
    pub fn depart(self, order: &StayDeparture, today: NaiveDate) -> Result<Changed<Stepped>, Refused> {
        let mut reasons = Vec::new();
        if order.departed_on > today {
            reasons.push(IN_FUTURE.reason().at("/departed_on"));
        }
        let (first, last) = (self.arrived_on, self.booked.span.until_on);
        if order.departed_on < first || order.departed_on > last {
            let told = DEPARTURE_DAY.reason().at("/departed_on");
            reasons.push(told.with("from_on", first).with("until_on", last));
        }
        Refused::unless_empty(reasons)?;
        Ok(self.departed(order.departed_on, order.reason, order.note.clone()))
    }
    /// Ends the stay because the person has died.
    pub fn end_by_death(self, died_on: NaiveDate) -> Changed<Stepped> {
        let on = died_on.max(self.arrived_on).min(self.booked.span.until_on);
        self.departed(on, DepartureReason::Died, None)
    }
    fn departed(self, on: NaiveDate, reason: DepartureReason, note: Option<Note>) -> Changed<Stepped> {
        let id = self.booked.id;
        let stepped = self.booked.stepped(StayState::Arrived, StayState::Departed);
        let departed = Stepped { ended_on: Some(on), reason: Some(reason), note, ..stepped };
        Changed::new(departed, StayDeparted { id, reason, departed_on: on })
    }
}

impl Booked {
    fn stepped(self, was: StayState, state: StayState) -> Stepped {
        Stepped { booked: self, was, state, signed: None, ended_on: None, reason: None, note: None }
    }
    /// The reason against an arrival on a day.
    fn against_arrival(&self, on: NaiveDate) -> Option<Reason> {
        let first = self.span.from_on;
        (on < first).then(|| NOT_TODAY.reason().at("/arrived_at").with("from_on", first))
    }
    /// The reasons against an arrival for any nights.
    fn against_order(
        &self,
        order: &StayArrival,
        in_force: Option<HouseRulesId>,
        (now, zone): (Moment, Zone),
    ) -> Vec<Reason> {
        let is_to_come = order.arrived_at > now;
        let is_unsigned = in_force != order.house_rules_id;
        let all = [
            self.against_arrival(zone.day(order.arrived_at)),
            is_to_come.then(|| IN_FUTURE.reason().at("/arrived_at")),
            is_unsigned.then(|| RULES_UNSIGNED.reason().at("/house_rules_id")),
        ];
        all.into_iter().flatten().collect()
    }
    /// The stay of a person who has come.
    fn come(self, order: &StayArrival, was: StayState) -> Stepped {
        let booked = Self { arrived_at: Some(order.arrived_at), ..self };
        let signed = order.house_rules_id.zip(order.rules_file_id);
        Stepped { signed, ..booked.stepped(was, StayState::Arrived) }
    }
    fn state(&self) -> StayState {
        if self.arrived_at.is_some() { StayState::Arrived } else { StayState::Reserved }
    }
    /// The nights that an extension adds.
    pub fn added(&self, order: &StayExtension) -> Span {
        Span::new(self.span.until_on, order.until_on)
    }
    /// Extends the stay in its bed.
    pub fn extend(
        self,
        order: &StayExtension,
        place: &Place,
        group: RoomGroup,
        busy: &Busy,
    ) -> Result<Changed<Stepped>, Refused> {
        let (added, whole) = (self.added(order), Span::new(self.span.from_on, order.until_on));
        if added.count() < 1 {
            return Err(NOT_LATER.reason().at("/until_on").with("until_on", self.span.until_on).into());
        }
        let mut reasons: Vec<Reason> = against_length(whole, place).into_iter().collect();
        if reasons.is_empty() {
            reasons.extend(against(place, added, group, busy).into_iter().map(|it| it.at("/until_on")));
        }
        Refused::unless_empty(reasons)?;
        let (id, state) = (self.id, self.state());
        let stepped = Self { span: whole, ..self }.stepped(state, state);
        Ok(Changed::new(stepped, StayExtended { id, until_on: order.until_on }))
    }
    /// The nights of a move: those that are left from today on.
    pub fn left(&self, today: NaiveDate) -> Span {
        self.span.since(today)
    }
    /// Moves the person to another bed of the facility.
    pub fn move_to(
        self,
        place: &Place,
        group: RoomGroup,
        busy: &Busy,
        today: NaiveDate,
    ) -> Result<Changed<Stepped>, Refused> {
        let left = self.left(today);
        if left.count() < 1 {
            return Err(OVER.refuse());
        }
        let mut reasons = Vec::new();
        if place.facility_id != self.facility_id {
            reasons.push(OTHER_FACILITY.reason().at("/bed_id"));
        }
        if place.bed_id == self.bed_id {
            reasons.push(SAME_BED.reason().at("/bed_id"));
        }
        reasons.extend(against(place, left, group, busy));
        Refused::unless_empty(reasons)?;
        let (id, state, bed_id) = (self.id, self.state(), place.bed_id);
        let stepped = Self { bed_id, room_id: place.room_id, ..self }.stepped(state, state);
        Ok(Changed::new(stepped, StayMoved { id, bed_id }))
    }
}

impl Stay {
    /// The stay, if the person has not come yet and the bed is still held.
    pub fn reserved(self) -> Result<Reserved, Refused> {
        match self {
            Self::Reserved(it) => Ok(it),
            _ => Err(NOT_RESERVED.refuse()),
        }
    }
    /// The stay, if the person lives there.
    pub fn arrived(self) -> Result<Arrived, Refused> {
        match self {
            Self::Arrived(it) => Ok(it),
            _ => Err(NOT_ARRIVED.refuse()),
        }
    }
    /// The bed, if it is still the person's.
    pub fn running(self) -> Result<Booked, Refused> {
        match self {
            Self::Reserved(Reserved(it)) | Self::Arrived(Arrived { booked: it, .. }) => Ok(it),
            Self::Missed(_) | Self::Over(_) => Err(OVER.refuse()),
        }
    }
}

impl StayState {
    /// The state at a moment of a stay that is stored in this one: a reservation is a no-show when its hold is over.
    pub fn at(self, held_until: Moment, now: Moment) -> Self {
        if self == Self::Reserved && held_until <= now { Self::NoShow } else { self }
    }
}
