//! Nights: who may have which bed on which night. Stays, offers and blocks ask the same rules.
//!
//! A night belongs to the day on which it begins. A span ends on a day whose night is free: one leaves and another arrives.
use super::FacilityForm;
use super::rooms::{AgeRule, BedForm, RoomForm, RoomGroup, SexRule};
use crate::base::id::{BedId, FacilityId, OrganizationId, RoomId};
use crate::base::moment::age_years;
use crate::base::refusal::{Reason, Refused, Rule, rules};
use crate::base::text::BOTH;
use crate::people::Sex;
use chrono::{Days, NaiveDate};
use std::ops::Range;

rules! {
    BED_TAKEN = "stay.bed_taken", State, "004 L230", "На эти ночи место уже занято, забронировано или выведено из оборота.", "On these nights the bed is taken, booked or out of use.";
    ELSEWHERE = "stay.elsewhere", State, ours, "На эти ночи у человека уже есть место.", "On these nights the person has a bed already.";
    ROOM_SEX = "stay.room_sex", State, ours, "На эти ночи комната для людей другого пола.", "On these nights the room is for people of the other sex.";
    ROOM_AGE = "stay.room_age", State, ours, "На эти ночи комната для людей другого возраста: взрослых и несовершеннолетних не селят вместе.", "On these nights the room is for people of another age: adults and minors do not share it.";
    SEX_UNKNOWN = "stay.sex_unknown", Content, ours, "Пол человека не указан, а в эту комнату селят по полу.", "The sex of the person is not on record, and the room asks for it.";
    NOT_OPEN = "stay.bed_not_open", State, ours, "На эти ночи место или всё место проживания не работает.", "On these nights the bed or its facility is not open.";
    IN_PAST = "stay.in_past", Content, ours, "Ночь уже прошла: место дают с сегодняшней ночи.", "The night has passed: beds are given out from tonight on.";
}

/// Nights of one order at most: a leap year.
pub const MOST_NIGHTS: i64 = 366;

/// Nights in a row: from the first until the day after the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// The first night.
    pub from_on: NaiveDate,
    /// The day after the last night.
    pub until_on: NaiveDate,
}

impl Span {
    /// The nights between these days.
    pub fn new(from_on: NaiveDate, until_on: NaiveDate) -> Self {
        Self { from_on, until_on }
    }
    /// The number of nights.
    pub fn count(self) -> i64 {
        self.until_on.signed_duration_since(self.from_on).num_days()
    }
    /// Whether it has a night, and no more than one order takes.
    pub fn is_possible(self) -> bool {
        (1..=MOST_NIGHTS).contains(&self.count())
    }
    /// Refuses a span without a night or with too many, before its nights are read one by one.
    pub fn must_be_possible(self) -> Result<(), Refused> {
        if self.is_possible() { Ok(()) } else { Err(BOTH.reason().at("/until_on").into()) }
    }
    /// The first nights of the span, so many at most.
    #[must_use]
    pub fn cut(self, most: i32) -> Self {
        let most = Days::new(u64::try_from(most).unwrap_or_default());
        let end = self.from_on.checked_add_days(most).unwrap_or(self.until_on);
        Self { until_on: self.until_on.min(end), ..self }
    }
    /// Whether it has all nights of the other one.
    pub fn covers(self, other: Self) -> bool {
        self.from_on <= other.from_on && other.until_on <= self.until_on
    }
    /// The last night.
    pub fn last(self) -> NaiveDate {
        self.until_on.pred_opt().unwrap_or(self.from_on).max(self.from_on)
    }
    /// The nights.
    pub fn nights(self) -> Vec<NaiveDate> {
        self.from_on.iter_days().take_while(|it| *it < self.until_on).collect()
    }
    /// The same span without the nights before a day.
    #[must_use]
    pub fn since(self, day: NaiveDate) -> Self {
        Self { from_on: self.from_on.max(day).min(self.until_on), ..self }
    }
}

/// A bed with the rules of its room and its facility.
#[derive(Debug, Clone, PartialEq)]
pub struct Place {
    /// The bed.
    pub bed_id: BedId,
    /// Its room.
    pub room_id: RoomId,
    /// Its facility.
    pub facility_id: FacilityId,
    /// The organization whose facility it is.
    pub organization_id: OrganizationId,
    /// The people whom the room takes.
    pub rules: (SexRule, AgeRule),
    /// The first night on which the bed and the facility are open.
    pub opened_on: NaiveDate,
    /// The first night on which one of them is open no more.
    pub closed_on: Option<NaiveDate>,
    /// Nights of a stay at most.
    pub most_nights: i32,
    /// The ages for which the facility is.
    pub ages: Range<i32>,
}

impl Place {
    /// The place of a bed.
    pub fn of(
        (bed_id, bed): (BedId, &BedForm),
        (room_id, room): (RoomId, &RoomForm),
        (facility_id, facility): (FacilityId, &FacilityForm),
    ) -> Self {
        Self {
            bed_id,
            room_id,
            facility_id,
            organization_id: facility.organization_id,
            rules: (room.sex_rule, room.age_rule),
            opened_on: bed.opened_on.max(facility.opened_on),
            closed_on: bed.closed_on.into_iter().chain(facility.closed_on).min(),
            most_nights: facility.most_nights(),
            ages: facility.ages(),
        }
    }
    /// Whether the bed is given out on a night.
    pub fn is_open(&self, night: NaiveDate) -> bool {
        self.opened_on <= night && self.closed_on.is_none_or(|it| night < it)
    }
}

/// A person who needs a bed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sleeper {
    /// The day of birth.
    pub born_on: NaiveDate,
    /// The sex.
    pub sex: Sex,
}

impl Sleeper {
    /// The group of the person in a room, from that night on.
    pub fn group(self, rules: (SexRule, AgeRule), first_night: NaiveDate) -> RoomGroup {
        RoomGroup::of(rules, self.sex, age_years(self.born_on, first_night))
    }
}

/// The nights on which others have the bed, the person has another one, or the room has people already.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Busy {
    /// Nights on which the bed is taken.
    pub taken: Vec<NaiveDate>,
    /// Nights on which the person has a bed.
    pub elsewhere: Vec<NaiveDate>,
    /// The people in the room, by night.
    pub room: Vec<(NaiveDate, RoomGroup)>,
}

/// Nights that a reason names at most; their number tells of the others.
const TOLD_NIGHTS: usize = 24;

fn against_nights(rule: &'static Rule, nights: &[NaiveDate], pointer: &str) -> Option<Reason> {
    let told: Vec<String> = nights.iter().take(TOLD_NIGHTS).map(ToString::to_string).collect();
    let reason = || rule.reason().at(pointer).with("nights", told.join(", ")).with("count", nights.len());
    (!nights.is_empty()).then(reason)
}

/// The reason against nights on which a bed is taken.
pub fn against_taken(taken: &[NaiveDate]) -> Option<Reason> {
    against_nights(&BED_TAKEN, taken, "/bed_id")
}

/// The reason against a night that has passed.
pub fn against_past(night: NaiveDate, earliest: NaiveDate) -> Option<Reason> {
    (night < earliest).then(|| IN_PAST.reason().at("/from_on").with("earliest", earliest))
}

/// The reasons against nights of a person in a bed. Each names its nights.
pub fn against(place: &Place, span: Span, group: RoomGroup, busy: &Busy) -> Vec<Reason> {
    let (sex_rule, age_rule) = place.rules;
    let closed: Vec<NaiveDate> = span.nights().into_iter().filter(|it| !place.is_open(*it)).collect();
    let nights_where = |suits: bool, is_other: &dyn Fn(&RoomGroup) -> bool| match suits {
        false => span.nights(),
        true => busy.room.iter().filter(|it| is_other(&it.1)).map(|it| it.0).collect(),
    };
    let sex = match group.lacks_sex() {
        true => Some(SEX_UNKNOWN.reason().at("/bed_id")),
        false => {
            let nights = nights_where(group.suits_sex(sex_rule), &|it| it.sex != group.sex);
            against_nights(&ROOM_SEX, &nights, "/bed_id")
        }
    };
    let age = nights_where(group.suits_age(age_rule), &|it| it.age != group.age);
    [
        against_nights(&NOT_OPEN, &closed, "/bed_id"),
        against_taken(&busy.taken),
        against_nights(&ELSEWHERE, &busy.elsewhere, "/bed_id"),
        sex,
        against_nights(&ROOM_AGE, &age, "/bed_id"),
    ]
    .into_iter()
    .flatten()
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;
    use uuid::Uuid;

    fn day(number: i64) -> NaiveDate {
        NaiveDate::from_ymd_opt(2028, 2, 27).unwrap() + chrono::TimeDelta::days(number)
    }
    fn place(rules: (SexRule, AgeRule)) -> Place {
        Place {
            bed_id: Uuid::nil().into(),
            room_id: Uuid::nil().into(),
            facility_id: Uuid::nil().into(),
            organization_id: Uuid::nil().into(),
            rules,
            opened_on: day(-100),
            closed_on: Some(day(100)),
            most_nights: 180,
            ages: 14..23,
        }
    }
    fn codes(reasons: &[Reason]) -> Vec<&'static str> {
        reasons.iter().map(|it| it.rule.code).collect()
    }

    #[test]
    fn a_span_has_the_nights_before_its_last_day_and_knows_the_29th_of_february() {
        let span = Span::new(day(0), day(4));
        assert_eq!(span.count(), 4);
        assert_eq!(span.nights()[2], NaiveDate::from_ymd_opt(2028, 2, 29).unwrap());
        assert_eq!(span.nights()[3], NaiveDate::from_ymd_opt(2028, 3, 1).unwrap());
        assert_eq!(span.since(day(3)).nights(), [day(3)]);
        assert_eq!(span.since(day(9)).count(), 0);
        assert_eq!((span.cut(3).nights().len(), span.cut(9)), (3, span));
        assert!(span.covers(span.cut(3)) && !span.cut(3).covers(span) && !span.since(day(1)).covers(span));
        assert!(!Span::new(day(0), day(0)).is_possible() && !Span::new(day(0), day(367)).is_possible());
        assert!(Span::new(day(0), day(366)).is_possible());
    }

    #[test]
    fn every_reason_names_its_nights_at_once() {
        let woman = RoomGroup { sex: SexRule::Female, age: AgeRule::Adults };
        let boy = RoomGroup { sex: SexRule::Male, age: AgeRule::Minors };
        let busy = Busy { taken: vec![day(0)], elsewhere: vec![day(1)], room: vec![(day(2), boy)] };
        let by_first = place((SexRule::ByFirst, AgeRule::ByFirst));
        let told = against(&by_first, Span::new(day(0), day(3)), woman, &busy);
        let all = ["stay.bed_taken", "stay.elsewhere", "stay.room_sex", "stay.room_age"];
        assert_eq!(codes(&told), all);
        assert_eq!(told[2].params["nights"], serde_json::json!(day(2).to_string()));
        let any = place((SexRule::Any, AgeRule::Any));
        let group = Sleeper { born_on: day(-5000), sex: Sex::Unknown }.group(any.rules, day(0));
        assert_eq!(codes(&against(&any, Span::new(day(0), day(3)), group, &Busy::default())), [""; 0]);
        let men = place((SexRule::Male, AgeRule::Minors));
        let told = against(&men, Span::new(day(99), day(101)), woman, &Busy::default());
        assert_eq!(codes(&told), ["stay.bed_not_open", "stay.room_sex", "stay.room_age"]);
        let unknown = Sleeper { born_on: day(-5000), sex: Sex::Unknown }.group(by_first.rules, day(0));
        assert_eq!(
            codes(&against(&by_first, Span::new(day(0), day(1)), unknown, &Busy::default())),
            ["stay.sex_unknown"]
        );
    }

    #[test]
    fn the_age_is_that_of_the_first_night_so_a_birthday_moves_nobody() {
        let rules = (SexRule::ByFirst, AgeRule::ByFirst);
        let born_on = NaiveDate::from_ymd_opt(2008, 2, 29).unwrap();
        let sleeper = Sleeper { born_on, sex: Sex::Female };
        assert_eq!(sleeper.group(rules, NaiveDate::from_ymd_opt(2026, 2, 28).unwrap()).age, AgeRule::Minors);
        assert_eq!(sleeper.group(rules, NaiveDate::from_ymd_opt(2026, 3, 1).unwrap()).age, AgeRule::Adults);
    }

    proptest! {
        /// By no orders in no sequence has a bed or a person two of one night; a room is of one sex and one age.
        #[test]
        fn a_room_is_never_overbooked_and_never_mixed(
            asked in prop::collection::vec((0_usize..2, 0_usize..4, 0_i64..6, 1_i64..4), 0..40),
        ) {
            let by_first = place((SexRule::ByFirst, AgeRule::ByFirst));
            let people = [(Sex::Male, 15), (Sex::Male, 20), (Sex::Female, 20), (Sex::Female, 16)];
            let mut beds: BTreeMap<(usize, NaiveDate), usize> = BTreeMap::new();
            let group = |who: usize| {
                let (sex, age) = people[who];
                Sleeper { born_on: day(-age * 366), sex }.group(by_first.rules, day(0))
            };
            for (bed, who, from, nights) in asked {
                let span = Span::new(day(from), day(from + nights));
                let of = |it: &NaiveDate| beds.iter().filter(|at| at.0.1 == *it).map(|at| *at.1).collect::<Vec<_>>();
                let busy = Busy {
                    taken: span.nights().into_iter().filter(|it| beds.contains_key(&(bed, *it))).collect(),
                    elsewhere: span.nights().into_iter().filter(|it| of(it).contains(&who)).collect(),
                    room: span.nights().iter().flat_map(|it| of(it).into_iter().map(|who| (*it, group(who)))).collect(),
                };
                if against(&by_first, span, group(who), &busy).is_empty() {
                    for night in span.nights() {
                        prop_assert!(beds.insert((bed, night), who).is_none());
                    }
                }
            }
            for number in 0..10 {
                let there: Vec<usize> = beds.iter().filter(|at| at.0.1 == day(number)).map(|at| *at.1).collect();
                prop_assert!(there.windows(2).all(|two| two[0] != two[1] && group(two[0]) == group(two[1])));
            }
        }
    }
}
