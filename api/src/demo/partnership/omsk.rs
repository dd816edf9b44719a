//! Projects, events and volunteers of the source 003. People and days that it does not tell are invented.
use super::desk::{Desk, desk, figure, organization};
use crate::demo::cast::{Cast, id};
use crate::demo::client::{Client, with};
use serde_json::{Value, json};

/// The account that does what the centre gives as a task.
const SPECIALIST: &str = "omsk.specialist";

/// Tells the source.
pub async fn play(client: &Client, cast: &Cast) -> Result<(), String> {
    let name = "БУ Омской области «Центр социальной адаптации»";
    let centre = organization(client, "social_service_agency", name, json!({})).await?;
    let omsk = desk(client, ("omsk.director", "Омутова Нина Павловна"), centre).await?;
    let grants = json!([{"role": "support_specialist", "organization_id": omsk.organization}]);
    let specialist = client.account(SPECIALIST, "Тарская Вера Ильинична", grants).await?;
    plans(&omsk).await?;
    healthy_spirit(&omsk).await?;
    waltz(&omsk, &specialist).await?;
    others(&omsk).await?;
    sober_omsk(&omsk, id(cast, "sober")?).await?;
    circles(&omsk).await?;
    volunteers(&omsk).await
}

/// Reports a task that was given to the centre, and accepts it.
async fn done(desk: &Desk<'_>, task: &str, result: &str) -> Result<(), String> {
    desk.client.post(SPECIALIST, &format!("{task}/report"), json!({"result": result})).await?;
    desk.step(&format!("{task}/acceptance"), json!({})).await
}

/// Line 7: the programme of development, and the plan of a year with an item that was done.
async fn plans(desk: &Desk<'_>) -> Result<(), String> {
    let plan = async |kind: &str, title: &str, term: [&str; 2]| {
        let form = json!({"organization_id": desk.organization, "kind": kind, "title": title, "starts_on": term[0], "ends_on": term[1]});
        desk.add("/action-plans", form).await
    };
    plan("development", "Программа развития на 2015–2018 годы", ["2015-01-01", "2018-12-31"]).await?;
    let annual = plan("annual", "План действий на 2015 год", ["2015-01-01", "2015-12-31"]).await?;
    let title = "Провести тематические круги вместе с СОНКО";
    let task = desk.task(("action_plan", &annual), title, "2015-12-31").await?;
    done(desk, &task, "Проведены круги «Женский», «Семейный», «Социальный» и круг о ресоциализации.").await
}

/// Lines 15 to 23: the project with its platforms, campaigns, results and contributions.
async fn healthy_spirit(desk: &Desk<'_>) -> Result<(), String> {
    let term = ["2015-12-01", "2016-12-31"];
    let about = json!({"goal": "Вернуть людей без дома к труду и в общество через отдых, труд и спорт.",
        "target_groups": ["homeless"], "technologies": ["peer_outreach", "club_work"], "level": "regional",
        "strengths": "Знание социальных проблем изнутри, гибкость."});
    let project = desk.started("Здоровым духом и бездомный богат", term, about).await?;
    let welcome: &[(&str, &str, &str)] = &[
        ("Акция «РУКАвичка ПОМОЩИ»", "campaign", "2016-01-16"),
        ("Акция «Дорога ложка к обеду»", "campaign", "2016-02-06"),
        ("Акция «Не имей сто рублей, а имей сто друзей»", "campaign", "2016-02-20"),
        ("Акция «Масленица-Марена»", "campaign", "2016-03-12"),
        ("Областной турнир «Гандбол для всех!»", "tournament", "2016-05-14"),
    ];
    let park: &[(&str, &str, &str)] = &[
        ("Экологический субботник", "clean_up", "2016-04-23"),
        ("Монтаж экологических дорожек", "improvement", "2016-05-21"),
        ("Флэшмоб «Яркий Мир»", "flash_mob", "2016-05-28"),
        ("Курьеры: рассказ о службах тем, кто к ним не приходит", "outreach", "2016-06-18"),
    ];
    let contest: &[(&str, &str, &str)] =
        &[("Фотоконкурс «ДОМ, в котором МЫ живём»", "photo_contest", "2016-07-16")];
    for (title, events) in
        [("ДОБРО ПОЖАЛОВАТЬ ИЛИ ПОСТОРОННИХ.NET", welcome), ("ДЕНДРОПАРК", park), ("СО_ТВОРЮ", contest)]
    {
        let part = json!({"parent_id": project, "target_groups": ["homeless"]});
        let platform = desk.started(title, term, part).await?;
        for (title, kind, on) in events {
            let about = json!({"project_id": platform, "technologies": ["peer_outreach"]});
            desk.held(title, kind, on, about).await?;
        }
    }
    let target = json!({"title": "Вернулись к труду", "unit": "человек", "plan": 40});
    let target = desk.add(&format!("/projects/{project}/project-targets"), target).await?;
    for (on, value) in [("2016-06-30", 21), ("2016-12-20", 42)] {
        let result = json!({"measured_on": on, "value": value, "note": "По спискам центра занятости."});
        desk.add(&format!("/project-targets/{target}/target-results"), result).await?;
    }
    for (kind, more) in [
        ("clothing", json!({"quantity": 40.5, "unit": "кг"})),
        ("handmade", json!({"about": "Рукавички, которые связали и сшили участники социальных клубов."})),
        ("money", json!({"value": "15400.00"})),
        ("food", json!({"about": "Сколько собрали, источник не говорит."})),
    ] {
        let form = with(json!({"given_on": "2016-01-16", "kind": kind, "private_givers": true}), more);
        desk.add(&format!("/projects/{project}/project-contributions"), form).await?;
    }
    let end = json!({"ended_on": "2016-12-31", "summary": "Сорок два человека вернулись к труду.", "lessons": "Курьеры из своих находят быстрее."});
    desk.step(&format!("/projects/{project}/completion"), end).await
}

/// A partner of a project from its first day on.
async fn partner(
    desk: &Desk<'_>,
    project: &str,
    (organization, role): (&str, &str),
    (starts_on, about): (&str, &str),
) -> Result<(), String> {
    let form = json!({"organization_id": organization, "role": role, "starts_on": starts_on, "about": about});
    desk.add(&format!("/projects/{project}/project-partners"), form).await.map(drop)
}

/// Lines 24 to 26: three projects for elderly people, developed by the centre; one has won an award, which gave a course and an internship.
async fn waltz(desk: &Desk<'_>, specialist: &str) -> Result<(), String> {
    let number = json!({"ngo_register_number": "55-001", "legal_form": "public_association"});
    let name = "Организация ветеранов ЦАО города Омска";
    let veterans = organization(desk.client, "ngo", name, number).await?;
    let together = "Участвует в реализации.";
    for title in ["Грани", "Доброград"] {
        let about = json!({"target_groups": ["elderly"], "author_ids": [desk.organization]});
        let project = desk.started(title, ["2015-02-01", "2016-12-31"], about).await?;
        partner(desk, &project, (&veterans, "co_executor"), ("2015-02-01", together)).await?;
    }
    let about = json!({"target_groups": ["elderly", "veterans"], "author_ids": [desk.organization]});
    let waltz = desk.started("Вальс Победы", ["2014-09-01", "2015-06-30"], about).await?;
    partner(desk, &waltz, (&veterans, "co_executor"), ("2014-09-01", together)).await?;
    let end = json!({"ended_on": "2015-06-30", "summary": "Победитель III Всероссийского конкурса."});
    desk.step(&format!("/projects/{waltz}/completion"), end).await?;
    let award = json!({"award": "III Всероссийский конкурс социальных проектов и программ «Забота и помощь — старшему поколению»",
        "category": "Эстафета памяти, посвящённая 70-летию Великой Победы", "giver": "Фонд Елены и Геннадия Тимченко", "reach": "national",
        "organization_id": desk.organization, "subject": "project", "project_id": waltz, "text": "Проект посвящён ветеранам войны."});
    let award = format!("/nominations/{}", desk.add("/nominations", award).await?);
    desk.step(&format!("{award}/sending"), json!({"sent_on": "2015-03-02"})).await?;
    let result = json!({"awarded": true, "decided_on": "2015-06-22", "prize": "Курсы повышения квалификации и стажировка в Израиле"});
    desk.step(&format!("{award}/result"), result).await?;
    for (name, provider, kind, hours, ended_on) in [
        (
            "Инновационные технологии социальной работы с пожилыми людьми и инвалидами",
            "Институт дополнительного профессионального образования работников социальной сферы, Москва",
            "course",
            72,
            "2015-09-25",
        ),
        (
            "Изучение российского и израильского опыта социальной работы с пожилыми людьми",
            "Международная школа социальной работы, Израиль",
            "internship",
            40,
            "2015-10-23",
        ),
    ] {
        let form = json!({"organization_id": desk.organization, "user_id": specialist, "name": name, "provider": provider, "kind": kind,
            "hours": hours, "ended_on": ended_on});
        desk.add("/specialist-trainings", form).await?;
    }
    Ok(())
}

/// Lines 27, 46 and 47: projects with a rehabilitation centre, and with a co-executor, the police and a newspaper.
async fn others(desk: &Desk<'_>) -> Result<(), String> {
    let client = desk.client;
    let name = "НП «Содействие в реабилитации лицам, страдающим наркотической зависимостью»";
    let above = organization(client, "ngo", name, json!({"ngo_register_number": "55-007"})).await?;
    let name = "Реабилитационный центр «Становление»";
    let rehabilitation =
        organization(client, "rehabilitation_centre", name, json!({"parent_id": above})).await?;
    let about = json!({"target_groups": ["addicted"], "author_ids": [desk.organization]});
    let harmony = desk.started("Гармония жизни", ["2015-02-01", "2016-12-31"], about).await?;
    let since = ("2015-02-01", "Участвует в реализации.");
    partner(desk, &harmony, (&rehabilitation, "social_partner"), since).await?;
    let since = "2015-09-01";
    let about = json!({"target_groups": ["minors_in_conflict"], "technologies": ["volunteering"]});
    let company = desk.started("КомпаниЯ", [since, "2016-12-31"], about).await?;
    let region = "Омский областной центр социально-психологической помощи несовершеннолетним и молодёжи";
    for (name, kind, role, about) in [
        (region, "social_service_agency", "co_executor", "Проводит обучающие семинары для специалистов."),
        ("Отделение полиции № 9 УМВД по ЦАО", "police", "organisational_support", "Сопровождает встречи."),
        ("ОАО «Антенна-7»", "media", "information_support", "Рассказывает о проекте."),
    ] {
        let organization = organization(client, kind, name, json!({})).await?;
        partner(desk, &company, (&organization, role), (since, about)).await?;
    }
    let title = "Обучить специалистов отделения профилактики";
    let task = desk.task(("project", &company), title, "2015-12-20").await?;
    done(desk, &task, "Проведены три семинара.").await?;
    let stopped = desk.started("Передвижная выставка", ["2015-03-01", "2015-11-30"], json!({})).await?;
    desk.step(
        &format!("/projects/{stopped}/stopping"),
        json!({"ended_on": "2015-04-20", "reason": "Партнёр не дал помещения."}),
    )
    .await
}

/// Lines 31 and 32: 16 minors, a lecture without a number, and 43 minors.
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
    let lecture = "Видеолекция «Мы хотим жить трезво»";
    desk.counted(lecture, "video_lecture", "2015-07-08", squad, uncounted).await?;
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

/// Lines 33 to 38: a round table, circles with what they brought to light, and days of the services.
async fn circles(desk: &Desk<'_>) -> Result<(), String> {
    let orphans = ngo(desk, "55-008", "ОООО «Сироты Великой Отечественной войны»").await?;
    let title = "Круглый стол «Активность — путь к долголетию»";
    let about = json!({"audiences": ["war_orphans"]});
    with_others(desk, title, ("round_table", "2015-04-15"), about, (json!([]), &[orphans])).await?;
    for (title, on, audience) in [
        ("Круг «Женский»", "2015-02-12", "parents"),
        ("Круг «Семейный»", "2015-04-09", "hardship_families"),
        ("Круг «Социальный»", "2015-06-18", "homeless"),
    ] {
        let people = json!([{"audience": audience}, {"audience": "specialists", "people": 12}]);
        let about = json!({"audiences": [audience, "specialists"]});
        desk.counted(title, "thematic_circle", on, about, people).await?;
    }
    let (last, mercy) = resocialisation(desk).await?;
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
    let own = json!({"of_specialists": true, "problem": "Специалистам не хватает супервизии."});
    let own = desk.add("/ideas", with(found, own)).await?;
    desk.task(("idea", &own), "Найти супервизора для отделения", &desk.client.day(-30)).await?;
    days(desk, mercy).await?;
    let cancelled = desk.event("Встреча в колледже", "talk", "2015-12-10", json!({})).await?;
    desk.step(&format!("/events/{cancelled}/cancellation"), json!({"reason": "Карантин."})).await
}

/// An НКО of the city, by its number in the register.
async fn ngo(desk: &Desk<'_>, number: &str, name: &str) -> Result<String, String> {
    organization(desk.client, "ngo", name, json!({"ngo_register_number": number})).await
}

/// An event that was held with the organizations that took part.
async fn with_others(
    desk: &Desk<'_>,
    title: &str,
    (kind, on): (&str, &str),
    about: Value,
    (counts, others): (Value, &[String]),
) -> Result<String, String> {
    let event = desk.event(title, kind, on, about).await?;
    let held = json!({"held_on": on, "counts": counts, "organization_ids": others});
    desk.step(&format!("/events/{event}/holding"), held).await?;
    Ok(event)
}

/// Lines 37 and 38: a campaign with НКО of the district, and the day of the services, a part of «Милосердие» as an umbrella.
async fn days(desk: &Desk<'_>, mercy: String) -> Result<(), String> {
    let mut others = Vec::new();
    for (number, name) in [
        ("55-009", "Омское региональное отделение Всероссийского Совета местного самоуправления"),
        ("55-010", "Совет Союза пенсионеров ЦАО"),
    ] {
        others.push(ngo(desk, number, name).await?);
    }
    let about = json!({"territory": "52701000", "level": "regional"});
    let title = "Акция «Семья помогает семье»";
    with_others(desk, title, ("family_day", "2015-08-27"), about, (json!([]), &others)).await?;
    let about = json!({"target_groups": ["homeless"]});
    let umbrella = desk.started("Милосердие", ["2015-01-15", "2015-12-31"], about).await?;
    let fair = json!({"audiences": ["homeless"], "project_id": umbrella,
        "programme": [{"title": "Службы города", "minutes": 60, "speaker": "Заведующая отделением"}]});
    let on = ("service_fair", "2015-11-25");
    with_others(desk, "«Перекрёсток»", on, fair, (json!([]), &[mercy])).await.map(drop)
}

/// Line 36: the circle of August 2015, with the heads of four НКО. Answers it with the last of them.
async fn resocialisation(desk: &Desk<'_>) -> Result<(String, String), String> {
    let mut partners = Vec::new();
    for (number, name) in [
        ("55-003", "ОРОО «Дом надежды»"),
        ("55-004", "НП «Надежда есть»"),
        ("55-005", "ОРБОО «Рука помощи»"),
        ("55-006", "ОМБОО «Христианское общество милосердия»"),
    ] {
        partners.push(ngo(desk, number, name).await?);
    }
    let title = "Круг «Ресоциализация дезадаптированных граждан»";
    let about = json!({"audiences": ["homeless", "specialists"]});
    let people = json!([{"audience": "homeless"}, {"audience": "specialists", "people": 12}, {"audience": "legislators", "people": 2}]);
    let on = ("thematic_circle", "2015-08-20");
    let event = with_others(desk, title, on, about, (people, &partners)).await?;
    let mercy = partners.pop().ok_or("nobody came to the circle")?;
    Ok((event, mercy))
}

/// Line 44: campaigns of volunteers with their hours.
async fn volunteers(desk: &Desk<'_>) -> Result<(), String> {
    let event = desk
        .counted(
            "Акция «Нам доверена память»",
            "campaign",
            "2015-05-09",
            json!({"audiences": ["volunteers", "veterans"]}),
            json!([{"audience": "volunteers", "people": 14}]),
        )
        .await?;
    for (title, kind, on) in [
        ("Автобусная тематическая экскурсия", "excursion", "2015-05-07"),
        ("Возложение цветов к военным мемориалам", "commemoration", "2015-05-08"),
        ("Праздничный концерт с полевой кухней", "concert", "2015-05-09"),
        ("Акция «Дом без одиночества»", "seasonal_help", "2015-09-30"),
    ] {
        desk.held(title, kind, on, json!({"audiences": ["elderly", "volunteers"]})).await?;
    }
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
