//! Help as the person reads it, the representative of a child, an adult of a family, and the guardianship: what was found to be needed, and
//! what was done.
//!
//! None of them reads notes of staff. A representative may be one of those from whom a child is kept safe, and so may an adult of a family
//! that is helped. So words stay hidden from them, all that came of a crisis, places of refuge, and which organizations help.
use crate::accompaniment::snapshots::LifeDomain;
use crate::base::moment::age_years;
use crate::base::word::Word;
use crate::help::needs::{NeedForm, NeedSource};
use crate::help::places::FacilityKind;
use crate::help::stays::StayPurpose;
use crate::help::stock::UrgentAidKind;
use crate::people::consents::CasePart;
use crate::people::{COMING_OF_AGE_YEARS, Life, SIGNS_FROM_YEARS};
use chrono::NaiveDate;

/// The one who reads the help of a beneficiary.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HelpReader {
    /// The person.
    Person,
    /// The representative of a child, or an adult of the family that is helped.
    Representative,
    /// The guardianship of the territory in which the person lives.
    Guardianship,
}

/// The caller beside a beneficiary.
#[derive(Debug, Clone, Copy, Default)]
pub struct Beside {
    /// Whether the beneficiary is the caller.
    pub is_own: bool,
    /// Whether the caller is a representative whose authority holds today, or for a family one of its members.
    pub represents: bool,
    /// Whether the caller has come of age and lives.
    pub is_grown: bool,
    /// Whether the caller guards the territory in which the beneficiary lives.
    pub guards: bool,
}

impl HelpReader {
    /// The caller as a reader: the person from 14 years on, a representative until the person comes of age or dies. A family has no life
    /// of its own: each of its adults reads.
    pub fn of(it: Beside, life: Option<Life>, today: NaiveDate) -> Option<Self> {
        let age = life.map(|it| age_years(it.born_on, today));
        let lives = life.is_some_and(|it| it.died_on.is_none_or(|died_on| today < died_on));
        let is_child = lives && age.is_some_and(|it| it < COMING_OF_AGE_YEARS);
        match it {
            _ if it.is_own => age.is_none_or(|it| it >= SIGNS_FROM_YEARS).then_some(Self::Person),
            _ if it.guards => Some(Self::Guardianship),
            _ if life.is_none() => (it.represents && it.is_grown).then_some(Self::Representative),
            _ => (it.represents && is_child).then_some(Self::Representative),
        }
    }
    /// The parts of cases that are read.
    pub fn parts(self) -> Vec<CasePart> {
        let is_read = |it: &CasePart| match self {
            Self::Guardianship => true,
            Self::Person => !matches!(it, CasePart::Crises | CasePart::Records),
            Self::Representative => *it == CasePart::Help,
        };
        CasePart::ALL.iter().copied().filter(is_read).collect()
    }
    /// Whether the words of needs are read. They may be about a representative.
    pub fn reads_words(self) -> bool {
        self != Self::Representative
    }
    /// Whether the need is read, and what came of it. One of a crisis or of safety may be about a representative.
    pub fn reads_need(self, it: &NeedForm) -> bool {
        let is_of_danger = it.source == NeedSource::Crisis || it.domain == LifeDomain::Safety;
        self != Self::Representative || !is_of_danger
    }
    /// Whether the organizations that help are read. The address of one may be a refuge.
    pub fn reads_organizations(self) -> bool {
        self != Self::Representative
    }
    /// Whether the stay is read. A representative does not learn where somebody took refuge.
    pub fn reads_stay(self, kind: FacilityKind, purpose: StayPurpose) -> bool {
        let is_refuge = kind == FacilityKind::CrisisPlace || purpose == StayPurpose::Crisis;
        self != Self::Representative || !is_refuge
    }
    /// Whether the urgent aid is read. Housing may be a refuge.
    pub fn reads_aid(self, kind: UrgentAidKind) -> bool {
        self != Self::Representative || kind != UrgentAidKind::TemporaryHousing
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn the_person_reads_from_fourteen_on_and_a_representative_until_eighteen() {
        let life = |died_on| Some(Life { born_on: day("2012-02-29"), died_on });
        let own = Beside { is_own: true, ..Beside::default() };
        let acting = Beside { represents: true, ..Beside::default() };
        let reads = |it: Beside, on: &str| HelpReader::of(it, life(None), day(on));
        assert_eq!((reads(own, "2026-02-28"), reads(own, "2026-03-01")), (None, Some(HelpReader::Person)));
        let acts = Some(HelpReader::Representative);
        assert_eq!((reads(acting, "2030-02-28"), reads(acting, "2030-03-01")), (acts, None));
        let of_dead = |on: &str| HelpReader::of(acting, life(Some(day("2026-05-05"))), day(on));
        assert_eq!(
            (of_dead("2026-05-04"), of_dead("2026-05-05")),
            (acts, None),
            "the authority ends with the life"
        );
        let of_family = |it| HelpReader::of(it, None, day("2026-03-01"));
        assert_eq!(of_family(acting), None, "a child of the family does not read of it");
        assert_eq!(of_family(Beside { is_grown: true, ..acting }), acts);
        assert_eq!(of_family(Beside { guards: true, ..acting }), Some(HelpReader::Guardianship));
        assert_eq!(reads(Beside::default(), "2026-03-01"), None);
    }

    #[test]
    fn a_representative_reads_neither_words_nor_crises_nor_places_of_refuge() {
        let all = [HelpReader::Person, HelpReader::Guardianship];
        let it = HelpReader::Representative;
        let need = |source| NeedForm { source, ..crate::examples::of() };
        let refuge = (FacilityKind::CrisisPlace, StayPurpose::Hardship);
        assert!(!it.reads_words() && !it.reads_need(&need(NeedSource::Crisis)));
        assert!(it.reads_need(&need(NeedSource::Person)) && !it.reads_organizations());
        let of_safety = NeedForm { domain: LifeDomain::Safety, ..need(NeedSource::Person) };
        assert!(!it.reads_need(&of_safety) && HelpReader::Person.reads_need(&of_safety));
        assert!(!it.reads_stay(refuge.0, refuge.1));
        assert!(!it.reads_stay(FacilityKind::SocialHotel, StayPurpose::Crisis));
        assert!(it.reads_stay(FacilityKind::SocialHotel, StayPurpose::Study));
        assert!(!it.reads_aid(UrgentAidKind::TemporaryHousing) && it.reads_aid(UrgentAidKind::FoodKit));
        assert_eq!(it.parts(), [CasePart::Help]);
        assert!(all.iter().all(|it| it.reads_words() && it.reads_need(&need(NeedSource::Crisis))));
        assert!(all.iter().all(|it| it.reads_stay(refuge.0, refuge.1)));
        assert!(!HelpReader::Person.parts().contains(&CasePart::Crises));
    }
}
