//! Turns: the nights of a bed that have become free are offered to one after the other of those who wait.
//!
//! A turn begins when nights become free. One order tries a part of those who wait; if the bed suits none of them, the clock goes on behind
//! the last one, a part in each transaction.
use super::Row;
use super::offering::{facts, save, save_ended};
use crate::engine::column::bind;
use crate::engine::conn::{db, prepared};
use crate::engine::failure::Failure;
use crate::engine::schema::{bed_turns, place_requests as requests};
use crate::engine::statement::Statement;
use crate::help::places::place;
use crate::region::organizations::works_on;
use crate::tx::Tx;
use diesel::prelude::*;
use domain::base::id::{BedId, PlaceRequestId};
use domain::base::kept::Value;
use domain::base::moment::Moment;
use domain::help::place_requests::{OfferEnding, PlaceOffer, PlaceOfferForm, PlaceRequestState, Waiting};
use domain::help::places::FacilityKind;
use domain::help::places::nights::Place;
use std::collections::BTreeMap;

/// People of a waiting list whom one transaction tries for a bed, at most.
const TRIED_AT_ONCE: i64 = 20;
/// Beds whose search goes on that one look of the clock finds at most.
const DUE_AT_ONCE: i64 = 100;

/// A place in the list: the rank and the request.
type Behind = (i32, PlaceRequestId);

/// Those who wait for such a place without an offer, and have had none in the turn: the most urgent first, behind a place in the list.
pub(super) async fn in_turn(
    tx: &mut Tx<'_>,
    (of, kind): (&Place, FacilityKind),
    turn_at: Moment,
    after: Option<Behind>,
) -> Result<Vec<Waiting>, Failure> {
    let (now, facility, organization) = (tx.now(), of.facility_id, of.organization_id);
    let mut found: BTreeMap<Behind, Row> = BTreeMap::new();
    for is_named in [true, false] {
        let rows: Vec<Row> = db!(tx, load, {
            let lapsed = requests::offered_held_until.assume_not_null().le(bind(now));
            let before = requests::offered_turn_at.assume_not_null().lt(bind(turn_at));
            let asked_before = requests::asked_turn_at.assume_not_null().lt(bind(turn_at));
            let all = requests::table
                .filter(requests::state.eq(bind(PlaceRequestState::Waiting)))
                .filter(requests::offered_held_until.is_null().or(lapsed))
                .filter(requests::offered_turn_at.is_null().or(before))
                .filter(requests::asked_turn_at.is_null().or(asked_before))
                .select(Row::as_select())
                .order((requests::rank.asc(), requests::id.asc()))
                .limit(TRIED_AT_ONCE)
                .into_boxed();
            let all = match is_named {
                true => all.filter(requests::facility_id.assume_not_null().eq(bind(facility))),
                false => all
                    .filter(requests::organization_id.eq(bind(organization)))
                    .filter(requests::kind.assume_not_null().eq(bind(kind))),
            };
            match after {
                // The first condition begins the index there; the other one is asked of the rows of that rank.
                Some((rank, id)) => all
                    .filter(requests::rank.ge(rank))
                    .filter(requests::rank.gt(rank).or(requests::id.gt(bind(id)))),
                None => all,
            }
        })?;
        found.extend(rows.into_iter().map(|it| ((it.rank, it.id), it)));
    }
    let part = usize::try_from(TRIED_AT_ONCE).map_err(Failure::broken)?;
    Ok(found.into_values().take(part).map(|it| it.waiting()).collect())
}

/// Offers a bed whose nights have become free now: a turn begins.
pub async fn offer_freed(tx: &mut Tx<'_>, bed: BedId) -> Result<(), Failure> {
    let now = begin(tx, bed).await?;
    offer_next(tx, (bed, now), None).await
}

/// Offers beds whose nights have become free now.
pub(crate) async fn offer_each(tx: &mut Tx<'_>, beds: Vec<BedId>) -> Result<(), Failure> {
    for bed in beds {
        offer_freed(tx, bed).await?;
    }
    Ok(())
}

/// Offers the nights of an offer that has ended to the next one, in the same turn.
pub(super) async fn pass_on(tx: &mut Tx<'_>, ended: Option<PlaceOffer>) -> Result<(), Failure> {
    match ended {
        Some(it) => offer_next(tx, (it.bed_id, it.turn_at), None).await,
        None => Ok(()),
    }
}

/// The turn in which the nights of a bed are offered. The first offer by hand begins one, where none has become free yet.
pub(super) async fn turn_of(tx: &mut Tx<'_>, bed: BedId) -> Result<Moment, Failure> {
    let known = bed_turns::table.find(bind(bed)).select(bed_turns::turn_at);
    match db!(tx, first, known).optional()? {
        Some(turn_at) => Ok(turn_at),
        None => begin(tx, bed).await,
    }
}

/// Begins a turn of a bed. A search of the former one is over.
async fn begin(tx: &mut Tx<'_>, bed: BedId) -> Result<Moment, Failure> {
    let now = tx.now();
    let row = vec![Value::Uuid(Some(bed.into())), Value::Moment(Some(now))];
    let begun =
        Statement::default().text("INSERT INTO bed_turns (bed_id, turn_at) VALUES (").values(row).text(
            ") ON CONFLICT (bed_id) DO UPDATE SET turn_at = excluded.turn_at, search_turn_at = NULL, \
         search_rank = NULL, search_id = NULL, search_at = NULL",
        );
    db!(tx, execute, begun)?;
    Ok(now)
}

/// Offers a bed to the next one who waits. An offer of that one which has lapsed ends before, and its bed goes to the next as well.
async fn offer_next(tx: &mut Tx<'_>, freed: (BedId, Moment), after: Option<Behind>) -> Result<(), Failure> {
    let mut freed = vec![(freed, after)];
    while let Some(((bed, turn_at), after)) = freed.pop() {
        let former = offer_first(tx, (bed, turn_at), after).await?;
        freed.extend(former.filter(|it| it.bed_id != bed).map(|it| ((it.bed_id, it.turn_at), None)));
    }
    Ok(())
}

/// Offers a bed to the first one who waits and whom it suits, of those who have had no offer in the turn. A person who may not be booked is
/// passed over, and so are nights after the last day of the organization. Answers the offer of that one which had lapsed.
async fn offer_first(
    tx: &mut Tx<'_>,
    (bed, turn_at): (BedId, Moment),
    after: Option<Behind>,
) -> Result<Option<PlaceOffer>, Failure> {
    let (place, kind) = place(tx, bed).await?;
    let part = in_turn(tx, (&place, kind), turn_at, after).await?;
    let is_full = i64::try_from(part.len()).is_ok_and(|it| it >= TRIED_AT_ONCE);
    let last = part.last().map(|it| (it.form.rank(), it.id)).filter(|_| is_full);
    for it in part {
        let span = it.form.span_from(tx.today()).cut(place.most_nights);
        let facts = facts(tx, &it, (&place, kind), (span, turn_at)).await?;
        let order = PlaceOfferForm { bed_id: bed, from_on: span.from_on, until_on: span.until_on };
        if let Ok(offered) = it.clone().offer(&order, &facts)
            && works_on(tx, place.organization_id, span.last()).await?
        {
            let former = match it.end_offer(OfferEnding::Lapsed) {
                Ok(ended) => Some(save_ended(tx, ended).await?),
                Err(_) => None,
            };
            save(tx, offered, &place).await?;
            return Ok(former);
        }
    }
    if let Some(last) = last {
        pause(tx, (bed, turn_at), last).await?;
    }
    Ok(None)
}

/// Leaves those behind a place in the list to the clock.
async fn pause(tx: &mut Tx<'_>, (bed, turn_at): (BedId, Moment), (rank, id): Behind) -> Result<(), Failure> {
    turn_of(tx, bed).await?;
    let set = (
        bed_turns::search_turn_at.eq(bind(Some(turn_at))),
        bed_turns::search_rank.eq(Some(rank)),
        bed_turns::search_id.eq(bind(Some(id))),
        bed_turns::search_at.eq(bind(Some(tx.now()))),
    );
    db!(tx, execute, prepared(diesel::update(bed_turns::table.find(bind(bed))).set(set)))?;
    Ok(())
}

/// Beds whose search goes on, a part at a time: those after the given one.
pub async fn unfinished(
    tx: &mut Tx<'_>,
    after: Option<(Moment, BedId)>,
) -> Result<Vec<(Moment, BedId)>, Failure> {
    let now = tx.now();
    Ok(db!(tx, load, {
        let mut due = bed_turns::table
            .filter(bed_turns::search_at.is_not_null())
            .filter(bed_turns::search_at.assume_not_null().le(bind(now)))
            .select((bed_turns::search_at.assume_not_null(), bed_turns::bed_id))
            .order((bed_turns::search_at.asc(), bed_turns::bed_id.asc()))
            .limit(DUE_AT_ONCE)
            .into_boxed();
        if let Some((at, bed)) = after {
            let later = bed_turns::search_at.assume_not_null().gt(bind(at));
            due = due
                .filter(bed_turns::search_at.assume_not_null().ge(bind(at)))
                .filter(later.or(bed_turns::bed_id.gt(bind(bed))));
        }
        due
    })?)
}

/// Tries the next part of those who wait for a bed.
pub async fn go_on(tx: &mut Tx<'_>, bed: BedId) -> Result<(), Failure> {
    type Search = (Option<Moment>, Option<i32>, Option<PlaceRequestId>);
    let columns = (bed_turns::search_turn_at, bed_turns::search_rank, bed_turns::search_id);
    let found: Option<Search> =
        db!(tx, first, bed_turns::table.find(bind(bed)).select(columns)).optional()?;
    let Some((Some(turn_at), Some(rank), Some(id))) = found else { return Ok(()) };
    let over = (
        bed_turns::search_turn_at.eq(bind(None::<Moment>)),
        bed_turns::search_rank.eq(None::<i32>),
        bed_turns::search_id.eq(bind(None::<PlaceRequestId>)),
        bed_turns::search_at.eq(bind(None::<Moment>)),
    );
    db!(tx, execute, prepared(diesel::update(bed_turns::table.find(bind(bed))).set(over)))?;
    offer_next(tx, (bed, turn_at), Some((rank, id))).await
}
