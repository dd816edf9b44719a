//! A row of an entry, and the texts of its statements.
use crate::engine::column::{DbJson, DbMoment, DbText, DbUuid};
use chrono::NaiveDate;
use diesel::backend::Backend;
use diesel::deserialize::{self, FromSql, QueryableByName};
use diesel::pg::Pg;
use diesel::row::{Field, NamedRow};
use diesel::sql_types::{BigInt, Bool, Date, Integer, Nullable, SqlType};
use diesel::sqlite::Sqlite;
use domain::base::entry::{Entry, Order};
use domain::base::kept::{ColumnKind, Value};
use domain::base::moment::Moment;
use std::marker::PhantomData;
use std::sync::Arc;
use uuid::Uuid;

/// The column of the reason of an annulment.
pub(crate) const REASON: &str = "annulment_reason";

/// The texts of an entry's statements that are the same at each request. A region remembers them.
pub(super) struct Texts<F> {
    /// `SELECT … FROM … WHERE `, with all columns that a row is read from.
    pub(super) select: Arc<str>,
    /// `SELECT … AS under FROM … WHERE `, with the thing under which the entry stands.
    pub(super) select_under: Arc<str>,
    /// `SELECT id, … AS under, … AS called FROM … WHERE `, with the member that is the name too.
    pub(super) select_name: Arc<str>,
    /// `INSERT INTO … (…) VALUES (`: the columns of a change come first, those of a new row follow.
    pub(super) insert: Arc<str>,
    /// `UPDATE … SET version = version + 1, (…) = (`, with the columns of a change.
    pub(super) update: Arc<str>,
    /// ` RETURNING …`, with all columns that a row is read from.
    pub(super) returning: Arc<str>,
    form: PhantomData<fn() -> F>,
}

impl<F: Entry> Default for Texts<F> {
    fn default() -> Self {
        let (table, all) = (F::ABOUT.table, read::<F>().join(", "));
        let (changed, added) = (changed::<F>().join(", "), added::<F>().join(", "));
        let under = F::ABOUT.parent.as_ref().map_or("id", |it| it.column);
        Self {
            select: format!("SELECT {all} FROM {table} WHERE ").into(),
            select_under: format!("SELECT {under} AS under FROM {table} WHERE ").into(),
            select_name: format!(
                "SELECT id, {under} AS under, CAST({} AS TEXT) AS called FROM {table} WHERE ",
                F::ABOUT.naming
            )
            .into(),
            insert: format!("INSERT INTO {table} ({changed}, {added}) VALUES (").into(),
            update: format!("UPDATE {table} SET version = version + 1, ({changed}) = (").into(),
            returning: format!(" RETURNING {all}").into(),
            form: PhantomData,
        }
    }
}

/// The column by whose folded text the list is ordered.
fn key_column<F: Entry>() -> Option<String> {
    match F::ABOUT.order {
        Order::Name(name) => Some(format!("{name}_key")),
        _ => None,
    }
}

/// The columns that a row is read from, in this order.
pub(super) fn read<F: Entry>() -> Vec<String> {
    let about = F::ABOUT;
    let mut all = vec!["id".to_owned(), "version".to_owned()];
    all.extend(["created_at".to_owned(), "updated_at".to_owned()]);
    all.extend(about.members.iter().map(|it| it.column.to_owned()));
    all.extend(about.parent.as_ref().map(|it| it.column.to_owned()));
    all.extend(key_column::<F>());
    all.extend(about.has_annulment.then(|| REASON.to_owned()));
    all
}

/// The columns that each change writes, in this order.
fn changed<F: Entry>() -> Vec<String> {
    let mut all: Vec<String> = F::ABOUT.members.iter().map(|it| it.column.to_owned()).collect();
    all.extend(key_column::<F>());
    all.extend(F::ABOUT.has_annulment.then(|| REASON.to_owned()));
    all.push("updated_at".to_owned());
    all
}

/// The columns that only a new row writes, in this order.
fn added<F: Entry>() -> Vec<String> {
    let mut all = vec!["id".to_owned(), "version".to_owned(), "created_at".to_owned()];
    all.extend(F::ABOUT.parent.as_ref().map(|it| it.column.to_owned()));
    all.extend(F::ABOUT.keeping.map(str::to_owned));
    all
}

/// `, (SELECT … FROM … WHERE id = `: the column of the parent that a new row keeps.
pub(super) fn kept<F: Entry>() -> Option<String> {
    let (column, parent) = F::ABOUT.keeping.zip(F::ABOUT.parent.as_ref())?;
    Some(format!(", (SELECT {column} FROM {} WHERE id = ", parent.at.replace('-', "_")))
}

/// The day by which the list is ordered, among the columns of the form's members.
pub(super) fn day_of<F: Entry>(values: &[Value]) -> Option<NaiveDate> {
    let Order::Day(name) = F::ABOUT.order else { return None };
    let index = F::ABOUT.members.iter().position(|it| it.name == name)?;
    match values.get(index)? {
        Value::Day(day) => *day,
        _ => None,
    }
}

/// A row.
pub(super) struct Row<F> {
    pub(super) id: Uuid,
    pub(super) version: i64,
    pub(super) created_at: Moment,
    pub(super) updated_at: Moment,
    /// The columns of the form's members.
    pub(super) values: Vec<Value>,
    pub(super) parent: Option<Uuid>,
    /// The folded text by which the list is ordered.
    pub(super) key: Option<String>,
    pub(super) annulment_reason: Option<String>,
    form: PhantomData<fn() -> F>,
}

/// A row of which only the thing is read under which it stands: the row itself, where it stands under nothing.
#[derive(QueryableByName)]
pub(super) struct Found {
    #[diesel(sql_type = DbUuid)]
    pub(super) under: Uuid,
}

/// A row of which only the name is read.
#[derive(QueryableByName)]
pub(super) struct Called {
    #[diesel(sql_type = DbUuid)]
    pub(super) id: Uuid,
    #[diesel(sql_type = DbUuid)]
    pub(super) under: Uuid,
    #[diesel(sql_type = DbText)]
    pub(super) called: String,
}

macro_rules! readable {
    ($($engine:ty),+) => {$(
        impl<F: Entry> QueryableByName<$engine> for Row<F> {
            fn build<'a>(row: &impl NamedRow<'a, $engine>) -> deserialize::Result<Self> {
                let about = F::ABOUT;
                let next = &mut 0;
                let id = sure::<$engine, DbUuid, _>(row, next)?;
                let version = sure::<$engine, BigInt, _>(row, next)?;
                let created_at = sure::<$engine, DbMoment, _>(row, next)?;
                let updated_at = sure::<$engine, DbMoment, _>(row, next)?;
                let mut values = Vec::with_capacity(about.members.len());
                for it in about.members {
                    values.push(value::<$engine>(row, next, it.kind)?);
                }
                let parent = about.parent.as_ref().map(|_| sure::<$engine, DbUuid, _>(row, next));
                let is_named = matches!(about.order, Order::Name(_));
                let key = is_named.then(|| sure::<$engine, DbText, _>(row, next));
                let reason = about.has_annulment.then(|| one::<$engine, DbText, _>(row, next));
                Ok(Self {
                    id, version, created_at, updated_at, values,
                    parent: parent.transpose()?,
                    key: key.transpose()?,
                    annulment_reason: reason.transpose()?.flatten(),
                    form: PhantomData,
                })
            }
        }
    )+};
}
readable! { Sqlite, Pg }

/// The next column of a row: a look-up of each by its name would take longer than the statement.
fn one<'a, DB: Backend, ST, T>(
    row: &impl NamedRow<'a, DB>,
    next: &mut usize,
) -> deserialize::Result<Option<T>>
where
    ST: SqlType,
    Option<T>: FromSql<Nullable<ST>, DB>,
{
    let field = diesel::row::Row::get(row, *next).ok_or("a column is missing")?;
    *next += 1;
    FromSql::from_nullable_sql(field.value())
}

fn sure<'a, DB: Backend, ST, T>(row: &impl NamedRow<'a, DB>, next: &mut usize) -> deserialize::Result<T>
where
    ST: SqlType,
    Option<T>: FromSql<Nullable<ST>, DB>,
{
    one::<DB, ST, T>(row, next)?.ok_or_else(|| "a column is empty".into())
}

fn value<'a, DB: Backend>(
    row: &impl NamedRow<'a, DB>,
    next: &mut usize,
    kind: ColumnKind,
) -> deserialize::Result<Value>
where
    Uuid: FromSql<DbUuid, DB>,
    String: FromSql<DbText, DB> + FromSql<DbJson, DB>,
    i32: FromSql<Integer, DB>,
    i64: FromSql<BigInt, DB>,
    bool: FromSql<Bool, DB>,
    chrono::NaiveDate: FromSql<Date, DB>,
    Moment: FromSql<DbMoment, DB>,
{
    Ok(match kind {
        ColumnKind::Uuid => Value::Uuid(one::<DB, DbUuid, _>(row, next)?),
        ColumnKind::Text => Value::Text(one::<DB, DbText, _>(row, next)?),
        ColumnKind::Integer => Value::Integer(one::<DB, Integer, _>(row, next)?),
        ColumnKind::Long => Value::Long(one::<DB, BigInt, _>(row, next)?),
        ColumnKind::Bool => Value::Bool(one::<DB, Bool, _>(row, next)?),
        ColumnKind::Day => Value::Day(one::<DB, Date, _>(row, next)?),
        ColumnKind::Moment => Value::Moment(one::<DB, DbMoment, _>(row, next)?),
        ColumnKind::Json => Value::Json(sure::<DB, DbJson, _>(row, next)?),
    })
}
