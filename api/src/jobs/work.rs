//! What each kind of job does. Its last transaction holds its last effect together with `jobs::finish(Done)`.
use super::handle::{Handle, JobFailure};
use crate::problem::INTERNAL;
use domain::jobs::{JobKind, Outcome};
use persistence::db::Region;
use persistence::failure::Failure;
use persistence::jobs::Claimed;
use persistence::tx::Tx;

/// Does the work of a job. It runs on the thread of the clock: whatever reckons for long goes to a blocking thread, and asks
/// `handle.stop()` there now and then.
pub async fn perform(_region: Region, claimed: Claimed, _handle: Handle) -> Result<(), JobFailure> {
    match claimed.kind {
        JobKind::MatchingRound | JobKind::MatchingPublication | JobKind::MatchingNextBest => {
            Err(JobFailure::Refused(INTERNAL.code))
        }
    }
}

/// Tells the feature that a job of its ended without being done, in the transaction that ends it.
pub async fn ended(_tx: &mut Tx<'_>, claimed: &Claimed, _outcome: Outcome) -> Result<(), Failure> {
    match claimed.kind {
        JobKind::MatchingRound | JobKind::MatchingPublication | JobKind::MatchingNextBest => Ok(()),
    }
}
