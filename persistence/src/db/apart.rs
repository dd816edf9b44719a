//! Reads that rest on something remembered. What is not remembered is computed off the worker threads, by one for all who wait.
use super::{Region, Work};
use crate::engine::failure::Failure;
use crate::tx::Actor;
use std::marker::PhantomData;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::sync::Mutex;

/// Requests that wait for one kind of computing at most. Others are asked to come again.
const WAIT: usize = 256;

/// The turn of those who compute things of the kind `L`.
struct Turn<L> {
    taken: Arc<Mutex<()>>,
    waiting: AtomicUsize,
    kind: PhantomData<fn() -> L>,
}

impl<L> Default for Turn<L> {
    fn default() -> Self {
        Self { taken: Arc::default(), waiting: AtomicUsize::new(0), kind: PhantomData }
    }
}

/// A place among those who wait for their turn.
struct Waits<'a>(&'a AtomicUsize);

impl<'a> Waits<'a> {
    fn among(all: &'a AtomicUsize) -> Result<Self, Failure> {
        let place = Self(all);
        if all.fetch_add(1, Ordering::Relaxed) < WAIT { Ok(place) } else { Err(Failure::Busy) }
    }
}
impl Drop for Waits<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Region {
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
            let _place = Waits::among(&turn.waiting)?;
            let taken = turn.taken.clone().lock_owned().await;
            return match self.read_if_remembered(&actor, &work).await {
                Some(done) => done,
                // The turn is the computing's, not the request's: whoever gives up waiting does not stop it.
                None => {
                    let compute = async move |tx: &mut crate::tx::Tx<'_>| {
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
        match self.read(actor, async |tx: &mut crate::tx::Tx<'_>| work(tx).await).await {
            Err(Failure::Apart) => None,
            done => Some(done),
        }
    }
}
