//! Terms that the region sets: the days within which an institution annuls what was recorded by mistake, and the days for which
//! the journal of reads is kept.
//!
//! A term is in force from its day until the next one of its kind; of two from one day, the one entered later. Before the first
//! one, corrections have the default of [`CorrectionDays`](crate::base::entry::correction::CorrectionDays), and reads are kept
//! without end. A term in force applies to records made before it as well.
use crate::base::id::TermId;
use crate::base::refusal::Reason;
use crate::base::text::RANGE;
use crate::base::word::words;
use chrono::NaiveDate;
use shape::entry;
use std::ops::RangeInclusive;
use validator::Validate;

words! {
    /// The kind of a term.
    TermKind in "term-kinds" {
        Corrections = "corrections", "исправление записей", "corrections of records";
        Reads = "reads", "хранение журнала просмотров", "keeping of the journal of reads";
    }
}

impl TermKind {
    /// The days that a term of the kind can have. Reads are kept for three years at least: so long, a claim can be made.
    pub fn days(self) -> RangeInclusive<i32> {
        match self {
            Self::Corrections => 1..=3650,
            Self::Reads => 1096..=36_500,
        }
    }
}

/// A term as it is entered and edited, whole.
#[entry(Term: TermId, at "terms", named "term" "terms", tag "programs", read ReadPrograms, edit ManagePrograms, called effective_from, by effective_from, judged, annul)]
#[schema(example = json!({"kind": "corrections", "effective_from": "2026-09-01", "days": 60}))]
pub struct TermForm {
    /// The kind of the term.
    #[told]
    #[filter = "Only of this kind."]
    pub kind: TermKind,
    /// The first day on which the term is in force.
    #[told]
    pub effective_from: NaiveDate,
    /// The days after a record was made: 1 to 3650 to annul it, 1096 to 36500 to keep a read.
    #[told]
    #[within(1..=36_500)]
    pub days: i32,
}

impl TermForm {
    fn judge(&self, _: TermId, _: Option<&Self>) -> Vec<Reason> {
        let days = self.kind.days();
        let is_within = days.contains(&self.days);
        let range = || RANGE.reason().at("/days").with("min", days.start()).with("max", days.end());
        (!is_within).then(range).into_iter().collect()
    }
}
