//! Long reads for which requests wait, and reads that rest on something remembered. A thing that is not
//! remembered is computed off the worker threads, by one for all who wait.
use super::{Region, Work};
use crate::engine::failure::Failure;
use crate::tx::{Actor, Tx};
use std::marker::PhantomData;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Mutex, Semaphore};

/// The time for which a request waits for its long read to begin.
const PATIENCE: Duration = Duration::from_secs(10);

/// Requests that wait for one kind of computing at most. Others are asked to come again.
const WAIT: usize = 256;

/// The turn of those who compute things of the kind `L`.
struct Turn<L> {
    taken: Arc<Mutex<()>>,
    waiting: Semaphore,
    kind: PhantomData<fn() -> L>,
}

impl<L> Default for Turn<L> {
    fn default() -> Self {
        Self { taken: Arc::default(), waiting: Semaphore::new(WAIT), kind: PhantomData }
    }
}

impl Region {
    /// Runs a long read for which a request waits. A few run at once, each in its own memory; some more wait for a place, and
    /// beyond those the region is busy.
    pub async fn read_apart<T, F>(&self, actor: Actor, work: F) -> Result<T, Failure>
    where
        T: Send + 'static,
        F: Work<T> + Send + 'static,
    {
        let Ok(_waits) = self.0.apart.waiting.try_acquire() else { return Err(Failure::Busy) };
        let place = tokio::time::timeout(PATIENCE, self.0.apart.running.clone().acquire_owned()).await;
        let place = place.map_err(|_| Failure::Busy)?.map_err(Failure::broken)?;
        // The place is given back by the end of the work, which goes on in its thread when nobody waits any more.
        let held = async move |tx: &mut Tx<'_>| {
            let _place = &place;
            work(tx).await
        };
        self.read_long(actor, held).await
    }

    /// Runs a short read. If it rests on something of the kind `L` that is not remembered ([`Failure::Apart`]), the read waits for
    /// its turn and runs again. Mostly somebody has computed by then what it needs. Otherwise it runs as a long read, which
    /// remembers what it computes.
    pub async fn read_remembered<L, T, F>(&self, actor: Actor, work: F) -> Result<T, Failure>
    where
        L: 'static,
        T: Send + 'static,
        F: Work<T> + Send + 'static,
    {
        let Some(done) = self.read_if_remembered(&actor, &work).await else {
            let turn = self.remembered::<Turn<L>>();
            let Ok(_waits) = turn.waiting.try_acquire() else { return Err(Failure::Busy) };
            let taken = tokio::time::timeout(PATIENCE, turn.taken.clone().lock_owned()).await;
            let taken = taken.map_err(|_| Failure::Busy)?;
            return match self.read_if_remembered(&actor, &work).await {
                Some(done) => done,
                // The turn belongs to the computing, not to the request: it goes on when the request ends.
                None => {
                    let compute = async move |tx: &mut Tx<'_>| {
                        let _taken = &taken;
                        work(tx).await
                    };
                    self.read_long(actor, compute).await
                }
            };
        };
        done
    }

    /// The result of a short read; none if it must run apart.
    async fn read_if_remembered<T>(&self, actor: &Actor, work: &impl Work<T>) -> Option<Result<T, Failure>> {
        match self.read(actor, async |tx: &mut Tx<'_>| work(tx).await).await {
            Err(Failure::Apart) => None,
            done => Some(done),
        }
    }
}
