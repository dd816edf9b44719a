//! Sentences about help: needs, services, referrals, urgent aid and crises.
mod closings;
mod crises;
mod documents;
mod emergency_aids;
mod intake_requests;
mod needs;
mod own_help;
mod place_requests;
mod places;
mod referrals;
mod service_deliveries;
mod service_offers;
mod service_programmes;
mod service_standards;
mod shared_help;
mod stays;
mod stock;
