//! The follow-up of a grave crisis that concerns somebody: it is read with the crisis alone.
use super::sight::hidden;
use super::*;

/// A crisis about the colleague that the head has resolved.
fn resolved(it: &Scene) -> String {
    let crisis = it.report(&it.mentee, json!({"concerns": "staff", "concerned_user_id": it.colleague.id}));
    it.take(&it.head, &crisis).expect(200);
    it.listen(&it.head, &crisis).expect(200);
    it.resolve(&it.head, &crisis, "safe").expect(200);
    crisis
}

#[test]
fn a_grave_crisis_that_concerns_somebody_is_followed_up_by_those_who_see_it() {
    let it = scene();
    let crisis = resolved(&it);
    let card = it.seen(&it.director, &crisis).expect(200);
    assert_eq!(
        (&card.body["follow_up_user_id"], &card.body["follow_up_due_on"]),
        (&json!(it.head.id), &json!(it.world.day(3)))
    );
    assert_eq!(it.waits(&it.head), [crisis.as_str()]);
    hidden(&it, &it.colleague, &crisis);
    assert!(it.world.get(&it.director, "/tasks").expect(200).items().is_empty());
    let order = json!({"result": "Консилиум-Х."});
    let follow = |who: &Account| it.step(who, &crisis, "follow-up", order.clone());
    follow(&it.director).refused(403, "access.not_yours");
    follow(&it.colleague).expect(404);
    follow(&it.mentee).expect(403);
    let seen = it.seen(&it.head, &crisis).expect(200);
    assert_eq!(seen.actions(), json!(["record_follow_up"]));
    let done = follow(&it.head).expect(200);
    assert_eq!(
        (&done.body["follow_up_result"], &done.body["followed_up_on"]),
        (&json!("Консилиум-Х."), &json!(it.world.day(0)))
    );
    follow(&it.head).refused(409, "crisis.no_follow_up_due");
    assert!(it.waits(&it.head).is_empty());
    let told = it.seen(&it.mentee, &crisis).expect(200);
    assert!(!told.text.contains("Консилиум-Х"), "{}", told.text);
    hidden(&it, &it.colleague, &crisis);
}

#[test]
fn a_head_sees_to_the_follow_up_of_an_account_that_is_gone() {
    let it = scene();
    let crisis = resolved(&it);
    it.world.close_account(&it.head);
    assert_eq!(it.waits(&it.director), [crisis.as_str()]);
    it.step(&it.director, &crisis, "follow-up", json!({"result": "Проведён."})).expect(200);
    let calm = it.report(&it.mentee, json!({}));
    it.take(&it.specialist, &calm).expect(200);
    it.world.close_account(&it.specialist);
    it.listen(&it.director, &calm).expect(200);
    it.resolve(&it.director, &calm, "safe").expect(200);
    let tasks = it.world.get(&it.director, "/tasks?mine=to_do").expect(200);
    assert_eq!(tasks.items().len(), 1, "it concerns nobody, so it is a task of the one who ended it");
    it.step(&it.director, &calm, "follow-up", json!({"result": "Нет."}))
        .refused(409, "crisis.no_follow_up_due");
}
