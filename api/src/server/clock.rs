//! The clock: work that time starts. It numbers facts, writes noted reads, deletes old answers and reads, ends what is due, and
//! runs jobs.
use super::{runner, work};
use crate::http::state::State;
use actix_web::web;
use persistence::db::Region;
use persistence::engine::failure::Failure;
use persistence::help::crises;
use persistence::help::intake_requests;
use persistence::help::place_requests;
use persistence::help::referrals;
use persistence::help::stays;
use persistence::idempotency;
use persistence::mentors;
use persistence::mentorships;
use persistence::region::terms;
use persistence::tx::{Actor, Tx};
use std::collections::HashSet;
use std::time::Duration;

/// The time after which noted reads are written. A crash loses no more than that.
const READS: Duration = Duration::from_millis(500);
/// The time after which facts get their places in the journal, including facts of other processes.
const NUMBERS: Duration = Duration::from_millis(500);
/// The time between two checks for regions of other processes.
const NEWCOMERS: Duration = Duration::from_secs(1);

/// Starts the clock on the serving thread. It stops with the runtime.
pub fn start(state: &web::Data<State>) {
    let looks = Duration::from_secs(state.settings.clock_seconds.into());
    let state = state.clone();
    actix_web::rt::spawn(async move {
        let mut running = HashSet::new();
        loop {
            for region in state.db.regions() {
                if running.insert(region.code().to_owned()) {
                    watch(region, looks);
                }
            }
            tokio::time::sleep(NEWCOMERS).await;
        }
    });
}

fn watch(region: Region, looks: Duration) {
    actix_web::rt::spawn(every(READS, region.clone(), async |it: &Region| it.flush_reads().await));
    actix_web::rt::spawn(every(looks, region.clone(), due));
    runner::start(&region, work::perform);
    if region.is_postgres() {
        actix_web::rt::spawn(number(region));
    }
}

async fn every(pause: Duration, region: Region, work: impl AsyncFn(&Region) -> Result<(), Failure>) {
    loop {
        tokio::time::sleep(pause).await;
        if let Err(failure) = work(&region).await {
            log::warn!("the clock of {}: {failure}", region.code());
        }
    }
}

async fn number(region: Region) {
    loop {
        let _ = tokio::time::timeout(NUMBERS, region.established()).await;
        if let Err(failure) = region.number_facts().await {
            log::warn!("numbering facts of {}: {failure}", region.code());
            tokio::time::sleep(NUMBERS).await;
        }
    }
}

/// Does all work that is due in a region. A failure of one step does not stop the others, and all failures are
/// reported.
pub async fn due(region: &Region) -> Result<(), Failure> {
    let steps = [
        ("old answers and reads", forget(region).await),
        ("applications", date(region).await),
        ("mentors", reckon(region).await),
        ("mentorships", end(region).await),
        ("crises", call(region).await),
        ("requests for help", call_for_children(region).await),
        ("referrals", lapse(region).await),
        ("reservations", give_free(region).await),
        ("offers of places", pass_on(region).await),
        ("searches for those who wait", search_on(region).await),
    ];
    let failed = steps.into_iter().filter_map(|(step, it)| Some(format!("{step}: {}", it.err()?)));
    let failed: Vec<String> = failed.collect();
    if failed.is_empty() { Ok(()) } else { Err(Failure::broken(failed.join("; "))) }
}

fn actor() -> Actor {
    Actor::system("clock")
}

async fn forget(region: &Region) -> Result<(), Failure> {
    let sweep = async |tx: &mut Tx<'_>| {
        idempotency::sweep(tx).await?;
        terms::sweep_reads(tx).await
    };
    region.write(actor(), sweep).await
}

async fn date(region: &Region) -> Result<(), Failure> {
    region.write(actor(), async |tx: &mut Tx<'_>| mentors::applications::date(tx).await.map(drop)).await
}

// Does all of what is due, a part in each transaction, until a part is not full.
macro_rules! in_parts {
    ($region:expr, $work:path, $at_once:expr) => {{
        while $region.write(actor(), async |tx: &mut Tx<'_>| $work(tx).await).await? >= $at_once {}
        Ok(())
    }};
}

async fn reckon(region: &Region) -> Result<(), Failure> {
    in_parts!(region, mentors::reckon, mentors::RECKONED_AT_ONCE)
}

async fn end(region: &Region) -> Result<(), Failure> {
    in_parts!(region, mentorships::due, mentorships::DUE_AT_ONCE)
}

// Ends each of what is due, in a transaction of its own. One that fails does not stop the others.
macro_rules! end_each {
    ($region:expr, $due:path, $end:path) => {{
        let (mut after, mut failed) = (None, None);
        loop {
            let some = $region.read(actor(), async |tx: &mut Tx<'_>| $due(tx, after).await).await?;
            let Some(last) = some.last() else { return failed.map_or(Ok(()), Err) };
            after = Some(*last);
            for (_, id) in some {
                let ended = $region.write(actor(), async move |tx: &mut Tx<'_>| $end(tx, id).await);
                failed = ended.await.err().or(failed);
            }
        }
    }};
}

/// Ends reservations for which nobody has come, and offers their beds to those who wait.
async fn give_free(region: &Region) -> Result<(), Failure> {
    end_each!(region, stays::overdue, place_requests::end_missed)
}

/// Ends offers that nobody has answered, and offers their beds to the next who wait.
async fn pass_on(region: &Region) -> Result<(), Failure> {
    end_each!(region, place_requests::lapsed, place_requests::end_lapsed)
}

/// Goes on with beds that did not suit the first part of those who wait.
async fn search_on(region: &Region) -> Result<(), Failure> {
    end_each!(region, place_requests::unfinished, place_requests::go_on)
}

async fn call_for_children(region: &Region) -> Result<(), Failure> {
    in_parts!(region, intake_requests::call, intake_requests::CALLED_AT_ONCE)
}

async fn lapse(region: &Region) -> Result<(), Failure> {
    in_parts!(region, referrals::lapse, referrals::LAPSED_AT_ONCE)
}

async fn call(region: &Region) -> Result<(), Failure> {
    in_parts!(region, crises::due, crises::DUE_AT_ONCE)
}
