//! A consilium and a proposed transfer in the demonstration: one case moves to monitoring, one stays with a decision and a dissent, one
//! is postponed; and a foundation is asked to take a case over.
use super::accompaniment::case_of;
use super::cast::{Cast, id};
use super::client::{Client, first};
use serde_json::{Value, json};

/// Tells the chapter.
pub async fn play(client: &Client, cast: &Cast) -> Result<(), String> {
    sit(client, cast).await?;
    propose(client, cast).await
}

async fn sit(client: &Client, cast: &Cast) -> Result<(), String> {
    client.days_ago(6);
    let ryabov = case_of(client, cast, "young-ryabov").await?;
    let stable = json!({"domain": "study_work", "level": "stable", "note": "Учится без долгов."});
    let taken = json!({"taken_on": client.day(6), "source": "visit", "in_touch": "yes", "activity": "studying", "domains": [stable]});
    client.post("specialist", &format!("{ryabov}/snapshots"), taken).await?;
    let of = |name: &str| id(cast, name);
    let members = json!([
        {"role": "chair", "user_id": of("director")?},
        {"role": "secretary", "user_id": of("head")?},
        {"role": "member", "user_id": of("specialist")?},
        {"role": "member", "name": "Инспектор по охране детства", "organization": "Отдел опеки и попечительства"},
    ]);
    let form = json!({"organization_id": of("agency")?, "planned_at": client.moment(4), "form": "in_person", "place": "Кабинет директора", "members": members});
    let consilium = format!("/consilia/{}", client.add("head", "/consilia", form).await?);
    let first = item(client, &consilium, &ryabov, "transition", "Переход на мониторинг").await?;
    let sokolova = case_of(client, cast, "young-sokolova").await?;
    let second =
        item(client, &consilium, &sokolova, "scheduled", "Подготовка к самостоятельной жизни").await?;
    let chernov = case_of(client, cast, "young-chernov").await?;
    let third = item(client, &consilium, &chernov, "scheduled", "Жильё после найма").await?;
    client.days_ago(3);
    let held = json!({"held_at": client.moment(4), "present": [1, 2, 3, 4]});
    client.post("head", &format!("{consilium}/holding"), held).await?;
    let heard = |person: &str, opinion: &str| {
        Ok::<_, String>(json!([{"person_id": of(person)?, "heard": "present", "opinion": opinion}]))
    };
    let moves = json!({"heard": heard("ryabov", "Справляюсь сам, буду на связи.")?, "votes": {"in_favour": 4, "against": 0, "abstained": 0},
        "to_stage": "monitoring", "decisions": []});
    client.post("head", &format!("{first}/resolution"), moves).await?;
    let decision = json!({"title": "Записать на профессиональные пробы", "assignee": {"kind": "user", "id": of("specialist")?},
        "due_on": client.day(-25)});
    let stays = json!({"heard": heard("sokolova", "Хочу посмотреть, как работают повара.")?,
        "votes": {"in_favour": 3, "against": 1, "abstained": 0}, "decisions": [decision]});
    client.post("head", &format!("{second}/resolution"), stays).await?;
    let dissent = json!({"member": 3, "text": "Пробы стоило начать раньше."});
    client.post("specialist", &format!("{second}/dissents"), dissent).await?;
    let note = json!({"note": "Нет ответа о продлении договора найма."});
    client.post("head", &format!("{third}/postponement"), note).await?;
    let protocol = client.scan("director", "protocol", "protocol").await?;
    let closing = json!({"protocol_number": "1", "file_id": protocol});
    client.post("director", &format!("{consilium}/closing"), closing).await.map(drop)
}

/// Puts a case on the agenda, and tells the address of the item.
async fn item(
    client: &Client,
    consilium: &str,
    case: &str,
    kind: &str,
    question: &str,
) -> Result<String, String> {
    let case = case.trim_start_matches("/cases/");
    let form = json!({"case_id": case, "kind": kind, "question": question});
    Ok(format!("/consilium-items/{}", client.add("head", &format!("{consilium}/items"), form).await?))
}

async fn propose(client: &Client, cast: &Cast) -> Result<(), String> {
    client.days_ago(2);
    let (beneficiary, fund) = (id(cast, "young-chernov")?, id(cast, "ngo2")?);
    let case = case_of(client, cast, "young-chernov").await?;
    let paper = client.scan("specialist", "consent", "consent").await?;
    let signed = json!({"signatory": "recipient", "person_id": id(cast, "chernov")?, "signed_on": client.day(2), "file_id": paper});
    let form = json!({"purpose": "transfer", "organization_ids": [fund], "parts": ["identity", "life"],
        "valid_until": client.day(-300), "signatures": [signed]});
    let consent = client.add("specialist", &format!("/beneficiaries/{beneficiary}/consents"), form).await?;
    let unended =
        format!("/mentorships?beneficiary_id={beneficiary}&state=proposed,accepted,consented,active,paused");
    let found = client.get("director", &unended).await?;
    let mentorships: Vec<Value> = first(&found).ok().map(Value::from).into_iter().collect();
    let form = json!({"to_organization_id": fund, "reason": "specialisation", "parts": ["identity", "life"], "consent_id": consent,
        "mentorship_ids": mentorships, "wished_on": client.day(-14), "note": "Нужна служба, которая ведёт по жилью."});
    client.post("director", &format!("{case}/transfers"), form).await.map(drop)
}
