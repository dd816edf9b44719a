//! Help: needs, services, referrals, urgent aid and crises over HTTP.
//!
//! Needs are entered in a case, taken into work and ended with a result.
//! Services are delivered by standards.
//!
//! Invariant: a handler decides nothing; rules stand in `domain`.
pub mod crises;
pub mod documents;
pub mod emergency_aids;
pub mod intake_requests;
pub mod needs;
pub mod own_help;
pub mod place_requests;
pub mod places;
pub mod referrals;
pub mod service_deliveries;
pub mod service_programmes;
pub mod service_standards;
pub mod shared_help;
pub mod stays;
pub mod stock;

use crate::http::routing::ServiceConfig;

/// The routes of this area.
pub fn routes(config: &mut ServiceConfig<'_>) {
    crises::routes(config);
    documents::routes(config);
    emergency_aids::routes(config);
    stock::routes(config);
    intake_requests::routes(config);
    referrals::routes(config);
    service_deliveries::routes(config);
    service_programmes::routes(config);
    needs::routes(config);
    shared_help::routes(config);
    own_help::routes(config);
    places::routes(config);
    stays::routes(config);
    place_requests::routes(config);
}
