//! Consilia and a proposed transfer in the demonstration: one adopts a route; at the other its case moves to monitoring, one stays with a
//! decision and a dissent, one is postponed. A foundation is asked to take a case over.
use super::accompaniment::case_of;
use super::cast::{Cast, id};
use super::client::{Client, first};
use super::plans::{answer, submitted};
use serde_json::{Value, json};

/// Tells the chapter.
pub async fn play(client: &Client, cast: &Cast) -> Result<(), String> {
    adopt(client, cast).await?;
    sit(client, cast).await?;
    propose(client, cast).await
}

/// A consilium adopts the route of a young man, and its goal is reached some weeks later.
async fn adopt(client: &Client, cast: &Cast) -> Result<(), String> {
    client.days_ago(60);
    let ryabov = case_of(client, cast, "young-ryabov").await?;
    let order = json!({"kind": "route", "case_id": ryabov.trim_start_matches("/cases/")});
    let at = format!("/beneficiaries/{}/plans", id(cast, "young-ryabov")?);
    let route = client.add("specialist", &at, order).await?;
    let goal = json!({"key": "debts", "section": "study_work", "text": "Закрыть учебные долги", "criteria": "Зачётка без долгов",
        "due_on": client.day(10)});
    let text = json!({"answers": [answer("situation", "Учится на повара, живёт в общежитии."), answer("wishes", "Окончить техникум и снять жильё.")],
        "goals": [goal], "opinion": "Согласен."});
    let version = submitted(client, "specialist", &route, text).await?;
    let consilium = planned(client, cast, 57).await?;
    let first = item(client, &consilium, &ryabov, "primary", "Маршрут сопровождения").await?;
    client.days_ago(56);
    let held = json!({"held_at": client.moment(57), "present": [1, 2, 3, 4]});
    client.post("head", &format!("{consilium}/holding"), held).await?;
    let heard =
        json!([{"person_id": id(cast, "ryabov")?, "heard": "present", "opinion": "Хочу закончить учёбу."}]);
    let adopted = json!({"heard": heard, "votes": {"in_favour": 4, "against": 0, "abstained": 0},
        "route_version_id": version.trim_start_matches("/plan-versions/"), "decisions": []});
    client.post("head", &format!("{first}/resolution"), adopted).await?;
    close(client, &consilium, "1").await?;
    client.days_ago(12);
    let done =
        json!({"key": "debts", "state": "done", "happened_on": client.day(12), "note": "Пересдал всё."});
    client.post("specialist", &format!("{version}/results"), done).await.map(drop)
}

/// Plans a consilium of the agency on the day so many days ago, and tells its address.
async fn planned(client: &Client, cast: &Cast, days_ago: i64) -> Result<String, String> {
    let of = |name: &str| id(cast, name);
    let members = json!([
        {"role": "chair", "user_id": of("director")?},
        {"role": "secretary", "user_id": of("head")?},
        {"role": "member", "user_id": of("specialist")?},
        {"role": "member", "name": "Инспектор по охране детства", "organization": "Отдел опеки и попечительства"},
    ]);
    let form = json!({"organization_id": of("agency")?, "planned_at": client.moment(days_ago), "form": "in_person", "place": "Кабинет директора", "members": members});
    Ok(format!("/consilia/{}", client.add("head", "/consilia", form).await?))
}

/// Closes a consilium with its signed protocol.
async fn close(client: &Client, consilium: &str, number: &str) -> Result<(), String> {
    let protocol = client.scan("director", "protocol", "protocol").await?;
    let closing = json!({"protocol_number": number, "file_id": protocol});
    client.post("director", &format!("{consilium}/closing"), closing).await.map(drop)
}

async fn sit(client: &Client, cast: &Cast) -> Result<(), String> {
    client.days_ago(6);
    let ryabov = case_of(client, cast, "young-ryabov").await?;
    let stable = json!({"domain": "study_work", "level": "stable", "note": "Учится без долгов."});
    let taken = json!({"taken_on": client.day(6), "source": "visit", "in_touch": "yes", "activity": "studying", "domains": [stable]});
    client.post("specialist", &format!("{ryabov}/snapshots"), taken).await?;
    let of = |name: &str| id(cast, name);
    let consilium = planned(client, cast, 4).await?;
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
    close(client, &consilium, "2").await
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
