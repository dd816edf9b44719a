//! Beneficiaries in the database, and the parts of one that each reader sees.
use super::names::{Part, is_named};
use super::register;
use super::{Human, life_of, lives_of, lives_of_family, one_person};
use crate::engine::card::cards;
use crate::engine::column::{bind, binds, each};
use crate::engine::conn::{db, prepared};
use crate::engine::failure::Failure;
use crate::engine::page::{Page, Place, Window};
use crate::engine::schema::{
    beneficiaries, cases, families, mentorships, place_requests, plans, stays, waiting,
};
use crate::scope::beneficiaries::visible;
use crate::scope::{Way, places};
use crate::sight::offered;
use crate::tx::Tx;
use diesel::dsl::exists;
use diesel::prelude::*;
use domain::base::access::{Right, Scope};
use domain::base::action::AvailableAction;
use domain::base::change::{Changed, Subject, SubjectKind};
use domain::base::filters::any::AnyOf;
use domain::base::id::{BeneficiaryId, FamilyId, OrganizationId, PersonId};
use domain::base::moment::{Moment, age_years};
use domain::base::text::{Oktmo, Title};
use domain::entries::entered_under;
use domain::help::place_requests::PlaceRequestState;
use domain::people::register::against_beginning;
use domain::people::{
    Beneficiary, BeneficiaryCategory, BeneficiaryForm, BeneficiaryKind, BeneficiaryOffers, Engagement, Origin,
};
use shape::{card, filter};
use std::collections::HashSet;

/// A beneficiary as every endpoint returns it. A mentor, a tutor and the beneficiary see only the name, the age, the
/// municipality and the organization responsible. The coordinator of a program sees beneficiaries with a mentorship
/// in it and beneficiaries who wait for one.
#[card]
pub struct BeneficiaryCard {
    /// The id of the beneficiary.
    pub id: BeneficiaryId,
    /// The version number; it grows with every change and is the value of the `ETag` header.
    #[schema(minimum = 1, example = 1)]
    pub version: i64,
    /// The kind of beneficiary: a person or a family.
    pub kind: BeneficiaryKind,
    /// The full name of the person, or the name that specialists use for the family.
    #[schema(min_length = 1, max_length = 302, example = "Морозова Алёна Сергеевна")]
    pub name: String,
    /// The age of the person in full years, today; absent for a family.
    #[schema(minimum = 0, maximum = 200, example = 15)]
    pub age_years: Option<i32>,
    /// The municipality in which the beneficiary lives.
    pub municipality: Oktmo,
    /// The organization responsible for the beneficiary.
    pub organization_id: OrganizationId,
    /// The person, if the beneficiary is one. A mentor, a tutor and the beneficiary do not see it.
    pub person_id: Option<PersonId>,
    /// The family, if the beneficiary is one. A mentor, a tutor and the beneficiary do not see it.
    pub family_id: Option<FamilyId>,
    /// The category. A mentor, a tutor and the beneficiary do not see it.
    pub category: Option<BeneficiaryCategory>,
    /// The category in words, if it is `other`. A mentor, a tutor and the beneficiary do not see it.
    pub category_text: Option<Title>,
    /// The kind of home that the beneficiary comes from, such as a foster family. A mentor, a tutor and the
    /// beneficiary do not see it.
    pub origin: Option<Origin>,
    /// Limited health or disability (ОВЗ). A mentor, a tutor and the beneficiary do not see it.
    pub disability: Option<bool>,
    /// The guardianship authority in charge. A mentor, a tutor and the beneficiary do not see it.
    pub guardianship_authority_id: Option<OrganizationId>,
    /// The territory in which the beneficiary lives. A mentor, a tutor and the beneficiary do not see it.
    pub territory: Option<Oktmo>,
    /// Orders that this caller may send to the beneficiary now; absent in lists.
    #[schema(max_items = 20)]
    pub available_actions: Option<Vec<AvailableAction>>,
    /// The moment at which the beneficiary was put on record.
    pub created_at: Moment,
    /// The moment of the last change.
    pub updated_at: Moment,
}

cards! { BeneficiaryCard in "beneficiaries" about Beneficiary; }

/// Filters of the list of beneficiaries.
#[filter]
pub struct BeneficiaryFilter {
    /// Only people, or only families.
    pub kind: Option<AnyOf<BeneficiaryKind>>,
    /// Only beneficiaries of these categories. Beneficiaries whose category the caller may not see are left out.
    pub category: Option<AnyOf<BeneficiaryCategory>>,
    /// Only beneficiaries for whom this organization is responsible.
    pub organization_id: Option<OrganizationId>,
    /// Only beneficiaries in this territory, by its code or the beginning of one. Those whose territory the caller may not see are left out.
    #[param(min_length = 2, max_length = 11, example = "25655")]
    pub territory: Option<String>,
    /// Only the beneficiary who is this person. Beneficiaries whose person the caller may not see are left out.
    pub person_id: Option<PersonId>,
}

#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = beneficiaries)]
struct Row {
    id: BeneficiaryId,
    version: i64,
    kind: BeneficiaryKind,
    person_id: Option<PersonId>,
    family_id: Option<FamilyId>,
    category: BeneficiaryCategory,
    category_text: Option<Title>,
    origin: Option<Origin>,
    disability: bool,
    organization_id: OrganizationId,
    guardianship_authority_id: Option<OrganizationId>,
    territory: Oktmo,
    created_at: Moment,
    updated_at: Moment,
}

type Named = (Row, Option<Human>, Option<Title>);

macro_rules! columns {
    () => {
        (Row::as_select(), Option::<Human>::as_select(), families::name.nullable())
    };
}

/// The part of a scope that sees beneficiaries in full: without the mentor, the tutor and the beneficiary themselves.
fn in_full(scope: &Scope) -> Scope {
    Scope { tutor: None, person: None, mentor: None, beneficiaries: Vec::new(), ..scope.clone() }
}

fn missing(id: BeneficiaryId) -> Failure {
    Failure::NotFound(Some(Subject::new(SubjectKind::Beneficiary, id)))
}

/// Whether the right of this transaction reaches the beneficiary.
pub(crate) async fn reaches_beneficiary(tx: &mut Tx<'_>, id: BeneficiaryId) -> Result<bool, Failure> {
    let scope = tx.scope().clone();
    scope_reaches(tx, id, &scope).await
}

/// Whether that scope reaches the beneficiary.
pub(crate) async fn scope_reaches(
    tx: &mut Tx<'_>,
    id: BeneficiaryId,
    scope: &Scope,
) -> Result<bool, Failure> {
    Ok(db!(tx, get_result, {
        let found = visible!(scope).filter(beneficiaries::id.eq(bind(id)));
        diesel::select(exists(found.select(beneficiaries::id)))
    })?)
}

/// Whether the right of this transaction is one of the institution or the territory of the beneficiary.
pub(crate) async fn is_answered_for(tx: &mut Tx<'_>, id: BeneficiaryId) -> Result<bool, Failure> {
    let scope = tx.scope();
    let answering = Scope {
        everything: scope.everything,
        organizations: scope.organizations.clone(),
        territories: scope.territories.clone(),
        ..Scope::default()
    };
    scope_reaches(tx, id, &answering).await
}

/// Those of the given beneficiaries whom the right of this transaction reaches.
pub(crate) async fn reached_beneficiaries(
    tx: &mut Tx<'_>,
    ids: &[BeneficiaryId],
) -> Result<HashSet<BeneficiaryId>, Failure> {
    let scope = tx.scope().clone();
    let some = beneficiaries::id.eq_any(binds(ids));
    let found: Vec<BeneficiaryId> = db!(tx, load, visible!(scope).filter(some).select(beneficiaries::id))?;
    Ok(found.into_iter().collect())
}

/// The names of those of the given beneficiaries whom the right of this transaction reaches.
pub(crate) async fn beneficiary_names(
    tx: &mut Tx<'_>,
    ids: &[BeneficiaryId],
) -> Result<Vec<(BeneficiaryId, String)>, Failure> {
    let (scope, some) = (tx.scope().clone(), beneficiaries::id.eq_any(binds(ids)));
    let found: Vec<Named> = db!(tx, load, visible!(scope).filter(some).select(columns!()))?;
    Ok(found.into_iter().map(|(it, person, family)| (it.id, name(person.as_ref(), family))).collect())
}

async fn named(tx: &mut Tx<'_>, id: BeneficiaryId) -> Result<Named, Failure> {
    let scope = tx.scope().clone();
    db!(tx, first, visible!(scope).filter(beneficiaries::id.eq(bind(id))).select(columns!()))
        .optional()?
        .ok_or_else(|| missing(id))
}

/// Those of the given beneficiaries that the right of this transaction reaches in full.
async fn reached_in_full(tx: &mut Tx<'_>, ids: &[BeneficiaryId]) -> Result<Vec<BeneficiaryId>, Failure> {
    let scope = in_full(tx.scope());
    if scope == *tx.scope() {
        return Ok(ids.to_vec());
    }
    let found = beneficiaries::id.eq_any(binds(ids));
    Ok(db!(tx, load, visible!(scope).filter(found).select(beneficiaries::id))?)
}

async fn cards(tx: &mut Tx<'_>, rows: Vec<Named>) -> Result<Vec<BeneficiaryCard>, Failure> {
    let ids: Vec<BeneficiaryId> = rows.iter().map(|it| it.0.id).collect();
    let full = reached_in_full(tx, &ids).await?;
    let today = tx.today();
    let card = |(it, person, family): Named| {
        let is_full = full.contains(&it.id);
        let age = person.as_ref().map(|it| age_years(it.birth_date, today));
        BeneficiaryCard {
            id: it.id,
            version: it.version,
            kind: it.kind,
            name: name(person.as_ref(), family),
            age_years: age,
            municipality: Oktmo::new(it.territory.municipality()),
            organization_id: it.organization_id,
            person_id: it.person_id.filter(|_| is_full),
            family_id: it.family_id.filter(|_| is_full),
            category: is_full.then_some(it.category),
            category_text: it.category_text.filter(|_| is_full),
            origin: it.origin.filter(|_| is_full),
            disability: is_full.then_some(it.disability),
            guardianship_authority_id: it.guardianship_authority_id.filter(|_| is_full),
            territory: is_full.then_some(it.territory),
            available_actions: None,
            created_at: it.created_at,
            updated_at: it.updated_at,
        }
    };
    Ok(rows.into_iter().map(card).collect())
}

/// The name of a beneficiary, from its person or its family.
pub(crate) fn name(person: Option<&Human>, family: Option<Title>) -> String {
    person.map(Human::full_name).or(family.map(String::from)).unwrap_or_default()
}

/// The card of one beneficiary.
pub async fn beneficiary_card(tx: &mut Tx<'_>, id: BeneficiaryId) -> Result<BeneficiaryCard, Failure> {
    let row = named(tx, id).await?;
    let mut card = cards(tx, vec![row]).await?.pop().ok_or_else(|| missing(id))?;
    card.available_actions = Some(actions(tx, &card).await?);
    Ok(card)
}

async fn actions(tx: &mut Tx<'_>, it: &BeneficiaryCard) -> Result<Vec<AvailableAction>, Failure> {
    let (subject, choosing) = (Subject::new(SubjectKind::Beneficiary, it.id), tx.scope_of(Right::MakeChoice));
    let against_choosing = match choosing.is_nothing() {
        true => None,
        false => tx.above().against_choosing(tx, subject).await?,
    };
    let offers = BeneficiaryOffers {
        is_answered_for: tx.scope_of(Right::EditBeneficiaries).answers_for(it.organization_id),
        is_own: tx.caller().is_some_and(|caller| caller.beneficiaries.contains(&it.id)),
        is_mentored: is_mentored_by_caller(tx, it.id).await?,
        is_known: choosing.mentor.is_none() || reaches_otherwise(tx, it.id, choosing).await?,
        against_choosing,
        against_beginning: against_beginning(register::is_removed(tx, it.id).await?),
        against_going_on: lives_of(tx, it.id).await?.against_going_on(),
        under: entered_under(SubjectKind::Beneficiary),
    };
    offered(tx, &offers, subject).await
}

/// Whether that scope reaches the beneficiary otherwise than by mentoring them.
pub(crate) async fn reaches_otherwise(
    tx: &mut Tx<'_>,
    id: BeneficiaryId,
    scope: Scope,
) -> Result<bool, Failure> {
    scope_reaches(tx, id, &Scope { mentor: None, ..scope }).await
}

/// Whether the caller is the mentor of the person at present, under any record.
pub(crate) async fn is_mentored_by_caller(tx: &mut Tx<'_>, id: BeneficiaryId) -> Result<bool, Failure> {
    let Some(mentor) = tx.scope().own_mentor else { return Ok(false) };
    let records = one_person::of(tx, id).await?.records();
    let theirs = mentorships::table
        .filter(mentorships::beneficiary_id.eq_any(binds(&records)))
        .filter(mentorships::mentor_id.eq(bind(mentor)))
        .filter(mentorships::ended_on.is_null());
    Ok(db!(tx, get_result, diesel::select(exists(theirs)))?)
}

/// Beneficiaries that the caller may see, the newest first. A filter never finds a row by a value that the caller may
/// not see.
pub async fn list_beneficiaries(
    tx: &mut Tx<'_>,
    filter: &BeneficiaryFilter,
    window: &Window,
) -> Result<Page<BeneficiaryCard>, Failure> {
    let mut rows: Vec<Named> = Vec::new();
    for kind in each(filter.kind.as_ref()) {
        for category in each(filter.category.as_ref()) {
            rows.extend(rows_with(tx, filter, kind, category, window).await?);
        }
    }
    let page = window.page(window.first_of(rows, false, |it| it.0.id), |it| Place::id(it.0.id));
    Ok(Page { items: cards(tx, page.items).await?, next: page.next })
}

/// The first visible beneficiaries of a kind and a category, or of any.
async fn rows_with(
    tx: &mut Tx<'_>,
    filter: &BeneficiaryFilter,
    kind: Option<BeneficiaryKind>,
    category: Option<BeneficiaryCategory>,
    window: &Window,
) -> Result<Vec<Named>, Failure> {
    let asks_hidden = filter.category.is_some() || filter.territory.is_some() || filter.person_id.is_some();
    let scope = if asks_hidden { in_full(tx.scope()) } else { tx.scope().clone() };
    Ok(db!(tx, load, {
        let mut all =
            visible!(scope).select(columns!()).order(beneficiaries::id.desc()).limit(window.fetch());
        if let Some(after) = window.after_id() {
            all = all.filter(beneficiaries::id.lt(bind(after)));
        }
        if let Some(kind) = kind {
            all = all.filter(beneficiaries::kind.eq(bind(kind)));
        }
        if let Some(category) = category {
            all = all.filter(beneficiaries::category.eq(bind(category)));
        }
        if let Some(organization) = filter.organization_id {
            all = all.filter(beneficiaries::organization_id.eq(bind(organization)));
        }
        if let Some(person) = filter.person_id {
            all = all.filter(beneficiaries::person_id.eq(bind(Some(person))));
        }
        if let Some(territory) = &filter.territory {
            let (first, end) = places(territory);
            let there = diesel::alias!(beneficiaries as there);
            // A list, which is read by the index of territories, so that the rows come in the order of ids.
            let living = there
                .filter(there.field(beneficiaries::territory).ge(bind(first)))
                .filter(there.field(beneficiaries::territory).lt(bind(end)));
            all = all.filter(beneficiaries::id.eq_any(living.select(there.field(beneficiaries::id))));
        }
        all
    })?)
}

/// Beneficiaries that the caller sees with these words in their names, the newest first, each with the name.
pub(crate) async fn beneficiaries_named(
    tx: &mut Tx<'_>,
    parts: &[Part],
    limit: i64,
) -> Result<Vec<(BeneficiaryId, String)>, Failure> {
    let scope = tx.scope().clone();
    let found: Vec<Named> = db!(tx, load, {
        let mut all = visible!(scope).select(columns!()).order(beneficiaries::id.desc()).limit(limit);
        for part in parts {
            let person = is_named!(beneficiaries::person_id.assume_not_null(), SubjectKind::Person, part);
            let family = is_named!(beneficiaries::family_id.assume_not_null(), SubjectKind::Family, part);
            all = all.filter(person.or_by(family));
        }
        all
    })?;
    Ok(found.into_iter().map(|(it, person, family)| (it.id, name(person.as_ref(), family))).collect())
}

/// Loads a beneficiary for a rule about something else.
pub async fn beneficiary(tx: &mut Tx<'_>, id: BeneficiaryId) -> Result<Beneficiary, Failure> {
    named(tx, id).await.map(|it| of(it.0))
}

fn of(it: Row) -> Beneficiary {
    let form = BeneficiaryForm {
        kind: it.kind,
        person_id: it.person_id,
        family_id: it.family_id,
        category: it.category,
        category_text: it.category_text,
        origin: it.origin,
        disability: it.disability,
        organization_id: it.organization_id,
        guardianship_authority_id: it.guardianship_authority_id,
        territory: it.territory,
    };
    Beneficiary { id: it.id, form }
}

/// The work with a beneficiary that has not ended at the institution responsible.
pub async fn engagement_of(tx: &mut Tx<'_>, of: &Beneficiary) -> Result<Engagement, Failure> {
    let (id, organization) = (of.id, of.form.organization_id);
    let cases = cases::table
        .filter(cases::beneficiary_id.eq(bind(id)))
        .filter(cases::organization_id.eq(bind(organization)))
        .filter(cases::closed_on.is_null());
    let mentorships = mentorships::table
        .filter(mentorships::beneficiary_id.eq(bind(id)))
        .filter(mentorships::organization_id.eq(bind(organization)))
        .filter(mentorships::ended_on.is_null());
    // A reservation whose hold is over is a stay no more.
    let stays = stays::table
        .filter(stays::beneficiary_id.eq(bind(id)))
        .filter(stays::organization_id.eq(bind(organization)))
        .filter(stays::ended_on.is_null())
        .filter(stays::arrived_at.is_not_null().or(stays::held_until.gt(bind(tx.now()))));
    let places = place_requests::table
        .filter(place_requests::beneficiary_id.eq(bind(id)))
        .filter(place_requests::organization_id.eq(bind(organization)))
        .filter(place_requests::state.eq(bind(PlaceRequestState::Waiting)));
    // The plans of a case go on with the case.
    let plans = plans::table
        .filter(plans::beneficiary_id.eq(bind(id)))
        .filter(plans::organization_id.eq(bind(organization)))
        .filter(plans::case_id.is_null())
        .filter(plans::ended_on.is_null());
    Ok(Engagement {
        cases: db!(tx, get_result, cases.count())?,
        mentorships: db!(tx, get_result, mentorships.count())?,
        stays: db!(tx, get_result, stays.count())?,
        place_requests: db!(tx, get_result, places.count())?,
        plans: db!(tx, get_result, plans.count())?,
    })
}

/// Refuses to put the dead on record: a person, or a family all of whose members on record have died.
pub async fn must_live(tx: &mut Tx<'_>, form: &BeneficiaryForm) -> Result<(), Failure> {
    if let Some(person) = form.person_id {
        life_of(tx, person).await?.must_go_on("/person_id")?;
    }
    if let Some(family) = form.family_id {
        lives_of_family(tx, family).await?.must_go_on("/family_id")?;
    }
    Ok(())
}

/// Loads a beneficiary that a rule will change.
pub async fn load_beneficiary(tx: &mut Tx<'_>, id: BeneficiaryId) -> Result<Beneficiary, Failure> {
    let (it, ..) = named(tx, id).await?;
    tx.expect(it.version)?;
    Ok(of(it))
}

macro_rules! row {
    ($form:expr, $now:expr) => {
        (
            beneficiaries::kind.eq(bind($form.kind)),
            beneficiaries::person_id.eq(bind($form.person_id)),
            beneficiaries::family_id.eq(bind($form.family_id)),
            beneficiaries::category.eq(bind($form.category)),
            beneficiaries::category_text.eq(bind($form.category_text.clone())),
            beneficiaries::origin.eq(bind($form.origin)),
            beneficiaries::disability.eq($form.disability),
            beneficiaries::organization_id.eq(bind($form.organization_id)),
            beneficiaries::guardianship_authority_id.eq(bind($form.guardianship_authority_id)),
            beneficiaries::territory.eq(bind($form.territory.clone())),
            beneficiaries::updated_at.eq(bind($now)),
        )
    };
}

/// Saves a new beneficiary.
pub async fn save_beneficiary_added(tx: &mut Tx<'_>, change: Changed<Beneficiary>) -> Result<(), Failure> {
    let (it, records) = change.into_parts();
    let now = tx.now();
    let head = (
        beneficiaries::id.eq(bind(it.id)),
        beneficiaries::version.eq(1),
        beneficiaries::created_at.eq(bind(now)),
    );
    let rows =
        db!(tx, execute, diesel::insert_into(beneficiaries::table).values((head, row!(it.form, now))))?;
    tx.established(rows, records)?;
    let Some(person) = it.form.person_id else { return Ok(()) };
    register::enter(tx, it.id).await?;
    register::candidates::look_for(tx, person).await
}

/// Saves an edited beneficiary.
pub async fn save_beneficiary_edited(tx: &mut Tx<'_>, change: Changed<Beneficiary>) -> Result<(), Failure> {
    let (it, records) = change.into_parts();
    let now = tx.now();
    let next = beneficiaries::version.eq(beneficiaries::version + 1);
    let rows = db!(
        tx,
        execute,
        prepared(diesel::update(beneficiaries::table.find(bind(it.id))).set((next, row!(it.form, now))))
    )?;
    let waits = waiting::table.filter(waiting::beneficiary_id.eq(bind(it.id)));
    let moved = waiting::organization_id.eq(bind(it.form.organization_id));
    db!(tx, execute, prepared(diesel::update(waits).set(moved)))?;
    tx.established(rows, records)?;
    tx.above().beneficiary_moved(tx, it.id, &it.form.territory).await
}
