//! Regions of an installation: opened, created, found, closed.
//!
//! - [`Db`]: all regions of an installation. [`Region`]: one of them, with its three ways to a transaction. `apart`: the way of reads
//!   that rest on something remembered. `work`: the work that runs in it.
//! - [`migrate`]: the schema, step by step. [`backup`]: a copy while the server runs, and the check after a restore.
//!
//! Invariant: a region is a file or a schema that the register names; a connection belongs to one region for life.
mod apart;
pub mod backup;
mod making;
pub mod migrate;
mod reads;
mod region;
mod register;
mod seals;
mod work;

pub use crate::tx::Clock;
pub use making::empty;
pub use region::Region;
pub use seals::places as sealed_places;
pub use work::Work;

use crate::engine::failure::Failure;
use crate::engine::page::RegionInfo;
use crate::engine::seal::MasterKey;
use crate::engine::{postgres, sqlite};
use crate::journal;
use crate::registry;
use crate::tx::{Actor, Apart, Bench, Door, Memory, Reads, RegionCore, Tx};
use domain::base::moment::Moment;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};
use tokio::sync::Notify;

/// Limits of the work that may wait and run at once.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Writes that may wait for the writer of a SQLite region, 1024 by default. Further writes are refused as busy.
    pub queue_length: usize,
    /// Writes that run in a PostgreSQL region at once, 1 by default. More suit a slow network to the database, and some are then
    /// repeated.
    pub writers: usize,
    /// The only regions that this process opens. If empty, it opens all.
    pub only: Vec<String>,
}

impl Default for Limits {
    fn default() -> Self {
        Self { queue_length: 1024, writers: 1, only: Vec::new() }
    }
}

#[derive(Clone)]
enum Engine {
    Sqlite { folder: PathBuf },
    Postgres { url: String },
}

impl Engine {
    fn at(url: &str) -> Result<Self, String> {
        if let Some(folder) = url.strip_prefix("sqlite:") {
            Ok(Self::Sqlite { folder: folder.trim_start_matches("//").into() })
        } else if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            Ok(Self::Postgres { url: url.to_owned() })
        } else {
            Err("its scheme is neither sqlite: nor postgres:".into())
        }
    }
}

/// All the regions of this installation.
#[derive(Clone)]
pub struct Db(Arc<Inner>);

struct Inner {
    engine: Engine,
    key: MasterKey,
    clock: Clock,
    limits: Limits,
    regions: RwLock<BTreeMap<String, Region>>,
    /// Registered regions that do not open, with the reason.
    closed: RwLock<BTreeMap<String, String>>,
}

/// The prefix of the PostgreSQL schemas of regions. It separates them from other schemas of the database.
const SCHEMA: &str = "region_";

impl Db {
    /// The installation at `sqlite:FOLDER` or `postgres://…`; any other scheme is refused.
    pub fn at(url: &str, key: MasterKey, clock: Clock, limits: Limits) -> Result<Self, String> {
        Ok(Self::of(Engine::at(url)?, key, clock, limits))
    }

    fn of(engine: Engine, key: MasterKey, clock: Clock, limits: Limits) -> Self {
        let (regions, closed) = (RwLock::default(), RwLock::default());
        Self(Arc::new(Inner { engine, key, clock, limits, regions, closed }))
    }

    /// This installation with another clock and no open region. The demonstration uses it to act on past days.
    pub fn with_clock(&self, clock: Clock) -> Self {
        let Inner { engine, key, limits, .. } = &*self.0;
        Self::of(engine.clone(), key.clone(), clock, limits.clone())
    }

    /// Whether the installation has no region yet, opened or not, registered or not.
    pub async fn is_new(url: &str) -> Result<bool, String> {
        let engine = Engine::at(url)?;
        let nothing = async || {
            Ok(engine.registered().await?.is_none_or(|it| it.is_empty()) && engine.found().await?.is_empty())
        };
        nothing().await.map_err(|it: Failure| it.to_string())
    }

    /// Opens every region of the installation and brings each to the newest schema. A broken one stays closed, and
    /// the log names it.
    pub async fn open(&self) -> Result<(), Failure> {
        self.begin_register().await?;
        for code in self.mine().await? {
            self.try_enter(&code).await?;
        }
        Ok(())
    }

    /// Registers the regions of an installation from before the register, and warns of what is left alone.
    async fn begin_register(&self) -> Result<(), Failure> {
        let (engine, mut found) = (&self.0.engine, self.0.engine.found().await?);
        let codes = match engine.registered().await? {
            Some(codes) => codes,
            None if found.is_empty() => return Ok(()),
            None => {
                let mut codes = Vec::new();
                for code in found.iter().filter(|it| RegionInfo::is_code(it)) {
                    // A region that cannot be read is taken for the one of its name, so that it is missed and not forgotten.
                    if self.described(code).await.map_or(true, |it| it == *code) {
                        codes.push(code.clone());
                    }
                }
                engine.register(&codes).await?;
                codes
            }
        };
        found.retain(|it| !codes.contains(it));
        for it in found {
            log::warn!("{} is no registered region and is left alone", engine.place(&it));
        }
        Ok(())
    }

    /// The code that a file or schema tells of itself.
    async fn described(&self, code: &str) -> Result<String, Failure> {
        let region = self.core(RegionInfo::unknown(code), self.door(code)?)?;
        let info = journal_row(&region).await;
        region.shut().await;
        info.map(|it| it.code)
    }

    /// Registers a file or schema that was put beside the regions, such as a restored backup, and opens it.
    pub async fn register(&self, code: &str) -> Result<Region, Failure> {
        self.begin_register().await?;
        if self.codes().await?.iter().any(|it| it == code) {
            return Err(Failure::Broken(format!("the region '{code}' is registered already")));
        }
        let region = self.enter(code).await?;
        self.0.engine.register(&[code.to_owned()]).await?;
        self.remember(region.clone());
        Ok(region)
    }

    /// Opens a region, or notes why it stays closed. A fault that every region would meet is an error.
    async fn try_enter(&self, code: &str) -> Result<(), Failure> {
        match self.enter(code).await {
            Ok(region) => self.remember(region),
            Err(stops @ (Failure::Stops(_) | Failure::OtherKey(_))) => return Err(stops),
            Err(away @ Failure::Unavailable(_)) if matches!(self.0.engine, Engine::Postgres { .. }) => {
                return Err(away);
            }
            Err(why) => self.keep_closed(code, &why),
        }
        Ok(())
    }

    fn keep_closed(&self, code: &str, why: &Failure) {
        let place = self.0.engine.place(code);
        let why = format!(
            "{place}: {why}; restore it from a backup, or erase it by `nastavnik region remove --code {code} --yes`"
        );
        let mut closed = self.0.closed.write().unwrap_or_else(PoisonError::into_inner);
        if closed.get(code) != Some(&why) {
            log::error!("region '{code}' stays closed: {why}");
            closed.insert(code.to_owned(), why);
        }
    }

    /// The registered regions that do not open, with the reason.
    pub fn closed(&self) -> Vec<(String, String)> {
        let closed = self.0.closed.read().unwrap_or_else(PoisonError::into_inner);
        closed.iter().map(|(code, why)| (code.clone(), why.clone())).collect()
    }

    /// The region with that code. It is unavailable if it is registered and does not open.
    pub fn reach(&self, code: &str) -> Result<Option<Region>, Failure> {
        let region = self.region(code);
        let closed = self.0.closed.read().unwrap_or_else(PoisonError::into_inner);
        match closed.contains_key(code) && region.is_none() {
            true => Err(Failure::Unavailable(format!("region '{code}' is closed"))),
            false => Ok(region),
        }
    }

    /// The current instant of the installation's clock.
    pub fn now(&self) -> Moment {
        (self.0.clock)()
    }

    /// The open region with that code.
    pub fn region(&self, code: &str) -> Option<Region> {
        self.0.regions.read().unwrap_or_else(PoisonError::into_inner).get(code).cloned()
    }

    /// All open regions, by code.
    pub fn regions(&self) -> Vec<Region> {
        self.0.regions.read().unwrap_or_else(PoisonError::into_inner).values().cloned().collect()
    }

    /// Opens regions that another process has added, and closed ones that were mended. It is part of a request, so it
    /// ends with the deadline of a read.
    pub async fn refresh(&self) -> Result<(), Failure> {
        let look = async {
            for code in self.mine().await? {
                if self.region(&code).is_none() {
                    match self.try_enter(&code).await {
                        Err(why @ (Failure::Stops(_) | Failure::OtherKey(_))) => {
                            self.keep_closed(&code, &why)
                        }
                        done => done?,
                    }
                }
            }
            Ok(())
        };
        let done = tokio::time::timeout(postgres::READS, look).await;
        done.unwrap_or_else(|_| Err(Failure::Unavailable("no answer in time".into())))
    }

    /// Erases a region with all its data, also one that does not open. It cannot be undone.
    pub async fn remove_region(&self, code: &str) -> Result<(), Failure> {
        if !self.codes().await?.iter().any(|it| it == code) {
            return Err(Failure::NotFound(None));
        }
        let region = self.0.regions.write().unwrap_or_else(PoisonError::into_inner).remove(code);
        if let Some(region) = region {
            region.shut().await;
        }
        let engine = &self.0.engine;
        match engine {
            Engine::Sqlite { folder } => {
                let _lock = register::lock(folder)?;
                engine.strike(code).await?;
                making::sweep(&register::file(folder, code))?;
            }
            Engine::Postgres { url } => {
                let lobby = postgres::lobby(url).await?;
                postgres::batch(&lobby, &format!("DROP SCHEMA IF EXISTS \"{SCHEMA}{code}\" CASCADE")).await?;
                engine.strike(code).await?;
            }
        }
        self.0.closed.write().unwrap_or_else(PoisonError::into_inner).remove(code);
        Ok(())
    }

    /// Finishes what is queued and closes every region.
    pub async fn close(&self) {
        for region in self.regions() {
            region.shut().await;
        }
    }

    /// The regions of the installation that this process opens.
    async fn mine(&self) -> Result<Vec<String>, Failure> {
        let mut codes = self.codes().await?;
        let only = &self.0.limits.only;
        if let Some(missing) = only.iter().find(|it| !codes.contains(it)) {
            return Err(Failure::Broken(format!("there is no region '{missing}'")));
        }
        codes.retain(|it| only.is_empty() || only.contains(it));
        Ok(codes)
    }

    async fn codes(&self) -> Result<Vec<String>, Failure> {
        Ok(self.0.engine.registered().await?.unwrap_or_default())
    }

    fn door(&self, code: &str) -> Result<Door, Failure> {
        let limits = &self.0.limits;
        Ok(match &self.0.engine {
            Engine::Sqlite { folder } => {
                Door::Sqlite(sqlite::Door::open(&register::file(folder, code), limits.queue_length, false)?)
            }
            Engine::Postgres { url } => {
                let address = postgres::Address { url: url.clone(), schema: format!("{SCHEMA}{code}") };
                Door::Postgres(postgres::Door::open(address, limits.writers)?)
            }
        })
    }

    fn core(&self, info: RegionInfo, door: Door) -> Result<Region, Failure> {
        let keys = self.0.key.of_region(&info.code)?;
        let (clock, reads) = (self.0.clock.clone(), Reads::default());
        let (established, bench, apart) = (Notify::new(), Bench::default(), Apart::default());
        Ok(Region(Arc::new(RegionCore {
            info,
            door,
            keys,
            clock,
            reads,
            established,
            apart,
            bench,
            memory: Memory::default(),
            registry: &registry::All,
        })))
    }

    /// Opens a region. Nothing is written before it tells that it is the one of that code.
    async fn enter(&self, code: &str) -> Result<Region, Failure> {
        let region = self.core(RegionInfo::unknown(code), self.door(code)?)?;
        let entered = async {
            let info = journal_row(&region).await?;
            if info.code != code {
                return Err(Failure::Broken(format!("it is of the region '{}'", info.code)));
            }
            migrate::up(&region).await?;
            seals::prove_key(&region, code).await?;
            Ok(info)
        };
        let entered = entered.await;
        if entered.is_err() {
            region.shut().await;
        }
        let info = entered?;
        let core = Arc::into_inner(region.0)
            .ok_or_else(|| Failure::broken("a region in use before it was opened"))?;
        self.core(info, core.door)
    }

    fn remember(&self, region: Region) {
        self.0.closed.write().unwrap_or_else(PoisonError::into_inner).remove(region.code());
        let mut all = self.0.regions.write().unwrap_or_else(PoisonError::into_inner);
        all.insert(region.code().to_owned(), region);
    }
}

/// The row in which a region describes itself.
async fn journal_row(region: &Region) -> Result<RegionInfo, Failure> {
    let row =
        region.read(Actor::system("open"), async |tx: &mut Tx<'_>| journal::region_info(tx).await).await;
    row.map_err(|it| match it {
        Failure::NotFound(_) => Failure::Broken("it holds no region".into()),
        other => other,
    })
}
