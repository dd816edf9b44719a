//! The bare server on PostgreSQL: tokio-postgres, statements prepared once, two pipelined connections per worker for reading
//! and as many for writing as the product has.
#![expect(clippy::disallowed_types, reason = "measured against is plain actix")]
use crate::bare::{self, Entry, OrganizationCard, Window};
use actix_web::HttpResponse;
use actix_web::web::{Bytes, Data, Path, Query, ServiceConfig, get, post, resource};
use chrono::{DateTime, Utc};
use domain::base::moment::Moment;
use domain::base::word::Word;
use futures_util::future::{join, join_all};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;
use tokio::sync::{Notify, OnceCell, Semaphore};
use tokio_postgres::error::SqlState;
use tokio_postgres::types::Json as Jsonb;
use tokio_postgres::{Client, Error, NoTls, Row, Statement};
use uuid::Uuid;

const READERS: usize = 2;

/// As `persistence/src/journal.rs` has it.
pub const NUMBER: &str = "BEGIN ISOLATION LEVEL READ COMMITTED; \
    SELECT last_seq FROM journal FOR UPDATE; \
    WITH fresh AS (SELECT id, row_number() OVER (ORDER BY id) AS n FROM facts WHERE seq IS NULL), \
    done AS (UPDATE facts SET seq = journal.last_seq + fresh.n FROM fresh, journal WHERE facts.id = fresh.id RETURNING 1) \
    UPDATE journal SET last_seq = last_seq + (SELECT count(*) FROM done) WHERE EXISTS (SELECT 1 FROM fresh); \
    COMMIT";

/// The state that the workers share.
struct Base {
    url: String,
    schema: String,
    writers: usize,
    written: Notify,
}

/// A connection with its statements.
struct Conn {
    client: Client,
    one: Statement,
    first_page: Statement,
    next_page: Statement,
    insert: Statement,
    fact: Statement,
}

/// The connections of one worker.
struct Mine {
    readers: Vec<Conn>,
    turn: Cell<usize>,
    idle: RefCell<Vec<Conn>>,
    free: Semaphore,
}

thread_local! { static MINE: Rc<OnceCell<Mine>> = Rc::default(); }

pub async fn connect(url: &str, schema: &str) -> Client {
    let (client, socket) = tokio_postgres::connect(url, NoTls).await.expect("a connection");
    tokio::spawn(socket);
    client
        .batch_execute(&format!("SET search_path = \"{schema}\"; SET TIME ZONE 'UTC'"))
        .await
        .expect("a schema");
    client
}

impl Conn {
    async fn open(base: &Base) -> Self {
        let client = connect(&base.url, &base.schema).await;
        let statement = async |sql: &str| client.prepare(sql).await.expect("a statement");
        Self {
            one: statement(&bare::one()).await,
            first_page: statement(&bare::first_page()).await,
            next_page: statement(&bare::next_page()).await,
            insert: statement(&bare::insert()).await,
            fact: statement(bare::FACT).await,
            client,
        }
    }
}

impl Mine {
    async fn open(base: &Base) -> Self {
        let some = |count: usize| join_all((0..count).map(|_| Conn::open(base)));
        let (readers, idle) = (some(READERS).await, some(base.writers).await);
        Self { readers, turn: Cell::new(0), idle: RefCell::new(idle), free: Semaphore::new(base.writers) }
    }
}

pub async fn serve(workers: usize, url: String, schema: String, writers: usize) {
    let base = Data::new(Base { url, schema, writers: writers / workers, written: Notify::new() });
    tokio::task::spawn_local(number(base.clone()));
    bare::serve(workers, move |config: &mut ServiceConfig| {
        config.app_data(base.clone());
        config.service(resource("/api/v1/organizations").route(get().to(list)).route(post().to(add)));
        config.service(resource("/api/v1/organizations/{id}").route(get().to(one)));
    })
    .await;
}

/// Numbers facts beside the writers, as the product does.
async fn number(base: Data<Base>) {
    let client = connect(&base.url, &base.schema).await;
    loop {
        let _ = tokio::time::timeout(Duration::from_millis(500), base.written.notified()).await;
        client.batch_execute(NUMBER).await.expect("numbers");
    }
}

async fn mine(base: &Base) -> Rc<OnceCell<Mine>> {
    let mine = MINE.with(Rc::clone);
    mine.get_or_init(|| Mine::open(base)).await;
    mine
}

fn reader(mine: &Mine) -> &Conn {
    let turn = mine.turn.replace(mine.turn.get().wrapping_add(1));
    &mine.readers[turn % READERS]
}

async fn one(base: Data<Base>, id: Path<Uuid>) -> HttpResponse {
    let mine = mine(&base).await;
    let conn = reader(mine.get().expect("connections"));
    bare::answer_one(&find(conn, *id).await.expect("a row"))
}

async fn list(base: Data<Base>, window: Query<Window>) -> HttpResponse {
    let mine = mine(&base).await;
    let (conn, fetch) = (reader(mine.get().expect("connections")), window.limit + 1);
    let rows = match window.cursor {
        None => conn.client.query(&conn.first_page, &[&fetch]).await,
        Some(id) => conn.client.query(&conn.next_page, &[&id, &fetch]).await,
    };
    bare::answer_page(rows.expect("rows").iter().map(card).collect(), window.limit)
}

async fn add(base: Data<Base>, body: Bytes) -> HttpResponse {
    let mine = mine(&base).await;
    let mine = mine.get().expect("connections");
    let entry = Entry::read(&body);
    let _free = mine.free.acquire().await.expect("a place");
    let conn = mine.idle.borrow_mut().pop().expect("a connection");
    let card = loop {
        match write(&conn, &entry).await {
            Ok(card) => break card,
            Err(error) if error.code() == Some(&SqlState::T_R_SERIALIZATION_FAILURE) => {
                let _ = conn.client.batch_execute("ROLLBACK").await;
            }
            Err(error) => panic!("{error}"),
        }
    };
    mine.idle.borrow_mut().push(conn);
    base.written.notify_one();
    bare::answer_new(&card)
}

/// Enters entries as the product would, many to a commit, and numbers their facts.
pub async fn fill(url: &str, schema: &str, batches: impl Iterator<Item = Vec<Entry>>) {
    let base = Base { url: url.into(), schema: schema.into(), writers: 1, written: Notify::new() };
    let conn = Conn::open(&base).await;
    for batch in batches {
        conn.client.batch_execute("BEGIN").await.expect("a transaction");
        for done in join_all(batch.iter().map(|it| insert(&conn, it))).await {
            done.expect("a row");
        }
        conn.client.batch_execute("COMMIT").await.expect("a commit");
    }
    conn.client.batch_execute(NUMBER).await.expect("numbers");
}

/// In a transaction of its own; BEGIN leaves with the first statement, as the product's does.
async fn write(conn: &Conn, it: &Entry) -> Result<OrganizationCard, Error> {
    let begin = conn.client.batch_execute("BEGIN ISOLATION LEVEL SERIALIZABLE");
    let (begun, inserted) = join(begin, insert(conn, it)).await;
    let card = begun.and(inserted)?;
    conn.client.batch_execute("COMMIT").await.map(|()| card)
}

/// The row and its fact.
async fn insert(conn: &Conn, it: &Entry) -> Result<OrganizationCard, Error> {
    let (now, form) = (Utc::now(), &it.form);
    let parent = form.parent_id.map(Uuid::from);
    let (kind, name, territory) = (form.kind.code(), form.name.as_str(), form.territory.as_str());
    let inn = form.inn.as_ref().map(|it| it.as_str());
    let ogrn = form.ogrn.as_ref().map(|it| it.as_str());
    let mark = form.ngo_register_number.as_ref().map(|it| it.as_str());
    let (areas, contacts) = (Jsonb(&form.focus_areas), Jsonb(&form.contacts));
    let row = conn
        .client
        .query_one(
            &conn.insert,
            &[
                &it.id,
                &now,
                &kind,
                &name,
                &it.name_key,
                &parent,
                &territory,
                &inn,
                &ogrn,
                &mark,
                &areas,
                &contacts,
            ],
        )
        .await?;
    let card = card(&row);
    let (place, body) = (None::<i64>, Jsonb(it.told()));
    conn.client
        .execute(
            &conn.fact,
            &[&it.fact, &place, &now, &it.actor, &it.request, &it.kind, &it.subject, &it.id, &body],
        )
        .await?;
    Ok(card)
}

async fn find(conn: &Conn, id: Uuid) -> Result<OrganizationCard, Error> {
    conn.client.query_one(&conn.one, &[&id, &1_i64]).await.map(|it| card(&it))
}

fn card(row: &Row) -> OrganizationCard {
    let text = |n: usize| row.get::<_, Option<String>>(n);
    let sure = |n: usize| row.get::<_, String>(n);
    let moment = |n: usize| Moment::from(row.get::<_, DateTime<Utc>>(n));
    OrganizationCard {
        id: row.get::<_, Uuid>(0).into(),
        version: row.get(1),
        kind: Word::parse(row.get(2)).expect("a word"),
        name: sure(3).into(),
        parent_id: row.get::<_, Option<Uuid>>(4).map(Into::into),
        territory: sure(5).into(),
        inn: text(6).map(Into::into),
        ogrn: text(7).map(Into::into),
        ngo_register_number: text(8).map(Into::into),
        focus_areas: row.get::<_, Jsonb<_>>(9).0,
        contacts: row.get::<_, Jsonb<_>>(10).0,
        created_at: moment(11),
        updated_at: moment(12),
    }
}

/// Leaves nothing for autovacuum to do in the middle of a round.
pub async fn tidy(url: &str, schema: &str) {
    let client = connect(url, schema).await;
    for sql in ["VACUUM ANALYZE organizations", "VACUUM ANALYZE facts", "CHECKPOINT"] {
        client.batch_execute(sql).await.expect("a tidy schema");
    }
    let mut settings = Vec::new();
    for name in ["fsync", "synchronous_commit", "full_page_writes"] {
        let row = client.query_one(&format!("SHOW {name}"), &[]).await.expect("a setting");
        settings.push(format!("{name} {}", row.get::<_, String>(0)));
    }
    println!("{}", settings.join(", "));
}
