//! The directory of organizations for everybody: the work of each, its units, its services and how to reach it (000 L72–80; 003 L53).
//!
//! Invariant: nothing in it is about a person: no head, no account, no specialist.
use crate::engine::card::Card;
use crate::engine::column::{Json, bind, binds, each};
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::listed::has_any;
use crate::engine::page::{Page, Place, Window};
use crate::engine::schema::{organizations, service_offers, units};
use crate::scope::among;
use crate::tx::Tx;
use diesel::prelude::*;
use domain::base::filters::any::AnyOf;
use domain::base::id::{OrganizationId, ServiceOfferId, UnitId};
use domain::base::text::{Link, Oktmo, Phone, Title};
use domain::help::service_standards::ServiceKind;
use domain::region::audiences::Audience;
use domain::region::organizations::{
    Contacts, FocusArea, LegalForm, OrganizationKind, UnitFunction, UnitKind,
};
use shape::{card, filter};
use std::collections::HashMap;

/// Filters of the directory.
#[filter]
pub struct DirectoryFilter {
    /// Only organizations of this kind.
    pub kind: Option<AnyOf<OrganizationKind>>,
    /// Only in this territory: a settlement, a municipality, a district or a region by its code.
    #[param(value_type = Option<String>, min_length = 8, max_length = 11, example = "25655000")]
    pub territory: Option<Oktmo>,
    /// Only organizations that work for one of these audiences.
    pub target_group: Option<AnyOf<Audience>>,
}

/// A unit in the directory.
#[card]
pub struct DirectoryUnit {
    /// The id of the unit.
    pub id: UnitId,
    /// Name.
    pub name: Title,
    /// The kind.
    pub kind: UnitKind,
    /// The functions.
    #[schema(max_items = 10)]
    pub functions: Vec<UnitFunction>,
}

/// A service in the directory.
#[card]
pub struct DirectoryService {
    /// The id of the service.
    pub id: ServiceOfferId,
    /// Name.
    pub name: Title,
    /// The kind.
    pub kind: ServiceKind,
    /// The telephone for questions.
    pub phone: Option<Phone>,
    /// The days and hours, in words.
    pub opening_hours: Option<Title>,
    /// Whether it costs nothing.
    pub free: bool,
}

/// An organization in the directory.
#[card]
pub struct DirectoryCard {
    /// The id of the organization.
    pub id: OrganizationId,
    /// Full name.
    pub name: Title,
    /// The kind.
    pub kind: OrganizationKind,
    /// The legal form.
    pub legal_form: Option<LegalForm>,
    /// The organization that this one is a branch of.
    pub parent_id: Option<OrganizationId>,
    /// The territory where it works.
    pub territory: Oktmo,
    /// The areas that it works on.
    #[schema(max_items = 20)]
    pub focus_areas: Vec<FocusArea>,
    /// The audiences for whom it works.
    #[schema(max_items = 30)]
    pub target_groups: Vec<Audience>,
    /// Whether it is a body of the system of prevention.
    pub prevention_subject: bool,
    /// Telephones, e-mail addresses and the postal address.
    pub contacts: Contacts,
    /// The site.
    pub site: Option<Link>,
    /// The units that were not annulled, at most 50.
    #[schema(max_items = 50)]
    pub units: Vec<DirectoryUnit>,
    /// The services that it offers today, at most 50.
    #[schema(max_items = 50)]
    pub services: Vec<DirectoryService>,
}

impl Card for DirectoryCard {}

/// Units and services of one organization at most.
const EACH: usize = 50;

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = organizations)]
struct Row {
    id: OrganizationId,
    name: Title,
    name_key: String,
    kind: OrganizationKind,
    legal_form: Option<LegalForm>,
    parent_id: Option<OrganizationId>,
    territory: Oktmo,
    focus_areas: Json<Vec<FocusArea>>,
    target_groups: Json<Vec<Audience>>,
    prevention_subject: bool,
    contacts: Json<Contacts>,
    site: Option<Link>,
}

/// The organizations that are open today, by name.
pub async fn list(
    tx: &mut Tx<'_>,
    filter: &DirectoryFilter,
    window: &Window,
) -> Result<Page<DirectoryCard>, Failure> {
    let mut rows = Vec::new();
    for kind in each(filter.kind.as_ref()) {
        rows.extend(rows_of(tx, filter, kind, window).await?);
    }
    let rows = window.first_of(rows, true, |it: &Row| (it.name_key.clone(), it.id));
    let page = window.page(rows, |it| Place { text: Some(it.name_key.clone()), id: it.id.into() });
    let ids: Vec<OrganizationId> = page.items.iter().map(|it| it.id).collect();
    let (mut units, mut services) = (units_of(tx, &ids).await?, services_of(tx, &ids).await?);
    let card = |row: Row| DirectoryCard {
        id: row.id,
        name: row.name,
        kind: row.kind,
        legal_form: row.legal_form,
        parent_id: row.parent_id,
        territory: row.territory,
        focus_areas: row.focus_areas.0,
        target_groups: row.target_groups.0,
        prevention_subject: row.prevention_subject,
        contacts: row.contacts.0,
        site: row.site,
        units: units.remove(&row.id).unwrap_or_default(),
        services: services.remove(&row.id).unwrap_or_default(),
    };
    Ok(Page { items: page.items.into_iter().map(card).collect(), next: page.next })
}

/// The first organizations of a kind, or of all.
async fn rows_of(
    tx: &mut Tx<'_>,
    filter: &DirectoryFilter,
    kind: Option<OrganizationKind>,
    window: &Window,
) -> Result<Vec<Row>, Failure> {
    let (scope, today) = (tx.scope().clone(), tx.today());
    Ok(db!(tx, load, {
        let lasts =
            organizations::closed_on.is_null().or(organizations::closed_on.assume_not_null().ge(today));
        let mut all = organizations::table
            .filter(lasts)
            .select(Row::as_select())
            .order((organizations::name_key.asc(), organizations::id.asc()))
            .limit(window.fetch())
            .into_boxed();
        if !scope.everything {
            all = all.filter(among(organizations::id, &scope.organizations));
        }
        if let Some(kind) = kind {
            all = all.filter(organizations::kind.eq(bind(kind)));
        }
        if let Some(territory) = &filter.territory {
            let there = crate::scope::within(organizations::territory, std::slice::from_ref(territory));
            all = all.filter(there);
        }
        if let Some(groups) = &filter.target_group {
            all = all.filter(has_any(organizations::target_groups, groups));
        }
        if let Some(after) = &window.after {
            let key = after.text.clone().unwrap_or_default();
            let later = organizations::name_key.gt(bind(key.clone()));
            let same = organizations::id.gt(bind(OrganizationId::from(after.id)));
            all = all.filter(organizations::name_key.ge(bind(key))).filter(later.or(same));
        }
        all
    })?)
}

/// Puts things under their organizations, not more than a card has.
fn by_organization<T>(all: impl IntoIterator<Item = (OrganizationId, T)>) -> HashMap<OrganizationId, Vec<T>> {
    let mut found: HashMap<OrganizationId, Vec<T>> = HashMap::new();
    for (of, it) in all {
        let own = found.entry(of).or_default();
        if own.len() < EACH {
            own.push(it);
        }
    }
    found
}

async fn units_of(
    tx: &mut Tx<'_>,
    ids: &[OrganizationId],
) -> Result<HashMap<OrganizationId, Vec<DirectoryUnit>>, Failure> {
    type Line = (OrganizationId, UnitId, Title, UnitKind, Json<Vec<UnitFunction>>);
    let theirs = units::table
        .filter(units::organization_id.eq_any(binds(ids)))
        .filter(units::annulment_reason.is_null())
        .select((units::organization_id, units::id, units::name, units::kind, units::functions));
    let mut lines: Vec<Line> = db!(tx, load, theirs)?;
    lines.sort_unstable_by_key(|it| it.1);
    Ok(by_organization(lines.into_iter().map(|(of, id, name, kind, functions)| {
        (of, DirectoryUnit { id, name, kind, functions: functions.0 })
    })))
}

async fn services_of(
    tx: &mut Tx<'_>,
    ids: &[OrganizationId],
) -> Result<HashMap<OrganizationId, Vec<DirectoryService>>, Failure> {
    type Line = (OrganizationId, ServiceOfferId, Title, ServiceKind, Option<Phone>, Option<Title>, bool);
    let today = tx.today();
    let mut lines: Vec<Line> = db!(tx, load, {
        let lasts = service_offers::ends_on.is_null().or(service_offers::ends_on.assume_not_null().ge(today));
        service_offers::table
            .filter(service_offers::organization_id.eq_any(binds(ids)))
            .filter(service_offers::annulment_reason.is_null())
            .filter(service_offers::starts_on.le(today))
            .filter(lasts)
            .select((
                service_offers::organization_id,
                service_offers::id,
                service_offers::name,
                service_offers::kind,
                service_offers::phone,
                service_offers::opening_hours,
                service_offers::free,
            ))
    })?;
    lines.sort_unstable_by(|one, other| (&one.2, one.1).cmp(&(&other.2, other.1)));
    let service = |(of, id, name, kind, phone, opening_hours, free)| {
        (of, DirectoryService { id, name, kind, phone, opening_hours, free })
    };
    Ok(by_organization(lines.into_iter().map(service)))
}
