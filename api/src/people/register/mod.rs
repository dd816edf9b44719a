//! The register over HTTP: entries, merges, pairs that may be one person, scans and searches.
mod candidates;
mod entries;
mod merges;
mod scans;
mod searches;
pub mod work;

use crate::http::routing::ServiceConfig;

/// The routes of this feature.
pub fn routes(config: &mut ServiceConfig<'_>) {
    entries::routes(config);
    merges::routes(config);
    candidates::routes(config);
    scans::routes(config);
    searches::routes(config);
}
