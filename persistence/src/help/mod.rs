//! Help: needs, services, referrals, urgent aid and crises in the database.
//!
//! - the features below, and on this page the rules about entries that need other rows.
//!
//! A need and what was done about it is visible as its case is. A referral tells before its answer only what identifies nobody.
//! A crisis is visible to its reporter and to the people who have to act; never to those whom it is about.
//!
//! Invariant: what is counted in a stock is given once.
pub(crate) mod clashes;
pub mod closings;
pub mod crises;
pub mod documents;
pub mod emergency_aids;
pub mod intake_requests;
pub mod needs;
pub mod occupancy;
pub mod own_help;
pub mod place_requests;
pub mod places;
pub mod referrals;
pub mod service_deliveries;
pub mod service_programmes;
pub mod service_standards;
pub mod shared_help;
mod staff;
pub mod stays;
pub mod stock;
mod ways;

use crate::engine::failure::Failure;
use crate::region::organizations;
use crate::tx::Tx;
use domain::base::change::{Subject, SubjectKind};
use domain::base::id::CaseId;
use domain::base::refusal::Reason;
use domain::help::named::named;
use std::any::Any;

/// The reasons against an entry of help that need other rows: the organizations that it names, and its case. Of other entries there are none.
pub(crate) async fn against_entry(
    tx: &mut Tx<'_>,
    under: Option<Subject>,
    form: &dyn Any,
    before: Option<&dyn Any>,
) -> Result<Vec<Reason>, Failure> {
    let mut reasons = match named(form) {
        Some(now) => {
            let was = before.and_then(named);
            organizations::against_closed(tx, &now, was.as_ref()).await?
        }
        None => Vec::new(),
    };
    let Some(case) = under.filter(|it| it.kind == SubjectKind::Case) else { return Ok(reasons) };
    let case = CaseId::from(case.id);
    if let Some(form) = form.downcast_ref() {
        reasons.extend(needs::against(tx, case, form).await?);
    }
    if let Some(form) = form.downcast_ref() {
        reasons.extend(service_deliveries::against(tx, case, form).await?);
    }
    Ok(reasons)
}
