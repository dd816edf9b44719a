//! Plans of all statements that the tests have run: none scans what grows with the region.
//!
//! They are judged on SQLite, whose statistics can be written as those of a full region. PostgreSQL takes the size of a table from its file,
//! and on an empty one it decides between indexes by chance: four hundred good statements walked a primary key.
mod sqlite;

use serde_json::Value;
use std::collections::BTreeSet;
use tests::statements;

struct Statement {
    sql: String,
    test: String,
}

/// The statements of the last run of all tests.
fn run() -> Vec<Statement> {
    let file = statements::record_file();
    let text = std::fs::read_to_string(&file)
        .unwrap_or_else(|_| panic!("{} is not there: run the whole suite first", file.display()));
    let steps: BTreeSet<String> = persistence::db::migrate::ALL
        .iter()
        .flat_map(|it| [it.up, it.down])
        .flat_map(|it| {
            let text = persistence::db::migrate::text(false, it);
            persistence::db::migrate::statements(&text)
                .into_iter()
                .map(|it| it.trim().to_owned())
                .collect::<Vec<_>>()
        })
        .collect();
    let statement = |line: &str| {
        let it: Value = serde_json::from_str(line).expect("a line of the record");
        let text = |name: &str| it[name].as_str().expect("a text").to_owned();
        Statement { sql: text("sql"), test: text("test") }
    };
    let is_of_people = |it: &Statement| {
        let is_plain_insert = it.sql.starts_with("INSERT") && !it.sql.contains("SELECT");
        // An empty list is false for every row, and no row is read for it.
        let is_empty = it.sql.replace(' ', "").contains("1=0") && !it.sql.contains(" OR ");
        // A migration reads a table that it then drops.
        let is_dropped = it.sql.contains("FROM `reads`");
        !is_plain_insert && !is_empty && !is_dropped && !steps.contains(it.sql.trim())
    };
    text.lines().map(statement).filter(is_of_people).collect()
}

#[test]
fn no_statement_scans_a_table_that_grows_with_the_region() {
    if tests::postgres_url().is_some() {
        return;
    }
    let (told, stale) = sqlite::faults();
    assert!(told.is_empty(), "{} statements:\n{}", told.len(), told.join("\n\n"));
    assert!(stale.is_empty(), "they scan no more: {stale:?}");
}
