//! The screens of a frontend over the demonstration: each is painted after at most three calls, and every row that it shows is in
//! the answers. Logging in and catalogues are not counted.
use serde_json::Value;
use std::cell::RefCell;
use tests::{Account, Client, Installation};

/// Calls before a screen is painted, at most.
const CALLS: usize = 3;

/// A screen that somebody opens.
struct Screen<'c> {
    client: &'c Client,
    who: &'c Account,
    answers: RefCell<Vec<Value>>,
}

impl Screen<'_> {
    fn get(&self, path: &str) -> Value {
        let answer = self.client.get(self.who, path).expect(200).body;
        self.answers.borrow_mut().push(answer.clone());
        assert!(self.answers.borrow().len() <= CALLS, "{path} is one call too many");
        answer
    }
    /// The mentorship to which a row belongs, in some answer of the screen.
    fn pair_of(&self, row: &Value) -> Value {
        let id = row.get("mentorship_id").unwrap_or(&row["id"]);
        let all = self.answers.borrow();
        let mut found =
            all.iter().flat_map(rows).filter(|it| it["id"] == *id && it.get("mentor_name").is_some());
        found.next().cloned().unwrap_or_else(|| panic!("no names for {row}"))
    }
    /// The names of both sides of a pair, for each of these rows.
    fn all_named(&self, rows: &Value) {
        for row in rows.as_array().expect("rows") {
            has(&self.pair_of(row), &["beneficiary_name", "mentor_name", "state"]);
        }
    }
}

/// The rows of an answer: of a list, and of each part of an agenda.
fn rows(answer: &Value) -> Vec<&Value> {
    let parts = answer.as_object().into_iter().flatten().filter_map(|(_, it)| it.as_array());
    parts.flatten().collect()
}

#[track_caller]
fn has(row: &Value, members: &[&str]) {
    for it in members {
        assert!(!row[*it].is_null(), "{it} is not in {row:#}");
    }
}

#[track_caller]
fn some<'v>(answer: &'v Value, part: &str) -> &'v Vec<Value> {
    let all = answer[part].as_array().unwrap_or_else(|| panic!("{part} is not in {answer}"));
    assert!(!all.is_empty(), "the demonstration has no {part}");
    all
}

fn desk_of_a_specialist(it: &Screen<'_>) {
    has(&it.get("/me"), &["zone", "today", "region_name", "user"]);
    let agenda = it.get("/me/agenda?mine=true");
    let pairs = it.get("/mentorships?state=active,paused&mine=true");
    for pair in some(&pairs, "items") {
        has(
            pair,
            &["beneficiary_name", "mentor_name", "state", "ends_on", "held_meetings", "available_actions"],
        );
        assert!(pair["state"] == "paused" || !pair["meeting_due_on"].is_null(), "{pair}");
    }
    assert!(
        pairs["items"]
            .as_array()
            .expect("pairs")
            .iter()
            .any(|it| !it["next_meeting"]["planned_at"].is_null())
    );
    for part in ["meetings_today", "meetings_this_week", "meetings_to_record", "requests_open"] {
        it.all_named(&agenda[part]);
    }
    for row in agenda["applications_to_decide"].as_array().expect("applications") {
        has(row, &["person_name", "state", "submitted_on", "decide_by"]);
    }
}

/// Answers how many requests, reports and surveys it shows.
fn one_mentorship(it: &Screen<'_>, id: &str) -> [usize; 3] {
    let card = it.get(&format!("/mentorships/{id}?expand=meetings,requests,history"));
    has(&card, &["beneficiary_name", "mentor_name", "program_code", "consents", "starts_on", "ends_on"]);
    for meeting in some(&card, "meetings") {
        has(meeting, &["state", "at", "method", "topic", "available_actions"]);
    }
    let requests = card["requests"].as_array().expect("requests");
    requests.iter().for_each(|it| has(it, &["kind", "state", "party", "made_on"]));
    some(&card, "history").iter().for_each(|it| has(it, &["kind", "at"]));
    let people = it.get(&format!("/mentorships/{id}?expand=beneficiary,mentor,mentor_reports"));
    has(&people["beneficiary"], &["id", "category"]);
    has(&people["mentor"], &["id", "name", "documents"]);
    let reports = people["mentor_reports"].as_array().expect("reports");
    reports.iter().for_each(|it| has(it, &["report", "created_at"]));
    let surveys = it.get(&format!("/mentorships/{id}/surveys"));
    let surveys = surveys["items"].as_array().expect("surveys");
    surveys.iter().for_each(|it| has(it, &["survey", "created_at"]));
    [requests.len(), reports.len(), surveys.len()]
}

fn queue_of_a_director(it: &Screen<'_>) {
    has(&it.get("/me"), &["zone", "today"]);
    let agenda = it.get("/me/agenda");
    for row in some(&agenda, "applications_to_decide") {
        has(row, &["person_name", "state", "submitted_on", "decide_by", "available_actions"]);
        has(&row["screening"], &["as_of", "failed"]);
    }
    for row in some(&agenda, "mentorships_to_begin") {
        has(
            row,
            &["beneficiary_name", "mentor_name", "lapses_after", "consents_missing", "available_actions"],
        );
    }
    for part in ["mentorships_silent", "mentorships_ending", "requests_open"] {
        it.all_named(&agenda[part]);
    }
    has(&it.get("/mentor-applications/counts"), &["total", "counts"]);
}

fn telephone_of_a_mentor(it: &Screen<'_>) {
    has(&it.get("/me"), &["zone", "today"]);
    let agenda = it.get("/me/agenda");
    let pairs = it.get("/mentorships?state=active,paused");
    for pair in some(&pairs, "items") {
        has(pair, &["beneficiary_name", "state", "ends_on", "available_actions"]);
    }
    for part in ["meetings_today", "meetings_this_week", "meetings_to_record", "requests_open"] {
        it.all_named(&agenda[part]);
    }
}

fn a_round(it: &Screen<'_>, id: &str) {
    let round = it.get(&format!("/matching-rounds/{id}"));
    has(&round, &["state", "kind", "as_of", "result", "available_actions"]);
    for row in some(&it.get(&format!("/matching-rounds/{id}/proposals")), "items") {
        has(row, &["beneficiary_name", "mentor_name", "priority", "origin", "pair", "state"]);
    }
    for row in some(&it.get(&format!("/matching-rounds/{id}/left-out")), "items") {
        has(row, &["beneficiary_name", "priority", "reason", "detail"]);
    }
}

fn one_case(it: &Screen<'_>, id: &str) {
    let page = it.get(&format!("/cases/{id}/overview"));
    has(&page["case"], &["beneficiary_name", "stage", "opened_on", "available_actions"]);
    for part in ["contacts", "needs", "service_deliveries", "tasks", "plans", "monthly_records"] {
        assert!(page[part].is_array(), "{part} is not in {page}");
    }
    let team = it.get(&format!("/cases/{id}/team-members"));
    for member in team["items"].as_array().expect("members") {
        has(member, &["user_name", "role", "state", "since"]);
    }
}

fn plans_of_a_beneficiary(it: &Screen<'_>, id: &str) {
    let plans = it.get(&format!("/beneficiaries/{id}/plans"));
    let route = some(&plans, "items").iter().find(|it| it["kind"] == "route").expect("a route");
    has(route, &["state", "opened_on", "available_actions"]);
    let version = route["versions"][0]["id"].as_str().expect("a version");
    let version = it.get(&format!("/plan-versions/{version}"));
    has(&version, &["plan_name", "number", "state", "goals", "available_actions"]);
    let form = version["form_id"].as_str().expect("a form");
    has(&it.get(&format!("/plan-forms/{form}"))["layout"], &["sections"]);
}

#[test]
fn each_screen_of_the_demonstration_is_painted_after_three_calls() {
    let installation = Installation::demonstration();
    let process = installation.serve();
    let client = &process.client;
    let login = |who: &str| client.login_with("demo", who, api::demo::PASSWORD);
    let (specialist, director, mentor) = (login("specialist"), login("director"), login("mentor"));
    let open = |who| Screen { client, who, answers: RefCell::default() };
    desk_of_a_specialist(&open(&specialist));
    queue_of_a_director(&open(&director));
    telephone_of_a_mentor(&open(&mentor));
    // The screen is opened from a list that shows the row.
    let told = |path: &str| client.get(&specialist, path).expect(200).body["items"][0].clone();
    let id = |it: &Value, member: &str| it[member].as_str().expect("an id").to_owned();
    let [asking, reported] = ["/requests", "/mentor-reports"].map(|it| id(&told(it), "mentorship_id"));
    assert_eq!(one_mentorship(&open(&specialist), &asking), [1, 0, 0]);
    assert_eq!(one_mentorship(&open(&specialist), &reported), [0, 1, 1]);
    a_round(&open(&specialist), &id(&told("/matching-rounds?state=ready"), "id"));
    let cases = client.get(&specialist, "/cases?limit=200").expect(200);
    let is_hers = |it: &&Value| it["beneficiary_name"].as_str().is_some_and(|it| it.contains("Соколова"));
    let hers = cases.items().iter().find(is_hers).expect("a case");
    one_case(&open(&specialist), &id(hers, "id"));
    plans_of_a_beneficiary(&open(&specialist), &id(hers, "beneficiary_id"));
}
