//! Files of the meetings of a council: its members read them while in office, whichever organization they come from.
use super::scene;
use serde_json::{Value, json};
use tests::{Account, with};

#[test]
fn a_member_reads_the_files_of_the_meetings_of_the_council_while_in_office() {
    let it = scene(3, json!({}));
    let (ngo, guest) = it.world.institution("НКО «Покров»");
    let (_, stranger) = it.world.institution("Чужое");
    let file = || it.world.file(&it.director, "protocol");
    let read = |who: &Account, file: &str| it.world.get(who, &format!("/files/{file}")).status;
    let (report, other) = (file(), file());
    let plan = |files: Value| {
        let agenda = json!([{"question": "О ходе работы", "kind": "report", "file_ids": files}]);
        json!({"council_id": it.council, "planned_at": it.world.hour(-1), "agenda": agenda})
    };
    let meeting = it.world.post(&it.director, "/council-meetings", plan(json!([report, report]))).expect(201);
    let path = format!("/council-meetings/{}", meeting.id());
    assert_eq!(read(&guest, &report), 404);
    let member = json!({"name": "Петрова Елена", "organization_id": ngo, "from_on": it.world.day(-30), "user_id": guest.id});
    let form = with(json!({"role": "member", "voting": true}), &member);
    let members = format!("/councils/{}/council-members", it.council);
    // The director sees no account of another organization.
    it.world.post(&it.director, &members, form.clone()).refused(422, "field.reference");
    let member = it.world.post(&it.world.admin(), &members, form).expect(201).id();
    assert_eq!([&guest, &stranger, &it.director].map(|who| read(who, &report)), [200, 404, 200]);
    it.world.get(&guest, &format!("/files/{report}/content")).expect(200);
    // A changed agenda has other files.
    assert_eq!(read(&guest, &other), 404);
    it.world.put(&it.director, &path, &meeting.etag(), plan(json!([other]))).expect(200);
    assert_eq!((read(&guest, &report), read(&guest, &other)), (404, 200));
    let all: Vec<&String> = it.members.iter().chain([&member]).collect();
    it.hold(&meeting.id(), -1, &all, 4).expect(200);
    let (protocol, items) = (file(), json!([{"agenda_number": 1, "discussed": "Заслушан доклад."}]));
    let order = with(it.protocol(items), &json!({"file_id": protocol}));
    assert_eq!(read(&guest, &protocol), 404);
    it.sign(&meeting.id(), order).expect(200);
    assert_eq!([&guest, &stranger].map(|who| read(who, &protocol)), [200, 404]);
    // The signed minutes tell the members which file it is, and nobody else from outside.
    let minutes = |who: &Account| it.world.get(who, &path).expect(200).body["record"].clone();
    assert_eq!(minutes(&guest)["file_id"], json!(protocol));
    assert_eq!(minutes(&guest)["items"][0]["discussed"], json!("Заслушан доклад."));
    assert_eq!(minutes(&stranger), Value::Null);
    // On the last day the member is in office still.
    let leave = |days: i64| {
        let path = format!("/council-members/{member}");
        it.world.edit(&it.director, &path, json!({"until_on": it.world.day(days)})).expect(200)
    };
    leave(0);
    assert_eq!((read(&guest, &other), read(&guest, &protocol)), (200, 200));
    leave(-1);
    assert_eq!((read(&guest, &other), read(&guest, &protocol)), (404, 404));
    assert_eq!(minutes(&guest), Value::Null);
}

#[test]
fn nobody_is_in_office_in_a_council_that_was_closed_or_annulled() {
    let it = scene(0, json!({}));
    let (ngo, guest) = it.world.institution("НКО «Покров»");
    let report = it.world.file(&it.director, "protocol");
    let agenda = json!([{"question": "О ходе работы", "kind": "report", "file_ids": [report]}]);
    let plan = json!({"council_id": it.council, "planned_at": it.world.hour(-1), "agenda": agenda});
    it.world.post(&it.director, "/council-meetings", plan).expect(201);
    let path = format!("/councils/{}", it.council);
    let member = json!({"name": "Петрова Елена", "organization_id": ngo, "role": "member", "voting": true,
        "from_on": it.world.day(-30), "user_id": guest.id});
    it.world.post(&it.world.admin(), &format!("{path}/council-members"), member).expect(201);
    let read = || it.world.get(&guest, &format!("/files/{report}")).status;
    assert_eq!(read(), 200);
    for (days, status) in [(0, 200), (-1, 404), (1, 200)] {
        let last = json!({"closed_on": it.world.day(days)});
        it.world.edit(&it.director, &path, last).expect(200);
        assert_eq!(read(), status, "{days}");
    }
    let annulment = json!({"reason": "Внесён дважды."});
    it.world.post(&it.director, &format!("{path}/annulment"), annulment).expect(200);
    assert_eq!(read(), 404);
}

#[test]
fn a_file_named_on_an_agenda_stays_closed_to_outsiders_unless_it_is_a_paper_of_the_keeper() {
    let it = scene(0, json!({}));
    let (ngo, guest) = it.world.institution("НКО «Покров»");
    let (_, stranger) = it.world.institution("Чужое");
    let read = |who: &Account, file: &str| it.world.get(who, &format!("/files/{file}")).status;
    let joins = |council: &str, who: &Account| {
        let form = json!({"name": "Петрова Елена", "role": "member", "voting": true, "from_on": it.world.day(-30), "user_id": who.id});
        it.world.post(&it.world.admin(), &format!("/councils/{council}/council-members"), form).expect(201);
    };
    let plan = |who: &Account, council: &str, files: &[&String]| {
        let agenda = json!([{"question": "О ходе работы", "kind": "report", "file_ids": files}]);
        let form = json!({"council_id": council, "planned_at": it.world.hour(-1), "agenda": agenda});
        it.world.post(who, "/council-meetings", form).expect(201).id()
    };
    joins(&it.council, &guest);
    let files = ["other", "consent", "passport_copy"].map(|purpose| it.world.file(&it.director, purpose));
    let meeting = plan(&it.director, &it.council, &files.each_ref());
    let seen = |who: &Account| files.each_ref().map(|file| read(who, file));
    assert_eq!((seen(&guest), seen(&it.director)), ([200, 404, 404], [200, 200, 200]));
    // A change of something else keeps the files.
    it.world
        .edit(&it.director, &format!("/council-meetings/{meeting}"), json!({"place": "Малый зал"}))
        .expect(200);
    assert_eq!(seen(&guest), [200, 404, 404]);
    // A member opens no file of the one council to the members of another one, which their own organization keeps.
    let council = json!({"organization_id": ngo, "kind": "commission", "name": "Совет", "level": "regional", "quorum": "half",
        "decides_by": "simple_majority"});
    let council = it.world.post(&guest, "/councils", council).expect(201).id();
    joins(&council, &stranger);
    let own = it.world.file(&guest, "protocol");
    plan(&guest, &council, &[&own, &files[0]]);
    assert_eq!((read(&stranger, &own), read(&stranger, &files[0])), (200, 404));
}

#[test]
fn the_account_of_a_member_is_told_to_those_alone_who_edit_the_council() {
    let it = scene(0, json!({}));
    let specialist = it.world.staff("support_specialist", &it.ministry);
    let (_, stranger) = it.world.institution("Чужое");
    let member = it.member(json!({"user_id": specialist.id})).expect(201);
    assert_eq!(member.body["user_id"], json!(specialist.id));
    let told = |who: &Account| {
        let card = it.world.get(who, &format!("/council-members/{}", member.id())).expect(200).body;
        let list = it.world.get(who, &format!("/councils/{}/council-members", it.council)).expect(200);
        assert_eq!(list.items()[0].get("user_id"), card.get("user_id"), "{}", who.login);
        assert_eq!(card["name"], "Член комиссии", "the name is open");
        card.get("user_id").is_some()
    };
    let admin = it.world.admin();
    let all = [&it.director, &admin, &specialist, &stranger].map(told);
    assert_eq!(all, [true, true, false, false]);
    // An edit keeps what it does not name.
    let path = format!("/council-members/{}", member.id());
    let edited = it.world.edit(&it.director, &path, json!({"role": "expert"})).expect(200);
    assert_eq!(edited.body["user_id"], json!(specialist.id));
    // The director sees no account of another organization.
    it.world.edit(&it.director, &path, json!({"user_id": stranger.id})).refused(422, "field.reference");
}
