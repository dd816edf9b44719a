//! A world: one server, one region in a database of its own, one clock that only the test moves.
use crate::client::{Account, Client};
use crate::kept::{Keeping, Kept};
use crate::template::{REGION, beginning, copy_database, copy_file, drop_database};
use actix_web::dev::{Server, ServerHandle};
use api::http::config::{Cli, Settings};
use api::http::logins::tokens::Tokens;
use api::http::state::State;
use chrono::{DateTime, TimeDelta, Utc};
use clap::Parser;
use domain::base::change::{Subject, SubjectKind};
use domain::base::moment::Moment;
use domain::region::jobs::JobKind;
use domain::region::users::NewUser;
use persistence::db::{Clock, Db, Limits, Region, Work};
use persistence::engine::failure::Failure;
use persistence::engine::page::RegionInfo;
use persistence::engine::seal::MasterKey;
use persistence::region::jobs;
use persistence::tx::{Actor, Tx};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, LazyLock, Mutex, mpsc};
use std::thread::JoinHandle;
use std::time::Duration;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

/// The password of every account in every world.
pub const PASSWORD: &str = "сирень у старой пристани";

/// The zone of the worlds' region.
pub const HOME_ZONE: &str = "Europe/Moscow";

/// Where PostgreSQL is; without it worlds stand on SQLite.
pub fn postgres_url() -> Option<String> {
    std::env::var("TEST_DATABASE_URL").ok()
}

/// One server with one region.
pub struct World {
    client: Client,
    pub region: String,
    /// Where SQLite keeps the region.
    pub folder: PathBuf,
    pub(crate) clock: Arc<Mutex<DateTime<Utc>>>,
    /// The time by which the region is ahead of UTC.
    ahead: TimeDelta,
    server: ServerHandle,
    thread: Option<JoinHandle<()>>,
    admin: Account,
    pub(crate) db: Db,
    /// The address of the world's own database.
    pub url: String,
    /// The key by which its server signs tokens.
    pub(crate) key: String,
    pub(crate) keeping: Arc<Keeping>,
    /// Ids of shipped things by the addresses at which they were found.
    pub(crate) shipped: Mutex<HashMap<String, String>>,
}

/// Another server of a world's region, as a process of its own would be.
pub struct Beside {
    client: Client,
    server: ServerHandle,
    thread: Option<JoinHandle<()>>,
}

impl std::ops::Deref for Beside {
    type Target = Client;
    fn deref(&self) -> &Client {
        &self.client
    }
}

impl Drop for Beside {
    fn drop(&mut self) {
        stop(&self.server, self.thread.take());
    }
}

fn stop(server: &ServerHandle, thread: Option<JoinHandle<()>>) {
    let stop = server.stop(false);
    std::thread::spawn(move || actix_web::rt::System::new().block_on(stop)).join().ok();
    if let Some(thread) = thread {
        thread.join().ok();
    }
}

impl std::ops::Deref for World {
    type Target = Client;
    fn deref(&self) -> &Client {
        &self.client
    }
}

impl World {
    /// A server with a region that has the shipped programs and one account, its administrator.
    pub fn new() -> Self {
        Self::with(&[])
    }

    /// The same, with settings as on the command line.
    pub fn with(flags: &[&str]) -> Self {
        Self::reaching(flags, None)
    }

    /// The same, with a server that reaches PostgreSQL at another host and port, where a test stands between.
    pub fn through(place: &str) -> Self {
        Self::reaching(&[], Some(place.to_owned()))
    }

    /// A server whose region lives in that zone, so many hours ahead of UTC.
    pub fn in_zone(zone: &str, hours: i64) -> Self {
        let mut world = Self::new();
        world.region = format!("{}_z", world.region);
        world.ahead = TimeDelta::hours(hours);
        world.found(&world.region, zone);
        world.admin = world.login("admin");
        world
    }

    fn found(&self, code: &str, zone: &str) {
        let (db, code, zone) = (self.db.clone(), code.to_owned(), zone.to_owned());
        let found = std::thread::spawn(move || {
            let found = async move { drop(found_region(&db, &code, &zone).await) };
            actix_web::rt::System::new().block_on(found);
        });
        found.join().expect("another region");
    }

    fn reaching(flags: &[&str], place: Option<String>) -> Self {
        let mut world = Self::standing(flags, place, None);
        world.admin = world.login("admin");
        world
    }

    /// A world that goes on from where another one was kept.
    pub(crate) fn resumed(kept: &Arc<Kept>) -> Self {
        let mut world = Self::standing(&[], None, Some(kept.clone()));
        world.admin = kept.admin.clone();
        world
    }

    fn standing(flags: &[&str], place: Option<String>, kept: Option<Arc<Kept>>) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let clock = kept.as_ref().map_or_else(beginning, |it| Arc::new(Mutex::new(it.instant)));
        let key = kept.as_ref().map_or_else(new_key, |it| it.key.clone());
        let keeping = Arc::new(Keeping::default());
        let ground = Ground {
            database: format!("world_{}", COUNT.fetch_add(1, Ordering::SeqCst)),
            clock: clock.clone(),
            flags: flags.iter().map(|it| (*it).to_owned()).collect(),
            place,
            test: std::thread::current().name().unwrap_or_default().to_owned(),
            kept,
            key: key.clone(),
            keeping: keeping.clone(),
        };
        let (tell, told) = mpsc::channel();
        let thread = std::thread::spawn(move || actix_web::rt::System::new().block_on(host(ground, tell)));
        let (base, folder, server, db, url) = told.recv().expect("the server starts");
        let nobody = Account {
            login: String::new(),
            token: String::new(),
            refresh_token: String::new(),
            id: String::new(),
        };
        Self {
            client: Client::new(base),
            region: REGION.to_owned(),
            folder,
            clock,
            ahead: TimeDelta::hours(3),
            server,
            thread: Some(thread),
            admin: nobody,
            db,
            url,
            key,
            keeping,
            shipped: Mutex::default(),
        }
    }

    /// Starts another server on the same database with the same clock.
    pub fn beside(&self, flags: &[&str]) -> Beside {
        let (tell, told) = mpsc::channel();
        let (url, region, clock) = (self.url.clone(), self.region.clone(), self.clock.clone());
        let flags: Vec<String> = flags.iter().map(|it| (*it).to_owned()).collect();
        let host = move || async move {
            let db = open(&url, &region, clock, &flags);
            db.open().await.expect("the region opens");
            let (base, server) = start(&db, &flags, &new_key());
            tell.send((base, server.handle())).expect("the test waits");
            server.await.expect("the server ends well");
        };
        let thread = std::thread::spawn(move || actix_web::rt::System::new().block_on(host()));
        let (base, server) = told.recv().expect("the server starts");
        Beside { client: Client::new(base), server, thread: Some(thread) }
    }

    /// The file of the region on SQLite.
    pub fn region_file(&self) -> PathBuf {
        self.folder.join(format!("{}.sqlite", self.region))
    }

    /// Lets time pass. Access tokens live 15 minutes: log in again after longer.
    pub fn advance(&self, by: TimeDelta) {
        *self.clock.lock().unwrap() += by;
    }
    /// Lets days pass and keeps the administrator logged in.
    pub fn advance_days(&mut self, days: i64) {
        self.advance(TimeDelta::days(days));
        self.admin = self.login("admin");
    }
    /// The region's today: the worlds' region lives in Moscow's zone, but for those of [`Self::in_zone`].
    pub fn today(&self) -> chrono::NaiveDate {
        (*self.clock.lock().unwrap() + self.ahead).date_naive()
    }
    pub fn now(&self) -> String {
        self.clock.lock().unwrap().to_rfc3339_opts(chrono::SecondsFormat::Secs, true)
    }
    /// A day so many days from today, as the API writes it.
    pub fn day(&self, days: i64) -> String {
        (self.today() + TimeDelta::days(days)).to_string()
    }

    pub fn admin(&self) -> Account {
        self.admin.clone()
    }

    /// Adds a second region to the server, and answers its administrator.
    pub fn neighbour(&self) -> Account {
        self.found(&format!("{}_n", self.region), HOME_ZONE);
        self.login_in(&format!("{}_n", self.region), "admin")
    }

    /// The facts after a place, as a feed reads them: place, kind and subject.
    pub fn facts_since(&self, seq: i64) -> Vec<(i64, String, String)> {
        let (db, code) = (self.db.clone(), self.region.clone());
        let read = std::thread::spawn(move || {
            actix_web::rt::System::new().block_on(async move {
                let region = db.region(&code).expect("the region");
                let since = async |tx: &mut Tx<'_>| persistence::journal::since(tx, seq, 100_000).await;
                region.read(Actor::system("feed"), since).await.expect("the journal")
            })
        });
        let facts = read.join().expect("a reader");
        facts.into_iter().map(|(seq, kind, subject)| (seq, kind, subject.to_string())).collect()
    }

    /// Puts work into the queue in the name of an account, as a route would.
    pub fn queued_job(&self, who: &Account) -> String {
        self.job(who, false)
    }

    /// The same, taken up at once by a server that gives no sign of life any more: while the clock stands still, it holds the job.
    pub fn running_job(&self, who: &Account) -> String {
        self.job(who, true)
    }

    fn job(&self, who: &Account, is_taken: bool) -> String {
        let (db, code, user) = (self.db.clone(), self.region.clone(), who.id.parse().expect("an id"));
        let put = async move |tx: &mut Tx<'_>| {
            let subject = Subject::new(SubjectKind::MatchingRound, jobs::runner(tx.now()));
            let id = jobs::enqueue_for(tx, JobKind::MatchingRound, subject, user).await?;
            let mut is_queued = is_taken;
            while is_queued {
                let taken = jobs::claim(
                    tx,
                    JobKind::MatchingRound.lane(),
                    jobs::runner(tx.now()),
                    TimeDelta::seconds(5),
                )
                .await?;
                is_queued = taken.is_some_and(|it| it.id != id);
            }
            Ok(id)
        };
        let put = lasting(async move || {
            let region = db.region(&code).expect("the region");
            region.write(Actor::system("job"), put).await.expect("a job")
        });
        put.to_string()
    }

    /// Does what no address does: what one feature loads or saves for another.
    pub fn inside<T: Send + 'static>(&self, work: impl Work<T> + Send + 'static) -> T {
        self.tried_inside(work).expect("it is done")
    }

    /// The same where it may fail: beside many others the queue may be full.
    pub fn tried_inside<T: Send + 'static>(&self, work: impl Work<T> + Send + 'static) -> Result<T, Failure> {
        let (db, code) = (self.db.clone(), self.region.clone());
        lasting(async move || {
            let region = db.region(&code).expect("the region");
            region.write(Actor::system("inside"), work).await
        })
    }

    /// Waits until a fact of that kind has its place in the journal, and answers what it is about.
    pub fn fact(&self, kind: &str) -> String {
        let began = std::time::Instant::now();
        loop {
            if let Some((_, _, subject)) = self.facts_since(0).into_iter().rfind(|(_, it, _)| it == kind) {
                return subject;
            }
            assert!(began.elapsed() < Duration::from_secs(5), "no fact '{kind}'");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// The accounts that read a subject of the region, by the journal.
    pub fn readers(&self, kind: domain::base::change::SubjectKind, id: &str) -> Vec<String> {
        let (db, code, id) = (self.db.clone(), self.region.clone(), id.parse().expect("an id"));
        let read = std::thread::spawn(move || {
            actix_web::rt::System::new().block_on(async move {
                let region = db.region(&code).expect("the region");
                region.flush_reads().await.expect("the reads are written");
                let readers =
                    async |tx: &mut Tx<'_>| persistence::journal::reads::readers(tx, kind, id).await;
                region.read(Actor::system("readers"), readers).await.expect("the journal")
            })
        });
        read.join().expect("a reader").into_iter().map(|(user, _)| user.to_string()).collect()
    }

    /// Logs an account in.
    pub fn login(&self, login: &str) -> Account {
        self.login_in(&self.region, login)
    }

    /// Opens an account with these grants, such as `json!([{"role": "director", "organization_id": id}])`, and logs it in.
    pub fn account(&self, login: &str, grants: Value, person_id: Option<&str>) -> Account {
        let mut body = json!({"login": login, "name": format!("Сотрудник {login}"), "grants": grants, "password": PASSWORD});
        if let Some(person) = person_id {
            body["person_id"] = json!(person);
        }
        self.post(&self.admin, "/users", body).expect(201);
        self.login(login)
    }

    /// Enters an organization.
    pub fn organization(&self, kind: &str, name: &str, territory: &str) -> String {
        self.post(&self.admin, "/organizations", json!({"kind": kind, "name": name, "territory": territory}))
            .expect(201)
            .id()
    }
}

impl Default for World {
    fn default() -> Self {
        Self::new()
    }
}

impl Drop for World {
    fn drop(&mut self) {
        if !std::thread::panicking() && postgres_url().is_none() {
            let unexplained = crate::watch::unexplained(&self.region_file());
            assert_eq!(unexplained, Vec::<String>::new(), "rows changed without a fact");
        }
        stop(&self.server, self.thread.take());
    }
}

/// The settings of a server started with these flags.
pub fn settings(flags: &[String]) -> Settings {
    static PLAIN: LazyLock<Settings> = LazyLock::new(|| Cli::parse_from(["nastavnik", "serve"]).settings);
    if flags.is_empty() {
        return PLAIN.clone();
    }
    let line =
        std::iter::once("nastavnik".to_owned()).chain(flags.iter().cloned()).chain(["serve".to_owned()]);
    Cli::parse_from(line).settings
}

type Started = (String, PathBuf, ServerHandle, Db, String);

/// The ground on which the server of a world stands.
struct Ground {
    database: String,
    clock: Arc<Mutex<DateTime<Utc>>>,
    flags: Vec<String>,
    place: Option<String>,
    test: String,
    kept: Option<Arc<Kept>>,
    key: String,
    keeping: Arc<Keeping>,
}

async fn host(ground: Ground, tell: mpsc::Sender<Started>) {
    let Ground { database, clock, flags, place, test, kept, key, keeping } = ground;
    api::http::logins::password::cheapen();
    let folder = tempfile::tempdir().expect("a folder");
    let mut url = match (kept, postgres_url()) {
        (Some(kept), _) => kept.copy(folder.path(), &database).await,
        (None, Some(postgres)) => copy_database(&postgres, &database).await,
        (None, None) => copy_file(folder.path()),
    };
    let address = url.clone();
    if postgres_url().is_none() {
        crate::statements::record(folder.path(), &test);
    }
    if let Some(place) = place {
        url = url.replace(&place_of(&url), &place);
    }
    let db = open(&url, REGION, clock, &flags);
    db.open().await.expect("the region opens");
    let (base, server) = start(&db, &flags, &key);
    tell.send((base, folder.path().to_owned(), server.handle(), db.clone(), url)).expect("the test waits");
    server.await.expect("the server ends well");
    db.close().await;
    match postgres_url() {
        None => keeping.take(folder.path()),
        Some(_) if keeping.is_wanted() => {}
        Some(_) => drop_database(&address).await,
    }
}

/// The host and port in the address of a database.
pub fn place_of(url: &str) -> String {
    url.split('@').nth(1).and_then(|it| it.split('/').next()).expect("a host in the address").to_owned()
}

pub(crate) fn open(url: &str, region: &str, clock: Arc<Mutex<DateTime<Utc>>>, flags: &[String]) -> Db {
    let now: Clock = Arc::new(move || Moment::from(*clock.lock().unwrap()));
    let queue_length = usize::try_from(settings(flags).write_queue).expect("a length");
    let limits = Limits { writers: 8, queue_length, only: vec![region.to_owned()] };
    Db::at(url, MasterKey::new([42; 32]), now, limits).expect("an address of a database")
}

fn new_key() -> String {
    Tokens::generate().expect("a key")
}

fn start(db: &Db, flags: &[String], key: &str) -> (String, Server) {
    let settings = Settings { workers: 1, ..settings(flags) };
    let tokens = Tokens::new(&settings.public_url, key).expect("a key");
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let base = format!("http://{}", listener.local_addr().expect("an address"));
    (base, api::server::serve(listener, State::new(db.clone(), tokens, settings)).expect("a server"))
}

/// Makes a region with the shipped programs and one account, its administrator.
pub async fn found_region(db: &Db, code: &str, zone: &str) -> Region {
    let info = RegionInfo {
        code: code.to_owned(),
        name: "Проверочная область".into(),
        territory: "25000000".to_owned().into(),
        zone: zone.parse().expect("a zone"),
    };
    let region = db.add_region(info, api::shipped::ship).await.expect("a region");
    let order = json!({"login": "admin", "name": "Администратор", "grants": [{"role": "region_admin"}], "password": PASSWORD});
    let order: NewUser = serde_json::from_value(order).expect("an order");
    api::region::users::open_by("world", &region, order).await.expect("an administrator");
    region
}

/// Does work on a thread that lasts as long as the process. A connection of the pool lives on the thread that has opened it, and others
/// would find it closed.
pub(crate) fn lasting<T: Send + 'static, F: Future<Output = T> + 'static>(
    work: impl FnOnce() -> F + Send + 'static,
) -> T {
    static LASTING: LazyLock<UnboundedSender<Box<dyn FnOnce() + Send>>> = LazyLock::new(|| {
        let (to, mut from) = unbounded_channel::<Box<dyn FnOnce() + Send>>();
        std::thread::spawn(move || {
            actix_web::rt::System::new().block_on(async move {
                while let Some(begin) = from.recv().await {
                    begin();
                }
            });
        });
        to
    });
    let (tell, told) = mpsc::channel();
    let begin = move || {
        actix_web::rt::spawn(async move {
            let _ = tell.send(work().await);
        });
    };
    assert!(LASTING.send(Box::new(begin)).is_ok(), "the thread lasts");
    told.recv().expect("the work is done")
}
