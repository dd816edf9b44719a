//! Memory of recalled rounds. Recalling a round takes as long as finding the candidates of all beneficiaries.
use persistence::matching::explanations::RecalledRound;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use uuid::Uuid;

/// Rounds that the memory holds at most.
const REMEMBERED: usize = 4;

/// The key of a recalled round: the round and the number of its computing.
pub type Which = (Uuid, i32);

/// The recalled rounds in memory, the latest last.
#[derive(Debug, Default)]
pub struct Recalled(Mutex<VecDeque<(Which, Arc<RecalledRound>)>>);

impl Recalled {
    /// The recalled round, if it is in memory.
    pub fn find(&self, which: &Which) -> Option<Arc<RecalledRound>> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.iter().find(|it| it.0 == *which).map(|it| it.1.clone())
    }
    /// Stores a recalled round. If the memory is full, the oldest one is removed.
    pub fn keep(&self, which: Which, round: Arc<RecalledRound>) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|it| it.0.0 != which.0);
        if all.len() >= REMEMBERED {
            all.pop_front();
        }
        all.push_back((which, round));
    }
}
