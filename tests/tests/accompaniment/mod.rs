//! Cases with their problems, reviews and contacts, snapshots and periods of life; plans; assessments and
//! independent living; consilia and transfers; tasks.
mod assessments;
mod case_problems;
mod cases;
mod closed_organizations;
mod consilia;
mod life;
mod living;
mod monthly_records;
mod parts;
mod plan_forms;
mod plans;
mod reviews;
mod rules;
mod sides;
mod stages;
mod tasks;
mod team;
mod transfers;

use serde_json::json;
use std::ops::Deref;
use tests::{Account, World};

/// An institution with its director, and a girl who is a beneficiary there.
struct Place {
    world: World,
    organization: String,
    director: Account,
    girl: String,
    beneficiary: String,
}

fn place() -> Place {
    tests::prepared!(Place { organization, director, girl, beneficiary } by place_in)
}

/// The same in that world.
fn place_in(world: World) -> Place {
    let (organization, director) = world.institution("Центр");
    let girl = world.person(&director, json!({}));
    let beneficiary = world.beneficiary(&director, &organization, &girl);
    Place { world, organization, director, girl, beneficiary }
}

/// The same, with an open case of the girl.
struct Scene {
    place: Place,
    case: String,
}

fn scene() -> Scene {
    let place = place();
    let case = place.world.case(&place.director, &place.organization, &place.beneficiary);
    Scene { place, case }
}

impl Deref for Scene {
    type Target = Place;
    fn deref(&self) -> &Place {
        &self.place
    }
}
