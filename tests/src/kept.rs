//! Worlds that are prepared once in a process: the database of one is kept, and copied for each world that begins so. Entering the people
//! of a scene takes longer than most sentences about them.
use crate::client::Account;
use crate::template::{self, Files, REGION};
use crate::world::{World, lasting};
use chrono::{DateTime, Utc};
use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, LazyLock, Mutex, OnceLock};

/// A world that has ended, and all from which others go on.
pub(crate) struct Kept {
    base: Base,
    pub(crate) instant: DateTime<Utc>,
    /// The key of its tokens, so that they are good in each copy.
    pub(crate) key: String,
    pub(crate) admin: Account,
}

enum Base {
    /// The files of SQLite.
    Files(Files),
    /// The address of the database of PostgreSQL.
    Database(String),
}

impl Kept {
    /// Copies the database for a world, and answers its address.
    pub(crate) async fn copy(&self, folder: &Path, name: &str) -> String {
        match &self.base {
            Base::Files(files) => template::put(files, folder),
            Base::Database(address) => template::copy_of(address, name).await,
        }
    }
}

/// Whether the database of a world is kept when it ends, and its files from then on.
#[derive(Default)]
pub(crate) struct Keeping {
    is_wanted: AtomicBool,
    files: Mutex<Option<Files>>,
}

impl Keeping {
    pub(crate) fn is_wanted(&self) -> bool {
        self.is_wanted.load(Ordering::SeqCst)
    }
    /// Takes the files of a region that is closed, if they are wanted. The changes that are noted in them are explained.
    pub(crate) fn take(&self, folder: &Path) {
        if self.is_wanted() {
            crate::watch::forget(&template::region_file(folder));
            *self.files.lock().expect("the files") = Some(template::files_in(folder));
        }
    }
}

/// A kept world with the answer of the work that was done in it.
type Done = (Arc<Kept>, Box<dyn Any + Send + Sync>);

/// Works by their types.
type Works = HashMap<TypeId, Arc<OnceLock<Done>>>;

/// The works that were done in this process.
static DONE: LazyLock<Mutex<Works>> = LazyLock::new(Mutex::default);

impl World {
    /// A world in which this was done, and the answer of it. It is done once, in a world that is copied from then on with its accounts,
    /// tokens and instant. So a work that captures something, and would be another one each time, is refused.
    pub fn prepared<T, F>(work: F) -> (Self, T)
    where
        T: Clone + Send + Sync + 'static,
        F: Fn(&Self) -> T + 'static,
    {
        Self::staged(move |world| {
            let answer = work(&world);
            (world, answer)
        })
    }

    /// The same of a work that takes the world itself, such as one that moves its clock.
    pub fn staged<T, F>(work: F) -> (Self, T)
    where
        T: Clone + Send + Sync + 'static,
        F: Fn(Self) -> (Self, T) + 'static,
    {
        assert_eq!(size_of::<F>(), 0, "a work that captures something is another one each time");
        let once = DONE.lock().expect("the works").entry(TypeId::of::<F>()).or_default().clone();
        let (kept, answer) = once.get_or_init(|| {
            let (world, answer) = work(Self::new());
            let answer: Box<dyn Any + Send + Sync> = Box::new(answer);
            (Arc::new(world.keep()), answer)
        });
        let answer = answer.downcast_ref::<T>().expect("the answer of this work").clone();
        (Self::resumed(kept), answer)
    }

    /// Ends the world and keeps its database.
    fn keep(self) -> Kept {
        let db = self.db.clone();
        lasting(async move || {
            let region = db.region(REGION).expect("the region");
            region.number_facts().await.expect("facts have their places");
        });
        let instant = *self.clock.lock().expect("a clock");
        let (key, admin, address) = (self.key.clone(), self.admin(), self.url.clone());
        let keeping = self.keeping.clone();
        keeping.is_wanted.store(true, Ordering::SeqCst);
        drop(self);
        let files = keeping.files.lock().expect("the files").take();
        let base = files.map_or_else(|| Base::Database(released(address)), Base::Files);
        Kept { base, instant, key, admin }
    }
}

/// A scene of which all but its world is prepared, by a function that makes the scene in a world: `prepared!(Scene { director } by scene_in)`.
/// All members but `world` are named.
#[macro_export]
macro_rules! prepared {
    ($scene:ident { $($member:ident),+ } by $make:path) => {{
        let (world, ($($member,)+)) = $crate::World::staged(|world| {
            let $scene { world, $($member),+ } = $make(world);
            (world, ($($member,)+))
        });
        $scene { world, $($member),+ }
    }};
}

/// The address of a database to which nothing is connected any more: one in use cannot be copied.
fn released(address: String) -> String {
    template::aside(move || async move {
        template::release(&address).await;
        address
    })
}
