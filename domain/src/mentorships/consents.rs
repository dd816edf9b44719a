//! The recipient's consent (annex 3, 002 §3.7): the required signatures and the persons who may sign.
use super::{
    CONFLICT_OF_INTEREST, CONSENT_GIVEN, CONSENT_ON_PAPER, COVERED_NOT_MEMBER, ConsentForm, DATE, HumanFacts,
    NO_AUTHORITY, NO_PRIMARY_CONTACT, ONLY_FOR_FAMILY, Pairing, Signatory, TOO_YOUNG, WRONG_SIGNATORY, World,
};
use crate::base::access::NOT_YOURS;
use crate::base::id::{ConsentId, PersonId};
use crate::base::moment::age_years;
use crate::base::refusal::Reason;
use crate::people::BeneficiaryKind;
use crate::region::programs::EditionForm;
use chrono::NaiveDate;

/// A signed consent.
#[derive(Debug, Clone, PartialEq)]
pub struct Consent {
    /// The id of the consent.
    pub id: ConsentId,
    /// The data of the signed consent.
    pub form: ConsentForm,
    /// The day from which the consent is withdrawn. `None` while it is valid.
    pub withdrawn_on: Option<NaiveDate>,
}

/// The signatures still missing for a mentorship that begins on the day.
pub fn consents_missing(given: &[Consent], world: &World, on: NaiveDate) -> Vec<Signatory> {
    let given: Vec<Signatory> = given.iter().map(|it| it.form.signatory).collect();
    let born = world.recipient.people.first().map(|it| it.birth_date);
    signatures_missing(&given, &world.edition, world.recipient.kind, born, on)
}

/// The signatures still missing, computed without the whole [`World`]. `born` is the birth date of a recipient who is a person.
///
/// For a family, one adult member signs. For a person, the representative signs below the age of 18, and the person signs from
/// the age of 14. The edition sets both ages; between them both sign.
pub fn signatures_missing(
    given: &[Signatory],
    edition: &EditionForm,
    recipient: BeneficiaryKind,
    born: Option<NaiveDate>,
    on: NaiveDate,
) -> Vec<Signatory> {
    if !edition.consent_needed {
        return Vec::new();
    }
    let needed = match (recipient, born) {
        (BeneficiaryKind::Person, Some(born)) => of_person(edition, age_years(born, on)),
        _ => vec![Signatory::Recipient],
    };
    needed.into_iter().filter(|it| !given.contains(it)).collect()
}

fn of_person(edition: &EditionForm, age: i32) -> Vec<Signatory> {
    let represented = age < edition.consents.representative_until_years;
    let signs = age >= edition.consents.recipient_from_years;
    let both = [(represented, Signatory::Representative), (signs, Signatory::Recipient)];
    both.into_iter().filter_map(|(needed, it)| needed.then_some(it)).collect()
}

/// All reasons against a signature. `by` is the person who signs in the system. `None` means that the institution records a
/// signed paper.
pub(super) fn against(
    form: &ConsentForm,
    pairing: &Pairing,
    given: &[Consent],
    world: &World,
    by: Option<PersonId>,
    today: NaiveDate,
) -> Vec<Reason> {
    let mut broken = Vec::new();
    match by {
        Some(person) if person != form.person_id => broken.push(NOT_YOURS.reason().at("/person_id")),
        None if form.file_id.is_none() => broken.push(CONSENT_ON_PAPER.reason().at("/file_id")),
        _ => {}
    }
    if given.iter().any(|it| it.form.signatory == form.signatory) {
        broken.push(CONSENT_GIVEN.reason().at("/signatory"));
    }
    if !(pairing.proposed_on..=today).contains(&form.signed_on) {
        let date = DATE.reason().at("/signed_on").with("not_before", pairing.proposed_on);
        broken.push(date.with("not_after", today));
    }
    if form.person_id == world.mentor.person_id {
        broken.push(CONFLICT_OF_INTEREST.reason().at("/person_id"));
    }
    broken.extend(match (form.signatory, world.recipient.kind) {
        (Signatory::Recipient, _) => against_the_recipient(form, world),
        (Signatory::Representative, BeneficiaryKind::Person) => against_the_representative(form, world),
        (Signatory::Representative, BeneficiaryKind::Family) => {
            Some(WRONG_SIGNATORY.reason().at("/signatory"))
        }
    });
    broken.extend(against_the_family(form, world));
    broken
}

/// Covered members and the contact person are given only for a family, and must be its members. A family needs a contact
/// person.
fn against_the_family(form: &ConsentForm, world: &World) -> Vec<Reason> {
    let named =
        form.covered_person_ids.iter().enumerate().map(|(n, it)| (format!("/covered_person_ids/{n}"), *it));
    let contact = form.primary_contact_id.map(|it| ("/primary_contact_id".to_owned(), it));
    let named: Vec<(String, PersonId)> = named.chain(contact).collect();
    if world.recipient.kind == BeneficiaryKind::Person {
        let reason = |(pointer, _)| ONLY_FOR_FAMILY.reason().at(pointer);
        return named.into_iter().map(reason).collect();
    }
    let is_member = |person| world.recipient.people.iter().any(|it| it.person_id == person);
    let strangers = named.into_iter().filter(|(_, person)| !is_member(*person));
    let mut broken: Vec<Reason> =
        strangers.map(|(pointer, _)| COVERED_NOT_MEMBER.reason().at(pointer)).collect();
    if form.primary_contact_id.or(world.recipient.primary_contact).is_none() {
        broken.push(NO_PRIMARY_CONTACT.reason().at("/primary_contact_id"));
    }
    broken
}

/// The age in full years from which a person signs, or from which a member signs for the family.
fn signs_from_years(world: &World) -> i32 {
    match world.recipient.kind {
        BeneficiaryKind::Person => world.edition.consents.recipient_from_years,
        BeneficiaryKind::Family => world.edition.consents.representative_until_years,
    }
}

impl World {
    /// Whether a person may sign for the recipient on the day: the recipient, an adult of the family, or a representative.
    pub(super) fn may_sign(&self, person: PersonId, on: NaiveDate) -> bool {
        let from_years = signs_from_years(self);
        let grown = |it: &HumanFacts| age_years(it.birth_date, on) >= from_years;
        self.recipient.people.iter().any(|it| it.person_id == person && grown(it))
            || self.recipient.representatives.iter().any(|it| it.person_id == person && it.holds(on))
    }
}

fn against_the_recipient(form: &ConsentForm, world: &World) -> Option<Reason> {
    let from_years = signs_from_years(world);
    match world.recipient.people.iter().find(|it| it.person_id == form.person_id) {
        None => Some(WRONG_SIGNATORY.reason().at("/person_id")),
        Some(it) if age_years(it.birth_date, form.signed_on) < from_years => {
            Some(TOO_YOUNG.reason().at("/person_id").with("from_years", from_years))
        }
        Some(_) => None,
    }
}

fn against_the_representative(form: &ConsentForm, world: &World) -> Option<Reason> {
    let until = world.edition.consents.representative_until_years;
    let grown = |birth_date| age_years(birth_date, form.signed_on) >= until;
    if world.recipient.people.iter().any(|it| grown(it.birth_date)) {
        return Some(WRONG_SIGNATORY.reason().at("/signatory").with("until_years", until));
    }
    let authorities = &world.recipient.representatives;
    let authority = authorities.iter().find(|it| Some(it.id) == form.representative_id);
    match authority {
        Some(it) if it.person_id != form.person_id => Some(WRONG_SIGNATORY.reason().at("/person_id")),
        Some(it) if it.holds(form.signed_on) => None,
        _ => Some(NO_AUTHORITY.reason().at("/representative_id")),
    }
}
