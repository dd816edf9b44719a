//! The beneficiaries that a scope reaches.

/// Condition on rows: an institution of the scope is responsible for the beneficiary, or the beneficiary lives in a
/// territory of the scope.
macro_rules! answered_for {
    ($scope:expr) => {{
        use $crate::engine::schema::beneficiaries;
        use $crate::scope::{Way, among, within};
        among(beneficiaries::organization_id, &$scope.organizations)
            .or_by(within(beneficiaries::territory, &$scope.territories))
    }};
}
pub(crate) use answered_for;

/// The people who live in these territories, as far as they are beneficiaries: their ids, for a condition on a column of people.
macro_rules! people_in {
    ($territories:expr) => {{
        use $crate::engine::schema::beneficiaries;
        beneficiaries::table
            .filter($crate::scope::within(beneficiaries::territory, $territories))
            .filter(beneficiaries::person_id.is_not_null())
            .select(beneficiaries::person_id.assume_not_null())
    }};
}
pub(crate) use people_in;

/// The visible beneficiaries. Every query begins here. A scope reaches:
/// - beneficiaries that it answers for, and the caller as a beneficiary;
/// - recipients of the mentorships that it knows;
/// - beneficiaries who wait for a mentor in its programs.
macro_rules! visible {
    ($scope:expr) => {{
        use $crate::engine::schema::{beneficiaries, families, people};
        let all = beneficiaries::table.left_join(people::table).left_join(families::table).into_boxed();
        $crate::scope::beneficiaries::visible_of!(all, $scope)
    }};
}
pub(crate) use visible;

/// Those rows of a boxed query over beneficiaries that a scope reaches. A query that begins with another table, whose order it
/// keeps, joins the beneficiaries itself.
macro_rules! visible_of {
    ($all:expr, $scope:expr) => {{
        use $crate::engine::schema::{beneficiaries, waits};
        use $crate::scope::{Way, among, when};
        let mut all = $all;
        if !$scope.everything {
            let own = among(beneficiaries::id, &$scope.beneficiaries);
            let known = beneficiaries::id.eq_any($crate::scope::mentorships::beneficiaries_known!($scope));
            let known = when($crate::scope::mentorships::knows(&$scope), known);
            let waiting =
                waits::table.filter(among(waits::program_id, &$scope.programs)).select(waits::beneficiary_id);
            let waiting = when(!$scope.programs.is_empty(), beneficiaries::id.eq_any(waiting));
            all = all.filter(
                $crate::scope::beneficiaries::answered_for!($scope).or_by(own).or_by(known).or_by(waiting),
            );
        }
        all
    }};
}
pub(crate) use visible_of;
