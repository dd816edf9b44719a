//! Tables beside entries: the values of their lists, by which a list of entries finds them along an index that has its order.
//!
//! Invariant: their rows follow from the form that was saved last.
use super::is;
use super::row::{day_of, read};
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::statement::Statement;
use crate::tx::Tx;
use domain::base::entry::{Beside, Entry, Listed};
use domain::base::kept::Value;
use std::sync::Arc;

/// The column of such a table that refers to the entry.
pub(super) fn referring<F: Entry>() -> String {
    format!("{}_id", F::ABOUT.kind)
}

/// `SELECT … FROM … JOIN … WHERE `: the columns of the entry, with its rows in these tables.
pub(super) fn joined<F: Entry>(tables: &[Beside]) -> Arc<str> {
    let (table, entry, all) = (F::ABOUT.table, referring::<F>(), read::<F>().join(", "));
    let join = |it: &Beside| format!(" JOIN {0} ON {0}.{entry} = {table}.id", it.table);
    let joins: String = tables.iter().map(join).collect();
    format!("SELECT {all} FROM {table}{joins} WHERE ").into()
}

/// Keeps the values of a new entry.
pub(super) async fn enter<F: Entry>(tx: &mut Tx<'_>, id: F::Id, form: &F) -> Result<(), Failure> {
    let listed = form.listed();
    if listed.is_empty() {
        return Ok(());
    }
    let (own, day) = (is(id), Value::Day(day_of::<F>(&form.values())));
    for Listed { by, values } in listed {
        let mut each: Vec<Value> = Vec::with_capacity(values.len());
        for it in values {
            if !each.contains(&it) {
                each.push(it);
            }
        }
        if each.is_empty() {
            continue;
        }
        let columns = format!("{}, {}, listed_on", referring::<F>(), by.column);
        let mut insert = Statement::default().built(format!("INSERT INTO {} ({columns}) VALUES ", by.table));
        for (n, it) in each.into_iter().enumerate() {
            let row = vec![own.clone(), it, day.clone()];
            insert = insert.text(if n == 0 { "(" } else { ", (" }).values(row).text(")");
        }
        db!(tx, execute, insert.once())?;
    }
    Ok(())
}

/// Keeps the values of a changed entry in the place of the former ones.
pub(super) async fn replace<F: Entry>(tx: &mut Tx<'_>, id: F::Id, form: &F) -> Result<(), Failure> {
    for it in form.listed() {
        let former = format!("DELETE FROM {} WHERE {} = ", it.by.table, referring::<F>());
        db!(tx, execute, Statement::default().built(former).value(is(id)))?;
    }
    enter(tx, id, form).await
}
