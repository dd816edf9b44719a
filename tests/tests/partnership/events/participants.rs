//! Persons at an event: seats, the waiting list, one's own registration, presence.
use super::super::projects::{Scene, scene};
use serde_json::{Value, json};
use tests::pairs::at_once;
use tests::{Account, Reply, with};

impl Scene {
    fn planned(&self, members: Value) -> String {
        let form = json!({"starts_on": self.world.day(7), "registration": "open", "seats": 2});
        self.event(with(form, &members))
    }
    fn somebody(&self) -> String {
        self.world.person(&self.director, json!({}))
    }
    fn enter(&self, event: &str, person: &str) -> Reply {
        let form = json!({"event_id": event, "person_id": person, "audience": "minors"});
        self.world.post(&self.director, "/event-participants", form)
    }
    fn entered(&self, event: &str) -> (String, Value) {
        let added = self.enter(event, &self.somebody()).expect(201);
        (added.id(), added.body["state"].clone())
    }
    fn join(&self, who: &Account, event: &str) -> Reply {
        self.world.post(who, "/event-registrations", json!({"event_id": event, "audience": "mentors"}))
    }
    fn state(&self, id: &str) -> Value {
        self.world.get(&self.director, &format!("/event-participants/{id}")).expect(200).body["state"].clone()
    }
    fn of(&self, who: &Account, id: &str, step: &str, order: Value) -> Reply {
        self.world.post(who, &format!("/event-participants/{id}/{step}"), order)
    }
}

#[test]
fn a_closed_event_and_somebody_who_is_not_there_are_told_at_once() {
    let it = scene();
    let event = it.planned(json!({}));
    let path = format!("/events/{event}/cancellation");
    it.world.post(&it.director, &path, json!({"reason": "Карантин."})).expect(200);
    let both = it.enter(&event, &it.organization).refused(409, "event.closed");
    assert_eq!(both.codes(), ["event.closed", "field.reference"]);
    assert_eq!(both.pointers(), ["/event_id", "/person_id"]);
}

#[test]
fn who_finds_no_seat_waits_and_moves_up_when_a_seat_becomes_free() {
    let it = scene();
    let event = it.planned(json!({}));
    let all: Vec<(String, Value)> = (0..4).map(|_| it.entered(&event)).collect();
    let states: Vec<&Value> = all.iter().map(|it| &it.1).collect();
    assert_eq!(states, ["registered", "registered", "waiting", "waiting"]);
    it.of(&it.director, &all[2].0, "presence", json!({"attended": true})).refused(409, "event.not_held");
    it.of(&it.director, &all[0].0, "cancellation", json!({})).expect(200);
    assert_eq!((it.state(&all[2].0), it.state(&all[3].0)), (json!("registered"), json!("waiting")));
    it.of(&it.director, &all[0].0, "cancellation", json!({})).refused(409, "event_participant.settled");
    let moved = it.world.get(&it.director, &format!("/event-participants/{}/history", all[2].0)).expect(200);
    assert_eq!(moved.items()[0]["kind"], json!("event_participant.seated"));

    // More seats go to those who wait, before anybody who comes later; fewer than are taken are refused.
    let path = format!("/events/{event}");
    let seats = |seats: i32| it.world.edit(&it.director, &path, json!({"seats": seats}));
    seats(1).refused(409, "event.seats_taken");
    seats(3).expect(200);
    let late = it.entered(&event);
    assert_eq!((it.state(&all[3].0), it.state(&late.0)), (json!("registered"), json!("waiting")));
    let listed = |query: &str| {
        let path = format!("/event-participants?event_id={event}{query}");
        it.world.get(&it.director, &path).expect(200).ids()
    };
    assert_eq!(listed("&state=waiting"), std::slice::from_ref(&late.0));
    assert_eq!(listed("").len(), 5);
    it.world.get(&it.stranger, &format!("/event-participants/{}", late.0)).refused(404, "request.not_found");
}

#[test]
fn fifty_registrations_at_once_take_ten_seats_and_the_others_wait() {
    let it = scene();
    let event = it.planned(json!({"seats": 10}));
    let people: Vec<String> = (0..50).map(|_| it.somebody()).collect();
    let answers = at_once(50, |n| it.enter(&event, &people[n]));
    assert!(answers.iter().all(|it| it.0 == 201), "{answers:?}");
    let count = |state: &str| {
        let page = format!("/event-participants?event_id={event}&state={state}&limit=200");
        it.world.get(&it.director, &page).expect(200).items().len()
    };
    assert_eq!((count("registered"), count("waiting")), (10, 40));
    let first = it
        .world
        .get(&it.director, &format!("/event-participants?event_id={event}&state=registered&limit=200"))
        .expect(200);
    let ids = first.ids();
    let answers = at_once(10, |n| it.of(&it.director, &ids[n], "cancellation", json!({})));
    assert!(answers.iter().all(|it| it.0 == 200), "{answers:?}");
    assert_eq!((count("registered"), count("waiting"), count("cancelled")), (10, 30, 10));
    let waits = format!("/event-participants?event_id={event}&state=waiting");
    let waits = it.world.get(&it.director, &waits).expect(200).items()[0]["person_id"].clone();
    let again = at_once(50, |_| it.enter(&event, waits.as_str().expect("a person")));
    assert!(again.iter().all(|it| it.0 == 409 && it.1 == "event_participant.already"), "{again:?}");
}

#[test]
fn a_mentor_registers_and_withdraws_oneself_while_the_registration_is_open() {
    let mut it = scene();
    let person = it.world.person(&it.director, json!({"birth_date": "1980-01-01"}));
    let mentor = it.world.account("mentor", json!([{"role": "mentor"}]), Some(&person));
    let nobody = it.world.account("stray", json!([{"role": "mentor"}]), None);
    let until = json!({"registration_until": it.world.day(3)});
    let (open, early, by_staff) =
        (it.planned(until.clone()), it.planned(until), it.planned(json!({"registration": "by_staff"})));
    it.join(&nobody, &open).refused(409, "event_participant.no_person");
    it.join(&mentor, &by_staff).refused(409, "event.closed");
    it.join(&it.director, &open).refused(403, "access.forbidden");
    let own = it.join(&mentor, &open).expect(201);
    assert_eq!((&own.body["state"], &own.body["person_id"]), (&json!("registered"), &json!(person)));
    it.join(&mentor, &open).refused(409, "event_participant.already");
    assert_eq!(own.actions(), json!(["withdraw"]));
    let other = it.entered(&open).0;
    let seen = it.world.get(&mentor, "/event-participants").expect(200);
    assert_eq!(seen.ids(), [own.id()]);
    it.of(&mentor, &other, "withdrawal", json!({})).refused(404, "request.not_found");
    it.of(&mentor, &own.id(), "cancellation", json!({})).refused(403, "access.forbidden");
    it.of(&mentor, &own.id(), "withdrawal", json!({})).expect(200);
    it.join(&mentor, &open).expect(201);
    it.world.advance_days(4);
    let late = it.world.login("mentor");
    it.join(&late, &early).refused(409, "event.closed");
}

#[test]
fn after_the_event_presence_is_recorded_and_numbers_are_not_below_the_list() {
    let it = scene();
    let event = it.event(json!({"registration": "by_staff", "starts_on": it.world.day(-1)}));
    let (first, second) = (it.entered(&event).0, it.entered(&event).0);
    it.hold(&event, json!({"held_on": it.world.day(-1), "counts": [{"audience": "minors", "people": 1}]}))
        .expect(200);
    let marked = |id: &str, attended: bool| {
        let marked = it.of(&it.director, id, "presence", json!({"attended": attended})).expect(200);
        marked.body["warnings"][0]["code"].clone()
    };
    assert_eq!([marked(&first, true), marked(&second, false)], [Value::Null, Value::Null]);
    assert_eq!(marked(&second, true), json!("event.counted_less"), "two came by name, and one is told");
    it.of(&it.director, &second, "cancellation", json!({})).refused(409, "event_participant.settled");
    assert_eq!(it.entered(&event).1, json!("attended"), "who is entered after the event came");
    let counted = |people: i32| {
        let form = json!({"counted_on": it.world.day(0), "counts": [{"audience": "minors", "people": people}], "reason": "По списку.",
            "corrects_id": it.in_force(&event)});
        it.world.post(&it.director, &format!("/events/{event}/event-attendances"), form)
    };
    counted(2).refused(422, "event.counted_less");
    counted(3).expect(201);
    let cancelled = it.planned(json!({}));
    it.world
        .post(&it.director, &format!("/events/{cancelled}/cancellation"), json!({"reason": "Карантин."}))
        .expect(200);
    it.enter(&cancelled, &it.somebody()).refused(409, "event.closed");
}

#[test]
fn a_participant_entered_by_mistake_is_annulled_before_and_after_the_event() {
    let it = scene();
    let reason = json!({"reason": "Внесён не тот человек."});
    let annul = |who: &Account, id: &str| it.of(who, id, "annulment", reason.clone());
    // Before the event the seat goes to the one who waits.
    let event = it.planned(json!({"seats": 1}));
    let (first, next) = (it.entered(&event).0, it.entered(&event).0);
    annul(&it.stranger, &first).refused(404, "request.not_found");
    let annulled = annul(&it.director, &first).expect(200);
    assert_eq!((&annulled.body["annulment"], annulled.actions()), (&reason, json!([])));
    assert_eq!(it.state(&next), json!("registered"));
    annul(&it.director, &first).refused(409, "entry.annulled");
    it.of(&it.director, &first, "cancellation", json!({})).refused(409, "entry.annulled");
    // After it the number may be as small again as it was, and the person is entered as somebody else.
    let held = it.event(json!({"registration": "by_staff", "starts_on": it.world.day(-1)}));
    let counts = json!([{"audience": "minors", "people": 3}]);
    it.hold(&held, json!({"held_on": it.world.day(-1), "counts": counts})).expect(200);
    let (right, person) = (it.entered(&held).0, it.somebody());
    let wrong = it.enter(&held, &person).expect(201).id();
    it.enter(&held, &person).refused(409, "event_participant.already");
    let counted = |people: i32| {
        let form = json!({"counted_on": it.world.day(0), "counts": [{"audience": "minors", "people": people}], "reason": "По списку.",
            "corrects_id": it.in_force(&held)});
        it.world.post(&it.director, &format!("/events/{held}/event-attendances"), form)
    };
    counted(1).refused(422, "event.counted_less");
    annul(&it.director, &wrong).expect(200);
    it.of(&it.director, &wrong, "presence", json!({"attended": true})).refused(409, "entry.annulled");
    counted(1).expect(201);
    let form = json!({"event_id": held, "person_id": person, "audience": "specialists"});
    let anew = it.world.post(&it.director, "/event-participants", form).expect(201).id();
    let listed = |query: &str| {
        let path = format!("/event-participants?event_id={held}{query}");
        it.world.get(&it.director, &path).expect(200).ids()
    };
    assert_eq!((listed(""), listed("&annulled=true")), (vec![anew, right], vec![wrong.clone()]));
    let told = it.world.get(&it.director, &format!("/event-participants/{wrong}/history")).expect(200);
    assert_eq!(told.kinds(), ["event_participant.annulled", "event_participant.added"]);
}

#[test]
fn somebody_who_is_there_under_another_record_has_no_second_seat() {
    let it = scene();
    let event = it.planned(json!({}));
    let [one, other] = [0, 1].map(|_| it.somebody());
    let [first, second] =
        [&one, &other].map(|person| it.world.beneficiary(&it.director, &it.organization, person));
    it.world.merged(&first, &second);
    let seat = it.enter(&event, &one).expect(201).id();
    it.enter(&event, &other).refused(409, "event_participant.already");
    it.of(&it.director, &seat, "cancellation", json!({})).expect(200);
    it.enter(&event, &other).expect(201);
}

#[test]
fn a_participant_is_entered_by_staff_who_hold_the_event_and_see_the_person() {
    let it = scene();
    let event = it.planned(json!({}));
    let (own, foreign) = (it.somebody(), it.world.person(&it.stranger, json!({})));
    let form = |person: &str| json!({"event_id": event, "person_id": person, "audience": "minors"});
    it.world.post(&it.stranger, "/event-participants", form(&foreign)).refused(422, "field.reference");
    let wrong = it
        .world
        .post(&it.director, "/event-participants", with(form(&foreign), &json!({"event_id": own})))
        .expect(422);
    assert_eq!(wrong.pointers(), ["/event_id", "/person_id"]);
    it.enter(&event, &own).expect(201);
    let specialist = it.world.staff("support_specialist", &it.organization);
    assert_eq!(it.world.get(&specialist, "/event-participants").expect(200).items().len(), 1);
    let officer =
        it.world.account("officer", json!([{"role": "guardianship_officer", "territory": "25655000"}]), None);
    assert_eq!(it.world.get(&officer, "/event-participants").expect(200).items().len(), 0);
    it.world.beneficiary(&it.director, &it.organization, &own);
    let seen = it.world.get(&officer, "/event-participants").expect(200);
    assert_eq!(seen.items()[0]["person_id"], json!(own));
    let path = format!("/event-participants/{}", Reply::id_of(&seen.items()[0]));
    assert_eq!(it.world.get(&officer, &path).expect(200).actions(), json!([]));
}

#[test]
fn a_death_frees_the_seats_of_events_to_come_and_who_waits_moves_up() {
    let it = scene();
    let (event, person) = (it.planned(json!({})), it.somebody());
    let past = it.event(json!({"registration": "by_staff", "starts_on": it.world.day(-5)}));
    let (seat, was) = (it.enter(&event, &person).expect(201).id(), it.enter(&past, &person).expect(201).id());
    let that_day = it.event(json!({"registration": "by_staff", "starts_on": it.world.day(-1)}));
    let there = it.enter(&that_day, &person).expect(201).id();
    it.entered(&event);
    let next = it.entered(&event);
    assert_eq!(next.1, "waiting");
    it.world.die(&it.director, &person, -1).expect(200);
    assert_eq!((it.state(&seat), it.state(&next.0)), (json!("cancelled"), json!("registered")));
    assert_eq!(it.state(&was), json!("registered"), "the event began before the death");
    assert_eq!(it.state(&there), json!("registered"), "the person may have been there that day");
    let told = it.world.get(&it.director, &format!("/event-participants/{seat}/history")).expect(200);
    assert_eq!(told.kinds(), ["event_participant.cancelled", "event_participant.added"]);

    // The annulment of the death brings no seat back: the person waits as others do.
    let reason = json!({"reason": "Однофамилец."});
    it.world.post(&it.director, &format!("/people/{person}/death/annulment"), reason).expect(200);
    assert_eq!(it.state(&seat), json!("cancelled"));
    assert_eq!(it.enter(&event, &person).expect(201).body["state"], json!("waiting"));
}

#[test]
fn who_dies_on_the_waiting_list_takes_nobodys_place_there() {
    let it = scene();
    let event = it.planned(json!({"seats": 1}));
    let (first, person) = (it.entered(&event).0, it.somebody());
    let waits = it.enter(&event, &person).expect(201).id();
    let next = it.entered(&event).0;
    it.world.die(&it.director, &person, 0).expect(200);
    assert_eq!((it.state(&waits), it.state(&next)), (json!("cancelled"), json!("waiting")));
    it.of(&it.director, &first, "cancellation", json!({})).expect(200);
    assert_eq!(it.state(&next), json!("registered"));
}

#[test]
fn who_died_is_given_no_seat_under_another_record() {
    let it = scene();
    let event = it.planned(json!({"seats": 1}));
    let record = || {
        let person = it.somebody();
        let of = it.world.beneficiary(&it.director, &it.organization, &person);
        (it.enter(&event, &person).expect(201).id(), person, of)
    };
    let ((seat, person, first), (waits, _, second)) = (record(), record());
    let next = it.entered(&event).0;
    it.world.merged(&first, &second);
    it.world.die(&it.director, &person, -1).expect(200);
    let states = [&seat, &waits, &next].map(|id| it.state(id));
    assert_eq!(states, ["cancelled", "cancelled", "registered"]);
    let told = it.world.get(&it.director, &format!("/event-participants/{waits}/history")).expect(200);
    assert_eq!(told.kinds(), ["event_participant.cancelled", "event_participant.added"]);
}

#[test]
fn no_seat_is_given_at_an_event_that_was_annulled_nor_by_a_death_at_one_that_is_over() {
    let it = scene();
    let person = it.somebody();
    let past = |days: i64| json!({"seats": 1, "starts_on": it.world.day(-5), "ends_on": it.world.day(days)});
    let events = [json!({"seats": 1}), past(-1), past(0)].map(|members| it.planned(members));
    let waits = events.each_ref().map(|event| {
        it.enter(event, &person).expect(201);
        it.entered(event).0
    });
    let annulled = it.planned(json!({"seats": 1}));
    let (seat, next) = (it.entered(&annulled).0, it.entered(&annulled).0);
    for event in [&events[0], &annulled] {
        let reason = json!({"reason": "Внесено дважды."});
        it.world.post(&it.director, &format!("/events/{event}/annulment"), reason).expect(200);
    }
    it.world.die(&it.director, &person, -6).expect(200);
    assert_eq!(waits.each_ref().map(|id| it.state(id)), ["waiting", "waiting", "registered"]);
    it.of(&it.director, &seat, "cancellation", json!({})).expect(200);
    assert_eq!(it.state(&next), json!("waiting"));
}
