//! Statements of entries as text: the columns are data, so each statement stands once for all entries and both engines.
//!
//! That a table has these columns, the sentences about all entries find on either engine.
use super::column::{DbJson, DbMoment, DbText, DbUuid};
use diesel::QueryResult;
use diesel::RunQueryDsl;
use diesel::backend::Backend;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::serialize::ToSql;
use diesel::sql_types::{BigInt, Bool, Date, HasSqlType, Integer, Nullable, Untyped};
use domain::base::kept::Value;
use domain::base::moment::Moment;
use std::sync::Arc;
use uuid::Uuid;

/// A part of a statement.
#[derive(Debug)]
pub(crate) enum Part {
    /// Text of SQL.
    Text(&'static str),
    /// Text of SQL that was put together.
    Built(String),
    /// Text of SQL that is the same at each request.
    Shared(Arc<str>),
    /// A bound value.
    Value(Value),
    /// Bound values, separated by commas.
    Values(Vec<Value>),
    /// Bound ids, separated by commas.
    Ids(Vec<Uuid>),
    /// A bound number of rows.
    Rows(i64),
}

/// A statement: texts and bound values.
#[derive(Debug, Default)]
pub(crate) struct Statement(Vec<Part>);

impl Statement {
    pub(crate) fn text(mut self, text: &'static str) -> Self {
        self.0.push(Part::Text(text));
        self
    }
    pub(crate) fn built(mut self, text: String) -> Self {
        self.0.push(Part::Built(text));
        self
    }
    pub(crate) fn shared(mut self, text: &Arc<str>) -> Self {
        self.0.push(Part::Shared(text.clone()));
        self
    }
    pub(crate) fn value(mut self, value: Value) -> Self {
        self.0.push(Part::Value(value));
        self
    }
    pub(crate) fn values(mut self, values: Vec<Value>) -> Self {
        self.0.push(Part::Values(values));
        self
    }
    pub(crate) fn ids(mut self, ids: Vec<Uuid>) -> Self {
        self.0.push(Part::Ids(ids));
        self
    }
    pub(crate) fn rows(mut self, rows: i64) -> Self {
        self.0.push(Part::Rows(rows));
        self
    }
}

impl Query for Statement {
    type SqlType = Untyped;
}
impl<C> RunQueryDsl<C> for Statement {}
impl QueryId for Statement {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<DB> QueryFragment<DB> for Statement
where
    DB: Backend
        + HasSqlType<DbUuid>
        + HasSqlType<DbText>
        + HasSqlType<DbMoment>
        + HasSqlType<DbJson>
        + HasSqlType<Bool>,
    Uuid: ToSql<DbUuid, DB>,
    Option<Uuid>: ToSql<Nullable<DbUuid>, DB>,
    Option<String>: ToSql<Nullable<DbText>, DB>,
    Option<i32>: ToSql<Nullable<Integer>, DB>,
    Option<i64>: ToSql<Nullable<BigInt>, DB>,
    Option<bool>: ToSql<Nullable<Bool>, DB>,
    Option<chrono::NaiveDate>: ToSql<Nullable<Date>, DB>,
    Option<Moment>: ToSql<Nullable<DbMoment>, DB>,
    String: ToSql<DbJson, DB>,
    i64: ToSql<BigInt, DB>,
{
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        for part in &self.0 {
            match part {
                Part::Text(text) => pass.push_sql(text),
                Part::Built(text) => pass.push_sql(text),
                Part::Shared(text) => pass.push_sql(text),
                Part::Rows(rows) => pass.push_bind_param::<BigInt, _>(rows)?,
                Part::Ids(ids) => each(ids, &mut pass, |it, pass| pass.push_bind_param::<DbUuid, _>(it))?,
                Part::Values(values) => each(values, &mut pass, push)?,
                Part::Value(value) => push(value, &mut pass)?,
            }
        }
        Ok(())
    }
}

fn each<'b, 'c, T, DB: Backend>(
    all: &'b [T],
    pass: &mut AstPass<'c, 'b, DB>,
    one: impl Fn(&'b T, &mut AstPass<'c, 'b, DB>) -> QueryResult<()>,
) -> QueryResult<()> {
    for (index, it) in all.iter().enumerate() {
        if index > 0 {
            pass.push_sql(", ");
        }
        one(it, pass)?;
    }
    Ok(())
}

fn push<'b, DB>(value: &'b Value, pass: &mut AstPass<'_, 'b, DB>) -> QueryResult<()>
where
    DB: Backend
        + HasSqlType<DbUuid>
        + HasSqlType<DbText>
        + HasSqlType<DbMoment>
        + HasSqlType<DbJson>
        + HasSqlType<Bool>,
    String: ToSql<DbJson, DB>,
    Option<Uuid>: ToSql<Nullable<DbUuid>, DB>,
    Option<String>: ToSql<Nullable<DbText>, DB>,
    Option<i32>: ToSql<Nullable<Integer>, DB>,
    Option<i64>: ToSql<Nullable<BigInt>, DB>,
    Option<bool>: ToSql<Nullable<Bool>, DB>,
    Option<chrono::NaiveDate>: ToSql<Nullable<Date>, DB>,
    Option<Moment>: ToSql<Nullable<DbMoment>, DB>,
{
    match value {
        Value::Uuid(it) => pass.push_bind_param::<Nullable<DbUuid>, _>(it),
        Value::Text(it) => pass.push_bind_param::<Nullable<DbText>, _>(it),
        Value::Integer(it) => pass.push_bind_param::<Nullable<Integer>, _>(it),
        Value::Long(it) => pass.push_bind_param::<Nullable<BigInt>, _>(it),
        Value::Bool(it) => pass.push_bind_param::<Nullable<Bool>, _>(it),
        Value::Day(it) => pass.push_bind_param::<Nullable<Date>, _>(it),
        Value::Moment(it) => pass.push_bind_param::<Nullable<DbMoment>, _>(it),
        Value::Json(it) => pass.push_bind_param::<DbJson, _>(it),
    }
}
