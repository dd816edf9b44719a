//! A team of two organizations in the demonstration: a teenager and her guardian consent, and a psychologist of a foundation sees parts
//! of her case and records a service there.
use crate::demo::cast::{Cast, id};
use crate::demo::client::Client;
use crate::demo::papers::signature;
use serde_json::json;

/// The login of the psychologist.
pub const PSYCHOLOGIST: &str = "psychologist";

/// Tells the chapter.
pub async fn play(client: &Client, cast: &Cast) -> Result<(), String> {
    client.days_ago(20);
    let (beneficiary, fund) = (id(cast, "young-sokolova")?, id(cast, "ngo2")?);
    let grant = json!({"role": "support_specialist", "organization_id": fund});
    let account = client.account(PSYCHOLOGIST, "психолог БФ «Мост поколений»", json!([grant])).await?;
    let paper = client.scan("specialist", "consent", "consent").await?;
    let signed = |signatory: &str, person: &str| signature(client, cast, (signatory, person), 20, &paper);
    let form = json!({"purpose": "team", "organization_ids": [fund], "parts": ["identity", "life", "help", "records"],
        "valid_until": client.day(-300), "signatures": [signed("representative", "sokolova-g")?, signed("recipient", "sokolova")?]});
    let ledger = format!("/beneficiaries/{beneficiary}/consents");
    let consent = client.add("specialist", &ledger, form).await?;
    let photo = json!({"purpose": "image", "data": ["image"], "channels": ["Сайт учреждения"], "valid_until": client.day(-300),
        "signatures": [signed("recipient", "sokolova")?]});
    client.add("specialist", &ledger, photo).await?;
    let cases = client.get("specialist", &format!("/cases?beneficiary_id={beneficiary}")).await?;
    let case = cases.pointer("/items/0/id").and_then(|it| it.as_str()).ok_or("no case")?;
    let team = format!("/cases/{case}/team-members");
    let member = json!({"user_id": account, "role": "psychologist", "parts": ["identity", "life", "help", "records"],
        "level": "contribute", "until": client.day(-200), "consent_id": consent});
    let member = client.add("specialist", &team, member).await?;
    deliver(client, &member, fund).await?;
    let head = json!({"user_id": id(cast, "head")?, "role": "specialist"});
    client.add("specialist", &team, head).await.map(drop)
}

/// A service of the foundation that the psychologist records in the case herself.
async fn deliver(client: &Client, member: &str, fund: &str) -> Result<(), String> {
    let standards = client.get(PSYCHOLOGIST, "/service-standards?code=hardship-help").await?;
    let standard = standards.pointer("/items/0/id").ok_or("no standard")?;
    let form = json!({"standard_id": standard, "provider_organization_id": fund, "delivered_on": client.day(20), "volume": 1,
        "minutes": 60, "need_ids": [], "result": "Познакомились, договорились о встречах по средам."});
    let path = format!("/case-team-members/{member}/service-deliveries");
    client.post(PSYCHOLOGIST, &path, form).await.map(drop)
}
