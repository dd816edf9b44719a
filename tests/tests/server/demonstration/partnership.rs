//! Councils and the community in the demonstration region, in the facts of the sources.
use super::{rows, shown, text, words};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use tests::Reply;

/// The rows with that value.
fn with<'a>(all: &'a [Value], member: &str, value: &str) -> Vec<&'a Value> {
    all.iter().filter(|it| text(it, member) == value).collect()
}

#[test]
fn the_demonstration_tells_the_councils_and_the_decision_of_the_sources() {
    let shown = shown();
    let get = |path: &str| shown.get("analyst", path);
    let councils = get("/councils?limit=200");
    assert_eq!(words(councils.items(), "kind"), ["commission", "coordination", "trustees"].into());
    let council = |kind: &str| with(councils.items(), "kind", kind)[0].clone();
    assert_eq!(rows(&council("commission"), "sides").len(), 3);
    // 001 L73–97: one item is noted, three instruct the ministry each year, two are for a class of organizations.
    let of_commission = format!("/decisions?limit=200&council_id={}", text(&council("commission"), "id"));
    let decisions = get(&of_commission);
    let fourteen = with(decisions.items(), "number", "14")[0];
    assert_eq!(text(fourteen, "adopted_on"), "2017-09-28");
    let items = rows(fourteen, "items");
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    for it in items {
        *kinds.entry(text(it, "kind")).or_default() += 1;
    }
    assert_eq!(kinds, [("instruction", 3), ("noted", 1), ("recommendation", 2)].into());
    let yearly = with(items, "report_every", "year");
    let ministry: BTreeSet<&str> = yearly.iter().map(|it| text(it, "organization_id")).collect();
    assert_eq!((yearly.len(), ministry), (3, [text(fourteen, "organization_id")].into()));
    for it in with(items, "kind", "recommendation") {
        assert_eq!(text(&it["addressee"], "text"), "Предприятия и организации области");
    }
    // 003 L48–50: people of three organizations, and nobody of the centre itself.
    let trustees = council("trustees");
    let members = get(&format!("/councils/{}/council-members", text(&trustees, "id")));
    let from = words(members.items(), "organization_id");
    assert_eq!((members.items().len(), from.len()), (3, 3));
    assert!(!from.contains(text(&trustees, "organization_id")));
}

#[test]
fn the_demonstration_tells_the_community_of_the_sources() {
    let shown = shown();
    let get = |path: &str| shown.get("analyst", path);
    assert_eq!(get("/clubs?kind=mentors").items()[0]["name"], "Клуб наставников");
    assert_eq!(get("/publications?kind=collection,monograph").items().len(), 2);
    let practices = get("/practices?evidence=measured");
    let [practice] = practices.items().as_slice() else { panic!("{}", practices.text) };
    assert_eq!(practice["name"], "Персональное сопровождение");
    let replications = get(&format!("/practices/{}/replications?limit=200", Reply::id_of(practice)));
    assert_eq!(words(replications.items(), "region").len(), 10, "ten regions (001 L34)");
    // 003 L40–45: volunteers of a college since 1997, of an enterprise since 2014, and a squad of the own.
    let groups = get("/volunteer-groups?limit=200");
    let since: BTreeSet<(&str, &str)> =
        groups.items().iter().map(|it| (text(it, "source"), &text(it, "formed_on")[..4])).collect();
    assert_eq!(since, [("college", "1997"), ("enterprise", "2014"), ("own_squad", "2015")].into());
    // 003 L34–36: the circle of August 2015 with four organizations.
    let events = get("/events?kind=thematic_circle&limit=200");
    let title = "Круг «Ресоциализация дезадаптированных граждан»";
    let circle = Reply::id_of(with(events.items(), "title", title)[0]);
    let attendances = shown.get("omsk.director", &format!("/events/{circle}/event-attendances"));
    let [attendance] = attendances.items().as_slice() else { panic!("{}", attendances.text) };
    assert_eq!((events.items().len(), rows(attendance, "organization_ids").len()), (4, 4));
}

#[test]
fn the_demonstration_tells_the_projects_of_the_centre_with_their_partners_and_the_award() {
    let shown = shown();
    let get = |path: &str| shown.get("analyst", path);
    let projects = get("/projects?limit=200");
    let project = |title: &str| with(projects.items(), "title", title)[0].clone();
    let partners = |title: &str| {
        let path = format!("/projects/{}/project-partners", text(&project(title), "id"));
        get(&path).items().clone()
    };
    // 003 L26–27: two projects for elderly people, and one with a rehabilitation centre of an НКО.
    for title in ["Грани", "Доброград"] {
        assert_eq!(project(title)["target_groups"], json!(["elderly"]));
        assert_eq!(words(&partners(title), "role"), ["co_executor"].into());
    }
    let harmony = partners("Гармония жизни");
    let centre = shown.get("admin", &format!("/organizations/{}", text(&harmony[0], "organization_id"))).body;
    assert_eq!((text(&centre, "kind"), centre["parent_id"].is_string()), ("rehabilitation_centre", true));
    // 003 L46–47: a co-executor, the police and a newspaper, from the first day of the project on.
    let company = partners("КомпаниЯ");
    let roles = ["co_executor", "information_support", "organisational_support"];
    assert_eq!((words(&company, "role"), company.len()), (roles.into(), 3));
    assert_eq!(words(&company, "starts_on"), ["2015-09-01"].into());
    // 003 L25: the award is that of the project, and gave a course and an internship.
    let awards = get("/awards?limit=200");
    let waltz = project("Вальс Победы");
    let own = with(awards.items(), "project_id", text(&waltz, "id"));
    let [award] = own.as_slice() else { panic!("{}", awards.text) };
    assert!(text(award, "category").starts_with("Эстафета памяти") && award["prize"].is_string());
    let trainings = shown.get("omsk.director", "/specialist-trainings");
    assert_eq!(words(trainings.items(), "kind"), ["course", "internship"].into());
    // 003 L38: the day of the services is a part of an umbrella.
    let fairs = get("/events?kind=service_fair");
    assert_eq!(fairs.items()[0]["project_id"], project("Милосердие")["id"]);
}

#[test]
fn the_demonstration_finds_a_round_table_by_the_organization_that_took_part() {
    let shown = shown();
    let tables = shown.get("analyst", "/events?kind=round_table&from=2015-04-01&to=2015-04-30");
    let [table] = tables.items().as_slice() else { panic!("{}", tables.text) };
    let versions = format!("/events/{}/event-attendances", text(table, "id"));
    let versions = shown.get("omsk.director", &versions);
    let guests = rows(&versions.items()[0], "organization_ids");
    let [guest] = guests.as_slice() else { panic!("{}", versions.text) };
    let guest = guest.as_str().expect("an id");
    let asked = format!("/events/attendance?from=2015-01-01&to=2015-12-31&partner_id={guest}");
    let found = shown.get("analyst", &asked).body;
    assert_eq!(words(rows(&found, "rows"), "event_id"), [text(table, "id")].into());
}

#[test]
fn the_demonstration_tells_tasks_of_plans_projects_ideas_and_the_charter() {
    let shown = shown();
    let states = |who: &str, kind: &str| {
        let tasks = shown.get(who, &format!("/tasks?source_kind={kind}"));
        tasks.items().iter().map(|it| text(it, "state").to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(states("omsk.director", "action_plan"), ["done"], "003 L7");
    assert_eq!(states("omsk.director", "project"), ["done"]);
    assert_eq!(states("omsk.director", "idea"), ["open"]);
    assert_eq!(states("centre.director", "unit"), ["open"], "the charter of the resource centre");
    let of_plan: BTreeSet<String> = states("minister", "action_plan").into_iter().collect();
    assert_eq!(of_plan, ["done".to_owned(), "reported".to_owned()].into());
}

#[test]
fn the_nomination_of_the_demonstration_stays_a_draft_for_nobody_has_consented() {
    let shown = shown();
    let drafts = shown.get("specialist", "/nominations?state=draft");
    let [nomination] = drafts.items().as_slice() else { panic!("{}", drafts.text) };
    assert_eq!(text(nomination, "category"), "Преодоление");
    let today = shown.get("specialist", "/me").body["today"].clone();
    let path = format!("/nominations/{}/sending", Reply::id_of(nomination));
    let sent = shown.client().post(&shown.login("specialist"), &path, json!({"sent_on": today}));
    sent.refused(409, "nomination.no_consent");
}
