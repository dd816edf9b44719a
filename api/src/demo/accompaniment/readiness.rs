//! Readiness for independent life in the demonstration: measured before and after, a programme under way, an excursion.
use crate::demo::cast::{Cast, id};
use crate::demo::client::{Client, first};
use serde_json::{Value, json};

/// Tells the chapter, of a teenager in preparation.
pub async fn play(client: &Client, cast: &Cast) -> Result<(), String> {
    let of = format!("/beneficiaries/{}", id(cast, "young-sokolova")?);
    let scales = client.get("specialist", "/scales?code=readiness").await?;
    let scale = scales.pointer("/items/0").ok_or("no scale")?;
    for (who, rater, point, days, low, high) in [
        ("specialist", "specialist", "before", 150, 2, 3),
        ("mentee", "self", "before", 149, 4, 5),
        ("specialist", "specialist", "after", 10, 3, 4),
    ] {
        let form = json!({"scale_id": scale.get("id"), "rater": rater, "point": point, "assessed_on": client.day(days),
            "answers": answers(scale, low, high)});
        let assessment = client.add(who, &format!("{of}/assessments"), form).await?;
        let conclusion = json!({"conclusion": "С бытом справляется, деньги считает с помощью взрослого."});
        client.post(who, &format!("/assessments/{assessment}/completion"), conclusion).await?;
    }
    let programmes = client.get("specialist", "/living-programmes?regional=true").await?;
    let enrolment = json!({"programme_id": first(&programmes)?, "starts_on": client.day(120), "planned_end_on": client.day(-240)});
    let enrolment = client.add("specialist", &format!("{of}/living-enrolments"), enrolment).await?;
    for (module, state, days, hours, result) in [
        ("household", "credited", 110, 0, "Готовила и убирала дома, умеет."),
        ("money", "passed", 60, 18, "Ведёт расходы, оплатила связь сама."),
        ("law", "in_progress", 7, 6, "Разобрали паспорт и СНИЛС."),
    ] {
        let order = json!({"module_code": module, "state": state, "on": client.day(days), "hours": hours, "result": result});
        client.post("specialist", &format!("/living-enrolments/{enrolment}/module-results"), order).await?;
    }
    let excursion = json!({"kind": "excursion", "name": "Хлебозавод, цех выпечки", "held_on": client.day(33), "hours": 3,
        "result": "Понравилась работа технолога."});
    client.post("specialist", &format!("{of}/career-activities"), excursion).await?;
    let garden = json!({"code": "garden", "name": "Приусадебное хозяйство", "domain": "household", "min_hours": 12, "min_age": 14,
        "outcome": "Выращивает овощи для себя."});
    let adapted = json!({"organization_id": id(cast, "agency")?, "effective_from": client.day(-30), "modules": [garden],
        "name": "Подготовка к самостоятельной жизни в сельском районе", "hours": [{"module_code": "money", "hours": 24}]});
    client.post("director", "/living-programmes", adapted).await.map(drop)
}

/// Answers to all items of a scale, one value after the other.
fn answers(scale: &Value, low: i32, high: i32) -> Vec<Value> {
    let lists = scale.get("domains").and_then(Value::as_array).into_iter().flatten();
    let items = lists.filter_map(|it| it.get("items").and_then(Value::as_array)).flatten();
    let answer = |(n, it): (usize, &Value)| json!({"item": it.get("code"), "value": if n % 2 == 0 { low } else { high }});
    items.enumerate().map(answer).collect()
}
