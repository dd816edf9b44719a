//! Measures the journal of reads: `make bench-reads`, on SQLite and on the PostgreSQL in `TEST_DATABASE_URL`.
//!
//! Pages of fifty people among a hundred thousand are shown, as many in each half second as 1 500 pages a second are. Nothing is asserted.
use actix_web::rt::System;
use domain::base::change::{Subject, SubjectKind};
use domain::base::moment::Moment;
use persistence::db::{Db, Limits, Region};
use persistence::engine::column::machine_clock;
use persistence::engine::page::RegionInfo;
use persistence::engine::seal::MasterKey;
use persistence::journal::reads::readers;
use persistence::tx::{Actor, Tx};
use std::sync::Arc;
use std::time::{Duration, Instant};
use uuid::Uuid;

const PEOPLE: u64 = 100_000;
const ON_A_PAGE: u64 = 50;
/// Half a second of 1 500 pages a second.
const PAGES: u64 = 750;

fn main() {
    let millions: u64 = std::env::args().nth(1).and_then(|it| it.parse().ok()).unwrap_or(10);
    let folder = tempfile::tempdir().expect("a folder");
    System::new().block_on(measure(&format!("sqlite:{}", folder.path().display()), millions));
    if let Some(url) = tests::postgres_url() {
        System::new().block_on(measure(&url, millions));
    }
}

/// Numbers that look like chance, the same in each run.
fn mixed(n: u64) -> u64 {
    let n = (n ^ (n >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let n = (n ^ (n >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    n ^ (n >> 31)
}

fn person(n: u64) -> Uuid {
    Uuid::from_u64_pair(mixed(n % PEOPLE), n % PEOPLE)
}

/// Shows the page of that number to one of two hundred accounts.
async fn show(region: &Region, n: u64) {
    let first = mixed(n);
    let page = (first..first + ON_A_PAGE).map(|it| Subject::new(SubjectKind::Person, person(it))).collect();
    let user = Uuid::from_u64_pair(7, n % 200).into();
    let request_id = Uuid::from_u64_pair(mixed(n), n).simple().to_string();
    tests::show(region, user, &request_id, page).await;
}

async fn measure(url: &str, millions: u64) {
    let db =
        Db::at(url, MasterKey::new([1; 32]), Arc::new(machine_clock), Limits::default()).expect("a place");
    let territory = String::from("25000000").into();
    let info = RegionInfo {
        code: "reads".into(),
        name: "Область".into(),
        territory,
        zone: "Europe/Moscow".parse().expect("a zone"),
    };
    let region = db.add_region(info, persistence::db::empty).await.expect("a region");
    let begin = size(url, &region).await;
    let (mut writing, mut longest, mut pages) = (Duration::ZERO, Duration::ZERO, 0);
    while pages * ON_A_PAGE < millions * 1_000_000 {
        for _ in 0..PAGES {
            show(&region, pages).await;
            pages += 1;
        }
        let began = Instant::now();
        region.flush_reads().await.expect("they are written");
        let took = began.elapsed();
        writing += took;
        longest = longest.max(took);
    }
    let shown = pages * ON_A_PAGE;
    let share = writing.as_secs_f64() / (pages as f64 / 1500.0);
    let bytes = (size(url, &region).await - begin) as f64 / shown as f64;
    println!("{}: {shown} disclosures", if region.is_postgres() { "PostgreSQL" } else { "SQLite" });
    println!(
        "  keeping 1 500 pages of {ON_A_PAGE} a second takes {:.1} % of the time, at once {longest:.1?} at most",
        share * 100.0
    );
    println!("  {bytes:.1} bytes a disclosure");
    let mut asked = Vec::new();
    for n in 0..50 {
        let began = Instant::now();
        let told = told(&region, person(mixed(n))).await;
        assert!(!told.is_empty());
        asked.push(began.elapsed());
    }
    asked.sort();
    println!("  who has seen a person: {:.1?}, at most {:.1?}", asked[25], asked[49]);
    db.remove_region("reads").await.expect("it goes");
}

async fn told(region: &Region, id: Uuid) -> Vec<(domain::base::id::UserId, Moment)> {
    let asked = async move |tx: &mut Tx<'_>| readers(tx, SubjectKind::Person, id).await;
    region.read(Actor::system("bench"), asked).await.expect("the readers")
}

/// The bytes of the region's database.
async fn size(url: &str, region: &Region) -> u64 {
    if let Some(file) = region.file() {
        return std::fs::metadata(file).expect("a file").len();
    }
    let (client, socket) = tokio_postgres::connect(url, tokio_postgres::NoTls).await.expect("a connection");
    actix_web::rt::spawn(socket);
    let row = client.query_one("SELECT pg_database_size(current_database())", &[]).await.expect("a size");
    u64::try_from(row.get::<_, i64>(0)).expect("a size")
}
