//! The register: one person, one entry in the region.
mod candidates;
mod entries;
mod joined;
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
        tests::prepared!(Stage { home, director, away, other_director, keeper, first, second } by Self::in_world)
    }
    fn in_world(world: World) -> Self {
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
        self.world.entry(of)
    }
    /// The person whom a beneficiary is.
    fn person_of(&self, beneficiary: &str) -> String {
        let card = self.world.get(&self.world.admin(), &format!("/beneficiaries/{beneficiary}")).expect(200);
        card.body["person_id"].as_str().expect("a person").to_owned()
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

#[test]
fn people_on_the_register_are_counted_once_and_by_the_kind_of_their_institution() {
    let it = Stage::new();
    let home = it.world.organization("residential_care", "Детский дом", "25655000");
    let head = it.world.staff("director", &home);
    let boy = it.world.person(&head, json!({"given_name": "Иван"}));
    let pupil = it.world.beneficiary(&head, &home, &boy);
    let counts = |who: &Account, by: &str| {
        let told = it.world.get(who, &format!("/register-entries/counts?group_by={by}")).expect(200).body;
        let groups = told["counts"].as_array().expect("counts").iter();
        let line = |group: &Value| {
            let value = group.get("value").and_then(Value::as_str).unwrap_or("none").to_owned();
            (value, group["count"].as_i64().expect("a count"))
        };
        (told["total"].as_i64().expect("a total"), groups.map(line).collect::<Vec<_>>())
    };
    let kinds = |agencies: i64, homes: i64| {
        let all = [("social_service_agency", agencies), ("residential_care", homes)];
        (agencies + homes, all.map(|(kind, count)| (kind.to_owned(), count)).to_vec())
    };
    assert_eq!(counts(&it.keeper, "organization_kind"), kinds(2, 1));
    it.merged();
    assert_eq!(counts(&it.keeper, "organization_kind"), kinds(1, 1));
    assert_eq!(counts(&it.keeper, "organization_id").1.len(), 2);
    assert_eq!(counts(&it.world.admin(), "category").0, 2);
    // An institution counts its own.
    assert_eq!(counts(&head, "organization_id"), (1, vec![(home, 1)]));
    assert_eq!(counts(&it.director, "origin").0, 1);
    // The director of the second record counts the person too, though the first one is another institution's.
    assert_eq!(counts(&it.other_director, "organization_id"), (1, vec![(it.away.clone(), 1)]));
    let removal = json!({"removed_on": it.world.day(0), "reason": "moved_out", "note": "Уехал."});
    let removed = format!("/register-entries/{}/removal", it.entry_id(&pupil));
    it.world.post(&it.keeper, &removed, removal).expect(200);
    assert_eq!(counts(&it.keeper, "category").0, 1);
    it.world.get(&it.keeper, "/register-entries/counts?group_by=name").expect(400);
}

#[test]
fn each_caller_counts_a_person_once_by_the_records_that_the_caller_sees() {
    let it = Stage::new();
    let (far, stranger) = it.world.institution("Центр «Порог»");
    let woman = json!({"given_name": "Даша", "birth_date": "2007-01-10"});
    let third = it.world.beneficiary(&stranger, &far, &it.world.person(&stranger, woman));
    let grant = |of: &str| json!({"role": "director", "organization_id": of});
    let outer = it.world.account("outer", json!([grant(&it.away), grant(&far)]), None);
    let ends = it.world.account("ends", json!([grant(&it.home), grant(&far)]), None);
    let total = |who: &Account| {
        it.world.get(who, "/register-entries/counts").expect(200).body["total"].as_i64().expect("a total")
    };
    let all = [&it.keeper, &it.director, &it.other_director, &stranger, &outer, &ends];
    assert_eq!(all.map(total), [3, 1, 1, 1, 2, 2]);
    // The third record is merged into the second, and that into the first.
    it.merging(&it.keeper, &it.second, it.order(&third)).expect(201);
    assert_eq!(all.map(total), [2, 1, 1, 1, 1, 2]);
    let merge = it.merged();
    assert_eq!(all.map(total), [1; 6]);
    // The first record stands for all of them.
    let entry = format!("/register-entries/{}", it.entry_id(&it.first));
    let removal = json!({"removed_on": it.world.day(0), "reason": "moved_out"});
    it.world.post(&it.keeper, &format!("{entry}/removal"), removal).expect(200);
    assert_eq!(all.map(total), [0; 6]);
    let reason = json!({"reason": "Вернулась."});
    it.world.post(&it.keeper, &format!("{entry}/restoration"), reason).expect(200);
    it.reverse(&merge).expect(200);
    assert_eq!(all.map(total), [2, 1, 1, 1, 1, 2]);
}
