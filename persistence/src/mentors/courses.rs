//! Questions of other features about training courses; the course itself is an entry.
use crate::engine::column::bind;
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::schema::training_courses;
use crate::tx::Tx;
use diesel::dsl::exists;
use diesel::prelude::*;
use domain::base::refusal::Refused;
use domain::base::text::{Code, REFERENCE};

/// Whether the region has a course with that code.
pub async fn has(tx: &mut Tx<'_>, code: &Code) -> Result<bool, Failure> {
    let found = training_courses::table.filter(training_courses::code.eq(bind(code.clone())));
    Ok(db!(tx, get_result, diesel::select(exists(found)))?)
}

/// Refuses a form that asks, in the list at that pointer, for courses which nobody teaches.
pub async fn must_be_there(tx: &mut Tx<'_>, codes: &[Code], pointer: &str) -> Result<(), Failure> {
    let mut reasons = Vec::new();
    for (index, code) in codes.iter().enumerate() {
        if !has(tx, code).await? {
            reasons.push(REFERENCE.reason().at(format!("{pointer}/{index}")));
        }
    }
    Ok(Refused::unless_empty(reasons)?)
}
