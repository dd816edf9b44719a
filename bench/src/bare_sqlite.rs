//! The bare server on SQLite: rusqlite, which links the very library that diesel links.
#![expect(clippy::disallowed_types, reason = "measured against is plain actix")]
use crate::bare::{self, Entry, OrganizationCard, Window};
use actix_web::HttpResponse;
use actix_web::web::{Bytes, Data, Path, Query, ServiceConfig, block, get, post, resource};
use domain::base::moment::Moment;
use domain::base::word::Word;
use rusqlite::{Connection, OpenFlags, Result, Row, params};
use std::cell::RefCell;
use std::sync::{Mutex, mpsc};
use tokio::sync::oneshot;
use uuid::Uuid;

/// As `persistence/src/conn.rs` has them.
const PRAGMAS: &str = "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
     PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -32768; PRAGMA journal_size_limit = 67108864;";
/// As the product's writer groups requests.
const GROUP: usize = 64;

type Job = (Entry, oneshot::Sender<OrganizationCard>);

struct Base {
    file: String,
    /// A writer that commits many requests at once, as the product's does.
    queue: mpsc::SyncSender<Job>,
    /// A writer that commits each request by itself.
    alone: Mutex<Connection>,
}

thread_local! { static READER: RefCell<Option<Connection>> = const { RefCell::new(None) }; }

fn open(file: &str) -> Connection {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(file, flags).expect("a file");
    conn.execute_batch(PRAGMAS).expect("settings");
    conn.set_prepared_statement_cache_capacity(64);
    conn
}

pub async fn serve(workers: usize, file: String) {
    let (queue, jobs) = mpsc::sync_channel(1024);
    let writer = open(&file);
    std::thread::spawn(move || write_groups(&writer, &jobs));
    let base = Data::new(Base { alone: Mutex::new(open(&file)), file, queue });
    bare::serve(workers, move |config: &mut ServiceConfig| {
        config.app_data(base.clone());
        config.service(resource("/api/v1/organizations").route(get().to(list)).route(post().to(add_grouped)));
        config.service(resource("/api/v1/organizations/{id}").route(get().to(one)));
        config.route("/api/v1/alone/organizations", post().to(add_alone));
    })
    .await;
}

fn read<T>(base: &Base, work: impl FnOnce(&Connection) -> T) -> T {
    READER.with_borrow_mut(|it| work(it.get_or_insert_with(|| open(&base.file))))
}

async fn one(base: Data<Base>, id: Path<Uuid>) -> HttpResponse {
    bare::answer_one(&read(&base, |conn| find(conn, *id)).expect("a row"))
}

async fn list(base: Data<Base>, window: Query<Window>) -> HttpResponse {
    let fetch = window.limit + 1;
    let rows: Result<Vec<OrganizationCard>> = read(&base, |conn| match window.cursor {
        None => conn.prepare_cached(&bare::first_page())?.query_map([fetch], card)?.collect(),
        Some(id) => {
            conn.prepare_cached(&bare::next_page())?.query_map(params![id.as_bytes(), fetch], card)?.collect()
        }
    });
    bare::answer_page(rows.expect("rows"), window.limit)
}

async fn add_grouped(base: Data<Base>, body: Bytes) -> HttpResponse {
    let (tell, told) = oneshot::channel();
    base.queue.try_send((Entry::read(&body), tell)).expect("a place in the queue");
    bare::answer_new(&told.await.expect("a row"))
}

async fn add_alone(base: Data<Base>, body: Bytes) -> HttpResponse {
    let entry = Entry::read(&body);
    // Off the worker threads: a worker that waits for the lock would keep its other connections waiting as well.
    let written = block(move || {
        let conn = base.alone.lock().expect("a connection");
        conn.execute_batch("BEGIN IMMEDIATE")?;
        let card = write(&conn, &entry)?;
        conn.execute_batch("COMMIT").map(|()| card)
    });
    bare::answer_new(&written.await.expect("a thread").expect("a row"))
}

fn write_groups(conn: &Connection, jobs: &mpsc::Receiver<Job>) {
    while let Ok(first) = jobs.recv() {
        let mut done = Vec::new();
        conn.execute_batch("BEGIN IMMEDIATE").expect("a transaction");
        let mut next = Some(first);
        while let Some((entry, tell)) = next.take() {
            conn.execute_batch("SAVEPOINT request").expect("a savepoint");
            done.push((tell, write(conn, &entry).expect("a row")));
            conn.execute_batch("RELEASE request").expect("a savepoint");
            if done.len() < GROUP {
                next = jobs.try_recv().ok();
            }
        }
        conn.execute_batch("COMMIT").expect("a commit");
        for (tell, card) in done {
            let _ = tell.send(card);
        }
    }
}

/// The row, its place in the journal, its fact.
fn write(conn: &Connection, it: &Entry) -> Result<OrganizationCard> {
    let (now, form) = (chrono::Utc::now().timestamp_micros(), &it.form);
    let row = params![
        it.id.as_bytes(),
        now,
        form.kind.code(),
        form.name.as_str(),
        it.name_key,
        form.parent_id.map(|it| *Uuid::from(it).as_bytes()),
        form.territory.as_str(),
        form.inn.as_ref().map(|it| it.as_str()),
        form.ogrn.as_ref().map(|it| it.as_str()),
        form.ngo_register_number.as_ref().map(|it| it.as_str()),
        serde_json::to_string(&form.focus_areas).expect("JSON"),
        serde_json::to_string(&form.contacts).expect("JSON"),
    ];
    let card = conn.prepare_cached(&bare::insert())?.query_row(row, card)?;
    let place: i64 = conn
        .prepare_cached("UPDATE journal SET last_seq = last_seq + $1 RETURNING last_seq")?
        .query_row([1], |row| row.get(0))?;
    let (actor, body) = (it.actor.as_bytes(), it.told().to_string());
    let fact = params![
        it.fact.as_bytes(),
        place,
        now,
        actor,
        it.request,
        it.kind,
        it.subject,
        it.id.as_bytes(),
        body
    ];
    conn.prepare_cached(bare::FACT)?.execute(fact)?;
    Ok(card)
}

/// Enters entries as the product would, many to a commit.
pub fn fill(file: &str, batches: impl Iterator<Item = Vec<Entry>>) {
    let conn = open(file);
    for batch in batches {
        conn.execute_batch("BEGIN IMMEDIATE").expect("a transaction");
        for entry in batch {
            write(&conn, &entry).expect("a row");
        }
        conn.execute_batch("COMMIT").expect("a commit");
    }
}

fn find(conn: &Connection, id: Uuid) -> Result<OrganizationCard> {
    conn.prepare_cached(&bare::one())?.query_row(params![id.as_bytes(), 1], card)
}

fn card(row: &Row<'_>) -> Result<OrganizationCard> {
    let text = |n: usize| Ok::<_, rusqlite::Error>(row.get_ref(n)?.as_str_or_null()?.map(str::to_owned));
    let sure = |n: usize| Ok::<_, rusqlite::Error>(row.get_ref(n)?.as_str()?);
    let id = |n: usize| Ok::<_, rusqlite::Error>(row.get_ref(n)?.as_blob_or_null()?.map(uuid));
    let moment = |n: usize| Ok::<_, rusqlite::Error>(Moment::from_micros(row.get(n)?).expect("an instant"));
    Ok(OrganizationCard {
        id: id(0)?.expect("an id").into(),
        version: row.get(1)?,
        kind: Word::parse(sure(2)?).expect("a word"),
        name: sure(3)?.to_owned().into(),
        parent_id: id(4)?.map(Into::into),
        territory: sure(5)?.to_owned().into(),
        inn: text(6)?.map(Into::into),
        ogrn: text(7)?.map(Into::into),
        ngo_register_number: text(8)?.map(Into::into),
        focus_areas: serde_json::from_str(sure(9)?).expect("JSON"),
        contacts: serde_json::from_str(sure(10)?).expect("JSON"),
        created_at: moment(11)?,
        updated_at: moment(12)?,
    })
}

fn uuid(bytes: &[u8]) -> Uuid {
    Uuid::from_slice(bytes).expect("16 bytes")
}
