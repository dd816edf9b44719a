//! Facts beside the rows that they explain. Each world of the suite ends with the same question (`tests/src/watch.rs`).
use serde_json::json;
use tests::World;
use tests::watch::{noted, unexplained};

#[test]
fn no_row_changes_without_a_fact() {
    if tests::postgres_url().is_some() {
        return; // The same program; triggers watch on SQLite.
    }
    let world = World::new();
    let (organization, director) = world.institution("Центр");
    world.person(&director, json!({}));
    assert!(noted(&world.region_file()) > 0, "the watch sees changes");
    assert_eq!(unexplained(&world.region_file()), Vec::<String>::new());
    let path = format!("/organizations/{organization}");
    world.edit(&world.admin(), &path, json!({"name": "Центр «Дом»"})).expect(200);
    assert_eq!(unexplained(&world.region_file()), Vec::<String>::new());
    // A change that no fact tells is found, also where a fact about something else follows.
    let behind = rusqlite::Connection::open(world.region_file()).unwrap();
    behind.execute_batch("UPDATE organizations SET inn = '3800000001'").unwrap();
    world.person(&director, json!({"given_name": "Вера"}));
    let found = unexplained(&world.region_file());
    assert!(found.len() == 1 && found[0].starts_with("update organizations, organization"), "{found:?}");
    behind.execute_batch("DELETE FROM watched").unwrap();
}

#[test]
fn a_file_tells_when_others_came_to_see_it() {
    let world = World::new();
    let pair = world.pair();
    let entrusted = |id: &str| {
        let facts = world.facts_since(0).into_iter();
        facts.filter(|(_, kind, subject)| kind == "file.entrusted" && subject == id).count()
    };
    let id = world.proposed(&pair);
    let acceptance = world.acceptance(&pair.director, "mentor");
    let file = acceptance["on_paper_file_id"].as_str().unwrap().to_owned();
    assert_eq!(entrusted(&file), 0);
    world.step(&pair.director, &id, "acceptances", acceptance).expect(200);
    world.fact("file.entrusted");
    assert_eq!(entrusted(&file), 1);
}
