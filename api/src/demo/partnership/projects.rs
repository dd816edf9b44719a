//! Projects and events of the demonstration: what the sources 000, 001 and 004 tell of them, and the figures that come back.
use super::desk::{Desk, desk, figure, organization};
use super::omsk;
use crate::demo::cast::{Cast, id};
use crate::demo::client::{Client, with};
use serde_json::{Value, json};

/// Tells the chapter.
pub async fn play(client: &Client, cast: &Cast) -> Result<(), String> {
    kirov(client).await?;
    together(client, cast).await?;
    omsk::play(client, cast).await?;
    charter(client, cast).await?;
    festival(client).await
}

/// Source 000: five projects since 2012, and the ways in which experience is presented.
async fn kirov(client: &Client) -> Result<(), String> {
    let organization = organization(
        client,
        "ngo",
        "НОУ «Центр социально-психологической помощи»",
        json!({"ngo_register_number": "43-000"}),
    )
    .await?;
    let desk = desk(client, ("kirov.director", "Кирова Лидия Андреевна"), organization).await?;
    let terms = [
        ["2012-02-01", "2012-12-20"],
        ["2012-09-01", "2013-06-30"],
        ["2013-03-01", "2014-02-28"],
        ["2014-02-01", "2014-12-31"],
        ["2015-01-15", "2015-12-31"],
    ];
    for (term, number) in terms.into_iter().zip(1..) {
        desk.completed(&format!("Проект {number} (название в источнике не указано)"), term).await?;
    }
    for (title, kind, on) in [
        ("Педагогические чтения", "pedagogical_readings", "2013-04-12"),
        ("Конференция о наставничестве", "conference", "2014-10-17"),
        ("Круглый стол с партнёрами", "round_table", "2014-11-20"),
        ("Обучающий семинар для специалистов", "seminar", "2015-03-19"),
        ("Слёт наставников", "rally", "2015-05-22"),
        ("Пресс-ланч", "press_lunch", "2015-06-04"),
    ] {
        desk.held(title, kind, on, json!({"level": "regional", "audiences": ["mentors", "ngo_leaders"]}))
            .await?;
    }
    desk.project("Проект, который ещё готовится", ["2027-01-10", "2027-12-20"], json!({})).await?;
    coordination(&desk).await?;
    let path = format!("/projects/summary?organization_id={}&since=2012-01-01", desk.organization);
    figure(&client.get("analyst", &path).await?, "/implemented", 5)
}

/// Source 000, lines 40 to 42: the coordination council.
async fn coordination(desk: &Desk<'_>) -> Result<(), String> {
    let form = json!({"organization_id": desk.organization, "kind": "coordination", "name": "Координационный совет", "level": "regional",
        "founded_on": "2012-02-01", "quorum": "half", "decides_by": "simple_majority", "meets_per_year": 2});
    let council = desk.add("/councils", form).await?;
    for (name, role) in
        [("Кирова Лидия Андреевна", "chair"), ("Вятская Ольга Игоревна, министерство", "member")]
    {
        let form = json!({"name": name, "role": role, "voting": true, "from_on": "2012-02-01"});
        desk.add(&format!("/councils/{council}/council-members"), form).await?;
    }
    Ok(())
}

/// Source 001, lines 31 and 32: the project of six meetings, and the body that has approved it. The source tells no last day.
async fn together(client: &Client, cast: &Cast) -> Result<(), String> {
    let organization = id(cast, "start")?.to_owned();
    let desk = Desk { client, who: "admin", account: String::new(), organization };
    let approval = json!({"body": "Агентство стратегических инициатив", "approved_on": "2016-07-21"});
    let about = json!({"program_id": id(cast, "together-six-meetings")?, "level": "regional", "target_groups": ["care_leavers"],
        "technologies": ["mentoring"], "approvals": [approval]});
    desk.started("Наставники: не рядом, а вместе!", ["2017-09-01", "2018-08-31"], about).await.map(drop)
}

/// Source 004: the resource centre is a unit of its organization, and the change of the charter is a task.
async fn charter(client: &Client, cast: &Cast) -> Result<(), String> {
    let centre = id(cast, "centre")?;
    let units = client.get("centre.director", &format!("/organizations/{centre}/units")).await?;
    let units = units.get("items").and_then(Value::as_array).cloned().unwrap_or_default();
    let unit = units.iter().find(|it| it.get("kind") == Some(&json!("resource_centre")));
    let unit = unit.and_then(|it| it.get("id")).cloned().ok_or("the resource centre is missing")?;
    let task = json!({"kind": "key_point", "title": "Внести в устав изменения о ресурсном центре", "source": {"kind": "unit", "id": unit},
        "assignee": {"kind": "organization", "id": centre}, "controller_user_id": id(cast, "centre.director")?, "due_on": client.day(-60)});
    client.post("centre.director", "/tasks", task).await.map(drop)
}

/// Source 004: the festival, and an event of today with an open registration.
async fn festival(client: &Client) -> Result<(), String> {
    let name = "Региональный центр сопровождения выпускников";
    let organization = organization(client, "ngo", name, json!({"ngo_register_number": "38-004"})).await?;
    let desk = desk(client, ("festival.director", "Ангарская Вера Львовна"), organization).await?;
    let festival = json!({"level": "regional", "audiences": ["children_in_care", "volunteers"], "technologies": ["volunteering"]});
    desk.held("Фестиваль «Кто, если не мы?!»", "festival", "2019-09-14", festival).await?;
    for (title, kind) in
        [("Социальная экскурсия", "social_excursion"), ("Профессиональная проба", "career_trial")]
    {
        desk.held(title, kind, "2019-10-05", json!({"audiences": ["children_in_care"]})).await?;
    }
    let open = json!({"audiences": ["mentors"], "registration": "open", "seats": 1});
    let rally = desk.event("Слёт наставников", "rally", &client.day(-14), open).await?;
    let join = json!({"event_id": rally, "audience": "mentors"});
    client.add("mentor", "/event-registrations", join.clone()).await?;
    let waiting =
        client.post("mentee", "/event-registrations", with(join, json!({"audience": "minors"}))).await?;
    match waiting.get("state").and_then(Value::as_str) {
        Some("waiting") => Ok(()),
        other => Err(format!("/state is {other:?}, and the source tells \"waiting\"")),
    }
}
