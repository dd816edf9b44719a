//! Everything that happened in a month, and what differs from it later.
use super::words::{LateChange, MonthItemKind};
use crate::base::id::MonthItemId;
use crate::base::month::Month;
use crate::mentorships::meetings::Direction;
use chrono::NaiveDate;
use serde::Deserialize;
use shape::card;
use std::collections::BTreeMap;

/// Something that happened in a month. It names the thing; its own address tells more.
#[card]
#[derive(Clone, PartialEq, Eq, Deserialize)]
pub struct MonthItem {
    /// The kind.
    pub kind: MonthItemKind,
    /// The id of the thing: of the meeting, the contact, the task.
    pub id: MonthItemId,
    /// The day.
    pub on: NaiveDate,
    /// The minutes.
    #[schema(minimum = 1, maximum = 10_000, example = 40)]
    pub minutes: Option<i32>,
    /// The directions of a held meeting.
    #[schema(max_items = 11)]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub directions: Vec<Direction>,
}

impl MonthItem {
    /// A thing with nothing but its day.
    pub fn of(kind: MonthItemKind, id: impl Into<MonthItemId>, on: NaiveDate) -> Self {
        Self { kind, id: id.into(), on, minutes: None, directions: Vec::new() }
    }
    /// Whether it is a crisis, of which those whom it concerns learn nothing.
    pub fn is_crisis(&self) -> bool {
        self.kind == MonthItemKind::Crisis
    }
    /// Several changes of one problem are on different days. One that was moved to another day is taken away and entered anew.
    fn is_same_thing(&self, other: &Self) -> bool {
        (self.kind, self.id, self.on) == (other.kind, other.id, other.on)
    }
}

/// A difference between what was signed for a month and what is on record now.
#[card]
#[derive(Clone, PartialEq, Eq, Deserialize)]
pub struct LateEntry {
    /// The month.
    pub month: Month,
    /// The way in which it differs.
    pub change: LateChange,
    /// The thing: as it is now; one that is gone, as it was.
    pub item: MonthItem,
}

/// The differences between what was told of a month and what is on record now. No difference tells that a crisis is gone: none is ever
/// annulled, and one that concerns somebody leaves the records without a word.
pub fn differences(month: Month, told: &[MonthItem], now: &[MonthItem]) -> Vec<LateEntry> {
    let entry = |change, item: &MonthItem| LateEntry { month, change, item: item.clone() };
    let of_now = now.iter().filter_map(|it| match told.iter().find(|was| was.is_same_thing(it)) {
        None => Some(entry(LateChange::Added, it)),
        Some(was) if was != it => Some(entry(LateChange::Changed, it)),
        Some(_) => None,
    });
    let gone = told.iter().filter(|was| !was.is_crisis() && !now.iter().any(|it| it.is_same_thing(was)));
    of_now.chain(gone.map(|it| entry(LateChange::Removed, it))).collect()
}

/// The items of a month as they are known after these late entries.
pub fn told_after(signed: &[MonthItem], later: &[&LateEntry]) -> Vec<MonthItem> {
    let mut told = signed.to_vec();
    for it in later {
        told.retain(|was| !was.is_same_thing(&it.item));
        if it.change != LateChange::Removed {
            told.push(it.item.clone());
        }
    }
    told
}

/// The items of a kind, counted.
#[card]
#[derive(Clone, PartialEq, Eq)]
pub struct MonthCount {
    /// The kind.
    pub kind: MonthItemKind,
    /// The number.
    #[schema(minimum = 1, maximum = 5000, example = 3)]
    pub count: i64,
    /// All minutes of them. Absent where none has minutes.
    #[schema(minimum = 1, maximum = 10_000_000, example = 120)]
    pub minutes: Option<i32>,
}

/// The held meetings of a direction, counted. A meeting with several directions counts for each.
#[card]
#[derive(Clone, PartialEq, Eq)]
pub struct DirectionCount {
    /// The direction.
    pub direction: Direction,
    /// The number of meetings.
    #[schema(minimum = 1, maximum = 5000, example = 2)]
    pub meetings: i64,
}

/// The items by kinds, in the order of the kinds.
pub fn counts(items: &[MonthItem]) -> Vec<MonthCount> {
    let mut by_kind: BTreeMap<MonthItemKind, (i64, Option<i32>)> = BTreeMap::new();
    for it in items {
        let (count, minutes) = by_kind.entry(it.kind).or_default();
        *count += 1;
        if let Some(more) = it.minutes {
            *minutes = Some(minutes.unwrap_or_default().saturating_add(more));
        }
    }
    by_kind.into_iter().map(|(kind, (count, minutes))| MonthCount { kind, count, minutes }).collect()
}

/// The held meetings by directions, in the order of the directions.
pub fn directions(items: &[MonthItem]) -> Vec<DirectionCount> {
    let mut by_direction: BTreeMap<Direction, i64> = BTreeMap::new();
    for direction in items.iter().flat_map(|it| &it.directions) {
        *by_direction.entry(*direction).or_default() += 1;
    }
    by_direction.into_iter().map(|(direction, meetings)| DirectionCount { direction, meetings }).collect()
}
