use super::{info, on_sqlite, open};
use api::region::jobs::handle::{Handle, JobFailure};
use api::server::runner::{next, start};
use chrono::TimeDelta;
use domain::base::access::{Grant, Right, Role};
use domain::base::change::{Subject, SubjectKind};
use domain::base::id::{JobId, UserId};
use domain::base::text::{Login, Title};
use domain::region::jobs::{JobKind, JobLane, JobState, Outcome};
use domain::region::users::{NewUser, Password};
use persistence::db::Region;
use persistence::region::jobs::{self, Claimed, JobCard};
use persistence::tx::{Actor, Tx};
use std::cell::{Cell, OnceCell};
use std::time::Duration;

/// Runs work as a job of an administrator in a new region, and returns the card of the job.
fn after(work: impl AsyncFn(Region, Claimed, Handle) -> Result<(), JobFailure> + 'static) -> JobCard {
    let (work, told) = (Cell::new(Some(work)), OnceCell::new());
    on_sqlite(async |url| {
        let region =
            open(url).add_region(info("jobs", "Europe/Moscow"), persistence::db::empty).await.unwrap();
        let id = queue(&region).await;
        let work = work.take().unwrap();
        let perform = move |region, claimed, handle| async move { work(region, claimed, handle).await };
        assert!(next(&region, JobLane::Short, perform).await.unwrap());
        let card = region.read(Actor::system("test"), async |tx: &mut Tx<'_>| jobs::card(tx, id).await);
        told.set(card.await.unwrap()).unwrap();
    });
    told.into_inner().unwrap()
}

async fn queue(region: &Region) -> JobId {
    let owner = owner(region).await;
    queue_in(region, JobLane::Short, owner).await
}

async fn queue_in(region: &Region, lane: JobLane, owner: UserId) -> JobId {
    let put = async move |tx: &mut Tx<'_>| {
        let subject = Subject::new(SubjectKind::MatchingRound, owner);
        jobs::enqueue_in(tx, lane, JobKind::MatchingRound, subject, owner).await
    };
    region.write(Actor::system("test"), put).await.unwrap()
}

async fn owner(region: &Region) -> UserId {
    let grants =
        vec![Grant { role: Role::RegionAdmin, organization_id: None, program_id: None, territory: None }];
    let (login, name) = (Login::new("admin"), Title::new("Администратор"));
    let password = Password::new("сирень у старой пристани");
    let order = NewUser { login, name, person_id: None, work_phone: None, grants, active: true, password };
    api::region::users::open_by("test", region, order).await.unwrap();
    let find = async |tx: &mut Tx<'_>| persistence::region::users::by_login(tx, &Login::new("admin")).await;
    region.read(Actor::system("test"), find).await.unwrap().unwrap().0
}

fn told(card: &JobCard) -> (JobState, Option<&str>) {
    (card.state, card.problem_code.as_deref())
}

#[test]
fn work_ends_its_job_itself_in_the_name_of_its_owner() {
    let card = after(async |region, claimed, handle: Handle| {
        let actor = handle.actor(Right::ManagePrograms).await?;
        let (id, runner) = (claimed.id, handle.runner());
        let done = async move |tx: &mut Tx<'_>| jobs::finish(tx, id, runner, Outcome::Done).await;
        Ok(region.write(actor, done).await?)
    });
    assert_eq!((told(&card), card.progress), ((JobState::Done, None), 1.0));
}

#[test]
fn whoever_lost_the_right_does_nothing_through_a_job_either() {
    let card = after(async |_, _, handle| handle.actor(Right::RunMatching).await.map(drop));
    assert_eq!(told(&card), (JobState::Failed, Some("access.forbidden")));
}

#[test]
fn a_panic_and_an_end_forgotten_fail_the_job_and_not_the_runner() {
    let card = after(async |_, _, _| panic!("on purpose"));
    assert_eq!(told(&card), (JobState::Failed, Some("server.internal")));
    assert_eq!(told(&after(async |_, _, _| Ok(()))), (JobState::Failed, Some("server.internal")));
    let refused = after(async |_, _, _| Err(domain::region::jobs::ENDED.refuse().into()));
    assert_eq!(told(&refused), (JobState::Failed, Some("job.ended")));
}

#[test]
fn whoever_cancels_stops_the_work_and_sees_how_far_it_was() {
    let card = after(async |region, claimed, handle: Handle| {
        handle.progress(250);
        handle.progress(100);
        let id = claimed.id;
        let cancel = async move |tx: &mut Tx<'_>| match jobs::load(tx, id).await?.open()?.cancel() {
            Some(asked) => jobs::save_cancelling(tx, asked).await,
            None => Ok(()),
        };
        region.write(Actor::system("test"), cancel).await?;
        while !handle.stop() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Err(JobFailure::Stopped)
    });
    assert_eq!((told(&card), card.progress), ((JobState::Cancelled, None), 0.25));
}

#[test]
fn work_whose_job_was_taken_over_stops_and_ends_nothing() {
    let card = after(async |region, claimed, handle: Handle| {
        let give = async move |tx: &mut Tx<'_>| {
            jobs::give_back(tx, claimed.id, handle.runner()).await?;
            jobs::claim(tx, JobLane::Short, jobs::runner(tx.now()), TimeDelta::seconds(5)).await.map(drop)
        };
        region.write(Actor::system("test"), give).await?;
        Err(JobFailure::Refused("server.internal"))
    });
    assert_eq!(told(&card), (JobState::Running, None));
}

/// Waits for the end of a job. None if it has not ended within some seconds.
async fn end_of(region: &Region, id: JobId) -> Option<JobState> {
    for _ in 0..250 {
        let card = region.read(Actor::system("test"), async |tx: &mut Tx<'_>| jobs::card(tx, id).await);
        let state = card.await.unwrap().state;
        if state.is_ended() {
            return Some(state);
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    None
}

#[test]
fn a_round_is_computed_while_a_long_job_runs() {
    on_sqlite(async |url| {
        let region =
            open(url).add_region(info("lanes", "Europe/Moscow"), persistence::db::empty).await.unwrap();
        let owner = owner(&region).await;
        // The long job is queued first, and ends only when the short one has. A second short one waits for the first alone.
        let long = queue_in(&region, JobLane::Long, owner).await;
        let rounds =
            [queue_in(&region, JobLane::Short, owner).await, queue_in(&region, JobLane::Short, owner).await];
        start(&region, move |region: Region, claimed: Claimed, handle: Handle| async move {
            if claimed.id == long {
                for round in rounds {
                    let state = end_of(&region, round).await;
                    assert_eq!(state, Some(JobState::Done), "the round waits for the long job");
                }
            }
            let (id, runner) = (claimed.id, handle.runner());
            let done = async move |tx: &mut Tx<'_>| jobs::finish(tx, id, runner, Outcome::Done).await;
            Ok(region.write(Actor::system("test"), done).await?)
        });
        assert_eq!(end_of(&region, long).await, Some(JobState::Done));
    });
}

#[test]
fn a_stopping_process_gives_back_the_jobs_of_both_lanes() {
    on_sqlite(async |url| {
        let db = open(url);
        let region = db.add_region(info("both", "Europe/Moscow"), persistence::db::empty).await.unwrap();
        let owner = owner(&region).await;
        let all = [JobLane::Long, JobLane::Short];
        let mut queued = Vec::new();
        for lane in all {
            queued.push(queue_in(&region, lane, owner).await);
        }
        start(&region, async |_, _, handle: Handle| {
            while !handle.stop() {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            Err(JobFailure::Stopped)
        });
        let state = async |id: JobId| {
            let card = region.read(Actor::system("test"), async |tx: &mut Tx<'_>| jobs::card(tx, id).await);
            card.await.unwrap().state
        };
        while state(queued[0]).await != JobState::Running || state(queued[1]).await != JobState::Running {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let code = region.code().to_owned();
        db.close().await;
        let again = open(url);
        again.open().await.unwrap();
        let region = again.region(&code).unwrap();
        for id in queued {
            let card = region.read(Actor::system("test"), async |tx: &mut Tx<'_>| jobs::card(tx, id).await);
            assert_eq!(card.await.unwrap().state, JobState::Queued);
        }
    });
}
