//! Ways to order facts on PostgreSQL so that a reader misses none, and the cost of each way for writers.
//!
//! Each way writes the same row and the same fact in one transaction, READ COMMITTED. SERIALIZABLE would only add
//! retries to a counter. Each way has a schema of its own, with only the indexes that it needs.
use crate::bare::{self, Entry};
use crate::bare_postgres::{NUMBER, connect};
use crate::ground::{self, Ground};
use crate::load::{CONNECTIONS, Round};
use crate::table::{self, Contestant};
use actix_web::rt::System;
use chrono::Utc;
use domain::base::word::Word;
use futures_util::future::{join, join_all};
use std::cell::Cell;
use std::time::{Duration, Instant};
use tokio::sync::Notify;
use tokio_postgres::types::Json as Jsonb;
use tokio_postgres::{Client, Error, Statement};

const LASTING: Duration = Duration::from_millis(1500);

/// A way to order facts: the differences of its schema, and its statement for a fact.
struct Way {
    name: &'static str,
    schema: &'static str,
    fact: &'static str,
    is_numbered: bool,
}

const WAYS: [Way; 4] = [
    // Facts are numbered after their commit, by one numberer beside the writers. The product does this.
    Way { name: "numbered after commit (ours)", schema: "", fact: bare::FACT, is_numbered: true },
    // Facts are numbered under the lock of one row. The lock is held until the commit is on the disk.
    Way {
        name: "a counter row in the transaction",
        schema: "DROP INDEX facts_unnumbered",
        fact: "WITH place AS (UPDATE journal SET last_seq = last_seq + 1 RETURNING last_seq) \
             INSERT INTO facts (id, seq, at, actor_id, request_id, kind, subject_kind, subject_id, body) \
             VALUES ($1, (SELECT last_seq FROM place) + coalesce($2::bigint, 0), $3, $4, $5, $6, $7, $8, $9)",
        is_numbered: false,
    },
    // Readers filter by `xid < pg_snapshot_xmin(pg_current_snapshot())`. Any transaction left open in the cluster
    // delays every reader.
    Way {
        name: "the horizon of transaction ids",
        schema: "DROP INDEX facts_unnumbered; DROP INDEX facts_seq_key; ALTER TABLE facts ADD COLUMN xid xid8; \
             CREATE INDEX facts_xid ON facts (xid, id)",
        fact: "INSERT INTO facts (id, seq, at, actor_id, request_id, kind, subject_kind, subject_id, body, xid) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, pg_current_xact_id())",
        is_numbered: false,
    },
    Way {
        name: "no order at all",
        schema: "DROP INDEX facts_unnumbered; DROP INDEX facts_seq_key",
        fact: bare::FACT,
        is_numbered: false,
    },
];

/// A connection with its statements.
struct Conn {
    client: Client,
    row: Statement,
    fact: Statement,
}

/// A way with its region and connections.
struct Lane {
    way: Way,
    ground: Ground,
    conns: Vec<Conn>,
}

pub fn measure(url: &str) {
    let system = System::new();
    let lanes: Vec<Lane> = WAYS
        .into_iter()
        .zip(["a", "b", "c", "d"])
        .map(|(way, name)| system.block_on(open(way, url, name)))
        .collect();
    let contestant = |lane| Contestant {
        name: lane_name(lane),
        round: Box::new(|| system.block_on(round(lane))),
        cpu: Box::new(|| None),
    };
    let contestants: Vec<Contestant<'_>> = lanes.iter().map(contestant).collect();
    println!(
        "\nPostgreSQL, {CONNECTIONS} writers, each transaction a row and its fact, against writing without any order:"
    );
    table::hold("ways to order facts without a gap", &contestants, &[]);
    drop(contestants);
    for lane in lanes {
        system.block_on(close(lane));
    }
}

fn lane_name(lane: &Lane) -> &'static str {
    lane.way.name
}

async fn open(way: Way, url: &str, name: &str) -> Lane {
    let ground = Ground::lay(Some(url.to_owned()), name);
    let schema = ground.schema();
    connect(url, &schema).await.batch_execute(way.schema).await.expect("a schema");
    let conns = join_all((0..CONNECTIONS).map(|_| async {
        let client = connect(url, &schema).await;
        let row = client.prepare(bare::INSERT).await.expect("a statement");
        let fact = client.prepare(way.fact).await.expect("a statement");
        Conn { client, row, fact }
    }));
    let conns = conns.await;
    Lane { way, ground, conns }
}

async fn close(lane: Lane) {
    if lane.way.is_numbered {
        let client = connect(&lane.ground.url, &lane.ground.schema()).await;
        client.batch_execute(NUMBER).await.expect("numbers");
        let count = "SELECT last_seq, (SELECT count(*) FROM facts WHERE seq IS NOT NULL) FROM journal";
        let row = client.query_one(count, &[]).await.expect("the journal");
        assert_eq!(row.get::<_, i64>(0), row.get::<_, i64>(1), "the journal has a gap");
    }
    drop(lane.conns);
    lane.ground.raze();
}

async fn round(lane: &Lane) -> Round {
    let (written, is_over) = (Notify::new(), Cell::new(false));
    let body = ground::body(0).into_bytes().into();
    let began = Instant::now();
    let end = began + LASTING;
    let writers = async {
        let all = join_all(lane.conns.iter().map(async |conn: &Conn| {
            let mut times = Vec::new();
            let mut now = Instant::now();
            while now < end {
                write(conn, &Entry::read(&body)).await.expect("a transaction");
                written.notify_one();
                let then = Instant::now();
                times.push(then - now);
                now = then;
            }
            times
        }));
        let times = all.await.concat();
        let took = began.elapsed();
        is_over.set(true);
        written.notify_one();
        Round::of(times, 0, took)
    };
    let numberer = async {
        let client = connect(&lane.ground.url, &lane.ground.schema()).await;
        while lane.way.is_numbered && !is_over.get() {
            written.notified().await;
            client.batch_execute(NUMBER).await.expect("numbers");
        }
    };
    join(writers, numberer).await.0
}

async fn write(conn: &Conn, it: &Entry) -> Result<(), Error> {
    let (now, form, nothing) = (Utc::now(), &it.form, None::<&str>);
    let (kind, name, territory) = (form.kind.code(), form.name.as_str(), form.territory.as_str());
    let (areas, contacts, place) = (Jsonb(&form.focus_areas), Jsonb(&form.contacts), None::<i64>);
    let (parent, told) = (None::<uuid::Uuid>, Jsonb(it.told()));
    let (begun, inserted) = join(
        conn.client.batch_execute("BEGIN"),
        conn.client.execute(
            &conn.row,
            &[
                &it.id,
                &now,
                &kind,
                &name,
                &it.name_key,
                &parent,
                &territory,
                &nothing,
                &nothing,
                &nothing,
                &areas,
                &contacts,
            ],
        ),
    )
    .await;
    begun.and(inserted)?;
    conn.client
        .execute(
            &conn.fact,
            &[&it.fact, &place, &now, &it.actor, &it.request, &it.kind, &it.subject, &it.id, &told],
        )
        .await?;
    conn.client.batch_execute("COMMIT").await
}
