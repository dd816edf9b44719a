//! The waiting list for places: who needs a bed, how urgently, and the offers of free ones (003-31).
//!
//! The order is by urgency, then by the day since when one waits. An offer holds its bed for some hours. If nobody answers, it lapses by
//! that moment, and the request keeps its place. The nights of an offer that ends without a stay go to the next who waits, and so do those
//! that a shorter stay leaves. Nights that become free begin a turn. Somebody who has had an offer in the turn is passed over, so that the silent do
//! not hold up the others. An offer by hand stays in the turn of its bed, and one that gives way is none.
#[cfg(test)]
mod tests;

use crate::base::access::Right;
use crate::base::action::{Action, Offer, Offers, Verdict};
use crate::base::change::{Changed, facts};
use crate::base::clauses::{all_hold, clash, lack};
use crate::base::id::{BedId, BeneficiaryId, FacilityId, OrganizationId, PlaceRequestId, StayId};
use crate::base::moment::{Moment, age_years};
use crate::base::refusal::{Reason, Refused, rules};
use crate::base::text::Note;
use crate::base::word::{Word, words};
use crate::help::needs::NeedUrgency;
use crate::help::places::FacilityKind;
use crate::help::places::nights::{Busy, MOST_NIGHTS, Place, Sleeper, Span, against, against_past};
use crate::help::places::rooms::RoomGroup;
use crate::help::stays::{AGE, TOO_LONG, against_length};
use crate::people::register::against_beginning;
use chrono::{Days, NaiveDate, TimeDelta};
use shape::form;
use validator::{Validate, ValidationError};

rules! {
    ALREADY = "place_request.already", State, ours, "Получатель уже ждёт места в этой организации.", "The beneficiary waits for a place of this organization already.";
    NOT_OFFERED = "place_request.not_offered", State, ours, "Предложения места нет: его не делали, или его срок истёк.", "No offer of a bed holds: none was made, or its time is over.";
    NOT_SERVED = "place_request.not_served", State, ours, "Организация больше не отвечает за получателя, и открытого случая у неё нет.", "The organization is responsible for the beneficiary no more, and has no open case.";
    NOT_WAITING = "place_request.not_waiting", State, ours, "Заявка уже закрыта: место дано, или она отозвана.", "The request is settled: a place was given, or it was withdrawn.";
    UNSUITED = "place_request.unsuited", Content, ours, "Место не в том месте проживания или не того вида, которого ждут.", "The bed is not in the facility or of the kind that the request asks for.";
    OTHER_PERSON = "place_request.other_person", Content, ours, "Заявка другого получателя или другой организации.", "The request is of another beneficiary, or of another organization.";
    MORE_URGENT = "place_request.more_urgent", Warning, ours, "В очереди есть более срочная заявка, которой это место подходит.", "A more urgent request waits, which the bed would suit.";
}

words! {
    /// The state of a request for a place. An offer that nobody answers in time leaves it waiting.
    PlaceRequestState in "place-request-states" {
        Waiting = "waiting", "ждёт", "waiting";
        Offered = "offered", "место предложено", "offered";
        Placed = "placed", "размещён", "placed";
        Withdrawn = "withdrawn", "отозвана", "withdrawn";
    }

    /// The end of an offer without a stay. The request waits on.
    OfferEnding in "offer-endings" {
        Lapsed = "lapsed", "нет ответа", "no answer";
        Refused = "refused", "человек отказался", "the person refused";
        GivenWay = "given_way", "место занял тот, кто приехал вовремя", "the bed is of somebody who had come in time";
        Elsewhere = "elsewhere", "человеку дали место в другой организации", "another organization gave the person a bed";
    }
}

facts! {
    /// A request for a place was entered.
    PlaceRequested = "place_request.added",
        "Внесена заявка на место[: {urgency}][, с {from_on}][, ночей: {nights}]",
        "A place was asked for[: {urgency}][, from {from_on}][, nights: {nights}]"
        about PlaceRequest (PlaceRequestId) {
        /// The beneficiary.
        beneficiary_id: BeneficiaryId,
        /// The urgency.
        urgency: NeedUrgency,
        /// The first night.
        from_on: NaiveDate,
        /// The number of nights.
        nights: i32,
    }
    /// A bed was offered.
    PlaceOffered = "place_request.offered",
        "Предложено место[, с {from_on}][ до {until_on}]",
        "A bed was offered[, from {from_on}][ until {until_on}]"
        about PlaceRequest (PlaceRequestId) {
        /// The bed.
        bed_id: BedId,
        /// The first night.
        from_on: NaiveDate,
        /// The day of the departure.
        until_on: NaiveDate,
    }
    /// An offer ended without a stay.
    PlaceOfferEnded = "place_request.offer_ended",
        "Предложение места закончилось[: {reason}]",
        "The offer of a bed ended[: {reason}]"
        about PlaceRequest (PlaceRequestId) {
        /// The reason.
        reason: OfferEnding,
    }
    /// A place was given.
    PlaceGiven = "place_request.placed",
        "Место дано",
        "A place was given"
        about PlaceRequest (PlaceRequestId) {
        /// The stay.
        stay_id: StayId,
    }
    /// A request for a place was withdrawn.
    PlaceRequestWithdrawn = "place_request.withdrawn",
        "Заявка на место отозвана",
        "The request for a place was withdrawn"
        about PlaceRequest (PlaceRequestId) {}
}

/// An order to put somebody on the waiting list.
#[form]
#[validate(schema(function = "request_is_whole"))]
#[schema(example = json!({"beneficiary_id": "01980000-0000-7000-8000-000000000008", "facility_id": "01980000-0000-7000-8000-000000000061", "from_on": "2026-03-02", "nights": 30, "urgency": "week", "note": "Договор найма заканчивается."}))]
pub struct PlaceRequestForm {
    /// The beneficiary, a person: of the organization, or with an open case there.
    pub beneficiary_id: BeneficiaryId,
    /// The facility. Instead of it a kind and an organization, if any facility of the kind will do.
    pub facility_id: Option<FacilityId>,
    /// The kind of facility, where any one of the organization will do.
    pub kind: Option<FacilityKind>,
    /// The organization, with a kind.
    pub organization_id: Option<OrganizationId>,
    /// The first night, today or later.
    pub from_on: NaiveDate,
    /// The number of nights, 1 to 366.
    #[within(1..=366)]
    pub nights: i32,
    /// The urgency.
    pub urgency: NeedUrgency,
    /// The request in words.
    pub note: Option<Note>,
}

fn request_is_whole(it: &PlaceRequestForm) -> Result<(), ValidationError> {
    all_hold([
        lack(it.facility_id.is_none() && it.kind.is_none(), &["facility_id", "kind"]),
        clash(it.facility_id.is_some() && it.kind.is_some(), &["kind", "facility_id"]),
        lack(it.kind.is_some() && it.organization_id.is_none(), &["organization_id", "kind"]),
        clash(it.facility_id.is_some() && it.organization_id.is_some(), &["organization_id", "facility_id"]),
    ])
}

/// An order to offer a bed to somebody who waits. A former offer gives way to it.
#[form]
#[validate(schema(function = "offer_is_whole"))]
#[schema(example = json!({"bed_id": "01980000-0000-7000-8000-000000000063", "from_on": "2026-03-02", "until_on": "2026-04-01"}))]
pub struct PlaceOfferForm {
    /// The bed.
    pub bed_id: BedId,
    /// The first night, today or later.
    pub from_on: NaiveDate,
    /// The day of the departure, at most 366 nights later.
    pub until_on: NaiveDate,
}

fn offer_is_whole(it: &PlaceOfferForm) -> Result<(), ValidationError> {
    all_hold([clash(!Span::new(it.from_on, it.until_on).is_possible(), &["until_on", "from_on"])])
}

/// An order to record that the person refuses the offer.
#[form]
#[schema(example = json!({}))]
pub struct PlaceOfferRefusal {}

/// An order to withdraw a request for a place.
#[form]
#[schema(example = json!({}))]
pub struct PlaceRequestWithdrawal {}

/// An offer of a bed, which holds its nights until a moment.
#[derive(Debug, Clone, PartialEq)]
pub struct PlaceOffer {
    /// The bed.
    pub bed_id: BedId,
    /// The nights.
    pub span: Span,
    /// The moment until which the offer holds.
    pub held_until: Moment,
    /// The moment since which its nights are offered to one after the other.
    pub turn_at: Moment,
}

impl PlaceOffer {
    /// Whether nights of the offer are free once these ones of that bed are taken in its place.
    pub fn leaves(&self, bed: BedId, span: Span) -> bool {
        self.bed_id != bed || !span.covers(self.span)
    }
}

/// An offer that has ended without a stay.
#[derive(Debug, Clone, PartialEq)]
pub struct EndedOffer {
    /// The id of the request, which waits on.
    pub id: PlaceRequestId,
    /// The offer.
    pub offer: PlaceOffer,
}

/// A request on the waiting list.
#[derive(Debug, Clone, PartialEq)]
pub struct Waiting {
    /// The id of the request.
    pub id: PlaceRequestId,
    /// The organization whose list it is.
    pub organization_id: OrganizationId,
    /// The order.
    pub form: PlaceRequestForm,
    /// The last offer, also one that has lapsed.
    pub offer: Option<PlaceOffer>,
}

/// A request in any state.
#[derive(Debug, Clone, PartialEq)]
pub enum PlaceRequest {
    /// The request waits, or has an offer.
    Waiting(Box<Waiting>),
    /// A place was given, or the request was withdrawn.
    Settled(PlaceRequestState),
}

/// A request that was just settled.
#[derive(Debug, Clone, PartialEq)]
pub struct SettledRequest {
    /// The id of the request.
    pub id: PlaceRequestId,
    /// The state.
    pub state: PlaceRequestState,
    /// The stay, where a place was given.
    pub stay_id: Option<StayId>,
    /// The offer whose bed goes to the next who waits.
    pub freed: Option<PlaceOffer>,
}

/// The stored data that an offer needs.
#[derive(Debug, Clone)]
pub struct OfferFacts {
    /// The bed.
    pub place: Place,
    /// The kind of its facility.
    pub kind: FacilityKind,
    /// The person.
    pub sleeper: Sleeper,
    /// The nights that are taken.
    pub busy: Busy,
    /// Whether the organization is responsible for the person, or has an open case of them.
    pub is_served: bool,
    /// Whether the person is removed from the register.
    pub is_removed: bool,
    /// The time for which an offer holds.
    pub hold: TimeDelta,
    /// The moment since which the nights are offered.
    pub turn_at: Moment,
    /// The moment of the order.
    pub now: Moment,
    /// The present day.
    pub today: NaiveDate,
}

impl PlaceRequestForm {
    /// The nights from the first one on, or from a later day.
    pub fn span_from(&self, day: NaiveDate) -> Span {
        let first = self.from_on.max(day);
        let nights = u64::try_from(self.nights).unwrap_or(1).min(MOST_NIGHTS.unsigned_abs());
        Span::new(first, first.checked_add_days(Days::new(nights)).unwrap_or(NaiveDate::MAX))
    }
    /// Whether the bed is needed now. It is given also to somebody who is removed from the register.
    pub fn is_needed_now(&self) -> bool {
        self.urgency == NeedUrgency::Now
    }
    /// The reason against a bed for somebody who is removed from the register.
    fn against_removed(&self, is_removed: bool) -> Option<Reason> {
        against_beginning(is_removed && !self.is_needed_now())
    }
    /// The place in the order of urgency, the most urgent first.
    pub fn rank(&self) -> i32 {
        let at = NeedUrgency::ALL.iter().position(|it| *it == self.urgency);
        at.and_then(|it| i32::try_from(it).ok()).unwrap_or(i32::MAX)
    }
}

impl Waiting {
    /// Puts somebody on the list. `most_nights`: those that the named facility allows. Somebody removed from the register waits for no bed but
    /// one that is needed now.
    pub fn add(
        id: PlaceRequestId,
        organization_id: OrganizationId,
        form: &PlaceRequestForm,
        (is_listed, is_removed, most_nights): (bool, bool, Option<i32>),
        today: NaiveDate,
    ) -> Result<Changed<Self>, Refused> {
        let mut reasons: Vec<Reason> = against_past(form.from_on, today).into_iter().collect();
        let removed = form.against_removed(is_removed);
        reasons.extend(removed.map(|it| it.at("/beneficiary_id")));
        let most = most_nights.filter(|most| *most < form.nights);
        reasons.extend(most.map(|most| TOO_LONG.reason().at("/nights").with("nights", most)));
        if is_listed {
            reasons.push(ALREADY.reason().at("/beneficiary_id"));
        }
        Refused::unless_empty(reasons)?;
        let PlaceRequestForm { beneficiary_id, urgency, from_on, nights, .. } = *form;
        let fact = PlaceRequested { id, beneficiary_id, urgency, from_on, nights };
        Ok(Changed::new(Self { id, organization_id, form: form.clone(), offer: None }, fact))
    }
    /// The state at a moment: an offer lapses by its own.
    pub fn state(&self, now: Moment) -> PlaceRequestState {
        match self.running_offer(now) {
            Some(_) => PlaceRequestState::Offered,
            None => PlaceRequestState::Waiting,
        }
    }
    /// The offer, if it still holds.
    pub fn running_offer(&self, now: Moment) -> Option<&PlaceOffer> {
        self.offer.as_ref().filter(|it| now < it.held_until)
    }
    /// Whether the request asks for a place in that facility.
    pub fn asks_for(&self, place: &Place, kind: FacilityKind) -> bool {
        let is_named = self.form.facility_id.is_none_or(|it| it == place.facility_id);
        let is_of_kind = self.form.kind.is_none_or(|it| it == kind);
        is_named && is_of_kind && self.organization_id == place.organization_id
    }
    /// Offers a bed. The nights of a former offer are free already.
    pub fn offer(
        self,
        order: &PlaceOfferForm,
        facts: &OfferFacts,
    ) -> Result<Changed<(Self, RoomGroup)>, Refused> {
        let span = Span::new(order.from_on, order.until_on);
        let group = facts.sleeper.group(facts.place.rules, span.from_on);
        let mut reasons: Vec<Reason> = against_past(order.from_on, facts.today).into_iter().collect();
        if !self.asks_for(&facts.place, facts.kind) {
            reasons.push(UNSUITED.reason().at("/bed_id"));
        }
        reasons.extend(self.form.against_removed(facts.is_removed));
        reasons.extend(facts.against_person(span.from_on));
        reasons.extend(against_length(span, &facts.place));
        reasons.extend(against(&facts.place, span, group, &facts.busy));
        Refused::unless_empty(reasons)?;
        let PlaceOfferForm { bed_id, from_on, until_on } = *order;
        let fact = PlaceOffered { id: self.id, bed_id, from_on, until_on };
        let held_until = facts.now.plus(facts.hold);
        let offer = Some(PlaceOffer { bed_id, span, held_until, turn_at: facts.turn_at });
        Ok(Changed::new((Self { offer, ..self }, group), fact))
    }
    /// The reason against a stay of that person there as an answer to the request.
    pub fn against_stay(&self, of: BeneficiaryId, organization: OrganizationId) -> Option<Reason> {
        let is_theirs = self.form.beneficiary_id == of && self.organization_id == organization;
        (!is_theirs).then(|| OTHER_PERSON.reason().at("/place_request_id"))
    }
    /// Ends the last offer without a stay.
    pub fn end_offer(self, reason: OfferEnding) -> Result<Changed<EndedOffer>, Refused> {
        let Some(offer) = self.offer else { return Err(NOT_OFFERED.refuse()) };
        Ok(Changed::new(EndedOffer { id: self.id, offer }, PlaceOfferEnded { id: self.id, reason }))
    }
    /// Records that the person refuses the offer.
    pub fn refuse(self, now: Moment) -> Result<Changed<EndedOffer>, Refused> {
        match self.running_offer(now) {
            Some(_) => self.end_offer(OfferEnding::Refused),
            None => Err(NOT_OFFERED.refuse()),
        }
    }
    /// Settles the request by a stay in that bed. Another bed that was offered goes to the next, and so do nights that the stay leaves.
    pub fn place(self, stay: StayId, bed: BedId, span: Span) -> Changed<SettledRequest> {
        let (id, state) = (self.id, PlaceRequestState::Placed);
        let freed = self.offer.filter(|it| it.leaves(bed, span));
        let settled = SettledRequest { id, state, stay_id: Some(stay), freed };
        Changed::new(settled, PlaceGiven { id, stay_id: stay })
    }
    /// Takes the request off the list.
    pub fn withdraw(self) -> Changed<SettledRequest> {
        let (id, state) = (self.id, PlaceRequestState::Withdrawn);
        let settled = SettledRequest { id, state, stay_id: None, freed: self.offer };
        Changed::new(settled, PlaceRequestWithdrawn { id })
    }
}

impl OfferFacts {
    /// The reasons against this person in this house, as a booking has them. Of another age, an order of the director books a bed, and no
    /// offer is needed.
    fn against_person(&self, first_night: NaiveDate) -> impl Iterator<Item = Reason> {
        let ages = &self.place.ages;
        let is_of_age = ages.contains(&age_years(self.sleeper.born_on, first_night));
        let of_age = || AGE.reason().at("/bed_id").with("min", ages.start).with("below", ages.end);
        let not_served = (!self.is_served).then(|| NOT_SERVED.reason());
        not_served.into_iter().chain((!is_of_age).then(of_age))
    }
}

impl PlaceRequest {
    /// The request, if it is still on the list.
    pub fn waiting(self) -> Result<Waiting, Refused> {
        match self {
            Self::Waiting(it) => Ok(*it),
            Self::Settled(_) => Err(NOT_WAITING.refuse()),
        }
    }
    /// The state at a moment.
    pub fn state(&self, now: Moment) -> PlaceRequestState {
        match self {
            Self::Waiting(it) => it.state(now),
            Self::Settled(state) => *state,
        }
    }
}

/// A request as its caller sees it.
#[derive(Debug)]
pub struct PlaceRequestOffers {
    /// The state.
    pub state: PlaceRequestState,
}

impl Offers for PlaceRequestOffers {
    const AT: &'static str = "place-requests";
    const OFFERS: &'static [Offer] = &[
        Offer::step(Action::OfferPlace, "offers", Right::BookPlaces),
        Offer::step(Action::RefuseOffer, "refusal", Right::BookPlaces),
        Offer::step(Action::Withdraw, "withdrawal", Right::BookPlaces),
    ];
    fn judge(&self, action: Action) -> Option<Verdict> {
        let is_open = match action {
            Action::RefuseOffer => self.state == PlaceRequestState::Offered,
            _ => matches!(self.state, PlaceRequestState::Waiting | PlaceRequestState::Offered),
        };
        is_open.then(Verdict::default)
    }
}
