//! Deliveries of services that other organizations record in a case, over HTTP. Those of the own organization are entries.
use crate::http::answer::Answer;
use crate::http::guard::{Guarded, Id};
use crate::http::list::{NoFilter, Query};
use crate::http::order::Order;
use crate::http::problem::Problem;
use crate::http::routing::ServiceConfig;
use actix_web::{get, post};
use domain::base::access::may;
use domain::base::id::{ReferralId, TeamMemberId};
use domain::help::service_deliveries::ServiceDeliveryForm;
use persistence::help::service_deliveries::{self, DeliveryContributionCard};

crate::http::page::pages! { DeliveryContributionPage of DeliveryContributionCard; }

/// The routes of this feature.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list_deliveries_by_membership).service(record_delivery_by_membership);
    config.service(list_deliveries_by_referral).service(record_delivery_by_referral);
}

/// List the services recorded by a membership
///
/// The own ones of the caller, which stay readable after the end of the membership. They name nobody.
#[utoipa::path(tag = "help", params(("id" = TeamMemberId, Path)), responses((status = 200, body = DeliveryContributionPage)))]
#[get("/case-team-members/{id}/service-deliveries")]
async fn list_deliveries_by_membership(
    db: Guarded<may::ReadServices>,
    id: Id<TeamMemberId>,
    query: Query<NoFilter>,
) -> Result<Answer, Problem> {
    db.list(query, async |tx, _, window| service_deliveries::list_by_member(tx, id.0, window).await).await
}

/// Record a service by a membership
///
/// For a member of another organization with the level `contribute`, while the part `help` is granted: a service of the own organization,
/// for needs that the member reads. It is a delivery in the case as all others, and stands on the desk of the organization that
/// accompanies.
#[utoipa::path(tag = "help", params(("id" = TeamMemberId, Path)), request_body = ServiceDeliveryForm, responses((status = 201, body = DeliveryContributionCard)))]
#[post("/case-team-members/{id}/service-deliveries")]
async fn record_delivery_by_membership(
    db: Guarded<may::EditServices>,
    id: Id<TeamMemberId>,
    form: Order<ServiceDeliveryForm>,
) -> Result<Answer, Problem> {
    db.create(async move |tx| service_deliveries::add_by_member(tx, id.0, form.clone()).await).await
}

/// List the services recorded by a referral
///
/// For those in charge of the work, also after its end. They name nobody.
#[utoipa::path(tag = "help", params(("id" = ReferralId, Path)), responses((status = 200, body = DeliveryContributionPage)))]
#[get("/referrals/{id}/service-deliveries")]
async fn list_deliveries_by_referral(
    db: Guarded<may::ReadServices>,
    id: Id<ReferralId>,
    query: Query<NoFilter>,
) -> Result<Answer, Problem> {
    db.list(query, async |tx, _, window| service_deliveries::list_by_referral(tx, id.0, window).await).await
}

/// Record a service by a referral
///
/// For those in charge of an accepted referral, while the part `help` is open: a service of the own organization, for needs that the
/// referral names. It is a delivery in the case as all others, and stands on the desk of the organization that accompanies.
#[utoipa::path(tag = "help", params(("id" = ReferralId, Path)), request_body = ServiceDeliveryForm, responses((status = 201, body = DeliveryContributionCard)))]
#[post("/referrals/{id}/service-deliveries")]
async fn record_delivery_by_referral(
    db: Guarded<may::EditServices>,
    id: Id<ReferralId>,
    form: Order<ServiceDeliveryForm>,
) -> Result<Answer, Problem> {
    db.create(async move |tx| service_deliveries::add_by_referral(tx, id.0, form.clone()).await).await
}
