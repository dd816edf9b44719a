use super::{info, on_engine, open};
use domain::base::id::OrganizationId;
use domain::region::organizations::{Organization, OrganizationForm};
use persistence::db::Region;
use persistence::engine::failure::Failure;
use persistence::entry;
use persistence::tx::{Actor, Tx};
use serde_json::json;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::Duration;

/// Reads a row, waits, and then writes it. Meanwhile another transaction may change the row.
async fn edit(region: &Region, id: OrganizationId, pause: Duration) -> Result<(), Failure> {
    let work = async move |tx: &mut Tx<'_>| {
        let (it, _) = entry::load::<OrganizationForm>(tx, id).await?;
        if !pause.is_zero() {
            tokio::time::sleep(pause).await;
        }
        let form = it.form.clone();
        entry::save_changed(tx, it.edit(form)?).await.map(drop)
    };
    region.write(Actor::system("test"), work).await
}

async fn enter(region: &Region) -> OrganizationId {
    let form = json!({"kind": "ngo", "name": "Дом", "territory": "25655000"});
    let form: OrganizationForm = serde_json::from_value(form).unwrap();
    let enter = async move |tx: &mut Tx<'_>| {
        let added = Organization::add(tx.mint(), None, form.clone())?;
        entry::save_added(tx, added).await.map(|it| it.id)
    };
    region.write(Actor::system("test"), enter).await.unwrap()
}

#[test]
fn a_slow_transaction_among_many_quick_ones_gets_through_and_none_is_lost() {
    on_engine(async |url| {
        let db = open(url);
        let region = db.add_region(info("cross", "Europe/Moscow"), persistence::db::empty).await.unwrap();
        let id = enter(&region).await;
        let (stop, done) = (AtomicBool::new(false), AtomicI64::new(0));
        let rival = async || {
            while !stop.load(Ordering::Relaxed) {
                // Rivals cross each other too, so a failed edit is normal. The test counts only acknowledged edits,
                // none of which may be lost.
                if edit(&region, id, Duration::ZERO).await.is_ok() {
                    done.fetch_add(1, Ordering::Relaxed);
                }
            }
        };
        // A transaction on SQLite may wait for nothing but its file.
        let slow = Duration::from_millis(if region.is_postgres() { 30 } else { 0 });
        let patient = async {
            for _ in 0..5 {
                edit(&region, id, slow).await.unwrap();
                done.fetch_add(1, Ordering::Relaxed);
            }
            stop.store(true, Ordering::Relaxed);
        };
        futures_util::join!(patient, rival(), rival(), rival());
        let version =
            async |tx: &mut Tx<'_>| entry::card::<OrganizationForm>(tx, id).await.map(|it| it.version);
        let version = region.read(Actor::system("test"), version).await.unwrap();
        assert_eq!(version, 1 + done.load(Ordering::Relaxed));
        db.remove_region(region.code()).await.unwrap();
    });
}

#[test]
fn what_a_write_tore_apart_under_a_read_is_read_again_in_one_snapshot() {
    on_engine(async |url| {
        let db = open(url);
        let region = db.add_region(info("torn", "Europe/Moscow"), persistence::db::empty).await.unwrap();
        let id = enter(&region).await;
        let times = AtomicI64::new(0);
        let read = async |tx: &mut Tx<'_>| {
            let before = entry::card::<OrganizationForm>(tx, id).await?.version;
            times.fetch_add(1, Ordering::Relaxed);
            // A read on SQLite has one snapshot from the beginning, and waits for nothing.
            if region.is_postgres() {
                edit(&region, id, Duration::ZERO).await?;
            }
            let after = entry::card::<OrganizationForm>(tx, id).await?.version;
            if before == after { Ok(before) } else { Err(Failure::broken("the card is not whole")) }
        };
        let version = region.read(Actor::system("test"), read).await.unwrap();
        let expected = if region.is_postgres() { (2, 2) } else { (1, 1) };
        assert_eq!((version, times.into_inner()), expected);
        db.remove_region(region.code()).await.unwrap();
    });
}
