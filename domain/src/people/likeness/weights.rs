//! The weights of reasons, in tenths of bits, frozen.
//!
//! A weight is ten times the binary logarithm of how much more often a reason is seen between two records of one person than between
//! others. They were counted on made people, by seeds that no test has, and then bounded: what is rarer than a count can tell counts
//! less, agreement counts no less than likeness, and a wholly different name counts more, for real clerks err less than made ones.
use super::LikenessReason;
use super::LikenessReason::*;

/// Relatives are rare beside strangers: this far the bar against them is lower.
pub(super) const RELATIVES: i32 = 155;

/// The weight of a reason for one person, against two strangers.
pub(super) fn against_strangers(it: LikenessReason) -> i32 {
    weights(it).0
}

/// The weight of a reason for one person, against two relatives.
pub(super) fn against_relatives(it: LikenessReason) -> i32 {
    weights(it).1
}

fn weights(it: LikenessReason) -> (i32, i32) {
    match it {
        SameFamilyName => (84, 4),
        CloseFamilyName => (80, 4),
        PartOfFamilyName => (44, 2),
        KindredFamilyName => (-2, -73),
        SwappedNames => (141, 44),
        OtherFamilyName => (-60, -20),
        SameGivenName => (58, 41),
        CloseGivenName => (45, 39),
        AlikeGivenName => (-30, -80),
        OtherGivenName => (-62, -100),
        SamePatronymic => (56, 9),
        ClosePatronymic => (21, -25),
        OtherPatronymic => (-83, -45),
        SameBirthDate => (148, 35),
        SwappedBirthDate => (109, 34),
        CloseBirthDate => (41, 31),
        FirstOfJanuary => (76, 33),
        SameBirthYear => (-24, -17),
        OtherBirthDate => (-110, -100),
        SameSnils => (160, 150),
        OtherSnils => (-60, -60),
        SamePhone => (150, -4),
        OtherPhone => (-14, -6),
        SameSex => (10, 8),
        OtherSex => (-61, -59),
        SameResidence => (46, -1),
        OtherResidence => (-28, -3),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agreement_counts_no_less_than_likeness_and_likeness_no_less_than_difference() {
        let ladders: [&[LikenessReason]; 9] = [
            &[SameFamilyName, CloseFamilyName, PartOfFamilyName, OtherFamilyName],
            &[SameFamilyName, KindredFamilyName],
            &[SameGivenName, CloseGivenName, AlikeGivenName, OtherGivenName],
            &[SamePatronymic, ClosePatronymic, OtherPatronymic],
            &[SameBirthDate, SwappedBirthDate, FirstOfJanuary, CloseBirthDate, SameBirthYear, OtherBirthDate],
            &[SameSnils, OtherSnils],
            &[SamePhone, OtherPhone],
            &[SameSex, OtherSex],
            &[SameResidence, OtherResidence],
        ];
        for of in [against_strangers, against_relatives] {
            for ladder in ladders {
                assert!(ladder.iter().map(|it| of(*it)).rev().is_sorted(), "{ladder:?}");
            }
            assert!(of(SameFamilyName) + of(SameGivenName) >= of(SwappedNames));
        }
    }
}
