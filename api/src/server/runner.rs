//! The runners of jobs: one for each lane of a region in a process, each with one job at a time. While a runner runs a job, it
//! renews the lease. If that stops, another process takes the job over.
use super::work;
use crate::http::problem::INTERNAL;
use crate::region::jobs::handle::{Handle, JobFailure};
use chrono::TimeDelta;
use domain::base::word::Word;
use domain::region::jobs::{JobLane, Outcome};
use persistence::db::Region;
use persistence::engine::failure::Failure;
use persistence::region::jobs::{self, Claimed, Renewed};
use persistence::tx::{Actor, Tx};
use std::time::Duration;
use tokio::task::JoinError;
use uuid::Uuid;

/// The time between two checks for jobs that other processes have queued or left behind.
const LOOKS: Duration = Duration::from_millis(500);
/// The time between two renewals of the lease.
const BEAT: Duration = Duration::from_secs(1);
/// The length of a lease. A job without a renewal for that long may be taken over.
const LEASE: TimeDelta = TimeDelta::seconds(5);

/// Starts a runner for each lane of a region. They run its jobs by this work until its database is closed.
pub fn start<W, F>(region: &Region, work: W)
where
    W: Fn(Region, Claimed, Handle) -> F + Clone + 'static,
    F: Future<Output = Result<(), JobFailure>> + 'static,
{
    for lane in JobLane::ALL {
        actix_web::rt::spawn(run(region.clone(), *lane, work.clone()));
    }
}

async fn run<W, F>(region: Region, lane: JobLane, work: W)
where
    W: Fn(Region, Claimed, Handle) -> F + Clone + 'static,
    F: Future<Output = Result<(), JobFailure>> + 'static,
{
    while !region.bench().is_closed() {
        match next(&region, lane, work.clone()).await {
            Ok(true) => continue,
            Ok(false) => {}
            Err(_) if region.bench().is_closed() => break,
            Err(failure) => log::warn!("the {lane} jobs of {}: {failure}", region.code()),
        }
        let _ = tokio::time::timeout(LOOKS, region.bench().woken(lane)).await;
    }
}

/// Runs queued jobs until none is left. It is for filling a region while no server runs.
pub async fn drain(region: &Region) -> Result<(), Failure> {
    for lane in JobLane::ALL {
        while next(region, *lane, work::perform).await? {}
    }
    Ok(())
}

/// Takes up one job of a lane and runs it to its end. Returns whether there was one.
pub async fn next<W, F>(region: &Region, lane: JobLane, work: W) -> Result<bool, Failure>
where
    W: FnOnce(Region, Claimed, Handle) -> F,
    F: Future<Output = Result<(), JobFailure>> + 'static,
{
    let runner = jobs::runner(region.now());
    let take = async move |tx: &mut Tx<'_>| jobs::claim(tx, lane, runner, LEASE).await;
    let Some(claimed) = region.write(Actor::system("jobs"), take).await? else { return Ok(false) };
    region.bench().hold(lane, Some((claimed.id, runner)));
    let done = match claimed.instead() {
        Some(outcome) => end(region, &claimed, runner, outcome).await,
        None => {
            let handle = Handle::new(region.clone(), claimed.clone(), runner);
            let running = actix_web::rt::spawn(work(region.clone(), claimed.clone(), handle.clone()));
            let came_back = attend(region, &claimed, &handle, running).await;
            match verdict(&claimed, &handle, came_back) {
                Some(outcome) => end(region, &claimed, runner, outcome).await,
                None => Ok(()),
            }
        }
    };
    region.bench().hold(lane, None);
    done.map(|()| true)
}

type CameBack = Result<Result<(), JobFailure>, JoinError>;

/// Renews the lease until the work returns.
async fn attend(
    region: &Region,
    claimed: &Claimed,
    handle: &Handle,
    mut running: actix_web::rt::task::JoinHandle<Result<(), JobFailure>>,
) -> CameBack {
    loop {
        tokio::select! {
            came_back = &mut running => return came_back,
            () = tokio::time::sleep(BEAT) => {}
        }
        if !handle.is_lost() && !region.bench().is_closed() {
            beat(region, claimed, handle).await;
        }
    }
}

async fn beat(region: &Region, claimed: &Claimed, handle: &Handle) {
    let (id, runner, told) = (claimed.id, handle.runner(), handle.told_per_mille());
    let renew = async move |tx: &mut Tx<'_>| jobs::renew(tx, id, runner, told, LEASE).await;
    match region.write(Actor::system(&claimed.request_id), renew).await {
        Ok(Renewed::Held) => {}
        Ok(Renewed::Cancelling) => handle.cancel(),
        Ok(Renewed::Lost) => handle.lose(),
        // If renewals keep failing, the lease passes, and the end of the work finds it lost.
        Err(failure) => log::warn!("job {id}: no sign of life: {failure}"),
    }
}

/// The outcome with which the job ends after its work returned. None if the job is not ours to end, or will be tried
/// again.
fn verdict(claimed: &Claimed, handle: &Handle, came_back: CameBack) -> Option<Outcome> {
    let ours = Outcome::Failed(INTERNAL.code);
    match came_back {
        // Work that succeeded has already ended its job, so this end finds the lease lost. It fails only work that
        // forgot to end it.
        Ok(Ok(())) => Some(ours),
        Ok(Err(JobFailure::Stopped)) if handle.is_cancelled() => Some(Outcome::Cancelled),
        Ok(Err(JobFailure::Stopped)) => (!handle.stop()).then_some(ours),
        Ok(Err(failure)) => {
            log::info!("job {} came back: {failure:?}", claimed.id);
            failure.code().map(Outcome::Failed)
        }
        Err(broken) if broken.is_panic() => {
            log::error!("job {} panicked", claimed.id);
            Some(ours)
        }
        Err(_) => None,
    }
}

/// Ends a job without success, and tells the feature. A job that another runner holds by now is left to that runner.
async fn end(region: &Region, claimed: &Claimed, runner: Uuid, outcome: Outcome) -> Result<(), Failure> {
    let (actor, claimed) = (Actor::system(&claimed.request_id), claimed.clone());
    let end = async move |tx: &mut Tx<'_>| {
        jobs::finish(tx, claimed.id, runner, outcome).await?;
        work::ended(tx, &claimed, outcome).await
    };
    match region.write(actor, end).await {
        Err(Failure::LeaseLost) => Ok(()),
        done => done,
    }
}
