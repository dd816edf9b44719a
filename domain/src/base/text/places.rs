//! Codes of places (ОКТМО): which territory holds which place. A code has two digits of a region, and groups of three: a district, a
//! municipality, a settlement. Groups of zeros at its end stand for the whole.
use super::{Oktmo, oktmo};

impl Oktmo {
    /// The code of the municipality of the place: the first 8 digits.
    pub fn municipality(&self) -> &str {
        self.0.get(..8).unwrap_or(&self.0)
    }
    /// The code of the district of the place: the first 5 digits, and zeros.
    pub fn district(&self) -> Self {
        let first = self.0.get(..5).unwrap_or(&self.0);
        Self(format!("{first:0<8}"))
    }
    /// The beginning of the codes of all places in the territory.
    pub fn area(&self) -> &str {
        area(&self.0)
    }
    /// Whether the place is this territory, or lies within it.
    pub fn holds(&self, place: &Self) -> bool {
        place.0.starts_with(self.area())
    }
    /// Whether the place is one of these territories, or lies within one.
    pub fn is_in(&self, territories: &[Self]) -> bool {
        territories.iter().any(|it| it.holds(self))
    }
    /// The codes of the larger places in which the place lies.
    pub fn around(&self) -> Vec<Self> {
        let own = self.area();
        let larger = self.beginnings().filter(|it| it.len() < own.len());
        larger.map(|it| Self(format!("{it:0<8}"))).collect()
    }
    /// The codes of the territories that hold the place, the place itself among them.
    pub fn holding(&self) -> Vec<Self> {
        self.beginnings().flat_map(|it| [Self(format!("{it:0<8}")), Self(format!("{it:0<11}"))]).collect()
    }
    /// The first digits of the code, up to the end of each of its groups.
    pub fn beginnings(&self) -> impl Iterator<Item = &str> {
        [2, 5, 8, 11].into_iter().filter_map(|it| self.0.get(..it))
    }
    /// Whether the territory holds the place, or lies within it. Somebody who works in a village works in its district too.
    pub fn meets(&self, place: &Self) -> bool {
        self.holds(place) || place.holds(self)
    }
}

/// The beginning of the codes of all places in a territory: its code without the groups of zeros at its end. All places in `25655000` begin
/// with `25655`. A text that is no whole code is a beginning already.
pub fn area(code: &str) -> &str {
    let mut area = code;
    if oktmo(code).is_ok() {
        while let Some(whole) = area.strip_suffix("000") {
            area = whole;
        }
    }
    area
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_district_holds_its_settlements_with_codes_of_any_length() {
        let holds = |one: &str, other: &str| Oktmo::new(one).holds(&Oktmo::new(other));
        for place in ["25655000", "25655000000", "25655101", "25655101001"] {
            assert!(holds("25655000", place) && holds("25000000", place), "{place}");
        }
        assert!(holds("25655101000", "25655101") && holds("25655101", "25655101001"));
        assert!(!holds("25655101", "25655000") && !holds("25655000", "25656101"));
        let place = Oktmo::new("25655101001");
        assert!(place.is_in(&[Oktmo::new("25701000"), Oktmo::new("25655000")]) && !place.is_in(&[]));
        assert!(Oktmo::new("25655101").meets(&Oktmo::new("25655000")));
        assert_eq!(
            (area("25000000"), area("25655"), area("257000"), area("")),
            ("25", "25655", "257000", "")
        );
    }

    proptest! {
        #[test]
        fn the_area_of_a_place_begins_its_code_and_never_ends_with_a_whole_group_of_zeros(
            code in "[1-9][0-9]([0-9]{3}|000){2}([0-9]{3}|000)?",
        ) {
            let place = Oktmo::new(&code);
            prop_assert!(code.starts_with(place.area()) && !place.area().ends_with("000"));
            prop_assert_eq!(area(place.area()), place.area());
            prop_assert!(place.holds(&place) && place.meets(&place) && place.holding().contains(&place));
            for around in place.around() {
                prop_assert!(around.holds(&place) && around.meets(&place) && place.meets(&around));
                prop_assert!(place.holding().contains(&around));
            }
        }
    }
}
