//! Migrations: one text for both engines. Each is applied once, under a lock.
use crate::db::Region;
use crate::engine::column::bind;
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::journal;
use crate::mentorships::regularity;
use crate::people;
use crate::tx::{Actor, Tx};
use diesel::prelude::*;

/// A step of the schema.
pub struct Migration {
    /// The name, which orders the steps.
    pub name: &'static str,
    /// The SQL that applies the step.
    pub up: &'static str,
    /// The SQL that reverts the step.
    pub down: &'static str,
}

macro_rules! migrations {
    ($($name:literal),+ $(,)?) => {
        /// All steps of the schema, in order.
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
    "0028_entries",
    "0029_death",
    "0030_name_words",
    "0033_closed_accounts",
    "0034_one_time_passwords",
    "0035_key_check",
    "0036_lists",
    "0037_annulments",
    "0038_names",
    "0039_urgency",
    "0040_work_phones",
    "0042_fact_versions",
    "0043_narrow_keys",
    "0044_job_lanes",
    "0045_access_requests",
    "0046_annulments",
    "0047_words_by_row",
    "0048_the_dead",
    "0049_packed_reads",
    "0050_waiting",
    "0051_plans",
    "0052_terms",
    "0053_sparse_indexes",
    "0054_life",
    "0055_case_stages",
    "0056_tasks",
    "0057_consents",
    "0058_case_reviews",
    "0059_case_teams",
    "0060_pages",
    "0061_plan_forms",
    "0062_accompaniment_plans",
    "0063_assessments",
    "0064_living",
    "0065_case_transfers",
    "0066_consilia",
    "0067_monthly_records",
    "0068_accompaniment_rules",
    "0069_case_walks",
    "0070_contributions",
    "0071_needs",
    "0072_referrals",
    "0073_aid",
    "0074_crises",
    "0075_places",
    "0076_item_reports",
    "0077_upload_sums",
    "0078_match_keys",
    "0079_register",
    "0080_crises_go_on",
    "0081_places_and_aid",
    "0082_help_across_organizations",
    "0083_agreements",
    "0084_councils",
    "0085_projects",
    "0086_packages",
    "0087_community",
    "0088_events",
    "0089_publications",
    "0090_person_records",
    "0091_turns",
    "0092_council_files",
    "0093_event_lists",
    "0094_removed_waits",
    "0095_intake_figures",
    "0096_volunteer_papers",
    "0097_full_names",
    "0098_story_channels",
    "0101_plans_to_approve",
    "0104_desks_and_counts",
    "0106_handed_contracts",
    "0109_annulled_people",
    "0110_meetings_by_day",
    "0111_agreement_files",
}

use crate::engine::schema::schema_migrations;

/// Brings a region to the newest schema. A schema with unknown steps is left alone, because the program is too old
/// for it.
pub async fn up(region: &Region) -> Result<(), Failure> {
    region.prepare(STEPS).await?;
    region.write_alone(Actor::system("migrate"), async |tx: &mut Tx<'_>| apply(tx).await).await
}

/// Brings an empty database to the newest schema, as a part of the transaction that makes a region.
pub(super) async fn lay(tx: &mut Tx<'_>) -> Result<(), Failure> {
    tx.conn.batch(STEPS).await?;
    apply(tx).await
}

/// The table of the applied steps. Writers also lock it to wait for each other (`db/region.rs`), so it exists before
/// the first step.
const STEPS: &str = "CREATE TABLE IF NOT EXISTS schema_migrations (name TEXT NOT NULL PRIMARY KEY)";

async fn apply(tx: &mut Tx<'_>) -> Result<(), Failure> {
    let done: Vec<String> = db!(
        tx,
        load,
        schema_migrations::table.select(schema_migrations::name).order(schema_migrations::name)
    )?;
    if let Some(unknown) = done.iter().find(|name| !ALL.iter().any(|it| it.name == *name)) {
        return Err(Failure::Stops(format!(
            "this program is older than its database, which has '{unknown}': install a newer one"
        )));
    }
    for step in ALL.iter().filter(|it| !done.iter().any(|name| name == it.name)) {
        run(tx, step.name, step.up).await?;
        db!(
            tx,
            execute,
            diesel::insert_into(schema_migrations::table)
                .values(schema_migrations::name.eq(bind(step.name.to_owned())))
        )?;
    }
    // The engines add days to a date and fold names in different SQL, so Rust code fills the rows of these steps.
    let is_new = |step: &str| done.iter().all(|name| name != step);
    if is_new(REGULARITY) {
        regularity::fill(tx).await?;
    }
    if is_new(NAME_WORDS) {
        people::fill_names(tx).await?;
    }
    if is_new(MATCH_KEYS) {
        people::fill_match_keys(tx).await?;
    }
    if is_new(PACKED_READS) {
        journal::unpacked::pack(tx).await?;
    }
    // Rules end what goes on, each with its fact.
    if is_new(DEATHS) { people::end_for_the_dead(tx).await } else { Ok(()) }
}

/// The step that added the table of regularity.
const REGULARITY: &str = "0014_contacts";
/// The step that added the words of names.
const NAME_WORDS: &str = "0030_name_words";
/// The step that added the keys of likeness.
const MATCH_KEYS: &str = "0078_match_keys";
/// The step that packed the reads of personal data.
const PACKED_READS: &str = "0049_packed_reads";
/// The step of the version since which a death ends under all records what the person does as a mentor, and applications to become one; as
/// before it memberships, registrations for events, plans without a case and waits.
const DEATHS: &str = "0098_story_channels";

/// Reverts every step, the last first. A test uses it to prove that each step can be reverted.
pub async fn down(region: &Region) -> Result<(), Failure> {
    let back = async |tx: &mut Tx<'_>| {
        for step in ALL.iter().rev() {
            run(tx, step.name, step.down).await?;
        }
        Ok(tx.conn.batch("DROP TABLE schema_migrations").await?)
    };
    region.write_alone(Actor::system("migrate down"), back).await
}

/// Runs the statements of a step one by one. The transaction around them takes all of them back if one fails, so the
/// step can be repeated.
async fn run(tx: &mut Tx<'_>, step: &str, sql: &str) -> Result<(), Failure> {
    for it in statements(&text(tx.conn.is_postgres(), sql)) {
        tx.conn.batch(it).await.map_err(|error| match Failure::from(error) {
            Failure::Broken(why) => Failure::Broken(format!("migration {step}: {why}")),
            other => other,
        })?;
    }
    Ok(())
}

/// Texts in which a semicolon ends no statement, by their beginning and end.
const CLOSED: [(&str, &str); 5] = [("'", "'"), ("\"", "\""), ("--", "\n"), ("/*", "*/"), ("$$", "$$")];

/// The statements of a text, each alone. A text of comments only is none. Bodies of
/// functions stand between `$$`; no migration has a trigger of SQLite, whose body has no such bounds.
pub fn statements(sql: &str) -> Vec<&str> {
    let mut all = Vec::new();
    let (mut begin, mut at, mut says_something, mut until) = (0, 0, false, None::<&str>);
    while let Some(next) = sql.get(at..).and_then(|it| it.chars().next()) {
        let rest = sql.get(at..).unwrap_or_default();
        let opened = CLOSED.iter().find(|it| until.is_none() && rest.starts_with(it.0));
        at += match (until, opened) {
            (Some(end), _) if rest.starts_with(end) => {
                until = None;
                end.len()
            }
            (Some(_), _) => next.len_utf8(),
            (None, Some((open, end))) => {
                until = Some(*end);
                says_something |= !matches!(*open, "--" | "/*");
                open.len()
            }
            (None, None) if next == ';' => {
                all.extend(sql.get(begin..at).filter(|_| std::mem::take(&mut says_something)));
                begin = at + 1;
                1
            }
            (None, None) => {
                says_something |= !next.is_whitespace();
                next.len_utf8()
            }
        };
    }
    all.extend(sql.get(begin..).filter(|_| says_something));
    all
}

/// The text of a migration for an engine. A line that begins with `--sqlite ` or `--postgres ` is a comment to the
/// other engine.
pub fn text(is_postgres: bool, sql: &str) -> String {
    match is_postgres {
        false => sql.replace("--sqlite ", ""),
        true => sql.replace("--postgres ", "").replace("/*C*/", "COLLATE \"C\""),
    }
}
