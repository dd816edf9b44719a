//! The bench: where a process runs the jobs of a region.
use crate::engine::sqlite::held;
use domain::base::id::JobId;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::sync::Notify;
use uuid::Uuid;

/// Where a process runs the jobs of a region: one at a time.
#[derive(Debug, Default)]
pub struct Bench {
    woken: Notify,
    in_hand: Mutex<Option<(JobId, Uuid)>>,
    closed: AtomicBool,
}

impl Bench {
    /// Waits until work was put into the queue by this process since last asked.
    pub async fn woken(&self) {
        self.woken.notified().await;
    }
    /// Whether the process is stopping: nothing more is taken up, and what runs stops.
    pub fn is_closed(&self) -> bool {
        self.closed.load(Ordering::SeqCst)
    }
    /// Notes what is being run, or that nothing is.
    pub fn hold(&self, job: Option<(JobId, Uuid)>) {
        *held(&self.in_hand) = job;
    }
    pub(crate) fn wake(&self) {
        self.woken.notify_one();
    }
    /// Takes up nothing more; answers what was in hand.
    pub(crate) fn close(&self) -> Option<(JobId, Uuid)> {
        self.closed.store(true, Ordering::SeqCst);
        self.wake();
        held(&self.in_hand).take()
    }
}
