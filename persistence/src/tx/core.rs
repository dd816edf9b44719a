//! What every transaction of a region shares.
use super::{Bench, Memory, Reads, Registry};
use crate::engine::page::RegionInfo;
use crate::engine::seal::RegionKeys;
use crate::engine::{postgres, sqlite};
use domain::base::moment::Moment;
use std::sync::Arc;
use tokio::sync::Notify;

/// What time it is. Tests move it.
pub type Clock = Arc<dyn Fn() -> Moment + Send + Sync>;

/// The way into the database of a region.
pub(crate) enum Door {
    Sqlite(sqlite::Door),
    Postgres(postgres::Door),
}

/// What every transaction of a region shares.
pub struct RegionCore {
    pub(crate) info: RegionInfo,
    pub(crate) door: Door,
    pub(crate) keys: RegionKeys,
    pub(crate) clock: Clock,
    pub(crate) reads: Reads,
    /// What areas remember of the region between transactions.
    pub(crate) memory: Memory,
    /// The areas above those that ask.
    pub(crate) registry: &'static dyn Registry,
    pub(crate) established: Notify,
    pub(crate) bench: Bench,
}

impl RegionCore {
    pub(crate) fn now(&self) -> Moment {
        (self.clock)()
    }
}
