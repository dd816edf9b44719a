//! Specialists in the database: they are entries; here are their counts on a day, which every account reads, and what needs other rows.
use crate::engine::card::Card;
use crate::engine::column::{any, bind};
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::schema::{organizations, specialists, units};
use crate::scope::among;
use crate::tx::Tx;
use chrono::NaiveDate;
use diesel::dsl::count_star;
use diesel::prelude::*;
use domain::base::filters::any::AnyOf;
use domain::base::id::{OrganizationId, UnitId};
use domain::base::refusal::Reason;
use domain::base::text::{Oktmo, REFERENCE};
use domain::region::organizations::OrganizationKind;
use domain::region::specialists::SpecialistForm;
use shape::{card, filter};
use std::collections::{BTreeMap, BTreeSet};

/// The question for the staffing.
#[filter]
pub struct StaffingQuestion {
    /// The day; today, unless another is told.
    pub on: Option<NaiveDate>,
    /// Only this organization, with its units.
    pub organization_id: Option<OrganizationId>,
    /// Only organizations of this kind.
    pub kind: Option<AnyOf<OrganizationKind>>,
    /// Only organizations whose parent is of this kind, such as services of accompaniment at homes for orphans.
    pub parent_kind: Option<AnyOf<OrganizationKind>>,
    /// Only in this territory: a settlement, a municipality, a district or a region by its code.
    #[param(value_type = Option<String>, min_length = 8, max_length = 11, example = "25655000")]
    pub territory: Option<Oktmo>,
}

/// The specialists of a unit on a day.
#[card]
pub struct UnitStaffing {
    /// The unit; absent for specialists of no unit.
    pub unit_id: Option<UnitId>,
    /// The number of specialists.
    #[schema(minimum = 0, maximum = 2_147_483_647, example = 10)]
    pub specialists: i64,
    /// Those of them whose work is direct support.
    #[schema(minimum = 0, maximum = 2_147_483_647, example = 3)]
    pub direct_support: i64,
}

/// The specialists of organizations on a day.
#[card]
pub struct Staffing {
    /// The day.
    pub on: NaiveDate,
    /// The number of organizations that were open on the day.
    #[schema(minimum = 0, maximum = 2_147_483_647, example = 24)]
    pub organizations: i64,
    /// Those of them without a specialist on record.
    #[schema(minimum = 0, maximum = 2_147_483_647, example = 0)]
    pub without_specialists: i64,
    /// The number of specialists.
    #[schema(minimum = 0, maximum = 2_147_483_647, example = 24)]
    pub specialists: i64,
    /// Those of them whose work is direct support.
    #[schema(minimum = 0, maximum = 2_147_483_647, example = 10)]
    pub direct_support: i64,
    /// The units, where one organization is asked.
    #[schema(max_items = 1000)]
    pub units: Option<Vec<UnitStaffing>>,
}

impl Card for Staffing {}

/// A unit of an organization, whether the work is direct support, and the number of such specialists.
type Line = (OrganizationId, Option<UnitId>, bool, i64);

/// The open organizations that are asked for, as a query of their ids. Those that the scope does not reach are none.
macro_rules! asked {
    ($scope:expr, $asked:expr, $on:expr) => {{
        let lasts = organizations::closed_on.is_null().or(organizations::closed_on.assume_not_null().ge($on));
        let mut all = organizations::table.filter(lasts).select(organizations::id).into_boxed();
        if !$scope.everything {
            all = all.filter(among(organizations::id, &$scope.organizations));
        }
        if let Some(of) = $asked.organization_id {
            all = all.filter(organizations::id.eq(bind(of)));
        }
        if let Some(kind) = &$asked.kind {
            all = all.filter(organizations::kind.eq_any(any(kind)));
        }
        if let Some(kind) = &$asked.parent_kind {
            let parents = diesel::alias!(organizations as parents);
            let such = parents.filter(parents.field(organizations::kind).eq_any(any(kind)));
            let such = such.select(parents.field(organizations::id));
            all = all.filter(organizations::parent_id.assume_not_null().eq_any(such));
        }
        if let Some(territory) = &$asked.territory {
            let there = crate::scope::within(organizations::territory, std::slice::from_ref(territory));
            all = all.filter(there);
        }
        all
    }};
}

/// The specialists of the asked organizations on a day.
pub async fn staffing(tx: &mut Tx<'_>, asked: &StaffingQuestion) -> Result<Staffing, Failure> {
    let (scope, today) = (tx.scope().clone(), tx.today());
    let on = asked.on.unwrap_or(today);
    let open: Vec<OrganizationId> = db!(tx, load, asked!(scope, asked, on))?;
    let lines: Vec<Line> = db!(tx, load, {
        let lasts = specialists::ends_on.is_null().or(specialists::ends_on.assume_not_null().ge(on));
        specialists::table
            .filter(specialists::organization_id.eq_any(asked!(scope, asked, on)))
            .filter(specialists::annulment_reason.is_null())
            .filter(specialists::starts_on.le(on))
            .filter(lasts)
            .group_by((specialists::organization_id, specialists::unit_id, specialists::direct_support))
            .select((
                specialists::organization_id,
                specialists::unit_id,
                specialists::direct_support,
                count_star(),
            ))
    })?;
    let staffed: BTreeSet<OrganizationId> = lines.iter().map(|it| it.0).collect();
    let organizations = i64::try_from(open.len()).map_err(Failure::broken)?;
    let staffed = i64::try_from(staffed.len()).map_err(Failure::broken)?;
    Ok(Staffing {
        on,
        organizations,
        without_specialists: organizations - staffed,
        specialists: lines.iter().map(|it| it.3).sum(),
        direct_support: lines.iter().filter(|it| it.2).map(|it| it.3).sum(),
        units: asked.organization_id.map(|_| units_of(&lines)),
    })
}

fn units_of(lines: &[Line]) -> Vec<UnitStaffing> {
    let mut units: BTreeMap<Option<UnitId>, (i64, i64)> = BTreeMap::new();
    for (_, unit, is_direct, count) in lines {
        let (all, direct) = units.entry(*unit).or_default();
        *all += count;
        *direct += if *is_direct { *count } else { 0 };
    }
    let of = |(unit_id, (specialists, direct_support))| UnitStaffing { unit_id, specialists, direct_support };
    units.into_iter().map(of).collect()
}

/// The reason against a specialist whose unit is of another organization.
pub(crate) async fn against(
    tx: &mut Tx<'_>,
    of: OrganizationId,
    form: &SpecialistForm,
) -> Result<Vec<Reason>, Failure> {
    let Some(unit) = form.unit_id else { return Ok(Vec::new()) };
    let one = units::table.find(bind(unit)).select(units::organization_id);
    let found: Option<OrganizationId> = db!(tx, first, one).optional()?;
    let is_foreign = found.is_some_and(|it| it != of);
    Ok(is_foreign.then(|| REFERENCE.reason().at("/unit_id")).into_iter().collect())
}
