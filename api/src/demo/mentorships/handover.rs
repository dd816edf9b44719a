//! A handover in the demonstration: a children's home hands a young man who comes of age over to the centre, with his mentorship.
//!
//! Both institutions have accounts of their own: `home.director`, `home.specialist`, `centre.director`, `centre.specialist`.
use super::{Pair, accept, confirm, consent, meet, propose};
use crate::demo::cast::{Cast, id};
use crate::demo::client::Client;
use crate::demo::papers::signature;
use crate::demo::people::mentors::candidacy;
use serde_json::json;

/// Accounts: login, role, who it is, the institution.
const ACCOUNTS: [(&str, &str, &str, &str); 4] = [
    ("home.director", "director", "директор детского дома «Солнышко»", "home"),
    ("home.specialist", "support_specialist", "социальный педагог детского дома «Солнышко»", "home"),
    ("centre.director", "director", "директор центра «Расправь крылья»", "centre"),
    ("centre.specialist", "support_specialist", "куратор центра «Расправь крылья»", "centre"),
];

/// Short name, family name, given name, patronymic, born, sex.
type Human = (&'static str, &'static str, &'static str, &'static str, &'static str, &'static str);

/// Those whom the home puts on record: the young man, its head, who signs for him, and his mentor.
const PEOPLE: [Human; 3] = [
    ("dugarov", "Дугаров", "Аюр", "Саянович", "", "male"),
    ("hamaganova", "Хамаганова", "Ирина", "Доржиевна", "1969-04-30", "female"),
    ("nimaev", "Нимаев", "Цыден", "Баторович", "1986-07-19", "male"),
];

/// Tells the chapter.
pub async fn play(client: &Client, cast: &mut Cast) -> Result<(), String> {
    client.days_ago(290);
    for (login, role, name, institution) in ACCOUNTS {
        let grants = json!([{"role": role, "organization_id": id(cast, institution)?}]);
        cast.insert(login, client.account(login, name, grants).await?);
    }
    client.act_for("home");
    let case = in_care(client, cast).await?;
    let mentorship = mentored(client, cast).await?;
    let transfer = proposed(client, cast, &case, &mentorship).await?;
    client.act_for("centre");
    client.days_ago(8);
    let order = json!({"specialist_user_id": id(cast, "centre.specialist")?});
    client.post("director", &format!("/case-transfers/{transfer}/acceptance"), order).await?;
    client.act_for("");
    Ok(())
}

/// The home has him on record, and prepares him for independent life. Answers the case.
async fn in_care(client: &Client, cast: &mut Cast) -> Result<String, String> {
    for (name, family_name, given_name, patronymic, born, sex) in PEOPLE {
        // He has just come of age, whenever the story is told.
        let born = if name == "dugarov" { client.born(18, 5) } else { born.to_owned() };
        let form = json!({"family_name": family_name, "given_name": given_name, "patronymic": patronymic, "birth_date": born,
            "sex": sex, "residence": "25655000"});
        cast.insert(name, client.add("specialist", "/people", form).await?);
    }
    let home = id(cast, "home")?;
    let form = json!({"kind": "person", "person_id": id(cast, "dugarov")?, "category": "without_parental_care", "origin": "childrens_home",
        "organization_id": home, "guardianship_authority_id": id(cast, "guardians")?, "territory": "25655000"});
    let beneficiary = client.add("specialist", "/beneficiaries", form).await?;
    let authority = json!({"person_id": id(cast, "hamaganova")?, "basis": "institution_head",
        "document": "Приказ о назначении директора № 7-к", "valid_from": "2019-08-26"});
    let path = format!("/beneficiaries/{beneficiary}/representatives");
    let authority = client.add("specialist", &path, authority).await?;
    let basis = json!({"kind": "order", "number": "31-з", "drawn_on": client.day(291)});
    let opening = json!({"beneficiary_id": beneficiary, "organization_id": home, "specialist_user_id": id(cast, "home.specialist")?,
        "opened_on": client.day(290), "reason": "Готовится к выпуску из детского дома.", "kind": "aftercare", "stage": "preparation",
        "legal_bases": [basis]});
    let case = client.add("specialist", "/cases", opening).await?;
    cast.insert("young-dugarov", beneficiary);
    cast.insert("representative-dugarov", authority);
    Ok(case)
}

/// A mentor whom the home has approved, and their pair. Answers the mentorship.
async fn mentored(client: &Client, cast: &mut Cast) -> Result<String, String> {
    let home = ("home", "Директору детского дома «Солнышко»");
    let mentor = candidacy(client, cast, home, ("nimaev", "family-mentoring", "approved")).await?;
    cast.insert("mentor-nimaev", mentor.ok_or("the home has approved nobody")?);
    let pair = Pair {
        program: "long-term",
        beneficiary: "young-dugarov",
        mentor: "mentor-nimaev",
        days_ago: 120,
        term_days: 600,
    };
    let path = propose(client, cast, &pair).await?;
    accept(client, &path).await?;
    consent(client, cast, &path, "recipient", "dugarov", 120).await?;
    consent(client, cast, &path, "representative", "hamaganova", 120).await?;
    confirm(client, &path, &pair).await?;
    for (turn, days_ago) in [(1, 100), (2, 60), (3, 25)] {
        meet(client, &path, turn, days_ago).await?;
    }
    Ok(path.trim_start_matches("/mentorships/").to_owned())
}

/// He and the head of the home consent, and the home proposes his case to the centre. Answers the transfer.
async fn proposed(client: &Client, cast: &Cast, case: &str, mentorship: &str) -> Result<String, String> {
    client.days_ago(12);
    let (beneficiary, centre) = (id(cast, "young-dugarov")?, id(cast, "centre")?);
    let paper = client.scan("specialist", "consent", "consent").await?;
    let signed = |signatory: &str, person: &str| signature(client, cast, (signatory, person), 12, &paper);
    let form = json!({"purpose": "transfer", "organization_ids": [centre], "parts": ["identity", "life"],
        "valid_until": client.day(-300), "signatures": [signed("recipient", "dugarov")?, signed("representative", "hamaganova")?]});
    let consent = client.add("specialist", &format!("/beneficiaries/{beneficiary}/consents"), form).await?;
    let form = json!({"to_organization_id": centre, "reason": "left_care", "parts": ["identity", "life"], "consent_id": consent,
        "mentorship_ids": [mentorship], "wished_on": client.day(8), "note": "Выпускается и остаётся учиться в Прибрежном."});
    client.add("director", &format!("/cases/{case}/transfers"), form).await
}
