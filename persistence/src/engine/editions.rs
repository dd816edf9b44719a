//! The finding of an edition among those of the same thing: the latest, or the one in effect on a day.

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
