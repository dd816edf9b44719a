//! Statistics of the engine: they follow growth.
use serde_json::json;
use tests::World;

/// More writes than pass before statistics are gathered.
const WRITES: usize = 1100;

#[test]
fn statistics_follow_growth_without_anybodys_help() {
    if tests::postgres_url().is_some() {
        return; // PostgreSQL gathers them by itself.
    }
    let world = World::new();
    let admin = world.admin();
    for n in 0..WRITES {
        let form = json!({"kind": "ngo", "name": format!("Организация {n}"), "territory": "25655000"});
        world.post(&admin, "/organizations", form).expect(201);
    }
    let raw = rusqlite::Connection::open(world.region_file()).unwrap();
    let known = "SELECT count(*) FROM sqlite_stat1 WHERE tbl IN ('organizations', 'facts')";
    let known: i64 = raw.query_row(known, [], |row| row.get(0)).unwrap();
    assert!(known > 0);
    // A later request reads by new plans.
    assert_eq!(world.get(&admin, "/organizations?limit=200").expect(200).items().len(), 200);
}
