use super::*;
use crate::engine::column::machine_clock;
use crate::engine::conn::db;
use crate::engine::seal::MasterKey;
use diesel::prelude::*;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

const ONE_MORE: &str = "UPDATE crossings SET n = n + 1";
/// Looks, takes its time, and only then writes what it looked at.
const SLOWLY: &str = "SELECT n FROM crossings; SELECT pg_sleep(0.03); UPDATE crossings SET n = n + 1";

#[derive(QueryableByName)]
struct Counted {
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    n: i64,
}

async fn batch(region: &Region, sql: &'static str) -> Result<(), Failure> {
    let work = async move |tx: &mut Tx<'_>| Ok(tx.conn.batch(sql).await?);
    region.write(Actor::system("test"), work).await
}

async fn slow_ones_get_through(url: &str) {
    let db = Db::at(url, MasterKey::new([1; 32]), Arc::new(machine_clock), Limits::default()).unwrap();
    let (code, zone) = (format!("cross{}", std::process::id()), "Europe/Moscow".parse().unwrap());
    let territory = String::from("25000000").into();
    let region =
        db.add_region(RegionInfo { code: code.clone(), name: "x".into(), territory, zone }).await.unwrap();
    batch(&region, "CREATE TABLE crossings (n BIGINT NOT NULL)").await.unwrap();
    batch(&region, "INSERT INTO crossings VALUES (0)").await.unwrap();
    let (stop, done) = (AtomicBool::new(false), AtomicI64::new(0));
    let rival = async || {
        while !stop.load(Ordering::Relaxed) {
            // Rivals cross each other too; what counts is that none of what was acknowledged is lost.
            if batch(&region, ONE_MORE).await.is_ok() {
                done.fetch_add(1, Ordering::Relaxed);
            }
        }
    };
    let slow = if region.is_postgres() { SLOWLY } else { ONE_MORE };
    let patient = async {
        for _ in 0..5 {
            batch(&region, slow).await.unwrap();
            done.fetch_add(1, Ordering::Relaxed);
        }
        stop.store(true, Ordering::Relaxed);
    };
    futures_util::join!(patient, rival(), rival(), rival());
    let count =
        async |tx: &mut Tx<'_>| Ok(db!(tx, get_result, diesel::sql_query("SELECT n FROM crossings"))?);
    let counted: Counted = region.read(Actor::system("test"), count).await.unwrap();
    assert_eq!(counted.n, done.load(Ordering::Relaxed));
    db.remove_region(&code).await.unwrap();
}

fn run(work: impl Future<Output = ()>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    tokio::task::LocalSet::new().block_on(&runtime, work);
}

#[test]
fn a_slow_transaction_among_many_quick_ones_gets_through_and_none_is_lost() {
    let folder = std::env::temp_dir().join(format!("nastavnik-crossings-{}", std::process::id()));
    run(slow_ones_get_through(&format!("sqlite:{}", folder.display())));
    std::fs::remove_dir_all(folder).unwrap();
    #[expect(clippy::disallowed_methods, reason = "what tests run on is no setting of the program")]
    if let Ok(url) = std::env::var("TEST_DATABASE_URL") {
        run(slow_ones_get_through(&url));
    }
}
