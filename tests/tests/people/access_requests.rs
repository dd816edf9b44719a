//! Access requests: another institution's person is no dead end, and nobody learns whether there is anybody.
use chrono::TimeDelta;
use domain::base::change::SubjectKind;
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use tests::{Account, Reply, World};

const SNILS: &str = "11223344595";
/// A number that nobody has.
const NOBODYS: &str = "08765430300";

struct Stage {
    world: World,
    /// The director and a specialist of the institution that holds the person.
    holder: Account,
    /// The institution that asks, with its director and a specialist.
    asking: String,
    director: Account,
    specialist: Account,
    person: String,
}

impl Stage {
    fn new() -> Self {
        tests::prepared!(Stage { holder, asking, director, specialist, person } by Self::in_world)
    }
    fn in_world(world: World) -> Self {
        let (held_by, holder) = world.institution("Центр «Дом»");
        let (asking, director) = world.institution("Центр «Кров»");
        let specialist = world.staff("support_specialist", &asking);
        let person = world.person(&holder, json!({"snils": SNILS}));
        world.beneficiary(&holder, &held_by, &person);
        Self { world, holder, asking, director, specialist, person }
    }
    fn ask(&self, snils: &str) -> Reply {
        let order = json!({"snils": snils, "reason": "Семья переехала к нам."});
        self.world.post(&self.specialist, "/access-requests", order)
    }
    fn decide(&self, who: &Account, id: &str, order: Value) -> Reply {
        self.world.post(who, &format!("/access-requests/{id}/decision"), order)
    }
    fn card(&self, who: &Account, id: &str) -> Reply {
        self.world.get(who, &format!("/access-requests/{id}"))
    }
    fn readers(&self) -> Vec<String> {
        self.world.readers(SubjectKind::Person, &self.person)
    }
}

/// An answer without what differs between any two requests.
fn shape(it: &Reply) -> (u16, Value, Vec<String>) {
    let mut body = it.body.clone();
    body["id"] = json!("");
    let names = it.headers.iter().map(|(name, _)| name.clone()).filter(|it| it != "date");
    (it.status, body, names.collect())
}

#[test]
fn a_request_is_answered_alike_whether_or_not_there_is_anybody() {
    let stage = Stage::new();
    let (about, nobody) = (stage.ask(SNILS).expect(202), stage.ask(NOBODYS).expect(202));
    assert_eq!(shape(&about), shape(&nobody));
    assert_eq!(about.body["state"], "open");
    assert_eq!(about.body["organization_id"], json!(stage.asking));
    for reply in [&about, &nobody] {
        assert_eq!(
            reply.header("location"),
            Some(format!("/api/v1/access-requests/{}", reply.id()).as_str())
        );
        assert!(reply.body["person_id"].is_null());
    }
    let again = |it: &Reply| shape(&stage.card(&stage.specialist, &it.id()).expect(200));
    assert_eq!(again(&about), again(&nobody));
    // Both lapse alike.
    let stage = Stage { world: advanced(stage.world, 15), ..stage };
    let specialist = stage.world.login(&stage.specialist.login);
    let later = |it: &Reply| shape(&stage.card(&specialist, &it.id()).expect(200));
    assert_eq!(later(&about), later(&nobody));
    assert_eq!(stage.card(&specialist, &about.id()).body["state"], "lapsed");
}

fn advanced(mut world: World, days: i64) -> World {
    world.advance_days(days);
    world
}

#[test]
fn a_request_takes_alike_long_whether_or_not_there_is_anybody() {
    let stage = Stage::new();
    let admin = stage.world.admin();
    let ask = |snils: &str, n: usize| {
        let robot = stage.world.account(
            &format!("asks-{snils}-{n}"),
            json!([{"role": "support_specialist", "organization_id": stage.asking}]),
            None,
        );
        let began = Instant::now();
        for _ in 0..10 {
            let order = json!({"snils": snils, "reason": "Переезд."});
            stage.world.post(&robot, "/access-requests", order).expect(202);
        }
        began.elapsed()
    };
    assert!(!admin.token.is_empty());
    let (mut about, mut nobody) = (Duration::MAX, Duration::MAX);
    // Ten requests each: a difference of 5 ms a request would be told. The quickest of some times has nothing of a busy machine.
    for n in 0..20 {
        about = about.min(ask(SNILS, n));
        nobody = nobody.min(ask(NOBODYS, n));
        if n >= 4 && about.abs_diff(nobody) < Duration::from_millis(50) {
            return;
        }
    }
    panic!("{about:?} and {nobody:?}");
}

#[test]
fn the_conflict_of_a_number_leads_to_a_request_and_leaves_a_trace() {
    let stage = Stage::new();
    let before = stage.readers().iter().filter(|it| **it == stage.specialist.id).count();
    assert_eq!(before, 0);
    let mut girl = stage.world.girl();
    girl["snils"] = json!(SNILS);
    let taken =
        stage.world.post(&stage.specialist, "/people", girl.clone()).refused(409, "person.snils_taken");
    let error = &taken.body["errors"][0];
    assert_eq!(error["pointer"], "/snils");
    let params = error["params"].to_string();
    assert!(params.contains("/api/v1/access-requests"), "{params}");
    assert!(!taken.text.contains(&stage.person), "nothing tells who it is");
    assert_eq!(stage.readers().iter().filter(|it| **it == stage.specialist.id).count(), 1);
    // By an edit, by a patch, and by an order whose other faults are told with it.
    let other = stage.world.person(&stage.specialist, json!({"given_name": "Вера"}));
    let path = format!("/people/{other}");
    let patched = stage.world.edit(&stage.specialist, &path, json!({"snils": SNILS}));
    patched.refused(409, "person.snils_taken");
    girl["no_such_member"] = json!(1);
    let faulty = stage.world.post(&stage.specialist, "/people", girl.clone()).expect(422);
    let told = faulty.codes().contains(&"person.snils_taken");
    let traces = stage.readers().iter().filter(|it| **it == stage.specialist.id).count();
    assert_eq!(traces, if told { 3 } else { 2 });
    // Those who see the person are told who it is.
    girl.as_object_mut().unwrap().remove("no_such_member");
    let known = stage.world.post(&stage.holder, "/people", girl).refused(409, "person.snils_taken");
    assert!(known.body["errors"][0]["params"].to_string().contains(&stage.person));
}

#[test]
fn an_incomplete_edit_shows_nobody_and_leaves_no_trace() {
    let stage = Stage::new();
    let mut girl = stage.world.girl();
    let other = stage.world.person(&stage.specialist, json!({"given_name": "Вера"}));
    let path = format!("/people/{other}");
    girl["snils"] = json!(SNILS);
    girl.as_object_mut().expect("a form").remove("birth_date");
    let etag = stage.world.get(&stage.specialist, &path).expect(200).etag();
    let told = stage.world.put(&stage.specialist, &path, &etag, girl).refused(422, "field.missing");
    assert_eq!(told.pointers(), ["/birth_date"]);
    let patch = json!({"snils": SNILS, "birth_date": null});
    stage.world.edit(&stage.specialist, &path, patch).refused(422, "field.missing");
    assert!(!stage.readers().contains(&stage.specialist.id));
}

#[test]
fn a_request_leaves_a_trace_with_the_person() {
    let stage = Stage::new();
    stage.ask(SNILS).expect(202);
    assert_eq!(stage.readers().iter().filter(|it| **it == stage.specialist.id).count(), 1);
    let history = stage.world.get(&stage.holder, &format!("/people/{}/history", stage.person)).expect(200);
    assert_eq!(history.items()[0]["kind"], "person.access_requested");
    assert_eq!(history.items()[0]["actor_id"], json!(stage.specialist.id));
}

#[test]
fn the_holder_grants_a_card_for_a_term() {
    let stage = Stage::new();
    let world = &stage.world;
    let request = stage.ask(SNILS).expect(202).id();
    let path = format!("/people/{}", stage.person);
    world.get(&stage.specialist, &path).expect(404);
    let open = world.get(&stage.holder, "/access-requests?to_decide=true").expect(200);
    let item = &open.items()[0];
    assert_eq!((&item["id"], &item["person_id"]), (&json!(request), &json!(stage.person)));
    assert_eq!(item["person_name"], "Морозова Алёна Сергеевна");
    assert_eq!(
        (&item["organization_name"], &item["reason"]),
        (&json!("Центр «Кров»"), &json!("Семья переехала к нам."))
    );
    let order = json!({"kind": "grant", "reason": "Переезд подтверждён.", "ends_on": world.day(30)});
    let granted = stage.decide(&stage.holder, &request, order).expect(200);
    assert_eq!(granted.body["state"], "granted");
    assert!(world.get(&stage.holder, "/access-requests?to_decide=true").expect(200).items().is_empty());
    let told = stage.card(&stage.specialist, &request).expect(200);
    assert_eq!((&told.body["state"], &told.body["person_id"]), (&json!("granted"), &json!(stage.person)));
    // Read, and read only: by the card, by lists, by search, and as a reference of the institution's own orders.
    crate::region::identity::within_a_second(world, &stage.specialist, &path, 200);
    let card = world.get(&stage.director, &path).expect(200);
    let found = world.post(&stage.specialist, "/people/search", json!({"snils": SNILS})).expect(200);
    assert_eq!(found.items().len(), 1);
    let edit = json!({"given_name": "Вера"});
    world.patch(&stage.specialist, &path, &card.etag(), edit.clone()).refused(403, "access.forbidden");
    world.get(&stage.specialist, "/beneficiaries").expect(200).items().is_empty().then_some(()).unwrap();
    let family = world.family(&stage.specialist, &[&stage.person]);
    assert!(!family.is_empty());
    // The institution does not decide about others by what was granted to it.
    let (_, third) = world.institution("Центр «Очаг»");
    let by_third = json!({"snils": SNILS, "reason": "Обратились к нам."});
    let third_request = world.post(&third, "/access-requests", by_third).expect(202).id();
    stage.card(&third, &third_request).expect(200);
    // After the term there is nothing to see.
    let stage = Stage { world: advanced(stage.world, 31), ..stage };
    let (director, holder) =
        (stage.world.login(&stage.director.login), stage.world.login(&stage.holder.login));
    stage.world.get(&holder, &path).expect(200);
    let lost = stage.world.get(&director, &path);
    // The family that the institution has entered meanwhile does not keep the person in its sight.
    assert_eq!(lost.status, 404);
}

#[test]
fn only_those_who_hold_the_person_decide() {
    let stage = Stage::new();
    let world = &stage.world;
    let (_, stranger) = world.institution("Центр «Очаг»");
    let request = stage.ask(SNILS).expect(202).id();
    let nobodys = stage.ask(NOBODYS).expect(202).id();
    let grant = || json!({"kind": "grant"});
    stage.decide(&stranger, &request, grant()).refused(404, "request.not_found");
    stage.card(&stranger, &request).expect(404);
    stage.decide(&stage.specialist, &request, grant()).refused(403, "access.forbidden");
    for own in [&request, &nobodys] {
        stage.decide(&stage.director, own, grant()).refused(403, "access.not_yours");
        stage.decide(&world.admin(), own, grant()).refused(403, "access.forbidden");
    }
    let specialist = world.staff("support_specialist", &stage.asking);
    stage.card(&specialist, &request).expect(200);
    stage.decide(&stage.holder, &nobodys, grant()).refused(404, "request.not_found");
    stage.decide(&stage.holder, &request, grant()).expect(200);
    stage.decide(&stage.holder, &request, grant()).refused(409, "access_request.settled");
}

#[test]
fn a_refusal_has_a_reason_and_opens_nothing() {
    let stage = Stage::new();
    let request = stage.ask(SNILS).expect(202).id();
    stage.decide(&stage.holder, &request, json!({"kind": "refuse"})).refused(422, "field.missing");
    let far = json!({"kind": "grant", "ends_on": stage.world.day(91)});
    stage.decide(&stage.holder, &request, far).refused(422, "access_request.term");
    let past = json!({"kind": "grant", "ends_on": stage.world.day(-1)});
    stage.decide(&stage.holder, &request, past).refused(422, "access_request.term");
    let refusal = json!({"kind": "refuse", "reason": "Семья об этом не просила."});
    stage.decide(&stage.holder, &request, refusal).expect(200);
    let told = stage.card(&stage.specialist, &request).expect(200);
    assert_eq!(
        (&told.body["state"], &told.body["decision_reason"]),
        (&json!("refused"), &json!("Семья об этом не просила."))
    );
    assert!(told.body["person_id"].is_null());
    stage.world.get(&stage.specialist, &format!("/people/{}", stage.person)).expect(404);
}

#[test]
fn a_request_that_nobody_answered_lapses_and_is_not_decided() {
    let stage = Stage::new();
    let request = stage.ask(SNILS).expect(202).id();
    let stage = Stage { world: advanced(stage.world, 15), ..stage };
    let holder = stage.world.login(&stage.holder.login);
    assert!(stage.world.get(&holder, "/access-requests?to_decide=true").expect(200).items().is_empty());
    stage.decide(&holder, &request, json!({"kind": "grant"})).refused(409, "access_request.settled");
}

#[test]
fn an_account_makes_ten_requests_a_day_and_no_key_makes_any() {
    let stage = Stage::new();
    for n in 0..10 {
        stage.ask(if n % 2 == 0 { SNILS } else { NOBODYS }).expect(202);
    }
    let over = |snils| stage.ask(snils).refused(429, "access_request.too_many");
    let (about, nobody) = (over(SNILS), over(NOBODYS));
    assert_eq!(about.body["errors"], nobody.body["errors"]);
    assert!(about.header("retry-after").is_some());
    let order = json!({"snils": SNILS, "reason": "Переезд."});
    stage.world.post(&stage.director, "/access-requests", order.clone()).expect(202);
    let key = stage.world.key(&["read_people", "edit_people"], json!({}));
    stage.world.keyed_post(&key, "/access-requests", "k", order).refused(403, "access.forbidden");
    stage.world.advance(TimeDelta::hours(25));
    let specialist = stage.world.login(&stage.specialist.login);
    let order = json!({"snils": NOBODYS, "reason": "Переезд."});
    stage.world.post(&specialist, "/access-requests", order).expect(202);
}

#[test]
fn an_institution_asks_for_itself_alone() {
    let stage = Stage::new();
    let other = stage.world.institution("Центр «Очаг»").0;
    let order = json!({"snils": SNILS, "reason": "Переезд.", "organization_id": other});
    stage.world.post(&stage.specialist, "/access-requests", order).refused(422, "field.reference");
    let order = json!({"snils": SNILS, "reason": "Переезд.", "organization_id": stage.asking});
    stage.world.post(&stage.specialist, "/access-requests", order).expect(202);
    let wrong = json!({"snils": "11223344594", "reason": ""});
    let refused = stage.world.post(&stage.specialist, "/access-requests", wrong).expect(422);
    assert_eq!(refused.codes().len(), 2);
}
