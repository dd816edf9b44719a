//! What a story of matching begins with: profiles such that any two fit.
use crate::given::with;
use crate::world::{Account, Reply, World};
use serde_json::{Value, json};

/// Every hour of the week.
fn all_hours() -> Vec<String> {
    let days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    let parts = ["morning", "afternoon", "evening"];
    days.iter().flat_map(|day| parts.iter().map(move |part| format!("{day}_{part}"))).collect()
}

impl World {
    /// Fills the profile of a mentor: all hours, anywhere, with these members in the place of its own.
    pub fn mentor_profile(&self, who: &Account, mentor: &str, members: Value) -> Reply {
        let form = json!({"languages": ["ru"], "hours": all_hours(), "interests": ["chess", "hiking", "cooking", "reading"],
            "dislikes": [], "skills": ["exams", "self_confidence", "household", "job_search"], "works_remotely": true});
        self.fill(who, &format!("/mentors/{mentor}/matching-profile"), with(form, &members))
    }
    /// Fills the profile of a beneficiary: all hours, with these members in the place of its own.
    pub fn beneficiary_profile(&self, who: &Account, beneficiary: &str, members: Value) -> Reply {
        let form = json!({"languages": ["ru"], "hours": all_hours(), "interests": ["chess", "hiking", "drawing"], "dislikes": []});
        self.fill(who, &format!("/beneficiaries/{beneficiary}/matching-profile"), with(form, &members))
    }
    /// Fills the needs of a beneficiary who agrees to matching and waits for nothing yet, with these members in the place of
    /// its own.
    pub fn needs(&self, who: &Account, beneficiary: &str, members: Value) -> Reply {
        let form = json!({"needs": ["exams", "self_confidence"], "special_course_codes": [], "risk_level": 0,
            "agrees_to_matching": true, "waits": []});
        self.fill(who, &format!("/beneficiaries/{beneficiary}/matching-needs"), with(form, &members))
    }
    /// The same, waiting for a program since so many days ago.
    pub fn waiting(&self, who: &Account, beneficiary: &str, program: &str, days: i64) -> Reply {
        let waits = json!([{"program_id": program, "since": self.day(-days)}]);
        self.needs(who, beneficiary, json!({"waits": waits}))
    }
    fn fill(&self, who: &Account, path: &str, form: Value) -> Reply {
        let etag = self.get(who, path).expect(200).etag();
        self.put(who, path, &etag, form).expect(200)
    }
}
