//! Stays in the database. Staff of the facility's organization sees them, and the guardianship of the territory in which the person lives.
//!
//! - `listing`: the list and its filters. `ending`: stays whose last day is near or has passed. `own`: stays as the person
//!   reads them. `saving`: a new stay, and the steps of others.
//! - this page: a row, its card, and the person who needs a bed.
//!
//! Invariant: a stay is saved together with its nights. A reservation whose hold is over is shown as a no-show, also before the clock
//! comes by.
mod ending;
mod listing;
mod own;
mod saving;

pub use ending::EndingStay;
pub use listing::{StayCountQuestion, StayFilter, counts, list};
pub use own::OwnStay;
pub use saving::{book, cancel, depart, extend, move_to, overdue, save_arrived, save_restored};

pub(crate) use ending::ending;
pub(crate) use own::of_person;
pub(crate) use saving::{end_by_death, miss, to_restore};
pub(super) use saving::{must_refer_to_whom, must_refer_well};

use crate::engine::card::cards;
use crate::engine::column::{any_of, bind, binds};
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::schema::{beneficiaries, cases, people, stays};
use crate::help::places::facility_names;
use crate::help::ways::{line_of, living_in, seen_by};
use crate::people::{lives_of, one_person};
use crate::sight::{dangling, is_found, must_refer, offered};
use crate::tx::Tx;
use chrono::NaiveDate;
use diesel::dsl::{exists, max};
use diesel::prelude::*;
use domain::accompaniment::cases::CaseState;
use domain::accompaniment::monthly_records::{MonthItem, MonthItemKind};
use domain::base::action::AvailableAction;
use domain::base::change::{Subject, SubjectKind};
use domain::base::id::*;
use domain::base::moment::Moment;
use domain::base::refusal::Reason;
use domain::base::text::{Note, OrderNumber, Title};
use domain::help::places::nights::{Sleeper, Span};
use domain::help::stays::*;
use domain::people::Sex;
use shape::card;
use uuid::Uuid;

/// A stay, as every endpoint returns it.
#[card]
pub struct StayCard {
    /// The id of the stay.
    pub id: StayId,
    /// The version number; it grows with every change and stands before the dot of the `ETag` header.
    #[schema(minimum = 1, example = 1)]
    pub version: i64,
    /// The state now.
    pub state: StayState,
    /// The beneficiary.
    pub beneficiary_id: BeneficiaryId,
    /// The organization of the facility.
    pub organization_id: OrganizationId,
    /// The facility.
    pub facility_id: FacilityId,
    /// The name of the facility, for everybody who sees the stay.
    pub facility_name: Option<Title>,
    /// The room of the last night.
    pub room_id: RoomId,
    /// The bed of the last night.
    pub bed_id: BedId,
    /// The first night.
    pub from_on: NaiveDate,
    /// The planned day of the departure.
    pub until_on: NaiveDate,
    /// The nights from the first until that day.
    #[schema(minimum = 1, maximum = 1000, example = 30)]
    pub nights: i64,
    /// The purpose.
    pub purpose: StayPurpose,
    /// The case of the person in this organization.
    pub case_id: Option<CaseId>,
    /// The number of the director's order.
    pub order_number: Option<OrderNumber>,
    /// The day of that order.
    pub order_on: Option<NaiveDate>,
    /// The enrolment into a programme of independent living.
    pub enrolment_id: Option<LivingEnrolmentId>,
    /// The permission of the guardianship authority.
    pub permission_file_id: Option<FileId>,
    /// The moment until which the bed of a reservation is held.
    pub held_until: Option<Moment>,
    /// The moment of the arrival.
    pub arrived_at: Option<Moment>,
    /// The edition of the house rules that the person has signed.
    pub house_rules_id: Option<HouseRulesId>,
    /// The signed house rules.
    pub rules_file_id: Option<FileId>,
    /// The day of the departure, of the cancellation, or on which nobody had come.
    pub ended_on: Option<NaiveDate>,
    /// The reason for the departure.
    pub departure_reason: Option<DepartureReason>,
    /// The departure or the cancellation in words.
    pub note: Option<Note>,
    /// Orders that this caller may send to the stay now; absent in lists.
    #[schema(max_items = 20)]
    pub available_actions: Option<Vec<AvailableAction>>,
    /// The moment of the booking.
    pub created_at: Moment,
    /// The moment of the last change.
    pub updated_at: Moment,
}

cards! { StayCard in "stays" about Stay; }

const NOTE: &str = "stays.note";

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = stays)]
struct Row {
    id: StayId,
    version: i64,
    beneficiary_id: BeneficiaryId,
    organization_id: OrganizationId,
    facility_id: FacilityId,
    room_id: RoomId,
    bed_id: BedId,
    from_on: NaiveDate,
    until_on: NaiveDate,
    purpose: StayPurpose,
    case_id: Option<CaseId>,
    order_number: Option<OrderNumber>,
    order_on: Option<NaiveDate>,
    enrolment_id: Option<LivingEnrolmentId>,
    permission_file_id: Option<FileId>,
    state: StayState,
    held_until: Moment,
    arrived_at: Option<Moment>,
    house_rules_id: Option<HouseRulesId>,
    rules_file_id: Option<FileId>,
    ended_on: Option<NaiveDate>,
    departure_reason: Option<DepartureReason>,
    note: Option<String>,
    created_at: Moment,
    updated_at: Moment,
}

impl Row {
    fn booked(&self) -> Booked {
        let Self { id, beneficiary_id, bed_id, room_id, facility_id, organization_id, .. } = *self;
        let span = Span::new(self.from_on, self.until_on);
        let (held_until, arrived_at) = (self.held_until, self.arrived_at);
        Booked {
            id,
            beneficiary_id,
            bed_id,
            room_id,
            facility_id,
            organization_id,
            span,
            held_until,
            arrived_at,
        }
    }
    /// The stay as it stands now.
    fn whole(&self, tx: &Tx<'_>) -> Stay {
        match (self.state.at(self.held_until, tx.now()), self.arrived_at) {
            (StayState::Reserved, _) => Stay::Reserved(Reserved(self.booked())),
            (StayState::Arrived, Some(at)) => Stay::Arrived(Arrived {
                booked: self.booked(),
                arrived_on: tx.zone().day(at).max(self.from_on),
            }),
            (StayState::NoShow, _) => Stay::Missed(Missed { booked: self.booked(), was: self.state }),
            (over, _) => Stay::Over(over),
        }
    }
}

/// Those of the stays that the scope sees: of its institutions, and of people in its territories. Every query for one begins here.
macro_rules! visible {
    ($scope:expr) => {
        seen_by!(stays::table.into_boxed(), $scope, stays::organization_id, |it| living_in!(
            stays::beneficiary_id,
            it
        ))
    };
}

fn missing(id: StayId) -> Failure {
    Failure::NotFound(Some(Subject::new(SubjectKind::Stay, id)))
}

async fn row(tx: &mut Tx<'_>, id: StayId) -> Result<Row, Failure> {
    let scope = tx.scope().clone();
    let found: Option<Row> =
        db!(tx, first, visible!(scope).filter(stays::id.eq(bind(id))).select(Row::as_select())).optional()?;
    found.ok_or_else(|| missing(id))
}

/// Whether the right of this transaction reaches the stay.
pub(crate) async fn reaches(tx: &mut Tx<'_>, id: StayId) -> Result<bool, Failure> {
    is_found(row(tx, id).await)
}

/// The names of those of the given stays that the right of this transaction reaches: their first and last day.
pub(crate) async fn names(tx: &mut Tx<'_>, ids: &[StayId]) -> Result<Vec<(StayId, String)>, Failure> {
    let (scope, some) = (tx.scope().clone(), stays::id.eq_any(binds(ids)));
    let columns = (stays::id, stays::from_on, stays::until_on);
    let found: Vec<(StayId, NaiveDate, NaiveDate)> =
        db!(tx, load, visible!(scope).filter(some).select(columns))?;
    Ok(found.into_iter().map(|(id, from, until)| (id, format!("{from} — {until}"))).collect())
}

fn shown(tx: &Tx<'_>, row: Row, facility_name: Option<Title>) -> Result<StayCard, Failure> {
    let state = row.state.at(row.held_until, tx.now());
    Ok(StayCard {
        id: row.id,
        version: row.version,
        state,
        beneficiary_id: row.beneficiary_id,
        organization_id: row.organization_id,
        facility_id: row.facility_id,
        facility_name,
        room_id: row.room_id,
        bed_id: row.bed_id,
        from_on: row.from_on,
        until_on: row.until_on,
        nights: Span::new(row.from_on, row.until_on).count(),
        purpose: row.purpose,
        case_id: row.case_id,
        order_number: row.order_number,
        order_on: row.order_on,
        enrolment_id: row.enrolment_id,
        permission_file_id: row.permission_file_id,
        held_until: (state == StayState::Reserved).then_some(row.held_until),
        arrived_at: row.arrived_at,
        house_rules_id: row.house_rules_id,
        rules_file_id: row.rules_file_id,
        ended_on: row.ended_on.or((state == StayState::NoShow).then(|| tx.zone().day(row.held_until))),
        departure_reason: row.departure_reason,
        note: tx.core.keys.open_some(NOTE, row.id, row.note.as_ref())?,
        available_actions: None,
        created_at: row.created_at,
        updated_at: row.updated_at,
    })
}

/// The card of one stay.
pub async fn card(tx: &mut Tx<'_>, id: StayId) -> Result<StayCard, Failure> {
    let row = row(tx, id).await?;
    let it = row.whole(tx);
    let offers = StayOffers { it: &it, today: tx.today() };
    let actions = offered(tx, &offers, Subject::new(SubjectKind::Stay, id)).await?;
    let name = facility_names(tx, [row.facility_id]).await?.remove(&row.facility_id);
    Ok(StayCard { available_actions: Some(actions), ..shown(tx, row, name)? })
}

/// The beneficiary and the organization of a stay. The caller's scope does not limit it.
pub(crate) async fn whose(tx: &mut Tx<'_>, id: StayId) -> Result<(BeneficiaryId, OrganizationId), Failure> {
    let one = stays::table.find(bind(id)).select((stays::beneficiary_id, stays::organization_id));
    Ok(db!(tx, first, one)?)
}

/// Loads a stay that a rule will change.
pub async fn load(tx: &mut Tx<'_>, id: StayId) -> Result<Stay, Failure> {
    let row = row(tx, id).await?;
    tx.expect(row.version)?;
    Ok(row.whole(tx))
}

/// The reason against closing a case while the organization has a bed for the beneficiary, also one by an order that names no case.
/// The scope of the caller does not bound it.
pub(crate) async fn against_closing(tx: &mut Tx<'_>, case: CaseId) -> Result<Option<Reason>, Failure> {
    let (records, of) = line_of(tx, case).await?;
    let theirs = stays::table
        .filter(stays::beneficiary_id.eq_any(binds(&records)))
        .filter(stays::organization_id.eq(bind(of)))
        .filter(stays::state.eq_any(any_of(&[StayState::Reserved, StayState::Arrived])))
        .select((stays::state, stays::held_until));
    let found: Vec<(StayState, Moment)> = db!(tx, load, theirs)?;
    let now = tx.now();
    let runs = |(state, held): &(StayState, Moment)| state.at(*held, now) != StayState::NoShow;
    Ok(found.iter().any(runs).then(|| CASE_OPEN_STAY.reason()))
}

/// The arrivals and the departures of a case within these days. A stay by an order that names no case is of the case that is open in the
/// organization meanwhile: the days are those of the case.
pub(crate) async fn month_items(
    tx: &mut Tx<'_>,
    case: CaseId,
    (from, to): (NaiveDate, NaiveDate),
) -> Result<Vec<MonthItem>, Failure> {
    type Line = (StayId, Option<Moment>, Option<NaiveDate>);
    let (records, of) = line_of(tx, case).await?;
    let columns = (stays::id, stays::arrived_at, stays::ended_on);
    let lived = || stays::state.eq_any(any_of(&[StayState::Arrived, StayState::Departed]));
    let theirs = stays::table.filter(stays::case_id.assume_not_null().eq(bind(case)));
    let mut found: Vec<Line> = db!(tx, load, theirs.filter(lived()).select(columns))?;
    let by_order = stays::table
        .filter(stays::beneficiary_id.eq_any(binds(&records)))
        .filter(stays::organization_id.eq(bind(of)))
        .filter(stays::case_id.is_null());
    let by_order: Vec<Line> = db!(tx, load, by_order.filter(lived()).select(columns))?;
    found.extend(by_order);
    let zone = tx.zone();
    let items = found.into_iter().flat_map(|(id, arrived_at, ended_on)| {
        let arrived = arrived_at.map(|it| (MonthItemKind::Arrival, zone.day(it)));
        let departed = ended_on.map(|it| (MonthItemKind::Departure, it));
        let days = arrived.into_iter().chain(departed).filter(|it| (from..=to).contains(&it.1));
        days.map(move |(kind, on)| MonthItem::of(kind, Uuid::from(id), on)).collect::<Vec<_>>()
    });
    Ok(items.collect())
}

/// The last day of stays on record in a case.
pub(crate) async fn recorded_until(tx: &mut Tx<'_>, case: CaseId) -> Result<Option<NaiveDate>, Failure> {
    let theirs = stays::table
        .filter(stays::case_id.assume_not_null().eq(bind(case)))
        .filter(stays::state.eq(bind(StayState::Departed)))
        .select(max(stays::ended_on));
    Ok(db!(tx, first, theirs)?)
}

/// A person who needs a bed; none for a family. It is somebody of the organization whom the caller sees, or with an open case there: who
/// accompanies may not be responsible.
pub(crate) async fn sleeper(
    tx: &mut Tx<'_>,
    of: BeneficiaryId,
    organization: OrganizationId,
) -> Result<Option<Sleeper>, Failure> {
    let is_here = tx.scope().answers_for(organization);
    if !(is_here && has_open_case(tx, of, organization).await?) {
        must_refer(tx, SubjectKind::Beneficiary, Some(of), "/beneficiary_id").await?;
        if !is_served(tx, of, organization).await? {
            return Err(dangling("/beneficiary_id"));
        }
    }
    lives_of(tx, of).await?.must_go_on("/beneficiary_id")?;
    sleeper_of(tx, of).await
}

/// Refuses somebody whom the caller does not see, and who has no open case where the caller works. The organization by which else they are
/// judged is not there.
pub(crate) async fn must_be_known(tx: &mut Tx<'_>, of: BeneficiaryId) -> Result<(), Failure> {
    for here in tx.scope().organizations.clone() {
        if has_open_case(tx, of, here).await? {
            return Ok(());
        }
    }
    must_refer(tx, SubjectKind::Beneficiary, Some(of), "/beneficiary_id").await
}

/// Whether somebody is a beneficiary of the organization, or has an open case there. The scope of the caller does not bound it.
pub(crate) async fn is_served(
    tx: &mut Tx<'_>,
    who: BeneficiaryId,
    of: OrganizationId,
) -> Result<bool, Failure> {
    Ok(is_responsible(tx, who, of).await? || has_open_case(tx, who, of).await?)
}

/// Whether the organization is responsible for that record.
pub(crate) async fn is_responsible(
    tx: &mut Tx<'_>,
    who: BeneficiaryId,
    of: OrganizationId,
) -> Result<bool, Failure> {
    let own = beneficiaries::table
        .filter(beneficiaries::id.eq(bind(who)))
        .filter(beneficiaries::organization_id.eq(bind(of)));
    Ok(db!(tx, get_result, diesel::select(exists(own)))?)
}

/// Whether somebody has an open case in the organization, under any record.
async fn has_open_case(tx: &mut Tx<'_>, who: BeneficiaryId, of: OrganizationId) -> Result<bool, Failure> {
    let records = one_person::of(tx, who).await?.records();
    let open = cases::table
        .filter(cases::beneficiary_id.eq_any(binds(&records)))
        .filter(cases::organization_id.eq(bind(of)))
        .filter(cases::state.eq(bind(CaseState::Open)));
    Ok(db!(tx, get_result, diesel::select(exists(open)))?)
}

/// The same, of somebody who waits already.
pub(crate) async fn sleeper_of(tx: &mut Tx<'_>, of: BeneficiaryId) -> Result<Option<Sleeper>, Failure> {
    let theirs = beneficiaries::table.inner_join(people::table).filter(beneficiaries::id.eq(bind(of)));
    let found: Option<(NaiveDate, Sex)> =
        db!(tx, first, theirs.select((people::birth_date, people::sex))).optional()?;
    Ok(found.map(|(born_on, sex)| Sleeper { born_on, sex }))
}
