//! The work of each kind of job. Its last transaction contains its last effect and `jobs::finish(Done)`.
use crate::matching::work as matching;
use crate::people::register::work as register;
use crate::region::jobs::handle::{Handle, JobFailure};
use domain::region::jobs::{JobKind, Outcome};
use persistence::db::Region;
use persistence::engine::failure::Failure;
use persistence::matching::rounds;
use persistence::people::register::scans;
use persistence::region::jobs::Claimed;
use persistence::tx::Tx;

/// Does the work of a job. It starts on the clock's thread. Long computations must move to a blocking thread and
/// check `handle.stop()` there regularly.
pub async fn perform(region: Region, claimed: Claimed, handle: Handle) -> Result<(), JobFailure> {
    match claimed.kind {
        JobKind::MatchingRound => matching::compute(region, claimed, handle).await,
        JobKind::MatchingPublication => matching::publish(region, claimed, handle).await,
        JobKind::MatchingNextBest => matching::offer_next(region, claimed, handle).await,
        JobKind::RegisterScan => register::scan(region, claimed, handle).await,
    }
}

/// Tells the feature that a job ended without success, in the transaction that ends it.
pub async fn ended(tx: &mut Tx<'_>, claimed: &Claimed, outcome: Outcome) -> Result<(), Failure> {
    match claimed.kind {
        JobKind::MatchingRound | JobKind::MatchingPublication => {
            rounds::stopped(tx, claimed.subject_id.into(), outcome == Outcome::Cancelled).await
        }
        JobKind::MatchingNextBest => Ok(()),
        JobKind::RegisterScan => scans::stopped(tx, claimed.subject_id.into()).await,
    }
}
