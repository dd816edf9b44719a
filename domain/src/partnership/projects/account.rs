//! The account of a project: its targets, its events and what was given to it, within some days (003 L35).
use super::ProjectState;
use crate::base::id::{ProjectId, ProjectTargetId};
use crate::base::text::{Money, Title};
use chrono::NaiveDate;
use shape::card;

/// The projects that an organization has carried out.
#[card]
#[derive(Clone, PartialEq)]
pub struct ProjectSummary {
    /// The number of projects that are running or completed and began on the day or later. A part of another project of the same
    /// organization counts with it.
    #[schema(minimum = 0, maximum = 1_000_000, example = 5)]
    pub implemented: i64,
}

/// A target of a project and how far it is reached.
#[card]
#[derive(Clone, PartialEq)]
pub struct TargetAccount {
    /// The target.
    pub target_id: ProjectTargetId,
    /// The figure in words.
    pub title: Title,
    /// Its unit.
    pub unit: Title,
    /// The value by plan.
    #[schema(minimum = 0, maximum = 1_000_000_000, example = 40.5)]
    pub plan: f64,
    /// The value before the project.
    #[schema(minimum = 0, maximum = 1_000_000_000, example = 2.5)]
    pub baseline: Option<f64>,
    /// The latest result until the last day; absent where there is none.
    #[schema(minimum = 0, maximum = 1_000_000_000, example = 42.5)]
    pub value: Option<f64>,
    /// The day of that result.
    pub measured_on: Option<NaiveDate>,
}

/// The account of a project and of all that stands under it.
#[card]
#[derive(Clone, PartialEq)]
pub struct ProjectAccount {
    /// The project.
    pub project_id: ProjectId,
    /// Its title.
    pub title: Title,
    /// Its state.
    pub state: ProjectState,
    /// The first day.
    pub from: NaiveDate,
    /// The last day.
    pub to: NaiveDate,
    /// The targets.
    #[schema(max_items = 1000)]
    pub targets: Vec<TargetAccount>,
    /// The key points of the project itself: the tasks that follow from it, cancelled ones left out.
    #[schema(minimum = 0, maximum = 1_000_000, example = 5)]
    pub key_points: i64,
    /// The key points that are done.
    #[schema(minimum = 0, maximum = 1_000_000, example = 3)]
    pub key_points_done: i64,
    /// The number of partners. One in several roles is one.
    #[schema(minimum = 0, maximum = 1_000_000, example = 4)]
    pub partners: i64,
    /// The events that were held within these days.
    #[schema(minimum = 0, maximum = 1_000_000, example = 7)]
    pub events_held: i64,
    /// The events that are planned within these days.
    #[schema(minimum = 0, maximum = 1_000_000, example = 2)]
    pub events_planned: i64,
    /// The people at the events held, as far as they were counted. Absent where a hidden number belongs to it.
    #[schema(minimum = 0, maximum = 1_000_000_000, example = 59)]
    pub people: Option<i64>,
    /// The events held without any number.
    #[schema(minimum = 0, maximum = 1_000_000, example = 1)]
    pub without_number: i64,
    /// The money given within these days. The organization and the administrator of the region alone see it.
    pub money: Option<Money>,
}
