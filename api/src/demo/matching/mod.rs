//! Matching in the demonstration region: two activities with what was chosen after them, a round published three weeks ago, and a
//! round that waits for somebody to look at it.
mod profiles;

use crate::demo::cast::{Cast, id};
use crate::demo::client::Client;
use crate::demo::mentorships::accept;
use crate::server::runner;
use profiles::{FIRST, LATER, MUNICIPALITIES, mentors, qualified, wait};
use serde_json::{Value, json};

/// Tells of all of it.
pub async fn play(client: &Client, cast: &mut Cast) -> Result<(), String> {
    let program = program(client).await?;
    mentors(client, cast, &program).await?;
    let belov = json!({"languages": ["ru"], "hours": ["wed_evening", "sat_afternoon"], "interests": ["hiking", "chess", "woodwork"],
        "skills": ["choosing_profession", "household"], "travel_radius_km": 50});
    qualified(client, id(cast, "mentor-belov")?, json!({"capacity": 2, "qualified_risk_level": 1}), belov)
        .await?;
    client.days_ago(60);
    wait(client, cast, &program, FIRST).await?;
    first_choices(client, cast, &program).await?;
    published(client, cast, &program).await?;
    client.days_ago(12);
    wait(client, cast, &program, LATER).await?;
    later_choices(client, cast, &program).await?;
    client.days_ago(4);
    let round = begin(client, cast, &program).await?;
    run(client).await?;
    let computed = client.get("specialist", &round).await?;
    if computed.get("state").and_then(Value::as_str) == Some("ready") {
        Ok(())
    } else {
        Err(format!("the round is not ready: {computed}"))
    }
}

/// Where the municipalities lie, and the rules of matching in two editions.
async fn program(client: &Client) -> Result<String, String> {
    client.days_ago(240);
    for (code, name, latitude, longitude) in MUNICIPALITIES {
        let form = json!({"code": code, "name": name, "latitude": latitude, "longitude": longitude});
        client.post("admin", "/municipalities", form).await?;
    }
    let term = json!({"kind": "corrections", "effective_from": client.day(240), "days": 120});
    client.post("admin", "/terms", term).await?;
    let found = client.get("admin", "/programs?code=personal-accompaniment").await?;
    let program = found.pointer("/items/0/id").and_then(Value::as_str).map(str::to_owned);
    let program = program.ok_or("the program of personal accompaniment is not there")?;
    let editions = [(240, 300, 250, 70), (60, 250, 300, 120)];
    for (days_ago, interests, needs, longest_way_km) in editions {
        let weights = json!({"interests": interests, "needs": needs, "hours": 150, "proximity": 150, "age": 100, "languages": 50});
        let rules = json!({"mode": "coverage_first", "weights": weights, "hours_needed": 1, "hours_enough": 3,
            "least_age_gap_years": 6, "best_age_gap_years": 20, "age_gap_tolerance_years": 30,
            "longest_way_km": longest_way_km, "waiting_days": [60, 180, 365]});
        let form = json!({"effective_from": client.day(days_ago), "rules": rules});
        client.post("admin", &format!("/programs/{program}/matching-rules"), form).await?;
    }
    Ok(program)
}

/// Ids of those whom the story calls so.
fn ids(cast: &Cast, names: &[&str]) -> Result<Vec<String>, String> {
    names.iter().map(|it| id(cast, it).map(str::to_owned)).collect()
}

/// An activity held today.
async fn hold(
    client: &Client,
    cast: &Cast,
    (program, title, place): (&str, &str, &str),
    days_ago: i64,
    (mentors, young): (&[&str], &[&str]),
) -> Result<String, String> {
    client.days_ago(days_ago);
    let form = json!({"program_id": program, "organization_id": id(cast, "agency")?, "name": title, "held_on": client.day(days_ago),
        "place": place, "mentor_ids": ids(cast, mentors)?, "beneficiary_ids": ids(cast, young)?});
    client.add("specialist", "/joint-activities", form).await
}

/// A choice: who records it, who chooses, whom with which rank, and whom not.
type Choice = (&'static str, &'static str, &'static [(&'static str, i32)], &'static [&'static str]);

async fn choose(client: &Client, cast: &Cast, activity: &str, all: &[Choice]) -> Result<(), String> {
    for (by, chooser, ranked, vetoed) in all {
        let is_mentor = chooser.starts_with("mentor");
        let (collection, member) =
            if is_mentor { ("mentors", "beneficiary_id") } else { ("beneficiaries", "mentor_id") };
        let mut ranks = Vec::new();
        for (whom, rank) in *ranked {
            ranks.push(json!({member: id(cast, whom)?, "rank": rank}));
        }
        let form = json!({"activity_id": activity, "ranked": ranks, "vetoed": ids(cast, vetoed)?});
        client.post(by, &format!("/{collection}/{}/choices", id(cast, chooser)?), form).await?;
    }
    Ok(())
}

async fn first_choices(client: &Client, cast: &Cast, program: &str) -> Result<(), String> {
    let what = (program, "Поход на озеро", "Берег озера, две палатки и котёл");
    let mentors: &[&str] =
        &["mentor-bulgatova", "mentor-hangalov", "mentor-zhigalov", "mentor-tabitueva", "mentor-belov"];
    let young: &[&str] = &["young-ilina", "young-buhaev", "young-sokolova", "young-mironov"];
    let activity = hold(client, cast, what, 24, (mentors, young)).await?;
    let choices: &[Choice] = &[
        ("specialist", "young-ilina", &[("mentor-bulgatova", 1), ("mentor-tabitueva", 2)], &[]),
        ("specialist", "mentor-bulgatova", &[("young-ilina", 1)], &[]),
        ("specialist", "young-buhaev", &[("mentor-hangalov", 1), ("mentor-zhigalov", 2)], &[]),
        ("specialist", "mentor-hangalov", &[("young-buhaev", 1)], &[]),
        ("mentee", "young-sokolova", &[("mentor-belov", 1)], &["mentor-tabitueva"]),
        ("mentor", "mentor-belov", &[("young-sokolova", 1), ("young-mironov", 2)], &[]),
    ];
    choose(client, cast, &activity, choices).await
}

async fn later_choices(client: &Client, cast: &Cast, program: &str) -> Result<(), String> {
    let what = (program, "Вечер настольных игр", "Районная библиотека");
    let mentors: &[&str] =
        &["mentor-zhigalov", "mentor-rozova", "mentor-tabitueva", "mentor-lapin", "mentor-utesova"];
    let young: &[&str] =
        &["young-vetoshkin", "young-krotov", "young-lytkina", "young-rinchinova", "young-munhoev"];
    let activity = hold(client, cast, what, 6, (mentors, young)).await?;
    let choices: &[Choice] = &[
        ("specialist", "young-krotov", &[("mentor-rozova", 1), ("mentor-zhigalov", 2)], &[]),
        ("specialist", "mentor-zhigalov", &[("young-krotov", 1)], &[]),
        ("specialist", "young-lytkina", &[("mentor-rozova", 1), ("mentor-tabitueva", 1)], &[]),
        (
            "specialist",
            "mentor-rozova",
            &[("young-krotov", 1), ("young-rinchinova", 1), ("young-lytkina", 2)],
            &[],
        ),
        ("specialist", "young-vetoshkin", &[("mentor-lapin", 1)], &[]),
        ("specialist", "mentor-lapin", &[("young-vetoshkin", 1), ("young-munhoev", 1)], &[]),
        ("specialist", "young-rinchinova", &[("mentor-tabitueva", 1), ("mentor-rozova", 2)], &[]),
    ];
    choose(client, cast, &activity, choices).await?;
    let veto = json!({"mentor_id": id(cast, "mentor-rozova")?, "made_by": "specialist", "reason": "acquainted",
        "note": "Преподаёт в её колледже и принимает у неё экзамен."});
    let path = format!("/beneficiaries/{}/vetoes", id(cast, "young-rinchinova")?);
    client.post("specialist", &path, veto).await.map(drop)
}

/// A round of everybody who waits at the institution.
async fn begin(client: &Client, cast: &Cast, program: &str) -> Result<String, String> {
    let order = json!({"program_id": program, "organization_id": id(cast, "agency")?, "kind": "full"});
    Ok(format!("/matching-rounds/{}", client.add("specialist", "/matching-rounds", order).await?))
}

/// No server is there to run the jobs of the client.
async fn run(client: &Client) -> Result<(), String> {
    runner::drain(client.region()).await.map_err(|it| it.to_string())
}

/// A round of three weeks ago: one pair accepted, one has yet to be answered, one was declined, and the next best was offered.
async fn published(client: &Client, cast: &Cast, program: &str) -> Result<(), String> {
    client.days_ago(21);
    let round = begin(client, cast, program).await?;
    run(client).await?;
    client.post("specialist", &format!("{round}/publication"), json!({"starts_on": client.day(14)})).await?;
    run(client).await?;
    client.days_ago(18);
    let accepted = mentorship(client, &round, id(cast, "young-ilina")?).await?;
    accept(client, &accepted).await?;
    let answered = mentorship(client, &round, id(cast, "young-sokolova")?).await?;
    let yes = json!({"party": "mentor", "decision": "accept"});
    client.post("mentor", &format!("{answered}/acceptances"), yes).await?;
    let declined = mentorship(client, &round, id(cast, "young-buhaev")?).await?;
    let no = json!({"party": "mentor", "decision": "decline", "reason": "no_time"});
    client.post("specialist", &format!("{declined}/acceptances"), no).await?;
    run(client).await
}

/// The mentorship that a round proposed to somebody.
async fn mentorship(client: &Client, round: &str, beneficiary: &str) -> Result<String, String> {
    let all = client.get("specialist", &format!("{round}/proposals?limit=200")).await?;
    let mut all = all.get("items").and_then(Value::as_array).into_iter().flatten();
    let own = all.rfind(|it| it.get("beneficiary_id").and_then(Value::as_str) == Some(beneficiary));
    let became = own.and_then(|it| it.get("mentorship_id")).and_then(Value::as_str);
    became
        .map(|it| format!("/mentorships/{it}"))
        .ok_or_else(|| format!("{round} proposes nobody to {beneficiary}"))
}
