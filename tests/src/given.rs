//! The data with which tests begin. It is entered through the public API.
use crate::client::{Account, Ask, Reply};
use crate::world::World;
use serde_json::{Value, json};
use std::sync::atomic::{AtomicU32, Ordering};

/// The form, with these members instead of its own.
pub fn with(mut form: Value, members: &Value) -> Value {
    for (name, value) in members.as_object().expect("members") {
        form[name.as_str()] = value.clone();
    }
    form
}

/// What a region has from its first day.
impl World {
    /// A shipped program, by its code.
    pub fn program(&self, code: &str) -> String {
        self.shipped_at(&format!("/programs?code={code}"))
    }
    /// A shipped training course, by its code.
    pub fn course(&self, code: &str) -> String {
        self.shipped_at(&format!("/training-courses?code={code}"))
    }
    /// The id of the thing that is found there. It never changes, so it is asked for once.
    fn shipped_at(&self, path: &str) -> String {
        if let Some(id) = self.shipped.lock().expect("ids").get(path) {
            return id.clone();
        }
        let id = Reply::id_of(&self.get(&self.admin(), path).expect(200).items()[0]);
        self.shipped.lock().expect("ids").insert(path.to_owned(), id.clone());
        id
    }
}

/// People and beneficiaries.
impl World {
    /// An account of an institution's staff: `director`, `unit_head`, `support_specialist`.
    pub fn staff(&self, role: &str, organization: &str) -> Account {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let login = format!("{role}.{}", COUNT.fetch_add(1, Ordering::SeqCst));
        self.account(&login, json!([{"role": role, "organization_id": organization}]), None)
    }
    /// A director of an institution whose person has a second role: `mentor` or `mentee`.
    pub fn director_and(&self, login: &str, organization: &str, role: &str, person: &str) -> Account {
        let grants = json!([{"role": "director", "organization_id": organization}, {"role": role}]);
        self.account(login, grants, Some(person))
    }
    /// An institution and its director.
    pub fn institution(&self, name: &str) -> (String, Account) {
        let organization = self.organization("social_service_agency", name, "25655000");
        let director = self.staff("director", &organization);
        (organization, director)
    }
    /// Enters the last day of an organization.
    pub fn close_organization(&self, organization: &str, last: &str) {
        let path = format!("/organizations/{organization}");
        self.edit(&self.admin(), &path, json!({"closed_on": last})).expect(200);
    }
    /// Closes an account.
    pub fn close_account(&self, who: &Account) {
        self.edit(&self.admin(), &format!("/users/{}", who.id), json!({"active": false})).expect(200);
    }
    /// A unit of the organization, entered by that account.
    pub fn unit(&self, by: &Account, organization: &str, form: Value) -> Reply {
        self.post(by, &format!("/organizations/{organization}/units"), form).expect(201)
    }
    /// The form of a girl of 15.
    pub fn girl(&self) -> Value {
        json!({"family_name": "Морозова", "given_name": "Алёна", "patronymic": "Сергеевна", "birth_date": "2010-04-17", "sex": "female"})
    }
    /// A girl of 15, put on record by that account. The members replace those of the form.
    pub fn person(&self, who: &Account, members: Value) -> String {
        self.post(who, "/people", with(self.girl(), &members)).expect(201).id()
    }
    /// A key of a new account of an integration, with those rights. The members replace those of the order.
    pub fn key(&self, rights: &[&str], members: Value) -> Account {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let login = format!("robot.{}", COUNT.fetch_add(1, Ordering::SeqCst));
        self.key_of(&self.account(&login, json!([{"role": "integration"}]), None), rights, members)
    }
    /// The same of that account.
    pub fn key_of(&self, robot: &Account, rights: &[&str], members: Value) -> Account {
        let issued = self.issued(robot, with(json!({"rights": rights}), &members));
        Account { token: issued["secret"].as_str().expect("a secret").to_owned(), ..robot.clone() }
    }
    /// The answer with a new key of that account.
    pub fn issued(&self, robot: &Account, members: Value) -> Value {
        let form = json!({"name": "Обмен", "user_id": robot.id, "rights": ["read_people"], "expires_on": self.day(30)});
        self.post(&self.admin(), "/api-keys", with(form, &members)).expect(201).body
    }
    /// An order with its idempotency key, as an integration sends it.
    pub fn keyed_post(&self, who: &Account, path: &str, key: &str, body: Value) -> Reply {
        let asked = self.ask("POST", &format!("/api/v1{path}")).by(who).header("idempotency-key", key);
        asked.json(&body).send()
    }
    /// A family of these people, put on record by that account.
    pub fn family(&self, who: &Account, members: &[&str]) -> String {
        let all: Vec<Value> = members.iter().map(|it| json!({"person_id": it, "role": "other"})).collect();
        let mut form = json!({"name": "Семья Морозовых", "has_minor_children": true, "members": all});
        if let Some(first) = members.first() {
            form["primary_contact_id"] = json!(first);
        }
        self.post(who, "/families", form).expect(201).id()
    }
    /// A person as a beneficiary in the charge of an organization.
    pub fn beneficiary(&self, who: &Account, organization: &str, person: &str) -> String {
        self.beneficiary_in(who, organization, "25655000", person)
    }
    /// A person as a beneficiary of an organization, who lives in that territory.
    pub fn beneficiary_in(&self, who: &Account, organization: &str, territory: &str, person: &str) -> String {
        let form = json!({"kind": "person", "person_id": person, "category": "without_parental_care", "organization_id": organization, "territory": territory});
        self.post(who, "/beneficiaries", form).expect(201).id()
    }
    /// A family as a beneficiary in the charge of an organization.
    pub fn family_beneficiary(&self, who: &Account, organization: &str, family: &str) -> String {
        self.family_beneficiary_in(who, organization, "25655000", family)
    }
    /// A family as a beneficiary of an organization, which lives in that territory.
    pub fn family_beneficiary_in(
        &self,
        who: &Account,
        organization: &str,
        territory: &str,
        family: &str,
    ) -> String {
        let form = json!({"kind": "family", "family_id": family, "category": "hardship_family", "organization_id": organization, "territory": territory});
        self.post(who, "/beneficiaries", form).expect(201).id()
    }
    /// A guardian of a beneficiary, from 2021 until further notice.
    pub fn guardian(&self, who: &Account, beneficiary: &str, person: &str) -> String {
        let form = json!({"person_id": person, "basis": "guardian", "valid_from": "2021-03-12"});
        self.post(who, &format!("/beneficiaries/{beneficiary}/representatives"), form).expect(201).id()
    }
    /// An open case of a beneficiary in an organization, opened a month ago.
    pub fn case(&self, who: &Account, organization: &str, beneficiary: &str) -> String {
        let order = json!({"beneficiary_id": beneficiary, "organization_id": organization, "opened_on": self.day(-30)});
        self.post(who, "/cases", order).expect(201).id()
    }
}

/// The register, and deaths.
impl World {
    /// The entry of a beneficiary.
    pub fn entry(&self, beneficiary: &str) -> String {
        let list = self.get(&self.admin(), &format!("/register-entries?beneficiary_id={beneficiary}"));
        Reply::id_of(&list.expect(200).items()[0])
    }
    /// Merges the second of two records into the first, and returns the id of the merge.
    pub fn merged(&self, first: &str, second: &str) -> String {
        let order = json!({"other_entry_id": self.entry(second), "reason": "Один паспорт."});
        let path = format!("/register-entries/{}/merges", self.entry(first));
        self.post(&self.admin(), &path, order).expect(201).id()
    }
    /// Takes a merge back.
    pub fn reversed(&self, merge: &str) {
        let path = format!("/register-merges/{merge}/reversal");
        self.post(&self.admin(), &path, json!({"reason": "Это сёстры."})).expect(200);
    }
    /// Removes a beneficiary from the register, on a day so many days from today.
    pub fn removed(&self, beneficiary: &str, days: i64) {
        let order = json!({"removed_on": self.day(days), "reason": "moved_out"});
        let path = format!("/register-entries/{}/removal", self.entry(beneficiary));
        self.post(&self.admin(), &path, order).expect(200);
    }
    /// Takes the entry of a beneficiary who was removed back.
    pub fn restored(&self, beneficiary: &str) {
        let path = format!("/register-entries/{}/restoration", self.entry(beneficiary));
        self.post(&self.admin(), &path, json!({"reason": "Вернулась."})).expect(200);
    }
    /// Records a death, on a day so many days from today.
    pub fn die(&self, who: &Account, person: &str, days: i64) -> Reply {
        let order = json!({"died_on": self.day(days), "document": "Свидетельство о смерти II-СТ № 654321"});
        self.post(who, &format!("/people/{person}/death"), order)
    }
}

/// The smallest content that is recognized as a PDF.
pub const PDF: &[u8] = b"%PDF-1.4\n1 0 obj << >> endobj\ntrailer << >>\n%%EOF\n";

/// The boundary between the parts of every upload.
pub const BOUNDARY: &str = "----nastavnik-tests";

/// The body of an upload. Each part has its headers and its content.
pub fn multipart(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut body = Vec::new();
    for (headers, content) in parts {
        body.extend(format!("--{BOUNDARY}\r\n{headers}\r\n\r\n").into_bytes());
        body.extend_from_slice(content);
        body.extend_from_slice(b"\r\n");
    }
    body.extend(format!("--{BOUNDARY}--\r\n").into_bytes());
    body
}

/// The body of an upload in the form that browsers send.
pub fn upload_body(purpose: &str, name: &str, media_type: &str, content: &[u8]) -> Vec<u8> {
    let file = format!(
        "Content-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: {media_type}"
    );
    multipart(&[("Content-Disposition: form-data; name=\"purpose\"", purpose.as_bytes()), (&file, content)])
}

/// Files.
impl crate::Client {
    /// An upload request before it is sent.
    pub fn uploading(&self, who: &Account, body: Vec<u8>) -> Ask<'_> {
        let media_type = format!("multipart/form-data; boundary={BOUNDARY}");
        self.ask("POST", "/api/v1/files").by(who).body(&media_type, body)
    }
    /// Uploads a PDF and returns its id.
    pub fn file(&self, who: &Account, purpose: &str) -> String {
        self.uploading(who, upload_body(purpose, "скан.pdf", "application/pdf", PDF)).send().expect(201).id()
    }
}

/// Applications and mentors.
impl World {
    /// A woman of 40 who lives in the municipality `25655000`, put on record by that account.
    pub fn resident(&self, who: &Account) -> String {
        let woman = json!({"family_name": "Петрова", "given_name": "Мария", "patronymic": "Ильинична", "birth_date": "1985-06-01", "residence": "25655000"});
        self.person(who, woman)
    }
    /// An НКО of the same municipality.
    pub fn ngo(&self, name: &str) -> String {
        self.organization("ngo", name, "25655000")
    }

    /// A complete application of a person to an institution, ready to be submitted to `family-mentoring`.
    pub fn application_form(&self, who: &Account, person: &str, organization: &str, ngo: &str) -> Value {
        json!({
            "person_id": person, "organization_id": organization, "ngo_id": ngo, "program_id": self.program("family-mentoring"),
            "statement": {"addressed_to": "Директору ОГБУ «УСЗСОН»", "text": "Прошу рассмотреть мою кандидатуру.", "signed_on": self.day(-1)},
            "questionnaire": {"backgrounds": ["ngo_specialist"], "occupation": "НКО «Доброе дело», координатор", "motivation": "Хочу помочь семье."},
            "documents": [{"purpose": "passport_copy", "file_id": self.file(who, "passport_copy")}],
        })
    }
    /// A draft of an application.
    pub fn draft(&self, who: &Account, person: &str, organization: &str, ngo: &str) -> Reply {
        self.post(who, "/mentor-applications", self.application_form(who, person, organization, ngo))
            .expect(201)
    }
    /// A submitted application.
    pub fn submitted(&self, who: &Account, person: &str, organization: &str, ngo: &str) -> Reply {
        let id = self.draft(who, person, organization, ngo).id();
        self.post(who, &format!("/mentor-applications/{id}/submission"), json!({})).expect(200)
    }
    /// An assessment of a candidate who meets every requirement of 002 §2.2.1 except the given ones.
    pub fn assessment(&self, unmet: &[&str]) -> Value {
        let all = ["experience", "active_position", "personal_qualities", "success", "social_norms"];
        let one = |it: &&str| json!({"requirement": it, "met": !unmet.contains(it)});
        json!({"requirements": all.iter().map(one).collect::<Vec<_>>()})
    }
    /// Records that the candidate meets every requirement.
    pub fn assess(&self, who: &Account, application: &str) -> Reply {
        let path = format!("/mentor-applications/{application}");
        let etag = self.get(who, &path).expect(200).etag();
        self.put(who, &format!("{path}/assessment"), &etag, self.assessment(&[])).expect(200)
    }
    /// Creates a mentor whom this director has approved for `family-mentoring`, and returns the mentor's id.
    pub fn mentor(&self, director: &Account, person: &str, organization: &str, ngo: &str) -> String {
        let id = self.submitted(director, person, organization, ngo).id();
        self.assess(director, &id);
        let decided = self
            .post(director, &format!("/mentor-applications/{id}/decision"), json!({"kind": "approve"}))
            .expect(200);
        decided.body["mentor_id"].as_str().expect("a mentor").to_owned()
    }
}
