//! Coverage of the contract: tests have exercised every operation and every problem code.
mod plans;

use std::collections::BTreeSet;

fn met() -> BTreeSet<String> {
    let record = tests::contract::record_file();
    let text = std::fs::read_to_string(&record)
        .unwrap_or_else(|_| panic!("{} is not there: run the whole suite first", record.display()));
    text.lines().map(str::to_owned).collect()
}

/// Codes that no black-box test can produce, each with its reason. The list may only become shorter.
const OUT_OF_REACH: &[(&str, &str)] = &[
    ("server.internal", "our own fault: a test that met it would have found a bug"),
    ("plan_form.not_in_force", "a region has a form of every kind of plan from its first day"),
    ("mentor.director_only", "a removal comes only with a termination, which refuses others before"),
];

/// These codes need a server that can stop. SQLite has only a file.
const OUT_OF_REACH_OF_SQLITE: &[&str] = &["server.unavailable", "server.outcome_unknown"];
/// This code depends on the machine: PostgreSQL has many writers, and they may never all be in use.
const OUT_OF_REACH_OF_POSTGRESQL: &[&str] = &["server.busy"];

#[test]
fn every_operation_of_the_contract_was_answered() {
    let met = met();
    let document = api::openapi::document();
    let items =
        document["paths"].as_object().unwrap().values().flat_map(|it| it.as_object().unwrap().values());
    let names = items.map(|it| it["operationId"].as_str().unwrap().to_owned());
    let missing: Vec<String> = names.filter(|it| !met.contains(&format!("operation {it}"))).collect();
    assert!(missing.is_empty(), "no test has a good answer from {missing:#?}");
}

/// The codes of the contract: the operation, the status, the code. A PATCH has those of its PUT.
fn told() -> BTreeSet<String> {
    let items = api::openapi::document()["paths"].as_object().unwrap().values();
    let operations = items.flat_map(|it| it.as_object().unwrap().values());
    let of_operation = |it: &'static serde_json::Value| {
        let id = api::openapi::problems::told_as(it["operationId"].as_str().unwrap());
        let by_status = it[api::openapi::problems::CODES].as_object().unwrap().iter();
        by_status.flat_map(move |(status, codes)| {
            let id = id.clone();
            codes.as_array().unwrap().iter().map(move |it| format!("{id} {status} {}", it.as_str().unwrap()))
        })
    };
    operations.flat_map(of_operation).collect()
}

/// With `UPDATE_MATRIX=1` the codes that are missing are put into the table from which the contract is made.
#[test]
fn every_code_that_an_operation_answered_is_in_its_list() {
    let answered: BTreeSet<String> =
        met().iter().filter_map(|it| it.strip_prefix("answer ")).map(str::to_owned).collect();
    let told = told();
    let missing: BTreeSet<&str> = answered.difference(&told).map(String::as_str).collect();
    if std::env::var_os("UPDATE_MATRIX").is_none() {
        assert!(missing.is_empty(), "no list has them; make problems: {missing:#?}");
        return;
    }
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../api/src/openapi/problems.txt");
    let kept = std::fs::read_to_string(&path).expect("the table");
    let known: BTreeSet<&str> = api::http::problem::codes().into_iter().map(|it| it.code).collect();
    let is_known =
        |line: &&str| told.contains(*line) && line.rsplit(' ').next().is_some_and(|it| known.contains(it));
    let all: BTreeSet<&str> = kept.lines().filter(is_known).chain(missing).collect();
    std::fs::write(path, all.iter().map(|it| format!("{it}\n")).collect::<String>()).expect("the table");
}

#[test]
fn every_problem_code_was_met() {
    let met = met();
    let is_out_of_reach = |code: &str| {
        let of_engine =
            if tests::postgres_url().is_none() { OUT_OF_REACH_OF_SQLITE } else { OUT_OF_REACH_OF_POSTGRESQL };
        of_engine.contains(&code) || OUT_OF_REACH.iter().any(|(it, _)| *it == code)
    };
    let codes = api::http::problem::codes().into_iter().map(|it| it.code);
    let missing: Vec<&str> =
        codes.filter(|it| !met.contains(&format!("problem {it}")) && !is_out_of_reach(it)).collect();
    assert!(missing.is_empty(), "no test has met {missing:#?}");
    let stale: Vec<_> =
        OUT_OF_REACH.iter().filter(|(it, _)| met.contains(&format!("problem {it}"))).collect();
    assert!(stale.is_empty(), "within reach after all: {stale:?}");
}
