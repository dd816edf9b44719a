//! Representatives in the database. Those who may see a beneficiary may see its representatives.
use super::upheld::upheld;
use super::{Human, died_elsewhere, one_person};
use crate::engine::card::cards;
use crate::engine::column::{bind, binds};
use crate::engine::conn::{db, prepared};
use crate::engine::failure::Failure;
use crate::engine::page::{Page, Place, Window};
use crate::engine::schema::{beneficiaries, people, representatives};
use crate::scope::beneficiaries::visible as visible_beneficiaries;
use crate::sight::offered;
use crate::tx::Tx;
use chrono::NaiveDate;
use diesel::dsl::exists;
use diesel::prelude::*;
use domain::base::action::AvailableAction;
use domain::base::change::{Changed, Subject, SubjectKind};
use domain::base::id::{BeneficiaryId, FileId, PersonId, RepresentativeId};
use domain::base::moment::Moment;
use domain::base::text::Title;
use domain::people::consents::RepresentativeFacts;
use domain::people::{Representative, RepresentativeBasis, RepresentativeForm, RepresentativeOffers};
use shape::card;

/// Somebody's authority to act for a beneficiary, as every endpoint returns it.
#[card]
pub struct RepresentativeCard {
    /// The id of the representative.
    pub id: RepresentativeId,
    /// The version number; it grows with every change and is the value of the `ETag` header.
    #[schema(minimum = 1, example = 1)]
    pub version: i64,
    /// The beneficiary whom the representative acts for.
    pub beneficiary_id: BeneficiaryId,
    /// The person who acts.
    pub person_id: PersonId,
    /// The full name of the person who acts.
    #[schema(min_length = 1, max_length = 302, example = "Морозова Алёна Сергеевна")]
    pub person_name: String,
    /// The legal basis of the authority.
    pub basis: RepresentativeBasis,
    /// The document that proves the authority.
    pub document: Option<Title>,
    /// The file with a copy of that document.
    pub document_file_id: Option<FileId>,
    /// The first day of the authority.
    pub valid_from: NaiveDate,
    /// The last day of the authority; absent: until further notice.
    pub valid_until: Option<NaiveDate>,
    /// Orders that this caller may send to the representative now; absent in lists.
    #[schema(max_items = 20)]
    pub available_actions: Option<Vec<AvailableAction>>,
    /// The moment at which the representative was put on record.
    pub created_at: Moment,
    /// The moment of the last change.
    pub updated_at: Moment,
}

cards! { RepresentativeCard in "representatives" about Representative; }

#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = representatives)]
struct Row {
    id: RepresentativeId,
    version: i64,
    beneficiary_id: BeneficiaryId,
    person_id: PersonId,
    basis: RepresentativeBasis,
    document: Option<String>,
    document_file_id: Option<FileId>,
    valid_from: NaiveDate,
    valid_until: Option<NaiveDate>,
    created_at: Moment,
    updated_at: Moment,
}

const DOCUMENT: &str = "representatives.document";

/// The visible representatives: those of beneficiaries whom the scope sees. Every query begins here.
macro_rules! visible {
    ($scope:expr) => {{
        let mut all = representatives::table.inner_join(people::table).into_boxed();
        if !$scope.everything {
            let seen = visible_beneficiaries!($scope).select(beneficiaries::id);
            all = all.filter(representatives::beneficiary_id.eq_any(seen));
        }
        all
    }};
}

fn missing(id: RepresentativeId) -> Failure {
    Failure::NotFound(Some(Subject::new(SubjectKind::Representative, id)))
}

/// Whether the right of this transaction reaches the representative.
pub(crate) async fn reaches_representative(tx: &mut Tx<'_>, id: RepresentativeId) -> Result<bool, Failure> {
    let scope = tx.scope().clone();
    Ok(db!(tx, get_result, {
        let found = visible!(scope).filter(representatives::id.eq(bind(id)));
        diesel::select(exists(found.select(representatives::id)))
    })?)
}

/// The names of those of the given representatives that the right of this transaction reaches.
pub(crate) async fn representative_names(
    tx: &mut Tx<'_>,
    ids: &[RepresentativeId],
) -> Result<Vec<(RepresentativeId, String)>, Failure> {
    let (scope, some) = (tx.scope().clone(), representatives::id.eq_any(binds(ids)));
    let found: Vec<(RepresentativeId, Human)> =
        db!(tx, load, visible!(scope).filter(some).select((representatives::id, Human::as_select())))?;
    Ok(found.into_iter().map(|(id, it)| (id, it.full_name())).collect())
}

async fn row(tx: &mut Tx<'_>, id: RepresentativeId) -> Result<(Row, Human), Failure> {
    let scope = tx.scope().clone();
    let found = representatives::id.eq(bind(id));
    db!(tx, first, visible!(scope).filter(found).select((Row::as_select(), Human::as_select())))
        .optional()?
        .ok_or_else(|| missing(id))
}

fn document(tx: &Tx<'_>, it: &Row) -> Result<Option<Title>, Failure> {
    tx.core.keys.open_some(DOCUMENT, it.id, it.document.as_ref())
}

fn card(tx: &Tx<'_>, (it, human): (Row, Human)) -> Result<RepresentativeCard, Failure> {
    Ok(RepresentativeCard {
        id: it.id,
        version: it.version,
        beneficiary_id: it.beneficiary_id,
        person_id: it.person_id,
        person_name: human.full_name(),
        basis: it.basis,
        document: document(tx, &it)?,
        document_file_id: it.document_file_id,
        valid_from: it.valid_from,
        valid_until: it.valid_until,
        available_actions: None,
        created_at: it.created_at,
        updated_at: it.updated_at,
    })
}

/// The card of one representative.
pub async fn representative_card(
    tx: &mut Tx<'_>,
    id: RepresentativeId,
) -> Result<RepresentativeCard, Failure> {
    let row = row(tx, id).await?;
    let mut card = card(tx, row)?;
    let subject = Subject::new(SubjectKind::Representative, id);
    card.available_actions = Some(offered(tx, &RepresentativeOffers, subject).await?);
    Ok(card)
}

/// The representatives of a beneficiary, past ones too, the newest record first.
pub async fn list_representatives(
    tx: &mut Tx<'_>,
    of: BeneficiaryId,
    window: &Window,
) -> Result<Page<RepresentativeCard>, Failure> {
    super::beneficiary(tx, of).await?;
    let rows: Vec<(Row, Human)> = db!(tx, load, {
        let mut all = representatives::table
            .inner_join(people::table)
            .filter(representatives::beneficiary_id.eq(bind(of)))
            .select((Row::as_select(), Human::as_select()))
            .order(representatives::id.desc())
            .limit(window.fetch())
            .into_boxed();
        if let Some(after) = window.after_id() {
            all = all.filter(representatives::id.lt(bind(after)));
        }
        all
    })?;
    let page = window.page(rows, |it| Place::id(it.0.id));
    let items = tx.readable(page.items.into_iter().map(|it| card(tx, it)))?;
    Ok(Page { items, next: page.next })
}

/// All authorities to act for a person under any record, including past ones. An authority ends with the life of its holder, under any
/// record.
pub async fn representatives_of(
    tx: &mut Tx<'_>,
    of: BeneficiaryId,
) -> Result<Vec<RepresentativeFacts>, Failure> {
    type Authority = (RepresentativeId, PersonId, NaiveDate, Option<NaiveDate>, Option<NaiveDate>);
    let records = one_person::of(tx, of).await?.records();
    let with_people = representatives::table.inner_join(people::table);
    let rows: Vec<Authority> = db!(
        tx,
        load,
        with_people.filter(representatives::beneficiary_id.eq_any(binds(&records))).select((
            representatives::id,
            representatives::person_id,
            representatives::valid_from,
            representatives::valid_until,
            people::died_on,
        ))
    )?;
    let living: Vec<PersonId> = rows.iter().filter(|it| it.4.is_none()).map(|it| it.1).collect();
    let elsewhere = died_elsewhere(tx, &living).await?;
    let facts = |(id, person_id, valid_from, valid_until, died_on): Authority| {
        let died_on = died_on.or_else(|| elsewhere.get(&person_id).copied());
        let valid_until = [valid_until, died_on].into_iter().flatten().min();
        RepresentativeFacts { id, person_id, valid_from, valid_until }
    };
    Ok(rows.into_iter().map(facts).collect())
}

/// Loads a representative that a rule will change.
pub async fn load_representative(tx: &mut Tx<'_>, id: RepresentativeId) -> Result<Representative, Failure> {
    let (it, _) = row(tx, id).await?;
    tx.expect(it.version)?;
    let form = RepresentativeForm {
        person_id: it.person_id,
        basis: it.basis,
        document: document(tx, &it)?,
        document_file_id: it.document_file_id,
        valid_from: it.valid_from,
        valid_until: it.valid_until,
    };
    Ok(Representative { id, beneficiary_id: it.beneficiary_id, form })
}

macro_rules! row {
    ($tx:expr, $it:expr) => {{
        let form = &$it.form;
        let document = $tx.core.keys.seal_some(DOCUMENT, $it.id, form.document.as_ref())?;
        (
            representatives::person_id.eq(bind(form.person_id)),
            representatives::basis.eq(bind(form.basis)),
            representatives::document.eq(bind(document)),
            representatives::document_file_id.eq(bind(form.document_file_id)),
            representatives::valid_from.eq(form.valid_from),
            representatives::valid_until.eq(form.valid_until),
            representatives::updated_at.eq(bind($tx.now())),
        )
    }};
}

/// Saves a new representative.
pub async fn save_representative_added(
    tx: &mut Tx<'_>,
    change: Changed<Representative>,
) -> Result<(), Failure> {
    let (it, records) = change.into_parts();
    let head = (
        representatives::id.eq(bind(it.id)),
        representatives::version.eq(1),
        representatives::beneficiary_id.eq(bind(it.beneficiary_id)),
        representatives::created_at.eq(bind(tx.now())),
    );
    let row = row!(tx, it);
    let rows = db!(tx, execute, diesel::insert_into(representatives::table).values((head, row)))?;
    tx.established(rows, records)
}

/// Saves an edited representative. It warns if a consent holds no more by it.
pub async fn save_representative_edited(
    tx: &mut Tx<'_>,
    change: Changed<Representative>,
) -> Result<(), Failure> {
    let (it, records) = change.into_parts();
    let upheld = upheld(tx, &[it.beneficiary_id]).await?;
    let former = representatives::table.find(bind(it.id));
    let former = former.select((representatives::person_id, representatives::valid_from));
    let (person_id, valid_from): (PersonId, NaiveDate) = db!(tx, first, former)?;
    let next = representatives::version.eq(representatives::version + 1);
    let row = row!(tx, it);
    let rows = db!(
        tx,
        execute,
        prepared(diesel::update(representatives::table.find(bind(it.id))).set((next, row)))
    )?;
    tx.established(rows, records)?;
    let pointer = match (person_id == it.form.person_id, valid_from == it.form.valid_from) {
        (false, _) => "/person_id",
        (true, false) => "/valid_from",
        (true, true) => "/valid_until",
    };
    upheld.warn(tx, pointer).await
}
