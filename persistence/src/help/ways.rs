//! The ways to what an organization does for a person: its staff reaches it, and so does the guardianship of the territory in which the
//! person lives.
use crate::engine::column::bind;
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::schema::cases;
use crate::people::one_person;
use crate::tx::Tx;
use diesel::prelude::*;
use domain::base::access::Scope;
use domain::base::id::{BeneficiaryId, CaseId, OrganizationId};
use domain::base::text::Oktmo;

/// The way by which a list finds its rows. Each has the order of the list in an index.
#[derive(Debug)]
pub(super) enum Way {
    /// Every row.
    All,
    /// Those of an organization.
    Of(OrganizationId),
    /// Those about people in these territories.
    Guarded(Vec<Oktmo>),
}

impl Way {
    /// The ways of a scope.
    pub(super) fn of(scope: &Scope) -> Vec<Self> {
        if scope.everything {
            return vec![Self::All];
        }
        let guarded = Some(&scope.territories).filter(|it| !it.is_empty()).cloned().map(Self::Guarded);
        scope.organizations.iter().copied().map(Self::Of).chain(guarded).collect()
    }
}

/// Condition on a column of beneficiaries: the person lives in one of these territories.
macro_rules! living_in {
    ($beneficiary:expr, $territories:expr) => {{
        use $crate::engine::schema::beneficiaries;
        let there = $crate::scope::within(beneficiaries::territory, $territories);
        $beneficiary.eq_any(beneficiaries::table.filter(there).select(beneficiaries::id))
    }};
}
pub(super) use living_in;

/// The rows of a boxed query that a scope sees. The last argument is the condition on those of its territories.
macro_rules! seen_by {
    ($all:expr, $scope:expr, $organization:expr, |$territories:ident| $guarded:expr) => {{
        use $crate::scope::{Way as _, among, when};
        let mut all = $all;
        if !$scope.everything {
            let $territories = &$scope.territories;
            let guarded = when(!$scope.territories.is_empty(), $guarded);
            all = all.filter(among($organization, &$scope.organizations).or_by(guarded));
        }
        all
    }};
}
pub(super) use seen_by;

/// The rows of a boxed query by one way.
macro_rules! by_way {
    ($all:expr, $way:expr, $organization:expr, |$territories:ident| $guarded:expr) => {
        match $way {
            $crate::help::ways::Way::All => $all,
            $crate::help::ways::Way::Of(of) => $all.filter($organization.eq(bind(*of))),
            $crate::help::ways::Way::Guarded($territories) => $all.filter($guarded),
        }
    };
}
pub(super) use by_way;

/// All records of the person of a case, and its organization. The scope of the caller does not bound it.
pub(super) async fn line_of(
    tx: &mut Tx<'_>,
    case: CaseId,
) -> Result<(Vec<BeneficiaryId>, OrganizationId), Failure> {
    let one = cases::table.find(bind(case)).select((cases::beneficiary_id, cases::organization_id));
    let (of, organization): (BeneficiaryId, OrganizationId) = db!(tx, first, one)?;
    Ok((one_person::of(tx, of).await?.records(), organization))
}
