use domain::base::access::Scope;
use domain::base::text::Oktmo;
use persistence::matching::waiting::median;
use persistence::people::scope_query;
use uuid::Uuid;

#[test]
fn a_way_that_is_closed_is_not_in_the_query() {
    let nil = Uuid::nil();
    let institution = Scope { organizations: vec![nil.into()], ..Scope::default() };
    let officer = Scope { territories: vec![Oktmo::new("25655000")], ..Scope::default() };
    let coordinator = Scope { programs: vec![nil.into()], somebody: Some(nil.into()), ..Scope::default() };
    for scope in [&institution, &officer, &coordinator] {
        let sql = scope_query(scope);
        assert!(!sql.contains("1 = 0") && !sql.contains("0=1"), "{sql}");
    }
    let (of_institution, of_officer) = (scope_query(&institution), scope_query(&officer));
    assert!(!of_institution.contains("residence") && !of_officer.contains("entered_by"));
    assert!(!scope_query(&coordinator).contains("beneficiaries"));
    assert!(scope_query(&Scope::default()).contains("WHERE 1 = 0"));
    assert!(!scope_query(&Scope::everything()).contains("WHERE"));
}

#[test]
fn the_median_is_the_middle_one_whatever_the_order() {
    assert_eq!(median(vec![]), None);
    assert_eq!(median(vec![5]), Some(5));
    assert_eq!(median(vec![9, 1, 4]), Some(4));
    assert_eq!(median(vec![9, 1, 4, 100]), Some(4));
}

/// The drivers of the program and of the tests link the same library.
#[test]
fn sqlite_keeps_prepared_statements_prepared_when_their_limit_is_bound() {
    let conn = rusqlite::Connection::open_in_memory().unwrap();
    let mut query = conn.prepare("PRAGMA compile_options").unwrap();
    let names: Vec<String> = query.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    assert!(names.iter().any(|it| it == "ENABLE_QPSG"), "{names:?}");
    assert!(names.iter().any(|it| it == "THREADSAFE=2"), "{names:?}");
}
