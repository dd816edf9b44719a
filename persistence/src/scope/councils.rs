//! The councils in which accounts are members.

/// The councils in which these accounts are members in office on that day: their ids. A council that was annulled, or closed before that day,
/// has nobody in office.
macro_rules! in_office {
    ($users:expr, $today:expr) => {{
        use $crate::engine::schema::{council_days, council_members};
        let works =
            council_days::closed_on.is_null().or(council_days::closed_on.assume_not_null().ge($today));
        let council = council_days::table
            .filter(council_days::id.eq(council_members::council_id))
            .filter(council_days::annulment_reason.is_null())
            .filter(works);
        let still =
            council_members::until_on.is_null().or(council_members::until_on.assume_not_null().ge($today));
        council_members::table
            .filter(council_members::user_id.assume_not_null().eq_any($crate::engine::column::binds($users)))
            .filter(council_members::from_on.le($today))
            .filter(still)
            .filter(diesel::dsl::exists(council))
            .select(council_members::council_id)
    }};
}
pub(crate) use in_office;
