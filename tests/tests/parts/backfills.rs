//! Migrations that fill new tables from the rows of before. The rows are inserted between the way back and the way up.
use super::raw::Raw;
use super::{info, on_engine, open};
use actix_web::rt::System;
use persistence::db::migrate::{ALL, text};
use serde_json::{Value, json};
use tests::World;

/// An engine, by the way in which it writes values.
#[derive(Clone, Copy)]
struct Engine {
    is_postgres: bool,
}

impl Engine {
    fn id(self, n: u8) -> String {
        if self.is_postgres { format!("'{}'::uuid", in_json(n)) } else { format!("X'{n:032x}'") }
    }
    fn now(self) -> &'static str {
        if self.is_postgres { "'2026-01-01'" } else { "0" }
    }
    /// The last two digits of an id in a column.
    fn end(self, column: &str) -> String {
        match self.is_postgres {
            false => format!("lower(substr(hex({column}), 31))"),
            true => format!("right({column}::text, 2)"),
        }
    }
}

fn in_json(n: u8) -> String {
    format!("00000000-0000-0000-0000-{n:012x}")
}

/// Goes back before a step, inserts rows, goes up again and looks. The rows refer to nothing on record, so nothing of it stays.
fn carried(region: &str, step: &str, rows: impl Fn(Engine) -> String, look: impl AsyncFn(&Raw, Engine)) {
    on_engine(async |url| {
        let db = open(url);
        let region = db.add_region(info(region, "Europe/Moscow"), persistence::db::empty).await.unwrap();
        let raw = Raw::of(&region, url).await;
        let engine = Engine { is_postgres: region.is_postgres() };
        let step = ALL.iter().find(|it| it.name == step).unwrap();
        let unchecked = match engine.is_postgres {
            false => "PRAGMA defer_foreign_keys = ON",
            true => "SET LOCAL session_replication_role = replica",
        };
        raw.batch(&format!("BEGIN; {unchecked}")).await;
        raw.batch(&text(engine.is_postgres, step.down)).await;
        raw.batch(&rows(engine)).await;
        raw.batch(&text(engine.is_postgres, step.up)).await;
        look(&raw, engine).await;
        raw.batch("ROLLBACK").await;
        db.remove_region(region.code()).await.unwrap();
    });
}

/// A question on an agenda of before, with these files. Without any, the member is absent.
fn question(files: &[u8]) -> String {
    let ids: Vec<String> = files.iter().map(|it| format!("\"{}\"", in_json(*it))).collect();
    let files = if ids.is_empty() { String::new() } else { format!(", \"file_ids\": [{}]", ids.join(", ")) };
    format!("{{\"question\": \"О ходе работы\", \"kind\": \"report\"{files}}}")
}

#[test]
fn the_files_of_meetings_of_before_are_kept_each_once() {
    let rows = |it: Engine| {
        let meeting = |n: u8, council: u8, agenda: &[&[u8]], protocol: Option<u8>| {
            let (id, council, keeper, now) = (it.id(n), it.id(council), it.id(0x31), it.now());
            let agenda: Vec<String> = agenda.iter().map(|files| question(files)).collect();
            let agenda = agenda.join(", ");
            let closed = match protocol {
                Some(file) => format!("'closed', {now}, '2026-01-01', '7', 'sealed', {}", it.id(file)),
                None => "'planned', NULL, NULL, NULL, NULL, NULL".to_owned(),
            };
            format!(
                "INSERT INTO council_meetings (id, version, council_id, organization_id, planned_at, online, absentee, agenda, seats, guests,
                   decision_rules, created_at, updated_at, state, began_at, held_on, number, protocol, protocol_file_id)
                 VALUES ({id}, 1, {council}, {keeper}, {now}, false, false, '[{agenda}]', '[]', '[]', 'null', {now}, {now}, {closed});"
            )
        };
        [
            meeting(1, 0x21, &[&[], &[0x11, 0x12, 0x11], &[0x11]], None),
            meeting(2, 0x21, &[&[0x13]], Some(0x13)),
            meeting(3, 0x22, &[&[]], Some(0x11)),
            meeting(4, 0x22, &[&[], &[]], None),
        ]
        .concat()
    };
    carried("agendas", "0092_council_files", rows, async |raw, it| {
        let [file, meeting, council] = ["file_id", "meeting_id", "council_id"].map(|column| it.end(column));
        let kept = format!(
            "SELECT {file} || ' ' || {meeting} || ' ' || {council} FROM council_meeting_files ORDER BY file_id, meeting_id"
        );
        assert_eq!(raw.lines(&kept).await, ["11 01 21", "11 03 22", "12 01 21", "13 02 21"]);
    });
}

#[test]
fn the_papers_of_agreements_of_before_are_kept_each_once() {
    let rows = |it: Engine| {
        let agreement = |n: u8,
                         signed: Option<u8>,
                         extended: &[u8],
                         (is_ended, ended): (bool, Option<u8>)| {
            let (id, keeper, now) = (it.id(n), it.id(0x31), it.now());
            let days = match signed {
                Some(file) => format!("'7', '2015-01-15', '2015-01-15', '2017-12-31', {}", it.id(file)),
                None => "NULL, NULL, NULL, NULL, NULL".to_owned(),
            };
            let extension = |file: &u8| {
                format!(
                    "{{\"ends_on\": \"2017-12-31\", \"signed_on\": \"2015-12-20\", \"file_id\": \"{}\"}}",
                    in_json(*file)
                )
            };
            let extensions: Vec<String> = extended.iter().map(extension).collect();
            let extensions = extensions.join(", ");
            let file = ended.map_or(String::new(), |it| format!(", \"file_id\": \"{}\"", in_json(it)));
            let end = match is_ended {
                true => {
                    format!("'2016-12-31', '{{\"ended_on\": \"2016-12-31\", \"ground\": \"mutual\"{file}}}'")
                }
                false => "NULL, NULL".to_owned(),
            };
            format!(
                "INSERT INTO agreements (id, version, organization_id, title, subject, sphere, partnership_level, parties, audiences, activities,
                   project_ids, act_ids, number, signed_on, starts_on, ends_on, file_id, extensions, ended_on, termination, created_at, updated_at)
                 VALUES ({id}, 1, {keeper}, 'О сотрудничестве', 'Помощь', 'mentoring', 'service', '[]', '[]', '[]', '[]', '[]',
                   {days}, '[{extensions}]', {end}, {now}, {now});"
            )
        };
        [
            agreement(1, Some(0x11), &[0x12, 0x11, 0x12], (true, Some(0x13))),
            agreement(2, Some(0x11), &[], (true, None)),
            agreement(3, None, &[], (false, None)),
        ]
        .concat()
    };
    carried("papers", "0111_agreement_files", rows, async |raw, it| {
        let [file, agreement] = ["file_id", "agreement_id"].map(|column| it.end(column));
        let all = "FROM agreement_files ORDER BY file_id, agreement_id";
        let kept = format!("SELECT {file} || ' ' || {agreement} {all}");
        assert_eq!(raw.lines(&kept).await, ["11 01", "11 02", "12 01", "13 01"]);
    });
}

#[test]
fn the_audiences_and_organizers_of_events_of_before_are_listed_each_once() {
    let rows = |it: Engine| {
        let event = |n: u8, organizer: u8, audiences: &str, others: &[u8]| {
            let (id, organizer, now) = (it.id(n), it.id(organizer), it.now());
            let others: Vec<String> = others.iter().map(|other| format!("\"{}\"", in_json(*other))).collect();
            let others = others.join(", ");
            format!(
                "INSERT INTO events (id, version, organization_id, title, kind, level, online, starts_on, technologies, audiences, programme,
                   co_organizer_ids, information_partner_ids, registration, state, created_at, updated_at)
                 VALUES ({id}, 1, {organizer}, 'Слёт', 'lecture', 'municipal', false, '2015-10-0{n}', '[]', '[{audiences}]', '[]',
                   '[{others}]', '[]', 'none', 'planned', {now}, {now});"
            )
        };
        [
            event(1, 0x31, "\"minors\", \"mentors\", \"minors\"", &[0x31, 0x32, 0x32]),
            event(2, 0x32, "\"minors\"", &[]),
            event(3, 0x32, "", &[0x33]),
        ]
        .concat()
    };
    carried("lists", "0093_event_lists", rows, async |raw, it| {
        let [event, organizer] = ["event_id", "organizer_id"].map(|column| it.end(column));
        let day = "CAST(listed_on AS TEXT)";
        let audiences = format!(
            "SELECT {event} || ' ' || audience || ' ' || {day} FROM event_audiences ORDER BY event_id, audience"
        );
        let listed = ["01 mentors 2015-10-01", "01 minors 2015-10-01", "02 minors 2015-10-02"];
        assert_eq!(raw.lines(&audiences).await, listed);
        let organizers = format!(
            "SELECT {event} || ' ' || {organizer} || ' ' || {day} FROM event_organizers ORDER BY event_id, organizer_id"
        );
        let listed = [
            "01 31 2015-10-01",
            "01 32 2015-10-01",
            "02 32 2015-10-02",
            "03 32 2015-10-03",
            "03 33 2015-10-03",
        ];
        assert_eq!(raw.lines(&organizers).await, listed);
    });
}

#[test]
fn who_was_removed_before_waits_no_more_under_any_record() {
    let rows = |it: Engine| {
        let (program, organization, now) = (it.id(0x41), it.id(0x31), it.now());
        let waits = |of: u8| {
            let of = it.id(of);
            format!("INSERT INTO waiting VALUES ({program}, {of}, {organization}, '2026-01-01');")
        };
        let entry = |of: u8, is_removed: bool| {
            let state = if is_removed { "'removed', '2026-01-15', 'other'" } else { "'active', NULL, NULL" };
            let id = it.id(of);
            format!(
                "INSERT INTO register_entries (id, version, beneficiary_id, number, created_at, updated_at, state, removed_on, removal_reason)
                 VALUES ({id}, 1, {id}, {of}, {now}, {now}, {state});"
            )
        };
        let record = |one: u8, other: u8, first: u8| {
            let [one, other, first] = [one, other, first].map(|n| it.id(n));
            format!("INSERT INTO person_records VALUES ({one}, {other}, {first});")
        };
        let merged = |first: u8, second: u8| {
            let pairs = [(first, first), (first, second), (second, first), (second, second)];
            pairs.map(|(one, other)| record(one, other, first)).concat()
        };
        let mut sql = [entry(1, true), entry(2, false)].concat();
        // The first record stands for all: one was removed with it, and another one is on the register by it.
        sql += &[entry(4, true), entry(3, false), merged(4, 3)].concat();
        sql += &[entry(6, false), entry(5, true), merged(6, 5)].concat();
        // A family has no entry.
        sql + &[1, 2, 3, 5, 7].map(waits).concat()
    };
    carried("removed", "0094_removed_waits", rows, async |raw, it| {
        let waits = format!("SELECT {} FROM waiting ORDER BY beneficiary_id", it.end("beneficiary_id"));
        assert_eq!(raw.lines(&waits).await, ["02", "05", "07"]);
    });
}

/// Puts a day of death on record as a version did that ended less with it, and has the step of today taken again.
fn died_before(world: &World, person: &str, died_on: &str) {
    System::new().block_on(async {
        let raw = Raw::of_world(world).await;
        let id = raw.id(person);
        raw.batch(&format!("UPDATE people SET died_on = '{died_on}' WHERE id = {id}")).await;
        if matches!(raw, Raw::Sqlite(_)) {
            // No column is dropped that a trigger names: this one of the watch.
            raw.batch("DROP TRIGGER IF EXISTS watch_success_stories_set").await;
        }
        raw.batch("ALTER TABLE success_stories DROP COLUMN channel").await;
        raw.batch("DELETE FROM schema_migrations WHERE name = '0098_story_channels'").await;
    });
    drop(world.beside(&[]));
}

#[test]
fn what_a_death_ends_is_ended_for_those_who_died_before_the_update() {
    let world = World::new();
    let (organization, director) = world.institution("Центр");
    let [person, other] = [(); 2].map(|()| world.person(&director, json!({})));
    let beneficiary = world.beneficiary(&director, &organization, &person);
    let entered = |path: &str, form: Value| {
        let id = world.post(&director, path, form).expect(201).id();
        format!("{path}/{id}")
    };
    let club = json!({"name": "Очаг", "kind": "social", "organization_id": organization, "host_id": organization, "opened_on": world.day(-100)});
    let club = world.post(&director, "/clubs", club).expect(201).id();
    let member = json!({"club_id": club, "person_id": person, "role": "member", "joined_on": world.day(-50)});
    let member = entered("/club-members", member);
    let event = json!({"organization_id": organization, "title": "Слёт", "kind": "lecture", "level": "municipal", "online": false,
        "starts_on": world.day(7), "audiences": ["minors"], "registration": "by_staff", "seats": 1});
    let event = world.post(&director, "/events", event).expect(201).id();
    let [seat, next] = [&person, &other].map(|it| {
        entered("/event-participants", json!({"event_id": event, "person_id": it, "audience": "minors"}))
    });
    let plan = format!("/plans/{}", world.plan(&director, &beneficiary, json!({"kind": "life_plan"})));
    let told = || {
        let asked = [(&member, "left_on"), (&seat, "state"), (&next, "state"), (&plan, "end_reason")];
        asked.map(|(path, it)| world.get(&director, path).expect(200).body[it].clone())
    };
    assert_eq!(told(), [Value::Null, json!("registered"), json!("waiting"), Value::Null]);
    died_before(&world, &person, &world.day(-1));
    let ended = [json!(world.day(-1)), json!("cancelled"), json!("registered"), json!("died")];
    assert_eq!(told(), ended);
    // Once more it changes nothing.
    died_before(&world, &person, &world.day(-1));
    assert_eq!(told(), ended);
    let history = world.get(&director, &format!("{member}/history")).expect(200);
    assert_eq!(history.kinds(), ["club_member.left", "club_member.joined"]);
}
