//! Migrations: one text for both engines, each applied once, under a lock.
use crate::column::bind;
use crate::conn::{Conn, db};
use crate::db::Region;
use crate::failure::Failure;
use crate::tx::{Actor, Tx};
use diesel::prelude::*;

/// A step of the schema.
pub struct Migration {
    /// Its name, which orders it.
    pub name: &'static str,
    /// The way there.
    pub up: &'static str,
    /// The way back.
    pub down: &'static str,
}

macro_rules! migrations {
    ($($name:literal),+ $(,)?) => {
        /// Every step, in order.
        pub static ALL: &[Migration] = &[$(Migration {
            name: $name,
            up: include_str!(concat!("../../migrations/", $name, "/up.sql")),
            down: include_str!(concat!("../../migrations/", $name, "/down.sql")),
        }),+];
    };
}
migrations! {
    "0001_kernel",
    "0002_organizations",
    "0003_users",
}

use crate::schema::schema_migrations;

/// Brings a region to the newest schema. A schema that this program does not know is left alone: the program is too old for it.
pub(crate) async fn up(region: &Region) -> Result<(), Failure> {
    region.write(Actor::system("migrate"), async |tx: &mut Tx<'_>| apply(tx).await).await
}

async fn apply(tx: &mut Tx<'_>) -> Result<(), Failure> {
    tx.conn.batch("CREATE TABLE IF NOT EXISTS schema_migrations (name TEXT NOT NULL PRIMARY KEY)").await?;
    if matches!(tx.conn, Conn::Postgres(_)) {
        tx.conn.batch("LOCK TABLE schema_migrations IN ACCESS EXCLUSIVE MODE").await?;
    }
    let done: Vec<String> = db!(
        tx,
        load,
        schema_migrations::table.select(schema_migrations::name).order(schema_migrations::name)
    )?;
    if let Some(unknown) = done.iter().find(|name| !ALL.iter().any(|it| it.name == *name)) {
        return Err(Failure::Broken(format!(
            "this program is older than its database, which has '{unknown}': install a newer one"
        )));
    }
    for step in ALL.iter().filter(|it| !done.iter().any(|name| name == it.name)) {
        let sql = text(&tx.conn, step.up);
        tx.conn.batch(&sql).await?;
        db!(
            tx,
            execute,
            diesel::insert_into(schema_migrations::table)
                .values(schema_migrations::name.eq(bind(step.name.to_owned())))
        )?;
    }
    Ok(())
}

/// Takes every step back, the last first. For rehearsing that the way back exists.
pub async fn down(region: &Region) -> Result<(), Failure> {
    let back = async |tx: &mut Tx<'_>| {
        for step in ALL.iter().rev() {
            let sql = text(&tx.conn, step.down);
            tx.conn.batch(&sql).await?;
        }
        Ok(tx.conn.batch("DROP TABLE schema_migrations").await?)
    };
    region.write(Actor::system("migrate down"), back).await
}

fn text(conn: &Conn<'_>, sql: &str) -> String {
    match conn {
        Conn::Sqlite(_) => sql.to_owned(),
        Conn::Postgres(_) => sql.replace("/*C*/", "COLLATE \"C\""),
    }
}
