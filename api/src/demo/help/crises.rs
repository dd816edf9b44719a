//! Crises in the demonstration: a mentee calls at night, and the head answers after midnight because the specialist sleeps; another call was a
//! false alarm.
use crate::demo::cast::{Cast, id};
use crate::demo::client::Client;
use serde_json::json;

/// A minute of the day: 23:40.
const NIGHT: i64 = 23 * 60 + 40;
const DAY: i64 = 24 * 60;

/// Tells the chapter.
pub async fn play(client: &Client, cast: &Cast) -> Result<(), String> {
    client.days_ago(90);
    for (name, kind, phone) in [
        ("Единый номер экстренных служб", "emergency", "112"),
        ("Дежурный специалист области", "duty_line", "8 800 200-01-22"),
    ] {
        client
            .post("admin", "/emergency-contacts", json!({"name": name, "kind": kind, "phone": phone}))
            .await?;
    }
    at_night(client, cast).await?;
    by_mistake(client, cast).await
}

async fn at_night(client: &Client, cast: &Cast) -> Result<(), String> {
    client.at_minute(17, NIGHT);
    let call = json!({"beneficiary_id": id(cast, "young-sokolova")?, "kind": "conflict", "place": "home", "concerns": "relative",
        "text": "Дядя пришёл пьяный и ломает дверь.", "reach_me": "Писать, не звонить."});
    let crisis = format!("/crises/{}", client.add("mentee", "/crises", call).await?);
    client.at_minute(17, DAY + 4);
    let severity = json!({"severity": "moderate"});
    client.post("head", &format!("{crisis}/acknowledgement"), severity).await?;
    let now = client.at_minute(17, DAY + 9);
    let measure = json!({"kind": "urgent_action", "measure": "police", "at": now, "reached": true, "text": "Вызван наряд, Дарья у соседки."});
    client.post("head", &format!("{crisis}/actions"), measure).await?;
    let now = client.at_minute(17, DAY + 31);
    let talk = json!({"kind": "listen", "at": now, "reached": true, "text": "Поговорили по видео, ночует у бабушки."});
    client.post("head", &format!("{crisis}/actions"), talk).await?;
    client.post("head", &format!("{crisis}/findings"), json!({"kind": "substance"})).await?;
    let now = client.at_minute(16, 10 * 60);
    let notice = json!({"to": "guardianship", "at": now, "how": "letter", "number": "17-к"});
    client.post("head", &format!("{crisis}/notices"), notice).await?;
    client.at_minute(15, 15 * 60);
    let end = json!({"outcome": "safe", "note": "Дядя съехал, замок сменили. Дарья вернулась домой."});
    client.post("head", &format!("{crisis}/resolution"), end).await.map(drop)
}

async fn by_mistake(client: &Client, cast: &Cast) -> Result<(), String> {
    client.at_minute(9, 13 * 60);
    let call = json!({"beneficiary_id": id(cast, "young-sokolova")?, "kind": "other"});
    let crisis = format!("/crises/{}", client.add("mentee", "/crises", call).await?);
    client.at_minute(9, 13 * 60 + 6);
    client.post("specialist", &format!("{crisis}/acknowledgement"), json!({})).await?;
    let now = client.at_minute(9, 13 * 60 + 12);
    let talk =
        json!({"kind": "clarify", "at": now, "reached": true, "text": "Нажала случайно, всё в порядке."});
    client.post("specialist", &format!("{crisis}/actions"), talk).await?;
    client.at_minute(8, 11 * 60);
    let end = json!({"note": "Показывала подруге приложение."});
    client.post("head", &format!("{crisis}/false-alarm"), end).await.map(drop)
}
