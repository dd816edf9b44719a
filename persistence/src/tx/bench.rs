//! The bench of a region: the part of a process that runs the region's jobs, one of each lane at a time.
use crate::engine::sqlite::held;
use domain::base::id::JobId;
use domain::region::jobs::JobLane;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::sync::Notify;
use uuid::Uuid;

/// The state of running jobs in this process.
#[derive(Debug, Default)]
pub struct Bench {
    short: Place,
    long: Place,
    closed: AtomicBool,
}

/// The place of a lane.
#[derive(Debug, Default)]
struct Place {
    woken: Notify,
    in_hand: Mutex<Option<(JobId, Uuid)>>,
}

impl Bench {
    fn place(&self, lane: JobLane) -> &Place {
        match lane {
            JobLane::Short => &self.short,
            JobLane::Long => &self.long,
        }
    }
    /// Waits until this process puts work into the queue, or has done so since the last call for that lane.
    pub async fn woken(&self, lane: JobLane) {
        self.place(lane).woken.notified().await;
    }
    /// Whether the process is stopping. Then no job is taken up, and the running ones stop.
    pub fn is_closed(&self) -> bool {
        self.closed.load(Ordering::SeqCst)
    }
    /// Notes the job of a lane that runs now, or that none does.
    pub fn hold(&self, lane: JobLane, job: Option<(JobId, Uuid)>) {
        *held(&self.place(lane).in_hand) = job;
    }
    pub(crate) fn wake(&self) {
        self.short.woken.notify_one();
        self.long.woken.notify_one();
    }
    /// Stops taking up jobs and returns the running ones.
    pub(crate) fn close(&self) -> Vec<(JobId, Uuid)> {
        self.closed.store(true, Ordering::SeqCst);
        self.wake();
        [&self.short, &self.long].into_iter().filter_map(|it| held(&it.in_hand).take()).collect()
    }
}
