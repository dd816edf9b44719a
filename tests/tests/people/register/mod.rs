//! The register: one person, one entry in the region.
mod candidates;
mod entries;
mod merges;
mod once;
mod searches;

use serde_json::{Value, json};
use tests::{Account, World};

/// Two institutions, each with a record of the same woman, and those who keep the register.
struct Stage {
    world: World,
    /// The first institution and its director.
    home: String,
    director: Account,
    /// The second institution and its director.
    away: String,
    other_director: Account,
    /// The organization that keeps the register, by its director.
    keeper: Account,
    /// The beneficiary of each institution.
    first: String,
    second: String,
}

impl Stage {
    fn new() -> Self {
        let world = World::new();
        let (home, director) = world.institution("Центр «Дом»");
        let (away, other_director) = world.institution("Центр «Кров»");
        let operator = world.organization("aftercare_centre", "Оператор учёта", "25000000");
        let path = format!("/organizations/{operator}");
        world.patch(&world.admin(), &path, "\"1\"", json!({"keeps_register": true})).expect(200);
        let keeper = world.staff("director", &operator);
        let woman = json!({"given_name": "Дарья", "birth_date": "2007-01-10"});
        let first = world.beneficiary(&director, &home, &world.person(&director, woman.clone()));
        let second = world.beneficiary(&other_director, &away, &world.person(&other_director, woman));
        Self { world, home, director, away, other_director, keeper, first, second }
    }
    /// The entry of a beneficiary.
    fn entry(&self, of: &str) -> Value {
        let list = self.world.get(&self.world.admin(), &format!("/register-entries?beneficiary_id={of}"));
        list.expect(200).items()[0].clone()
    }
    fn entry_id(&self, of: &str) -> String {
        self.entry(of)["id"].as_str().expect("an id").to_owned()
    }
    fn order(&self, other: &str) -> Value {
        json!({"other_entry_id": self.entry_id(other), "reason": "Один паспорт."})
    }
    fn merging(&self, who: &Account, one: &str, order: Value) -> tests::Reply {
        self.world.post(who, &format!("/register-entries/{}/merges", self.entry_id(one)), order)
    }
    /// The second record is merged into the first.
    fn merged(&self) -> String {
        self.merging(&self.keeper, &self.first, self.order(&self.second)).expect(201).id()
    }
    fn reverse(&self, merge: &str) -> tests::Reply {
        let order = json!({"reason": "Это сёстры."});
        self.world.post(&self.keeper, &format!("/register-merges/{merge}/reversal"), order)
    }
}

/// Story 19: an account that serves both institutions.
fn of_both(stage: &Stage) -> Account {
    let grants = json!([{"role": "director", "organization_id": stage.home}, {"role": "director", "organization_id": stage.away}]);
    stage.world.account("both", grants, None)
}
