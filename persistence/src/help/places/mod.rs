//! Places in the database: a bed with the rules of its room and its facility.
//!
//! - `nights`: the nights that beds have. `blocks`: beds out of use.
//! - this page: a bed as rules see it, the house rules in force, and what an edit of a bed, a room or a facility would break.
//!
//! Invariant: a bed that is closed, and a room whose rules change, have no nights that the change would touch.
pub mod blocks;
pub(crate) mod nights;

use crate::engine::column::{bind, binds};
use crate::engine::conn::db;
use crate::engine::editions::entry_in_effect;
use crate::engine::failure::Failure;
use crate::engine::schema::{bed_nights, beds, facilities, house_rules, rooms};
use crate::entry;
use crate::sight::dangling;
use crate::tx::Tx;
use chrono::NaiveDate;
use diesel::dsl::exists;
use diesel::prelude::*;
use domain::base::entry::{Entered, Entry};
use domain::base::id::{BedId, FacilityId, HouseRulesId, RoomId};
use domain::base::refusal::Reason;
use domain::base::text::Title;
use domain::help::places::nights::{Place, Span};
use domain::help::places::rooms::{BedForm, RoomForm};
use domain::help::places::{BED_IN_USE, FacilityForm, FacilityKind, ROOM_IN_USE};
use std::collections::HashMap;
use uuid::Uuid;

/// The parent of an entry that stands under something.
fn parent<F: Entry, T: From<Uuid>>(it: &Entered<F>) -> Result<T, Failure> {
    it.parent.map(T::from).ok_or_else(|| Failure::broken("an entry without its parent"))
}

/// A bed with its room and its facility, in the sight of nobody.
pub(crate) async fn place(tx: &mut Tx<'_>, bed_id: BedId) -> Result<(Place, FacilityKind), Failure> {
    let bed = entry::found::<BedForm>(tx, bed_id).await?;
    let room_id: RoomId = parent(&bed)?;
    let room = entry::found::<RoomForm>(tx, room_id).await?;
    let facility_id: FacilityId = parent(&room)?;
    let facility = entry::found::<FacilityForm>(tx, facility_id).await?.form;
    let place = Place::of((bed_id, &bed.form), (room_id, &room.form), (facility_id, &facility));
    Ok((place, facility.kind))
}

/// A bed that an order names. One that the right of this transaction does not reach is not there.
pub(crate) async fn named_place(
    tx: &mut Tx<'_>,
    bed: BedId,
    pointer: &str,
) -> Result<(Place, FacilityKind), Failure> {
    match entry::sees::<BedForm>(tx, bed).await? {
        true => place(tx, bed).await,
        false => Err(dangling(pointer)),
    }
}

/// A facility that an order names.
pub(crate) async fn named_facility(
    tx: &mut Tx<'_>,
    id: FacilityId,
    pointer: &str,
) -> Result<FacilityForm, Failure> {
    match entry::sees::<FacilityForm>(tx, id).await? {
        true => Ok(entry::found::<FacilityForm>(tx, id).await?.form),
        false => Err(dangling(pointer)),
    }
}

/// The names of facilities, in the sight of nobody.
pub(crate) async fn facility_names(
    tx: &mut Tx<'_>,
    ids: impl IntoIterator<Item = FacilityId>,
) -> Result<HashMap<FacilityId, Title>, Failure> {
    let mut ids: Vec<FacilityId> = ids.into_iter().collect();
    ids.sort_unstable();
    ids.dedup();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let some = facilities::table.filter(facilities::id.eq_any(binds(&ids)));
    let found: Vec<(FacilityId, Title)> = db!(tx, load, some.select((facilities::id, facilities::name)))?;
    Ok(found.into_iter().collect())
}

/// The house rules of a facility in force on a day. Of two from one day it is the edition entered later.
pub(crate) async fn rules_in_force(
    tx: &mut Tx<'_>,
    of: FacilityId,
    on: NaiveDate,
) -> Result<Option<HouseRulesId>, Failure> {
    let all = house_rules::table.filter(house_rules::facility_id.eq(bind(of)));
    Ok(entry_in_effect!(tx, house_rules, all, on, house_rules::id))
}

/// The days on which each bed of a facility is open.
pub(crate) async fn open_beds(
    tx: &mut Tx<'_>,
    of: FacilityId,
) -> Result<Vec<(NaiveDate, Option<NaiveDate>)>, Failure> {
    let theirs = beds::table.inner_join(rooms::table).filter(rooms::facility_id.eq(bind(of)));
    Ok(db!(tx, load, theirs.select((beds::opened_on, beds::closed_on)))?)
}

/// The reasons against an edit of a bed, a room or a facility on which nights rest. Of other entries there are none.
pub(crate) async fn against_edit(
    tx: &mut Tx<'_>,
    id: Uuid,
    before: &dyn std::any::Any,
    after: &dyn std::any::Any,
) -> Result<Vec<Reason>, Failure> {
    if let Some((before, after)) = before.downcast_ref::<BedForm>().zip(after.downcast_ref::<BedForm>()) {
        let days = (before.opened_on, before.closed_on) != (after.opened_on, after.closed_on);
        let bed = nights::Beds::One(id.into());
        let is_used = days && nights::have_beyond(tx, bed, after.opened_on, after.closed_on).await?;
        return Ok(is_used.then(|| BED_IN_USE.reason().at("/closed_on")).into_iter().collect());
    }
    if let Some((before, after)) = before.downcast_ref::<RoomForm>().zip(after.downcast_ref::<RoomForm>()) {
        let rules = (before.sex_rule, before.age_rule) != (after.sex_rule, after.age_rule);
        let is_used = rules && room_has_nights(tx, id.into()).await?;
        return Ok(is_used.then(|| ROOM_IN_USE.reason().at("/sex_rule")).into_iter().collect());
    }
    if let Some((before, after)) =
        before.downcast_ref::<FacilityForm>().zip(after.downcast_ref::<FacilityForm>())
    {
        let days = (before.opened_on, before.closed_on) != (after.opened_on, after.closed_on);
        let all = nights::Beds::Of(id.into());
        let is_used = days && nights::have_beyond(tx, all, after.opened_on, after.closed_on).await?;
        return Ok(is_used.then(|| BED_IN_USE.reason().at("/closed_on")).into_iter().collect());
    }
    Ok(Vec::new())
}

/// Whether somebody has a bed of the room from tonight on.
async fn room_has_nights(tx: &mut Tx<'_>, id: RoomId) -> Result<bool, Failure> {
    let (today, now) = (tx.today(), tx.now());
    let ahead = bed_nights::table
        .filter(bed_nights::room_id.eq(bind(id)))
        .filter(bed_nights::night.ge(today))
        .filter(bed_nights::block_id.is_null())
        .filter(nights::held!(now));
    Ok(db!(tx, get_result, diesel::select(exists(ahead)))?)
}

/// The nights of a bed within a span on which it is open.
pub(crate) fn open_within(
    (opened_on, closed_on): (NaiveDate, Option<NaiveDate>),
    of: &FacilityForm,
    within: Span,
) -> Span {
    let first = opened_on.max(of.opened_on).max(within.from_on);
    let end = [Some(within.until_on), closed_on, of.closed_on].into_iter().flatten().min();
    let end = end.unwrap_or(within.until_on);
    Span::new(first.min(end), end)
}
