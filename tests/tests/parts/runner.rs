use super::{info, on_sqlite, open};
use api::region::jobs::handle::{Handle, JobFailure};
use api::server::runner::next;
use chrono::TimeDelta;
use domain::base::access::{Grant, Right, Role};
use domain::base::change::{Subject, SubjectKind};
use domain::base::id::{JobId, UserId};
use domain::base::text::{Login, Title};
use domain::region::jobs::{JobKind, JobState, Outcome};
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
        assert!(next(&region, perform).await.unwrap());
        let card = region.read(Actor::system("test"), async |tx: &mut Tx<'_>| jobs::card(tx, id).await);
        told.set(card.await.unwrap()).unwrap();
    });
    told.into_inner().unwrap()
}

async fn queue(region: &Region) -> JobId {
    let grants =
        vec![Grant { role: Role::RegionAdmin, organization_id: None, program_id: None, territory: None }];
    let (login, name) = (Login::new("admin"), Title::new("Администратор"));
    let password = Password::new("сирень у старой пристани");
    let order = NewUser { login, name, person_id: None, work_phone: None, grants, active: true, password };
    api::region::users::open_by("test", region, order).await.unwrap();
    let put = async |tx: &mut Tx<'_>| {
        let admin = persistence::region::users::by_login(tx, &Login::new("admin")).await?;
        let owner: UserId = admin.unwrap().0;
        let subject = Subject::new(SubjectKind::MatchingRound, owner);
        jobs::enqueue_for(tx, JobKind::MatchingRound, subject, owner).await
    };
    region.write(Actor::system("test"), put).await.unwrap()
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
            jobs::claim(tx, jobs::runner(tx.now()), TimeDelta::seconds(5)).await.map(drop)
        };
        region.write(Actor::system("test"), give).await?;
        Err(JobFailure::Refused("server.internal"))
    });
    assert_eq!(told(&card), (JobState::Running, None));
}
