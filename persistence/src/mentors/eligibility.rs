//! Eligibility of a mentor: the facts from which a rule decides whether the mentor may begin a mentorship on a day.
use super::{row, trainings, whole};
use crate::engine::column::{bind, binds};
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::schema::{mentor_applications, organizations, people};
use crate::people::died_elsewhere;
use crate::region::programs;
use crate::sight::must_see;
use crate::tx::Tx;
use chrono::NaiveDate;
use diesel::prelude::*;
use domain::base::change::{Subject, SubjectKind};
use domain::base::id::{ApplicationId, MentorId, OrganizationId, PersonId, ProgramId};
use domain::base::text::Oktmo;
use domain::mentors::{Eligibility, Finding, Mentor, MentorFacts, Profile};
use domain::region::organizations::OrganizationKind;
use domain::region::programs::NOT_IN_FORCE;

/// The profile that the requirements of §3.5 judge. A candidate and a mentor have the same one.
pub(super) async fn profile(
    tx: &mut Tx<'_>,
    person: PersonId,
    organization: OrganizationId,
    ngo: Option<OrganizationId>,
) -> Result<Profile, Failure> {
    let found = profiles(tx, &[(person, organization, ngo)]).await?.pop();
    found.ok_or_else(|| Failure::broken(format!("no profile of person {person}")))
}

/// The same of several people, in their order.
pub(super) async fn profiles(
    tx: &mut Tx<'_>,
    all: &[(PersonId, OrganizationId, Option<OrganizationId>)],
) -> Result<Vec<Profile>, Failure> {
    let people: Vec<PersonId> = all.iter().map(|it| it.0).collect();
    let own = people::table.filter(people::id.eq_any(binds(&people)));
    let columns = (people::id, people::birth_date, people::residence, people::died_on);
    let lives: Vec<(PersonId, NaiveDate, Option<Oktmo>, Option<NaiveDate>)> =
        db!(tx, load, own.select(columns))?;
    let living: Vec<PersonId> = lives.iter().filter(|it| it.3.is_none()).map(|it| it.0).collect();
    let elsewhere = died_elsewhere(tx, &living).await?;
    let places: Vec<OrganizationId> = all.iter().flat_map(|it| [Some(it.1), it.2]).flatten().collect();
    let places = organizations::table.filter(organizations::id.eq_any(binds(&places)));
    let places: Vec<(OrganizationId, Oktmo, OrganizationKind)> =
        db!(tx, load, places.select((organizations::id, organizations::territory, organizations::kind)))?;
    let place = |id: OrganizationId| places.iter().find(|it| it.0 == id);
    let profile = |(person, organization, ngo): &(PersonId, OrganizationId, Option<OrganizationId>)| {
        let (id, birth_date, residence, died_on) = lives.iter().find(|it| it.0 == *person)?.clone();
        let has_died = died_on.is_some() || elsewhere.contains_key(&id);
        let territory = place(*organization)?.1.clone();
        let represents = ngo.and_then(place).map(|it| it.2);
        Some(Profile { birth_date, residence, territory, represents, has_died })
    };
    all.iter()
        .map(profile)
        .collect::<Option<_>>()
        .ok_or_else(|| Failure::broken("a profile without its rows"))
}

/// The facts about a mentor that rules judge. The caller's scope does not limit them.
pub async fn facts(tx: &mut Tx<'_>, it: &Mentor) -> Result<MentorFacts, Failure> {
    facts_in(tx, it, it.organization_id).await
}

/// The facts about a mentor for an institution other than the one that approved. Its territory decides about
/// residence.
pub(crate) async fn facts_in(
    tx: &mut Tx<'_>,
    it: &Mentor,
    institution: OrganizationId,
) -> Result<MentorFacts, Failure> {
    Ok(MentorFacts {
        profile: profile(tx, it.person_id, institution, it.form.ngo_id).await?,
        approved_on: it.approved_on,
        removed_on: it.removal.as_ref().map(|it| it.removed_on),
        documents: it.form.documents.clone(),
        trainings: trainings::facts(tx, it.id).await?,
    })
}

/// The program for which a mentor was approved.
pub(super) async fn program_of(tx: &mut Tx<'_>, application: ApplicationId) -> Result<ProgramId, Failure> {
    let one = mentor_applications::table.find(bind(application)).select(mentor_applications::program_id);
    Ok(db!(tx, first, one)?)
}

/// Whether a mentor may begin a mentorship of a program on a day, with every reason against it. Without a program,
/// the one for which the mentor was approved is judged.
pub async fn eligibility(
    tx: &mut Tx<'_>,
    id: MentorId,
    program: Option<ProgramId>,
    on: NaiveDate,
) -> Result<Eligibility, Failure> {
    let (it, _) = row(tx, id).await?;
    let program = match program {
        Some(program) => program,
        None => program_of(tx, it.application_id).await?,
    };
    must_see(tx, Subject::new(SubjectKind::Program, program)).await?;
    tx.disclose([Subject::new(SubjectKind::Mentor, id)])?;
    let Some(edition) = programs::edition_in_force(tx, program, on).await? else {
        return Ok(Eligibility {
            on,
            eligible: false,
            findings: vec![Finding::from(&NOT_IN_FORCE.reason())],
        });
    };
    let mentor = whole(tx, it).await?;
    let facts = facts(tx, &mentor).await?;
    Ok(domain::mentors::eligibility(&facts, &edition.form.mentor, on))
}
