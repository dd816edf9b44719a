//! Municipalities in the database.
use crate::engine::card::cards;
use crate::engine::column::{bind, binds};
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::page::{Page, Place, Window};
use crate::engine::schema::municipalities;
use crate::scope::beginning;
use crate::tx::Tx;
use diesel::dsl::exists;
use diesel::prelude::*;
use domain::base::change::{Changed, Subject, SubjectKind};
use domain::base::id::MunicipalityId;
use domain::base::moment::Moment;
use domain::base::text::{Oktmo, Title};
use domain::base::word::fold;
use domain::region::municipalities::{Middle, Municipality, MunicipalityForm};
use shape::{card, filter};

/// A municipality as every endpoint shows it.
#[card]
pub struct MunicipalityCard {
    /// Its id.
    pub id: MunicipalityId,
    /// Grows with every change; the `ETag`.
    #[schema(minimum = 1, example = 1)]
    pub version: i64,
    /// ОКТМО of 8 digits.
    pub code: Oktmo,
    /// Name.
    pub name: Title,
    /// Latitude of its middle in degrees, north positive.
    #[schema(minimum = -90, maximum = 90, example = 52.806)]
    pub latitude: Option<f64>,
    /// Longitude of its middle in degrees, east positive.
    #[schema(minimum = -180, maximum = 180, example = 104.761)]
    pub longitude: Option<f64>,
    /// When it was entered.
    pub created_at: Moment,
    /// When it last changed.
    pub updated_at: Moment,
}

cards! { MunicipalityCard in "municipalities"; }

/// What a list of municipalities may be narrowed by.
#[filter]
pub struct MunicipalityFilter {
    /// Only where the code begins so.
    #[param(min_length = 2, max_length = 8, example = "25655")]
    pub code: Option<String>,
}

#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = municipalities)]
struct Row {
    id: MunicipalityId,
    version: i64,
    code: Oktmo,
    name: Title,
    name_key: String,
    latitude_e6: Option<i64>,
    longitude_e6: Option<i64>,
    created_at: Moment,
    updated_at: Moment,
}

impl Row {
    fn middle(&self) -> Result<Option<Middle>, Failure> {
        let Some((latitude, longitude)) = self.latitude_e6.zip(self.longitude_e6) else { return Ok(None) };
        let e6 = |it: i64| i32::try_from(it).map_err(Failure::broken);
        Ok(Some(Middle { latitude_e6: e6(latitude)?, longitude_e6: e6(longitude)? }))
    }
    fn tell(self) -> Result<MunicipalityCard, Failure> {
        let middle = self.middle()?;
        Ok(MunicipalityCard {
            id: self.id,
            version: self.version,
            code: self.code,
            name: self.name,
            latitude: middle.map(Middle::latitude),
            longitude: middle.map(Middle::longitude),
            created_at: self.created_at,
            updated_at: self.updated_at,
        })
    }
}

/// The only way in: the directory is open to whoever may read any of it.
macro_rules! visible {
    ($scope:expr) => {{
        let mut all = municipalities::table.into_boxed();
        if $scope.is_nothing() {
            all = all.filter(municipalities::id.eq_any(binds::<MunicipalityId>(&[])));
        }
        all
    }};
}

/// Whether the municipality is visible.
pub(crate) async fn sees(tx: &mut Tx<'_>, id: MunicipalityId) -> Result<bool, Failure> {
    let scope = tx.scope().clone();
    Ok(db!(tx, get_result, diesel::select(exists(visible!(scope).filter(municipalities::id.eq(bind(id))))))?)
}

/// One municipality.
pub async fn card(tx: &mut Tx<'_>, id: MunicipalityId) -> Result<MunicipalityCard, Failure> {
    let scope = tx.scope().clone();
    let row: Option<Row> =
        db!(tx, first, visible!(scope).filter(municipalities::id.eq(bind(id))).select(Row::as_select()))
            .optional()?;
    row.ok_or(Failure::NotFound(Some(Subject::new(SubjectKind::Municipality, id))))?.tell()
}

/// Municipalities by name.
pub async fn list(
    tx: &mut Tx<'_>,
    filter: &MunicipalityFilter,
    window: &Window,
) -> Result<Page<MunicipalityCard>, Failure> {
    let scope = tx.scope().clone();
    let rows: Vec<Row> = db!(tx, load, {
        let mut all = visible!(scope)
            .select(Row::as_select())
            .order((municipalities::name_key, municipalities::id))
            .limit(window.fetch());
        if let Some(place) = &window.after {
            let name = place.text.clone().unwrap_or_default();
            let beyond =
                municipalities::name_key.gt(bind(name.clone())).or(municipalities::id.gt(bind(place.id)));
            all = all.filter(municipalities::name_key.ge(bind(name))).filter(beyond);
        }
        if let Some(code) = &filter.code {
            let (first, end) = beginning(code);
            all = all.filter(municipalities::code.ge(bind(first))).filter(municipalities::code.lt(bind(end)));
        }
        all
    })?;
    let page = window.page(rows, |it| Place { text: Some(it.name_key.clone()), id: it.id.into() });
    let items = page.items.into_iter().map(Row::tell).collect::<Result<_, _>>()?;
    Ok(Page { items, next: page.next })
}

/// A municipality for a rule to change.
pub async fn load(tx: &mut Tx<'_>, id: MunicipalityId) -> Result<Municipality, Failure> {
    let it = card(tx, id).await?;
    tx.expect(it.version)?;
    let form =
        MunicipalityForm { code: it.code, name: it.name, latitude: it.latitude, longitude: it.longitude };
    Ok(Municipality { id, form })
}

macro_rules! row {
    ($form:expr, $now:expr) => {{
        let middle = $form.middle();
        (
            municipalities::code.eq(bind($form.code.clone())),
            municipalities::name.eq(bind($form.name.clone())),
            municipalities::name_key.eq(bind(fold($form.name.as_str()))),
            municipalities::latitude_e6.eq(middle.map(|it| i64::from(it.latitude_e6))),
            municipalities::longitude_e6.eq(middle.map(|it| i64::from(it.longitude_e6))),
            municipalities::updated_at.eq(bind($now)),
        )
    }};
}

/// Saves a new municipality.
pub async fn save_added(tx: &mut Tx<'_>, change: Changed<Municipality>) -> Result<(), Failure> {
    let (it, records) = change.into_parts();
    let now = tx.now();
    let head = (
        municipalities::id.eq(bind(it.id)),
        municipalities::version.eq(1),
        municipalities::created_at.eq(bind(now)),
    );
    let rows =
        db!(tx, execute, diesel::insert_into(municipalities::table).values((head, row!(it.form, now))))?;
    tx.established(rows, records)
}

/// Saves an edited municipality.
pub async fn save_edited(tx: &mut Tx<'_>, change: Changed<Municipality>) -> Result<(), Failure> {
    let (it, records) = change.into_parts();
    let now = tx.now();
    let next = municipalities::version.eq(municipalities::version + 1);
    let rows = db!(
        tx,
        execute,
        diesel::update(municipalities::table.find(bind(it.id))).set((next, row!(it.form, now)))
    )?;
    tx.established(rows, records)
}
