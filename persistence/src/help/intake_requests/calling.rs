//! The accounts that a request about a child in danger calls, as they are now, and the part of the clock in it.
//!
//! Nobody's sight waits for the clock: which levels are called is computed at each read. The clock tells each level once.
use super::Row;
use super::seeing::Concerned;
use crate::engine::column::bind;
use crate::engine::conn::{db, prepared};
use crate::engine::failure::Failure;
use crate::engine::schema::{intake_requests as requests, organizations};
use crate::help::staff::{StaffLine, admins, selves_of_staff, staff_of};
use crate::scope::{Way, among, exactly, within};
use crate::tx::Tx;
use diesel::prelude::*;
use domain::base::access::Role;
use domain::base::id::{IntakeRequestId, OrganizationId, PersonId, UserId};
use domain::base::text::Oktmo;
use domain::help::crises::{Chain, Levels};
use domain::help::intake_requests::{Waiting, chain, escalate};
use std::collections::HashMap;

/// Requests of one transaction of the clock at most.
pub const CALLED_AT_ONCE: usize = 50;

/// Everything by which the chains of some requests are made.
#[derive(Debug, Default)]
pub(super) struct Around {
    organizations: Vec<(OrganizationId, Oktmo)>,
    staff: Vec<StaffLine>,
    /// Staff that merges of records join to others, under all records.
    selves: HashMap<PersonId, Vec<PersonId>>,
}

impl Around {
    /// Around those of the rows that call somebody.
    pub(super) async fn rows(tx: &mut Tx<'_>, rows: &[&Row]) -> Result<Self, Failure> {
        let waiting: Vec<Waiting> =
            rows.iter().filter(|it| it.calls().is_some()).map(|it| it.waiting()).collect();
        Self::of(tx, &waiting).await
    }
    /// Around requests that wait for their check.
    pub(super) async fn of(tx: &mut Tx<'_>, all: &[Waiting]) -> Result<Self, Failure> {
        if all.is_empty() {
            return Ok(Self::default());
        }
        let open = || all.iter().filter(|it| it.directed_to.is_none());
        let mut holding: Vec<Oktmo> = open().flat_map(|it| it.territory.holding()).collect();
        holding.sort_unstable();
        holding.dedup();
        let mut inside: Vec<Oktmo> = open().map(|it| it.territory.clone()).collect();
        inside.sort_unstable();
        inside.dedup();
        let directed: Vec<OrganizationId> = all.iter().filter_map(|it| it.directed_to).collect();
        let there = organizations::table
            .filter(
                exactly(organizations::territory, &holding)
                    .or_by(within(organizations::territory, &inside))
                    .or_by(among(organizations::id, &directed)),
            )
            .select((organizations::id, organizations::territory));
        let organizations: Vec<(OrganizationId, Oktmo)> = db!(tx, load, there)?;
        // The staff of an accused organization is known by its roles there, wherever it is called.
        let accused = all.iter().filter_map(|it| it.concerns);
        let ids: Vec<OrganizationId> = organizations.iter().map(|it| it.0).chain(accused).collect();
        let mut staff = admins(tx).await?;
        staff.extend(staff_of(tx, &ids).await?);
        let selves = selves_of_staff(tx, &staff).await?;
        Ok(Self { organizations, staff, selves })
    }
    /// The accounts of each level, without those whom the request concerns.
    pub(super) fn levels(&self, it: &Waiting, concerned: &Concerned) -> Levels {
        let those = self.organizations.iter().filter(|(of, works_in)| it.may_check(*of, works_in));
        let there: Vec<OrganizationId> = those.map(|it| it.0).collect();
        let holds = |line: &&StaffLine, role: Role| {
            line.1 == role && (role == Role::RegionAdmin || line.2.is_some_and(|of| there.contains(&of)))
        };
        let hidden = |user: UserId| {
            let person = self.staff.iter().find(|line| line.0 == user).and_then(|line| line.3);
            let mut people: Vec<PersonId> = person.into_iter().collect();
            people.extend(person.and_then(|it| self.selves.get(&it)).into_iter().flatten());
            let is_one = |it: PersonId| people.contains(&it);
            let is_theirs = |line: &&StaffLine| line.0 == user || line.3.is_some_and(is_one);
            let mut lines = self.staff.iter().filter(is_theirs);
            lines.any(|line| concerned.is(line.0, &people, line.2.as_slice()))
        };
        [Role::SupportSpecialist, Role::UnitHead, Role::Director, Role::RegionAdmin].map(|role| {
            let all = self.staff.iter().filter(|it| holds(it, role)).map(|it| it.0);
            all.filter(|it| !hidden(*it)).collect()
        })
    }
    /// The chain of a request; none where nobody is called.
    pub(super) fn chain(&self, row: &Row) -> Option<Chain> {
        let minutes = row.calls()?;
        let levels = self.levels(&row.waiting(), &row.concerned());
        Some(chain(row.counted_from(), minutes, levels))
    }
    /// Whether a request calls that account by now.
    pub(super) fn has_called(&self, tx: &Tx<'_>, row: &Row, user: UserId) -> bool {
        let chain = self.chain(row);
        chain.as_ref().and_then(|it| it.call_of(user)).is_some_and(|it| it.since <= tx.now())
    }
}

/// Tells the levels that were called by now, of a part of the requests. Two servers that meet cross at the row of the request, and the
/// later one finds nothing left. Returns the number of requests; if it equals [`CALLED_AT_ONCE`], there may be more.
pub async fn call(tx: &mut Tx<'_>) -> Result<usize, Failure> {
    let limit = i64::try_from(CALLED_AT_ONCE).map_err(Failure::broken)?;
    let late = requests::table
        .filter(requests::next_call_at.assume_not_null().le(bind(tx.now())))
        .filter(requests::next_call_at.is_not_null())
        .order((requests::next_call_at, requests::id))
        .limit(limit);
    let rows: Vec<Row> = db!(tx, load, late.select(Row::as_select()))?;
    for row in &rows {
        catch_up(tx, row).await?;
    }
    Ok(rows.len())
}

/// Lets the chain of a request begin anew: it waits for another organization now. The first level of that is called at once.
pub(super) async fn begin_anew(tx: &mut Tx<'_>, id: IntakeRequestId) -> Result<(), Failure> {
    let now = tx.now();
    let row: Row = db!(tx, first, requests::table.find(bind(id)).select(Row::as_select()))?;
    let row = Row { counted_from: Some(now), ..row };
    let chain = Around::rows(tx, &[&row]).await?.chain(&row).unwrap_or_default();
    let set = (
        requests::counted_from.eq(bind(row.counted_from)),
        requests::called_level.eq(chain.level_at(now)),
        requests::next_call_at.eq(bind(chain.next_after(now))),
    );
    db!(tx, execute, prepared(diesel::update(requests::table.find(bind(id))).set(set)))?;
    Ok(())
}

/// Tells the levels of a request that were called by now. The check does the same, so that nothing is lost where the clock came late.
pub(super) async fn catch_up(tx: &mut Tx<'_>, row: &Row) -> Result<(), Failure> {
    let chain = Around::rows(tx, &[row]).await?.chain(row).unwrap_or_default();
    let next = requests::next_call_at.eq(bind(chain.next_after(tx.now())));
    let one = requests::table
        .filter(requests::id.eq(bind(row.id)))
        .filter(requests::called_level.eq(row.called_level));
    match escalate(row.id, row.called_level, &chain, tx.now()) {
        Some(escalated) => {
            let (level, records) = escalated.into_parts();
            let set = (requests::called_level.eq(level), next);
            let rows = db!(tx, execute, prepared(diesel::update(one).set(set)))?;
            tx.established(rows, records)
        }
        None => {
            let rows = db!(tx, execute, prepared(diesel::update(one).set(next)))?;
            tx.established(rows, Vec::new())
        }
    }
}
