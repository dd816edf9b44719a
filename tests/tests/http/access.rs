//! Every operation of the contract for every role, with an own and a foreign object, compared with
//! `matrix/access.txt`.
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt::Write;
use tests::{Account, Ask, Realm, World};

/// The headings of the columns: the letters of the table in `domain/src/base/access/mod.rs`.
const ROLES: &str = "A D U S C T M E G N K";

pub(crate) fn operations() -> Vec<(String, &'static str, String)> {
    let document = api::openapi::document();
    let mut all = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let method = match method.as_str() {
                "get" => "GET",
                "post" => "POST",
                "put" => "PUT",
                "patch" => "PATCH",
                other => panic!("a method the matrix does not know: {other}"),
            };
            if operation["security"] != json!([]) {
                all.push((operation["operationId"].as_str().unwrap().to_owned(), method, path.clone()));
            }
        }
    }
    all
}

/// Sends a request without effect. No order accepts its body, but a body is read only after the caller was let in.
fn ask(world: &World, who: Option<&Account>, method: &'static str, path: &str) -> u16 {
    without_effect(world, who, method, path).send().status
}

pub(crate) fn without_effect<'w>(
    world: &'w World,
    who: Option<&Account>,
    method: &'static str,
    path: &str,
) -> Ask<'w> {
    let mut ask = world.ask(method, path);
    if let Some(who) = who {
        ask = ask.by(who);
    }
    if method != "GET" {
        ask = ask.header("if-match", "\"999999\"").header("idempotency-key", "matrix");
        let media_type = if method == "PATCH" { "application/merge-patch+json" } else { "application/json" };
        ask = ask.body(media_type, br#"{"no_order_has_this": 1}"#.to_vec());
    }
    ask
}

fn cell(status: u16) -> &'static str {
    match status {
        401 => "401",
        403 => "403",
        404 => "404",
        _ => "+",
    }
}

pub(crate) fn at(path: &str, objects: &BTreeMap<String, String>) -> String {
    let collection = path.trim_start_matches("/api/v1/").split('/').next().unwrap();
    let needed = || {
        objects.get(collection).unwrap_or_else(|| panic!("the realm has no {collection}: add one to Realm"))
    };
    let path = if path.contains("{id}") { path.replace("{id}", needed()) } else { path.to_owned() };
    path.replace("{mentor_id}", &objects["mentors"])
        .replace("{extension_id}", NOTHING)
        .replace("{month}", MONTH)
}

/// The id of a thing that does not exist.
const NOTHING: &str = "01980000-0000-7000-8000-000000000001";

/// The month of the day on which worlds begin.
const MONTH: &str = "2026-03";

/// The address with ids that do not exist.
fn anywhere(path: &str) -> String {
    let ids = ["{id}", "{mentor_id}", "{extension_id}"];
    ids.iter().fold(path.to_owned(), |it, id| it.replace(id, NOTHING)).replace("{month}", MONTH)
}

#[test]
fn the_matrix_of_access_is_as_committed() {
    let (world, home, away) = Realm::in_world();
    let mut text = String::new();
    writeln!(text, "# Every operation × every role, as own/foreign object: + let in, 403 visible but not allowed, 404 not visible.").unwrap();
    writeln!(text, "# A region_admin D director U unit_head S support_specialist C program_coordinator T tutor M mentor E mentee").unwrap();
    writeln!(text, "# G guardianship_officer N analyst K integration. Without an account every operation here answers 401.").unwrap();
    let header: Vec<String> = ROLES.split(' ').map(|it| format!("{it:<8}")).collect();
    writeln!(text, "{:<34}{}", "", header.concat().trim_end()).unwrap();
    for (name, method, path) in operations() {
        assert_eq!(ask(&world, None, method, &at(&path, &home.objects)), 401, "{name}");
        let cells = ROLES.split(' ').map(|role| {
            let who = &home.accounts[role];
            let own = cell(ask(&world, Some(who), method, &at(&path, &home.objects)));
            if !path.contains('{') {
                return format!("{own:<8}");
            }
            let foreign = cell(ask(&world, Some(who), method, &at(&path, &away.objects)));
            format!("{:<8}", format!("{own}/{foreign}"))
        });
        let line: String = cells.collect();
        writeln!(text, "{name:<34}{}", line.trim_end()).unwrap();
    }
    tests::matrix("access.txt", &text);
}

#[test]
fn nobody_but_the_signed_in_gets_anything() {
    let world = World::new();
    for (name, method, path) in operations() {
        let path = anywhere(&path);
        let garbage = Account { token: "garbage".into(), ..world.admin() };
        for who in [None, Some(&garbage)] {
            let status = ask(&world, who, method, &path);
            assert_eq!(status, 401, "{name}");
        }
    }
}

#[test]
fn whoever_sees_everything_finds_nothing_under_an_unknown_id() {
    let world = World::new();
    for (name, method, path) in operations().into_iter().filter(|it| it.2.contains("{id}")) {
        let status = ask(&world, Some(&world.admin()), method, &anywhere(&path));
        let right = matches!(status, 404 | 422);
        assert!(right, "{name} answered {status}");
    }
}

#[test]
fn an_answer_shows_only_the_members_the_contract_names() {
    // The world checks every reply against the contract and refuses unknown members. This test uses the role with the
    // least rights.
    let (world, home, _) = Realm::in_world();
    let me: Value = world.get(&home.accounts["N"], "/me").expect(200).body;
    assert_eq!(me["user"]["grants"], json!([{"role": "analyst"}]));
}
