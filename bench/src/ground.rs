//! The ground of the measurement: a region with many organizations, and requests about them.
use crate::bare::Entry;
use crate::client::{Account, Client, PASSWORD};
use crate::load::{Requests, request};
use crate::server::{self, Server};
use crate::{bare_postgres, bare_sqlite};
use chrono::{NaiveDate, TimeDelta, Timelike, Utc};
use serde_json::{Value, json};
use std::fs::File;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// Organizations in the region.
pub const ROWS: usize = 100_000;
/// Organizations entered in one transaction.
const BATCH: usize = 1000;

/// A region, and the folder of its file and keys.
pub struct Ground {
    pub url: String,
    pub region: String,
    folder: TempDir,
}

/// A zone in which it is day now, with its hours before UTC: what has just happened has happened today.
fn zone() -> (&'static str, i64) {
    if Utc::now().hour() < 16 { ("Europe/Moscow", 3) } else { ("Asia/Kamchatka", 12) }
}

/// The region's day in that many days.
pub fn day(days: i64) -> NaiveDate {
    (Utc::now() + TimeDelta::hours(zone().1) + TimeDelta::days(days)).date_naive()
}

impl Ground {
    /// An empty region with its administrator, in a folder beside this program: `/tmp` may be memory, which forgets for free.
    pub fn lay(url: Option<String>, name: &str) -> Self {
        let program = std::env::current_exe().expect("this program has a file");
        let beside = program.parent().expect("a folder");
        let folder = TempDir::with_prefix_in("bench-", beside).expect("a folder");
        let url = url.unwrap_or_else(|| format!("sqlite:{}", folder.path().display()));
        let region = format!("bench{}{name}", std::process::id());
        let ground = Self { url, region, folder };
        ground.run(
            &[
                "region",
                "add",
                "--code",
                &ground.region,
                "--name",
                "x",
                "--territory",
                "25000000",
                "--time-zone",
                zone().0,
            ],
            false,
        );
        let admin = ["--login", "admin", "--name", "x", "--role", "region_admin"];
        ground.run(&[&["user", "add", "--region", &ground.region][..], &admin].concat(), true);
        ground
    }

    /// Runs a command of the product to its end. Adding a region is refused where only that one may be opened.
    fn run(&self, words: &[&str], only_this_region: bool) {
        let mut command = server::product();
        command.args(self.place());
        if only_this_region {
            command.args(["--regions", &self.region]);
        }
        let told = command.args(words).output().expect("the product runs");
        assert!(told.status.success(), "{told:?}");
    }

    fn place(&self) -> [String; 4] {
        let keys = self.folder.path().join("keys").display().to_string();
        ["--database-url".into(), self.url.clone(), "--keys".into(), keys]
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

    /// Enters the organizations, each with its fact.
    pub async fn fill(&self) {
        let entry = |n: usize| Entry::read(&body(n).into_bytes().into());
        let batches = (0..ROWS / BATCH).map(|it| (it * BATCH..(it + 1) * BATCH).map(entry).collect());
        if self.url.starts_with("sqlite:") {
            bare_sqlite::fill(&self.file().display().to_string(), batches);
        } else {
            bare_postgres::fill(&self.url, &self.schema(), batches).await;
        }
    }

    /// The flags of a server here.
    pub fn flags(&self, more: &[&str]) -> Vec<String> {
        let mine = ["--regions", &self.region, "--listen", "127.0.0.1:0"];
        self.place().into_iter().chain(mine.iter().chain(more).map(|it| (*it).to_owned())).collect()
    }

    /// Starts a server of the product here, whose clock looks each so many seconds.
    pub fn serve(&self, clock_seconds: u32) -> Server {
        let log = File::create(self.folder().join("log")).expect("a log");
        let clock_seconds = clock_seconds.to_string();
        Server::product(&self.flags(&["--log", "warn", "--clock-seconds", &clock_seconds]), log)
    }

    /// An institution, and the account of its director with that login.
    pub fn institution(&self, client: &Client, login: &str) -> (String, Account) {
        let admin = client.login_in(&self.region, "admin");
        let agency =
            json!({"kind": "social_service_agency", "name": "Центр помощи детям", "territory": "25655000"});
        let organization = client.post(&admin, "/organizations", agency).expect(201).id();
        self.account(client, login, "director", &organization);
        (organization, client.login_in(&self.region, login))
    }

    /// Makes an account with a role in an institution. Returns its id.
    pub fn account(&self, client: &Client, login: &str, role: &str, organization: &str) -> String {
        let admin = client.login_in(&self.region, "admin");
        let grants = json!([{"role": role, "organization_id": organization}]);
        let account = json!({"login": login, "name": "Сотрудник", "grants": grants, "password": PASSWORD});
        client.post(&admin, "/users", account).expect(201).id()
    }

    /// A program whose edition is the plainest one, with so many mentorships of a mentor at a time.
    pub fn program(&self, client: &Client, mentor_capacity: i32) -> String {
        let admin = client.login_in(&self.region, "admin");
        let id = |path: &str, body: Value| client.post(&admin, path, body).expect(201).id();
        let program = id("/programs", json!({"code": "long-friendship", "name": "Наставничество"}));
        let edition = json!({"effective_from": "2024-01-01", "serves": "person",
            "completion": {"kind": "term", "max_months": 12}, "mentor_capacity": mentor_capacity});
        id(&format!("/programs/{program}/editions"), edition);
        program
    }

    pub fn raze(self) {
        self.run(&["region", "remove", "--code", &self.region, "--yes"], true);
    }
}

/// A request to enter the organization of that number.
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

/// The requests of every measurement; the product's and the bare server's differ in cursors only.
pub struct Questions {
    pub one: Requests,
    pub first_page: Requests,
    pub next_page: Requests,
    pub bare_next_page: Requests,
    pub add: Requests,
    pub add_alone: Requests,
}

impl Questions {
    /// Walks the list from its end, remembering ids and cursors.
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

/// Both servers must say the same, or they are not worth comparing. Only the product tells what the caller may do with a card.
pub fn compare(product: &Client, bare: &Client, who: &Account) {
    let list = "/organizations?limit=20";
    let (ours, theirs) = (product.get(who, list).expect(200), bare.get(who, list).expect(200));
    assert_eq!(ours.items(), theirs.items(), "the servers list otherwise");
    let one = format!("/organizations/{}", id(&ours.items()[3]));
    let (ours, theirs) = (product.get(who, &one).expect(200), bare.get(who, &one).expect(200));
    let mut card = ours.body;
    card.as_object_mut().expect("a card").remove("available_actions");
    assert_eq!(card, theirs.body, "the servers show otherwise");
}
