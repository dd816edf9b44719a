//! Agreements: planned, signed, in force, extended, expired by the clock, terminated; who is no party signs nothing.
use serde_json::{Value, json};
use tests::{Account, Reply, World, with};

/// A ministry and an association that prepare an agreement.
struct Scene {
    world: World,
    ministry: String,
    director: Account,
    association: String,
    partner: Account,
}

fn scene() -> Scene {
    tests::prepared!(Scene { ministry, director, association, partner } by scene_in)
}

fn scene_in(world: World) -> Scene {
    let (ministry, director) = world.institution("Министерство");
    let (association, partner) = world.institution("Тьюторская ассоциация");
    Scene { world, ministry, director, association, partner }
}

impl Scene {
    fn form(&self, members: Value) -> Value {
        let parties = json!([{"organization_id": self.ministry, "role": "authority", "signatory": "Министр П. В. Коновалов"},
            {"organization_id": self.association, "role": "partner"}]);
        let form = json!({"organization_id": self.ministry, "title": "О сотрудничестве", "subject": "Методика наставничества.",
            "sphere": "methodology", "partnership_level": "methodological", "parties": parties, "audiences": ["mentors", "specialists"],
            "activities": ["seminar"]});
        with(form, &members)
    }
    fn enter(&self, members: Value) -> Reply {
        self.world.post(&self.director, "/agreements", self.form(members))
    }
    fn planned(&self) -> String {
        self.enter(json!({})).expect(201).id()
    }
    fn sign(&self, who: &Account, agreement: &str, from: i64, to: Option<i64>) -> Reply {
        let order = json!({"number": "17", "signed_on": self.world.day(from.min(0)), "starts_on": self.world.day(from),
            "file_id": self.world.file(who, "agreement")});
        let term = to.map_or(json!({}), |to| json!({"ends_on": self.world.day(to)}));
        self.world.post(who, &format!("/agreements/{agreement}/signing"), with(order, &term))
    }
    fn in_force(&self, to: i64) -> String {
        let agreement = self.planned();
        self.sign(&self.director, &agreement, -10, Some(to)).expect(200);
        agreement
    }
    fn step(&self, who: &Account, agreement: &str, step: &str, order: Value) -> Reply {
        self.world.post(who, &format!("/agreements/{agreement}/{step}"), order)
    }
    fn extend(&self, who: &Account, agreement: &str, ends: i64, signed: i64) -> Reply {
        let order = json!({"ends_on": self.world.day(ends), "signed_on": self.world.day(signed),
            "file_id": self.world.file(who, "agreement")});
        self.step(who, agreement, "extensions", order)
    }
    fn state(&self, agreement: &str) -> Value {
        let admin = self.world.again(&self.world.admin());
        self.world.get(&admin, &format!("/agreements/{agreement}")).expect(200).body["state"].clone()
    }
    fn listed(&self, query: &str) -> Vec<String> {
        self.world.get(&self.director, &format!("/agreements?{query}")).expect(200).ids()
    }
}

#[test]
fn a_planned_agreement_is_signed_extended_and_expires_by_the_clock() {
    let mut it = scene();
    let agreement = it.planned();
    assert_eq!(it.state(&agreement), "planned");
    // The association signs as well: it is a party.
    let signed = it.sign(&it.partner, &agreement, 0, Some(20)).expect(200);
    assert_eq!((&signed.body["state"], &signed.body["number"]), (&json!("in_force"), &json!("17")));
    assert_eq!(signed.body["parties"][1]["organization_name"], json!("Тьюторская ассоциация"));
    let extended = it.extend(&it.director, &agreement, 50, 0).expect(200);
    assert_eq!(extended.body["ends_on"], json!(it.world.day(50)));
    assert_eq!(extended.body["extensions"].as_array().map(Vec::len), Some(1));
    it.world.advance_days(50);
    assert_eq!(it.state(&agreement), "in_force");
    it.world.advance_days(1);
    assert_eq!(it.state(&agreement), "expired");
    let history =
        it.world.get(&it.world.again(&it.director), &format!("/agreements/{agreement}/history")).expect(200);
    assert_eq!(history.kinds(), ["agreement.extended", "agreement.signed", "agreement.added"]);
}

#[test]
fn a_director_who_is_no_party_neither_edits_nor_signs_and_an_analyst_reads() {
    let it = scene();
    let (_, stranger) = it.world.institution("Чужой центр");
    let agreement = it.planned();
    let path = format!("/agreements/{agreement}");
    it.sign(&stranger, &agreement, 0, None).expect(403);
    let seen = it.world.get(&stranger, &path).expect(200);
    assert_eq!(seen.actions(), json!([]));
    it.world.put(&stranger, &path, &seen.etag(), it.form(json!({}))).expect(403);
    // A party that does not keep the agreement signs it, and does not edit it.
    let theirs = it.world.get(&it.partner, &path).expect(200);
    assert_eq!(theirs.actions(), json!(["sign"]));
    it.world.put(&it.partner, &path, &theirs.etag(), it.form(json!({}))).expect(403);
    let specialist = it.world.staff("support_specialist", &it.ministry);
    it.step(&specialist, &agreement, "signing", json!({})).expect(403);
    let analyst = it.world.account("analyst", json!([{"role": "analyst"}]), None);
    it.world.get(&analyst, &path).expect(200);
    let own = it.world.get(&it.director, &path).expect(200);
    assert_eq!(own.actions(), json!(["edit", "annul", "sign"]));
    it.sign(&it.world.admin(), &agreement, 0, None).expect(200);
}

#[test]
fn no_party_signs_an_agreement_after_its_last_day() {
    let it = scene();
    let (old, new) = (it.planned(), it.planned());
    let closed = json!({"closed_on": it.world.day(-5), "successor_id": it.ministry});
    let path = format!("/organizations/{}", it.association);
    it.world.edit(&it.world.admin(), &path, closed).expect(200);
    let refused = it.sign(&it.director, &new, 0, None).refused(422, "organization.closed");
    assert_eq!(refused.body["errors"][0]["pointer"], "/signed_on");
    let today = it.world.day(0);
    let order = json!({"number": "17", "signed_on": today, "starts_on": today, "file_id": it.ministry});
    let refused = it.step(&it.director, &new, "signing", order).expect(422);
    assert_eq!(refused.codes(), ["field.reference", "organization.closed"], "no file has this id");
    // A paper of the days before is entered still, and what was signed goes on.
    it.sign(&it.director, &old, -5, Some(20)).expect(200);
    it.extend(&it.director, &old, 50, 0).expect(200);
}

#[test]
fn two_parties_differ_one_of_them_keeps_the_agreement_and_all_faults_are_told_at_once() {
    let it = scene();
    let (other, _) = it.world.institution("Третья организация");
    let alone = json!([{"organization_id": it.association, "role": "partner"}]);
    let refused = it.enter(json!({"parties": alone})).expect(422);
    assert_eq!(refused.codes(), ["agreement.two_parties", "agreement.keeper"]);
    let same = json!({"organization_id": it.ministry, "role": "authority"});
    it.enter(json!({"parties": [same, same]})).refused(422, "agreement.two_parties");
    it.enter(json!({"parties": []})).refused(422, "field.length");
    let nobody = json!([{"organization_id": it.ministry, "role": "authority"}, {"role": "partner"}]);
    it.enter(json!({"parties": nobody})).refused(422, "field.missing");
    let foreign = json!([{"organization_id": other, "role": "authority"}, {"organization_id": it.association, "role": "partner"}]);
    it.enter(json!({"organization_id": other, "parties": foreign})).refused(422, "field.reference");
    it.enter(json!({"act_ids": [other], "program_id": other})).refused(422, "field.reference");
    it.enter(json!({"audiences": ["mentors", "mentors"]})).refused(422, "field.combination");
    it.enter(json!({"nothing": 1})).refused(422, "field.unknown");
}

#[test]
fn a_signed_agreement_is_not_edited_nor_signed_again_and_days_lie_not_ahead() {
    let it = scene();
    let agreement = it.planned();
    let path = format!("/agreements/{agreement}");
    let order = json!({"number": "17", "signed_on": it.world.day(1), "starts_on": it.world.day(5), "ends_on": it.world.day(4),
        "file_id": it.world.file(&it.director, "agreement")});
    let refused = it.step(&it.director, &agreement, "signing", order).expect(422);
    assert_eq!(refused.codes(), ["agreement.in_future", "agreement.term"]);
    it.extend(&it.director, &agreement, 5, 0).refused(409, "agreement.not_in_force");
    it.step(
        &it.director,
        &agreement,
        "termination",
        json!({"ended_on": it.world.day(0), "ground": "mutual"}),
    )
    .refused(409, "agreement.not_in_force");
    let edited = it.world.patch(&it.director, &path, "\"1\"", json!({"title": "О партнёрстве"})).expect(200);
    assert_eq!((&edited.body["title"], &edited.body["version"]), (&json!("О партнёрстве"), &json!(2)));
    let whole = it.form(json!({"title": "О сотрудничестве"}));
    let edited = it.world.put(&it.director, &path, &edited.etag(), whole).expect(200);
    assert_eq!(edited.body["title"], json!("О сотрудничестве"));
    it.world.patch(&it.director, &path, "\"1\"", json!({"title": "Поздно"})).refused(412, "version.stale");
    let signed = it.sign(&it.director, &agreement, 3, None).expect(200);
    assert_eq!(signed.body["state"], "upcoming");
    it.sign(&it.director, &agreement, 0, None).refused(409, "agreement.not_planned");
    it.world
        .patch(&it.director, &path, &signed.etag(), json!({"title": "Нет"}))
        .refused(409, "agreement.not_planned");
    it.extend(&it.director, &agreement, 90, 0).refused(422, "agreement.extension");
}

#[test]
fn an_agreement_is_terminated_on_a_day_of_its_term_and_an_extension_goes_on_from_it() {
    let it = scene();
    let agreement = it.in_force(30);
    it.extend(&it.partner, &agreement, 30, 0).refused(422, "agreement.extension");
    it.extend(&it.partner, &agreement, 60, -11).refused(409, "agreement.not_in_force");
    let end = |on: i64, ground: &str| {
        let order = json!({"ended_on": it.world.day(on), "ground": ground});
        it.step(&it.partner, &agreement, "termination", order)
    };
    end(-11, "mutual").refused(409, "agreement.not_in_force");
    end(1, "mutual").refused(422, "agreement.in_future");
    end(0, "other").refused(422, "field.missing");
    let ended = end(-1, "one_side").expect(200);
    assert_eq!(
        (&ended.body["state"], &ended.body["termination"]["ground"]),
        (&json!("terminated"), &json!("one_side"))
    );
    end(-1, "one_side").refused(409, "agreement.not_in_force");
    it.extend(&it.director, &agreement, 60, 0).refused(409, "agreement.not_in_force");
    // It may be called off before its first day, and the last day is in force.
    for (from, state) in [(5, "upcoming"), (-10, "in_force")] {
        let other = it.planned();
        it.sign(&it.director, &other, from, None).expect(200);
        let offered =
            it.world.get(&it.director, &format!("/agreements/{other}")).expect(200).actions().to_string();
        assert!(offered.contains("terminate") && !offered.contains("extend"), "{offered}");
        let order = json!({"ended_on": it.world.day(0), "ground": "mutual"});
        let ended = it.step(&it.partner, &other, "termination", order).expect(200);
        assert_eq!(ended.body["state"], state);
        assert!(!ended.actions().to_string().contains("terminate"));
        assert!(it.listed(&format!("state={state}")).contains(&other));
        assert!(!it.listed("state=terminated").contains(&other));
    }
}

#[test]
fn each_party_reads_the_signed_agreement_whichever_of_them_has_brought_the_file() {
    let it = scene();
    let (_, stranger) = it.world.institution("Чужое");
    for who in [&it.director, &it.partner] {
        let agreement = it.planned();
        let file = it.sign(who, &agreement, 0, None).expect(200).body["file_id"].as_str().unwrap().to_owned();
        for reader in [&it.director, &it.partner] {
            it.world.get(reader, &format!("/files/{file}")).expect(200);
        }
        it.world.get(&stranger, &format!("/files/{file}")).refused(404, "request.not_found");
    }
}

#[test]
fn each_party_reads_the_extension_and_the_termination_whichever_of_them_has_brought_the_file() {
    let it = scene();
    let (_, stranger) = it.world.institution("Чужое");
    let agreement = it.in_force(20);
    let mut papers = Vec::new();
    for (who, ends) in [(&it.director, 50), (&it.partner, 80)] {
        let extended = it.extend(who, &agreement, ends, 0).expect(200);
        let latest = extended.body["extensions"].as_array().and_then(|it| it.last()).expect("an extension");
        papers.push(latest["file_id"].as_str().expect("a file").to_owned());
    }
    let end = it.world.file(&it.partner, "agreement");
    let order = json!({"ended_on": it.world.day(0), "ground": "mutual", "file_id": end});
    it.step(&it.partner, &agreement, "termination", order).expect(200);
    papers.push(end);
    for paper in papers {
        let path = format!("/files/{paper}");
        for reader in [&it.director, &it.partner] {
            it.world.get(reader, &path).expect(200);
        }
        it.world.get(&stranger, &path).refused(404, "request.not_found");
    }
}

#[test]
fn an_agreement_of_years_ago_is_entered_with_its_extension_in_retrospect() {
    let it = scene();
    let agreement = it.planned();
    let file = it.world.file(&it.director, "agreement");
    let signing = json!({"number": "3", "signed_on": "1997-03-01", "starts_on": "1997-03-01", "ends_on": "1998-02-28", "file_id": file});
    let signed = it.step(&it.director, &agreement, "signing", signing).expect(200);
    assert_eq!(signed.body["state"], "expired");
    let late = json!({"ends_on": "1999-02-28", "signed_on": "1998-03-01", "file_id": file});
    it.step(&it.director, &agreement, "extensions", late).refused(409, "agreement.not_in_force");
    let extension = json!({"ends_on": "1999-02-28", "signed_on": "1998-02-28", "file_id": file});
    it.step(&it.director, &agreement, "extensions", extension).expect(200);
    let end = json!({"ended_on": "1998-12-31", "ground": "reorganised"});
    assert_eq!(it.step(&it.director, &agreement, "termination", end).expect(200).body["state"], "terminated");
}

#[test]
fn agreements_are_found_by_state_sphere_level_party_audience_and_end() {
    let it = scene();
    let (planned, soon, later) = (it.planned(), it.in_force(20), it.in_force(200));
    let sooner = it.in_force(5);
    let minors = it
        .enter(json!({"sphere": "healthy_life", "partnership_level": "service", "audiences": ["minors"]}))
        .expect(201)
        .id();
    assert_eq!(it.listed("state=planned"), [minors.clone(), planned.clone()]);
    assert_eq!(it.listed("state=in_force,planned").len(), 5);
    assert_eq!(it.listed("ends_within_days=30"), [sooner.clone(), soon.clone()]);
    assert_eq!(it.listed("ends_within_days=30&state=expired"), Vec::<String>::new());
    assert_eq!(it.listed("sphere=healthy_life"), std::slice::from_ref(&minors));
    assert_eq!(it.listed("partnership_level=service"), std::slice::from_ref(&minors));
    let each = "sphere=healthy_life,methodology&partnership_level=service,methodological";
    assert_eq!(it.listed(each).len(), 5);
    assert_eq!(it.listed(&format!("{each}&ends_within_days=30")), [sooner.clone(), soon.clone()]);
    assert_eq!(it.listed("audience=minors"), std::slice::from_ref(&minors));
    assert_eq!(it.listed("audience=veterans,minors"), std::slice::from_ref(&minors));
    assert_eq!(
        it.listed(&format!("organization_id={}", it.association)),
        [minors, sooner, later, soon, planned]
    );
    let (nobody, _) = it.world.institution("Никто");
    assert_eq!(it.listed(&format!("organization_id={nobody}")), Vec::<String>::new());
    let page = it.world.get(&it.director, "/agreements?ends_within_days=300&limit=1").expect(200);
    let cursor = page.body["next_cursor"].as_str().expect("a cursor");
    let next = it
        .world
        .get(&it.director, &format!("/agreements?ends_within_days=300&limit=1&cursor={cursor}"))
        .expect(200);
    assert_eq!(next.ids(), it.listed("ends_within_days=30")[1..]);
    it.world.get(&it.director, "/agreements?ends_within_days=0").expect(400);
}

#[test]
fn an_agreement_that_ends_soon_stands_on_the_agenda_of_the_directors_of_its_parties() {
    let it = scene();
    let (soon, _) = (it.in_force(29), it.in_force(31));
    let (_, stranger) = it.world.institution("Чужой центр");
    let ending = |who: &Account| {
        let agenda = it.world.get(who, "/me/agenda").expect(200).body;
        agenda["agreements_ending"].as_array().expect("a part").iter().map(Reply::id_of).collect::<Vec<_>>()
    };
    assert_eq!(ending(&it.director), std::slice::from_ref(&soon));
    assert_eq!(ending(&it.partner), [soon]);
    assert_eq!(ending(&stranger), Vec::<String>::new());
    assert_eq!(ending(&it.world.staff("support_specialist", &it.ministry)), Vec::<String>::new());
    assert_eq!(ending(&it.world.admin()), Vec::<String>::new());
}

#[test]
fn an_annulled_agreement_stays_readable_and_leaves_the_lists() {
    let it = scene();
    let agreement = it.in_force(20);
    let path = format!("/agreements/{agreement}");
    it.step(&it.partner, &agreement, "annulment", json!({"reason": "Внесено по ошибке."})).expect(403);
    let clerk = it.world.staff("support_specialist", &it.ministry);
    let wiped = it.step(&clerk, &agreement, "annulment", json!({"reason": "Внесено по ошибке."}));
    wiped.refused(403, "access.not_yours");
    assert!(!it.world.get(&clerk, &path).expect(200).actions().to_string().contains("annul"));
    it.step(&clerk, &it.planned(), "annulment", json!({"reason": "Внесено по ошибке."})).expect(200);
    let annulled =
        it.step(&it.director, &agreement, "annulment", json!({"reason": "Внесено по ошибке."})).expect(200);
    assert_eq!(annulled.body["annulment"]["reason"], "Внесено по ошибке.");
    assert_eq!(it.world.get(&it.director, &path).expect(200).actions(), json!([]));
    assert_eq!((it.listed(""), it.listed("annulled=true").len()), (vec![], 2));
    for (step, order) in [
        ("annulment", json!({"reason": "Ещё раз."})),
        ("termination", json!({"ended_on": it.world.day(0), "ground": "mutual"})),
    ] {
        it.step(&it.director, &agreement, step, order).refused(409, "entry.annulled");
    }
    it.world
        .get(&it.director, "/agreements/01980000-0000-7000-8000-000000000001")
        .refused(404, "request.not_found");
}

#[test]
fn fifty_signings_at_once_sign_an_agreement_once() {
    let it = scene();
    let agreement = it.planned();
    let file = it.world.file(&it.director, "agreement");
    let order =
        json!({"number": "17", "signed_on": it.world.day(0), "starts_on": it.world.day(0), "file_id": file});
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let sent: Vec<_> = (0..50)
            .map(|_| scope.spawn(|| it.step(&it.director, &agreement, "signing", order.clone()).status))
            .collect();
        sent.into_iter().map(|it| it.join().expect("an answer")).collect()
    });
    assert_eq!(statuses.iter().filter(|it| **it == 200).count(), 1, "{statuses:?}");
    assert!(statuses.iter().all(|it| [200, 409].contains(it)), "{statuses:?}");
    assert_eq!(it.state(&agreement), "in_force");
}
