//! Urgent aid and documents in the demonstration: forty food kits came in and thirty-one went out, two of them as gifts; a young man has
//! received the passport of twenty, another one waits for papers.
use crate::demo::accompaniment::case_of;
use crate::demo::cast::{Cast, id};
use crate::demo::client::{Client, with};
use serde_json::json;

/// Tells the chapter.
pub async fn play(client: &Client, cast: &Cast) -> Result<(), String> {
    stock(client, cast).await?;
    documents(client, cast).await
}

async fn stock(client: &Client, cast: &Cast) -> Result<(), String> {
    let agency = id(cast, "agency")?;
    client.days_ago(60);
    let kits = json!({"name": "Продуктовый набор", "kind": "food_kit", "unit": "набор"});
    let kits = client.add("head", &format!("/organizations/{agency}/stock-items"), kits).await?;
    for (days, direction, quantity, reason, partner) in
        [(60, "in", 40, "donation", "ngo"), (41, "out", 29, "handed_over", "ngo2")]
    {
        client.days_ago(days);
        let movement = json!({"stock_item_id": kits, "direction": direction, "quantity": quantity, "reason": reason,
            "partner_organization_id": id(cast, partner)?, "moved_on": client.day(days)});
        client.post("head", "/stock-movements", movement).await?;
    }
    let gift = |days: i64, number: &str| {
        json!({"organization_id": agency, "kind": "food_kit", "given_on": client.day(days), "items": [{"stock_item_id": kits, "quantity": 1}],
            "act": {"number": number, "signed_by_recipient": true}})
    };
    client.days_ago(20);
    let told = json!({"beneficiary_id": id(cast, "young-chernov")?, "result": "Хватит до первой зарплаты."});
    let known = with(gift(20, "17"), told);
    let told = json!({"described": "Мужчина лет сорока, ночует на вокзале, документов нет."});
    let homeless = with(gift(6, "18"), told);
    client.post("specialist", "/emergency-aids", known).await?;
    client.days_ago(6);
    client.post("specialist", "/emergency-aids", homeless).await.map(drop)
}

async fn documents(client: &Client, cast: &Cast) -> Result<(), String> {
    let helper = id(cast, "specialist")?;
    client.days_ago(50);
    let passport = json!({"kind": "passport", "noticed_on": client.day(50), "helper_user_id": helper, "due_on": client.day(20)});
    let chernov = case_of(client, cast, "young-chernov").await?;
    let passport = client.add("specialist", &format!("{chernov}/document-assistance"), passport).await?;
    let progress = format!("/document-assistance/{passport}/progress");
    client.days_ago(44);
    client.post("specialist", &progress, json!({"state": "submitted"})).await?;
    client.days_ago(24);
    let received = json!({"state": "received", "number": "25 26 345678", "issued_on": client.day(25)});
    client.post("specialist", &progress, received).await?;
    client.days_ago(15);
    let ryabov = case_of(client, cast, "young-ryabov").await?;
    let registration = json!({"kind": "registration", "noticed_on": client.day(15), "helper_user_id": helper, "due_on": client.day(-30),
        "obstacle": "Общежитие не даёт согласия на регистрацию, ждём ответа колледжа."});
    client.post("specialist", &format!("{ryabov}/document-assistance"), registration).await.map(drop)
}
