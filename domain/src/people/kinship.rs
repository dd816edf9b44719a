//! Kinship: the people whom the records tell to be close to somebody. Nobody mentors a relative.
//!
//! A record links two people directly: one family has both as members, or one acts for the other by a bond of family. Kin are
//! linked directly, or both are linked to the same person: a grandfather, who stands with the mother in another family.
use super::RepresentativeBasis;
use crate::base::id::PersonId;
use std::collections::{HashMap, HashSet};

impl RepresentativeBasis {
    /// Whether the authority rests on a bond of family. It stays one after the authority has ended.
    pub fn is_of_family(self) -> bool {
        match self {
            Self::Parent | Self::AdoptiveParent | Self::Guardian | Self::Trustee | Self::FosterParent => true,
            Self::InstitutionHead | Self::GuardianshipAuthority | Self::Court | Self::Other => false,
        }
    }
}

/// The direct links between people, as the records tell them.
#[derive(Debug, Clone, Default)]
pub struct Kinship(HashMap<PersonId, HashSet<PersonId>>);

impl Kinship {
    /// Adds a link between two people.
    pub fn link(&mut self, one: PersonId, other: PersonId) {
        if one != other {
            self.0.entry(one).or_default().insert(other);
            self.0.entry(other).or_default().insert(one);
        }
    }
    /// Adds links between all members of a family.
    pub fn unite(&mut self, members: &[PersonId]) {
        for (index, one) in members.iter().enumerate() {
            members.iter().skip(index + 1).for_each(|other| self.link(*one, *other));
        }
    }
    /// The people themselves, and all to whom a record links one of them directly.
    pub fn beside(&self, people: impl IntoIterator<Item = PersonId>) -> HashSet<PersonId> {
        let mut all = HashSet::new();
        for it in people {
            all.extend(self.0.get(&it).into_iter().flatten().copied());
            all.insert(it);
        }
        all
    }
    /// The people themselves and all their kin.
    pub fn of(&self, people: impl IntoIterator<Item = PersonId>) -> HashSet<PersonId> {
        self.beside(self.beside(people))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn person(number: u8) -> PersonId {
        uuid::Uuid::from_u128(number.into()).into()
    }
    fn kinship(families: &[Vec<u8>]) -> Kinship {
        let mut kinship = Kinship::default();
        for family in families {
            kinship.unite(&family.iter().map(|it| person(*it)).collect::<Vec<_>>());
        }
        kinship
    }

    #[test]
    fn a_grandfather_in_the_mothers_other_family_is_kin_and_his_neighbour_is_not() {
        let (child, mother, grandfather, neighbour) = (1, 2, 3, 4);
        let kin = kinship(&[vec![child, mother], vec![mother, grandfather], vec![grandfather, neighbour]]);
        let of_child = kin.of([person(child)]);
        assert!(of_child.contains(&person(mother)) && of_child.contains(&person(grandfather)));
        assert!(!of_child.contains(&person(neighbour)));
    }

    #[test]
    fn a_head_of_an_institution_is_no_relative() {
        assert!(RepresentativeBasis::Parent.is_of_family());
        assert!(!RepresentativeBasis::InstitutionHead.is_of_family());
    }

    proptest! {
        #[test]
        fn kinship_goes_both_ways(
            families in proptest::collection::vec(proptest::collection::vec(0u8..12, 0..4), 0..6),
            one in 0u8..12, other in 0u8..12,
        ) {
            let kin = kinship(&families);
            let related = |one, other| kin.of([person(one)]).contains(&person(other));
            prop_assert_eq!(related(one, other), related(other, one));
            prop_assert!(related(one, one));
        }
    }
}
