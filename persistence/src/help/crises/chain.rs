//! The accounts of the chain, as they are now, and the caller's standing to a crisis.
use super::{FindingRow, Row, findings_of};
use crate::engine::column::{bind, binds};
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::schema::{cases, crisis_calls, crisis_concerned, units};
use crate::help::staff::{StaffLine, admins, selves_of_staff, staff_of};
use crate::people::one_person;
use crate::tx::Tx;
use diesel::prelude::*;
use domain::accompaniment::cases::CaseState;
use domain::base::access::Role;
use domain::base::id::{BeneficiaryId, CaseId, CrisisId, OrganizationId, PersonId, UnitId, UserId};
use domain::base::moment::Moment;
use domain::help::crises::{Acknowledged, Chain, Crisis, CrisisState, Levels, Signal, Standing};
use std::collections::HashMap;
use uuid::Uuid;

/// An open case of a person under any record: the beneficiary who was asked about, its organization, the specialist in charge and the unit.
type CaseLine = (BeneficiaryId, OrganizationId, Option<UserId>, Option<UnitId>, CaseId);

/// Everything by which the chains of some crises are made.
#[derive(Debug, Default)]
pub(super) struct Around {
    cases: Vec<CaseLine>,
    heads: HashMap<UnitId, UserId>,
    staff: Vec<StaffLine>,
    /// Staff that merges of records join to others, under all records.
    selves: HashMap<PersonId, Vec<PersonId>>,
    concerned: HashMap<CrisisId, Vec<Uuid>>,
    /// The findings after the report.
    findings: HashMap<CrisisId, Vec<FindingRow>>,
    /// The accounts that were called, as they are on record.
    recorded: HashMap<CrisisId, Vec<(i32, UserId, Moment)>>,
}

impl Around {
    /// Around some crises.
    pub(super) async fn rows(tx: &mut Tx<'_>, rows: &[&Row]) -> Result<Self, Failure> {
        let of: Vec<(BeneficiaryId, OrganizationId)> =
            rows.iter().map(|it| (it.beneficiary_id, it.organization_id)).collect();
        let around = Self::of(tx, &of).await?;
        let ids: Vec<CrisisId> = rows.iter().map(|it| it.id).collect();
        let mut concerned: HashMap<CrisisId, Vec<Uuid>> = HashMap::new();
        if !ids.is_empty() {
            let all = crisis_concerned::table
                .filter(crisis_concerned::crisis_id.eq_any(binds(&ids)))
                .select((crisis_concerned::crisis_id, crisis_concerned::party_id));
            let all: Vec<(CrisisId, crate::engine::column::AnyId)> = db!(tx, load, all)?;
            for (id, party) in all {
                concerned.entry(id).or_default().push(party.into());
            }
        }
        let mut recorded: HashMap<CrisisId, Vec<(i32, UserId, Moment)>> = HashMap::new();
        if !ids.is_empty() {
            let all = crisis_calls::table
                .filter(crisis_calls::crisis_id.eq_any(binds(&ids)))
                .order((crisis_calls::crisis_id, crisis_calls::level, crisis_calls::user_id))
                .select((
                    crisis_calls::crisis_id,
                    crisis_calls::level,
                    crisis_calls::user_id,
                    crisis_calls::due_at,
                ));
            let all: Vec<(CrisisId, i32, UserId, Moment)> = db!(tx, load, all)?;
            for (id, level, user, since) in all {
                recorded.entry(id).or_default().push((level, user, since));
            }
        }
        Ok(Self { concerned, findings: findings_of(tx, &ids).await?, recorded, ..around })
    }
    /// Around beneficiaries, each with the organization that answers for them.
    pub(super) async fn of(tx: &mut Tx<'_>, of: &[(BeneficiaryId, OrganizationId)]) -> Result<Self, Failure> {
        if of.is_empty() {
            return Ok(Self::default());
        }
        let asked: Vec<BeneficiaryId> = of.iter().map(|it| it.0).collect();
        let records = one_person::by_record(tx, &asked).await?;
        let beneficiaries: Vec<BeneficiaryId> = records.keys().copied().collect();
        let open = cases::table
            .filter(cases::beneficiary_id.eq_any(binds(&beneficiaries)))
            .filter(cases::state.eq(bind(CaseState::Open)))
            .select((
                cases::beneficiary_id,
                cases::organization_id,
                cases::specialist_user_id,
                cases::unit_id,
                cases::id,
            ));
        let found: Vec<CaseLine> = db!(tx, load, open)?;
        let mut cases: Vec<CaseLine> = Vec::new();
        for line in found {
            let asked = records.get(&line.0).into_iter().flatten();
            cases.extend(asked.map(|it| (*it, line.1, line.2, line.3, line.4)));
        }
        cases.sort_unstable_by_key(|it| it.4);
        let mut organizations: Vec<OrganizationId> =
            of.iter().map(|it| it.1).chain(cases.iter().map(|it| it.1)).collect();
        organizations.sort_unstable();
        organizations.dedup();
        let mut staff = staff_of(tx, &organizations).await?;
        staff.extend(admins(tx).await?);
        let ids: Vec<UnitId> = cases.iter().filter_map(|it| it.3).collect();
        let heads = heads_of(tx, &ids).await?;
        let selves = selves_of_staff(tx, &staff).await?;
        Ok(Self { cases, heads, staff, selves, ..Self::default() })
    }
    /// The organizations with an open case of a beneficiary, in the order of the cases.
    pub(super) fn organizations(&self, of: BeneficiaryId) -> Vec<OrganizationId> {
        let mut all: Vec<OrganizationId> = Vec::new();
        for it in self.cases.iter().filter(|it| it.0 == of) {
            if !all.contains(&it.1) {
                all.push(it.1);
            }
        }
        all
    }
    /// The first open case of a beneficiary, with its organization.
    pub(super) fn first_case(&self, of: BeneficiaryId) -> Option<(CaseId, OrganizationId)> {
        self.cases.iter().find(|it| it.0 == of).map(|it| (it.4, it.1))
    }
    /// The specialists in charge of a beneficiary, and everybody else who is a specialist of these organizations and no head.
    pub(super) fn specialists(&self, of: BeneficiaryId, there: &[OrganizationId]) -> Vec<UserId> {
        let in_charge = self.cases.iter().filter(|it| it.0 == of).filter_map(|it| it.2);
        let heads =
            |user: UserId| self.staff.iter().any(|it| it.0 == user && it.1 != Role::SupportSpecialist);
        let others = self.staff.iter().filter(|it| it.1 == Role::SupportSpecialist && !heads(it.0));
        let others = others.filter(|it| it.2.is_some_and(|it| there.contains(&it))).map(|it| it.0);
        in_charge.chain(others).collect()
    }
    /// The open accounts with that role in these organizations.
    pub(super) fn holding(&self, role: Role, there: &[OrganizationId]) -> Vec<UserId> {
        let holds = |it: &&StaffLine| it.1 == role && it.2.is_some_and(|it| there.contains(&it));
        self.staff.iter().filter(holds).map(|it| it.0).collect()
    }
    fn serves(&self, user: UserId, there: OrganizationId) -> bool {
        self.staff.iter().any(|it| it.0 == user && it.2 == Some(there))
    }
    /// Whether the account is open and still holds a role by which somebody answers for a crisis.
    fn is_present(&self, user: UserId) -> bool {
        self.staff.iter().any(|it| it.0 == user)
    }
    /// The levels of a crisis, without those whom it concerns.
    pub(super) fn levels(
        &self,
        (of, responsible): (BeneficiaryId, OrganizationId),
        is_about_staff: bool,
        concerned: &[Uuid],
    ) -> Levels {
        let cases: Vec<&CaseLine> = self.cases.iter().filter(|it| it.0 == of).collect();
        let there = if cases.is_empty() { vec![responsible] } else { self.organizations(of) };
        let in_charge = || cases.iter().filter_map(|it| Some((it.2?, it.1)));
        let first = match (is_about_staff, in_charge().next()) {
            (true, _) => Vec::new(),
            (false, None) => self.holding(Role::UnitHead, &[responsible]),
            (false, Some(_)) => in_charge().filter(|it| self.serves(it.0, it.1)).map(|it| it.0).collect(),
        };
        let heads_of = |it: &&CaseLine| match it.3.and_then(|unit| self.heads.get(&unit)) {
            Some(head) if self.serves(*head, it.1) => vec![*head],
            Some(_) => Vec::new(),
            None => self.holding(Role::UnitHead, &[it.1]),
        };
        let second = match cases.is_empty() {
            true => self.holding(Role::UnitHead, &there),
            false => cases.iter().flat_map(heads_of).collect(),
        };
        let third = self.holding(Role::Director, &there);
        let admins = self.staff.iter().filter(|it| it.1 == Role::RegionAdmin).map(|it| it.0).collect();
        let is_hidden = |user: UserId| {
            let person = self.staff.iter().find(|it| it.0 == user).and_then(|it| it.3);
            let others = person.and_then(|it| self.selves.get(&it)).into_iter().flatten().copied();
            let people = person.into_iter().chain(others).map(Uuid::from);
            std::iter::once(Uuid::from(user)).chain(people).any(|it| concerned.contains(&it))
        };
        [first, second, third, admins]
            .map(|it: Vec<UserId>| it.into_iter().filter(|it| !is_hidden(*it)).collect())
    }
    /// The accounts that were called, as they are on record.
    pub(super) fn recorded(&self, id: CrisisId) -> &[(i32, UserId, Moment)] {
        self.recorded.get(&id).map_or(&[], Vec::as_slice)
    }
    /// Whether the account is a head or a director there, or an administrator.
    fn is_head(&self, user: UserId, row: &Row) -> bool {
        let mut there = self.organizations(row.beneficiary_id);
        there.push(row.organization_id);
        let is_there = |of: Option<OrganizationId>| of.is_some_and(|it| there.contains(&it));
        let heads = |it: &StaffLine| match it.1 {
            Role::RegionAdmin => true,
            Role::Director | Role::UnitHead => is_there(it.2),
            _ => false,
        };
        self.staff.iter().any(|it| it.0 == user && heads(it))
    }
    /// Whether the crisis concerns staff that nobody has named.
    fn may_mean_any_specialist(&self, row: &Row) -> bool {
        let is_reported = row.concerned_user_id.is_none() && row.concerned_person_id.is_none();
        let found = self.findings(row.id).iter();
        let found = found.filter(|it| it.concerned_user_id.is_none() && it.concerned_person_id.is_none());
        let found = found.filter_map(|it| it.concerns);
        found.chain(is_reported.then_some(row.concerns)).any(|it| it.is_staff())
    }
    /// The accounts and people whom a crisis concerns.
    pub(super) fn concerned(&self, id: CrisisId) -> &[Uuid] {
        self.concerned.get(&id).map_or(&[], Vec::as_slice)
    }
    /// The chain of a crisis.
    pub(super) fn chain(&self, row: &Row) -> Chain {
        let of = (row.beneficiary_id, row.organization_id);
        let found = self.findings(row.id).iter().filter_map(|it| it.concerns);
        let is_about_staff = std::iter::once(row.concerns).chain(found).any(|it| it.is_staff());
        row.signal().chain(self.levels(of, is_about_staff, self.concerned(row.id)), row.acted())
    }
    /// The findings about a crisis.
    pub(super) fn findings(&self, id: CrisisId) -> &[FindingRow] {
        self.findings.get(&id).map_or(&[], Vec::as_slice)
    }
    /// A crisis with everything that was learned about it.
    pub(super) fn signal(&self, row: &Row) -> Signal {
        let mut signal = row.signal();
        for it in self.findings(row.id) {
            signal.kinds.extend(it.kind);
            signal.danger_to_child |= it.danger_to_child;
        }
        signal
    }
    /// A crisis in its state.
    pub(super) fn whole(&self, row: &Row) -> Crisis {
        match (row.state, row.acknowledged_by) {
            (CrisisState::Reported, _) => Crisis::Reported(self.signal(row)),
            (CrisisState::Acknowledged, Some(by)) => {
                Crisis::Acknowledged(Acknowledged { signal: self.signal(row), by })
            }
            (ended, _) => Crisis::Ended(ended),
        }
    }
    /// The caller's standing to a crisis.
    pub(super) fn standing(&self, tx: &Tx<'_>, row: &Row, chain: &Chain) -> Standing {
        let user = tx.caller().map(|it| it.user);
        let call = user.and_then(|it| chain.call_of(it));
        // An account to which the crisis has come keeps it, also where others are in charge since.
        let present = user.filter(|it| self.is_present(*it));
        let is_head = present.is_some_and(|it| self.is_head(it, row));
        let earlier = present.and_then(|user| self.recorded(row.id).iter().find(|it| it.1 == user));
        // Staff that nobody names may be the author of the finding, who keeps sight and nothing else.
        let earlier = earlier.filter(|it| it.0 > 1 || is_head || !self.may_mean_any_specialist(row));
        let follow_up_by = row.course.follow_up_by;
        let follower_is_gone = follow_up_by.is_some_and(|it| !self.is_present(it));
        Standing {
            user,
            level: call.map(|it| it.level).or(earlier.map(|it| it.0)),
            is_called: earlier.is_some()
                || call.is_some_and(|call| chain.called(tx.now()).any(|it| it == call)),
            is_head,
            is_responsible: user.is_some() && user == row.acknowledged_by,
            responsible_is_gone: row.acknowledged_by.is_some_and(|it| !self.is_present(it)),
            follows_up: (user.is_some() && user == follow_up_by) || (follower_is_gone && is_head),
        }
    }
    /// Whether the caller is a head or a director of the crisis, or an administrator.
    pub(super) fn heads(&self, tx: &Tx<'_>, row: &Row) -> bool {
        self.standing(tx, row, &self.chain(row)).is_head
    }
    /// Whether a crisis waits for the account. One about which nothing is done waits for the heads that were called.
    pub(super) fn waits_for(&self, tx: &Tx<'_>, row: &Row) -> bool {
        let by = self.standing(tx, row, &self.chain(row));
        match row.state {
            CrisisState::Reported => by.is_called,
            CrisisState::Acknowledged => {
                let is_late = row.act_by().is_some_and(|it| it <= tx.now());
                by.is_responsible || (by.is_head && (by.responsible_is_gone || (by.is_called && is_late)))
            }
            CrisisState::Resolved | CrisisState::FalseAlarm => row.is_follow_up_due() && by.follows_up,
        }
    }
}

/// The accounts of the heads of these units.
async fn heads_of(tx: &mut Tx<'_>, ids: &[UnitId]) -> Result<HashMap<UnitId, UserId>, Failure> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let all = units::table
        .filter(units::id.eq_any(binds(ids)))
        .filter(units::head_user_id.is_not_null())
        .select((units::id, units::head_user_id.assume_not_null()));
    let all: Vec<(UnitId, UserId)> = db!(tx, load, all)?;
    Ok(all.into_iter().collect())
}
