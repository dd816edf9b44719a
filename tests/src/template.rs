//! A region founded once per process and copied for each world: founding one takes longer than most tests.
use crate::world::{HOME_ZONE, found_region, open};
use chrono::{DateTime, Utc};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, Once, OnceLock};
use tokio_postgres::NoTls;

/// The code of every world's region. Each world has a database of its own, so the code need not tell them apart.
pub const REGION: &str = "world";

/// The instant at which every world begins.
pub fn beginning() -> Arc<Mutex<DateTime<Utc>>> {
    Arc::new(Mutex::new("2026-03-02T06:00:00Z".parse().expect("an instant")))
}

/// Databases on PostgreSQL begin so, and a connection of this name shows that their process is alive.
fn prefix() -> String {
    format!("nastavnik_{}", std::process::id())
}

/// Founds the region in an empty database.
async fn found(url: &str) {
    api::http::logins::password::cheapen();
    let db = open(url, REGION, beginning(), &[]);
    found_region(&db, REGION, HOME_ZONE).await;
    db.close().await;
}

/// Does work of its own runtime while a test thread waits.
pub fn aside<T: Send + 'static, F: Future<Output = T>>(work: impl FnOnce() -> F + Send + 'static) -> T {
    let work = move || actix_web::rt::System::new().block_on(work());
    std::thread::spawn(work).join().expect("a template")
}

/// The files of a region by their names. Without the register of regions a start would open the region twice.
pub type Files = [(String, Vec<u8>); 2];

/// The file of the worlds' region in a folder.
pub fn region_file(folder: &Path) -> PathBuf {
    folder.join(format!("{REGION}.sqlite"))
}

/// The files of the region in a folder, which is closed.
pub fn files_in(folder: &Path) -> Files {
    [format!("{REGION}.sqlite"), "regions.txt".to_owned()].map(|name| {
        let file = std::fs::read(folder.join(&name)).expect("a file");
        (name, file)
    })
}

/// Puts the files of a region into a folder, and answers its address.
pub fn put(files: &Files, folder: &Path) -> String {
    for (name, file) in files {
        std::fs::write(folder.join(name), file).expect("a copy");
    }
    format!("sqlite:{}", folder.display())
}

/// Copies the region's file into a folder, and answers its address.
pub fn copy_file(folder: &Path) -> String {
    static FILES: OnceLock<Files> = OnceLock::new();
    let files = FILES.get_or_init(|| {
        aside(async || {
            let folder = tempfile::tempdir().expect("a folder");
            found(&format!("sqlite:{}", folder.path().display())).await;
            crate::watch::install(&region_file(folder.path()));
            files_in(folder.path())
        })
    });
    put(files, folder)
}

/// Copies the region's database under a name of its own, and answers its address.
pub async fn copy_database(url: &str, name: &str) -> String {
    static TEMPLATE: OnceLock<String> = OnceLock::new();
    let template = TEMPLATE.get_or_init(|| {
        let url = url.to_owned();
        aside(move || async move { template(&url).await })
    });
    copy(url, template, name).await
}

/// Copies the database with the demonstration region under a name of its own, and answers its address. `load` fills the first one.
pub fn copy_demonstration(name: String, load: impl FnOnce(&str)) -> String {
    static TEMPLATE: OnceLock<String> = OnceLock::new();
    let url = crate::postgres_url().expect("PostgreSQL");
    let template = TEMPLATE.get_or_init(|| {
        show_alive(url.clone());
        let (url, name) = (url.clone(), format!("{}_demo", prefix()));
        let (address, create) = (at_database(&url, &name), format!("CREATE DATABASE {name}"));
        aside(move || async move { batch(&url, &create).await });
        load(&address);
        name
    });
    aside(move || async move { copy(&url, template, &name).await })
}

async fn copy(url: &str, template: &str, name: &str) -> String {
    let name = format!("{}_{name}", prefix());
    batch(url, &format!("CREATE DATABASE {name} TEMPLATE {template}")).await;
    at_database(url, &name)
}

/// Copies a database, by its address, under a name of its own, and answers the address of the copy.
pub async fn copy_of(address: &str, name: &str) -> String {
    copy(&crate::postgres_url().expect("PostgreSQL"), name_in(address), name).await
}

/// Ends what is connected to a database, by its address.
pub async fn release(address: &str) {
    const END: &str = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname =";
    batch(&crate::postgres_url().expect("PostgreSQL"), &format!("{END} '{}'", name_in(address))).await;
}

/// Drops a copy, by its address.
pub async fn drop_database(address: &str) {
    let url = crate::postgres_url().expect("PostgreSQL");
    batch(&url, &format!("DROP DATABASE {} WITH (FORCE)", name_in(address))).await;
}

/// The name of a database in its address.
fn name_in(address: &str) -> &str {
    address.split('?').next().and_then(|it| it.rsplit('/').next()).expect("a name")
}

async fn template(url: &str) -> String {
    let name = format!("{}_template", prefix());
    show_alive(url.to_owned());
    sweep(url).await;
    batch(url, &format!("CREATE DATABASE {name}")).await;
    found(&at_database(url, &name)).await;
    name
}

/// Holds a connection until the process ends, by which others see that its databases are in use.
fn show_alive(url: String) {
    static SHOWN: Once = Once::new();
    SHOWN.call_once(|| hold(url));
}

fn hold(url: String) {
    let (tell, told) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        actix_web::rt::System::new().block_on(async move {
            let mut config: tokio_postgres::Config = url.parse().expect("an address");
            let (client, socket) =
                config.application_name(prefix()).connect(NoTls).await.expect("a connection");
            tell.send(()).expect("the test waits");
            let _ = socket.await;
            drop(client);
        });
    });
    told.recv().expect("a connection");
}

/// Drops what killed processes have left behind: a throwaway cluster has nothing of that kind, another one may.
async fn sweep(url: &str) {
    const LEFT: &str = "SELECT datname FROM pg_database WHERE datname ~ '^nastavnik_[0-9]+_' AND NOT EXISTS \
         (SELECT FROM pg_stat_activity WHERE application_name = substring(datname FROM '^nastavnik_[0-9]+'))";
    for row in connect(url).await.query(LEFT, &[]).await.expect("names") {
        let name: String = row.get(0);
        batch(url, &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await;
    }
}

async fn connect(url: &str) -> tokio_postgres::Client {
    let (client, socket) = tokio_postgres::connect(url, NoTls).await.expect("a connection");
    actix_web::rt::spawn(socket);
    client
}

async fn batch(url: &str, sql: &str) {
    connect(url).await.batch_execute(sql).await.unwrap_or_else(|it| panic!("{sql}: {it}"));
}

/// The address of another database of the same server.
fn at_database(url: &str, name: &str) -> String {
    let (before, query) = url.split_once('?').unwrap_or((url, ""));
    let server = before.rsplit_once('/').expect("a database in the address").0;
    format!("{server}/{name}{}{query}", if query.is_empty() { "" } else { "?" })
}
