//! Accompaniment in the demonstration: a case in each stage where one begins, periods of life, contacts and snapshots.
//!
//! A girl is in preparation, two young men are accompanied, and a family gets help in hardship. A consilium moves another young man to
//! monitoring. One of those who are accompanied turned 23 ten days ago, and nobody reaches him.
pub mod consilia;
pub mod plans;
pub mod readiness;
pub mod records;
pub mod tasks;
pub mod team;

use crate::demo::cast::{Cast, id};
use crate::demo::client::{Client, first};
use serde_json::json;

/// Opens the case of a beneficiary. Families are on social accompaniment, young people are accompanied as care leavers.
pub async fn open(client: &Client, cast: &Cast, beneficiary: &str, name: &str) -> Result<(), String> {
    let (kind, stage) = match name {
        "young-sokolova" => ("aftercare", "preparation"),
        "family-gurov" => ("social", "hardship_help"),
        it if it.starts_with("young") => ("aftercare", "accompaniment"),
        _ => ("social", "accompaniment"),
    };
    let basis = json!({"kind": "application", "drawn_on": client.day(291)});
    let opening = json!({"beneficiary_id": beneficiary, "organization_id": id(cast, "agency")?,
        "specialist_user_id": id(cast, "specialist")?, "opened_on": client.day(290), "reason": "Признаны нуждающимися в сопровождении.",
        "kind": kind, "stage": stage, "legal_bases": [basis]});
    client.post("specialist", "/cases", opening).await.map(drop)
}

/// Tells of contacts, snapshots and periods: one contact is in time, others are long ago, and two attempts and a visit reached nobody.
pub async fn play(client: &Client, cast: &Cast) -> Result<(), String> {
    let sokolova = id(cast, "young-sokolova")?;
    for period in [
        json!({"kind": "placement", "name": "Центр помощи детям № 2", "placement": "institution", "starts_on": "2019-02-11", "ends_on": "2021-03-11"}),
        json!({"kind": "placement", "name": "Семья Соколовых", "placement": "guardianship", "starts_on": "2021-03-12"}),
        json!({"kind": "education", "name": "Школа № 14", "level": "school", "course": 10, "starts_on": "2017-09-01"}),
        json!({"kind": "hobby", "name": "Волейбол", "place": "Спортивная школа № 3", "starts_on": "2023-10-02"}),
    ] {
        client.post("specialist", &format!("/beneficiaries/{sokolova}/life-periods"), period).await?;
    }
    let housing = json!({"domain": "housing", "level": "watch", "note": "Договор найма заканчивается через три месяца."});
    let taken = json!({"taken_on": client.day(20), "source": "visit", "in_touch": "yes", "tenure": "special_rent",
        "contract_until": client.day(-100), "activity": "seeking", "domains": [housing], "conclusion": "Ищет работу, просит помочь с договором."});
    let chernov = case_of(client, cast, "young-chernov").await?;
    client.post("specialist", &format!("{chernov}/snapshots"), taken).await?;
    let contact = |days: i64, reached: bool, note: &str| json!({"held_on": client.day(days), "medium": "phone", "talked_with": ["person"], "reached": reached, "note": note});
    let met = contact(1, true, "Договорились о встрече в центре занятости.");
    client.post("specialist", &format!("{chernov}/case-contacts"), met).await?;
    let ryabov = case_of(client, cast, "young-ryabov").await?;
    for (days, reached, note) in [(45, true, "Рассказал об учёбе."), (8, false, "Не берёт трубку.")]
    {
        client.post("specialist", &format!("{ryabov}/case-contacts"), contact(days, reached, note)).await?;
    }
    let losev = case_of(client, cast, "young-losev").await?;
    for (days, reached, note) in
        [(60, true, "Работает на стройке, снимает комнату."), (9, false, "Телефон выключен.")]
    {
        client.post("specialist", &format!("{losev}/case-contacts"), contact(days, reached, note)).await?;
    }
    let unreached = json!({"taken_on": client.day(2), "source": "visit", "in_touch": "unreachable",
        "conclusion": "Комнату сдал, соседи не знают, куда уехал. Решить с ним вопрос о завершении сопровождения не удалось."});
    client.post("specialist", &format!("{losev}/snapshots"), unreached).await.map(drop)
}

/// The address of the case of a beneficiary.
pub async fn case_of(client: &Client, cast: &Cast, name: &str) -> Result<String, String> {
    let found = client.get("specialist", &format!("/cases?beneficiary_id={}", id(cast, name)?)).await?;
    Ok(format!("/cases/{}", first(&found)?))
}
