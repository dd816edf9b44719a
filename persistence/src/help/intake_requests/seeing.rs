//! The requests for help that a caller sees.
use super::Row;
use crate::engine::column::binds;
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::schema::{grants, intake_requests as requests, organizations, users};
use crate::people::{kin_of, own_selves};
use crate::sight::is_found;
use crate::tx::Tx;
use chrono::NaiveDate;
use diesel::prelude::*;
use domain::base::access::Scope;
use domain::base::id::{IntakeRequestId, OrganizationId, PersonId, UserId};
use domain::base::text::Oktmo;
use domain::help::intake_requests::IntakeState;
use std::collections::{BTreeSet, HashSet};
use uuid::Uuid;

/// The account, the person or the staff whom a request concerns.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Concerned {
    pub(super) user: Option<UserId>,
    pub(super) person: Option<PersonId>,
    pub(super) organization: Option<OrganizationId>,
}

impl Concerned {
    /// Whether it is that account, of that person under any of these records, who serves in these organizations.
    pub(super) fn is(&self, user: UserId, selves: &[PersonId], serves: &[OrganizationId]) -> bool {
        self.user == Some(user)
            || self.person.is_some_and(|it| selves.contains(&it))
            || self.organization.is_some_and(|it| serves.contains(&it))
    }
}

/// The way by which a list finds its rows. Each is a walk along an index.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Way {
    /// All of the region, or of so large a territory that nearly all are in it.
    All,
    /// Those of a district, as far as the territories of the caller reach.
    District(Oktmo),
    /// Those that an organization has.
    Of(OrganizationId),
    /// Those that were redirected to an organization.
    To(OrganizationId),
    /// Those that the account has made.
    MadeBy(UserId),
}

/// The ways by which a caller sees requests.
#[derive(Debug, Clone)]
pub(super) struct Sight {
    pub(super) everything: bool,
    /// The territories of the caller and of the caller's organizations.
    pub(super) territories: Vec<Oktmo>,
    /// The codes of larger places in which these territories lie.
    pub(super) around: Vec<Oktmo>,
    pub(super) organizations: Vec<OrganizationId>,
    /// Whether what the account has made counts. A narrowed key brings nothing of the account itself.
    pub(super) is_somebody: bool,
    pub(super) user: UserId,
    /// The person of the caller under all records.
    pub(super) selves: Vec<PersonId>,
    /// The organizations in which the caller serves by any role and any account. Requests that concern their staff are hidden.
    pub(super) serves: Vec<OrganizationId>,
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
        let is_there = row.territory.is_in(&self.territories);
        let is_around = self.around.contains(&row.territory);
        let is_strange = row.concerned_organization_id.is_none_or(|it| !self.serves.contains(&it));
        is_strange && (self.everything || is_there || is_around || self.has_it(row) || self.is_asked(row))
    }
    /// The ways to the rows of a list.
    pub(super) fn ways(&self) -> Vec<Way> {
        let is_wide = self.territories.iter().any(|it| it.area().len() < DISTRICT);
        if self.everything || is_wide {
            return vec![Way::All];
        }
        let districts: BTreeSet<Oktmo> =
            self.territories.iter().chain(&self.around).map(Oktmo::district).collect();
        let of = |way: fn(OrganizationId) -> Way| self.organizations.iter().copied().map(way);
        let made = self.is_somebody.then_some(Way::MadeBy(self.user));
        districts.into_iter().map(Way::District).chain(of(Way::Of)).chain(of(Way::To)).chain(made).collect()
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
    pub(super) fn of(&self, person: Option<PersonId>, own_kin: &HashSet<PersonId>) -> Self {
        let is_kin = person.is_some_and(|it| own_kin.contains(&it));
        Self { is_kin, ..self.clone() }
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
        Self { is_somebody: false, territories: Vec::new(), around: Vec::new(), ..self }
    }
}

/// The digits of the code of a district.
const DISTRICT: usize = 5;

/// The sight of the caller with that scope.
pub(super) async fn sight(tx: &mut Tx<'_>, scope: Scope) -> Result<Sight, Failure> {
    let (works_in, is_guardian) = (works_in(tx, &scope.organizations).await?, !scope.territories.is_empty());
    let territories: Vec<Oktmo> = works_in.into_iter().map(|it| it.1).chain(scope.territories).collect();
    let around = territories.iter().flat_map(Oktmo::around).collect();
    let is_somebody = scope.somebody.is_some() && !scope.is_narrowed;
    let caller = tx.caller();
    let grants = caller.map(|it| it.grants.as_slice()).unwrap_or_default();
    let own = grants.iter().filter_map(|it| it.organization_id).chain(scope.organizations.iter().copied());
    let mut serves: Vec<OrganizationId> = own.collect();
    let selves = own_selves(tx).await?;
    serves.extend(served_by(tx, &selves).await?);
    let caller = tx.caller();
    Ok(Sight {
        selves,
        serves,
        user: caller.map_or_else(|| Uuid::nil().into(), |it| it.user),
        everything: scope.everything,
        territories,
        around,
        is_kin: false,
        is_asked_alone: false,
        organizations: scope.organizations,
        is_somebody,
        is_guardian,
    })
}

/// The organizations in which any account of a person serves, who is given under all records.
async fn served_by(tx: &mut Tx<'_>, selves: &[PersonId]) -> Result<Vec<OrganizationId>, Failure> {
    if selves.is_empty() {
        return Ok(Vec::new());
    }
    let theirs = grants::table
        .inner_join(users::table)
        .filter(users::person_id.assume_not_null().eq_any(binds(selves)))
        .filter(grants::organization_id.is_not_null())
        .select(grants::organization_id.assume_not_null());
    Ok(db!(tx, load, theirs)?)
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

/// The requests that do not concern the caller. An author who serves where the staff is concerned still learns the state of the own one.
macro_rules! unconcerned {
    ($sight:expr) => {{
        use diesel::dsl::not;
        use $crate::engine::column::{bind, binds};
        use $crate::engine::schema::intake_requests as requests;
        use $crate::scope::when;
        let account = requests::concerned_user_id.assume_not_null().ne(bind($sight.user));
        let mut all = requests::table.filter(requests::concerned_user_id.is_null().or(account)).into_boxed();
        if !$sight.selves.is_empty() {
            let own = requests::concerned_person_id.assume_not_null().eq_any(binds(&$sight.selves));
            all = all.filter(requests::concerned_person_id.is_null().or(not(own)));
        }
        if !$sight.serves.is_empty() {
            let theirs = requests::concerned_organization_id.assume_not_null().eq_any(binds(&$sight.serves));
            let made = when($sight.is_somebody, requests::made_by.eq(bind($sight.user)));
            all = all.filter(requests::concerned_organization_id.is_null().or(not(theirs)).or(made));
        }
        all
    }};
}
pub(super) use unconcerned;

/// The condition on the requests that some way reaches.
macro_rules! reached {
    ($sight:expr) => {{
        use $crate::engine::column::bind;
        use $crate::engine::schema::intake_requests as requests;
        use $crate::scope::{Way as _, among, exactly, when, within};
        let of_organizations = among(requests::organization_id.assume_not_null(), &$sight.organizations)
            .or_by(among(requests::directed_to_id.assume_not_null(), &$sight.organizations));
        let own = when($sight.is_somebody, requests::made_by.eq(bind($sight.user)));
        let there = within(requests::territory, &$sight.territories)
            .or_by(exactly(requests::territory, &$sight.around));
        there.or_by(of_organizations).or_by(own)
    }};
}
pub(super) use reached;

/// Those of a way, as far as the caller sees them.
macro_rules! of_way {
    ($way:expr, $sight:expr) => {{
        use $crate::engine::column::bind;
        use $crate::engine::schema::intake_requests as requests;
        use $crate::help::intake_requests::seeing::{Way, reached, unconcerned};
        use $crate::scope::{Way as _, exactly, within};
        let all = unconcerned!($sight);
        match $way {
            Way::All if $sight.everything => all,
            Way::All => all.filter(reached!($sight)),
            Way::District(it) => {
                let there = within(requests::territory, &$sight.territories)
                    .or_by(exactly(requests::territory, &$sight.around));
                all.filter(requests::district.eq(bind(it.clone()))).filter(there)
            }
            Way::Of(it) => all.filter(requests::organization_id.assume_not_null().eq(bind(*it))),
            Way::To(it) => all.filter(requests::directed_to_id.assume_not_null().eq(bind(*it))),
            Way::MadeBy(it) => all.filter(requests::made_by.eq(bind(*it))),
        }
    }};
}
pub(super) use of_way;

/// The visible requests. Every query for one request begins here.
macro_rules! visible {
    ($sight:expr) => {{
        let mut all = $crate::help::intake_requests::seeing::unconcerned!($sight);
        if !$sight.everything {
            all = all.filter($crate::help::intake_requests::seeing::reached!($sight));
        }
        all
    }};
}
pub(super) use visible;

/// The caller and the caller's kin, where one of the rows names a person. Kinship goes both ways, so one answer serves all rows.
pub(super) async fn own_kin(tx: &mut Tx<'_>, rows: &[Row]) -> Result<HashSet<PersonId>, Failure> {
    let names_somebody = rows.iter().any(|it| it.person_id.is_some());
    let selves = if names_somebody { own_selves(tx).await? } else { Vec::new() };
    if selves.is_empty() { Ok(HashSet::new()) } else { kin_of(tx, selves).await }
}

/// Whether the right of this transaction reaches the request.
pub(crate) async fn reaches(tx: &mut Tx<'_>, id: IntakeRequestId) -> Result<bool, Failure> {
    let scope = tx.scope().clone();
    let sight = sight(tx, scope).await?;
    is_found(super::row(tx, &sight, id).await)
}

/// The names of those of the given requests that the right of this transaction reaches: the day on which they came.
pub(crate) async fn names(
    tx: &mut Tx<'_>,
    ids: &[IntakeRequestId],
) -> Result<Vec<(IntakeRequestId, String)>, Failure> {
    let scope = tx.scope().clone();
    let sight = sight(tx, scope).await?;
    let columns = (requests::id, requests::received_on);
    let some = requests::id.eq_any(binds(ids));
    let found: Vec<(IntakeRequestId, NaiveDate)> =
        db!(tx, load, visible!(sight).filter(some).select(columns))?;
    Ok(found.into_iter().map(|(id, day)| (id, day.to_string())).collect())
}
