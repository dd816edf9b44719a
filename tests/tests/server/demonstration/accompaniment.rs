//! Accompaniment and help in the demonstration region, in the numbers of its story.
use super::{Shown, day, rows, shown, text, words};
use chrono::{DateTime, TimeDelta};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use tests::Reply;

impl Shown {
    /// The case of somebody of that family name.
    fn case(&self, family_name: &str) -> Value {
        let cases = self.get("specialist", "/cases?limit=200");
        let is_theirs = |it: &&Value| text(it, "beneficiary_name").starts_with(family_name);
        cases.items().iter().find(is_theirs).expect("the case").clone()
    }
    fn of_case(&self, family_name: &str, what: &str) -> Reply {
        self.get("specialist", &format!("/cases/{}/{what}", Reply::id_of(&self.case(family_name))))
    }
    fn of_person(&self, family_name: &str, what: &str) -> Reply {
        let case = self.case(family_name);
        self.get("specialist", &format!("/beneficiaries/{}/{what}", text(&case, "beneficiary_id")))
    }
}

#[test]
fn the_demonstration_shows_a_case_in_each_stage_and_a_contract_that_ends_in_a_hundred_days() {
    let shown = shown();
    let cases = shown.get("specialist", "/cases?limit=200");
    let stages = ["accompaniment", "hardship_help", "monitoring", "preparation"];
    assert_eq!(words(cases.items(), "stage"), stages.into());
    let of = ["Соколова", "Рябов", "Чернов", "Семья Гуровых"].map(|it| shown.case(it)["stage"].clone());
    assert_eq!(of, ["preparation", "accompaniment", "monitoring", "hardship_help"].map(Value::from));
    let snapshots = shown.of_case("Чернов", "snapshots");
    let [snapshot] = snapshots.items().as_slice() else { panic!("{}", snapshots.text) };
    assert_eq!(text(snapshot, "tenure"), "special_rent");
    // It was taken twenty days ago.
    assert_eq!(day(snapshot, "contract_until") - day(snapshot, "taken_on"), TimeDelta::days(120));
    let ending = shown.get("specialist", "/cases?housing_contract_ending=true");
    assert_eq!(ending.ids(), [Reply::id_of(&shown.case("Чернов"))]);
}

#[test]
fn the_demonstration_shows_somebody_who_turned_23_ten_days_ago_and_whom_nobody_reaches() {
    let shown = shown();
    let losev = shown.case("Лосев");
    let [review] = rows(&losev, "reviews_due").as_slice() else { panic!("{losev}") };
    assert_eq!((text(review, "kind"), &review["is_overdue"]), ("closing", &json!(false)));
    assert_eq!(day(review, "due_on") - day(review, "anchor_on"), TimeDelta::days(30));
    let snapshots = shown.of_case("Лосев", "snapshots?in_touch=unreachable");
    let [snapshot] = snapshots.items().as_slice() else { panic!("{}", snapshots.text) };
    // It was taken two days ago.
    assert_eq!(day(snapshot, "taken_on") - day(review, "anchor_on"), TimeDelta::days(8));
    assert!(snapshot["tenure"].is_null() && snapshot["activity"].is_null(), "{snapshot}");
    assert!(losev["last_snapshot_on"].is_null(), "an attempt is no snapshot of a life");
    let everybody = shown.get("specialist", "/cases?limit=200");
    let of_all = everybody.ids().into_iter().map(|case| {
        shown.get("specialist", &format!("/cases/{case}/snapshots?in_touch=unreachable")).items().len()
    });
    assert_eq!(of_all.sum::<usize>(), 1);
}

#[test]
fn the_demonstration_shows_somebody_whom_a_home_has_handed_over_with_his_mentorship() {
    let shown = shown();
    let left = shown.get("home.director", "/case-transfers");
    let [transfer] = left.items().as_slice() else { panic!("{}", left.text) };
    assert_eq!((text(transfer, "state"), text(transfer, "reason")), ("accepted", "left_care"));
    let former = shown.get("home.director", &format!("/cases/{}", text(transfer, "case_id"))).body;
    assert_eq!((text(&former, "state"), text(&former, "closing_reason")), ("closed", "transferred"));
    let cases = shown.get("centre.specialist", "/cases");
    let [case] = cases.items().as_slice() else { panic!("{}", cases.text) };
    assert_eq!(text(case, "beneficiary_name"), "Дугаров Аюр Саянович");
    assert_eq!((&case["id"], &case["continues_id"]), (&transfer["next_case_id"], &former["id"]));
    assert_eq!((&case["stage"], &case["opened_on"]), (&former["stage"], &former["closed_on"]));
    let pairs = shown.get("centre.specialist", "/mentorships");
    let [pair] = pairs.items().as_slice() else { panic!("{}", pairs.text) };
    assert_eq!(rows(transfer, "mentorship_ids"), &[pair["id"].clone()]);
    assert_eq!((text(pair, "state"), &pair["organization_id"]), ("active", &case["organization_id"]));
    let told = shown.get("centre.specialist", &format!("/mentorships/{}/history", Reply::id_of(pair)));
    assert!(told.kinds().iter().any(|it| *it == "mentorship.handed_over"), "{}", told.text);
}

#[test]
fn the_demonstration_shows_a_consilium_of_three_cases_with_a_dissent_and_a_proposed_transfer() {
    let shown = shown();
    let closed = shown.get("director", "/consilia?state=closed");
    let consilium = closed.items().iter().find(|it| it["protocol_number"] == "2").expect("the consilium");
    assert_eq!(rows(consilium, "present").len(), 4);
    let protocol = shown.get("director", &format!("/consilia/{}/protocol", Reply::id_of(consilium))).body;
    let items = rows(&protocol, "items").iter();
    let items = items.map(|it| {
        (text(it, "kind"), text(it, "state"), it["is_carried"].as_bool(), rows(it, "dissents").len())
    });
    let expected = [
        ("transition", "resolved", Some(true), 0),
        ("primary", "resolved", Some(true), 1),
        ("scheduled", "postponed", None, 0),
    ];
    assert_eq!(items.collect::<Vec<_>>(), expected);
    assert_eq!(text(&protocol["items"][1]["dissents"][0], "text"), "Пробы стоило начать раньше.");
    let chernov = shown.case("Чернов");
    assert_eq!(day(&chernov, "stage_since"), day(consilium, "closed_on"), "the closing has moved him");
    let tasks = shown.get("head", &format!("/tasks?case_id={}", Reply::id_of(&shown.case("Соколова"))));
    assert!(tasks.items().iter().any(|it| it["kind"] == "consilium_decision"), "{}", tasks.text);
    let transfers = shown.get("director", "/case-transfers");
    let [transfer] = transfers.items().as_slice() else { panic!("{}", transfers.text) };
    assert_eq!((text(transfer, "state"), &transfer["parts"]), ("proposed", &json!(["identity", "life"])));
}

#[test]
fn the_demonstration_shows_a_route_in_two_versions_and_a_plan_that_the_guardianship_has_returned() {
    let shown = shown();
    let plans = shown.of_person("Соколова", "plans?limit=200");
    let versions = |kind: &str| {
        let plan = plans.items().iter().find(|it| it["kind"] == kind).expect("the plan");
        rows(plan, "versions").clone()
    };
    let states = |kind: &str| {
        let state = |it: &Value| (it["number"].as_i64().expect("a number"), text(it, "state").to_owned());
        versions(kind).iter().map(state).collect::<BTreeSet<_>>()
    };
    let told = |all: &[(i64, &str)]| all.iter().map(|it| (it.0, it.1.to_owned())).collect::<BTreeSet<_>>();
    assert_eq!(states("route"), told(&[(1, "returned"), (2, "submitted")]));
    assert_eq!(states("development_placement"), told(&[(1, "returned")]));
    assert_eq!(states("life_plan"), told(&[(1, "submitted")]));
    let both: Vec<String> = versions("route").iter().map(Reply::id_of).collect();
    let [second, first] = both.as_slice() else { panic!("two versions: {both:?}") };
    let comparison = shown.get("specialist", &format!("/plan-versions/{second}/comparison?with={first}"));
    for goal in ["Поступить в техникум", "Поступить в аграрный техникум"]
    {
        assert!(comparison.text.contains(goal), "{goal}: {}", comparison.text);
    }
    let returned = Reply::id_of(&versions("development_placement")[0]);
    let returned = shown.get("specialist", &format!("/plan-versions/{returned}")).body;
    assert_eq!(text(&returned, "return_reason"), "Не сказано, с кем из родственников поддерживать связь.");
    let sokolova = shown.case("Соколова");
    let pairs = format!("/mentorships?limit=200&beneficiary_id={}", text(&sokolova, "beneficiary_id"));
    let pairs = shown.get("specialist", &pairs);
    let waits = pairs.items().iter().find(|it| it["awaits"] == "life_plan").expect("the pair that waits");
    assert_eq!((text(waits, "state"), &waits["held_meetings"]), ("active", &json!(6)));
}

#[test]
fn the_demonstration_shows_readiness_before_and_after_and_modules_that_were_credited_passed_and_waived() {
    let shown = shown();
    let comparison = shown.of_person("Соколова", "assessment-comparison?scale=readiness").body;
    let [rater] = rows(&comparison, "raters").as_slice() else { panic!("{comparison}") };
    assert_eq!((text(rater, "rater"), &rater["total"]["is_better"]), ("specialist", &json!(true)));
    assert!(rows(rater, "domains").iter().all(|it| it["change"].as_f64() > Some(0.0)), "{rater}");
    assert_eq!(shown.of_person("Соколова", "assessments").items().len(), 3, "she has rated herself too");
    let enrolments = shown.of_person("Соколова", "living-enrolments");
    let [enrolment] = enrolments.items().as_slice() else { panic!("{}", enrolments.text) };
    let module = |code: &str| {
        let all = rows(enrolment, "modules");
        let found = all.iter().find(|it| it["code"] == code).expect("the module");
        (text(found, "state").to_owned(), found["hours"].as_i64())
    };
    assert_eq!(module("household").0, "credited");
    assert_eq!(module("money"), ("passed".to_owned(), Some(18)));
    assert_eq!(module("law"), ("in_progress".to_owned(), Some(6)));
    assert_eq!(module("housing").0, "waived", "by the primary item of the consilium");
}

#[test]
fn the_demonstration_shows_ten_months_one_signed_late_one_corrected_and_one_with_a_late_entry() {
    let shown = shown();
    let months = shown.of_case("Рябов", "monthly-records?limit=200");
    assert!(months.items().len() >= 10, "{}", months.text);
    // That of the last month is signed on the third day of this one.
    let signed = &months.items()[2..=9];
    assert!(signed.iter().all(|it| it["state"] == "signed"), "{}", months.text);
    let is_late = |it: &Value| &text(it, "signed_at")[..10] > text(it, "due_on");
    let late: Vec<usize> = (2..=9).filter(|n| is_late(&months.items()[*n])).collect();
    assert_eq!(late, [4]);
    let record = |months_ago: usize| {
        shown
            .of_case("Рябов", &format!("monthly-records/{}", text(&months.items()[months_ago], "month")))
            .body
    };
    let corrected: Vec<usize> = (2..=9).filter(|n| !rows(&record(*n), "corrections").is_empty()).collect();
    assert_eq!(corrected, [5]);
    let entries = |it: &Value, member: &str| {
        rows(it, member)
            .iter()
            .map(|it| (it["change"].clone(), it["item"]["kind"].clone()))
            .collect::<Vec<_>>()
    };
    let contact = vec![(json!("added"), json!("contact"))];
    assert_eq!(entries(&record(3), "since_signed"), contact);
    assert_eq!(entries(&record(2), "late_entries"), contact);
    let waiting = shown.get("specialist", "/monthly-records?state=late,draft&limit=200");
    assert!(!waiting.items().is_empty(), "the months of the others wait");
}

#[test]
fn the_demonstration_shows_an_individual_programme_with_a_mark_and_a_service_of_another_organization() {
    let shown = shown();
    let programmes = shown.of_case("Чернов", "service-programmes").body;
    let [programme] = rows(&programmes, "items").as_slice() else { panic!("{programmes}") };
    assert_eq!((text(programme, "number"), &programme["marked"]), ("17-2026", &json!(1)));
    let lines: BTreeSet<(&str, &str, Option<i64>)> = rows(programme, "lines")
        .iter()
        .map(|it| (text(it, "mark"), text(it, "state"), it["volume"].as_i64()))
        .collect();
    assert_eq!(lines, [("done", "met", Some(1)), ("", "in_work", Some(6))].into());
    assert_eq!(shown.of_case("Чернов", "service-deliveries").items().len(), 2);
    let fund = "БФ «Мост поколений»";
    let deliveries = shown.of_case("Соколова", "service-deliveries");
    assert_eq!(words(deliveries.items(), "provider_organization_name"), [fund].into());
    let team = shown.of_case("Соколова", "team-members");
    let member = team.items().iter().find(|it| it["role"] == "psychologist").expect("the psychologist");
    let parts = json!(["identity", "life", "help", "records"]);
    assert_eq!((text(member, "level"), &member["parts"]), ("contribute", &parts));
    assert_eq!(team.items().len(), 2, "with the head of the unit");
}

#[test]
fn the_demonstration_shows_forty_food_kits_in_and_thirty_one_out_and_a_passport_that_was_received() {
    let shown = shown();
    let organization = shown.case("Чернов")["organization_id"].clone();
    let stock = format!("/organizations/{}/stock-items", organization.as_str().expect("an id"));
    let stock = shown.get("head", &stock);
    let kits = stock.items().iter().find(|it| it["name"] == "Продуктовый набор").expect("the kits");
    assert_eq!(kits["balance"], 9);
    let moved =
        shown.get("head", &format!("/stock-movements?limit=200&stock_item_id={}", Reply::id_of(kits)));
    let sum = |direction: &str| -> i64 {
        let those = moved.items().iter().filter(|it| it["direction"] == direction);
        those.filter_map(|it| it["quantity"].as_i64()).sum()
    };
    assert_eq!((sum("in"), sum("out")), (40, 31));
    let gifts = shown.get("head", "/emergency-aids?kind=food_kit");
    let known = gifts.items().iter().filter(|it| text(it, "beneficiary_name").starts_with("Чернов")).count();
    let described = gifts.items().iter().filter(|it| text(it, "described").contains("на вокзале")).count();
    assert_eq!((gifts.items().len(), known, described), (2, 1, 1));
    let document = |of: &str| {
        let all = shown.of_case(of, "document-assistance");
        let [one] = all.items().as_slice() else { panic!("{}", all.text) };
        (text(one, "kind").to_owned(), text(one, "state").to_owned())
    };
    assert_eq!(document("Чернов"), ("passport".to_owned(), "received".to_owned()));
    assert_eq!(document("Рябов"), ("registration".to_owned(), "needed".to_owned()));
}

#[test]
fn the_demonstration_shows_an_accepted_and_a_rejected_referral_and_three_requests_for_help() {
    let shown = shown();
    let referrals = shown.get("director", "/referrals?direction=out");
    assert_eq!(
        (referrals.items().len(), words(referrals.items(), "state")),
        (2, ["accepted", "rejected"].into())
    );
    let rejected = referrals.items().iter().find(|it| it["state"] == "rejected").expect("the rejected one");
    assert_eq!(rejected["answer_reason"], "not_competent");
    let requests = shown.get("admin", "/intake-requests");
    let told: BTreeSet<(&str, &str, Option<bool>)> = requests
        .items()
        .iter()
        .map(|it| (text(it, "source"), text(it, "state"), it["danger_to_child"].as_bool()))
        .collect();
    let expected = [
        ("neighbour", "no_need", Some(false)),
        ("ngo", "accepted", Some(false)),
        ("school", "received", Some(true)),
    ];
    assert_eq!(told, expected.into());
    let of_ngo = requests.items().iter().find(|it| it["source"] == "ngo").expect("that of a foundation");
    let of_ngo = shown.get("specialist", &format!("/intake-requests/{}", Reply::id_of(of_ngo))).body;
    assert_eq!(of_ngo["case_id"], shown.case("Семья Гуровых")["id"]);
    let offers = shown.get("specialist", "/service-offers?limit=200");
    assert!(offers.items().iter().any(|it| it["name"] == "Психологическая помощь подросткам"));
}

#[test]
fn the_demonstration_shows_a_call_at_night_that_the_head_took_and_a_false_alarm() {
    let shown = shown();
    let crises = shown.get("head", "/crises");
    let one = |state: &str| {
        let found = crises.items().iter().find(|it| it["state"] == state).expect("the crisis");
        shown.get("head", &format!("/crises/{}", Reply::id_of(found))).body
    };
    assert_eq!(crises.items().len(), 2);
    let (night, alarm) = (one("resolved"), one("false_alarm"));
    let moment = |member: &str| text(&night, member).parse::<DateTime<chrono::Utc>>().expect("a moment");
    let (called, taken) = (moment("reported_at"), moment("acknowledged_at"));
    // 23:40 in Irkutsk, eight hours ahead.
    assert_eq!(
        (called.format("%H:%M").to_string().as_str(), taken - called),
        ("15:40", TimeDelta::minutes(24))
    );
    let head = shown.get("head", "/me").body["user"]["id"].clone();
    let call = rows(&night, "calls").iter().find(|it| it["user_id"] == head).expect("the call of the head");
    assert_eq!(call["level"], 2, "the specialist slept");
    assert_eq!((&night["acknowledged_by_user_id"], text(&night, "outcome")), (&head, "safe"));
    assert_eq!((rows(&night, "actions").len(), rows(&night, "findings").len()), (2, 1));
    assert_eq!((text(&alarm, "kind"), rows(&alarm, "actions").len()), ("other", 1));
}

#[test]
fn the_demonstration_shows_twelve_beds_in_four_rooms_and_six_training_apartments_that_were_four() {
    let shown = shown();
    let get = |path: &str| shown.get("specialist", path);
    let hotels = get("/facilities?kind=social_hotel");
    let [hotel] = hotels.items().as_slice() else { panic!("{}", hotels.text) };
    let rooms = get(&format!("/facilities/{}/rooms", Reply::id_of(hotel)));
    let beds = rooms.ids().iter().map(|it| get(&format!("/rooms/{it}/beds")).items().len()).sum::<usize>();
    assert_eq!((rooms.items().len(), beds), (4, 12));
    let apartments = get("/facilities?kind=training_apartment&limit=200");
    let of_old = apartments.items().iter().filter(|it| text(it, "opened_on") < "2019").count();
    assert_eq!((apartments.items().len(), of_old), (6, 4));

    let stays = get("/stays?limit=200");
    let mut states: Vec<&str> = stays.items().iter().map(|it| text(it, "state")).collect();
    states.sort_unstable();
    assert_eq!(states, ["arrived", "arrived", "departed", "departed", "no_show", "reserved"]);
    let slept = stays.items().iter().filter(|it| !it["arrived_at"].is_null());
    let months: BTreeSet<&str> = slept.map(|it| &text(it, "from_on")[..7]).collect();
    assert!(months.len() >= 3, "{months:?}");
    for month in months {
        let told = get(&format!("/facilities/{}/occupancy?month={month}", Reply::id_of(hotel))).body;
        let count = |member: &str| told[member].as_i64().expect("a number");
        assert!((count("beds"), count("slept") > 0) == (12, true), "{told}");
        let all = ["slept", "reserved", "offered", "missed", "blocked", "free"].map(count);
        assert_eq!(all.iter().sum::<i64>(), count("bed_nights"), "{told}");
    }
    let (blocks, requests) = (get("/bed-blocks"), get("/place-requests"));
    assert_eq!((blocks.items().len(), requests.items().len()), (1, 1));
}

#[test]
fn the_demonstration_shows_somebody_who_was_entered_twice_and_a_namesake_who_is_another_person() {
    let shown = shown();
    let get = |path: &str| shown.get("admin", path);
    let merges = get("/register-merges?in_force=true");
    let [merge] = merges.items().as_slice() else { panic!("{}", merges.text) };
    let names = ["beneficiary_name", "other_beneficiary_name"].map(|it| text(merge, it));
    assert_eq!(names, ["Рябов Артём Игоревич", "Рябов Артем Игоревич"]);
    let pairs = get("/register-candidates?limit=200");
    let states = words(pairs.items(), "state");
    assert!(states.contains("merged") && states.contains("distinct"), "{}", pairs.text);
    let searches = get("/register-searches");
    let [search] = searches.items().as_slice() else { panic!("{}", searches.text) };
    assert!(search["found"].as_i64() >= Some(1), "{search}");
}
