//! Crises: a call for help, the chain of those who answer, and whom it is hidden from.
mod aftermath;
mod chain;
mod figures;
mod findings;
mod misfortune;
mod overdue;
mod sight;
mod silence;
mod steps;

use chrono::TimeDelta;
use serde_json::{Value, json};
use tests::{Account, Reply, World, with};

/// A girl of 15 with an open case, a specialist in charge, a head and a director.
pub(super) struct Scene {
    pub(super) world: World,
    organization: String,
    director: Account,
    head: Account,
    /// The specialist in charge.
    specialist: Account,
    /// Another specialist of the organization.
    colleague: Account,
    girl: String,
    beneficiary: String,
    case: String,
    mentee: Account,
}

pub(super) fn scene() -> Scene {
    tests::prepared!(Scene { organization, director, head, specialist, colleague, girl, beneficiary, case, mentee } by scene_in)
}

fn scene_in(world: World) -> Scene {
    let (organization, director) = world.institution("Центр");
    let girl = world.person(&director, json!({}));
    let beneficiary = world.beneficiary(&director, &organization, &girl);
    let head = world.staff("unit_head", &organization);
    let specialist = world.staff("support_specialist", &organization);
    let colleague = world.staff("support_specialist", &organization);
    let order = json!({"beneficiary_id": beneficiary, "organization_id": organization, "opened_on": world.day(-30),
        "specialist_user_id": specialist.id});
    let case = world.post(&director, "/cases", order).expect(201).id();
    let mentee = world.account("girl", json!([{"role": "mentee"}]), Some(&girl));
    Scene { world, organization, director, head, specialist, colleague, girl, beneficiary, case, mentee }
}

impl Scene {
    fn try_report(&self, who: &Account, members: Value) -> Reply {
        let form = json!({"beneficiary_id": self.beneficiary, "kind": "conflict", "text": "Кричат-Х."});
        self.world.post(who, "/crises", with(form, &members))
    }
    fn report(&self, who: &Account, members: Value) -> String {
        self.try_report(who, members).expect(201).id()
    }
    fn seen(&self, who: &Account, crisis: &str) -> Reply {
        self.world.get(who, &format!("/crises/{crisis}"))
    }
    fn step(&self, who: &Account, crisis: &str, step: &str, order: Value) -> Reply {
        self.world.post(who, &format!("/crises/{crisis}/{step}"), order)
    }
    fn take(&self, who: &Account, crisis: &str) -> Reply {
        self.step(who, crisis, "acknowledgement", json!({}))
    }
    fn listen(&self, who: &Account, crisis: &str) -> Reply {
        let order =
            json!({"kind": "listen", "at": self.world.now(), "reached": true, "text": "Поговорили-Х."});
        self.step(who, crisis, "actions", order)
    }
    fn tell(&self, who: &Account, crisis: &str, to: &str) -> Reply {
        let order = json!({"to": to, "at": self.world.now(), "how": "letter", "number": "17/2"});
        self.step(who, crisis, "notices", order)
    }
    fn find(&self, who: &Account, crisis: &str, order: Value) -> Reply {
        self.step(who, crisis, "findings", order)
    }
    fn officer(&self, login: &str, territory: &str) -> Account {
        let grants = json!([{"role": "guardianship_officer", "territory": territory}]);
        self.world.account(login, grants, None)
    }
    /// The kinds of the facts of a crisis, the latest first.
    fn told(&self, crisis: &str) -> Vec<String> {
        let history = self.world.get(&self.world.admin(), &format!("/crises/{crisis}/history")).expect(200);
        history.items().iter().map(|it| it["kind"].as_str().expect("a kind").to_owned()).collect()
    }
    fn resolve(&self, who: &Account, crisis: &str, outcome: &str) -> Reply {
        self.step(who, crisis, "resolution", json!({"outcome": outcome, "note": "Итог-Х."}))
    }
    fn waits(&self, who: &Account) -> Vec<String> {
        let agenda = self.world.get(who, "/me/agenda").expect(200);
        agenda.body["crises"].as_array().expect("crises").iter().map(Reply::id_of).collect()
    }
    fn listed(&self, who: &Account, filter: &str) -> Vec<String> {
        self.world.get(who, &format!("/crises{filter}")).expect(200).ids()
    }
    /// Lets minutes pass and logs everybody in again.
    fn pass(&mut self, minutes: i64) {
        self.world.advance(TimeDelta::minutes(minutes));
        self.world.advance_days(0);
        for it in
            [&mut self.director, &mut self.head, &mut self.specialist, &mut self.colleague, &mut self.mentee]
        {
            *it = self.world.again(it);
        }
    }
}

#[test]
fn a_mentee_calls_for_help_without_a_word_and_learns_that_she_was_heard_and_who_has_it() {
    let it = scene();
    let order = json!({"beneficiary_id": it.beneficiary, "kind": "other"});
    let reported = it.world.post(&it.mentee, "/crises", order).expect(201);
    assert_eq!(reported.body["progress"], "heard");
    let phones = reported.body["emergency_contacts"].as_array().expect("telephones");
    assert!(phones.iter().any(|it| it["phone"] == "112"), "{phones:?}");
    assert!(phones.iter().any(|it| it["kind"] == "duty_line"), "{phones:?}");
    let crisis = reported.id();
    assert_eq!(it.waits(&it.specialist), [crisis.as_str()]);
    assert_eq!(it.waits(&it.head), Vec::<String>::new());
    let taken = it.take(&it.specialist, &crisis).expect(200);
    assert_eq!(taken.body["state"], "acknowledged");
    let told = it.seen(&it.mentee, &crisis).expect(200);
    assert_eq!(told.body["progress"], "taken_up");
    assert_eq!(told.body["acknowledged_by_user_id"], json!(it.specialist.id));
    assert!(told.body["acknowledged_by_user_name"].is_string());
    it.try_report(&it.director, json!({"text": null})).refused(422, "field.missing");
    let (_, stranger) = it.world.institution("Чужой центр");
    it.try_report(&stranger, json!({})).refused(422, "field.reference");
    it.seen(&stranger, &crisis).expect(404);
}

#[test]
fn a_call_of_a_mentee_with_a_blank_text_stands_as_one_without_a_word() {
    let it = scene();
    for blank in ["", "  ", "\u{202e}"] {
        let crisis = it.report(&it.mentee, json!({"kind": "other", "text": blank}));
        let told = it.seen(&it.specialist, &crisis).expect(200);
        assert!(told.body.get("text").is_none(), "{}", told.text);
        it.try_report(&it.director, json!({"text": blank})).refused(422, "field.missing");
    }
}

#[test]
fn the_card_of_a_reporter_never_says_what_was_done_nor_how_it_ended() {
    let it = scene();
    let crisis = it.report(&it.mentee, json!({"text": "Страшно-Х.", "reach_me": "Писать-Х"}));
    it.take(&it.specialist, &crisis).expect(200);
    let taken = it.seen(&it.mentee, &crisis).expect(200);
    it.listen(&it.specialist, &crisis).expect(200);
    it.tell(&it.specialist, &crisis, "guardianship").expect(200);
    it.step(&it.specialist, &crisis, "severity", json!({"severity": "moderate"})).expect(200);
    let later = it.seen(&it.mentee, &crisis).expect(200);
    assert_eq!(later.text, taken.text, "not even a version tells that something was done");
    assert_eq!(later.etag(), taken.etag());
    it.resolve(&it.specialist, &crisis, "placed").expect(200);
    let ended = it.seen(&it.mentee, &crisis).expect(200);
    assert_eq!(ended.body["progress"], "ended");
    let list = it.world.get(&it.mentee, "/crises?progress=ended").expect(200);
    assert_eq!(list.items().len(), 1);
    for text in [&ended.text, &list.text] {
        for word in ["Х", "placed", "moderate", "guardianship", "listen", "resolved", &it.girl] {
            assert!(!text.contains(word), "{word}: {text}");
        }
    }
    for filter in ["?state=resolved", "?state=false_alarm", "?severity=moderate"] {
        assert!(it.listed(&it.mentee, filter).is_empty(), "a filter tells nothing that the card does not");
    }
    it.world.get(&it.mentee, &format!("/crises/{crisis}/history")).expect(404);
    let alarm = it.report(&it.mentee, json!({}));
    it.take(&it.specialist, &alarm).expect(200);
    it.listen(&it.specialist, &alarm).expect(200);
    it.step(&it.head, &alarm, "false-alarm", json!({"note": "Ошибка-Х."})).expect(200);
    let card = it.seen(&it.mentee, &alarm).expect(200);
    assert_eq!(card.body["progress"], ended.body["progress"]);
    let members = |it: &Reply| it.body.as_object().expect("a card").keys().cloned().collect::<Vec<_>>();
    assert_eq!(members(&card), members(&ended));
}

#[test]
fn two_acknowledgements_in_parallel_leave_one_who_has_it_and_one_who_learns_who() {
    let mut it = scene();
    let crisis = it.report(&it.mentee, json!({}));
    it.pass(16);
    let crews = [it.specialist.clone(), it.head.clone()];
    let answers: Vec<Reply> = std::thread::scope(|threads| {
        let take = |who: Account| {
            let (it, crisis) = (&it, &crisis);
            threads.spawn(move || it.take(&who, crisis))
        };
        let all: Vec<_> = crews.iter().cloned().map(take).collect();
        all.into_iter().map(|it| it.join().expect("an answer")).collect()
    });
    let won = answers.iter().find(|it| it.status == 200).expect("one has it");
    let lost = answers.iter().find(|it| it.status != 200).expect("one does not");
    assert_eq!((lost.status, lost.code()), (409, "crisis.acknowledged"), "{}", lost.text);
    let by = won.body["acknowledged_by_user_id"].as_str().expect("an account");
    assert!(lost.text.contains(by), "it names who has it: {}", lost.text);
}

#[test]
fn danger_to_a_child_is_seen_by_guardianship_of_the_territory_and_told_in_writing_before_it_is_resolved() {
    let mut it = scene();
    let officer = |login: &str, territory: &str| {
        it.world.account(login, json!([{"role": "guardianship_officer", "territory": territory}]), None)
    };
    let (near, far) = (officer("near", "25655000"), officer("far", "33701000"));
    let crisis = it.report(&it.specialist, json!({"kind": "neglect"}));
    let seen = it.seen(&near, &crisis).expect(200);
    assert_eq!(seen.body["notices"][0]["how"], "system");
    assert_eq!(seen.body["survey_due_on"], json!(it.world.day(3)));
    assert_eq!(it.waits(&near), [crisis.as_str()]);
    it.seen(&far, &crisis).expect(404);
    assert!(it.listed(&far, "").is_empty());
    it.listen(&it.specialist, &crisis).expect(200);
    let card = it.seen(&it.specialist, &crisis).expect(200);
    assert_eq!(card.body["notices_due"], json!(["guardianship"]));
    assert!(card.body["notice_due_at"].is_string());
    let resolve = card.action("resolve_crisis").expect("it is offered");
    assert_eq!(resolve["blocked_by"], json!(["crisis.notice_missing"]));
    it.resolve(&it.specialist, &crisis, "safe").refused(409, "crisis.notice_missing");
    let call = json!({"to": "guardianship", "at": it.world.now(), "how": "phone", "number": "8395212345"});
    it.step(&it.specialist, &crisis, "notices", call).expect(200);
    it.resolve(&it.specialist, &crisis, "safe").refused(409, "crisis.notice_missing");
    it.step(
        &it.specialist,
        &crisis,
        "notices",
        json!({"to": "guardianship", "at": it.world.now(), "how": "system"}),
    )
    .expect(422);
    it.tell(&it.specialist, &crisis, "guardianship").expect(200);
    let survey = json!({"surveyed_on": it.world.day(0), "result": "Условия-Х."});
    it.step(&it.specialist, &crisis, "survey", survey.clone()).expect(403);
    it.step(&far, &crisis, "survey", survey.clone()).expect(404);
    it.step(&near, &crisis, "survey", with(survey.clone(), &json!({"surveyed_on": it.world.day(1)})))
        .refused(422, "crisis.in_future");
    it.step(&near, &crisis, "survey", with(survey.clone(), &json!({"surveyed_on": it.world.day(-1)})))
        .refused(422, "crisis.action_early");
    it.step(&near, &crisis, "survey", survey.clone()).expect(200);
    it.step(&near, &crisis, "survey", survey).refused(409, "crisis.no_survey_due");
    it.resolve(&it.specialist, &crisis, "safe").expect(200);

    let runaway = it.report(&it.specialist, json!({"kind": "runaway"}));
    it.tell(&it.specialist, &runaway, "guardianship").expect(200);
    it.resolve(&it.specialist, &runaway, "not_found").refused(409, "crisis.notice_missing");
    it.tell(&it.specialist, &runaway, "police").expect(200);
    it.resolve(&it.specialist, &runaway, "not_found").expect(200);

    let last = it.report(&it.specialist, json!({"kind": "violence"}));
    let years = (it.world.today() - chrono::NaiveDate::from_ymd_opt(2026, 3, 2).expect("a day")).num_days();
    assert_eq!(years, 0);
    it.world.advance_days(366 * 3);
    it.pass(0);
    it.listen(&it.specialist, &last).expect(200);
    it.resolve(&it.specialist, &last, "safe").expect(200);
}

#[test]
fn a_family_with_a_child_is_told_of_too_and_a_grown_up_is_not() {
    let it = scene();
    let world = &it.world;
    let child = world.person(&it.director, json!({"given_name": "Миша", "birth_date": "2018-03-01"}));
    let family = world.family(&it.director, &[&child]);
    let family = world.family_beneficiary(&it.director, &it.organization, &family);
    let woman = world.person(&it.director, json!({"given_name": "Ольга", "birth_date": "1996-08-01"}));
    let woman = world.beneficiary(&it.director, &it.organization, &woman);
    let of = |beneficiary: &str| {
        let crisis = it.report(&it.director, json!({"beneficiary_id": beneficiary, "danger_to_child": true}));
        it.seen(&it.director, &crisis).expect(200).body
    };
    assert_eq!(of(&family)["notices_due"], json!(["guardianship"]));
    let grown = of(&woman);
    assert_eq!((&grown["notices_due"], &grown["notices"]), (&json!([]), &json!([])));
    assert!(grown["survey_due_on"].is_null());
}
