//! People found by what is known of them.
use super::Human;
use super::names::{Part, is_named, rarest_first};
use super::persons::{PersonCard, Row, SNILS, cards, coordinator, visible_people};
use crate::engine::column::{bind, binds};
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::page::{Page, Place, Window};
use crate::engine::schema::{
    beneficiaries, family_members, mentor_applications, name_words, people, representatives,
};
use crate::scope::beneficiaries::answered_for;
use crate::scope::{Way, among, begins, when, within};
use crate::tx::Tx;
use diesel::prelude::*;
use domain::base::access::Right;
use domain::base::change::SubjectKind;
use domain::base::id::PersonId;
use domain::base::text::names::{self, SHORT};
use domain::people::{POSSIBLE_DUPLICATE, PeopleSearch, PersonForm};
use std::collections::HashSet;

const CURSOR: &str = "people.name_key";

/// The visible people with that СНИЛС and birth date, where they are asked for.
macro_rules! fitting {
    ($scope:expr, $find:expr, $snils_key:expr) => {{
        let mut all = visible_people!($scope);
        if let Some(key) = &$snils_key {
            all = all.filter(people::snils_key.eq(bind(Some(key.clone()))));
        }
        if let Some(day) = $find.birth_date {
            all = all.filter(people::birth_date.eq(day));
        }
        all
    }};
}

/// Takes a query up after the last row of the page before.
macro_rules! beyond {
    ($all:ident, $after:expr, $table:ident) => {
        if let Some((name, id)) = $after {
            let beyond = $table::name_key.gt(bind(name.clone())).or($table::id.gt(bind(*id)));
            $all = $all.filter($table::name_key.ge(bind(name.clone()))).filter(beyond);
        }
    };
}

/// People who fit every filter, ordered by name. A place in this list holds a name, so the cursor is sealed.
pub async fn search_people(
    tx: &mut Tx<'_>,
    find: &PeopleSearch,
    window: &Window,
) -> Result<Page<PersonCard>, Failure> {
    let after = match &window.after {
        Some(place) => {
            let sealed = place.text.as_deref().unwrap_or_default();
            Some((tx.core.keys.open::<String>(CURSOR, place.id, sealed)?, PersonId::from(place.id)))
        }
        None => None,
    };
    let rows = match &find.name {
        Some(name) => {
            let parts = match names::asked(name.as_str()) {
                // The rows of a single part are read in their order, however many there are.
                alone if alone.len() < 2 => alone.into_iter().map(Part::rare).collect(),
                several => rarest_first(tx, several).await?,
            };
            by_name(tx, find, &parts, after, window.fetch()).await?
        }
        None => by_data(tx, find, after, window.fetch()).await?,
    };
    let Page { items, next } =
        window.page(rows, |it| Place { text: Some(it.name_key.clone()), id: it.id.into() });
    let sealed = |it: Place| {
        Ok::<_, Failure>(Place {
            text: Some(tx.core.keys.seal(CURSOR, it.id, &it.text.unwrap_or_default())?),
            ..it
        })
    };
    let next = next.map(sealed).transpose()?;
    Ok(Page { items: cards(tx, items).await?, next })
}

type After = Option<(String, PersonId)>;

async fn by_data(
    tx: &mut Tx<'_>,
    find: &PeopleSearch,
    after: After,
    limit: i64,
) -> Result<Vec<Row>, Failure> {
    let scope = tx.scope().clone();
    let snils_key = find.snils.as_ref().map(|it| tx.core.keys.blind(SNILS, it.as_str()));
    Ok(db!(tx, load, {
        let mut all = fitting!(scope, find, snils_key)
            .select(Row::as_select())
            .order((people::name_key, people::id))
            .limit(limit);
        beyond!(all, &after, people);
        all
    })?)
}

/// People by the words of their names. The rows of the rarest word are read first, in the order of names, and only the people of
/// the page are read whole: a beginning of two letters may fit a tenth of the region.
async fn by_name(
    tx: &mut Tx<'_>,
    find: &PeopleSearch,
    parts: &[Part],
    after: After,
    limit: i64,
) -> Result<Vec<Row>, Failure> {
    let ids = ids_by_name(tx, find, parts, after, limit).await?;
    rows_of(tx, &ids).await
}

/// The rows of these people, ordered by name.
async fn rows_of(tx: &mut Tx<'_>, ids: &[PersonId]) -> Result<Vec<Row>, Failure> {
    let those = people::table.filter(people::id.eq_any(binds(ids))).order((people::name_key, people::id));
    Ok(db!(tx, load, those.select(Row::as_select()))?)
}

/// People that the caller sees with these words in their names, the first by name, each with the full name.
pub(crate) async fn people_named(
    tx: &mut Tx<'_>,
    parts: &[Part],
    limit: i64,
) -> Result<Vec<(PersonId, String)>, Failure> {
    let all = PeopleSearch { name: None, snils: None, birth_date: None };
    let ids = ids_by_name(tx, &all, parts, None, limit).await?;
    let those = people::table.filter(people::id.eq_any(binds(&ids))).order((people::name_key, people::id));
    let found: Vec<(PersonId, Human)> = db!(tx, load, those.select((people::id, Human::as_select())))?;
    Ok(found.into_iter().map(|(id, it)| (id, it.full_name())).collect())
}

/// Fits that are read before anybody asks which of them are visible.
const WALKED: i64 = 200;

/// The first people by name who fit.
///
/// To whom nearly all are visible, the first fits are enough: the visible people of the region need not be counted up for them.
/// To whom few are visible, the other fits are sought among these few.
async fn ids_by_name(
    tx: &mut Tx<'_>,
    find: &PeopleSearch,
    parts: &[Part],
    after: After,
    limit: i64,
) -> Result<Vec<PersonId>, Failure> {
    let scope = tx.scope().clone();
    let snils_key = find.snils.as_ref().map(|it| tx.core.keys.blind(SNILS, it.as_str()));
    if scope.everything && snils_key.is_none() && find.birth_date.is_none() {
        return Ok(ids(fits(tx, parts, None, after, limit).await?));
    }
    let first = fits(tx, parts, None, after, WALKED).await?;
    let is_last = first.len() < usize::try_from(WALKED).unwrap_or_default();
    let last = first.last().cloned();
    let first = ids(first);
    let visible: HashSet<PersonId> = db!(tx, load, {
        fitting!(scope, find, snils_key).filter(people::id.eq_any(binds(&first))).select(people::id)
    })?
    .into_iter()
    .collect();
    let most = usize::try_from(limit).unwrap_or_default();
    let mut found: Vec<PersonId> = first.into_iter().filter(|it| visible.contains(it)).take(most).collect();
    let missing = limit.saturating_sub(i64::try_from(found.len()).unwrap_or(limit));
    if !is_last && missing > 0 {
        found.extend(ids(fits(tx, parts, Some((find, snils_key)), last, missing).await?));
    }
    Ok(found)
}

fn ids(places: Vec<(String, PersonId)>) -> Vec<PersonId> {
    places.into_iter().map(|it| it.1).collect()
}

/// The first people by name whose names have all parts: of all people, or of those who are visible and fit what else is sought.
async fn fits(
    tx: &mut Tx<'_>,
    parts: &[Part],
    sought: Option<(&PeopleSearch, Option<String>)>,
    after: After,
    limit: i64,
) -> Result<Vec<(String, PersonId)>, Failure> {
    let scope = tx.scope().clone();
    let Some((rarest, others)) = parts.split_first() else { return Ok(Vec::new()) };
    Ok(db!(tx, load, {
        let mut all = name_words::table
            .select((name_words::name_key, name_words::id))
            .distinct()
            .filter(name_words::kind.eq(bind(SubjectKind::Person)))
            .order((name_words::name_key, name_words::id))
            .limit(limit)
            .into_boxed();
        all = match rarest.beginnings.as_slice() {
            // One word, and not a range of them: its rows are in the order of names.
            [short] if short.chars().count() <= SHORT => all.filter(name_words::word.eq(bind(short.clone()))),
            any => all.filter(begins(name_words::word, any)),
        };
        for part in others {
            all = all.filter(is_named!(name_words::id, SubjectKind::Person, part));
        }
        if let Some((find, snils_key)) = &sought {
            all = all.filter(name_words::id.eq_any(fitting!(scope, find, snils_key).select(people::id)));
        }
        beyond!(all, &after, name_words);
        all
    })?)
}

/// Possible duplicates that are shown at most.
const DUPLICATES: usize = 20;

/// Other people whom the caller sees, born on the same day with the same names in any order. One without a patronymic is like one
/// with any. People that the caller does not see leave no trace here.
async fn possible_duplicates(
    tx: &mut Tx<'_>,
    form: &PersonForm,
    except: Option<PersonId>,
) -> Result<Vec<PersonId>, Failure> {
    let scope = tx.scope_of(Right::ReadPeople);
    let all: Vec<(PersonId, Human)> = db!(tx, load, {
        let born = visible_people!(scope).filter(people::birth_date.eq(form.birth_date));
        born.order((people::name_key, people::id)).select((people::id, Human::as_select()))
    })?;
    let own = names::likeness(form.names());
    let is_alike = |it: &Human| {
        let theirs = names::likeness(it.names());
        theirs.iter().all(|it| own.contains(it)) || own.iter().all(|it| theirs.contains(it))
    };
    let alike = all.into_iter().filter(|(id, it)| Some(*id) != except && is_alike(it)).map(|it| it.0);
    Ok(alike.take(DUPLICATES).collect())
}

/// Possible duplicates of a person who is about to be entered.
pub async fn list_possible_duplicates(
    tx: &mut Tx<'_>,
    form: &PersonForm,
    _: &Window,
) -> Result<Page<PersonCard>, Failure> {
    let ids = possible_duplicates(tx, form, None).await?;
    let rows = rows_of(tx, &ids).await?;
    Ok(Page { items: cards(tx, rows).await?, next: None })
}

/// Warns of a person like the one who was entered or edited, if the caller sees one.
pub async fn warn_of_duplicates(tx: &mut Tx<'_>, id: PersonId, form: &PersonForm) -> Result<(), Failure> {
    if !possible_duplicates(tx, form, Some(id)).await?.is_empty() {
        tx.warn(POSSIBLE_DUPLICATE.reason().at("/family_name"));
    }
    Ok(())
}
