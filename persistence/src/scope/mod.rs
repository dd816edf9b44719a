//! Scopes in queries: the ways by which a scope reaches a row, joined by OR.
//!
//! A closed way is left out of the query. Diesel would write an empty list as `0 = 1`. One such term under OR keeps
//! SQLite from using any index. With 200 000 people, reading one of them took 60 ms instead of 1 ms.
//!
//! The `visible!` macro of an area is in this folder if lower areas need it too. These macros know only the tables.
pub(crate) mod beneficiaries;
pub(crate) mod cases;
pub(crate) mod councils;
pub(crate) mod granted;
pub(crate) mod mentorships;
pub(crate) mod participant;
pub(crate) mod rounds;

use crate::engine::column::{AnyId, DbText, DbUuid, binds};
use diesel::backend::Backend;
use diesel::dsl::EqAny;
use diesel::expression::{AppearsOnTable, Expression, MixedAggregates, SelectableExpression, ValidGrouping};
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::serialize::ToSql;
use diesel::sql_types::{Bool, HasSqlType};
use diesel::{ExpressionMethods, QueryResult};
use domain::base::id::Id;
use domain::base::text::names::SHORT;
use domain::base::text::{Oktmo, area};

/// A condition by which a scope reaches rows, if the scope has the ids that the condition needs.
pub(crate) trait Way: Expression<SqlType = Bool> + Sized {
    /// Whether the condition can hold for any row.
    fn is_open(&self) -> bool;
    /// Rows that this way or the other way reaches.
    fn or_by<W: Way>(self, other: W) -> Either<Self, W> {
        Either(self, other)
    }
}

/// The result of [`when`].
#[derive(Debug, Clone, Copy)]
pub(crate) struct When<E>(bool, E);

/// A way that is open only if the scope has the ids that the condition needs.
pub(crate) fn when<E: Expression>(is_open: bool, condition: E) -> When<E> {
    When(is_open, condition)
}

/// Rows with one of these ids in the column.
pub(crate) fn among<C>(column: C, ids: &[impl Id]) -> When<EqAny<C, Vec<AnyId>>>
where
    C: Expression<SqlType = DbUuid>,
    Vec<AnyId>: diesel::expression::array_comparison::AsInExpression<DbUuid>,
{
    when(!ids.is_empty(), column.eq_any(binds(ids)))
}

/// The result of [`Way::or_by`].
#[derive(Debug, Clone, Copy)]
pub(crate) struct Either<A, B>(A, B);

/// The result of [`within`] and [`begins`].
#[derive(Debug, Clone)]
pub(crate) struct Within<C>(C, Vec<(String, String)>);

/// Rows whose place is one of these territories or lies within one. The column has binary collation, so each territory is a range of its
/// index. `Oktmo::is_in` says the same of a loaded row.
pub(crate) fn within<C: Expression>(column: C, territories: &[Oktmo]) -> Within<C> {
    Within(column, territories.iter().map(|it| places(it.as_str())).collect())
}

/// The range of the codes of all places in a territory. The end of the range is excluded.
pub(crate) fn places(territory: &str) -> (String, String) {
    beginning(area(territory))
}

/// Rows whose name word begins with one of these beginnings (`domain::base::text::names`). A beginning of few letters is a word of
/// its own.
pub(crate) fn begins<C: Expression>(column: C, beginnings: &[String]) -> Within<C> {
    let range = |it: &String| match it.chars().count() <= SHORT {
        true => (it.clone(), format!("{it}\u{1}")),
        false => beginning(it),
    };
    Within(column, beginnings.iter().map(range).collect())
}

/// Rows with exactly one of these codes, as ranges of the same index.
pub(crate) fn exactly<C: Expression>(column: C, codes: &[Oktmo]) -> Within<C> {
    let range = |it: &Oktmo| (it.as_str().to_owned(), format!("{}\u{1}", it.as_str()));
    Within(column, codes.iter().map(range).collect())
}

/// The range of texts that begin with this text. The end of the range is excluded.
pub(crate) fn beginning(text: &str) -> (String, String) {
    (text.to_owned(), format!("{text}\u{10FFFF}"))
}

impl<E: Expression> Way for When<E>
where
    Self: Expression<SqlType = Bool>,
{
    fn is_open(&self) -> bool {
        self.0
    }
}
impl<A: Way, B: Way> Way for Either<A, B> {
    fn is_open(&self) -> bool {
        self.0.is_open() || self.1.is_open()
    }
}
impl<C: Expression> Way for Within<C> {
    fn is_open(&self) -> bool {
        !self.1.is_empty()
    }
}

/// The condition of a query without an open way.
const NOTHING: &str = "1 = 0";

impl<E: QueryFragment<DB>, DB: Backend> QueryFragment<DB> for When<E> {
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        if self.0 {
            return self.1.walk_ast(pass);
        }
        pass.push_sql(NOTHING);
        Ok(())
    }
}
impl<A, B, DB> QueryFragment<DB> for Either<A, B>
where
    A: Way + QueryFragment<DB>,
    B: Way + QueryFragment<DB>,
    DB: Backend,
{
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        match (self.0.is_open(), self.1.is_open()) {
            (true, true) => {
                pass.push_sql("(");
                self.0.walk_ast(pass.reborrow())?;
                pass.push_sql(" OR ");
                self.1.walk_ast(pass.reborrow())?;
                pass.push_sql(")");
                Ok(())
            }
            (true, false) => self.0.walk_ast(pass),
            (false, _) => self.1.walk_ast(pass),
        }
    }
}
impl<C, DB> QueryFragment<DB> for Within<C>
where
    C: QueryFragment<DB>,
    DB: Backend + HasSqlType<DbText>,
    String: ToSql<DbText, DB>,
{
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        if self.1.is_empty() {
            pass.push_sql(NOTHING);
            return Ok(());
        }
        for (index, (first, end)) in self.1.iter().enumerate() {
            pass.push_sql(if index == 0 { "((" } else { " OR (" });
            self.0.walk_ast(pass.reborrow())?;
            pass.push_sql(" >= ");
            pass.push_bind_param::<DbText, _>(first)?;
            pass.push_sql(" AND ");
            self.0.walk_ast(pass.reborrow())?;
            pass.push_sql(" < ");
            pass.push_bind_param::<DbText, _>(end)?;
            pass.push_sql(")");
        }
        pass.push_sql(")");
        Ok(())
    }
}

/// Implements the traits of diesel's Boolean expressions for these conditions, wherever their parts implement them.
macro_rules! conditions {
    ($($name:ident<$($part:ident),+>;)+) => {$(
        impl<$($part: Expression),+> Expression for $name<$($part),+> {
            type SqlType = Bool;
        }
        impl<$($part),+> QueryId for $name<$($part),+> {
            type QueryId = ();
            const HAS_STATIC_QUERY_ID: bool = false;
        }
        impl<$($part: AppearsOnTable<QS>,)+ QS: ?Sized> AppearsOnTable<QS> for $name<$($part),+> {}
        impl<$($part: SelectableExpression<QS>,)+ QS: ?Sized> SelectableExpression<QS> for $name<$($part),+> {}
    )+};
}
conditions! {
    When<E>;
    Either<A, B>;
    Within<C>;
}
impl<E: ValidGrouping<GB>, GB> ValidGrouping<GB> for When<E> {
    type IsAggregate = E::IsAggregate;
}
impl<C: ValidGrouping<GB>, GB> ValidGrouping<GB> for Within<C> {
    type IsAggregate = C::IsAggregate;
}
impl<A, B, GB> ValidGrouping<GB> for Either<A, B>
where
    A: ValidGrouping<GB>,
    B: ValidGrouping<GB>,
    A::IsAggregate: MixedAggregates<B::IsAggregate>,
{
    type IsAggregate = <A::IsAggregate as MixedAggregates<B::IsAggregate>>::Output;
}
