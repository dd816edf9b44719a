//! Likeness of people: how probable it is that two records tell of one person.
//!
//! - [`Traits`]: what is compared of a person. [`match_keys`]: the keys under which records that may be of one person meet.
//! - [`compare`]: the measure, in tenths of bits, with the reasons that it adds up.
//! - [`scan`]: all pairs of a region that are alike.
//!
//! A pair is held against two others: a pair of strangers, and a pair of relatives, who share names, an address and a telephone.
//! Each reason has a weight against both, and the smaller sum counts. Thus twins are not one person for their common birth date.
mod given_names;
mod keys;
mod reasons;
mod scan;
mod spelling;
mod traits;
mod weights;

pub use keys::{MatchKey, match_keys};
pub use reasons::LikenessReason;
pub use scan::{BLOCK, LikePair, scan};
pub use traits::{Known, Traits};

use shape::card;

// The same made people as in the example that measures.
#[cfg(test)]
#[path = "../../../examples/duplicates/made.rs"]
mod made;
#[cfg(test)]
use crate::people::Sex;

/// From here a pair is shown: somebody should look at it. In tenths of bits.
pub const POSSIBLE: i32 = 120;
/// From here a pair is probably one person. In tenths of bits.
pub const LIKELY: i32 = 160;

/// The likeness of two records.
#[card]
#[derive(Clone, PartialEq, Eq)]
#[schema(example = json!({"tenths_of_bits": 243, "reasons": ["same_family_name", "same_given_name", "close_birth_date"]}))]
pub struct Likeness {
    /// The measure in tenths of bits: ten more mean that one person is twice as probable. From 120 a pair is possibly one person, from
    /// 160 probably.
    #[schema(minimum = -1000, maximum = 1000, example = 243)]
    pub tenths_of_bits: i32,
    /// The reasons that were added up, for and against.
    #[schema(max_items = 10)]
    pub reasons: Vec<LikenessReason>,
}

impl Likeness {
    /// Whether the pair is shown.
    pub fn is_possible(&self) -> bool {
        self.tenths_of_bits >= POSSIBLE
    }
    /// Whether the pair is probably one person.
    pub fn is_likely(&self) -> bool {
        self.tenths_of_bits >= LIKELY
    }
}

/// Compares two records.
pub fn compare(one: &Traits, other: &Traits) -> Likeness {
    let reasons = reasons::between(one, other);
    let sum = |of: fn(LikenessReason) -> i32| reasons.iter().copied().map(of).sum::<i32>();
    let tenths_of_bits =
        sum(weights::against_strangers).min(sum(weights::against_relatives) + weights::RELATIVES);
    Likeness { tenths_of_bits, reasons }
}

#[cfg(test)]
mod tests {
    use super::*;
    use made::made;
    use proptest::prelude::*;

    fn girl() -> Known<'static> {
        Known {
            family_name: "Ёлкина-Мороз",
            given_name: "Наталья",
            patronymic: Some("Сергеевна"),
            birth_date: "2008-04-17".parse().unwrap(),
            sex: Sex::Female,
            residence: Some("25655000"),
            snils: None,
            phones: &[],
        }
    }
    fn born(day: &str) -> Known<'static> {
        Known { birth_date: day.parse().unwrap(), ..girl() }
    }
    fn tenths(one: &Known<'_>, other: &Known<'_>) -> i32 {
        compare(&Traits::of(one), &Traits::of(other)).tenths_of_bits
    }
    fn is_likely(other: &Known<'_>) -> bool {
        tenths(&girl(), other) >= LIKELY
    }

    #[test]
    fn one_person_is_known_in_spite_of_an_error() {
        let named =
            |family_name, given_name, patronymic| Known { family_name, given_name, patronymic, ..girl() };
        for other in [
            girl(),
            named("елкина мороз", "НАТАЛЬЯ", None),
            named("Елкина-Мороз", "Наталия", Some("Сергеевна")),
            named("Ёлкина-Морос", "Наталья", Some("Сергеевна")),
            named("Мороз", "Наталья", Some("Сергеевна")),
            named("Иванова", "Наталья", Some("Сергеевна")),
            named("Elkina-Moroz", "Natalia", Some("Sergeevna")),
            named("Наталья", "Ёлкина-Мороз", Some("Сергеевна")),
            named("Ёлкина-Мороз", "Наталья", Some("Сергевна")),
            born("2008-04-18"),
            born("2007-04-17"),
            born("2008-01-01"),
            Known { residence: Some("25601000"), sex: Sex::Unknown, ..girl() },
        ] {
            assert!(is_likely(&other), "{other:?}");
        }
        let (april, november) = (born("2008-04-11"), born("2008-11-04"));
        assert!(tenths(&april, &november) >= LIKELY, "day and month are swapped");
    }

    #[test]
    fn relatives_and_namesakes_are_other_people() {
        let phones = ["+79123456789".to_owned()];
        let home = Known { phones: &phones, ..girl() };
        let twin = Known { given_name: "Ольга", ..home };
        let brother = Known {
            family_name: "Ёлкин-Мороз",
            given_name: "Пётр",
            patronymic: Some("Сергеевич"),
            sex: Sex::Male,
            ..home
        };
        let sister = Known { given_name: "Инна", birth_date: "2010-09-01".parse().unwrap(), ..home };
        let aunt = Known { birth_date: "1971-02-23".parse().unwrap(), ..home };
        let stranger = Known { birth_date: "1971-02-23".parse().unwrap(), residence: None, ..girl() };
        assert!(tenths(&home, &home) >= LIKELY);
        for other in [twin, brother, sister, aunt, stranger] {
            assert!(tenths(&home, &other) < POSSIBLE, "{other:?} {}", tenths(&home, &other));
        }
    }

    #[test]
    fn twins_with_alike_names_are_possibly_one_person_and_never_probably() {
        let phones = ["+79123456789".to_owned()];
        for (one, other) in [("Алина", "Арина"), ("Алёна", "Алина"), ("Марина", "Карина"), ("Инна", "Анна")]
        {
            for home in [girl(), Known { phones: &phones, ..girl() }, Known { residence: None, ..girl() }] {
                let (one, other) = (Known { given_name: one, ..home }, Known { given_name: other, ..home });
                let tenths = tenths(&one, &other);
                assert!((POSSIBLE..LIKELY).contains(&tenths), "{one:?} {other:?} {tenths}");
                let sure = Known { snils: Some("a"), ..one };
                assert!(
                    compare(&Traits::of(&sure), &Traits::of(&Known { snils: Some("a"), ..other }))
                        .is_likely()
                );
            }
        }
        let misspelt = Known { given_name: "Наталяя", ..girl() };
        assert!(is_likely(&misspelt), "what is no name is an error in one");
    }

    #[test]
    fn what_agrees_and_what_differs_is_told() {
        use LikenessReason::*;
        let phones = ["+79123456789".to_owned()];
        let one = Known { snils: Some("a"), phones: &phones, ..girl() };
        let other =
            Known {
                snils: Some("b"), given_name: "Наталия", patronymic: None, residence: None, ..one
            };
        let told = compare(&Traits::of(&one), &Traits::of(&other)).reasons;
        assert_eq!(told, [SameFamilyName, CloseGivenName, SameBirthDate, OtherSnils, SamePhone, SameSex]);
        let married = Known { family_name: "Петрова", ..girl() };
        let swapped = Known { family_name: "Наталья", given_name: "Петрова", ..girl() };
        let told = compare(&Traits::of(&married), &Traits::of(&swapped)).reasons;
        assert_eq!(told.first(), Some(&SwappedNames));
    }

    #[test]
    fn the_bars_hold_for_people_by_whom_no_weight_was_found() {
        for seed in [1, 2, 3] {
            let people = made(seed, 5000);
            let traits: Vec<Traits> = people.iter().map(|it| Traits::of(&it.known())).collect();
            let pairs = scan(&traits);
            assert_eq!(pairs, scan(&traits), "the same answer twice");
            let likely: Vec<&LikePair> = pairs.iter().filter(|it| it.likeness.is_likely()).collect();
            let is_true = |it: &&&LikePair| people[it.one].person == people[it.other].person;
            let right = likely.iter().filter(is_true).count();
            let same =
                |at: usize| people[at + 1..].iter().filter(|it| it.person == people[at].person).count();
            let all: usize = (0..people.len()).map(same).sum();
            assert!(right * 100 >= all * 95, "seed {seed}: {right} of {all} are found");
            assert!(right * 100 >= likely.len() * 90, "seed {seed}: {right} of {} are right", likely.len());
        }
    }

    #[test]
    fn a_key_of_too_many_people_is_passed_over() {
        let people = vec![Traits::of(&girl()); BLOCK + 1];
        assert_eq!(scan(&people), []);
        assert_eq!(scan(&people[1..]).len(), BLOCK * (BLOCK - 1) / 2);
    }

    proptest! {
        #[test]
        fn likeness_has_no_direction_and_nobody_is_more_like_than_oneself(seed in 0_u64..1000, a in 0_usize..40, b in 0_usize..40) {
            let people = made(seed, 40);
            let (one, other) = (Traits::of(&people[a].known()), Traits::of(&people[b].known()));
            prop_assert_eq!(compare(&one, &other), compare(&other, &one));
            prop_assert!(compare(&one, &one).is_likely());
            let both: Vec<MatchKey> = match_keys(&one);
            prop_assert!(both.is_sorted() && both.len() <= 14 && both == match_keys(&one.clone()));
        }
    }
}
