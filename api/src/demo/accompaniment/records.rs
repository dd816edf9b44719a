//! Monthly records in the demonstration: a young man's months are signed, one of them late, one is corrected, and a contact is entered
//! after its month was signed. The months of the others wait.
use super::case_of;
use crate::demo::cast::Cast;
use crate::demo::client::Client;
use chrono::{Days, NaiveDate};
use domain::base::month::Month;
use serde_json::json;

/// Tells the chapter.
pub async fn play(client: &Client, cast: &Cast) -> Result<(), String> {
    let today: NaiveDate = client.day(0).parse().map_err(|_| "a day".to_owned())?;
    let case = case_of(client, cast, "young-ryabov").await?;
    for back in (1..=9).rev() {
        let month = Month::of(today).before(back);
        // The 3rd of the next month is in time, the 12th is late.
        let signed_on = month.days_after(Days::new(if back == 4 { 12 } else { 3 }));
        let days_ago = (today - signed_on).num_days();
        if days_ago < 1 {
            continue;
        }
        client.days_ago(days_ago);
        let words = json!({"summary": "Учится, на связи.", "changes": [{"domain": "study_work", "change": "same"}],
            "next_month": "Разговор с мастером группы.", "for_person": "Хороший месяц, так и держи."});
        let record = format!("{case}/monthly-records/{month}");
        client.post("specialist", &format!("{record}/signature"), json!({"words": words})).await?;
        if back == 5 {
            let correction = json!({"text": "Разговор с мастером был не по телефону, а в колледже.", "reason": "Перепутала записи."});
            client.post("specialist", &format!("{record}/corrections"), correction).await?;
        }
        if back == 3 {
            let contact = json!({"held_on": month.last_day(), "medium": "office", "talked_with": ["person"], "reached": true,
                "minutes": 30, "note": "Зашёл сам, рассказал о практике."});
            client.post("specialist", &format!("{case}/case-contacts"), contact).await?;
        }
    }
    Ok(())
}
