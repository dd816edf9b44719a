use super::{info, on_engine, open_at};
use chrono::TimeDelta;
use domain::base::access::{Grant, Role};
use domain::base::change::{Subject, SubjectKind};
use domain::base::id::{JobId, UserId};
use domain::base::moment::Moment;
use domain::base::text::{Login, Title};
use domain::region::jobs::{ATTEMPTS, JobKind, JobLane, JobState, Outcome};
use domain::region::users::{NewUser, Password, User};
use persistence::db::{Clock, Db, Region};
use persistence::engine::failure::Failure;
use persistence::engine::page::Window;
use persistence::region::jobs::*;
use persistence::region::users::{self, UserFilter};
use persistence::tx::{Actor, Tx};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use uuid::Uuid;

const LEASE: TimeDelta = TimeDelta::seconds(5);

/// A region with one account and a clock that the test moves.
struct Place {
    url: String,
    seconds: Arc<AtomicI64>,
    region: Region,
    db: Db,
    owner: UserId,
}

impl Place {
    async fn new(url: &str, name: &str) -> Self {
        let seconds = Arc::new(AtomicI64::new(0));
        let db = open_at(url, clock(&seconds), &[]);
        let region = db.add_region(info(name, "Europe/Moscow"), persistence::db::empty).await.unwrap();
        let owner = region
            .write(Actor::system("test"), async |tx: &mut Tx<'_>| account(tx, "owner").await)
            .await
            .unwrap();
        Self { url: url.to_owned(), seconds, region, db, owner }
    }
    /// A second handle of the region, opened as another process would open it.
    async fn beside(&self) -> Region {
        let code = self.region.code();
        let db = open_at(&self.url, clock(&self.seconds), &[code.to_owned()]);
        db.open().await.unwrap();
        db.region(code).unwrap()
    }
    fn advance(&self, seconds: i64) {
        self.seconds.fetch_add(seconds, Ordering::SeqCst);
    }
    async fn queue(&self) -> JobId {
        let owner = self.owner;
        let put = async move |tx: &mut Tx<'_>| {
            let subject = Subject::new(SubjectKind::MatchingRound, runner(tx.now()));
            enqueue_for(tx, JobKind::MatchingRound, subject, owner).await
        };
        self.region.write(Actor::system("test"), put).await.unwrap()
    }
    async fn card(&self, id: JobId) -> JobCard {
        self.region.read(Actor::system("test"), async |tx: &mut Tx<'_>| card(tx, id).await).await.unwrap()
    }
    async fn cancel(&self, id: JobId) -> Result<(), Failure> {
        let cancel = async move |tx: &mut Tx<'_>| match load(tx, id).await?.open()?.cancel() {
            Some(change) => save_cancelling(tx, change).await,
            None => Ok(()),
        };
        self.region.write(Actor::system("test"), cancel).await
    }
}

fn clock(seconds: &Arc<AtomicI64>) -> Clock {
    let seconds = seconds.clone();
    Arc::new(move || {
        Moment::from_micros(1_800_000_000_000_000 + seconds.load(Ordering::SeqCst) * 1_000_000).unwrap()
    })
}

async fn account(tx: &mut Tx<'_>, login: &str) -> Result<UserId, Failure> {
    let grant = Grant { role: Role::Analyst, organization_id: None, program_id: None, territory: None };
    let order = NewUser {
        login: Login::new(login),
        name: Title::new("Владелец"),
        person_id: None,
        work_phone: None,
        grants: vec![grant],
        active: true,
        password: Password::new("сирень у старой пристани"),
    };
    let id: UserId = tx.mint();
    users::save_added(tx, User::add(id, &order)?, "no hash").await?;
    Ok(id)
}

async fn take(region: &Region) -> Result<Option<(Claimed, Uuid)>, Failure> {
    let name = runner(region.now());
    let taken = async move |tx: &mut Tx<'_>| claim(tx, JobLane::Short, name, LEASE).await;
    Ok(region.write(Actor::system("test"), taken).await?.map(|it| (it, name)))
}
async fn end(region: &Region, id: JobId, name: Uuid, outcome: Outcome) -> Result<(), Failure> {
    let end = async move |tx: &mut Tx<'_>| finish(tx, id, name, outcome).await;
    region.write(Actor::system("test"), end).await
}
async fn sign(region: &Region, id: JobId, name: Uuid, per_mille: i32) -> Renewed {
    let sign = async move |tx: &mut Tx<'_>| renew(tx, id, name, per_mille, LEASE).await;
    region.write(Actor::system("test"), sign).await.unwrap()
}

/// Runs a test in a region of its own.
fn placed(name: &str, story: impl AsyncFn(&Place)) {
    on_engine(async |url| {
        let place = Place::new(url, name).await;
        story(&place).await;
        place.db.remove_region(place.region.code()).await.unwrap();
    });
}

#[test]
fn two_runners_race_and_each_job_is_run_exactly_once() {
    placed("race", async |place| {
        let mut all = Vec::new();
        for _ in 0..20 {
            all.push(place.queue().await);
        }
        let other = place.beside().await;
        let run = async |region: &Region| {
            let mut done = Vec::new();
            loop {
                match take(region).await {
                    Ok(Some((it, name))) => {
                        end(region, it.id, name, Outcome::Done).await.unwrap();
                        done.push(it.id);
                    }
                    Ok(None) => break done,
                    Err(Failure::Busy) => {}
                    Err(failure) => panic!("{failure}"),
                }
                tokio::task::yield_now().await;
            }
        };
        let (mine, theirs) = futures_util::join!(run(&place.region), run(&other));
        let mut times = BTreeMap::new();
        for id in mine.into_iter().chain(theirs) {
            *times.entry(id).or_insert(0) += 1;
        }
        assert_eq!(times, all.iter().map(|it| (*it, 1)).collect());
        for id in all {
            let card = place.card(id).await;
            assert_eq!((card.state, card.progress, card.attempts), (JobState::Done, 1.0, 1));
            assert_eq!(card.result_path, Some(format!("/api/v1/matching-rounds/{}", card.subject_id)));
        }
    });
}

#[test]
fn a_passed_lease_hands_the_job_over_and_whoever_had_it_ends_nothing() {
    placed("lease", async |place| {
        let id = place.queue().await;
        let region = &place.region;
        let (first, old) = take(region).await.unwrap().unwrap();
        assert_eq!((first.id, first.attempts, first.instead()), (id, 1, None));
        place.advance(4);
        assert_eq!(take(region).await.unwrap(), None, "the lease still holds");
        assert_eq!(sign(region, id, old, 100).await, Renewed::Held);
        place.advance(4);
        assert_eq!(take(region).await.unwrap(), None, "a sign of life holds it for longer");
        place.advance(1);
        let (second, new) = take(region).await.unwrap().unwrap();
        assert_eq!((second.id, second.attempts), (id, 2));
        assert_eq!(sign(region, id, old, 900).await, Renewed::Lost);
        let effect = async move |tx: &mut Tx<'_>| {
            account(tx, "effect").await?;
            finish(tx, id, old, Outcome::Done).await
        };
        let lost = region.write(Actor::system("test"), effect).await;
        assert!(matches!(lost, Err(Failure::LeaseLost)), "{lost:?}");
        assert_eq!(accounts(region).await, 1, "nothing of what it did stays");
        end(region, id, new, Outcome::Failed("server.internal")).await.unwrap();
        assert!(matches!(end(region, id, new, Outcome::Done).await, Err(Failure::LeaseLost)), "once");
        let card = place.card(id).await;
        assert_eq!((card.state, card.progress), (JobState::Failed, 0.1));
        assert_eq!((card.problem_code.as_deref(), card.result_path), (Some("server.internal"), None));
    });
}

async fn accounts(region: &Region) -> usize {
    let list = async |tx: &mut Tx<'_>| {
        users::list(tx, &UserFilter::default(), &Window { after: None, limit: 200 }).await
    };
    region.read(Actor::system("test"), list).await.unwrap().items.len()
}

#[test]
fn progress_never_goes_back() {
    placed("progress", async |place| {
        let id = place.queue().await;
        let (_, name) = take(&place.region).await.unwrap().unwrap();
        for (told, shown) in [(250, 0.25), (100, 0.25), (5000, 1.0), (0, 1.0)] {
            assert_eq!(sign(&place.region, id, name, told).await, Renewed::Held);
            assert_eq!(place.card(id).await.progress, shown);
        }
        assert_eq!(place.card(id).await.version, 4, "what changed nothing but the lease is no version");
    });
}

#[test]
fn a_job_that_never_came_back_is_failed() {
    placed("attempts", async |place| {
        let id = place.queue().await;
        for attempt in 1..=ATTEMPTS {
            let (it, _) = take(&place.region).await.unwrap().unwrap();
            assert_eq!((it.attempts, it.instead()), (attempt, None));
            place.advance(5);
        }
        let (it, name) = take(&place.region).await.unwrap().unwrap();
        let outcome = it.instead().unwrap();
        assert_eq!(outcome, Outcome::Failed("server.internal"));
        end(&place.region, id, name, outcome).await.unwrap();
        assert_eq!(place.card(id).await.state, JobState::Failed);
        assert_eq!(take(&place.region).await.unwrap(), None);
    });
}

#[test]
fn who_runs_a_job_hears_that_it_was_asked_to_stop() {
    placed("cancel", async |place| {
        let (first, second) = (place.queue().await, place.queue().await);
        let (_, name) = take(&place.region).await.unwrap().unwrap();
        place.cancel(first).await.unwrap();
        place.cancel(first).await.unwrap();
        assert_eq!(place.card(first).await.version, 3, "to ask twice is to ask once");
        assert_eq!(sign(&place.region, first, name, 0).await, Renewed::Cancelling);
        end(&place.region, first, name, Outcome::Cancelled).await.unwrap();
        place.cancel(second).await.unwrap();
        let (it, name) = take(&place.region).await.unwrap().unwrap();
        assert_eq!((it.id, it.instead()), (second, Some(Outcome::Cancelled)));
        end(&place.region, second, name, Outcome::Cancelled).await.unwrap();
        let refused = place.cancel(second).await;
        assert!(matches!(&refused, Err(Failure::Refused(it)) if it.reasons()[0].rule.code == "job.ended"));
    });
}

#[test]
fn what_a_stopping_server_lays_down_is_taken_up_at_once() {
    placed("stop", async |place| {
        let id = place.queue().await;
        let (it, name) = take(&place.region).await.unwrap().unwrap();
        place.region.bench().hold(JobLane::Short, Some((it.id, name)));
        let other = place.beside().await;
        place.db.close().await;
        assert!(place.region.bench().is_closed());
        let (again, _) = take(&other).await.unwrap().unwrap();
        assert_eq!((again.id, again.attempts), (id, 1), "an attempt that was laid down is none");
    });
}
