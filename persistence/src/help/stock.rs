//! Stock items and their movements in the database.
//!
//! A stock item is an entry. Only a movement changes its balance, by an update that the balance itself guards: however many orders meet,
//! it never falls below nothing.
use crate::engine::card::Card;
use crate::engine::column::{bind, binds};
use crate::engine::conn::{db, prepared};
use crate::engine::failure::Failure;
use crate::engine::page::{Page, Place, Window};
use crate::engine::schema::{stock_items, stock_movements as movements};
use crate::scope::among;
use crate::sight::{is_found, reaches};
use crate::tx::Tx;
use chrono::NaiveDate;
use diesel::prelude::*;
use domain::base::change::{Changed, Subject, SubjectKind};
use domain::base::id::{EmergencyAidId, OrganizationId, StockItemId, StockMovementId};
use domain::base::moment::Moment;
use domain::base::text::Title;
use domain::help::stock::{Moved, OUT_OF_STOCK, Stock, StockBalance, StockDirection, StockReason};
use shape::{card, filter};
use std::collections::BTreeMap;

/// A movement of stock, as every endpoint returns it. It never changes.
#[card]
pub struct StockMovementCard {
    /// The id of the movement.
    pub id: StockMovementId,
    /// The stock item.
    pub stock_item_id: StockItemId,
    /// The organization that keeps it.
    pub organization_id: OrganizationId,
    /// The direction.
    pub direction: StockDirection,
    /// The quantity in the unit of the item.
    #[schema(minimum = 1, maximum = 1_000_000, example = 40)]
    pub quantity: i32,
    /// The reason.
    pub reason: StockReason,
    /// The one who gave or took it, in words.
    pub partner: Option<Title>,
    /// The organization that gave or took it.
    pub partner_organization_id: Option<OrganizationId>,
    /// The urgent aid that has moved it.
    pub emergency_aid_id: Option<EmergencyAidId>,
    /// The day.
    pub moved_on: NaiveDate,
    /// The moment at which it was booked.
    pub created_at: Moment,
}

impl Card for StockMovementCard {
    fn path(&self) -> Option<String> {
        Some(format!("/api/v1/stock-movements/{}", self.id))
    }
    /// A partner may be a person.
    fn personal(&self) -> Vec<Subject> {
        let told = self.partner.as_ref().map(|_| Subject::new(SubjectKind::StockMovement, self.id));
        told.into_iter().collect()
    }
}

/// Filters of the list of movements.
#[filter]
pub struct StockMovementFilter {
    /// Only movements of this stock item.
    pub stock_item_id: Option<StockItemId>,
    /// Only movements of stock of this organization.
    pub organization_id: Option<OrganizationId>,
}

const PARTNER: &str = "stock_movements.partner";

#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = movements)]
struct Row {
    id: StockMovementId,
    stock_item_id: StockItemId,
    organization_id: OrganizationId,
    direction: StockDirection,
    quantity: i32,
    reason: StockReason,
    partner: Option<String>,
    partner_organization_id: Option<OrganizationId>,
    emergency_aid_id: Option<EmergencyAidId>,
    moved_on: NaiveDate,
    created_at: Moment,
}

/// The visible movements: of stock of the scope's institutions. Every query begins here.
macro_rules! visible {
    ($scope:expr) => {{
        let mut all = movements::table.into_boxed();
        if !$scope.everything {
            all = all.filter(among(movements::organization_id, &$scope.organizations));
        }
        all
    }};
}

fn shown(tx: &Tx<'_>, it: Row) -> Result<StockMovementCard, Failure> {
    Ok(StockMovementCard {
        id: it.id,
        stock_item_id: it.stock_item_id,
        organization_id: it.organization_id,
        direction: it.direction,
        quantity: it.quantity,
        reason: it.reason,
        partner: tx.core.keys.open_some(PARTNER, it.id, it.partner)?,
        partner_organization_id: it.partner_organization_id,
        emergency_aid_id: it.emergency_aid_id,
        moved_on: it.moved_on,
        created_at: it.created_at,
    })
}

/// The card of one movement.
pub async fn movement_card(tx: &mut Tx<'_>, id: StockMovementId) -> Result<StockMovementCard, Failure> {
    let scope = tx.scope().clone();
    let row: Option<Row> =
        db!(tx, first, visible!(scope).filter(movements::id.eq(bind(id))).select(Row::as_select()))
            .optional()?;
    let missing = || Failure::NotFound(Some(Subject::new(SubjectKind::StockMovement, id)));
    shown(tx, row.ok_or_else(missing)?)
}

/// Whether the right of this transaction reaches the movement.
pub(crate) async fn reaches_movement(tx: &mut Tx<'_>, id: StockMovementId) -> Result<bool, Failure> {
    is_found(movement_card(tx, id).await)
}

/// Movements that the caller sees, the newest first.
pub async fn list_movements(
    tx: &mut Tx<'_>,
    filter: &StockMovementFilter,
    window: &Window,
) -> Result<Page<StockMovementCard>, Failure> {
    let scope = tx.scope();
    let of = |it: &OrganizationId| filter.organization_id.is_none_or(|asked| asked == *it);
    let mut ways: Vec<Option<OrganizationId>> =
        scope.organizations.iter().copied().filter(of).map(Some).collect();
    if scope.everything {
        ways = vec![filter.organization_id];
    }
    let mut found: BTreeMap<StockMovementId, Row> = BTreeMap::new();
    for way in ways {
        let rows = rows_of(tx, way, filter.stock_item_id, window).await?;
        found.extend(rows.into_iter().map(|it| (it.id, it)));
    }
    let rows = window.first_of(found.into_values().collect(), false, |it: &Row| it.id);
    let page = window.page(rows, |it| Place::id(it.id));
    let items = tx.readable(page.items.into_iter().map(|it| shown(tx, it)))?;
    Ok(Page { items, next: page.next })
}

/// The first movements of an organization, or of any. Each way has the order of the list in an index.
async fn rows_of(
    tx: &mut Tx<'_>,
    way: Option<OrganizationId>,
    item: Option<StockItemId>,
    window: &Window,
) -> Result<Vec<Row>, Failure> {
    Ok(db!(tx, load, {
        let mut all = movements::table
            .select(Row::as_select())
            .order(movements::id.desc())
            .limit(window.fetch())
            .into_boxed();
        if let Some(of) = way {
            all = all.filter(movements::organization_id.eq(bind(of)));
        }
        if let Some(of) = item {
            all = all.filter(movements::stock_item_id.eq(bind(of)));
        }
        if let Some(after) = window.after_id() {
            all = all.filter(movements::id.lt(bind(after)));
        }
        all
    })?)
}

/// Those of the named stock items that the organization keeps, for a rule. The scope of the caller does not bound it.
pub(crate) async fn kept_by(
    tx: &mut Tx<'_>,
    organization: OrganizationId,
    ids: &[StockItemId],
) -> Result<Vec<Stock>, Failure> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let some = stock_items::table
        .filter(stock_items::id.eq_any(binds(ids)))
        .filter(stock_items::organization_id.eq(bind(organization)));
    let rows: Vec<(StockItemId, i64)> = db!(tx, load, some.select((stock_items::id, stock_items::balance)))?;
    let stock = |(id, balance)| Stock { id, organization_id: organization, balance: StockBalance(balance) };
    Ok(rows.into_iter().map(stock).collect())
}

/// Those of these items that the right of this transaction reaches, in whatever organization.
pub(crate) async fn reached(tx: &mut Tx<'_>, ids: &[StockItemId]) -> Result<Vec<Stock>, Failure> {
    let mut all = Vec::new();
    for id in ids {
        if reaches(tx, Subject::new(SubjectKind::StockItem, *id)).await? {
            all.push(load(tx, *id).await?);
        }
    }
    Ok(all)
}

/// A stock item for a movement. The caller has asked whether the right of this transaction reaches it.
pub async fn load(tx: &mut Tx<'_>, id: StockItemId) -> Result<Stock, Failure> {
    let one = stock_items::table.find(bind(id)).select((stock_items::organization_id, stock_items::balance));
    let (organization_id, balance): (OrganizationId, i64) = db!(tx, first, one)?;
    Ok(Stock { id, organization_id, balance: StockBalance(balance) })
}

/// The things that an urgent aid took from stocks, with their quantities.
pub(crate) async fn taken_by(
    tx: &mut Tx<'_>,
    aid: EmergencyAidId,
) -> Result<Vec<(StockItemId, i32)>, Failure> {
    let taken = movements::table
        .filter(movements::emergency_aid_id.assume_not_null().eq(bind(aid)))
        .filter(movements::direction.eq(bind(StockDirection::Out)));
    Ok(db!(tx, load, taken.order(movements::id).select((movements::stock_item_id, movements::quantity)))?)
}

/// Books a movement: the balance changes, unless it would fall below nothing.
pub async fn save_moved(tx: &mut Tx<'_>, change: Changed<Moved>) -> Result<(), Failure> {
    let (it, records) = change.into_parts();
    let by = it.change();
    let enough = stock_items::table
        .filter(stock_items::id.eq(bind(it.stock.id)))
        .filter((stock_items::balance + by).ge(0_i64));
    let set = (
        stock_items::version.eq(stock_items::version + 1),
        stock_items::balance.eq(stock_items::balance + by),
        stock_items::updated_at.eq(bind(tx.now())),
    );
    if db!(tx, execute, prepared(diesel::update(enough).set(set)))? != 1 {
        return Err(OUT_OF_STOCK.refuse().into());
    }
    let partner = tx.core.keys.seal_some(PARTNER, it.id, it.form.partner.as_ref())?;
    let row = (
        movements::id.eq(bind(it.id)),
        movements::stock_item_id.eq(bind(it.stock.id)),
        movements::organization_id.eq(bind(it.stock.organization_id)),
        movements::direction.eq(bind(it.form.direction)),
        movements::quantity.eq(it.form.quantity),
        movements::reason.eq(bind(it.form.reason)),
        movements::partner.eq(bind(partner)),
        movements::partner_organization_id.eq(bind(it.form.partner_organization_id)),
        movements::emergency_aid_id.eq(bind(it.emergency_aid_id)),
        movements::moved_on.eq(it.form.moved_on),
        movements::created_at.eq(bind(tx.now())),
    );
    let rows = db!(tx, execute, diesel::insert_into(movements::table).values(row))?;
    tx.established(rows, records)
}
