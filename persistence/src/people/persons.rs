//! People in the database. СНИЛС, contacts and documents are sealed. A name stays plain, because search compares its
//! beginning.
use super::Human;
use super::deaths::DEATH;
use super::match_keys::{SNILS, keep_keys};
use super::names::{Named, add_names, rename};
use super::register;
use super::responsibility::must_answer_for_person;
use super::upheld::upheld_with;
use crate::engine::card::cards;
use crate::engine::column::{bind, binds};
use crate::engine::conn::{db, prepared};
use crate::engine::failure::Failure;
use crate::engine::schema::{
    beneficiaries, cases, family_members, mentor_applications, people, representatives,
};
use crate::scope::beneficiaries::answered_for;
use crate::scope::{Way, among, when, within};
use crate::sight::{offered, passes, sees};
use crate::tx::Tx;
use chrono::NaiveDate;
use diesel::dsl::exists;
use diesel::prelude::*;
use domain::base::access::{Right, Scope};
use domain::base::action::AvailableAction;
use domain::base::change::{Changed, Subject, SubjectKind};
use domain::base::id::{OrganizationId, PersonId, UserId};
use domain::base::moment::Moment;
use domain::base::refusal::Refused;
use domain::base::text::{Name, Oktmo, Phone, Snils};
use domain::base::word::fold;
use domain::people::likeness::Likeness;
use domain::people::{
    Death, IdentityDocument, IdentityDocumentKind, Person, PersonForm, PersonOffers, SNILS_TAKEN, Sex,
};
use domain::region::organizations::Contacts;
use serde::{Deserialize, Serialize};
use shape::card;
use std::collections::HashMap;

/// A person as every endpoint returns it.
#[card]
pub struct PersonCard {
    /// The id of the person.
    pub id: PersonId,
    /// The version number; it grows with every change and is the value of the `ETag` header.
    #[schema(minimum = 1, example = 1)]
    pub version: i64,
    /// The institution that put the person on record. Absent if the region, an integration or a coordinator did.
    pub organization_id: Option<OrganizationId>,
    /// The family name.
    pub family_name: Name,
    /// The given name.
    pub given_name: Name,
    /// The patronymic.
    pub patronymic: Option<Name>,
    /// The date of birth.
    pub birth_date: NaiveDate,
    /// The sex of the person.
    pub sex: Sex,
    /// СНИЛС: 11 digits if the caller has the right `read_snils` over this person, otherwise masked as `***-***-*45
    /// 95`.
    #[schema(min_length = 11, max_length = 14, example = "***-***-*45 95")]
    pub snils: Option<String>,
    /// The territory in which the person lives.
    pub residence: Option<Oktmo>,
    /// The phones, e-mail addresses and postal address of the person.
    pub contacts: Contacts,
    /// The death, where it is on record.
    pub death: Option<Death>,
    /// The identity documents of the person.
    #[schema(max_items = 10)]
    pub documents: Vec<IdentityDocument>,
    /// Orders that this caller may send to the person now; absent in lists.
    #[schema(max_items = 20)]
    pub available_actions: Option<Vec<AvailableAction>>,
    /// The likeness to the person of the form that was sent; only in the list of possible duplicates.
    pub likeness: Option<Likeness>,
    /// The moment at which the person was put on record.
    pub created_at: Moment,
    /// The moment of the last change.
    pub updated_at: Moment,
}

cards! { PersonCard in "people" about Person; }

#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = people)]
pub(super) struct Row {
    pub(super) id: PersonId,
    version: i64,
    organization_id: Option<OrganizationId>,
    family_name: Name,
    given_name: Name,
    patronymic: Option<Name>,
    pub(super) name_key: String,
    birth_date: NaiveDate,
    sex: Sex,
    residence: Option<Oktmo>,
    private: String,
    death: Option<String>,
    created_at: Moment,
    updated_at: Moment,
}

/// The content of the sealed column `private`.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Private {
    snils: Option<Snils>,
    contacts: Contacts,
    documents: Vec<IdentityDocument>,
}

const PRIVATE: &str = "people.private";

/// The visible people. Every query begins here. A person is visible to:
/// - an institution that put them on record;
/// - an institution whose beneficiary they are, represent, or are a family member of;
/// - an institution or a coordinator to whom they applied to become a mentor;
/// - a guardianship officer in whose territory they live, or such a beneficiary lives;
/// - a coordinator who put them on record outside of any institution;
/// - an institution to which one that holds them has granted the card, for reading.
///
/// `only` names the people who are asked about, some hundreds at most. Each of them is then asked for the ways, so that an
/// institution's lists are not read for a few people. Without `only` the ways are lists.
macro_rules! visible {
    ($scope:expr, $only:expr) => {{
        use diesel::dsl::exists;
        let mut all = people::table.into_boxed();
        let only: Option<&[domain::base::id::PersonId]> = $only;
        all = match only {
            // A list would keep the statement from staying prepared.
            Some([id]) => all.filter(people::id.eq(bind(*id))),
            Some(ids) => all.filter(people::id.eq_any(binds(ids))),
            None => all,
        };
        if !$scope.everything {
            let recipients = beneficiaries::table.filter(answered_for!($scope));
            let members = family_members::table
                .inner_join(
                    beneficiaries::table
                        .on(beneficiaries::family_id.eq(family_members::family_id.nullable())),
                )
                .filter(answered_for!($scope));
            let acting =
                representatives::table.inner_join(beneficiaries::table).filter(answered_for!($scope));
            let applied = among(mentor_applications::organization_id, &$scope.organizations)
                .or_by(among(mentor_applications::program_id, &$scope.programs));
            let is_applied_to = applied.is_open();
            let applicants = mentor_applications::table.filter(applied);
            let lists_recipients = recipients
                .clone()
                .filter(beneficiaries::person_id.is_not_null())
                .select(beneficiaries::person_id.assume_not_null());
            let is_recipient =
                exists(recipients.clone().filter(beneficiaries::person_id.eq(people::id.nullable())));
            // Asked from the person on, one after the other. Joined, SQLite may begin with all recipients of the institution: where few
            // people are in families, it takes that for the shorter way.
            let of_family = beneficiaries::family_id.eq(family_members::family_id.nullable());
            let of_recipient = beneficiaries::id.eq(representatives::beneficiary_id);
            let is_member = exists(
                family_members::table
                    .filter(family_members::person_id.eq(people::id))
                    .filter(exists(recipients.clone().filter(of_family))),
            );
            let is_acting = exists(
                representatives::table
                    .filter(representatives::person_id.eq(people::id))
                    .filter(exists(recipients.clone().filter(of_recipient))),
            );
            let has_applied =
                exists(applicants.clone().filter(mentor_applications::person_id.eq(people::id)));
            let answers = answered_for!($scope).is_open();
            let (each, every) = (answers && only.is_some(), answers && only.is_none());
            let author = coordinator(&$scope);
            let by_coordinator = people::organization_id.is_null().and(people::entered_by.eq(bind(author)));
            // A new way in which a person becomes visible is added here.
            all = all.filter(
                among(people::organization_id.assume_not_null(), &$scope.organizations)
                    .or_by(among(people::id, &$scope.granted))
                    .or_by(when(author.is_some(), by_coordinator))
                    .or_by(within(people::residence, &$scope.territories))
                    .or_by(when(every, people::id.eq_any(lists_recipients)))
                    .or_by(when(every, people::id.eq_any(members.select(family_members::person_id))))
                    .or_by(when(every, people::id.eq_any(acting.select(representatives::person_id))))
                    .or_by(when(
                        is_applied_to && only.is_none(),
                        people::id.eq_any(applicants.select(mentor_applications::person_id)),
                    ))
                    .or_by(when(each, is_recipient))
                    .or_by(when(each, is_member))
                    .or_by(when(each, is_acting))
                    .or_by(when(is_applied_to && only.is_some(), has_applied)),
            );
        }
        all
    }};
}
pub(super) use visible as visible_people;

/// The account of the scope, if it is a coordinator's.
pub(super) fn coordinator(scope: &Scope) -> Option<UserId> {
    scope.somebody.filter(|_| !scope.programs.is_empty())
}

fn missing(id: PersonId) -> Failure {
    Failure::NotFound(Some(Subject::new(SubjectKind::Person, id)))
}

/// Whether the right of this transaction reaches the person.
pub(crate) async fn reaches_person(tx: &mut Tx<'_>, id: PersonId) -> Result<bool, Failure> {
    let scope = tx.scope().clone();
    Ok(db!(tx, get_result, diesel::select(exists(visible!(scope, Some(&[id])))))?)
}

/// The names of those of the given people whom the right of this transaction reaches.
pub(crate) async fn person_names(
    tx: &mut Tx<'_>,
    ids: &[PersonId],
) -> Result<Vec<(PersonId, String)>, Failure> {
    let scope = tx.scope().clone();
    let found: Vec<(PersonId, Human)> =
        db!(tx, load, visible!(scope, Some(ids)).select((people::id, Human::as_select())))?;
    Ok(found.into_iter().map(|(id, it)| (id, it.full_name())).collect())
}

async fn row(tx: &mut Tx<'_>, id: PersonId) -> Result<Row, Failure> {
    let scope = tx.scope().clone();
    db!(tx, first, visible!(scope, Some(&[id])).select(Row::as_select()))
        .optional()?
        .ok_or_else(|| missing(id))
}

/// Those of the given people whose СНИЛС the caller may read.
async fn with_snils(tx: &mut Tx<'_>, ids: &[PersonId]) -> Result<Vec<PersonId>, Failure> {
    let scope = tx.scope_of(Right::ReadSnils);
    if scope == *tx.scope() {
        return Ok(ids.to_vec());
    }
    if scope.is_nothing() {
        return Ok(Vec::new());
    }
    Ok(db!(tx, load, visible!(scope, Some(ids)).select(people::id))?)
}

pub(super) async fn cards(tx: &mut Tx<'_>, rows: Vec<Row>) -> Result<Vec<PersonCard>, Failure> {
    let ids: Vec<PersonId> = rows.iter().map(|it| it.id).collect();
    let told = with_snils(tx, &ids).await?;
    let card = |it: Row| {
        let Private { snils, contacts, documents } = open(tx, &it)?;
        let shown = |snils: Snils| if told.contains(&it.id) { snils.into() } else { snils.masked() };
        Ok(PersonCard {
            id: it.id,
            version: it.version,
            organization_id: it.organization_id,
            family_name: it.family_name,
            given_name: it.given_name,
            patronymic: it.patronymic,
            birth_date: it.birth_date,
            sex: it.sex,
            snils: snils.map(shown),
            residence: it.residence,
            contacts,
            death: dead(tx, it.id, it.death.as_deref())?,
            documents,
            available_actions: None,
            likeness: None,
            created_at: it.created_at,
            updated_at: it.updated_at,
        })
    };
    tx.readable(rows.into_iter().map(card))
}

fn open(tx: &Tx<'_>, row: &Row) -> Result<Private, Failure> {
    tx.core.keys.open(PRIVATE, row.id.into(), &row.private)
}

/// The days on which the passports of those of these people were issued whom the right of this transaction reaches. One without a day counts
/// from the birth.
pub(crate) async fn passports_of(
    tx: &mut Tx<'_>,
    ids: &[PersonId],
) -> Result<HashMap<PersonId, Vec<NaiveDate>>, Failure> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let scope = tx.scope().clone();
    let rows: Vec<Row> = db!(tx, load, visible!(scope, Some(ids)).select(Row::as_select()))?;
    let passports = |it: &Row| {
        let documents = open(tx, it)?.documents.into_iter();
        let passports = documents.filter(|it| it.kind == IdentityDocumentKind::Passport);
        Ok((it.id, passports.map(|own| own.issued_on.unwrap_or(it.birth_date)).collect()))
    };
    tx.readable(rows.iter().map(passports))
}

/// The main telephones of people, for a rule that gives them to somebody. The caller's scope does not limit it.
pub(crate) async fn phones_of(
    tx: &mut Tx<'_>,
    ids: &[PersonId],
) -> Result<HashMap<PersonId, Phone>, Failure> {
    let some = people::table.filter(people::id.eq_any(binds(ids))).select((people::id, people::private));
    let rows: Vec<(PersonId, String)> = db!(tx, load, some)?;
    let main = |(id, sealed): (PersonId, String)| {
        let Private { contacts, .. } = tx.core.keys.open(PRIVATE, id.into(), &sealed)?;
        Ok((id, contacts.phones.into_iter().next()))
    };
    let found: Vec<(PersonId, Option<Phone>)> = tx.readable(rows.into_iter().map(main))?;
    Ok(found.into_iter().filter_map(|(id, phone)| Some((id, phone?))).collect())
}

fn dead(tx: &Tx<'_>, id: PersonId, sealed: Option<&str>) -> Result<Option<Death>, Failure> {
    tx.core.keys.open_some(DEATH, id, sealed)
}

/// The card of one person.
pub async fn person_card(tx: &mut Tx<'_>, id: PersonId) -> Result<PersonCard, Failure> {
    let row = row(tx, id).await?;
    let mut card = cards(tx, vec![row]).await?.pop().ok_or_else(|| missing(id))?;
    card.available_actions = Some(actions(tx, &card).await?);
    Ok(card)
}

async fn actions(tx: &mut Tx<'_>, it: &PersonCard) -> Result<Vec<AvailableAction>, Failure> {
    let is_answered_for =
        passes(tx, Right::EditPeople, async |tx| must_answer_for_person(tx, it.id).await).await?;
    let offers = PersonOffers { is_dead: it.death.is_some(), is_answered_for };
    offered(tx, &offers, Subject::new(SubjectKind::Person, it.id)).await
}

/// Loads a person that a rule will change.
pub async fn load_person(tx: &mut Tx<'_>, id: PersonId) -> Result<Person, Failure> {
    let it = row(tx, id).await?;
    must_answer_for_person(tx, id).await?;
    tx.expect(it.version)?;
    let (private, death) = (open(tx, &it)?, dead(tx, id, it.death.as_deref())?);
    Ok(Person { id, form: form(it, private), death })
}

fn form(it: Row, Private { snils, contacts, documents }: Private) -> PersonForm {
    PersonForm {
        family_name: it.family_name,
        given_name: it.given_name,
        patronymic: it.patronymic,
        birth_date: it.birth_date,
        sex: it.sex,
        snils,
        residence: it.residence,
        contacts,
        documents,
    }
}

/// The data by which a person is compared with others. One whose seal is damaged is compared by what is plain.
pub(super) fn comparable(tx: &Tx<'_>, it: Row) -> Result<PersonForm, Failure> {
    let private = match open(tx, &it) {
        Err(Failure::Unsealed(why)) => {
            log::error!("somebody is compared without СНИЛС and telephones: {why}");
            Private::default()
        }
        other => other?,
    };
    Ok(form(it, private))
}

/// The form with the stored СНИЛС, if the caller may not read it. Such a caller sends a form without a СНИЛС, and
/// that must not erase it.
pub async fn with_unseen(tx: &mut Tx<'_>, was: &Person, sent: PersonForm) -> Result<PersonForm, Failure> {
    if sent.snils.is_some() || !with_snils(tx, &[was.id]).await?.is_empty() {
        return Ok(sent);
    }
    Ok(PersonForm { snils: was.form.snils.clone(), ..sent })
}

/// The columns of a person's row, made of a form.
macro_rules! row {
    ($tx:expr, $id:expr, $form:expr) => {{
        let form = &$form;
        let snils_key = form.snils.as_ref().map(|it| $tx.core.keys.blind(SNILS, it.as_str()));
        let (snils, contacts, documents) =
            (form.snils.clone(), form.contacts.clone(), form.documents.clone());
        let private = $tx.core.keys.seal(PRIVATE, $id.into(), &Private { snils, contacts, documents })?;
        (
            people::family_name.eq(bind(form.family_name.clone())),
            people::given_name.eq(bind(form.given_name.clone())),
            people::patronymic.eq(bind(form.patronymic.clone())),
            people::name_key.eq(bind(fold(&form.full_name()))),
            people::birth_date.eq(form.birth_date),
            people::sex.eq(bind(form.sex)),
            people::residence.eq(bind(form.residence.clone())),
            people::snils_key.eq(bind(snils_key)),
            people::private.eq(bind(private)),
            people::updated_at.eq(bind($tx.now())),
        )
    }};
}

/// Refuses a СНИЛС that another person has. That tells the caller of somebody, so it is journaled as a read about that person. Who
/// does not see the person is told the way to ask for access.
async fn must_have_own_snils(tx: &mut Tx<'_>, it: &Person) -> Result<(), Failure> {
    let Some(snils) = &it.form.snils else { return Ok(()) };
    let key = tx.core.keys.blind(SNILS, snils.as_str());
    let same = people::table.filter(people::snils_key.eq(bind(Some(key)))).filter(people::id.ne(bind(it.id)));
    let Some(other): Option<PersonId> = db!(tx, first, same.select(people::id)).optional()? else {
        return Ok(());
    };
    let subject = Subject::new(SubjectKind::Person, other);
    tx.disclose([subject])?;
    let taken = SNILS_TAKEN.reason().at("/snils");
    let taken = match sees(tx, subject).await? {
        true => taken.with("person_id", other),
        false => taken.with("access_requests", "/api/v1/access-requests"),
    };
    Err(Refused::from(taken).into())
}

/// Saves a new person. They belong to the caller's institution, if the caller has one.
pub async fn save_person_added(tx: &mut Tx<'_>, change: Changed<Person>) -> Result<(), Failure> {
    let (it, records) = change.into_parts();
    must_have_own_snils(tx, &it).await?;
    let head = (
        people::id.eq(bind(it.id)),
        people::version.eq(1),
        people::organization_id.eq(bind(tx.scope().organizations.first().copied())),
        people::entered_by.eq(bind(tx.caller().map(|it| it.user))),
        people::created_at.eq(bind(tx.now())),
    );
    let row = row!(tx, it.id, it.form);
    let rows = db!(tx, execute, diesel::insert_into(people::table).values((head, row)))?;
    add_names(tx, &[Named::new(SubjectKind::Person, it.id, it.form.names().collect())]).await?;
    keep_keys(tx, it.id, None, &it.form).await?;
    tx.established(rows, records)
}

/// Saves an edited person. Another birth date warns if a consent holds no more by it.
pub async fn save_person_edited(tx: &mut Tx<'_>, change: Changed<Person>) -> Result<(), Failure> {
    let (it, records) = change.into_parts();
    must_have_own_snils(tx, &it).await?;
    let former: Row = db!(tx, first, people::table.find(bind(it.id)).select(Row::as_select()))?;
    let former = comparable(tx, former)?;
    let named = |names| Named::new(SubjectKind::Person, it.id, names);
    rename(tx, &named(former.names().collect()), &named(it.form.names().collect())).await?;
    keep_keys(tx, it.id, Some(&former), &it.form).await?;
    let is_of_another_age = former.birth_date != it.form.birth_date;
    let upheld = if is_of_another_age { Some(upheld_with(tx, it.id).await?) } else { None };
    let next = people::version.eq(people::version + 1);
    let row = row!(tx, it.id, it.form);
    let rows = db!(tx, execute, prepared(diesel::update(people::table.find(bind(it.id))).set((next, row))))?;
    if is_of_another_age {
        tell_cases(tx, it.id, it.form.birth_date).await?;
    }
    tx.established(rows, records)?;
    if let Some(upheld) = upheld {
        upheld.warn(tx, "/birth_date").await?;
    }
    register::candidates::look_for(tx, it.id).await
}

/// Corrects the birth date by which the person's cases find their reviews.
async fn tell_cases(tx: &mut Tx<'_>, id: PersonId, born_on: NaiveDate) -> Result<(), Failure> {
    let theirs = beneficiaries::table
        .filter(beneficiaries::person_id.assume_not_null().eq(bind(id)))
        .select(beneficiaries::id);
    let theirs = cases::table.filter(cases::beneficiary_id.eq_any(theirs));
    db!(tx, execute, prepared(diesel::update(theirs).set(cases::born_on.eq(Some(born_on)))))?;
    Ok(())
}

/// The query that finds the people of a scope, in SQLite's dialect. A test checks in it that ways the scope does not
/// have are not searched.
pub fn scope_query(scope: &Scope) -> String {
    let query = visible!(scope, None).select(people::id);
    diesel::debug_query::<diesel::sqlite::Sqlite, _>(&query).to_string()
}
