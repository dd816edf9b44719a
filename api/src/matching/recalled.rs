//! Computed rounds that were explained lately: recalling one takes as long as finding everybody's candidates does.
use persistence::matching::explanations::RecalledRound;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use uuid::Uuid;

/// So many rounds are remembered.
const REMEMBERED: usize = 4;

/// A round of the region, and which computing of it.
pub type Which = (Uuid, i32);

/// The rounds remembered, the latest last.
#[derive(Debug, Default)]
pub struct Recalled(Mutex<VecDeque<(Which, Arc<RecalledRound>)>>);

impl Recalled {
    /// The round, if it is remembered.
    pub fn find(&self, which: &Which) -> Option<Arc<RecalledRound>> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.iter().find(|it| it.0 == *which).map(|it| it.1.clone())
    }
    /// Remembers a round instead of the one that was remembered first.
    pub fn keep(&self, which: Which, round: Arc<RecalledRound>) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|it| it.0.0 != which.0);
        if all.len() >= REMEMBERED {
            all.pop_front();
        }
        all.push_back((which, round));
    }
}
