//! The ways by which a caller sees crises.
//!
//! A crisis is seen whole by the organizations that answer for the beneficiary, by one that has an open case of them while the crisis
//! has not ended, by guardianship of the territory, and by the administrator. Of several records of a person each has a territory: its
//! guardianship sees the crises of all. The reporter of a crisis sees its progress. The accounts and people whom it concerns see nothing of
//! it by any way.
use super::Row;
use crate::engine::column::{AnyId, bind};
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::schema::crises;
use crate::people::own_selves;
use crate::tx::Tx;
use diesel::prelude::*;
use domain::base::access::{Right, Scope};
use domain::base::id::{CrisisId, OrganizationId, UserId};
use domain::base::text::Oktmo;
use domain::help::crises::CrisisState;
use uuid::Uuid;

/// A way to see crises.
#[derive(Debug, Clone)]
pub(super) enum Way {
    /// Every crisis.
    All,
    /// Those that an organization sees.
    Of(OrganizationId),
    /// Those that have not ended, of beneficiaries with an open case in these organizations.
    WithCase(Vec<OrganizationId>),
    /// Those of beneficiaries in these territories.
    Guarded(Vec<Oktmo>),
    /// Those of beneficiaries with another record in these territories.
    GuardedByRecord(Vec<Oktmo>),
    /// Those that an account has reported.
    ReportedBy(UserId),
}

impl Way {
    /// Whether it is the way of guardianship.
    pub(super) fn is_guarding(&self) -> bool {
        matches!(self, Self::Guarded(_) | Self::GuardedByRecord(_))
    }
}

/// A caller as one who sees crises.
#[derive(Debug, Default)]
pub(super) struct Seen {
    /// The account of the caller and the person under all records: a crisis that concerns one of them is hidden.
    pub(super) parties: Vec<AnyId>,
    /// The ways to crises that are seen whole.
    pub(super) whole: Vec<Way>,
    /// The way to those of which the progress alone is seen.
    pub(super) reported: Option<Way>,
}

impl Seen {
    /// The caller with such a scope.
    async fn by(tx: &mut Tx<'_>, scope: &Scope) -> Result<Self, Failure> {
        let user = tx.caller().map(|it| it.user);
        let own = own_selves(tx).await?.into_iter().map(Uuid::from);
        let parties = user.map(Uuid::from).into_iter().chain(own);
        let mut whole: Vec<Way> = Vec::new();
        if scope.everything {
            whole.push(Way::All);
        } else {
            whole.extend(scope.organizations.iter().copied().map(Way::Of));
            if !scope.organizations.is_empty() {
                whole.push(Way::WithCase(scope.organizations.clone()));
            }
            if !scope.territories.is_empty() {
                whole.push(Way::Guarded(scope.territories.clone()));
                whole.push(Way::GuardedByRecord(scope.territories.clone()));
            }
        }
        Ok(Self {
            parties: parties.map(AnyId::from).collect(),
            whole,
            reported: user.filter(|_| !scope.is_nothing()).map(Way::ReportedBy),
        })
    }
    /// The caller as a reader.
    pub(super) async fn reading(tx: &mut Tx<'_>) -> Result<Self, Failure> {
        let scope = tx.scope_of(Right::ReadCrises);
        Self::by(tx, &scope).await
    }
    /// The caller as one who takes a step, by the right of this transaction.
    pub(super) async fn ordering(tx: &mut Tx<'_>) -> Result<Self, Failure> {
        let scope = tx.scope().clone();
        Self::by(tx, &scope).await
    }
    /// The caller who has just reported a crisis, and need not have the right to read.
    pub(super) async fn reporting(tx: &mut Tx<'_>) -> Result<Self, Failure> {
        let reported = tx.caller().map(|it| Way::ReportedBy(it.user));
        Ok(Self { reported, ..Self::reading(tx).await? })
    }
    /// All ways, each with the answer whether a crisis is seen whole by it; whole ones first.
    pub(super) fn ways(&self) -> impl Iterator<Item = (&Way, bool)> {
        self.whole.iter().map(|it| (it, true)).chain(self.reported.iter().map(|it| (it, false)))
    }
}

/// The crises of a way, as a boxed query, without those that concern the caller.
macro_rules! of_way {
    ($way:expr, $parties:expr) => {{
        use diesel::dsl::{exists, not};
        use domain::accompaniment::cases::CaseState;
        use $crate::engine::column::{any_of, bind, binds};
        use $crate::engine::schema::{
            beneficiaries, cases, crises, crisis_concerned, crisis_courses, crisis_organizations,
            crisis_territories, person_records,
        };
        let all = crises::table.inner_join(crisis_courses::table).into_boxed();
        let all = match $way {
            Way::All => all,
            Way::Of(it) => {
                let theirs = crisis_organizations::table
                    .filter(crisis_organizations::organization_id.eq(bind(*it)))
                    .select(crisis_organizations::crisis_id);
                all.filter(crises::id.eq_any(theirs))
            }
            Way::WithCase(organizations) => {
                let open = cases::table
                    .filter(cases::beneficiary_id.eq(crises::beneficiary_id))
                    .filter(cases::organization_id.eq_any(binds(organizations)))
                    .filter(cases::state.eq(bind(CaseState::Open)))
                    .select(cases::id);
                let unended = [CrisisState::Reported, CrisisState::Acknowledged];
                // A case of the same person under another record.
                let of_another = person_records::table
                    .inner_join(cases::table.on(cases::beneficiary_id.eq(person_records::record_id)))
                    .filter(person_records::beneficiary_id.eq(crises::beneficiary_id))
                    .filter(cases::organization_id.eq_any(binds(organizations)))
                    .filter(cases::state.eq(bind(CaseState::Open)))
                    .select(person_records::record_id);
                all.filter(crises::state.eq_any(any_of(&unended))).filter(exists(open).or(exists(of_another)))
            }
            Way::Guarded(territories) => {
                // A list, which is read by the index of territories, so that no crisis of another one is read.
                let there = crisis_territories::table
                    .filter($crate::scope::within(crisis_territories::territory, territories))
                    .select(crisis_territories::crisis_id);
                all.filter(crises::id.eq_any(there))
            }
            Way::GuardedByRecord(territories) => {
                // Merges move nothing: each record keeps its territory, and a reversal leaves no trace.
                let is_theirs = person_records::beneficiary_id.eq(beneficiaries::id);
                let there = beneficiaries::table
                    .inner_join(person_records::table.on(is_theirs))
                    .filter($crate::scope::within(beneficiaries::territory, territories))
                    .select(person_records::record_id);
                all.filter(crises::beneficiary_id.eq_any(there))
            }
            Way::ReportedBy(it) => all.filter(crises::reported_by.eq(bind(*it))),
        };
        match $parties.is_empty() {
            true => all,
            false => {
                let concerned = crisis_concerned::table
                    .filter(crisis_concerned::crisis_id.eq(crises::id))
                    .filter(crisis_concerned::party_id.eq_any($parties.clone()))
                    .select(crisis_concerned::crisis_id);
                all.filter(not(exists(concerned)))
            }
        }
    }};
}
pub(super) use of_way;

/// The row of a crisis, and whether the caller sees it whole. `None`: not at all.
pub(super) async fn found(
    tx: &mut Tx<'_>,
    seen: &Seen,
    id: CrisisId,
) -> Result<Option<(Row, bool)>, Failure> {
    for (way, is_whole) in seen.ways() {
        let parties = &seen.parties;
        let one: Option<Row> = db!(tx, first, {
            of_way!(way, parties).filter(crises::id.eq(bind(id))).select(Row::as_select())
        })
        .optional()?;
        if let Some(row) = one {
            return Ok(Some((row, is_whole)));
        }
    }
    Ok(None)
}
