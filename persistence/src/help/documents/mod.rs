//! Help with documents in the database: an entry under its case.
//!
//! - `due`: documents of a case that are due by age. `desk`: documents that stand on the agenda of an organization.
//! - this page: what a month tells, and what goes on with the case.
mod desk;
mod due;

pub use desk::DeskDocument;
pub use due::{DocumentsDueCard, due_in};

pub(crate) use desk::on_desk;

use crate::engine::column::{any_of, bind};
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::schema::document_assistance as documents;
use crate::entry::{self, EntryCard};
use crate::tx::{HandedOver, Tx};
use chrono::NaiveDate;
use diesel::dsl::max;
use diesel::prelude::*;
use domain::accompaniment::monthly_records::{MonthItem, MonthItemKind};
use domain::base::entry::Entered;
use domain::base::id::{CaseId, DocumentAssistanceId};
use domain::help::documents::{
    DocumentAssistance, DocumentAssistanceForm, DocumentState, PersonalDocument, hand_over,
};
use domain::people::consents::CasePart;
use uuid::Uuid;

/// Documents that were recorded as received in a case within these days.
pub(crate) async fn month_items(
    tx: &mut Tx<'_>,
    case: CaseId,
    (from, to): (NaiveDate, NaiveDate),
) -> Result<Vec<MonthItem>, Failure> {
    let received = documents::table
        .filter(documents::case_id.eq(bind(case)))
        .filter(documents::state.eq(bind(DocumentState::Received)))
        .filter(documents::annulment_reason.is_null())
        .filter(documents::received_on.assume_not_null().between(from, to))
        .order(documents::id)
        .select((documents::id, documents::received_on.assume_not_null()));
    let rows: Vec<(DocumentAssistanceId, NaiveDate)> = db!(tx, load, received)?;
    let item = |(id, on)| MonthItem::of(MonthItemKind::DocumentReceived, Uuid::from(id), on);
    Ok(rows.into_iter().map(item).collect())
}

/// The last day on which help with a document was found to be needed in a case.
pub(crate) async fn recorded_until(tx: &mut Tx<'_>, case: CaseId) -> Result<Option<NaiveDate>, Failure> {
    let theirs = documents::table
        .filter(documents::case_id.eq(bind(case)))
        .filter(documents::annulment_reason.is_null());
    Ok(db!(tx, first, theirs.select(max(documents::noticed_on)))?)
}

/// The documents of a case that are still being obtained. The caller's scope does not limit them.
async fn open_of(tx: &mut Tx<'_>, case: CaseId) -> Result<Vec<DocumentAssistance>, Failure> {
    let open = documents::table
        .filter(documents::case_id.eq(bind(case)))
        .filter(documents::state.eq_any(any_of(&DocumentState::open())))
        .filter(documents::annulment_reason.is_null());
    let ids: Vec<DocumentAssistanceId> = db!(tx, load, open.order(documents::id).select(documents::id))?;
    let cards = entry::those::<DocumentAssistanceForm>(tx, ids).await?;
    let mut all: Vec<DocumentAssistance> = cards.into_iter().map(EntryCard::entered).collect();
    all.sort_unstable_by_key(|it| it.id);
    Ok(all)
}

/// Ends the help with documents in a case that another organization takes over. Where that one may read of the document, the help is entered
/// anew there, unless the same kind is being obtained there already.
pub(crate) async fn pass_on(tx: &mut Tx<'_>, it: &HandedOver) -> Result<(), Failure> {
    let today = tx.today();
    let there = open_of(tx, it.to).await?;
    for document in open_of(tx, it.from).await? {
        let kind = document.form.kind;
        let is_told = it.parts.contains(&CasePart::Help) && kind.is_told_to(&it.parts);
        let is_there = kind != PersonalDocument::Other && there.iter().any(|other| other.form.kind == kind);
        if is_told && !is_there {
            let anew = Entered::add(tx.mint(), Some(it.to.into()), document.form.passed_on(today))?;
            entry::save_added(tx, anew).await?;
        }
        entry::save_changed(tx, hand_over(document)?).await?;
    }
    Ok(())
}
