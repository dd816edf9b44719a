use super::*;
use crate::base::action::{Action, Offers};
use crate::base::id::OrganizationId;
use crate::base::word::Word;
use crate::help::places::rooms::{AgeRule, SexRule};
use crate::people::Sex;
use proptest::prelude::*;
use uuid::Uuid;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}
fn moment(text: &str) -> Moment {
    serde_json::from_value(serde_json::json!(text)).unwrap()
}
fn id<T: From<Uuid>>(number: u128) -> T {
    Uuid::from_u128(number).into()
}
fn zone(name: &str) -> Zone {
    name.parse().unwrap()
}
fn place() -> Place {
    let organization_id: OrganizationId = id(1);
    Place {
        bed_id: id(63),
        room_id: id(62),
        facility_id: id(61),
        organization_id,
        rules: (SexRule::ByFirst, AgeRule::ByFirst),
        opened_on: day("2024-01-01"),
        closed_on: None,
        most_nights: 60,
        ages: 14..23,
    }
}
fn facts(born_on: &str) -> BookingFacts {
    BookingFacts {
        place: place(),
        sleeper: Some(Sleeper { born_on: day(born_on), sex: Sex::Female }),
        busy: Busy::default(),
        has_case: true,
        is_removed: false,
        is_needed_now: false,
        hold: TimeDelta::hours(18),
        now: moment("2026-03-02T06:00:00Z"),
        zone: zone("Europe/Moscow"),
    }
}
fn form() -> StayForm {
    crate::examples::of()
}
fn told<T>(it: Result<Changed<T>, Refused>) -> Vec<&'static str> {
    it.err().iter().flat_map(|it| it.reasons()).map(|it| it.rule.code).collect()
}
fn booked(form: &StayForm) -> Booked {
    Reserved::book(id(65), form, &facts("2005-05-05")).unwrap().into_parts().0.booked
}

#[test]
fn a_booking_tells_all_that_is_wrong_at_once() {
    assert_eq!(told(Reserved::book(id(65), &form(), &facts("2005-05-05"))), [""; 0]);
    let long = StayForm { from_on: day("2026-02-28"), until_on: day("2026-05-01"), ..form() };
    let facts = BookingFacts {
        has_case: false,
        busy: Busy { taken: vec![long.from_on], ..Busy::default() },
        ..facts("2013-01-01")
    };
    let all = [
        "stay.in_past",
        "stay.too_long",
        "stay.age",
        "stay.permission",
        "stay.case_needed",
        "stay.bed_taken",
    ];
    assert_eq!(told(Reserved::book(id(65), &long, &facts)), all);
    let nobody = BookingFacts { sleeper: None, ..facts };
    assert_eq!(told(Reserved::book(id(65), &long, &nobody)), ["stay.not_a_person"]);
}

#[test]
fn one_who_is_removed_from_the_register_has_a_bed_in_a_crisis_or_where_it_is_needed_now_alone() {
    let removed = BookingFacts { is_removed: true, ..facts("2005-05-05") };
    for purpose in StayPurpose::ALL {
        let form = StayForm { purpose: *purpose, ..form() };
        let expected: &[&str] = if *purpose == StayPurpose::Crisis { &[] } else { &["register.not_active"] };
        assert_eq!(told(Reserved::book(id(65), &form, &removed)), expected, "{purpose}");
        let needed = BookingFacts { is_needed_now: true, ..removed.clone() };
        assert_eq!(told(Reserved::book(id(65), &form, &needed)), [""; 0], "{purpose}");
    }
}

#[test]
fn a_bed_is_held_the_whole_first_night_and_the_hours_of_the_rules_by_the_clock_of_the_region() {
    let hold = TimeDelta::hours(18);
    let until = held_until(day("2028-02-29"), hold, zone("Europe/Moscow"));
    assert_eq!(until, moment("2028-03-01T15:00:00Z"));
    assert_eq!(held_until(day("2026-03-02"), hold, zone("Asia/Kamchatka")), moment("2026-03-03T06:00:00Z"));
    assert_eq!(StayState::Reserved.at(until, moment("2028-03-01T14:59:59Z")), StayState::Reserved);
    assert_eq!(StayState::Reserved.at(until, until), StayState::NoShow);
    assert_eq!(StayState::Arrived.at(until, until), StayState::Arrived);
    assert_eq!(
        earliest_night(moment("2028-03-01T14:59:59Z"), hold, zone("Europe/Moscow")),
        day("2028-02-29")
    );
    assert_eq!(earliest_night(until, hold, zone("Europe/Moscow")), day("2028-03-01"));
}

#[test]
fn an_arrival_in_time_undoes_the_no_show_while_the_nights_are_free() {
    let booked = booked(&form());
    let missed = |was| Missed { booked: booked.clone(), was };
    let at = (moment("2026-03-05T06:00:00Z"), zone("Europe/Moscow"));
    let arrival = |text: &str| StayArrival { arrived_at: moment(text), ..crate::examples::of() };
    let in_time = arrival("2026-03-02T17:00:00Z");
    let group = RoomGroup { sex: SexRule::Female, age: AgeRule::Adults };
    let arrive = |order: &StayArrival, busy: &Busy| {
        let it = missed(StayState::NoShow);
        it.arrive(order, order.house_rules_id, (&place(), group, busy), &Lives::default(), at)
    };
    let rest = |died_on| missed(StayState::NoShow).rest(died_on);
    assert_eq!((rest(None).from_on, rest(None).until_on), (day("2026-03-03"), booked.span.until_on));
    assert_eq!((rest(Some(day("2026-03-05"))).count(), rest(Some(day("2026-03-01"))).count()), (2, 0));
    let (come, records) = arrive(&in_time, &Busy::default()).unwrap().into_parts();
    assert_eq!((come.was, come.state, come.ended_on), (StayState::NoShow, StayState::Arrived, None));
    assert_eq!(records[0].kind, "stay.restored");
    assert_eq!(told(arrive(&arrival("2026-03-03T15:00:00Z"), &Busy::default())), ["stay.not_reserved"]);
    assert_eq!(told(arrive(&arrival("2026-03-01T17:00:00Z"), &Busy::default())), ["stay.not_today"]);
    let given = Busy { taken: vec![day("2026-03-04")], ..Busy::default() };
    assert_eq!(told(arrive(&in_time, &given)), ["stay.bed_taken"]);
    let (gone, _) = Reserved(booked.clone()).miss(zone("Europe/Moscow")).into_parts();
    assert_eq!(gone.ended_on, Some(day("2026-03-03")), "the day on which the hold was over");
}

#[test]
fn one_departs_between_the_arrival_and_the_planned_day() {
    let booked = booked(&form());
    let arrived = || Arrived { booked: booked.clone(), arrived_on: day("2026-03-03") };
    let order = |on: &str| StayDeparture { departed_on: day(on), ..crate::examples::of() };
    let today = day("2026-04-20");
    assert_eq!(told(arrived().depart(&order("2026-03-02"), today)), ["stay.departure_day"]);
    assert_eq!(told(arrived().depart(&order("2026-04-02"), today)), ["stay.departure_day"]);
    assert_eq!(told(arrived().depart(&order("2026-04-01"), day("2026-03-20"))), ["stay.in_future"]);
    let (left, records) = arrived().depart(&order("2026-04-01"), today).unwrap().into_parts();
    assert_eq!((left.state, left.ended_on), (StayState::Departed, Some(day("2026-04-01"))));
    assert_eq!(records[0].kind, "stay.departed");
    let (died, _) = arrived().end_by_death(day("2026-03-01")).into_parts();
    assert_eq!((died.ended_on, died.reason), (Some(day("2026-03-03")), Some(DepartureReason::Died)));
}

#[test]
fn a_stay_that_is_over_takes_no_step() {
    for state in [StayState::Departed, StayState::Cancelled, StayState::NoShow] {
        let it = Stay::Over(state);
        assert!(
            it.clone().reserved().is_err() && it.clone().arrived().is_err() && it.clone().running().is_err()
        );
        let offers = StayOffers { it: &it, today: day("2026-03-02") };
        assert!(
            [Action::Arrive, Action::Extend, Action::Move, Action::Depart, Action::Cancel]
                .iter()
                .all(|it| offers.judge(*it).is_none())
        );
    }
}

proptest! {
    /// However often a stay is extended, all its nights together are no more than the facility allows.
    #[test]
    fn extensions_together_are_never_too_long(days in prop::collection::vec(0_u64..90, 0..8)) {
        let mut it = booked(&form());
        let group = RoomGroup { sex: SexRule::Female, age: AgeRule::Adults };
        for more in days {
            let order = StayExtension { until_on: it.span.from_on + chrono::Days::new(more) };
            let was = it.span;
            match it.clone().extend(&order, &place(), group, &Busy::default()) {
                Ok(extended) => it = extended.into_parts().0.booked,
                Err(refused) => {
                    let code = refused.reasons()[0].rule.code;
                    prop_assert_eq!(code == "stay.not_later", order.until_on <= was.until_on);
                }
            }
            prop_assert!(it.span.count() <= 60 && it.span.until_on >= was.until_on);
        }
    }
}
