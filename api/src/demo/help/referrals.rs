//! Referrals and requests for help in the demonstration. A service is offered. A neighbour's request goes from the check to the decision,
//! and one of a foundation is accepted. A foundation has accepted a referral, and has rejected another.
use crate::demo::accompaniment::case_of;
use crate::demo::accompaniment::team::PSYCHOLOGIST;
use crate::demo::cast::{Cast, id};
use crate::demo::client::Client;
use serde_json::{Value, json};

/// Tells the chapter.
pub async fn play(client: &Client, cast: &Cast) -> Result<(), String> {
    client.days_ago(9);
    offer(client, cast).await?;
    intake(client, cast).await?;
    of_partner(client, cast).await?;
    client.days_ago(4);
    refer(client, cast).await
}

async fn offer(client: &Client, cast: &Cast) -> Result<(), String> {
    let form = json!({"organization_id": id(cast, "ngo2")?, "name": "Психологическая помощь подросткам", "kind": "psychological",
        "phone": "+73954100002", "opening_hours": "по будням с 14 до 18", "age_from": 14, "age_to": 23, "free": true,
        "territory": "25655000", "starts_on": client.day(200)});
    client.post("admin", "/service-offers", form).await.map(drop)
}

async fn intake(client: &Client, cast: &Cast) -> Result<(), String> {
    let told = json!({"source": "neighbour", "described": "Женщина с двумя детьми, дом у реки.", "territory": "25655000",
        "urgency": "week", "text": "Нет дров, дети не ходят в школу.", "reporter": "Соседка, просила не называть."});
    let request = format!("/intake-requests/{}", client.add("tutor", "/intake-requests", told).await?);
    client.days_ago(8);
    let check = json!({"organization_id": id(cast, "agency")?});
    client.post("specialist", &format!("{request}/check"), check).await?;
    client.days_ago(7);
    let decision =
        json!({"outcome": "no_need", "note": "Дрова привезли родственники, дети здоровы и снова учатся."});
    client.post("specialist", &format!("{request}/decision"), decision).await?;
    let waits = json!({"source": "school", "described": "Ученик шестого класса, живёт с бабушкой.", "territory": "25655000",
        "urgency": "now", "danger_to_child": true, "text": "Бабушка в больнице, мальчик дома один."});
    client.days_ago(0);
    client.add("tutor", "/intake-requests", waits).await.map(drop)
}

/// A foundation finds the family in hardship, and the agency meets the need in the case that is open.
async fn of_partner(client: &Client, cast: &Cast) -> Result<(), String> {
    client.days_ago(6);
    let told = json!({"source": "ngo", "described": "Мать с дочерью девяти лет, снимают половину дома.", "territory": "25655000",
        "urgency": "week", "text": "Отключили отопление за долги, девочка болеет.", "reporter": "Психолог фонда."});
    let request = format!("/intake-requests/{}", client.add(PSYCHOLOGIST, "/intake-requests", told).await?);
    client.days_ago(5);
    let check = json!({"organization_id": id(cast, "agency")?});
    client.post("specialist", &format!("{request}/check"), check).await?;
    let case = case_of(client, cast, "family-gurov").await?;
    let decision = json!({"outcome": "accepted", "note": "Семья на сопровождении, помогаем реструктуризировать долг.",
        "case_id": case.trim_start_matches("/cases/")});
    client.post("specialist", &format!("{request}/decision"), decision).await.map(drop)
}

async fn refer(client: &Client, cast: &Cast) -> Result<(), String> {
    let account = client.get(PSYCHOLOGIST, "/me").await?;
    let psychologist = account.pointer("/user/id").and_then(Value::as_str).ok_or("no account")?;
    let chernov =
        sent(client, cast, ("young-chernov", "relations"), "Тревога перед собеседованиями.").await?;
    client.days_ago(2);
    let acceptance = json!({"specialist_user_id": psychologist});
    client.post(PSYCHOLOGIST, &format!("{chernov}/acceptance"), acceptance).await?;
    let ryabov = sent(client, cast, ("young-ryabov", "study_work"), "Нужен репетитор по математике.").await?;
    client.days_ago(1);
    let rejection = json!({"reason": "not_competent", "note": "Репетиторов у нас нет."});
    client.post(PSYCHOLOGIST, &format!("{ryabov}/rejection"), rejection).await.map(drop)
}

/// A referral to the foundation by a ground of law, and its address.
async fn sent(
    client: &Client,
    cast: &Cast,
    (name, domain): (&str, &str),
    text: &str,
) -> Result<String, String> {
    let case = case_of(client, cast, name).await?;
    let need = json!({"noticed_on": client.day(5), "domain": domain, "text": text, "source": "person", "urgency": "month"});
    let need = client.add("specialist", &format!("{case}/needs"), need).await?;
    let ground = client.scan("director", "consent", "consent").await?;
    let form = json!({"to_organization_id": id(cast, "ngo2")?, "need_ids": [need], "reason": text, "urgency": "month",
        "parts": ["identity", "life"], "legal_ground": "Соглашение о межведомственном взаимодействии", "ground_file_id": ground});
    let referral = client.add("director", &format!("{case}/referrals"), form).await?;
    Ok(format!("/referrals/{referral}"))
}
