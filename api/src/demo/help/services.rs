//! Needs and services in the demonstration: a young man's individual programme, with a line that is done and one in work.
use crate::demo::accompaniment::case_of;
use crate::demo::cast::{Cast, id};
use crate::demo::client::{Client, first};
use serde_json::json;

/// Tells the chapter.
pub async fn play(client: &Client, cast: &Cast) -> Result<(), String> {
    let chernov = case_of(client, cast, "young-chernov").await?;
    let standard = client.get("specialist", "/service-standards?code=hardship-help").await?;
    let standard = first(&standard)?;
    client.days_ago(30);
    let work = json!({"noticed_on": client.day(30), "domain": "study_work", "text": "Найти работу с общежитием.", "source": "snapshot",
        "urgency": "month", "due_on": client.day(-5), "in_the_persons_words": "Хочу работать поваром.", "standard_id": standard,
        "volume": 6, "programme_number": "17-2026"});
    let work = client.add("specialist", &format!("{chernov}/needs"), work).await?;
    client.post("specialist", &format!("/needs/{work}/start"), json!({})).await?;
    let food = json!({"noticed_on": client.day(30), "domain": "household", "text": "Продержаться до первой зарплаты.", "source": "person",
        "urgency": "now", "standard_id": standard, "volume": 1, "programme_number": "17-2026", "mark": "done"});
    let food = client.add("specialist", &format!("{chernov}/needs"), food).await?;
    for (days, need, result) in
        [(21, &food, "Оформили пособие."), (9, &work, "Составили резюме и список вакансий.")]
    {
        client.days_ago(days);
        let delivery = json!({"standard_id": standard, "provider_organization_id": id(cast, "agency")?,
            "delivered_on": client.day(days), "volume": 1, "minutes": 60, "need_ids": [need], "result": result});
        client.post("specialist", &format!("{chernov}/service-deliveries"), delivery).await?;
    }
    let met =
        json!({"outcome": "met", "result": "Пособие пришло, продуктов хватает.", "ended_on": client.day(9)});
    client.post("specialist", &format!("/needs/{food}/result"), met).await?;
    let ryabov = case_of(client, cast, "young-ryabov").await?;
    let room = json!({"noticed_on": client.day(9), "domain": "housing", "text": "Разобраться с долгом за общежитие.", "source": "consilium",
        "urgency": "week", "due_on": client.day(2)});
    client.post("specialist", &format!("{ryabov}/needs"), room).await.map(drop)
}
