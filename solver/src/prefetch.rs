//! Prefetching: the memory is asked early for data that a search will read soon.
//!
//! The rows of a large problem fit into no cache, and the next row can be anywhere. Without prefetching, a search spends most
//! of its time waiting for memory. The results do not depend on it.
use prefetch_index::prefetch_index;

/// The size of a cache line in bytes.
const LINE_BYTES: usize = 64;

/// Prefetches one element of a slice.
pub(crate) fn element<T>(all: &[T], at: usize) {
    prefetch_index(all, at);
}

/// Prefetches a whole slice.
pub(crate) fn slice<T>(part: &[T]) {
    let step = (LINE_BYTES / size_of::<T>().max(1)).max(1);
    (0..part.len()).step_by(step).for_each(|at| prefetch_index(part, at));
    // A slice that begins in the middle of a cache line ends in one more line.
    part.len().checked_sub(1).into_iter().for_each(|last| prefetch_index(part, last));
}
