//! Tasks: orders with a day, from the giver to the acceptance of the result.
mod offered;
mod parties;
mod seeing;
mod sources;
mod steps;

use serde_json::{Value, json};
use tests::pairs::Pair;
use tests::{Account, Reply, World, with};

/// An institution with its staff, a pair, and an open case of the recipient.
struct Scene {
    world: World,
    pair: Pair,
    director: Account,
    head: Account,
    specialist: Account,
    colleague: Account,
    case: String,
}

fn scene() -> Scene {
    tests::prepared!(Scene { pair, director, head, specialist, colleague, case } by scene_in)
}

fn scene_in(world: World) -> Scene {
    let pair = world.pair();
    let case = world.case(&pair.director, &pair.organization, &pair.beneficiary);
    let staff = |role| world.staff(role, &pair.organization);
    let (head, specialist, colleague) =
        (staff("unit_head"), staff("support_specialist"), staff("support_specialist"));
    Scene { director: pair.director.clone(), head, specialist, colleague, case, pair, world }
}

impl Scene {
    /// The order for a task of the specialist, whose director accepts the result. The members replace those of the order.
    fn order(&self, members: Value) -> Value {
        let assignee = json!({"kind": "user", "id": self.specialist.id});
        let order = json!({"kind": "other", "title": "Собрать документы", "assignee": assignee,
            "controller_user_id": self.director.id, "due_on": self.world.day(7)});
        with(order, &members)
    }
    fn give(&self, who: &Account, members: Value) -> Reply {
        self.world.post(who, "/tasks", self.order(members))
    }
    /// A new task of the specialist, by its id.
    fn task(&self, members: Value) -> String {
        self.give(&self.director, members).expect(201).id()
    }
    fn step(&self, who: &Account, task: &str, step: &str, order: Value) -> Reply {
        self.world.post(who, &format!("/tasks/{task}/{step}"), order)
    }
    fn report(&self, who: &Account, task: &str) -> Reply {
        self.step(who, task, "report", json!({"result": "Собрано."}))
    }
    fn card(&self, who: &Account, task: &str) -> Reply {
        self.world.get(who, &format!("/tasks/{task}"))
    }
    fn listed(&self, who: &Account, query: &str) -> Vec<String> {
        let page = self.world.get(who, &format!("/tasks{query}")).expect(200);
        page.ids()
    }
}

/// The account as the assignee of a task.
fn account(it: &Account) -> Value {
    json!({"kind": "user", "id": it.id})
}
