//! The coming of age in SQL. The engines add years to 29 February in different ways, so each has an expression of its own.
//!
//! The result is that of [`birthday`](domain::base::moment::birthday): 18 years after a leap day there is none, so the first of March
//! takes its place.
use diesel::expression::{AppearsOnTable, Expression, MixedAggregates, SelectableExpression, ValidGrouping};
use diesel::pg::Pg;
use diesel::prelude::QueryResult;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::{Bool, Date};
use diesel::sqlite::Sqlite;

/// The result of [`comes_of_age`].
#[derive(Debug, Clone, Copy)]
pub(crate) struct ComesOfAge<E>(E);

/// The 18th birthday of somebody born on that day.
pub(crate) fn comes_of_age<E: Expression<SqlType = Date>>(born_on: E) -> ComesOfAge<E> {
    ComesOfAge(born_on)
}

impl<E: QueryFragment<Sqlite>> QueryFragment<Sqlite> for ComesOfAge<E> {
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        pass.push_sql("date(");
        self.0.walk_ast(pass.reborrow())?;
        pass.push_sql(", '+18 years')");
        Ok(())
    }
}
impl<E: QueryFragment<Pg>> QueryFragment<Pg> for ComesOfAge<E> {
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        pass.push_sql("((");
        self.0.walk_ast(pass.reborrow())?;
        pass.push_sql(" + interval '18 years')::date + (to_char(");
        self.0.walk_ast(pass.reborrow())?;
        pass.push_sql(", 'MMDD') = '0229')::int)");
        Ok(())
    }
}
impl<E: Expression> Expression for ComesOfAge<E> {
    type SqlType = Date;
}
impl<E> QueryId for ComesOfAge<E> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}
impl<E: AppearsOnTable<QS>, QS: ?Sized> AppearsOnTable<QS> for ComesOfAge<E> {}
impl<E: SelectableExpression<QS>, QS: ?Sized> SelectableExpression<QS> for ComesOfAge<E> {}
impl<E: ValidGrouping<GB>, GB> ValidGrouping<GB> for ComesOfAge<E> {
    type IsAggregate = E::IsAggregate;
}

/// The result of [`is_by_coming_of_age`].
#[derive(Debug, Clone, Copy)]
pub(crate) struct IsByComingOfAge<D, E>(D, ComesOfAge<E>);

/// Condition: a day is no later than the 18th birthday of somebody born on another day.
pub(crate) fn is_by_coming_of_age<D, E>(day: D, born_on: E) -> IsByComingOfAge<D, E>
where
    D: Expression<SqlType = Date>,
    E: Expression<SqlType = Date>,
{
    IsByComingOfAge(day, comes_of_age(born_on))
}

impl<D: QueryFragment<Sqlite>, E: QueryFragment<Sqlite>> QueryFragment<Sqlite> for IsByComingOfAge<D, E> {
    /// Days are texts, whose difference is that of their years. It tells nearly everybody apart, and takes half the time of a birthday.
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        pass.push_sql("(");
        self.0.walk_ast(pass.reborrow())?;
        pass.push_sql(" - ");
        self.1.0.walk_ast(pass.reborrow())?;
        pass.push_sql(" <= 18 AND ");
        self.0.walk_ast(pass.reborrow())?;
        pass.push_sql(" <= ");
        self.1.walk_ast(pass.reborrow())?;
        pass.push_sql(")");
        Ok(())
    }
}
impl<D: QueryFragment<Pg>, E: QueryFragment<Pg>> QueryFragment<Pg> for IsByComingOfAge<D, E> {
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        pass.push_sql("(");
        self.0.walk_ast(pass.reborrow())?;
        pass.push_sql(" <= ");
        self.1.walk_ast(pass.reborrow())?;
        pass.push_sql(")");
        Ok(())
    }
}
impl<D: Expression, E: Expression> Expression for IsByComingOfAge<D, E> {
    type SqlType = Bool;
}
impl<D, E> QueryId for IsByComingOfAge<D, E> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}
impl<D, E, QS: ?Sized> AppearsOnTable<QS> for IsByComingOfAge<D, E>
where
    D: AppearsOnTable<QS>,
    E: AppearsOnTable<QS>,
{
}
impl<D, E, QS: ?Sized> SelectableExpression<QS> for IsByComingOfAge<D, E>
where
    D: SelectableExpression<QS>,
    E: SelectableExpression<QS>,
{
}
impl<D, E, GB> ValidGrouping<GB> for IsByComingOfAge<D, E>
where
    D: ValidGrouping<GB>,
    E: ValidGrouping<GB>,
    D::IsAggregate: MixedAggregates<E::IsAggregate>,
{
    type IsAggregate = <D::IsAggregate as MixedAggregates<E::IsAggregate>>::Output;
}
