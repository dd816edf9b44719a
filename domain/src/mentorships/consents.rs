//! The recipient's consent (annex 3, 002 §3.7): the required signatures and the persons who may sign.
use super::{
    CONFLICT_OF_INTEREST, COVERED_NOT_MEMBER, ConsentForm, DATE, NO_PRIMARY_CONTACT, ONLY_FOR_FAMILY,
    Pairing, RecipientFacts, Situation,
};
use crate::base::id::{ConsentId, PersonId};
use crate::base::moment::age_years;
use crate::base::refusal::Reason;
use crate::base::word::Word;
use crate::people::BeneficiaryKind;
use crate::people::consents::{
    CONSENT_GIVEN, ConsentSignature, HumanFacts, RepresentativeFacts, Signatory, Signers, against_recording,
};
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

impl Consent {
    /// The consent of a signature. Without a contact named in it, the family's own primary contact stands.
    pub(super) fn signed(id: ConsentId, form: &ConsentForm, situation: &Situation) -> Self {
        let primary_contact_id = form.primary_contact_id.or(situation.recipient.primary_contact);
        Self { id, form: ConsentForm { primary_contact_id, ..form.clone() }, withdrawn_on: None }
    }
    /// Whether its basis still holds on the day: the signatory is of the recipient's people and was old enough, or the authority covers both
    /// the day of signing and this day. The records may have changed since the signature.
    fn is_upheld(&self, signers: &Signers, on: NaiveDate) -> bool {
        let form = &self.form;
        let from_years = signers.own_from_years();
        let grown = |human: &HumanFacts| age_years(human.birth_date, form.signed_on) >= from_years;
        let is_own = |human: &HumanFacts| human.person_id == form.person_id && grown(human);
        let is_theirs = |authority: &RepresentativeFacts| {
            Some(authority.id) == form.representative_id
                && authority.person_id == form.person_id
                && authority.holds(form.signed_on)
                && authority.holds(on)
        };
        self.withdrawn_on.is_none_or(|from| on < from)
            && match form.signatory {
                Signatory::Recipient => signers.people.iter().any(is_own),
                Signatory::Representative => signers.representatives.iter().any(is_theirs),
            }
    }
}

/// The signatures still missing for a mentorship that begins on the day.
pub fn consents_missing(given: &[Consent], situation: &Situation, on: NaiveDate) -> Vec<Signatory> {
    consents_missing_by(given, &situation.signers(), &situation.edition, on)
}

/// The same by those who may sign for the recipient at the ages of the edition, without the whole [`Situation`].
pub fn consents_missing_by(
    given: &[Consent],
    signers: &Signers,
    edition: &EditionForm,
    on: NaiveDate,
) -> Vec<Signatory> {
    let upheld = given.iter().filter(|it| it.is_upheld(signers, on));
    let given: Vec<Signatory> = upheld.map(|it| it.form.signatory).collect();
    let born = signers.people.first().map(|it| it.birth_date);
    signatures_missing(&given, edition, signers.kind, born, on)
}

/// The signatures still missing, computed without the whole [`Situation`]. `born` is the birth date of a recipient who is a person.
/// The edition sets the ages.
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
    let mut needed = edition.consents.needed(born.filter(|_| recipient == BeneficiaryKind::Person), on);
    needed.retain(|it| !given.contains(it));
    needed
}

/// All reasons against a signature. `by` is the person who signs in the system. `None` means that the institution records a
/// signed paper.
pub(super) fn against(
    form: &ConsentForm,
    pairing: &Pairing,
    given: &[Consent],
    situation: &Situation,
    by: Option<PersonId>,
    today: NaiveDate,
) -> Vec<Reason> {
    let recorded = against_recording(by, form.person_id, form.file_id.is_some(), "");
    let mut broken: Vec<Reason> = recorded.into_iter().collect();
    if given.iter().any(|it| it.form.signatory == form.signatory && situation.upholds(it, today)) {
        broken.push(CONSENT_GIVEN.reason().at("/signatory"));
    }
    if !(pairing.proposed_on..=today).contains(&form.signed_on) {
        let date = DATE.reason().at("/signed_on").with("not_before", pairing.proposed_on);
        broken.push(date.with("not_after", today));
    }
    if form.person_id == situation.mentor.person_id {
        broken.push(CONFLICT_OF_INTEREST.reason().at("/person_id"));
    }
    broken.extend(situation.signers().against_signatory(&form.signature(), ""));
    broken.extend(against_the_family(form, situation));
    broken
}

/// The capacities in which somebody can sign on the day, by the rules of a signature itself.
pub(super) fn signable(
    pairing: &Pairing,
    given: &[Consent],
    situation: &Situation,
    by: Option<PersonId>,
    today: NaiveDate,
) -> Vec<Signatory> {
    let can = |it: &Signatory| {
        let mut forms = situation.signatures(*it, today).into_iter();
        forms.any(|form| against(&form, pairing, given, situation, by, today).is_empty())
    };
    Signatory::ALL.iter().copied().filter(can).collect()
}

/// Covered members and the contact person are given only for a family, and must be its members. A family needs a contact
/// person.
fn against_the_family(form: &ConsentForm, situation: &Situation) -> Vec<Reason> {
    let named =
        form.covered_person_ids.iter().enumerate().map(|(n, it)| (format!("/covered_person_ids/{n}"), *it));
    let contact = form.primary_contact_id.map(|it| ("/primary_contact_id".to_owned(), it));
    let named: Vec<(String, PersonId)> = named.chain(contact).collect();
    if situation.recipient.kind == BeneficiaryKind::Person {
        let reason = |(pointer, _)| ONLY_FOR_FAMILY.reason().at(pointer);
        return named.into_iter().map(reason).collect();
    }
    let is_member = |person| situation.recipient.people.iter().any(|it| it.person_id == person);
    let strangers = named.into_iter().filter(|(_, person)| !is_member(*person));
    let mut broken: Vec<Reason> =
        strangers.map(|(pointer, _)| COVERED_NOT_MEMBER.reason().at(pointer)).collect();
    if form.primary_contact_id.or(situation.recipient.primary_contact).is_none() {
        broken.push(NO_PRIMARY_CONTACT.reason().at("/primary_contact_id"));
    }
    broken
}

impl ConsentForm {
    /// The signature alone.
    fn signature(&self) -> ConsentSignature {
        let Self { signatory, person_id, representative_id, signed_on, file_id, .. } = *self;
        ConsentSignature { signatory, person_id, representative_id, signed_on, file_id }
    }
}

impl Situation {
    /// Those who may sign for the recipient, at the ages of the edition.
    fn signers(&self) -> Signers {
        let RecipientFacts { kind, people, representatives, .. } = &self.recipient;
        let ages = self.edition.consents;
        Signers {
            kind: *kind,
            people: people.clone(),
            representatives: representatives.clone(),
            ages,
            died_on: None,
        }
    }
    /// The signatures that could be given on the day in that capacity, on paper: one for each person of the recipient's side.
    fn signatures(&self, signatory: Signatory, today: NaiveDate) -> Vec<ConsentForm> {
        let is_family = self.recipient.kind == BeneficiaryKind::Family;
        let contact = self.recipient.people.first().map(|it| it.person_id).filter(|_| is_family);
        let form = |person_id, representative_id| ConsentForm {
            signatory,
            person_id,
            representative_id,
            signed_on: today,
            file_id: Some(uuid::Uuid::nil().into()),
            annex_id: None,
            covered_person_ids: Vec::new(),
            primary_contact_id: contact,
        };
        match signatory {
            Signatory::Recipient => self.recipient.people.iter().map(|it| form(it.person_id, None)).collect(),
            Signatory::Representative => {
                let authorities = self.recipient.representatives.iter();
                authorities.map(|it| form(it.person_id, Some(it.id))).collect()
            }
        }
    }
    /// Whether the basis of a consent still holds on the day.
    pub(super) fn upholds(&self, it: &Consent, on: NaiveDate) -> bool {
        it.is_upheld(&self.signers(), on)
    }
    /// Whether a person may sign for the recipient on the day: the recipient, an adult of the family, or a representative.
    pub(super) fn may_sign(&self, person: PersonId, on: NaiveDate) -> bool {
        let from_years = self.signers().own_from_years();
        let grown = |it: &HumanFacts| age_years(it.birth_date, on) >= from_years;
        self.recipient.people.iter().any(|it| it.person_id == person && grown(it))
            || self.recipient.representatives.iter().any(|it| it.person_id == person && it.holds(on))
    }
}
