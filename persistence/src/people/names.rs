//! The words under which people and families are found. Each save of a name keeps them.
use super::Human;
use crate::engine::column::bind;
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::schema::{families, name_words, people};
use crate::scope::begins;
use crate::tx::Tx;
use diesel::prelude::*;
use domain::base::change::SubjectKind;
use domain::base::id::{FamilyId, PersonId};
use domain::base::text::Title;
use domain::base::text::names;
use domain::base::word::fold;
use uuid::Uuid;

/// Rows of one statement. Each binds four values, and SQLite takes 32 766 of them.
const ROWS: usize = 4000;
/// Names whose words are filled in one step.
const NAMES: i64 = 1000;
/// Hits of a part of a search that are counted. Parts with as many are frequent, one like the other.
const COUNTED: i64 = 500;

/// A part of the text of a search.
#[derive(Debug, Clone)]
pub(crate) struct Part {
    /// The beginnings of words, one of which must begin a word of the name.
    pub beginnings: Vec<String>,
    /// Whether many people have such a word. Then a row is asked for its words; else those who have one are listed.
    pub is_frequent: bool,
}

impl Part {
    /// A part that few people have, or that is not asked of rows.
    pub(super) fn rare(beginnings: Vec<String>) -> Self {
        Self { beginnings, is_frequent: false }
    }
}

/// The ids of things of a kind with a word of this part.
macro_rules! named {
    ($kind:expr, $part:expr) => {{
        use $crate::engine::schema::name_words;
        // An alias, because a list of words may be asked for beside the words themselves.
        let listed = diesel::alias!(name_words as listed);
        listed
            .filter(listed.field(name_words::kind).eq(bind($kind)))
            .filter($crate::scope::begins(listed.field(name_words::word), &$part.beginnings))
            .select(listed.field(name_words::id))
    }};
}
pub(crate) use named;

/// Condition on rows: the thing of this kind with that id has a word of this part.
macro_rules! is_named {
    ($id:expr, $kind:expr, $part:expr) => {{
        use $crate::engine::schema::name_words;
        use $crate::scope::{Way, begins, when};
        let words = diesel::alias!(name_words as words);
        let has = words
            .filter(words.field(name_words::id).eq($id))
            .filter(begins(words.field(name_words::word), &$part.beginnings));
        when($part.is_frequent, diesel::dsl::exists(has))
            .or_by(when(!$part.is_frequent, $id.eq_any($crate::people::named!($kind, $part))))
    }};
}
pub(crate) use is_named;

/// A thing with its names.
pub(super) struct Named<'a> {
    pub(super) kind: SubjectKind,
    pub(super) id: Uuid,
    pub(super) names: Vec<&'a str>,
}

impl<'a> Named<'a> {
    pub(super) fn new(kind: SubjectKind, id: impl Into<Uuid>, names: Vec<&'a str>) -> Self {
        Self { kind, id: id.into(), names }
    }
    fn key(&self) -> String {
        fold(&self.names.join(" "))
    }
}

/// Keeps the words of new things.
pub(super) async fn add_names(tx: &mut Tx<'_>, all: &[Named<'_>]) -> Result<(), Failure> {
    let mut rows = Vec::new();
    for it in all {
        let key = it.key();
        for word in names::words(it.names.iter().copied()) {
            rows.push((
                name_words::kind.eq(bind(it.kind)),
                name_words::word.eq(bind(word)),
                name_words::name_key.eq(bind(key.clone())),
                name_words::id.eq(bind(it.id)),
            ));
        }
    }
    while !rows.is_empty() {
        let some = rows.split_off(rows.len().saturating_sub(ROWS));
        db!(tx, execute, diesel::insert_into(name_words::table).values(some.clone()))?;
    }
    Ok(())
}

/// Keeps the words of a thing that may have got another name.
pub(super) async fn rename(tx: &mut Tx<'_>, was: &Named<'_>, is: &Named<'_>) -> Result<(), Failure> {
    if was.names == is.names {
        return Ok(());
    }
    for word in names::words(was.names.iter().copied()) {
        let row = name_words::table.find((bind(was.kind), bind(word), bind(was.key()), bind(was.id)));
        db!(tx, execute, diesel::delete(row.clone()))?;
    }
    add_names(tx, std::slice::from_ref(is)).await
}

/// Keeps the words of everybody who was on record before words were kept.
pub(crate) async fn fill_names(tx: &mut Tx<'_>) -> Result<(), Failure> {
    let mut after = Uuid::nil();
    loop {
        let next = people::table.filter(people::id.gt(bind(after))).order(people::id).limit(NAMES);
        let some: Vec<(PersonId, Human)> = db!(tx, load, next.select((people::id, Human::as_select())))?;
        let Some((last, _)) = some.last() else { break };
        after = (*last).into();
        let named = some.iter().map(|(id, it)| Named::new(SubjectKind::Person, *id, it.names().collect()));
        add_names(tx, &named.collect::<Vec<_>>()).await?;
    }
    let all: Vec<(FamilyId, Title)> = db!(tx, load, families::table.select((families::id, families::name)))?;
    let named = all.iter().map(|(id, it)| Named::new(SubjectKind::Family, *id, vec![it.as_str()]));
    add_names(tx, &named.collect::<Vec<_>>()).await
}

/// The parts of a search, those that fewest people have first.
pub(crate) async fn rarest_first(tx: &mut Tx<'_>, parts: Vec<Vec<String>>) -> Result<Vec<Part>, Failure> {
    let mut counted = Vec::new();
    for beginnings in parts {
        let hits = name_words::table
            .filter(name_words::kind.eq(bind(SubjectKind::Person)))
            .filter(begins(name_words::word, &beginnings))
            .limit(COUNTED)
            .select(name_words::id);
        let hits: Vec<PersonId> = db!(tx, load, hits)?;
        let is_frequent = i64::try_from(hits.len()).is_ok_and(|it| it == COUNTED);
        counted.push((hits.len(), Part { is_frequent, ..Part::rare(beginnings) }));
    }
    counted.sort_by_key(|it| it.0);
    Ok(counted.into_iter().map(|it| it.1).collect())
}
