//! Plans: their versions, approvals and results, and what a side reads of them.
mod approvals;
mod crowds;
mod results;
mod seen;
mod versions;

use serde_json::{Value, json};
use tests::{Account, World};

/// A girl of 19 on accompaniment, and the people around her.
pub struct Stage {
    pub world: World,
    pub director: Account,
    pub head: Account,
    pub specialist: Account,
    pub beneficiary: String,
    pub case: String,
}

impl Stage {
    pub fn new() -> Self {
        tests::prepared!(Stage { director, head, specialist, beneficiary, case } by Self::of_nineteen)
    }
    fn of_nineteen(world: World) -> Self {
        Self::in_world(world, "2007-01-10")
    }
    pub fn born(day: &str) -> Self {
        Self::in_world(World::new(), day)
    }
    fn in_world(world: World, day: &str) -> Self {
        let (organization, director) = world.institution("Центр помощи семье");
        let person = world.person(&director, json!({"given_name": "Дарья", "birth_date": day}));
        let beneficiary = world.beneficiary(&director, &organization, &person);
        let case = world.case(&director, &organization, &beneficiary);
        let head = world.staff("unit_head", &organization);
        let specialist = world.staff("support_specialist", &organization);
        Self { world, director, head, specialist, beneficiary, case }
    }
    /// Opens a plan of the case and returns its id.
    pub fn plan(&self, kind: &str) -> String {
        let order = json!({"kind": kind, "case_id": self.case});
        self.world.plan(&self.specialist, &self.beneficiary, order)
    }
    /// The requirements of the shipped form of the trajectory.
    pub fn trajectory(&self) -> Value {
        json!({"answers": [{"section": "interests", "field": "notes", "value": "Рисует."}], "opinion": "Согласна.",
            "goals": [goal("drawing", "development")]})
    }
    /// A submitted version of a new plan: the plan and the version.
    pub fn submitted(&self, kind: &str, text: Value) -> (String, String) {
        let plan = self.plan(kind);
        let version = self.world.drafted(&self.specialist, &plan, text);
        self.world.of_version(&self.specialist, &version, "submission", json!({})).expect(200);
        (plan, version)
    }
    pub fn version(&self, who: &Account, id: &str) -> Value {
        self.world.get(who, &format!("/plan-versions/{id}")).expect(200).body
    }
}

/// A goal with a step that the mentor takes.
pub fn goal(key: &str, section: &str) -> Value {
    json!({"key": key, "section": section, "text": "Ходить в студию", "criteria": "Ходит каждую неделю",
        "due_on": "2026-06-01", "steps": [{"key": format!("{key}-first"), "text": "Записаться",
        "responsible": "mentor", "due_on": "2026-04-01"}]})
}

/// The requirements of the shipped form of the route.
pub fn route() -> Value {
    json!({"answers": [
        {"section": "situation", "field": "notes", "value": "Живёт в общежитии."},
        {"section": "wishes", "field": "notes", "value": "Своя квартира."},
        {"section": "health", "field": "notes", "value": "Тайна здоровья."}
    ], "goals": [goal("college", "study_work")], "opinion": "Согласна."})
}

#[test]
fn a_plan_is_opened_once_of_a_kind_and_case_and_ended_with_a_reason() {
    let stage = Stage::new();
    let (world, at) = (&stage.world, format!("/beneficiaries/{}/plans", stage.beneficiary));
    let plan = stage.plan("trajectory");
    let again = json!({"kind": "trajectory", "case_id": stage.case});
    world.post(&stage.specialist, &at, again.clone()).refused(409, "plan.already_open");
    world.post(&stage.specialist, &at, json!({"kind": "route"})).refused(422, "plan.case_needed");
    let both = json!({"kind": "life_plan", "case_id": stage.case});
    world.post(&stage.specialist, &at, both).refused(422, "field.combination");
    let foreign = json!({"kind": "route", "case_id": "01980000-0000-7000-8000-0000000000ff"});
    world.post(&stage.specialist, &at, foreign).refused(422, "field.reference");
    let path = format!("/plans/{plan}");
    let bare = json!({"reason": "other"});
    world.post(&stage.specialist, &format!("{path}/ending"), bare).refused(422, "field.missing");
    let by_system = json!({"reason": "case_closed"});
    world.post(&stage.specialist, &format!("{path}/ending"), by_system).refused(422, "field.word");
    let ended =
        world.post(&stage.specialist, &format!("{path}/ending"), json!({"reason": "replaced"})).expect(200);
    assert_eq!((&ended.body["state"], &ended.body["available_actions"]), (&json!("ended"), &json!([])));
    world.post(&stage.specialist, &format!("{path}/versions"), json!({})).refused(409, "plan.not_open");
    world.post(&stage.specialist, &at, again).expect(201);
    let list = world.get(&stage.director, &format!("{at}?state=ended&kind=trajectory")).expect(200);
    assert_eq!(list.items().len(), 1);
}

#[test]
fn the_plans_of_a_case_end_with_it_and_none_is_opened_after() {
    let stage = Stage::new();
    let world = &stage.world;
    let (plan, version) = stage.submitted("trajectory", stage.trajectory());
    let life = world.plan(&stage.specialist, &stage.beneficiary, json!({"kind": "life_plan"}));
    let closing = json!({"reason": "goals_reached", "closed_on": world.day(0)});
    world.post(&stage.director, &format!("/cases/{}/closing", stage.case), closing).expect(200);
    let card = world.get(&stage.director, &format!("/plans/{plan}")).expect(200);
    assert_eq!(card.body["end_reason"], "case_closed");
    let life = world.get(&stage.director, &format!("/plans/{life}")).expect(200);
    assert_eq!(life.body["state"], "open", "it belongs to the person");
    let order = json!({"approver": "unit_head"});
    world.of_version(&stage.head, &version, "approvals", order).refused(409, "plan.not_open");
    assert_eq!(stage.version(&stage.head, &version)["available_actions"], json!([]));
    let at = format!("/beneficiaries/{}/plans", stage.beneficiary);
    let order = json!({"kind": "route", "case_id": stage.case});
    world.post(&stage.specialist, &at, order).refused(409, "case.not_open");
}
