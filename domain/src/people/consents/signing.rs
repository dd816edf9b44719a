//! Signing: who signs for a beneficiary on a day, and for how long the signatures hold (annex 3, 002 §3.7).
use super::orders::ConsentSignature;
use super::words::Signatory;
use super::{CONSENT_ON_PAPER, NO_AUTHORITY, TOO_YOUNG, WRONG_SIGNATORY};
use crate::base::access::NOT_YOURS;
use crate::base::id::{PersonId, RepresentativeId};
use crate::base::moment::{age_years, birthday};
use crate::base::refusal::Reason;
use crate::people::{BeneficiaryKind, IN_FUTURE};
use crate::region::programs::ConsentRules;
use chrono::NaiveDate;

/// A person with the data that the rules of age need.
#[derive(Debug, Clone, PartialEq)]
pub struct HumanFacts {
    /// The person.
    pub person_id: PersonId,
    /// Birth date.
    pub birth_date: NaiveDate,
}

/// The authority of a representative to act for the beneficiary.
#[derive(Debug, Clone, PartialEq)]
pub struct RepresentativeFacts {
    /// The id of the authority.
    pub id: RepresentativeId,
    /// The person who acts for the beneficiary.
    pub person_id: PersonId,
    /// The first day of the authority.
    pub valid_from: NaiveDate,
    /// The last day of the authority. `None`: it has no set end.
    pub valid_until: Option<NaiveDate>,
}

impl RepresentativeFacts {
    /// Whether the authority is valid on the day.
    pub fn holds(&self, on: NaiveDate) -> bool {
        self.valid_from <= on && self.valid_until.is_none_or(|last| on <= last)
    }
}

/// The reason against the recording of what a person gives or withdraws: in the system, only in the own name; for somebody else, only
/// with the paper. `by` is the person who acts in the system. `at` is the pointer to the order.
pub(crate) fn against_recording(
    by: Option<PersonId>,
    person: PersonId,
    has_paper: bool,
    at: &str,
) -> Option<Reason> {
    match by {
        Some(by) if by != person => Some(NOT_YOURS.reason().at(format!("{at}/person_id"))),
        None if !has_paper => Some(CONSENT_ON_PAPER.reason().at(format!("{at}/file_id"))),
        _ => None,
    }
}

impl ConsentRules {
    /// The signatures needed on a day. `born` is the birth date of a person. For a family, one adult member signs. For a person, the
    /// representative signs below one age, and the person from another; between them both sign.
    pub(crate) fn needed(self, born: Option<NaiveDate>, on: NaiveDate) -> Vec<Signatory> {
        let Some(born) = born else { return vec![Signatory::Recipient] };
        let age = age_years(born, on);
        let both = [
            (age < self.representative_until_years, Signatory::Representative),
            (age >= self.recipient_from_years, Signatory::Recipient),
        ];
        both.into_iter().filter_map(|(needed, it)| needed.then_some(it)).collect()
    }
}

/// Those who may sign for a beneficiary, with the ages from which they do.
#[derive(Debug, Clone, PartialEq)]
pub struct Signers {
    /// A person or a family.
    pub kind: BeneficiaryKind,
    /// The person alone under each record, the own one first, or the present members of the family.
    pub people: Vec<HumanFacts>,
    /// All authorities to act for the beneficiary, also expired ones.
    pub representatives: Vec<RepresentativeFacts>,
    /// The ages from which one signs.
    pub ages: ConsentRules,
    /// The day on which the beneficiary died: the person, or the last member of the family.
    pub died_on: Option<NaiveDate>,
}

impl Signers {
    /// The age in full years from which one of these people signs.
    pub(crate) fn own_from_years(&self) -> i32 {
        match self.kind {
            BeneficiaryKind::Person => self.ages.recipient_from_years,
            BeneficiaryKind::Family => self.ages.representative_until_years,
        }
    }
    /// The date of birth of a beneficiary who is a person.
    pub fn born(&self) -> Option<NaiveDate> {
        let person = Some(self.kind).filter(|it| *it == BeneficiaryKind::Person);
        person.and_then(|_| self.people.first()).map(|it| it.birth_date)
    }
    /// The signatures needed on a day.
    fn needed(&self, on: NaiveDate) -> Vec<Signatory> {
        self.ages.needed(self.born(), on)
    }
    /// The signatures needed on a day that are not there.
    pub fn missing(&self, given: &[ConsentSignature], on: NaiveDate) -> Vec<Signatory> {
        let is_given = |it: &Signatory| self.upheld(given).any(|given| given.signatory == *it);
        self.needed(on).into_iter().filter(|it| !is_given(it)).collect()
    }
    /// The signatures whose basis stands: an authority or a birth date may have been corrected since. Somebody who signed for a
    /// family may have left it.
    fn upheld<'s>(&self, given: &'s [ConsentSignature]) -> impl Iterator<Item = &'s ConsentSignature> {
        let is_family = self.kind == BeneficiaryKind::Family;
        given.iter().filter(move |it| is_family || self.against_signatory(it, "").is_none())
    }
    /// The first day on which the signatures of that day and before suffice for the age of that day: a day of signing, or the day on
    /// which the person comes of age, for whom one signature of two is enough from then on.
    pub fn holds_from(&self, given: &[ConsentSignature]) -> Option<NaiveDate> {
        let suffices = |on: &NaiveDate| {
            let is_given = |it: &Signatory| {
                self.upheld(given).any(|given| given.signatory == *it && given.signed_on <= *on)
            };
            self.needed(*on).iter().all(is_given)
        };
        let of_age = self.born().map(|it| birthday(it, self.ages.representative_until_years));
        given.iter().map(|it| it.signed_on).chain(of_age).filter(suffices).min()
    }
    /// The last day on which the signatures hold. Where the representative signed alone, they hold until the eve of the day on
    /// which the person comes of age. Turning 14, or a change of the representative, ends nothing.
    pub fn holds_until(&self, given: &[ConsentSignature]) -> Option<NaiveDate> {
        let is_own = self.upheld(given).any(|it| it.signatory == Signatory::Recipient);
        let comes_of_age =
            self.born().filter(|_| !is_own).map(|it| birthday(it, self.ages.representative_until_years));
        [comes_of_age.and_then(|it| it.pred_opt()), self.died_on].into_iter().flatten().min()
    }
    /// Whether a person may sign on the day: the person, an adult of the family, or a representative of a minor.
    pub fn may_sign(&self, person: PersonId, on: NaiveDate) -> bool {
        let grown = |it: &HumanFacts| age_years(it.birth_date, on) >= self.own_from_years();
        self.people.iter().any(|it| it.person_id == person && grown(it))
            || (self.is_represented(on)
                && self.representatives.iter().any(|it| it.person_id == person && it.holds(on)))
    }
    /// Whether somebody else signs for the beneficiary on the day: for a person below the age of an adult.
    fn is_represented(&self, on: NaiveDate) -> bool {
        self.born().is_some_and(|it| age_years(it, on) < self.ages.representative_until_years)
    }
    /// All reasons against a signature. `by` is the person who signs in the system. `None`: an institution records a signed paper.
    /// `at` is the pointer to the signature.
    pub fn against(
        &self,
        it: &ConsentSignature,
        by: Option<PersonId>,
        today: NaiveDate,
        at: &str,
    ) -> Vec<Reason> {
        let recorded = against_recording(by, it.person_id, it.file_id.is_some(), at);
        let mut broken: Vec<Reason> = recorded.into_iter().collect();
        if it.signed_on > today {
            broken.push(IN_FUTURE.reason().at(format!("{at}/signed_on")));
        }
        broken.extend(self.against_signatory(it, at));
        broken
    }
    /// The reason against the signatory in this capacity on the day of signing.
    pub fn against_signatory(&self, it: &ConsentSignature, at: &str) -> Option<Reason> {
        match it.signatory {
            Signatory::Recipient => self.against_recipient(it, at),
            Signatory::Representative => self.against_representative(it, at),
        }
    }
    fn against_recipient(&self, it: &ConsentSignature, at: &str) -> Option<Reason> {
        let from_years = self.own_from_years();
        match self.people.iter().find(|human| human.person_id == it.person_id) {
            None => Some(WRONG_SIGNATORY.reason().at(format!("{at}/person_id"))),
            Some(human) if age_years(human.birth_date, it.signed_on) < from_years => {
                Some(TOO_YOUNG.reason().at(format!("{at}/person_id")).with("from_years", from_years))
            }
            Some(_) => None,
        }
    }
    fn against_representative(&self, it: &ConsentSignature, at: &str) -> Option<Reason> {
        if self.kind == BeneficiaryKind::Family {
            return Some(WRONG_SIGNATORY.reason().at(format!("{at}/signatory")));
        }
        if !self.is_represented(it.signed_on) {
            let reason = WRONG_SIGNATORY.reason().at(format!("{at}/signatory"));
            return Some(reason.with("until_years", self.ages.representative_until_years));
        }
        match self.representatives.iter().find(|authority| Some(authority.id) == it.representative_id) {
            Some(authority) if authority.person_id != it.person_id => {
                Some(WRONG_SIGNATORY.reason().at(format!("{at}/person_id")))
            }
            Some(authority) if authority.holds(it.signed_on) => None,
            _ => Some(NO_AUTHORITY.reason().at(format!("{at}/representative_id"))),
        }
    }
}
