//! The rounds of matching that a scope reaches.

/// The visible rounds: those for institutions of the scope, and those of its programs. Every query begins here.
macro_rules! visible {
    ($scope:expr) => {{
        use $crate::engine::schema::matching_rounds;
        use $crate::scope::{Way, among};
        let mut all = matching_rounds::table.into_boxed();
        if !$scope.everything {
            all = all.filter(
                among(matching_rounds::organization_id.assume_not_null(), &$scope.organizations)
                    .or_by(among(matching_rounds::program_id, &$scope.programs)),
            );
        }
        all
    }};
}
pub(crate) use visible;
