//! Two realms in one region: a home where every role has an account and every resource an object, and an away like it.
use crate::world::{Account, World};
use serde_json::json;
use std::collections::BTreeMap;

/// A side of a region.
pub struct Realm {
    /// An object of each collection of the API, by the collection's name.
    pub objects: BTreeMap<String, String>,
    /// An account of each role, by its letter in the table of access.
    pub accounts: BTreeMap<String, Account>,
}

impl Realm {
    /// Home and away.
    pub fn pair(world: &World) -> (Self, Self) {
        (Self::build(world, "home", "25655000"), Self::build(world, "away", "33701000"))
    }

    fn build(world: &World, name: &str, territory: &str) -> Self {
        let mut objects = BTreeMap::new();
        let organization =
            world.organization("social_service_agency", &format!("Учреждение {name}"), territory);
        let unit = world
            .post(
                &world.admin(),
                &format!("/organizations/{organization}/units"),
                json!({"name": "Отделение"}),
            )
            .expect(201);
        objects.insert("organizations".to_owned(), organization.clone());
        objects.insert("units".to_owned(), unit.id());
        let at_home = |role: &str| json!([{"role": role, "organization_id": organization}]);
        let mut accounts = BTreeMap::new();
        for (letter, role) in [("D", "director"), ("U", "unit_head"), ("S", "support_specialist")] {
            accounts.insert(letter.to_owned(), world.account(&format!("{name}.{role}"), at_home(role), None));
        }
        for (letter, role) in
            [("A", "region_admin"), ("T", "tutor"), ("M", "mentor"), ("E", "mentee"), ("N", "analyst")]
        {
            accounts.insert(
                letter.to_owned(),
                world.account(&format!("{name}.{role}"), json!([{"role": role}]), None),
            );
        }
        let officer = json!([{"role": "guardianship_officer", "territory": territory}]);
        accounts.insert("G".to_owned(), world.account(&format!("{name}.officer"), officer, None));
        objects.insert("users".to_owned(), accounts["S"].id.clone());
        Self { objects, accounts }
    }
}

/// Holds a matrix against the committed text; `UPDATE_MATRIX=1` writes it anew.
#[track_caller]
pub fn matrix(name: &str, text: &str) {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("matrix").join(name);
    if std::env::var_os("UPDATE_MATRIX").is_some() {
        std::fs::write(&path, text).expect("the matrix is written");
        return;
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    for (line, (is, was)) in text.lines().zip(committed.lines()).enumerate() {
        assert_eq!(is, was, "{name}:{}: reviewed and meant? make matrix", line + 1);
    }
    assert_eq!(text, committed, "{name}: reviewed and meant? make matrix");
}
