//! Plans on SQLite, of two filled regions: one with all optional values, one with none.
use super::run;
use rusqlite::Connection;
use std::collections::{BTreeMap, BTreeSet};
use tests::filled;
use tests::filled::Shape;

/// Rows of a table that is never scanned.
const LARGE: u64 = 1000;

/// Rows that are sorted for a page at most, by the mean of the values of an index.
const SORTED: u64 = 200;

/// Statements that may scan or sort, by a part of their text, each with its reason. A part that ends with `;` is the end of the text.
const MAY_SCAN: &[(&str, &str)] = &[
    (
        "SELECT cases.organization_id, COUNT(*) FROM cases WHERE ((1 = 1 AND ((((cases.opened_on <= ?)",
        "the completeness of a month counts the cases of the whole region",
    ),
    ("WHERE 1 = 1 GROUP BY", COUNTS),
    ("(meetings.annulment_reason IS NULL) AND 1 = 1) GROUP BY", COUNTS),
    ("AND 1 = 1) GROUP BY crises.", COUNTS),
    ("SELECT intake_requests.state, COUNT(*) FROM intake_requests WHERE", COUNTS),
    ("SELECT intake_requests.urgency, COUNT(*) FROM intake_requests WHERE", COUNTS),
    ("(jobs.lane = ?) AND (jobs.state IN (?, ?))", "few jobs are queued or run at a time"),
    (
        "(mentors.documents_edition_id IS NULL) OR (mentors.documents_edition_id NOT IN",
        "documents are dated anew after an edition, by a job",
    ),
    (
        "SELECT beneficiaries.person_id, register_entries.id FROM (register_entries INNER JOIN beneficiaries",
        "a scan of the register compares everybody, by a job",
    ),
    (
        "FROM register_merges WHERE (register_merges.reversed_at IS NULL)",
        "merges in force are few, and nearly all merges",
    ),
    ("FROM families;", "the migration that fills the words of names, once"),
    ("WHERE owns.person_id = people.id AND selves.died_on IS NOT NULL)", MATCHING),
    ("FROM mentor_profiles;", MATCHING),
    ("WHERE (trainings.annulment_reason IS NULL);", MATCHING),
    (
        "SELECT mentorships.mentor_id, mentorships.program_id FROM mentorships WHERE (mentorships.ended_on IS NULL);",
        MATCHING,
    ),
    (
        "SELECT beneficiaries.id, beneficiaries.organization_id FROM ((beneficiaries LEFT",
        "most beneficiaries have no mentor, so a walk by id soon fills a page of those who do not wait",
    ),
    ("SELECT COUNT(*) FROM ((beneficiaries LEFT OUTER JOIN people", FIGURES),
    ("AS level_number FROM", FIGURES),
    ("FROM removals WHERE (removals.lifted_on IS NULL);", MATCHING),
    ("FROM vetoes WHERE (vetoes.lifted_on IS NULL);", MATCHING),
    ("FROM ((waits INNER JOIN beneficiaries", FIGURES),
    ("OR (people.id IN (SELECT beneficiaries.person_id FROM beneficiaries", WAYS),
    ("AND territory >= ? AND territory < ? AND annulment_reason IS NULL ORDER BY starts_on DESC", TERRITORY),
    (
        "FROM projects WHERE 1 = 1 AND (state <> 'draft'",
        "few projects are drafts of others, so a walk by day soon fills a page",
    ),
    (
        "FROM success_stories WHERE 1 = 1 AND annulment_reason IS NULL AND (shown_until IS NULL",
        "the latest stories stand first and are shown longest, so a walk soon fills a page",
    ),
    (
        "FROM event_participants WHERE (event_participants.annulment_reason IS NULL) ORDER BY",
        "few rows are annulled, so a walk from the newest soon fills a page",
    ),
    ("beneficiaries.territory >= ?", TERRITORY),
    ("people.residence >= ?", TERRITORY),
];

const COUNTS: &str = "all rows of the region are counted, by the index of the member";
const MATCHING: &str =
    "all mentors are read by a round, a job of its own, or once for all candidates that follow";
const FIGURES: &str = "all who wait are read for the figures, once for all who ask";
const WAYS: &str =
    "whom one sees by several ways, or by another table, has no index in the order of the list";
const TERRITORY: &str = "a beginning of codes is a range, and no index has a range in another order";

/// A line of a plan.
struct Line {
    id: i64,
    parent: i64,
    text: String,
}

fn plan(conn: &Connection, sql: &str) -> Result<Vec<Line>, rusqlite::Error> {
    let mut query = conn.prepare(&format!("EXPLAIN QUERY PLAN {sql}"))?;
    let mut rows = query.raw_query();
    let mut lines = Vec::new();
    while let Some(row) = rows.next()? {
        lines.push(Line { id: row.get(0)?, parent: row.get(1)?, text: row.get(3)? });
    }
    Ok(lines)
}

/// The judge of plans: it knows the tables and how many rows a value of an index has.
struct Judge {
    tables: BTreeSet<String>,
    /// The mean number of rows with the first values of an index, by their number.
    rows: BTreeMap<String, Vec<u64>>,
    /// The condition of an index of some rows.
    conditions: BTreeMap<String, String>,
}

impl Judge {
    fn new(conn: &Connection) -> Self {
        let tables = filled::tables(conn).into_iter().filter(|it| filled::rows(it) > LARGE).collect();
        let told = filled::texts(conn, "SELECT idx || ' ' || stat FROM sqlite_stat1 WHERE idx IS NOT NULL");
        let index = |it: &String| {
            let mut parts = it.split(' ');
            let name = parts.next().expect("a name").to_owned();
            (name, parts.map_while(|it| it.parse().ok()).collect())
        };
        let texts = filled::texts(
            conn,
            "SELECT name || ' ' || sql FROM sqlite_master WHERE type = 'index' AND sql LIKE '% WHERE %'",
        );
        let condition =
            |it: &String| Some((it.split(' ').next()?.to_owned(), it.split_once(" WHERE ")?.1.to_owned()));
        Self {
            tables,
            rows: told.iter().map(index).collect(),
            conditions: texts.iter().filter_map(condition).collect(),
        }
    }

    /// The table behind a name of a plan.
    fn table(&self, name: &str, sql: &str) -> Option<String> {
        if self.tables.contains(name) {
            return Some(name.to_owned());
        }
        let words: Vec<&str> = sql.split([' ', '(', ')', ',']).filter(|it| !it.is_empty()).collect();
        let at =
            words.windows(3).find(|it| it[1].eq_ignore_ascii_case("AS") && it[2] == name).map(|it| it[0]);
        let beside = words.windows(2).find(|it| it[1] == name && self.tables.contains(it[0])).map(|it| it[0]);
        at.or(beside).filter(|it| self.tables.contains(*it)).map(str::to_owned)
    }

    /// The rows that a search reads by the values that it has, at a mean.
    fn read(&self, search: &str) -> Option<u64> {
        let index = search.split(" INDEX ").nth(1)?;
        let (name, values) = index.split_once(" (")?;
        let rows = self.rows.get(name)?;
        rows.get(values.matches("=?").count()).copied()
    }

    /// The faults of a plan.
    fn faults(&self, sql: &str, lines: &[Line]) -> Vec<String> {
        let mut faults = Vec::new();
        let quiet = sql.replace('`', "");
        for it in lines {
            let mut words = it.text.split(' ');
            let (verb, name) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
            let Some(table) = self.table(name, &quiet) else { continue };
            if verb == "SCAN"
                && !self.is_short(&it.text)
                && !is_never(&table, &quiet)
                && !self.is_walk(it, &quiet, lines)
            {
                faults.push(format!("scans {table}"));
            }
            if it.text.contains("AUTOMATIC") {
                faults.push(format!("scans {table} for an index of its own"));
            }
        }
        faults.extend(self.sorted(&quiet, lines));
        faults
    }

    /// Whether the index has few rows, because it is one of some rows only.
    fn is_short(&self, scan: &str) -> bool {
        let index = scan.rsplit(" INDEX ").next().unwrap_or_default();
        self.rows.get(index).and_then(|it| it.first()).is_some_and(|it| *it <= LARGE)
    }

    /// Whether the scan goes in the order of an index and ends with the page: every row fits.
    fn is_walk(&self, it: &Line, sql: &str, lines: &[Line]) -> bool {
        let index = it.text.rsplit(" INDEX ").next().unwrap_or_default();
        let of_some = self.conditions.get(index).map_or("", String::as_str);
        let every_row = sql.split_once(" WHERE ").is_none_or(|(_, it)| {
            let condition = it.split(" ORDER BY ").next().unwrap_or_default().trim_matches(['(', ')']);
            !of_some.is_empty() && condition.ends_with(of_some) && condition.len() <= of_some.len() + 30
        });
        it.parent == 0
            && sql.contains(" LIMIT ")
            && every_row
            && it.text.contains(" INDEX ")
            && !is_sorted(lines)
    }

    /// More rows than a page needs, sorted for it.
    fn sorted(&self, sql: &str, lines: &[Line]) -> Option<String> {
        if !sql.contains(" LIMIT ") || !is_sorted(lines) {
            return None;
        }
        let is_read =
            |it: &&Line| ["SEARCH", "SCAN", "MULTI-INDEX"].iter().any(|verb| it.text.starts_with(verb));
        let first = lines.iter().filter(|it| it.parent == 0).find(is_read)?;
        let ways: Vec<i64> = lines.iter().filter(|it| it.parent == first.id).map(|it| it.id).collect();
        let searches = lines.iter().filter(|it| it.id == first.id || ways.contains(&it.parent));
        let rows: u64 = searches.filter_map(|it| self.read(&it.text)).sum();
        (rows > SORTED).then(|| format!("sorts {rows} rows for a page"))
    }
}

fn is_sorted(lines: &[Line]) -> bool {
    lines.iter().any(|it| it.parent == 0 && it.text == "USE TEMP B-TREE FOR ORDER BY")
}

/// Whether the rows of that table are asked for what is false, as where a scope has no id: then none is read.
fn is_never(table: &str, sql: &str) -> bool {
    let text = sql.replace(' ', "");
    let begin = format!("FROM{table}WHERE");
    let mut asked = text.split(begin.as_str()).skip(1);
    asked.any(|it| {
        it.trim_start_matches('(')
            .strip_prefix("1=0")
            .map(|it| it.trim_start_matches(')'))
            .is_some_and(|it| !it.starts_with("OR") || it.starts_with("ORDERBY"))
    })
}

/// Judges the plans in a region of that shape.
fn judge(shape: Shape, told: &mut Vec<String>, met: &mut BTreeSet<&'static str>) {
    let folder = tempfile::tempdir().expect("a folder");
    let conn = filled::region(folder.path(), shape);
    let judge = Judge::new(&conn);
    let small: Vec<String> = judge
        .tables
        .iter()
        .filter(|it| {
            let rows: i64 =
                conn.query_row(&format!("SELECT count(*) FROM {it}"), [], |row| row.get(0)).expect("rows");
            rows.unsigned_abs() <= LARGE
        })
        .cloned()
        .collect();
    assert_eq!(small, Vec::<String>::new(), "tables that the filling left small");
    for it in run() {
        let lines = match plan(&conn, &it.sql) {
            Ok(lines) => lines,
            Err(error) => {
                told.push(format!("{error}\n  {}", it.sql));
                continue;
            }
        };
        let faults = judge.faults(&it.sql, &lines);
        if faults.is_empty() {
            continue;
        }
        let quiet = format!("{};", it.sql.replace('`', ""));
        if let Some((part, _)) = MAY_SCAN.iter().find(|may| quiet.contains(may.0)) {
            met.insert(*part);
            continue;
        }
        let plan: String = lines.iter().map(|it| format!("\n    {}", it.text)).collect();
        told.push(format!("{shape:?}: {}, in «{}»{plan}\n  {}", faults.join(", "), it.test, it.sql));
    }
}

/// The faults of all statements, and the exceptions that no statement needs any more.
pub(super) fn faults() -> (Vec<String>, Vec<&'static str>) {
    let (mut told, mut met) = (Vec::new(), BTreeSet::new());
    for shape in [Shape::Full, Shape::Bare] {
        judge(shape, &mut told, &mut met);
    }
    (told, MAY_SCAN.iter().map(|it| it.0).filter(|it| !met.contains(it)).collect())
}
