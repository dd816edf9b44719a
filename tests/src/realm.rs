//! Two realms in one region: a home where every role has an account and every resource an object, and an away like it.
use crate::client::{Account, Reply};
use crate::world::World;
use domain::base::access::Right;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU32, Ordering};

/// A side of a region.
#[derive(Clone)]
pub struct Realm {
    /// An object of each collection of the API, by the collection's name.
    pub objects: BTreeMap<String, String>,
    /// An account of each role, by its letter in the table of access.
    pub accounts: BTreeMap<String, Account>,
}

impl Realm {
    /// A world with home and away.
    pub fn in_world() -> (World, Self, Self) {
        let (world, (home, away)) = World::prepared(Self::pair);
        (world, home, away)
    }

    /// Home and away.
    pub fn pair(world: &World) -> (Self, Self) {
        (Self::build(world, "home", "25655000"), Self::build(world, "away", "33701000"))
    }

    fn build(world: &World, name: &str, territory: &str) -> Self {
        let admin = world.admin();
        let organization =
            world.organization("social_service_agency", &format!("Учреждение {name}"), territory);
        let program = world.plain_program(&format!("{name}-program"), json!({}));
        let mut realm = Self { objects: BTreeMap::new(), accounts: BTreeMap::new() };
        realm.put("organizations", organization.clone());
        realm.put("units", world.unit(&admin, &organization, json!({"name": "Отделение"})).id());
        let editions = world.get(&admin, &format!("/programs/{program}/editions")).expect(200);
        realm.put("editions", editions.items()[0]["id"].as_str().expect("an id").to_owned());
        realm.put("programs", program.clone());
        let municipality = json!({"code": territory, "name": format!("Район {name}")});
        realm.put("municipalities", world.post(&admin, "/municipalities", municipality).expect(201).id());
        let annexes = world.get(&admin, "/annexes").expect(200);
        realm.put("annexes", annexes.items()[0]["id"].as_str().expect("an id").to_owned());
        realm.staff(world, name, territory, &organization, &program);
        realm.people(world, territory, &organization);
        realm.readiness(world, &organization);
        realm.places(world, &organization);
        realm.mentor(world, name, territory, &organization, &program);
        realm.mentorship(world, &program);
        realm.task(world);
        realm.aid(world, &organization);
        realm.council(world, &organization);
        realm.plan(world);
        realm.put("jobs", world.running_job(&realm.accounts["D"]));
        realm.activity(world, &organization, &program);
        realm.round(world, &organization, &program);
        realm.agreement(world, territory, &organization);
        realm.event(world, &organization);
        realm.entries(world);
        realm.community(world);
        realm.referral(world, territory);
        realm
    }

    /// Two records of one person, merged, and what the register has besides.
    fn register(&mut self, world: &World, territory: &str, organization: &str) {
        let (admin, director) = (world.admin(), self.accounts["D"].clone());
        let mut records = Vec::new();
        for given_name in ["Зоя", "Зоя"] {
            let person =
                json!({"family_name": "Двойникова", "given_name": given_name, "birth_date": "2005-05-05"});
            let person = world.person(&director, person);
            let of = world.beneficiary_in(&director, organization, territory, &person);
            records.push(of);
        }
        let pairs = world.get(&admin, "/register-candidates").expect(200);
        self.put("register-candidates", Reply::id_of(&pairs.items()[0]));
        self.put("register-merges", world.merged(&records[0], &records[1]));
        self.put("register-entries", world.entry(&records[0]));
        let search = json!({"snils": "08765430300", "purpose": "verification"});
        self.put("register-searches", world.post(&director, "/register-searches", search).expect(201).id());
        self.put("register-scans", scan(world, &admin));
    }

    /// An event that was held, and the recipient who came.
    fn event(&mut self, world: &World, organization: &str) {
        let director = self.accounts["D"].clone();
        let event = json!({"organization_id": organization, "title": "Формула счастья", "kind": "lecture", "level": "municipal",
            "online": false, "starts_on": "2026-01-20", "ends_on": "2026-03-01", "registration": "none"});
        let event = world.post(&director, "/events", event).expect(201).id();
        let held = json!({"held_on": "2026-01-20", "counts": [{"audience": "minors", "people": 43}]});
        world.post(&director, &format!("/events/{event}/holding"), held).expect(200);
        let came = json!({"event_id": event, "person_id": self.objects["people"], "audience": "minors"});
        self.put("event-participants", world.post(&director, "/event-participants", came).expect(201).id());
        self.put("events", event);
    }

    /// One of each entry that the realm does not have yet, by its example.
    fn entries(&mut self, world: &World) {
        static COUNT: AtomicU32 = AtomicU32::new(500);
        for it in crate::entries::all() {
            if !self.objects.contains_key(it.about.at) {
                let form = it.example(world, self, COUNT.fetch_add(1, Ordering::SeqCst));
                let id = world.post(&it.editor(self), &it.list(self), form).expect(201).id();
                self.put(it.about.at, id);
            }
        }
    }

    fn put(&mut self, collection: &str, id: String) {
        self.objects.insert(collection.to_owned(), id);
    }

    fn enter(&mut self, world: &World, letter: &str, login: String, grant: Value, person: Option<&str>) {
        self.accounts.insert(letter.to_owned(), world.account(&login, json!([grant]), person));
    }

    fn staff(&mut self, world: &World, name: &str, territory: &str, organization: &str, program: &str) {
        for (letter, role) in [("D", "director"), ("U", "unit_head"), ("S", "support_specialist")] {
            let grant = json!({"role": role, "organization_id": organization});
            self.enter(world, letter, format!("{name}.{role}"), grant, None);
        }
        for (letter, role) in [("A", "region_admin"), ("T", "tutor"), ("N", "analyst"), ("K", "integration")]
        {
            self.enter(world, letter, format!("{name}.{role}"), json!({"role": role}), None);
        }
        let officer = json!({"role": "guardianship_officer", "territory": territory});
        self.enter(world, "G", format!("{name}.officer"), officer, None);
        let coordinator = json!({"role": "program_coordinator", "program_id": program});
        self.enter(world, "C", format!("{name}.coordinator"), coordinator, None);
        self.put("users", self.accounts["S"].id.clone());
        let rights: Vec<&str> = Right::ALL.iter().filter(|it| it.is_for_keys()).map(|it| it.code()).collect();
        let robot = self.accounts["K"].clone();
        let form =
            json!({"name": "Обмен", "user_id": robot.id, "rights": rights, "expires_on": world.day(90)});
        let key = world.post(&world.admin(), "/api-keys", form).expect(201);
        self.put("api-keys", key.body["key"]["id"].as_str().expect("an id").to_owned());
        let token = key.body["secret"].as_str().expect("a secret").to_owned();
        self.accounts.insert("K".to_owned(), Account { token, ..robot });
    }

    fn people(&mut self, world: &World, territory: &str, organization: &str) {
        let director = self.accounts["D"].clone();
        let person = world.person(&director, json!({"birth_date": "2007-01-10", "residence": territory}));
        let family = world.family(&director, &[]);
        let beneficiary = world.beneficiary_in(&director, organization, territory, &person);
        world.family_beneficiary_in(&director, organization, territory, &family);
        let guardian = world.guardian(&director, &beneficiary, &world.person(&director, json!({})));
        let case = world.case(&director, organization, &beneficiary);
        let problem = json!({"text": "Пропускает занятия.", "noticed_on": world.day(0)});
        let problem = world.post(&director, &format!("/cases/{case}/problems"), problem).expect(201).id();
        self.put("case-problems", problem);
        let member = json!({"user_id": self.accounts["S"].id, "role": "specialist"});
        let member = world.post(&director, &format!("/cases/{case}/team-members"), member).expect(201).id();
        self.put("case-team-members", member);
        let ground = world.file(&director, "consent");
        let transfer = json!({"to_organization_id": world.organization("ngo", "Центр сопровождения", territory), "reason": "moved",
            "parts": ["identity"], "legal_ground": "Запрос опеки", "ground_file_id": ground});
        let transfer = world.post(&director, &format!("/cases/{case}/transfers"), transfer).expect(201).id();
        self.put("case-transfers", transfer);
        let chair =
            json!([{"role": "chair", "user_id": director.id}, {"role": "member", "name": "Петрова Елена"}]);
        let consilium = json!({"organization_id": organization, "planned_at": world.hour(20), "form": "in_person", "members": chair});
        let consilium = world.post(&director, "/consilia", consilium).expect(201).id();
        let item = json!({"case_id": case, "kind": "scheduled", "question": "Как идут дела"});
        let item = world.post(&director, &format!("/consilia/{consilium}/items"), item).expect(201).id();
        self.put("consilia", consilium);
        self.put("consilium-items", item);
        let month = format!("/cases/{case}/monthly-records/{}", world.day(0).get(..7).expect("a month"));
        let empty = world.get(&director, &month).expect(200).etag();
        let words = json!({"summary": "Всё в порядке."});
        self.put("monthly-records", world.put(&director, &month, &empty, words).expect(200).id());
        let signature = json!({"signatory": "recipient", "person_id": person, "signed_on": world.day(0),
            "file_id": world.file(&director, "consent")});
        let consent = json!({"purpose": "story", "data": ["story"], "valid_until": world.day(90), "signatures": [signature]});
        let ledger = format!("/beneficiaries/{beneficiary}/consents");
        self.put("consents", world.post(&director, &ledger, consent).expect(201).id());
        self.put("cases", case);
        let asked = json!({"snils": "08765430300", "reason": "Обратились за помощью."});
        let asked = world.post(&self.accounts["S"], "/access-requests", asked).expect(202).id();
        self.put("access-requests", asked);
        self.register(world, territory, organization);
        self.put("people", person);
        self.put("families", family);
        self.put("beneficiaries", beneficiary);
        self.put("representatives", guardian);
    }

    /// An agreement with an НКО that is being prepared.
    fn agreement(&mut self, world: &World, territory: &str, organization: &str) {
        let partner = world.organization("ngo", "Партнёр", territory);
        let parties = json!([{"organization_id": organization, "role": "institution"}, {"organization_id": partner, "role": "partner"}]);
        let form = json!({"organization_id": organization, "title": "О сотрудничестве", "subject": "Помощь семьям.", "sphere": "mentoring",
            "partnership_level": "service", "parties": parties});
        let agreement = world.post(&self.accounts["D"], "/agreements", form).expect(201).id();
        self.put("agreements", agreement);
    }

    /// A request for help in the realm's territory, and a referral of the recipient.
    fn referral(&mut self, world: &World, territory: &str) {
        let director = self.accounts["D"].clone();
        let intake = json!({"source": "neighbour", "described": "Семья у реки", "territory": territory, "urgency": "week",
            "text": "Нет дров."});
        self.put("intake-requests", world.post(&director, "/intake-requests", intake).expect(201).id());
        let asked = world.organization("ngo", "Центр психологической помощи", territory);
        let need = json!({"noticed_on": world.day(0), "domain": "relations", "text": "Ссорится дома.", "source": "person",
            "urgency": "week"});
        let case = format!("/cases/{}", self.objects["cases"]);
        let need = world.post(&director, &format!("{case}/needs"), need).expect(201).id();
        let ground = world.file(&director, "consent");
        let referral = json!({"to_organization_id": asked, "need_ids": [need], "reason": "Нужен психолог.", "urgency": "week",
            "parts": ["identity"], "legal_ground": "Запрос опеки", "ground_file_id": ground});
        self.put("referrals", world.post(&director, &format!("{case}/referrals"), referral).expect(201).id());
    }

    /// The mentee in the club and in the group of volunteers.
    fn community(&mut self, world: &World) {
        let director = self.accounts["D"].clone();
        let person = self.objects["people"].clone();
        for (collection, under, column) in [
            ("club-members", "clubs", "club_id"),
            ("volunteer-group-members", "volunteer-groups", "volunteer_group_id"),
        ] {
            let form = json!({column: self.objects[under], "person_id": person, "role": "member", "joined_on": world.day(-1)});
            let added = world.post(&director, &format!("/{collection}"), form).expect(201);
            self.put(collection, added.id());
        }
    }

    fn readiness(&mut self, world: &World, organization: &str) {
        let director = self.accounts["D"].clone();
        let first = |path: &str| Reply::id_of(&world.get(&director, path).expect(200).items()[0]);
        let own = json!({"organization_id": organization, "effective_from": world.day(0), "name": "Наша подготовка"});
        self.put("living-programmes", world.post(&director, "/living-programmes", own).expect(201).id());
        let of = format!("/beneficiaries/{}", self.objects["beneficiaries"]);
        let enrolment =
            json!({"programme_id": first("/living-programmes?regional=true"), "starts_on": world.day(0)});
        let enrolment = world.post(&director, &format!("{of}/living-enrolments"), enrolment).expect(201).id();
        self.put("living-enrolments", enrolment);
        let assessment = json!({"scale_id": first("/scales?code=readiness"), "rater": "specialist", "point": "before", "assessed_on": world.day(0)});
        let assessment = world.post(&director, &format!("{of}/assessments"), assessment).expect(201).id();
        self.put("assessments", assessment);
        self.put("service-standards", first("/service-standards?code=hardship-help"));
    }

    /// A facility with a bed that the recipient has booked, a bed out of use, and the waiting list.
    fn places(&mut self, world: &World, organization: &str) {
        let director = self.accounts["D"].clone();
        let facility = json!({"organization_id": organization, "kind": "social_hotel", "name": "Социальная гостиница",
            "territory": "25655000", "amenities": [], "opened_on": "2025-01-01"});
        let facility = world.post(&director, "/facilities", facility).expect(201).id();
        let room = json!({"name": "Комната 1", "sex_rule": "any", "age_rule": "any"});
        let room = world.post(&director, &format!("/facilities/{facility}/rooms"), room).expect(201).id();
        let bed = |name: &str| {
            let form = json!({"name": name, "opened_on": "2025-01-01"});
            world.post(&director, &format!("/rooms/{room}/beds"), form).expect(201).id()
        };
        let (own, broken) = (bed("1-А"), bed("1-Б"));
        let block =
            json!({"bed_id": broken, "from_on": world.day(0), "until_on": world.day(7), "reason": "repair"});
        self.put("bed-blocks", world.post(&director, "/bed-blocks", block).expect(201).id());
        let who = self.objects["beneficiaries"].clone();
        let stay = json!({"beneficiary_id": who, "bed_id": own, "from_on": world.day(0), "until_on": world.day(7), "purpose": "study",
            "order_number": "12-п", "order_on": world.day(0)});
        self.put("stays", world.post(&director, "/stays", stay).expect(201).id());
        let request = json!({"beneficiary_id": who, "facility_id": facility, "from_on": world.day(30), "nights": 5, "urgency": "month"});
        self.put("place-requests", world.post(&director, "/place-requests", request).expect(201).id());
        self.put("beds", own);
        self.put("rooms", room);
        self.put("facilities", facility);
    }

    fn mentor(&mut self, world: &World, name: &str, territory: &str, organization: &str, program: &str) {
        let director = self.accounts["D"].clone();
        let woman = json!({"family_name": "Петрова", "birth_date": "1985-06-01", "residence": territory});
        let person = world.person(&director, woman);
        let mut form = world.application_form(
            &director,
            &person,
            organization,
            &world.organization("ngo", &format!("НКО {name}"), territory),
        );
        form["program_id"] = json!(program);
        let application = world.post(&director, "/mentor-applications", form).expect(201).id();
        let path = format!("/mentor-applications/{application}");
        world.post(&director, &format!("{path}/submission"), json!({})).expect(200);
        let decided =
            world.post(&director, &format!("{path}/decision"), json!({"kind": "approve"})).expect(200);
        let mentor = decided.body["mentor_id"].as_str().expect("a mentor").to_owned();
        let courses = world.get(&director, "/training-courses").expect(200);
        let course = courses.items()[0]["id"].as_str().expect("a course").to_owned();
        let training = json!({"course_id": course, "completed_on": world.day(-10)});
        let training =
            world.post(&director, &format!("/mentors/{mentor}/trainings"), training).expect(201).id();
        self.enter(world, "M", format!("{name}.mentor"), json!({"role": "mentor"}), Some(&person));
        let recipient = self.objects["people"].clone();
        self.enter(world, "E", format!("{name}.mentee"), json!({"role": "mentee"}), Some(&recipient));
        self.put("mentor-applications", application);
        self.put("mentors", mentor);
        self.put("training-courses", course);
        self.put("trainings", training);
        self.put("files", world.file(&director, "other"));
    }

    /// A task of the mentor in the case, which the director controls.
    fn task(&mut self, world: &World) {
        let director = self.accounts["D"].clone();
        let order = json!({"kind": "other", "title": "Сходить в колледж", "case_id": self.objects["cases"],
            "assignee": {"kind": "mentor", "id": self.objects["mentors"]}, "controller_user_id": director.id, "due_on": world.day(7)});
        self.put("tasks", world.post(&director, "/tasks", order).expect(201).id());
        let report = json!({"beneficiary_id": self.objects["beneficiaries"], "kind": "conflict", "text": "Ссора дома."});
        self.put("crises", world.post(&director, "/crises", report).expect(201).id());
    }

    /// A council with a member, a planned meeting and an old decision.
    fn council(&mut self, world: &World, organization: &str) {
        let director = self.accounts["D"].clone();
        let form = json!({"organization_id": organization, "kind": "trustees", "name": "Попечительский совет", "level": "institution",
            "quorum": "half", "decides_by": "simple_majority"});
        let council = world.post(&director, "/councils", form).expect(201).id();
        let meeting = json!({"council_id": council, "planned_at": world.hour(24), "agenda": [{"question": "О программе", "kind": "report"}]});
        self.put("council-meetings", world.post(&director, "/council-meetings", meeting).expect(201).id());
        let text = json!({"number": "1", "title": "О программе", "items": [{"no": "1", "kind": "noted", "text": "Принять к сведению."}]});
        let decision = json!({"council_id": council, "adopted_on": world.day(0), "decision": text});
        self.put("decisions", world.post(&director, "/decisions", decision).expect(201).id());
        self.put("councils", council);
    }

    /// A stock of food kits with a movement, and a kit that was given.
    fn aid(&mut self, world: &World, organization: &str) {
        let director = self.accounts["D"].clone();
        let form = json!({"name": "Продуктовый набор", "kind": "food_kit", "unit": "набор"});
        let item = world
            .post(&director, &format!("/organizations/{organization}/stock-items"), form)
            .expect(201)
            .id();
        let movement = json!({"stock_item_id": item, "direction": "in", "quantity": 3, "reason": "purchase", "moved_on": world.day(0)});
        self.put("stock-movements", world.post(&director, "/stock-movements", movement).expect(201).id());
        let gift = json!({"organization_id": organization, "kind": "food_kit", "beneficiary_id": self.objects["beneficiaries"],
            "given_on": world.day(0), "items": [{"stock_item_id": item, "quantity": 1}], "act": {"number": "1", "signed_by_recipient": true}});
        self.put("emergency-aids", world.post(&director, "/emergency-aids", gift).expect(201).id());
        self.put("stock-items", item);
    }

    /// A life plan of the recipient with a draft, and the form by which it is drafted.
    fn plan(&mut self, world: &World) {
        let director = self.accounts["D"].clone();
        let plan = world.plan(&director, &self.objects["beneficiaries"], json!({"kind": "life_plan"}));
        let draft = world.post(&director, &format!("/plans/{plan}/versions"), json!({})).expect(201);
        self.put("plan-forms", draft.body["form_id"].as_str().expect("an id").to_owned());
        self.put("plan-versions", draft.id());
        self.put("plans", plan);
    }

    /// An activity of the mentor and the recipient, the mentor's choice after it, and a veto.
    fn activity(&mut self, world: &World, organization: &str, program: &str) {
        let (director, mentor) = (self.accounts["D"].clone(), self.accounts["M"].clone());
        let (own, recipient) = (self.objects["mentors"].clone(), self.objects["beneficiaries"].clone());
        let activity = world.joint_activity(&director, program, organization, &[&own], &[&recipient]);
        let choice = world.choose_as_mentor(&mentor, &own, &activity, &[(&recipient, 1)], &[]).expect(201);
        self.put("choices", choice.id());
        self.put("vetoes", world.veto(&director, &recipient, &own, "specialist").expect(201).id());
        self.put("joint-activities", activity);
    }

    /// Rules of matching, and a round by them.
    fn round(&mut self, world: &World, organization: &str, program: &str) {
        let rules = world.matching_rules(program, json!({}));
        self.put("matching-rules", rules);
        let director = self.accounts["D"].clone();
        let order = json!({"program_id": program, "organization_id": organization, "kind": "full"});
        let begun = world.post(&director, "/matching-rounds", order).expect(202);
        world.ended(&director, &begun);
        self.put("matching-rounds", begun.id());
    }

    /// An active mentorship followed by the realm's tutor, with a meeting ahead.
    fn mentorship(&mut self, world: &World, program: &str) {
        let director = self.accounts["D"].clone();
        let proposal = json!({"program_id": program, "beneficiary_id": self.objects["beneficiaries"],
            "mentor_id": self.objects["mentors"], "tutor_user_id": self.accounts["T"].id, "starts_on": world.day(0)});
        let mentorship = world.post(&director, "/mentorships", proposal).expect(201).id();
        for party in ["mentor", "recipient"] {
            let acceptance = world.acceptance(&director, party);
            world.step(&director, &mentorship, "acceptances", acceptance).expect(200);
        }
        let consent = json!({"signatory": "recipient", "person_id": self.objects["people"],
            "signed_on": world.day(0), "file_id": world.file(&director, "consent")});
        world.step(&director, &mentorship, "consents", consent).expect(200);
        world.step(&director, &mentorship, "confirmation", world.confirmation()).expect(200);
        let ground = json!({"arisen_on": world.day(0), "text": "Не пришёл на встречу."});
        let grounds = format!("/mentors/{}/removal-grounds", self.objects["mentors"]);
        self.put("removal-grounds", world.post(&director, &grounds, ground).expect(201).id());
        self.put("meetings", world.meeting(&director, &mentorship, 24));
        let form = world.group_plan(24, &[&mentorship]);
        self.put("group-meetings", world.post(&director, "/group-meetings", form).expect(201).id());
        let aid = json!({"party": "recipient", "kind": "aid"});
        self.put("requests", world.step(&director, &mentorship, "requests", aid).expect(201).id());
        let mentor = self.accounts["M"].clone();
        for (collection, form) in [("surveys", world.survey()), ("mentor-reports", world.report())] {
            self.put(collection, world.step(&mentor, &mentorship, collection, form).expect(201).id());
        }
        self.put("mentorships", mentorship);
    }
}

/// Holds a matrix against the committed text; `UPDATE_MATRIX=1` writes it anew.
#[track_caller]
pub fn matrix(name: &str, text: &str) {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("matrix").join(name);
    if std::env::var_os("UPDATE_MATRIX").is_some() {
        std::fs::write(&path, text).expect("the matrix is written");
        return;
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    for (line, (is, was)) in text.lines().zip(committed.lines()).enumerate() {
        assert_eq!(is, was, "{name}:{}: reviewed and meant? make matrix", line + 1);
    }
    assert_eq!(text, committed, "{name}: reviewed and meant? make matrix");
}

/// A scan of the register. One runs at a time, so the one before comes to its end first.
fn scan(world: &World, who: &Account) -> String {
    for _ in 0..100 {
        let begun = world.post(who, "/register-scans", json!(null));
        if begun.status == 202 {
            return begun.id();
        }
        crate::pause();
    }
    panic!("the scan before does not end")
}
