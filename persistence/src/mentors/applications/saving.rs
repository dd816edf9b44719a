//! The writes of each step of an application.
use crate::engine::column::{Json, bind};
use crate::engine::conn::{db, prepared};
use crate::engine::failure::Failure;
use crate::engine::schema::mentor_applications;
use crate::tx::Tx;
use diesel::prelude::*;
use domain::base::change::Changed;
use domain::base::decree::Decree;
use domain::base::id::ApplicationId;
use domain::mentors::*;
use serde::Serialize;

fn sealed<T: Serialize>(
    tx: &Tx<'_>,
    column: &str,
    id: ApplicationId,
    value: Option<&T>,
) -> Result<Option<String>, Failure> {
    let place = format!("mentor_applications.{column}");
    tx.core.keys.seal_some(&place, id, value)
}

/// Saves a new draft.
pub async fn save_added(tx: &mut Tx<'_>, change: Changed<Draft>) -> Result<(), Failure> {
    let (it, records) = change.into_parts();
    let (now, form) = (tx.now(), &it.form);
    let row = (
        mentor_applications::id.eq(bind(it.id)),
        mentor_applications::version.eq(1),
        mentor_applications::state.eq(bind(ApplicationState::Draft)),
        mentor_applications::person_id.eq(bind(form.person_id)),
        mentor_applications::organization_id.eq(bind(form.organization_id)),
        mentor_applications::ngo_id.eq(bind(form.ngo_id)),
        mentor_applications::program_id.eq(bind(form.program_id)),
        mentor_applications::statement.eq(bind(sealed(tx, "statement", it.id, form.statement.as_ref())?)),
        mentor_applications::questionnaire.eq(bind(sealed(
            tx,
            "questionnaire",
            it.id,
            form.questionnaire.as_ref(),
        )?)),
        mentor_applications::documents.eq(bind(Json(form.documents.clone()))),
        mentor_applications::created_at.eq(bind(now)),
        mentor_applications::updated_at.eq(bind(now)),
    );
    let rows = db!(tx, execute, diesel::insert_into(mentor_applications::table).values(row))?;
    tx.established(rows, records)
}

/// Updates an application: the columns of the step, and with every step the version and the moment of the change.
macro_rules! step {
    ($tx:expr, $id:expr, ($($set:expr),+ $(,)?)) => {{
        let next = mentor_applications::version.eq(mentor_applications::version + 1);
        let now = mentor_applications::updated_at.eq(bind($tx.now()));
        db!(
            $tx,
            execute,
            prepared(diesel::update(mentor_applications::table.find(bind($id))).set((next, now, $($set),+)))
        )?
    }};
}

/// Saves an edited draft.
pub async fn save_edited(tx: &mut Tx<'_>, change: Changed<Draft>) -> Result<(), Failure> {
    let (it, records) = change.into_parts();
    let form = &it.form;
    let statement = sealed(tx, "statement", it.id, form.statement.as_ref())?;
    let questionnaire = sealed(tx, "questionnaire", it.id, form.questionnaire.as_ref())?;
    let rows = step!(
        tx,
        it.id,
        (
            mentor_applications::organization_id.eq(bind(form.organization_id)),
            mentor_applications::ngo_id.eq(bind(form.ngo_id)),
            mentor_applications::program_id.eq(bind(form.program_id)),
            mentor_applications::statement.eq(bind(statement)),
            mentor_applications::questionnaire.eq(bind(questionnaire)),
            mentor_applications::documents.eq(bind(Json(form.documents.clone()))),
        )
    );
    tx.established(rows, records)
}

/// Saves a submission.
pub async fn save_submitted(tx: &mut Tx<'_>, change: Changed<Submitted>) -> Result<(), Failure> {
    let (it, records) = change.into_parts();
    let note = sealed(tx, "submission_note", it.id, it.note.as_ref())?;
    let rows = step!(
        tx,
        it.id,
        (
            mentor_applications::state.eq(bind(ApplicationState::Submitted)),
            mentor_applications::submitted_on.eq(it.submitted_on),
            mentor_applications::decide_by.eq(it.decide_by),
            mentor_applications::submission_note.eq(bind(note)),
        )
    );
    tx.established(rows, records)
}

/// Saves an opened review.
pub async fn save_reviewed(tx: &mut Tx<'_>, change: Changed<UnderReview>) -> Result<(), Failure> {
    let (it, records) = change.into_parts();
    let by = tx.caller().map(|it| it.user);
    let rows = step!(
        tx,
        it.id,
        (
            mentor_applications::state.eq(bind(ApplicationState::UnderReview)),
            mentor_applications::review_opened_on.eq(it.review_opened_on),
            mentor_applications::reviewer_user_id.eq(bind(by)),
        )
    );
    tx.established(rows, records)
}

/// Saves the assessment of a candidate.
pub async fn save_assessed(tx: &mut Tx<'_>, change: Changed<Assessed>) -> Result<(), Failure> {
    let (it, records) = change.into_parts();
    let assessment = sealed(tx, "assessment", it.id, Some(&it.form))?;
    let rows = step!(tx, it.id, (mentor_applications::assessment.eq(bind(assessment)),));
    tx.established(rows, records)
}

/// Saves a decision: it closes the application and, after an approval, inserts the mentor.
pub async fn save_decided(tx: &mut Tx<'_>, change: Changed<Decided>) -> Result<(), Failure> {
    let (Decided { application, mentor }, records) = change.into_parts();
    let (id, state) = (application.id(), application.state());
    let (decision, decided_on, mentor_id) = match application {
        Application::Approved(it) => (it.decision, it.decided_on, Some(it.mentor_id)),
        Application::Rejected(it) => (it.decision, it.decided_on, None),
        _ => return Err(Failure::broken("a decision that decided nothing")),
    };
    let note = sealed(tx, "decision_note", id, decision.note.as_ref())?;
    let reason = mentor_id.is_none().then(|| decision.reason.unwrap_or(RejectionReason::Other));
    let (order_number, order_date) = Decree::parts(decision.decree);
    let rows = step!(
        tx,
        id,
        (
            mentor_applications::state.eq(bind(state)),
            mentor_applications::decided_on.eq(decided_on),
            mentor_applications::rejection_reason.eq(bind(reason)),
            mentor_applications::decision_note.eq(bind(note.clone())),
            mentor_applications::order_number.eq(bind(order_number.clone())),
            mentor_applications::order_date.eq(order_date),
            mentor_applications::mentor_id.eq(bind(mentor_id)),
        )
    );
    tx.established(rows, records)?;
    match mentor {
        Some(mentor) => crate::mentors::saving::insert(tx, &mentor).await,
        None => Ok(()),
    }
}

/// Saves a withdrawal.
pub async fn save_withdrawn(tx: &mut Tx<'_>, change: Changed<Withdrawn>) -> Result<(), Failure> {
    let (it, records) = change.into_parts();
    let reason = sealed(tx, "withdrawal_reason", it.id, it.reason.as_ref())?;
    let rows = step!(
        tx,
        it.id,
        (
            mentor_applications::state.eq(bind(ApplicationState::Withdrawn)),
            mentor_applications::withdrawn_on.eq(it.withdrawn_on),
            mentor_applications::withdrawal_reason.eq(bind(reason)),
        )
    );
    tx.established(rows, records)
}
