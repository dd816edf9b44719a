//! Help: the needs of a person, and what is done about them.
//!
//! - [`needs`]: what somebody needs, and what became of it. [`service_standards`], [`service_deliveries`]: what is given, and by what rule.
//!   [`service_programmes`]: the individual programme as a view of needs.
//! - stock, emergency_aids: things for urgent aid, and gifts of them. documents: help with personal documents.
//! - [`places`]: facilities, rooms, beds, nights. [`stays`]: people who sleep there. [`place_requests`]: the waiting list.
//!   [`occupancy`]: the nights of a month.
//! - [`crises`]: calls for help, the chain of those who answer, and how fast they do.
//! - [`service_offers`]: the directory of services. [`intake_requests`]: people in need who were found, from the check to the decision.
//! - [`referrals`]: another organization is asked to help the beneficiary of a case.
//! - [`named`]: the organizations that entries of help name for a day.
//! - [`own_help`]: what the person, the representative of a child and the guardianship read of it.
//!
//! Invariant: a need ends with a result in words.
pub mod crises;
pub mod documents;
pub mod emergency_aids;
pub mod intake_requests;
pub mod named;
pub mod needs;
pub mod occupancy;
pub mod own_help;
pub mod place_requests;
pub mod places;
pub mod referrals;
pub mod service_deliveries;
pub mod service_offers;
pub mod service_programmes;
pub mod service_standards;
pub mod stays;
pub mod stock;
