//! Saving stays: a new one, and the steps of others, each with its nights.
use super::{NOTE, Row, dangling, must_be_known, sleeper, sleeper_of};
use crate::accompaniment::cases;
use crate::accompaniment::rules;
use crate::engine::column::{any_of, bind, binds};
use crate::engine::conn::{db, prepared};
use crate::engine::failure::Failure;
use crate::engine::schema::{living_enrolments, stays};
use crate::help::places::nights::{self, Holder, Sleeping};
use crate::help::places::{named_place, place, rules_in_force};
use crate::people::{lives_of, one_person, register};
use crate::region::files::entrust_each;
use crate::region::organizations::must_work_on;
use crate::region::terms;
use crate::sight::{all_of, apart, must_refer, ruled};
use crate::tx::Tx;
use chrono::{NaiveDate, TimeDelta};
use diesel::prelude::*;
use domain::accompaniment::cases::Case;
use domain::base::change::{Changed, SubjectKind};
use domain::base::id::{BedId, BeneficiaryId, CaseId, StayId};
use domain::base::moment::Moment;
use domain::base::refusal::Refused;
use domain::help::places::nights::{Place, Span};
use domain::help::places::rooms::{AgeRule, RoomGroup};
use domain::help::stays::*;
use domain::people::Lives;

/// Reservations that one look of the clock finds at most.
const DUE_AT_ONCE: i64 = 100;

/// A person in a bed. The nights after the first of a reservation are held for the arrival, and no longer.
fn sleeping(who: BeneficiaryId, group: RoomGroup, first: NaiveDate, held: Option<Moment>) -> Sleeping {
    Sleeping { who, group, held: held.map(|until| (Some(first), until)) }
}

/// Books a bed, perhaps for a request by which it is needed now. The offer that it answers has given its nights free, and unanswered ones of
/// other organizations have ended. Nobody sleeps in an organization after its last day.
pub async fn book(tx: &mut Tx<'_>, form: &StayForm, is_needed_now: bool) -> Result<StayId, Failure> {
    let (found, named) = apart(named_place(tx, form.bed_id, "/bed_id").await);
    let Some((place, _)) = found else {
        all_of([named, must_refer_to_whom(tx, form).await])?;
        return Err(dangling("/bed_id"));
    };
    let of = place.organization_id;
    let (sleeper, known) = apart(sleeper(tx, form.beneficiary_id, of).await);
    let Some(sleeper) = sleeper else {
        let works = must_work_on(tx, form.span().last(), of, "/until_on").await;
        all_of([known, works, must_refer_beside(tx, form).await])?;
        return Err(dangling("/beneficiary_id"));
    };
    let busy = nights::busy(tx, &place, form.beneficiary_id, form.span()).await?;
    let has_case = suits_case(tx, (form.case_id, form.beneficiary_id), &place).await?;
    let hold = TimeDelta::hours(rules::in_force(tx).await?.reservation_hold_hours.into());
    let (now, zone) = (tx.now(), tx.zone());
    let is_removed = register::is_removed(tx, form.beneficiary_id).await?;
    let facts = BookingFacts { place, sleeper, busy, has_case, is_removed, is_needed_now, hold, now, zone };
    let file = form.permission_file_id.map(|it| (it, "/permission_file_id"));
    let checks = [
        must_refer(tx, SubjectKind::Case, form.case_id, "/case_id").await,
        must_work_on(tx, form.span().last(), of, "/until_on").await,
        must_be_enrolled(tx, form).await,
        entrust_each(tx, file, of).await,
    ];
    let booked = ruled(Reserved::book(tx.mint(), form, &facts), checks)?;
    let id = booked.value().booked.id;
    save_booked(tx, booked, &facts.place).await?;
    Ok(id)
}

/// Refuses all that a booking names and the caller does not know. The request by which it is judged is not there.
pub(in crate::help) async fn must_refer_well(tx: &mut Tx<'_>, form: &StayForm) -> Result<(), Failure> {
    all_of([named_place(tx, form.bed_id, "/bed_id").await.map(drop), must_refer_to_whom(tx, form).await])
}

/// Refuses a person, and what else a booking names, that the caller does not know. The bed, by which they are judged, is not there.
pub(in crate::help) async fn must_refer_to_whom(tx: &mut Tx<'_>, form: &StayForm) -> Result<(), Failure> {
    all_of([must_be_known(tx, form.beneficiary_id).await, must_refer_beside(tx, form).await])
}

/// Refuses what else a booking names, and the caller does not see.
async fn must_refer_beside(tx: &mut Tx<'_>, form: &StayForm) -> Result<(), Failure> {
    all_of([
        must_refer(tx, SubjectKind::Case, form.case_id, "/case_id").await,
        must_refer(tx, SubjectKind::LivingEnrolment, form.enrolment_id, "/enrolment_id").await,
        must_refer(tx, SubjectKind::File, form.permission_file_id, "/permission_file_id").await,
    ])
}

/// Whether the named case is open, of this person under any record, and of the organization of the facility.
async fn suits_case(
    tx: &mut Tx<'_>,
    (case, who): (Option<CaseId>, BeneficiaryId),
    of: &Place,
) -> Result<bool, Failure> {
    let Some(id) = case else { return Ok(false) };
    let records = one_person::of(tx, who).await?.records();
    Ok(match cases::found(tx, id).await {
        Ok(Case::Open(it)) => {
            records.contains(&it.beneficiary_id) && it.organization_id == of.organization_id
        }
        Ok(Case::Closed(_)) | Err(Failure::NotFound(_)) => false,
        Err(other) => return Err(other),
    })
}

/// Refuses an enrolment of somebody else.
async fn must_be_enrolled(tx: &mut Tx<'_>, form: &StayForm) -> Result<(), Failure> {
    let Some(id) = form.enrolment_id else { return Ok(()) };
    let one = living_enrolments::table.find(bind(id)).select(living_enrolments::beneficiary_id);
    let whose: Option<BeneficiaryId> = db!(tx, first, one).optional()?;
    let is_theirs = match whose {
        Some(of) => one_person::are(tx, form.beneficiary_id, of).await?,
        None => false,
    };
    if is_theirs { Ok(()) } else { Err(dangling("/enrolment_id")) }
}

async fn save_booked(tx: &mut Tx<'_>, change: Changed<New>, of: &Place) -> Result<(), Failure> {
    let (New { booked: it, group, form }, records) = change.into_parts();
    let row = (
        stays::id.eq(bind(it.id)),
        stays::version.eq(1),
        stays::beneficiary_id.eq(bind(it.beneficiary_id)),
        stays::organization_id.eq(bind(it.organization_id)),
        stays::facility_id.eq(bind(it.facility_id)),
        stays::room_id.eq(bind(it.room_id)),
        stays::bed_id.eq(bind(it.bed_id)),
        stays::from_on.eq(it.span.from_on),
        stays::until_on.eq(it.span.until_on),
        stays::purpose.eq(bind(form.purpose)),
        stays::case_id.eq(bind(form.case_id)),
        stays::order_number.eq(bind(form.order_number)),
        stays::order_on.eq(form.order_on),
        stays::enrolment_id.eq(bind(form.enrolment_id)),
        stays::permission_file_id.eq(bind(form.permission_file_id)),
        stays::state.eq(bind(StayState::Reserved)),
        stays::held_until.eq(bind(it.held_until)),
        stays::created_at.eq(bind(tx.now())),
        stays::updated_at.eq(bind(tx.now())),
    );
    let rows = db!(tx, execute, diesel::insert_into(stays::table).values(row))?;
    tx.established(rows, records)?;
    let person = sleeping(it.beneficiary_id, group, it.span.from_on, Some(it.held_until));
    nights::occupy(tx, of, Holder::Stay(it.id), Some(person), it.span).await
}

/// Saves a step of a stay. A stay that has left the state stays as it is.
async fn save(tx: &mut Tx<'_>, change: Changed<Stepped>) -> Result<Booked, Failure> {
    let (it, records) = change.into_parts();
    let booked = it.booked;
    let note = tx.core.keys.seal_some(NOTE, booked.id, it.note.as_ref())?;
    let bed = (
        stays::version.eq(stays::version + 1),
        stays::room_id.eq(bind(booked.room_id)),
        stays::bed_id.eq(bind(booked.bed_id)),
        stays::until_on.eq(booked.span.until_on),
        stays::state.eq(bind(it.state)),
        stays::arrived_at.eq(bind(booked.arrived_at)),
        stays::ended_on.eq(it.ended_on),
        stays::departure_reason.eq(bind(it.reason)),
        stays::note.eq(bind(note)),
        stays::updated_at.eq(bind(tx.now())),
    );
    let left = stays::table.filter(stays::id.eq(bind(booked.id))).filter(stays::state.eq(bind(it.was)));
    let rows = db!(tx, execute, prepared(diesel::update(left).set(bed)))?;
    tx.established(rows, records)?;
    if let Some((rules, file)) = it.signed {
        let set = (stays::house_rules_id.eq(bind(Some(rules))), stays::rules_file_id.eq(bind(Some(file))));
        db!(tx, execute, prepared(diesel::update(stays::table.find(bind(booked.id))).set(set)))?;
    }
    Ok(booked)
}

/// Records an arrival: the nights are held no more, they stay.
pub async fn save_arrived(tx: &mut Tx<'_>, it: Reserved, order: &StayArrival) -> Result<(), Failure> {
    let (of, facility) = (it.0.organization_id, it.0.facility_id);
    let on = tx.zone().day(order.arrived_at);
    let in_force = rules_in_force(tx, facility, on).await?;
    let file = order.rules_file_id.map(|it| (it, "/rules_file_id"));
    let given = entrust_each(tx, file, of).await;
    let arrived = ruled(it.arrive(order, in_force, (tx.now(), tx.zone())), [given])?;
    let it = save(tx, arrived).await?;
    nights::keep(tx, it.id, it.span).await
}

/// The nights that a late arrival gives back to a person: those after the first, up to a death.
pub(crate) async fn to_restore(tx: &mut Tx<'_>, it: &Missed) -> Result<Span, Failure> {
    Ok(it.rest(lives_of(tx, it.booked.beneficiary_id).await?.died_on()))
}

/// Refuses to let somebody live on whose case has closed since the booking. Of the dead, past nights alone are restored.
async fn must_go_on(tx: &mut Tx<'_>, it: &Booked, of: &Place, lives: &Lives) -> Result<(), Failure> {
    let one = stays::table.find(bind(it.id)).select(stays::case_id);
    let case: Option<CaseId> = db!(tx, first, one)?;
    if case.is_none() || lives.are_over() || suits_case(tx, (case, it.beneficiary_id), of).await? {
        return Ok(());
    }
    Err(Refused::from(CASE_NEEDED.reason().at("/arrived_at")).into())
}

/// Refuses to undo a no-show after the term of corrections.
async fn must_be_in_term(tx: &mut Tx<'_>, it: &Booked) -> Result<(), Failure> {
    let term = terms::corrections(tx).await?;
    Ok(tx.recorded(it.held_until, false, false, term).must_be_open(tx.today())?)
}

/// Records an arrival that was in time, though the hold is over by now. The nights that the hold has given free are the person's again.
/// The stay of somebody who has died since ends with the life.
pub async fn save_restored(tx: &mut Tx<'_>, it: Missed, order: &StayArrival) -> Result<(), Failure> {
    let (of, _) = place(tx, it.booked.bed_id).await?;
    let (who, first) = (it.booked.beneficiary_id, it.booked.span.from_on);
    let lives = lives_of(tx, who).await?;
    let rest = it.rest(lives.died_on());
    let group = group(tx, &it.booked, &of, first).await?;
    nights::free(tx, Holder::Stay(it.booked.id), rest.from_on).await?;
    let busy = nights::busy(tx, &of, who, rest).await?;
    let in_force = rules_in_force(tx, of.facility_id, tx.zone().day(order.arrived_at)).await?;
    let file = order.rules_file_id.map(|it| (it, "/rules_file_id"));
    let checks = [
        must_go_on(tx, &it.booked, &of, &lives).await,
        must_be_in_term(tx, &it.booked).await,
        entrust_each(tx, file, of.organization_id).await,
    ];
    let at = (tx.now(), tx.zone());
    let restored = ruled(it.arrive(order, in_force, (&of, group, &busy), &lives, at), checks)?;
    let it = save(tx, restored).await?;
    if rest.count() > 0 {
        add_nights(tx, &it, &of, group, rest).await?;
    }
    let Some(died_on) = lives.died_on() else { return Ok(()) };
    let arrived_on = tx.zone().day(order.arrived_at);
    let (ended, from) = by_death(Arrived { booked: it, arrived_on }, died_on);
    let it = save(tx, ended).await?;
    nights::free(tx, Holder::Stay(it.id), from).await
}

/// The end of a stay by a death, and the day from which its nights are free.
fn by_death(it: Arrived, died_on: NaiveDate) -> (Changed<Stepped>, NaiveDate) {
    let ended = it.end_by_death(died_on);
    let from = ended.value().ended_on.unwrap_or(died_on);
    (ended, from)
}

/// Records a departure: the nights from that day on are free. Answers the bed.
pub async fn depart(tx: &mut Tx<'_>, it: Arrived, order: &StayDeparture) -> Result<BedId, Failure> {
    let departed = it.depart(order, tx.today())?;
    let it = save(tx, departed).await?;
    nights::free(tx, Holder::Stay(it.id), order.departed_on).await?;
    Ok(it.bed_id)
}

/// Cancels a reservation: the nights from today on are free. Answers the bed.
pub async fn cancel(tx: &mut Tx<'_>, it: Reserved, order: &StayCancellation) -> Result<BedId, Failure> {
    let cancelled = it.cancel(order.note.clone(), tx.today());
    let it = save(tx, cancelled).await?;
    nights::free(tx, Holder::Stay(it.id), tx.today()).await?;
    Ok(it.bed_id)
}

/// The person of a stay in a room, as of a night.
async fn group(tx: &mut Tx<'_>, it: &Booked, of: &Place, night: NaiveDate) -> Result<RoomGroup, Failure> {
    let sleeper = sleeper_of(tx, it.beneficiary_id).await?;
    let sleeper = sleeper.ok_or_else(|| Failure::broken("a stay of a family"))?;
    Ok(sleeper.group(of.rules, night))
}

/// The person of a stay as its room has them on the last night: a birthday moves nobody.
async fn kept_group(tx: &mut Tx<'_>, it: &Booked, of: &Place) -> Result<RoomGroup, Failure> {
    let group = group(tx, it, of, it.span.from_on).await?;
    let kept = nights::age_in(tx, of.room_id, it.span.last()).await?;
    let kept = kept.filter(|age| group.age != AgeRule::Any && *age != AgeRule::Any);
    Ok(RoomGroup { age: kept.unwrap_or(group.age), ..group })
}

/// Gives further nights to a stay. Those of a reservation are held for the arrival alone.
async fn add_nights(
    tx: &mut Tx<'_>,
    it: &Booked,
    of: &Place,
    group: RoomGroup,
    span: Span,
) -> Result<(), Failure> {
    let held = it.arrived_at.is_none().then_some(it.held_until);
    let person = sleeping(it.beneficiary_id, group, it.span.from_on, held);
    nights::occupy(tx, of, Holder::Stay(it.id), Some(person), span).await
}

/// Extends a stay in its bed.
pub async fn extend(tx: &mut Tx<'_>, it: Booked, order: &StayExtension) -> Result<(), Failure> {
    let (of, _) = place(tx, it.bed_id).await?;
    let (group, added) = (kept_group(tx, &it, &of).await?, it.added(order));
    let busy = nights::busy(tx, &of, it.beneficiary_id, added).await?;
    let works = must_work_on(tx, added.last(), of.organization_id, "/until_on").await;
    let extended = ruled(it.extend(order, &of, group, &busy), [works])?;
    let it = save(tx, extended).await?;
    add_nights(tx, &it, &of, group, added).await
}

/// Moves a person to another bed from tonight on. Answers the bed that was left.
pub async fn move_to(tx: &mut Tx<'_>, it: Booked, order: &StayMove) -> Result<BedId, Failure> {
    let (of, _) = named_place(tx, order.bed_id, "/bed_id").await?;
    let (was, left) = (it.bed_id, it.left(tx.today()));
    let group = group(tx, &it, &of, left.from_on).await?;
    nights::free(tx, Holder::Stay(it.id), left.from_on).await?;
    let busy = nights::busy(tx, &of, it.beneficiary_id, left).await?;
    let it = save(tx, it.move_to(&of, group, &busy, tx.today())?).await?;
    add_nights(tx, &it, &of, group, left).await?;
    Ok(was)
}

/// Reservations whose hold is over, a part at a time: those after the given one.
pub async fn overdue(
    tx: &mut Tx<'_>,
    after: Option<(Moment, StayId)>,
) -> Result<Vec<(Moment, StayId)>, Failure> {
    let now = tx.now();
    Ok(db!(tx, load, {
        let mut over = stays::table
            .filter(stays::state.eq(bind(StayState::Reserved)))
            .filter(stays::held_until.le(bind(now)))
            .select((stays::held_until, stays::id))
            .order((stays::held_until.asc(), stays::id.asc()))
            .limit(DUE_AT_ONCE)
            .into_boxed();
        if let Some((held, id)) = after {
            over = over
                .filter(stays::held_until.ge(bind(held)))
                .filter(stays::held_until.gt(bind(held)).or(stays::id.gt(bind(id))));
        }
        over
    })?)
}

/// Ends a reservation whose hold is over. Answers its bed; none where the stay went on meanwhile.
pub(crate) async fn miss(tx: &mut Tx<'_>, id: StayId) -> Result<Option<BedId>, Failure> {
    let over = stays::table
        .filter(stays::id.eq(bind(id)))
        .filter(stays::state.eq(bind(StayState::Reserved)))
        .filter(stays::held_until.le(bind(tx.now())));
    let row: Option<Row> = db!(tx, first, over.select(Row::as_select())).optional()?;
    let Some(row) = row else { return Ok(None) };
    let missed = Reserved(row.booked()).miss(tx.zone());
    let it = save(tx, missed).await?;
    let after_first = it.span.from_on.succ_opt().unwrap_or(it.span.until_on);
    nights::free(tx, Holder::Stay(it.id), after_first).await?;
    Ok(Some(it.bed_id))
}

/// Ends the stays and the reservations of people who have died. The caller's scope does not limit it. Answers the beds.
pub(crate) async fn end_by_death(
    tx: &mut Tx<'_>,
    over: &[BeneficiaryId],
    died_on: NaiveDate,
) -> Result<Vec<BedId>, Failure> {
    let mut beds = Vec::new();
    if over.is_empty() {
        return Ok(beds);
    }
    let theirs = stays::table
        .filter(stays::beneficiary_id.eq_any(binds(over)))
        .filter(stays::state.eq_any(any_of(&[StayState::Reserved, StayState::Arrived])))
        .order(stays::id);
    let rows: Vec<Row> = db!(tx, load, theirs.select(Row::as_select()))?;
    for row in rows {
        let (ended, from) = match row.whole(tx) {
            Stay::Reserved(it) => (it.cancel(None, tx.today()), died_on),
            Stay::Arrived(it) => by_death(it, died_on),
            Stay::Missed(_) | Stay::Over(_) => continue,
        };
        let it = save(tx, ended).await?;
        nights::free(tx, Holder::Stay(it.id), from).await?;
        beds.push(it.bed_id);
    }
    Ok(beds)
}
