//! The records that tell who is close to whom. All rules about relatives ask here.
use super::one_person;
use crate::engine::column::{bind, binds};
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::schema::{beneficiaries, family_members, representatives, users};
use crate::tx::Tx;
use diesel::prelude::*;
use domain::base::id::{BeneficiaryId, FamilyId, PersonId, UserId};
use domain::base::refusal::Refused;
use domain::people::{Kinship, RELATIVE, RepresentativeBasis};
use std::collections::{HashMap, HashSet};

/// People in one statement at most. With more, the whole tables are read.
const NAMED_AT_MOST: usize = 500;

type Acting = (PersonId, RepresentativeBasis, Option<PersonId>, Option<FamilyId>);

/// Kinship around these people, up to their kin. It decides, and is shown to nobody: the scope of the caller does not bound it.
pub(crate) async fn kinship_around(tx: &mut Tx<'_>, people: &[PersonId]) -> Result<Kinship, Failure> {
    let mut kinship = Kinship::default();
    if people.is_empty() {
        return Ok(kinship);
    }
    // Kin are two links away at most.
    let mut asked = people.to_vec();
    for _ in 0..2 {
        if asked.len() > NAMED_AT_MOST {
            return linked(tx, None, Kinship::default()).await;
        }
        kinship = linked(tx, Some(&asked), kinship).await?;
        asked = kinship.beside(asked).into_iter().collect();
    }
    Ok(kinship)
}

/// These people and all their kin.
pub(crate) async fn kin_of(tx: &mut Tx<'_>, people: Vec<PersonId>) -> Result<HashSet<PersonId>, Failure> {
    Ok(kinship_around(tx, &people).await?.of(people))
}

/// Adds the direct links of these people, or of everybody.
async fn linked(tx: &mut Tx<'_>, of: Option<&[PersonId]>, mut kinship: Kinship) -> Result<Kinship, Failure> {
    let mut families: HashMap<FamilyId, Vec<PersonId>> = HashMap::new();
    for (family, person) in households(tx, of).await? {
        families.entry(family).or_default().push(person);
    }
    families.values().for_each(|it| kinship.unite(it));
    let acting = acting(tx, of).await?;
    let lacking: Vec<FamilyId> = acting.iter().filter_map(|it| it.3).collect();
    for (family, person) in members(tx, &lacking).await? {
        families.entry(family).or_default().push(person);
    }
    for (representative, basis, person, family) in acting {
        if basis.is_of_family() {
            let members = family.and_then(|it| families.get(&it)).into_iter().flatten();
            person.iter().chain(members).for_each(|it| kinship.link(representative, *it));
        }
    }
    Ok(kinship)
}

/// The families of these people, with all members.
async fn households(tx: &mut Tx<'_>, of: Option<&[PersonId]>) -> Result<Vec<(FamilyId, PersonId)>, Failure> {
    let all = family_members::table.select((family_members::family_id, family_members::person_id));
    Ok(match of {
        None => db!(tx, load, all)?,
        Some(people) => {
            let own = diesel::alias!(family_members as own);
            let theirs = own
                .filter(own.field(family_members::person_id).eq_any(binds(people)))
                .select(own.field(family_members::family_id));
            db!(tx, load, all.filter(family_members::family_id.eq_any(theirs)))?
        }
    })
}

async fn members(tx: &mut Tx<'_>, of: &[FamilyId]) -> Result<Vec<(FamilyId, PersonId)>, Failure> {
    if of.is_empty() {
        return Ok(Vec::new());
    }
    let all = family_members::table.select((family_members::family_id, family_members::person_id));
    if of.len() > NAMED_AT_MOST {
        return Ok(db!(tx, load, all)?);
    }
    Ok(db!(tx, load, all.filter(family_members::family_id.eq_any(binds(of))))?)
}

/// The authorities of these people, and over them. A family for which somebody acts is all its members.
async fn acting(tx: &mut Tx<'_>, of: Option<&[PersonId]>) -> Result<Vec<Acting>, Failure> {
    let all = representatives::table.inner_join(beneficiaries::table).select((
        representatives::person_id,
        representatives::basis,
        beneficiaries::person_id,
        beneficiaries::family_id,
    ));
    Ok(match of {
        None => db!(tx, load, all)?,
        Some(people) => {
            let families = family_members::table
                .filter(family_members::person_id.eq_any(binds(people)))
                .select(family_members::family_id);
            let theirs = diesel::alias!(beneficiaries as theirs);
            let for_them = theirs.field(beneficiaries::person_id).assume_not_null().eq_any(binds(people));
            let for_theirs = theirs.field(beneficiaries::family_id).assume_not_null().eq_any(families);
            let represented = theirs.filter(for_them.or(for_theirs)).select(theirs.field(beneficiaries::id));
            let by_them = representatives::person_id.eq_any(binds(people));
            db!(tx, load, all.filter(by_them.or(representatives::beneficiary_id.eq_any(represented))))?
        }
    })
}

/// The people behind a beneficiary: the person, or all members of the family.
pub(crate) async fn people_of(tx: &mut Tx<'_>, of: BeneficiaryId) -> Result<Vec<PersonId>, Failure> {
    people_in(tx, &[of]).await
}

/// The people behind a beneficiary under all records of the person: kinship is known by any of them.
pub(crate) async fn people_under_all_records(
    tx: &mut Tx<'_>,
    of: BeneficiaryId,
) -> Result<Vec<PersonId>, Failure> {
    let records = one_person::of(tx, of).await?.records();
    people_in(tx, &records).await
}

/// The people behind these beneficiaries.
pub(crate) async fn people_in(tx: &mut Tx<'_>, of: &[BeneficiaryId]) -> Result<Vec<PersonId>, Failure> {
    let all = beneficiaries::table.filter(beneficiaries::id.eq_any(binds(of)));
    let all = all.select((beneficiaries::person_id, beneficiaries::family_id));
    let all: Vec<(Option<PersonId>, Option<FamilyId>)> = db!(tx, load, all)?;
    let families: Vec<FamilyId> = all.iter().filter_map(|it| it.1).collect();
    let members = members(tx, &families).await?.into_iter().map(|it| it.1);
    Ok(all.iter().filter_map(|it| it.0).chain(members).collect())
}

/// Refuses to put somebody in charge of a relative. An account without a person is nobody's relative, and so is one that is not there.
pub async fn must_be_no_relative(
    tx: &mut Tx<'_>,
    user: Option<UserId>,
    of: BeneficiaryId,
    pointer: &str,
) -> Result<(), Failure> {
    let Some(user) = user else { return Ok(()) };
    let theirs = users::table.find(bind(user)).filter(users::person_id.is_not_null());
    let theirs = db!(tx, first, theirs.select(users::person_id.assume_not_null()));
    let person: Option<PersonId> = theirs.optional()?;
    let Some(person) = person else { return Ok(()) };
    let people = people_under_all_records(tx, of).await?;
    let kin = kin_of(tx, people).await?;
    if kin.contains(&person) { Err(Refused::from(RELATIVE.reason().at(pointer)).into()) } else { Ok(()) }
}
