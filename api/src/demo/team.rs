//! A team of two organizations in the demonstration: a teenager and her guardian consent, and a psychologist of a foundation sees parts
//! of her case.
use super::PASSWORD;
use super::cast::{Cast, id};
use super::client::Client;
use serde_json::json;

/// The login of the psychologist.
pub const PSYCHOLOGIST: &str = "psychologist";

/// Tells the chapter.
pub async fn play(client: &Client, cast: &Cast) -> Result<(), String> {
    client.days_ago(20);
    let (beneficiary, fund) = (id(cast, "young-sokolova")?, id(cast, "ngo2")?);
    let grant = json!({"role": "support_specialist", "organization_id": fund});
    let account = json!({"login": PSYCHOLOGIST, "name": "психолог БФ «Мост поколений»", "grants": [grant], "password": PASSWORD});
    let account = client.add("admin", "/users", account).await?;
    let paper = client.scan("specialist", "consent", "consent").await?;
    let signed = |signatory: &str, person: &str| {
        Ok::<_, String>(
            json!({"signatory": signatory, "person_id": id(cast, person)?, "signed_on": client.day(20), "file_id": paper}),
        )
    };
    let mut guardian = signed("representative", "sokolova-g")?;
    if let Some(members) = guardian.as_object_mut() {
        members.insert("representative_id".into(), json!(id(cast, "representative-sokolova")?));
    }
    let form = json!({"purpose": "team", "organization_ids": [fund], "parts": ["identity", "life", "records"],
        "valid_until": client.day(-300), "signatures": [guardian, signed("recipient", "sokolova")?]});
    let ledger = format!("/beneficiaries/{beneficiary}/consents");
    let consent = client.add("specialist", &ledger, form).await?;
    let photo = json!({"purpose": "image", "data": ["image"], "channels": ["Сайт учреждения"], "valid_until": client.day(-300),
        "signatures": [signed("recipient", "sokolova")?]});
    client.add("specialist", &ledger, photo).await?;
    let cases = client.get("specialist", &format!("/cases?beneficiary_id={beneficiary}")).await?;
    let case = cases.pointer("/items/0/id").and_then(|it| it.as_str()).ok_or("no case")?;
    let team = format!("/cases/{case}/team-members");
    let member = json!({"user_id": account, "role": "psychologist", "parts": ["identity", "life", "records"],
        "until": client.day(-200), "consent_id": consent});
    client.add("specialist", &team, member).await?;
    let head = json!({"user_id": id(cast, "head")?, "role": "specialist"});
    client.add("specialist", &team, head).await.map(drop)
}
