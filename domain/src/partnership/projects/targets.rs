//! Targets of a project with plan and result (003 L35). A result is a row of its own: the latest day tells where the project stands.
use crate::base::id::FileId;
use crate::base::text::{Note, Title};
use chrono::NaiveDate;
use shape::entry;
use validator::Validate;

/// A target of a project as it is entered and edited, whole.
#[entry(ProjectTarget: ProjectTargetId, at "project-targets", named "project target" "project targets", tag "partnership", read ReadPartnership, edit EditPartnership, under Project "projects", called title, entering AddTarget, annul)]
#[schema(example = json!({"title": "Вернулись к работе", "unit": "человек", "plan": 40.5, "baseline": 2.5}))]
pub struct ProjectTargetForm {
    /// The figure in words.
    pub title: Title,
    /// Its unit.
    pub unit: Title,
    /// The value by plan.
    #[within(0.0..=1_000_000_000.0)]
    pub plan: f64,
    /// The value before the project.
    #[within(0.0..=1_000_000_000.0)]
    pub baseline: Option<f64>,
}

/// A result of a target as it is entered and edited, whole.
#[entry(TargetResult: TargetResultId, at "target-results", named "target result" "target results", tag "partnership", read ReadPartnership, edit EditPartnership, under ProjectTarget "project-targets", called measured_on, by measured_on, entering RecordResult, annul, past)]
#[schema(example = json!({"measured_on": "2016-02-20", "value": 42.5, "note": "По спискам центра занятости."}))]
pub struct TargetResultForm {
    /// The day for which the value holds: today or earlier.
    #[told]
    pub measured_on: NaiveDate,
    /// The value.
    #[within(0.0..=1_000_000_000.0)]
    pub value: f64,
    /// The way in which it is known.
    pub note: Option<Note>,
    /// The document.
    pub file_id: Option<FileId>,
}
