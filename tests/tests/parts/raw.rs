//! A region's database through the bare driver of its engine, for statements that the program never makes.
use persistence::db::Region;
use tokio_postgres::NoTls;

pub enum Raw {
    Sqlite(rusqlite::Connection),
    Postgres(tokio_postgres::Client),
}

impl Raw {
    /// Another connection to the region.
    pub async fn of(region: &Region, url: &str) -> Self {
        if let Some(file) = region.file() {
            return Self::Sqlite(rusqlite::Connection::open(file).unwrap());
        }
        let (client, socket) = tokio_postgres::connect(url, NoTls).await.unwrap();
        actix_web::rt::spawn(socket);
        let raw = Self::Postgres(client);
        raw.batch(&format!("SET search_path = \"region_{}\"", region.code())).await;
        raw
    }

    pub async fn batch(&self, sql: &str) {
        match self {
            Self::Sqlite(conn) => conn.execute_batch(sql).unwrap(),
            Self::Postgres(client) => client.batch_execute(sql).await.unwrap(),
        }
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
