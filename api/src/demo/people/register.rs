//! The register in the demonstration: Ryabov was entered twice, by the agency and by a foundation, and the two entries are merged. A
//! search finds him; a namesake was found to be another person.
use crate::demo::accompaniment::team::PSYCHOLOGIST;
use crate::demo::cast::{Cast, id};
use crate::demo::client::{Client, first};
use serde_json::{Value, json};

/// Tells the chapter.
pub async fn play(client: &Client, cast: &Cast) -> Result<(), String> {
    client.days_ago(6);
    let ryabov = json!({"family_name": "Рябов", "given_name": "Артем", "patronymic": "Игоревич", "birth_date": "2007-04-08",
        "sex": "male", "residence": "25655000"});
    let second = entered(client, cast, ryabov).await?;
    let namesake =
        json!({"family_name": "Рябов", "given_name": "Артём", "birth_date": "2007-08-04", "sex": "male"});
    let third = entered(client, cast, namesake).await?;
    client.days_ago(5);
    let order = json!({"other_entry_id": second, "reason": "Один паспорт: фонд записал имя со слов."});
    let merges = format!("/register-entries/{}/merges", entry_of(client, id(cast, "young-ryabov")?).await?);
    client.post("admin", &merges, order).await?;
    let search = json!({"family_name": "Рябов", "given_name": "Артём", "patronymic": "Игоревич", "birth_date": "2007-04-08",
        "purpose": "application", "note": "Обратился за помощью с жильём."});
    client.post(PSYCHOLOGIST, "/register-searches", search).await?;
    dismissed(client, &third).await
}

/// A person whom the foundation takes on record, and the entry that follows.
async fn entered(client: &Client, cast: &Cast, form: Value) -> Result<String, String> {
    let person = client.add("admin", "/people", form).await?;
    let form = json!({"kind": "person", "person_id": person, "category": "former_care_adult", "organization_id": id(cast, "ngo2")?,
        "territory": "25655000"});
    let beneficiary = client.add("admin", "/beneficiaries", form).await?;
    entry_of(client, &beneficiary).await
}

/// The entry of a beneficiary.
async fn entry_of(client: &Client, beneficiary: &str) -> Result<String, String> {
    first(&client.get("admin", &format!("/register-entries?beneficiary_id={beneficiary}")).await?)
}

/// The first pair with this entry is dismissed.
async fn dismissed(client: &Client, entry: &str) -> Result<(), String> {
    let pairs = client.get("admin", "/register-candidates?state=new").await?;
    let of_entry = |it: &&Value| it.to_string().contains(entry);
    let pair = pairs.pointer("/items").and_then(Value::as_array).and_then(|all| all.iter().find(of_entry));
    let pair = pair.and_then(|it| it.pointer("/id")).and_then(Value::as_str).ok_or("no pair")?;
    let order = json!({"reason": "Двоюродные братья, полные тёзки."});
    client.post("admin", &format!("/register-candidates/{pair}/dismissal"), order).await.map(drop)
}
