//! Several servers of one region: what is asked of two of them at once happens once.
use super::places::House;
use serde_json::{Value, json};
use tests::pairs::at_once;
use tests::{Account, Beside, Client};

/// A house with another server of its region beside its own.
struct Two {
    beside: Beside,
    house: House,
}

impl Two {
    /// An account with its token for each of the servers, which sign by keys of their own.
    fn both(&self, who: &Account) -> [Account; 2] {
        [who.clone(), self.beside.login_in(&self.house.world.region, &who.login)]
    }
    /// Sends that many orders at once, to one server and the other in turn. The number of those that were carried out: all others are
    /// refused for the state.
    fn carried_out(
        &self,
        by: &[Account; 2],
        times: usize,
        order: impl Fn(usize) -> (String, Value) + Sync,
    ) -> usize {
        let servers: [&Client; 2] = [&self.house.world, &self.beside];
        let answers = at_once(times, |n| {
            let (path, body) = order(n / 2);
            servers[n % 2].post(&by[n % 2], &path, body)
        });
        assert!(answers.iter().all(|it| [201, 409].contains(&it.0)), "{answers:?}");
        answers.iter().filter(|it| it.0 == 201).count()
    }
}

#[test]
fn bookings_gifts_and_merges_that_meet_on_two_servers_happen_once() {
    let house = House::new(1, 2);
    let it = Two { beside: house.world.beside(&[]), house };
    let (house, world) = (&it.house, &it.house.world);
    let (clerk, director, admin) =
        (it.both(&house.specialist), it.both(&house.director), it.both(&world.admin()));

    let people: Vec<String> = (0..4).map(|_| house.woman()).collect();
    let one_bed = |n: usize| ("/stays".to_owned(), house.order(&people[n % 4], 0, 0, 2));
    assert_eq!(it.carried_out(&clerk, 24, one_bed), 1, "one bed for one of four");
    let one_person = |n: usize| ("/stays".to_owned(), house.order(&people[0], n % 2, 5, 2));
    assert_eq!(it.carried_out(&clerk, 24, one_person), 1, "one of two beds for one");
    house.recount();

    let form = json!({"name": "Продуктовый набор", "kind": "food_kit", "unit": "набор"});
    let items = format!("/organizations/{}/stock-items", house.organization);
    let kits = world.post(&house.director, &items, form).expect(201).id();
    let three = json!({"stock_item_id": kits, "direction": "in", "quantity": 3, "reason": "donation", "moved_on": world.day(0)});
    world.post(&house.director, "/stock-movements", three).expect(201);
    let gift = json!({"organization_id": house.organization, "kind": "food_kit", "described": "Мужчина с вокзала",
        "given_on": world.day(0), "items": [{"stock_item_id": kits, "quantity": 1}], "act": {"number": "17", "signed_by_recipient": true}});
    let kit = |_: usize| ("/emergency-aids".to_owned(), gift.clone());
    assert_eq!(it.carried_out(&director, 12, kit), 3, "three kits of three");
    let card = world.get(&house.director, &format!("/stock-items/{kits}")).expect(200);
    assert_eq!(card.body["balance"], 0);

    let [one, other] = [0, 1].map(|_| world.entry(&house.woman()));
    let merge = |n: usize| {
        let (of, with) = if n.is_multiple_of(2) { (&one, &other) } else { (&other, &one) };
        (format!("/register-entries/{of}/merges"), json!({"other_entry_id": with, "reason": "Один паспорт."}))
    };
    assert_eq!(it.carried_out(&admin, 12, merge), 1, "two records are merged once");
    let merges = world.get(&world.admin(), "/register-merges?in_force=true").expect(200);
    assert_eq!(merges.items().len(), 1);
}
