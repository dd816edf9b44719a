//! The reasons for and against one person.
use super::Traits;
use super::given_names::are_two;
use super::spelling::{is_one_edit_away, masculine};
use super::traits::Spelled;
use crate::base::word::words;
use chrono::{Datelike, NaiveDate};

words! {
    /// A reason for or against two records being of one person.
    LikenessReason in "likeness-reasons" {
        SameFamilyName = "same_family_name", "та же фамилия", "the same family name";
        CloseFamilyName = "close_family_name", "фамилии отличаются одной буквой", "family names differ by a letter";
        PartOfFamilyName = "part_of_family_name", "общая часть фамилии", "a common part of the family names";
        KindredFamilyName = "kindred_family_name", "фамилии звучат похоже", "family names sound alike";
        SwappedNames = "swapped_names", "имя и фамилия переставлены", "the family name and the given name are swapped";
        OtherFamilyName = "other_family_name", "другая фамилия", "another family name";
        SameGivenName = "same_given_name", "то же имя", "the same given name";
        CloseGivenName = "close_given_name", "похожее имя", "a like given name";
        AlikeGivenName = "alike_given_name", "другое имя, похожее", "another given name that is alike";
        OtherGivenName = "other_given_name", "другое имя", "another given name";
        SamePatronymic = "same_patronymic", "то же отчество", "the same patronymic";
        ClosePatronymic = "close_patronymic", "похожее отчество", "a like patronymic";
        OtherPatronymic = "other_patronymic", "другое отчество", "another patronymic";
        SameBirthDate = "same_birth_date", "та же дата рождения", "the same birth date";
        SwappedBirthDate = "swapped_birth_date", "день и месяц рождения переставлены", "day and month of birth are swapped";
        CloseBirthDate = "close_birth_date", "похожая дата рождения", "a like birth date";
        FirstOfJanuary = "first_of_january", "тот же год рождения, в одной из записей 1 января", "the same year of birth, in one record the first of January";
        SameBirthYear = "same_birth_year", "тот же год рождения", "the same year of birth";
        OtherBirthDate = "other_birth_date", "другая дата рождения", "another birth date";
        SameSnils = "same_snils", "тот же СНИЛС", "the same СНИЛС";
        OtherSnils = "other_snils", "другой СНИЛС", "another СНИЛС";
        SamePhone = "same_phone", "тот же телефон", "the same telephone";
        OtherPhone = "other_phone", "другой телефон", "another telephone";
        SameSex = "same_sex", "тот же пол", "the same sex";
        OtherSex = "other_sex", "другой пол", "another sex";
        SameResidence = "same_residence", "та же территория проживания", "the same place of residence";
        OtherResidence = "other_residence", "другая территория проживания", "another place of residence";
    }
}
use LikenessReason::*;

/// The reasons between two people. A trait that one of them lacks is no reason.
pub(super) fn between(one: &Traits, other: &Traits) -> Vec<LikenessReason> {
    let mut reasons = Vec::with_capacity(8);
    let crosses =
        |a: &Traits, b: &Traits| a.family.whole == b.given.whole || a.family.skeleton == b.given.skeleton;
    if one.family.whole != one.given.whole && crosses(one, other) && crosses(other, one) {
        reasons.push(SwappedNames);
    } else {
        reasons.push(of_family(&one.family, &other.family));
        reasons.push(
            match of_given(&one.given, &other.given, [SameGivenName, CloseGivenName, OtherGivenName]) {
                // Twins are often called so. The error of a letter seldom makes another name of a name.
                CloseGivenName if are_two(&one.given.whole, &other.given.whole) => AlikeGivenName,
                found => found,
            },
        );
    }
    if let (Some(a), Some(b)) = (&one.patronymic, &other.patronymic) {
        reasons.push(of_given(a, b, [SamePatronymic, ClosePatronymic, OtherPatronymic]));
    }
    reasons.push(of_births(one.born, other.born));
    reasons.extend(told(one.snils.as_ref(), other.snils.as_ref(), [SameSnils, OtherSnils]));
    if !one.phones.is_empty() && !other.phones.is_empty() {
        let is_shared = one.phones.iter().any(|it| other.phones.contains(it));
        reasons.push(if is_shared { SamePhone } else { OtherPhone });
    }
    reasons.extend(told(one.sex.as_ref(), other.sex.as_ref(), [SameSex, OtherSex]));
    reasons.extend(told(one.residence.as_ref(), other.residence.as_ref(), [SameResidence, OtherResidence]));
    reasons
}

fn told<T: PartialEq>(
    one: Option<&T>,
    other: Option<&T>,
    [same, differs]: [LikenessReason; 2],
) -> Option<LikenessReason> {
    Some(if one? == other? { same } else { differs })
}

/// Letters of a word that one letter may spoil. Of a shorter word it makes another.
const SPOILT: usize = 4;

fn is_close(one: &Spelled, other: &Spelled) -> bool {
    let long = |it: &Spelled| it.whole.chars().count() >= SPOILT;
    long(one) && long(other) && is_one_edit_away(&one.whole, &other.whole)
}

fn share_a_part(one: &Spelled, other: &Spelled) -> bool {
    let in_other = |it: &String| masculine(it) == masculine(&other.whole) || other.parts.contains(it);
    let in_one = |it: &String| masculine(it) == masculine(&one.whole);
    one.parts.iter().any(in_other) || other.parts.iter().any(in_one)
}

fn of_family(one: &Spelled, other: &Spelled) -> LikenessReason {
    if one.whole == other.whole {
        SameFamilyName
    } else if masculine(&one.whole) == masculine(&other.whole) {
        // Brother and sister, husband and wife: not the error of a letter.
        KindredFamilyName
    } else if is_close(one, other) {
        CloseFamilyName
    } else if share_a_part(one, other) {
        PartOfFamilyName
    } else if one.skeleton == other.skeleton {
        KindredFamilyName
    } else {
        OtherFamilyName
    }
}

fn of_given(one: &Spelled, other: &Spelled, [same, close, differs]: [LikenessReason; 3]) -> LikenessReason {
    if one.whole == other.whole {
        same
    } else if is_close(one, other) || one.skeleton == other.skeleton || share_a_part(one, other) {
        close
    } else {
        differs
    }
}

/// Digits of a date that may be wrong, and its parts that must be right.
const WRONG: usize = 1;
const RIGHT: usize = 2;

fn of_births(one: NaiveDate, other: NaiveDate) -> LikenessReason {
    let parts = |it: NaiveDate| (it.year(), it.month(), it.day());
    let ((year, month, day), (years, months, days)) = (parts(one), parts(other));
    let right = [year == years, month == months, day == days].into_iter().filter(|it| *it).count();
    let (digits, others) = (one.to_string(), other.to_string());
    let wrong = digits.bytes().zip(others.bytes()).filter(|(a, b)| a != b).count();
    let is_first = (month, day) == (1, 1) || (months, days) == (1, 1);
    if one == other {
        SameBirthDate
    } else if year == years && (month, day) == (days, months) {
        SwappedBirthDate
    } else if year == years && is_first {
        FirstOfJanuary
    } else if wrong <= WRONG || right >= RIGHT {
        CloseBirthDate
    } else if year == years {
        SameBirthYear
    } else {
        OtherBirthDate
    }
}
