//! Counts of the rows of a list.
use crate::engine::card::Card;
use diesel::QueryResult;
use diesel::backend::Backend;
use diesel::expression::{AppearsOnTable, Expression, SelectableExpression, ValidGrouping};
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::Bool;
use shape::card;

/// The rows of a list that the caller sees, counted.
#[card]
pub struct Counts {
    /// The number of all rows.
    #[schema(minimum = 0, maximum = 1_000_000_000, example = 12)]
    pub total: i64,
    /// The number of rows with each value that occurs.
    #[schema(max_items = 10_000)]
    pub counts: Vec<Count>,
}

/// The number of rows with a value.
#[card]
pub struct Count {
    /// The code of the value, or the id. Absent: rows without a value.
    #[schema(max_length = 64, example = "active")]
    pub value: Option<String>,
    /// The number of rows.
    #[schema(minimum = 1, maximum = 1_000_000_000, example = 7)]
    pub count: i64,
}

/// Counts name nobody.
impl Card for Counts {}

impl Counts {
    /// The counts of these groups, in the order of their values. Rows without a value come last.
    pub(crate) fn of<T: Ord + ToString>(mut groups: Vec<(Option<T>, i64)>) -> Self {
        groups.sort_unstable_by(|one, other| (one.0.is_none(), &one.0).cmp(&(other.0.is_none(), &other.0)));
        let total = groups.iter().map(|it| it.1).sum();
        let count = |(value, count): (Option<T>, i64)| Count { value: value.map(|it| it.to_string()), count };
        Self { total, counts: groups.into_iter().map(count).collect() }
    }
}

/// A condition on rows that need not hold if the first value says so.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Unless<E>(pub(crate) bool, pub(crate) E);

impl<E: QueryFragment<DB>, DB: Backend> QueryFragment<DB> for Unless<E> {
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        if !self.0 {
            return self.1.walk_ast(pass);
        }
        pass.push_sql("1 = 1");
        Ok(())
    }
}
impl<E: Expression> Expression for Unless<E> {
    type SqlType = Bool;
}
impl<E> QueryId for Unless<E> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}
impl<E: AppearsOnTable<QS>, QS: ?Sized> AppearsOnTable<QS> for Unless<E> {}
impl<E: SelectableExpression<QS>, QS: ?Sized> SelectableExpression<QS> for Unless<E> {}
impl<E: ValidGrouping<GB>, GB> ValidGrouping<GB> for Unless<E> {
    type IsAggregate = E::IsAggregate;
}

/// A condition on rows that several queries find by different ways: an id is among those of one of them. Each way is read along its index,
/// and a row that several have counts once.
#[derive(Debug, Clone)]
pub(crate) struct FoundBy<C, Q>(pub(crate) C, pub(crate) Vec<Q>);

impl<C, Q, DB> QueryFragment<DB> for FoundBy<C, Q>
where
    C: QueryFragment<DB>,
    Q: QueryFragment<DB>,
    DB: Backend,
{
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        if self.1.is_empty() {
            pass.push_sql("1 = 0");
            return Ok(());
        }
        self.0.walk_ast(pass.reborrow())?;
        for (n, it) in self.1.iter().enumerate() {
            pass.push_sql(if n == 0 { " IN (" } else { " UNION " });
            it.walk_ast(pass.reborrow())?;
        }
        pass.push_sql(")");
        Ok(())
    }
}
impl<C: Expression, Q> Expression for FoundBy<C, Q> {
    type SqlType = Bool;
}
impl<C, Q> QueryId for FoundBy<C, Q> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}
impl<C: AppearsOnTable<QS>, Q, QS: ?Sized> AppearsOnTable<QS> for FoundBy<C, Q> {}
impl<C: SelectableExpression<QS>, Q, QS: ?Sized> SelectableExpression<QS> for FoundBy<C, Q> {}
impl<C: ValidGrouping<GB>, Q, GB> ValidGrouping<GB> for FoundBy<C, Q> {
    type IsAggregate = C::IsAggregate;
}

/// The rows of a list that finds them by several ways, counted by a member:
/// `grouped!(tx, table, member as Value, (sees_all, ways), all counted rows, |way| the rows of the way)`. To whom all are visible, all are
/// counted by the index of the member.
macro_rules! grouped {
    (
        $tx:expr, $table:ident, $column:ident as $Value:ty, ($sees_all:expr, $ways:expr), $all:expr, |$way:ident| $of:expr
    ) => {{
        let groups: Vec<(Option<$Value>, i64)> = db!($tx, load, {
            let mut found = Vec::new();
            for $way in &$ways {
                found.push($of.select($table::id));
            }
            let is_seen = $crate::engine::counts::FoundBy($table::id, found);
            let seen = $all.filter($crate::engine::counts::Unless($sees_all, is_seen));
            seen.group_by($table::$column).select(($table::$column.nullable(), diesel::dsl::count_star()))
        })?;
        groups
    }};
}
pub(crate) use grouped;

/// Declares the counts of a list by the members that each of its readers is shown:
/// `counted! { table, Question of Grouping { Word: column as Type, … }, all counted rows, |scope| the visible rows }`. A boxed query
/// cannot be grouped, so its rows are named by their ids. To whom all are visible, all are counted by the index of the member.
macro_rules! counted {
    (
        $table:ident, $Question:ident of $Grouping:ty { $($Word:ident: $column:ident as $Value:ty),+ },
        $all:expr, |$scope:ident| $seen:expr
    ) => {
        /// The question by which member rows are counted.
        #[shape::filter]
        pub struct $Question {
            /// The member by which the rows are counted: `state`, also if none is named.
            pub group_by: Option<$Grouping>,
        }

        /// The rows that the caller sees, counted by a member.
        pub async fn counts(
            tx: &mut Tx<'_>,
            asked: &$Question,
        ) -> Result<$crate::engine::counts::Counts, Failure> {
            let $scope = tx.scope().clone();
            let sees_all = $scope.everything && $scope.own_mentor.is_none();
            match asked.group_by.unwrap_or(<$Grouping>::State) {
                $(<$Grouping>::$Word => {
                    let groups: Vec<(Option<$Value>, i64)> = db!(tx, load, {
                        let is_seen = $table::id.eq_any($seen.select($table::id));
                        let seen = $all.filter($crate::engine::counts::Unless(sees_all, is_seen));
                        seen.group_by($table::$column)
                            .select(($table::$column.nullable(), diesel::dsl::count_star()))
                    })?;
                    Ok($crate::engine::counts::Counts::of(groups))
                })+
            }
        }
    };
}
pub(crate) use counted;
