//! The journal of reads: what is shown is told from every place in which it is kept.
use super::raw::Raw;
use super::{info, on_engine, open, open_at};
use domain::base::change::{Subject, SubjectKind};
use domain::base::id::UserId;
use domain::base::moment::Moment;
use persistence::db::{Region, migrate};
use persistence::journal::reads::readers;
use persistence::tx::{Actor, Tx};
use serde_json::json;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use tests::{World, show};
use uuid::Uuid;

const GIRL: Uuid = Uuid::from_u128(77);
const NOON: i64 = 1_772_000_000_000_000;

fn reader(n: u128) -> UserId {
    Uuid::from_u128(n).into()
}

fn people(ids: impl Iterator<Item = u128>) -> Vec<Subject> {
    ids.map(|it| Subject::new(SubjectKind::Person, Uuid::from_u128(it))).collect()
}

async fn told(region: &Region, kind: SubjectKind, id: Uuid) -> Vec<(UserId, Moment)> {
    region
        .read(Actor::system("test"), async move |tx: &mut Tx<'_>| readers(tx, kind, id).await)
        .await
        .unwrap()
}

async fn count(raw: &Raw, table: &str) -> usize {
    raw.lines(&format!("SELECT CAST(count(*) AS text) FROM {table}")).await[0].parse().unwrap()
}

#[test]
fn a_second_writer_of_reads_waits_for_those_that_the_first_one_writes() {
    on_engine(async |url| {
        let db = open(url);
        let region = db.add_region(info("turns", "Europe/Moscow"), persistence::db::empty).await.unwrap();
        for n in 2000..2040 {
            show(&region, reader(1), &format!("turn-{n}"), people([n].into_iter())).await;
            let second = async {
                region.flush_reads().await.unwrap();
                told(&region, SubjectKind::Person, Uuid::from_u128(n)).await.len()
            };
            let (first, seen) = futures_util::join!(region.flush_reads(), second);
            first.unwrap();
            assert_eq!(seen, 1, "{n}");
        }
        db.remove_region(region.code()).await.unwrap();
    });
}

#[test]
fn everybody_who_has_seen_a_person_is_told_however_much_was_shown_since() {
    on_engine(async |url| {
        let now = Arc::new(AtomicI64::new(NOON));
        let ticks = now.clone();
        let clock = move || Moment::from_micros(ticks.fetch_add(1, Ordering::SeqCst)).unwrap();
        let db = open_at(url, Arc::new(clock), &[]);
        let region = db.add_region(info("reads", "Europe/Moscow"), persistence::db::empty).await.unwrap();
        let raw = Raw::of(&region, url).await;
        // A quiet region: many small writings become few.
        for n in 0..300 {
            show(&region, reader(1), &format!("quiet-{n}"), people([77, 1000 + n].into_iter())).await;
            region.flush_reads().await.unwrap();
        }
        assert!(count(&raw, "read_batches").await < 100);
        assert_eq!(told(&region, SubjectKind::Person, GIRL).await.len(), 300);
        // A busy one: what was shown is sorted.
        for n in 0..3 {
            let page = people((10_000 + n * 90_000..100_000 + n * 90_000).chain([77]));
            show(&region, reader(2 + n), "0b5a4cf56d5d4b1f9a3c1f2e3d4c5b6a", page).await;
            region.flush_reads().await.unwrap();
        }
        assert_eq!((count(&raw, "read_batches").await, count(&raw, "read_runs").await), (0, 1));
        show(&region, reader(9), "last", people([77].into_iter())).await;
        region.flush_reads().await.unwrap();
        let girl = told(&region, SubjectKind::Person, GIRL).await;
        assert_eq!(girl.len(), 304);
        assert!(girl.is_sorted_by(|one, other| one.1 > other.1), "the latest first");
        let latest: Vec<UserId> = girl.iter().take(5).map(|it| it.0).collect();
        assert_eq!(latest, [9, 4, 3, 2, 1].map(reader));
        // First, last and any other of the sorted; nobody else, and nobody of another kind.
        for (n, by) in [(1000, 1), (1299, 1), (10_000, 2), (99_999, 2), (100_000, 3), (279_999, 4)] {
            let seen = told(&region, SubjectKind::Person, Uuid::from_u128(n)).await;
            assert_eq!(seen.iter().map(|it| it.0).collect::<Vec<_>>(), [reader(by)], "{n}");
        }
        assert!(told(&region, SubjectKind::Person, Uuid::from_u128(5)).await.is_empty());
        assert!(told(&region, SubjectKind::Family, GIRL).await.is_empty());
        db.remove_region(region.code()).await.unwrap();
    });
}

#[test]
fn reads_of_before_they_were_packed_are_kept() {
    on_engine(async |url| {
        let db = open(url);
        let region = db.add_region(info("rows", "Europe/Moscow"), persistence::db::empty).await.unwrap();
        let raw = Raw::of(&region, url).await;
        let is_postgres = region.is_postgres();
        let id = |n: u128| match is_postgres {
            false => format!("x'{}'", Uuid::from_u128(n).simple()),
            true => format!("'{}'::uuid", Uuid::from_u128(n)),
        };
        let at = |n: i64| match is_postgres {
            false => (NOON + n).to_string(),
            true => format!("timestamptz 'epoch' + interval '{} microseconds'", NOON + n),
        };
        let row = |n: u128, user: u128, moment: i64, subject: u128| {
            format!(
                "INSERT INTO reads (id, at, user_id, request_id, subject_kind, subject_id)
                 VALUES ({}, {}, {}, 'of-{moment}', 'person', {});",
                id(n),
                at(moment),
                id(user),
                id(subject)
            )
        };
        let step = migrate::ALL.iter().find(|it| it.name == "0049_packed_reads").unwrap();
        raw.batch(&migrate::text(is_postgres, step.down)).await;
        raw.batch("DELETE FROM schema_migrations WHERE name = '0049_packed_reads'").await;
        for it in [row(1, 1, 0, 77), row(2, 1, 0, 78), row(3, 2, 5, 77), row(4, 3, 5, 77), row(5, 1, 9, 77)] {
            raw.batch(&it).await;
        }
        migrate::up(&region).await.unwrap();
        let moment = |n: i64| Moment::from_micros(NOON + n).unwrap();
        let mut girl = told(&region, SubjectKind::Person, GIRL).await;
        girl.sort();
        assert_eq!(
            girl,
            [(reader(1), moment(0)), (reader(1), moment(9)), (reader(2), moment(5)), (reader(3), moment(5))]
        );
        assert_eq!(told(&region, SubjectKind::Person, Uuid::from_u128(78)).await, [(reader(1), moment(0))]);
        db.remove_region(region.code()).await.unwrap();
    });
}

#[test]
fn reads_are_kept_as_long_as_the_region_says() {
    let mut world = World::new();
    let admin = world.admin();
    let girl = world.person(&admin, json!({}));
    let seen = |world: &World| world.readers(SubjectKind::Person, &girl).len();
    let look = |world: &World| {
        world.get(&world.again(&world.admin()), &format!("/people/{girl}")).expect(200);
        seen(world)
    };
    let term = |world: &World, days: i32, from: i64| {
        let form = json!({"kind": "reads", "effective_from": world.day(from), "days": days});
        world.post(&world.again(&world.admin()), "/terms", form)
    };
    let sweep = async |tx: &mut Tx<'_>| persistence::region::terms::sweep_reads(tx).await;
    term(&world, 1095, 0).refused(422, "field.range");
    let before = look(&world);
    world.advance_days(4000);
    world.inside(sweep);
    assert_eq!(look(&world), before + 1, "without a term reads are kept");
    term(&world, 5000, 0).expect(201);
    world.inside(sweep);
    assert_eq!(seen(&world), before + 1, "no read is that old");
    term(&world, 1096, 1).expect(201);
    world.inside(sweep);
    assert_eq!(seen(&world), before + 1, "the term is not in force yet");
    world.advance_days(1);
    world.inside(sweep);
    assert_eq!(seen(&world), 1);
}
