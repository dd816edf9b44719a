//! Documents of mentors that are about to expire.
use serde_json::{Value, json};
use tests::{Account, Reply, World};

struct Scene {
    world: World,
    organization: String,
    director: Account,
    ngo: String,
    person: String,
    mentor: String,
}

/// A mentor of the district's program, whose passport never expires.
fn scene() -> Scene {
    let world = World::with(&["--clock-seconds", "1"]);
    let (organization, director) = world.institution("УСЗСОН по Эхирит-Булагатскому району");
    let ngo = world.ngo("Доброе дело");
    let person = world.resident(&director);
    let mentor = world.mentor(&director, &person, &organization, &ngo);
    Scene { world, organization, director, ngo, person, mentor }
}

impl Scene {
    fn path(&self) -> String {
        format!("/mentors/{}", self.mentor)
    }
    fn card(&self, who: &Account) -> Reply {
        self.world.get(who, &self.path()).expect(200)
    }
    fn found(&self, who: &Account, days: i64) -> usize {
        let path = format!("/mentors?documents_expire_within_days={days}");
        self.world.get(who, &path).expect(200).items().len()
    }
    /// Gives the mentor these documents. Each has a purpose, a day of issue and a last day.
    fn documents(&self, all: &[(&str, Option<&str>, Option<&str>)]) {
        let file = self.world.file(&self.director, "other");
        let one = |(purpose, issued, last): &(&str, Option<&str>, Option<&str>)| {
            let mut it = json!({"purpose": purpose, "file_id": file});
            for (name, day) in [("issued_on", issued), ("valid_until", last)] {
                if let Some(day) = day {
                    it[name] = json!(day);
                }
            }
            it
        };
        let documents: Vec<Value> = all.iter().map(one).collect();
        let etag = self.card(&self.director).etag();
        self.world.patch(&self.director, &self.path(), &etag, json!({"documents": documents})).expect(200);
    }
}

#[test]
fn a_document_about_to_expire_shows_up_thirty_days_ahead() {
    let mut it = scene();
    assert_eq!(
        (it.found(&it.director, 365), &it.card(&it.director).body["documents_expiring"]),
        (0, &json!([]))
    );
    let last = it.world.day(31);
    it.documents(&[("passport_copy", None, Some(&last)), ("other", None, None)]);
    assert_eq!(it.card(&it.director).body["documents_expiring"], json!([]), "thirty-one days ahead");
    assert_eq!((it.found(&it.director, 30), it.found(&it.director, 31)), (0, 1));
    for days in [1, 40] {
        it.world.advance_days(days);
        it.director = it.world.again(&it.director);
        let told = json!([{"purpose": "passport_copy", "valid_until": last}]);
        assert_eq!(it.card(&it.director).body["documents_expiring"], told, "also when it has expired");
        assert_eq!(it.found(&it.director, 30), 1);
    }
    let renewed = it.world.day(400);
    it.documents(&[("passport_copy", None, Some(&last)), ("passport_copy", None, Some(&renewed))]);
    assert_eq!(
        (it.found(&it.director, 365), &it.card(&it.director).body["documents_expiring"]),
        (0, &json!([]))
    );
    for days in ["0", "366", "many"] {
        let path = format!("/mentors?documents_expire_within_days={days}");
        it.world.get(&it.director, &path).refused(400, "request.parameter");
    }
}

#[test]
fn a_document_expires_by_the_months_that_the_program_gives_it() {
    let it = scene();
    let program = it.world.program("family-mentoring");
    let editions = format!("/programs/{program}/editions");
    it.documents(&[("passport_copy", Some("2026-01-10"), None)]);
    assert_eq!(it.found(&it.director, 365), 0);
    let mut form = it.world.get(&it.director, &editions).expect(200).items()[0]["form"].clone();
    form["effective_from"] = json!(it.world.day(0));
    form["mentor"]["required_documents"] = json!([{"purpose": "passport_copy", "valid_months": 2}]);
    it.world.post(&it.world.admin(), &editions, form).expect(201);
    let told = json!([{"purpose": "passport_copy", "valid_until": "2026-03-10"}]);
    for _ in 0..100 {
        if it.card(&it.director).body["documents_expiring"] == told {
            break;
        }
        tests::pairs::pause();
    }
    assert_eq!(
        it.card(&it.director).body["documents_expiring"],
        told,
        "the clock has reckoned by the new edition"
    );
    assert_eq!((it.found(&it.director, 7), it.found(&it.director, 8)), (0, 1));
}

#[test]
fn what_expires_is_shown_to_staff_and_found_by_staff() {
    let it = scene();
    let last = it.world.day(3);
    it.documents(&[("passport_copy", None, Some(&last))]);
    let own = it.world.account("own", json!([{"role": "mentor"}]), Some(&it.person));
    assert_eq!(it.card(&own).body.get("documents_expiring"), None);
    assert_eq!(it.found(&own, 365), 0, "nobody finds by what they are not shown");
    let (_, stranger) = it.world.institution("Чужое");
    assert_eq!(it.found(&stranger, 365), 0);
    let specialist = it.world.staff("support_specialist", &it.organization);
    let sender = it.world.staff("director", &it.ngo);
    for who in [&specialist, &sender, &it.world.admin()] {
        assert_eq!(it.found(who, 30), 1, "{}", who.login);
    }
    let path = "/mentors?documents_expire_within_days=30&limit=1";
    assert_eq!(
        it.world.get(&specialist, path).expect(200).items()[0]["documents_expiring"][0]["valid_until"],
        json!(last)
    );
}
