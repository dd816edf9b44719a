//! Events in the course of mentorships: a pause, a replacement with an extension, a removal, a withdrawal, and what the
//! sides ask for and do together.
use super::cast::{Cast, id};
use super::mentorships::{Pair, accept, confirm, consent, meet, propose};
use super::stage::Stage;
use serde_json::{Value, json};

/// Tells of all of it.
pub async fn play(stage: &Stage, cast: &Cast) -> Result<(), String> {
    let next = replaced_and_followed(stage, cast).await?;
    removed(stage, cast).await?;
    paused(stage, cast).await?;
    withdrawn(stage, cast).await?;
    asked_and_reported(stage, cast).await?;
    together(stage, cast, &next).await
}

/// A mentor who left the НКО, and the one who followed; her term has been extended.
async fn replaced_and_followed(stage: &Stage, cast: &Cast) -> Result<String, String> {
    let pair = Pair {
        program: "family-mentoring",
        beneficiary: "family-badmaev",
        mentor: "mentor-toroev",
        days_ago: 200,
        term_days: 300,
    };
    let old = propose(stage, cast, &pair).await?;
    begin(stage, cast, &old, &pair, "badmaeva").await?;
    meet(stage, &old, 0, 180).await?;
    stage.days_ago(90);
    let order = json!({"ground": "employment_ended", "ended_on": stage.day(90), "text": "Наставник уволился из НКО и уехал в Улан-Удэ."});
    stage.post("head", &format!("{old}/replacement"), order).await?;
    let pair = Pair { mentor: "mentor-sanzhieva", days_ago: 85, term_days: 60, ..pair };
    stage.days_ago(85);
    let replaces = old.trim_start_matches("/mentorships/");
    let proposal = json!({"program_id": id(cast, pair.program)?, "beneficiary_id": id(cast, pair.beneficiary)?,
        "mentor_id": id(cast, pair.mentor)?, "starts_on": stage.day(78), "replaces_id": replaces,
        "reason": "Семья знает наставницу по клубу."});
    let next = format!("/mentorships/{}", stage.add("specialist", "/mentorships", proposal).await?);
    begin(stage, cast, &next, &pair, "badmaeva").await?;
    for (turn, days_ago) in [70, 50, 25].into_iter().enumerate() {
        meet(stage, &next, turn, days_ago).await?;
    }
    visited_and_told(stage, &next).await?;
    stage.days_ago(22);
    let order = json!({"ends_on": stage.day(-20), "reason": "До конца четверти.", "order_number": "41-н", "order_date": stage.day(22)});
    stage.post("director", &format!("{next}/extensions"), order).await?;
    Ok(next)
}

/// A survey of the home, and a report of the mentor to the commission.
async fn visited_and_told(stage: &Stage, path: &str) -> Result<(), String> {
    let survey = json!({"visited_on": stage.day(26), "housing": "house", "sanitary": "satisfactory", "heating": "good", "repair": "poor",
        "has_own_bed": true, "has_study_place": false, "has_seasonal_clothes": true, "has_food": true,
        "problems": "Нет места для занятий.", "conclusion": "Нужен письменный стол."});
    stage.post("specialist", &format!("{path}/surveys"), survey).await?;
    let report = json!({"period_from": stage.day(78), "period_to": stage.day(25), "work_done": "Три встречи, записались в кружок.",
        "outcomes": [{"domain": "responsibility", "change": "better", "note": "Тимур сам предупреждает об опоздании."}],
        "for_commission": true});
    stage.post("specialist", &format!("{path}/mentor-reports"), report).await.map(drop)
}

/// A mentor whom the director removed, after what was reported.
async fn removed(stage: &Stage, cast: &Cast) -> Result<(), String> {
    let pair = Pair {
        program: "family-mentoring",
        beneficiary: "family-tarasov",
        mentor: "mentor-vasilev",
        days_ago: 150,
        term_days: 300,
    };
    let path = propose(stage, cast, &pair).await?;
    begin(stage, cast, &path, &pair, "tarasova").await?;
    meet(stage, &path, 0, 130).await?;
    let mentor = format!("/mentors/{}", id(cast, pair.mentor)?);
    stage.days_ago(60);
    let ground =
        json!({"arisen_on": stage.day(62), "text": "Трижды не пришёл на встречу и не предупредил семью."});
    stage.post("specialist", &format!("{mentor}/removal-grounds"), ground).await?;
    stage.days_ago(50);
    let order = json!({"removed_on": stage.day(50), "order_number": "34-л", "order_date": stage.day(51)});
    stage.post("director", &format!("{mentor}/removal"), order).await.map(drop)
}

/// A young man whose mentor is away until spring.
async fn paused(stage: &Stage, cast: &Cast) -> Result<(), String> {
    let pair = Pair {
        program: "long-term",
        beneficiary: "young-dugarov",
        mentor: "mentor-dashiev",
        days_ago: 120,
        term_days: 600,
    };
    let path = propose(stage, cast, &pair).await?;
    accept(stage, &path).await?;
    consent(stage, cast, &path, "recipient", "dugarov", 120).await?;
    consent(stage, cast, &path, "representative", "dugarova", 120).await?;
    confirm(stage, &path, &pair).await?;
    meet(stage, &path, 1, 100).await?;
    stage.days_ago(10);
    let order = json!({"paused_on": stage.day(10), "reason": "travel", "until": stage.day(-40), "note": "Наставник на вахте."});
    stage.post("head", &format!("{path}/pause"), order).await.map(drop)
}

/// A family that took its consent back.
async fn withdrawn(stage: &Stage, cast: &Cast) -> Result<(), String> {
    let pair = Pair {
        program: "family-mentoring",
        beneficiary: "family-tarasov",
        mentor: "mentor-ergalova",
        days_ago: 45,
        term_days: 300,
    };
    let path = propose(stage, cast, &pair).await?;
    begin(stage, cast, &path, &pair, "tarasova").await?;
    stage.days_ago(20);
    let paper = stage.scan("specialist", "refusal", "withdrawal").await?;
    let order = json!({"party": "recipient", "withdrawn_on": stage.day(20), "person_id": id(cast, "tarasova")?, "file_id": paper,
        "note": "Справимся сами."});
    stage.post("specialist", &format!("{path}/withdrawal"), order).await.map(drop)
}

/// A girl who asks for a consultation, and a report against a mentor that nobody has decided.
async fn asked_and_reported(stage: &Stage, cast: &Cast) -> Result<(), String> {
    stage.days_ago(6);
    let beneficiary = id(cast, "young-sokolova")?;
    let found =
        stage.get("specialist", &format!("/mentorships?state=active&beneficiary_id={beneficiary}")).await?;
    let path = format!("/mentorships/{}", first(&found)?);
    let case = stage.get("specialist", &format!("/cases?beneficiary_id={beneficiary}")).await?;
    let problem =
        json!({"cause": "low_income", "text": "Нет своего места для занятий.", "noticed_on": stage.day(8)});
    stage.post("specialist", &format!("/cases/{}/problems", first(&case)?), problem).await?;
    let wish = json!({"party": "recipient", "kind": "consultation", "text": "Помогите выбрать колледж."});
    stage.post("mentee", &format!("{path}/requests"), wish).await?;
    let ground = json!({"arisen_on": stage.day(7), "text": "Не отвечает на звонки вторую неделю."});
    let mentor = id(cast, "mentor-kim")?;
    stage.post("specialist", &format!("/mentors/{mentor}/removal-grounds"), ground).await.map(drop)
}

/// Two mentors of one institution bring their families together: once behind, once ahead.
async fn together(stage: &Stage, cast: &Cast, next: &str) -> Result<(), String> {
    let family = id(cast, "family-morozov")?;
    let found =
        stage.get("specialist", &format!("/mentorships?state=active&beneficiary_id={family}")).await?;
    let pair = [first(&found)?, next.trim_start_matches("/mentorships/").to_owned()];
    let plan = |at: String| {
        json!({"planned_at": at, "method": "game", "mentorship_ids": pair, "topic": "Бюджет семьи на месяц", "purpose": "training",
            "directions": ["d09"], "place": "Районный дом культуры", "online": false, "game_topic": "everyday"})
    };
    stage.days_ago(16);
    let held = stage.add("specialist", "/group-meetings", plan(stage.moment(15))).await?;
    stage.days_ago(14);
    let attendance =
        json!([{"mentorship_id": pair[0], "attended": true}, {"mentorship_id": pair[1], "attended": true}]);
    let order = json!({"began_at": stage.moment(15), "minutes": 90, "directions": ["d09"], "topic": "Бюджет семьи на месяц",
        "attendance": attendance, "reflection": "Семьи обменялись телефонами, просят продолжения.", "relationship_rating": 4});
    stage.post("specialist", &format!("/group-meetings/{held}/holding"), order).await?;
    stage.days_ago(2);
    stage.post("specialist", "/group-meetings", plan(stage.moment(-12))).await.map(drop)
}

/// Accepted, consented to by the adult of the family, confirmed.
async fn begin(stage: &Stage, cast: &Cast, path: &str, pair: &Pair<'_>, adult: &str) -> Result<(), String> {
    accept(stage, path).await?;
    consent(stage, cast, path, "recipient", adult, pair.days_ago).await?;
    confirm(stage, path, pair).await
}

fn first(page: &Value) -> Result<String, String> {
    let id = page.pointer("/items/0/id").and_then(Value::as_str).map(str::to_owned);
    id.ok_or_else(|| format!("nothing in {page}"))
}
