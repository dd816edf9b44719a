//! Histories: the facts about a thing, the latest first, each a sentence in both languages beside its parts.
use crate::engine::card::Card;
use crate::engine::column::{Json, bind, binds};
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::page::{Page, Place, Window};
use crate::engine::schema::facts;
use crate::names::Names;
use crate::sight;
use crate::tx::Tx;
use diesel::prelude::*;
use domain::base::access::{Right, Role};
use domain::base::change::{Subject, SubjectKind};
use domain::base::id::{FactId, Id, UserId, kind_of};
use domain::base::moment::Moment;
use domain::base::telling::{InWords, Reader, Shown, Told, in_words};
use domain::history::{self, HistoryActor};
use serde_json::{Map, Value};
use shape::card;
use uuid::Uuid;

/// One entry of a resource's history: a sentence in both languages, and its parts.
#[card]
pub struct HistoryEntry {
    /// The id of the entry.
    pub id: FactId,
    /// The moment of the event.
    pub at: Moment,
    /// The event as a sentence in Russian.
    #[schema(max_length = 10_000, example = "Встреча состоялась, № 3.")]
    pub ru: String,
    /// The event as a sentence in English.
    #[schema(max_length = 10_000, example = "A meeting was held, number 3.")]
    pub en: String,
    /// The one who caused the event, by role. A side of a mentorship learns no more of staff.
    pub actor: HistoryActor,
    /// The account that caused the event; absent if the program itself did, and for a side of a mentorship that reads of others.
    pub actor_id: Option<UserId>,
    /// The name of `actor_id`; absent if the caller may not see that account.
    #[schema(max_length = 1500, example = "Петрова Елена Викторовна")]
    pub actor_name: Option<String>,
    /// The id of the request that caused the event, as `X-Request-Id` named it.
    #[schema(max_length = 64, example = "0198f0c2a5d07f6e8a3b")]
    pub request_id: String,
    /// The kind of the event, a word of the catalogue `fact-kinds`.
    #[schema(max_length = 64, example = "meeting.held")]
    pub kind: String,
    /// The kind of thing that the event is about: the thing of the history, or a part of it, such as a meeting of a mentorship.
    pub subject_kind: SubjectKind,
    /// The thing that the event is about.
    #[schema(value_type = String, format = Uuid, max_length = 36, example = "01980000-0000-7000-8000-000000000013")]
    pub subject_id: Uuid,
    /// The name of a part, such as the day of a meeting; absent if the event is about the thing of the history itself.
    #[schema(max_length = 1500, example = "2026-03-14")]
    pub subject_name: Option<String>,
    /// The version of that thing after the event: 1 for its entering. Absent for things without versions, and for entries from
    /// before versions were kept.
    #[schema(minimum = 1, example = 3)]
    pub version: Option<i64>,
    /// Details of the event: codes, dates and names of fields, never personal values.
    #[schema(max_items = 50)]
    pub details: Vec<HistoryDetail>,
}

/// One detail of an entry.
#[card]
pub struct HistoryDetail {
    /// The name of the detail, a word of the catalogue `fact-details`.
    #[schema(max_length = 64, example = "fields")]
    pub name: String,
    /// The value of the detail as text; lists are joined by commas.
    #[schema(max_length = 8000, example = "name, contacts")]
    pub value: String,
    /// The value in words in Russian: the label of a code, the name of a row that the caller may see. Absent if there are none.
    #[schema(max_length = 8000, example = "наименование, контакты")]
    pub ru: Option<String>,
    /// The value in words in English.
    #[schema(max_length = 8000, example = "name, contacts")]
    pub en: Option<String>,
}

impl Card for HistoryEntry {}

type FactRow = (FactId, Moment, Option<UserId>, String, String, SubjectKind, Uuid, Json<Value>, Option<i64>);

/// A fact on record, before it is told.
pub(crate) struct Fact {
    id: FactId,
    at: Moment,
    pub(crate) actor: Option<UserId>,
    request_id: String,
    pub(crate) kind: String,
    subject: Subject,
    version: Option<i64>,
    pub(crate) body: Map<String, Value>,
}

impl Fact {
    fn of((id, at, actor, request_id, kind, subject_kind, subject_id, body, version): FactRow) -> Self {
        let body = match body.0 {
            Value::Object(body) => body,
            _ => Map::new(),
        };
        let subject = Subject { kind: subject_kind, id: subject_id };
        Self { id, at, actor, request_id, kind, subject, version, body }
    }
}

/// The history of a subject that the caller may see, the latest first.
pub async fn history(
    tx: &mut Tx<'_>,
    subject: Subject,
    window: &Window,
) -> Result<Page<HistoryEntry>, Failure> {
    sight::must_see(tx, subject).await?;
    must_be_staff(tx, subject)?;
    let page = facts_about::<FactId>(tx, subject, subject.kind, &[], window).await?;
    let next = page.next;
    let actors = page.items.iter().map(|it| by_account(tx, it.actor)).collect();
    Ok(Page { items: tell(tx, subject, page.items, actors).await?, next })
}

/// Refuses the history of a thing to everybody who is not staff. The sides of a mentorship read only its own history and those of its
/// meetings.
pub(crate) fn must_be_staff(tx: &Tx<'_>, subject: Subject) -> Result<(), Failure> {
    let of_staff = |it: &&Role| !matches!(it, Role::Mentor | Role::Mentee);
    let mut roles = Right::ReadHistory.roles().iter().filter(of_staff);
    let is_staff = tx.caller().is_none_or(|caller| roles.any(|role| caller.is(*role)));
    if is_staff { Ok(()) } else { Err(Failure::NotFound(Some(subject))) }
}

/// The one who caused an event, as staff reads it.
pub(crate) fn by_account(tx: &Tx<'_>, actor: Option<UserId>) -> HistoryActor {
    match actor {
        None => HistoryActor::System,
        Some(it) if tx.caller().is_some_and(|caller| caller.user == it) => HistoryActor::Yourself,
        Some(_) => HistoryActor::Account,
    }
}

/// The facts about a subject and its parts of one kind, without a check of the right to see them.
pub(crate) async fn facts_about<I: Id>(
    tx: &mut Tx<'_>,
    subject: Subject,
    kind: SubjectKind,
    parts: &[I],
    window: &Window,
) -> Result<Page<Fact>, Failure> {
    let rows: Vec<FactRow> = db!(tx, load, {
        let own = facts::subject_kind.eq(bind(subject.kind)).and(facts::subject_id.eq(bind(subject.id)));
        let columns = (
            facts::id,
            facts::at,
            facts::actor_id,
            facts::request_id,
            facts::kind,
            facts::subject_kind,
            facts::subject_id,
            facts::body,
            facts::version,
        );
        let mut all = facts::table
            .filter(own)
            .select(columns)
            .order(facts::id.desc())
            .limit(window.fetch())
            .into_boxed();
        if !parts.is_empty() {
            let of_parts = facts::subject_kind.eq(bind(kind)).and(facts::subject_id.eq_any(binds(parts)));
            all = all.or_filter(of_parts);
        }
        if let Some(after) = window.after_id() {
            all = all.filter(facts::id.lt(bind(after)));
        }
        all
    })?;
    Ok(window.page(rows.into_iter().map(Fact::of).collect(), |it| Place::id(it.id)))
}

/// Tells facts in words, each with the one who caused it. A reader who is told the actor by role learns no account of others.
pub(crate) async fn tell(
    tx: &mut Tx<'_>,
    of: Subject,
    all: Vec<Fact>,
    actors: Vec<HistoryActor>,
) -> Result<Vec<HistoryEntry>, Failure> {
    let names =
        Names::of(tx, all.iter().zip(&actors).flat_map(|(it, actor)| rows_of(of, it, *actor))).await?;
    let name_of = |of_type: &str, id| names.name(kind_of(of_type)?, id).map(str::to_owned);
    let reader = Reader { zone: tx.zone(), name_of: &name_of, member: &history::member };
    Ok(all.into_iter().zip(actors).map(|(it, actor)| told(it, actor, &names, &reader)).collect())
}

/// The account of the actor, if the reader may learn it.
fn account(it: &Fact, actor: HistoryActor) -> Option<UserId> {
    it.actor.filter(|_| matches!(actor, HistoryActor::Account | HistoryActor::Yourself))
}

/// The rows that a fact names: the account, those in details, and its subject if that is a part of the thing whose history it is.
fn rows_of(of: Subject, it: &Fact, actor: HistoryActor) -> Vec<Subject> {
    let account = account(it, actor).map(|it| Subject::new(SubjectKind::User, it));
    let mut all: Vec<Subject> = account.into_iter().chain(Some(it.subject).filter(|it| *it != of)).collect();
    for (name, value) in &it.body {
        if let Some(Shown::Id(of_type)) = history::told(&it.kind).map(|told| told.shown(name))
            && let Some(kind) = kind_of(of_type)
        {
            let ids = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice).iter();
            all.extend(
                ids.filter_map(Value::as_str).filter_map(|it| Some(Subject { kind, id: it.parse().ok()? })),
            );
        }
    }
    all
}

fn told(it: Fact, actor: HistoryActor, names: &Names, reader: &Reader<'_>) -> HistoryEntry {
    let actor_id = account(&it, actor);
    let known = history::told(&it.kind);
    let sentence = known.map(|known| known.sentence(&it.body, reader));
    // A kind of an earlier version of the program has its name only.
    let InWords { ru, en } = sentence.unwrap_or_else(|| InWords { ru: it.kind.clone(), en: it.kind.clone() });
    HistoryEntry {
        id: it.id,
        at: it.at,
        ru,
        en,
        actor,
        actor_id,
        actor_name: actor_id.and_then(|it| names.name(SubjectKind::User, it.into())).map(str::to_owned),
        request_id: it.request_id,
        subject_kind: it.subject.kind,
        subject_id: it.subject.id,
        subject_name: names.name(it.subject.kind, it.subject.id).map(str::to_owned),
        version: it.version,
        details: details(it.body, known, reader),
        kind: it.kind,
    }
}

fn details(body: Map<String, Value>, known: Option<&Told>, reader: &Reader<'_>) -> Vec<HistoryDetail> {
    let told = body.into_iter().filter(|(_, value)| !value.is_null());
    told.map(|(name, value)| {
        let shown = known.map_or(Shown::Plain, |it| it.shown(&name));
        let (ru, en) = in_words(&name, &value, shown, reader).map(|it| (it.ru, it.en)).unzip();
        HistoryDetail { name, value: plain(value), ru, en }
    })
    .collect()
}

fn plain(value: Value) -> String {
    match value {
        Value::String(text) => text,
        Value::Array(items) => items.into_iter().map(plain).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}
