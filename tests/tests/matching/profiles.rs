//! Profiles of mentors and beneficiaries.
use serde_json::json;
use tests::World;

#[test]
fn everybody_has_a_profile_before_it_is_filled() {
    let (world, pair) = World::paired();
    let paths = [
        format!("/mentors/{}/matching-profile", pair.mentor),
        format!("/beneficiaries/{}/matching-profile", pair.beneficiary),
        format!("/beneficiaries/{}/matching-needs", pair.beneficiary),
    ];
    for path in paths {
        let empty = world.get(&pair.director, &path).expect(200);
        assert_eq!((empty.etag().get(..2), &empty.body["filled"]), (Some("\"0"), &json!(false)), "{path}");
        assert_eq!(empty.body.get("updated_at"), None, "{path}");
        let filled = world.put(&pair.director, &path, "\"0\"", json!({})).expect(200);
        assert_eq!((filled.etag().get(..2), &filled.body["filled"]), (Some("\"1"), &json!(true)), "{path}");
        assert_eq!(filled.body["form"], empty.body["form"], "{path}");
        world.put(&pair.director, &path, "\"0\"", json!({})).refused(412, "version.stale");
        let again = world.patch(&pair.director, &path, "\"1\"", json!({"no_such": 1}));
        again.refused(422, "field.unknown");
    }
}

#[test]
fn a_mentor_fills_the_own_profile_and_no_other() {
    let (world, pair) = World::paired();
    let other = world.another_mentor(&pair);
    let mentor = world.mentor_account("masha", &pair);
    let path = format!("/mentors/{}/matching-profile", pair.mentor);
    let form = json!({"languages": ["ru", "tt"], "hours": ["sat_morning"], "interests": ["chess"], "dislikes": ["fishing"],
        "skills": ["exams"], "travel_radius_km": 40, "works_remotely": true, "beneficiary_sex": "female",
        "beneficiary_age_min_years": 12, "beneficiary_age_max_years": 17, "away_from": "2026-07-01", "away_until": "2026-07-31"});
    let filled = world.put(&mentor, &path, "\"0\"", form.clone()).expect(200);
    assert_eq!((&filled.body["form"], &filled.body["mentor_id"]), (&form, &json!(pair.mentor)));
    let patch = json!({"languages": null, "travel_radius_km": null, "away_until": null});
    let patched = world.patch(&mentor, &path, "\"1\"", patch).expect(200);
    assert_eq!(patched.body["form"]["languages"], json!(["ru"]), "Russian, if nothing is said");
    assert_eq!(patched.body["form"]["away_from"], "2026-07-01", "away until further notice");
    assert_eq!(patched.body["form"].get("travel_radius_km"), None);
    assert_eq!(world.get(&pair.director, &path).expect(200).body, patched.body);
    assert_eq!(world.fact("mentor.profile_edited"), pair.mentor);
    let others = format!("/mentors/{other}/matching-profile");
    world.get(&mentor, &others).refused(404, "request.not_found");
    world.put(&mentor, &others, "\"0\"", json!({})).refused(404, "request.not_found");
}

#[test]
fn a_profile_says_nothing_twice_and_nothing_against_itself() {
    let (world, pair) = World::paired();
    let path = format!("/mentors/{}/matching-profile", pair.mentor);
    let form = json!({"languages": ["ru", "ru"], "interests": ["chess"], "dislikes": ["cars", "chess"], "beneficiary_sex": "unknown",
        "beneficiary_age_min_years": 15, "beneficiary_age_max_years": 14, "away_from": world.day(2), "away_until": world.day(1)});
    let refused = world.put(&pair.director, &path, "\"0\"", form).expect(422);
    let told = refused.body["errors"].as_array().expect("errors").iter();
    let told: Vec<_> = told.map(|it| (it["code"].as_str(), it["pointer"].as_str())).collect();
    let all = [
        ("matching_profile.repeated", "/languages/1"),
        ("matching_profile.liked_and_disliked", "/dislikes/1"),
        ("matching_profile.sex_unknown", "/beneficiary_sex"),
        ("matching_profile.ages_crossed", "/beneficiary_age_max_years"),
        ("matching_profile.dates_crossed", "/away_until"),
    ];
    assert_eq!(told, all.map(|(code, pointer)| (Some(code), Some(pointer))));
    let until = json!({"away_until": world.day(1)});
    world.put(&pair.director, &path, "\"0\"", until).refused(422, "field.missing");
    world.put(&pair.director, &path, "\"0\"", json!({"languages": []})).refused(422, "field.length");
    world.put(&pair.director, &path, "\"0\"", json!({"hours": ["noon"]})).refused(422, "field.word");
    world.put(&pair.director, &path, "\"0\"", json!({"travel_radius_km": 0})).refused(422, "field.range");
    let path = format!("/beneficiaries/{}/matching-profile", pair.beneficiary);
    let form = json!({"hours": ["mon_morning", "mon_morning"], "interests": ["cars"], "dislikes": ["cars"], "mentor_sex": "unknown",
        "mentor_age_min_years": 40, "mentor_age_max_years": 30});
    let refused = world.put(&pair.director, &path, "\"0\"", form).expect(422);
    let all = ["repeated", "liked_and_disliked", "sex_unknown", "ages_crossed"];
    assert_eq!(refused.codes(), all.map(|it| format!("matching_profile.{it}")));
}

#[test]
fn who_only_receives_a_mentor_reads_the_profile_and_does_not_keep_it() {
    let (world, pair) = World::paired();
    let card = world.get(&pair.director, &format!("/mentors/{}", pair.mentor)).expect(200);
    let ngo = world.staff("director", card.body["ngo_id"].as_str().expect("an НКО"));
    let path = format!("/mentors/{}/matching-profile", pair.mentor);
    world.get(&ngo, &path).expect(200);
    world.put(&ngo, &path, "\"0\"", json!({})).refused(403, "access.not_yours");
    let (_, stranger) = world.institution("Другой центр");
    world.get(&stranger, &path).refused(404, "request.not_found");
    world.put(&world.admin(), &path, "\"0\"", json!({})).refused(403, "access.forbidden");
    let program =
        world.get(&world.admin(), "/programs?code=family-mentoring").expect(200).items()[0]["id"].clone();
    let coordinator =
        world.account("coordinator", json!([{"role": "program_coordinator", "program_id": program}]), None);
    world.mentor_profile(&coordinator, &pair.mentor, json!({}));
}

#[test]
fn a_mentee_fills_the_own_profile_and_never_sees_the_needs() {
    let (world, pair) = World::paired();
    let mentee = world.mentee_account("daria", &pair);
    let path = format!("/beneficiaries/{}", pair.beneficiary);
    let members = json!({"mentor_sex": "female", "interests": ["drawing"], "dislikes": ["fishing"]});
    let filled = world.beneficiary_profile(&mentee, &pair.beneficiary, members.clone());
    for member in ["mentor_sex", "interests", "dislikes"] {
        assert_eq!(filled.body["form"][member], members[member], "{member}");
    }
    let profile = format!("{path}/matching-profile");
    let patched = world.patch(&mentee, &profile, "\"1\"", json!({"mentor_age_max_years": 50})).expect(200);
    assert_eq!(
        (&patched.body["version"], &patched.body["form"]["mentor_sex"]),
        (&json!(2), &json!("female"))
    );
    assert_eq!(world.get(&pair.director, &profile).expect(200).body, patched.body);
    assert_eq!(world.fact("beneficiary.profile_edited"), pair.beneficiary);
    let needs = format!("{path}/matching-needs");
    world.get(&mentee, &needs).refused(403, "access.forbidden");
    world.put(&mentee, &needs, "\"0\"", json!({})).refused(403, "access.forbidden");
    let grants = json!([{"role": "support_specialist", "organization_id": pair.organization}]);
    let specialist = world.account("grown.up", grants, Some(&pair.person));
    world.get(&specialist, &needs).refused(403, "access.forbidden");
    world.put(&specialist, &needs, "\"0\"", json!({})).refused(403, "access.forbidden");
}

#[test]
fn a_mentor_sees_neither_the_profile_nor_the_needs_of_the_mentee() {
    let (world, pair) = World::paired();
    world.active(&pair);
    let (elsewhere, _) = world.institution("Другой центр");
    let mentor = world.mentor_account("masha", &pair);
    let director_elsewhere = world.director_and("elsewhere", &elsewhere, "mentor", &pair.mentor_person);
    let director_here = world.director_and("here", &pair.organization, "mentor", &pair.mentor_person);
    let tutor = world.account("tutor", json!([{"role": "tutor"}]), None);
    let path = format!("/beneficiaries/{}", pair.beneficiary);
    for who in [&mentor, &director_elsewhere, &director_here] {
        world.get(who, &path).expect(200);
        for part in ["matching-profile", "matching-needs"] {
            let part = format!("{path}/{part}");
            world.get(who, &part).refused(403, "access.forbidden");
            world.put(who, &part, "\"0\"", json!({})).refused(403, "access.forbidden");
            world.get(&tutor, &part).refused(404, "request.not_found");
        }
    }
}

#[test]
fn how_grave_a_case_a_mentor_is_qualified_for_is_said_by_others() {
    let (world, pair) = World::paired();
    let path = format!("/mentors/{}", pair.mentor);
    let card = world.get(&pair.director, &path).expect(200);
    assert_eq!(card.body["qualified_risk_level"], 0);
    let patched =
        world.patch(&pair.director, &path, &card.etag(), json!({"qualified_risk_level": 2})).expect(200);
    assert_eq!(patched.body["qualified_risk_level"], 2);
    world
        .patch(&pair.director, &path, &patched.etag(), json!({"qualified_risk_level": 4}))
        .refused(422, "field.range");
    let mentor = world.mentor_account("masha", &pair);
    assert_eq!(world.get(&mentor, &path).expect(200).body.get("qualified_risk_level"), None);
    let raise = || json!({"qualified_risk_level": 3});
    world.patch(&mentor, &path, &patched.etag(), raise()).refused(403, "access.forbidden");
    let both = world.director_and("both", &pair.organization, "mentor", &pair.mentor_person);
    world.patch(&both, &path, &patched.etag(), raise()).refused(403, "access.own");
}
