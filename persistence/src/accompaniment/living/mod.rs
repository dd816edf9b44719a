//! Programmes of independent living in the database. Like programs, they are open to all accounts.
//!
//! - this page: editions. [`enrolments`]: who takes part.
//!
//! Invariant: an edition never changes, because those who were enrolled keep it.
pub mod enrolments;

use crate::engine::card::Card;
use crate::engine::column::{Json, bind, binds};
use crate::engine::conn::db;
use crate::engine::editions::{in_effect, latest};
use crate::engine::failure::Failure;
use crate::engine::page::{Page, Place, Window};
use crate::engine::schema::living_programmes as programmes;
use crate::sight::{is_found, must_be_own};
use crate::tx::Tx;
use chrono::NaiveDate;
use diesel::prelude::*;
use domain::accompaniment::living::{LivingProgramme, LivingProgrammeForm, ProgrammeModule};
use domain::base::change::{Changed, Subject, SubjectKind};
use domain::base::id::{LivingProgrammeId, OrganizationId};
use domain::base::moment::Moment;
use domain::base::refusal::Refused;
use domain::base::text::{MISSING, Title};
use shape::{card, filter};
use std::collections::HashMap;

/// An edition of a programme of independent living as every endpoint returns it. It never changes.
#[card]
pub struct LivingProgrammeCard {
    /// The id of the edition.
    pub id: LivingProgrammeId,
    /// The organization that adapts the programme of the region. Absent: the programme of the region.
    pub organization_id: Option<OrganizationId>,
    /// The number among the editions of the region or of the organization, from 1.
    #[schema(minimum = 1, maximum = 10_000, example = 1)]
    pub number: i32,
    /// The name.
    pub name: Title,
    /// The first day on which people are enrolled into it.
    pub effective_from: NaiveDate,
    /// The edition of the region that it adapts.
    pub regional_id: Option<LivingProgrammeId>,
    /// The edition as it was entered.
    pub form: LivingProgrammeForm,
    /// All modules: those of the region, then the local ones.
    #[schema(max_items = 80)]
    pub modules: Vec<ProgrammeModule>,
    /// The moment at which the edition was issued.
    pub created_at: Moment,
}

impl Card for LivingProgrammeCard {
    fn path(&self) -> Option<String> {
        Some(format!("/api/v1/living-programmes/{}", self.id))
    }
}

/// Filters of the list of programmes.
#[filter]
pub struct LivingProgrammeFilter {
    /// Only editions of this organization.
    pub organization_id: Option<OrganizationId>,
    /// `true`: only editions of the region.
    pub regional: Option<bool>,
}

#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = programmes)]
struct Row {
    id: LivingProgrammeId,
    number: i32,
    regional_id: Option<LivingProgrammeId>,
    form: Json<LivingProgrammeForm>,
    modules: Json<Vec<ProgrammeModule>>,
    created_at: Moment,
}

impl Row {
    fn card(self) -> LivingProgrammeCard {
        let form = self.form.0;
        LivingProgrammeCard {
            id: self.id,
            organization_id: form.organization_id,
            number: self.number,
            name: form.name.clone(),
            effective_from: form.effective_from,
            regional_id: self.regional_id,
            form,
            modules: self.modules.0,
            created_at: self.created_at,
        }
    }
    fn whole(self) -> LivingProgramme {
        let Self { id, number, regional_id, .. } = self;
        LivingProgramme { id, number, regional_id, form: self.form.0, modules: self.modules.0 }
    }
}

fn missing(id: LivingProgrammeId) -> Failure {
    Failure::NotFound(Some(Subject::new(SubjectKind::LivingProgramme, id)))
}

async fn row(tx: &mut Tx<'_>, id: LivingProgrammeId) -> Result<Row, Failure> {
    let one = programmes::table.find(bind(id));
    db!(tx, first, one.select(Row::as_select())).optional()?.ok_or_else(|| missing(id))
}

/// Whether the right of this transaction reaches the edition.
pub(crate) async fn reaches(tx: &mut Tx<'_>, id: LivingProgrammeId) -> Result<bool, Failure> {
    if tx.scope().is_nothing() { Ok(false) } else { is_found(shown(tx, id).await) }
}

/// The names of the given editions.
pub(crate) async fn names(
    tx: &mut Tx<'_>,
    ids: &[LivingProgrammeId],
) -> Result<Vec<(LivingProgrammeId, String)>, Failure> {
    if tx.scope().is_nothing() {
        return Ok(Vec::new());
    }
    let some = programmes::table.filter(programmes::id.eq_any(binds(ids)));
    Ok(db!(tx, load, some.select((programmes::id, programmes::name)))?)
}

/// The card of one edition.
pub async fn card(tx: &mut Tx<'_>, id: LivingProgrammeId) -> Result<LivingProgrammeCard, Failure> {
    Ok(shown(tx, id).await?.card())
}

/// One edition that the caller reads: any, but with a narrowed key only those of its institutions and of the region.
async fn shown(tx: &mut Tx<'_>, id: LivingProgrammeId) -> Result<Row, Failure> {
    let row = row(tx, id).await?;
    let scope = tx.scope();
    let is_shown = !scope.is_narrowed || row.form.0.organization_id.is_none_or(|it| scope.answers_for(it));
    if is_shown { Ok(row) } else { Err(missing(id)) }
}

/// Editions of programmes, the newest first.
pub async fn list(
    tx: &mut Tx<'_>,
    filter: &LivingProgrammeFilter,
    window: &Window,
) -> Result<Page<LivingProgrammeCard>, Failure> {
    let own = Some(tx.scope()).filter(|it| it.is_narrowed).map(|it| it.organizations.clone());
    let rows: Vec<Row> = db!(tx, load, {
        let mut all = programmes::table
            .select(Row::as_select())
            .order(programmes::id.desc())
            .limit(window.fetch())
            .into_boxed();
        if let Some(of) = filter.organization_id {
            all = all.filter(programmes::organization_id.eq(bind(Some(of))));
        }
        all = match filter.regional {
            Some(true) => all.filter(programmes::organization_id.is_null()),
            Some(false) => all.filter(programmes::organization_id.is_not_null()),
            None => all,
        };
        if let Some(own) = &own {
            let regional = programmes::organization_id.is_null();
            let theirs = programmes::organization_id.assume_not_null().eq_any(binds(own));
            all = all.filter(regional.or(theirs));
        }
        if let Some(after) = window.after_id() {
            all = all.filter(programmes::id.lt(bind(after)));
        }
        all
    })?;
    let page = window.page(rows, |it| Place::id(it.id));
    Ok(Page { items: page.items.into_iter().map(Row::card).collect(), next: page.next })
}

/// The edition with this id, in the sight of nobody.
pub async fn programme(tx: &mut Tx<'_>, id: LivingProgrammeId) -> Result<LivingProgramme, Failure> {
    Ok(row(tx, id).await?.whole())
}

/// Several editions by their ids.
async fn programmes_of(
    tx: &mut Tx<'_>,
    ids: &[LivingProgrammeId],
) -> Result<HashMap<LivingProgrammeId, LivingProgramme>, Failure> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let some = programmes::table.filter(programmes::id.eq_any(binds(ids)));
    let rows: Vec<Row> = db!(tx, load, some.select(Row::as_select()))?;
    Ok(rows.into_iter().map(|it| (it.id, it.whole())).collect())
}

/// Refuses an edition for an organization that the right of this transaction does not reach, or for the region by anybody but an
/// administrator.
pub async fn must_own(tx: &mut Tx<'_>, of: Option<OrganizationId>) -> Result<(), Failure> {
    match of {
        Some(of) => must_be_own(tx, of, "/organization_id").await,
        None if tx.scope().everything => Ok(()),
        None => Err(Refused::from(MISSING.reason().at("/organization_id")).into()),
    }
}

/// The latest edition of the region or of an organization, which the next one follows.
pub async fn latest(tx: &mut Tx<'_>, of: Option<OrganizationId>) -> Result<Option<LivingProgramme>, Failure> {
    let found: Option<Row> = match of {
        Some(of) => {
            let own = programmes::table.filter(programmes::organization_id.assume_not_null().eq(bind(of)));
            latest!(tx, programmes, own, Row::as_select())
        }
        None => {
            let regional = programmes::table.filter(programmes::organization_id.is_null());
            latest!(tx, programmes, regional, Row::as_select())
        }
    };
    Ok(found.map(Row::whole))
}

/// The edition in force on a day, of the region or of an organization.
pub async fn in_force(
    tx: &mut Tx<'_>,
    of: Option<OrganizationId>,
    on: NaiveDate,
) -> Result<Option<LivingProgramme>, Failure> {
    let found: Option<Row> = match of {
        Some(of) => {
            let own = programmes::table.filter(programmes::organization_id.assume_not_null().eq(bind(of)));
            in_effect!(tx, programmes, own, on, Row::as_select())
        }
        None => {
            let regional = programmes::table.filter(programmes::organization_id.is_null());
            in_effect!(tx, programmes, regional, on, Row::as_select())
        }
    };
    Ok(found.map(Row::whole))
}

/// Saves an issued edition.
pub async fn save_issued(
    tx: &mut Tx<'_>,
    change: Changed<LivingProgramme>,
) -> Result<LivingProgrammeCard, Failure> {
    let (it, records) = change.into_parts();
    let row = (
        programmes::id.eq(bind(it.id)),
        programmes::organization_id.eq(bind(it.form.organization_id)),
        programmes::number.eq(it.number),
        programmes::effective_from.eq(it.form.effective_from),
        programmes::name.eq(bind(it.form.name.clone())),
        programmes::regional_id.eq(bind(it.regional_id)),
        programmes::form.eq(bind(Json(it.form))),
        programmes::modules.eq(bind(Json(it.modules))),
        programmes::created_at.eq(bind(tx.now())),
    );
    let insert = diesel::insert_into(programmes::table).values(row);
    let saved: QueryResult<Row> = db!(tx, get_result, insert.returning(Row::as_returning()));
    Ok(tx.returned(saved, records)?.card())
}
