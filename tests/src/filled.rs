//! A region as large as a real one, filled by the schema itself: rows refer to each other, words and days vary, and rules of the
//! program are not asked. Only the plans of statements are judged on it.
use rusqlite::Connection;
use std::collections::BTreeMap;
use std::path::Path;

/// Rows of a table that grows with the region, if [`ROWS`] has no other number.
const GROWING: u64 = 3000;

/// Rows of tables, where they are not [`GROWING`]: of directories, which stay small, and of the tables that are the largest.
const ROWS: &[(&str, u64)] = &[
    ("annexes", 20),
    ("councils", 40),
    ("correction_terms", 5),
    ("editions", 30),
    ("journal", 1),
    ("living_programmes", 40),
    ("matching_rules", 30),
    ("municipalities", 60),
    ("plan_forms", 30),
    ("organizations", 20),
    ("programs", 10),
    ("read_batches", 500),
    ("read_runs", 400),
    ("scales", 30),
    ("service_offers", 300),
    ("service_standards", 30),
    ("terms", 10),
    ("accompaniment_rules", 5),
    ("working_days", 10),
    ("emergency_contacts", 10),
    ("region", 1),
    ("training_courses", 20),
    ("units", 100),
    ("clubs", 200),
    ("volunteer_groups", 200),
    ("practices", 200),
    ("replications", 600),
    ("publications", 500),
    ("agreements", 400),
    ("agreement_parties", 900),
    ("agreement_files", 900),
    ("legal_acts", 200),
    ("funding_programs", 60),
    ("coordinator_appointments", 60),
    ("partner_interactions", 1000),
    ("action_packages", 10),
    ("measures", 120),
    ("action_plans", 60),
    ("specialists", 300),
    ("facilities", 20),
    ("house_rules", 40),
    ("rooms", 80),
    ("beds", 300),
    ("bed_turns", 300),
    ("beneficiaries", 6000),
    ("facts", 40_000),
    ("families", 2500),
    ("family_members", 8000),
    ("mentors", 1500),
    ("mentorships", 5000),
    ("meetings", 20_000),
    ("match_keys", 90_000),
    ("name_words", 60_000),
    ("people", 12_000),
    ("reads", 10_000),
    ("trainings", 4000),
];

/// Tables with rows of the program itself.
const LEFT: &[&str] = &["schema_migrations"];

/// References without a foreign key, by the ends of their columns.
const REFERENCES: &[(&str, &str)] = &[
    ("person_id", "people"),
    ("beneficiary_id", "beneficiaries"),
    ("mentor_id", "mentors"),
    ("mentorship_id", "mentorships"),
    ("organization_id", "organizations"),
    ("program_id", "programs"),
    ("edition_id", "editions"),
    ("scale_id", "scales"),
    ("standard_id", "service_standards"),
    ("programme_id", "living_programmes"),
    ("activity_id", "joint_activities"),
    ("round_id", "matching_rounds"),
    ("file_id", "files"),
    ("user_id", "users"),
    ("_by", "users"),
    ("subject_id", "people"),
];

/// Columns that few rows have a value of.
const RARE: &[&str] = &["annulment_reason", "annulled_at", "died_on", "death", "led_by", "closed_at"];

/// Columns with words of a small vocabulary, by the ends of their names.
const WORDS: &[&str] = &[
    "kind",
    "category",
    "origin",
    "purpose",
    "role",
    "sex",
    "basis",
    "state",
    "stage",
    "method",
    "signatory",
    "side",
    "status",
    "lane",
    "cause",
    "media_type",
    "reason",
];

/// Fills every table of an empty region, and gathers the statistics as the program does.
pub fn fill(conn: &Connection, shape: Shape) {
    crate::watch::take_away(conn);
    conn.execute_batch(
        "PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON; PRAGMA synchronous = OFF; BEGIN",
    )
    .expect("an open region");
    let tables = tables(conn);
    for table in &tables {
        let sql = filling(conn, table, &tables, shape);
        conn.execute_batch(&sql).unwrap_or_else(|it| panic!("{sql}: {it}"));
    }
    conn.execute_batch("COMMIT").expect("a filled region");
    conn.execute_batch(persistence::engine::conn::STATISTICS).expect("statistics");
}

/// A copy of the founded region, filled, in this folder.
pub fn region(folder: &Path, shape: Shape) -> Connection {
    crate::template::copy_file(folder);
    let conn =
        Connection::open(folder.join(format!("{}.sqlite", crate::template::REGION))).expect("a region");
    fill(&conn, shape);
    conn
}

/// The share of optional values that the rows have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Most of them.
    Full,
    /// None: a region at its beginning, without families or ends.
    Bare,
}

/// The tables of a region that have rows of people.
pub fn tables(conn: &Connection) -> Vec<String> {
    let all = texts(
        conn,
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name",
    );
    all.into_iter().filter(|it| !LEFT.contains(&it.as_str())).collect()
}

/// The rows that a table is filled with.
pub fn rows(table: &str) -> u64 {
    ROWS.iter().find(|it| it.0 == table).map_or(GROWING, |it| it.1)
}

struct Column {
    name: String,
    kind: String,
    is_needed: bool,
    in_key: bool,
}

/// The statement that fills a table. A row that a unique index refuses is left out.
fn filling(conn: &Connection, table: &str, tables: &[String], shape: Shape) -> String {
    let mut query = conn
        .prepare(&format!("SELECT name, type, \"notnull\", pk FROM pragma_table_info('{table}')"))
        .expect("columns");
    let column = |row: &rusqlite::Row<'_>| {
        let in_key = row.get::<_, i64>(3)? > 0;
        Ok(Column { name: row.get(0)?, kind: row.get(1)?, is_needed: row.get::<_, i64>(2)? == 1, in_key })
    };
    let columns: Vec<Column> =
        query.query_map([], column).expect("columns").map(|it| it.expect("a column")).collect();
    let keys = format!("SELECT \"from\" || ' ' || \"table\" FROM pragma_foreign_key_list('{table}')");
    let parents: BTreeMap<String, String> = texts(conn, &keys)
        .iter()
        .filter_map(|it| it.split_once(' ').map(|(from, to)| (from.to_owned(), to.to_owned())))
        .collect();
    let text = texts(conn, &format!("SELECT sql FROM sqlite_master WHERE name = '{table}'")).concat();
    let is_alone = columns.iter().filter(|it| it.in_key).count() == 1;
    let value = |it: &Column| {
        let parent = parents.get(&it.name).cloned().or_else(|| referred(&it.name));
        let parent = parent.and_then(|to| tables.iter().position(|it| *it == to).map(|at| (at, to)));
        let hash = hash(table, &it.name);
        let value = match parent {
            Some((at, to)) if it.in_key && is_alone && it.name != "id" => {
                id(at, &format!("n % {}", rows(&to)))
            }
            Some((at, to)) => id(at, &format!("{hash} % {}", rows(&to))),
            None if it.name == "id" && table == "name_words" => id(
                tables.iter().position(|it| it == "people").expect("people"),
                &format!("{hash} % {}", rows("people")),
            ),
            None if it.kind == "UUID" => id(tables.iter().position(|it| it == table).expect("a table"), "n"),
            None => plain(it, &hash, &text, is_alone),
        };
        let nulls = match (shape, RARE.contains(&it.name.as_str())) {
            (Shape::Bare, _) => 100,
            (Shape::Full, true) => 97,
            (Shape::Full, false) => 30,
        };
        let chance = self::hash(table, &format!("{} is there", it.name));
        match it.is_needed || it.in_key {
            true => value,
            false => format!("CASE WHEN {chance} % 100 < {nulls} THEN NULL ELSE {value} END"),
        }
    };
    let names: Vec<&str> = columns.iter().map(|it| it.name.as_str()).collect();
    let values: Vec<String> = columns.iter().map(value).collect();
    format!(
        "DELETE FROM {table}; INSERT OR IGNORE INTO {table} (\"{}\") \
         WITH RECURSIVE row (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM row WHERE n < {}) SELECT {} FROM row",
        names.join("\", \""),
        rows(table) - 1,
        values.join(", ")
    )
}

/// A value of a column that refers to nothing.
fn plain(column: &Column, hash: &str, table: &str, is_alone: bool) -> String {
    let name = column.name.as_str();
    match column.kind.as_str() {
        "BOOLEAN" => format!("{hash} % 2"),
        "DATE" => format!("date('2024-01-01', '+' || ({hash} % 900) || ' days')"),
        "TIMESTAMPTZ" => format!("1700000000000000 + {hash} % 900 * 86400000000 + n"),
        "BYTEA" => "x'00'".to_owned(),
        "JSONB" => "'{}'".to_owned(),
        "TEXT" => match (vocabulary(name, table), name) {
            (Some(words), _) => {
                let some: String =
                    words.iter().enumerate().map(|(at, it)| format!(" WHEN {at} THEN '{it}'")).collect();
                format!("CASE {hash} % {}{some} END", words.len())
            }
            (None, "territory" | "residence" | "code") => format!("printf('256%05d', {hash} % 400)"),
            (None, "word") => format!("printf('w%05d', {hash} % 5000)"),
            (None, _) if WORDS.iter().any(|it| name.ends_with(it)) && !column.in_key => {
                format!("'word ' || {hash} % 6")
            }
            (None, _) => format!("printf('{name} %08d', n * 7919 % 1000003)"),
        },
        _ if name == "number" && table.contains("register_entries") => "n + 1".to_owned(),
        _ if name == "seq" || (column.in_key && is_alone) => "n + 1".to_owned(),
        _ => format!("{hash} % 4"),
    }
}

/// The words that a CHECK allows in the column.
fn vocabulary(name: &str, table: &str) -> Option<Vec<String>> {
    let from = table.find(&format!("CHECK ({name} IN ("))?;
    let list = table.get(from..)?.split_once(" IN (")?.1.split_once(')')?.0.to_owned();
    Some(list.split(',').map(|it| it.trim().trim_matches('\'').to_owned()).collect())
}

fn referred(column: &str) -> Option<String> {
    REFERENCES.iter().find(|it| column.ends_with(it.0)).map(|it| it.1.to_owned())
}

/// The id of a row of a table, by the number of both.
fn id(table: usize, n: &str) -> String {
    format!("unhex(printf('{table:08x}%024x', {n}))")
}

/// A number that looks like chance, the same in each run.
fn hash(table: &str, column: &str) -> String {
    let seed = table
        .bytes()
        .chain(column.bytes())
        .fold(14_695_981_039_u64, |hash, it| (hash ^ u64::from(it)).wrapping_mul(1_099_511_628_211));
    format!("((n * {} + {}) % 1000003)", seed % 999_983 + 1, seed / 7 % 1_000_003)
}

/// The first column of the rows of a query.
pub fn texts(conn: &Connection, sql: &str) -> Vec<String> {
    let mut query = conn.prepare(sql).unwrap_or_else(|it| panic!("{sql}: {it}"));
    query.query_map([], |row| row.get(0)).expect("rows").map(|it| it.expect("a text")).collect()
}
