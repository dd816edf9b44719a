//! The handle of a running job: its cancellation, its progress and its account.
use crate::http::problem::{FORBIDDEN, Problem};
use domain::base::access::Right;
use domain::base::refusal::Refused;
use domain::region::jobs::WHOLE_PER_MILLE;
use persistence::db::Region;
use persistence::engine::failure::Failure;
use persistence::region::jobs::Claimed;
use persistence::region::users;
use persistence::tx::{Actor, Tx};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI32, Ordering};
use uuid::Uuid;

/// The reason for which work ended without being done.
#[derive(Debug)]
pub enum JobFailure {
    /// The job was told to stop.
    Stopped,
    /// The problem with this code prevents the work.
    Refused(&'static str),
    /// A transaction of the work failed.
    Failed(Failure),
}

impl JobFailure {
    /// The code of the problem. None if the job will be taken up again after its lease, or another runner holds it.
    pub fn code(self) -> Option<&'static str> {
        match self {
            Self::Refused(code) => Some(code),
            Self::Failed(
                Failure::LeaseLost
                | Failure::Busy
                | Failure::Crossed(_)
                | Failure::Unavailable(_)
                | Failure::OutcomeUnknown(_),
            ) => None,
            Self::Failed(failure) => Some(Problem::from(failure).code()),
            Self::Stopped => None,
        }
    }
}

impl From<Failure> for JobFailure {
    fn from(it: Failure) -> Self {
        Self::Failed(it)
    }
}
impl From<Refused> for JobFailure {
    fn from(it: Refused) -> Self {
        Self::Failed(it.into())
    }
}

/// The handle of a running job. It is cheap to clone and to use, also from a blocking thread.
#[derive(Clone)]
pub struct Handle(Arc<Inner>);

struct Inner {
    region: Region,
    claimed: Claimed,
    runner: Uuid,
    progress_per_mille: AtomicI32,
    is_cancelled: AtomicBool,
    is_lost: AtomicBool,
}

impl Handle {
    pub(crate) fn new(region: Region, claimed: Claimed, runner: Uuid) -> Self {
        Self(Arc::new(Inner {
            region,
            claimed,
            runner,
            progress_per_mille: AtomicI32::new(0),
            is_cancelled: AtomicBool::new(false),
            is_lost: AtomicBool::new(false),
        }))
    }
    /// Whether the work must return [`JobFailure::Stopped`]. Somebody cancelled the job, another runner holds it, or
    /// the server stops.
    pub fn stop(&self) -> bool {
        self.is_cancelled() || self.is_lost() || self.0.region.bench().is_closed()
    }
    /// Notes the progress of the work. A lower value than before is ignored.
    pub fn progress(&self, per_mille: u16) {
        let told = i32::from(per_mille).min(WHOLE_PER_MILLE);
        self.0.progress_per_mille.fetch_max(told, Ordering::Relaxed);
    }
    /// The name under which this runner holds the job, for `jobs::finish`.
    pub fn runner(&self) -> Uuid {
        self.0.runner
    }
    /// The owner of the job with their current roles, acting by that right. It fails if the account is closed or has
    /// lost the right.
    pub async fn actor(&self, right: Right) -> Result<Actor, JobFailure> {
        let user = self.0.claimed.user_id;
        let system = Actor::system(&self.0.claimed.request_id);
        let find = async move |tx: &mut Tx<'_>| users::caller_of(tx, user).await;
        let caller = self.0.region.read(&system, find).await?;
        let caller = caller.filter(|it| it.may(right)).ok_or(JobFailure::Refused(FORBIDDEN.code))?;
        Ok(Actor { caller: Some(Arc::new(caller)), right, ..system })
    }
    pub(crate) fn told_per_mille(&self) -> i32 {
        self.0.progress_per_mille.load(Ordering::Relaxed)
    }
    pub(crate) fn is_cancelled(&self) -> bool {
        self.0.is_cancelled.load(Ordering::Relaxed)
    }
    pub(crate) fn is_lost(&self) -> bool {
        self.0.is_lost.load(Ordering::Relaxed)
    }
    pub(crate) fn cancel(&self) {
        self.0.is_cancelled.store(true, Ordering::Relaxed);
    }
    pub(crate) fn lose(&self) {
        self.0.is_lost.store(true, Ordering::Relaxed);
    }
}
