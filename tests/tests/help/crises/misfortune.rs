//! Bad luck: a server that is killed, a night without a head, a child whose telephone tells a wrong time.
use super::*;
use tests::{Installation, PASSWORD, Process, postgres_url};
use tokio_postgres::NoTls;

/// Moves everything that is on record about crises into the past.
fn let_pass(installation: &Installation, minutes: i64) {
    let shift = |by: String| {
        let earlier = |column: &str| format!("{column} = {column} - {by}");
        let set = |table: &str, columns: &[&str]| {
            let all: Vec<String> = columns.iter().map(|it| earlier(it)).collect();
            format!("UPDATE {table} SET {};", all.join(", "))
        };
        [
            set("crises", &["reported_at", "acknowledge_by", "next_call_at"]),
            set("crisis_courses", &["counted_from"]),
            set("crisis_calls", &["due_at", "called_at"]),
        ]
        .concat()
    };
    match postgres_url() {
        None => {
            let file = installation.folder().join("regions").join(format!("{}.sqlite", installation.region));
            let conn = rusqlite::Connection::open(file).expect("a region's file");
            conn.execute_batch(&shift((minutes * 60_000_000).to_string())).expect("earlier moments");
        }
        Some(url) => actix_web::rt::System::new().block_on(async {
            let (client, socket) = tokio_postgres::connect(&url, NoTls).await.expect("a connection");
            actix_web::rt::spawn(socket);
            let path = format!("SET search_path = \"region_{}\";", installation.region);
            let sql = format!("{path}{}", shift(format!("interval '{minutes} minutes'")));
            client.batch_execute(&sql).await.expect("earlier moments");
        }),
    }
}

/// A server whose clock looks each second.
fn serve(installation: &Installation) -> Process {
    let mut command = installation.command();
    command.env("NASTAVNIK_REGIONS", &installation.region).args(["--clock-seconds", "1", "serve"]);
    installation.serve_with(command)
}

/// The levels that are on record as called, in the order of their calls, once so many are.
fn levels(process: &Process, installation: &Installation, crisis: &str, count: usize) -> Vec<Value> {
    let who = process.admin(installation);
    for _ in 0..150 {
        let told = process.client.get(&who, &format!("/crises/{crisis}/history")).expect(200);
        let mut levels: Vec<Value> = told
            .items()
            .iter()
            .filter(|it| it["kind"] == "crisis.escalated")
            .map(|it| it["details"][0]["value"].clone())
            .collect();
        if levels.len() >= count {
            levels.reverse();
            return levels;
        }
        tests::pairs::pause();
    }
    panic!("{count} levels are not called");
}

#[test]
fn kill_9_between_two_levels_calls_each_level_once_at_its_moment() {
    let installation = Installation::new();
    let first = serve(&installation);
    let admin = first.admin(&installation);
    let post = |who: &Account, path: &str, body: Value| first.client.post(who, path, body).expect(201).id();
    let office = json!({"kind": "social_service_agency", "name": "Центр", "territory": "25655000"});
    let organization = post(&admin, "/organizations", office);
    let staff = |role: &str| {
        let grants = json!([{"role": role, "organization_id": organization}]);
        let account = json!({"login": role, "name": "Сотрудник", "password": PASSWORD, "grants": grants});
        post(&admin, "/users", account);
        first.client.login_in(&installation.region, role)
    };
    let (director, _, specialist) = (staff("director"), staff("unit_head"), staff("support_specialist"));
    let person = json!({"family_name": "Морозова", "given_name": "Алёна", "birth_date": "2012-01-01", "sex": "female", "residence": "25655000"});
    let person = post(&director, "/people", person);
    let form = json!({"kind": "person", "person_id": person, "category": "orphan", "organization_id": organization, "territory": "25655000"});
    let beneficiary = post(&director, "/beneficiaries", form);
    let today = chrono::Utc::now().date_naive() - TimeDelta::days(1);
    let case = json!({"beneficiary_id": beneficiary, "organization_id": organization, "opened_on": today, "specialist_user_id": specialist.id});
    post(&director, "/cases", case);
    let form = json!({"beneficiary_id": beneficiary, "kind": "conflict", "text": "Кричат."});
    let crisis = post(&director, "/crises", form);
    first.kill();
    let_pass(&installation, 20);
    let second = serve(&installation);
    assert_eq!(levels(&second, &installation, &crisis, 1), ["2"]);
    second.kill();
    let_pass(&installation, 15);
    let third = serve(&installation);
    assert_eq!(levels(&third, &installation, &crisis, 2), ["2", "3"]);
    third.kill();
    let last = serve(&installation);
    for _ in 0..30 {
        tests::pairs::pause();
    }
    assert_eq!(levels(&last, &installation, &crisis, 2), ["2", "3"], "each once");
    let admin = last.admin(&installation);
    let card = last.client.get(&admin, &format!("/crises/{crisis}")).expect(200).body;
    let moment = |it: &Value| {
        it.as_str().expect("a moment").parse::<chrono::DateTime<chrono::Utc>>().expect("a moment")
    };
    let reported = moment(&card["reported_at"]);
    let calls = card["calls"].as_array().expect("calls");
    let at: Vec<_> = calls
        .iter()
        .map(|it| (it["level"].as_i64(), (moment(&it["since"]) - reported).num_minutes()))
        .collect();
    assert_eq!(at, [(Some(1), 0), (Some(2), 15), (Some(3), 30)]);
}

#[test]
fn a_call_at_twenty_to_midnight_with_no_active_head_comes_to_the_director_before_midnight_and_to_the_administrator_after()
 {
    let mut it = scene();
    // It is 09:00 in Moscow.
    it.pass(14 * 60 + 40);
    it.world.close_account(&it.head);
    let day = it.world.today();
    let crisis = it.report(&it.mentee, json!({}));
    // A closed account does not log in any more.
    let later = |it: &mut Scene, minutes: i64| {
        it.world.advance(TimeDelta::minutes(minutes));
        it.world.advance_days(0);
        it.director = it.world.again(&it.director);
    };
    later(&mut it, 14);
    assert!(it.waits(&it.director).is_empty());
    later(&mut it, 1);
    assert_eq!(it.waits(&it.director), [crisis.as_str()], "the level of the head is left out");
    assert!(it.waits(&it.world.admin()).is_empty());
    later(&mut it, 15);
    assert!(it.world.today() > day, "it is after midnight");
    assert_eq!(it.waits(&it.world.admin()), [crisis.as_str()]);
    it.take(&it.director, &crisis).expect(200);
    let calls = it.seen(&it.director, &crisis).expect(200).body["calls"].clone();
    let levels: Vec<_> = calls.as_array().expect("calls").iter().map(|it| it["level"].clone()).collect();
    assert_eq!(levels, [1, 3, 4]);
}

#[test]
fn a_call_of_a_person_or_a_mentor_is_not_refused_for_its_details() {
    let it = scene();
    let (_, foreign) = it.world.institution("Чужой центр");
    let codes = |it: &Reply| {
        let all = it.body["warnings"].as_array().cloned().unwrap_or_default();
        all.iter().map(|it| it["code"].as_str().expect("a code").to_owned()).collect::<Vec<_>>()
    };
    let call = |members: Value| it.try_report(&it.mentee, members).expect(201);
    assert!(codes(&call(json!({}))).is_empty());
    for id in [foreign.id.as_str(), it.case.as_str()] {
        for member in ["concerned_user_id", "concerned_person_id"] {
            let told = call(json!({"concerns": "other", member: id}));
            assert_eq!(codes(&told), ["field.reference"]);
            assert_eq!(told.body["warnings"][0]["pointer"], format!("/{member}"));
        }
    }
    let hidden = call(json!({"concerns": "staff", "concerned_user_id": foreign.id}));
    it.seen(&it.specialist, &hidden.id()).expect(404);
    let own = call(json!({"concerns": "other", "concerned_user_id": it.mentee.id}));
    assert_eq!(
        (codes(&own), own.body["progress"].clone()),
        (vec!["crisis.concerns_reporter".to_owned()], json!("heard"))
    );
    for (hours, told) in [(2, Value::Null), (0, json!(it.world.now()))] {
        let ahead: chrono::DateTime<chrono::Utc> = it.world.hour(hours).parse().expect("a moment");
        let ahead = (ahead + TimeDelta::minutes(3)).to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
        let late = call(json!({"happened_at": ahead}));
        assert_eq!(codes(&late), ["crisis.in_future"]);
        assert_eq!(it.seen(&it.specialist, &late.id()).expect(200).body["happened_at"], told);
    }
    let unborn = call(json!({"happened_at": "1900-01-01T12:00:00Z"}));
    assert_eq!(codes(&unborn).len(), 1, "{}", unborn.text);
    assert!(it.seen(&it.specialist, &unborn.id()).expect(200).body["happened_at"].is_null());
    let (world, pair) = World::paired();
    world.active(&pair);
    let mentor = world.mentor_account("mentor", &pair);
    let form = json!({"beneficiary_id": pair.beneficiary, "kind": "other", "text": "Х.", "concerns": "other",
        "concerned_user_id": pair.mentor, "happened_at": world.hour(5)});
    let told = world.post(&mentor, "/crises", form).expect(201);
    assert_eq!(codes(&told), ["crisis.in_future", "field.reference"]);
}
