//! Plans in the demonstration: a route in two versions, a plan that the guardianship authority has returned, life plans.
use crate::demo::cast::{Cast, id};
use crate::demo::client::{Client, first};
use serde_json::{Value, json};

/// Tells the chapter: a girl of sixteen has a route, a development plan and a life plan that she has written herself.
pub async fn play(client: &Client, cast: &Cast) -> Result<(), String> {
    let girl = id(cast, "young-sokolova")?;
    let cases = client.get("specialist", &format!("/cases?beneficiary_id={girl}")).await?;
    let case = first(&cases)?;
    client.days_ago(34);
    let opening = |kind: &str| json!({"kind": kind, "case_id": case});
    let at = format!("/beneficiaries/{girl}/plans");
    let route = client.add("specialist", &at, opening("route")).await?;
    let before =
        submitted(client, "specialist", &route, route_text("Поступить в техникум", &client.day(-60))).await?;
    client.days_ago(30);
    let reason = json!({"reason": "Срок поступления не совпадает с приёмом документов."});
    client.post("head", &format!("{before}/return"), reason).await?;
    client.days_ago(28);
    submitted(client, "specialist", &route, route_text("Поступить в аграрный техникум", &client.day(-150)))
        .await?;
    let development = client.add("specialist", &at, opening("development_placement")).await?;
    let plan = submitted(client, "specialist", &development, development_text(client)).await?;
    client.post("director", &format!("{plan}/approvals"), json!({"approver": "director"})).await?;
    client.days_ago(25);
    let reason = json!({"reason": "Не сказано, с кем из родственников поддерживать связь."});
    client.post("guardianship", &format!("{plan}/return"), reason).await?;
    client.days_ago(22);
    let life = client.add("mentee", &at, json!({"kind": "life_plan"})).await?;
    submitted(client, "mentee", &life, life_text("Хочу работать с животными.")).await.map(drop)
}

/// A life plan that the specialist and a young man of full age have signed.
pub async fn life_plan(client: &Client, beneficiary: &str) -> Result<(), String> {
    let at = format!("/beneficiaries/{beneficiary}/plans");
    let plan = client.add("specialist", &at, json!({"kind": "life_plan"})).await?;
    let version = submitted(client, "specialist", &plan, life_text("Согласен.")).await?;
    client.post("specialist", &format!("{version}/approvals"), json!({"approver": "specialist"})).await?;
    let paper = client.scan("specialist", "other", "life-plan").await?;
    let signed = json!({"approver": "person", "on_paper_file_id": paper});
    client.post("specialist", &format!("{version}/approvals"), signed).await.map(drop)
}

/// Drafts and submits the next version of a plan. Returns its address.
pub async fn submitted(client: &Client, who: &str, plan: &str, text: Value) -> Result<String, String> {
    let draft = client.post(who, &format!("/plans/{plan}/versions"), json!({})).await?;
    let own = draft.pointer("/id").and_then(Value::as_str).ok_or("no version")?;
    let path = format!("/plan-versions/{own}");
    client.put(who, &path, &draft, text).await?;
    client.post(who, &format!("{path}/submission"), json!({})).await?;
    Ok(path)
}

/// An answer to the field of a section.
pub fn answer(section: &str, value: &str) -> Value {
    json!({"section": section, "field": "notes", "value": value})
}

fn route_text(goal: &str, due: &str) -> Value {
    let step = json!({"key": "open-day", "text": "Сходить на день открытых дверей", "responsible": "mentor", "due_on": due});
    json!({"answers": [answer("situation", "Учится в десятом классе, живёт в семье опекуна."), answer("wishes", "Жить отдельно, работать с животными.")],
        "goals": [{"key": "college", "section": "study_work", "text": goal, "criteria": "Зачислена приказом", "due_on": due, "steps": [step]}],
        "opinion": "Хочу в техникум рядом с домом."})
}

fn development_text(client: &Client) -> Value {
    json!({"answers": [answer("rights", "Пенсия по потере кормильца назначена."), answer("family_placement", "Живёт в семье опекуна."),
            answer("health", "Диспансеризация пройдена."), answer("education", "Школа № 14, десятый класс.")],
        "goals": [{"key": "sport", "section": "development", "text": "Продолжить занятия волейболом", "criteria": "Ходит дважды в неделю",
            "due_on": client.day(-120)}], "opinion": "Согласна."})
}

fn life_text(opinion: &str) -> Value {
    json!({"answers": [answer("employment", "Летом подработка в питомнике."), answer("vocational_education", "Аграрный техникум, ветеринария.")],
        "goals": [], "opinion": opinion})
}
