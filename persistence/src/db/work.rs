//! Work in a transaction, and its form without types. Only the outermost functions of a region know the type of a work: all
//! below them are compiled once, and not once for each of a thousand orders.
use crate::engine::failure::Failure;
use crate::tx::Tx;
use futures_util::future::LocalBoxFuture;
use std::sync::{Arc, Mutex, PoisonError};

/// Work in a transaction. It is an `AsyncFn`, because it is repeated when the transaction crosses another one.
pub trait Work<T>: AsyncFn(&mut Tx<'_>) -> Result<T, Failure> {}
impl<T, F: AsyncFn(&mut Tx<'_>) -> Result<T, Failure>> Work<T> for F {}

/// Work without types.
pub(super) trait Task {
    /// Runs the work once. Its value replaces that of the run before.
    fn run<'r>(&'r self, tx: &'r mut Tx<'_>) -> LocalBoxFuture<'r, Result<(), Failure>>;
}

/// A place for the value of a work.
pub(super) struct Place<T>(Arc<Mutex<Option<T>>>);

impl<T> Place<T> {
    /// A place, and the task that fills it.
    pub(super) fn of<W: Work<T>>(work: W) -> (Self, Placed<T, W>) {
        let place = Arc::default();
        (Self(Arc::clone(&place)), Placed { work, place })
    }
    /// The value of a work that has run.
    pub(super) fn taken(self) -> Result<T, Failure> {
        let value = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        value.ok_or_else(|| Failure::broken("a work that has run left no value"))
    }
}

/// Work with the place of its value.
pub(super) struct Placed<T, W> {
    work: W,
    place: Arc<Mutex<Option<T>>>,
}

impl<T, W: Work<T>> Task for Placed<T, W> {
    // The future of a work has some kilobytes. It is boxed, or every layer above would move it.
    fn run<'r>(&'r self, tx: &'r mut Tx<'_>) -> LocalBoxFuture<'r, Result<(), Failure>> {
        Box::pin(async move {
            let value = (self.work)(tx).await?;
            self.place.lock().unwrap_or_else(PoisonError::into_inner).replace(value);
            Ok(())
        })
    }
}
