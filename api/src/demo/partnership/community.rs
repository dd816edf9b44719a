//! The community in the demonstration: clubs, squads of volunteers, practices, publications, nominations and stories. The facts are those
//! of the sources 000, 001, 003 and 004; the people are invented.
use crate::demo::cast::{Cast, id};
use crate::demo::client::{Client, with};
use crate::demo::papers::signature;
use serde_json::{Value, json};

/// Tells the chapter.
pub async fn play(client: &Client, cast: &Cast) -> Result<(), String> {
    client.days_ago(2);
    clubs(client, cast).await?;
    volunteers(client, cast).await?;
    let practice = practices(client, cast).await?;
    publications(client, cast, &practice).await?;
    nominations(client, cast).await?;
    stories(client, cast, &practice).await?;
    trainings(client, cast).await
}

/// The club of mentors (000 L61), and four clubs of care leavers, three of them on the base of colleges (004 L244–257).
async fn clubs(client: &Client, cast: &Cast) -> Result<(), String> {
    let agency = id(cast, "agency")?;
    let club = |title: &str, kind: &str, host: &str, opened_on: &str| {
        json!({"name": title, "kind": kind, "organization_id": agency, "host_id": host, "opened_on": opened_on,
            "meets": "по субботам в 12 часов"})
    };
    let mentors = club("Клуб наставников", "mentors", agency, "2013-02-01");
    let mentors = client.add("head", "/clubs", mentors).await?;
    let leavers = club("Клуб выпускников «Перекрёсток»", "care_leavers", agency, "2016-09-01");
    let leavers = client.add("head", "/clubs", leavers).await?;
    for (title, host, opened_on) in [
        ("Клуб выпускников «Старт»", "school", "2019-02-01"),
        ("Клуб выпускников «Мастер»", "school-2", "2019-03-01"),
        ("Клуб выпускников «Первый шаг»", "school-3", "2019-09-01"),
    ] {
        client.post("head", "/clubs", club(title, "care_leavers", id(cast, host)?, opened_on)).await?;
    }
    let families = club("Семейный клуб «Очаг»", "families", agency, "2015-09-01");
    let families = client.add("head", "/clubs", families).await?;
    client.post("mentor", "/club-joinings", json!({"club_id": mentors})).await?;
    let form = |club: &str, person: &str, role: &str| {
        Ok::<Value, String>(
            json!({"club_id": club, "person_id": id(cast, person)?, "role": role, "joined_on": client.day(2)}),
        )
    };
    client.post("head", "/club-members", form(&mentors, "kim", "leader")?).await?;
    client.post("specialist", "/club-members", form(&leavers, "ryabov", "member")?).await?;
    client.post("specialist", "/club-members", form(&families, "morozova", "active")?).await?;
    let left = client.add("specialist", "/club-members", form(&families, "gurova", "member")?).await?;
    let left_on = json!({"left_on": client.day(2), "reason": "Пока не до клуба: болеет дочь."});
    client.post("specialist", &format!("/club-members/{left}/leaving"), left_on).await.map(drop)
}

/// Volunteers of colleges since 1997 and of enterprises since 2014, and the own squad of 2015 (003 L40–47).
async fn volunteers(client: &Client, cast: &Cast) -> Result<(), String> {
    let (agency, school, business) = (id(cast, "agency")?, id(cast, "school")?, id(cast, "business")?);
    let group = |title: &str, source: &str, formed_on: &str, made_of: &str| {
        json!({"name": title, "organization_id": agency, "source": source, "formed_on": formed_on, "made_of": made_of,
            "audiences": ["elderly", "veterans"]})
    };
    let from = |source: &str, group: Value| with(group, json!({"source_organization_id": source}));
    let college = from(school, group("Отряд колледжа", "college", "1997-09-01", "students"));
    let workers = from(business, group("Отряд предприятия", "enterprise", "2014-05-01", "volunteers"));
    let workers = client.add("head", "/volunteer-groups", workers).await?;
    client.post("head", "/volunteer-groups", college).await?;
    let squad = group("Отряд «КомпаниЯ»", "own_squad", "2015-09-01", "minors_in_conflict");
    let squad = client.add("head", "/volunteer-groups", squad).await?;
    consent(client, cast, "volunteering").await?;
    for (group, person) in [(&squad, "sokolova"), (&squad, "ryabov"), (&workers, "chernov")] {
        let form = json!({"volunteer_group_id": group, "person_id": id(cast, person)?, "role": "member", "joined_on": client.day(2)});
        client.post("specialist", "/volunteer-group-members", form).await?;
    }
    Ok(())
}

/// A consent of a girl of 16 and her guardian.
async fn consent(client: &Client, cast: &Cast, purpose: &str) -> Result<String, String> {
    let paper = client.scan("specialist", "consent", "consent").await?;
    let signed = |signatory: &str, person: &str| signature(client, cast, (signatory, person), 2, &paper);
    let form = json!({"purpose": purpose, "data": ["full_name", "story"], "channels": ["сайт учреждения"], "valid_until": client.day(-200),
        "signatures": [signed("recipient", "sokolova")?, signed("representative", "sokolova-g")?]});
    client.add("specialist", &format!("/beneficiaries/{}/consents", id(cast, "young-sokolova")?), form).await
}

/// The practice of source 000 with its measured evidence, its replication in ten regions (001 L34), and one that is studied.
async fn practices(client: &Client, cast: &Cast) -> Result<String, String> {
    let agency = id(cast, "agency")?;
    let report = client.scan("head", "other", "results").await?;
    let form = json!({"name": "Персональное сопровождение", "organization_id": agency, "technology": "mentoring",
        "audiences": ["children_in_care", "care_leavers"], "about": "Наставник сопровождает воспитанника до и после выпуска.",
        "stage": "active", "evidence": "measured", "file_ids": [report]});
    let practice = client.add("head", "/practices", form).await?;
    let studied = json!({"name": "Равный — равному", "organization_id": agency, "technology": "peer_outreach",
        "audiences": ["minors"], "about": "Подростки рассказывают подросткам.", "stage": "studied", "evidence": "described"});
    client.post("head", "/practices", studied).await?;
    let list = format!("/practices/{practice}/replications");
    for n in 1..=10 {
        let form = json!({"region": format!("Регион {n} (название в источнике не указано)"), "started_on": "2017-03-01"});
        client.post("head", &list, form).await?;
    }
    let next = json!({"adopter_id": id(cast, "agency2")?, "started_on": client.day(60), "adapted": "Для замещающих семей."});
    client.post("head", &list, next).await?;
    Ok(practice)
}

/// The collection and the monograph of source 000, and materials of source 003.
async fn publications(client: &Client, cast: &Cast, practice: &str) -> Result<(), String> {
    let agency = id(cast, "agency")?;
    for (title, kind, year, topic, circulation) in [
        ("Сборник практик партнёрства", "collection", 2014, "practice", 500),
        ("Социальное партнёрство в работе с детьми", "monograph", 2015, "practice", 300),
        ("Станьте наставником", "leaflet", 2016, "recruitment", 2000),
        ("Ребёнок из детского дома — такой же ребёнок", "press", 2017, "stereotypes", 12_000),
        ("Куда обратиться за помощью", "information", 2025, "services", 1000),
    ] {
        let form = json!({"title": title, "kind": kind, "organization_id": agency, "year": year, "topic": topic,
            "circulation": circulation, "practice_id": practice});
        client.post("head", "/publications", form).await?;
    }
    Ok(())
}

/// The nomination «Преодоление» stays a draft, for the family has not consented (003 L39). The other ones are invented.
async fn nominations(client: &Client, cast: &Cast) -> Result<(), String> {
    let (agency, fund) = (id(cast, "agency")?, id(cast, "ngo2")?);
    let family = json!({"award": "Семья года", "category": "Преодоление", "giver": "Губернатор области", "reach": "regional",
        "organization_id": agency, "subject": "family", "beneficiary_id": id(cast, "family-zayats")?, "text": "Семья справилась с бедой."});
    client.post("specialist", "/nominations", family).await?;
    for (award, category, awarded) in [
        ("Всероссийский конкурс проектов", "Активное поколение", true),
        ("Премия доброты", "Лучший отряд", false),
    ] {
        let form = json!({"award": award, "category": category, "giver": "Благотворительный фонд", "reach": "national",
            "organization_id": agency, "subject": "organization", "nominee_id": fund, "text": "Десять лет вместе с ветеранами."});
        let nomination = client.add("specialist", "/nominations", form).await?;
        client
            .post(
                "specialist",
                &format!("/nominations/{nomination}/sending"),
                json!({"sent_on": client.day(60)}),
            )
            .await?;
        let result = json!({"awarded": awarded, "decided_on": client.day(10)});
        let prize = if awarded { json!({"prize": "Мебель для клуба"}) } else { json!({}) };
        client.post("specialist", &format!("/nominations/{nomination}/result"), with(result, prize)).await?;
    }
    consent(client, cast, "award").await?;
    let form = json!({"award": "Юный доброволец", "giver": "Министерство", "organization_id": agency, "subject": "person",
        "person_id": id(cast, "sokolova")?, "text": "Помогает пожилым соседям."});
    let sent = client.add("specialist", "/nominations", form).await?;
    client
        .post("specialist", &format!("/nominations/{sent}/sending"), json!({"sent_on": client.day(2)}))
        .await?;
    let taken_back = json!({"award": "Лидер года", "giver": "Район", "organization_id": agency, "subject": "organization",
        "nominee_id": agency, "text": "Внесено раньше срока."});
    let taken_back = client.add("specialist", "/nominations", taken_back).await?;
    client.post("specialist", &format!("/nominations/{taken_back}/withdrawal"), json!({})).await.map(drop)
}

/// A story with a consent, an anonymous one, one that is ready, a draft, and one whose consent was withdrawn.
async fn stories(client: &Client, cast: &Cast, practice: &str) -> Result<(), String> {
    let agency = id(cast, "agency")?;
    let story = |title: &str, person: &str, text: &str, anonymous: bool| {
        let person = id(cast, person)?;
        Ok::<Value, String>(
            json!({"title": title, "organization_id": agency, "person_id": person, "practice_id": practice,
            "text": text, "anonymous": anonymous}),
        )
    };
    let step = async |story: &str, step: &str, order: Value| {
        client.post("director", &format!("/success-stories/{story}/{step}"), order).await
    };
    let add = async |form: Value| client.add("specialist", "/success-stories", form).await;
    let withdrawn = consent(client, cast, "story").await?;
    let gone = add(story("Наша Даша", "sokolova", "Даша победила на олимпиаде.", false)?).await?;
    step(&gone, "readiness", json!({})).await?;
    step(&gone, "publication", json!({"shown_until": client.day(-100), "channel": "Сайт учреждения"}))
        .await?;
    let paper = client.scan("specialist", "consent", "withdrawal").await?;
    let order = json!({"person_id": id(cast, "sokolova-g")?, "file_id": paper});
    client.post("specialist", &format!("/consents/{withdrawn}/withdrawal"), order).await?;
    consent(client, cast, "story").await?;
    let named =
        add(story("Даша и её команда", "sokolova", "Даша собрала отряд и помогает пожилым.", false)?).await?;
    step(&named, "readiness", json!({})).await?;
    step(&named, "publication", json!({"shown_until": client.day(-150), "channel": "Сайт учреждения"}))
        .await?;
    let text = "После колледжа он устроился на работу и снял жильё. Наставник был рядом.";
    let anonymous = add(story("Первый свой дом", "chernov", text, true)?).await?;
    step(&anonymous, "readiness", json!({})).await?;
    step(&anonymous, "publication", json!({})).await?;
    let ready = add(story("Новая профессия", "ryabov", "Он выучился на повара.", true)?).await?;
    step(&ready, "readiness", json!({})).await?;
    add(story("Черновик", "ryabov", "Расскажем, как всё начиналось.", true)?).await.map(drop)
}

/// Trainings of specialists, among them a tutor (001 L44).
async fn trainings(client: &Client, cast: &Cast) -> Result<(), String> {
    for (who, title, kind, hours) in [
        ("specialist", "Работа с ветеранами", "course", 72),
        ("head", "Стажировка в фонде", "internship", 36),
        ("specialist", "Школа тьютора", "tutor", 48),
    ] {
        let form = json!({"organization_id": id(cast, "agency")?, "user_id": id(cast, who)?, "name": title,
            "provider": "Фонд поддержки старшего поколения", "kind": kind, "hours": hours, "ended_on": client.day(90)});
        client.post("director", "/specialist-trainings", form).await?;
    }
    Ok(())
}
