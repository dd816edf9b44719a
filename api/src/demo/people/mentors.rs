//! Candidates of the demonstration who become mentors, or do not.
use crate::demo::cast::{Cast, id};
use crate::demo::client::Client;
use serde_json::{Value, json};

/// A candidate: the person, the program, what became of the application.
type Candidate<'c> = (&'c str, &'c str, &'c str);

/// An institution that decides on candidates: its short name, and the director to whom they write.
type Institution<'c> = (&'c str, &'c str);

const AGENCY: Institution<'_> = ("agency", "Директору ОГБУ «УСЗСОН по Эхирит-Булагатскому району»");

/// Candidates of the agency by their short names.
const CANDIDATES: &[(&str, Candidate<'_>)] = &[
    ("mentor-belov", ("belov", "family-mentoring", "approved")),
    ("mentor-kim", ("kim", "family-mentoring", "approved")),
    ("mentor-orlov", ("orlov", "together-six-meetings", "approved")),
    ("mentor-ergalova", ("ergalova", "together-six-meetings", "approved")),
    ("mentor-dashiev", ("dashiev", "family-mentoring", "approved")),
    ("mentor-sanzhieva", ("sanzhieva", "family-mentoring", "approved")),
    ("mentor-toroev", ("toroev", "family-mentoring", "approved")),
    ("mentor-vasilev", ("vasilev", "family-mentoring", "approved")),
    ("candidate-vetrov", ("vetrov", "family-mentoring", "rejected")),
    ("candidate-lunina", ("lunina", "family-mentoring", "submitted")),
];

/// Tells of the candidates of the agency.
pub async fn mentors(client: &Client, cast: &mut Cast) -> Result<(), String> {
    for (name, candidate) in CANDIDATES {
        if let Some(mentor) = candidacy(client, cast, AGENCY, *candidate).await? {
            cast.insert(name, mentor);
        }
    }
    Ok(())
}

/// Tells of an application up to its decision. Answers the mentor, where it was approved.
pub async fn candidacy(
    client: &Client,
    cast: &Cast,
    institution: Institution<'_>,
    (person, program, outcome): Candidate<'_>,
) -> Result<Option<String>, String> {
    client.days_ago(280);
    let application = apply(client, cast, institution, (person, program)).await?;
    let path = format!("/mentor-applications/{application}");
    client.post("specialist", &format!("{path}/submission"), json!({})).await?;
    if outcome == "submitted" {
        return Ok(None);
    }
    client.days_ago(276);
    client.post("specialist", &format!("{path}/screening"), json!({})).await?;
    let application = client.get("specialist", &path).await?;
    let assessment = assessment(outcome == "approved");
    client.put("specialist", &format!("{path}/assessment"), &application, assessment).await?;
    client.days_ago(275);
    let decision = if outcome == "approved" {
        json!({"kind": "approve", "decree": {"number": "12-н", "date": client.day(275)}})
    } else {
        json!({"kind": "reject", "reason": "other", "note": "Кандидат может посвящать наставничеству меньше часа в месяц."})
    };
    let decided = client.post("director", &format!("{path}/decision"), decision).await?;
    let Some(mentor) = decided.get("mentor_id").and_then(Value::as_str) else { return Ok(None) };
    train(client, mentor).await?;
    Ok(Some(mentor.to_owned()))
}

/// The assessment of a candidate by the institution.
fn assessment(has_time: bool) -> Value {
    json!({"requirements": [
        {"requirement": "experience", "met": true, "note": "Двадцать лет работает с детьми."},
        {"requirement": "active_position", "met": has_time, "note": "Участвует в делах района."},
        {"requirement": "personal_qualities", "met": true},
        {"requirement": "success", "met": true},
        {"requirement": "social_norms", "met": true},
    ]})
}

async fn apply(
    client: &Client,
    cast: &Cast,
    (institution, addressed_to): Institution<'_>,
    (person, program): (&str, &str),
) -> Result<String, String> {
    let passport = client.scan("specialist", "passport_copy", "passport").await?;
    let statement = json!({"addressed_to": addressed_to,
        "text": "Прошу рассмотреть мою кандидатуру в качестве наставника.", "signed_on": client.day(281)});
    let questionnaire = json!({"backgrounds": ["ngo_specialist"], "occupation": "АНО «Доброе дело», координатор",
        "motivation": "Хочу, чтобы рядом с семьёй был взрослый, который не уйдёт."});
    let mut documents = vec![json!({"purpose": "passport_copy", "file_id": passport})];
    if person == "belov" {
        let health = client.scan("specialist", "certificate", "certificate").await?;
        documents.push(json!({"purpose": "certificate", "file_id": health, "issued_on": client.day(340), "valid_until": client.day(-20)}));
    }
    let form = json!({"person_id": id(cast, person)?, "organization_id": id(cast, institution)?, "ngo_id": id(cast, "ngo")?,
        "program_id": id(cast, program)?, "statement": statement, "questionnaire": questionnaire, "documents": documents});
    client.add("specialist", "/mentor-applications", form).await
}

async fn train(client: &Client, mentor: &str) -> Result<(), String> {
    let courses = client.get("specialist", "/training-courses").await?;
    let items = courses.get("items").and_then(Value::as_array).cloned().unwrap_or_default();
    for course in items {
        let done = json!({"course_id": course.get("id"), "completed_on": client.day(278), "certificate_number": "УН-114"});
        client.post("specialist", &format!("/mentors/{mentor}/trainings"), done).await?;
    }
    Ok(())
}
