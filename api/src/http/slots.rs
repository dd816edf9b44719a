//! Slots of uploads: an account may send a few files at once, so that slow ones of one account leave room for others.
use crate::http::problem::{Problem, UPLOAD_SLOTS};
use domain::base::id::UserId;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

type Taken = HashMap<(String, UserId), u16>;

/// Uploads under way, by region and account.
#[derive(Default)]
pub struct Slots(Arc<Mutex<Taken>>);

/// A slot of an account. It is free again when the upload has ended, however it ended.
pub struct Slot {
    all: Arc<Mutex<Taken>>,
    of: (String, UserId),
}

fn held(it: &Mutex<Taken>) -> MutexGuard<'_, Taken> {
    it.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Slots {
    /// A slot for one more upload, if the account has fewer than so many under way.
    pub fn take(&self, region: &str, user: UserId, most: u16) -> Result<Slot, Problem> {
        let of = (region.to_owned(), user);
        let mut taken = held(&self.0);
        let count = taken.entry(of.clone()).or_default();
        if *count >= most {
            return Err(Problem::new(&UPLOAD_SLOTS).with("max", most).with_header("Retry-After", 5));
        }
        *count += 1;
        Ok(Slot { all: self.0.clone(), of })
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        let mut taken = held(&self.all);
        let count = taken.remove(&self.of).unwrap_or_default();
        if count > 1 {
            taken.insert(self.of.clone(), count - 1);
        }
    }
}
