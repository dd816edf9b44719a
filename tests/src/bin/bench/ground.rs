//! The ground of a measurement: a region with many organizations, entered through the region itself, and requests
//! about them.
use crate::load::{Requests, request};
use domain::region::organizations::{Organization, OrganizationForm};
use futures_util::{StreamExt, stream};
use persistence::db::{Db, Limits, Region};
use persistence::engine::column::machine_clock;
use persistence::region::organizations::save_added;
use persistence::tx::{Actor, Tx};
use serde_json::json;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tempfile::TempDir;
use tests::{Account, Client};

/// Organizations in the region.
pub const ROWS: usize = 100_000;
/// Organizations entered in one transaction.
const BATCH: usize = 1000;
/// Transactions that run at once.
const BATCHES: usize = 4;

/// A region, with the folder of its file and its keys.
pub struct Ground {
    pub url: String,
    pub region: String,
    folder: TempDir,
    db: Db,
}

impl Ground {
    /// An empty region with its administrator. Its folder is beside this program, because `/tmp` may be in memory,
    /// where syncs cost nothing.
    pub async fn lay(url: Option<String>, name: &str) -> Self {
        let program = std::env::current_exe().expect("this program has a file");
        let beside = program.parent().expect("a folder");
        let folder = TempDir::with_prefix_in("bench-", beside).expect("a folder");
        let url = url.unwrap_or_else(|| format!("sqlite:{}", folder.path().display()));
        let region = format!("bench{}{name}", std::process::id());
        let master = api::server::keys::master(&folder.path().join("keys")).expect("a key");
        let db = Db::at(&url, master, Arc::new(machine_clock), Limits::default()).expect("an address");
        tests::found_region(&db, &region).await;
        Self { url, region, folder, db }
    }

    pub fn here(&self) -> Region {
        self.db.region(&self.region).expect("the region")
    }
    pub fn schema(&self) -> String {
        format!("region_{}", self.region)
    }
    pub fn file(&self) -> PathBuf {
        self.folder.path().join(format!("{}.sqlite", self.region))
    }
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Enters the organizations with their facts, and numbers the facts.
    pub async fn fill(&self) {
        let region = self.here();
        let batches = (0..ROWS / BATCH).map(|batch| {
            let enter = async move |tx: &mut Tx<'_>| {
                for n in batch * BATCH..(batch + 1) * BATCH {
                    save_added(tx, Organization::add(tx.mint(), form(n))?).await?;
                }
                Ok(())
            };
            region.write(Actor::system("bench"), enter)
        });
        let written: Vec<_> = stream::iter(batches).buffer_unordered(BATCHES).collect().await;
        written.into_iter().for_each(|it| it.expect("a batch"));
        region.number_facts().await.expect("numbers");
    }

    /// The arguments of a server for this region.
    pub fn flags(&self, more: &[&str]) -> Vec<String> {
        let keys = self.folder.path().join("keys").display().to_string();
        let mine = ["--database-url", &self.url, "--keys", &keys, "--regions", &self.region];
        mine.iter().chain(["--listen", "127.0.0.1:0"].iter()).chain(more).map(|it| (*it).to_owned()).collect()
    }

    pub async fn raze(self) {
        self.db.remove_region(&self.region).await.expect("the region goes");
    }
}

fn form(n: usize) -> OrganizationForm {
    serde_json::from_str(&body(n)).expect("a form")
}

/// The body of a request that enters the organization with that number.
pub fn body(n: usize) -> String {
    json!({
        "kind": "social_service_agency",
        "name": format!("ОГБУ «Управление социальной защиты населения № {n}»"),
        "territory": "25655000",
        "focus_areas": ["family_support", "mentoring"],
        "contacts": {"phones": ["+73954131522"], "emails": [format!("uszn{n}@example.org")], "address": "г. Иркутск, ул. Ленина, 1"},
    })
    .to_string()
}

/// The requests of every measurement. Those to the product and to the bare server differ only in cursors.
pub struct Questions {
    pub one: Requests,
    pub first_page: Requests,
    pub next_page: Requests,
    pub bare_next_page: Requests,
    pub add: Requests,
    pub add_alone: Requests,
}

impl Questions {
    /// Reads the list from its end and collects ids and cursors.
    pub fn gather(client: &Client, who: &Account) -> Self {
        let (mut ids, mut cursors, mut lasts) = (Vec::new(), Vec::new(), Vec::new());
        let mut path = "/organizations?limit=200".to_owned();
        for _ in 0..50 {
            let page = client.get(who, &path).expect(200);
            let found: Vec<String> = page.items().iter().map(id).collect();
            let cursor = page.body["next_cursor"].as_str().expect("a next page");
            path = format!("/organizations?limit=200&cursor={cursor}");
            cursors.push(cursor.to_owned());
            lasts.extend(found.last().cloned());
            ids.extend(found);
        }
        let all = |paths: Vec<String>| {
            Requests::new(paths.iter().map(|it| request("GET", it, &who.token, None)).collect())
        };
        let pages = |after: &[String]| {
            all(after.iter().map(|it| format!("/organizations?limit=20&cursor={it}")).collect())
        };
        let add = |path: &str| Requests::new(vec![request("POST", path, &who.token, Some(&body(0)))]);
        Self {
            one: all(ids.iter().step_by(7).map(|it| format!("/organizations/{it}")).collect()),
            first_page: all(vec!["/organizations?limit=20".into()]),
            next_page: pages(&cursors),
            bare_next_page: pages(&lasts),
            add: add("/organizations"),
            add_alone: add("/alone/organizations"),
        }
    }
}

fn id(item: &serde_json::Value) -> String {
    item["id"].as_str().expect("an id").to_owned()
}

/// Checks that both servers give the same answers; otherwise they cannot be compared.
pub fn compare(product: &Client, bare: &Client, who: &Account) {
    let list = "/organizations?limit=20";
    let (ours, theirs) = (product.get(who, list).expect(200), bare.get(who, list).expect(200));
    assert_eq!(ours.items(), theirs.items(), "the servers list otherwise");
    let one = format!("/organizations/{}", id(&ours.items()[3]));
    let (ours, theirs) = (product.get(who, &one).expect(200), bare.get(who, &one).expect(200));
    assert_eq!(ours.text, theirs.text, "the servers show otherwise");
}
