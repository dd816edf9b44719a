//! The data with which tests of plans and assessments begin.
use crate::client::{Account, Reply};
use crate::world::World;
use serde_json::{Value, json};

/// Assessments.
impl World {
    /// A completed assessment of readiness, made by a specialist on a day so many days from today. Returns its id.
    pub fn assessed(&self, who: &Account, beneficiary: &str, days: i64) -> String {
        let scale = self.get(who, "/scales?code=readiness").expect(200).items()[0].clone();
        let domains = scale["domains"].as_array().expect("domains").iter();
        let items = domains.flat_map(|it| it["items"].as_array().expect("items"));
        let answers: Vec<Value> = items.map(|it| json!({"item": it["code"], "value": 4})).collect();
        let form = json!({"scale_id": scale["id"], "rater": "specialist", "point": "before", "assessed_on": self.day(days),
            "answers": answers});
        let id = self.post(who, &format!("/beneficiaries/{beneficiary}/assessments"), form).expect(201).id();
        self.post(who, &format!("/assessments/{id}/completion"), json!({})).expect(200);
        id
    }
}

/// Plans and their versions.
impl World {
    /// Opens a plan of the beneficiary and returns its id.
    pub fn plan(&self, who: &Account, beneficiary: &str, order: Value) -> String {
        self.post(who, &format!("/beneficiaries/{beneficiary}/plans"), order).expect(201).id()
    }
    /// Drafts the next version of a plan with this text, and returns its id.
    pub fn drafted(&self, who: &Account, plan: &str, text: Value) -> String {
        let draft = self.post(who, &format!("/plans/{plan}/versions"), json!({})).expect(201);
        let path = format!("/plan-versions/{}", draft.id());
        self.put(who, &path, &draft.etag(), text).expect(200);
        draft.id()
    }
    /// Takes a step of a version: `submission`, `approvals`, `return`, `results`.
    pub fn of_version(&self, who: &Account, version: &str, step: &str, order: Value) -> Reply {
        self.post(who, &format!("/plan-versions/{version}/{step}"), order)
    }
    /// Drafts, submits and adopts a version by these approvers, each on paper, and returns its id.
    pub fn adopted(&self, who: &Account, plan: &str, text: Value, approvers: &[&str]) -> String {
        let version = self.drafted(who, plan, text);
        self.of_version(who, &version, "submission", json!({})).expect(200);
        for approver in approvers {
            let order = json!({"approver": approver, "on_paper_file_id": self.file(who, "other")});
            self.of_version(who, &version, "approvals", order).expect(200);
        }
        version
    }
    /// The requirements of the shipped form of the life plan.
    pub fn life_plan_text(&self) -> Value {
        json!({"answers": [
            {"section": "employment", "field": "notes", "value": "Подрабатывает курьером."},
            {"section": "vocational_education", "field": "notes", "value": "Хочет стать поваром."}
        ], "goals": [], "opinion": "Согласна."})
    }
    /// A life plan of the beneficiary with an adopted version. Returns the plan.
    pub fn life_plan(&self, who: &Account, beneficiary: &str) -> String {
        let plan = self.plan(who, beneficiary, json!({"kind": "life_plan"}));
        self.adopted(who, &plan, self.life_plan_text(), &["specialist", "person"]);
        plan
    }
}
