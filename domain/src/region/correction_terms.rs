//! Terms of corrections: the days within which an institution annuls what was recorded by mistake. Later an administrator does.
//!
//! A term is in force from its day until the next one; of two from one day, the one entered later. Before the first one it is the
//! default of [`CorrectionDays`](crate::base::entry::correction::CorrectionDays). A term in force applies to records made before it as well.
use chrono::NaiveDate;
use shape::entry;

/// A term of corrections as it is entered and edited, whole.
#[entry(CorrectionTerm: CorrectionTermId, at "correction-terms", named "correction term" "correction terms", tag "programs", read ReadPrograms, edit ManagePrograms, called effective_from, by effective_from, annul)]
#[schema(example = json!({"effective_from": "2026-09-01", "days": 60}))]
pub struct CorrectionTermForm {
    /// The first day on which the term is in force.
    #[told]
    pub effective_from: NaiveDate,
    /// The days after a record was made in which the institution may annul it, 1 to 3650.
    #[told]
    #[within(1..=3650)]
    pub days: i32,
}
