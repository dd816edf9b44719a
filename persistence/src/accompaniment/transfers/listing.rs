//! The lists of transfers: for each way and each state, the first rows in the order of ids; then the first of all of them.
use super::{CaseTransferCard, Row, shown};
use crate::accompaniment::asked::{Way, first_asked};
use crate::accompaniment::sharing::{reached_cases, reaches_case, served, staff};
use crate::engine::column::bind;
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::lapsing::Stored;
use crate::engine::page::{Page, Place, Window};
use crate::engine::schema::case_transfers as transfers;
use crate::scope::among;
use crate::tx::Tx;
use diesel::prelude::*;
use domain::accompaniment::transfers::TransferState;
use domain::base::access::Right;
use domain::base::change::{Subject, SubjectKind};
use domain::base::filters::any::AnyOf;
use domain::base::id::CaseId;
use shape::filter;

/// Filters of the lists of transfers.
#[filter]
pub struct CaseTransferFilter {
    /// Only transfers in this state today.
    pub state: Option<AnyOf<TransferState>>,
    /// `true`: only transfers to an organization of the caller. `false`: only those from one.
    pub incoming: Option<bool>,
}

/// The transfers of a case, the newest first.
pub async fn of_case(
    tx: &mut Tx<'_>,
    case: CaseId,
    filter: &CaseTransferFilter,
    window: &Window,
) -> Result<Page<CaseTransferCard>, Failure> {
    if !reaches_case(tx, case).await? {
        return Err(Failure::NotFound(Some(Subject::new(SubjectKind::Case, case))));
    }
    listed(tx, [Way::Case(case)], filter, window).await
}

/// Transfers to and from the organizations of the caller, the newest first.
pub async fn list(
    tx: &mut Tx<'_>,
    filter: &CaseTransferFilter,
    window: &Window,
) -> Result<Page<CaseTransferCard>, Failure> {
    let to = staff(tx).map(served).unwrap_or_default();
    let (from, everything) = (tx.scope().organizations.clone(), tx.scope().everything);
    match filter.incoming {
        _ if everything => listed(tx, [Way::All], filter, window).await,
        Some(true) => listed(tx, [Way::To(to)], filter, window).await,
        Some(false) => listed(tx, [Way::From(from)], filter, window).await,
        None => listed(tx, [Way::To(to), Way::From(from)], filter, window).await,
    }
}

/// Transfers that await an answer of an organization for which the caller takes cases over, the newest first.
pub(crate) async fn to_answer(tx: &mut Tx<'_>, window: &Window) -> Result<Page<CaseTransferCard>, Failure> {
    let to = tx.scope_of(Right::TransferCase).organizations;
    if to.is_empty() {
        return Ok(Page { items: Vec::new(), next: None });
    }
    let state = Some(AnyOf::from_iter([TransferState::Proposed]));
    listed(tx, [Way::To(to)], &CaseTransferFilter { state, incoming: Some(true) }, window).await
}

async fn listed(
    tx: &mut Tx<'_>,
    ways: impl IntoIterator<Item = Way>,
    filter: &CaseTransferFilter,
    window: &Window,
) -> Result<Page<CaseTransferCard>, Failure> {
    let states = Stored::behind(filter.state.as_ref(), (TransferState::Proposed, TransferState::Lapsed));
    let rows = first_asked!(tx, transfers as Row, ways, states, (false, window));
    let page = window.page(rows, |it| Place::id(it.id));
    let scope = tx.scope().clone();
    let is_sender = |it: &Row| scope.answers_for(it.from_organization_id);
    let others: Vec<CaseId> = page.items.iter().filter(|it| !is_sender(it)).map(|it| it.case_id).collect();
    let reached = reached_cases(tx, &others).await?;
    let card = |row: Row| {
        let is_inside = is_sender(&row) || reached.contains(&row.case_id);
        shown(tx, row, is_inside)
    };
    Ok(Page { items: tx.readable(page.items.into_iter().map(card))?, next: page.next })
}
