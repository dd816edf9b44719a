//! Clubs: whom they take, who joins, who reads their members.
use serde_json::{Value, json};
use tests::pairs::at_once;
use tests::{Account, Reply, World, with};

fn club(world: &World, who: &Account, organization: &str, members: Value) -> Reply {
    let form = json!({"name": "Клуб наставников", "kind": "mentors", "organization_id": organization, "host_id": organization,
        "opened_on": world.day(-100)});
    world.post(who, "/clubs", with(form, &members))
}

fn member(world: &World, who: &Account, club: &str, person: &str, members: Value) -> Reply {
    let form = json!({"club_id": club, "person_id": person, "role": "member", "joined_on": world.day(0)});
    world.post(who, "/club-members", with(form, &members))
}

#[test]
fn a_club_of_mentors_takes_a_mentor_whose_approval_is_in_force_and_nobody_else() {
    let (world, pair) = World::paired();
    let director = &pair.director;
    let club = club(&world, director, &pair.organization, json!({})).expect(201).id();
    member(&world, director, &club, &pair.person, json!({})).refused(409, "club_member.kind");
    let joined = member(&world, director, &club, &pair.mentor_person, json!({"role": "leader"})).expect(201);
    assert_eq!(
        (&joined.body["role"], &joined.body["club_name"]),
        (&json!("leader"), &json!("Клуб наставников"))
    );
    member(&world, director, &club, &pair.mentor_person, json!({})).refused(409, "community_member.twice");
    let left = json!({"left_on": world.day(0), "reason": "Переезд."});
    let path = format!("/club-members/{}", joined.id());
    let early = json!({"left_on": world.day(-1)});
    world.post(director, &format!("{path}/leaving"), early).refused(422, "community_member.leaves_early");
    world.post(director, &format!("{path}/leaving"), left.clone()).expect(200);
    world.post(director, &format!("{path}/leaving"), left).refused(409, "community_member.left");
    let removal = json!({"decree": {"number": "12-к", "date": world.day(0)}, "removed_on": world.day(0)});
    let removed = world.post(director, &format!("/mentors/{}/removal", pair.mentor), removal);
    assert!(removed.status < 300, "{}", removed.text);
    let again = member(&world, director, &club, &pair.mentor_person, json!({}));
    assert!(again.codes().contains(&"club_member.kind"), "{}", again.text);
}

#[test]
fn a_member_under_one_record_does_not_join_again_under_another() {
    let world = World::new();
    let (organization, director) = world.institution("Центр");
    let club = club(&world, &director, &organization, json!({"kind": "social", "name": "Очаг"}));
    let club = club.expect(201).id();
    let people = [0, 1].map(|_| world.person(&director, json!({"birth_date": "2005-05-05"})));
    let [first, second] = people.each_ref().map(|person| world.beneficiary(&director, &organization, person));
    world.merged(&first, &second);
    member(&world, &director, &club, &people[0], json!({})).expect(201);
    member(&world, &director, &club, &people[1], json!({})).refused(409, "community_member.twice");
}

#[test]
fn a_club_and_a_group_stay_with_their_organization() {
    let world = World::new();
    let (organization, other) = (world.institution("Центр").0, world.institution("Другой центр").0);
    let role = |organization: &str| json!({"role": "director", "organization_id": organization});
    let both = world.account("both", json!([role(&organization), role(&other)]), None);
    let club = club(&world, &both, &organization, json!({})).expect(201);
    let group =
        json!({"name": "Очаг", "organization_id": organization, "source": "ngo", "formed_on": world.day(-9)});
    let group = world.post(&both, "/volunteer-groups", group).expect(201);
    for (kept, list) in [(&club, "clubs"), (&group, "volunteer-groups")] {
        let code = format!("{}.owner_fixed", list.trim_end_matches('s').replace('-', "_"));
        let path = format!("/{list}/{}", kept.id());
        world.patch(&both, &path, &kept.etag(), json!({"organization_id": other})).refused(422, &code);
    }
}

#[test]
fn a_club_of_care_leavers_takes_care_leavers() {
    let world = World::new();
    let (organization, director) = world.institution("Центр");
    let club =
        club(&world, &director, &organization, json!({"kind": "care_leavers", "name": "Клуб выпускников"}));
    let club = club.expect(201).id();
    let [child, grown] =
        ["2012-01-01", "2003-01-01"].map(|it| world.person(&director, json!({"birth_date": it})));
    world.beneficiary(&director, &organization, &child);
    let form = json!({"kind": "person", "person_id": grown, "category": "former_care_adult", "organization_id": organization,
        "territory": "25655000"});
    world.post(&director, "/beneficiaries", form).expect(201);
    member(&world, &director, &club, &child, json!({})).refused(409, "club_member.kind");
    member(&world, &director, &club, &grown, json!({})).expect(201);
}

#[test]
fn a_mentor_joins_and_leaves_a_club_alone_and_reads_the_own_membership_only() {
    let (world, pair) = World::paired();
    let social = club(&world, &pair.director, &pair.organization, json!({"kind": "social", "name": "Очаг"}));
    let social = social.expect(201).id();
    let other = member(&world, &pair.director, &social, &pair.person, json!({})).expect(201).id();
    let mentor = world.mentor_account("mentor", &pair);
    let joined = world.post(&mentor, "/club-joinings", json!({"club_id": social})).expect(201);
    assert_eq!((&joined.body["role"], &joined.body["joined_on"]), (&json!("member"), &json!(world.day(0))));
    assert_eq!(joined.actions(), json!(["withdraw"]));
    world.post(&mentor, "/club-joinings", json!({"club_id": social})).refused(409, "community_member.twice");
    let list = format!("/clubs/{social}/members");
    assert_eq!(world.get(&mentor, &list).expect(200).ids(), [joined.id()]);
    world.get(&mentor, &format!("/club-members/{other}")).expect(404);
    let path = format!("/club-members/{}", joined.id());
    assert_eq!(world.get(&pair.director, &path).expect(200).actions(), json!(["leave", "annul"]));
    let (_, stranger) = world.institution("Другой центр");
    world.get(&stranger, &path).expect(404);
    assert!(world.get(&stranger, &list).expect(200).items().is_empty());
    world.post(&stranger, &format!("{path}/leaving"), json!({"left_on": world.day(0)})).expect(404);
    let officer = json!([{"role": "guardianship_officer", "territory": "25655000"}]);
    let officer = world.account("officer", officer, None);
    assert_eq!(world.get(&officer, &list).expect(200).ids(), [other]);
    let analyst = world.account("analyst", json!([{"role": "analyst"}]), None);
    world.get(&analyst, &list).expect(403);
    let left = world.post(&mentor, &format!("{path}/withdrawal"), json!({})).expect(200);
    assert_eq!(left.body["left_on"], json!(world.day(0)));
    let told = world.get(&pair.director, &format!("{path}/history")).expect(200);
    assert_eq!(told.kinds(), ["club_member.left", "club_member.joined"]);
}

#[test]
fn a_mentee_joins_and_leaves_a_club_alone() {
    let (world, pair) = World::paired();
    let social = club(&world, &pair.director, &pair.organization, json!({"kind": "social", "name": "Очаг"}));
    let social = social.expect(201).id();
    member(&world, &pair.director, &social, &pair.mentor_person, json!({})).expect(201);
    let mentee = world.mentee_account("mentee", &pair);
    let joined = world.post(&mentee, "/club-joinings", json!({"club_id": social})).expect(201);
    assert_eq!((&joined.body["person_id"], &joined.body["role"]), (&json!(pair.person), &json!("member")));
    assert_eq!(world.get(&mentee, &format!("/clubs/{social}/members")).expect(200).ids(), [joined.id()]);
    let path = format!("/club-members/{}", joined.id());
    assert_eq!(world.get(&mentee, &path).expect(200).actions(), json!(["withdraw"]));
    let left = world.post(&mentee, &format!("{path}/withdrawal"), json!({})).expect(200);
    assert_eq!(left.body["left_on"], json!(world.day(0)));
}

#[test]
fn everything_wrong_with_a_joining_is_told_at_once() {
    let (world, pair) = World::paired();
    let days = json!({"opened_on": world.day(-10), "closed_on": world.day(-5)});
    let club = club(&world, &pair.director, &pair.organization, days).expect(201).id();
    let wrong = member(&world, &pair.director, &club, &pair.person, json!({"joined_on": world.day(1)}));
    assert_eq!(wrong.codes(), ["life.in_future", "community_member.closed", "club_member.kind"]);
    let (_, stranger) = world.institution("Другой центр");
    member(&world, &stranger, &club, &pair.person, json!({})).refused(422, "field.reference");
    let own = world.resident(&stranger);
    member(&world, &stranger, &club, &own, json!({})).refused(422, "field.reference");
}

#[test]
fn a_mentor_who_joins_fifty_times_at_once_is_a_member_once() {
    let (world, pair) = World::paired();
    let club = club(&world, &pair.director, &pair.organization, json!({})).expect(201).id();
    let mentor = world.mentor_account("mentor", &pair);
    let told = at_once(50, |_| world.post(&mentor, "/club-joinings", json!({"club_id": club})));
    assert_eq!(told.iter().filter(|it| it.0 == 201).count(), 1, "{told:?}");
    assert!(told.iter().all(|it| matches!(it.0, 201 | 409)), "{told:?}");
    assert_eq!(world.get(&pair.director, &format!("/clubs/{club}/members")).expect(200).items().len(), 1);
}

#[test]
fn clubs_are_found_by_kind_and_host_and_a_closed_one_leaves_the_list() {
    let world = World::new();
    let (organization, director) = world.institution("Центр");
    let college = world.organization("vocational_school", "Аграрный техникум", "25655000");
    let hosted = json!({"kind": "care_leavers", "name": "Шаг", "host_id": college});
    let hosted = club(&world, &director, &organization, hosted).expect(201);
    club(&world, &director, &organization, json!({"closed_on": world.day(-1)})).expect(201);
    club(&world, &director, &organization, json!({"closed_on": world.day(-101)}))
        .refused(422, "club.closes_early");
    let analyst = world.account("analyst", json!([{"role": "analyst"}]), None);
    let found = |query: &str| world.get(&analyst, &format!("/clubs{query}")).expect(200).ids();
    assert_eq!(found(""), [hosted.id()]);
    assert_eq!(found(&format!("?host_id={college}")), [hosted.id()]);
    assert_eq!(found("?kind=mentors,care_leavers").len(), 1);
    assert_eq!(found("?ended=true").len(), 1);
    let path = format!("/clubs/{}", hosted.id());
    let edit = json!({"kind": "social"});
    world.patch(&director, &path, &hosted.etag(), edit).refused(422, "club.kind_fixed");
}

#[test]
fn a_death_is_the_last_day_in_clubs_and_groups_and_its_annulment_brings_nobody_back() {
    let world = World::new();
    let (organization, director) = world.institution("Центр");
    let person = world.person(&director, json!({"birth_date": "1990-01-01"}));
    let social =
        club(&world, &director, &organization, json!({"kind": "social", "name": "Очаг"})).expect(201);
    let old = json!({"joined_on": world.day(-30)});
    let of_club = member(&world, &director, &social.id(), &person, old).expect(201).id();
    let group = json!({"name": "Отряд", "organization_id": organization, "source": "ngo", "formed_on": world.day(-90)});
    let group = world.post(&director, "/volunteer-groups", group).expect(201).id();
    let form = json!({"volunteer_group_id": group, "person_id": person, "role": "member", "joined_on": world.day(-1)});
    let of_group = world.post(&director, "/volunteer-group-members", form).expect(201).id();
    world.die(&director, &person, -3).expect(200);
    let last = |list: &str, id: &str| {
        world.get(&director, &format!("/{list}/{id}")).expect(200).body["left_on"].clone()
    };
    assert_eq!(last("club-members", &of_club), json!(world.day(-3)));
    assert_eq!(last("volunteer-group-members", &of_group), json!(world.day(-1)), "entered after the death");
    let told = world.get(&director, &format!("/club-members/{of_club}/history")).expect(200);
    assert_eq!(told.kinds(), ["club_member.left", "club_member.joined"]);
    let reason = json!({"reason": "Однофамилец."});
    world.post(&director, &format!("/people/{person}/death/annulment"), reason).expect(200);
    assert_eq!(last("club-members", &of_club), json!(world.day(-3)));
    member(&world, &director, &social.id(), &person, json!({})).expect(201);
}

#[test]
fn a_membership_entered_by_mistake_is_annulled_with_a_reason_and_entered_anew() {
    let world = World::new();
    let (organization, director) = world.institution("Центр");
    let (_, stranger) = world.institution("Другой центр");
    let social = json!({"kind": "social", "name": "Очаг"});
    let social = club(&world, &director, &organization, social).expect(201).id();
    let person = world.person(&director, json!({"birth_date": "1990-01-01"}));
    let joins = |days: i64| {
        let day = json!({"joined_on": world.day(days)});
        member(&world, &director, &social, &person, day)
    };
    let wrong = joins(-90).expect(201);
    joins(-9).refused(409, "community_member.twice");
    let path = format!("/club-members/{}", wrong.id());
    let reason = json!({"reason": "Внесён не тот день."});
    let annul = |who: &Account| world.post(who, &format!("{path}/annulment"), reason.clone());
    annul(&stranger).expect(404);
    let annulled = annul(&director).expect(200);
    assert_eq!((&annulled.body["annulment"], annulled.actions()), (&reason, json!([])));
    annul(&director).refused(409, "entry.annulled");
    let left = json!({"left_on": world.day(0)});
    world.post(&director, &format!("{path}/leaving"), left).refused(409, "entry.annulled");
    let anew = joins(-9).expect(201);
    let listed =
        |query: &str| world.get(&director, &format!("/clubs/{social}/members{query}")).expect(200).ids();
    assert_eq!((listed(""), listed("?annulled=true")), (vec![anew.id()], vec![wrong.id()]));
    assert_eq!(listed(&format!("?on={}", world.day(-20))), Vec::<String>::new());
    world.die(&director, &person, -1).expect(200);
    let card = world.get(&director, &path).expect(200);
    assert_eq!(
        (card.body.get("left_on"), &card.body["annulment"]),
        (None, &reason),
        "a death ends nothing here"
    );
    let told = world.get(&director, &format!("{path}/history")).expect(200);
    assert_eq!(told.kinds(), ["club_member.annulled", "club_member.joined"]);
}

#[test]
fn a_membership_of_nobody_in_a_foreign_club_is_refused_with_all_that_is_wrong() {
    let world = World::new();
    let (home, director) = world.institution("Центр");
    let (_, stranger) = world.institution("Чужой центр");
    let club = club(&world, &director, &home, json!({"kind": "families"})).expect(201).id();
    let nobody = "01980000-0000-7000-8000-0000000000ff";
    let wrong = |who: &Account, day: i64| {
        let day = json!({"joined_on": world.day(day)});
        member(&world, who, &club, nobody, day).refused(422, "field.reference")
    };
    assert_eq!(wrong(&stranger, 1).pointers(), ["/club_id", "/person_id", "/joined_on"]);
    let early = wrong(&director, -101);
    assert_eq!(early.pointers(), ["/person_id", "/joined_on"]);
    assert_eq!(early.codes(), ["field.reference", "community_member.closed"]);
}
