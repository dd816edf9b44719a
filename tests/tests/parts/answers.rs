use super::{info, on_sqlite, open_at};
use api::http::answer::{Accepted, Answer};
use api::openapi::yaml::for_all;
use domain::base::id::JobId;
use domain::base::moment::Moment;
use persistence::engine::card::Card;
use persistence::engine::page::Window;
use persistence::region::annexes::{self, AnnexFilter};
use persistence::region::programs::{self, ProgramFilter};
use persistence::tx::{Actor, Tx};
use serde::Serialize;
use serde_json::{Value, json};
use std::sync::Arc;

#[derive(Serialize)]
struct Round {
    state: &'static str,
}
impl Card for Round {
    const IS_JOINED: bool = false;
    fn version(&self) -> Option<i64> {
        Some(7)
    }
    fn path(&self) -> Option<String> {
        Some("/api/v1/matching-rounds/1".into())
    }
}

#[test]
fn what_was_accepted_is_told_as_it_is_with_the_place_of_its_job() {
    let job_id: JobId = "01980000-0000-7000-8000-000000000037".parse().unwrap();
    let answer = Answer::plain(202, &Accepted { card: Round { state: "queued" }, job_id }).unwrap();
    let answered = answer.answered();
    assert_eq!((answered.status, answered.body.as_str()), (202, r#"{"state":"queued"}"#));
    let header = |sought: &str| {
        let found = answered.headers.iter().find(|(name, _)| name == sought);
        found.map(|(_, value)| value.as_str()).unwrap_or_default()
    };
    assert_eq!(header("ETag"), "\"7\"");
    assert_eq!(header("Location"), "/api/v1/jobs/01980000-0000-7000-8000-000000000037");
}

#[test]
fn what_yaml_1_1_would_not_read_as_text_is_quoted_and_texts_of_lines_stay() {
    let value = json!({"required": ["on", "-5", "no"], "on": {"example": "2026-03-01", "at": "2026-03-01T09:30:00Z"},
        "list": [{"description": "on: off\non\n\n- no", "in": "y"}, "a\n- on: no"], "flag": true, "dash": "- on", "time": "10:30"});
    let text = for_all(&serde_norway::to_string(&value).unwrap());
    for expected in [
        "- 'on'\n",
        "- 'no'\n",
        "'on':\n",
        "example: '2026-03-01'\n",
        "at: '2026-03-01T09:30:00Z'\n",
        "in: 'y'\n",
        "time: '10:30'\n",
    ] {
        assert!(text.contains(expected), "{expected} in {text}");
    }
    assert_eq!(serde_norway::from_str::<Value>(&text).unwrap(), value, "{text}");
}

#[test]
fn the_whole_document_reads_back_as_it_was() {
    if tests::postgres_url().is_some() {
        return; // It tells of the API, not of the engine.
    }
    let read: Value = serde_norway::from_str(&api::openapi::yaml().unwrap()).unwrap();
    assert_eq!(&read, api::openapi::document());
}

#[test]
fn shipping_twice_changes_nothing() {
    on_sqlite(async |url| {
        let db = open_at(url, Arc::new(|| Moment::from_micros(1_772_000_000_000_000).unwrap()), &[]);
        let region = db.add_region(info("shipped", "Europe/Moscow"), api::shipped::ship).await.unwrap();
        let count = async |tx: &mut Tx<'_>| {
            let window = Window { after: None, limit: 200 };
            let programs = programs::list(tx, &ProgramFilter::default(), &window).await?.items;
            let mut editions = 0;
            for it in &programs {
                editions += programs::list_editions(tx, it.id, &window).await?.items.len();
            }
            let annexes = annexes::list(tx, &AnnexFilter::default(), &window).await?.items;
            Ok((programs.len(), editions, annexes.len()))
        };
        for _ in 0..2 {
            assert_eq!(region.read(Actor::system("test"), count).await.unwrap(), (4, 4, 3));
        }
        db.close().await;
    });
}
