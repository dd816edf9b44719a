//! The finding of an edition among those of the same thing: the latest, or the one in effect on a day. Editions have numbers, or they are
//! entries that may be annulled.

/// The latest of these editions, which the next one follows.
macro_rules! latest {
    ($tx:expr, $table:ident, $all:expr, $columns:expr) => {
        db!($tx, first, $all.order($table::number.desc()).select($columns)).optional()?
    };
}
pub(crate) use latest;

/// The one of these editions that is in effect on a day: the latest that has begun.
macro_rules! in_effect {
    ($tx:expr, $table:ident, $all:expr, $on:expr, $columns:expr) => {
        latest!($tx, $table, $all.filter($table::effective_from.le($on)), $columns)
    };
}
pub(crate) use in_effect;

/// The one of these entries that is in effect on a day, if there is one. Of two from one day it is the one that was entered later.
macro_rules! entry_in_effect {
    ($tx:expr, $table:ident, $all:expr, $on:expr, $columns:expr) => {{
        let begun = $all
            .filter($table::annulment_reason.is_null())
            .filter($table::effective_from.le($on))
            .order(($table::effective_from.desc(), $table::id.desc()));
        db!($tx, first, begun.select($columns)).optional()?
    }};
}
pub(crate) use entry_in_effect;
