//! The lists of transfers: for each way and each state, the first rows in the order of ids; then the first of all of them.
use super::{CaseTransferCard, Row, shown};
use crate::accompaniment::sharing::{reaches_case, served, staff};
use crate::engine::column::bind;
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::page::{Page, Place, Window};
use crate::engine::schema::case_transfers as transfers;
use crate::scope::among;
use crate::tx::Tx;
use diesel::prelude::*;
use domain::accompaniment::transfers::TransferState;
use domain::base::change::{Subject, SubjectKind};
use domain::base::filters::any::AnyOf;
use domain::base::id::{CaseId, CaseTransferId, OrganizationId};
use domain::base::word::Word;
use shape::filter;
use std::collections::BTreeMap;

/// Filters of the lists of transfers.
#[filter]
pub struct CaseTransferFilter {
    /// Only transfers in this state today.
    pub state: Option<AnyOf<TransferState>>,
    /// `true`: only transfers to an organization of the caller. `false`: only those from one.
    pub incoming: Option<bool>,
}

/// The way by which a list finds its transfers.
enum Way {
    Case(CaseId),
    From(Vec<OrganizationId>),
    To(Vec<OrganizationId>),
    All,
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

async fn listed(
    tx: &mut Tx<'_>,
    ways: impl IntoIterator<Item = Way>,
    filter: &CaseTransferFilter,
    window: &Window,
) -> Result<Page<CaseTransferCard>, Failure> {
    let is_asked = |it: &TransferState| filter.state.as_ref().is_none_or(|asked| asked.has(it));
    let mut found: BTreeMap<CaseTransferId, Row> = BTreeMap::new();
    for way in ways {
        for stored in TransferState::ALL.iter().copied().filter(is_asked).flat_map(Stored::of) {
            let rows = rows_of(tx, &way, &stored, window).await?;
            found.extend(rows.into_iter().map(|it| (it.id, it)));
        }
    }
    let rows = window.first_of(found.into_values().collect(), false, |it: &Row| it.id);
    let page = window.page(rows, |it| Place::id(it.id));
    let mut items = Vec::new();
    for row in page.items {
        let is_sender = tx.scope().answers_for(row.from_organization_id);
        let is_inside = is_sender || reaches_case(tx, row.case_id).await?;
        items.push(shown(tx, row, is_inside));
    }
    Ok(Page { items: tx.readable(items.into_iter())?, next: page.next })
}

/// A stored state, and for a proposal whether its time is over: by that it is in another state today.
struct Stored(TransferState, Option<bool>);

impl Stored {
    fn of(today: TransferState) -> Vec<Self> {
        use TransferState::{Lapsed, Proposed};
        match today {
            Proposed => vec![Self(Proposed, Some(false))],
            Lapsed => vec![Self(Lapsed, None), Self(Proposed, Some(true))],
            settled => vec![Self(settled, None)],
        }
    }
}

/// The first transfers of a way that are stored so.
async fn rows_of(
    tx: &mut Tx<'_>,
    way: &Way,
    Stored(state, is_late): &Stored,
    window: &Window,
) -> Result<Vec<Row>, Failure> {
    let today = tx.today();
    Ok(db!(tx, load, {
        let mut all = transfers::table
            .filter(transfers::state.eq(bind(*state)))
            .select(Row::as_select())
            .order(transfers::id.desc())
            .limit(window.fetch())
            .into_boxed();
        match way {
            Way::Case(case) => all = all.filter(transfers::case_id.eq(bind(*case))),
            Way::From(of) => all = all.filter(among(transfers::from_organization_id, of)),
            Way::To(of) => all = all.filter(among(transfers::to_organization_id, of)),
            Way::All => {}
        }
        match is_late {
            Some(true) => all = all.filter(transfers::answer_until.lt(today)),
            Some(false) => all = all.filter(transfers::answer_until.ge(today)),
            None => {}
        }
        if let Some(after) = window.after_id() {
            all = all.filter(transfers::id.lt(bind(after)));
        }
        all
    })?)
}
