//! Requests for help over HTTP.
use crate::http::answer::Answer;
use crate::http::guard::{Guarded, Id};
use crate::http::history::HistoryPage;
use crate::http::list::{NoFilter, Query};
use crate::http::order::Order;
use crate::http::problem::Problem;
use crate::http::routing::ServiceConfig;
use actix_web::{get, post};
use domain::base::access::may;
use domain::base::change::{Subject, SubjectKind};
use domain::base::id::IntakeRequestId;
use domain::help::intake_requests::{
    IntakeCheck, IntakeDecision, IntakeRelease, IntakeRequestForm, Received,
};
use persistence::help::intake_requests::{self, IntakeFilter, IntakeRequestCard};
use persistence::sight::{must_be_own, must_refer};

crate::http::page::pages! { IntakeRequestPage of IntakeRequestCard; }

/// The routes of this feature.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list_intake_requests).service(make_intake_request).service(get_intake_request);
    config.service(check_intake_request).service(release_intake_request).service(decide_intake_request);
    config.service(get_intake_request_history);
}

/// List requests for help
///
/// Requests of the territories of the caller and of the caller's organizations, those redirected to them, and the caller's own ones, the
/// newest first.
#[utoipa::path(tag = "help", params(IntakeFilter), responses((status = 200, body = IntakeRequestPage)))]
#[get("/intake-requests")]
async fn list_intake_requests(
    db: Guarded<may::ReadIntake>,
    query: Query<IntakeFilter>,
) -> Result<Answer, Problem> {
    db.list(query, intake_requests::list).await
}

/// Make a request for help
///
/// Tells of somebody in need: a person on record, or people in words. Organizations and the guardianship of the territory see it at once.
/// The account that makes it learns what becomes of it.
#[utoipa::path(tag = "help", request_body = IntakeRequestForm, responses((status = 201, body = IntakeRequestCard)))]
#[post("/intake-requests")]
async fn make_intake_request(
    db: Guarded<may::MakeIntake>,
    form: Order<IntakeRequestForm>,
) -> Result<Answer, Problem> {
    db.create(async move |tx| {
        must_refer(tx, SubjectKind::Person, form.person_id, "/person_id").await?;
        let received = Received::receive(tx.mint(), &form, tx.author()?, tx.today());
        intake_requests::save_received(tx, received).await
    })
    .await
}

/// Get a request for help
///
/// One request, with the actions that the caller may take.
#[utoipa::path(tag = "help", params(("id" = IntakeRequestId, Path)), responses((status = 200, body = IntakeRequestCard)))]
#[get("/intake-requests/{id}")]
async fn get_intake_request(
    db: Guarded<may::ReadIntake>,
    id: Id<IntakeRequestId>,
) -> Result<Answer, Problem> {
    db.read(async |tx| intake_requests::card(tx, id.0).await).await
}

/// Take up the check of a request for help
///
/// The first organization has the request until its decision; another one learns who has it. A redirected request is checked by the
/// organization to which it was redirected.
#[utoipa::path(tag = "help", params(("id" = IntakeRequestId, Path)), request_body = IntakeCheck, responses((status = 200, body = IntakeRequestCard)))]
#[post("/intake-requests/{id}/check")]
async fn check_intake_request(
    db: Guarded<may::DecideIntake>,
    id: Id<IntakeRequestId>,
    order: Order<IntakeCheck>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let waiting = intake_requests::load(tx, id.0).await?.waiting()?;
        must_be_own(tx, order.organization_id, "/organization_id").await?;
        let works_in = intake_requests::territory_of(tx, order.organization_id).await?;
        intake_requests::save_moved(tx, waiting.check(&order, &works_in)?).await?;
        intake_requests::card(tx, id.0).await
    })
    .await
}

/// Give a request for help back
///
/// The organization that checks the request gives it back without a decision. It waits again, and another organization may take it up.
#[utoipa::path(tag = "help", params(("id" = IntakeRequestId, Path)), request_body = IntakeRelease, responses((status = 200, body = IntakeRequestCard)))]
#[post("/intake-requests/{id}/release")]
async fn release_intake_request(
    db: Guarded<may::DecideIntake>,
    id: Id<IntakeRequestId>,
    order: Order<IntakeRelease>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let (it, scope) = (intake_requests::load(tx, id.0).await?, tx.scope().clone());
        let checking = it.checked_by(|of| scope.answers_for(of))?;
        intake_requests::save_moved(tx, checking.release(&order)).await?;
        intake_requests::card(tx, id.0).await
    })
    .await
}

/// Decide a request for help
///
/// The organization that checks the request accepts it, redirects it to another one, or tells why it ends.
#[utoipa::path(tag = "help", params(("id" = IntakeRequestId, Path)), request_body = IntakeDecision, responses((status = 200, body = IntakeRequestCard)))]
#[post("/intake-requests/{id}/decision")]
async fn decide_intake_request(
    db: Guarded<may::DecideIntake>,
    id: Id<IntakeRequestId>,
    order: Order<IntakeDecision>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let (it, scope) = (intake_requests::load(tx, id.0).await?, tx.scope().clone());
        let checking = it.checked_by(|of| scope.answers_for(of))?;
        intake_requests::must_refer_of(tx, &order).await?;
        let facts = intake_requests::decision_facts(tx, id.0, checking.organization_id, &order).await?;
        intake_requests::save_moved(tx, checking.decide(&order, facts)?).await?;
        intake_requests::card(tx, id.0).await
    })
    .await
}

/// Get the history of a request for help
///
/// Changes of the request, the latest first.
#[utoipa::path(tag = "help", params(("id" = IntakeRequestId, Path)), responses((status = 200, body = HistoryPage)))]
#[get("/intake-requests/{id}/history")]
async fn get_intake_request_history(
    db: Guarded<may::ReadHistory>,
    id: Id<IntakeRequestId>,
    query: Query<NoFilter>,
) -> Result<Answer, Problem> {
    let subject = Subject::new(SubjectKind::IntakeRequest, id.0);
    db.list(query, async |tx, _, window| {
        intake_requests::must_be_inside(tx, id.0).await?;
        persistence::history::history(tx, subject, window).await
    })
    .await
}
