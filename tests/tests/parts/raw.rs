//! A region's database through the bare driver of its engine, for statements that the program never makes.
use persistence::db::Region;
use std::path::Path;
use std::time::Duration;
use tests::World;
use tokio_postgres::NoTls;

pub enum Raw {
    Sqlite(rusqlite::Connection),
    Postgres(tokio_postgres::Client),
}

impl Raw {
    /// Another connection to the region.
    pub async fn of(region: &Region, url: &str) -> Self {
        match region.file() {
            Some(file) => Self::of_file(file),
            None => Self::of_schema(region.code(), url).await,
        }
    }

    /// The same, to the region of a world.
    pub async fn of_world(world: &World) -> Self {
        match tests::postgres_url() {
            None => Self::of_file(&world.region_file()),
            Some(_) => Self::of_schema(&world.region, &world.url).await,
        }
    }

    fn of_file(file: &Path) -> Self {
        let conn = rusqlite::Connection::open(file).unwrap();
        conn.busy_timeout(Duration::from_secs(5)).unwrap();
        // The watch over a world is for what the program changes.
        conn.set_db_config(rusqlite::config::DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false).unwrap();
        Self::Sqlite(conn)
    }

    async fn of_schema(code: &str, url: &str) -> Self {
        let (client, socket) = tokio_postgres::connect(url, NoTls).await.unwrap();
        actix_web::rt::spawn(socket);
        let raw = Self::Postgres(client);
        raw.batch(&format!("SET search_path = \"region_{code}\"")).await;
        raw
    }

    /// An id as a statement writes it.
    pub fn id(&self, id: &str) -> String {
        match self {
            Self::Sqlite(_) => format!("X'{}'", id.replace('-', "")),
            Self::Postgres(_) => format!("'{id}'::uuid"),
        }
    }

    pub async fn batch(&self, sql: &str) {
        match self {
            Self::Sqlite(conn) => conn.execute_batch(sql).unwrap(),
            Self::Postgres(client) => client.batch_execute(sql).await.unwrap(),
        }
    }

    /// Copies each row of a table that many times, under new ids.
    pub async fn copy_rows(&self, table: &str, times: usize) {
        let (columns, insert) = match self {
            Self::Sqlite(_) => (
                format!("SELECT name FROM pragma_table_info('{table}') WHERE name <> 'id'"),
                format!(
                    "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {times}) \
                     INSERT INTO {table} (id, COLUMNS) SELECT randomblob(16), COLUMNS FROM {table}, n"
                ),
            ),
            Self::Postgres(_) => (
                format!(
                    "SELECT column_name::text FROM information_schema.columns \
                     WHERE table_schema = current_schema() AND table_name = '{table}' AND column_name <> 'id'"
                ),
                format!(
                    "INSERT INTO {table} (id, COLUMNS) SELECT gen_random_uuid(), COLUMNS FROM {table}, generate_series(1, {times})"
                ),
            ),
        };
        let columns = self.lines(&columns).await.join(", ");
        self.batch(&insert.replace("COLUMNS", &columns)).await;
    }

    /// The values of the only column of the rows, as text.
    pub async fn lines(&self, sql: &str) -> Vec<String> {
        match self {
            Self::Sqlite(conn) => {
                let mut query = conn.prepare(sql).unwrap();
                query.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
            }
            Self::Postgres(client) => {
                client.query(sql, &[]).await.unwrap().iter().map(|it| it.get(0)).collect()
            }
        }
    }
}
