//! The overview of a case: the parts that its page shows, each as its own address shows it to the same caller.
use serde_json::{Value, json};
use tests::pairs::Pair;
use tests::{Account, Reply, World, with};

/// A pair with an open case of the recipient, in which everything has happened.
struct Scene {
    world: World,
    pair: Pair,
    case: String,
}

fn scene() -> Scene {
    let (world, pair) = World::paired();
    let case = world.case(&pair.director, &pair.organization, &pair.beneficiary);
    Scene { world, pair, case }
}

impl Scene {
    fn post(&self, path: &str, order: Value) -> Reply {
        self.world.post(&self.pair.director, path, order).expect(201)
    }
    /// Seven contacts, three snapshots, two problems of which one is resolved, tasks, a period of life, a mentorship and a consent.
    fn happen(&self) {
        let (world, at) = (&self.world, format!("/cases/{}", self.case));
        for day in -8..-1 {
            let contact = json!({"held_on": world.day(day), "medium": "phone", "talked_with": ["person"], "reached": true});
            self.post(&format!("{at}/case-contacts"), contact);
        }
        for day in [-20, -10, -3] {
            let taken = json!({"taken_on": world.day(day), "source": "call", "in_touch": "yes", "activity": "studying"});
            self.post(&format!("{at}/snapshots"), taken);
        }
        for text in ["Пропускает школу.", "Нет своего места для занятий."]
        {
            let problem = json!({"text": text, "noticed_on": world.day(-5)});
            let problem = self.post(&format!("{at}/problems"), problem).id();
            if text.starts_with("Пропускает") {
                let resolved = json!({"state": "resolved", "on": world.day(0)});
                let path = format!("/case-problems/{problem}/resolution");
                world.post(&self.pair.director, &path, resolved).expect(200);
            }
        }
        let director = json!({"kind": "user", "id": self.pair.director.id});
        let task = json!({"kind": "other", "title": "Собрать документы", "assignee": director,
            "controller_user_id": self.pair.director.id, "case_id": self.case});
        for day in [9, 4] {
            self.post("/tasks", with(task.clone(), &json!({"due_on": world.day(day)})));
        }
        for day in [-6, -4] {
            let need = json!({"noticed_on": world.day(day), "domain": "housing", "text": "Найти общежитие.", "source": "person", "urgency": "week"});
            self.post(&format!("{at}/needs"), need);
        }
        let standards = world.get(&self.pair.director, "/service-standards?code=hardship-help").expect(200);
        for day in -7..0 {
            let delivery = json!({"standard_id": Reply::id_of(&standards.items()[0]), "provider_organization_id": self.pair.organization,
                "delivered_on": world.day(day)});
            self.post(&format!("{at}/service-deliveries"), delivery);
        }
        let period =
            json!({"kind": "education", "name": "Школа № 14", "level": "school", "starts_on": "2020-09-01"});
        self.post(&format!("/beneficiaries/{}/life-periods", self.pair.beneficiary), period);
        world.active(&self.pair);
    }
    fn overview(&self, who: &Account) -> Reply {
        self.world.get(who, &format!("/cases/{}/overview", self.case))
    }
    /// Where the same is shown by itself, with the rows of a list that an overview has at most.
    fn addresses(&self) -> Vec<(&'static str, String, Option<usize>)> {
        let (case, beneficiary) = (&self.case, &self.pair.beneficiary);
        vec![
            ("case", format!("/cases/{case}"), None),
            ("beneficiary", format!("/beneficiaries/{beneficiary}"), None),
            ("contacts", format!("/cases/{case}/case-contacts"), Some(5)),
            ("snapshots", format!("/cases/{case}/snapshots"), Some(2)),
            ("life_periods", format!("/beneficiaries/{beneficiary}/life-periods"), Some(50)),
            ("tasks", format!("/tasks?case_id={case}&state=open,reported&sort=earliest_first"), Some(50)),
            ("mentorships", format!("/mentorships?beneficiary_id={beneficiary}"), Some(50)),
            ("needs", format!("/cases/{case}/needs?state=open,in_work"), Some(50)),
            ("service_deliveries", format!("/cases/{case}/service-deliveries"), Some(5)),
            ("plans", format!("/beneficiaries/{beneficiary}/plans?state=open"), Some(50)),
            ("monthly_records", format!("/cases/{case}/monthly-records"), Some(12)),
        ]
    }
    /// The overview has what each address shows to the caller, and nothing that none shows.
    fn holds(&self, who: &Account) -> Value {
        let told = self.overview(who).expect(200).body;
        for (part, address, limit) in self.addresses() {
            let own = self.world.get(who, &address);
            let expected = match (own.status, limit) {
                (200, None) => Some(own.body.clone()),
                (200, Some(limit)) => Some(json!(own.items().iter().take(limit).collect::<Vec<_>>())),
                _ => None,
            };
            assert_eq!(told.get(part), expected.as_ref(), "{}: {part}: {}", who.login, own.text);
        }
        let problems = self.world.get(who, &format!("/cases/{}/problems", self.case)).expect(200);
        let unresolved: Vec<&Value> =
            problems.items().iter().filter(|it| it["state"] != "resolved").collect();
        assert_eq!(told["problems"], json!(unresolved), "{}", who.login);
        let person = self.world.get(who, &format!("/people/{}", self.pair.person));
        // A caller who reads no people and one who does not see this person are answered alike.
        let people = told.get("people");
        match person.status {
            200 => assert_eq!(people, Some(&json!([person.body])), "{}", who.login),
            _ => assert!(people.is_none_or(|it| *it == json!([])), "{}: {people:?}", who.login),
        }
        let consents = self.world.get(who, &format!("/beneficiaries/{}/consents", self.pair.beneficiary));
        let in_force =
            |it: &Reply| it.items().iter().filter(|it| it["state"] == "in_force").cloned().collect();
        let in_force: Option<Vec<Value>> = (consents.status == 200).then(|| in_force(&consents));
        assert_eq!(told.get("consents"), in_force.map(|it| json!(it)).as_ref(), "{}", who.login);
        told
    }
}

#[test]
fn an_overview_has_what_each_address_shows_to_the_caller_and_nothing_else() {
    let it = scene();
    it.happen();
    let officer = json!([{"role": "guardianship_officer", "territory": "25655000"}]);
    let officer = it.world.account("opeka", officer, None);
    let staff = |role| it.world.staff(role, &it.pair.organization);
    let everybody = [
        it.pair.director.clone(),
        staff("unit_head"),
        staff("support_specialist"),
        it.world.admin(),
        officer,
        it.world.key(&["read_cases"], json!({})),
        it.world.key(&["read_cases", "read_people", "read_mentorships"], json!({})),
    ];
    let all: Vec<Value> = everybody.iter().map(|who| it.holds(who)).collect();
    let full = all[0].as_object().expect("parts");
    assert_eq!(full.len(), 15, "{:?}", full.keys());
    let lengths = |part: &str| full[part].as_array().expect("rows").len();
    assert_eq!(
        ["contacts", "snapshots", "problems", "tasks", "mentorships", "people"].map(lengths),
        [5, 2, 1, 2, 1, 1]
    );
    assert!(full["tasks"][0]["due_on"].as_str() < full["tasks"][1]["due_on"].as_str(), "the earliest first");
    let narrow: Vec<&String> = all[5].as_object().expect("parts").keys().collect();
    assert_eq!(narrow, ["case", "contacts", "life_periods", "problems", "snapshots", "version"]);
}

#[test]
fn the_overview_of_a_case_in_which_nothing_has_happened_has_empty_parts() {
    let it = scene();
    let told = it.holds(&it.pair.director);
    for part in ["contacts", "snapshots", "life_periods", "problems", "tasks", "mentorships", "consents"] {
        assert_eq!(told[part], json!([]), "{part}");
    }
}

#[test]
fn the_overview_of_a_family_tells_its_members() {
    let world = World::new();
    let pair = world.family_pair();
    let cases = world.get(&pair.director, &format!("/cases?beneficiary_id={}", pair.beneficiary)).expect(200);
    let case = Reply::id_of(&cases.items()[0]);
    let told = world.get(&pair.director, &format!("/cases/{case}/overview")).expect(200).body;
    let family = told["beneficiary"]["family_id"].as_str().expect("a family");
    let family = world.get(&pair.director, &format!("/families/{family}")).expect(200);
    let ids = |all: &Value, id: &str| -> std::collections::BTreeSet<String> {
        all.as_array().expect("people").iter().map(|it| it[id].as_str().expect("an id").to_owned()).collect()
    };
    assert_eq!(ids(&told["people"], "id"), ids(&family.body["members"], "person_id"));
}

#[test]
fn nobody_sees_the_overview_of_a_foreign_case() {
    let it = scene();
    let (_, stranger) = it.world.institution("Чужое");
    let other = json!([{"role": "guardianship_officer", "territory": "25701000"}]);
    let other = it.world.account("opeka", other, None);
    for who in [&stranger, &other] {
        it.overview(who).refused(404, "request.not_found");
    }
    let mut without =
        vec![it.world.mentor_account("mentor", &it.pair), it.world.mentee_account("mentee", &it.pair)];
    for role in ["tutor", "analyst"] {
        without.push(it.world.account(role, json!([{"role": role}]), None));
    }
    for who in &without {
        let hidden = it.overview(who);
        assert!(matches!(hidden.status, 403 | 404), "{}: {}", who.login, hidden.text);
    }
}

#[test]
fn an_overview_is_a_read_of_everybody_in_it_and_changes_its_tag_with_any_part() {
    use domain::base::change::SubjectKind::{Beneficiary, Case, Person};
    let it = scene();
    let reader = it.world.staff("support_specialist", &it.pair.organization);
    let seen = it.overview(&reader).expect(200);
    for (kind, id) in [(Case, &it.case), (Beneficiary, &it.pair.beneficiary), (Person, &it.pair.person)] {
        assert!(it.world.readers(kind, id).contains(&reader.id), "{kind:?}");
    }
    let asked = |tag: &str| {
        let path = format!("/api/v1/cases/{}/overview", it.case);
        it.world.ask("GET", &path).by(&reader).header("if-none-match", tag).send().status
    };
    assert_eq!(asked(&seen.etag()), 304);
    it.happen();
    assert_eq!(asked(&seen.etag()), 200);
}
