//! The events of the demonstration region during the last ten months.
use super::accompaniment;
use super::cast::{Cast, id};
use super::client::{Client, with};
use super::{ACCOUNTS, PASSWORD, Progress};
use persistence::db::Db;
use serde_json::{Value, json};

/// Tells the story from its first day to today.
pub async fn play(db: &Db, tell: Box<dyn Fn(Progress)>) -> Result<(), String> {
    let client = Client::open(db, 300, tell).await?;
    let mut cast = Cast::new();
    client.chapter("organizations and accounts");
    organizations(&client, &mut cast).await?;
    accounts(&client, &mut cast, |role| !matches!(role, "mentor" | "mentee")).await?;
    client.chapter("people and families");
    people(&client, &mut cast).await?;
    accounts(&client, &mut cast, |role| matches!(role, "mentor" | "mentee")).await?;
    families(&client, &mut cast).await?;
    client.chapter("mentors");
    mentors(&client, &mut cast).await?;
    client.chapter("mentorships");
    super::mentorships::play(&client, &cast).await?;
    client.chapter("meetings and reports");
    super::course::play(&client, &cast).await?;
    client.chapter("tasks");
    super::tasks::play(&client, &cast).await?;
    client.chapter("plans");
    super::plans::play(&client, &cast).await?;
    client.chapter("a team");
    super::team::play(&client, &cast).await?;
    client.chapter("matching");
    super::matching::play(&client, &mut cast).await?;
    client.days_ago(3);
    neighbours(&client, &cast).await?;
    client.days_ago(0);
    client.chapter("accompaniment");
    super::accompaniment::play(&client, &cast).await?;
    super::readiness::play(&client, &cast).await?;
    client.chapter("a consilium");
    super::consilia::play(&client, &cast).await?;
    client.chapter("monthly records");
    super::records::play(&client, &cast).await?;
    client.chapter("needs and services");
    super::services::play(&client, &cast).await?;
    client.chapter("urgent aid and documents");
    super::aid::play(&client, &cast).await?;
    client.chapter("referrals");
    super::referrals::play(&client, &cast).await?;
    client.chapter("the register");
    super::register::play(&client, &cast).await?;
    client.chapter("crises");
    super::crises::play(&client, &cast).await?;
    client.chapter("a social hotel");
    super::places::play(&client, &cast).await?;
    client.chapter("clubs, volunteers, practices and stories");
    super::community::play(&client, &cast).await?;
    client.chapter("agreements and a package of measures");
    super::agreements::play(&client, &mut cast).await?;
    client.chapter("councils and decisions");
    super::councils::play(&client, &cast).await?;
    client.days_ago(0);
    client.chapter("projects and events");
    super::projects::play(&client, &cast).await?;
    crate::server::clock::due(client.region()).await.map_err(|it| it.to_string())?;
    client.close().await;
    Ok(())
}

/// The organizations of source 002 and their neighbours.
const ORGANIZATIONS: &[(&str, &str, &str, &str)] = &[
    (
        "ministry",
        "executive_authority",
        "Министерство социального развития Демонстрационной области",
        "25000000",
    ),
    ("agency", "social_service_agency", "ОГБУ «УСЗСОН по Эхирит-Булагатскому району»", "25655000"),
    ("agency2", "social_service_agency", "ОГБУ «КЦСОН города Прибрежного»", "25701000"),
    (
        "guardians",
        "guardianship_authority",
        "Отдел опеки и попечительства по Эхирит-Булагатскому району",
        "25655000",
    ),
    ("ngo", "ngo", "АНО «Доброе дело»", "25655000"),
    ("ngo2", "ngo", "БФ «Мост поколений»", "25655000"),
    ("home", "residential_care", "Детский дом «Солнышко»", "25655000"),
    (
        "aftercare",
        "aftercare_service",
        "Служба сопровождения выпускников при детском доме «Солнышко»",
        "25655000",
    ),
    ("centre", "aftercare_centre", "Центр постинтернатного сопровождения «Расправь крылья»", "25701000"),
    ("school", "vocational_school", "Прибрежный аграрный техникум", "25701000"),
    ("placement", "family_placement_centre", "ЦМПСС «Семья»", "25701000"),
    ("university", "university", "Прибрежный государственный университет", "25701000"),
    ("business", "business", "ООО «Байкальский хлеб»", "25655000"),
    ("police", "police", "Отдел полиции по Эхирит-Булагатскому району", "25655000"),
];

async fn organizations(client: &Client, cast: &mut Cast) -> Result<(), String> {
    for (name, kind, title, territory) in ORGANIZATIONS {
        let focus =
            if *kind == "ngo" { json!(["mentoring", "volunteering"]) } else { json!(["family_support"]) };
        let form = json!({"kind": kind, "name": title, "territory": territory, "focus_areas": focus,
            "contacts": {"phones": ["+73954100001"], "emails": ["office@example.org"]}});
        let parent = match (cast.get("home"), *name) {
            (Some(parent), "aftercare") => json!({"parent_id": parent}),
            _ => json!({}),
        };
        cast.insert(name, client.add("admin", "/organizations", with(form, parent)).await?);
    }
    let units = format!("/organizations/{}/units", id(cast, "agency")?);
    for title in ["Отделение помощи семье и детям", "Отделение срочного социального обслуживания"]
    {
        client.post("admin", &units, json!({"name": title})).await?;
    }
    let programs = client.get("admin", "/programs").await?;
    for it in programs.get("items").and_then(Value::as_array).into_iter().flatten() {
        let text = |name: &str| it.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        match text("code").as_str() {
            "family-mentoring" => cast.insert("family-mentoring", text("id")),
            "together-six-meetings" => cast.insert("together-six-meetings", text("id")),
            "long-term" => cast.insert("long-term", text("id")),
            _ => None,
        };
    }
    Ok(())
}

/// Short name, family name, given name, patronymic, born, sex, СНИЛС.
type Human =
    (&'static str, &'static str, &'static str, &'static str, &'static str, &'static str, &'static str);

/// Nobody here has ever lived.
const PEOPLE: &[Human] = &[
    ("belov", "Белов", "Игорь", "Андреевич", "1984-03-12", "male", "11223344595"),
    ("kim", "Ким", "Светлана", "Родионовна", "1979-11-02", "female", "08765430300"),
    ("orlov", "Орлов", "Павел", "Ильич", "1990-07-21", "male", ""),
    ("ergalova", "Ергалова", "Туяна", "Баировна", "1988-01-30", "female", ""),
    ("vetrov", "Ветров", "Степан", "Олегович", "1995-09-09", "male", ""),
    ("lunina", "Лунина", "Ксения", "Марковна", "1992-05-17", "female", ""),
    ("morozova", "Морозова", "Алёна", "Сергеевна", "1986-04-17", "female", ""),
    ("morozov-k", "Морозов", "Кирилл", "Денисович", "2014-08-05", "male", ""),
    ("gurova", "Гурова", "Нина", "Петровна", "1981-12-24", "female", ""),
    ("gurova-l", "Гурова", "Лида", "Антоновна", "2017-02-11", "female", ""),
    ("zayats", "Заяц", "Роман", "Юрьевич", "1977-06-01", "male", ""),
    ("zayats-m", "Заяц", "Марк", "Романович", "2012-10-19", "male", ""),
    ("halzanova", "Халзанова", "Дарима", "Цыреновна", "1991-03-03", "female", ""),
    ("halzanov-b", "Халзанов", "Баир", "Зориктуевич", "2016-05-28", "male", ""),
    ("sokolova", "Соколова", "Дарья", "Витальевна", "2009-09-14", "female", ""),
    ("sokolova-g", "Соколова", "Галина", "Фёдоровна", "1958-02-02", "female", ""),
    ("ryabov", "Рябов", "Артём", "Игоревич", "2007-04-08", "male", ""),
    ("chernov", "Чернов", "Никита", "Львович", "2006-01-16", "male", ""),
    ("dugarov", "Дугаров", "Аюр", "Саянович", "2008-12-01", "male", ""),
    ("dashiev", "Дашиев", "Баир", "Доржиевич", "1982-05-09", "male", ""),
    ("sanzhieva", "Санжиева", "Эржена", "Владимировна", "1976-10-03", "female", ""),
    ("toroev", "Тороев", "Мэргэн", "Алексеевич", "1989-04-25", "male", ""),
    ("vasilev", "Васильев", "Глеб", "Романович", "1993-02-14", "male", ""),
    ("badmaeva", "Бадмаева", "Оюна", "Бадмаевна", "1987-09-30", "female", ""),
    ("badmaev-t", "Бадмаев", "Тимур", "Аюрович", "2013-01-22", "male", ""),
    ("tarasova", "Тарасова", "Вера", "Ивановна", "1990-06-06", "female", ""),
    ("tarasova-k", "Тарасова", "Катя", "Егоровна", "2015-11-11", "female", ""),
    ("dugarova", "Дугарова", "Сэсэг", "Дашиевна", "1980-08-20", "female", ""),
];

async fn people(client: &Client, cast: &mut Cast) -> Result<(), String> {
    for (n, (name, family_name, given_name, patronymic, born, sex, snils)) in PEOPLE.iter().enumerate() {
        let phone = format!("+7912000{n:04}");
        // He has just come of age, whenever the story is told.
        let born = if *name == "dugarov" { client.born(18, 5) } else { (*born).to_owned() };
        let form = json!({"family_name": family_name, "given_name": given_name, "patronymic": patronymic, "birth_date": born,
            "sex": sex, "residence": "25655000", "contacts": {"phones": [phone], "address": "п. Усть-Ордынский"}});
        let snils = if snils.is_empty() { json!({}) } else { json!({"snils": snils}) };
        cast.insert(name, client.add("specialist", "/people", with(form, snils)).await?);
    }
    Ok(())
}

/// The administrator is there; a mentor's and a mentee's account come after the person behind it.
async fn accounts(client: &Client, cast: &mut Cast, are_meant: impl Fn(&str) -> bool) -> Result<(), String> {
    for (n, (login, role, who)) in ACCOUNTS.iter().enumerate().skip(1).filter(|it| are_meant(it.1.1)) {
        let grant = match *role {
            "director" | "unit_head" | "support_specialist" => {
                json!({"role": role, "organization_id": id(cast, "agency")?})
            }
            "program_coordinator" => json!({"role": role, "program_id": id(cast, "together-six-meetings")?}),
            "guardianship_officer" => json!({"role": role, "territory": "25655000"}),
            _ => json!({"role": role}),
        };
        let phone = format!("+739541{:05}", 100 + n);
        let form = json!({"login": login, "name": who, "work_phone": phone, "grants": [grant], "password": PASSWORD});
        let person = match *role {
            "mentor" => json!({"person_id": id(cast, "belov")?}),
            "mentee" => json!({"person_id": id(cast, "sokolova")?}),
            _ => json!({}),
        };
        cast.insert(login, client.add("admin", "/users", with(form, person)).await?);
    }
    Ok(())
}

/// Short name of the family, its title, the adult, the child.
const FAMILIES: &[(&str, &str, &str, &str)] = &[
    ("family-morozov", "Семья Морозовых", "morozova", "morozov-k"),
    ("family-gurov", "Семья Гуровых", "gurova", "gurova-l"),
    ("family-zayats", "Семья Заяц", "zayats", "zayats-m"),
    ("family-halzanov", "Семья Халзановых", "halzanova", "halzanov-b"),
    ("family-badmaev", "Семья Бадмаевых", "badmaeva", "badmaev-t"),
    ("family-tarasov", "Семья Тарасовых", "tarasova", "tarasova-k"),
];

/// Young people on record, with their representative where they are minors.
const YOUNG: &[(&str, &str, &str)] = &[
    ("young-sokolova", "sokolova", "sokolova-g"),
    ("young-ryabov", "ryabov", ""),
    ("young-chernov", "chernov", ""),
    ("young-dugarov", "dugarov", "dugarova"),
];

async fn families(client: &Client, cast: &mut Cast) -> Result<(), String> {
    client.days_ago(290);
    let agency = id(cast, "agency")?.to_owned();
    let common = json!({"organization_id": agency, "guardianship_authority_id": id(cast, "guardians")?, "territory": "25655000"});
    for (name, title, adult, child) in FAMILIES {
        let role = if *adult == "zayats" { "father" } else { "mother" };
        let members = json!([{"person_id": id(cast, adult)?, "role": role}, {"person_id": id(cast, child)?, "role": "child"}]);
        let family = json!({"name": title, "has_minor_children": true, "hardship_causes": ["low_income", "single_parent"],
            "risk_flags": ["school_absence"], "members": members, "primary_contact_id": id(cast, adult)?});
        let family = client.add("specialist", "/families", family).await?;
        let own = json!({"kind": "family", "family_id": family, "category": "hardship_family"});
        let form = with(common.clone(), own);
        let beneficiary = client.add("specialist", "/beneficiaries", form).await?;
        accompaniment::open(client, cast, &beneficiary, name).await?;
        cast.insert(name, beneficiary);
    }
    for (name, person, representative) in YOUNG {
        let own = json!({"kind": "person", "person_id": id(cast, person)?, "category": "without_parental_care",
            "origin": "childrens_home"});
        let form = with(common.clone(), own);
        let beneficiary = client.add("specialist", "/beneficiaries", form).await?;
        if !representative.is_empty() {
            let authority = json!({"person_id": id(cast, representative)?, "basis": "guardian",
                "document": "Распоряжение органа опеки № 54", "valid_from": "2021-03-12"});
            let path = format!("/beneficiaries/{beneficiary}/representatives");
            let added = client.add("specialist", &path, authority).await?;
            cast.insert(
                if *person == "sokolova" { "representative-sokolova" } else { "representative-dugarov" },
                added,
            );
        }
        accompaniment::open(client, cast, &beneficiary, name).await?;
        cast.insert(name, beneficiary);
    }
    Ok(())
}

/// Short name, the person, the program, what became of the application.
const CANDIDATES: &[(&str, &str, &str, &str)] = &[
    ("mentor-belov", "belov", "family-mentoring", "approved"),
    ("mentor-kim", "kim", "family-mentoring", "approved"),
    ("mentor-orlov", "orlov", "together-six-meetings", "approved"),
    ("mentor-ergalova", "ergalova", "together-six-meetings", "approved"),
    ("mentor-dashiev", "dashiev", "family-mentoring", "approved"),
    ("mentor-sanzhieva", "sanzhieva", "family-mentoring", "approved"),
    ("mentor-toroev", "toroev", "family-mentoring", "approved"),
    ("mentor-vasilev", "vasilev", "family-mentoring", "approved"),
    ("candidate-vetrov", "vetrov", "family-mentoring", "rejected"),
    ("candidate-lunina", "lunina", "family-mentoring", "submitted"),
];

async fn mentors(client: &Client, cast: &mut Cast) -> Result<(), String> {
    for (name, person, program, outcome) in CANDIDATES {
        client.days_ago(280);
        let application = apply(client, cast, person, program).await?;
        let path = format!("/mentor-applications/{application}");
        client.post("specialist", &format!("{path}/submission"), json!({})).await?;
        if *outcome == "submitted" {
            continue;
        }
        client.days_ago(276);
        client.post("specialist", &format!("{path}/screening"), json!({})).await?;
        let application = client.get("specialist", &path).await?;
        let assessment = assessment(*outcome == "approved");
        client.put("specialist", &format!("{path}/assessment"), &application, assessment).await?;
        client.days_ago(275);
        let decision = if *outcome == "approved" {
            json!({"kind": "approve", "decree": {"number": "12-н", "date": client.day(275)}})
        } else {
            json!({"kind": "reject", "reason": "other", "note": "Кандидат может посвящать наставничеству меньше часа в месяц."})
        };
        let decided = client.post("director", &format!("{path}/decision"), decision).await?;
        let Some(mentor) = decided.get("mentor_id").and_then(Value::as_str) else { continue };
        train(client, mentor).await?;
        cast.insert(name, mentor.to_owned());
    }
    Ok(())
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

async fn apply(client: &Client, cast: &Cast, person: &str, program: &str) -> Result<String, String> {
    let passport = client.scan("specialist", "passport_copy", "passport").await?;
    let statement = json!({"addressed_to": "Директору ОГБУ «УСЗСОН по Эхирит-Булагатскому району»",
        "text": "Прошу рассмотреть мою кандидатуру в качестве наставника.", "signed_on": client.day(281)});
    let questionnaire = json!({"backgrounds": ["ngo_specialist"], "occupation": "АНО «Доброе дело», координатор",
        "motivation": "Хочу, чтобы рядом с семьёй был взрослый, который не уйдёт."});
    let mut documents = vec![json!({"purpose": "passport_copy", "file_id": passport})];
    if person == "belov" {
        let health = client.scan("specialist", "certificate", "certificate").await?;
        documents.push(json!({"purpose": "certificate", "file_id": health, "issued_on": client.day(340), "valid_until": client.day(-20)}));
    }
    let form = json!({"person_id": id(cast, person)?, "organization_id": id(cast, "agency")?, "ngo_id": id(cast, "ngo")?,
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

/// A neighbouring institution asks for the card of somebody whom this one has on record.
async fn neighbours(client: &Client, cast: &Cast) -> Result<(), String> {
    let grants = json!([{"role": "support_specialist", "organization_id": id(cast, "agency2")?}]);
    client.account("neighbour", "Вдовина Раиса Егоровна", grants).await?;
    let asked =
        json!({"snils": "11223344595", "reason": "Переезжает в Прибрежный и хочет стать наставником здесь."});
    client.add("neighbour", "/access-requests", asked).await.map(drop)
}
