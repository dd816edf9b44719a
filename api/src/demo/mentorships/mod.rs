//! Mentorships of the demonstration region: one in every state, so that each screen of a frontend has something to show.
pub mod course;
pub mod handover;

use crate::demo::accompaniment::plans;
use crate::demo::cast::{Cast, id};
use crate::demo::client::{Client, with};
use crate::demo::papers::signature;
use serde_json::json;

/// A pair and when it was proposed.
pub(super) struct Pair<'c> {
    pub(super) program: &'c str,
    pub(super) beneficiary: &'c str,
    pub(super) mentor: &'c str,
    pub(super) days_ago: i64,
    pub(super) term_days: i64,
}

/// Tells of pairs from the proposal to the end, in the order of time for each mentor.
pub async fn play(client: &Client, cast: &Cast) -> Result<(), String> {
    active_family(client, cast).await?;
    refused_by_mentor(client, cast).await?;
    declined_and_lapsed(client, cast).await?;
    six_meetings_done(client, cast).await?;
    six_meetings_under_way(client, cast).await?;
    on_their_way(client, cast).await
}

pub(super) async fn propose(client: &Client, cast: &Cast, pair: &Pair<'_>) -> Result<String, String> {
    client.days_ago(pair.days_ago);
    let proposal = json!({"program_id": id(cast, pair.program)?, "beneficiary_id": id(cast, pair.beneficiary)?,
        "mentor_id": id(cast, pair.mentor)?, "starts_on": client.day(pair.days_ago - 7),
        "reason": "Наставник живёт рядом, у обоих свободны вечера среды."});
    let tutor = match pair.beneficiary {
        "young-sokolova" => json!({"tutor_user_id": id(cast, "tutor")?}),
        _ => json!({}),
    };
    Ok(format!("/mentorships/{}", client.add("specialist", "/mentorships", with(proposal, tutor)).await?))
}

/// Both sides said yes on paper, which the specialist put on record.
pub(super) async fn accept(client: &Client, path: &str) -> Result<(), String> {
    for party in ["mentor", "recipient"] {
        let paper = client.scan("specialist", "other", "acceptance").await?;
        let answer = json!({"party": party, "decision": "accept", "on_paper_file_id": paper});
        client.post("specialist", &format!("{path}/acceptances"), answer).await?;
    }
    Ok(())
}

pub(super) async fn consent(
    client: &Client,
    cast: &Cast,
    path: &str,
    signatory: &str,
    person: &str,
    days_ago: i64,
) -> Result<(), String> {
    let paper = client.scan("specialist", "consent", "consent").await?;
    let form = signature(client, cast, (signatory, person), days_ago, &paper)?;
    client.post("specialist", &format!("{path}/consents"), form).await.map(drop)
}

pub(super) async fn confirm(client: &Client, path: &str, pair: &Pair<'_>) -> Result<(), String> {
    let starts = pair.days_ago - 7;
    let form = json!({"starts_on": client.day(starts), "ends_on": client.day(starts - pair.term_days),
        "decree": {"number": "15-н", "date": client.day(pair.days_ago)}});
    client.post("director", &format!("{path}/confirmation"), form).await.map(drop)
}

/// Topics as they come up, with the direction of work each belongs to.
const TOPICS: &[(&str, &str)] = &[
    ("Знакомство: что важно каждому", "d01"),
    ("Как устроен день семьи", "d02"),
    ("Куда пойти учиться", "d03"),
    ("Разговор с классным руководителем", "d04"),
    ("Что делать, если не хватает денег до конца месяца", "d09"),
    ("Кружок по дереву: первая запись", "d10"),
];

pub(super) async fn meet(client: &Client, path: &str, turn: usize, days_ago: i64) -> Result<(), String> {
    let (topic, direction) = TOPICS.get(turn % TOPICS.len()).copied().unwrap_or(("Беседа", "d01"));
    let meeting = plan(client, path, topic, direction, days_ago).await?;
    client.days_ago(days_ago - 1);
    let held = json!({"began_at": client.moment(days_ago), "minutes": 60, "directions": [direction], "topic": topic,
        "notes": "Разговор получился, договорились о следующей встрече.", "homework": "Записать три вопроса к следующей встрече.", "homework_due_on": client.day(days_ago - 14)});
    client.post("specialist", &format!("{meeting}/holding"), held).await?;
    if turn == 0 { follow_up(client, &meeting).await } else { Ok(()) }
}

/// The results of a meeting: the homework, and the rating of each side.
async fn follow_up(client: &Client, meeting: &str) -> Result<(), String> {
    let done = json!({"done": true, "result": "Вопросы записаны, обсудили по телефону."});
    client.post("specialist", &format!("{meeting}/homework-result"), done).await?;
    for (party, score) in [("mentor", 4), ("recipient", 5)] {
        let rating = json!({"party": party, "score": score, "comment": "Хорошо начали."});
        client.post("specialist", &format!("{meeting}/ratings"), rating).await?;
    }
    Ok(())
}

async fn plan(
    client: &Client,
    path: &str,
    topic: &str,
    direction: &str,
    days_ago: i64,
) -> Result<String, String> {
    let form = json!({"planned_at": client.moment(days_ago), "method": "talk", "directions": [direction], "topic": topic,
        "topic_set_by": "together", "place": "Районная библиотека", "online": false});
    Ok(format!("/meetings/{}", client.add("specialist", &format!("{path}/meetings"), form).await?))
}

/// A family with its mentor, meetings of every kind, the next one ahead.
async fn active_family(client: &Client, cast: &Cast) -> Result<(), String> {
    let pair = Pair {
        program: "family-mentoring",
        beneficiary: "family-morozov",
        mentor: "mentor-belov",
        days_ago: 270,
        term_days: 350,
    };
    let path = propose(client, cast, &pair).await?;
    client
        .post("mentor", &format!("{path}/acceptances"), json!({"party": "mentor", "decision": "accept"}))
        .await?;
    let paper = client.scan("specialist", "other", "acceptance").await?;
    let answer = json!({"party": "recipient", "decision": "accept", "on_paper_file_id": paper});
    client.post("specialist", &format!("{path}/acceptances"), answer).await?;
    consent(client, cast, &path, "recipient", "morozova", 270).await?;
    confirm(client, &path, &pair).await?;
    let tutor = json!({"tutor_user_id": id(cast, "tutor")?});
    client.post("specialist", &format!("{path}/tutor"), tutor).await?;
    for (turn, days_ago) in [250, 220, 190, 130, 70].into_iter().enumerate() {
        meet(client, &path, turn, days_ago).await?;
    }
    let missed = plan(client, &path, "Поход в музей", "d10", 40).await?;
    client.days_ago(39);
    client
        .post(
            "specialist",
            &format!("{missed}/missing"),
            json!({"by": "recipient", "note": "Ребёнок заболел."}),
        )
        .await?;
    let cancelled = plan(client, &path, "Поход в музей", "d10", 20).await?;
    client.post("specialist", &format!("{cancelled}/cancellation"), json!({"reason": "illness"})).await?;
    client.days_ago(3);
    plan(client, &path, "Планы на зимние каникулы", "d10", -5).await.map(drop)
}

/// A mentorship that the mentor ended by a written refusal.
async fn refused_by_mentor(client: &Client, cast: &Cast) -> Result<(), String> {
    let pair = Pair {
        program: "family-mentoring",
        beneficiary: "family-gurov",
        mentor: "mentor-kim",
        days_ago: 240,
        term_days: 300,
    };
    let path = propose(client, cast, &pair).await?;
    accept(client, &path).await?;
    consent(client, cast, &path, "recipient", "gurova", 240).await?;
    confirm(client, &path, &pair).await?;
    meet(client, &path, 0, 220).await?;
    client.days_ago(60);
    let paper = client.scan("director", "refusal", "refusal").await?;
    let end = json!({"ground": "written_refusal", "ended_on": client.day(60), "document_file_id": paper});
    client.post("director", &format!("{path}/termination"), end).await.map(drop)
}

/// A mentor who said no, and a proposal that nobody answered.
async fn declined_and_lapsed(client: &Client, cast: &Cast) -> Result<(), String> {
    let pair = Pair {
        program: "family-mentoring",
        beneficiary: "family-halzanov",
        mentor: "mentor-orlov",
        days_ago: 230,
        term_days: 300,
    };
    let path = propose(client, cast, &pair).await?;
    let no = json!({"party": "mentor", "decision": "decline", "reason": "too_far"});
    client.post("specialist", &format!("{path}/acceptances"), no).await?;
    let pair = Pair { mentor: "mentor-ergalova", days_ago: 225, ..pair };
    propose(client, cast, &pair).await?;
    client.days_ago(180);
    crate::server::clock::due(client.region()).await.map_err(|it| it.to_string())
}

/// A young man who has had his six meetings; his new life plan completed the mentorship.
async fn six_meetings_done(client: &Client, cast: &Cast) -> Result<(), String> {
    let pair = Pair {
        program: "together-six-meetings",
        beneficiary: "young-ryabov",
        mentor: "mentor-ergalova",
        days_ago: 170,
        term_days: 120,
    };
    let path = propose(client, cast, &pair).await?;
    accept(client, &path).await?;
    consent(client, cast, &path, "recipient", "ryabov", 170).await?;
    confirm(client, &path, &pair).await?;
    for (turn, days_ago) in [160, 150, 140, 130, 120, 110].into_iter().enumerate() {
        meet(client, &path, turn, days_ago).await?;
    }
    client.days_ago(105);
    plans::life_plan(client, id(cast, "young-ryabov")?).await
}

/// A girl of sixteen who answers and signs for herself, beside her guardian. All six meetings are held; her life plan is awaited.
async fn six_meetings_under_way(client: &Client, cast: &Cast) -> Result<(), String> {
    let pair = Pair {
        program: "together-six-meetings",
        beneficiary: "young-sokolova",
        mentor: "mentor-orlov",
        days_ago: 90,
        term_days: 150,
    };
    let path = propose(client, cast, &pair).await?;
    client
        .post("mentee", &format!("{path}/acceptances"), json!({"party": "recipient", "decision": "accept"}))
        .await?;
    let paper = client.scan("specialist", "other", "acceptance").await?;
    let answer = json!({"party": "mentor", "decision": "accept", "on_paper_file_id": paper});
    client.post("specialist", &format!("{path}/acceptances"), answer).await?;
    let own =
        json!({"signatory": "recipient", "person_id": id(cast, "sokolova")?, "signed_on": client.day(90)});
    client.post("mentee", &format!("{path}/consents"), own).await?;
    consent(client, cast, &path, "representative", "sokolova-g", 90).await?;
    confirm(client, &path, &pair).await?;
    for (turn, days_ago) in [75, 66, 58, 50, 43, 36].into_iter().enumerate() {
        meet(client, &path, turn, days_ago).await?;
    }
    Ok(())
}

/// Pairs that wait: for an answer, for a consent, for the director.
async fn on_their_way(client: &Client, cast: &Cast) -> Result<(), String> {
    let pair = Pair {
        program: "family-mentoring",
        beneficiary: "family-zayats",
        mentor: "mentor-kim",
        days_ago: 12,
        term_days: 300,
    };
    let consented = propose(client, cast, &pair).await?;
    accept(client, &consented).await?;
    consent(client, cast, &consented, "recipient", "zayats", 12).await?;
    let pair = Pair {
        program: "long-term",
        beneficiary: "young-chernov",
        mentor: "mentor-ergalova",
        days_ago: 8,
        term_days: 300,
    };
    let accepted = propose(client, cast, &pair).await?;
    accept(client, &accepted).await?;
    let pair = Pair {
        program: "family-mentoring",
        beneficiary: "family-halzanov",
        mentor: "mentor-ergalova",
        days_ago: 4,
        term_days: 300,
    };
    propose(client, cast, &pair).await.map(drop)
}
