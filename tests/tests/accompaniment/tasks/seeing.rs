//! The tasks that each account sees, and the questions to their list.
use super::{account, scene};
use serde_json::json;
use std::collections::BTreeSet;
use tests::Account;

#[test]
fn a_task_is_seen_by_its_parties_the_heads_of_its_institution_and_those_who_see_its_case() {
    let it = scene();
    let grants = json!([{"role": "guardianship_officer", "territory": "25655000"}]);
    let officer = it.world.account("opeka", grants, None);
    let coordinator = json!([{"role": "program_coordinator", "program_id": it.pair.program}]);
    let coordinator = it.world.account("coordinator", coordinator, None);
    let stranger = it.world.institution("Чужое").1;
    let outsider = it.world.staff("support_specialist", &it.pair.organization);
    let mentor = it.world.mentor_account("maria", &it.pair);
    let mentee = it.world.mentee_account("daria", &it.pair);
    let robot = it.world.key(&["read_tasks"], json!({}));
    let narrow = it.world.key(&["read_tasks"], json!({"organization_ids": [it.pair.organization]}));
    let of_case = it.give(&it.specialist, json!({"case_id": it.case, "assignee": account(&it.colleague)}));
    let of_case = of_case.expect(201).id();
    let given = json!({"assignee": account(&it.colleague), "controller_user_id": it.specialist.id});
    let alone = it.give(&it.specialist, given).expect(201).id();
    let everyone = [
        (&it.director, true, true),
        (&it.head, true, true),
        (&it.specialist, true, true),
        (&it.colleague, true, true),
        (&outsider, true, false),
        (&officer, true, false),
        (&it.world.admin(), true, true),
        (&robot, true, true),
        (&narrow, true, false),
        (&coordinator, false, false),
        (&stranger, false, false),
        (&mentor, false, false),
        (&mentee, false, false),
    ];
    for (who, sees_case, sees_alone) in everyone {
        let mut expected = BTreeSet::new();
        for (task, is_seen) in [(&of_case, sees_case), (&alone, sees_alone)] {
            let card = it.card(who, task);
            assert_eq!(card.status, if is_seen { 200 } else { 404 }, "{}", who.login);
            if is_seen {
                expected.insert(task.clone());
            } else if who.login != narrow.login {
                it.report(who, task).refused(404, "request.not_found");
                it.world.get(who, &format!("/tasks/{task}/history")).refused(404, "request.not_found");
            }
        }
        let listed: BTreeSet<String> = it.listed(who, "").into_iter().collect();
        assert_eq!(listed, expected, "{}: the list shows what the cards show", who.login);
    }
    let analyst = it.world.account("analyst", json!([{"role": "analyst"}]), None);
    it.world.get(&analyst, "/tasks").refused(403, "access.forbidden");
    it.report(&officer, &of_case).refused(403, "access.not_yours");
    let readers = it.world.readers(domain::base::change::SubjectKind::Task, &alone);
    assert!(readers.contains(&it.colleague.id), "{readers:?}");
}

#[test]
fn tasks_are_filtered_by_state_share_case_and_day_and_ordered_by_their_last_day() {
    let mut it = scene();
    let due = |day: i64| json!({"due_on": it.world.day(day)});
    let (soon, late, far) = (it.task(due(3)), it.task(due(0)), it.task(due(40)));
    let case =
        it.task(json!({"case_id": it.case, "assignee": account(&it.director), "due_on": it.world.day(20)}));
    it.report(&it.specialist, &far).expect(200);
    it.world.advance_days(1);
    let (director, specialist) = (it.world.again(&it.director), it.world.again(&it.specialist));
    let listed = |query: &str| it.listed(&director, query);
    let all = [&far, &case, &soon, &late].map(Clone::clone);
    assert_eq!(listed(""), all);
    assert_eq!(listed("?sort=earliest_first"), [&late, &soon, &case, &far].map(Clone::clone));
    assert_eq!(listed("?state=reported"), [far.as_str()]);
    assert_eq!(listed("?state=open,reported").len(), 4);
    assert!(listed("?state=done").is_empty());
    assert_eq!(listed("?overdue=true"), [late.as_str()]);
    assert_eq!(listed("?overdue=false"), [&far, &case, &soon].map(Clone::clone));
    assert_eq!(listed("?due_within_days=5"), [soon.as_str()]);
    assert!(listed("?due_within_days=5&state=reported").is_empty());
    assert_eq!(listed(&format!("?case_id={}", it.case)), [case.as_str()]);
    assert_eq!(listed("?mine=assignee"), [case.as_str()]);
    assert_eq!(listed("?mine=controller").len(), 4);
    assert_eq!(listed("?mine=to_do"), [&far, &case].map(Clone::clone));
    assert_eq!(it.listed(&specialist, "?mine=to_do&sort=earliest_first"), [&late, &soon].map(Clone::clone));
    for sort in ["latest_first", "earliest_first"] {
        let mut paged = Vec::new();
        let mut next = format!("/tasks?limit=1&sort={sort}");
        for _ in 0..4 {
            let page = it.world.get(&director, &next).expect(200);
            paged.push(page.items()[0]["id"].as_str().unwrap().to_owned());
            let cursor = page.body["next_cursor"].as_str().unwrap_or_default().to_owned();
            next = format!("/tasks?limit=1&sort={sort}&cursor={cursor}");
        }
        assert_eq!(paged, listed(&format!("?sort={sort}")), "{sort}");
    }
    it.world.get(&director, "/tasks?due_within_days=0").refused(400, "request.parameter");
    it.world.get(&director, "/tasks?mine=true").refused(400, "request.parameter");
}

#[test]
fn a_giver_sees_a_task_also_after_it_went_to_another() {
    let it = scene();
    let task = it.give(&it.specialist, json!({"assignee": account(&it.specialist)})).expect(201).id();
    let other = it.give(&it.director, json!({})).expect(201).id();
    let assign = |task: &str| {
        it.step(&it.director, task, "assignment", json!({"user_id": it.colleague.id})).expect(200)
    };
    assign(&task);
    assign(&other);
    let seen = |who: &Account| it.listed(who, "");
    assert_eq!(
        seen(&it.specialist),
        [task.as_str()],
        "what was theirs only as assignee is not theirs any more"
    );
    assert_eq!(seen(&it.colleague).len(), 2);
    it.card(&it.specialist, &other).refused(404, "request.not_found");
}

#[test]
fn tasks_are_counted_as_each_account_sees_them() {
    let it = scene();
    let grants = json!([{"role": "guardianship_officer", "territory": "25655000"}]);
    let officer = it.world.account("opeka", grants, None);
    let of_case = json!({"case_id": it.case, "assignee": account(&it.colleague)});
    it.give(&it.specialist, of_case).expect(201);
    let alone = json!({"assignee": account(&it.colleague), "controller_user_id": it.specialist.id});
    it.give(&it.specialist, alone).expect(201);
    let reported = it.task(json!({}));
    it.report(&it.specialist, &reported).expect(200);
    let stranger = it.world.institution("Чужое").1;
    let admin = it.world.admin();
    for who in [&it.director, &it.head, &it.specialist, &it.colleague, &officer, &stranger, &admin] {
        it.world.must_count_as_listed(who, "tasks", &["state", "controller_user_id"]);
    }
    let all = it.world.get(&admin, "/tasks/counts").expect(200).body;
    assert_eq!(all["total"], json!(3), "the state is the member that nobody has to name");
    it.world.get(&admin, "/tasks/counts?group_by=title").refused(400, "request.parameter");
    let analyst = it.world.account("analyst", json!([{"role": "analyst"}]), None);
    it.world.get(&analyst, "/tasks/counts").refused(403, "access.forbidden");
}
