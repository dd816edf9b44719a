use super::raw::Raw;
use super::{info, on_engine, on_sqlite, open, open_at};
use domain::base::id::{MentorshipId, ProgramId};
use domain::base::moment::Moment;
use domain::people::{Person, PersonForm};
use domain::region::programs::{Edition, Program, shipped};
use persistence::db::Region;
use persistence::db::migrate::{self, ALL, text};
use persistence::engine::failure::Failure;
use persistence::mentors;
use persistence::mentorships::regularity;
use persistence::people;
use persistence::region::programs;
use persistence::tx::{Actor, Tx};
use serde_json::json;
use std::sync::Arc;
use uuid::Uuid;

const SHAPE_OF_SQLITE: &str = "SELECT type || ' ' || name || ' ' || coalesce(sql, '') FROM sqlite_master WHERE name NOT LIKE 'sqlite_stat%'";
const SHAPE_OF_POSTGRESQL: &str = "SELECT table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable || ' ' || coalesce(collation_name, '') \
     FROM information_schema.columns WHERE table_schema = current_schema() \
     UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = current_schema() \
     UNION ALL SELECT conname || ' ' || pg_get_constraintdef(c.oid) FROM pg_constraint c \
     JOIN pg_namespace n ON n.oid = c.connamespace WHERE n.nspname = current_schema()";

/// Every table, column, index and constraint, as the engine reports them.
async fn shape(region: &Region, raw: &Raw) -> Vec<String> {
    let sql = if region.is_postgres() { SHAPE_OF_POSTGRESQL } else { SHAPE_OF_SQLITE };
    let mut lines = raw.lines(sql).await;
    lines.sort();
    lines
}

#[test]
fn the_way_back_exists_and_leads_to_where_one_came_from() {
    on_engine(async |url| {
        let db = open(url);
        let region = db.add_region(info("back", "Europe/Moscow"), persistence::db::empty).await.unwrap();
        let raw = Raw::of(&region, url).await;
        let first = shape(&region, &raw).await;
        assert!(first.len() > 30, "{first:?}");
        migrate::down(&region).await.unwrap();
        assert_eq!(shape(&region, &raw).await, Vec::<String>::new(), "the way back leaves nothing");
        migrate::up(&region).await.unwrap();
        assert_eq!(shape(&region, &raw).await, first);
        migrate::up(&region).await.unwrap();
        db.remove_region(region.code()).await.unwrap();
    });
}

/// Rows that the migration of the course must carry in both directions: a removed mentor, a pause, a replacement, a
/// withdrawal.
fn rows(is_postgres: bool) -> String {
    let id = |n: u8| match is_postgres {
        false => format!("X'{n:032x}'"),
        true => format!("'00000000-0000-0000-0000-{n:012x}'::uuid"),
    };
    let (off, now, no) = match is_postgres {
        false => ("PRAGMA defer_foreign_keys = ON;", "0", "0"),
        true => ("SET LOCAL session_replication_role = replica;", "'2026-01-01'", "false"),
    };
    let one = id(1);
    let mut sql = format!(
        "{off} INSERT INTO mentors (id, version, person_id, organization_id, application_id, approved_on, capacity, backgrounds, documents, created_at, updated_at)
          VALUES ({one}, 1, {one}, {one}, {one}, '2026-01-01', 1, '[]', '[]', {now}, {now});
         INSERT INTO removals (id, mentor_id, removed_on, order_number, order_date, recorded_at) VALUES ({one}, {one}, '2026-02-01', '34-l', '2026-01-31', {now});
         INSERT INTO pauses (id, mentorship_id, paused_on, reason, recorded_at) VALUES ({one}, {one}, '2026-02-01', 'illness', {now});
         INSERT INTO replacements VALUES ({two}, 'long_absence', {no});",
        two = id(2)
    );
    for (n, state, ground) in [
        (1, "paused", "NULL"),
        (2, "replaced", "NULL"),
        (3, "terminated", "'consent_withdrawn'"),
        (4, "active", "NULL"),
    ] {
        let ended = if state == "replaced" || state == "terminated" { "'2026-03-01'" } else { "NULL" };
        let id = id(n);
        sql += &format!(
            "INSERT INTO mentorships (id, version, program_id, edition_id, organization_id, beneficiary_id, mentor_id, state, proposed_on, planned_starts_on,
               lapses_after, mentor_accepted_on, recipient_accepted_on, starts_on, ends_on, ended_on, termination_ground, created_at, updated_at)
             VALUES ({id}, 1, {one}, {one}, {one}, {id}, {one}, '{state}', '2026-01-01', '2026-01-10', '2026-02-01', '2026-01-02', '2026-01-03',
               '2026-01-10', '2026-12-31', {ended}, {ground}, {now}, {now});"
        );
    }
    sql
}

const STATES: &str = "SELECT state || ' ' || coalesce(termination_ground, '') FROM mentorships ORDER BY id";

#[test]
fn the_course_of_mentorships_carries_what_is_on_record() {
    on_engine(async |url| {
        let db = open(url);
        let region = db.add_region(info("course", "Europe/Moscow"), persistence::db::empty).await.unwrap();
        let raw = Raw::of(&region, url).await;
        let course = ALL.iter().find(|it| it.name.ends_with("_course")).unwrap();
        // The rows refer to people who are not on record, so they are deleted at the end.
        raw.batch(&format!("BEGIN; {}", rows(region.is_postgres()))).await;
        raw.batch(&text(region.is_postgres(), course.down)).await;
        assert_eq!(
            raw.lines(STATES).await,
            ["active ", "terminated other_objective", "terminated other_objective", "active "]
        );
        let removed = "SELECT removal_order_number FROM mentors WHERE removed_on = '2026-02-01'";
        assert_eq!(raw.lines(removed).await, ["34-l"]);
        raw.batch(&text(region.is_postgres(), course.up)).await;
        let removed =
            "SELECT order_number FROM removals WHERE removed_on = '2026-02-01' AND lifted_on IS NULL";
        assert_eq!(raw.lines(removed).await, ["34-l"]);
        raw.batch("UPDATE mentorships SET state = 'paused' WHERE state = 'active'").await;
        assert!(raw.lines(STATES).await.contains(&"paused ".to_owned()), "the new words are known");
        if !region.is_postgres() {
            assert_eq!(raw.lines("PRAGMA integrity_check").await, ["ok"]);
        }
        raw.batch("ROLLBACK").await;
        db.remove_region(region.code()).await.unwrap();
    });
}

#[test]
fn a_semicolon_in_quotes_or_comments_ends_no_statement() {
    let all = migrate::statements(
        "-- a; b\nINSERT INTO t VALUES (';''');\n/* c; */ DELETE FROM \"x;y\"; ; -- d;\n",
    );
    assert_eq!(all, ["-- a; b\nINSERT INTO t VALUES (';''')", "\n/* c; */ DELETE FROM \"x;y\""]);
    assert!(ALL.iter().all(|it| !migrate::statements(&text(true, it.up)).is_empty()));
}

#[test]
fn what_fails_half_way_leaves_nothing_and_can_be_repeated() {
    on_engine(async |url| {
        let db = open(url);
        let region = db.add_region(info("halfway", "Europe/Moscow"), persistence::db::empty).await.unwrap();
        let raw = Raw::of(&region, url).await;
        // The later step finds its column there already, after the earlier one has done its work.
        const TWO: &str = "name IN ('0034_one_time_passwords', '0035_key_check')";
        raw.batch(&format!("DROP TABLE one_time_passwords; DELETE FROM schema_migrations WHERE {TWO}")).await;
        let failed = migrate::up(&region).await.unwrap_err().to_string();
        assert!(failed.contains("0035_key_check"), "{failed}");
        let done = &format!("SELECT name FROM schema_migrations WHERE {TWO}");
        assert_eq!(raw.lines(done).await, Vec::<String>::new());
        assert!(!shape(&region, &raw).await.iter().any(|it| it.contains("one_time_passwords")));
        raw.batch("ALTER TABLE region DROP COLUMN key_check").await;
        migrate::up(&region).await.unwrap();
        assert_eq!(raw.lines(done).await.len(), 2);
        db.remove_region(region.code()).await.unwrap();
    });
}

#[test]
fn a_making_that_fails_leaves_nothing() {
    on_engine(async |url| {
        let db = open(url);
        let fails = async |_: &mut Tx<'_>| Err(Failure::broken("it fails at the end"));
        assert!(db.add_region(info("failed", "Europe/Moscow"), fails).await.is_err());
        let made = db.add_region(info("failed", "Europe/Moscow"), persistence::db::empty).await.unwrap();
        db.remove_region(made.code()).await.unwrap();
    });
}

#[test]
fn a_program_older_than_its_database_refuses_to_start() {
    on_sqlite(async |url| {
        let region =
            open(url).add_region(info("older", "Europe/Moscow"), persistence::db::empty).await.unwrap();
        let raw = Raw::of(&region, url).await;
        raw.batch("INSERT INTO schema_migrations VALUES ('9999_from_the_future')").await;
        let refused = open(url).open().await.unwrap_err().to_string();
        assert!(refused.contains("older than its database"), "{refused}");
    });
}

/// Two mentorships that began before contacts were counted; the first pair has met once. The people are not on
/// record.
const BEFORE_CONTACTS: &str = "PRAGMA foreign_keys = OFF; DROP TABLE contacts; DELETE FROM schema_migrations WHERE name = '0014_contacts';
    INSERT INTO editions (id, program_id, number, effective_from, form, created_at) VALUES (X'00000000000000000000000000000005', X'00000000000000000000000000000009', 1, '2024-01-01',
      '{\"effective_from\":\"2024-01-01\",\"serves\":\"person\",\"completion\":{\"kind\":\"term\",\"max_months\":12},\"contact_deadline_days\":20}', 0);
    INSERT INTO mentorships (id, version, program_id, edition_id, organization_id, beneficiary_id, mentor_id, state, proposed_on, planned_starts_on, lapses_after,
      mentor_accepted_on, recipient_accepted_on, starts_on, ends_on, created_at, updated_at)
      SELECT it, 1, X'00000000000000000000000000000009', X'00000000000000000000000000000005', it, it, it, 'active', '2026-01-01', '2026-01-10', '2026-02-01',
        '2026-01-02', '2026-01-03', '2026-01-10', '2026-12-31', 0, 0
      FROM (SELECT X'00000000000000000000000000000001' AS it UNION SELECT X'00000000000000000000000000000002');
    INSERT INTO meetings (id, version, mentorship_id, state, at, planned_at, method, directions, online, began_at, minutes, held_directions, held_topic, created_at, updated_at)
      VALUES (X'00000000000000000000000000000003', 1, X'00000000000000000000000000000001', 'held', 1770000000000000, 1770000000000000, 'talk', '[]', 0, 1770000000000000, 60, '[]', 'x', 0, 0)";

#[test]
fn what_began_before_regularity_was_kept_gets_its_row() {
    on_sqlite(async |url| {
        let new = open(url);
        let region =
            new.add_region(info("contacts", "Asia/Kamchatka"), persistence::db::empty).await.unwrap();
        let raw = Raw::of(&region, url).await;
        raw.batch(BEFORE_CONTACTS).await;
        new.close().await;
        let db = open(url);
        db.open().await.unwrap();
        const DAYS: &str =
            "SELECT coalesce(last_on, 'never') || ' ' || due_on FROM contacts ORDER BY mentorship_id";
        // The local time of the meeting was 14:40 in Kamchatka.
        assert_eq!(raw.lines(DAYS).await, ["2026-02-02 2026-02-22", "never 2026-01-30"]);
        let silent = MentorshipId::from(Uuid::from_u128(2));
        let resume =
            async move |tx: &mut Tx<'_>| regularity::resume(tx, silent, "2026-03-01".parse().unwrap()).await;
        db.region(region.code()).unwrap().write(Actor::system("test"), resume).await.unwrap();
        assert_eq!(raw.lines(DAYS).await, ["2026-02-02 2026-02-22", "never 2026-03-21"]);
        db.close().await;
    });
}

#[test]
fn who_was_on_record_before_words_of_names_were_kept_gets_them() {
    on_engine(async |url| {
        let db = open(url);
        let region = db.add_region(info("names", "Europe/Moscow"), persistence::db::empty).await.unwrap();
        let raw = Raw::of(&region, url).await;
        let (id, now) = match region.is_postgres() {
            false => ("X'00000000000000000000000000000001'", "0"),
            true => ("'00000000-0000-0000-0000-000000000001'::uuid", "'2026-01-01'"),
        };
        raw.batch(&format!(
            "INSERT INTO people (id, version, family_name, given_name, name_key, birth_date, sex, private, created_at, updated_at)
               VALUES ({id}, 1, 'Ёж-Лис', 'Ия', 'еж лис ия', '1985-06-01', 'female', '', {now}, {now});
             INSERT INTO families (id, version, name, has_minor_children, hardship_causes, risk_flags, created_at, updated_at)
               VALUES ({id}, 1, 'Ели', true, '[]', '[]', {now}, {now});
             DROP TABLE name_words; DELETE FROM schema_migrations WHERE name = '0030_name_words'"
        ))
        .await;
        migrate::up(&region).await.unwrap();
        const WORDS: &str = "SELECT kind || ' ' || word FROM name_words WHERE length(word) > 2";
        let mut words = raw.lines(WORDS).await;
        words.sort();
        assert_eq!(words, ["family ели", "person ежлис", "person лис"]);
        db.remove_region(region.code()).await.unwrap();
    });
}

#[test]
fn who_was_on_record_before_people_were_compared_gets_the_keys() {
    on_engine(async |url| {
        let db = open(url);
        let region = db.add_region(info("keys", "Europe/Moscow"), persistence::db::empty).await.unwrap();
        let raw = Raw::of(&region, url).await;
        let girl = json!({"family_name": "Ёж", "given_name": "Ия", "patronymic": "Львовна", "birth_date": "1985-06-01",
            "sex": "female", "snils": null, "contacts": {"phones": ["+79123456789"]}, "documents": []});
        let girl: PersonForm = serde_json::from_value(girl).unwrap();
        let add = async move |tx: &mut Tx<'_>| {
            people::save_person_added(tx, Person::add(tx.mint(), &girl, tx.today())?).await?;
            people::save_person_added(tx, Person::add(tx.mint(), &girl, tx.today())?).await
        };
        region.write(Actor::system("test"), add).await.unwrap();
        let keys = match region.is_postgres() {
            false => "SELECT hex(key) || ' ' || hex(person_id) FROM match_keys ORDER BY key, person_id",
            true => "SELECT key || ' ' || person_id FROM match_keys ORDER BY key, person_id",
        };
        let kept = raw.lines(keys).await;
        assert_eq!(
            kept.len(),
            2 * 8,
            "five of names and birth, two with the patronymic, one of the telephone"
        );
        raw.batch("DROP TABLE match_keys; DELETE FROM schema_migrations WHERE name = '0078_match_keys'")
            .await;
        migrate::up(&region).await.unwrap();
        assert_eq!(raw.lines(keys).await, kept);
        db.remove_region(region.code()).await.unwrap();
    });
}

/// An application submitted on 20 February 2026 to the program with that id, as the previous version of the product
/// stored it.
fn left_behind(program: ProgramId) -> String {
    let id = |n: u8| format!("x'{}'", Uuid::from_u128(n.into()).simple());
    let program = Uuid::from(program).simple();
    let (organization, person, application) = (id(1), id(2), id(3));
    format!(
        "INSERT INTO organizations (id, version, kind, name, name_key, territory, focus_areas, contacts, created_at, updated_at)
           VALUES ({organization}, 1, 'ngo', 'Дом', 'дом', '25655000', '[]', '{{}}', 0, 0);
         INSERT INTO people (id, version, family_name, given_name, name_key, birth_date, sex, private, created_at, updated_at)
           VALUES ({person}, 1, 'Петрова', 'Мария', 'петрова', '1985-06-01', 'female', '', 0, 0);
         INSERT INTO mentor_applications (id, version, state, person_id, organization_id, program_id, statement, questionnaire,
           documents, submitted_on, created_at, updated_at)
           VALUES ({application}, 1, 'submitted', {person}, {organization}, x'{program}', '', '', '[]', '2026-02-20', 0, 0);"
    )
}

#[test]
fn what_was_submitted_before_deadlines_were_kept_gets_its_last_day() {
    on_sqlite(async |url| {
        let db = open_at(url, Arc::new(|| Moment::from_micros(1_772_000_000_000_000).unwrap()), &[]);
        let region = db.add_region(info("undated", "Europe/Moscow"), persistence::db::empty).await.unwrap();
        let enter = async |tx: &mut Tx<'_>| {
            let (form, edition) = shipped().remove(0);
            let added = Program::add(tx.mint(), &form);
            let program = added.value().clone();
            programs::save_added(tx, added).await?;
            let issued = Edition::issue(tx.mint(), &program, None, &edition)?;
            programs::save_issued(tx, issued).await?;
            Ok(program.id)
        };
        let program = region.write(Actor::system("test"), enter).await.unwrap();
        let raw = Raw::of(&region, url).await;
        raw.batch(&left_behind(program)).await;
        const DAY: &str = "SELECT coalesce(decide_by, 'none') FROM mentor_applications";
        assert_eq!(raw.lines(DAY).await, ["none"]);
        for _ in 0..2 {
            let date = async |tx: &mut Tx<'_>| mentors::applications::date(tx).await;
            region.write(Actor::system("clock"), date).await.unwrap();
            assert_eq!(raw.lines(DAY).await, ["2026-03-02"]);
        }
        db.close().await;
    });
}
