//! Tests of parts of the program that the API does not show.
//!
//! They are here and not beside the parts, so that `persistence` and `api` are compiled only once and not again for
//! tests.
mod answers;
mod apart;
mod backfills;
mod crossing;
mod facts;
mod jobs;
mod migrations;
mod proxies;
pub(crate) mod raw;
mod reads;
mod runner;
mod scopes;
mod seals;

use actix_web::rt::System;
use persistence::db::{Clock, Db, Limits};
use persistence::engine::column::machine_clock;
use persistence::engine::page::RegionInfo;
use persistence::engine::seal::MasterKey;
use std::sync::Arc;
use tests::postgres_url;

/// Runs a test on the engine of this run.
fn on_engine(story: impl AsyncFn(&str)) {
    match postgres_url() {
        Some(url) => System::new().block_on(story(&url)),
        None => on_sqlite(story),
    }
}

/// Runs a test on SQLite, in a folder of its own.
fn on_sqlite(story: impl AsyncFn(&str)) {
    let folder = tempfile::tempdir().unwrap();
    System::new().block_on(story(&format!("sqlite:{}", folder.path().display())));
}

/// An installation with the machine's clock.
fn open(url: &str) -> Db {
    open_at(url, Arc::new(machine_clock), &[])
}

fn open_at(url: &str, clock: Clock, only: &[String]) -> Db {
    Db::at(url, MasterKey::new([1; 32]), clock, Limits { only: only.to_vec(), ..Limits::default() }).unwrap()
}

/// The description of a region. The code has a part for this process, because other processes may use the same
/// database.
fn info(name: &str, zone: &str) -> RegionInfo {
    let territory = String::from("25000000").into();
    let code = format!("{name}{}", std::process::id());
    RegionInfo { code, name: "Область".into(), territory, zone: zone.parse().unwrap() }
}
