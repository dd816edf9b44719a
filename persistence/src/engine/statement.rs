//! Statements as text, where tables or columns are data: those of entries and of facts. Each stands once for both engines.
//!
//! That a table has these columns, the sentences about all entries find on either engine.
use super::column::{DbJson, DbMoment, DbText, DbUuid};
use diesel::QueryResult;
use diesel::RunQueryDsl;
use diesel::backend::Backend;
use diesel::pg::Pg;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{BigInt, Bool, Date, Integer, Nullable, Untyped};
use diesel::sqlite::Sqlite;
use domain::base::kept::Value;
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
    /// A mark of a text that hardly comes again, so that the statement does not stay prepared.
    Once,
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
    /// A text in which each of these marks stands for a value.
    pub(crate) fn marked(self, text: &'static str, marks: &[(char, Value)]) -> Self {
        let is_mark = |it| marks.iter().any(|(mark, _)| *mark == it);
        text.split_inclusive(is_mark).fold(self, |all, part| {
            let ended = marks.iter().find_map(|(mark, value)| Some((part.strip_suffix(*mark)?, value)));
            match ended {
                Some((text, value)) => all.text(text).value(value.clone()),
                None => all.text(part),
            }
        })
    }
    pub(crate) fn values(mut self, values: Vec<Value>) -> Self {
        self.0.push(Part::Values(values));
        self
    }
    pub(crate) fn ids(mut self, ids: Vec<Uuid>) -> Self {
        self.0.push(Part::Ids(ids));
        self
    }
    pub(crate) fn once(mut self) -> Self {
        self.0.push(Part::Once);
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

/// A value that is bound in a statement of an engine.
trait Bound<DB: Backend> {
    fn bind<'b>(&'b self, pass: &mut AstPass<'_, 'b, DB>) -> QueryResult<()>;
}

macro_rules! engines {
    ($($engine:ty),+) => {$(
        impl QueryFragment<$engine> for Statement {
            fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, $engine>) -> QueryResult<()> {
                for part in &self.0 {
                    match part {
                        Part::Text(text) => pass.push_sql(text),
                        Part::Built(text) => pass.push_sql(text),
                        Part::Shared(text) => pass.push_sql(text),
                        Part::Rows(rows) => pass.push_bind_param::<BigInt, _>(rows)?,
                        Part::Ids(ids) => each(ids, &mut pass, |it, pass| pass.push_bind_param::<DbUuid, _>(it))?,
                        Part::Values(values) => each(values, &mut pass, Bound::bind)?,
                        Part::Value(value) => value.bind(&mut pass)?,
                        Part::Once => pass.unsafe_to_cache_prepared(),
                    }
                }
                Ok(())
            }
        }
        impl Bound<$engine> for Value {
            fn bind<'b>(&'b self, pass: &mut AstPass<'_, 'b, $engine>) -> QueryResult<()> {
                match self {
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
        }
    )+};
}
engines! { Sqlite, Pg }

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
