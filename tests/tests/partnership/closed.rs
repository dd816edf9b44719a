//! Organizations that were closed: what is of a later day names them no more, and what is of the days before stays as it is.
use super::projects::{Scene, scene};
use serde_json::{Value, json};
use tests::{Reply, with};

/// The last day of the other organization.
const LAST: &str = "2018-06-30";
/// The day after it.
const LATER: &str = "2018-07-01";

/// Two organizations, of which the other one was closed in 2018.
fn closed() -> Scene {
    let it = scene();
    let last = json!({"closed_on": LAST, "successor_id": it.organization});
    it.world.edit(&it.world.admin(), &format!("/organizations/{}", it.other), last).expect(200);
    it
}

impl Scene {
    /// Enters what names the other organization for the day after its last one, which is refused at that place, and then for its last day.
    fn until_last(&self, path: &str, form: impl Fn(&str) -> Value, at: &[&str]) -> String {
        let enter = |day: &str| self.world.post(&self.director, path, form(day));
        let refused = enter(LATER).refused(422, "organization.closed");
        assert_eq!(refused.pointers(), at, "{path}");
        enter(LAST).expect(201).id()
    }
    fn edited(&self, path: &str, members: Value) -> Reply {
        self.world.edit(&self.director, path, members)
    }
}

#[test]
fn an_event_of_a_day_after_the_last_one_of_an_organization_does_not_name_it() {
    let it = closed();
    let event = |day: &str| {
        let all = json!({"starts_on": day, "co_organizer_ids": [it.other], "information_partner_ids": [it.other], "host_id": it.other});
        it.event_form(all)
    };
    let places = ["/co_organizer_ids/0", "/information_partner_ids/0", "/host_id"];
    let id = it.until_last("/events", event, &places);
    let refused = it.world.post(&it.director, "/events", event(LATER)).expect(422);
    let told = json!([{"name": "closed_on", "value": LAST}, {"name": "day", "value": LATER},
        {"name": "organization_id", "value": it.other}, {"name": "successor_id", "value": it.organization}]);
    assert_eq!(refused.body["errors"][0]["params"], told);
    // A record of before may be edited, and it is moved to no day after the last one.
    let path = format!("/events/{id}");
    it.edited(&path, json!({"place": "Дом культуры"})).expect(200);
    it.edited(&path, json!({"starts_on": "2018-06-01"})).expect(200);
    let moved = it.edited(&path, json!({"starts_on": LATER})).refused(422, "organization.closed");
    assert_eq!(moved.pointers(), places);
    // What was planned for its last day is not held with it on a later one.
    let late = it.hold(&id, json!({"held_on": LATER})).refused(422, "organization.closed");
    assert_eq!(late.pointers(), ["/held_on"]);
    it.hold(&id, json!({"held_on": LAST})).expect(200);
    let again = json!({"held_on": LATER, "corrects_id": it.in_force(&id), "reason": "Ошибка в дате."});
    let again = it.hold(&id, again).refused(422, "organization.closed");
    assert_eq!(again.pointers(), ["/held_on"], "nor is its day mended to a later one");
    // It holds nothing itself either.
    let own = it.event_form(json!({"organization_id": it.other, "starts_on": LATER}));
    let own = it.world.post(&it.stranger, "/events", own).refused(422, "organization.closed");
    assert_eq!(own.pointers(), ["/organization_id"]);
}

#[test]
fn an_organization_took_part_in_an_event_until_its_last_day_whenever_the_numbers_are_corrected() {
    let it = closed();
    let held = |day: &str, took_part: Value| {
        let id = it.event(json!({"starts_on": day}));
        let held = it.hold(&id, json!({"held_on": day, "organization_ids": took_part}));
        (id, held)
    };
    let late = held(LATER, json!([it.other])).1.refused(422, "organization.closed");
    assert_eq!(late.pointers(), ["/organization_ids/0"]);
    let correct = |(id, held): &(String, Reply)| {
        assert_eq!(held.status, 200, "{}", held.text);
        let form = json!({"counted_on": it.world.day(0), "organization_ids": [it.other], "corrects_id": it.in_force(id),
            "reason": "Пришли ещё двое."});
        it.world.post(&it.director, &format!("/events/{id}/event-attendances"), form)
    };
    correct(&held(LAST, json!([]))).expect(201);
    let late = held(LATER, json!([]));
    let refused = correct(&late).refused(422, "organization.closed");
    assert_eq!(refused.pointers(), ["/organization_ids/0"]);
    // Nor is the day of the holding mended to a later one.
    let (id, _) = held(LAST, json!([it.other]));
    let again = json!({"held_on": LATER, "organization_ids": [it.other], "corrects_id": it.in_force(&id), "reason": "Ошибка в дате."});
    let refused = it.hold(&id, again).refused(422, "organization.closed");
    assert_eq!(refused.pointers(), ["/organization_ids/0"]);
    // All that is wrong is told at once, also where the event was annulled.
    let annulment = json!({"reason": "Внесено по ошибке."});
    it.world.post(&it.director, &format!("/events/{}/annulment", late.0), annulment).expect(200);
    let refused = correct(&late).refused(409, "entry.annulled");
    assert_eq!(refused.codes(), ["entry.annulled", "organization.closed"]);
}

#[test]
fn a_correction_keeps_an_organization_that_is_closed_later() {
    let it = scene();
    let id = it.event(json!({"starts_on": LATER}));
    it.hold(&id, json!({"held_on": LATER, "organization_ids": [it.other]})).expect(200);
    it.world.close_organization(&it.other, LAST);
    let form = json!({"counted_on": LATER, "organization_ids": [it.other], "corrects_id": it.in_force(&id), "reason": "Пришли ещё двое."});
    it.world.post(&it.director, &format!("/events/{id}/event-attendances"), form).expect(201);
}

#[test]
fn a_closed_organization_becomes_no_partner_of_a_project_and_gives_nothing_to_it() {
    let it = closed();
    let id = it.running(json!({}));
    let partner =
        |day: &str| json!({"organization_id": it.other, "role": "social_partner", "starts_on": day});
    let partner = it.until_last(&format!("/projects/{id}/project-partners"), partner, &["/organization_id"]);
    it.edited(&format!("/project-partners/{partner}"), json!({"ends_on": LATER})).expect(200);
    let gift = |day: &str| json!({"organization_id": it.other, "given_on": day, "kind": "food", "private_givers": false});
    it.until_last(&format!("/projects/{id}/project-contributions"), gift, &["/organization_id"]);
    let own = it.project_form(json!({"organization_id": it.other, "starts_on": LATER, "ends_on": LATER}));
    it.world.post(&it.stranger, "/projects", own).refused(422, "organization.closed");
    // An author has devised the project before its first day.
    it.project(json!({"author_ids": [it.other], "starts_on": LATER, "ends_on": LATER}));
}

#[test]
fn a_closed_organization_is_appointed_no_more_and_nobody_meets_it() {
    let it = closed();
    let program = it.world.program("family-mentoring");
    let appointment = |day: &str| json!({"authority_id": it.organization, "organization_id": it.other, "program_id": program, "starts_on": day});
    let made = it.until_last("/coordinator-appointments", appointment, &["/organization_id"]);
    it.edited(&format!("/coordinator-appointments/{made}"), json!({"ends_on": LATER})).expect(200);
    let interaction = |day: &str| json!({"organization_id": it.organization, "partner_id": it.other, "held_on": day, "kind": "call", "about": "Договорились о встрече."});
    it.until_last("/partner-interactions", interaction, &["/partner_id"]);
    let club = |day: &str| {
        json!({"name": "Очаг", "kind": "families", "organization_id": it.organization, "host_id": it.other,
        "opened_on": day, "closed_on": "2019-05-31"})
    };
    it.until_last("/clubs", club, &["/host_id"]);
}

#[test]
fn a_council_names_a_closed_organization_for_days_until_its_last_one() {
    let it = closed();
    let council = json!({"organization_id": it.organization, "kind": "commission", "name": "Комиссия", "level": "regional", "quorum": "half",
        "decides_by": "simple_majority"});
    let council = it.world.post(&it.director, "/councils", council).expect(201).id();
    let member = |day: &str| json!({"name": "От НКО", "role": "member", "voting": true, "from_on": day, "organization_id": it.other});
    let member =
        it.until_last(&format!("/councils/{council}/council-members"), member, &["/organization_id"]);
    let meeting = |day: &str| {
        let agenda = json!([{"question": "О ходе работы", "kind": "report", "organization_id": it.other}]);
        json!({"council_id": council, "planned_at": format!("{day}T03:00:00Z"), "agenda": agenda})
    };
    let meeting = it.until_last("/council-meetings", meeting, &["/agenda/0/organization_id"]);
    let meeting = format!("/council-meetings/{meeting}");
    it.edited(&meeting, json!({"place": "Малый зал"})).expect(200);
    let guests = json!([{"name": "Гостья", "organization_id": it.other}]);
    let held = json!({"began_at": format!("{LATER}T03:00:00Z"), "minutes": 60, "guests": guests,
        "attendance": [{"member_id": member, "presence": "present"}]});
    let held = it.world.post(&it.director, &format!("{meeting}/holding"), held);
    assert_eq!(held.refused(422, "organization.closed").pointers(), ["/guests/0/organization_id"]);
    let decision = |day: &str| {
        let items = json!([{"no": "1", "kind": "recommendation", "text": "Создать клуб.", "organization_id": it.other},
            {"no": "2", "kind": "recommendation", "text": "Помочь.", "organization_id": it.organization, "co_organization_ids": [it.other]}]);
        let text = json!({"number": "1", "title": "О клубе", "items": items});
        json!({"council_id": council, "adopted_on": day, "decision": text})
    };
    let places = ["/decision/items/0/organization_id", "/decision/items/1/co_organization_ids/0"];
    it.until_last("/decisions", decision, &places);
}

#[test]
fn what_goes_on_newly_names_no_organization_that_is_closed_today() {
    let it = scene();
    let entered = |path: &str, form: Value| {
        let id = it.world.post(&it.director, path, form).expect(201).id();
        format!("{path}/{id}")
    };
    let club = |host: &str| json!({"name": "Очаг", "kind": "families", "organization_id": it.organization, "host_id": host, "opened_on": "2016-09-01"});
    let (own, theirs) = (entered("/clubs", club(&it.organization)), entered("/clubs", club(&it.other)));
    let group = json!({"name": "Отряд «Доброград»", "organization_id": it.organization, "source": "college", "formed_on": "2016-09-01"});
    let group = entered("/volunteer-groups", group);
    let council = json!({"organization_id": it.organization, "kind": "commission", "name": "Комиссия", "level": "regional", "quorum": "half",
        "decides_by": "simple_majority"});
    let council = entered("/councils", council);
    it.world.close_organization(&it.other, LAST);
    let refused = |reply: Reply, place: &str| {
        let refused = reply.refused(422, "organization.closed");
        assert_eq!(refused.pointers(), [place]);
        let today = json!({"name": "day", "value": it.world.day(0)});
        assert_eq!(refused.body["errors"][0]["params"][1], today);
    };
    refused(it.world.post(&it.director, "/clubs", club(&it.other)), "/host_id");
    let host = json!({"host_id": it.other});
    refused(it.edited(&own, host.clone()), "/host_id");
    refused(it.edited(&group, json!({"source_organization_id": it.other})), "/source_organization_id");
    let handed_over = json!({"organization_id": it.other});
    refused(it.world.edit(&it.world.admin(), &council, handed_over), "/organization_id");
    // A club that names it already keeps it, and one that has closed had it while it was there.
    it.edited(&theirs, json!({"meets": "по субботам в 12 часов"})).expect(200);
    it.edited(&own, with(host, &json!({"closed_on": "2018-05-31"}))).expect(200);
    refused(it.edited(&own, json!({"closed_on": null})), "/host_id");
}

#[test]
fn what_is_its_own_stays_its_own_when_an_organization_is_closed() {
    let it = scene();
    let form = it.event_form(json!({"organization_id": it.other, "starts_on": "2018-09-01"}));
    let event = it.world.post(&it.stranger, "/events", form).expect(201).id();
    it.world.close_organization(&it.other, LAST);
    let path = format!("/events/{event}");
    it.world.edit(&it.stranger, &path, json!({"title": "Встреча"})).expect(200);
    // Papers of the days before are entered still.
    let old = with(it.event_form(json!({})), &json!({"organization_id": it.other, "starts_on": LAST}));
    it.world.post(&it.stranger, "/events", old).expect(201);
    it.world.post(&it.stranger, &format!("{path}/annulment"), json!({"reason": "Ошибка."})).expect(200);
}
