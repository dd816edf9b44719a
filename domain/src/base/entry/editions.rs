//! Editions: a regulation, rules or a form, issued from a day on and never edited. A new edition follows the previous one.
use crate::base::refusal::{Reason, Rule};
use chrono::NaiveDate;

/// The place of an edition among those of the same thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Issue {
    /// Its number, from 1.
    pub(crate) number: i32,
    /// The first day on which it is in effect.
    pub(crate) effective_from: NaiveDate,
}

impl Issue {
    /// The place of the edition that follows the previous one, or of the first, with the reason against it: it must not take
    /// effect before the previous one.
    pub(crate) fn after(
        previous: Option<Self>,
        effective_from: NaiveDate,
        too_early: &'static Rule,
    ) -> (Self, Option<Reason>) {
        let earlier = previous.filter(|it| effective_from < it.effective_from);
        let against = |it: Self| too_early.reason().at("/effective_from").with("previous", it.effective_from);
        let number = previous.map_or(1, |it| it.number.saturating_add(1));
        (Self { number, effective_from }, earlier.map(against))
    }
}
