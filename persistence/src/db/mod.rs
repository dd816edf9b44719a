//! Regions of an installation: opened, created, found, closed.
//!
//! - [`Db`]: all regions of an installation. [`Region`]: one of them, with its three ways to a transaction.
//! - [`migrate`]: the schema, step by step. [`backup`]: a copy while the server runs, and the check after a restore.
//!
//! Invariant: a region is a file or a schema; a connection belongs to one region for life.
pub mod backup;
pub mod migrate;
mod region;

pub use crate::tx::Clock;
pub use region::{Region, Work};

use crate::engine::failure::Failure;
use crate::engine::page::RegionInfo;
use crate::engine::seal::MasterKey;
use crate::engine::{postgres, sqlite};
use crate::journal;
use crate::registry;
use crate::tx::{Actor, Bench, Door, Memory, Reads, RegionCore, Tx};
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
    /// Connections that write to a PostgreSQL region at once, 16 by default.
    pub writers: usize,
    /// The only regions that this process opens. If empty, it opens all.
    pub only: Vec<String>,
}

impl Default for Limits {
    fn default() -> Self {
        Self { queue_length: 1024, writers: 16, only: Vec::new() }
    }
}

#[derive(Clone)]
enum Engine {
    Sqlite { folder: PathBuf },
    Postgres { url: String },
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
}

/// The prefix of the PostgreSQL schemas of regions. It separates them from other schemas of the database.
const SCHEMA: &str = "region_";

impl Db {
    /// The installation at `sqlite:FOLDER` or `postgres://…`; any other scheme is refused.
    pub fn at(url: &str, key: MasterKey, clock: Clock, limits: Limits) -> Result<Self, String> {
        let engine = if let Some(folder) = url.strip_prefix("sqlite:") {
            Engine::Sqlite { folder: folder.trim_start_matches("//").into() }
        } else if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            Engine::Postgres { url: url.to_owned() }
        } else {
            return Err("its scheme is neither sqlite: nor postgres:".into());
        };
        Ok(Self(Arc::new(Inner { engine, key, clock, limits, regions: RwLock::default() })))
    }

    /// This installation with another clock and no open region. The demonstration uses it to act on past days.
    pub fn with_clock(&self, clock: Clock) -> Self {
        let Inner { engine, key, limits, .. } = &*self.0;
        let (engine, key, limits) = (engine.clone(), key.clone(), limits.clone());
        Self(Arc::new(Inner { engine, key, clock, limits, regions: RwLock::default() }))
    }

    /// Opens every region of the installation and brings each to the newest schema.
    pub async fn open(&self) -> Result<(), Failure> {
        for code in self.mine().await? {
            let region = self.enter(&code).await?;
            self.remember(region);
        }
        Ok(())
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

    /// Creates a region: its file or schema, its tables, and the row that describes it.
    pub async fn add_region(&self, info: RegionInfo) -> Result<Region, Failure> {
        if self.codes().await?.contains(&info.code) {
            return Err(Failure::Broken(format!("there is a region '{}' already", info.code)));
        }
        let code = info.code.clone();
        match &self.0.engine {
            Engine::Sqlite { folder } => std::fs::create_dir_all(folder).map_err(Failure::broken)?,
            Engine::Postgres { url } => {
                let lobby = postgres::lobby(url).await?;
                postgres::batch(&lobby, &format!("CREATE SCHEMA \"{SCHEMA}{code}\"")).await?;
            }
        }
        let door = self.door(&code, true)?;
        let region = self.core(info.clone(), door)?;
        migrate::up(&region).await?;
        region
            .write(Actor::system("region add"), async move |tx: &mut Tx<'_>| {
                journal::found_region(tx, &info).await
            })
            .await?;
        self.remember(region.clone());
        Ok(region)
    }

    /// Opens regions that another process has added.
    pub async fn refresh(&self) -> Result<(), Failure> {
        for code in self.mine().await? {
            if self.region(&code).is_none() {
                let region = self.enter(&code).await?;
                self.remember(region);
            }
        }
        Ok(())
    }

    /// Erases a region with all its data. It cannot be undone.
    pub async fn remove_region(&self, code: &str) -> Result<(), Failure> {
        let region = self.0.regions.write().unwrap_or_else(PoisonError::into_inner).remove(code);
        let Some(region) = region else { return Err(Failure::NotFound(None)) };
        region.shut().await;
        match &self.0.engine {
            Engine::Sqlite { folder } => {
                for ending in ["sqlite", "sqlite-wal", "sqlite-shm"] {
                    let file = folder.join(format!("{code}.{ending}"));
                    if file.exists() {
                        std::fs::remove_file(file).map_err(Failure::broken)?;
                    }
                }
                Ok(())
            }
            Engine::Postgres { url } => {
                let lobby = postgres::lobby(url).await?;
                Ok(postgres::batch(&lobby, &format!("DROP SCHEMA \"{SCHEMA}{code}\" CASCADE")).await?)
            }
        }
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
        match &self.0.engine {
            Engine::Sqlite { folder } => Ok(files(folder)),
            Engine::Postgres { url } => {
                let lobby = postgres::lobby(url).await?;
                journal::schemas(&lobby, SCHEMA).await
            }
        }
    }

    fn door(&self, code: &str, create: bool) -> Result<Door, Failure> {
        let limits = &self.0.limits;
        Ok(match &self.0.engine {
            Engine::Sqlite { folder } => Door::Sqlite(sqlite::Door::open(
                &folder.join(format!("{code}.sqlite")),
                limits.queue_length,
                create,
            )?),
            Engine::Postgres { url } => {
                let address = postgres::Address { url: url.clone(), schema: format!("{SCHEMA}{code}") };
                Door::Postgres(postgres::Door::open(address, limits.writers)?)
            }
        })
    }

    fn core(&self, info: RegionInfo, door: Door) -> Result<Region, Failure> {
        let keys = self.0.key.of_region(&info.code)?;
        let (clock, reads) = (self.0.clock.clone(), Reads::default());
        let (established, bench) = (Notify::new(), Bench::default());
        Ok(Region(Arc::new(RegionCore {
            info,
            door,
            keys,
            clock,
            reads,
            established,
            bench,
            memory: Memory::default(),
            registry: &registry::All,
        })))
    }

    async fn enter(&self, code: &str) -> Result<Region, Failure> {
        let unknown = RegionInfo::unknown(code);
        let region = self.core(unknown, self.door(code, false)?)?;
        migrate::up(&region).await?;
        let info = region
            .read(Actor::system("open"), async |tx: &mut Tx<'_>| journal::region_info(tx).await)
            .await?;
        let core = Arc::into_inner(region.0)
            .ok_or_else(|| Failure::broken("a region in use before it was opened"))?;
        self.core(info, core.door)
    }

    fn remember(&self, region: Region) {
        let mut all = self.0.regions.write().unwrap_or_else(PoisonError::into_inner);
        all.insert(region.code().to_owned(), region);
    }
}

fn files(folder: &std::path::Path) -> Vec<String> {
    let names = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|it| it.path());
    let regions = names.filter(|it| it.extension().is_some_and(|it| it == "sqlite"));
    let mut codes: Vec<String> =
        regions.filter_map(|it| it.file_stem()?.to_str().map(str::to_owned)).collect();
    codes.sort();
    codes
}
