//! Many at once: one open plan of a kind, one draft, one truth of an approval and a return.
use super::Stage;
use serde_json::json;
use tests::pairs::at_once;

fn count(replies: &[(u16, String)], status: u16, code: &str) -> usize {
    replies.iter().filter(|it| it.0 == status && it.1 == code).count()
}

#[test]
fn fifty_plans_opened_at_once_leave_one_and_fifty_drafts_too() {
    let stage = Stage::new();
    let at = format!("/beneficiaries/{}/plans", stage.beneficiary);
    let order = json!({"kind": "trajectory", "case_id": stage.case});
    let replies = at_once(50, |_| stage.world.post(&stage.specialist, &at, order.clone()));
    assert_eq!(replies.iter().filter(|it| it.0 == 201).count(), 1, "{replies:?}");
    assert_eq!(count(&replies, 409, "plan.already_open"), 49, "{replies:?}");
    let plan = stage.world.get(&stage.specialist, &at).expect(200).items()[0]["id"].clone();
    let versions = format!("/plans/{}/versions", plan.as_str().expect("an id"));
    let replies = at_once(50, |_| stage.world.post(&stage.specialist, &versions, json!({})));
    assert_eq!(replies.iter().filter(|it| it.0 == 201).count(), 1, "{replies:?}");
    assert_eq!(count(&replies, 409, "plan.draft_open"), 49, "{replies:?}");
}

#[test]
fn a_version_approved_while_it_is_returned_has_one_truth() {
    let stage = Stage::new();
    let world = &stage.world;
    let (plan, version) = stage.submitted("trajectory", stage.trajectory());
    let replies = at_once(50, |n| match n % 2 {
        0 => world.of_version(&stage.head, &version, "approvals", json!({"approver": "unit_head"})),
        _ => world.of_version(&stage.director, &version, "return", json!({"reason": "Не всё."})),
    });
    assert_eq!(replies.iter().filter(|it| it.0 == 200).count(), 1, "{replies:?}");
    assert_eq!(count(&replies, 409, "plan_version.not_submitted"), 49, "{replies:?}");
    let card = stage.version(&stage.head, &version);
    let told = world.get(&stage.head, &format!("/plan-versions/{version}/history")).expect(200);
    let ends = ["plan_version.adopted", "plan_version.returned"];
    let ends: Vec<&str> =
        told.items().iter().filter_map(|it| it["kind"].as_str()).filter(|it| ends.contains(it)).collect();
    assert_eq!(ends, [format!("plan_version.{}", card["state"].as_str().expect("a state"))]);
    let review =
        world.get(&stage.head, &format!("/plans/{plan}")).expect(200).body.get("review_on").is_some();
    assert_eq!(review, card["state"] == "adopted");
}
