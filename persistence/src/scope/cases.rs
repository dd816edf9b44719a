//! The cases that a scope reaches.

/// Those of the cases that the scope sees: of its institutions, and of beneficiaries in its territories. Every query begins here.
macro_rules! seen {
    ($cases:expr, $scope:expr) => {{
        let mut all = $cases.into_boxed();
        if !$scope.everything {
            let there = diesel::alias!(beneficiaries as there);
            let living_there = there
                .filter(within(there.field(beneficiaries::territory), &$scope.territories))
                .select(there.field(beneficiaries::id));
            let of_the_guarded =
                when(!$scope.territories.is_empty(), cases::beneficiary_id.eq_any(living_there));
            all = all.filter(among(cases::organization_id, &$scope.organizations).or_by(of_the_guarded));
        }
        all
    }};
}
pub(crate) use seen;
