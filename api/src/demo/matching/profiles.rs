//! Participants of matching in the demonstration region: mentors and young people with their profiles.
use crate::demo::cast::{Cast, id};
use crate::demo::client::{Client, with};
use serde_json::{Value, json};

/// The short name, family name, given name, patronymic, age, sex and municipality of somebody who never lived.
type Human = (&'static str, &'static str, &'static str, &'static str, i64, &'static str, &'static str);

/// A mentor: who, then skills, interests, hours, and languages beside Russian.
struct Helper {
    who: Human,
    skills: &'static str,
    interests: &'static str,
    hours: &'static str,
    languages: &'static str,
    /// 0: nowhere beyond the own municipality.
    radius_km: i32,
    is_remote: bool,
    risk_level: i32,
}

/// Somebody who waits: who, then needs, interests, dislikes and hours.
pub(super) struct Waiting {
    who: Human,
    needs: &'static str,
    interests: &'static str,
    dislikes: &'static str,
    hours: &'static str,
    languages: &'static str,
    mentor_sex: &'static str,
    risk_level: i32,
    days: i64,
    agrees: bool,
}

const DISTRICT: &str = "25655000";
const NEIGHBOUR: &str = "25607000";
const CITY: &str = "25701000";
const FAR: &str = "25646000";

/// Municipalities with their middles; the city is where Irkutsk is.
pub(super) const MUNICIPALITIES: &[(&str, &str, f64, f64)] = &[
    (DISTRICT, "Эхирит-Булагатский муниципальный район", 52.806, 104.761),
    (NEIGHBOUR, "Баяндаевский муниципальный район", 53.077, 105.509),
    (CITY, "Город Прибрежный", 52.287, 104.305),
    (FAR, "Усть-Удинский муниципальный район", 54.165, 103.027),
];

const PLAIN: Helper = Helper {
    who: ("", "", "", "", 40, "female", DISTRICT),
    skills: "",
    interests: "",
    hours: "",
    languages: "ru",
    radius_km: 0,
    is_remote: false,
    risk_level: 0,
};

const HELPERS: &[Helper] = &[
    Helper {
        who: ("mentor-bulgatova", "Булгатова", "Оксана", "Ильинична", 44, "female", DISTRICT),
        skills: "humanities exams learning_motivation",
        interests: "reading theatre local_history hiking",
        hours: "mon_evening wed_evening sat_morning",
        languages: "ru bua",
        radius_km: 40,
        risk_level: 2,
        ..PLAIN
    },
    Helper {
        who: ("mentor-zhigalov", "Жигалов", "Антон", "Львович", 36, "male", DISTRICT),
        skills: "exact_sciences choosing_profession digital job_search",
        interests: "programming robotics chess cycling cars",
        hours: "tue_evening thu_evening sat_afternoon",
        radius_km: 80,
        risk_level: 1,
        ..PLAIN
    },
    Helper {
        who: ("mentor-hangalov", "Хангалов", "Бато", "Сергеевич", 51, "male", NEIGHBOUR),
        skills: "job_search driving_licence household housing",
        interests: "cars repair fishing horses",
        hours: "sat_morning sun_morning sun_afternoon",
        languages: "ru bua",
        radius_km: 60,
        risk_level: 1,
        ..PLAIN
    },
    Helper {
        who: ("mentor-rozova", "Розова", "Марина", "Евгеньевна", 33, "female", CITY),
        skills: "foreign_language admission exams",
        interests: "foreign_languages cinema photography travel",
        hours: "mon_evening tue_evening fri_evening",
        languages: "ru en",
        is_remote: true,
        risk_level: 1,
        ..PLAIN
    },
    Helper {
        who: ("mentor-utesova", "Утёсова", "Елена", "Павловна", 58, "female", DISTRICT),
        skills: "household budget health child_development grief emotional_support",
        interests: "cooking gardening sewing handicraft",
        hours: "tue_morning wed_afternoon sat_morning",
        risk_level: 3,
        ..PLAIN
    },
    Helper {
        who: ("mentor-tabitueva", "Табитуева", "Соёлма", "Бадмаевна", 29, "female", DISTRICT),
        skills: "communication self_confidence emotional_support leisure",
        interests: "dancing volleyball volunteering photography",
        hours: "wed_evening fri_evening sun_afternoon",
        languages: "ru bua",
        radius_km: 100,
        risk_level: 2,
        ..PLAIN
    },
    Helper {
        who: ("mentor-gorin", "Горин", "Валерий", "Степанович", 62, "male", FAR),
        skills: "documents housing legal budget",
        interests: "chess fishing mushrooming woodwork",
        hours: "tue_morning thu_morning sun_morning",
        radius_km: 30,
        risk_level: 1,
        ..PLAIN
    },
    Helper {
        who: ("mentor-lapin", "Лапин", "Денис", "Аркадьевич", 40, "male", CITY),
        skills: "offence_prevention leisure health addiction",
        interests: "football martial_arts fitness skiing",
        hours: "wed_evening sat_afternoon sun_morning",
        radius_km: 90,
        risk_level: 3,
        ..PLAIN
    },
];

const YOUNG: Waiting = Waiting {
    who: ("", "", "", "", 17, "female", DISTRICT),
    needs: "",
    interests: "",
    dislikes: "",
    hours: "",
    languages: "ru",
    mentor_sex: "",
    risk_level: 0,
    days: 30,
    agrees: true,
};

/// Those whom the first round is about. The girl with an account of her own comes from the story of six meetings.
pub(super) const FIRST: &[Waiting] = &[
    Waiting {
        who: ("young-ilina", "Ильина", "Полина", "Олеговна", 17, "female", DISTRICT),
        needs: "exams humanities",
        interests: "reading theatre",
        dislikes: "fishing",
        hours: "mon_evening wed_evening",
        risk_level: 1,
        days: 120,
        ..YOUNG
    },
    Waiting {
        who: ("young-buhaev", "Бухаев", "Алдар", "Баторович", 19, "male", DISTRICT),
        needs: "job_search driving_licence",
        interests: "cars fishing",
        hours: "sat_morning sun_morning tue_evening",
        days: 90,
        ..YOUNG
    },
    Waiting {
        who: ("young-sokolova", "", "", "", 16, "female", DISTRICT),
        needs: "choosing_profession self_confidence",
        interests: "drawing hiking chess",
        dislikes: "video_games",
        hours: "wed_evening sat_afternoon",
        risk_level: 1,
        days: 80,
        ..YOUNG
    },
    Waiting {
        who: ("young-mironov", "Миронов", "Егор", "Кириллович", 18, "male", DISTRICT),
        needs: "communication choosing_profession",
        interests: "woodwork drawing",
        hours: "wed_evening sat_morning",
        languages: "rsl",
        risk_level: 1,
        days: 130,
        ..YOUNG
    },
];

/// Those who came since.
pub(super) const LATER: &[Waiting] = &[
    Waiting {
        who: ("young-aphanova", "Апханова", "Алина", "Романовна", 16, "female", DISTRICT),
        needs: "emotional_support grief",
        interests: "drawing cooking",
        hours: "wed_evening sat_morning",
        mentor_sex: "female",
        risk_level: 3,
        days: 30,
        ..YOUNG
    },
    Waiting {
        who: ("young-vetoshkin", "Ветошкин", "Семён", "Андреевич", 16, "male", DISTRICT),
        needs: "offence_prevention leisure",
        interests: "football video_games",
        hours: "wed_evening sat_afternoon",
        risk_level: 2,
        days: 200,
        ..YOUNG
    },
    Waiting {
        who: ("young-dambinova", "Дамбинова", "Сэрэн", "Цырендоржиевна", 20, "female", NEIGHBOUR),
        needs: "housing documents",
        interests: "horses cooking",
        hours: "sat_morning sun_morning sun_afternoon",
        languages: "ru bua",
        days: 400,
        ..YOUNG
    },
    Waiting {
        who: ("young-krotov", "Кротов", "Максим", "Ильич", 17, "male", CITY),
        needs: "exact_sciences admission",
        interests: "programming robotics",
        dislikes: "dancing",
        hours: "tue_evening thu_evening",
        risk_level: 1,
        days: 75,
        ..YOUNG
    },
    Waiting {
        who: ("young-lytkina", "Лыткина", "Анна", "Павловна", 18, "female", DISTRICT),
        needs: "foreign_language exams",
        interests: "cinema travel",
        hours: "mon_evening fri_evening",
        days: 15,
        ..YOUNG
    },
    Waiting {
        who: ("young-munhoev", "Мунхоев", "Тимур", "Олегович", 16, "male", DISTRICT),
        needs: "communication self_confidence",
        interests: "basketball martial_arts",
        hours: "wed_evening fri_evening sat_afternoon",
        mentor_sex: "male",
        risk_level: 1,
        days: 190,
        ..YOUNG
    },
    Waiting {
        who: ("young-nefedova", "Нефёдова", "Ирина", "Сергеевна", 19, "female", FAR),
        needs: "child_development budget",
        interests: "handicraft",
        hours: "tue_morning thu_morning",
        risk_level: 2,
        days: 370,
        ..YOUNG
    },
    Waiting {
        who: ("young-orlik", "Орлик", "Глеб", "Вадимович", 21, "male", DISTRICT),
        needs: "job_search housing",
        interests: "woodwork fishing",
        hours: "sat_morning sun_morning",
        days: 60,
        agrees: false,
        ..YOUNG
    },
    Waiting {
        who: ("young-rinchinova", "Ринчинова", "Аяна", "Булатовна", 17, "female", DISTRICT),
        needs: "choosing_profession exams",
        interests: "reading photography",
        hours: "mon_evening wed_evening fri_evening",
        languages: "ru bua",
        risk_level: 1,
        days: 45,
        ..YOUNG
    },
];

fn words(all: &str) -> Value {
    all.split_whitespace().collect()
}

/// A person, put on record by the specialist. The birthday was some weeks ago, so that the age holds whenever the story is told.
async fn person(client: &Client, who: &Human) -> Result<String, String> {
    let (_, family_name, given_name, patronymic, age, sex, home) = who;
    let born = client.day(age * 365 + 320);
    let form = json!({"family_name": family_name, "given_name": given_name, "patronymic": patronymic, "birth_date": born,
        "sex": sex, "residence": home});
    client.add("specialist", "/people", form).await
}

/// Approves the mentors of the program, all of them on the same days, and fills their profiles.
pub(super) async fn mentors(client: &Client, cast: &mut Cast, program: &str) -> Result<(), String> {
    client.days_ago(230);
    let mut applications = Vec::new();
    for it in HELPERS {
        let person = person(client, &it.who).await?;
        let form = application(client, cast, &person, program).await?;
        let path =
            format!("/mentor-applications/{}", client.add("specialist", "/mentor-applications", form).await?);
        client.post("specialist", &format!("{path}/submission"), json!({})).await?;
        applications.push(path);
    }
    client.days_ago(225);
    let courses = client.get("specialist", "/training-courses").await?;
    for (it, path) in HELPERS.iter().zip(applications) {
        client.post("specialist", &format!("{path}/screening"), json!({})).await?;
        let decision = json!({"kind": "approve", "decree": {"number": "19-н", "date": client.day(225)}});
        let decided = client.post("director", &format!("{path}/decision"), decision).await?;
        let mentor = decided.get("mentor_id").and_then(Value::as_str).unwrap_or_default().to_owned();
        for course in courses.get("items").and_then(Value::as_array).into_iter().flatten() {
            let done = json!({"course_id": course.get("id"), "completed_on": client.day(228), "certificate_number": "УН-131"});
            client.post("specialist", &format!("/mentors/{mentor}/trainings"), done).await?;
        }
        let profile = json!({"languages": words(it.languages), "hours": words(it.hours), "interests": words(it.interests),
            "skills": words(it.skills), "works_remotely": it.is_remote});
        let radius = if it.radius_km >= 1 { json!({"travel_radius_km": it.radius_km}) } else { json!({}) };
        let profile = with(profile, radius);
        qualified(client, &mentor, json!({"qualified_risk_level": it.risk_level}), profile).await?;
        cast.insert(it.who.0, mentor);
    }
    Ok(())
}

/// Says for which cases a mentor is qualified, and what the mentor told.
pub(super) async fn qualified(
    client: &Client,
    mentor: &str,
    form: Value,
    profile: Value,
) -> Result<(), String> {
    let path = format!("/mentors/{mentor}");
    let card = client.get("director", &path).await?;
    client.patch("director", &path, &card, form).await?;
    client
        .put("specialist", &format!("{path}/matching-profile"), &json!({"version": 0}), profile)
        .await
        .map(drop)
}

async fn application(client: &Client, cast: &Cast, person: &str, program: &str) -> Result<Value, String> {
    let passport = client.scan("specialist", "passport_copy", "passport").await?;
    Ok(
        json!({"person_id": person, "organization_id": id(cast, "agency")?, "ngo_id": id(cast, "ngo2")?, "program_id": program,
        "statement": {"addressed_to": "Директору ОГБУ «УСЗСОН по Эхирит-Булагатскому району»",
            "text": "Прошу рассмотреть мою кандидатуру в качестве наставника.", "signed_on": client.day(231)},
        "questionnaire": {"backgrounds": ["ngo_specialist"], "occupation": "БФ «Мост поколений», волонтёр",
            "motivation": "Хочу быть рядом с теми, кто выходит из детского дома."},
        "documents": [{"purpose": "passport_copy", "file_id": passport}]}),
    )
}

/// Puts young people on record who wait for a mentor of the program; the days of waiting are counted from today.
pub(super) async fn wait(
    client: &Client,
    cast: &mut Cast,
    program: &str,
    all: &[Waiting],
) -> Result<(), String> {
    for it in all {
        let beneficiary = match cast.get(it.who.0) {
            Some(known) => known.clone(),
            None => beneficiary(client, cast, &it.who).await?,
        };
        let path = format!("/beneficiaries/{beneficiary}");
        let profile = json!({"languages": words(it.languages), "hours": words(it.hours), "interests": words(it.interests),
            "dislikes": words(it.dislikes)});
        let sex = if it.mentor_sex.is_empty() { json!({}) } else { json!({"mentor_sex": it.mentor_sex}) };
        let profile = with(profile, sex);
        let nobody = json!({"version": 0});
        client.put("specialist", &format!("{path}/matching-profile"), &nobody, profile).await?;
        let needs = json!({"needs": words(it.needs), "risk_level": it.risk_level, "agrees_to_matching": it.agrees,
            "waits": [{"program_id": program, "since": client.day(it.days)}]});
        client.put("specialist", &format!("{path}/matching-needs"), &nobody, needs).await?;
        cast.insert(it.who.0, beneficiary);
    }
    Ok(())
}

async fn beneficiary(client: &Client, cast: &Cast, who: &Human) -> Result<String, String> {
    let form = json!({"kind": "person", "person_id": person(client, who).await?, "category": "without_parental_care",
        "origin": "childrens_home", "organization_id": id(cast, "agency")?, "territory": who.6});
    client.add("specialist", "/beneficiaries", form).await
}
