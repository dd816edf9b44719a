//! The making of a region: whole, or not at all.
use super::{Db, Engine, Region, SCHEMA, Work, migrate, register};
use crate::engine::failure::Failure;
use crate::engine::page::RegionInfo;
use crate::engine::{postgres, sqlite};
use crate::journal;
use crate::tx::{Actor, Door, Tx};
use std::path::Path;

/// Fills a new region with nothing.
pub async fn empty(_: &mut Tx<'_>) -> Result<(), Failure> {
    Ok(())
}

impl Db {
    /// Makes a region: its file or schema, its tables, the row that describes it, and its first content. A making that
    /// fails or is killed leaves no region.
    pub async fn add_region(
        &self,
        info: RegionInfo,
        fill: impl Work<()> + Send + 'static,
    ) -> Result<Region, Failure> {
        let (code, engine) = (info.code.clone(), &self.0.engine);
        if self.codes().await?.contains(&code) {
            return Err(Failure::Broken(format!("there is a region '{code}' already")));
        }
        if engine.found().await?.contains(&code) {
            let place = engine.place(&code);
            return Err(Failure::Broken(format!(
                "{place} is there and not registered: take it in by `nastavnik region register --code {code}`, or move it away"
            )));
        }
        match engine {
            Engine::Sqlite { folder } => self.make_file(folder, info, fill).await?,
            Engine::Postgres { url } => self.make_schema(url, info, fill).await?,
        }
        let region = self.enter(&code).await?;
        self.remember(region.clone());
        Ok(region)
    }

    /// Makes the file under another name. It gets its own when it is whole.
    async fn make_file(
        &self,
        folder: &Path,
        info: RegionInfo,
        fill: impl Work<()> + Send + 'static,
    ) -> Result<(), Failure> {
        let _lock = register::lock(folder)?;
        let (code, beside) = (info.code.clone(), folder.join(format!("{}.making", info.code)));
        sweep(&beside)?;
        let made = async {
            let door = Door::Sqlite(sqlite::Door::open(&beside, self.0.limits.queue_length, true)?);
            let region = self.core(info.clone(), door)?;
            let done = region.write(Actor::system("region add"), lay(info, fill)).await;
            region.shut().await;
            done?;
            std::fs::File::open(&beside).and_then(|it| it.sync_all()).map_err(Failure::broken)?;
            // A link never takes the place of another file, as renaming would.
            std::fs::hard_link(&beside, register::file(folder, &code)).map_err(Failure::broken)?;
            register::settle(folder)?;
            self.0.engine.register(std::slice::from_ref(&code)).await
        };
        let made = made.await;
        sweep(&beside).and(made)
    }

    /// Makes the schema and registers it in one transaction.
    async fn make_schema(
        &self,
        url: &str,
        info: RegionInfo,
        fill: impl Work<()> + Send + 'static,
    ) -> Result<(), Failure> {
        register::lay(&postgres::lobby(url).await?).await?;
        let (code, region) = (info.code.clone(), self.core(info.clone(), self.door(&info.code)?)?);
        let lay = lay(info, fill);
        let make = async move |tx: &mut Tx<'_>| {
            tx.conn.batch(&format!("CREATE SCHEMA \"{SCHEMA}{code}\"")).await?;
            tx.conn.batch(&register::entered(&code)).await?;
            lay(tx).await
        };
        let done = region.write_first(Actor::system("region add"), make).await;
        region.shut().await;
        done
    }
}

/// The work that turns an empty database into a region.
fn lay(info: RegionInfo, fill: impl Work<()> + Send + 'static) -> impl Work<()> + Send + 'static {
    async move |tx: &mut Tx<'_>| {
        migrate::lay(tx).await?;
        journal::found_region(tx, &info).await?;
        fill(tx).await
    }
}

/// Deletes a file of SQLite with what stands beside it.
pub(super) fn sweep(beside: &Path) -> Result<(), Failure> {
    for ending in ["", "-wal", "-shm"] {
        let mut name = beside.as_os_str().to_owned();
        name.push(ending);
        match std::fs::remove_file(&name) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(Failure::broken(error)),
            _ => {}
        }
    }
    Ok(())
}
