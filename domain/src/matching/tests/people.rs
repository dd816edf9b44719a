//! What a pair's facts mean: places, wishes, families, vocabularies.
use super::Dice;
use super::town::{beneficiary, mentor};
use crate::matching::*;
use crate::people::Sex;

fn pair() -> (BeneficiaryProfile, MentorProfile) {
    let mut dice = Dice::new(31);
    let place = Place { municipality: 7, middle: None };
    let (any_age, barriers) = (AgeWish::default(), Barriers::NONE);
    let one = BeneficiaryProfile {
        place,
        barriers,
        age_years: Some(12),
        sex: Sex::Female,
        mentor_sex: None,
        mentor_age: any_age,
        ..beneficiary(&mut dice)
    };
    let other = MentorProfile {
        place,
        barriers,
        reach: Reach::Municipality,
        age_years: 40,
        sex: Sex::Male,
        beneficiary_sex: None,
        beneficiary_age: any_age,
        free_seats: 1,
        ..mentor(&mut dice)
    };
    (one, other)
}

fn between(one: &BeneficiaryProfile, other: &MentorProfile) -> Assessment {
    assess(&MatchingRules::default(), one, other, PairFacts::default())
}

fn stands(barrier: Barrier, one: &BeneficiaryProfile, other: &MentorProfile) -> bool {
    between(one, other).barriers.has(barrier)
}

fn proximity(one: &BeneficiaryProfile, other: &MentorProfile) -> u16 {
    between(one, other).terms.iter().find(|it| it.criterion == Criterion::Proximity).unwrap().value
}

#[test]
fn a_place_without_a_middle_is_near_only_to_itself_and_to_who_works_from_afar() {
    let (mut one, mut other) = pair();
    assert_eq!((stands(Barrier::OutsideTerritory, &one, &other), proximity(&one, &other)), (false, 1000));
    let middle = Some(Point { east_m: 3000, north_m: 4000 });
    for (theirs, ours) in [(None, None), (middle, None), (None, middle)] {
        (one.place, other.place) =
            (Place { municipality: 1, middle: theirs }, Place { municipality: 2, middle: ours });
        other.reach = Reach::Metres(u32::MAX);
        assert!(stands(Barrier::OutsideTerritory, &one, &other));
        other.reach = Reach::Anywhere;
        assert_eq!((stands(Barrier::OutsideTerritory, &one, &other), proximity(&one, &other)), (false, 0));
    }
    one.place.middle = Some(Point { east_m: 0, north_m: 0 });
    other.place.middle = middle;
    assert_eq!(one.place.metres_to(other.place), Some(5000));
    other.reach = Reach::Metres(5000);
    assert!(!stands(Barrier::OutsideTerritory, &one, &other));
    other.reach = Reach::Metres(4999);
    assert!(stands(Barrier::OutsideTerritory, &one, &other));
}

#[test]
fn a_wish_of_either_side_on_age_and_sex_forbids_who_is_not_what_was_asked_for() {
    let (mut one, mut other) = pair();
    one.mentor_age = AgeWish { at_least: Some(30), at_most: Some(40) };
    other.beneficiary_age = AgeWish { at_least: Some(12), at_most: None };
    (one.mentor_sex, other.beneficiary_sex) = (Some(Sex::Male), Some(Sex::Female));
    assert!(!stands(Barrier::AgeRequirement, &one, &other));
    assert!(!stands(Barrier::SexRequirement, &one, &other));
    other.age_years = 41;
    assert!(stands(Barrier::AgeRequirement, &one, &other));
    (other.age_years, one.age_years) = (40, Some(11));
    assert!(stands(Barrier::AgeRequirement, &one, &other));
    one.sex = Sex::Male;
    assert!(stands(Barrier::SexRequirement, &one, &other));
    other.beneficiary_sex = Some(Sex::Unknown);
    assert!(!stands(Barrier::SexRequirement, &one, &other));
    other.sex = Sex::Female;
    assert!(stands(Barrier::SexRequirement, &one, &other));
}

#[test]
fn a_family_has_no_age_and_meets_any_wish_on_age_and_sex() {
    let (mut one, mut other) = pair();
    (one.age_years, one.sex) = (None, Sex::Unknown);
    other.beneficiary_sex = Some(Sex::Male);
    other.beneficiary_age = AgeWish { at_least: Some(16), at_most: Some(10) };
    other.age_years = 18;
    for barrier in [Barrier::AgeGap, Barrier::AgeRequirement, Barrier::SexRequirement] {
        assert!(!stands(barrier, &one, &other), "{barrier}");
    }
    let pair = between(&one, &other);
    let age = pair.terms.iter().find(|it| it.criterion == Criterion::Age).unwrap();
    assert_eq!((age.value, age.facts), (0, Facts::Years { gap: None, best: 18 }));
    one.mentor_age = AgeWish { at_least: Some(30), at_most: None };
    assert!(stands(Barrier::AgeRequirement, &one, &other), "what the family asks for still counts");
}

#[test]
fn wishes_and_missing_profiles_are_told_to_specialists_only() {
    for barrier in [Barrier::AgeRequirement, Barrier::SexRequirement, Barrier::ProfileMissing] {
        let these = Barriers::from_iter([barrier]);
        assert_eq!(these.told_to(Viewer::Specialist), these);
        for viewer in [Viewer::Mentor, Viewer::Beneficiary] {
            assert!(these.told_to(viewer).all().eq([Barrier::NotOffered]));
        }
    }
}
