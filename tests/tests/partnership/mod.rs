//! Sentences about partnership: agreements, councils, projects, events, clubs and packages of measures.
mod agreements;
mod closed;
mod community;
mod councils;
mod events;
mod figures;
mod ideas;
mod packages;
mod periods;
mod projects;
mod structure;

use serde_json::{Value, json};
use tests::{Account, Reply, World, with};

/// A child of that age, the beneficiary of an institution, with a guardian who signs.
struct Child {
    person: String,
    beneficiary: String,
    guardian: String,
    authority: String,
}

fn child(world: &World, director: &Account, organization: &str, years: u32) -> Child {
    let born = world.today() - chrono::Months::new(years * 12);
    let person = world.person(director, json!({"given_name": "Анна", "birth_date": born}));
    let beneficiary = world.beneficiary(director, organization, &person);
    let guardian = world.resident(director);
    let authority = world.guardian(director, &beneficiary, &guardian);
    Child { person, beneficiary, guardian, authority }
}

impl Child {
    /// A consent to a purpose, signed by the guardian, and from 14 by the child too.
    fn consents(&self, world: &World, director: &Account, purpose: &str, days: i64, own: bool) -> Reply {
        let data = if purpose == "image" { json!(["image"]) } else { json!(["full_name", "story"]) };
        let form = json!({"purpose": purpose, "data": data, "valid_until": world.day(days)});
        self.signs(world, director, form, (0, own))
    }
    /// The same with these members, signed on that day.
    fn signs(&self, world: &World, director: &Account, members: Value, (on, own): (i64, bool)) -> Reply {
        let signed = |signatory: &str, person: &str| json!({"signatory": signatory, "person_id": person, "signed_on": world.day(on), "file_id": world.file(director, "consent")});
        let mut represented = signed("representative", &self.guardian);
        represented["representative_id"] = json!(self.authority);
        let mut signatures = vec![represented];
        if own {
            signatures.push(signed("recipient", &self.person));
        }
        let form = with(members, &json!({"signatures": signatures}));
        world.post(director, &format!("/beneficiaries/{}/consents", self.beneficiary), form)
    }
    fn withdraws(&self, world: &World, director: &Account, consent: &str) -> Reply {
        let order = json!({"person_id": self.guardian, "file_id": world.file(director, "consent")});
        world.post(director, &format!("/consents/{consent}/withdrawal"), order)
    }
}
