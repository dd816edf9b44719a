//! The nights that beds have, and the people whom rooms take on them. Stays, offers and blocks are written by the same statements.
//!
//! A night that is held until a moment which has passed is free: the next order that needs it takes it away first.
use crate::engine::column::{bind, binds};
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::schema::{bed_nights, room_nights};
use crate::engine::statement::Statement;
use crate::people::one_person;
use crate::tx::Tx;
use chrono::NaiveDate;
use diesel::dsl::exists;
use diesel::prelude::*;
use domain::base::id::{BedBlockId, BedId, BeneficiaryId, FacilityId, PlaceRequestId, RoomId, StayId};
use domain::base::kept::Value;
use domain::base::moment::{CALENDAR, Moment};
use domain::base::refusal::Rule;
use domain::base::word::Word;
use domain::help::places::nights::{BED_TAKEN, Busy, Place, ROOM_SEX, Span};
use domain::help::places::rooms::{AgeRule, RoomGroup, SexRule};
use uuid::Uuid;

/// The holder of a night.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Holder {
    /// A stay.
    Stay(StayId),
    /// An offer to somebody who waits.
    Request(PlaceRequestId),
    /// A block of the bed.
    Block(BedBlockId),
}

impl Holder {
    fn column(self) -> &'static str {
        match self {
            Self::Stay(_) => "stay_id",
            Self::Request(_) => "request_id",
            Self::Block(_) => "block_id",
        }
    }
    fn id(self) -> Uuid {
        match self {
            Self::Stay(it) => it.into(),
            Self::Request(it) => it.into(),
            Self::Block(it) => it.into(),
        }
    }
}

/// A person in a bed: who, whom the room takes with them, and until when each night is held.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sleeping {
    pub(crate) who: BeneficiaryId,
    pub(crate) group: RoomGroup,
    /// The moment until which nights after this one are held. None: they stay.
    pub(crate) held: Option<(Option<NaiveDate>, Moment)>,
}

impl Sleeping {
    fn held_until(&self, night: NaiveDate) -> Option<Moment> {
        let (kept, until) = self.held?;
        (kept != Some(night)).then_some(until)
    }
}

fn day(it: NaiveDate) -> Value {
    Value::Day(Some(it))
}
fn id(it: impl Into<Uuid>) -> Value {
    Value::Uuid(Some(it.into()))
}

/// The condition that a night is still held, or is no more to be answered.
macro_rules! held {
    ($now:expr) => {
        bed_nights::held_until.is_null().or(bed_nights::held_until.assume_not_null().gt(bind($now)))
    };
}
pub(crate) use held;

/// Nights that become free: a condition, with its values.
enum Freed {
    /// Those of a holder from a night on.
    Of(Holder, NaiveDate),
    /// Those of a room within a span that are not held any more.
    LapsedIn(Uuid, Span, Moment),
    /// Those of a person within a span that are not held any more.
    LapsedOf(BeneficiaryId, Span, Moment),
}

impl Freed {
    fn add_to(&self, it: Statement) -> Statement {
        let lapsed = |it: Statement, whose: Value, span: &Span, now: &Moment| {
            let it = it.value(whose).text(" AND night >= ").value(day(span.from_on));
            let it = it.text(" AND night < ").value(day(span.until_on));
            it.text(" AND held_until <= ").value(Value::Moment(Some(*now)))
        };
        match self {
            Self::Of(holder, from) => {
                let it = it.text(holder.column()).text(" = ").value(id(holder.id()));
                it.text(" AND night >= ").value(day(*from))
            }
            Self::LapsedIn(room, span, now) => lapsed(it.text("room_id = "), id(*room), span, now),
            Self::LapsedOf(who, span, now) => lapsed(it.text("beneficiary_id = "), id(*who), span, now),
        }
    }
}

/// Takes nights away. The people of the room go first, while the nights still tell which they are.
async fn free_where(tx: &mut Tx<'_>, freed: Freed) -> Result<(), Failure> {
    const WHICH: &str =
        "(room_id, night) IN (SELECT room_id, night FROM bed_nights WHERE beneficiary_id IS NOT NULL AND ";
    // A room has as many nights of one day as it has beds, so they are counted.
    const FEWER: &str = "UPDATE room_nights SET occupants = occupants - (SELECT count(*) FROM bed_nights \
         WHERE bed_nights.room_id = room_nights.room_id AND bed_nights.night = room_nights.night \
         AND bed_nights.beneficiary_id IS NOT NULL AND ";
    let fewer = freed.add_to(Statement::default().text(FEWER)).text(") WHERE ").text(WHICH);
    db!(tx, execute, freed.add_to(fewer).text(")"))?;
    let empty = Statement::default().text("DELETE FROM room_nights WHERE occupants = 0 AND ").text(WHICH);
    db!(tx, execute, freed.add_to(empty).text(")"))?;
    let nights = Statement::default().text("DELETE FROM bed_nights WHERE ");
    db!(tx, execute, freed.add_to(nights))?;
    Ok(())
}

/// Gives the nights of a holder free, from a night on.
pub(crate) async fn free(tx: &mut Tx<'_>, of: Holder, from: NaiveDate) -> Result<(), Failure> {
    free_where(tx, Freed::Of(of, from)).await
}

/// Keeps the nights of a stay whose person has come. Refuses where another server, whose clock goes ahead, has given some of them away.
pub(crate) async fn keep(tx: &mut Tx<'_>, of: StayId, span: Span) -> Result<(), Failure> {
    let keep =
        Statement::default().text("UPDATE bed_nights SET held_until = NULL WHERE stay_id = ").value(id(of));
    let changed = db!(tx, execute, keep)?;
    must_be(changed, span.nights().len(), &BED_TAKEN)
}

/// The nights of a span on which the bed is taken.
pub(crate) async fn taken(tx: &mut Tx<'_>, of: &Place, span: Span) -> Result<Vec<NaiveDate>, Failure> {
    free_where(tx, Freed::LapsedIn(of.room_id.into(), span, tx.now())).await?;
    let theirs = bed_nights::table
        .filter(bed_nights::bed_id.eq(bind(of.bed_id)))
        .filter(bed_nights::night.ge(span.from_on))
        .filter(bed_nights::night.lt(span.until_on))
        .order(bed_nights::night);
    Ok(db!(tx, load, theirs.select(bed_nights::night))?)
}

/// The nights of a span on which others have the bed, the person has another one, or the room has people.
pub(crate) async fn busy(
    tx: &mut Tx<'_>,
    of: &Place,
    who: BeneficiaryId,
    span: Span,
) -> Result<Busy, Failure> {
    let records = one_person::of(tx, who).await?.records();
    for it in &records {
        free_where(tx, Freed::LapsedOf(*it, span, tx.now())).await?;
    }
    let taken = taken(tx, of, span).await?;
    let own = bed_nights::table
        .filter(bed_nights::beneficiary_id.assume_not_null().eq_any(binds(&records)))
        .filter(bed_nights::night.ge(span.from_on))
        .filter(bed_nights::night.lt(span.until_on))
        .order(bed_nights::night);
    let elsewhere = db!(tx, load, own.select(bed_nights::night))?;
    let there = room_nights::table
        .filter(room_nights::room_id.eq(bind(of.room_id)))
        .filter(room_nights::night.ge(span.from_on))
        .filter(room_nights::night.lt(span.until_on))
        .order(room_nights::night);
    let there = there.select((room_nights::night, room_nights::sex, room_nights::age_group));
    let room: Vec<(NaiveDate, SexRule, AgeRule)> = db!(tx, load, there)?;
    let room = room.into_iter().map(|(night, sex, age)| (night, RoomGroup { sex, age })).collect();
    Ok(Busy { taken, elsewhere, room })
}

/// The age of the people whom a room has on a night.
pub(crate) async fn age_in(
    tx: &mut Tx<'_>,
    room: RoomId,
    night: NaiveDate,
) -> Result<Option<AgeRule>, Failure> {
    let there = room_nights::table
        .filter(room_nights::room_id.eq(bind(room)))
        .filter(room_nights::night.eq(night))
        .select(room_nights::age_group);
    Ok(db!(tx, first, there).optional()?)
}

/// Gives nights to a holder. The unique keys and the guard of the room judge again what the rule has judged.
pub(crate) async fn occupy(
    tx: &mut Tx<'_>,
    of: &Place,
    holder: Holder,
    sleeping: Option<Sleeping>,
    span: Span,
) -> Result<(), Failure> {
    let nights = span.nights();
    let count = nights.len();
    if let Some(it) = sleeping {
        let changed = enter_room(tx, of, it.group, &nights).await?;
        must_be(changed, count, &ROOM_SEX)?;
    }
    let columns = "INSERT INTO bed_nights (bed_id, night, room_id, facility_id, beneficiary_id, held_until, ";
    let mut insert = Statement::default().text(columns).text(holder.column()).text(") VALUES ");
    for (n, night) in nights.into_iter().enumerate() {
        let row = vec![
            id(of.bed_id),
            day(night),
            id(of.room_id),
            id(of.facility_id),
            Value::Uuid(sleeping.map(|it| it.who.into())),
            Value::Moment(sleeping.and_then(|it| it.held_until(night))),
            id(holder.id()),
        ];
        insert = insert.text(if n == 0 { "(" } else { ", (" }).values(row).text(")");
    }
    let changed = db!(tx, execute, insert.once())?;
    must_be(changed, count, &BED_TAKEN)
}

fn must_be(changed: usize, count: usize, rule: &'static Rule) -> Result<(), Failure> {
    if changed == count { Ok(()) } else { Err(rule.refuse().into()) }
}

/// Counts a person into a room. Nights on which the room has people of another group stay as they are.
async fn enter_room(
    tx: &mut Tx<'_>,
    of: &Place,
    group: RoomGroup,
    nights: &[NaiveDate],
) -> Result<usize, Failure> {
    let mut upsert = Statement::default()
        .text("INSERT INTO room_nights (room_id, night, sex, age_group, occupants) VALUES ");
    for (n, night) in nights.iter().enumerate() {
        let word = |it: &str| Value::Text(Some(it.to_owned()));
        let row = vec![
            id(of.room_id),
            day(*night),
            word(group.sex.code()),
            word(group.age.code()),
            Value::Integer(Some(1)),
        ];
        upsert = upsert.text(if n == 0 { "(" } else { ", (" }).values(row).text(")");
    }
    let upsert = upsert.text(
        " ON CONFLICT (room_id, night) DO UPDATE SET occupants = room_nights.occupants + 1 \
         WHERE room_nights.sex = excluded.sex AND room_nights.age_group = excluded.age_group",
    );
    Ok(db!(tx, execute, upsert.once())?)
}

/// Beds whose days are asked for.
pub(super) enum Beds {
    /// One bed.
    One(BedId),
    /// All of a facility.
    Of(FacilityId),
}

/// Whether beds have a night before they open or after they close.
pub(super) async fn have_beyond(
    tx: &mut Tx<'_>,
    beds: Beds,
    opened_on: NaiveDate,
    closed_on: Option<NaiveDate>,
) -> Result<bool, Failure> {
    let end = closed_on.unwrap_or(CALENDAR.1);
    let now = tx.now();
    Ok(db!(tx, get_result, {
        let beyond = bed_nights::night.lt(opened_on).or(bed_nights::night.ge(end));
        let nights = bed_nights::table.filter(beyond).filter(held!(now)).into_boxed();
        diesel::select(exists(match beds {
            Beds::One(bed) => nights.filter(bed_nights::bed_id.eq(bind(bed))),
            Beds::Of(facility) => nights.filter(bed_nights::facility_id.eq(bind(facility))),
        }))
    })?)
}
