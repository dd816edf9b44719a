//! To whom a task may be given, who may control it, and who reports for whom.
use super::{account, scene};
use serde_json::{Value, json};
use tests::Account;

#[test]
fn a_task_is_refused_with_all_that_is_wrong_about_it() {
    let it = scene();
    let refused = it.give(&it.director, json!({"due_on": it.world.day(-1)})).refused(422, "task.due_past");
    assert_eq!(refused.body["errors"][0]["pointer"], "/due_on");
    it.give(&it.director, json!({"due_on": it.world.day(0)})).expect(201);
    it.give(&it.director, json!({"kind": "consilium_decision"})).refused(422, "field.word");
    it.give(&it.director, json!({"title": ""})).expect(422);
    let (_, stranger) = it.world.institution("Чужое");
    let wrong = json!({"assignee": account(&stranger), "controller_user_id": stranger.id});
    let refused = it.give(&it.director, wrong).expect(422);
    assert_eq!(refused.codes(), ["task.assignee", "field.reference"]);
    assert_eq!(refused.pointers(), ["/assignee/id", "/controller_user_id"]);
    let closed = it.world.staff("support_specialist", &it.pair.organization);
    it.world.close_account(&closed);
    let refused = it.give(&it.director, json!({"assignee": account(&closed)}));
    refused.refused(422, "task.assignee");
    let refused = it.give(&it.director, json!({"controller_user_id": closed.id}));
    refused.refused(422, "field.reference");
}

#[test]
fn a_task_goes_to_no_other_organization_and_about_no_case_that_the_giver_does_not_see() {
    let it = scene();
    let (other, stranger) = it.world.institution("Чужое");
    let unit = it.world.unit(&it.world.admin(), &other, json!({"name": "Отделение"})).id();
    for assignee in [json!({"kind": "organization", "id": other}), json!({"kind": "unit", "id": unit})] {
        let refused = it.give(&it.director, json!({"assignee": assignee})).refused(422, "task.assignee");
        assert_eq!(refused.body["errors"][0]["pointer"], "/assignee/id");
    }
    let nowhere = "01980000-0000-7000-8000-0000000000ff";
    for kind in ["organization", "unit", "mentor", "person", "representative"] {
        let assignee = json!({"kind": kind, "id": nowhere});
        let refused = it.give(&it.director, json!({"assignee": assignee})).refused(422, "field.reference");
        assert_eq!(refused.body["errors"][0]["pointer"], "/assignee/id");
    }
    let person = it.world.person(&stranger, json!({"given_name": "Вера"}));
    let hidden = json!({"assignee": {"kind": "person", "id": person}});
    it.give(&it.director, hidden).refused(422, "field.reference");
    let own = json!({"assignee": account(&stranger), "controller_user_id": stranger.id, "case_id": it.case});
    let refused = it.give(&stranger, own).refused(422, "field.reference");
    assert_eq!(refused.body["errors"][0]["pointer"], "/case_id");
    let officer = json!([{"role": "director", "organization_id": other}, {"role": "guardianship_officer", "territory": "25655000"}]);
    let both = it.world.account("both", officer, None);
    it.world.get(&both, &format!("/cases/{}", it.case)).expect(200);
    let seen = json!({"assignee": account(&both), "controller_user_id": both.id, "case_id": it.case});
    let refused = it.give(&both, seen).refused(422, "field.reference");
    assert_eq!(refused.body["errors"][0]["pointer"], "/case_id");
}

#[test]
fn a_task_of_an_institution_is_reported_by_its_staff_and_that_of_a_unit_by_its_heads() {
    let it = scene();
    let unit = it.world.unit(&it.director, &it.pair.organization, json!({"name": "Отделение"})).id();
    let of_unit = it.task(json!({"assignee": {"kind": "unit", "id": unit}}));
    let of_all = it.task(json!({"assignee": {"kind": "organization", "id": it.pair.organization}}));
    assert_eq!(it.card(&it.head, &of_unit).expect(200).body["assignee"]["name"], "Отделение");
    it.report(&it.specialist, &of_unit).refused(404, "request.not_found");
    it.report(&it.head, &of_unit).expect(200);
    it.report(&it.specialist, &of_all).expect(200);
    assert_eq!(it.listed(&it.head, "?mine=assignee&state=reported").len(), 2);
    let query = format!("?assignee_organization_id={}", it.pair.organization);
    assert_eq!(it.listed(&it.colleague, &query), [of_all]);
}

#[test]
fn a_mentor_and_a_mentee_see_their_own_tasks_alone_and_report_them() {
    let it = scene();
    let of_mentor = it.task(json!({"assignee": {"kind": "mentor", "id": it.pair.mentor}}));
    let of_person =
        it.task(json!({"case_id": it.case, "assignee": {"kind": "person", "id": it.pair.person}}));
    let mentor = it.world.mentor_account("maria", &it.pair);
    let mentee = it.world.mentee_account("daria", &it.pair);
    for (who, own, foreign) in [(&mentor, &of_mentor, &of_person), (&mentee, &of_person, &of_mentor)] {
        let card = it.card(who, own).expect(200);
        assert_eq!(card.actions(), json!(["report"]));
        assert_eq!(card.body.get("controller_user_name"), None, "names of staff are not theirs");
        assert_eq!(it.listed(who, ""), [own.as_str()]);
        assert_eq!(it.listed(who, "?mine=assignee"), [own.as_str()]);
        it.card(who, foreign).refused(404, "request.not_found");
        it.report(who, foreign).refused(404, "request.not_found");
        it.give(who, json!({})).refused(403, "access.forbidden");
        it.step(who, own, "cancellation", json!({"reason": "mistake"})).refused(403, "access.forbidden");
        it.world.get(who, &format!("/tasks/{own}/history")).refused(403, "access.forbidden");
    }
    it.report(&it.director, &of_mentor).refused(403, "access.not_yours");
    let scan = it.world.file(&mentor, "other");
    let order = json!({"result": "Сходили в колледж.", "file_ids": [scan]});
    it.step(&mentor, &of_mentor, "report", order).expect(200);
    it.world.get(&it.director, &format!("/files/{scan}")).expect(200);
    it.report(&mentee, &of_person).expect(200);
    it.step(&it.director, &of_person, "acceptance", json!({})).expect(200);
    assert_eq!(it.card(&mentee, &of_person).expect(200).body["state"], "done");
}

#[test]
fn staff_reports_for_somebody_without_an_account() {
    let it = scene();
    let guardian = it.world.resident(&it.director);
    let authority = it.world.guardian(&it.director, &it.pair.beneficiary, &guardian);
    let assignee = json!({"kind": "representative", "id": authority});
    let task = it.task(json!({"case_id": it.case, "assignee": assignee}));
    let next = it.task(json!({"case_id": it.case, "assignee": assignee}));
    assert_eq!(it.card(&it.specialist, &task).expect(200).actions(), json!(["report"]));
    it.report(&it.specialist, &task).expect(200);
    it.step(&it.director, &task, "acceptance", json!({})).expect(200);
    let own = it.world.account("guardian", json!([{"role": "mentee"}]), Some(&guardian));
    assert_eq!(it.card(&it.specialist, &next).expect(200).actions(), json!([]));
    it.report(&it.specialist, &next).refused(403, "access.not_yours");
    it.report(&own, &next).expect(200);
}

#[test]
fn a_member_of_the_team_from_another_organization_gets_tasks_about_the_case_while_a_consent_opens_it() {
    let it = scene();
    let fund = it.world.organization("ngo", "Фонд", "25655000");
    let member = it.world.staff("support_specialist", &fund);
    let about = || json!({"case_id": it.case, "assignee": account(&member)});
    it.give(&it.director, about()).refused(422, "task.assignee");
    let paper = it.world.file(&it.director, "consent");
    let signature = json!({"signatory": "recipient", "person_id": it.pair.person, "signed_on": it.world.day(0), "file_id": paper});
    let consent = json!({"purpose": "team", "organization_ids": [fund], "parts": ["identity"], "valid_until": it.world.day(200),
        "signatures": [signature]});
    let ledger = format!("/beneficiaries/{}/consents", it.pair.beneficiary);
    let consent = it.world.post(&it.director, &ledger, consent).expect(201).id();
    let invitation = json!({"user_id": member.id, "role": "psychologist", "parts": ["identity"], "until": it.world.day(90),
        "consent_id": consent});
    it.world.post(&it.director, &format!("/cases/{}/team-members", it.case), invitation).expect(201);

    let task = it.task(about());
    it.give(&it.director, json!({"assignee": account(&member)})).refused(422, "task.assignee");
    let passed_on = it.task(json!({"case_id": it.case}));
    it.card(&member, &passed_on).refused(404, "request.not_found");
    it.step(&it.director, &passed_on, "assignment", json!({"user_id": member.id})).expect(200);
    let other = it.task(json!({"case_id": it.case}));
    it.card(&member, &other).refused(404, "request.not_found");
    let mut seen = it.listed(&member, "");
    seen.sort();
    assert_eq!(seen, [task.as_str(), passed_on.as_str()]);
    assert_eq!(it.listed(&member, "?mine=assignee").len(), 2);
    assert_eq!(it.card(&member, &task).expect(200).actions(), json!(["report"]));
    it.step(&member, &task, "cancellation", json!({"reason": "mistake"})).refused(403, "access.not_yours");
    it.report(&member, &task).expect(200);
    it.step(&it.director, &task, "acceptance", json!({})).expect(200);
    it.world.get(&member, &format!("/cases/{}", it.case)).refused(404, "request.not_found");

    let paper = it.world.file(&it.director, "consent");
    let withdrawal = json!({"person_id": it.pair.person, "file_id": paper});
    it.world.post(&it.director, &format!("/consents/{consent}/withdrawal"), withdrawal).expect(200);
    assert_eq!(it.listed(&member, ""), Vec::<String>::new());
    it.card(&member, &passed_on).refused(404, "request.not_found");
    it.report(&member, &passed_on).refused(404, "request.not_found");
    it.give(&it.director, about()).refused(422, "task.assignee");
    it.step(&it.director, &passed_on, "assignment", json!({"user_id": it.specialist.id})).expect(200);
}

#[test]
fn a_former_mentor_and_a_former_representative_have_no_tasks_about_the_child_any_more() {
    let it = scene();
    let of_mentor = || json!({"case_id": it.case, "assignee": {"kind": "mentor", "id": it.pair.mentor}});
    it.give(&it.director, of_mentor()).refused(422, "task.assignee");
    let mentorship = it.world.active(&it.pair);
    let person = it.world.resident(&it.director);
    let authority = it.world.guardian(&it.director, &it.pair.beneficiary, &person);
    let of_guardian = || json!({"case_id": it.case, "assignee": {"kind": "representative", "id": authority}});
    let mentor = it.world.mentor_account("maria", &it.pair);
    let guardian = it.world.account("guardian", json!([{"role": "mentee"}]), Some(&person));
    let given = [(&mentor, it.task(of_mentor())), (&guardian, it.task(of_guardian()))];
    for (who, task) in &given {
        it.card(who, task).expect(200);
        assert_eq!(it.listed(who, ""), [task.as_str()]);
    }
    let end = json!({"ground": "other_objective", "ended_on": it.world.day(0), "text": "Переезд."});
    it.world.step(&it.director, &mentorship, "termination", end).expect(200);
    let path = format!("/representatives/{authority}");
    it.world.edit(&it.director, &path, json!({"valid_until": it.world.day(-1)})).expect(200);
    for (who, task) in &given {
        it.card(who, task).refused(404, "request.not_found");
        it.report(who, task).refused(404, "request.not_found");
        assert_eq!(it.listed(who, ""), Vec::<String>::new());
    }
    for order in [of_mentor(), of_guardian()] {
        it.give(&it.director, order).refused(422, "task.assignee");
    }
}

#[test]
fn the_dead_get_no_task() {
    let it = scene();
    let relative = it.world.resident(&it.director);
    it.world.die(&it.director, &relative, 0).expect(200);
    let refused = it.give(&it.director, json!({"assignee": {"kind": "person", "id": relative}}));
    assert_eq!(refused.refused(409, "person.dead").body["errors"][0]["pointer"], "/assignee/id");
}

#[test]
fn a_tutor_of_a_pair_gets_tasks_of_its_institution() {
    let it = scene();
    let tutor = it.world.account("tutor", json!([{"role": "tutor"}]), None);
    it.give(&it.director, json!({"assignee": account(&tutor)})).refused(422, "task.assignee");
    it.world.followed(&it.pair, &tutor);
    let task = it.task(json!({"assignee": account(&tutor)}));
    assert_eq!(it.listed(&tutor, ""), [task.as_str()]);
    it.report(&tutor, &task).expect(200);
    it.world.get(&tutor, &format!("/tasks/{task}/history")).refused(403, "access.forbidden");
}

#[test]
fn a_former_tutor_has_no_tasks_of_the_institution_and_the_director_gives_them_to_another() {
    let it = scene();
    let tutor = it.world.account("tutor", json!([{"role": "tutor"}]), None);
    let mentorship = it.world.followed(&it.pair, &tutor);
    let [task, other] = [(); 2].map(|()| it.task(json!({"assignee": account(&tutor)})));
    let seen = || it.world.get(&tutor, &format!("/tasks/{task}")).status;
    assert_eq!((it.listed(&tutor, "").len(), seen()), (2, 200));
    it.world.step(&it.director, &mentorship, "tutor", json!({})).expect(200);
    assert_eq!((it.listed(&tutor, "").len(), seen()), (0, 404));
    it.report(&tutor, &task).refused(404, "request.not_found");
    it.step(&it.director, &other, "assignment", json!({"user_id": it.colleague.id})).expect(200);
    it.world.step(&it.director, &mentorship, "tutor", json!({"tutor_user_id": tutor.id})).expect(200);
    assert_eq!((it.listed(&tutor, "").len(), seen()), (1, 200));
}

#[test]
fn a_coordinator_gives_tasks_to_coordinators_and_mentors_of_the_own_program() {
    let it = scene();
    let coordinator = |login: &str, program: &str| {
        it.world.account(login, json!([{"role": "program_coordinator", "program_id": program}]), None)
    };
    let (own, colleague) = (coordinator("own", &it.pair.program), coordinator("near", &it.pair.program));
    let foreign = coordinator("far", &it.world.plain_program("far", json!({})));
    let order = |assignee: Value| json!({"assignee": assignee, "controller_user_id": own.id});
    let given = it.give(&own, order(account(&colleague))).expect(201);
    assert_eq!(given.body.get("organization_id"), None);
    for who in [&foreign, &it.director] {
        it.give(&own, order(account(who))).refused(422, "task.assignee");
    }
    let controller = json!({"assignee": account(&own), "controller_user_id": foreign.id});
    it.give(&own, controller).refused(422, "field.reference");
    it.report(&colleague, &given.id()).expect(200);
    it.step(&own, &given.id(), "acceptance", json!({})).expect(200);
    it.world.active(&it.pair);
    let mentor = json!({"kind": "mentor", "id": it.pair.mentor});
    let of_mentor = it.give(&own, order(mentor)).expect(201).id();
    let seen = |who: &Account| it.listed(who, "").len();
    assert_eq!((seen(&own), seen(&colleague), seen(&foreign), seen(&it.director)), (2, 1, 0, 0));
    let mentor = it.world.mentor_account("maria", &it.pair);
    let order = json!({"result": "Готово.", "file_ids": [it.world.file(&mentor, "other")]});
    it.step(&mentor, &of_mentor, "report", order).expect(200);
}

#[test]
fn a_report_names_at_most_five_files_and_only_seen_ones() {
    let it = scene();
    let task = it.task(json!({}));
    let (_, stranger) = it.world.institution("Чужое");
    let own = it.world.file(&it.specialist, "other");
    let foreign = it.world.file(&stranger, "other");
    let order = |files: Value| json!({"result": "Собрано.", "file_ids": files});
    let refused = it.step(&it.specialist, &task, "report", order(json!([own, foreign])));
    let refused = refused.refused(422, "field.reference");
    assert_eq!(refused.body["errors"][0]["pointer"], "/file_ids/1");
    it.step(&it.specialist, &task, "report", order(json!([own, own, own, own, own, own]))).expect(422);
    it.step(&it.specialist, &task, "report", order(json!([own]))).expect(200);
}
