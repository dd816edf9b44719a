//! Findings: what is learned about a crisis after its report.
use super::chain::Around;
use super::concerned::Company;
use super::saving::{save, save_concerned, save_own_notice};
use super::{clock, handled_by, has_child, notices, of, unscoped};
use crate::accompaniment::rules;
use crate::engine::column::bind;
use crate::engine::conn::{db, prepared};
use crate::engine::failure::Failure;
use crate::engine::schema::{crises, crisis_courses, crisis_findings};
use crate::help::staff::persons_of;
use crate::people::selves;
use crate::tx::Tx;
use diesel::prelude::*;
use domain::base::change::Changed;
use domain::base::id::{CrisisId, UserId};
use domain::help::crises::{Cause, CrisisFinding, FindingFacts, Found};
use uuid::Uuid;

/// The facts of a finding about a crisis that the caller has loaded. `called` is the greatest level that is called by now.
pub async fn finding_facts(
    tx: &mut Tx<'_>,
    id: CrisisId,
    order: &CrisisFinding,
    called: i32,
) -> Result<FindingFacts, Failure> {
    let row = unscoped(tx, id).await?;
    let around = Around::rows(tx, &[&row]).await?;
    let company = Company::of(tx, row.beneficiary_id, order.cause()).await?.with(&around);
    let (details, concerned) = match order.cause() {
        Some(it) => (company.against_names(tx, it).await?, company.concerned(tx, &around, it).await?),
        None => (Vec::new(), Vec::new()),
    };
    // The author is responsible and may be meant: nobody clears oneself.
    let is_unnamed = |it: Cause| it.concerns.is_staff() && it.user_id.is_none() && it.person_id.is_none();
    let meant = match order.cause() {
        Some(it) if is_unnamed(it) => around.specialists(row.beneficiary_id, &company.organizations),
        _ => Vec::new(),
    };
    let concerns_responsible = match row.acknowledged_by {
        Some(user) if meant.contains(&user) => true,
        Some(user) => {
            let known = around.concerned(id);
            accounts_of(tx, user).await?.iter().any(|it| concerned.contains(it) || known.contains(it))
        }
        None => false,
    };
    let (signal, told) = (around.signal(&row), notices(tx, &[id]).await?);
    let survey = rules::guardianship_surveys(tx).await?;
    Ok(FindingFacts {
        concerned,
        concerns_responsible,
        details,
        has_child: has_child(tx, &signal).await?,
        notice_due_at: row.course.notice_due_at,
        was_danger: row.survey_due_on.is_some(),
        told: handled_by(&signal, true, &[], of(&told, id)).told,
        rules: rules::in_force(tx).await?,
        survey_due_on: survey.due_on(tx.today()),
        called,
    })
}

/// The account and its person under all records.
async fn accounts_of(tx: &mut Tx<'_>, user: UserId) -> Result<Vec<Uuid>, Failure> {
    let mut all = vec![Uuid::from(user)];
    for person in persons_of(tx, &[user]).await? {
        all.extend(selves(tx, person).await?.into_iter().map(Uuid::from));
    }
    Ok(all)
}

/// Saves a finding. A person whom it concerns loses sight of the crisis by that; where it was theirs, the next accounts are called at once.
pub async fn save_found(tx: &mut Tx<'_>, change: Changed<Found>) -> Result<(), Failure> {
    let (it, records) = change.into_parts();
    let (id, now) = (it.signal.id, tx.now());
    let row = unscoped(tx, id).await?;
    clock::catch_up(tx, &row).await?;
    let step = (
        crises::state.eq(bind(it.state)),
        crises::acknowledged_by.eq(bind(it.by)),
        crises::acknowledged_at.eq(bind(row.acknowledged_at.filter(|_| it.by.is_some()))),
        crises::called_level.eq(it.signal.called_level),
        crises::next_call_at.eq(bind(Some(now))),
        crises::survey_due_on.eq(row.survey_due_on.or(it.survey_due_on)),
    );
    save!(tx, id, it.was, records, step)?;
    let course = (
        crisis_courses::counted_from.eq(bind(it.signal.counted_from)),
        crisis_courses::is_acted.eq(row.course.is_acted && it.by.is_some()),
        crisis_courses::notice_due_at.eq(bind(it.notice_due_at)),
    );
    db!(tx, execute, prepared(diesel::update(crisis_courses::table.find(bind(id))).set(course)))?;
    save_row(tx, &it).await?;
    let known = Around::rows(tx, &[&row]).await?;
    for party in it.concerned.iter().filter(|it| !known.concerned(id).contains(it)) {
        save_concerned(tx, id, *party).await?;
    }
    if it.survey_due_on.is_some() {
        save_own_notice(tx, id).await?;
    }
    let row = unscoped(tx, id).await?;
    clock::catch_up(tx, &row).await
}

async fn save_row(tx: &mut Tx<'_>, it: &Found) -> Result<(), Failure> {
    let made_by = tx.author()?;
    let row = (
        crisis_findings::id.eq(bind(it.id)),
        crisis_findings::crisis_id.eq(bind(it.signal.id)),
        crisis_findings::kind.eq(bind(it.form.kind)),
        crisis_findings::danger_to_child.eq(it.form.danger_to_child),
        crisis_findings::concerns.eq(bind(it.form.concerns)),
        crisis_findings::concerned_user_id.eq(bind(it.form.concerned_user_id)),
        crisis_findings::concerned_person_id.eq(bind(it.form.concerned_person_id)),
        crisis_findings::made_by.eq(bind(made_by)),
        crisis_findings::recorded_at.eq(bind(tx.now())),
    );
    db!(tx, execute, diesel::insert_into(crisis_findings::table).values(row))?;
    Ok(())
}
