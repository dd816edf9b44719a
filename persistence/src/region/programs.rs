//! Programs and their editions in the database.
use crate::engine::card::{Card, cards};
use crate::engine::column::{Json, bind, binds};
use crate::engine::conn::{db, prepared};
use crate::engine::editions::{in_effect, latest};
use crate::engine::failure::Failure;
use crate::engine::page::{Page, Place, Window};
use crate::engine::schema::{editions, programs};
use crate::engine::sqlite::held;
use crate::sight::is_found;
use crate::tx::Tx;
use chrono::NaiveDate;
use diesel::dsl::exists;
use diesel::prelude::*;
use domain::base::action::{AvailableAction, Judged, available};
use domain::base::change::{Changed, Subject, SubjectKind};
use domain::base::id::{EditionId, OrganizationId, ProgramId};
use domain::base::moment::Moment;
use domain::base::refusal::Refused;
use domain::base::text::{Code, MISSING, Note, Title};
use domain::region::programs::{
    Edition, EditionDifference, EditionForm, NOT_IN_FORCE, Program, ProgramForm, ProgramOffers,
};
use shape::{card, filter};
use std::collections::{BTreeSet, HashMap};
use std::sync::Mutex;

/// A program as every endpoint returns it. Its rules are in its editions.
#[card]
pub struct ProgramCard {
    /// The id of the program.
    pub id: ProgramId,
    /// The version number; it grows with every change and is the value of the `ETag` header.
    #[schema(minimum = 1, example = 1)]
    pub version: i64,
    /// The stable code, unique in the region.
    pub code: Code,
    /// The name in Russian.
    pub name: Title,
    /// The name in English.
    pub name_en: Option<Title>,
    /// The purpose of the program.
    pub description: Option<Note>,
    /// The organization that runs the program; absent: the region itself.
    pub organization_id: Option<OrganizationId>,
    /// Orders that this caller may send to the program now.
    #[schema(max_items = 20)]
    pub available_actions: Vec<AvailableAction>,
    /// The moment at which the program was entered.
    pub created_at: Moment,
    /// The moment of the last change.
    pub updated_at: Moment,
}

cards! { ProgramCard in "programs"; }

#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = programs)]
struct Row {
    id: ProgramId,
    version: i64,
    code: Code,
    name: Title,
    name_en: Option<Title>,
    description: Option<Note>,
    organization_id: Option<OrganizationId>,
    created_at: Moment,
    updated_at: Moment,
}

impl Row {
    fn shown(self, tx: &Tx<'_>, judged: Judged) -> ProgramCard {
        ProgramCard {
            available_actions: available(&ProgramOffers, self.id, judged, |right| tx.may(right), |_| true),
            id: self.id,
            version: self.version,
            code: self.code,
            name: self.name,
            name_en: self.name_en,
            description: self.description,
            organization_id: self.organization_id,
            created_at: self.created_at,
            updated_at: self.updated_at,
        }
    }
}

/// An edition of a program as every endpoint returns it. It never changes.
#[card]
#[derive(Queryable, Selectable)]
#[diesel(table_name = editions)]
pub struct EditionCard {
    /// The id of the edition.
    pub id: EditionId,
    /// The program of the edition.
    pub program_id: ProgramId,
    /// The number of the edition among the editions of the program, from 1.
    #[schema(minimum = 1, maximum = 10_000, example = 1)]
    pub number: i32,
    /// The content of the edition.
    #[schema(value_type = EditionForm)]
    pub form: Json<EditionForm>,
    /// The moment at which the edition was issued.
    pub created_at: Moment,
}

impl Card for EditionCard {
    fn path(&self) -> Option<String> {
        Some(format!("/api/v1/editions/{}", self.id))
    }
}

/// Filters of the list of programs.
#[filter]
pub struct ProgramFilter {
    /// Only the program with this code.
    #[param(min_length = 2, max_length = 64, example = "family-mentoring")]
    pub code: Option<String>,
    /// Only programs that this organization runs.
    pub organization_id: Option<OrganizationId>,
}

/// The visible programs: the rows that the right of this transaction reaches. Every query begins here.
macro_rules! visible {
    ($scope:expr) => {{
        let mut all = programs::table.into_boxed();
        if !$scope.everything {
            all = all.filter(programs::id.eq_any(binds(&$scope.programs)));
        }
        all
    }};
}

/// Whether the right of this transaction reaches the program.
pub(crate) async fn reaches(tx: &mut Tx<'_>, id: ProgramId) -> Result<bool, Failure> {
    let scope = tx.scope().clone();
    Ok(db!(tx, get_result, diesel::select(exists(visible!(scope).filter(programs::id.eq(bind(id))))))?)
}

/// The names of those of the given programs that the right of this transaction reaches.
pub(crate) async fn names(tx: &mut Tx<'_>, ids: &[ProgramId]) -> Result<Vec<(ProgramId, String)>, Failure> {
    let (scope, some) = (tx.scope().clone(), programs::id.eq_any(binds(ids)));
    Ok(db!(tx, load, visible!(scope).filter(some).select((programs::id, programs::name)))?)
}

/// The codes of programs. A caller who sees every program needs no other statement for their names.
pub(crate) async fn codes(tx: &mut Tx<'_>, ids: &[ProgramId]) -> Result<HashMap<ProgramId, Code>, Failure> {
    let some = programs::table.filter(programs::id.eq_any(binds(ids)));
    let found: Vec<(ProgramId, Code, String)> =
        db!(tx, load, some.select((programs::id, programs::code, programs::name)))?;
    tx.note_listed(SubjectKind::Program, found.iter().map(|it| (it.0, it.2.clone())));
    Ok(found.into_iter().map(|(id, code, _)| (id, code)).collect())
}

/// The names of those of the given editions whose programs the right of this transaction reaches: number and first day.
pub(crate) async fn edition_names(
    tx: &mut Tx<'_>,
    ids: &[EditionId],
) -> Result<Vec<(EditionId, String)>, Failure> {
    let scope = tx.scope().clone();
    let found: Vec<(EditionId, i32, NaiveDate)> = db!(tx, load, {
        editions::table
            .filter(editions::id.eq_any(binds(ids)))
            .filter(editions::program_id.eq_any(visible!(scope).select(programs::id)))
            .select((editions::id, editions::number, editions::effective_from))
    })?;
    Ok(found.into_iter().map(|(id, number, day)| (id, edition_name(number, day))).collect())
}

/// The name of an edition: its number and its first day.
pub(crate) fn edition_name(number: i32, effective_from: NaiveDate) -> String {
    format!("№ {number}, {effective_from}")
}

/// The card of one program.
pub async fn card(tx: &mut Tx<'_>, id: ProgramId) -> Result<ProgramCard, Failure> {
    Ok(row(tx, id).await?.shown(tx, Judged::Whole))
}

async fn row(tx: &mut Tx<'_>, id: ProgramId) -> Result<Row, Failure> {
    let scope = tx.scope().clone();
    db!(tx, first, visible!(scope).filter(programs::id.eq(bind(id))).select(Row::as_select()))
        .optional()?
        .ok_or(Failure::NotFound(Some(Subject::new(SubjectKind::Program, id))))
}

/// Programs that the caller may see, the newest first.
pub async fn list(
    tx: &mut Tx<'_>,
    filter: &ProgramFilter,
    window: &Window,
) -> Result<Page<ProgramCard>, Failure> {
    let scope = tx.scope().clone();
    let rows: Vec<Row> = db!(tx, load, {
        let mut all =
            visible!(scope).select(Row::as_select()).order(programs::id.desc()).limit(window.fetch());
        if let Some(after) = window.after_id() {
            all = all.filter(programs::id.lt(bind(ProgramId::from(after))));
        }
        if let Some(code) = &filter.code {
            all = all.filter(programs::code.eq(bind(code.clone())));
        }
        if let Some(organization) = filter.organization_id {
            all = all.filter(programs::organization_id.eq(bind(Some(organization))));
        }
        all
    })?;
    let page = window.page(rows, |it| Place::id(it.id));
    let items = page.items.into_iter().map(|it| it.shown(tx, Judged::State)).collect();
    Ok(Page { items, next: page.next })
}

/// Loads a program that a rule will change.
pub async fn load(tx: &mut Tx<'_>, id: ProgramId) -> Result<Program, Failure> {
    let it = row(tx, id).await?;
    tx.expect(it.version)?;
    let form = ProgramForm {
        code: it.code,
        name: it.name,
        name_en: it.name_en,
        description: it.description,
        organization_id: it.organization_id,
    };
    Ok(Program { id, form })
}

/// Whether the region has a program with that code.
pub async fn has(tx: &mut Tx<'_>, code: &Code) -> Result<bool, Failure> {
    let found = programs::table.filter(programs::code.eq(bind(code.clone())));
    Ok(db!(tx, get_result, diesel::select(exists(found)))?)
}

macro_rules! row {
    ($form:expr, $now:expr) => {
        (
            programs::code.eq(bind($form.code.clone())),
            programs::name.eq(bind($form.name.clone())),
            programs::name_en.eq(bind($form.name_en.clone())),
            programs::description.eq(bind($form.description.clone())),
            programs::organization_id.eq(bind($form.organization_id)),
            programs::updated_at.eq(bind($now)),
        )
    };
}

/// Saves a new program, and answers it as it is shown.
pub async fn save_added(tx: &mut Tx<'_>, change: Changed<Program>) -> Result<ProgramCard, Failure> {
    let (it, records) = change.into_parts();
    let now = tx.now();
    let head = (programs::id.eq(bind(it.id)), programs::version.eq(1), programs::created_at.eq(bind(now)));
    let insert = diesel::insert_into(programs::table).values((head, row!(it.form, now)));
    let saved = db!(tx, get_result, insert.returning(Row::as_returning()));
    let row: Row = tx.returned(saved, records)?;
    Ok(row.shown(tx, Judged::Whole))
}

/// Saves an edited program, and answers it as it is shown.
pub async fn save_edited(tx: &mut Tx<'_>, change: Changed<Program>) -> Result<ProgramCard, Failure> {
    let (it, records) = change.into_parts();
    let now = tx.now();
    let next = programs::version.eq(programs::version + 1);
    let update = diesel::update(programs::table.find(bind(it.id))).set((next, row!(it.form, now)));
    let saved = db!(tx, get_result, prepared(update.returning(Row::as_returning())));
    let row: Row = tx.returned(saved, records)?;
    Ok(row.shown(tx, Judged::Whole))
}

/// Whether the right of this transaction reaches the edition, as it reaches its program.
pub(crate) async fn reaches_edition(tx: &mut Tx<'_>, id: EditionId) -> Result<bool, Failure> {
    is_found(edition_card(tx, id).await)
}

/// The card of one edition.
pub async fn edition_card(tx: &mut Tx<'_>, id: EditionId) -> Result<EditionCard, Failure> {
    let missing = || Failure::NotFound(Some(Subject::new(SubjectKind::Edition, id)));
    let it: EditionCard = db!(tx, first, editions::table.find(bind(id)).select(EditionCard::as_select()))
        .optional()?
        .ok_or_else(missing)?;
    if reaches(tx, it.program_id).await? { Ok(it) } else { Err(missing()) }
}

/// The editions of a program, the latest first.
pub async fn list_editions(
    tx: &mut Tx<'_>,
    program: ProgramId,
    window: &Window,
) -> Result<Page<EditionCard>, Failure> {
    row(tx, program).await?;
    let rows: Vec<EditionCard> = db!(tx, load, {
        let mut all = editions::table
            .filter(editions::program_id.eq(bind(program)))
            .select(EditionCard::as_select())
            .order(editions::id.desc())
            .limit(window.fetch())
            .into_boxed();
        if let Some(after) = window.after_id() {
            all = all.filter(editions::id.lt(bind(EditionId::from(after))));
        }
        all
    })?;
    Ok(window.page(rows, |it| Place::id(it.id)))
}

/// The differences between two editions of a program.
#[card]
pub struct EditionComparison {
    /// The program of both editions.
    pub program_id: ProgramId,
    /// The edition whose values are `before`.
    pub edition_id: EditionId,
    /// The edition whose values are `after`.
    pub with: EditionId,
    /// Every member with different values, in the order of the form.
    #[schema(max_items = 100)]
    pub differences: Vec<EditionDifference>,
}

/// The comparison is computed from editions, which never change, so it has no version.
impl Card for EditionComparison {}

/// Compares two editions member by member.
pub async fn comparison(
    tx: &mut Tx<'_>,
    id: EditionId,
    with: Option<EditionId>,
) -> Result<EditionComparison, Failure> {
    let before = edition(edition_card(tx, id).await?);
    let with = with.ok_or_else(|| Refused::from(MISSING.reason().at("/with")))?;
    let after = edition(edition_card(tx, with).await?);
    let differences = before.compare(&after)?;
    Ok(EditionComparison { program_id: before.program_id, edition_id: id, with, differences })
}

fn edition(it: EditionCard) -> Edition {
    Edition { id: it.id, program_id: it.program_id, number: it.number, form: it.form.0 }
}

/// The latest edition of a program. The next edition follows it.
pub async fn latest_edition(tx: &mut Tx<'_>, program: ProgramId) -> Result<Option<Edition>, Failure> {
    let all = editions::table.filter(editions::program_id.eq(bind(program)));
    let found: Option<EditionCard> = latest!(tx, editions, all, EditionCard::as_select());
    Ok(found.map(edition))
}

/// The edition under which a mentorship begins on that day. Rules need it, so the caller's scope does not limit it.
pub async fn edition_in_force(
    tx: &mut Tx<'_>,
    program: ProgramId,
    on: NaiveDate,
) -> Result<Option<Edition>, Failure> {
    let all = editions::table.filter(editions::program_id.eq(bind(program)));
    let found: Option<EditionCard> = in_effect!(tx, editions, all, on, EditionCard::as_select());
    Ok(found.map(edition))
}

/// The edition in force on that day, or a refusal if there is none.
pub async fn must_be_in_force(
    tx: &mut Tx<'_>,
    program: ProgramId,
    on: NaiveDate,
) -> Result<Edition, Failure> {
    let found = edition_in_force(tx, program, on).await?;
    found.ok_or_else(|| NOT_IN_FORCE.refuse().into())
}

/// The edition in force on that day, for every program that has one.
pub(crate) async fn all_in_force(
    tx: &mut Tx<'_>,
    on: NaiveDate,
) -> Result<HashMap<ProgramId, EditionId>, Failure> {
    let begun = editions::table.filter(editions::effective_from.le(on)).order(editions::number);
    let all: Vec<(ProgramId, EditionId)> = db!(tx, load, begun.select((editions::program_id, editions::id)))?;
    Ok(all.into_iter().collect())
}

/// The editions that a region has loaded. An edition never changes.
#[derive(Default)]
struct Known(Mutex<HashMap<EditionId, Edition>>);

/// Editions that are remembered at most.
const KNOWN: usize = 256;

impl Known {
    /// Those of the editions that are remembered.
    fn those(&self, ids: &BTreeSet<EditionId>) -> HashMap<EditionId, Edition> {
        let all = held(&self.0);
        ids.iter().filter_map(|id| Some((*id, all.get(id)?.clone()))).collect()
    }
    fn keep(&self, it: &Edition) {
        let mut all = held(&self.0);
        if all.len() >= KNOWN {
            all.clear();
        }
        all.insert(it.id, it.clone());
    }
}

/// An edition by its id, for a mentorship that began under it.
pub async fn edition_of(tx: &mut Tx<'_>, id: EditionId) -> Result<Edition, Failure> {
    editions_of(tx, &[id]).await?.remove(&id).ok_or(Failure::NotFound(None))
}

/// The same for several mentorships. One statement reads those that the region has not loaded yet.
pub(crate) async fn editions_of(
    tx: &mut Tx<'_>,
    ids: &[EditionId],
) -> Result<HashMap<EditionId, Edition>, Failure> {
    let known = tx.core.memory.of::<Known>();
    let asked: BTreeSet<EditionId> = ids.iter().copied().collect();
    let mut found = known.those(&asked);
    let unknown: Vec<EditionId> = asked.into_iter().filter(|it| !found.contains_key(it)).collect();
    if unknown.is_empty() {
        return Ok(found);
    }
    let some = editions::table.filter(editions::id.eq_any(binds(&unknown)));
    let loaded: Vec<EditionCard> = db!(tx, load, some.select(EditionCard::as_select()))?;
    for it in loaded.into_iter().map(edition) {
        known.keep(&it);
        found.insert(it.id, it);
    }
    Ok(found)
}

/// Saves an issued edition, and answers it as it is shown.
pub async fn save_issued(tx: &mut Tx<'_>, change: Changed<Edition>) -> Result<EditionCard, Failure> {
    let (it, records) = change.into_parts();
    let row = (
        editions::id.eq(bind(it.id)),
        editions::program_id.eq(bind(it.program_id)),
        editions::number.eq(it.number),
        editions::effective_from.eq(it.form.effective_from),
        editions::form.eq(bind(Json(it.form))),
        editions::created_at.eq(bind(tx.now())),
    );
    let insert = diesel::insert_into(editions::table).values(row);
    let saved = db!(tx, get_result, insert.returning(EditionCard::as_returning()));
    tx.returned(saved, records)
}
