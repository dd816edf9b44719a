//! The requests for help that a caller sees.
use super::Row;
use crate::engine::column::binds;
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::schema::organizations;
use crate::people::kin_of;
use crate::sight::is_found;
use crate::tx::Tx;
use diesel::prelude::*;
use domain::base::access::Scope;
use domain::base::id::{IntakeRequestId, OrganizationId, PersonId, UserId};
use domain::base::text::Oktmo;
use domain::help::intake_requests::{IntakeState, area, places_around};
use uuid::Uuid;

/// The ways by which a caller sees requests.
#[derive(Debug, Clone)]
pub(super) struct Sight {
    pub(super) everything: bool,
    /// The beginnings of the codes of all places in the territories of the caller and of the caller's organizations.
    pub(super) areas: Vec<Oktmo>,
    /// The codes of larger places in which these territories lie.
    pub(super) around: Vec<Oktmo>,
    pub(super) organizations: Vec<OrganizationId>,
    /// Whether what the account has made counts. A narrowed key brings nothing of the account itself.
    pub(super) is_somebody: bool,
    pub(super) user: UserId,
    /// Whether the caller guards a territory.
    pub(super) is_guardian: bool,
    /// Whether the caller is a relative of the person in need.
    is_kin: bool,
    /// Whether requests that were redirected to others are left out.
    pub(super) is_asked_alone: bool,
}

impl Sight {
    /// Whether the caller sees who has the request, and did not just make it.
    pub(super) fn is_inside(&self, row: &Row) -> bool {
        let is_there = self.areas.iter().any(|it| row.territory.as_str().starts_with(it.as_str()));
        let is_around = self.around.contains(&row.territory);
        self.everything || is_there || is_around || self.has_it(row) || self.is_asked(row)
    }
    /// Whether the caller reads the words of the request: before the check those who may take it up, afterwards those who have it.
    pub(super) fn reads(&self, row: &Row) -> bool {
        let may_take = match row.state {
            IntakeState::Received => true,
            IntakeState::Redirected => self.is_asked(row),
            _ => false,
        };
        self.is_inside(row) && (self.oversees(row) || (may_take && !self.is_kin))
    }
    /// Whether the caller reads who told of it, and what became of it: as the region, the guardianship, or the organization that has it.
    pub(super) fn oversees(&self, row: &Row) -> bool {
        self.everything || ((self.is_guardian || self.has_it(row)) && !self.is_kin)
    }
    fn has_it(&self, row: &Row) -> bool {
        row.organization_id.is_some_and(|it| self.organizations.contains(&it))
    }
    fn is_asked(&self, row: &Row) -> bool {
        row.directed_to_id.is_some_and(|it| self.organizations.contains(&it))
    }
    /// The sight of a request about that person. A relative reads none of its words.
    pub(super) async fn of(&self, tx: &mut Tx<'_>, person: Option<PersonId>) -> Result<Self, Failure> {
        let own = tx.caller().and_then(|it| it.person);
        let is_kin = match (own, person) {
            (Some(own), Some(person)) => kin_of(tx, vec![person]).await?.contains(&own),
            _ => false,
        };
        Ok(Self { is_kin, ..self.clone() })
    }
    /// The same without what the account itself has made.
    pub(super) fn of_institutions(self) -> Self {
        Self { is_somebody: false, ..self }
    }
    /// The same for requests that the caller's organizations may take up: none that was redirected to others.
    pub(super) fn of_those_who_may_check(self) -> Self {
        Self { is_somebody: false, is_asked_alone: true, ..self }
    }
    /// The same for requests that the caller's organizations have.
    pub(super) fn of_those_who_have_it(self) -> Self {
        Self { is_somebody: false, areas: Vec::new(), around: Vec::new(), ..self }
    }
}

/// The sight of the caller with that scope.
pub(super) async fn sight(tx: &mut Tx<'_>, scope: Scope) -> Result<Sight, Failure> {
    let works_in = works_in(tx, &scope.organizations).await?;
    let territories = || works_in.iter().map(|it| &it.1).chain(&scope.territories);
    let areas = territories().map(area).collect();
    let around = territories().flat_map(places_around).collect();
    let is_somebody = scope.somebody.is_some() && !scope.is_narrowed;
    Ok(Sight {
        everything: scope.everything,
        areas,
        around,
        is_kin: false,
        is_asked_alone: false,
        organizations: scope.organizations,
        is_somebody,
        user: scope.somebody.unwrap_or_else(|| Uuid::nil().into()),
        is_guardian: !scope.territories.is_empty(),
    })
}

/// The territories of these organizations.
pub(super) async fn works_in(
    tx: &mut Tx<'_>,
    of: &[OrganizationId],
) -> Result<Vec<(OrganizationId, Oktmo)>, Failure> {
    if of.is_empty() {
        return Ok(Vec::new());
    }
    let some = organizations::table.filter(organizations::id.eq_any(binds(of)));
    Ok(db!(tx, load, some.select((organizations::id, organizations::territory)))?)
}

/// The visible requests. Every query begins here.
macro_rules! visible {
    ($sight:expr) => {{
        use $crate::engine::column::bind;
        use $crate::engine::schema::intake_requests as requests;
        use $crate::scope::{Way, among, exactly, when, within};
        let mut all = requests::table.into_boxed();
        if !$sight.everything {
            let of_organizations = among(requests::organization_id.assume_not_null(), &$sight.organizations)
                .or_by(among(requests::directed_to_id.assume_not_null(), &$sight.organizations));
            let own = when($sight.is_somebody, requests::made_by.eq(bind($sight.user)));
            let there = within(requests::territory, &$sight.areas)
                .or_by(exactly(requests::territory, &$sight.around));
            all = all.filter(there.or_by(of_organizations).or_by(own));
        }
        all
    }};
}
pub(super) use visible;

/// Whether the right of this transaction reaches the request.
pub(crate) async fn reaches(tx: &mut Tx<'_>, id: IntakeRequestId) -> Result<bool, Failure> {
    let scope = tx.scope().clone();
    let sight = sight(tx, scope).await?;
    is_found(super::row(tx, &sight, id).await)
}
