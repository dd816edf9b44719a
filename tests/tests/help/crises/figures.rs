//! Reaction times: by organization and month, and without small counts for who sees no persons.
use super::*;

#[test]
fn who_sees_no_persons_is_told_no_count_below_five_and_staff_count_what_they_see() {
    let mut it = scene();
    for _ in 0..5 {
        let crisis = it.report(&it.mentee, json!({}));
        it.world.advance(TimeDelta::minutes(4));
        it.take(&it.specialist, &crisis).expect(200);
        it.pass(1);
    }
    let own = it.report(&it.specialist, json!({}));
    it.listen(&it.specialist, &own).expect(200);
    it.step(&it.head, &own, "false-alarm", json!({"note": "Проверка связи."})).expect(200);
    let (_, elsewhere) = it.world.institution("Другой центр");
    let analyst = it.world.account("analyst", json!([{"role": "analyst"}]), None);
    let told = it.world.get(&it.director, "/crises/reaction-times").expect(200);
    let [times, critical, ..] = told.body["times"].as_array().expect("times").as_slice() else {
        panic!("a line of all and one of each severity: {}", told.text)
    };
    assert!(times["severity"].is_null());
    assert_eq!((&critical["severity"], &critical["crises"]), (&json!("critical"), &json!(5)));
    assert_eq!((&times["escalated_to_heads"], &times["acknowledgement_minutes_p90"]), (&json!(0), &json!(4)));
    assert_eq!(
        (&times["crises"], &times["false_alarms"], &times["acknowledged"]),
        (&json!(5), &json!(1), &json!(5))
    );
    assert_eq!((&times["acknowledgement_minutes"], &times["acknowledged_in_time"]), (&json!(4), &json!(5)));
    assert_eq!((&times["month"], &times["suppressed"]), (&json!("2026-03"), &json!(false)));
    let told = it.world.get(&analyst, "/crises/reaction-times?from=2026-01&to=2026-03").expect(200);
    let times = &told.body["times"][0];
    assert_eq!((&times["crises"], &times["acknowledgement_minutes"]), (&json!(5), &json!(4)));
    assert!(times["false_alarms"].is_null() && times["first_action_minutes"].is_null(), "{}", told.text);
    assert_eq!(times["suppressed"], true);
    assert!(times["acknowledgement_minutes_p90"].is_null(), "of five it would be one of them");
    assert_eq!(told.body["times"].as_array().map(Vec::len), Some(1), "the false alarm is one severity's");
    let told = it.world.get(&elsewhere, "/crises/reaction-times").expect(200);
    assert_eq!(told.body["times"], json!([]));
    let before = it.world.get(&it.director, "/crises/reaction-times?to=2026-02").expect(200);
    assert_eq!(before.body["times"], json!([]));
    it.world.get(&it.specialist, "/crises/reaction-times").expect(403);
    it.world.get(&it.mentee, "/crises/reaction-times").expect(403);
    it.world.get(&it.director, "/crises/reaction-times?from=yesterday").expect(400);
}

#[test]
fn a_level_that_was_called_late_and_a_second_acknowledgement_are_told_as_they_were() {
    let mut it = scene();
    let crisis = it.report(&it.mentee, json!({}));
    it.pass(20);
    it.take(&it.head, &crisis).expect(200);
    it.find(&it.director, &crisis, json!({"concerns": "staff", "concerned_user_id": it.head.id})).expect(200);
    it.pass(16);
    it.take(&it.director, &crisis).expect(200);
    it.listen(&it.director, &crisis).expect(200);
    it.resolve(&it.director, &crisis, "safe").expect(200);
    let told = it.world.get(&it.director, "/crises/reaction-times").expect(200);
    let times = &told.body["times"][0];
    assert_eq!((&times["acknowledgement_minutes"], &times["acknowledged_in_time"]), (&json!(20), &json!(0)));
    assert_eq!((&times["escalated_to_heads"], &times["escalated_to_directors"]), (&json!(1), &json!(1)));
    assert_eq!((&times["first_action_minutes"], &times["end_minutes_p90"]), (&json!(36), &json!(36)));
}
