//! Individual programmes of services (ИППСУ, 442-ФЗ ст. 16): a view of the needs of a case that have the number of one.
//!
//! Nothing is entered here: a line is a need with its standard, volume and mark, and its deliveries tell how much of it was done.
use crate::base::id::NeedId;
use crate::base::text::Code;
use chrono::NaiveDate;

/// A line of a programme, with what it asks for.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// The need.
    pub need: NeedId,
    /// The code of its standard.
    pub standard: Option<Code>,
    /// Its volume, in units of the standard.
    pub volume: Option<i32>,
}

/// A delivery in the case.
#[derive(Debug, Clone, PartialEq)]
pub struct LineDelivery {
    /// The needs that it names.
    pub needs: Vec<NeedId>,
    /// The code of its standard.
    pub standard: Code,
    /// The day.
    pub on: NaiveDate,
    /// Its volume, in units of the standard.
    pub volume: Option<i32>,
}

/// The deliveries for a line.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Delivered {
    /// The volume, in units of the standard.
    pub volume: i32,
    /// The day of the last delivery that names it.
    pub last_on: Option<NaiveDate>,
}

/// The deliveries for each line by its standard, in any edition. A delivery without a volume is one unit. One that names several
/// lines of its standard is counted once in their sum: it fills one line after the other. Lines without a standard count every service.
pub fn delivered<'a>(lines: &[Line], all: impl IntoIterator<Item = &'a LineDelivery>) -> Vec<Delivered> {
    let mut told = vec![Delivered::default(); lines.len()];
    for it in all {
        for standard in [Some(&it.standard), None] {
            let is_named = |line: &Line| it.needs.contains(&line.need) && line.standard.as_ref() == standard;
            let named = lines.iter().zip(&mut told).filter(|it| is_named(it.0));
            spread(named.map(|(line, told)| (line.volume, told)).collect(), it);
        }
    }
    told
}

/// Spreads a delivery over lines: each gets what it lacks, and the rest goes to the first one without a volume, or to the last one.
fn spread(mut named: Vec<(Option<i32>, &mut Delivered)>, it: &LineDelivery) {
    let mut rest = it.volume.unwrap_or(1);
    for (volume, told) in &mut named {
        let lacking = volume.map_or(0, |volume| volume.saturating_sub(told.volume).clamp(0, rest));
        told.volume = told.volume.saturating_add(lacking);
        told.last_on = told.last_on.max(Some(it.on));
        rest -= lacking;
    }
    let open = named.iter().position(|it| it.0.is_none()).unwrap_or(named.len().saturating_sub(1));
    if let Some((_, told)) = named.get_mut(open) {
        told.volume = told.volume.saturating_add(rest);
    }
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

    fn need(n: u128) -> NeedId {
        uuid::Uuid::from_u128(n).into()
    }
    fn line(n: u128, standard: Option<&str>, volume: Option<i32>) -> Line {
        Line { need: need(n), standard: standard.map(Code::new), volume }
    }
    fn given(standard: &str, needs: &[u128], volume: Option<i32>) -> LineDelivery {
        let on = "2026-03-02".parse().unwrap();
        LineDelivery {
            needs: needs.iter().map(|it| need(*it)).collect(),
            standard: Code::new(standard),
            on,
            volume,
        }
    }
    fn volumes(lines: &[Line], all: &[LineDelivery]) -> Vec<i32> {
        delivered(lines, all).iter().map(|it| it.volume).collect()
    }

    #[test]
    fn deliveries_by_the_standard_of_a_line_count_in_any_edition_and_others_do_not() {
        let lines = [line(1, Some("lawyer"), Some(8)), line(2, None, None), line(3, Some("food"), None)];
        let all =
            [given("lawyer", &[1], Some(3)), given("lawyer", &[1, 2], None), given("food", &[1, 3], Some(5))];
        assert_eq!(volumes(&lines, &all), [4, 1, 5]);
        assert!(delivered(&lines, &all[..1])[1].last_on.is_none());
        assert_eq!((done_percent(8, 4), done_percent(3, 1), done_percent(2, 9)), (50, 33, 100));
        assert_eq!((mean_percent(&[50, 100, 0]), mean_percent(&[])), (Some(50), None));
    }

    #[test]
    fn a_delivery_for_several_lines_of_one_standard_fills_one_after_the_other() {
        let lines = [line(1, Some("lawyer"), Some(3)), line(2, Some("lawyer"), Some(5))];
        let both = |volume| given("lawyer", &[1, 2], Some(volume));
        assert_eq!(volumes(&lines, &[both(4)]), [3, 1]);
        assert_eq!(volumes(&lines, &[both(4), both(10)]), [3, 11], "more than was due is told too");
        let open = [line(1, Some("lawyer"), None), line(2, Some("lawyer"), Some(5))];
        assert_eq!(volumes(&open, &[both(7)]), [2, 5]);
        assert!(delivered(&open, &[both(1)]).iter().all(|it| it.last_on.is_some()));
    }

    proptest! {
        #[test]
        fn the_lines_of_a_standard_have_together_what_was_delivered(
            due in prop::collection::vec(prop::option::of(1i32..20), 1..5),
            given in prop::collection::vec((1i32..20, prop::collection::vec(0usize..5, 1..4)), 0..8),
        ) {
            let lines: Vec<Line> = (0u128..).zip(&due).map(|(n, volume)| line(n, Some("lawyer"), *volume)).collect();
            let of = |(volume, named): &(i32, Vec<usize>)| {
                let named: Vec<u128> = named.iter().map(|it| u128::try_from(*it % due.len()).unwrap()).collect();
                self::given("lawyer", &named, Some(*volume))
            };
            let all: Vec<LineDelivery> = given.iter().map(of).collect();
            let sum: i32 = volumes(&lines, &all).iter().sum();
            prop_assert_eq!(sum, given.iter().map(|it| it.0).sum::<i32>());
        }
        #[test]
        fn a_line_is_done_whole_exactly_when_its_volume_was_delivered(volume in 1i32..10_000, done in 0i32..20_000) {
            let percent = done_percent(volume, done);
            prop_assert!((0..=100).contains(&percent));
            prop_assert_eq!(percent == 100, done >= volume);
        }
    }
}
