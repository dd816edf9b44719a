//! Agreements, acts, programmes, staff and the package of measures in the demonstration. The facts are those of the sources 001, 003 and 004;
//! the people are invented.
use crate::demo::cast::{Cast, id};
use crate::demo::client::{Client, with};
use serde_json::{Value, json};

/// Organizations of the partnership: short name, kind, legal form, title.
const ORGANIZATIONS: &[(&str, &str, &str, &str)] = &[
    ("sober", "ngo", "public_association", "Общественная организация «Трезвый Омск»"),
    ("mission", "ngo", "foundation", "Межрегиональный фонд помощи бездомным"),
    ("tutors", "ngo", "public_association", "МОО «Межрегиональная тьюторская ассоциация»"),
    ("start", "ngo", "autonomous_ngo", "АНО «Старт в будущее»"),
    ("caritas", "ngo", "religious_organization", "Благотворительный центр «Каритас»"),
    ("committee", "self_government_body", "other", "КТОС «Левобережье»"),
];

/// Tells the chapter.
pub async fn play(client: &Client, cast: &mut Cast) -> Result<(), String> {
    client.days_ago(2);
    organizations(client, cast).await?;
    let acts = acts(client, cast).await?;
    agreements(client, cast, &acts).await?;
    everyday(client, cast).await?;
    staff(client, cast).await?;
    package(client, cast, &acts).await
}

async fn organizations(client: &Client, cast: &mut Cast) -> Result<(), String> {
    for (name, kind, legal_form, title) in ORGANIZATIONS {
        let form = json!({"kind": kind, "name": title, "territory": "25655000", "legal_form": legal_form, "focus_areas": ["social_partnership"],
            "target_groups": ["minors", "homeless", "addicted"], "site": format!("https://{name}.example.org"),
            "contacts": {"phones": ["+73954100077"]}});
        cast.insert(name, client.add("admin", "/organizations", form).await?);
    }
    // Branches of an organization of several regions (003 L14).
    for (name, title) in [("pokrov", "Филиал «Покров»"), ("path", "Филиал «Твой путь»")]
    {
        let form = json!({"kind": "ngo", "name": title, "territory": "25655000", "focus_areas": ["social_partnership"],
            "target_groups": ["homeless", "maladjusted"], "parent_id": id(cast, "mission")?});
        cast.insert(name, client.add("admin", "/organizations", form).await?);
    }
    let merged = json!({"kind": "aftercare_service", "name": "Служба сопровождения при школе-интернате № 4", "territory": "25701000",
        "focus_areas": ["aftercare"], "closed_on": client.day(400), "successor_id": id(cast, "centre")?});
    client.post("admin", "/organizations", merged).await?;
    let centre = format!("/organizations/{}/units", id(cast, "centre")?);
    for unit in [
        json!({"name": "Информационно-аналитический отдел", "kind": "information_analysis", "functions": ["information"]}),
        json!({"name": "Отдел сопровождения", "kind": "accompaniment", "functions": ["accompaniment"]}),
        json!({"name": "Региональный ресурсный центр", "kind": "resource_centre", "opened_on": "2019-09-01", "charter": "charter_change",
            "functions": ["competence", "study", "development", "introduction"]}),
    ] {
        client.post("admin", &centre, unit).await?;
    }
    Ok(())
}

/// The acts and the programme of the source 001, L18.
async fn acts(client: &Client, cast: &Cast) -> Result<Vec<String>, String> {
    let ministry = id(cast, "ministry")?;
    let mut acts = Vec::new();
    for (kind, number, adopted_on, title) in [
        (
            "federal_law",
            "442-ФЗ",
            "2013-12-28",
            "Об основах социального обслуживания граждан в Российской Федерации",
        ),
        ("regional_resolution", "455", "2013-09-05", "О порядке постинтернатного сопровождения"),
        ("regional_resolution", "20", "2006-01-27", "О патронате"),
    ] {
        let act = json!({"organization_id": ministry, "kind": kind, "number": number, "adopted_on": adopted_on, "title": title});
        acts.push(client.add("admin", "/legal-acts", act).await?);
    }
    let state = json!({"organization_id": ministry, "kind": "state_program", "name": "Семья и дети", "starts_on": "2014-01-01"});
    let state = client.add("admin", "/funding-programs", state).await?;
    let sub = json!({"organization_id": ministry, "kind": "subprogram", "name": "Старт в будущее", "parent_id": state});
    client.post("admin", "/funding-programs", sub).await?;
    let appointed = json!({"authority_id": ministry, "organization_id": id(cast, "start")?, "program_id": id(cast, "together-six-meetings")?,
        "starts_on": "2016-09-01"});
    client.post("admin", "/coordinator-appointments", appointed).await?;
    Ok(acts)
}

/// An agreement of the agency in each state: three of the source 003, the planned one of the source 001, and one that will be in force.
async fn agreements(client: &Client, cast: &Cast, acts: &[String]) -> Result<(), String> {
    let (agency, ministry) = (id(cast, "agency")?, id(cast, "ministry")?);
    let planned = json!({"organization_id": ministry, "title": "О сотрудничестве с Межрегиональной тьюторской ассоциацией",
        "subject": "Методика и практика социально-педагогического наставничества.", "sphere": "methodology",
        "partnership_level": "methodological", "act_ids": acts, "audiences": ["mentors", "specialists"], "activities": ["seminar"],
        "parties": [{"organization_id": ministry, "role": "authority"}, {"organization_id": id(cast, "tutors")?, "role": "scientific"}]});
    client.post("admin", "/agreements", planned).await?;
    let prepared = |title: &str, sphere: &str, partner: &str, audiences: Value| {
        json!({"organization_id": agency, "title": title, "subject": "Сотрудничество в сфере социального обслуживания.", "sphere": sphere,
            "partnership_level": "service", "audiences": audiences, "activities": ["lecture", "training", "master_class"],
            "parties": [{"organization_id": agency, "role": "institution"}, {"organization_id": partner, "role": "partner"}]})
    };
    let minors = json!(["minors", "parents", "specialists"]);
    let sober = prepared("С «Трезвым Омском»", "addiction_prevention", id(cast, "sober")?, minors);
    let sober = sign(client, sober, "12", ("2015-01-15".to_owned(), Some("2015-12-31".to_owned()))).await?;
    let longer = json!({"ends_on": client.day(-20), "signed_on": "2015-12-20", "file_id": client.scan("director", "agreement", "extension").await?});
    client.post("director", &format!("/agreements/{sober}/extensions"), longer).await?;
    let homeless = json!(["homeless", "maladjusted"]);
    let pokrov = prepared("С филиалом «Покров»", "resocialisation", id(cast, "pokrov")?, homeless.clone());
    sign(client, pokrov, "13", ("2015-02-01".to_owned(), Some("2016-12-31".to_owned()))).await?;
    let path = prepared("С филиалом «Твой путь»", "resocialisation", id(cast, "path")?, homeless);
    let path = sign(client, path, "14", ("2015-02-01".to_owned(), None)).await?;
    let end = json!({"ended_on": client.day(90), "ground": "mutual"});
    client.post("director", &format!("/agreements/{path}/termination"), end).await?;
    let next = prepared(
        "С благотворительным центром «Каритас»",
        "social_services",
        id(cast, "caritas")?,
        json!(["hardship_families"]),
    );
    sign(client, next, "15", (client.day(-10), None)).await.map(drop)
}

async fn sign(
    client: &Client,
    form: Value,
    number: &str,
    (starts_on, ends_on): (String, Option<String>),
) -> Result<String, String> {
    let agreement = client.add("director", "/agreements", form).await?;
    let signed_on = starts_on.clone().min(client.day(2));
    let order = json!({"number": number, "signed_on": signed_on, "starts_on": starts_on,
        "file_id": client.scan("director", "agreement", "agreement").await?});
    let end = ends_on.map_or(json!({}), |it| json!({"ends_on": it}));
    client.post("director", &format!("/agreements/{agreement}/signing"), with(order, end)).await?;
    Ok(agreement)
}

/// Everyday work with partners (003 L51–53).
async fn everyday(client: &Client, cast: &Cast) -> Result<(), String> {
    for (partner, kind, about) in [
        ("caritas", "joint_aid", "Передали двадцать продуктовых наборов."),
        ("committee", "informing", "Расклеили объявления о работе отделения в двенадцати домах."),
    ] {
        let form = json!({"organization_id": id(cast, "agency")?, "partner_id": id(cast, partner)?, "held_on": client.day(5), "kind": kind, "about": about});
        client.post("specialist", "/partner-interactions", form).await?;
    }
    Ok(())
}

/// Colleges that the story calls by name.
const COLLEGES: &[&str] = &["school-2", "school-3"];

/// Specialists of 004 L164–166: 21 in services and 10 of them with people, 10 in the centre and 3 of them, one in each of 24 schools.
async fn staff(client: &Client, cast: &mut Cast) -> Result<(), String> {
    let mut schools = vec![id(cast, "school")?.to_owned()];
    let mut names = COLLEGES.iter();
    for n in 2..=24 {
        let form = json!({"kind": "vocational_school", "name": format!("Колледж № {n}"), "territory": "25701000", "focus_areas": []});
        let school = client.add("admin", "/organizations", form).await?;
        if let Some(name) = names.next() {
            cast.insert(name, school.clone());
        }
        schools.push(school);
    }
    let mut all = vec![(id(cast, "aftercare")?.to_owned(), 21, 10), (id(cast, "centre")?.to_owned(), 10, 3)];
    all.extend(schools.into_iter().map(|it| (it, 1, 1)));
    for (n, part) in all.chunks(10).enumerate() {
        let login = format!("staff-{n}");
        let grants = part.iter().map(|it| json!({"role": "director", "organization_id": it.0})).collect();
        client.account(&login, "Кадровая служба", grants).await?;
        for (organization, number, direct) in part {
            for n in 0..*number {
                let form = json!({"name": format!("Специалист {}", letter(n)), "position": "social_pedagogue", "direct_support": n < *direct,
                    "starts_on": "2019-09-01"});
                client.post(&login, &format!("/organizations/{organization}/specialists"), form).await?;
            }
        }
    }
    Ok(())
}

/// A letter in place of a name.
fn letter(n: usize) -> char {
    ('А'..='Я').nth(n).unwrap_or('Я')
}

/// The package of measures of the source 004, L176–300, with its twelve measures and the plan.
async fn package(client: &Client, cast: &Cast, acts: &[String]) -> Result<(), String> {
    let ministry = id(cast, "ministry")?;
    let form = json!({"organization_id": ministry, "title": "Комплекс мер по постинтернатному сопровождению", "act_id": acts.first(),
        "starts_on": "2018-01-01", "ends_on": "2019-12-31", "about": "Даты внесены регионом: в источнике их нет."});
    let package = client.add("admin", "/action-packages", form).await?;
    for (n, (title, before, after)) in MEASURES.iter().enumerate() {
        let form = json!({"number": n + 1, "name": title, "responsible_id": ministry});
        let texts = [("before_text", *before), ("after_text", *after)];
        let texts: Value = texts.into_iter().filter(|(_, text)| !text.is_empty()).collect();
        let mut form = with(with(form, texts), values(n + 1));
        if *title == BY_NGO {
            form = with(form, json!({"organization_ids": [id(cast, "ngo")?, id(cast, "start")?]}));
        }
        client.post("admin", &format!("/action-packages/{package}/measures"), form).await?;
    }
    let plan = json!({"organization_id": ministry, "kind": "interagency", "title": "План межведомственного взаимодействия",
        "package_id": package, "starts_on": "2018-01-01", "ends_on": "2019-12-31"});
    client.post("admin", "/action-plans", plan).await.map(drop)
}

/// The measure in which НКО take part (004 L292–293).
const BY_NGO: &str = "Индивидуальное сопровождение силами СО НКО";

/// The measures: direction, before, in the period.
const MEASURES: &[(&str, &str, &str)] = &[
    (
        "Создание межведомственной системы сопровождения",
        "Рамочный документ шести департаментов",
        "Методические рекомендации и план межведомственного взаимодействия",
    ),
    ("Ведение единого документооборота", "", "Три комплекта документов с маршрутами"),
    ("Разработка и утверждение стандартов услуг", "", "Четыре стандарта услуг и регламент"),
    ("Региональная программа подготовки", "Программы организаций", "Обязательная часть и местная"),
    (
        "Сопровождаемое проживание в тренировочных квартирах",
        "",
        "В том числе учреждения социального развития",
    ),
    ("Создание социальной гостиницы", "", "12 койко-мест, 4 комнаты, кухня, ванная, туалет, гостиная"),
    ("Подготовка детей из замещающих семей", "", "Готовят специалисты ЦМПСС"),
    ("Расширение деятельности Клуба выпускников", "", "Три клуба на базе колледжей"),
    (
        "Добровольческая деятельность в организациях",
        "",
        "Фестиваль добровольческих групп «Кто, если не мы?!»",
    ),
    ("Мера, о которой слайд источника без текста", "", ""),
    (BY_NGO, "В собственных программах", "Вошло в региональный комплекс мер"),
    ("Создание регионального ресурсного центра", "", "Создан; готовятся изменения в устав"),
];

/// The values of a measure of that number: entered as the source has them, and counted for the clubs.
fn values(number: usize) -> Value {
    let days = json!({"before_on": "2018-01-01", "after_on": "2019-12-18"});
    match number {
        5 => with(days, json!({"unit": "организаций", "before_value": 4.0, "after_value": 6.0})),
        6 => json!({"unit": "мест", "after_value": 12.0, "after_on": "2019-12-18"}),
        8 => with(days, json!({"unit": "клубов", "counted": "clubs"})),
        _ => json!({}),
    }
}
