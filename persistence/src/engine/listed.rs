//! A condition on a column with a list of words. The list is its text of JSON on both engines.
use super::column::DbText;
use diesel::QueryResult;
use diesel::backend::Backend;
use diesel::expression::{AppearsOnTable, Expression, SelectableExpression, ValidGrouping};
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::serialize::ToSql;
use diesel::sql_types::{Bool, HasSqlType};
use domain::base::filters::any::AnyOf;
use domain::base::word::Word;

/// The result of [`has_any`].
#[derive(Debug, Clone)]
pub(crate) struct HasAny<C>(C, Vec<String>);

/// Rows whose list in the column has one of these words.
pub(crate) fn has_any<C: Expression, W: Word + PartialEq>(column: C, of: &AnyOf<W>) -> HasAny<C> {
    HasAny(column, of.values().iter().map(|it| format!("%\"{}\"%", it.code())).collect())
}

impl<C, DB> QueryFragment<DB> for HasAny<C>
where
    C: QueryFragment<DB>,
    DB: Backend + HasSqlType<DbText>,
    String: ToSql<DbText, DB>,
{
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        for (n, it) in self.1.iter().enumerate() {
            pass.push_sql(if n == 0 { "(CAST(" } else { " OR CAST(" });
            self.0.walk_ast(pass.reborrow())?;
            pass.push_sql(" AS TEXT) LIKE ");
            pass.push_bind_param::<DbText, _>(it)?;
        }
        pass.push_sql(")");
        Ok(())
    }
}
impl<C: Expression> Expression for HasAny<C> {
    type SqlType = Bool;
}
impl<C> QueryId for HasAny<C> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}
impl<C: AppearsOnTable<QS>, QS: ?Sized> AppearsOnTable<QS> for HasAny<C> {}
impl<C: SelectableExpression<QS>, QS: ?Sized> SelectableExpression<QS> for HasAny<C> {}
impl<C: ValidGrouping<GB>, GB> ValidGrouping<GB> for HasAny<C> {
    type IsAggregate = C::IsAggregate;
}
