//! Accounts and people whom a crisis concerns, and strangers: 404, and no list, agenda, history or figure tells of it.
use super::*;

/// Nothing of the crisis is told to that account by any address.
pub(super) fn hidden(it: &Scene, who: &Account, crisis: &str) {
    it.seen(who, crisis).expect(404);
    it.world.get(who, &format!("/crises/{crisis}/history")).expect(404);
    it.take(who, crisis).expect(404);
    it.step(who, crisis, "actions", json!({"kind": "листать"})).expect(404);
    for path in ["/crises?limit=200", "/me/agenda", "/tasks", "/crises/reaction-times"] {
        let told = it.world.get(who, path);
        assert!(!told.text.contains(crisis), "{path}: {}", told.text);
    }
    let figures = it.world.get(who, "/crises/reaction-times");
    if figures.status == 200 {
        let counted = figures.body["times"].as_array().expect("times").iter();
        let counted = counted.filter(|it| it["severity"].is_null());
        let counted = counted.map(|it| it["crises"].as_u64().expect("a count")).sum::<u64>();
        assert_eq!(counted, it.listed(who, "").len() as u64, "no figure tells of it");
    }
    let case = it.world.get(who, &format!("/cases/{}", it.case));
    assert!(!case.text.contains("case.has_open_crisis"), "{}", case.text);
}

#[test]
fn a_crisis_is_hidden_from_the_specialist_the_head_and_the_director_whom_it_concerns() {
    for role in ["specialist", "head", "director"] {
        let it = scene();
        let who = match role {
            "specialist" => &it.specialist,
            "head" => &it.head,
            _ => &it.director,
        };
        let concerns = if role == "specialist" { "specialist" } else { "staff" };
        let crisis = it.report(&it.mentee, json!({"concerns": concerns, "concerned_user_id": who.id}));
        hidden(&it, who, &crisis);
        let by = if role == "head" { &it.director } else { &it.head };
        assert_eq!(it.waits(by), [crisis.as_str()], "{role}: the first level is left out at once");
        let card = it.take(by, &crisis).expect(200);
        assert_eq!(card.body["concerned_user_id"], json!(who.id));
        it.listen(by, &crisis).expect(200);
        it.resolve(by, &crisis, "safe").expect(200);
        hidden(&it, who, &crisis);
    }
}

#[test]
fn staff_that_nobody_names_may_be_any_specialist_and_is_no_head() {
    let it = scene();
    let crisis = it.report(&it.mentee, json!({"concerns": "staff"}));
    hidden(&it, &it.specialist, &crisis);
    hidden(&it, &it.colleague, &crisis);
    it.seen(&it.head, &crisis).expect(200);
    assert_eq!(it.waits(&it.head), [crisis.as_str()]);
    let told = it.report(&it.colleague, json!({"concerns": "staff"}));
    assert!(it.seen(&it.colleague, &told).expect(200).body["state"].is_string(), "who reports is not meant");
    hidden(&it, &it.specialist, &told);
}

#[test]
fn guardianship_and_the_administrator_whom_it_concerns_see_nothing_and_others_of_the_kind_do() {
    let it = scene();
    let officer = |login: &str| {
        it.world.account(login, json!([{"role": "guardianship_officer", "territory": "25655000"}]), None)
    };
    let (one, other) = (officer("one"), officer("other"));
    let crisis =
        it.report(&it.mentee, json!({"kind": "violence", "concerns": "other", "concerned_user_id": one.id}));
    hidden(&it, &one, &crisis);
    it.seen(&other, &crisis).expect(200);
    let admin = it.world.account("second", json!([{"role": "region_admin"}]), None);
    let about = json!({"concerns": "other", "concerned_user_id": admin.id});
    let warned = it.try_report(&it.mentee, about.clone()).expect(201);
    assert_eq!(warned.body["warnings"][0]["code"], "field.reference", "the call stands without the name");
    it.seen(&admin, &warned.id()).expect(200);
    let crisis = it.report(&it.world.admin(), about);
    hidden(&it, &admin, &crisis);
    it.seen(&it.world.admin(), &crisis).expect(200);
}

#[test]
fn a_person_who_is_named_is_hidden_from_by_each_account_of_theirs_and_a_mentor_who_is_staff_too() {
    let (world, pair) = World::paired();
    let both = world.director_and("both", &pair.organization, "mentor", &pair.mentor_person);
    world.active(&pair);
    let mentee = world.mentee_account("mentee", &pair);
    let of = |members: Value| {
        let form = json!({"beneficiary_id": pair.beneficiary, "kind": "bullying"});
        world.post(&mentee, "/crises", with(form, &members)).expect(201).id()
    };
    let unnamed = of(json!({"concerns": "mentor"}));
    let named = of(json!({"concerns": "other", "concerned_person_id": pair.mentor_person}));
    let nobody = of(json!({}));
    world.get(&both, &format!("/crises/{unnamed}")).expect(404);
    world.get(&both, &format!("/crises/{named}")).expect(404);
    let list = world.get(&both, "/crises").expect(200);
    assert_eq!(list.ids(), [nobody]);
    let figures = world.get(&both, "/crises/reaction-times").expect(200);
    assert_eq!(figures.body["times"][0]["crises"], 1);
    assert_eq!(world.get(&pair.director, "/crises").expect(200).items().len(), 3);
}

#[test]
fn a_mentor_reports_about_the_mentor_and_each_account_of_a_named_person_is_meant() {
    let (world, pair) = World::paired();
    world.active(&pair);
    let mentor = world.mentor_account("mentor", &pair);
    let form = json!({"beneficiary_id": pair.beneficiary, "kind": "violence", "text": "Синяки-Х.", "concerns": "mentor"});
    let crisis = world.post(&mentor, "/crises", form).expect(201);
    assert_eq!(crisis.body["progress"], "heard");
    world.get(&mentor, &format!("/crises/{}", crisis.id())).expect(200);
    let head = json!([{"role": "unit_head", "organization_id": pair.organization}]);
    let head = world.account("head.too", head, Some(&pair.mentor_person));
    let mentee = world.mentee_account("mentee", &pair);
    let form = json!({"beneficiary_id": pair.beneficiary, "kind": "violence", "concerns": "mentor", "concerned_user_id": mentor.id});
    let named = world.post(&mentee, "/crises", form).expect(201).id();
    world.get(&head, &format!("/crises/{named}")).expect(404);
    let agenda = world.get(&head, "/me/agenda").expect(200).body["crises"].to_string();
    assert!(!agenda.contains(&named), "{agenda}");
    world.get(&pair.director, &format!("/crises/{named}")).expect(200);
}

#[test]
fn a_relative_whom_nobody_names_is_hidden_from_where_the_kinship_is_on_record() {
    let it = scene();
    let father = it
        .world
        .person(&it.director, json!({"given_name": "Сергей", "birth_date": "1980-01-10", "sex": "male"}));
    it.world.family(&it.director, &[&it.girl, &father]);
    let directs = json!([{"role": "director", "organization_id": it.organization}]);
    let own = it.world.account("father", directs, Some(&father));
    let crisis = it.report(&it.mentee, json!({"concerns": "relative"}));
    hidden(&it, &own, &crisis);
    it.seen(&it.director, &crisis).expect(200);
    let named = it.report(&it.mentee, json!({"concerns": "relative", "concerned_person_id": father}));
    it.seen(&own, &named).expect(404);
}

#[test]
fn a_crisis_that_a_caller_does_not_see_blocks_nothing_for_them_and_outlives_the_case() {
    let mut it = scene();
    let hidden =
        it.report(&it.mentee, json!({"concerns": "specialist", "concerned_user_id": it.specialist.id}));
    let closing = json!({"closed_on": it.world.day(0), "reason": "moved"});
    let close = |it: &Scene, who: &Account| {
        it.world.post(who, &format!("/cases/{}/closing", it.case), closing.clone())
    };
    close(&it, &it.director).refused(409, "case.has_open_crisis");
    let card = it.world.get(&it.director, &format!("/cases/{}", it.case)).expect(200);
    assert_eq!(card.action("close").expect("a closing")["blocked_by"], json!(["case.has_open_crisis"]));
    close(&it, &it.specialist).expect(200);
    it.pass(15);
    it.take(&it.head, &hidden).expect(200);
    it.listen(&it.head, &hidden).expect(200);
    it.resolve(&it.head, &hidden, "safe").expect(200);
    assert_eq!(it.listed(&it.director, "?state=resolved"), [hidden.as_str()]);
}

#[test]
fn a_crisis_goes_along_with_a_case_that_another_organization_takes_over_and_the_former_one_keeps_what_it_knew()
 {
    let it = scene();
    let crisis = it.report(&it.mentee, json!({}));
    let (other, director) = it.world.institution("Центр сопровождения");
    let helper = it.world.staff("support_specialist", &other);
    let ground = it.world.file(&it.director, "consent");
    let transfer = json!({"to_organization_id": other, "reason": "moved", "parts": ["identity"], "legal_ground": "Запрос опеки",
        "ground_file_id": ground});
    let path = format!("/cases/{}/transfers", it.case);
    let transfer = it.world.post(&it.director, &path, transfer).expect(201).id();
    it.seen(&director, &crisis).expect(404);
    let accepted = json!({"specialist_user_id": helper.id});
    it.world.post(&director, &format!("/case-transfers/{transfer}/acceptance"), accepted).expect(200);
    assert_eq!(it.waits(&helper), [crisis.as_str()]);
    assert_eq!(it.waits(&it.specialist), [crisis.as_str()], "she was called, and nobody has taken it up");
    it.take(&helper, &crisis).expect(200);
    it.listen(&helper, &crisis).expect(200);
    it.resolve(&helper, &crisis, "safe").expect(200);
    for who in [&helper, &director, &it.director] {
        assert_eq!(it.listed(who, ""), [crisis.as_str()]);
    }
    let later = it.report(&it.mentee, json!({}));
    it.seen(&director, &later).expect(200);
    it.seen(&it.director, &later).expect(404);
}

#[test]
fn everybody_near_reports_and_reads_only_the_own_progress() {
    let (world, pair) = World::paired();
    world.active(&pair);
    let coordinator = json!([{"role": "program_coordinator", "program_id": pair.program}]);
    let coordinator = world.account("coordinator", coordinator, None);
    let mentor = world.mentor_account("mentor", &pair);
    let officer = json!([{"role": "guardianship_officer", "territory": "25655000"}]);
    let officer = world.account("officer", officer, None);
    let key = world.key(&["signal_crisis"], json!({}));
    let form = json!({"beneficiary_id": pair.beneficiary, "kind": "money", "text": "Долг-Х."});
    for who in [&coordinator, &mentor] {
        let crisis = world.post(who, "/crises", form.clone()).expect(201);
        assert!(!crisis.text.contains("Долг-Х"), "{}", crisis.text);
        world.get(who, &format!("/crises/{}", crisis.id())).expect(200);
        assert_eq!(world.get(who, "/crises").expect(200).items().len(), 1);
        world.post(who, &format!("/crises/{}/acknowledgement", crisis.id()), json!({})).expect(403);
    }
    let by_key = world.keyed_post(&key, "/crises", "one", form.clone()).expect(201);
    assert_eq!(by_key.body["progress"], "heard");
    world.get(&key, &format!("/crises/{}", by_key.id())).expect(404);
    let by_officer = world.post(&officer, "/crises", form.clone()).expect(201).id();
    assert_eq!(world.get(&officer, "/crises").expect(200).items().len(), 4);
    world.post(&officer, &format!("/crises/{by_officer}/acknowledgement"), json!({})).expect(403);
    let analyst = world.account("analyst", json!([{"role": "analyst"}]), None);
    world.post(&analyst, "/crises", form).expect(403);
    world.get(&analyst, "/crises").expect(403);
}

#[test]
fn the_second_account_of_a_specialist_whom_nobody_names_sees_nothing_and_is_not_called() {
    let it = scene();
    let petrova = it.world.person(&it.director, json!({"given_name": "Анна", "birth_date": "1985-04-02"}));
    let account = |login: &str, role: &str| {
        let grants = json!([{"role": role, "organization_id": it.organization}]);
        it.world.account(login, grants, Some(&petrova))
    };
    let (one, two) = (account("petrova", "support_specialist"), account("petrova.head", "unit_head"));
    let order = json!({"specialist_user_id": one.id});
    it.world.post(&it.director, &format!("/cases/{}/assignment", it.case), order).expect(200);
    let crisis = it.report(&it.mentee, json!({"concerns": "specialist", "reach_me": "Писать-Х"}));
    hidden(&it, &one, &crisis);
    hidden(&it, &two, &crisis);
    assert!(it.waits(&two).is_empty());
    assert_eq!(it.waits(&it.head), [crisis.as_str()], "the other head is called at once");
    let calls = it.seen(&it.director, &crisis).expect(200).body["calls"].to_string();
    assert!(!calls.contains(&two.id), "{calls}");
}

#[test]
fn an_account_of_the_accused_under_another_record_sees_nothing_and_is_not_called() {
    let it = scene();
    let adult = json!({"given_name": "Анна", "birth_date": "2005-04-02"});
    let one = it.world.person(&it.director, adult.clone());
    let first = it.world.beneficiary(&it.director, &it.organization, &one);
    let (other, away) = it.world.institution("Центр «Кров»");
    let two = it.world.person(&away, adult);
    let second = it.world.beneficiary(&away, &other, &two);
    let grants = json!([{"role": "support_specialist", "organization_id": it.organization}]);
    let accused = it.world.account("anna", grants, Some(&two));
    let order = json!({"specialist_user_id": accused.id});
    it.world.post(&it.director, &format!("/cases/{}/assignment", it.case), order).expect(200);
    let concerns = json!({"concerns": "other", "concerned_person_id": one});
    let early = it.report(&it.director, concerns.clone());
    it.seen(&accused, &early).expect(200);
    let merge = it.world.merged(&first, &second);
    // A caller is remembered for less than a second, and a session begins anew.
    let accused = it.world.login("anna");
    hidden(&it, &accused, &early);
    let later = it.report(&it.director, concerns.clone());
    hidden(&it, &accused, &later);
    assert!(it.waits(&accused).is_empty());
    let called = it.waits(&it.head);
    assert!(called.contains(&early) && called.contains(&later), "the head is called at once: {called:?}");
    it.try_report(&accused, concerns).refused(422, "crisis.concerns_reporter");
    it.world.reversed(&merge);
    it.seen(&it.world.login("anna"), &early).expect(200);
}

#[test]
fn crises_are_seen_through_merges_of_merges() {
    let it = scene();
    let record = |name: &str| {
        let (organization, director) = it.world.institution(name);
        let person = it.world.person(&director, json!({}));
        let of = it.world.beneficiary(&director, &organization, &person);
        (of, it.world.staff("support_specialist", &organization))
    };
    let ((second, _), (third, far)) = (record("Центр «Кров»"), record("Центр «Даль»"));
    it.world.merged(&second, &third);
    let crisis = it.report(&far, json!({"beneficiary_id": third}));
    it.seen(&it.specialist, &crisis).expect(404);
    let outer = it.world.merged(&it.beneficiary, &second);
    it.seen(&it.specialist, &crisis).expect(200);
    assert_eq!(it.waits(&it.specialist), [crisis.as_str()]);
    it.world.reversed(&outer);
    it.seen(&it.specialist, &crisis).expect(404);
    assert!(it.waits(&it.specialist).is_empty());
}

#[test]
fn the_organization_that_accompanies_the_first_record_sees_crises_of_the_second_one_of_a_merge() {
    let it = scene();
    let (other, away) = it.world.institution("Центр «Кров»");
    let second = it.world.beneficiary(&away, &other, &it.world.person(&away, json!({})));
    let of = json!({"beneficiary_id": second});
    // A director who reports has taken the crisis up by that; a specialist who is in charge of nobody has not.
    let early = it.report(&it.world.staff("support_specialist", &other), of.clone());
    it.seen(&it.specialist, &early).expect(404);
    it.world.merged(&it.beneficiary, &second);
    it.seen(&it.specialist, &early).expect(200);
    assert_eq!(it.waits(&it.specialist), [early.as_str()], "who is in charge is called by what came before");
    let later = it.report(&away, of.clone());
    it.seen(&it.specialist, &later).expect(200);
    let accused = it.report(&away, with(of, &json!({"concerns": "specialist"})));
    it.seen(&it.specialist, &accused).expect(404);
    let closing = json!({"closed_on": it.world.day(0), "reason": "moved"});
    it.world
        .post(&it.director, &format!("/cases/{}/closing", it.case), closing)
        .refused(409, "case.has_open_crisis");
}

#[test]
fn guardianship_of_a_district_reaches_its_settlements_by_codes_of_any_length() {
    let it = scene();
    let world = &it.world;
    let (near, wide, far) = (
        it.officer("district", "25655000"),
        it.officer("region", "25000000000"),
        it.officer("beside", "25656000"),
    );
    for territory in ["25655101", "25655101001", "25655000000"] {
        let girl = world.person(&it.director, json!({"given_name": "Анна"}));
        let of = world.beneficiary_in(&it.director, &it.organization, territory, &girl);
        let case = world.case(&it.director, &it.organization, &of);
        let crisis = it.report(&it.director, json!({"beneficiary_id": of, "kind": "neglect"}));
        let paths = [
            format!("/beneficiaries/{of}"),
            format!("/cases/{case}"),
            format!("/cases/{case}/needs"),
            format!("/beneficiaries/{of}/help"),
            format!("/beneficiaries/{of}/plans"),
            format!("/crises/{crisis}"),
        ];
        for path in &paths {
            for who in [&near, &wide] {
                world.get(who, path).expect(200);
            }
            world.get(&far, path).expect(404);
        }
        for filter in [territory, "25655000", "25655"] {
            let listed = world.get(&near, &format!("/beneficiaries?territory={filter}")).expect(200);
            assert!(listed.items().iter().any(|it| it["id"] == json!(of)), "{territory} in {filter}");
        }
    }
    assert!(it.listed(&far, "").is_empty());
}

#[test]
fn guardianship_of_the_territory_of_either_record_sees_the_crises_of_both() {
    let it = scene();
    let (other, away) = it.world.institution("Центр «Кров»");
    let girl = it.world.person(&away, json!({}));
    let second = it.world.beneficiary_in(&away, &other, "25701000", &girl);
    let (near, far) = (it.officer("near", "25655000"), it.officer("far", "25701000"));
    let first = it.report(&it.mentee, json!({"danger_to_child": true}));
    it.seen(&near, &first).expect(200);
    it.seen(&far, &first).expect(404);
    let merge = it.world.merged(&it.beneficiary, &second);
    it.seen(&far, &first).expect(200);
    assert_eq!(it.listed(&far, ""), [first.as_str()]);
    let later = it.report(&away, json!({"beneficiary_id": second}));
    assert_eq!(it.listed(&near, ""), [later.as_str(), first.as_str()]);
    // The child moves under the second record: the crises follow.
    let path = format!("/beneficiaries/{second}");
    it.world.edit(&away, &path, json!({"territory": "25655000"})).expect(200);
    it.seen(&far, &first).expect(404);
    it.world.edit(&away, &path, json!({"territory": "25701000"})).expect(200);
    it.seen(&far, &later).expect(200);
    it.world.reversed(&merge);
    assert_eq!(it.listed(&far, ""), [later.as_str()]);
    assert_eq!(it.listed(&near, ""), [first.as_str()]);
    it.seen(&far, &first).expect(404);
}

#[test]
fn crises_are_counted_for_those_alone_who_see_them_whole_and_read_from_either_end() {
    let it = scene();
    let first = it.report(&it.mentee, json!({}));
    it.report(&it.colleague, json!({"kind": "violence"}));
    it.take(&it.specialist, &first).expect(200);
    let concerned = json!({"concerns": "staff", "concerned_user_id": it.head.id});
    it.report(&it.colleague, concerned);
    let (officer, admin) = (it.officer("opeka", "25655000"), it.world.admin());
    for who in [&it.director, &it.head, &it.colleague, &officer, &admin] {
        it.world.must_count_as_listed(who, "crises", &["state", "severity"]);
        it.world.must_read_from_either_end(who, "crises");
    }
    let total = |who: &Account| it.world.get(who, "/crises/counts").expect(200).body["total"].clone();
    assert_eq!((total(&it.director), total(&admin)), (json!(3), json!(3)));
    assert_eq!(total(&it.head), json!(2), "the one that concerns the head counts for others");
    assert_eq!(it.listed(&it.mentee, "").len(), 1);
    assert_eq!(total(&it.mentee), json!(0), "a reporter is told neither state nor severity");
    it.world.get(&it.director, "/crises/counts?group_by=progress").refused(400, "request.parameter");
}
