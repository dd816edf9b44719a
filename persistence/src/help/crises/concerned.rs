//! The accounts and people whom a crisis concerns, as a report or a finding tells it, and whom its author may name.
use super::chain::Around;
use crate::engine::column::{bind, binds};
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::schema::{beneficiaries, grants, mentors, mentorships, users};
use crate::help::staff::persons_of;
use crate::people::{kin_of, one_person, own_selves, people_under_all_records};
use crate::sight::sees;
use crate::tx::Tx;
use diesel::dsl::exists;
use diesel::prelude::*;
use domain::base::change::{Subject, SubjectKind};
use domain::base::id::{BeneficiaryId, OrganizationId, PersonId, UserId};
use domain::base::refusal::Reason;
use domain::base::text::{Oktmo, REFERENCE};
use domain::help::crises::{CONCERNS_REPORTER, Cause, CrisisConcern};
use std::collections::HashSet;
use uuid::Uuid;

/// The people around a beneficiary who may be meant as the cause of a crisis.
pub(super) struct Company {
    of: BeneficiaryId,
    /// The territories of all records of the person.
    territories: Vec<Oktmo>,
    /// The organization that answers for the beneficiary.
    pub(super) responsible: OrganizationId,
    /// All organizations that see the crisis.
    pub(super) organizations: Vec<OrganizationId>,
    mentors: Vec<PersonId>,
    kin: HashSet<PersonId>,
}

impl Company {
    /// The people around a beneficiary, as far as a cause asks for them.
    pub(super) async fn of(
        tx: &mut Tx<'_>,
        of: BeneficiaryId,
        cause: Option<Cause>,
    ) -> Result<Self, Failure> {
        let one = beneficiaries::table.find(bind(of)).select(beneficiaries::organization_id);
        let responsible: OrganizationId = db!(tx, first, one)?;
        let records = one_person::of(tx, of).await?.records();
        let all = beneficiaries::table.filter(beneficiaries::id.eq_any(binds(&records)));
        let territories: Vec<Oktmo> = db!(tx, load, all.select(beneficiaries::territory))?;
        let may_be_kin =
            cause.is_some_and(|it| it.concerns == CrisisConcern::Relative || it.person_id.is_some());
        let kin = if may_be_kin { kin_around(tx, of).await? } else { HashSet::new() };
        let mentors = mentors_of(tx, of).await?;
        Ok(Self { of, territories, responsible, organizations: Vec::new(), mentors, kin })
    }
    /// With the organizations of open cases, and the responsible one.
    pub(super) fn with(mut self, around: &Around) -> Self {
        self.organizations = around.organizations(self.of);
        if !self.organizations.contains(&self.responsible) {
            self.organizations.push(self.responsible);
        }
        self
    }
    /// The names of a cause that its author may not tell: the own one, and one that the author does not see and that has nothing to do
    /// with the beneficiary.
    pub(super) async fn against_names(&self, tx: &mut Tx<'_>, it: Cause) -> Result<Vec<Reason>, Failure> {
        let mut reasons = Vec::new();
        let (own, selves) = (tx.author()?, own_selves(tx).await?);
        if let Some(id) = it.user_id {
            let is_known =
                self.has_account(tx, id).await? || sees(tx, Subject::new(SubjectKind::User, id)).await?;
            let rule = if id == own { Some(&CONCERNS_REPORTER) } else { (!is_known).then_some(&REFERENCE) };
            reasons.extend(rule.map(|it| it.reason().at("/concerned_user_id")));
        }
        if let Some(id) = it.person_id {
            let is_around = self.mentors.contains(&id) || self.kin.contains(&id);
            let is_known = is_around || sees(tx, Subject::new(SubjectKind::Person, id)).await?;
            let is_own = selves.contains(&id);
            let rule = if is_own { Some(&CONCERNS_REPORTER) } else { (!is_known).then_some(&REFERENCE) };
            reasons.extend(rule.map(|it| it.reason().at("/concerned_person_id")));
        }
        Ok(reasons)
    }
    /// The accounts and people whom the crisis concerns, but for the author. Of a mentor, staff or a relative that nobody names, these
    /// are all who may be meant.
    pub(super) async fn concerned(
        &self,
        tx: &mut Tx<'_>,
        around: &Around,
        it: Cause,
    ) -> Result<Vec<Uuid>, Failure> {
        let named = it.user_id.map(Uuid::from).or(it.person_id.map(Uuid::from));
        let mut all: Vec<Uuid> = match (named, it.concerns) {
            (Some(named), _) => vec![named],
            (None, CrisisConcern::Mentor) => self.mentors.iter().map(|it| Uuid::from(*it)).collect(),
            (None, CrisisConcern::Relative) => self.kin.iter().map(|it| Uuid::from(*it)).collect(),
            (None, it) if it.is_staff() => {
                let meant = around.specialists(self.of, &self.organizations);
                meant.into_iter().map(Uuid::from).collect()
            }
            (None, _) => Vec::new(),
        };
        // An id of a person is no account's.
        let accounts: Vec<UserId> = all.iter().map(|it| UserId::from(*it)).collect();
        all.extend(persons_of(tx, &accounts).await?.into_iter().map(Uuid::from));
        let mut own = vec![Uuid::from(tx.author()?)];
        own.extend(own_selves(tx).await?.into_iter().map(Uuid::from));
        all.retain(|it| !own.contains(it));
        all.sort_unstable();
        all.dedup();
        Ok(all)
    }
    /// Whether the account is of staff that answers for the beneficiary, of a mentor of theirs, or of guardianship of the territory.
    async fn has_account(&self, tx: &mut Tx<'_>, id: UserId) -> Result<bool, Failure> {
        let theirs = grants::table
            .filter(grants::user_id.eq(bind(id)))
            .select((grants::organization_id, grants::territory));
        let roles: Vec<(Option<OrganizationId>, Option<Oktmo>)> = db!(tx, load, theirs)?;
        let is_there = |(of, guarded): &(Option<OrganizationId>, Option<Oktmo>)| {
            let holds = |it: &Oktmo| self.territories.iter().any(|there| it.holds(there));
            let guards = guarded.as_ref().is_some_and(holds);
            guards || of.is_some_and(|it| self.organizations.contains(&it))
        };
        if roles.iter().any(is_there) {
            return Ok(true);
        }
        if self.mentors.is_empty() {
            return Ok(false);
        }
        let of_mentor = users::table
            .filter(users::id.eq(bind(id)))
            .filter(users::person_id.assume_not_null().eq_any(binds(&self.mentors)));
        Ok(db!(tx, get_result, diesel::select(exists(of_mentor.select(users::id))))?)
    }
}

/// The kin of a beneficiary, but for the beneficiary.
async fn kin_around(tx: &mut Tx<'_>, of: BeneficiaryId) -> Result<HashSet<PersonId>, Failure> {
    let own = people_under_all_records(tx, of).await?;
    let mut kin = kin_of(tx, own.clone()).await?;
    kin.retain(|it| !own.contains(it));
    Ok(kin)
}

/// The people of the mentors of a beneficiary whose mentorships have not ended.
async fn mentors_of(tx: &mut Tx<'_>, of: BeneficiaryId) -> Result<Vec<PersonId>, Failure> {
    let records = one_person::of(tx, of).await?.records();
    let theirs = mentorships::table
        .inner_join(mentors::table)
        .filter(mentorships::beneficiary_id.eq_any(binds(&records)))
        .filter(mentorships::ended_on.is_null())
        .select(mentors::person_id);
    Ok(db!(tx, load, theirs)?)
}
