//! The recipient's consent (annex 3, 002 §3.7): who must sign, and who may.
use super::{
    CONFLICT_OF_INTEREST, CONSENT_GIVEN, CONSENT_ON_PAPER, ConsentForm, DATE, NO_AUTHORITY, Pairing,
    Signatory, TOO_YOUNG, WRONG_SIGNATORY, World,
};
use crate::access::NOT_YOURS;
use crate::id::{ConsentId, PersonId};
use crate::moment::age_years;
use crate::people::BeneficiaryKind;
use crate::programs::EditionForm;
use crate::refusal::Reason;
use chrono::NaiveDate;

/// A consent on record.
#[derive(Debug, Clone, PartialEq)]
pub struct Consent {
    /// Its id.
    pub id: ConsentId,
    /// What was signed.
    pub form: ConsentForm,
}

/// The signatures that a mentorship beginning on that day still needs.
pub fn consents_missing(given: &[Consent], world: &World, on: NaiveDate) -> Vec<Signatory> {
    let given: Vec<Signatory> = given.iter().map(|it| it.form.signatory).collect();
    let born = world.recipient.people.first().map(|it| it.birth_date);
    signatures_missing(&given, &world.edition, world.recipient.kind, born, on)
}

/// The same, told from no more than it depends on. `born` is the birth date of the recipient who is a person.
///
/// For a family one of its adults signs. For a person: the representative until the age of the program (18), the
/// person from the age of the program (14); between them both.
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

/// Every reason against a signature. `by` is the person who records their own signature; without it somebody of
/// the institution records a paper.
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
        Some(person) if person != form.person_id => broken.push(NOT_YOURS.reason()),
        None if form.file_id.is_none() => broken.push(CONSENT_ON_PAPER.reason().at("/file_id")),
        _ => {}
    }
    if given.iter().any(|it| it.form.signatory == form.signatory) {
        broken.push(CONSENT_GIVEN.reason());
    }
    if !(pairing.proposed_on..=today).contains(&form.signed_on) {
        let date = DATE.reason().at("/signed_on").with("not_before", pairing.proposed_on);
        broken.push(date.with("not_after", today));
    }
    if form.person_id == world.mentor.person_id {
        broken.push(CONFLICT_OF_INTEREST.reason().at("/person_id"));
    }
    broken.extend(match (form.signatory, world.recipient.kind) {
        (Signatory::Recipient, kind) => against_the_recipient(form, world, kind),
        (Signatory::Representative, BeneficiaryKind::Person) => against_the_representative(form, world),
        (Signatory::Representative, BeneficiaryKind::Family) => {
            Some(WRONG_SIGNATORY.reason().at("/signatory"))
        }
    });
    broken
}

fn against_the_recipient(form: &ConsentForm, world: &World, kind: BeneficiaryKind) -> Option<Reason> {
    let rules = &world.edition.consents;
    let from_years = match kind {
        BeneficiaryKind::Person => rules.recipient_from_years,
        BeneficiaryKind::Family => rules.representative_until_years,
    };
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
