//! The waiting list for places in the database. It is visible as stays are: to staff of the organization, and to the guardianship of the
//! territory in which the person lives.
//!
//! - `listing`: the list in the order of urgency. `offering`: offers, and how they end. `turns`: nights that become free are offered to one
//!   after the other.
//! - this page: a row, its card, and the saving.
mod listing;
mod offering;
mod turns;

pub use listing::{PlaceRequestFilter, list};
pub use offering::{
    end_elsewhere, end_lapsed, end_missed, give_way, lapsed, offer, pass_on_each, save_refused,
};
pub use turns::{go_on, offer_freed, unfinished};

pub(crate) use turns::offer_each;

use crate::engine::card::cards;
use crate::engine::column::{bind, binds};
use crate::engine::conn::{db, prepared};
use crate::engine::failure::Failure;
use crate::engine::schema::{cases, place_requests as requests};
use crate::help::places::nights::{self, Holder};
use crate::help::places::{named_facility, named_place};
use crate::help::stays;
use crate::help::ways::{living_in, seen_by};
use crate::people::{one_person, register};
use crate::region::organizations::must_work_on;
use crate::sight::{all_of, apart, dangling, found_beside, is_found, must_be_own, offered, ruled};
use crate::tx::Tx;
use chrono::NaiveDate;
use diesel::dsl::exists;
use diesel::prelude::*;
use domain::base::action::AvailableAction;
use domain::base::change::{Changed, Subject, SubjectKind};
use domain::base::id::*;
use domain::base::moment::{CALENDAR, Moment};
use domain::base::refusal::Refused;
use domain::base::text::Note;
use domain::help::needs::NeedUrgency;
use domain::help::place_requests::*;
use domain::help::places::FacilityKind;
use domain::help::places::nights::Span;
use domain::help::stays::{NOT_A_PERSON, StayForm};
use shape::card;

/// An offer of a bed, as the card of its request shows it.
#[card]
pub struct PlaceOfferCard {
    /// The bed.
    pub bed_id: BedId,
    /// The first night.
    pub from_on: NaiveDate,
    /// The day of the departure.
    pub until_on: NaiveDate,
    /// The moment until which the offer holds.
    pub held_until: Moment,
}

/// A request for a place, as every endpoint returns it.
#[card]
pub struct PlaceRequestCard {
    /// The id of the request.
    pub id: PlaceRequestId,
    /// The version number; it grows with every change and stands before the dot of the `ETag` header.
    #[schema(minimum = 1, example = 1)]
    pub version: i64,
    /// The state now.
    pub state: PlaceRequestState,
    /// The beneficiary.
    pub beneficiary_id: BeneficiaryId,
    /// The organization whose list it is.
    pub organization_id: OrganizationId,
    /// The facility that is asked for.
    pub facility_id: Option<FacilityId>,
    /// The kind of facility that is asked for.
    pub kind: Option<FacilityKind>,
    /// The first night.
    pub from_on: NaiveDate,
    /// The number of nights.
    #[schema(minimum = 1, maximum = 366, example = 30)]
    pub nights: i32,
    /// The urgency.
    pub urgency: NeedUrgency,
    /// The request in words.
    pub note: Option<Note>,
    /// The offer that holds now.
    pub offer: Option<PlaceOfferCard>,
    /// The stay by which a place was given.
    pub stay_id: Option<StayId>,
    /// Orders that this caller may send to the request now; absent in lists.
    #[schema(max_items = 20)]
    pub available_actions: Option<Vec<AvailableAction>>,
    /// The moment since which the person waits.
    pub created_at: Moment,
    /// The moment of the last change.
    pub updated_at: Moment,
}

cards! { PlaceRequestCard in "place-requests" about PlaceRequest; }

const NOTE: &str = "place_requests.note";

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = requests)]
struct Row {
    id: PlaceRequestId,
    version: i64,
    beneficiary_id: BeneficiaryId,
    organization_id: OrganizationId,
    facility_id: Option<FacilityId>,
    kind: Option<FacilityKind>,
    from_on: NaiveDate,
    nights: i32,
    urgency: NeedUrgency,
    rank: i32,
    note: Option<String>,
    state: PlaceRequestState,
    offered_bed_id: Option<BedId>,
    offered_from_on: Option<NaiveDate>,
    offered_until_on: Option<NaiveDate>,
    offered_held_until: Option<Moment>,
    offered_turn_at: Option<Moment>,
    stay_id: Option<StayId>,
    created_at: Moment,
    updated_at: Moment,
}

impl Row {
    fn offer(&self) -> Option<PlaceOffer> {
        let (from_on, until_on) = self.offered_from_on.zip(self.offered_until_on)?;
        let (bed_id, held_until) = self.offered_bed_id.zip(self.offered_held_until)?;
        let turn_at = self.offered_turn_at.unwrap_or(held_until);
        Some(PlaceOffer { bed_id, span: Span::new(from_on, until_on), held_until, turn_at })
    }
    /// The request for the rules. None of them reads the note, so it stays sealed.
    fn waiting(&self) -> Waiting {
        let Self { id, organization_id, beneficiary_id, facility_id, kind, from_on, nights, urgency, .. } =
            *self;
        let organization = kind.map(|_| organization_id);
        let form = PlaceRequestForm {
            beneficiary_id,
            facility_id,
            kind,
            organization_id: organization,
            from_on,
            nights,
            urgency,
            note: None,
        };
        Waiting { id, organization_id, form, offer: self.offer() }
    }
    fn whole(&self) -> PlaceRequest {
        match self.state {
            PlaceRequestState::Waiting => PlaceRequest::Waiting(Box::new(self.waiting())),
            settled => PlaceRequest::Settled(settled),
        }
    }
}

/// Those of the requests that the scope sees. Every query for one request begins here.
macro_rules! visible {
    ($scope:expr) => {
        seen_by!(requests::table.into_boxed(), $scope, requests::organization_id, |it| living_in!(
            requests::beneficiary_id,
            it
        ))
    };
}

fn missing(id: PlaceRequestId) -> Failure {
    Failure::NotFound(Some(Subject::new(SubjectKind::PlaceRequest, id)))
}

async fn row(tx: &mut Tx<'_>, id: PlaceRequestId) -> Result<Row, Failure> {
    let scope = tx.scope().clone();
    let found: Option<Row> =
        db!(tx, first, visible!(scope).filter(requests::id.eq(bind(id))).select(Row::as_select()))
            .optional()?;
    found.ok_or_else(|| missing(id))
}

/// Whether the right of this transaction reaches the request.
pub(crate) async fn reaches(tx: &mut Tx<'_>, id: PlaceRequestId) -> Result<bool, Failure> {
    is_found(row(tx, id).await)
}

fn shown(tx: &Tx<'_>, row: Row) -> Result<PlaceRequestCard, Failure> {
    let state = row.whole().state(tx.now());
    let offer = row.offer().filter(|_| state == PlaceRequestState::Offered);
    let offer = offer.map(|it| PlaceOfferCard {
        bed_id: it.bed_id,
        from_on: it.span.from_on,
        until_on: it.span.until_on,
        held_until: it.held_until,
    });
    Ok(PlaceRequestCard {
        id: row.id,
        version: row.version,
        state,
        beneficiary_id: row.beneficiary_id,
        organization_id: row.organization_id,
        facility_id: row.facility_id,
        kind: row.kind,
        from_on: row.from_on,
        nights: row.nights,
        urgency: row.urgency,
        note: tx.core.keys.open_some(NOTE, row.id, row.note.as_ref())?,
        offer,
        stay_id: row.stay_id,
        available_actions: None,
        created_at: row.created_at,
        updated_at: row.updated_at,
    })
}

/// The card of one request.
pub async fn card(tx: &mut Tx<'_>, id: PlaceRequestId) -> Result<PlaceRequestCard, Failure> {
    let card = {
        let row = row(tx, id).await?;
        shown(tx, row)?
    };
    let offers = PlaceRequestOffers { state: card.state };
    let actions = offered(tx, &offers, Subject::new(SubjectKind::PlaceRequest, id)).await?;
    Ok(PlaceRequestCard { available_actions: Some(actions), ..card })
}

/// Loads a request that a rule will change.
pub async fn load(tx: &mut Tx<'_>, id: PlaceRequestId) -> Result<PlaceRequest, Failure> {
    let row = row(tx, id).await?;
    tx.expect(row.version)?;
    Ok(row.whole())
}

/// The organization that is asked for a place, the nights in a row that its facility allows at most, and the member that names it.
async fn asked(
    tx: &mut Tx<'_>,
    form: &PlaceRequestForm,
) -> Result<(OrganizationId, Option<i32>, &'static str), Failure> {
    match (form.facility_id, form.organization_id) {
        (Some(id), _) => {
            let facility = named_facility(tx, id, "/facility_id").await?;
            Ok((facility.organization_id, Some(facility.most_nights()), "/facility_id"))
        }
        (None, Some(of)) => {
            must_be_own(tx, of, "/organization_id").await?;
            Ok((of, None, "/organization_id"))
        }
        (None, None) => Err(dangling("/facility_id")),
    }
}

/// Puts somebody on the waiting list.
pub async fn add(tx: &mut Tx<'_>, form: &PlaceRequestForm) -> Result<PlaceRequestId, Failure> {
    let (found, named) = apart(asked(tx, form).await);
    let Some((of, most_nights, pointer)) = found else {
        all_of([named, stays::must_be_known(tx, form.beneficiary_id).await])?;
        return Err(dangling("/facility_id"));
    };
    let works = vec![must_work_on(tx, form.from_on, of, pointer).await];
    let (sleeper, works) = found_beside(stays::sleeper(tx, form.beneficiary_id, of).await, works)?;
    if sleeper.is_none() {
        return ruled(Err(NOT_A_PERSON.reason().at("/beneficiary_id").into()), works);
    }
    let records = one_person::of(tx, form.beneficiary_id).await?.records();
    let listed = requests::table
        .filter(requests::beneficiary_id.eq_any(binds(&records)))
        .filter(requests::organization_id.eq(bind(of)))
        .filter(requests::state.eq(bind(PlaceRequestState::Waiting)));
    let is_listed = db!(tx, get_result, diesel::select(exists(listed)))?;
    let is_removed = register::is_removed(tx, form.beneficiary_id).await?;
    let known = (is_listed, is_removed, most_nights);
    let added = Waiting::add(tx.mint(), of, form, known, tx.today());
    let (it, records) = ruled(added, works)?.into_parts();
    let row = (
        requests::id.eq(bind(it.id)),
        requests::version.eq(1),
        requests::beneficiary_id.eq(bind(form.beneficiary_id)),
        requests::organization_id.eq(bind(of)),
        requests::facility_id.eq(bind(form.facility_id)),
        requests::kind.eq(bind(form.kind)),
        requests::from_on.eq(form.from_on),
        requests::nights.eq(form.nights),
        requests::urgency.eq(bind(form.urgency)),
        requests::rank.eq(form.rank()),
        requests::note.eq(bind(tx.core.keys.seal_some(NOTE, it.id, form.note.as_ref())?)),
        requests::state.eq(bind(PlaceRequestState::Waiting)),
        requests::created_at.eq(bind(tx.now())),
        requests::updated_at.eq(bind(tx.now())),
    );
    let rows = db!(tx, execute, diesel::insert_into(requests::table).values(row))?;
    tx.established(rows, records)?;
    Ok(it.id)
}

/// The request that a booking answers: its offer gives its nights free. None where the order names none.
pub async fn answered(tx: &mut Tx<'_>, form: &StayForm) -> Result<Option<Waiting>, Failure> {
    let Some(id) = form.place_request_id else { return Ok(None) };
    let found = match row(tx, id).await {
        Err(Failure::NotFound(_)) => {
            all_of([Err(dangling("/place_request_id")), stays::must_refer_well(tx, form).await])?;
            return Err(dangling("/place_request_id"));
        }
        found => found?,
    };
    let it = found.whole().waiting()?;
    let (found, named) = apart(named_place(tx, form.bed_id, "/bed_id").await);
    let Some((place, _)) = found else {
        all_of([named, stays::must_refer_to_whom(tx, form).await])?;
        return Err(dangling("/bed_id"));
    };
    if let Some(reason) = it.against_stay(form.beneficiary_id, place.organization_id) {
        return Err(Refused::from(reason).into());
    }
    nights::free(tx, Holder::Request(id), CALENDAR.0).await?;
    Ok(Some(it))
}

/// Saves a step of a request that waits. The nights that it holds are free.
macro_rules! save_waiting {
    ($tx:expr, $id:expr, $set:expr, $records:expr) => {{
        let waiting = requests::table
            .filter(requests::id.eq(bind($id)))
            .filter(requests::state.eq(bind(PlaceRequestState::Waiting)));
        let step = (requests::version.eq(requests::version + 1), requests::updated_at.eq(bind($tx.now())));
        let rows = db!($tx, execute, prepared(diesel::update(waiting).set((step, $set))))?;
        $tx.established(rows, $records)?;
        nights::free($tx, Holder::Request($id), CALENDAR.0).await?;
    }};
}
use save_waiting;

/// Saves that a place was given, or that the request was withdrawn. The nights of its offer are free, and go to the next who waits.
pub async fn save_settled(tx: &mut Tx<'_>, change: Changed<SettledRequest>) -> Result<(), Failure> {
    let (it, records) = change.into_parts();
    let set = (requests::state.eq(bind(it.state)), requests::stay_id.eq(bind(it.stay_id)));
    save_waiting!(tx, it.id, set, records);
    turns::pass_on(tx, it.freed).await
}

/// Withdraws the requests of people who have died. The caller's scope does not limit it.
pub(crate) async fn end_by_death(tx: &mut Tx<'_>, over: &[BeneficiaryId]) -> Result<(), Failure> {
    if over.is_empty() {
        return Ok(());
    }
    let theirs = requests::table
        .filter(requests::beneficiary_id.eq_any(binds(over)))
        .filter(requests::state.eq(bind(PlaceRequestState::Waiting)))
        .order(requests::id);
    let rows: Vec<Row> = db!(tx, load, theirs.select(Row::as_select()))?;
    withdraw_each(tx, rows).await
}

async fn withdraw_each(tx: &mut Tx<'_>, rows: Vec<Row>) -> Result<(), Failure> {
    for row in rows {
        save_settled(tx, row.waiting().withdraw()).await?;
    }
    Ok(())
}

/// Withdraws the request of somebody whose case has closed, under any record, unless the organization is still responsible. The caller's
/// scope does not limit it.
pub(crate) async fn end_with_case(tx: &mut Tx<'_>, case: CaseId) -> Result<(), Failure> {
    let (who, of) = line(tx, case).await?;
    let mut left = Vec::new();
    for record in one_person::of(tx, who).await?.records() {
        if !stays::is_served(tx, record, of).await? {
            left.push(record);
        }
    }
    withdraw_of(tx, &left, of).await
}

/// Withdraws the request of somebody whose case goes to another organization: the responsibility goes with it. Another record for which the
/// organization stays responsible keeps its own.
pub(crate) async fn end_with_handed_over(tx: &mut Tx<'_>, case: CaseId) -> Result<(), Failure> {
    let (who, of) = line(tx, case).await?;
    let mut left = Vec::new();
    for record in one_person::of(tx, who).await?.records() {
        if record == who || !stays::is_responsible(tx, record, of).await? {
            left.push(record);
        }
    }
    withdraw_of(tx, &left, of).await
}

/// The beneficiary and the organization of a case.
async fn line(tx: &mut Tx<'_>, case: CaseId) -> Result<(BeneficiaryId, OrganizationId), Failure> {
    let one = cases::table.find(bind(case));
    Ok(db!(tx, first, one.select((cases::beneficiary_id, cases::organization_id)))?)
}

async fn withdraw_of(tx: &mut Tx<'_>, who: &[BeneficiaryId], of: OrganizationId) -> Result<(), Failure> {
    if who.is_empty() {
        return Ok(());
    }
    let theirs = requests::table
        .filter(requests::beneficiary_id.eq_any(binds(who)))
        .filter(requests::organization_id.eq(bind(of)))
        .filter(requests::state.eq(bind(PlaceRequestState::Waiting)));
    let rows: Vec<Row> = db!(tx, load, theirs.select(Row::as_select()))?;
    withdraw_each(tx, rows).await
}
