//! Offers of beds to people who wait: made by hand, or by themselves when nights become free.
use super::{Row, missing};
use crate::accompaniment::rules;
use crate::engine::column::bind;
use crate::engine::conn::{db, prepared};
use crate::engine::failure::Failure;
use crate::engine::schema::place_requests as requests;
use crate::help::places::nights::{self, Holder, Sleeping};
use crate::help::places::{named_place, place};
use crate::help::stays;
use crate::tx::Tx;
use chrono::TimeDelta;
use diesel::prelude::*;
use domain::base::change::Changed;
use domain::base::id::{BedId, PlaceRequestId, StayId};
use domain::base::moment::CALENDAR;
use domain::help::place_requests::{MORE_URGENT, OfferFacts, PlaceOfferForm, PlaceRequestState, Waiting};
use domain::help::places::FacilityKind;
use domain::help::places::nights::{Place, Span};
use domain::help::places::rooms::RoomGroup;
use std::collections::BTreeMap;

/// People of a waiting list to whom freed nights are offered in turn, at most.
const ASKED_AT_ONCE: i64 = 50;

/// The data by which an offer of a bed to somebody who waits is judged.
async fn facts(
    tx: &mut Tx<'_>,
    it: &Waiting,
    (place, kind): (&Place, FacilityKind),
    span: Span,
) -> Result<OfferFacts, Failure> {
    let who = it.form.beneficiary_id;
    let sleeper = stays::sleeper_of(tx, who).await?.ok_or_else(|| missing(it.id))?;
    let busy = nights::busy(tx, place, who, span).await?;
    let hold = TimeDelta::hours(rules::in_force(tx).await?.offer_hold_hours.into());
    let (now, today) = (tx.now(), tx.today());
    Ok(OfferFacts { place: place.clone(), kind, sleeper, busy, hold, now, today })
}

/// Offers a bed by hand. It warns where somebody more urgent waits for such a place.
pub async fn offer(tx: &mut Tx<'_>, it: Waiting, order: &PlaceOfferForm) -> Result<(), Failure> {
    let span = Span::new(order.from_on, order.until_on);
    span.must_be_possible()?;
    let (place, kind) = named_place(tx, order.bed_id, "/bed_id").await?;
    nights::free(tx, Holder::Request(it.id), CALENDAR.0).await?;
    let facts = facts(tx, &it, (&place, kind), span).await?;
    let (own, rank) = (it.id, it.form.rank());
    let offered = it.offer(order, &facts)?;
    save(tx, offered, &place).await?;
    let first = in_turn(tx, &place, kind).await?.into_iter().find(|it| it.id != own);
    if first.is_some_and(|it| (it.form.rank(), it.id) < (rank, own)) {
        tx.warn(MORE_URGENT.reason());
    }
    Ok(())
}

/// Those who wait for such a place without an offer, the most urgent first.
async fn in_turn(tx: &mut Tx<'_>, of: &Place, kind: FacilityKind) -> Result<Vec<Waiting>, Failure> {
    let (now, facility, organization) = (tx.now(), of.facility_id, of.organization_id);
    let mut found: BTreeMap<(i32, PlaceRequestId), Row> = BTreeMap::new();
    for is_named in [true, false] {
        let rows: Vec<Row> = db!(tx, load, {
            let lapsed = requests::offered_held_until.assume_not_null().le(bind(now));
            let all = requests::table
                .filter(requests::state.eq(bind(PlaceRequestState::Waiting)))
                .filter(requests::offered_held_until.is_null().or(lapsed))
                .select(Row::as_select())
                .order((requests::rank.asc(), requests::id.asc()))
                .limit(ASKED_AT_ONCE)
                .into_boxed();
            match is_named {
                true => all.filter(requests::facility_id.assume_not_null().eq(bind(facility))),
                false => all
                    .filter(requests::organization_id.eq(bind(organization)))
                    .filter(requests::kind.assume_not_null().eq(bind(kind))),
            }
        })?;
        found.extend(rows.into_iter().map(|it| ((it.rank, it.id), it)));
    }
    Ok(found.into_values().map(|it| it.waiting()).collect())
}

/// Offers a bed whose nights have become free to the first one who waits and whom it suits. Who may not be booked is passed over.
pub async fn offer_freed(tx: &mut Tx<'_>, bed: BedId) -> Result<(), Failure> {
    let (place, kind) = place(tx, bed).await?;
    for it in in_turn(tx, &place, kind).await? {
        if !stays::is_served(tx, it.form.beneficiary_id, place.organization_id).await? {
            continue;
        }
        let span = it.form.span_from(tx.today()).cut(place.most_nights);
        let facts = facts(tx, &it, (&place, kind), span).await?;
        let order = PlaceOfferForm { bed_id: bed, from_on: span.from_on, until_on: span.until_on };
        if let Ok(offered) = it.offer(&order, &facts) {
            return save(tx, offered, &place).await;
        }
    }
    Ok(())
}

/// Saves an offer with its nights. The nights of a former one that has lapsed are free.
async fn save(tx: &mut Tx<'_>, change: Changed<(Waiting, RoomGroup)>, of: &Place) -> Result<(), Failure> {
    let ((it, group), records) = change.into_parts();
    let Some(offer) = it.offer else { return Ok(()) };
    let set = (
        requests::version.eq(requests::version + 1),
        requests::offered_bed_id.eq(bind(Some(offer.bed_id))),
        requests::offered_from_on.eq(Some(offer.span.from_on)),
        requests::offered_until_on.eq(Some(offer.span.until_on)),
        requests::offered_held_until.eq(bind(Some(offer.held_until))),
        requests::updated_at.eq(bind(tx.now())),
    );
    let waiting = requests::table
        .filter(requests::id.eq(bind(it.id)))
        .filter(requests::state.eq(bind(PlaceRequestState::Waiting)));
    let rows = db!(tx, execute, prepared(diesel::update(waiting).set(set)))?;
    tx.established(rows, records)?;
    nights::free(tx, Holder::Request(it.id), CALENDAR.0).await?;
    let person = Sleeping { who: it.form.beneficiary_id, group, held: Some((None, offer.held_until)) };
    nights::occupy(tx, of, Holder::Request(it.id), Some(person), offer.span).await
}

/// Ends a reservation whose hold is over, and offers its bed to those who wait.
pub async fn end_missed(tx: &mut Tx<'_>, stay: StayId) -> Result<(), Failure> {
    match stays::miss(tx, stay).await? {
        Some(bed) => offer_freed(tx, bed).await,
        None => Ok(()),
    }
}
