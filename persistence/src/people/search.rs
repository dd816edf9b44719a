//! People found by what is known of them.
use super::Human;
use super::match_keys::SNILS;
use super::names::{Part, is_named, rarest_first};
use super::persons::{PersonCard, Row, cards, coordinator, visible_people};
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
use chrono::NaiveDate;
use diesel::prelude::*;
use domain::base::change::SubjectKind;
use domain::base::id::PersonId;
use domain::base::text::names::{self, SHORT};
use domain::people::PeopleSearch;
use std::collections::HashSet;

const CURSOR: &str = "people.name_key";

/// The visible people with that СНИЛС and birth date, where they are asked for: all, or those of the given ones.
macro_rules! fitting {
    ($scope:expr, $find:expr, $snils_key:expr, $only:expr) => {{
        let mut all = visible_people!($scope, $only);
        if let Some(key) = &$snils_key {
            all = all.filter(people::snils_key.eq(bind(Some(key.clone()))));
        }
        if let Some(day) = $find.birth_date {
            all = all.filter(people::birth_date.eq(day));
        }
        all
    }};
}

/// People with one birth date of whom each is asked alone whether the caller sees them.
const FEW: usize = 1000;

/// The people with that СНИЛС or birth date, whether the caller sees them or not. `None` if neither is asked for or they are many.
async fn few_with(
    tx: &mut Tx<'_>,
    birth_date: Option<NaiveDate>,
    snils_key: Option<&String>,
) -> Result<Option<Vec<PersonId>>, Failure> {
    let everybody = people::table.select(people::id).limit(i64::try_from(FEW).unwrap_or(i64::MAX));
    let found: Vec<PersonId> = match (snils_key, birth_date) {
        (Some(key), _) => db!(tx, load, everybody.filter(people::snils_key.eq(bind(Some(key.clone())))))?,
        (None, Some(day)) => db!(tx, load, everybody.filter(people::birth_date.eq(day)))?,
        (None, None) => return Ok(None),
    };
    Ok((found.len() < FEW).then_some(found))
}

/// A search by more than a name: the visible people with these data, of the few who have them.
struct Sought<'a> {
    find: &'a PeopleSearch,
    snils_key: Option<String>,
    few: Option<Vec<PersonId>>,
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
    let few = few_with(tx, find.birth_date, snils_key.as_ref()).await?;
    Ok(db!(tx, load, {
        let mut all = fitting!(scope, find, snils_key, few.as_deref())
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
pub(super) async fn rows_of(tx: &mut Tx<'_>, ids: &[PersonId]) -> Result<Vec<Row>, Failure> {
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

/// Fits that are read at a time before their visibility is asked.
const STEP: i64 = 200;
/// Fits that are read so at most.
const WALKED: i64 = 1000;

/// The first people by name who fit.
///
/// To whom a good part of the region is visible, the first fits are enough: the visible people of the region need not be counted up
/// for them. To whom few are visible, the other fits are sought among these few.
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
    let few = few_with(tx, find.birth_date, snils_key.as_ref()).await?;
    if few.is_some() {
        return Ok(ids(fits(tx, parts, Some(Sought { find, snils_key, few }), after, limit).await?));
    }
    let (mut found, mut last, mut walked) = (Vec::new(), after, 0);
    loop {
        let missing = limit.saturating_sub(i64::try_from(found.len()).unwrap_or(limit));
        if missing <= 0 {
            return Ok(found);
        }
        if walked >= WALKED {
            found.extend(ids(fits(tx, parts, Some(Sought { find, snils_key, few }), last, missing).await?));
            return Ok(found);
        }
        let some = fits(tx, parts, None, last.clone(), STEP).await?;
        let is_last = some.len() < usize::try_from(STEP).unwrap_or_default();
        last = some.last().cloned().or(last);
        walked += STEP;
        let some = ids(some);
        let visible: HashSet<PersonId> =
            db!(tx, load, fitting!(scope, find, snils_key, Some(&some)).select(people::id))?
                .into_iter()
                .collect();
        let most = usize::try_from(missing).unwrap_or_default();
        found.extend(some.into_iter().filter(|it| visible.contains(it)).take(most));
        if is_last {
            return Ok(found);
        }
    }
}

fn ids(places: Vec<(String, PersonId)>) -> Vec<PersonId> {
    places.into_iter().map(|it| it.1).collect()
}

/// The first people by name whose names have all parts: of all people, or of those who are visible and fit what else is sought.
async fn fits(
    tx: &mut Tx<'_>,
    parts: &[Part],
    sought: Option<Sought<'_>>,
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
        if let Some(Sought { find, snils_key, few }) = &sought {
            let those = fitting!(scope, find, snils_key, few.as_deref());
            all = all.filter(name_words::id.eq_any(those.select(people::id)));
        }
        beyond!(all, &after, name_words);
        all
    })?)
}
