//! The mentorships that a scope reaches, and the people that it knows through them.
use domain::base::access::Scope;

/// The visible mentorships. Every query begins here. `Stand::is_reached` applies the same conditions to a loaded row.
macro_rules! visible {
    ($scope:expr) => {{
        use $crate::engine::column::binds;
        use $crate::engine::schema::{beneficiaries, mentorships};
        use $crate::scope::{Way, among, when, within};
        let mut all = mentorships::table.into_boxed();
        if !$scope.everything {
            let followed =
                mentorships::tutor_user_id.assume_not_null().eq_any(binds($scope.tutor.as_slice()));
            let mentored = mentorships::mentor_id
                .eq_any(binds($scope.mentor.as_slice()))
                .and(mentorships::ended_on.is_null());
            let living_there = beneficiaries::table
                .filter(within(beneficiaries::territory, &$scope.territories))
                .select(beneficiaries::id);
            let there = mentorships::beneficiary_id.eq_any(living_there);
            all = all.filter(
                among(mentorships::organization_id, &$scope.organizations)
                    .or_by(among(mentorships::program_id, &$scope.programs))
                    .or_by(when($scope.tutor.is_some(), followed))
                    .or_by(when($scope.mentor.is_some(), mentored))
                    .or_by(among(mentorships::beneficiary_id, &$scope.beneficiaries))
                    .or_by(when(!$scope.territories.is_empty(), there)),
            );
        }
        if let Some(own) = $scope.own_mentor {
            // This holds for every role of the caller: a mentor no longer sees their own mentorship once it has
            // ended.
            all = all.filter(
                mentorships::mentor_id
                    .ne($crate::engine::column::bind(own))
                    .or(mentorships::ended_on.is_null()),
            );
        }
        all
    }};
}
pub(crate) use visible;

/// The ids of the visible mentorships, for the rows that belong to them.
macro_rules! visible_ids {
    ($scope:expr) => {
        $crate::scope::mentorships::visible!($scope).select($crate::engine::schema::mentorships::id)
    };
}
pub(crate) use visible_ids;

/// The mentorships of a mentor.
macro_rules! mentored {
    ($mentor:expr) => {{
        use $crate::engine::schema::mentorships;
        mentorships::table
            .filter(mentorships::mentor_id.eq($crate::engine::column::bind($mentor)))
            .select(mentorships::id)
    }};
}
pub(crate) use mentored;

/// The mentorships of these recipients.
macro_rules! received {
    ($beneficiaries:expr) => {{
        use $crate::engine::schema::mentorships;
        mentorships::table
            .filter(mentorships::beneficiary_id.eq_any($crate::engine::column::binds($beneficiaries)))
            .select(mentorships::id)
    }};
}
pub(crate) use received;

/// Whether the scope can reach mentors through mentorships.
pub(crate) fn follows(scope: &Scope) -> bool {
    !scope.programs.is_empty() || scope.tutor.is_some()
}

/// Whether the scope can reach recipients through mentorships.
pub(crate) fn knows(scope: &Scope) -> bool {
    follows(scope) || scope.mentor.is_some()
}

/// The recipients whom a scope knows through mentorships. A coordinator and a tutor know those of all their
/// mentorships. A mentor knows those who have consented, until the mentorship ends.
macro_rules! beneficiaries_known {
    ($scope:expr) => {{
        use $crate::engine::column::{bind, binds};
        use $crate::engine::schema::mentorships;
        use $crate::scope::{Way, among, when};
        let followed = mentorships::tutor_user_id.assume_not_null().eq_any(binds($scope.tutor.as_slice()));
        let consented = mentorships::starts_on
            .is_not_null()
            .or(mentorships::state.eq(bind(domain::mentorships::MentorshipState::Consented)));
        let mentored = mentorships::mentor_id
            .eq_any(binds($scope.mentor.as_slice()))
            .and(mentorships::ended_on.is_null())
            .and(consented);
        mentorships::table
            .filter(
                among(mentorships::program_id, &$scope.programs)
                    .or_by(when($scope.tutor.is_some(), followed))
                    .or_by(when($scope.mentor.is_some(), mentored)),
            )
            .select(mentorships::beneficiary_id)
    }};
}
pub(crate) use beneficiaries_known;

/// The mentors of the pairs that a tutor or a coordinator of a program follows.
macro_rules! mentors_followed {
    ($scope:expr) => {{
        use $crate::engine::schema::mentorships;
        use $crate::scope::{Way, among, when};
        let followed = mentorships::tutor_user_id.assume_not_null().eq_any(binds($scope.tutor.as_slice()));
        mentorships::table
            .filter(
                among(mentorships::program_id, &$scope.programs)
                    .or_by(when($scope.tutor.is_some(), followed)),
            )
            .select(mentorships::mentor_id)
    }};
}
pub(crate) use mentors_followed;
