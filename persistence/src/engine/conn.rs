//! A connection of either engine, and the macro that compiles one query for both.
use diesel::backend::Backend;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::query_dsl::methods::LimitDsl;
use diesel_async::{AsyncPgConnection, SimpleAsyncConnection};
use std::path::Path;

/// The connection that queries run on. SQLite runs a query inline, in microseconds. PostgreSQL takes a shared
/// reference, so that statements of one transaction, or reads of several requests, can be in flight together.
pub enum Conn<'c> {
    /// SQLite, the embedded engine.
    Sqlite(&'c mut SqliteConnection),
    /// PostgreSQL.
    Postgres(&'c AsyncPgConnection),
}

/// Runs a query: `db!(tx, load, query)`. The query is written once and compiled for each engine, with all features
/// that diesel has for it. Methods: `load`, `first`, `get_result`, `get_results`, `execute`.
macro_rules! db {
    ($tx:expr, $method:ident, $query:expr) => {
        match &mut $tx.conn {
            $crate::engine::conn::Conn::Sqlite(conn) => {
                $crate::engine::conn::sqlite!($method, $query, &mut **conn)
            }
            $crate::engine::conn::Conn::Postgres(conn) => {
                diesel_async::RunQueryDsl::$method($query, &mut &**conn).await
            }
        }
    };
}
pub(crate) use db;

/// Runs a query on SQLite. A reading one stays prepared: parsing it takes longer than running it.
macro_rules! sqlite {
    (execute, $query:expr, $conn:expr) => {
        diesel::RunQueryDsl::execute($query, $conn)
    };
    ($method:ident, $query:expr, $conn:expr) => {
        diesel::RunQueryDsl::$method($crate::engine::conn::prepared($query), $conn)
    };
}
pub(crate) use sqlite;

/// A statement that stays prepared under its text.
#[derive(Debug, Clone, Copy, QueryId)]
pub(crate) struct Prepared<Q>(Q);

/// Keeps a statement prepared: `db!(tx, execute, prepared(diesel::update(…)))`. Otherwise diesel prepares every
/// UPDATE again, which costs a round trip on PostgreSQL.
pub(crate) fn prepared<Q>(statement: Q) -> Prepared<Q> {
    Prepared(statement)
}

impl<Q: Query> Query for Prepared<Q> {
    type SqlType = Q::SqlType;
}
impl<Q, C> RunQueryDsl<C> for Prepared<Q> {}
impl<Q: LimitDsl> LimitDsl for Prepared<Q> {
    type Output = Prepared<Q::Output>;
    fn limit(self, limit: i64) -> Self::Output {
        Prepared(self.0.limit(limit))
    }
}
impl<Q: QueryFragment<DB>, DB: Backend> QueryFragment<DB> for Prepared<Q> {
    fn walk_ast<'b>(&'b self, pass: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        self.0.walk_ast(pass)
    }
    fn is_safe_to_cache_prepared(&self, _: &DB) -> QueryResult<bool> {
        Ok(true)
    }
}

impl Conn<'_> {
    /// Whether the engine is PostgreSQL.
    pub(crate) fn is_postgres(&self) -> bool {
        matches!(self, Conn::Postgres(_))
    }
    /// Runs statements that bind nothing and return nothing.
    pub(crate) async fn batch(&mut self, sql: &str) -> QueryResult<()> {
        match self {
            Conn::Sqlite(conn) => SimpleConnection::batch_execute(&mut **conn, sql),
            Conn::Postgres(conn) => SimpleAsyncConnection::batch_execute(&mut &**conn, sql).await,
        }
    }
}

/// Settings of every SQLite connection. FULL: an acknowledged write survives a power cut. WAL: readers do not wait
/// for the writer. A checkpoint after 32 MB of log writes a page that changed often once, which halves what goes to the disk.
pub const PRAGMAS: &str = "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
     PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -32768; PRAGMA journal_size_limit = 67108864; \
     PRAGMA wal_autocheckpoint = 8000;";

/// Gathers statistics of every index from a sample, which takes some milliseconds however large the tables are. Without them the
/// engine believes that an index of all people of an institution leads to ten.
pub const STATISTICS: &str = "PRAGMA analysis_limit = 400; ANALYZE";

/// Opens the file of a region. Only adding a region creates one, because a missing file is an outage, not an empty
/// region.
pub(crate) fn open_sqlite(path: &Path, create: bool) -> ConnectionResult<SqliteConnection> {
    let name = path.to_string_lossy().replace('%', "%25").replace('?', "%3f").replace('#', "%23");
    let mut conn =
        SqliteConnection::establish(&format!("file:{name}?mode={}", if create { "rwc" } else { "rw" }))?;
    conn.batch_execute(PRAGMAS).map_err(ConnectionError::CouldntSetupConfiguration)?;
    Ok(conn)
}
