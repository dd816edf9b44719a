//! The readers of plans: the institution of a plan, the guardianship authority of the territory, the region, and the sides: the person,
//! and the mentor and the tutor of a running mentorship. A plan that belongs to the beneficiary is read by the responsible institution
//! too. The parts of a plan that a side reads are decided in the domain. A person and the mentor are sides of the plans under every record of
//! the person.
use crate::engine::column::binds;
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::schema::{beneficiaries, mentorships, people};
use crate::people::one_person;
use crate::tx::Tx;
use chrono::NaiveDate;
use diesel::prelude::*;
use domain::accompaniment::plan_forms::{PlanApprover, PlanKind};
use domain::accompaniment::plans::{PlanEyes, PlanStanding};
use domain::base::access::{Caller, Right, Role, Scope};
use domain::base::id::{BeneficiaryId, MentorId, OrganizationId, UserId};
use domain::base::moment::age_years;
use domain::base::text::Oktmo;
use domain::people::SIGNS_FROM_YEARS;
use std::collections::HashMap;

/// A running mentorship of a person under any record: its mentor, its tutor and its institution.
type Pair = (MentorId, Option<UserId>, OrganizationId);

/// A beneficiary, as far as it decides who reads and approves the plans.
#[derive(Debug)]
pub(in crate::accompaniment) struct Ward {
    pub(super) id: BeneficiaryId,
    organization_id: OrganizationId,
    territory: Oktmo,
    born_on: Option<NaiveDate>,
    /// Whether the person is old enough to read what is written for them. A family is.
    pub(in crate::accompaniment) is_old_enough: bool,
    pairs: Vec<Pair>,
}

impl Ward {
    /// A beneficiary with the running mentorships. The caller's scope does not limit it.
    pub(in crate::accompaniment) async fn of(
        tx: &mut Tx<'_>,
        id: BeneficiaryId,
    ) -> Result<Option<Self>, Failure> {
        Ok(Self::of_each(tx, &[id]).await?.remove(&id))
    }
    /// The same of several, in as many statements as of one.
    pub(super) async fn of_each(
        tx: &mut Tx<'_>,
        ids: &[BeneficiaryId],
    ) -> Result<HashMap<BeneficiaryId, Self>, Failure> {
        type Found = (BeneficiaryId, OrganizationId, Oktmo, Option<NaiveDate>);
        type OfRecord = (BeneficiaryId, MentorId, Option<UserId>, OrganizationId);
        let some = beneficiaries::table.left_join(people::table).filter(beneficiaries::id.eq_any(binds(ids)));
        let columns = (
            beneficiaries::id,
            beneficiaries::organization_id,
            beneficiaries::territory,
            people::birth_date.nullable(),
        );
        let found: Vec<Found> = db!(tx, load, some.select(columns))?;
        if found.is_empty() {
            return Ok(HashMap::new());
        }
        let there: Vec<BeneficiaryId> = found.iter().map(|it| it.0).collect();
        let by_record = one_person::by_record(tx, &there).await?;
        let records: Vec<BeneficiaryId> = by_record.keys().copied().collect();
        let running = mentorships::table
            .filter(mentorships::beneficiary_id.eq_any(binds(&records)))
            .filter(mentorships::starts_on.is_not_null())
            .filter(mentorships::ended_on.is_null());
        let columns = (
            mentorships::beneficiary_id,
            mentorships::mentor_id,
            mentorships::tutor_user_id,
            mentorships::organization_id,
        );
        let running: Vec<OfRecord> = db!(tx, load, running.select(columns))?;
        let mut pairs: HashMap<BeneficiaryId, Vec<Pair>> = HashMap::new();
        for (record, mentor, tutor, organization) in running {
            for id in by_record.get(&record).into_iter().flatten() {
                pairs.entry(*id).or_default().push((mentor, tutor, organization));
            }
        }
        let today = tx.today();
        let ward = |(id, organization_id, territory, born_on): Found| {
            let is_old_enough = born_on.is_none_or(|it| age_years(it, today) >= SIGNS_FROM_YEARS);
            let pairs = pairs.remove(&id).unwrap_or_default();
            (id, Self { id, organization_id, territory, born_on, is_old_enough, pairs })
        };
        Ok(found.into_iter().map(ward).collect())
    }
    /// The age of the person on a day. `None` for a family.
    pub(in crate::accompaniment) fn age_years(&self, on: NaiveDate) -> Option<i32> {
        self.born_on.map(|it| age_years(it, on))
    }
    /// The institutions of the running mentorships whose mentor or tutor has the scope.
    pub(in crate::accompaniment) fn paired_by(&self, scope: &Scope) -> impl Iterator<Item = OrganizationId> {
        self.pairs.iter().filter(move |it| is_side(it, scope)).map(|it| it.2)
    }
    /// Whether a scope reaches all plans of the beneficiary: of a side, of the territory, of the region.
    pub(super) fn is_reached_whole(&self, scope: &Scope) -> bool {
        let is_own = self.is_old_enough && scope.beneficiaries.contains(&self.id);
        is_own || self.paired_by(scope).next().is_some() || self.is_overseen(scope)
    }
    fn is_overseen(&self, scope: &Scope) -> bool {
        scope.everything || self.territory.is_in(&scope.territories)
    }
    /// Whether a scope is of the institution responsible for the beneficiary, which reaches the plans that belong to no case.
    pub(super) fn is_responsible(&self, scope: &Scope) -> bool {
        scope.organizations.contains(&self.organization_id)
    }
    /// Whether a scope is of the institution of the plan, or of the responsible one.
    fn is_served(&self, scope: &Scope, kind: PlanKind, of: OrganizationId) -> bool {
        scope.organizations.contains(&of) || (kind.is_of_beneficiary() && self.is_responsible(scope))
    }
    /// Whether a scope reaches the plan of that kind and institution.
    pub(super) fn sees(&self, scope: &Scope, kind: PlanKind, of: OrganizationId) -> bool {
        self.is_reached_whole(scope) || self.is_served(scope, kind, of)
    }
    /// The eyes with which the caller reads the plan. A side reads as that side, also where the caller is more than that.
    fn eyes(&self, tx: &Tx<'_>, kind: PlanKind, of: OrganizationId) -> PlanEyes {
        let (Some(caller), scope) = (tx.caller(), tx.scope_of(Right::ReadPlans)) else {
            return PlanEyes::Staff;
        };
        if caller.beneficiaries.contains(&self.id) {
            PlanEyes::Person
        } else if self.pairs.iter().any(|it| Some(it.0) == caller.mentor) {
            PlanEyes::Mentor
        } else if self.is_overseen(&scope) || self.is_served(&scope, kind, of) {
            PlanEyes::Staff
        } else {
            PlanEyes::Mentor
        }
    }
    /// The caller's standing to the plan of that kind and institution.
    pub(super) fn standing(&self, tx: &Tx<'_>, kind: PlanKind, of: OrganizationId) -> PlanStanding {
        let eyes = self.eyes(tx, kind, of);
        let parts = match (eyes, tx.caller()) {
            (PlanEyes::Staff, Some(caller)) => self.parts(caller, of),
            (PlanEyes::Person, _) => vec![PlanApprover::Person],
            _ => Vec::new(),
        };
        let is_staff = parts.contains(&PlanApprover::Specialist);
        PlanStanding { eyes, user: tx.caller().map(|it| it.user), is_staff, parts }
    }
    /// The parts in which staff approves in person.
    fn parts(&self, caller: &Caller, of: OrganizationId) -> Vec<PlanApprover> {
        let guards = caller.grants.iter().any(|it| {
            it.role == Role::GuardianshipOfficer && it.territory.iter().any(|it| it.holds(&self.territory))
        });
        let mut parts = serving(caller, of);
        parts.extend(guards.then_some(PlanApprover::Guardianship));
        parts
    }
    /// The institution whose plan a caller without a case opens: that of the own pair, then one where the caller serves, of a running
    /// mentorship or the responsible one.
    pub(super) fn institution(&self, tx: &Tx<'_>) -> OrganizationId {
        let scope = tx.scope();
        let all = || self.pairs.iter().map(|it| it.2).chain([self.organization_id]);
        let served =
            self.paired_by(scope).next().or_else(|| all().find(|it| scope.organizations.contains(it)));
        served.or_else(|| all().next()).unwrap_or(self.organization_id)
    }
}

/// The parts in which an account approves in person as staff of the institution of a plan. It reads nothing.
pub(super) fn serving(caller: &Caller, of: OrganizationId) -> Vec<PlanApprover> {
    let directs = caller.directs(of);
    let heads = directs || caller.holds_in(Role::UnitHead, of);
    let serves = heads || caller.holds_in(Role::SupportSpecialist, of);
    let all = [
        (serves, PlanApprover::Specialist),
        (heads, PlanApprover::UnitHead),
        (directs, PlanApprover::Director),
    ];
    all.into_iter().filter_map(|(holds, part)| holds.then_some(part)).collect()
}

/// Whether the scope is of the mentor or the tutor of the pair.
fn is_side(it: &Pair, scope: &Scope) -> bool {
    Some(it.0) == scope.mentor || (it.1.is_some() && it.1 == scope.tutor)
}
