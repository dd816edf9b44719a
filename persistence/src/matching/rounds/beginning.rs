//! The beginning of a round.
use crate::engine::column::{Json, bind};
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::schema::matching_rounds;
use crate::matching::rules;
use crate::region::jobs;
use crate::region::organizations::must_work;
use crate::region::programs;
use crate::sight::{all_of, dangling, must_refer, ruled_after};
use crate::tx::Tx;
use chrono::NaiveDate;
use diesel::prelude::*;
use domain::base::change::{Subject, SubjectKind};
use domain::base::id::{JobId, MatchingRoundId, MatchingRulesId};
use domain::base::refusal::Refused;
use domain::matching::{
    BegunRound, MatchingRules, RULES_OF_OTHER_PROGRAM, RoundOrder, RoundState, SCOPE_NEEDED, as_of,
};
use domain::region::jobs::JobKind;

/// Creates a round and puts its computing into the queue.
pub async fn begin(tx: &mut Tx<'_>, order: &RoundOrder) -> Result<(MatchingRoundId, JobId), Failure> {
    let named = all_of([
        must_refer(tx, SubjectKind::Program, Some(order.program_id), "/program_id").await,
        must_refer(tx, SubjectKind::Organization, order.organization_id, "/organization_id").await,
        must_work(tx, order.organization_id, "/organization_id").await,
    ]);
    // Over whom the round is rests on the program and the organization.
    let reached = if named.is_ok() { must_reach_all(tx, order) } else { Ok(()) };
    let by = must_refer(tx, SubjectKind::MatchingRules, order.rules_id, "/rules_id").await;
    let as_of = ruled_after([named, reached, by], as_of(order, tx.today()))?;
    let edition = programs::must_be_in_force(tx, order.program_id, as_of).await?;
    let (rules_id, mut rules) = rules_of(tx, order, as_of).await?;
    rules.mode = order.mode.unwrap_or(rules.mode);
    let begun = BegunRound::begin(tx.mint(), order, edition.id, rules.mode, tx.today())?;
    let previous_id = before(tx, order).await?;
    let (it, records) = begun.into_parts();
    let subject = Subject::new(SubjectKind::MatchingRound, it.id);
    let job_id = jobs::enqueue(tx, JobKind::MatchingRound, subject).await?;
    let made_by = tx.author()?;
    let whom = (
        matching_rounds::program_id.eq(bind(it.program_id)),
        matching_rounds::edition_id.eq(bind(it.edition_id)),
        matching_rounds::organization_id.eq(bind(it.organization_id)),
        matching_rounds::territory.eq(bind(it.territory)),
        matching_rounds::kind.eq(bind(it.kind)),
        matching_rounds::as_of.eq(it.as_of),
        matching_rounds::rules_id.eq(bind(rules_id)),
        matching_rounds::rules.eq(bind(Json(rules))),
        matching_rounds::previous_id.eq(bind(previous_id)),
    );
    let head = (
        matching_rounds::id.eq(bind(it.id)),
        matching_rounds::version.eq(1),
        matching_rounds::state.eq(bind(RoundState::Computing)),
        matching_rounds::job_id.eq(bind(job_id)),
        matching_rounds::made_by.eq(bind(made_by)),
        matching_rounds::run.eq(0),
        matching_rounds::created_at.eq(bind(tx.now())),
        matching_rounds::updated_at.eq(bind(tx.now())),
    );
    let rows = db!(tx, execute, diesel::insert_into(matching_rounds::table).values((head, whom)))?;
    tx.established(rows, records)?;
    Ok((it.id, job_id))
}

/// Refuses a round over people that the right of this transaction does not reach.
fn must_reach_all(tx: &Tx<'_>, order: &RoundOrder) -> Result<(), Failure> {
    let scope = tx.scope();
    if scope.everything || scope.programs.contains(&order.program_id) {
        return Ok(());
    }
    match order.organization_id {
        None => Err(Refused::from(SCOPE_NEEDED.reason().at("/organization_id")).into()),
        Some(it) if scope.organizations.contains(&it) => Ok(()),
        Some(_) => Err(dangling("/organization_id")),
    }
}

async fn rules_of(
    tx: &mut Tx<'_>,
    order: &RoundOrder,
    as_of: NaiveDate,
) -> Result<(Option<MatchingRulesId>, MatchingRules), Failure> {
    let Some(id) = order.rules_id else { return rules::in_effect(tx, order.program_id, as_of).await };
    let it = rules::found(tx, id).await?;
    if it.program_id != order.program_id {
        return Err(Refused::from(RULES_OF_OTHER_PROGRAM.reason().at("/rules_id")).into());
    }
    Ok((Some(id), it.form.0.rules))
}

/// The latest computed round over the same people.
async fn before(tx: &mut Tx<'_>, order: &RoundOrder) -> Result<Option<MatchingRoundId>, Failure> {
    Ok(db!(tx, first, {
        let mut all = matching_rounds::table
            .filter(matching_rounds::program_id.eq(bind(order.program_id)))
            .filter(matching_rounds::computed_at.is_not_null())
            .order(matching_rounds::id.desc())
            .select(matching_rounds::id)
            .into_boxed();
        all = match order.organization_id {
            Some(it) => all.filter(matching_rounds::organization_id.eq(bind(Some(it)))),
            None => all.filter(matching_rounds::organization_id.is_null()),
        };
        match &order.territory {
            Some(it) => all.filter(matching_rounds::territory.eq(bind(Some(it.clone())))),
            None => all.filter(matching_rounds::territory.is_null()),
        }
    })
    .optional()?)
}
