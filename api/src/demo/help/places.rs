//! Places in the demonstration: a social hotel of 12 beds in 4 rooms (004 L230), and training apartments, of which there were four and
//! are six (004 L206–224).
use crate::demo::cast::{Cast, id};
use crate::demo::client::{Client, first};
use serde_json::{Value, json};

/// A stay that is told of: who, the bed, the first night and the planned day as days ago, and the day of the departure, if there is one.
type Told = (&'static str, usize, (i64, i64), Option<(i64, &'static str)>);

/// Stays of the last months, in the order of their days.
const STAYS: [Told; 4] = [
    ("young-orlik", 3, (92, 32), Some((40, "housing"))),
    ("young-buhaev", 4, (75, -15), None),
    ("young-dambinova", 0, (60, 20), Some((20, "term"))),
    ("young-nefedova", 1, (25, -30), None),
];

/// Tells the chapter.
pub async fn play(client: &Client, cast: &Cast) -> Result<(), String> {
    client.days_ago(120);
    let beds = hotel(client, cast).await?;
    apartments(client, cast).await?;
    let agency = id(cast, "agency")?;
    let facilities = client.get("specialist", "/facilities?kind=social_hotel").await?;
    let hotel = first(&facilities)?;
    let rules = json!({"effective_from": client.day(120), "text": "Тишина с 23 до 7 часов. Гости уходят до 22 часов. Кухню убирают по очереди."});
    let rules = client.add("director", &format!("/facilities/{hotel}/house-rules"), rules).await?;
    for (who, bed, (from, until), departure) in STAYS {
        client.days_ago(from);
        let order = booking(client, id(cast, who)?, bed_of(&beds, bed)?, (from, until));
        let stay = client.add("specialist", "/stays", order).await?;
        let signed = client.scan("specialist", "other", "правила проживания").await?;
        // The first second of the day in Irkutsk, which has passed whenever the story is told.
        let arrived_at = format!("{}T16:00:01Z", client.day(from + 1));
        let arrival = json!({"arrived_at": arrived_at, "house_rules_id": rules, "rules_file_id": signed});
        client.post("specialist", &format!("/stays/{stay}/arrival"), arrival).await?;
        if let Some((day, reason)) = departure {
            client.days_ago(day);
            let left = json!({"departed_on": client.day(day), "reason": reason});
            client.post("specialist", &format!("/stays/{stay}/departure"), left).await?;
        }
    }
    client.days_ago(5);
    let missed = booking(client, id(cast, "young-orlik")?, bed_of(&beds, 5)?, (5, 2));
    client.post("specialist", "/stays", missed).await?;
    client.days_ago(0);
    let ahead = booking(client, id(cast, "young-dambinova")?, bed_of(&beds, 2)?, (-5, -19));
    client.post("specialist", "/stays", ahead).await?;
    let block = json!({"bed_id": bed_of(&beds, 11)?, "from_on": client.day(0), "until_on": client.day(-7), "reason": "repair",
        "note": "Меняют окно."});
    client.post("head", "/bed-blocks", block).await?;
    let request = json!({"beneficiary_id": id(cast, "young-lytkina")?, "kind": "training_apartment", "organization_id": agency,
        "from_on": client.day(-14), "nights": 60, "urgency": "month", "note": "Хочет попробовать жить самостоятельно."});
    client.post("specialist", "/place-requests", request).await.map(drop)
}

fn bed_of(beds: &[String], at: usize) -> Result<&str, String> {
    beds.get(at).map(String::as_str).ok_or_else(|| format!("the hotel has no bed {at}"))
}

fn booking(client: &Client, who: &str, bed: &str, (from, until): (i64, i64)) -> Value {
    json!({"beneficiary_id": who, "bed_id": bed, "from_on": client.day(from), "until_on": client.day(until), "purpose": "waiting_housing",
        "order_number": "31-п", "order_on": client.day(from.max(0))})
}

/// The hotel: 4 rooms with 3 beds each. Answers the beds, room by room.
async fn hotel(client: &Client, cast: &Cast) -> Result<Vec<String>, String> {
    let form = json!({"organization_id": id(cast, "agency")?, "kind": "social_hotel", "name": "Социальная гостиница «Причал»",
        "address": "п. Усть-Ордынский, ул. Ленина, 10", "territory": "25655000",
        "amenities": ["kitchen", "bathroom", "toilet", "living_room", "study"], "opened_on": "2018-09-03"});
    let hotel = client.add("director", "/facilities", form).await?;
    let mut beds = Vec::new();
    for room in 1..=4 {
        let form = json!({"name": format!("Комната {room}"), "sex_rule": "by_first", "age_rule": "by_first"});
        let path = format!("/facilities/{hotel}/rooms");
        let at = client.add("director", &path, form).await?;
        for bed in ["А", "Б", "В"] {
            let form = json!({"name": format!("{room}-{bed}"), "opened_on": "2018-09-03"});
            beds.push(client.add("director", &format!("/rooms/{at}/beds"), form).await?);
        }
    }
    Ok(beds)
}

/// Six training apartments: four from the beginning, and two that have opened since.
async fn apartments(client: &Client, cast: &Cast) -> Result<(), String> {
    for (number, opened_on) in (1..).zip(["2017-09-01", "2017-09-01", "2018-02-01", "2018-02-01"]) {
        apartment(client, cast, number, opened_on.to_owned()).await?;
    }
    for (number, days) in [(5, 90), (6, 45)] {
        apartment(client, cast, number, client.day(days)).await?;
    }
    Ok(())
}

async fn apartment(client: &Client, cast: &Cast, number: u8, opened_on: String) -> Result<(), String> {
    let form = json!({"organization_id": id(cast, "agency")?, "kind": "training_apartment",
        "name": format!("Социальная (тренировочная) квартира № {number}"), "territory": "25655000",
        "amenities": ["kitchen", "bathroom", "laundry"], "max_nights": 90, "age_from": 16, "opened_on": opened_on});
    let at = client.add("head", "/facilities", form).await?;
    let room = json!({"name": "Комната", "sex_rule": "any", "age_rule": "any"});
    let room = client.add("head", &format!("/facilities/{at}/rooms"), room).await?;
    let bed = json!({"name": format!("Кв. {number}"), "opened_on": opened_on});
    client.post("head", &format!("/rooms/{room}/beds"), bed).await.map(drop)
}
