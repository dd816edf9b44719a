//! The lives of participants, for the rule about the day of an activity. They decide, and are shown to nobody: the scope of the caller does
//! not bound them.
use crate::engine::column::binds;
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::schema::{beneficiaries, family_members, mentors};
use crate::people;
use crate::tx::Tx;
use diesel::prelude::*;
use domain::base::id::{BeneficiaryId, FamilyId, MentorId, PersonId};
use domain::matching::joint_activities::Participant;
use domain::people::{Life, Lives};
use std::collections::HashMap;

/// The lives behind each of these participants: of the person, or of all members of the family.
pub(super) async fn of(tx: &mut Tx<'_>, all: &[Participant]) -> Result<HashMap<Participant, Lives>, Failure> {
    if all.is_empty() {
        return Ok(HashMap::new());
    }
    let mut behind = mentors_behind(tx, all).await?;
    behind.extend(beneficiaries_behind(tx, all).await?);
    let ids: Vec<PersonId> = behind.iter().map(|it| it.1).collect();
    let known: HashMap<PersonId, Life> = people::life_of_each(tx, &ids).await?.into_iter().collect();
    let mut lives: HashMap<Participant, Lives> = HashMap::new();
    for (participant, person) in behind {
        lives.entry(participant).or_default().0.extend(known.get(&person));
    }
    Ok(lives)
}

async fn mentors_behind(
    tx: &mut Tx<'_>,
    all: &[Participant],
) -> Result<Vec<(Participant, PersonId)>, Failure> {
    let ids = all.iter().filter_map(|it| match it {
        Participant::Mentor(id) => Some(*id),
        Participant::Beneficiary(_) => None,
    });
    let ids: Vec<MentorId> = ids.collect();
    let theirs = mentors::table.filter(mentors::id.eq_any(binds(&ids)));
    let found: Vec<(MentorId, PersonId)> = db!(tx, load, theirs.select((mentors::id, mentors::person_id)))?;
    Ok(found.into_iter().map(|(id, person)| (Participant::Mentor(id), person)).collect())
}

async fn beneficiaries_behind(
    tx: &mut Tx<'_>,
    all: &[Participant],
) -> Result<Vec<(Participant, PersonId)>, Failure> {
    let ids = all.iter().filter_map(|it| match it {
        Participant::Mentor(_) => None,
        Participant::Beneficiary(id) => Some(*id),
    });
    let ids: Vec<BeneficiaryId> = ids.collect();
    let theirs = beneficiaries::table.filter(beneficiaries::id.eq_any(binds(&ids)));
    let columns = (beneficiaries::id, beneficiaries::person_id, beneficiaries::family_id);
    let found: Vec<(BeneficiaryId, Option<PersonId>, Option<FamilyId>)> =
        db!(tx, load, theirs.select(columns))?;
    let families: Vec<FamilyId> = found.iter().filter_map(|it| it.2).collect();
    let members = family_members::table.filter(family_members::family_id.eq_any(binds(&families)));
    let members: Vec<(FamilyId, PersonId)> =
        db!(tx, load, members.select((family_members::family_id, family_members::person_id)))?;
    let mut behind = Vec::new();
    for (id, person, family) in found {
        let own = members.iter().filter(|it| Some(it.0) == family).map(|it| it.1);
        behind.extend(person.into_iter().chain(own).map(|it| (Participant::Beneficiary(id), it)));
    }
    Ok(behind)
}
