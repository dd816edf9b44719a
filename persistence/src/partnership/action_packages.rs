//! Packages of measures in the database: they are entries; here is the table of a package, with values that are counted for its days.
use crate::engine::card::Card;
use crate::engine::column::bind;
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::schema::{beds, clubs, facilities, measures, organizations, rooms};
use crate::entry;
use crate::scope::within;
use crate::tx::Tx;
use chrono::NaiveDate;
use diesel::dsl::{count, count_star};
use diesel::prelude::*;
use domain::base::id::{ActionPackageId, ClubId, FacilityId, MeasureId, OrganizationId};
use domain::base::refusal::Reason;
use domain::base::text::{Note, Oktmo, Title};
use domain::help::places::FacilityKind;
use domain::partnership::action_packages::{self, ActionPackageForm, MeasureCount, MeasureForm};
use domain::partnership::community::clubs::ClubKind;
use shape::card;
use std::collections::{BTreeSet, HashMap};

/// A cell of the table: the state on one side of a measure.
#[card]
pub struct MeasureCell {
    /// The state in words.
    pub text: Option<Note>,
    /// The value. A state without a value has none, which is not zero.
    #[schema(minimum = 0, maximum = 1_000_000_000, example = 4)]
    pub value: Option<f64>,
    /// The day of the value.
    pub on: Option<NaiveDate>,
    /// Whether the value was counted for that day, and not entered.
    pub is_counted: bool,
    /// The clubs that were counted.
    #[schema(max_items = 1000)]
    pub club_ids: Option<Vec<ClubId>>,
}

/// A measure in the table of its package.
#[card]
pub struct MeasureRow {
    /// The measure.
    pub measure_id: MeasureId,
    /// The number of the measure.
    #[schema(minimum = 1, maximum = 999, example = 7)]
    pub number: i32,
    /// The direction of the measure.
    pub name: Title,
    /// The unit of the values.
    pub unit: Option<Title>,
    /// The state before.
    pub before: MeasureCell,
    /// The state after, or while the measure runs.
    pub after: MeasureCell,
    /// The organization that is responsible.
    pub responsible_id: Option<OrganizationId>,
    /// Other organizations that take part.
    #[schema(max_items = 50)]
    pub organization_ids: Vec<OrganizationId>,
}

/// The table of a package of measures.
#[card]
pub struct PackageTable {
    /// The package.
    pub action_package_id: ActionPackageId,
    /// The measures by their numbers. A package has at most 200.
    #[schema(max_items = 200)]
    pub rows: Vec<MeasureRow>,
}

impl Card for PackageTable {}

/// The measures of a package that were not annulled.
macro_rules! standing {
    ($package:expr) => {
        measures::table
            .filter(measures::action_package_id.eq(bind($package)))
            .filter(measures::annulment_reason.is_null())
    };
}

/// The reasons against a further measure of a package.
pub(crate) async fn against_further(tx: &mut Tx<'_>, id: ActionPackageId) -> Result<Vec<Reason>, Failure> {
    let measures: i64 = db!(tx, get_result, standing!(id).select(count_star()))?;
    Ok(action_packages::against_further(measures).into_iter().collect())
}

/// Whether an organization stands in a measure of a package.
pub(super) async fn takes_part(
    tx: &mut Tx<'_>,
    id: ActionPackageId,
    organization: OrganizationId,
) -> Result<bool, Failure> {
    let ids: Vec<MeasureId> = db!(tx, load, standing!(id).select(measures::id))?;
    let all = entry::those::<MeasureForm>(tx, ids).await?;
    Ok(all.iter().any(|it| it.form.names(organization)))
}

/// The table of a package that the caller sees.
pub async fn table(tx: &mut Tx<'_>, id: ActionPackageId) -> Result<PackageTable, Failure> {
    let package = entry::card::<ActionPackageForm>(tx, id).await?.form;
    let ids: Vec<MeasureId> = db!(tx, load, standing!(id).select(measures::id))?;
    let mut all = entry::those::<MeasureForm>(tx, ids).await?;
    all.sort_unstable_by_key(|it| (it.form.number, it.id));
    let mut counts = Counts { territory: package.territory, known: HashMap::new() };
    let mut rows = Vec::with_capacity(all.len());
    for it in all {
        rows.push(row(tx, &mut counts, it.id, it.form).await?);
    }
    Ok(PackageTable { action_package_id: id, rows })
}

async fn row(
    tx: &mut Tx<'_>,
    counts: &mut Counts,
    measure_id: MeasureId,
    it: MeasureForm,
) -> Result<MeasureRow, Failure> {
    let counted = it.counted.map(|what| (what, it.facility_kind));
    let before = cell(tx, counts, it.before_text, (it.before_value, it.before_on), counted).await?;
    let after = cell(tx, counts, it.after_text, (it.after_value, it.after_on), counted).await?;
    let MeasureForm { number, name, unit, responsible_id, organization_ids, .. } = it;
    Ok(MeasureRow { measure_id, number, name, unit, before, after, responsible_id, organization_ids })
}

async fn cell(
    tx: &mut Tx<'_>,
    counts: &mut Counts,
    text: Option<Note>,
    (value, on): (Option<f64>, Option<NaiveDate>),
    counted: Option<(MeasureCount, Option<FacilityKind>)>,
) -> Result<MeasureCell, Failure> {
    let Some((what, kind, day)) = counted.zip(on).map(|((what, kind), on)| (what, kind, on)) else {
        return Ok(MeasureCell { text, value, on, is_counted: false, club_ids: None });
    };
    if day > tx.today() {
        return Ok(MeasureCell { text, value: None, on, is_counted: true, club_ids: None });
    }
    let Counted { number, club_ids } = counts.of(tx, (what, kind, day)).await?;
    let value = Some(f64::from(i32::try_from(number).map_err(Failure::broken)?));
    Ok(MeasureCell { text, value, on, is_counted: true, club_ids })
}

/// A value that was counted.
#[derive(Clone)]
struct Counted {
    number: i64,
    club_ids: Option<Vec<ClubId>>,
}

/// The thing that is counted, the kind of facility, and the day.
type Asked = (MeasureCount, Option<FacilityKind>, NaiveDate);

/// The values of a table that were counted so far: each is read once. They are counted in the territory of the package; without one, in
/// the whole region.
struct Counts {
    territory: Option<Oktmo>,
    known: HashMap<Asked, Counted>,
}

impl Counts {
    async fn of(&mut self, tx: &mut Tx<'_>, asked: Asked) -> Result<Counted, Failure> {
        if let Some(known) = self.known.get(&asked) {
            return Ok(known.clone());
        }
        let (what, kind, day) = asked;
        let there = self.territory.as_ref();
        let number = |number| Counted { number, club_ids: None };
        match what {
            MeasureCount::Clubs => {
                let open = clubs_on(tx, there, day).await?;
                let number = i64::try_from(open.len()).map_err(Failure::broken)?;
                self.known.insert(asked, Counted { number, club_ids: Some(open) });
            }
            MeasureCount::Facilities | MeasureCount::FacilityOrganizations => {
                // Both are told by the same rows.
                let (facilities, organizations) = facilities_on(tx, there, kind, day).await?;
                self.known.insert((MeasureCount::Facilities, kind, day), number(facilities));
                self.known.insert((MeasureCount::FacilityOrganizations, kind, day), number(organizations));
            }
            MeasureCount::Beds => {
                let beds = beds_on(tx, there, kind, day).await?;
                self.known.insert(asked, number(beds));
            }
        }
        self.known.get(&asked).cloned().ok_or_else(|| Failure::broken("a value that was not counted"))
    }
}

/// The clubs of care leavers that were open on a day. A club lies where the organization lies that hosts it.
async fn clubs_on(tx: &mut Tx<'_>, there: Option<&Oktmo>, on: NaiveDate) -> Result<Vec<ClubId>, Failure> {
    let mut found: Vec<ClubId> = db!(tx, load, {
        let lasts = clubs::closed_on.is_null().or(clubs::closed_on.assume_not_null().ge(on));
        let mut all = clubs::table
            .filter(clubs::kind.eq(bind(ClubKind::CareLeavers)))
            .filter(clubs::annulment_reason.is_null())
            .filter(clubs::opened_on.le(on))
            .filter(lasts)
            .select(clubs::id)
            .into_boxed();
        if let Some(there) = there {
            let hosts = organizations::table
                .filter(within(organizations::territory, std::slice::from_ref(there)))
                .select(organizations::id);
            all = all.filter(clubs::host_id.eq_any(hosts));
        }
        all
    })?;
    found.sort_unstable();
    Ok(found)
}

/// The number of facilities that were open on a day, and of their organizations.
async fn facilities_on(
    tx: &mut Tx<'_>,
    there: Option<&Oktmo>,
    kind: Option<FacilityKind>,
    on: NaiveDate,
) -> Result<(i64, i64), Failure> {
    let open = db!(tx, load, {
        let lasts = facilities::closed_on.is_null().or(facilities::closed_on.assume_not_null().gt(on));
        let mut all = facilities::table
            .filter(facilities::opened_on.le(on))
            .filter(lasts)
            .select((facilities::id, facilities::organization_id))
            .into_boxed();
        if let Some(kind) = kind {
            all = all.filter(facilities::kind.eq(bind(kind)));
        }
        if let Some(there) = there {
            all = all.filter(within(facilities::territory, std::slice::from_ref(there)));
        }
        all
    })?;
    let open: Vec<(FacilityId, OrganizationId)> = open;
    let of: BTreeSet<OrganizationId> = open.iter().map(|it| it.1).collect();
    let number = |it: usize| i64::try_from(it).map_err(Failure::broken);
    Ok((number(open.len())?, number(of.len())?))
}

/// The number of beds that were open on a day, in facilities that were.
async fn beds_on(
    tx: &mut Tx<'_>,
    there: Option<&Oktmo>,
    kind: Option<FacilityKind>,
    on: NaiveDate,
) -> Result<i64, Failure> {
    Ok(db!(tx, get_result, {
        let lasts = beds::closed_on.is_null().or(beds::closed_on.assume_not_null().gt(on));
        let whole = facilities::closed_on.is_null().or(facilities::closed_on.assume_not_null().gt(on));
        let mut all = beds::table
            .inner_join(rooms::table.inner_join(facilities::table))
            .filter(beds::opened_on.le(on))
            .filter(lasts)
            .filter(facilities::opened_on.le(on))
            .filter(whole)
            .select(count(beds::id))
            .into_boxed();
        if let Some(kind) = kind {
            all = all.filter(facilities::kind.eq(bind(kind)));
        }
        if let Some(there) = there {
            all = all.filter(within(facilities::territory, std::slice::from_ref(there)));
        }
        all
    })?)
}
