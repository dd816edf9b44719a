//! Regions all of whose places for long reads are taken.
use crate::world::World;
use persistence::tx::{Actor, Tx};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

/// Long reads that run at once in a region.
const PLACES: usize = 2;

/// The long reads that hold all places, until the value is dropped.
pub struct Occupied {
    is_over: Arc<AtomicBool>,
    holders: Vec<JoinHandle<()>>,
}

impl World {
    /// Takes all places of long reads.
    pub fn without_long_reads(&self) -> Occupied {
        let (begun, is_over) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicBool::new(false)));
        let hold = |_| {
            let (db, code) = (self.db.clone(), self.region.clone());
            let (begun, is_over) = (begun.clone(), is_over.clone());
            let work = async move |_: &mut Tx<'_>| {
                begun.fetch_add(1, Ordering::SeqCst);
                while !is_over.load(Ordering::SeqCst) {
                    std::thread::sleep(Duration::from_millis(2));
                }
                Ok(())
            };
            std::thread::spawn(move || {
                actix_web::rt::System::new().block_on(async move {
                    let region = db.region(&code).expect("the region");
                    region.read_apart(Actor::system("occupies"), work).await.expect("a long read");
                });
            })
        };
        let holders = (0..PLACES).map(hold).collect();
        while begun.load(Ordering::SeqCst) < PLACES {
            std::thread::sleep(Duration::from_millis(2));
        }
        Occupied { is_over, holders }
    }
}

impl Drop for Occupied {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::SeqCst);
        for it in self.holders.drain(..) {
            let _ = it.join();
        }
    }
}
