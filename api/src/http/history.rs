//! The history of a thing: the facts about it, the latest first.
use crate::http::answer::Answer;
use crate::http::guard::Guarded;
use crate::http::list::{NoFilter, Query};
use crate::http::problem::Problem;
use domain::base::access::may;
use domain::base::change::{Subject, SubjectKind};
use persistence::history::{self, HistoryEntry};
use uuid::Uuid;

crate::http::page::pages! { HistoryPage of HistoryEntry; }

/// Answers with the history of one thing, if the caller may see the thing itself.
pub async fn of(
    db: Guarded<may::ReadHistory>,
    kind: SubjectKind,
    id: impl Into<Uuid>,
    query: Query<NoFilter>,
) -> Result<Answer, Problem> {
    let subject = Subject::new(kind, id);
    db.list(query, async |tx, _, window| history::history(tx, subject, window).await).await
}
