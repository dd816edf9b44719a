//! Offers of beds to people who wait, and how they end: by a refusal, by silence, or because somebody else has the bed.
use super::turns::{in_turn, offer_freed, pass_on, turn_of};
use super::{Row, missing, save_waiting};
use crate::accompaniment::rules;
use crate::engine::column::{bind, binds};
use crate::engine::conn::{db, prepared};
use crate::engine::failure::Failure;
use crate::engine::schema::place_requests as requests;
use crate::help::places::named_place;
use crate::help::places::nights::{self, Holder, Sleeping};
use crate::help::stays;
use crate::people::{one_person, register};
use crate::region::organizations::must_work_on;
use crate::sight::{all_of, apart, found_beside, ruled};
use crate::tx::Tx;
use chrono::{NaiveDate, TimeDelta};
use diesel::prelude::*;
use domain::base::change::Changed;
use domain::base::id::{BedId, PlaceRequestId, StayId};
use domain::base::moment::{CALENDAR, Moment};
use domain::help::place_requests::{
    EndedOffer, MORE_URGENT, OfferEnding, OfferFacts, PlaceOffer, PlaceOfferForm, PlaceRequestState, Waiting,
};
use domain::help::places::FacilityKind;
use domain::help::places::nights::{Place, Span};
use domain::help::places::rooms::RoomGroup;
use domain::help::stays::{Missed, StayForm};

/// Offers that one look of the clock finds at most.
const DUE_AT_ONCE: i64 = 100;

/// The data by which an offer of a bed to somebody who waits is judged. Its nights are free since that moment.
pub(super) async fn facts(
    tx: &mut Tx<'_>,
    it: &Waiting,
    (place, kind): (&Place, FacilityKind),
    (span, turn_at): (Span, Moment),
) -> Result<OfferFacts, Failure> {
    let who = it.form.beneficiary_id;
    let sleeper = stays::sleeper_of(tx, who).await?.ok_or_else(|| missing(it.id))?;
    let busy = nights::busy(tx, place, who, span).await?;
    let hold = TimeDelta::hours(rules::in_force(tx).await?.offer_hold_hours.into());
    let (now, today) = (tx.now(), tx.today());
    let is_served = stays::is_served(tx, who, place.organization_id).await?;
    let is_removed = register::is_removed(tx, who).await?;
    let place = place.clone();
    Ok(OfferFacts { place, kind, sleeper, busy, is_served, is_removed, hold, turn_at, now, today })
}

/// Offers a bed by hand, in the turn of its nights. It warns where somebody more urgent waits whom the bed would suit. Another bed that was
/// offered before goes to the next who waits, and so do other nights.
pub async fn offer(tx: &mut Tx<'_>, it: Waiting, order: &PlaceOfferForm) -> Result<(), Failure> {
    let span = Span::new(order.from_on, order.until_on);
    let possible = vec![span.must_be_possible().map_err(Failure::from)];
    let ((place, kind), possible) = found_beside(named_place(tx, order.bed_id, "/bed_id").await, possible)?;
    all_of(possible)?;
    nights::free(tx, Holder::Request(it.id), CALENDAR.0).await?;
    let turn_at = turn_of(tx, order.bed_id).await?;
    let is_passed_over = would_suit_before(tx, &it, (&place, kind), order).await?;
    let facts = facts(tx, &it, (&place, kind), (span, turn_at)).await?;
    let former = it.offer.clone().filter(|it| it.leaves(order.bed_id, span));
    let works = must_work_on(tx, span.last(), place.organization_id, "/until_on").await;
    let offered = ruled(it.offer(order, &facts), [works])?;
    save(tx, offered, &place).await?;
    if is_passed_over {
        tx.warn(MORE_URGENT.reason());
    }
    pass_on(tx, former).await
}

/// Whether somebody waits before this request to whom the same nights could be offered, of the first part of the list.
async fn would_suit_before(
    tx: &mut Tx<'_>,
    it: &Waiting,
    (place, kind): (&Place, FacilityKind),
    order: &PlaceOfferForm,
) -> Result<bool, Failure> {
    let (now, span) = (tx.now(), Span::new(order.from_on, order.until_on));
    for other in in_turn(tx, (place, kind), now, None).await? {
        if (other.form.rank(), other.id) >= (it.form.rank(), it.id) {
            break;
        }
        let facts = facts(tx, &other, (place, kind), (span, now)).await?;
        if other.offer(order, &facts).is_ok() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Saves an offer with its nights. The nights of a former one that has lapsed are free.
pub(super) async fn save(
    tx: &mut Tx<'_>,
    change: Changed<(Waiting, RoomGroup)>,
    of: &Place,
) -> Result<(), Failure> {
    let ((it, group), records) = change.into_parts();
    let Some(offer) = it.offer else { return Ok(()) };
    let turns =
        requests::table.find(bind(it.id)).select((requests::asked_turn_at, requests::offered_turn_at));
    let (asked_before, asked): (Option<Moment>, Option<Moment>) = db!(tx, first, turns)?;
    let set = (
        requests::offered_bed_id.eq(bind(Some(offer.bed_id))),
        requests::offered_from_on.eq(Some(offer.span.from_on)),
        requests::offered_until_on.eq(Some(offer.span.until_on)),
        requests::offered_held_until.eq(bind(Some(offer.held_until))),
        requests::asked_turn_at.eq(bind(asked_before.max(asked))),
        requests::offered_turn_at.eq(bind(Some(offer.turn_at))),
    );
    save_waiting!(tx, it.id, set, records);
    let person = Sleeping { who: it.form.beneficiary_id, group, held: Some((None, offer.held_until)) };
    nights::occupy(tx, of, Holder::Request(it.id), Some(person), offer.span).await
}

/// Saves the end of an offer without a stay: its nights are free, and the request waits on. Answers the offer.
pub(super) async fn save_ended(tx: &mut Tx<'_>, change: Changed<EndedOffer>) -> Result<PlaceOffer, Failure> {
    let (it, records) = change.into_parts();
    let set = (
        requests::offered_bed_id.eq(bind(None::<BedId>)),
        requests::offered_from_on.eq(None::<NaiveDate>),
        requests::offered_until_on.eq(None::<NaiveDate>),
        requests::offered_held_until.eq(bind(None::<Moment>)),
    );
    save_waiting!(tx, it.id, set, records);
    Ok(it.offer)
}

/// Saves that a person refuses an offer. Its nights go to the next who waits.
pub async fn save_refused(tx: &mut Tx<'_>, change: Changed<EndedOffer>) -> Result<(), Failure> {
    let ended = save_ended(tx, change).await?;
    pass_on(tx, Some(ended)).await
}

/// Offers that nobody has answered in time, a part at a time: those after the given one.
pub async fn lapsed(
    tx: &mut Tx<'_>,
    after: Option<(Moment, PlaceRequestId)>,
) -> Result<Vec<(Moment, PlaceRequestId)>, Failure> {
    let now = tx.now();
    Ok(db!(tx, load, {
        let mut over = requests::table
            .filter(requests::state.eq(bind(PlaceRequestState::Waiting)))
            .filter(requests::offered_held_until.assume_not_null().le(bind(now)))
            .select((requests::offered_held_until.assume_not_null(), requests::id))
            .order((requests::offered_held_until.asc(), requests::id.asc()))
            .limit(DUE_AT_ONCE)
            .into_boxed();
        if let Some((held, id)) = after {
            let later = requests::offered_held_until.assume_not_null().gt(bind(held));
            over = over
                .filter(requests::offered_held_until.assume_not_null().ge(bind(held)))
                .filter(later.or(requests::id.gt(bind(id))));
        }
        over
    })?)
}

/// Ends an offer that nobody has answered in time, and offers its bed to the next who waits.
pub async fn end_lapsed(tx: &mut Tx<'_>, id: PlaceRequestId) -> Result<(), Failure> {
    let now = tx.now();
    let over = requests::table
        .filter(requests::id.eq(bind(id)))
        .filter(requests::state.eq(bind(PlaceRequestState::Waiting)))
        .filter(requests::offered_held_until.assume_not_null().le(bind(now)));
    let row: Option<Row> = db!(tx, first, over.select(Row::as_select())).optional()?;
    let Some(row) = row else { return Ok(()) };
    save_refused(tx, row.waiting().end_offer(OfferEnding::Lapsed)?).await
}

/// Ends the offers of the nights of somebody who had come in time. Somebody who gives way has had no turn by that.
pub async fn give_way(tx: &mut Tx<'_>, it: &Missed) -> Result<(), Failure> {
    let (now, rest) = (tx.now(), stays::to_restore(tx, it).await?);
    let theirs = requests::table
        .filter(requests::offered_bed_id.assume_not_null().eq(bind(it.booked.bed_id)))
        .filter(requests::state.eq(bind(PlaceRequestState::Waiting)))
        .filter(requests::offered_held_until.assume_not_null().gt(bind(now)))
        .filter(requests::offered_from_on.assume_not_null().lt(rest.until_on))
        .filter(requests::offered_until_on.assume_not_null().gt(rest.from_on))
        .order(requests::id);
    let rows: Vec<Row> = db!(tx, load, theirs.select(Row::as_select()))?;
    for row in rows {
        save_ended(tx, row.waiting().end_offer(OfferEnding::GivenWay)?).await?;
        let unasked = requests::offered_turn_at.eq(bind(None::<Moment>));
        db!(tx, execute, prepared(diesel::update(requests::table.find(bind(row.id))).set(unasked)))?;
    }
    Ok(())
}

/// Ends the offers that other organizations hold for somebody on nights for which a bed is booked here. Their nights are passed on once the
/// booking stands. The caller's scope does not limit it.
pub async fn end_elsewhere(tx: &mut Tx<'_>, form: &StayForm) -> Result<Vec<PlaceOffer>, Failure> {
    let (Some((of, _)), _) = apart(named_place(tx, form.bed_id, "/bed_id").await) else {
        return Ok(Vec::new());
    };
    let (now, span) = (tx.now(), form.span());
    let records = one_person::of(tx, form.beneficiary_id).await?.records();
    let theirs = requests::table
        .filter(requests::beneficiary_id.eq_any(binds(&records)))
        .filter(requests::state.eq(bind(PlaceRequestState::Waiting)))
        .filter(requests::organization_id.ne(bind(of.organization_id)))
        .filter(requests::offered_held_until.assume_not_null().gt(bind(now)))
        .filter(requests::offered_from_on.assume_not_null().lt(span.until_on))
        .filter(requests::offered_until_on.assume_not_null().gt(span.from_on))
        .order(requests::id);
    let rows: Vec<Row> = db!(tx, load, theirs.select(Row::as_select()))?;
    let mut ended = Vec::new();
    for row in rows {
        ended.push(save_ended(tx, row.waiting().end_offer(OfferEnding::Elsewhere)?).await?);
    }
    Ok(ended)
}

/// Offers the nights of offers that have ended to those who wait next.
pub async fn pass_on_each(tx: &mut Tx<'_>, ended: Vec<PlaceOffer>) -> Result<(), Failure> {
    for it in ended {
        pass_on(tx, Some(it)).await?;
    }
    Ok(())
}

/// Ends a reservation whose hold is over, and offers its bed to those who wait.
pub async fn end_missed(tx: &mut Tx<'_>, stay: StayId) -> Result<(), Failure> {
    match stays::miss(tx, stay).await? {
        Some(bed) => offer_freed(tx, bed).await,
        None => Ok(()),
    }
}
