//! Helpers for joint activities, choices after them, and vetoes.
use crate::client::{Account, Reply};
use crate::world::World;
use serde_json::{Value, json};

impl World {
    /// The form of an activity held today.
    pub fn activity_form(
        &self,
        program: &str,
        organization: &str,
        mentors: &[&str],
        beneficiaries: &[&str],
    ) -> Value {
        json!({"program_id": program, "organization_id": organization, "name": "Зимний поход", "held_on": self.day(0),
            "place": "База «Сосны»", "mentor_ids": mentors, "beneficiary_ids": beneficiaries})
    }
    /// Adds an activity held today and returns its id.
    pub fn joint_activity(
        &self,
        who: &Account,
        program: &str,
        organization: &str,
        mentors: &[&str],
        beneficiaries: &[&str],
    ) -> String {
        let form = self.activity_form(program, organization, mentors, beneficiaries);
        self.post(who, "/joint-activities", form).expect(201).id()
    }
    /// Records the choice of a mentor after an activity: beneficiaries with ranks, and unwanted ones.
    pub fn choose_as_mentor(
        &self,
        who: &Account,
        mentor: &str,
        activity: &str,
        ranked: &[(&str, i32)],
        vetoed: &[&str],
    ) -> Reply {
        let ranked: Vec<Value> =
            ranked.iter().map(|(id, rank)| json!({"beneficiary_id": id, "rank": rank})).collect();
        let order = json!({"activity_id": activity, "ranked": ranked, "vetoed": vetoed});
        self.post(who, &format!("/mentors/{mentor}/choices"), order)
    }
    /// Records the choice of a beneficiary after an activity: mentors with ranks, and unwanted ones.
    pub fn choose_as_beneficiary(
        &self,
        who: &Account,
        beneficiary: &str,
        activity: &str,
        ranked: &[(&str, i32)],
        vetoed: &[&str],
    ) -> Reply {
        let ranked: Vec<Value> =
            ranked.iter().map(|(id, rank)| json!({"mentor_id": id, "rank": rank})).collect();
        let order = json!({"activity_id": activity, "ranked": ranked, "vetoed": vetoed});
        self.post(who, &format!("/beneficiaries/{beneficiary}/choices"), order)
    }
    /// Records the veto of a side against a pair.
    pub fn veto(&self, who: &Account, beneficiary: &str, mentor: &str, side: &str) -> Reply {
        let form = json!({"mentor_id": mentor, "made_by": side, "reason": "conflict", "note": "Поссорились на экскурсии."});
        self.post(who, &format!("/beneficiaries/{beneficiary}/vetoes"), form)
    }
}
