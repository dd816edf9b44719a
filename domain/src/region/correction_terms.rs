//! Terms of corrections: the days within which an institution annuls what was recorded by mistake.
//!
//! Each term is in force from its day until the next one. Before the first one it is 90 days. Later an administrator annuls.
use crate::base::correction::CORRECTION_DAYS;
use crate::base::id::CorrectionTermId;
use crate::base::refusal::{Reason, rules};
use chrono::NaiveDate;
use shape::entry;
use validator::Validate;

rules! {
    DAY_TAKEN = "correction_term.day_taken", State, ours, "С этого дня уже действует другой срок исправления.", "There is another term of corrections from this day already.";
}

/// A term of corrections as it is entered and edited, whole.
#[entry(CorrectionTerm: CorrectionTermId, at "correction-terms", named "correction term" "correction terms", tag "programs", read ReadPrograms, edit ManagePrograms, called effective_from, by effective_from)]
#[schema(example = json!({"effective_from": "2026-09-01", "days": 60}))]
pub struct CorrectionTermForm {
    /// The first day on which the term is in force, unique in the region.
    #[told]
    #[unique(DAY_TAKEN)]
    pub effective_from: NaiveDate,
    /// The days after a record was made in which the institution may annul it, 1 to 3650.
    #[told]
    #[within(1..=3650)]
    pub days: i32,
}
