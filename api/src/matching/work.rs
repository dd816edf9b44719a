//! The jobs of matching: computing a round, publishing it, offering the next best mentors.
use crate::http::problem::INTERNAL;
use crate::region::jobs::handle::{Handle, JobFailure};
use domain::base::access::Right;
use domain::base::id::{BeneficiaryId, MatchingRoundId, MentorId};
use domain::matching::*;
use domain::region::jobs::Outcome as JobOutcome;
use persistence::db::Region;
use persistence::engine::failure::Failure;
use persistence::matching::pool;
use persistence::matching::publication;
use persistence::matching::rounds::{self, KeptRound, RoundTask, SealedRound};
use persistence::region::jobs::{self, Claimed};
use persistence::tx::Tx;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// The progress after people are loaded, per mille. The solver works from here to [`SOLVED`], and saving is the rest.
const LOADED: u16 = 100;
/// The progress after the solver has finished, per mille.
const SOLVED: u16 = 900;

/// Reports the progress of the solver to the job.
struct Watched(Handle);

impl Monitor for Watched {
    fn stops(&self) -> bool {
        self.0.stop()
    }
    fn note_progress(&self, per_mille: u16) {
        let share = u32::from(per_mille.min(1000)) * u32::from(SOLVED - LOADED) / 1000;
        self.0.progress(LOADED + u16::try_from(share).unwrap_or_default());
    }
}

/// The result of a computing, ready to be saved.
struct Computed {
    task: RoundTask,
    outcome: Outcome,
    sealed: SealedRound,
    parts: Parts,
}

/// The time that each part of a computing took, for the log.
struct Parts {
    from: Instant,
    told: String,
}

impl Parts {
    fn begin() -> Self {
        Self { from: Instant::now(), told: String::new() }
    }
    fn end(&mut self, part: &str) {
        let took: Duration = std::mem::replace(&mut self.from, Instant::now()).elapsed();
        self.told.push_str(&format!(", {part} {} ms", took.as_millis()));
    }
}

/// Computes a round and stores it with its proof.
pub async fn compute(region: Region, claimed: Claimed, handle: Handle) -> Result<(), JobFailure> {
    let id = MatchingRoundId::from(claimed.subject_id);
    let actor = handle.actor(Right::RunMatching).await?;
    let load = async move |tx: &mut Tx<'_>| {
        let task = rounds::task(tx, id).await?;
        let pool = pool::load(tx, &task.question).await?;
        Ok((task, pool))
    };
    let mut parts = Parts::begin();
    let (task, pool) = region.read_long(actor.clone(), load).await?;
    parts.end("loaded");
    handle.progress(LOADED);
    let computed = Arc::new(solved(&region, task, pool, parts, &handle).await?);
    let (job, runner, saving) = (claimed.id, handle.runner(), computed.clone());
    let save = async move |tx: &mut Tx<'_>| {
        let Computed { task, outcome, sealed, .. } = &*saving;
        let result = &outcome.result;
        let change = ComputedRound::compute(id, task.run, result.waiting, result.covered);
        rounds::save_computed(tx, change, result, sealed, task.read_at).await?;
        rounds::insert_proposals(tx, id, task.run, &outcome.proposals).await?;
        rounds::insert_left_out(tx, id, &outcome.left_out).await?;
        jobs::finish(tx, job, runner, JobOutcome::Done).await
    };
    region.write_long(actor, save).await?;
    let (result, saved) = (&computed.outcome.result, computed.parts.from.elapsed());
    log::info!(
        "round {id}: {} wait, {} mentors, {} possible pairs{}, saved {} ms",
        result.waiting,
        result.mentors,
        result.possible_pairs,
        computed.parts.told,
        saved.as_millis()
    );
    Ok(())
}

async fn solved(
    region: &Region,
    task: RoundTask,
    pool: Pool,
    mut parts: Parts,
    handle: &Handle,
) -> Result<Computed, JobFailure> {
    let (region, watched) = (region.clone(), Watched(handle.clone()));
    let solving = tokio::task::spawn_blocking(move || {
        let (outcome, pool) = solve(&task, pool, &watched, &mut parts)?;
        let kept = KeptRound { pool, proposal: outcome.kept.clone() };
        let sealed = kept.seal(region.keys(), task.id, &task.rules)?;
        parts.end("sealed");
        Ok(Computed { task, outcome, sealed, parts })
    });
    solving.await.map_err(|it| Failure::broken(format!("a round broke off: {it}")))?
}

fn solve(
    task: &RoundTask,
    pool: Pool,
    watched: &Watched,
    parts: &mut Parts,
) -> Result<(Outcome, Pool), JobFailure> {
    let mut round = Round::new(&task.rules, &pool).with_threads(usize::MAX);
    for (who, mentor) in &task.pins {
        pin(&mut round, &pool, *who, *mentor).ok_or(JobFailure::Refused(PIN_IMPOSSIBLE.code))?;
    }
    let mut kept_from = BTreeMap::new();
    for (who, (mentor, origin)) in &task.keeps {
        // A kept pair that is no longer possible is not pinned. The round finds another mentor.
        if pin(&mut round, &pool, *who, *mentor).is_some() {
            kept_from.insert(*who, *origin);
        }
    }
    let proposal = round.propose(watched).map_err(failure_of)?;
    parts.end("proposed");
    let outcome = round.outcome(&proposal, task.before.as_ref(), &kept_from);
    parts.end("explained");
    drop((proposal, round));
    Ok((outcome, pool))
}

fn pin(round: &mut Round<'_>, pool: &Pool, who: BeneficiaryId, mentor: MentorId) -> Option<()> {
    round.pin(pool.beneficiary_ix(who)?, pool.mentor_ix(mentor)?).ok()
}

fn failure_of(it: NoProposal) -> JobFailure {
    match it {
        NoProposal::Unsolved(Unsolved::Cancelled(_)) => JobFailure::Stopped,
        NoProposal::Pin(..) => JobFailure::Refused(PIN_IMPOSSIBLE.code),
        other => {
            log::error!("a round of matching: {other}");
            JobFailure::Refused(INTERNAL.code)
        }
    }
}

/// Publishes a round, a part at a time. Published proposals stay published if the job is cancelled or its server
/// stops.
pub async fn publish(region: Region, claimed: Claimed, handle: Handle) -> Result<(), JobFailure> {
    let id = MatchingRoundId::from(claimed.subject_id);
    publish_pending(&region, id, None, &handle).await?;
    let (job, runner) = (claimed.id, handle.runner());
    let end = async move |tx: &mut Tx<'_>| {
        publication::save_published(tx, id).await?;
        jobs::finish(tx, job, runner, JobOutcome::Done).await
    };
    Ok(region.write_long(handle.actor(Right::RunMatching).await?, end).await?)
}

async fn publish_pending(
    region: &Region,
    id: MatchingRoundId,
    run: Option<i32>,
    handle: &Handle,
) -> Result<(), JobFailure> {
    loop {
        if handle.stop() {
            return Err(JobFailure::Stopped);
        }
        let actor = handle.actor(Right::RunMatching).await?;
        let part = async move |tx: &mut Tx<'_>| publication::publish_some(tx, id, run).await;
        let (left, all) = region.write_long(actor, part).await?;
        let done = (all - left).saturating_mul(1000).checked_div(all).unwrap_or(1000);
        handle.progress(u16::try_from(done).unwrap_or(1000));
        if left == 0 {
            return Ok(());
        }
    }
}

/// Offers the next best mentor to beneficiaries whose proposal of a round was declined or not answered in time.
pub async fn offer_next(region: Region, claimed: Claimed, handle: Handle) -> Result<(), JobFailure> {
    let id = MatchingRoundId::from(claimed.subject_id);
    let actor = handle.actor(Right::RunMatching).await?;
    let load = async move |tx: &mut Tx<'_>| {
        let task = publication::next_task(tx, id).await?;
        let pool = pool::load(tx, &task.question).await?;
        Ok((task, pool))
    };
    let (task, pool) = region.read_long(actor.clone(), load).await?;
    let run = task.run;
    let computed = Arc::new(solved(&region, task, pool, Parts::begin(), &handle).await?);
    let save =
        async move |tx: &mut Tx<'_>| publication::save_next(tx, id, run, &computed.outcome.proposals).await;
    region.write_long(actor, save).await?;
    publish_pending(&region, id, Some(run), &handle).await?;
    let (job, runner) = (claimed.id, handle.runner());
    let end = async move |tx: &mut Tx<'_>| jobs::finish(tx, job, runner, JobOutcome::Done).await;
    Ok(region.write_long(handle.actor(Right::RunMatching).await?, end).await?)
}
