//! The time after a crisis: the survey of guardianship, and what follows from a grave crisis.
use super::chain::Around;
use super::saving::save_moved;
use super::{FOLLOW_UP_RESULT, SURVEY_RESULT, row};
use crate::accompaniment::{rules, tasks};
use crate::engine::column::{bind, binds};
use crate::engine::conn::{db, prepared};
use crate::engine::failure::Failure;
use crate::engine::schema::{cases, crises, crisis_concerned, crisis_courses};
use crate::people::one_person;
use crate::region::users::serves;
use crate::tx::Tx;
use chrono::NaiveDate;
use diesel::dsl::exists;
use diesel::prelude::*;
use domain::accompaniment::cases::CaseState;
use domain::accompaniment::tasks::{
    Assignee, AssigneeKind, Open as OpenTask, Parties, TaskForm, TaskKind, TaskPriority,
};
use domain::base::access::Role;
use domain::base::change::{Changed, Subject, SubjectKind};
use domain::base::id::{BeneficiaryId, CaseId, CrisisId, OrganizationId, UserId};
use domain::base::text::Title;
use domain::help::crises::{FollowUp, FollowedUp, Moved, Signal, Standing, Surveyed};
use uuid::Uuid;

/// A crisis as what follows from it is recorded.
#[derive(Debug)]
pub struct After {
    /// The crisis.
    pub signal: Signal,
    /// The caller's standing to it.
    pub by: Standing,
    /// Whether guardianship has to survey the living conditions.
    pub is_survey_due: bool,
    /// Whether somebody has to see to the follow-up.
    pub is_follow_up_due: bool,
    /// The day of the report.
    pub reported_on: NaiveDate,
}

/// Loads a crisis for the record of what follows from it.
pub async fn load_after(tx: &mut Tx<'_>, id: CrisisId) -> Result<After, Failure> {
    let row = row(tx, id).await?;
    tx.expect(row.version)?;
    let around = Around::rows(tx, &[&row]).await?;
    let by = around.standing(tx, &row, &around.chain(&row));
    let (is_survey_due, is_follow_up_due) = (row.is_survey_due(), row.is_follow_up_due());
    let reported_on = tx.zone().day(row.reported_at);
    Ok(After { signal: around.signal(&row), by, is_survey_due, is_follow_up_due, reported_on })
}

/// Saves the end of a resolved crisis. After a grave one, an urgent consilium is due. A task of it is seen by the whole institution, so
/// after a crisis that concerns somebody it is due on the crisis itself.
pub async fn save_resolved(tx: &mut Tx<'_>, change: Changed<Moved>) -> Result<(), Failure> {
    let (signal, by) = (change.value().signal.clone(), tx.caller().map(|it| it.user));
    save_moved(tx, change).await?;
    let days = rules::in_force(tx).await?.urgent_consilium_days;
    let Some(due) = by.and_then(|by| FollowUp::after(&signal, by, days, tx.today())) else { return Ok(()) };
    let of_it = crisis_concerned::table.filter(crisis_concerned::crisis_id.eq(bind(signal.id)));
    let concerns_somebody: bool =
        db!(tx, get_result, diesel::select(exists(of_it.select(crisis_concerned::crisis_id))))?;
    match concerns_somebody {
        true => save_due(tx, signal.id, due).await,
        false => give_task(tx, &signal, due).await,
    }
}

async fn save_due(tx: &mut Tx<'_>, id: CrisisId, due: FollowUp) -> Result<(), Failure> {
    let set = (
        crisis_courses::follow_up_by.eq(bind(Some(due.by))),
        crisis_courses::follow_up_due_on.eq(Some(due.due_on)),
    );
    db!(tx, execute, prepared(diesel::update(crisis_courses::table.find(bind(id))).set(set)))?;
    Ok(())
}

/// Gives the task of an urgent consilium in the open case.
async fn give_task(tx: &mut Tx<'_>, it: &Signal, due: FollowUp) -> Result<(), Failure> {
    let around = Around::of(tx, &[(it.beneficiary_id, it.organization_id)]).await?;
    let director = |of: OrganizationId| around.holding(Role::Director, &[of]).first().copied();
    // An administrator, or the head of another organization, leaves it to the director of the case.
    let (case, of, by) = match case_served_by(tx, it.beneficiary_id, due.by).await? {
        Some((case, of)) => (case, of, due.by),
        None => match around.first_case(it.beneficiary_id) {
            Some((case, of)) => (case, of, director(of).unwrap_or(due.by)),
            None => return Ok(()),
        },
    };
    let (kind, title) = (TaskKind::CrisisFollowUp, Title::new("Провести экстренный консилиум"));
    let assignee = Assignee { kind: AssigneeKind::User, id: Uuid::from(by).into() };
    let form = TaskForm {
        case_id: Some(case),
        priority: TaskPriority::Urgent,
        ..TaskForm::plain(kind, title, assignee, director(of).unwrap_or(by), due.due_on)
    };
    let parties = Parties { organization_id: Some(of), assignee_person_id: None, first_on: None };
    let source = Subject::new(SubjectKind::Crisis, it.id);
    let given = OpenTask::follow(tx.mint(), &form, parties, source, tx.today());
    tasks::save_given(tx, given).await
}

/// The first open case of a person, under any record, in an organization that the account serves.
async fn case_served_by(
    tx: &mut Tx<'_>,
    of: BeneficiaryId,
    by: UserId,
) -> Result<Option<(CaseId, OrganizationId)>, Failure> {
    let records = one_person::of(tx, of).await?.records();
    let open = cases::table
        .filter(cases::beneficiary_id.eq_any(binds(&records)))
        .filter(cases::state.eq(bind(CaseState::Open)))
        .order(cases::id)
        .select((cases::id, cases::organization_id));
    let open: Vec<(CaseId, OrganizationId)> = db!(tx, load, open)?;
    for (case, organization) in open {
        if serves(tx, by, organization).await? {
            return Ok(Some((case, organization)));
        }
    }
    Ok(None)
}

/// Saves the follow-up. One that is on record stays as it is.
pub async fn save_followed_up(tx: &mut Tx<'_>, change: Changed<FollowedUp>) -> Result<(), Failure> {
    let (it, records) = change.into_parts();
    let result = tx.core.keys.seal(FOLLOW_UP_RESULT, it.id.into(), &it.result)?;
    let set = (
        crisis_courses::followed_up_on.eq(Some(tx.today())),
        crisis_courses::follow_up_result.eq(bind(Some(result))),
    );
    let awaited = crisis_courses::table
        .filter(crisis_courses::crisis_id.eq(bind(it.id)))
        .filter(crisis_courses::followed_up_on.is_null());
    let rows = db!(tx, execute, prepared(diesel::update(awaited).set(set)))?;
    tx.established(rows, records)?;
    let step = (crises::version.eq(crises::version + 1), crises::updated_at.eq(bind(tx.now())));
    db!(tx, execute, prepared(diesel::update(crises::table.find(bind(it.id))).set(step)))?;
    Ok(())
}

/// Saves the survey of guardianship. One that is on record stays as it is.
pub async fn save_surveyed(tx: &mut Tx<'_>, change: Changed<Surveyed>) -> Result<(), Failure> {
    let (it, records) = change.into_parts();
    let result = tx.core.keys.seal(SURVEY_RESULT, it.id.into(), &it.form.result)?;
    let set = (
        crises::version.eq(crises::version + 1),
        crises::surveyed_on.eq(Some(it.form.surveyed_on)),
        crises::survey_result.eq(bind(Some(result))),
        crises::updated_at.eq(bind(tx.now())),
    );
    let awaited = crises::table.filter(crises::id.eq(bind(it.id))).filter(crises::surveyed_on.is_null());
    let rows = db!(tx, execute, prepared(diesel::update(awaited).set(set)))?;
    tx.established(rows, records)
}
