//! The waiting list: everybody without a mentor, the length of their wait, and the rules that exclude most mentors.
//!
//! - `list`: the pages. Those who wait are kept in a table (`crate::matching::waits`), so a page reads a page.
//! - `figures`: the list in figures, computed once for all who ask.
mod figures;
mod list;

/// The turn of pages that walk along all beneficiaries.
pub struct Walk;

pub use figures::{BlockedCount, Figures, WaitingFilter, WaitingSummary, median, summary};
pub use list::{WaitingCard, WaitingListFilter, list};
