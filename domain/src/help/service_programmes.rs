//! Individual programmes of services (ИППСУ, 442-ФЗ ст. 16): a view of the needs of a case that have the number of one.
//!
//! Nothing is entered here: a line is a need with its standard, volume and mark, and its deliveries tell how much of it was done.
use crate::base::text::Code;

/// A delivery that names the need of a line.
#[derive(Debug, Clone, PartialEq)]
pub struct LineDelivery {
    /// The code of its standard.
    pub standard: Code,
    /// Its volume, in units of the standard.
    pub volume: Option<i32>,
}

/// The volume that was delivered for a line by its standard, in any edition. A delivery without a volume is one unit.
pub fn delivered<'a>(standard: Option<&Code>, all: impl IntoIterator<Item = &'a LineDelivery>) -> i32 {
    let those = all.into_iter().filter(|it| standard.is_none_or(|code| *code == it.standard));
    those.fold(0, |sum, it| sum.saturating_add(it.volume.unwrap_or(1)))
}

/// The part of the volume of a line that was delivered, in whole per cent. More than the volume is all of it.
pub fn done_percent(volume: i32, delivered: i32) -> i32 {
    let part = i64::from(delivered.max(0)).saturating_mul(100) / i64::from(volume.max(1));
    i32::try_from(part.min(100)).unwrap_or(100)
}

/// The part of a programme that was done: the mean of its lines with a volume, for their units differ. `None` where no line has one.
pub fn mean_percent(lines: &[i32]) -> Option<i32> {
    let sum: i64 = lines.iter().map(|it| i64::from(*it)).sum();
    let number = i64::try_from(lines.len()).ok().filter(|it| *it > 0)?;
    i32::try_from(sum / number).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn deliveries_by_the_standard_of_a_line_count_in_any_edition_and_others_do_not() {
        let of = |code: &str, volume| LineDelivery { standard: Code::new(code), volume };
        let all = [of("lawyer", Some(3)), of("lawyer", None), of("food", Some(5))];
        assert_eq!((delivered(Some(&Code::new("lawyer")), &all), delivered(None, &all)), (4, 9));
        assert_eq!((done_percent(8, 4), done_percent(3, 1), done_percent(2, 9)), (50, 33, 100));
        assert_eq!((mean_percent(&[50, 100, 0]), mean_percent(&[])), (Some(50), None));
    }

    proptest! {
        #[test]
        fn a_line_is_done_whole_exactly_when_its_volume_was_delivered(volume in 1i32..10_000, done in 0i32..20_000) {
            let percent = done_percent(volume, done);
            prop_assert!((0..=100).contains(&percent));
            prop_assert_eq!(percent == 100, done >= volume);
        }
    }
}
