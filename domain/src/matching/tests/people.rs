//! Tests of the facts of a pair: places, wishes, families, vocabularies.
use super::Dice;
use super::town::{Town, beneficiary, mentor};
use crate::base::text::Oktmo;
use crate::base::word::Word;
use crate::matching::*;
use crate::mentors::lives_within;
use crate::people::Sex;
use crate::region::municipalities::Point;
use proptest::prelude::*;

fn pair() -> (BeneficiaryProfile, MentorProfile) {
    let mut dice = Dice::new(31);
    let place = Place { municipality: 7, ..Place::default() };
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
        (one.place, other.place) = (
            Place { municipality: 1, middle: theirs, settlement: 0 },
            Place { municipality: 2, middle: ours, settlement: 0 },
        );
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
    assert_eq!((age.value, age.basis), (0, Basis::Years { gap: None, best: 18 }));
    one.mentor_age = AgeWish { at_least: Some(30), at_most: None };
    assert!(stands(Barrier::AgeRequirement, &one, &other), "what the family asks for still counts");
}

proptest! {
    #[test]
    fn a_set_of_words_has_just_those_words(words in proptest::collection::vec(0..Barrier::ALL.len(), 0..12)) {
        let words: Vec<Barrier> = words.into_iter().map(|it| Barrier::ALL[it]).collect();
        let mut expected = words.clone();
        expected.sort_unstable();
        expected.dedup();
        let tags = Tags::of(&words);
        prop_assert_eq!(usize::try_from(tags.count()).unwrap(), expected.len());
        prop_assert_eq!(tags.words::<Barrier>(), expected);
    }
}

#[test]
fn a_set_of_words_numbers_them_by_their_vocabulary() {
    assert_eq!(Tags::of::<Sex>(&[]), Tags(0));
    assert_eq!(Tags::of(&[Sex::Unknown, Sex::Male]), Tags(0b101));
    assert_eq!(Tags(u64::MAX).words::<Sex>(), Sex::ALL);
}

#[test]
fn a_pool_is_read_as_it_was_kept() {
    for seed in 0..20 {
        let pool = Town::new(&mut Dice::new(seed), 12, 9).pool();
        let text = serde_json::to_string(&pool).unwrap();
        assert_eq!(serde_json::from_str::<Pool>(&text).unwrap(), pool, "{text}");
        let value = serde_json::to_value(&pool).unwrap();
        assert_eq!(serde_json::from_value::<Pool>(value).unwrap(), pool);
    }
}

#[test]
fn a_kept_pool_is_small() {
    let pool = Town::new(&mut Dice::new(1), 60, 30).pool();
    let (pool, people) = (Pool::new(pool.beneficiaries().to_vec(), pool.mentors().to_vec(), Vec::new()), 90);
    let text = serde_json::to_string(&pool).unwrap();
    assert!(text.len() < 300 * people, "{} bytes a person", text.len() / people);
}

#[test]
fn a_kept_pool_out_of_order_is_refused() {
    let pool = serde_json::to_value(Town::new(&mut Dice::new(2), 5, 5).pool()).unwrap();
    let refused = |change: &dyn Fn(&mut serde_json::Value)| {
        let mut other = pool.clone();
        change(&mut other);
        serde_json::from_value::<Pool>(other).unwrap_err().to_string()
    };
    let said = OutOfOrder.to_string();
    for list in ["beneficiaries", "mentors"] {
        assert_eq!(refused(&|it| it[list].as_array_mut().unwrap().reverse()), said);
    }
    assert_eq!(refused(&|it| it["pairs"].as_array_mut().unwrap().truncate(4)), said);
    assert_eq!(refused(&|it| it["pairs"][0] = serde_json::json!([[5, {}]])), said);
    assert_eq!(refused(&|it| it["pairs"][0] = serde_json::json!([[1, {}], [1, {}]])), said);
}

proptest! {
    /// The rule of the pool about residence says what the rule about one mentor says.
    #[test]
    fn a_home_is_in_a_place_whose_municipality_it_lies_in(
        homes in prop::collection::vec("(25|33)(000000|65[56](000|10[0-2]))(101|000)?", 2)
    ) {
        let [home, territory] = [0, 1].map(|it| Oktmo::new(&homes[it]));
        let is_in = Place::of(&home, None).is_in(Place::of(&territory, None));
        prop_assert_eq!(is_in, lives_within(&home, &territory), "{} in {}", homes[0], homes[1]);
        let district = Place::of(&home, None).is_in(Place::of(&territory, None).whole_municipality());
        prop_assert_eq!(district, territory.district().holds(&home));
    }
}

#[test]
fn a_mentor_works_in_a_whole_region_and_a_whole_district_that_hold_the_home() {
    let (mut one, mut other) = pair();
    other.place = Place::of(&Oktmo::new("25655101001"), None);
    let stands_at = |one: &mut BeneficiaryProfile, other: &MentorProfile, code: &str| {
        one.place = Place::of(&Oktmo::new(code), None);
        stands(Barrier::OutsideTerritory, one, other)
    };
    for reach in [Reach::Municipality, Reach::Metres(1)] {
        other.reach = reach;
        for code in ["25000000", "25000000000", "25655000", "25655101"] {
            assert!(!stands_at(&mut one, &other, code), "{code}");
        }
        for code in ["33000000", "25656000"] {
            assert!(stands_at(&mut one, &other, code), "{code}");
        }
    }
    (one.place, other.place) = (Place::default(), Place::of(&Oktmo::new("25655101"), None));
    assert!(stands(Barrier::OutsideTerritory, &one, &other), "a place that is not known holds nobody");
}
