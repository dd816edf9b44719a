//! The bench of a region: the part of a process that runs the region's jobs.
use crate::engine::sqlite::held;
use domain::base::id::JobId;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::sync::Notify;
use uuid::Uuid;

/// The state of running jobs in this process, one job of the region at a time.
#[derive(Debug, Default)]
pub struct Bench {
    woken: Notify,
    in_hand: Mutex<Option<(JobId, Uuid)>>,
    closed: AtomicBool,
}

impl Bench {
    /// Waits until this process puts work into the queue, or has done so since the last call.
    pub async fn woken(&self) {
        self.woken.notified().await;
    }
    /// Whether the process is stopping. Then no job is taken up, and the running one stops.
    pub fn is_closed(&self) -> bool {
        self.closed.load(Ordering::SeqCst)
    }
    /// Notes the job that runs now, or that none does.
    pub fn hold(&self, job: Option<(JobId, Uuid)>) {
        *held(&self.in_hand) = job;
    }
    pub(crate) fn wake(&self) {
        self.woken.notify_one();
    }
    /// Stops taking up jobs and returns the running one.
    pub(crate) fn close(&self) -> Option<(JobId, Uuid)> {
        self.closed.store(true, Ordering::SeqCst);
        self.wake();
        held(&self.in_hand).take()
    }
}
