//! Projects and events of the demonstration: what the sources 000, 003 and 004 tell of them, and the figures that come back.
use super::cast::{Cast, id};
use super::client::{Client, with};
use serde_json::{Value, json};

/// An organization that carries projects out, and the account that enters them.
struct Desk<'c> {
    client: &'c Client,
    who: &'static str,
    organization: String,
}

impl Desk<'_> {
    async fn project(&self, title: &str, term: [&str; 2], more: Value) -> Result<String, String> {
        let form = json!({"organization_id": self.organization, "title": title, "goal": "Цель в источнике не приведена.",
            "target_groups": ["hardship_families"], "technologies": ["social_partnership"], "level": "municipal",
            "starts_on": term[0], "ends_on": term[1]});
        self.client.add(self.who, "/projects", with(form, more)).await
    }
    async fn started(&self, title: &str, term: [&str; 2], more: Value) -> Result<String, String> {
        let id = self.project(title, term, more).await?;
        self.step(&format!("/projects/{id}/start"), json!({"started_on": term[0]})).await?;
        Ok(id)
    }
    async fn completed(&self, title: &str, term: [&str; 2]) -> Result<(), String> {
        let id = self.started(title, term, json!({})).await?;
        let end = json!({"ended_on": term[1], "summary": "Итоги в источнике не приведены."});
        self.step(&format!("/projects/{id}/completion"), end).await
    }
    async fn event(&self, title: &str, kind: &str, on: &str, more: Value) -> Result<String, String> {
        let form = json!({"organization_id": self.organization, "title": title, "kind": kind, "level": "municipal",
            "online": false, "starts_on": on, "registration": "none"});
        self.client.add(self.who, "/events", with(form, more)).await
    }
    async fn held(&self, title: &str, kind: &str, on: &str, more: Value) -> Result<String, String> {
        self.counted(title, kind, on, more, json!([])).await
    }
    async fn counted(
        &self,
        title: &str,
        kind: &str,
        on: &str,
        more: Value,
        counts: Value,
    ) -> Result<String, String> {
        let id = self.event(title, kind, on, more).await?;
        self.step(&format!("/events/{id}/holding"), json!({"held_on": on, "counts": counts})).await?;
        Ok(id)
    }
    async fn step(&self, path: &str, order: Value) -> Result<(), String> {
        self.client.post(self.who, path, order).await.map(drop)
    }
    async fn add(&self, path: &str, form: Value) -> Result<String, String> {
        self.client.add(self.who, path, form).await
    }
}

/// Tells the chapter.
pub async fn play(client: &Client, cast: &Cast) -> Result<(), String> {
    kirov(client).await?;
    let omsk = omsk(client).await?;
    healthy_spirit(&omsk).await?;
    sober_omsk(&omsk, id(cast, "sober")?).await?;
    circles(&omsk).await?;
    volunteers(&omsk).await?;
    festival(client).await
}

async fn organization(client: &Client, kind: &str, name: &str, more: Value) -> Result<String, String> {
    let form = json!({"kind": kind, "name": name, "territory": "25701000", "focus_areas": []});
    client.add("admin", "/organizations", with(form, more)).await
}

/// An organization whose director enters what it does.
async fn desk<'c>(
    client: &'c Client,
    (login, director): (&'static str, &str),
    organization: String,
) -> Result<Desk<'c>, String> {
    let grants = json!([{"role": "director", "organization_id": organization}]);
    client.account(login, director, grants).await?;
    Ok(Desk { client, who: login, organization })
}

fn figure(told: &Value, pointer: &str, expected: i64) -> Result<(), String> {
    match told.pointer(pointer).and_then(Value::as_i64) {
        Some(it) if it == expected => Ok(()),
        other => Err(format!("{pointer} is {other:?}, and the source tells {expected}")),
    }
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
    let path = format!("/projects/summary?organization_id={}&since=2012-01-01", desk.organization);
    figure(&client.get("analyst", &path).await?, "/implemented", 5)
}

/// Source 003: the centre of social adaptation.
async fn omsk(client: &Client) -> Result<Desk<'_>, String> {
    let name = "БУ Омской области «Центр социальной адаптации»";
    let organization = organization(client, "social_service_agency", name, json!({})).await?;
    desk(client, ("omsk.director", "Омутова Нина Павловна"), organization).await
}

/// Source 003, lines 15 to 27: projects, platforms, partners and contributions.
async fn healthy_spirit(desk: &Desk<'_>) -> Result<(), String> {
    let term = ["2015-12-01", "2016-12-31"];
    let about = json!({"goal": "Вернуть людей без дома к труду и к близким через отдых, труд и спорт.",
        "target_groups": ["homeless", "addicted"], "technologies": ["peer_outreach", "club_work"],
        "strengths": "Знание проблемы изнутри, гибкость."});
    let project = desk.started("Здоровым духом и бездомный богат", term, about).await?;
    for (title, event, kind, on) in [
        (
            "ДОБРО ПОЖАЛОВАТЬ ИЛИ ПОСТОРОННИХ.NET",
            "Сбор тёплых вещей, денег и продуктов",
            "collection",
            "2016-01-16",
        ),
        ("ДЕНДРОПАРК", "Экологический субботник", "clean_up", "2016-04-23"),
        ("СО_ТВОРЮ", "Фотоконкурс", "photo_contest", "2016-06-11"),
    ] {
        let platform =
            desk.started(title, term, json!({"parent_id": project, "target_groups": ["homeless"]})).await?;
        desk.held(event, kind, on, json!({"project_id": platform})).await?;
    }
    for (title, kind, on) in [
        ("Турнир по мини-футболу", "tournament", "2016-05-14"),
        ("Флэшмоб «Здоровым духом»", "flash_mob", "2016-05-28"),
        ("Курьеры: рассказ о службах тем, кто к ним не приходит", "outreach", "2016-02-20"),
    ] {
        desk.held(title, kind, on, json!({"project_id": project, "technologies": ["peer_outreach"]})).await?;
    }
    let target = json!({"title": "Вернулись к труду", "unit": "человек", "plan": 40});
    let target = desk.add(&format!("/projects/{project}/project-targets"), target).await?;
    for (on, value) in [("2016-06-30", 21), ("2016-12-20", 42)] {
        let result = json!({"measured_on": on, "value": value, "note": "По спискам центра занятости."});
        desk.add(&format!("/project-targets/{target}/target-results"), result).await?;
    }
    for (kind, more) in [
        ("clothing", json!({"quantity": 40.5, "unit": "кг"})),
        ("handmade", json!({"about": "Варежки, которые связали участники клубов."})),
        ("money", json!({"value": "15400.00"})),
        ("food", json!({"about": "Сколько собрали, источник не говорит."})),
    ] {
        let form = with(json!({"given_on": "2016-01-16", "kind": kind, "private_givers": true}), more);
        desk.add(&format!("/projects/{project}/project-contributions"), form).await?;
    }
    let end = json!({"ended_on": "2016-12-31", "summary": "Сорок два человека вернулись к труду.", "lessons": "Курьеры из своих находят быстрее."});
    desk.step(&format!("/projects/{project}/completion"), end).await?;
    others(desk).await
}

/// Source 003, lines 24 to 27, 46 and 47.
async fn others(desk: &Desk<'_>) -> Result<(), String> {
    let client = desk.client;
    let veterans =
        organization(client, "ngo", "Совет ветеранов", json!({"ngo_register_number": "55-001"})).await?;
    let waltz = desk
        .started(
            "Вальс Победы",
            ["2014-09-01", "2015-06-30"],
            json!({"target_groups": ["elderly", "veterans"], "author_ids": [veterans]}),
        )
        .await?;
    let partner = |organization: &str, role: &str, about: &str| json!({"organization_id": organization, "role": role, "starts_on": "2014-09-01", "about": about});
    desk.add(
        &format!("/projects/{waltz}/project-partners"),
        partner(&veterans, "author", "Разработан вместе."),
    )
    .await?;
    let end =
        json!({"ended_on": "2015-06-30", "summary": "Диплом III Всероссийского конкурса и курсы от фонда."});
    desk.step(&format!("/projects/{waltz}/completion"), end).await?;
    for title in ["Грани", "Доброград", "Гармония жизни"] {
        desk.started(title, ["2015-02-01", "2016-12-31"], json!({"target_groups": ["addicted"]})).await?;
    }
    let company = desk
        .started("КомпаниЯ", ["2015-09-01", "2016-12-31"], json!({"target_groups": ["minors_in_conflict"]}))
        .await?;
    for (name, kind, role, about) in [
        ("Центр подготовки специалистов", "ngo", "co_executor", "Учит специалистов."),
        ("Отдел полиции № 9", "police", "organisational_support", "Сопровождает встречи."),
        ("ОАО «Антенна-7»", "media", "information_support", "Рассказывает о проекте."),
    ] {
        let more = if kind == "ngo" { json!({"ngo_register_number": "55-002"}) } else { json!({}) };
        let organization = organization(client, kind, name, more).await?;
        desk.add(&format!("/projects/{company}/project-partners"), partner(&organization, role, about))
            .await?;
    }
    let stopped = desk.started("Передвижная выставка", ["2015-03-01", "2015-11-30"], json!({})).await?;
    desk.step(
        &format!("/projects/{stopped}/stopping"),
        json!({"ended_on": "2015-04-20", "reason": "Партнёр не дал помещения."}),
    )
    .await
}

/// Source 003, lines 31 and 32: 16 minors, a lecture without a number, and 43 minors.
async fn sober_omsk(desk: &Desk<'_>, sober: &str) -> Result<(), String> {
    let together =
        json!({"co_organizer_ids": [sober], "audiences": ["minors"], "technologies": ["social_partnership"]});
    let minors = |people: i64| json!([{"audience": "minors", "people": people}]);
    desk.counted(
        "Табачная зависимость. Курительные смеси",
        "talk",
        "2015-03-17",
        together.clone(),
        minors(16),
    )
    .await?;
    let squad = with(together.clone(), json!({"audiences": ["minors", "work_squad"]}));
    let uncounted = json!([{"audience": "minors"}, {"audience": "work_squad"}]);
    desk.counted("Видеолекция для трудового отряда", "video_lecture", "2015-07-08", squad, uncounted).await?;
    let happiness = desk.counted("Формула счастья", "lecture", "2015-10-21", together, minors(42)).await?;
    let versions = format!("/events/{happiness}/event-attendances");
    let told = desk.client.get(desk.who, &versions).await?;
    let correction = json!({"counted_on": "2015-10-22", "counts": minors(43), "organization_ids": [sober], "corrects_id": told.pointer("/items/0/id"),
        "reason": "Один подросток пришёл позже и не был записан."});
    desk.add(&versions, correction).await?;
    let year = format!("from=2015-01-01&to=2015-12-31&audience=minors&partner_id={sober}");
    let told = desk.client.get("analyst", &format!("/events/attendance?{year}")).await?;
    for (pointer, expected) in
        [("/rows/0/people", 16), ("/rows/2/people", 43), ("/sum", 59), ("/without_number", 1)]
    {
        figure(&told, pointer, expected)?;
    }
    Ok(())
}

/// Source 003, lines 33 to 38: a round table, circles with what they brought to light, and days of the services.
async fn circles(desk: &Desk<'_>) -> Result<(), String> {
    desk.held(
        "Круглый стол с «Сиротами Великой Отечественной войны»",
        "round_table",
        "2015-05-06",
        json!({"audiences": ["war_orphans"]}),
    )
    .await?;
    let mut last = String::new();
    for (title, on, audience) in [
        ("Круг «Женский»", "2015-02-12", "parents"),
        ("Круг «Семейный»", "2015-04-09", "hardship_families"),
        ("Круг «Социальный»", "2015-06-18", "homeless"),
        ("Круг о ресоциализации", "2015-08-20", "homeless"),
    ] {
        let people = json!([{"audience": audience}, {"audience": "specialists", "people": 12}, {"audience": "legislators", "people": 2}]);
        last = desk
            .counted(title, "thematic_circle", on, json!({"audiences": [audience, "specialists"]}), people)
            .await?;
    }
    let found = json!({"organization_id": desk.organization, "noticed_on": "2015-08-20", "event_id": last, "of_specialists": false,
        "audience": "homeless", "problem": "Не знают, куда обратиться, и не приходят в службы."});
    let idea = with(
        found.clone(),
        json!({"idea": "Курьеры из тех, кто сам прошёл этот путь.", "technology": "peer_outreach"}),
    );
    let idea = desk.add("/ideas", idea).await?;
    desk.step(&format!("/ideas/{idea}/review"), json!({})).await?;
    let projects = desk.client.get(desk.who, "/projects?state=completed&limit=50").await?;
    let items = projects.get("items").and_then(Value::as_array).cloned().unwrap_or_default();
    let became = items.iter().find(|it| it.get("title") == Some(&json!("Здоровым духом и бездомный богат")));
    let became = became.and_then(|it| it.get("id")).cloned().ok_or("the project of the idea is missing")?;
    desk.step(&format!("/ideas/{idea}/adoption"), json!({"project_id": became})).await?;
    let second = desk
        .add("/ideas", with(found.clone(), json!({"idea": "Открыть второе отделение ночного пребывания."})))
        .await?;
    desk.step(&format!("/ideas/{second}/rejection"), json!({"reason": "Нет помещения."})).await?;
    desk.add(
        "/ideas",
        with(found, json!({"of_specialists": true, "problem": "Специалистам не хватает супервизии."})),
    )
    .await?;
    desk.held("Акция «Семья помогает семье»", "family_day", "2015-10-15", json!({"territory": "52701000"}))
        .await?;
    let fair = json!({"audiences": ["homeless"], "programme": [{"title": "Службы города", "minutes": 60, "speaker": "Заведующая отделением"}]});
    desk.held("«Перекрёсток»", "service_fair", "2015-11-25", fair).await?;
    let cancelled = desk.event("Встреча в колледже", "talk", "2015-12-10", json!({})).await?;
    desk.step(&format!("/events/{cancelled}/cancellation"), json!({"reason": "Карантин."})).await
}

/// Source 003, line 44: campaigns of volunteers with their hours.
async fn volunteers(desk: &Desk<'_>) -> Result<(), String> {
    let event = desk
        .counted(
            "«Нам доверена память»",
            "commemoration",
            "2015-05-09",
            json!({"audiences": ["volunteers", "veterans"]}),
            json!([{"audience": "volunteers", "people": 14}]),
        )
        .await?;
    desk.held("«Дом без одиночества»", "campaign", "2015-09-30", json!({"audiences": ["elderly"]})).await?;
    let person =
        json!({"family_name": "Добров", "given_name": "Павел", "birth_date": "1985-06-01", "sex": "male"});
    let person = desk.add("/people", person).await?;
    let work = |minutes: i64| json!({"person_id": person, "worked_on": "2015-05-09", "minutes": minutes, "work": "Встречал ветеранов"});
    let hours = format!("/events/{event}/volunteer-work");
    let confirmed = desk.add(&hours, work(180)).await?;
    desk.step(&format!("/volunteer-work/{confirmed}/confirmation"), json!({})).await?;
    let rejected = desk.add(&hours, work(240)).await?;
    desk.step(&format!("/volunteer-work/{rejected}/rejection"), json!({"reason": "Записано дважды."}))
        .await?;
    desk.add(&hours, work(60)).await?;
    let came = json!({"event_id": event, "person_id": person, "audience": "volunteers"});
    desk.add("/event-participants", came).await.map(drop)
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
