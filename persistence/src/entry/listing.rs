//! Pages of entries: the filters and the order of a list.
//!
//! A list that asks for values of a list in each entry is walked along the table beside, whose index has the order too: once for each value.
use super::beside::{joined, referring};
use super::row::{Row, day_of};
use super::{EntryCard, edits_under, is, must_reach_parent, reached, shown, texts};
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::page::{Page, Place, Window};
use crate::engine::statement::Statement;
use crate::scope::places;
use crate::tx::Tx;
use domain::base::entry::{Asked, Beside, Entry, Narrow, Order, Owner};
use domain::base::kept::Value;
use domain::base::text::Oktmo;
use std::collections::BTreeSet;
use uuid::Uuid;

/// A page of entries, under a parent where they stand under one.
pub async fn list<F: Entry>(
    tx: &mut Tx<'_>,
    parent: Option<Uuid>,
    filter: &F::Filter,
    window: &Window,
) -> Result<Page<EntryCard<F>>, Failure> {
    let about = F::ABOUT;
    match parent {
        Some(parent) => must_reach_parent::<F>(tx, parent).await?,
        None if about.owner == Owner::Parent => return Err(Failure::broken("a list without its parent")),
        None => {}
    }
    let parts = apart(filter.asked());
    let is_merged = parts.len() > 1;
    let mut rows: Vec<Row<F>> = Vec::new();
    for asked in parts {
        let some = statement::<F>(tx, parent, filter, asked, window);
        let some: Vec<Row<F>> = db!(tx, load, some)?;
        rows.extend(some);
    }
    if is_merged {
        let mut met = BTreeSet::new();
        rows.retain(|it| met.insert(it.id));
        let is_rising = matches!(about.order, Order::Name(_));
        rows = window.first_of(rows, is_rising, |it| (it.key.clone(), day_of::<F>(&it.values), it.id));
    }
    let page = window.page(rows, place_of);
    let cards: Vec<EntryCard<F>> = tx.readable(page.items.into_iter().map(|it| shown(tx, it)))?;
    let edits_under = edits_under(tx, cards.first()).await?;
    let items = cards.into_iter().map(|it| it.discreetly(tx, edits_under)).collect();
    Ok(Page { items, next: page.next })
}

/// The questions of a list, apart for each of the values that a table beside is asked for.
fn apart(asked: Vec<(&'static str, Asked)>) -> Vec<Vec<(&'static str, Asked)>> {
    let mut all: Vec<Vec<(&'static str, Asked)>> = vec![Vec::new()];
    for (name, it) in asked {
        let each: Vec<Asked> = match it {
            Asked::Among(table, values) => {
                values.into_iter().map(|it| Asked::Among(table, vec![it])).collect()
            }
            other => vec![other],
        };
        let further = |before: Vec<(&'static str, Asked)>| {
            let one = |it: &Asked| before.iter().cloned().chain([(name, it.clone())]).collect();
            each.iter().map(one).collect::<Vec<Vec<(&'static str, Asked)>>>()
        };
        all = all.into_iter().flat_map(further).collect();
    }
    all
}

/// The first rows after a place that answer these questions.
fn statement<F: Entry>(
    tx: &Tx<'_>,
    parent: Option<Uuid>,
    filter: &F::Filter,
    asked: Vec<(&'static str, Asked)>,
    window: &Window,
) -> Statement {
    let about = F::ABOUT;
    let tables: Vec<Beside> = asked.iter().filter_map(|it| table_of(&it.1)).collect();
    let walk = Walk::along::<F>(tables.first());
    let mut all = match tables.is_empty() {
        true => reached::<F>(tx, &texts::<F>(tx).select),
        false => reached::<F>(tx, &joined::<F>(&tables)),
    };
    if let (Some(under), Some(parent)) = (&about.parent, parent) {
        all = all.text(" AND ").text(under.column).text(" = ").value(is(parent));
    }
    for (name, asked) in asked {
        all = narrowed::<F>(all, name, asked, &walk);
    }
    if about.has_annulment {
        let is_asked = if filter.annulled() { "IS NOT NULL" } else { "IS NULL" };
        all = all.text(" AND annulment_reason ").text(is_asked);
    }
    if let Some(column) = about.until {
        let (today, all_of) = (Value::Day(Some(tx.today())), all.text(" AND (").text(column));
        all = match filter.ended() {
            true => all_of.text(" < ").value(today).text(")"),
            false => all_of.text(" IS NULL OR ").text(column).text(" >= ").value(today).text(")"),
        };
    }
    ordered::<F>(all, window, &walk).text(" LIMIT ").rows(window.fetch())
}

fn table_of(asked: &Asked) -> Option<Beside> {
    match asked {
        Asked::Among(table, _) => Some(*table),
        _ => None,
    }
}

/// The columns along which the rows of a list are read.
struct Walk {
    /// The column of the order: a folded name, or a day.
    key: String,
    id: String,
}

impl Walk {
    /// The columns of the entry, or those of the table beside which have the same values.
    fn along<F: Entry>(table: Option<&Beside>) -> Self {
        if let Some(Beside { table, .. }) = table {
            return Self { key: format!("{table}.listed_on"), id: format!("{table}.{}", referring::<F>()) };
        }
        let key = match F::ABOUT.order {
            Order::Newest => "id".to_owned(),
            Order::Name(name) => format!("{name}_key"),
            Order::Day(name) => name.to_owned(),
        };
        Self { key, id: "id".to_owned() }
    }
}

fn narrowed<F: Entry>(all: Statement, name: &str, asked: Asked, walk: &Walk) -> Statement {
    let Some(member) = F::ABOUT.members.iter().find(|it| it.name == name) else { return all };
    let text = |it: String| Value::Text(Some(it));
    let within = |all: Statement, code: &str| {
        let (first, end) = places(code);
        let all = all.text(member.column).text(" >= ").value(text(first)).text(" AND ");
        all.text(member.column).text(" < ").value(text(end))
    };
    match asked {
        Asked::AnyOf(values) => all.text(" AND ").text(member.column).text(" IN (").values(values).text(")"),
        Asked::Beginning(code) => within(all.text(" AND "), &code),
        Asked::At(code) => {
            let holding = Oktmo::new(&code).holding().into_iter().map(String::from);
            let holding = std::iter::once(code.clone()).chain(holding).map(text).collect();
            let all = all.text(" AND (").text(member.column).text(" IN (").values(holding).text(") OR (");
            within(all, &code).text("))")
        }
        Asked::NotBefore(day) => all.built(format!(" AND {} >= ", walk.key)).value(day),
        Asked::NotAfter(day) => all.built(format!(" AND {} <= ", walk.key)).value(day),
        // One value at a time: [`apart`].
        Asked::Among(Beside { table, column }, values) => values
            .into_iter()
            .fold(all, |all, value| all.built(format!(" AND {table}.{column} = ")).value(value)),
    }
}

/// The rows after a place, in order. A list by name or by day goes on with the id where the text is the same.
fn ordered<F: Entry>(all: Statement, window: &Window, walk: &Walk) -> Statement {
    let after = window.after.as_ref();
    let (sign, end) = match F::ABOUT.order {
        Order::Newest => {
            let all = match after {
                Some(place) => all.text(" AND id < ").value(is(place.id)),
                None => all,
            };
            return all.text(" ORDER BY id DESC");
        }
        Order::Name(_) => (">", ""),
        Order::Day(_) => ("<", " DESC"),
    };
    let Walk { key: column, id } = walk;
    let all = match after {
        Some(place) => {
            let key = || match F::ABOUT.order {
                Order::Day(_) => Value::Day(place.text.as_deref().and_then(|it| it.parse().ok())),
                _ => Value::Text(Some(place.text.clone().unwrap_or_default())),
            };
            let all = all.built(format!(" AND {column} {sign}= ")).value(key());
            all.built(format!(" AND ({column} {sign} "))
                .value(key())
                .built(format!(" OR {id} {sign} "))
                .value(is(place.id))
                .text(")")
        }
        None => all,
    };
    all.built(format!(" ORDER BY {column}{end}, {id}{end}"))
}

fn place_of<F: Entry>(row: &Row<F>) -> Place {
    let day = || day_of::<F>(&row.values).map(|it| it.to_string());
    Place { text: row.key.clone().or_else(day), id: row.id }
}
