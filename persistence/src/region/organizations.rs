//! Organizations and units in the database.
use crate::engine::card::cards;
use crate::engine::column::{Json, bind, binds};
use crate::engine::conn::{db, prepared};
use crate::engine::failure::Failure;
use crate::engine::page::{Page, Place, Window};
use crate::engine::schema::{organizations, units};
use crate::tx::Tx;
use diesel::dsl::exists;
use diesel::prelude::*;
use domain::base::change::{Changed, Subject, SubjectKind};
use domain::base::id::{OrganizationId, UnitId, UserId};
use domain::base::moment::Moment;
use domain::base::text::{Inn, Name, Note, Ogrn, Oktmo, OrderNumber, Title};
use domain::base::word::fold;
use domain::region::organizations::*;
use shape::{card, filter};

/// An organization as every endpoint shows it.
#[card]
#[derive(Queryable, Selectable)]
#[diesel(table_name = organizations)]
pub struct OrganizationCard {
    /// Its id.
    pub id: OrganizationId,
    /// Grows with every change; the `ETag`.
    #[schema(minimum = 1, example = 1)]
    pub version: i64,
    /// What it is in the partnership.
    pub kind: OrganizationKind,
    /// Full name.
    pub name: Title,
    /// The organization that this one is a branch of.
    pub parent_id: Option<OrganizationId>,
    /// Where it works.
    pub territory: Oktmo,
    /// ИНН.
    pub inn: Option<Inn>,
    /// ОГРН.
    pub ogrn: Option<Ogrn>,
    /// Number in the register of socially oriented НКО.
    pub ngo_register_number: Option<OrderNumber>,
    /// What it works on.
    #[schema(value_type = Vec<FocusArea>, max_items = 20)]
    pub focus_areas: Json<Vec<FocusArea>>,
    /// How to reach it.
    #[schema(value_type = Contacts)]
    pub contacts: Json<Contacts>,
    /// When it was entered.
    pub created_at: Moment,
    /// When it last changed.
    pub updated_at: Moment,
}

/// A unit as every endpoint shows it.
#[card]
#[derive(Queryable, Selectable)]
#[diesel(table_name = units)]
pub struct UnitCard {
    /// Its id.
    pub id: UnitId,
    /// Grows with every change; the `ETag`.
    #[schema(minimum = 1, example = 1)]
    pub version: i64,
    /// Its organization.
    pub organization_id: OrganizationId,
    /// Name.
    pub name: Title,
    /// The account of its head.
    pub head_user_id: Option<UserId>,
    /// The head by name.
    pub head_name: Option<Name>,
    /// What it does.
    pub description: Option<Note>,
    /// When it was opened.
    pub created_at: Moment,
    /// When it last changed.
    pub updated_at: Moment,
}

cards! {
    OrganizationCard in "organizations";
    UnitCard in "units";
}

/// What a list of organizations may be narrowed by.
#[filter]
pub struct OrganizationFilter {
    /// Only of this kind.
    pub kind: Option<OrganizationKind>,
    /// Only branches of this organization.
    pub parent_id: Option<OrganizationId>,
    /// Only where the territory's code begins so.
    #[param(min_length = 2, max_length = 11, example = "25655")]
    pub territory: Option<String>,
}

/// The only way in: `visible!(scope, all => query)` is the query over the rows that the right of this transaction reaches.
/// It is compiled for either reach: a boxed query is put into words anew each time, which costs as much as its execution.
macro_rules! visible {
    ($scope:expr, $all:ident => $query:expr) => {
        if $scope.everything {
            let $all = organizations::table;
            $query
        } else {
            let $all = organizations::table.filter(organizations::id.eq_any(binds(&$scope.organizations)));
            $query
        }
    };
}

/// Whether the organization is visible.
pub(crate) async fn sees(tx: &mut Tx<'_>, id: OrganizationId) -> Result<bool, Failure> {
    let scope = tx.scope().clone();
    let seen = visible!(scope, all => {
        db!(tx, get_result, diesel::select(exists(all.filter(organizations::id.eq(bind(id))))))
    });
    Ok(seen?)
}

/// One organization.
pub async fn card(tx: &mut Tx<'_>, id: OrganizationId) -> Result<OrganizationCard, Failure> {
    let scope = tx.scope().clone();
    let found = visible!(scope, all => {
        db!(tx, first, all.filter(organizations::id.eq(bind(id))).select(OrganizationCard::as_select()))
    });
    found.optional()?.ok_or(Failure::NotFound(Some(Subject::new(SubjectKind::Organization, id))))
}

/// Organizations by name.
pub async fn list(
    tx: &mut Tx<'_>,
    filter: &OrganizationFilter,
    window: &Window,
) -> Result<Page<OrganizationCard>, Failure> {
    let scope = tx.scope().clone();
    let rows: Vec<OrganizationCard> = db!(tx, load, {
        let mut all = visible!(scope, all => all.into_boxed())
            .select(OrganizationCard::as_select())
            .order(organizations::id.desc())
            .limit(window.fetch());
        if let Some(after) = window.after_id() {
            all = all.filter(organizations::id.lt(bind(OrganizationId::from(after))));
        }
        if let Some(kind) = filter.kind {
            all = all.filter(organizations::kind.eq(bind(kind)));
        }
        if let Some(parent) = filter.parent_id {
            all = all.filter(organizations::parent_id.eq(bind(Some(parent))));
        }
        if let Some(prefix) = &filter.territory {
            let end = format!("{prefix}\u{10FFFF}");
            all = all
                .filter(organizations::territory.ge(bind(prefix.clone())))
                .filter(organizations::territory.lt(bind(end)));
        }
        all
    })?;
    Ok(window.page(rows, |it| Place::id(it.id)))
}

/// An organization for a rule to change.
pub async fn load(tx: &mut Tx<'_>, id: OrganizationId) -> Result<Organization, Failure> {
    let it = card(tx, id).await?;
    tx.expect(it.version)?;
    let form = OrganizationForm {
        kind: it.kind,
        name: it.name,
        parent_id: it.parent_id,
        territory: it.territory,
        inn: it.inn,
        ogrn: it.ogrn,
        ngo_register_number: it.ngo_register_number,
        focus_areas: it.focus_areas.0,
        contacts: it.contacts.0,
    };
    Ok(Organization { id, form })
}

macro_rules! row {
    ($form:expr, $now:expr) => {
        (
            organizations::kind.eq(bind($form.kind)),
            organizations::name.eq(bind($form.name.clone())),
            organizations::name_key.eq(bind(fold($form.name.as_str()))),
            organizations::parent_id.eq(bind($form.parent_id)),
            organizations::territory.eq(bind($form.territory.clone())),
            organizations::inn.eq(bind($form.inn.clone())),
            organizations::ogrn.eq(bind($form.ogrn.clone())),
            organizations::ngo_register_number.eq(bind($form.ngo_register_number.clone())),
            organizations::focus_areas.eq(bind(Json($form.focus_areas.clone()))),
            organizations::contacts.eq(bind(Json($form.contacts.clone()))),
            organizations::updated_at.eq(bind($now)),
        )
    };
}

/// Saves a new organization, and answers it as it is shown.
///
/// Reading it back would cost a statement, and on PostgreSQL more: all who enter organizations at once would look at the same
/// end of the same index, and SERIALIZABLE takes that for a conflict.
pub async fn save_added(tx: &mut Tx<'_>, change: Changed<Organization>) -> Result<OrganizationCard, Failure> {
    let (it, records) = change.into_parts();
    let now = tx.now();
    let head = (
        organizations::id.eq(bind(it.id)),
        organizations::version.eq(1),
        organizations::created_at.eq(bind(now)),
    );
    let insert = diesel::insert_into(organizations::table).values((head, row!(it.form, now)));
    let saved = db!(tx, get_result, insert.returning(OrganizationCard::as_returning()));
    tx.returned(saved, records)
}

/// Saves an edited organization, and answers it as it is shown.
pub async fn save_edited(
    tx: &mut Tx<'_>,
    change: Changed<Organization>,
) -> Result<OrganizationCard, Failure> {
    let (it, records) = change.into_parts();
    let now = tx.now();
    let next = organizations::version.eq(organizations::version + 1);
    let update = diesel::update(organizations::table.find(bind(it.id))).set((next, row!(it.form, now)));
    let saved = db!(tx, get_result, prepared(update.returning(OrganizationCard::as_returning())));
    tx.returned(saved, records)
}

/// Whether the unit is visible: wherever its organization is.
pub(crate) async fn sees_unit(tx: &mut Tx<'_>, id: UnitId) -> Result<bool, Failure> {
    crate::sight::is_seen(unit_card(tx, id).await)
}

/// One unit.
pub async fn unit_card(tx: &mut Tx<'_>, id: UnitId) -> Result<UnitCard, Failure> {
    let missing = || Failure::NotFound(Some(Subject::new(SubjectKind::Unit, id)));
    let it: UnitCard = db!(tx, first, units::table.find(bind(id)).select(UnitCard::as_select()))
        .optional()?
        .ok_or_else(missing)?;
    if sees(tx, it.organization_id).await? { Ok(it) } else { Err(missing()) }
}

/// The units of an organization.
pub async fn list_units(
    tx: &mut Tx<'_>,
    organization: OrganizationId,
    window: &Window,
) -> Result<Page<UnitCard>, Failure> {
    card(tx, organization).await?;
    let rows: Vec<UnitCard> = db!(tx, load, {
        let mut all = units::table
            .filter(units::organization_id.eq(bind(organization)))
            .select(UnitCard::as_select())
            .order(units::id.desc())
            .limit(window.fetch())
            .into_boxed();
        if let Some(after) = window.after_id() {
            all = all.filter(units::id.lt(bind(UnitId::from(after))));
        }
        all
    })?;
    Ok(window.page(rows, |it| Place::id(it.id)))
}

/// A unit for a rule to change.
pub async fn load_unit(tx: &mut Tx<'_>, id: UnitId) -> Result<Unit, Failure> {
    let it = unit_card(tx, id).await?;
    tx.expect(it.version)?;
    let form = UnitForm {
        name: it.name,
        head_user_id: it.head_user_id,
        head_name: it.head_name,
        description: it.description,
    };
    Ok(Unit { id, organization_id: it.organization_id, form })
}

macro_rules! unit_row {
    ($form:expr, $now:expr) => {
        (
            units::name.eq(bind($form.name.clone())),
            units::head_user_id.eq(bind($form.head_user_id)),
            units::head_name.eq(bind($form.head_name.clone())),
            units::description.eq(bind($form.description.clone())),
            units::updated_at.eq(bind($now)),
        )
    };
}

/// Saves a new unit, and answers it as it is shown.
pub async fn save_unit_added(tx: &mut Tx<'_>, change: Changed<Unit>) -> Result<UnitCard, Failure> {
    let (it, records) = change.into_parts();
    let now = tx.now();
    let head = (
        units::id.eq(bind(it.id)),
        units::version.eq(1),
        units::organization_id.eq(bind(it.organization_id)),
        units::created_at.eq(bind(now)),
    );
    let insert = diesel::insert_into(units::table).values((head, unit_row!(it.form, now)));
    let saved = db!(tx, get_result, insert.returning(UnitCard::as_returning()));
    tx.returned(saved, records)
}

/// Saves an edited unit, and answers it as it is shown.
pub async fn save_unit_edited(tx: &mut Tx<'_>, change: Changed<Unit>) -> Result<UnitCard, Failure> {
    let (it, records) = change.into_parts();
    let now = tx.now();
    let next = units::version.eq(units::version + 1);
    let update = diesel::update(units::table.find(bind(it.id))).set((next, unit_row!(it.form, now)));
    let saved = db!(tx, get_result, prepared(update.returning(UnitCard::as_returning())));
    tx.returned(saved, records)
}
