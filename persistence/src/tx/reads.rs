//! Reads of personal data, noted in memory until the journal takes them.
use crate::engine::failure::Failure;
use crate::engine::sqlite::held;
use domain::base::change::Subject;
use domain::base::id::UserId;
use domain::base::moment::Moment;
use std::sync::Mutex;

/// A read of personal data.
#[derive(Debug, Clone)]
pub(crate) struct Read {
    pub(crate) user: UserId,
    pub(crate) subject: Subject,
    pub(crate) at: Moment,
    pub(crate) request_id: String,
}

/// Reads that are noted but not yet written.
#[derive(Default)]
pub(crate) struct Reads(Mutex<Vec<Read>>);

/// Noted reads that may wait. Above this number reading fails, because a read without a trace must not happen.
const READS_WAITING: usize = 200_000;

impl Reads {
    pub(crate) fn note(
        &self,
        user: UserId,
        subject: Subject,
        at: Moment,
        request_id: &str,
    ) -> Result<(), Failure> {
        let mut noted = held(&self.0);
        if noted.len() >= READS_WAITING {
            return Err(Failure::Busy);
        }
        noted.push(Read { user, subject, at, request_id: request_id.to_owned() });
        Ok(())
    }
    pub(crate) fn take(&self) -> Vec<Read> {
        std::mem::take(&mut *held(&self.0))
    }
    pub(crate) fn put_back(&self, batch: &[Read]) {
        held(&self.0).extend_from_slice(batch);
    }
}
