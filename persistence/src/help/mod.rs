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
use crate::tx::Tx;
use domain::base::id::CaseId;
use domain::base::refusal::Reason;
use std::any::Any;

/// The reasons against an entry under a case that need other rows.
pub(crate) async fn against_entry(
    tx: &mut Tx<'_>,
    case: CaseId,
    form: &dyn Any,
) -> Result<Vec<Reason>, Failure> {
    if let Some(form) = form.downcast_ref() {
        return needs::against(tx, case, form).await;
    }
    match form.downcast_ref() {
        Some(form) => service_deliveries::against(tx, case, form).await,
        None => Ok(Vec::new()),
    }
}
