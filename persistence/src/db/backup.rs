//! Copies of a region, and the check that a region is complete and readable.
use crate::db::{Region, seals};
use crate::engine::conn::{Conn, db};
use crate::engine::failure::Failure;
use crate::journal;
use crate::tx::{Actor, Tx};
use diesel::prelude::*;
use std::path::Path;

/// Copies a SQLite region into a new file, consistently, while it is in use. For PostgreSQL, use `pg_dump`.
pub async fn make(region: &Region, to: &Path) -> Result<(), Failure> {
    let Some(file) = region.file() else {
        let how = format!(
            "PostgreSQL is backed up by its own tools: pg_dump --schema=region_{} --format=custom",
            region.code()
        );
        return Err(Failure::Broken(how));
    };
    if to.exists() {
        return Err(Failure::Broken(format!("{} is there already", to.display())));
    }
    let (file, to) = (file.to_owned(), to.to_owned());
    let copy = tokio::task::spawn_blocking(move || {
        let mut conn =
            crate::engine::conn::open_sqlite(&file, false).map_err(crate::engine::sqlite::unavailable)?;
        let target = to.to_string_lossy().into_owned();
        diesel::sql_query("VACUUM INTO ?").bind::<diesel::sql_types::Text, _>(target).execute(&mut conn)?;
        std::fs::File::open(&to).and_then(|it| it.sync_all()).map_err(Failure::broken)
    });
    copy.await.map_err(Failure::broken)?
}

/// Reads a whole region in one snapshot and reports the findings. Run it after a restore. `tell` gets the place that is
/// being read and the number of seals opened so far.
pub async fn check(
    region: &Region,
    tell: impl Fn(&'static str, u64) + Send + 'static,
) -> Result<String, Failure> {
    let look = async move |tx: &mut Tx<'_>| examine(tx, &tell).await;
    let found = region.read_long(Actor::system("check"), look).await?;
    Ok(format!("region '{}' is sound: {found}", region.code()))
}

#[derive(QueryableByName)]
struct Integrity {
    #[diesel(sql_type = diesel::sql_types::Text)]
    integrity_check: String,
}

async fn examine(tx: &mut Tx<'_>, tell: &seals::Tell) -> Result<String, Failure> {
    if let Conn::Sqlite(conn) = &mut tx.conn {
        let verdict: Integrity = diesel::sql_query("PRAGMA integrity_check").get_result(&mut **conn)?;
        if verdict.integrity_check != "ok" {
            return Err(Failure::Broken(format!("the file is damaged: {}", verdict.integrity_check)));
        }
    }
    let (last, numbered) = journal::last_place(tx).await?;
    if last != numbered {
        return Err(Failure::Broken(format!("the journal has a gap: {numbered} facts up to place {last}")));
    }
    let facts: i64 = db!(tx, get_result, crate::engine::schema::facts::table.count())?;
    let opened = seals::open_all(tx, tell).await?;
    Ok(format!("{facts} facts, {numbered} of them in place, {opened} seals open"))
}
