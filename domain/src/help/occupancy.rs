//! Occupancy: the nights of a month in a facility, counted from the nights that beds have (004 L230).
use crate::base::id::FacilityId;
use crate::base::moment::Moment;
use crate::base::month::Month;
use crate::help::places::nights::Span;
use crate::help::stays::StayState;
use chrono::NaiveDate;
use shape::card;
use std::collections::BTreeSet;
use uuid::Uuid;

/// The holder of a night in a bed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holder {
    /// A stay, with its state as it is stored and the day of the arrival.
    Stay(Uuid, StayState, Option<NaiveDate>),
    /// An offer to somebody who waits.
    Offer,
    /// A block of the bed.
    Block,
}

/// A night that a bed has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HeldNight {
    /// The night.
    pub night: NaiveDate,
    /// The holder.
    pub holder: Holder,
    /// The moment until which it is held for an answer or an arrival. None: it stays.
    pub held_until: Option<Moment>,
}

/// The nights of a month in a facility. All of them make up the nights of its open beds.
#[card]
#[derive(Clone, PartialEq)]
pub struct Occupancy {
    /// The facility.
    pub facility_id: FacilityId,
    /// The month.
    pub month: Month,
    /// The beds that are open on a night of the month.
    #[schema(minimum = 0, maximum = 10_000, example = 12)]
    pub beds: u32,
    /// The nights of open beds.
    #[schema(minimum = 0, maximum = 310_000, example = 372)]
    pub bed_nights: u32,
    /// Nights on which beds are out of use.
    #[schema(minimum = 0, maximum = 310_000, example = 7)]
    pub blocked: u32,
    /// Nights that are free.
    #[schema(minimum = 0, maximum = 310_000, example = 120)]
    pub free: u32,
    /// Nights that offers hold.
    #[schema(minimum = 0, maximum = 310_000, example = 0)]
    pub offered: u32,
    /// Nights that are booked and have not passed yet.
    #[schema(minimum = 0, maximum = 310_000, example = 45)]
    pub reserved: u32,
    /// Nights that somebody has slept there.
    #[schema(minimum = 0, maximum = 310_000, example = 198)]
    pub slept: u32,
    /// Nights that have passed and were booked for somebody who did not come.
    #[schema(minimum = 0, maximum = 310_000, example = 2)]
    pub missed: u32,
    /// Stays with a slept night in the month.
    #[schema(minimum = 0, maximum = 310_000, example = 11)]
    pub stays: u32,
    /// Slept nights of the month for each of these stays, to a tenth.
    #[schema(minimum = 0, maximum = 31, example = 18.0)]
    pub mean_nights: Option<f64>,
    /// Requests that wait for a place there today, or have an offer.
    #[schema(minimum = 0, maximum = 100_000, example = 3)]
    pub waiting: u32,
}

/// The moment at which nights are counted.
#[derive(Debug, Clone, Copy)]
pub struct CountedAt {
    /// The moment.
    pub now: Moment,
    /// Its day.
    pub today: NaiveDate,
}

impl Occupancy {
    /// Counts the nights. `beds` are the nights on which each bed is open, cut to the month; `held` are the nights of the month.
    pub fn count(
        (facility_id, month): (FacilityId, Month),
        beds: &[Span],
        held: &[HeldNight],
        waiting: u32,
        at: CountedAt,
    ) -> Self {
        let open = beds.iter().filter(|it| it.count() > 0);
        let nights = open.clone().map(|it| u32::try_from(it.count()).unwrap_or(0));
        let mut it = Self {
            facility_id,
            month,
            beds: u32::try_from(open.count()).unwrap_or(u32::MAX),
            bed_nights: nights.sum(),
            blocked: 0,
            free: 0,
            offered: 0,
            reserved: 0,
            slept: 0,
            missed: 0,
            stays: 0,
            mean_nights: None,
            waiting,
        };
        let mut stays: BTreeSet<Uuid> = BTreeSet::new();
        for one in held.iter().filter(|it| it.held_until.is_none_or(|until| at.now < until)) {
            let has_passed = one.night < at.today;
            match one.holder {
                Holder::Block => it.blocked += 1,
                Holder::Offer => it.offered += 1,
                // A night before the arrival was booked, and nobody slept there.
                Holder::Stay(id, StayState::Arrived | StayState::Departed, arrived_on)
                    if has_passed && arrived_on.is_none_or(|it| it <= one.night) =>
                {
                    stays.insert(id);
                    it.slept += 1;
                }
                Holder::Stay(..) if has_passed => it.missed += 1,
                Holder::Stay(..) => it.reserved += 1,
            }
        }
        it.stays = u32::try_from(stays.len()).unwrap_or(u32::MAX);
        it.mean_nights =
            (it.stays > 0).then(|| (f64::from(it.slept) * 10.0 / f64::from(it.stays)).round() / 10.0);
        let used = [it.blocked, it.offered, it.reserved, it.slept, it.missed];
        it.free = it.bed_nights.saturating_sub(used.iter().sum());
        it
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(number: i64) -> NaiveDate {
        NaiveDate::from_ymd_opt(2028, 2, 1).unwrap() + chrono::TimeDelta::days(number)
    }

    #[test]
    fn a_night_before_the_arrival_was_missed() {
        let of = |night| HeldNight {
            night: day(night),
            holder: Holder::Stay(Uuid::nil(), StayState::Arrived, Some(day(1))),
            held_until: None,
        };
        let month = Month::of(day(0));
        let beds = [Span::new(month.first_day(), month.next().first_day())];
        let at = CountedAt { now: Moment::from_micros(1_000_000).unwrap(), today: day(3) };
        let held = [of(0), of(1), of(2), of(3)];
        let it = Occupancy::count((Uuid::nil().into(), month), &beds, &held, 0, at);
        assert_eq!((it.missed, it.slept, it.reserved, it.stays), (1, 2, 1, 1));
    }

    proptest! {
        /// The kinds of nights are a partition of the nights of open beds.
        #[test]
        fn every_night_of_an_open_bed_is_counted_once(
            uses in prop::collection::vec((0_usize..8, 0_i64..29, any::<bool>()), 0..29),
            today in 0_i64..29,
        ) {
            let now = Moment::from_micros(1_000_000).unwrap();
            let states = [StayState::Reserved, StayState::Arrived, StayState::Departed, StayState::Cancelled, StayState::NoShow];
            let held: Vec<HeldNight> = uses.iter().enumerate().map(|(bed, (kind, night, is_lapsed))| HeldNight {
                night: day(*night),
                holder: match kind {
                    0 => Holder::Block,
                    1 => Holder::Offer,
                    other => Holder::Stay(Uuid::from_u128(u128::try_from(bed).unwrap()), states[other % 5], None),
                },
                held_until: is_lapsed.then_some(now),
            }).collect();
            let month = Month::of(day(0));
            let beds = vec![Span::new(month.first_day(), month.next().first_day()); 30];
            let at = CountedAt { now, today: day(today) };
            let it = Occupancy::count((Uuid::nil().into(), month), &beds, &held, 0, at);
            prop_assert_eq!((it.beds, it.bed_nights), (30, 30 * 29));
            prop_assert_eq!(it.blocked + it.free + it.offered + it.reserved + it.slept + it.missed, it.bed_nights);
            let lapsed = uses.iter().filter(|it| it.2).count();
            prop_assert_eq!(usize::try_from(it.bed_nights - it.free).unwrap(), uses.len() - lapsed);
            prop_assert_eq!(it.stays, it.slept);
        }
    }
}
