//! Urgent aid in the database.
//!
//! It is visible to the organization that gives, and to guardianship where the recipient lives in its territory. A counted item leaves
//! and returns to the stock in the transaction of the gift and of its cancellation.
//!
//! - this page: a row, its card, the facts for the rules, the saving.
//! - `listing`: the list and its filters. `told`: the aid without the words of staff.
use super::{stays, stock};
use crate::accompaniment::cases;
use crate::engine::card::cards;
use crate::engine::column::{bind, binds};
use crate::engine::conn::{db, prepared};
use crate::engine::failure::Failure;
use crate::engine::schema::emergency_aids as aids;
use crate::help::ways::{living_in, seen_by};
use crate::people::{self, one_person};
use crate::region::files::entrust_each;
use crate::region::organizations::must_work_on;
use crate::region::terms;
use crate::sight::{
    all_of, is_found, must_be_own, must_reach, must_refer, offered, reaches as reaches_subject, sees,
};
use crate::tx::Tx;
use chrono::NaiveDate;
use diesel::dsl::max;
use diesel::prelude::*;
use domain::accompaniment::monthly_records::{MonthItem, MonthItemKind};
use domain::base::action::AvailableAction;
use domain::base::change::{Changed, Subject, SubjectKind};
use domain::base::id::{BeneficiaryId, CaseId, EmergencyAidId, FileId, OrganizationId, StayId, StockItemId};
use domain::base::moment::Moment;
use domain::base::text::{Note, OrderNumber};
use domain::base::word::Word;
use domain::help::emergency_aids::{
    AidAct, AidFacts, AidItem, Cancelled, EmergencyAid, EmergencyAidForm, EmergencyAidOffers,
    EmergencyAidState, Given, Recorded,
};
use domain::help::stock::UrgentAidKind;
use domain::people::Lives;
use shape::card;
use uuid::Uuid;

/// Urgent aid, as every endpoint returns it.
#[card]
pub struct EmergencyAidCard {
    /// The id of the urgent aid.
    pub id: EmergencyAidId,
    /// The version number; it grows with every change and stands before the dot of the `ETag` header.
    #[schema(minimum = 1, example = 1)]
    pub version: i64,
    /// The state.
    pub state: EmergencyAidState,
    /// The organization that gives.
    pub organization_id: OrganizationId,
    /// The kind of aid.
    pub kind: UrgentAidKind,
    /// The recipient, if that is somebody on record.
    pub beneficiary_id: Option<BeneficiaryId>,
    /// A description of a recipient who is not on record.
    pub described: Option<Note>,
    /// The case of the recipient in the organization that gives.
    pub case_id: Option<CaseId>,
    /// The stay of the recipient, where the aid is temporary housing.
    pub stay_id: Option<StayId>,
    /// The day.
    pub given_on: NaiveDate,
    /// The things that were given.
    #[schema(max_items = 10)]
    pub items: Vec<AidItem>,
    /// The act, which the recipient has signed.
    pub act: AidAct,
    /// The result in words.
    pub result: Option<Note>,
    /// The reason for the cancellation.
    pub cancellation_reason: Option<Note>,
    /// Orders that this caller may send to it now; absent in lists.
    #[schema(max_items = 20)]
    pub available_actions: Option<Vec<AvailableAction>>,
    /// The moment at which it was recorded.
    pub created_at: Moment,
    /// The moment of the last change.
    pub updated_at: Moment,
}

cards! { EmergencyAidCard in "emergency-aids" about EmergencyAid; }

const DESCRIBED: &str = "emergency_aids.described";
const ITEMS: &str = "emergency_aids.items";
const RESULT: &str = "emergency_aids.result";
const CANCELLATION: &str = "emergency_aids.cancellation_reason";

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = aids)]
struct Row {
    id: EmergencyAidId,
    version: i64,
    organization_id: OrganizationId,
    kind: UrgentAidKind,
    beneficiary_id: Option<BeneficiaryId>,
    described: Option<String>,
    case_id: Option<CaseId>,
    stay_id: Option<StayId>,
    given_on: NaiveDate,
    items: String,
    act_number: OrderNumber,
    act_file_id: Option<FileId>,
    result: Option<String>,
    state: EmergencyAidState,
    cancellation_reason: Option<String>,
    created_at: Moment,
    updated_at: Moment,
}

/// Condition on rows: the recipient is known and lives in one of these territories.
macro_rules! given_in {
    ($territories:expr) => {
        aids::beneficiary_id
            .is_not_null()
            .and(living_in!(aids::beneficiary_id.assume_not_null(), $territories))
    };
}

mod listing;
mod told;

pub use listing::{EmergencyAidFilter, list};
pub use told::{GivenThing, SharedAid};

pub(crate) use told::{Recipient, told};

/// The visible urgent aid: given by institutions of the scope, or to beneficiaries in its territories. Every query begins here.
macro_rules! visible {
    ($scope:expr) => {
        seen_by!(aids::table.into_boxed(), $scope, aids::organization_id, |it| given_in!(it))
    };
}

fn missing(id: EmergencyAidId) -> Failure {
    Failure::NotFound(Some(Subject::new(SubjectKind::EmergencyAid, id)))
}

async fn row(tx: &mut Tx<'_>, id: EmergencyAidId) -> Result<Row, Failure> {
    let scope = tx.scope().clone();
    db!(tx, first, visible!(scope).filter(aids::id.eq(bind(id))).select(Row::as_select()))
        .optional()?
        .ok_or_else(|| missing(id))
}

/// Whether the right of this transaction reaches the urgent aid.
pub(crate) async fn reaches(tx: &mut Tx<'_>, id: EmergencyAidId) -> Result<bool, Failure> {
    is_found(row(tx, id).await)
}

/// The names of that of the given urgent aid which the right of this transaction reaches: the kind and the day.
pub(crate) async fn names(
    tx: &mut Tx<'_>,
    ids: &[EmergencyAidId],
) -> Result<Vec<(EmergencyAidId, String)>, Failure> {
    let scope = tx.scope().clone();
    let found: Vec<(EmergencyAidId, UrgentAidKind, NaiveDate)> = db!(
        tx,
        load,
        visible!(scope).filter(aids::id.eq_any(binds(ids))).select((aids::id, aids::kind, aids::given_on))
    )?;
    Ok(found.into_iter().map(|(id, kind, day)| (id, format!("{}, {day}", kind.ru()))).collect())
}

fn shown(tx: &Tx<'_>, it: Row) -> Result<EmergencyAidCard, Failure> {
    let keys = &tx.core.keys;
    Ok(EmergencyAidCard {
        id: it.id,
        version: it.version,
        state: it.state,
        organization_id: it.organization_id,
        kind: it.kind,
        beneficiary_id: it.beneficiary_id,
        described: keys.open_some(DESCRIBED, it.id, it.described)?,
        case_id: it.case_id,
        stay_id: it.stay_id,
        given_on: it.given_on,
        items: keys.open(ITEMS, it.id.into(), &it.items)?,
        act: AidAct { number: it.act_number, signed_by_recipient: true, file_id: it.act_file_id },
        result: keys.open_some(RESULT, it.id, it.result)?,
        cancellation_reason: keys.open_some(CANCELLATION, it.id, it.cancellation_reason)?,
        available_actions: None,
        created_at: it.created_at,
        updated_at: it.updated_at,
    })
}

/// Urgent aid as the rules about its cancellation see it. Nobody cancels what they were given.
async fn judged(tx: &mut Tx<'_>, row: &Row) -> Result<EmergencyAid, Failure> {
    if row.state == EmergencyAidState::Cancelled {
        return Ok(EmergencyAid::Cancelled);
    }
    let of = row.beneficiary_id;
    let is_own = tx.caller().is_some_and(|it| of.is_some_and(|of| it.beneficiaries.contains(&of)));
    let term = terms::corrections(tx).await?;
    let record = tx.recorded(row.created_at, false, is_own, term);
    Ok(EmergencyAid::Recorded(Recorded { id: row.id, kind: row.kind, record }))
}

/// The card of one urgent aid.
pub async fn card(tx: &mut Tx<'_>, id: EmergencyAidId) -> Result<EmergencyAidCard, Failure> {
    let row = row(tx, id).await?;
    let subject = Subject::new(SubjectKind::EmergencyAid, id);
    let offers = EmergencyAidOffers { it: judged(tx, &row).await?, today: tx.today() };
    let actions = offered(tx, &offers, subject).await?;
    Ok(EmergencyAidCard { available_actions: Some(actions), ..shown(tx, row)? })
}

/// Refuses urgent aid that names what the right of this transaction does not reach. Somebody with an open case here is known here, although
/// another organization may be responsible by now. The signed act then belongs to the organization.
pub async fn must_name(tx: &mut Tx<'_>, form: &EmergencyAidForm, facts: &AidFacts) -> Result<(), Failure> {
    let act = form.act.as_ref().and_then(|it| it.file_id).map(|it| (it, "/act/file_id"));
    let own = must_be_own(tx, form.organization_id, "/organization_id").await;
    let is_own = own.is_ok();
    let mut checks =
        vec![own, must_work_on(tx, form.given_on, form.organization_id, "/organization_id").await];
    if let Some(id) = form.beneficiary_id.filter(|_| facts.open.is_none()) {
        checks.push(match is_own {
            true => must_reach(tx, SubjectKind::Beneficiary, id, "/beneficiary_id").await,
            false => stays::must_be_known(tx, id).await,
        });
    }
    if let Some(id) = form.case_id {
        checks.push(must_reach(tx, SubjectKind::Case, id, "/case_id").await);
    }
    checks.push(must_refer(tx, SubjectKind::Stay, form.stay_id, "/stay_id").await);
    checks.push(entrust_each(tx, act, is_own.then_some(form.organization_id)).await);
    all_of(checks)
}

/// The facts that rules judge when urgent aid is recorded, and the lives of its recipient. A thing that the right of this transaction does not
/// reach is not there.
pub async fn facts(tx: &mut Tx<'_>, form: &EmergencyAidForm) -> Result<(AidFacts, Lives), Failure> {
    let (of, mut facts) = (form.organization_id, AidFacts::default());
    let ids: Vec<StockItemId> = form.items.iter().filter_map(|it| it.stock_item_id).collect();
    if tx.scope().answers_for(of) {
        facts.stock = stock::kept_by(tx, of, &ids).await?;
        if let Some(beneficiary) = form.beneficiary_id {
            facts.open = cases::open_in(tx, beneficiary, of).await?;
        }
    }
    // Where the organization is not there, an item is asked only whether it is reached.
    if facts.stock.len() < ids.len() && !sees(tx, Subject::new(SubjectKind::Organization, of)).await? {
        facts.stock = stock::reached(tx, &ids).await?;
    }
    if let Some(beneficiary) = form.beneficiary_id {
        facts.other_records = one_person::of(tx, beneficiary).await?.others();
    }
    if let Some(id) = form.case_id
        && reaches_subject(tx, Subject::new(SubjectKind::Case, id)).await?
    {
        facts.case = Some(cases::found(tx, id).await?);
    }
    if let Some(id) = form.stay_id
        && sees(tx, Subject::new(SubjectKind::Stay, id)).await?
    {
        facts.stay = Some(stays::whose(tx, id).await?);
    }
    let lives = match form.beneficiary_id {
        Some(id)
            if facts.open.is_some()
                || reaches_subject(tx, Subject::new(SubjectKind::Beneficiary, id)).await? =>
        {
            people::lives_of(tx, id).await?
        }
        _ => Lives::default(),
    };
    Ok((facts, lives))
}

/// Loads urgent aid that a rule will change.
pub async fn load(tx: &mut Tx<'_>, id: EmergencyAidId) -> Result<EmergencyAid, Failure> {
    let row = row(tx, id).await?;
    tx.expect(row.version)?;
    judged(tx, &row).await
}

/// Saves urgent aid. A counted item leaves the stock.
pub async fn save_given(tx: &mut Tx<'_>, change: Changed<Given>, facts: &AidFacts) -> Result<(), Failure> {
    let (it, records) = change.into_parts();
    let (form, keys) = (&it.form, &tx.core.keys);
    let row = (
        aids::id.eq(bind(it.id)),
        aids::version.eq(1),
        aids::organization_id.eq(bind(form.organization_id)),
        aids::kind.eq(bind(form.kind)),
        aids::beneficiary_id.eq(bind(form.beneficiary_id)),
        aids::described.eq(bind(keys.seal_some(DESCRIBED, it.id, form.described.as_ref())?)),
        aids::case_id.eq(bind(it.case_id)),
        aids::stay_id.eq(bind(form.stay_id)),
        aids::given_on.eq(form.given_on),
        aids::items.eq(bind(keys.seal(ITEMS, it.id.into(), &form.items)?)),
        aids::act_number.eq(bind(it.act.number.clone())),
        aids::act_file_id.eq(bind(it.act.file_id)),
        aids::result.eq(bind(keys.seal_some(RESULT, it.id, form.result.as_ref())?)),
        aids::state.eq(bind(EmergencyAidState::Recorded)),
        aids::created_at.eq(bind(tx.now())),
        aids::updated_at.eq(bind(tx.now())),
    );
    let rows = db!(tx, execute, diesel::insert_into(aids::table).values(row))?;
    tx.established(rows, records)?;
    for item in &it.form.items {
        if let Some(taken) = it.taken(item, &facts.stock, tx.mint()) {
            stock::save_moved(tx, taken).await?;
        }
    }
    Ok(())
}

/// Saves a cancellation. A counted item comes back to the stock, once: aid that was cancelled already stays as it is.
pub async fn save_cancelled(tx: &mut Tx<'_>, change: Changed<Cancelled>) -> Result<(), Failure> {
    let (it, records) = change.into_parts();
    let reason = tx.core.keys.seal(CANCELLATION, it.id.into(), &it.reason)?;
    let set = (
        aids::version.eq(aids::version + 1),
        aids::state.eq(bind(EmergencyAidState::Cancelled)),
        aids::cancellation_reason.eq(bind(Some(reason))),
        aids::updated_at.eq(bind(tx.now())),
    );
    let counting = aids::table
        .filter(aids::id.eq(bind(it.id)))
        .filter(aids::state.eq(bind(EmergencyAidState::Recorded)));
    let rows = db!(tx, execute, prepared(diesel::update(counting).set(set)))?;
    tx.established(rows, records)?;
    for (id, quantity) in stock::taken_by(tx, it.id).await? {
        let held = stock::load(tx, id).await?;
        let returned = it.returned(tx.mint(), (held, quantity), tx.today());
        stock::save_moved(tx, returned).await?;
    }
    Ok(())
}

/// The last day of urgent aid in a case.
pub(crate) async fn recorded_until(tx: &mut Tx<'_>, case: CaseId) -> Result<Option<NaiveDate>, Failure> {
    let theirs = aids::table
        .filter(aids::case_id.assume_not_null().eq(bind(case)))
        .filter(aids::state.eq(bind(EmergencyAidState::Recorded)));
    Ok(db!(tx, first, theirs.select(max(aids::given_on)))?)
}

/// Urgent aid that was given in a case within these days.
pub(crate) async fn month_items(
    tx: &mut Tx<'_>,
    case: CaseId,
    (from, to): (NaiveDate, NaiveDate),
) -> Result<Vec<MonthItem>, Failure> {
    let theirs = aids::table
        .filter(aids::case_id.assume_not_null().eq(bind(case)))
        .filter(aids::state.eq(bind(EmergencyAidState::Recorded)))
        .filter(aids::given_on.between(from, to))
        .order((aids::given_on, aids::id))
        .select((aids::id, aids::given_on));
    let rows: Vec<(EmergencyAidId, NaiveDate)> = db!(tx, load, theirs)?;
    let item = |(id, on)| MonthItem::of(MonthItemKind::EmergencyAid, Uuid::from(id), on);
    Ok(rows.into_iter().map(item).collect())
}
