//! Reads of personal data, noted in memory until the journal takes them.
use crate::engine::failure::Failure;
use crate::engine::sqlite::held;
use domain::base::change::Subject;
use domain::base::id::UserId;
use domain::base::moment::Moment;
use std::sync::Mutex;
use tokio::sync::{Mutex as Turns, MutexGuard as Turn};

/// A read of personal data: all that one request has shown at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Read {
    pub(crate) user: UserId,
    pub(crate) subjects: Vec<Subject>,
    pub(crate) at: Moment,
    pub(crate) request_id: String,
}

/// Reads that are noted but not yet written.
#[derive(Default)]
pub(crate) struct Reads {
    noted: Mutex<Noted>,
    turn: Turns<()>,
}

#[derive(Default)]
struct Noted {
    reads: Vec<Read>,
    subjects: usize,
}

/// Subjects whose reads may wait. Above this number reading fails, because a read without a trace must not happen.
const SUBJECTS_WAITING: usize = 2_000_000;

impl Reads {
    pub(crate) fn note(&self, read: Read) -> Result<(), Failure> {
        let mut noted = held(&self.noted);
        if noted.subjects >= SUBJECTS_WAITING {
            return Err(Failure::Busy);
        }
        noted.subjects += read.subjects.len();
        noted.reads.push(read);
        Ok(())
    }
    /// The turn to write them. A second writer waits until those that the first one has taken are to be read.
    pub(crate) async fn turn(&self) -> Turn<'_, ()> {
        self.turn.lock().await
    }
    pub(crate) fn take(&self) -> Vec<Read> {
        std::mem::take(&mut *held(&self.noted)).reads
    }
    pub(crate) fn put_back(&self, mut reads: Vec<Read>) {
        let mut noted = held(&self.noted);
        noted.subjects += reads.iter().map(|it| it.subjects.len()).sum::<usize>();
        noted.reads.append(&mut reads);
    }
}
