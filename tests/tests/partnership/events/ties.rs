//! Ties of events: the agreement, the council, the club, the project and the package of measures in whose figures an event stands.
use super::super::projects::{Scene, scene};
use super::minors;
use serde_json::{Value, json};
use tests::{Account, Reply};

/// The first day and the last one of the things.
const FIRST: &str = "2015-12-01";
const LAST: &str = "2016-12-31";

/// A thing to which an event may be tied: the member of the event, its collection, and its id.
type Thing = (&'static str, &'static str, String);

impl Scene {
    fn posted(&self, path: &str, form: Value) -> String {
        self.world.post(&self.director, path, form).expect(201).id()
    }
    fn agreement(&self, partner: &str) -> String {
        let parties = json!([{"organization_id": self.organization, "role": "institution"}, {"organization_id": partner, "role": "partner"}]);
        let form = json!({"organization_id": self.organization, "title": "О сотрудничестве", "subject": "Помощь семьям.", "sphere": "mentoring",
            "partnership_level": "service", "parties": parties, "audiences": [], "activities": []});
        self.posted("/agreements", form)
    }
    fn signed(&self, partner: &str) -> String {
        let id = self.agreement(partner);
        let order = json!({"number": "17", "signed_on": FIRST, "starts_on": FIRST, "ends_on": LAST,
            "file_id": self.world.file(&self.director, "agreement")});
        self.world.post(&self.director, &format!("/agreements/{id}/signing"), order).expect(200);
        id
    }
    fn council(&self) -> String {
        let form = json!({"organization_id": self.organization, "kind": "commission", "name": "Комиссия", "level": "regional", "quorum": "half",
            "decides_by": "simple_majority", "founded_on": FIRST, "closed_on": LAST});
        self.posted("/councils", form)
    }
    fn member(&self, council: &str, organization: &str, from_on: &str) -> Reply {
        let form = json!({"name": "Член совета", "role": "member", "voting": true, "from_on": from_on, "organization_id": organization});
        self.world.post(&self.director, &format!("/councils/{council}/council-members"), form)
    }
    fn club(&self, host: &str) -> String {
        let form = json!({"name": "Очаг", "kind": "families", "organization_id": self.organization, "host_id": host,
            "opened_on": FIRST, "closed_on": LAST});
        self.posted("/clubs", form)
    }
    fn package(&self) -> String {
        let form = json!({"organization_id": self.organization, "title": "Комплекс мер", "starts_on": FIRST, "ends_on": LAST});
        self.posted("/action-packages", form)
    }
    /// Things of the organization alone.
    fn things(&self) -> Vec<Thing> {
        let third = self.world.organization("ngo", "Покров", "25655000");
        vec![
            ("agreement_id", "agreements", self.signed(&third)),
            ("council_id", "councils", self.council()),
            ("club_id", "clubs", self.club(&self.organization)),
            ("project_id", "projects", self.running(json!({}))),
            ("package_id", "action-packages", self.package()),
        ]
    }
    /// Enters an event of an organization in 2016, with these members.
    fn tied(&self, who: &Account, organization: &str, members: Value) -> Reply {
        let own = json!({"organization_id": organization, "starts_on": "2016-03-01"});
        self.world.post(who, "/events", tests::with(self.event_form(own), &members))
    }
}

#[test]
fn an_event_of_a_stranger_stands_in_no_figures_of_an_agreement_a_council_a_club_a_project_or_a_package() {
    let it = scene();
    let plain = format!("/events/{}", it.tied(&it.stranger, &it.other, json!({})).expect(201).id());
    for (member, _, id) in it.things() {
        let at = format!("/{member}");
        // To name somebody else as a co-organizer opens nothing, for nobody asks them.
        let tie = json!({member: id, "co_organizer_ids": [it.organization]});
        it.tied(&it.stranger, &it.other, tie).refused_at(422, "field.reference", &at);
        let edit = it.world.edit(&it.stranger, &plain, json!({member: id}));
        edit.refused_at(422, "field.reference", &at);
        it.tied(&it.director, &it.organization, json!({member: id})).expect(201);
        let found = it.world.get(&it.stranger, &format!("/events?organization_id={}", it.other)).expect(200);
        assert!(found.items().iter().all(|it| it[member].is_null()), "{}", found.text);
    }
}

#[test]
fn an_event_is_tied_by_a_party_a_host_a_member_a_partner_and_who_stands_in_a_measure() {
    let it = scene();
    let (council, project, package) = (it.council(), it.running(json!({})), it.package());
    it.member(&council, &it.other, FIRST).expect(201);
    let partner = json!({"organization_id": it.other, "role": "social_partner", "starts_on": FIRST});
    it.posted(&format!("/projects/{project}/project-partners"), partner);
    let measure = json!({"number": 1, "name": "Клубы", "responsible_id": it.other});
    it.posted(&format!("/action-packages/{package}/measures"), measure);
    for (member, id) in [
        ("agreement_id", it.signed(&it.other)),
        ("council_id", council),
        ("club_id", it.club(&it.other)),
        ("project_id", project),
        ("package_id", package),
    ] {
        it.tied(&it.stranger, &it.other, json!({member: id})).expect(201);
    }
}

#[test]
fn an_event_is_tied_to_nothing_that_is_not_there_on_its_day() {
    let it = scene();
    let things = it.things();
    let project = things.iter().find(|it| it.0 == "project_id").expect("a project").2.clone();
    let end = json!({"ended_on": LAST, "summary": "Сорок человек работают."});
    it.step(&project, "completion", end).expect(200);
    for (member, _, id) in &things {
        let (member, at) = (*member, format!("/{member}"));
        let on = |day: &str| it.tied(&it.director, &it.organization, json!({member: id, "starts_on": day}));
        on("2017-01-01").refused_at(422, "event.not_there", &at);
        let before = on("2015-11-30");
        match member {
            "project_id" => drop(before.expect(201)),
            _ => drop(before.refused_at(422, "event.not_there", &at)),
        }
        on(FIRST).expect(201);
        // A tie of before stays, whatever else of the event is edited.
        let path = format!("/events/{}", on(LAST).expect(201).id());
        it.world.edit(&it.director, &path, json!({"place": "Дом культуры"})).expect(200);
    }
    let planned = it.agreement(&it.other);
    let tie = json!({"agreement_id": planned});
    it.tied(&it.director, &it.organization, tie).refused_at(422, "event.not_there", "/agreement_id");
    let council = &things.iter().find(|it| it.0 == "council_id").expect("a council").2;
    it.member(council, &it.other, "2017-01-01").refused_at(422, "council.not_there", "/from_on");
    it.member(council, &it.other, LAST).expect(201);
}

#[test]
fn an_event_is_tied_newly_to_nothing_that_was_annulled_and_keeps_what_it_was_tied_to() {
    let it = scene();
    for (member, collection, id) in it.things() {
        let tie = || it.tied(&it.director, &it.organization, json!({member: id}));
        let path = format!("/events/{}", tie().expect(201).id());
        let reason = json!({"reason": "Внесено по ошибке."});
        it.world.post(&it.director, &format!("/{collection}/{id}/annulment"), reason).expect(200);
        tie().refused_at(422, "field.reference", &format!("/{member}"));
        let kept = it.world.edit(&it.director, &path, json!({"place": "Дом культуры"})).expect(200);
        assert_eq!(kept.body[member], json!(id));
    }
}

#[test]
fn an_event_that_was_held_keeps_its_ties_and_its_day_by_plan() {
    let it = scene();
    let (one, other, club) = (it.running(json!({})), it.running(json!({})), it.club(&it.organization));
    let event = it.tied(&it.director, &it.organization, json!({"project_id": one})).expect(201).id();
    let path = format!("/events/{event}");
    let edit = |members: Value| it.world.edit(&it.director, &path, members);
    edit(json!({"starts_on": "2016-03-02"})).expect(200);
    it.hold(&event, json!({"held_on": "2016-03-02", "counts": minors(43)})).expect(200);
    edit(json!({"project_id": other})).refused_at(409, "event.held_fixed", "/project_id");
    edit(json!({"project_id": null})).refused_at(409, "event.held_fixed", "/project_id");
    edit(json!({"starts_on": "2199-01-01"})).refused_at(409, "event.held_fixed", "/starts_on");
    // A tie that was forgotten moves no number from anywhere.
    edit(json!({"club_id": club, "place": "Дом культуры"})).expect(200);
    edit(json!({"club_id": null})).refused_at(409, "event.held_fixed", "/club_id");
    let people = |project: &str| {
        let account = format!("/projects/{project}/account?to=2016-12-31");
        it.world.get(&it.director, &account).expect(200).body["people"].clone()
    };
    assert_eq!((people(&one), people(&other)), (json!(43), json!(0)));
}

#[test]
fn a_wrong_day_of_an_event_is_mended_by_another_holding_with_a_reason() {
    let it = scene();
    let event = it.held(json!({}), minors(16));
    let again = |members: Value| {
        let order = tests::with(json!({"held_on": "2015-10-03", "counts": minors(16)}), &members);
        it.hold(&event, order)
    };
    again(json!({})).refused(409, "event.not_planned");
    again(json!({"corrects_id": it.in_force(&event)})).refused_at(422, "event.no_reason", "/reason");
    let reason = json!({"corrects_id": it.in_force(&event), "reason": "Ошибка в дате."});
    let mended = again(reason.clone()).expect(200);
    assert_eq!((&mended.body["state"], &mended.body["held_on"]), (&json!("held"), &json!("2015-10-03")));
    // The version that it has corrected is in force no more.
    again(tests::with(reason, &json!({"held_on": "2015-10-04"}))).refused(409, "event.corrected_meanwhile");
    let sum = |from: &str| {
        let path = format!("/events/attendance?from={from}&to=2015-12-31");
        it.world.get(&it.stranger, &path).expect(200).body["sum"].clone()
    };
    assert_eq!((sum("2015-10-03"), sum("2015-10-04")), (json!(16), json!(0)));
    let versions = it.world.get(&it.director, &format!("/events/{event}/event-attendances")).expect(200);
    assert_eq!(versions.items().len(), 2);
    let history = it.world.get(&it.director, &format!("/events/{event}/history")).expect(200);
    assert_eq!(history.kinds(), ["event.held", "event.held", "event.added"]);
}
