//! The bare server on PostgreSQL, with tokio-postgres. Statements are prepared once. Each worker reads on two
//! pipelined connections and has as many for writing as the product.
#![expect(clippy::disallowed_types, reason = "measured against is plain actix")]
use crate::bare::{self, Entry, Window};
use actix_web::HttpResponse;
use actix_web::web::{Bytes, Data, Path, Query, ServiceConfig, get, post, resource};
use chrono::{DateTime, Utc};
use domain::base::moment::Moment;
use domain::base::word::Word;
use futures_util::future::{join, join_all};
use persistence::engine::column::Json;
use persistence::region::organizations::OrganizationCard;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;
use tokio::sync::{Notify, OnceCell, Semaphore};
use tokio_postgres::error::SqlState;
use tokio_postgres::types::Json as Jsonb;
use tokio_postgres::{Client, Error, NoTls, Row, Statement};
use uuid::Uuid;

const READERS: usize = 2;

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

/// Numbers facts beside the writers, like the product.
async fn number(base: Data<Base>) {
    let client = connect(&base.url, &base.schema).await;
    loop {
        let _ = tokio::time::timeout(Duration::from_millis(500), base.written.notified()).await;
        client.batch_execute(persistence::journal::NUMBER).await.expect("numbers");
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

/// Writes the row and its fact. BEGIN leaves with the first statement, like in the product.
async fn write(conn: &Conn, it: &Entry) -> Result<OrganizationCard, Error> {
    let (now, form) = (Utc::now(), &it.form);
    let parent = form.parent_id.map(Uuid::from);
    let (kind, name, territory) = (form.kind.code(), form.name.as_str(), form.territory.as_str());
    let inn = form.inn.as_ref().map(|it| it.as_str());
    let ogrn = form.ogrn.as_ref().map(|it| it.as_str());
    let mark = form.ngo_register_number.as_ref().map(|it| it.as_str());
    let (areas, contacts) = (Jsonb(&form.focus_areas), Jsonb(&form.contacts));
    let (begun, inserted) = join(
        conn.client.batch_execute("BEGIN ISOLATION LEVEL SERIALIZABLE"),
        conn.client.query_one(
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
        ),
    )
    .await;
    let card = card(&begun.and(inserted)?);
    let (place, body) = (None::<i64>, Jsonb(it.told()));
    conn.client
        .execute(
            &conn.fact,
            &[&it.fact, &place, &now, &it.actor, &it.request, &it.kind, &it.subject, &it.id, &body],
        )
        .await?;
    conn.client.batch_execute("COMMIT").await.map(|()| card)
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
        focus_areas: Json(row.get::<_, Jsonb<_>>(9).0),
        contacts: Json(row.get::<_, Jsonb<_>>(10).0),
        created_at: moment(11),
        updated_at: moment(12),
    }
}

/// Vacuums the tables, so that autovacuum does not start in the middle of a round.
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
