//! Long reads for which requests wait: a few run, some wait, the others are told to come back.
use super::{info, on_sqlite, open};
use actix_web::rt::spawn;
use persistence::engine::failure::Failure;
use persistence::tx::{Actor, Tx};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

#[test]
fn a_few_long_reads_run_some_wait_and_the_others_are_told_to_come_back() {
    on_sqlite(async |url| {
        let db = open(url);
        let region = db.add_region(info("apart", "Europe/Moscow"), persistence::db::empty).await.unwrap();
        let may_end = Arc::new(AtomicBool::new(false));
        let (running, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let ask = || {
            let (region, may_end) = (region.clone(), may_end.clone());
            let (running, most) = (running.clone(), most.clone());
            let work = async move |_: &mut Tx<'_>| {
                let now = running.fetch_add(1, Ordering::SeqCst) + 1;
                most.fetch_max(now, Ordering::SeqCst);
                while !may_end.load(Ordering::SeqCst) {
                    std::thread::sleep(Duration::from_millis(2));
                }
                running.fetch_sub(1, Ordering::SeqCst);
                Ok(())
            };
            spawn(async move { region.read_apart(Actor::system("asks"), work).await })
        };
        // Two whom nobody waits for any more still hold their places.
        for n in 1..=2 {
            let asked = ask();
            while running.load(Ordering::SeqCst) < n {
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
            asked.abort();
        }
        let all: Vec<_> = (0..100).map(|_| ask()).collect();
        tokio::time::sleep(Duration::from_millis(100)).await;
        may_end.store(true, Ordering::SeqCst);
        let (mut done, mut busy) = (0, 0);
        for it in all {
            match it.await.unwrap() {
                Ok(()) => done += 1,
                Err(Failure::Busy) => busy += 1,
                Err(other) => panic!("{other}"),
            }
        }
        assert_eq!((done, busy), (64, 36));
        assert!(most.load(Ordering::SeqCst) <= 2, "{most:?}");
        db.close().await;
    });
}
