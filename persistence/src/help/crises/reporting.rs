//! The facts of a report: who answers for the beneficiary, who is called, and whom it concerns.
use super::chain::Around;
use crate::accompaniment::rules;
use crate::engine::column::bind;
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::schema::{beneficiaries, grants, mentors, mentorships, users};
use crate::people::{against_life, kin_of, lives_of, people_of};
use crate::sight::{dangling, sees};
use crate::tx::{ToldDay, Tx};
use chrono::NaiveDate;
use diesel::dsl::exists;
use diesel::prelude::*;
use domain::base::change::{Subject, SubjectKind};
use domain::base::id::{BeneficiaryId, OrganizationId, PersonId, UserId};
use domain::base::moment::age_years;
use domain::base::refusal::Refused;
use domain::base::text::Oktmo;
use domain::help::crises::{CrisisConcern, CrisisReport, ReportFacts};
use domain::people::{COMING_OF_AGE_YEARS, Lives};
use std::collections::HashSet;
use uuid::Uuid;

/// The facts of a report about a beneficiary whom the caller reaches, and two checks. They refuse a concerned account or person that is
/// none of the people around the beneficiary and that the caller does not see, and a moment before the birth.
pub async fn facts(
    tx: &mut Tx<'_>,
    order: &CrisisReport,
) -> Result<(ReportFacts, [Result<(), Failure>; 2]), Failure> {
    let (by, of) = (tx.author()?, order.beneficiary_id);
    let one = beneficiaries::table
        .find(bind(of))
        .select((beneficiaries::organization_id, beneficiaries::territory));
    let (responsible, territory): (OrganizationId, Oktmo) = db!(tx, first, one)?;
    let around = Around::of(tx, &[(of, responsible)]).await?;
    let with_case = around.organizations(of);
    let answers = with_case.is_empty() || with_case.contains(&responsible);
    let first = with_case.first().copied().filter(|_| !answers).unwrap_or(responsible);
    let mut organizations = with_case;
    if !organizations.contains(&responsible) {
        organizations.push(responsible);
    }
    let mentors = mentors_of(tx, of).await?;
    let is_around =
        must_be_around(tx, order, (organizations.as_slice(), mentors.as_slice(), &territory)).await;
    let lives = lives_of(tx, of).await?;
    let happened_on = order.happened_at.map(|it| tx.zone().day(it));
    let days: Vec<ToldDay> =
        happened_on.into_iter().map(|day| ToldDay { name: "happened_at", day, is_own: true }).collect();
    let has_lived = Refused::unless_empty(against_life(&lives, &days)).map_err(Failure::from);
    let person = tx.caller().and_then(|it| it.person);
    let kin = kin_around(tx, order).await?;
    let is_around = match is_around {
        Err(Failure::Refused(_)) if order.concerned_person_id.is_some_and(|it| kin.contains(&it)) => Ok(()),
        other => other,
    };
    let mut concerned = concerned(order, &around, &organizations, (mentors.as_slice(), &kin));
    concerned.extend(person_of(tx, order.concerned_user_id).await?);
    concerned.retain(|it| *it != Uuid::from(by) && person.is_none_or(|own| *it != Uuid::from(own)));
    concerned.sort_unstable();
    concerned.dedup();
    let survey = rules::guardianship_surveys(tx).await?;
    let facts = ReportFacts {
        by,
        is_own: tx.caller().is_some_and(|it| it.beneficiaries.contains(&of)),
        organization_id: first,
        levels: around.levels((of, first), order.concerns, &concerned),
        organizations,
        concerned,
        own_pointer: own_pointer(order, by, person),
        has_child: is_of_child(&lives, happened_on.unwrap_or(tx.today()), tx.today()),
        rules: rules::in_force(tx).await?,
        survey_due_on: survey.due_on(tx.today()),
    };
    Ok((facts, [is_around, has_lived]))
}

/// The member that names the reporter as the one whom the crisis concerns.
fn own_pointer(order: &CrisisReport, by: UserId, person: Option<PersonId>) -> Option<&'static str> {
    let is_account = order.concerned_user_id == Some(by);
    let is_person = person.is_some() && order.concerned_person_id == person;
    is_account.then_some("/concerned_user_id").or(is_person.then_some("/concerned_person_id"))
}

/// The accounts and people whom the crisis concerns. Of a mentor, staff or a relative that nobody names, these are all who may be meant.
fn concerned(
    order: &CrisisReport,
    around: &Around,
    organizations: &[OrganizationId],
    (mentors, kin): (&[PersonId], &HashSet<PersonId>),
) -> Vec<Uuid> {
    let named = order.concerned_user_id.map(Uuid::from).or(order.concerned_person_id.map(Uuid::from));
    match (named, order.concerns) {
        (Some(named), _) => vec![named],
        (None, CrisisConcern::Mentor) => mentors.iter().map(|it| Uuid::from(*it)).collect(),
        (None, CrisisConcern::Relative) => kin.iter().map(|it| Uuid::from(*it)).collect(),
        (None, it) if it.is_staff() => {
            let meant = around.specialists(order.beneficiary_id, organizations);
            meant.into_iter().map(Uuid::from).collect()
        }
        (None, _) => Vec::new(),
    }
}

/// The person behind a named account: every account of theirs is meant.
async fn person_of(tx: &mut Tx<'_>, user: Option<UserId>) -> Result<Option<Uuid>, Failure> {
    let Some(user) = user else { return Ok(None) };
    let one = users::table.find(bind(user)).select(users::person_id);
    let person: Option<Option<PersonId>> = db!(tx, first, one).optional()?;
    Ok(person.flatten().map(Uuid::from))
}

/// The kin of the beneficiary, but for the beneficiary; only where a report may be about them.
async fn kin_around(tx: &mut Tx<'_>, order: &CrisisReport) -> Result<HashSet<PersonId>, Failure> {
    if order.concerns != CrisisConcern::Relative && order.concerned_person_id.is_none() {
        return Ok(HashSet::new());
    }
    let own = people_of(tx, order.beneficiary_id).await?;
    let mut kin = kin_of(tx, own.clone()).await?;
    kin.retain(|it| !own.contains(it));
    Ok(kin)
}

/// Whether these lives are of a child, or of a family with one. One who has died since that day, or alone before it, stays a child.
pub(super) fn is_of_child(lives: &Lives, begun: NaiveDate, today: NaiveDate) -> bool {
    let is_alone = lives.0.len() == 1;
    lives.0.iter().any(|it| {
        let counts = it.died_on.is_none_or(|died_on| is_alone || died_on >= begun);
        counts && age_years(it.born_on, it.died_on.unwrap_or(today)) < COMING_OF_AGE_YEARS
    })
}

/// The people of the mentors of a beneficiary whose mentorships have not ended.
async fn mentors_of(tx: &mut Tx<'_>, of: BeneficiaryId) -> Result<Vec<PersonId>, Failure> {
    let theirs = mentorships::table
        .inner_join(mentors::table)
        .filter(mentorships::beneficiary_id.eq(bind(of)))
        .filter(mentorships::ended_on.is_null())
        .select(mentors::person_id);
    Ok(db!(tx, load, theirs)?)
}

/// Refuses to name an account or a person whom the caller does not see, and who has nothing to do with the beneficiary.
async fn must_be_around(
    tx: &mut Tx<'_>,
    order: &CrisisReport,
    (organizations, mentors, territory): (&[OrganizationId], &[PersonId], &Oktmo),
) -> Result<(), Failure> {
    if let Some(id) = order.concerned_user_id
        && !is_account_around(tx, id, (organizations, mentors, territory)).await?
        && !sees(tx, Subject::new(SubjectKind::User, id)).await?
    {
        return Err(dangling("/concerned_user_id"));
    }
    if let Some(id) = order.concerned_person_id
        && !mentors.contains(&id)
        && !sees(tx, Subject::new(SubjectKind::Person, id)).await?
    {
        return Err(dangling("/concerned_person_id"));
    }
    Ok(())
}

/// Whether the account is of staff that answers for the beneficiary, of a mentor of theirs, or of guardianship of the territory.
async fn is_account_around(
    tx: &mut Tx<'_>,
    id: UserId,
    (organizations, people, territory): (&[OrganizationId], &[PersonId], &Oktmo),
) -> Result<bool, Failure> {
    let theirs = grants::table
        .filter(grants::user_id.eq(bind(id)))
        .select((grants::organization_id, grants::territory));
    let roles: Vec<(Option<OrganizationId>, Option<Oktmo>)> = db!(tx, load, theirs)?;
    let is_there = |(of, guarded): &(Option<OrganizationId>, Option<Oktmo>)| {
        let guards = guarded.as_ref().is_some_and(|it| territory.as_str().starts_with(it.as_str()));
        guards || of.is_some_and(|it| organizations.contains(&it))
    };
    if roles.iter().any(is_there) {
        return Ok(true);
    }
    if people.is_empty() {
        return Ok(false);
    }
    let of_mentor = users::table
        .filter(users::id.eq(bind(id)))
        .filter(users::person_id.assume_not_null().eq_any(crate::engine::column::binds(people)));
    Ok(db!(tx, get_result, diesel::select(exists(of_mentor.select(users::id))))?)
}
