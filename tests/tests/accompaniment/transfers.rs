//! Transfers: another organization takes a case over, and everything that moves with it moves at once.
use serde_json::{Value, json};
use tests::pairs::Pair;
use tests::{Account, Reply, World, with};

/// A pair in an institution, with an open case, and a centre that is to take the case over.
pub(super) struct Scene {
    pub(super) world: World,
    pub(super) pair: Pair,
    pub(super) case: String,
    pub(super) centre: String,
    pub(super) receiver: Account,
    /// A specialist of the centre.
    pub(super) heir: Account,
}

pub(super) fn scene() -> Scene {
    tests::prepared!(Scene { pair, case, centre, receiver, heir } by scene_in)
}

fn scene_in(world: World) -> Scene {
    let pair = world.pair();
    let case = world.case(&pair.director, &pair.organization, &pair.beneficiary);
    let (centre, receiver) = world.institution("Центр сопровождения");
    let heir = world.staff("support_specialist", &centre);
    Scene { world, pair, case, centre, receiver, heir }
}

impl Scene {
    pub(super) fn director(&self) -> &Account {
        &self.pair.director
    }
    /// A consent of the woman to pass these parts on to the centre.
    fn consent(&self, purpose: &str, parts: &[&str]) -> String {
        let paper = self.world.file(self.director(), "consent");
        let signature = json!({"signatory": "recipient", "person_id": self.pair.person, "signed_on": self.world.day(0),
            "file_id": paper});
        let form = json!({"purpose": purpose, "organization_ids": [self.centre], "parts": parts,
            "valid_until": self.world.day(300), "signatures": [signature]});
        let ledger = format!("/beneficiaries/{}/consents", self.pair.beneficiary);
        self.world.post(self.director(), &ledger, form).expect(201).id()
    }
    fn propose(&self, who: &Account, members: Value) -> Reply {
        let form = json!({"to_organization_id": self.centre, "reason": "study", "parts": ["identity"]});
        self.world.post(who, &format!("/cases/{}/transfers", self.case), with(form, &members))
    }
    fn proposed(&self, parts: &[&str], mentorships: &[&str]) -> (String, String) {
        let consent = self.consent("transfer", parts);
        let form = json!({"parts": parts, "consent_id": consent, "mentorship_ids": mentorships, "note": "Учится в колледже."});
        (self.propose(self.director(), form).expect(201).id(), consent)
    }
    pub(super) fn answer(&self, who: &Account, transfer: &str, answer: &str, order: Value) -> Reply {
        self.world.post(who, &format!("/case-transfers/{transfer}/{answer}"), order)
    }
    pub(super) fn accept(&self, transfer: &str) -> Reply {
        self.answer(&self.receiver, transfer, "acceptance", json!({"specialist_user_id": self.heir.id}))
    }
    fn shared(&self, who: &Account, transfer: &str) -> Reply {
        self.world.get(who, &format!("/case-transfers/{transfer}/shared-case"))
    }
    fn open_cases(&self) -> Vec<Value> {
        let path = format!("/cases?beneficiary_id={}&state=open", self.pair.beneficiary);
        self.world.get(&self.world.admin(), &path).expect(200).items().to_vec()
    }
}

#[test]
fn an_accepted_transfer_moves_the_case_its_tasks_its_mentorship_and_the_responsibility_at_once() {
    let it = scene();
    let (world, director) = (&it.world, it.director());
    let mentorship = world.active(&it.pair);
    let task = json!({"kind": "other", "title": "Собрать документы", "case_id": it.case,
        "assignee": {"kind": "user", "id": director.id}, "controller_user_id": director.id, "due_on": world.day(5)});
    let task = world.post(director, "/tasks", task).expect(201).id();
    world.get(&it.receiver, &format!("/mentorships/{mentorship}")).expect(404);
    let (transfer, _) = it.proposed(&["identity", "life"], &[&mentorship]);
    let accepted = it.accept(&transfer).expect(200);
    assert_eq!(accepted.body["state"], "accepted");
    let next = accepted.body["next_case_id"].as_str().expect("the case that goes on").to_owned();

    let old = world.get(director, &format!("/cases/{}", it.case)).expect(200);
    assert_eq!((&old.body["state"], &old.body["closing_reason"]), (&json!("closed"), &json!("transferred")));
    assert_eq!(old.body["closed_on"], json!(world.day(0)));
    let new = world.get(&it.receiver, &format!("/cases/{next}")).expect(200);
    assert_eq!((&new.body["state"], &new.body["continues_id"]), (&json!("open"), &json!(it.case)));
    assert_eq!((&new.body["stage"], &new.body["kind"]), (&old.body["stage"], &old.body["kind"]));
    assert_eq!(new.body["specialist_user_id"], json!(it.heir.id));
    assert_eq!(it.open_cases().len(), 1);

    let moved = world.get(&it.receiver, &format!("/mentorships/{mentorship}")).expect(200);
    assert_eq!((&moved.body["organization_id"], &moved.body["state"]), (&json!(it.centre), &json!("active")));
    let told = world.get(&it.receiver, &format!("/mentorships/{mentorship}/history")).expect(200);
    assert_eq!(told.items()[0]["kind"], "mentorship.handed_over");
    let person = world.get(&it.receiver, &format!("/beneficiaries/{}", it.pair.beneficiary)).expect(200);
    assert_eq!(person.body["organization_id"], json!(it.centre));

    let former = world.get(director, &format!("/tasks/{task}")).expect(200);
    assert_eq!(former.body["cancellation_reason"], "transferred");
    let tasks = world.get(&it.heir, &format!("/tasks?case_id={next}")).expect(200);
    let [copy] = tasks.items().as_slice() else { panic!("one task") };
    assert_eq!(
        (&copy["assignee"]["id"], &copy["controller_user_id"]),
        (&json!(it.heir.id), &json!(it.receiver.id))
    );
    assert_eq!((&copy["title"], &copy["due_on"]), (&json!("Собрать документы"), &json!(world.day(5))));
    world.get(director, &format!("/cases/{next}")).expect(404);
}

#[test]
fn a_tutor_of_the_former_organization_stays_behind_where_the_acceptance_names_none() {
    let it = scene();
    let world = &it.world;
    let grants =
        json!([{"role": "support_specialist", "organization_id": it.pair.organization}, {"role": "tutor"}]);
    let former = world.account("former", grants, None);
    let mentorship = world.followed(&it.pair, &former);
    let path = format!("/mentorships/{mentorship}");
    assert_eq!(world.get(&former, &path).expect(200).body["tutor_user_id"], json!(former.id));
    let (transfer, _) = it.proposed(&["identity"], &[&mentorship]);
    it.accept(&transfer).expect(200);
    assert!(world.get(&it.receiver, &path).expect(200).body["tutor_user_id"].is_null());
    world.get(&former, &path).expect(404);
}

#[test]
fn an_acceptance_names_the_tutor_of_the_pairs_that_it_takes_over() {
    let it = scene();
    let world = &it.world;
    let [present, named] =
        ["present", "named"].map(|login| world.account(login, json!([{"role": "tutor"}]), None));
    let mentorship = world.followed(&it.pair, &present);
    let path = format!("/mentorships/{mentorship}");
    let (transfer, _) = it.proposed(&["identity"], &[&mentorship]);
    let accept = |tutor: &Account| {
        let order = json!({"specialist_user_id": it.heir.id, "tutor_user_id": tutor.id});
        it.answer(&it.receiver, &transfer, "acceptance", order)
    };
    let told = accept(&it.heir).refused(422, "field.reference");
    assert_eq!(told.body["errors"][0]["pointer"], "/tutor_user_id");
    accept(&named).expect(200);
    assert_eq!(world.get(&it.receiver, &path).expect(200).body["tutor_user_id"], json!(named.id));
    world.get(&named, &path).expect(200);
    world.get(&present, &path).expect(404);
}

#[test]
fn the_receiver_reads_the_granted_parts_until_the_answer_and_nothing_after_a_refusal_or_a_withdrawal() {
    let it = scene();
    let (world, director) = (&it.world, it.director());
    let period = json!({"kind": "education", "name": "Колледж-Х", "level": "vocational", "starts_on": world.day(-300)});
    world.post(director, &format!("/beneficiaries/{}/life-periods", it.pair.beneficiary), period).expect(201);
    let problem = json!({"text": "Долг-Х", "noticed_on": world.day(0)});
    world.post(director, &format!("/cases/{}/problems", it.case), problem).expect(201);
    let (transfer, consent) = it.proposed(&["identity", "life"], &[]);
    let card = world.get(&it.receiver, &format!("/case-transfers/{transfer}")).expect(200);
    assert!(!card.text.contains("Дарья") && !card.text.contains(&it.pair.beneficiary), "{}", card.text);
    assert!(card.body["consent_id"].is_null());
    let shared = it.shared(&it.receiver, &transfer).expect(200);
    assert!(shared.text.contains("Колледж-Х") && shared.text.contains("Дарья"), "{}", shared.text);
    assert!(!shared.text.contains("Долг-Х"), "{}", shared.text);
    world.get(&it.receiver, &format!("/cases/{}", it.case)).expect(404);
    world.get(&it.receiver, &format!("/beneficiaries/{}", it.pair.beneficiary)).expect(404);
    it.shared(director, &transfer).expect(404);

    let paper = world.file(director, "consent");
    let order = json!({"person_id": it.pair.person, "file_id": paper});
    world.post(director, &format!("/consents/{consent}/withdrawal"), order).expect(200);
    it.shared(&it.receiver, &transfer).expect(404);
    it.accept(&transfer).refused(409, "case_transfer.ground_lost");
    it.answer(director, &transfer, "withdrawal", json!({"note": "Передумала."})).expect(200);
    let (again, _) = it.proposed(&["identity"], &[]);
    it.shared(&it.receiver, &again).expect(200);
    it.answer(&it.receiver, &again, "rejection", json!({"reason": "other"})).refused(422, "field.missing");
    let rejected = it.answer(&it.receiver, &again, "rejection", json!({"reason": "no_capacity"})).expect(200);
    assert_eq!(
        (&rejected.body["state"], &rejected.body["answer_reason"]),
        (&json!("rejected"), &json!("no_capacity"))
    );
    it.shared(&it.receiver, &again).expect(404);
    it.accept(&again).refused(409, "case_transfer.not_proposed");
    assert_eq!(it.open_cases()[0]["id"], json!(it.case));
}

#[test]
fn nothing_is_proposed_without_a_ground_without_each_mentorship_or_twice() {
    let it = scene();
    let (world, director) = (&it.world, it.director());
    let mentorship = world.active(&it.pair);
    let refused = it.propose(director, json!({"wished_on": world.day(-1)})).expect(422);
    let codes = ["case_transfer.wished_past", "case_transfer.mentorship_unsettled", "sharing.no_ground"];
    assert_eq!(refused.codes(), codes);
    let of_team = json!({"consent_id": it.consent("team", &["identity"]), "mentorship_ids": [mentorship]});
    it.propose(director, of_team).refused(422, "sharing.beyond_consent");
    let consent = it.consent("transfer", &["identity"]);
    let wide =
        json!({"consent_id": consent, "parts": ["identity", "health"], "mentorship_ids": [mentorship]});
    it.propose(director, wide).refused(422, "sharing.beyond_consent");
    let own = json!({"consent_id": consent, "to_organization_id": it.pair.organization, "mentorship_ids": [mentorship]});
    let refused = it.propose(director, own).expect(422);
    assert_eq!(refused.codes(), ["case_transfer.same_organization", "sharing.beyond_consent"]);
    let other = json!({"consent_id": consent, "mentorship_ids": [mentorship, it.case]});
    it.propose(director, other).refused(422, "case_transfer.mentorship_unsuited");
    let left = it.propose(director, json!({"consent_id": consent}));
    left.refused(409, "case_transfer.mentorship_unsettled");
    it.propose(director, json!({"reason": "other", "consent_id": consent})).refused(422, "field.missing");
    let unknown =
        json!({"consent_id": consent, "to_organization_id": it.case, "mentorship_ids": [mentorship]});
    it.propose(director, unknown).refused(422, "field.reference");
    let good = json!({"consent_id": consent, "mentorship_ids": [mentorship]});
    let specialist = world.staff("support_specialist", &it.pair.organization);
    it.propose(&specialist, good.clone()).expect(403);
    it.propose(&it.receiver, good.clone()).expect(404);
    it.propose(director, good.clone()).expect(201);
    it.propose(director, good).refused(409, "case_transfer.pending");
    let card = world.get(director, &format!("/cases/{}", it.case)).expect(200);
    let actions = card.body["available_actions"].as_array().expect("actions").clone();
    let transfer = actions.iter().find(|it| it["code"] == "transfer").expect("the transfer");
    assert_eq!(transfer["blocked_by"], json!(["case_transfer.pending"]));
}

#[test]
fn each_side_takes_only_its_own_steps_and_strangers_see_nothing() {
    let it = scene();
    let (world, director) = (&it.world, it.director());
    let (transfer, _) = it.proposed(&["identity"], &[]);
    let order = json!({"specialist_user_id": it.heir.id});
    it.answer(director, &transfer, "acceptance", order.clone()).refused(403, "access.not_yours");
    it.answer(director, &transfer, "rejection", json!({"reason": "no_capacity"}))
        .refused(403, "access.not_yours");
    it.answer(&it.receiver, &transfer, "withdrawal", json!({})).refused(403, "access.not_yours");
    it.answer(&it.heir, &transfer, "acceptance", order).expect(403);
    it.shared(&it.heir, &transfer).expect(200);
    let foreign = json!({"specialist_user_id": director.id});
    it.answer(&it.receiver, &transfer, "acceptance", foreign).refused(422, "field.reference");
    let (_, stranger) = world.institution("Чужой центр");
    world.get(&stranger, &format!("/case-transfers/{transfer}")).expect(404);
    it.shared(&stranger, &transfer).expect(404);
    let listed = |who: &Account, filter: &str| {
        let page = world.get(who, &format!("/case-transfers{filter}")).expect(200);
        page.items().iter().map(|it| it["id"].clone()).collect::<Vec<_>>()
    };
    let one = [json!(transfer)];
    assert_eq!(listed(&it.receiver, ""), one);
    assert_eq!(listed(&it.receiver, "?incoming=true&state=proposed"), one);
    assert_eq!(listed(director, "?incoming=false"), one);
    assert_eq!(listed(&world.admin(), ""), one);
    for (who, filter) in [(&stranger, ""), (&it.receiver, "?incoming=false"), (director, "?state=accepted")] {
        assert!(listed(who, filter).is_empty(), "{filter}");
    }
    let agenda = |who: &Account| world.get(who, "/me/agenda").expect(200).body["transfers_to_answer"].clone();
    let incoming = world.get(&it.receiver, "/case-transfers?incoming=true&state=proposed").expect(200);
    assert_eq!(agenda(&it.receiver), incoming.body["items"]);
    for who in [director, &stranger, &it.heir, &world.admin()] {
        assert_eq!(agenda(who), json!([]), "{}", who.login);
    }
    let stale = world.ask("POST", &format!("/api/v1/case-transfers/{transfer}/withdrawal"));
    stale.by(director).header("If-Match", "\"7.0\"").json(&json!({})).send().refused(412, "version.stale");
    it.answer(director, &transfer, "withdrawal", json!({})).expect(200);
    let told = world.get(director, &format!("/case-transfers/{transfer}/history")).expect(200);
    assert_eq!(told.items().len(), 2);
}

#[test]
fn a_proposal_lapses_after_the_days_of_the_region_and_a_closed_case_takes_it_back() {
    let mut it = scene();
    let (transfer, _) = it.proposed(&["identity"], &[]);
    it.world.advance_days(10);
    it.receiver = it.world.again(&it.receiver);
    it.shared(&it.receiver, &transfer).expect(200);
    it.world.advance_days(1);
    (it.receiver, it.pair.director) = (it.world.again(&it.receiver), it.world.again(&it.pair.director));
    it.shared(&it.receiver, &transfer).expect(404);
    it.accept(&transfer).refused(409, "case_transfer.not_proposed");
    let agenda = it.world.get(&it.receiver, "/me/agenda").expect(200);
    assert_eq!(agenda.body["transfers_to_answer"], json!([]));
    let lapsed = it.world.get(&it.receiver, "/case-transfers?state=lapsed").expect(200);
    assert_eq!(lapsed.items().len(), 1);
    assert!(it.world.get(&it.receiver, "/case-transfers?state=proposed").expect(200).items().is_empty());
    let (again, _) = it.proposed(&["identity"], &[]);
    let closing = json!({"closed_on": it.world.day(0), "reason": "moved"});
    it.world.post(it.director(), &format!("/cases/{}/closing", it.case), closing).expect(200);
    let card = it.world.get(it.director(), &format!("/case-transfers/{again}")).expect(200);
    assert_eq!(card.body["state"], "withdrawn");
    let first = it.world.get(it.director(), &format!("/case-transfers/{transfer}")).expect(200);
    assert_eq!(first.body["state"], "lapsed");
}

#[test]
fn the_open_case_of_the_receiver_goes_on_and_grants_of_others_go_on_with_it() {
    let it = scene();
    let (world, director) = (&it.world, it.director());
    let fund = world.organization("ngo", "Фонд", "25655000");
    let psychologist = world.staff("support_specialist", &fund);
    let ground = world.file(director, "consent");
    let member = json!({"user_id": psychologist.id, "role": "psychologist", "parts": ["identity"], "until": world.day(60),
        "legal_ground": "Постановление комиссии", "ground_file_id": ground});
    let member = world.post(director, &format!("/cases/{}/team-members", it.case), member).expect(201).id();
    let own = json!({"beneficiary_id": it.pair.beneficiary, "organization_id": it.centre, "opened_on": world.day(-1)});
    let (transfer, _) = it.proposed(&["identity"], &[]);
    world.get(&it.receiver, &format!("/beneficiaries/{}", it.pair.beneficiary)).expect(404);
    let admin_opened = world.post(&it.receiver, "/cases", own).expect(422);
    assert_eq!(admin_opened.codes(), ["field.reference"], "a foreign beneficiary cannot be named");
    it.accept(&transfer).expect(200);
    let old = world.get(&psychologist, &format!("/case-team-members/{member}")).expect(200);
    assert_eq!(old.body["state"], "ended");
    let running = world.get(&psychologist, "/case-team-members?running=true").expect(200);
    let [renewed] = running.items().as_slice() else { panic!("one grant") };
    assert_eq!(renewed["until"], json!(world.day(60)));
    let shared =
        world.get(&psychologist, &format!("/case-team-members/{}/shared-case", Reply::id_of(renewed)));
    assert_eq!(shared.expect(200).body["organization_id"], json!(it.centre));
}

#[test]
fn plans_in_force_go_on_there_and_the_former_organization_reads_what_it_had() {
    let it = scene();
    let (world, director) = (&it.world, it.director());
    let head = world.staff("unit_head", &it.pair.organization);
    let plan = world.plan(director, &it.pair.beneficiary, json!({"kind": "trajectory", "case_id": it.case}));
    let text = json!({"answers": [{"section": "interests", "field": "notes", "value": "Рисует-Х."}], "opinion": "Согласна."});
    let text = with(text, &json!({"goals": [super::plans::goal("drawing", "development")]}));
    let version = world.drafted(director, &plan, text);
    world.of_version(director, &version, "submission", json!({})).expect(200);
    world.of_version(&head, &version, "approvals", json!({"approver": "unit_head"})).expect(200);
    let done = json!({"key": "drawing", "state": "done", "happened_on": world.day(0), "note": "Ходит-Х."});
    world.of_version(director, &version, "results", done).expect(200);
    let life = world.plan(director, &it.pair.beneficiary, json!({"kind": "life_plan"}));
    let (transfer, _) = it.proposed(&["identity"], &[]);
    it.accept(&transfer).expect(200);
    let former = world.get(director, &format!("/plans/{life}")).expect(200);
    assert_eq!(former.body["state"], "ended", "another organization writes it now");
    let path = format!("/beneficiaries/{}/plans", it.pair.beneficiary);
    let mine = world.get(&it.receiver, &format!("{path}?state=open&kind=life_plan")).expect(200);
    assert_eq!(mine.items()[0]["organization_id"], json!(it.centre));
    let listed = world
        .get(
            &it.receiver,
            &format!("/beneficiaries/{}/plans?state=open&kind=trajectory", it.pair.beneficiary),
        )
        .expect(200);
    let [passed] = listed.items().as_slice() else { panic!("one plan") };
    assert_eq!((&passed["kind"], &passed["organization_id"]), (&json!("trajectory"), &json!(it.centre)));
    let versions = passed["versions"].as_array().expect("versions");
    assert_eq!((&versions[0]["state"], versions.len()), (&json!("adopted"), 1));
    let new = versions[0]["id"].as_str().expect("a version").to_owned();
    assert!(world.get(&it.receiver, &format!("/plan-versions/{new}")).expect(200).text.contains("Рисует-Х."));
    let passed = world.get(&it.receiver, &format!("/plan-versions/{new}")).expect(200);
    assert_eq!(passed.body["results"][0]["note"], "Ходит-Х.");
    world.get(director, &format!("/plan-versions/{new}")).expect(404);
    let old = world.get(director, &format!("/plan-versions/{version}")).expect(200);
    assert!(old.text.contains("Рисует-Х."));
    world.get(&it.receiver, &format!("/plan-versions/{version}")).expect(404);
}

#[test]
fn an_acceptance_and_a_withdrawal_that_meet_leave_one_truth() {
    let it = scene();
    let mentorship = it.world.active(&it.pair);
    let (transfer, _) = it.proposed(&["identity"], &[&mentorship]);
    let answers: Vec<u16> = std::thread::scope(|threads| {
        let accept = || it.accept(&transfer).status;
        let withdraw = || it.answer(it.director(), &transfer, "withdrawal", json!({})).status;
        let mut all = Vec::new();
        for _ in 0..25 {
            all.push(threads.spawn(accept));
            all.push(threads.spawn(withdraw));
        }
        all.into_iter().map(|it| it.join().expect("an answer")).collect()
    });
    assert_eq!(answers.iter().filter(|it| **it == 200).count(), 1, "{answers:?}");
    assert!(answers.iter().all(|it| [200, 409, 403, 503].contains(it)), "{answers:?}");
    let card = it.world.get(&it.receiver, &format!("/case-transfers/{transfer}")).expect(200);
    let open = it.open_cases();
    let [case] = open.as_slice() else { panic!("one open case: {open:?}") };
    let pair = it.world.get(&it.world.admin(), &format!("/mentorships/{mentorship}")).expect(200);
    assert_eq!(pair.body["organization_id"], case["organization_id"]);
    let is_accepted = card.body["state"] == "accepted";
    assert_eq!(case["organization_id"] == json!(it.centre), is_accepted);
}

#[test]
fn a_contract_about_housing_is_told_after_a_transfer_with_life_until_the_next_snapshot() {
    let told = |parts: &[&str]| {
        let it = scene();
        let (world, until) = (&it.world, it.world.day(50));
        let taken = |members: Value| with(json!({"source": "visit", "in_touch": "yes"}), &members);
        let rents =
            taken(json!({"taken_on": world.day(-3), "tenure": "special_rent", "contract_until": until}));
        world.post(it.director(), &format!("/cases/{}/snapshots", it.case), rents).expect(201);
        let (transfer, _) = it.proposed(parts, &[]);
        it.accept(&transfer).expect(200);
        let case = it.open_cases()[0]["id"].as_str().expect("an id").to_owned();
        let shown = || {
            let card = world.get(&it.receiver, &format!("/cases/{case}")).expect(200);
            let listed =
                world.get(&it.receiver, "/cases?housing_contract_ending=true").expect(200).items().len();
            (card.body["housing_contract_until"] == json!(until), listed)
        };
        let before = shown();
        let own = taken(json!({"taken_on": world.day(0), "tenure": "own"}));
        world.post(&it.receiver, &format!("/cases/{case}/snapshots"), own).expect(201);
        (before, shown())
    };
    assert_eq!(told(&["identity", "life"]), ((true, 1), (false, 0)));
    assert_eq!(
        told(&["identity"]),
        ((false, 0), (false, 0)),
        "the centre does not read the former snapshots"
    );
}
