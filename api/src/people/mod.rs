//! People, families, beneficiaries and their representatives over HTTP.
//!
//! People are searched for with a request body, because personal data must not appear in an address.
//!
//! Invariant: a row that the caller may not see is answered with 404, whether it exists or not.
mod access_requests;
mod beneficiaries;
mod consents;
mod families;
mod persons;
pub mod register;
mod representatives;

use crate::http::routing::ServiceConfig;

/// The routes of this feature.
pub fn routes(config: &mut ServiceConfig<'_>) {
    persons::routes(config);
    access_requests::routes(config);
    families::routes(config);
    beneficiaries::routes(config);
    representatives::routes(config);
    consents::routes(config);
    register::routes(config);
}
