//! The writes of each step of a round.
use super::ASSESSMENT;
use super::computing::SealedRound;
use super::{AdjustmentCard, adjustments, row};
use crate::engine::column::{Json, bind};
use crate::engine::conn::{db, prepared};
use crate::engine::failure::Failure;
use crate::engine::schema::{matching_adjustments, matching_left_out, matching_proposals, matching_rounds};
use crate::region::jobs;
use crate::tx::Tx;
use diesel::prelude::*;
use domain::base::change::{Changed, Subject, SubjectKind};
use domain::base::id::{JobId, MatchingProposalId, MatchingRoundId};
use domain::base::moment::Moment;
use domain::matching::*;
use domain::region::jobs::JobKind;
use uuid::Uuid;

/// Rows that one statement inserts at most.
const ROWS_AT_ONCE: usize = 500;

/// Saves the result of a computing. Pending proposals of the previous computing are deleted.
pub async fn save_computed(
    tx: &mut Tx<'_>,
    change: Changed<ComputedRound>,
    result: &RoundResult,
    sealed: &SealedRound,
    read_at: Moment,
) -> Result<(), Failure> {
    let (it, records) = change.into_parts();
    let of_round = matching_proposals::table.filter(matching_proposals::round_id.eq(bind(it.id)));
    let pending = of_round.filter(matching_proposals::state.eq(bind(ProposalState::Pending)));
    db!(tx, execute, diesel::delete(pending))?;
    let left = matching_left_out::table.filter(matching_left_out::round_id.eq(bind(it.id)));
    db!(tx, execute, diesel::delete(left))?;
    let set = (
        matching_rounds::version.eq(matching_rounds::version + 1),
        matching_rounds::state.eq(bind(RoundState::Ready)),
        matching_rounds::run.eq(it.run),
        matching_rounds::result.eq(bind(Some(Json(result.clone())))),
        matching_rounds::kept.eq(bind(Some(sealed.kept.clone()))),
        matching_rounds::input_digest.eq(bind(Some(sealed.input_digest.clone()))),
        matching_rounds::computed_at.eq(bind(Some(read_at))),
        matching_rounds::updated_at.eq(bind(tx.now())),
    );
    let one = matching_rounds::table.find(bind(it.id));
    let rows = db!(tx, execute, prepared(diesel::update(one).set(set)))?;
    tx.established(rows, records)
}

/// Saves the proposals of a computing.
pub async fn insert_proposals(
    tx: &mut Tx<'_>,
    id: MatchingRoundId,
    run: i32,
    proposals: &[ProposedPair],
) -> Result<(), Failure> {
    for part in proposals.chunks(ROWS_AT_ONCE) {
        let mut rows = Vec::with_capacity(part.len());
        for it in part {
            let proposal_id: MatchingProposalId = tx.mint();
            let sealed = tx.core.keys.seal(ASSESSMENT, Uuid::from(proposal_id), &it.assessment)?;
            rows.push((
                matching_proposals::id.eq(bind(proposal_id)),
                matching_proposals::round_id.eq(bind(id)),
                matching_proposals::run.eq(run),
                matching_proposals::beneficiary_id.eq(bind(it.pair.beneficiary_id)),
                matching_proposals::mentor_id.eq(bind(it.pair.mentor_id)),
                matching_proposals::origin.eq(bind(it.origin)),
                matching_proposals::priority.eq(it.priority),
                matching_proposals::choice.eq(it.assessment.choice),
                matching_proposals::fit.eq(it.assessment.fit),
                matching_proposals::assessment.eq(bind(sealed)),
                matching_proposals::state.eq(bind(ProposalState::Pending)),
            ));
        }
        db!(tx, execute, diesel::insert_into(matching_proposals::table).values(rows))?;
    }
    Ok(())
}

/// Saves the beneficiaries whom a computing leaves out.
pub async fn insert_left_out(tx: &mut Tx<'_>, id: MatchingRoundId, left: &[LeftOut]) -> Result<(), Failure> {
    for part in left.chunks(ROWS_AT_ONCE) {
        let row = |it: &LeftOut| {
            (
                matching_left_out::id.eq(bind(tx.mint::<MatchingProposalId>())),
                matching_left_out::round_id.eq(bind(id)),
                matching_left_out::beneficiary_id.eq(bind(it.beneficiary_id)),
                matching_left_out::priority.eq(it.priority),
                matching_left_out::reason.eq(bind(it.reason)),
                matching_left_out::detail.eq(bind(Json(it.detail.clone()))),
            )
        };
        let rows: Vec<_> = part.iter().map(row).collect();
        db!(tx, execute, diesel::insert_into(matching_left_out::table).values(rows))?;
    }
    Ok(())
}

/// The facts that rules judge when a pair is adjusted. `kept` holds the people of the round.
pub async fn adjusted_pair(
    tx: &mut Tx<'_>,
    id: MatchingRoundId,
    order: &Adjustment,
    rules: &MatchingRules,
    pool: &Pool,
) -> Result<AdjustedPair, Failure> {
    let all = adjustments(tx, id).await?;
    let pins = || all.iter().filter(|it| it.kind == AdjustmentKind::Pin);
    let other =
        |it: &&AdjustmentCard| it.beneficiary_id == order.beneficiary_id && it.mentor_id != order.mentor_id;
    let of_mentor =
        |it: &&AdjustmentCard| it.mentor_id == order.mentor_id && it.beneficiary_id != order.beneficiary_id;
    let count = |it: usize| i64::try_from(it).unwrap_or(i64::MAX);
    let pair = pool.beneficiary_ix(order.beneficiary_id).zip(pool.mentor_ix(order.mentor_id));
    let assessed = pair.and_then(|(who, mentor)| pool.assess(rules, who, mentor));
    let seats = pair.and_then(|(_, mentor)| pool.mentor(mentor)).map_or(0, |it| it.free_seats);
    // A specialist may take back their own prohibition, so only that one is not counted as a barrier.
    let forbidden = all.iter().any(|it| {
        it.kind == AdjustmentKind::Forbid
            && it.beneficiary_id == order.beneficiary_id
            && it.mentor_id == order.mentor_id
    });
    let own = Barriers::NONE.with(Barrier::DeclinedInRound, forbidden);
    Ok(AdjustedPair {
        is_in_round: assessed.is_some(),
        barriers: assessed.map(|it| it.barriers.without(own)).unwrap_or_default(),
        is_pinned_to_other: pins().any(|it| other(&it)),
        pins_of_mentor: count(pins().filter(of_mentor).count()),
        free_seats: seats.into(),
        adjustments: count(all.len()),
    })
}

/// Saves an adjustment. A pair has at most one.
pub async fn save_adjusted(
    tx: &mut Tx<'_>,
    change: Changed<ReadyRound>,
    order: &Adjustment,
) -> Result<(), Failure> {
    let (it, records) = change.into_parts();
    let pair =
        matching_adjustments::table.find((bind(it.id), bind(order.beneficiary_id), bind(order.mentor_id)));
    db!(tx, execute, diesel::delete(pair))?;
    if order.kind != AdjustmentKind::Clear {
        let by = tx.author()?;
        let row = (
            matching_adjustments::round_id.eq(bind(it.id)),
            matching_adjustments::beneficiary_id.eq(bind(order.beneficiary_id)),
            matching_adjustments::mentor_id.eq(bind(order.mentor_id)),
            matching_adjustments::kind.eq(bind(order.kind)),
            matching_adjustments::made_by.eq(bind(by)),
            matching_adjustments::made_at.eq(bind(tx.now())),
        );
        db!(tx, execute, diesel::insert_into(matching_adjustments::table).values(row))?;
    }
    let set = (
        matching_rounds::version.eq(matching_rounds::version + 1),
        matching_rounds::updated_at.eq(bind(tx.now())),
    );
    let rows = db!(tx, execute, prepared(diesel::update(matching_rounds::table.find(bind(it.id))).set(set)))?;
    tx.established(rows, records)
}

/// Starts a new computing of a round and returns its job.
pub async fn save_rerun(tx: &mut Tx<'_>, change: Changed<ReadyRound>) -> Result<JobId, Failure> {
    let (it, records) = change.into_parts();
    let job_id =
        jobs::enqueue(tx, JobKind::MatchingRound, Subject::new(SubjectKind::MatchingRound, it.id)).await?;
    set_state(tx, it.id, RoundState::Computing, Some(job_id)).await.map(drop)?;
    tx.established(1, records)?;
    Ok(job_id)
}

/// Saves the end of work on a round without a result, or its return to the state before the work.
pub async fn save_stopped(tx: &mut Tx<'_>, change: Changed<StoppedRound>) -> Result<(), Failure> {
    let (it, records) = change.into_parts();
    let rows = set_state(tx, it.id, it.state, None).await?;
    tx.established(rows, records)
}

async fn set_state(
    tx: &mut Tx<'_>,
    id: MatchingRoundId,
    state: RoundState,
    job: Option<JobId>,
) -> Result<usize, Failure> {
    let one = matching_rounds::table.find(bind(id));
    let step = (
        matching_rounds::version.eq(matching_rounds::version + 1),
        matching_rounds::state.eq(bind(state)),
        matching_rounds::updated_at.eq(bind(tx.now())),
    );
    Ok(match job {
        Some(job) => db!(
            tx,
            execute,
            prepared(diesel::update(one).set((step, matching_rounds::job_id.eq(bind(job)))))
        )?,
        None => db!(tx, execute, prepared(diesel::update(one).set(step)))?,
    })
}

/// Notes on a round that its job has ended without success.
pub async fn stopped(tx: &mut Tx<'_>, id: MatchingRoundId, is_cancelled: bool) -> Result<(), Failure> {
    let it = match row(tx, id).await {
        // A job about a missing round may end all the same.
        Err(Failure::NotFound(_)) => return Ok(()),
        it => it?,
    };
    match it.state {
        RoundState::Computing | RoundState::Publishing => {
            let change = StoppedRound::stop(id, it.computed_at.is_some(), is_cancelled);
            save_stopped(tx, change).await
        }
        _ => Ok(()),
    }
}
