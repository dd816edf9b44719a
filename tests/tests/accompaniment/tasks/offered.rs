//! The offers of a task's card, held against what is carried out.
use crate::offers::{callers, holds};
use serde_json::{Value, json};
use tests::World;

#[test]
fn a_task_offers_each_step_to_whose_it_is() {
    let (world, pair, _) = World::mentoring();
    let case = world.case(&pair.director, &pair.organization, &pair.beneficiary);
    let callers = callers(&world, &pair);
    let give = |world: &World, assignee: Value| {
        let order = json!({"kind": "other", "title": "Собрать документы", "case_id": case, "assignee": assignee,
            "controller_user_id": pair.director.id, "due_on": world.day(7)});
        format!("/tasks/{}", world.post(&pair.director, "/tasks", order).expect(201).id())
    };
    let assignees = [
        json!({"kind": "mentor", "id": pair.mentor}),
        json!({"kind": "organization", "id": pair.organization}),
        json!({"kind": "user", "id": pair.director.id}),
    ];
    for (assignee, who) in assignees.iter().flat_map(|it| callers.iter().map(move |who| (it, who))) {
        let path = give(&world, assignee.clone());
        let later = json!({"due_on": world.day(9), "reason": "Справка позже."});
        holds(&world, who, &path, "postpone", "/postponements", later);
        holds(&world, who, &path, "accept", "/acceptance", json!({}));
        if holds(&world, who, &path, "report", "/report", json!({"result": "Собрано."})).status == 200
        {
            for other in &callers {
                let path = give(&world, assignee.clone());
                world.post(who, &format!("{path}/report"), json!({"result": "Собрано."})).expect(200);
                holds(&world, other, &path, "return", "/return", json!({"note": "Не хватает справки."}));
                world.post(who, &format!("{path}/report"), json!({"result": "Собрано."}));
                holds(&world, other, &path, "accept", "/acceptance", json!({}));
                holds(&world, other, &path, "cancel", "/cancellation", json!({"reason": "mistake"}));
            }
        }
        holds(&world, who, &path, "assign", "/assignment", json!({"user_id": callers[2].id}));
        holds(&world, who, &path, "cancel", "/cancellation", json!({"reason": "mistake"}));
        holds(&world, who, &path, "cancel", "/cancellation", json!({"reason": "mistake"}));
    }
}
