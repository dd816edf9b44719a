//! The people and places that somebody in a mentorship can call: those that the program allows the mentor, and the recipient's
//! own.
use crate::engine::column::{Json, bind, binds};
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::schema::{beneficiaries, cases, organizations, users};
use crate::mentorships::row::{Row, is_consented};
use crate::people::{self, one_person};
use crate::region::users::work_phone;
use crate::tx::Tx;
use diesel::prelude::*;
use domain::accompaniment::cases::CaseState;
use domain::base::change::SubjectKind;
use domain::base::id::*;
use domain::base::text::{Phone, Title};
use domain::mentorships::Eyes;
use domain::region::organizations::Contacts as Kept;
use domain::region::programs::{ContactKind, EditionForm};
use shape::card;
use std::collections::HashMap;

/// Somebody whom a side of a mentorship can call.
#[card]
#[derive(Clone)]
pub struct ContactCard {
    /// The kind of contact.
    pub kind: ContactKind,
    /// The name of the person or the institution.
    #[schema(max_length = 1000, example = "Петрова Елена Викторовна")]
    pub name: String,
    /// The telephone, if one is on record.
    pub phone: Option<Phone>,
}

type Called<K> = HashMap<K, (String, Option<Phone>)>;

/// The contacts of the mentorships of a page that have not ended.
#[derive(Default)]
pub(in crate::mentorships) struct Contacts {
    staff: Called<UserId>,
    specialists: HashMap<(BeneficiaryId, OrganizationId), UserId>,
    institutions: Called<OrganizationId>,
    people: HashMap<BeneficiaryId, PersonId>,
    phones: HashMap<PersonId, Phone>,
}

/// The contacts that staff and the recipient are given.
const OF_STAFF: [ContactKind; 3] = [ContactKind::Specialist, ContactKind::Tutor, ContactKind::Institution];

impl Contacts {
    /// The contacts of these rows. `primary` are the primary contacts of families, by their consents.
    pub(in crate::mentorships) async fn of(
        tx: &mut Tx<'_>,
        rows: &[Row],
        primary: &[PersonId],
    ) -> Result<Self, Failure> {
        let open: Vec<&Row> = rows.iter().filter(|it| it.ended_on.is_none()).collect();
        if open.is_empty() {
            return Ok(Self::default());
        }
        let specialists = specialists_of(tx, &open).await?;
        let tutors = open.iter().filter_map(|it| it.tutor_user_id);
        let ids: Vec<UserId> = tutors.chain(specialists.values().copied()).collect();
        let (staff, institutions) = (staff_of(tx, &ids).await?, institutions_of(tx, &open).await?);
        let mut it = Self { staff, specialists, institutions, ..Self::default() };
        // Only a mentor is given telephones of recipients, so nobody else's reading opens them.
        let own = tx.caller().and_then(|it| it.mentor);
        let own: Vec<BeneficiaryId> =
            open.iter().filter(|row| own == Some(row.mentor_id)).map(|row| row.beneficiary_id).collect();
        if !own.is_empty() {
            it.people = people_of(tx, &own).await?;
            let called: Vec<PersonId> = it.people.values().chain(primary).copied().collect();
            it.phones = people::phones_of(tx, &called).await?;
        }
        Ok(it)
    }

    /// The contacts that these eyes are given for a mentorship. `recipient` is the name of whom the mentor calls, with the
    /// primary contact of a family.
    pub(in crate::mentorships) fn shown(
        &self,
        row: &Row,
        eyes: Eyes,
        edition: &EditionForm,
        (name, primary): (&str, Option<PersonId>),
    ) -> Vec<ContactCard> {
        if row.ended_on.is_some() {
            return Vec::new();
        }
        let kinds = match eyes {
            Eyes::Mentor => edition.mentor_contacts.as_slice(),
            Eyes::Staff | Eyes::Recipient => &OF_STAFF,
        };
        let called = |kind: &ContactKind| {
            let found = match kind {
                ContactKind::Specialist => {
                    let user = self.specialists.get(&(row.beneficiary_id, row.organization_id))?;
                    self.staff.get(user).cloned()
                }
                ContactKind::Tutor => self.staff.get(&row.tutor_user_id?).cloned(),
                ContactKind::Institution => self.institutions.get(&row.organization_id).cloned(),
                ContactKind::Recipient if !is_consented(row.state) => None,
                ContactKind::Recipient => {
                    let person = primary.or_else(|| self.people.get(&row.beneficiary_id).copied());
                    Some((name.to_owned(), person.and_then(|it| self.phones.get(&it).cloned())))
                }
            };
            found.map(|(name, phone)| ContactCard { kind: *kind, name, phone })
        };
        kinds.iter().filter_map(called).collect()
    }
}

/// The specialists in charge of the recipients' open cases at the institutions that confirm, under any record of a recipient.
async fn specialists_of(
    tx: &mut Tx<'_>,
    rows: &[&Row],
) -> Result<HashMap<(BeneficiaryId, OrganizationId), UserId>, Failure> {
    let ids: Vec<BeneficiaryId> = rows.iter().map(|it| it.beneficiary_id).collect();
    let records = one_person::by_record(tx, &ids).await?;
    let open = cases::table
        .filter(cases::beneficiary_id.eq_any(binds(&records.keys().copied().collect::<Vec<_>>())))
        .filter(cases::state.eq(bind(CaseState::Open)))
        .filter(cases::specialist_user_id.is_not_null())
        .select((cases::beneficiary_id, cases::organization_id, cases::specialist_user_id.assume_not_null()));
    let found: Vec<(BeneficiaryId, OrganizationId, UserId)> = db!(tx, load, open)?;
    let mut all = HashMap::new();
    for (record, organization, user) in found {
        let recipients = records.get(&record).into_iter().flatten();
        all.extend(recipients.map(|it| ((*it, organization), user)));
    }
    Ok(all)
}

/// The names and work telephones of open accounts.
async fn staff_of(tx: &mut Tx<'_>, ids: &[UserId]) -> Result<Called<UserId>, Failure> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let some = users::table.filter(users::id.eq_any(binds(ids))).filter(users::active.eq(true));
    let found: Vec<(UserId, Title, Option<String>)> =
        db!(tx, load, some.select((users::id, users::name, users::work_phone)))?;
    let called = |(id, name, sealed): (UserId, Title, Option<String>)| {
        Ok((id, (name.to_string(), tx.legible(work_phone(tx, id, sealed.as_deref()))?)))
    };
    found.into_iter().map(called).collect()
}

/// The names and main telephones of the institutions. The names beside their ids need no other statement.
async fn institutions_of(tx: &mut Tx<'_>, rows: &[&Row]) -> Result<Called<OrganizationId>, Failure> {
    let ids: Vec<OrganizationId> = rows.iter().map(|it| it.organization_id).collect();
    let some = organizations::table.filter(organizations::id.eq_any(binds(&ids)));
    let found: Vec<(OrganizationId, Title, Json<Kept>)> =
        db!(tx, load, some.select((organizations::id, organizations::name, organizations::contacts)))?;
    tx.note_listed(SubjectKind::Organization, found.iter().map(|it| (it.0, it.1.to_string())));
    let called =
        |(id, name, kept): (_, Title, Json<Kept>)| (id, (name.to_string(), kept.0.phones.into_iter().next()));
    Ok(found.into_iter().map(called).collect())
}

/// The recipients who are one person.
async fn people_of(
    tx: &mut Tx<'_>,
    ids: &[BeneficiaryId],
) -> Result<HashMap<BeneficiaryId, PersonId>, Failure> {
    let some = beneficiaries::table
        .filter(beneficiaries::id.eq_any(binds(ids)))
        .filter(beneficiaries::person_id.is_not_null())
        .select((beneficiaries::id, beneficiaries::person_id.assume_not_null()));
    let found: Vec<(BeneficiaryId, PersonId)> = db!(tx, load, some)?;
    Ok(found.into_iter().collect())
}
