//! Events in the course of mentorships: a pause, a replacement with an extension, a removal, a withdrawal, and what the
//! sides ask for and do together.
use super::{Pair, accept, confirm, consent, meet, propose};
use crate::demo::cast::{Cast, id};
use crate::demo::client::{Client, first};
use serde_json::json;

/// Tells of all of it.
pub async fn play(client: &Client, cast: &Cast) -> Result<(), String> {
    let next = replaced_and_followed(client, cast).await?;
    removed(client, cast).await?;
    paused(client, cast).await?;
    withdrawn(client, cast).await?;
    asked_and_reported(client, cast).await?;
    together(client, cast, &next).await
}

/// A mentor who left the НКО, and the one who followed; her term has been extended.
async fn replaced_and_followed(client: &Client, cast: &Cast) -> Result<String, String> {
    let pair = Pair {
        program: "family-mentoring",
        beneficiary: "family-badmaev",
        mentor: "mentor-toroev",
        days_ago: 200,
        term_days: 300,
    };
    let old = propose(client, cast, &pair).await?;
    begin(client, cast, &old, &pair, "badmaeva").await?;
    meet(client, &old, 0, 180).await?;
    client.days_ago(90);
    let order = json!({"ground": "employment_ended", "ended_on": client.day(90), "text": "Наставник уволился из НКО и уехал в Улан-Удэ."});
    client.post("head", &format!("{old}/replacement"), order).await?;
    let pair = Pair { mentor: "mentor-sanzhieva", days_ago: 85, term_days: 60, ..pair };
    client.days_ago(85);
    let replaces = old.trim_start_matches("/mentorships/");
    let proposal = json!({"program_id": id(cast, pair.program)?, "beneficiary_id": id(cast, pair.beneficiary)?,
        "mentor_id": id(cast, pair.mentor)?, "starts_on": client.day(78), "replaces_id": replaces,
        "reason": "Семья знает наставницу по клубу."});
    let next = format!("/mentorships/{}", client.add("specialist", "/mentorships", proposal).await?);
    begin(client, cast, &next, &pair, "badmaeva").await?;
    for (turn, days_ago) in [70, 50, 25].into_iter().enumerate() {
        meet(client, &next, turn, days_ago).await?;
    }
    visited_and_told(client, &next).await?;
    client.days_ago(22);
    let order = json!({"ends_on": client.day(-20), "reason": "До конца четверти.", "decree": {"number": "41-н", "date": client.day(22)}});
    client.post("director", &format!("{next}/extensions"), order).await?;
    Ok(next)
}

/// A survey of the home, and a report of the mentor to the commission.
async fn visited_and_told(client: &Client, path: &str) -> Result<(), String> {
    let survey = json!({"visited_on": client.day(26), "housing": "house", "sanitary": "satisfactory", "heating": "good", "repair": "poor",
        "has_own_bed": true, "has_study_place": false, "has_seasonal_clothes": true, "has_food": true,
        "problems": "Нет места для занятий.", "conclusion": "Нужен письменный стол."});
    client.post("specialist", &format!("{path}/surveys"), survey).await?;
    let report = json!({"period_from": client.day(78), "period_to": client.day(25), "work_done": "Три встречи, записались в кружок.",
        "outcomes": [{"domain": "responsibility", "change": "better", "note": "Тимур сам предупреждает об опоздании."}],
        "for_commission": true});
    client.post("specialist", &format!("{path}/mentor-reports"), report).await.map(drop)
}

/// A mentor whom the director removed, after what was reported.
async fn removed(client: &Client, cast: &Cast) -> Result<(), String> {
    let pair = Pair {
        program: "family-mentoring",
        beneficiary: "family-tarasov",
        mentor: "mentor-vasilev",
        days_ago: 150,
        term_days: 300,
    };
    let path = propose(client, cast, &pair).await?;
    begin(client, cast, &path, &pair, "tarasova").await?;
    meet(client, &path, 0, 130).await?;
    let mentor = format!("/mentors/{}", id(cast, pair.mentor)?);
    client.days_ago(60);
    let ground =
        json!({"arisen_on": client.day(62), "text": "Трижды не пришёл на встречу и не предупредил семью."});
    client.post("specialist", &format!("{mentor}/removal-grounds"), ground).await?;
    client.days_ago(50);
    let order = json!({"removed_on": client.day(50), "decree": {"number": "34-л", "date": client.day(51)}});
    client.post("director", &format!("{mentor}/removal"), order).await.map(drop)
}

/// A young man whose mentor is away until spring.
async fn paused(client: &Client, cast: &Cast) -> Result<(), String> {
    let pair = Pair {
        program: "long-term",
        beneficiary: "young-losev",
        mentor: "mentor-dashiev",
        days_ago: 120,
        term_days: 600,
    };
    let path = propose(client, cast, &pair).await?;
    accept(client, &path).await?;
    consent(client, cast, &path, "recipient", "losev", 120).await?;
    confirm(client, &path, &pair).await?;
    meet(client, &path, 1, 100).await?;
    client.days_ago(10);
    let order = json!({"paused_on": client.day(10), "reason": "travel", "until": client.day(-40), "note": "Наставник на вахте."});
    client.post("head", &format!("{path}/pause"), order).await.map(drop)
}

/// A family that took its consent back.
async fn withdrawn(client: &Client, cast: &Cast) -> Result<(), String> {
    let pair = Pair {
        program: "family-mentoring",
        beneficiary: "family-tarasov",
        mentor: "mentor-ergalova",
        days_ago: 45,
        term_days: 300,
    };
    let path = propose(client, cast, &pair).await?;
    begin(client, cast, &path, &pair, "tarasova").await?;
    client.days_ago(20);
    let paper = client.scan("specialist", "refusal", "withdrawal").await?;
    let order = json!({"party": "recipient", "withdrawn_on": client.day(20), "person_id": id(cast, "tarasova")?, "file_id": paper,
        "note": "Справимся сами."});
    client.post("specialist", &format!("{path}/withdrawal"), order).await.map(drop)
}

/// A girl who asks for a consultation, and a report against a mentor that nobody has decided.
async fn asked_and_reported(client: &Client, cast: &Cast) -> Result<(), String> {
    client.days_ago(6);
    let beneficiary = id(cast, "young-sokolova")?;
    let found =
        client.get("specialist", &format!("/mentorships?state=active&beneficiary_id={beneficiary}")).await?;
    let path = format!("/mentorships/{}", first(&found)?);
    let case = client.get("specialist", &format!("/cases?beneficiary_id={beneficiary}")).await?;
    let problem =
        json!({"cause": "low_income", "text": "Нет своего места для занятий.", "noticed_on": client.day(8)});
    client.post("specialist", &format!("/cases/{}/problems", first(&case)?), problem).await?;
    let wish = json!({"party": "recipient", "kind": "consultation", "text": "Помогите выбрать колледж."});
    client.post("mentee", &format!("{path}/requests"), wish).await?;
    let ground = json!({"arisen_on": client.day(7), "text": "Не отвечает на звонки вторую неделю."});
    let mentor = id(cast, "mentor-kim")?;
    client.post("specialist", &format!("/mentors/{mentor}/removal-grounds"), ground).await.map(drop)
}

/// Two mentors of one institution bring their families together: once behind, once ahead.
async fn together(client: &Client, cast: &Cast, next: &str) -> Result<(), String> {
    let family = id(cast, "family-morozov")?;
    let found =
        client.get("specialist", &format!("/mentorships?state=active&beneficiary_id={family}")).await?;
    let pair = [first(&found)?, next.trim_start_matches("/mentorships/").to_owned()];
    let plan = |at: String| {
        json!({"planned_at": at, "method": "game", "mentorship_ids": pair, "topic": "Бюджет семьи на месяц", "purpose": "training",
            "directions": ["d09"], "place": "Районный дом культуры", "online": false, "game_topic": "everyday"})
    };
    client.days_ago(16);
    let held = client.add("specialist", "/group-meetings", plan(client.moment(15))).await?;
    client.days_ago(14);
    let attendance =
        json!([{"mentorship_id": pair[0], "attended": true}, {"mentorship_id": pair[1], "attended": true}]);
    let order = json!({"began_at": client.moment(15), "minutes": 90, "directions": ["d09"], "topic": "Бюджет семьи на месяц",
        "attendance": attendance, "reflection": "Семьи обменялись телефонами, просят продолжения.", "relationship_rating": 4});
    client.post("specialist", &format!("/group-meetings/{held}/holding"), order).await?;
    client.days_ago(2);
    client.post("specialist", "/group-meetings", plan(client.moment(-12))).await.map(drop)
}

/// Accepted, consented to by the adult of the family, confirmed.
async fn begin(client: &Client, cast: &Cast, path: &str, pair: &Pair<'_>, adult: &str) -> Result<(), String> {
    accept(client, path).await?;
    consent(client, cast, path, "recipient", adult, pair.days_ago).await?;
    confirm(client, path, pair).await
}
