//! Help: needs, services, referrals, urgent aid and crises in the database.
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
