//! Reading ahead: what a search will read soon is asked of the memory while it still works on something else.
//!
//! Of a large problem the rows fit into no cache, and who is next stands anywhere: without this, most of the
//! time would be spent waiting for the first words of a row. Nothing depends on it but the time.
use prefetch_index::prefetch_index;

/// How much the memory hands over at once.
const LINE_BYTES: usize = 64;

/// Asks for one place of a column.
pub(crate) fn of<T>(column: &[T], at: usize) {
    prefetch_index(column, at);
}

/// Asks for a part of a column as a whole.
pub(crate) fn of_all<T>(part: &[T]) {
    let step = (LINE_BYTES / size_of::<T>().max(1)).max(1);
    (0..part.len()).step_by(step).for_each(|at| prefetch_index(part, at));
    // A part that begins within a line ends in one more.
    part.len().checked_sub(1).into_iter().for_each(|last| prefetch_index(part, last));
}
