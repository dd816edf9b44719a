//! Migrations: one text for both engines, each applied once, under a lock.
use crate::db::Region;
use crate::engine::column::bind;
use crate::engine::conn::{Conn, db};
use crate::engine::failure::Failure;
use crate::mentorships::regularity;
use crate::tx::{Actor, Tx};
use diesel::prelude::*;

/// A step of the schema.
pub struct Migration {
    /// Its name, which orders it.
    pub name: &'static str,
    /// The way there.
    pub up: &'static str,
    /// The way back.
    pub down: &'static str,
}

macro_rules! migrations {
    ($($name:literal),+ $(,)?) => {
        /// Every step, in order.
        pub static ALL: &[Migration] = &[$(Migration {
            name: $name,
            up: include_str!(concat!("../../../migrations/", $name, "/up.sql")),
            down: include_str!(concat!("../../../migrations/", $name, "/down.sql")),
        }),+];
    };
}
migrations! {
    "0001_kernel",
    "0002_organizations",
    "0003_users",
    "0004_people",
    "0005_cases",
    "0006_programs",
    "0007_documents",
    "0008_mentors",
    "0009_mentorships",
    "0010_applications",
    "0011_annexes",
    "0012_case_problems",
    "0013_meetings",
    "0014_contacts",
    "0015_group_meetings",
    "0016_requests",
    "0017_feedback",
    "0018_surveys",
    "0019_reports",
    "0020_course",
    "0021_homework_reports",
    "0022_entrusted_files",
    "0023_consent_annexes",
    "0024_matching_profiles",
    "0025_joint_activities",
    "0026_jobs",
    "0027_matching_rounds",
}

use crate::engine::schema::schema_migrations;

/// Brings a region to the newest schema. A schema that this program does not know is left alone: the program is too old for it.
pub(crate) async fn up(region: &Region) -> Result<(), Failure> {
    region.prepare(STEPS).await?;
    region.write_alone(Actor::system("migrate"), async |tx: &mut Tx<'_>| apply(tx).await).await
}

/// The table of the steps done, which is also what writers wait for (`db.rs`): it stands before the first of them.
const STEPS: &str = "CREATE TABLE IF NOT EXISTS schema_migrations (name TEXT NOT NULL PRIMARY KEY)";

async fn apply(tx: &mut Tx<'_>) -> Result<(), Failure> {
    let done: Vec<String> = db!(
        tx,
        load,
        schema_migrations::table.select(schema_migrations::name).order(schema_migrations::name)
    )?;
    if let Some(unknown) = done.iter().find(|name| !ALL.iter().any(|it| it.name == *name)) {
        return Err(Failure::Broken(format!(
            "this program is older than its database, which has '{unknown}': install a newer one"
        )));
    }
    for step in ALL.iter().filter(|it| !done.iter().any(|name| name == it.name)) {
        let sql = text(&tx.conn, step.up);
        tx.conn.batch(&sql).await?;
        db!(
            tx,
            execute,
            diesel::insert_into(schema_migrations::table)
                .values(schema_migrations::name.eq(bind(step.name.to_owned())))
        )?;
    }
    // Adding days to a date is said differently by each engine: the rows of this step are made here.
    if done.iter().any(|name| name == CONTACTS) { Ok(()) } else { regularity::fill(tx).await }
}

/// The step since which contacts are counted.
const CONTACTS: &str = "0014_contacts";

/// Takes every step back, the last first. For rehearsing that the way back exists.
pub async fn down(region: &Region) -> Result<(), Failure> {
    let back = async |tx: &mut Tx<'_>| {
        for step in ALL.iter().rev() {
            let sql = text(&tx.conn, step.down);
            tx.conn.batch(&sql).await?;
        }
        Ok(tx.conn.batch("DROP TABLE schema_migrations").await?)
    };
    region.write_alone(Actor::system("migrate down"), back).await
}

/// The text for an engine: what follows `--sqlite ` or `--postgres ` is a comment to the other one.
fn text(conn: &Conn<'_>, sql: &str) -> String {
    match conn {
        Conn::Sqlite(_) => sql.replace("--sqlite ", ""),
        Conn::Postgres(_) => sql.replace("--postgres ", "").replace("/*C*/", "COLLATE \"C\""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::{Db, Limits};
    use crate::engine::column::machine_clock;
    use crate::engine::page::RegionInfo;
    use crate::engine::seal::MasterKey;
    use std::sync::Arc;

    #[derive(QueryableByName)]
    struct Line {
        #[diesel(sql_type = diesel::sql_types::Text)]
        line: String,
    }

    /// Every table, column, index and constraint, as the engine tells of them.
    async fn shape(region: &Region) -> Vec<String> {
        let tell = async |tx: &mut Tx<'_>| {
            let sql = match &tx.conn {
                Conn::Sqlite(_) => {
                    "SELECT type || ' ' || name || ' ' || coalesce(sql, '') AS line FROM sqlite_master"
                }
                Conn::Postgres(_) => {
                    "SELECT table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable || ' ' || coalesce(collation_name, '') AS line \
                     FROM information_schema.columns WHERE table_schema = current_schema() \
                     UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = current_schema() \
                     UNION ALL SELECT conname || ' ' || pg_get_constraintdef(c.oid) FROM pg_constraint c \
                     JOIN pg_namespace n ON n.oid = c.connamespace WHERE n.nspname = current_schema()"
                }
            };
            let lines: Vec<Line> = db!(tx, load, diesel::sql_query(sql))?;
            Ok(lines.into_iter().map(|it| it.line).collect())
        };
        let mut lines: Vec<String> = region.read(Actor::system("test"), tell).await.unwrap();
        lines.sort();
        lines
    }

    async fn there_and_back(url: &str) {
        let db = Db::at(url, MasterKey::new([1; 32]), Arc::new(machine_clock), Limits::default()).unwrap();
        let (code, zone) = (format!("m{}", std::process::id()), "Europe/Moscow".parse().unwrap());
        let info = RegionInfo {
            code: code.clone(),
            name: "x".into(),
            territory: String::from("25000000").into(),
            zone,
        };
        let region = db.add_region(info).await.unwrap();
        let first = shape(&region).await;
        assert!(first.len() > 30, "{first:?}");
        down(&region).await.unwrap();
        assert_eq!(shape(&region).await, Vec::<String>::new(), "the way back leaves nothing");
        up(&region).await.unwrap();
        assert_eq!(shape(&region).await, first);
        up(&region).await.unwrap();
        db.remove_region(&code).await.unwrap();
    }

    fn run(work: impl Future<Output = ()>) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        tokio::task::LocalSet::new().block_on(&runtime, work);
    }

    #[test]
    fn the_way_back_exists_and_leads_to_where_one_came_from() {
        let folder = std::env::temp_dir().join(format!("nastavnik-migrate-{}", std::process::id()));
        run(there_and_back(&format!("sqlite:{}", folder.display())));
        std::fs::remove_dir_all(folder).unwrap();
        #[expect(clippy::disallowed_methods, reason = "what tests run on is no setting of the program")]
        if let Ok(url) = std::env::var("TEST_DATABASE_URL") {
            run(there_and_back(&url));
        }
    }

    /// What the course of mentorships is to carry there and back: a removed mentor, a pause, a replacement, a withdrawal.
    fn rows(conn: &Conn<'_>) -> String {
        let sqlite = matches!(conn, Conn::Sqlite(_));
        let id = |n: u8| match sqlite {
            true => format!("X'{n:032x}'"),
            false => format!("'00000000-0000-0000-0000-{n:012x}'::uuid"),
        };
        let (off, now, no) = match sqlite {
            true => ("PRAGMA defer_foreign_keys = ON;", "0", "0"),
            false => ("SET LOCAL session_replication_role = replica;", "'2026-01-01'", "false"),
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

    async fn told(tx: &mut Tx<'_>, sql: &str) -> Result<Vec<String>, Failure> {
        let lines: Vec<Line> = db!(tx, load, diesel::sql_query(sql))?;
        Ok(lines.into_iter().map(|it| it.line).collect())
    }

    const STATES: &str =
        "SELECT state || ' ' || coalesce(termination_ground, '') AS line FROM mentorships ORDER BY id";

    async fn the_course_with_rows(url: &str) {
        let db = Db::at(url, MasterKey::new([1; 32]), Arc::new(machine_clock), Limits::default()).unwrap();
        let (code, zone) = (format!("c{}", std::process::id()), "Europe/Moscow".parse().unwrap());
        let territory = String::from("25000000").into();
        let info = RegionInfo { code: code.clone(), name: "x".into(), territory, zone };
        let region = db.add_region(info).await.unwrap();
        let there_and_back = async |tx: &mut Tx<'_>| -> Result<(), Failure> {
            let course = ALL.iter().find(|it| it.name.ends_with("_course")).unwrap();
            let (rows, up, down) = (rows(&tx.conn), text(&tx.conn, course.up), text(&tx.conn, course.down));
            tx.conn.batch(&rows).await?;
            tx.conn.batch(&down).await?;
            assert_eq!(
                told(tx, STATES).await?,
                ["active ", "terminated other_objective", "terminated other_objective", "active "]
            );
            let removed = "SELECT removal_order_number AS line FROM mentors WHERE removed_on = '2026-02-01'";
            assert_eq!(told(tx, removed).await?, ["34-l"]);
            tx.conn.batch(&up).await?;
            let removed = "SELECT order_number AS line FROM removals WHERE removed_on = '2026-02-01' AND lifted_on IS NULL";
            assert_eq!(told(tx, removed).await?, ["34-l"]);
            tx.conn.batch("UPDATE mentorships SET state = 'paused' WHERE state = 'active'").await?;
            assert!(told(tx, STATES).await?.contains(&"paused ".to_owned()), "the new words are known");
            if matches!(tx.conn, Conn::Sqlite(_)) {
                assert_eq!(
                    told(tx, "SELECT integrity_check AS line FROM pragma_integrity_check").await?,
                    ["ok"]
                );
            }
            Err(Failure::Broken("taken back: nobody else of theirs is on record".into()))
        };
        let taken_back = region.write(Actor::system("test"), there_and_back).await.unwrap_err().to_string();
        assert!(taken_back.contains("taken back"), "{taken_back}");
        db.remove_region(&code).await.unwrap();
    }

    #[test]
    fn the_course_of_mentorships_carries_what_is_on_record() {
        let folder = std::env::temp_dir().join(format!("nastavnik-course-{}", std::process::id()));
        run(the_course_with_rows(&format!("sqlite:{}", folder.display())));
        std::fs::remove_dir_all(folder).unwrap();
        #[expect(clippy::disallowed_methods, reason = "what tests run on is no setting of the program")]
        if let Ok(url) = std::env::var("TEST_DATABASE_URL") {
            run(the_course_with_rows(&url));
        }
    }

    #[test]
    fn a_program_older_than_its_database_refuses_to_start() {
        let folder = std::env::temp_dir().join(format!("nastavnik-older-{}", std::process::id()));
        let url = format!("sqlite:{}", folder.display());
        run(async {
            let open =
                || Db::at(&url, MasterKey::new([1; 32]), Arc::new(machine_clock), Limits::default()).unwrap();
            let zone = "Europe/Moscow".parse().unwrap();
            let info = RegionInfo {
                code: "older".into(),
                name: "x".into(),
                territory: String::from("25000000").into(),
                zone,
            };
            let region = open().add_region(info).await.unwrap();
            let newer = async |tx: &mut Tx<'_>| {
                Ok(tx.conn.batch("INSERT INTO schema_migrations VALUES ('9999_from_the_future')").await?)
            };
            region.write(Actor::system("test"), newer).await.unwrap();
            let refused = open().open().await.unwrap_err().to_string();
            assert!(refused.contains("older than its database"), "{refused}");
        });
        std::fs::remove_dir_all(folder).unwrap();
    }
}
