//! Consilia and a proposed transfer in the demonstration: one adopts two routes. At the other a case moves to monitoring, one stays in
//! preparation with a waived module, a decision and a dissent, and one is postponed. A foundation is asked to take a case over.
use super::case_of;
use super::plans::{answer, submitted};
use crate::demo::cast::{Cast, id};
use crate::demo::client::{Client, first};
use serde_json::{Value, json};

/// Tells the chapter.
pub async fn play(client: &Client, cast: &Cast) -> Result<(), String> {
    adopt(client, cast).await?;
    sit(client, cast).await?;
    propose(client, cast).await
}

/// A young man whose route a consilium adopts: his beneficiary, his person, and the words of his route.
struct Routed {
    beneficiary: &'static str,
    person: &'static str,
    goal: &'static str,
    criteria: &'static str,
    answers: [(&'static str, &'static str); 2],
    opinion: &'static str,
    result: &'static str,
}

const ROUTED: &[Routed] = &[
    Routed {
        beneficiary: "young-ryabov",
        person: "ryabov",
        goal: "Закрыть учебные долги",
        criteria: "Зачётка без долгов",
        answers: [
            ("situation", "Учится на повара, живёт в общежитии."),
            ("wishes", "Окончить техникум и снять жильё."),
        ],
        opinion: "Хочу закончить учёбу.",
        result: "Пересдал всё.",
    },
    Routed {
        beneficiary: "young-chernov",
        person: "chernov",
        goal: "Встать на учёт в центре занятости",
        criteria: "Признан ищущим работу",
        answers: [
            ("situation", "Живёт один по договору найма, работы нет."),
            ("wishes", "Работать поваром и сохранить жильё."),
        ],
        opinion: "Хочу работать поваром.",
        result: "Встал на учёт, получает вакансии.",
    },
];

/// A consilium adopts the routes of two young men, and their goals are reached some weeks later.
async fn adopt(client: &Client, cast: &Cast) -> Result<(), String> {
    client.days_ago(60);
    let mut versions = Vec::new();
    for it in ROUTED {
        versions.push(route(client, cast, it).await?);
    }
    let consilium = planned(client, cast, 57).await?;
    let mut items = Vec::new();
    for it in ROUTED {
        let case = case_of(client, cast, it.beneficiary).await?;
        items.push(item(client, &consilium, &case, "primary", "Маршрут сопровождения").await?);
    }
    client.days_ago(56);
    let held = json!({"held_at": client.moment(57), "present": [1, 2, 3, 4]});
    client.post("head", &format!("{consilium}/holding"), held).await?;
    for ((it, version), item) in ROUTED.iter().zip(&versions).zip(&items) {
        let heard = json!([{"person_id": id(cast, it.person)?, "heard": "present", "opinion": it.opinion}]);
        let adopted = json!({"heard": heard, "votes": {"in_favour": 4, "against": 0, "abstained": 0},
            "route_version_id": version.trim_start_matches("/plan-versions/"), "decisions": []});
        client.post("head", &format!("{item}/resolution"), adopted).await?;
    }
    close(client, &consilium, "1").await?;
    client.days_ago(12);
    for (it, version) in ROUTED.iter().zip(&versions) {
        let done = json!({"key": "first", "state": "done", "happened_on": client.day(12), "note": it.result});
        client.post("specialist", &format!("{version}/results"), done).await?;
    }
    Ok(())
}

/// Submits the route of a young man, and tells the address of its version.
async fn route(client: &Client, cast: &Cast, of: &Routed) -> Result<String, String> {
    let case = case_of(client, cast, of.beneficiary).await?;
    let order = json!({"kind": "route", "case_id": case.trim_start_matches("/cases/")});
    let at = format!("/beneficiaries/{}/plans", id(cast, of.beneficiary)?);
    let route = client.add("specialist", &at, order).await?;
    let goal = json!({"key": "first", "section": "study_work", "text": of.goal, "criteria": of.criteria, "due_on": client.day(10)});
    let answers: Vec<Value> = of.answers.iter().map(|(section, value)| answer(section, value)).collect();
    let text = json!({"answers": answers, "goals": [goal], "opinion": "Согласен."});
    submitted(client, "specialist", &route, text).await
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
    let of = |name: &str| id(cast, name);
    let consilium = planned(client, cast, 4).await?;
    let chernov = case_of(client, cast, "young-chernov").await?;
    let first = item(client, &consilium, &chernov, "transition", "Переход на мониторинг").await?;
    let sokolova = case_of(client, cast, "young-sokolova").await?;
    let second = item(client, &consilium, &sokolova, "primary", "Подготовка к самостоятельной жизни").await?;
    let ryabov = case_of(client, cast, "young-ryabov").await?;
    let third = item(client, &consilium, &ryabov, "scheduled", "Жильё после техникума").await?;
    client.days_ago(3);
    let held = json!({"held_at": client.moment(4), "present": [1, 2, 3, 4]});
    client.post("head", &format!("{consilium}/holding"), held).await?;
    let heard = |person: &str, opinion: &str| {
        Ok::<_, String>(json!([{"person_id": of(person)?, "heard": "present", "opinion": opinion}]))
    };
    let moves = json!({"heard": heard("chernov", "Справляюсь сам, буду на связи.")?, "votes": {"in_favour": 4, "against": 0, "abstained": 0},
        "to_stage": "monitoring", "decisions": []});
    client.post("head", &format!("{first}/resolution"), moves).await?;
    let decision = json!({"title": "Записать на профессиональные пробы", "assignee": {"kind": "user", "id": of("specialist")?},
        "due_on": client.day(-25)});
    let waiver =
        json!({"module_code": "housing", "reason": "Ведёт дом вместе с опекуном, договор и платежи знает."});
    let stays = json!({"heard": heard("sokolova", "Хочу посмотреть, как работают повара.")?,
        "votes": {"in_favour": 3, "against": 1, "abstained": 0}, "waivers": [waiver], "decisions": [decision]});
    client.post("head", &format!("{second}/resolution"), stays).await?;
    let dissent = json!({"member": 3, "text": "Пробы стоило начать раньше."});
    client.post("specialist", &format!("{second}/dissents"), dissent).await?;
    let note = json!({"note": "Нет ответа техникума об общежитии."});
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
