//! People found by what is known of them.
use super::Human;
use super::names::rarest_first;
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
use domain::base::names::{self, SHORT};
use domain::people::{POSSIBLE_DUPLICATE, PeopleSearch, PersonForm};

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
        Some(name) => by_name(tx, find, names::asked(name.as_str()), after, window.fetch()).await?,
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
    parts: Vec<Vec<String>>,
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
    parts: &[Vec<String>],
    limit: i64,
) -> Result<Vec<(PersonId, String)>, Failure> {
    let all = PeopleSearch { name: None, snils: None, birth_date: None };
    let ids = ids_by_name(tx, &all, parts.to_vec(), None, limit).await?;
    let those = people::table.filter(people::id.eq_any(binds(&ids))).order((people::name_key, people::id));
    let found: Vec<(PersonId, Human)> = db!(tx, load, those.select((people::id, Human::as_select())))?;
    Ok(found.into_iter().map(|(id, it)| (id, it.full_name())).collect())
}

async fn ids_by_name(
    tx: &mut Tx<'_>,
    find: &PeopleSearch,
    parts: Vec<Vec<String>>,
    after: After,
    limit: i64,
) -> Result<Vec<PersonId>, Failure> {
    let scope = tx.scope().clone();
    let snils_key = find.snils.as_ref().map(|it| tx.core.keys.blind(SNILS, it.as_str()));
    let fits_all = scope.everything && snils_key.is_none() && find.birth_date.is_none();
    let parts = rarest_first(tx, SubjectKind::Person, parts).await?;
    let Some((rarest, others)) = parts.split_first() else { return Ok(Vec::new()) };
    let places: Vec<(String, PersonId)> = db!(tx, load, {
        let mut all = name_words::table
            .select((name_words::name_key, name_words::id))
            .distinct()
            .filter(name_words::kind.eq(bind(SubjectKind::Person)))
            .order((name_words::name_key, name_words::id))
            .limit(limit)
            .into_boxed();
        all = match rarest.as_slice() {
            // One word, and not a range of them: its rows are in the order of names.
            [short] if short.chars().count() <= SHORT => all.filter(name_words::word.eq(bind(short.clone()))),
            any => all.filter(begins(name_words::word, any)),
        };
        for part in others {
            let words = diesel::alias!(name_words as words);
            let named = words
                .filter(words.field(name_words::kind).eq(bind(SubjectKind::Person)))
                .filter(begins(words.field(name_words::word), part))
                .select(words.field(name_words::id));
            all = all.filter(name_words::id.eq_any(named));
        }
        if !fits_all {
            all = all.filter(name_words::id.eq_any(fitting!(scope, find, snils_key).select(people::id)));
        }
        beyond!(all, &after, name_words);
        all
    })?;
    Ok(places.into_iter().map(|it| it.1).collect())
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
