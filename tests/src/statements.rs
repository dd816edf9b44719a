//! The statements that the program runs in the worlds on SQLite, for the test of their plans. Each is recorded once, with a test that
//! ran it. Only a world asks for it, so a server records nothing.
use diesel::connection::{Instrumentation, InstrumentationEvent, set_default_instrumentation};
use serde_json::json;
use std::collections::{BTreeMap, HashSet};
use std::fmt::{self, Write as _};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{LazyLock, Mutex};

/// The beginning of the settings of a connection that only reads (`persistence/src/engine/sqlite.rs`).
const READS: &str = "PRAGMA query_only = ON";

/// The statements of this process, without the numbers of bound values.
static RUN: LazyLock<Mutex<HashSet<String>>> = LazyLock::new(|| {
    let _ = std::fs::remove_file(record_file());
    Mutex::default()
});
/// The test of each folder.
static TESTS: Mutex<BTreeMap<String, String>> = Mutex::new(BTreeMap::new());

/// The file with the statements of a run, for the test that reads it.
pub fn record_file() -> PathBuf {
    crate::contract::record_file().with_file_name("statements-sqlite.txt")
}

/// Records the statements of each connection that is opened from now on. Those in the folder are told with the name of the test.
pub fn record(folder: &Path, test: &str) {
    TESTS.lock().unwrap().insert(folder.to_string_lossy().into_owned(), test.to_owned());
    set_default_instrumentation(|| Some(Box::new(Recorder::default()))).expect("a recorder");
}

/// The recorder of a connection. One that only reads keeps each statement prepared, and tells its text by itself when it does so. To ask for
/// the text of a statement takes as long as to run it.
#[derive(Default)]
struct Recorder {
    test: String,
    text: String,
    known: HashSet<String>,
    only_reads: bool,
}

impl Instrumentation for Recorder {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        match event {
            InstrumentationEvent::StartEstablishConnection { url, .. } => {
                let tests = TESTS.lock().unwrap();
                self.test = tests
                    .iter()
                    .find(|it| url.contains(it.0.as_str()))
                    .map(|it| it.1.clone())
                    .unwrap_or_default();
            }
            InstrumentationEvent::CacheQuery { sql, .. } if self.only_reads => note(sql, &self.test),
            InstrumentationEvent::StartQuery { query, .. } if !self.only_reads => {
                self.text.clear();
                // An error is the end of the text: values are not wanted.
                let _ = write!(BeforeValues(&mut self.text), "{query}");
                self.only_reads = self.text.starts_with(READS);
                if !self.known.contains(&self.text) {
                    self.known.insert(self.text.clone());
                    note(&self.text, &self.test);
                }
            }
            _ => {}
        }
    }
}

/// Takes the text of a statement up to the values that are bound.
struct BeforeValues<'t>(&'t mut String);

impl fmt::Write for BeforeValues<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        if text == " -- binds: " {
            return Err(fmt::Error);
        }
        self.0.push_str(text);
        Ok(())
    }
}

fn note(sql: &str, test: &str) {
    let is_statement = ["SELECT", "INSERT", "UPDATE", "DELETE", "WITH"].iter().any(|it| sql.starts_with(it));
    if !is_statement {
        return;
    }
    let sql = with_short_lists(sql);
    let mut run = RUN.lock().unwrap();
    if run.insert(sql.clone()) {
        let mut file =
            std::fs::OpenOptions::new().append(true).create(true).open(record_file()).expect("a record");
        writeln!(file, "{}", json!({"sql": sql, "test": test})).expect("a record");
    }
}

/// The statement with two values in each list, however many were bound.
fn with_short_lists(sql: &str) -> String {
    let mut lists = sql.split("IN (?, ?, ");
    let mut short = lists.next().unwrap_or_default().to_owned();
    for it in lists {
        short.push_str("IN (?, ?");
        short.push_str(it.trim_start_matches("?, ").trim_start_matches('?'));
    }
    short
}
