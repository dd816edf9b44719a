//! Requests for help over HTTP.
use crate::http::answer::Answer;
use crate::http::guard::{Guarded, Id};
use crate::http::history::HistoryPage;
use crate::http::list::{self, NoFilter, Query};
use crate::http::order::Order;
use crate::http::problem::Problem;
use crate::http::routing::ServiceConfig;
use actix_web::{HttpRequest, get, post};
use domain::base::access::may;
use domain::base::change::{Subject, SubjectKind};
use domain::base::id::IntakeRequestId;
use domain::help::intake_requests::{
    IntakeCheck, IntakeDecision, IntakeDirection, IntakeRelease, IntakeRequestForm, Received,
};
use persistence::engine::counts::Counts;
use persistence::help::intake_requests::{
    self, IntakeFilter, IntakeQuestion, IntakeRequestCard, IntakeSummary,
};
use persistence::region::organizations::must_work;
use persistence::sight::{must_be_own, must_refer, ruled, ruled_after};

crate::http::page::pages! { IntakeRequestPage of IntakeRequestCard; }

/// The routes of this feature.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list_intake_requests).service(get_intake_request_counts).service(get_intake_summary);
    config.service(make_intake_request).service(get_intake_request);
    config.service(check_intake_request).service(release_intake_request).service(decide_intake_request);
    config.service(direct_intake_request);
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

/// Count requests for help by their source
///
/// The requests of a period, by who found the people in need: how many were accepted, and the services that came of it. They are those of
/// the organizations of the caller, and of the territories that the caller guards. Use it to see whether neighbours and НКО find more.
#[utoipa::path(tag = "help", params(IntakeQuestion), responses((status = 200, body = IntakeSummary)))]
#[get("/intake-requests/summary")]
async fn get_intake_summary(db: Guarded<may::ReadIntake>, request: HttpRequest) -> Result<Answer, Problem> {
    let asked: IntakeQuestion = list::filters(request.query_string())?;
    db.read(async |tx| intake_requests::summary(tx, &asked).await).await
}

/// Count requests for help
///
/// The number of requests that the caller sees, by a member of theirs.
#[utoipa::path(tag = "help", params(intake_requests::IntakeCountQuestion), responses((status = 200, body = Counts)))]
#[get("/intake-requests/counts")]
async fn get_intake_request_counts(
    db: Guarded<may::ReadIntake>,
    request: HttpRequest,
) -> Result<Answer, Problem> {
    let asked: intake_requests::IntakeCountQuestion = list::filters(request.query_string())?;
    db.read(async |tx| intake_requests::counts(tx, &asked).await).await
}

/// Make a request for help
///
/// Tells of somebody in need: a person on record, or people in words. Organizations and the guardianship of the territory see it at once.
/// The account that makes it learns what becomes of it. Where a child is in danger, the specialists of these organizations are called at
/// once, then the heads, the directors and the administrators, each after the minutes of the urgency. The one whom a request accuses
/// learns nothing of it.
#[utoipa::path(tag = "help", request_body = IntakeRequestForm, responses((status = 201, body = IntakeRequestCard)))]
#[post("/intake-requests")]
async fn make_intake_request(
    db: Guarded<may::MakeIntake>,
    form: Order<IntakeRequestForm>,
) -> Result<Answer, Problem> {
    db.create(async move |tx| {
        let (receipt, checks) = intake_requests::receipt(tx, &form).await?;
        let received = Received::receive(tx.mint(), &form, receipt, (tx.today(), tx.now()));
        intake_requests::save_received(tx, ruled(received, checks)?).await
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
        let works = must_work(tx, order.organization_id, "/organization_id").await;
        let works_in = intake_requests::territory_of(tx, order.organization_id).await?;
        let checked = ruled(waiting.check(&order, &works_in), [works])?;
        intake_requests::save_moved(tx, checked).await?;
        intake_requests::card(tx, id.0).await
    })
    .await
}

/// Direct a request for help to an organization
///
/// The region hands a request that nobody has taken up to an organization, which alone may take it up then: where nobody of the territory
/// can, or where the one to which it was redirected does not.
#[utoipa::path(tag = "help", params(("id" = IntakeRequestId, Path)), request_body = IntakeDirection, responses((status = 200, body = IntakeRequestCard)))]
#[post("/intake-requests/{id}/direction")]
async fn direct_intake_request(
    db: Guarded<may::ManageAccompaniment>,
    id: Id<IntakeRequestId>,
    order: Order<IntakeDirection>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let waiting = intake_requests::load(tx, id.0).await?.waiting()?;
        must_refer(tx, SubjectKind::Organization, Some(order.organization_id), "/organization_id").await?;
        let works = must_work(tx, order.organization_id, "/organization_id").await;
        let is_staffed = intake_requests::is_staffed(tx, order.organization_id).await?;
        let directed = ruled(waiting.direct(&order, is_staffed), [works])?;
        intake_requests::save_moved(tx, directed).await?;
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
        let (by, refers) = (checking.organization_id, intake_requests::must_refer_of(tx, &order).await);
        let facts = intake_requests::decision_facts(tx, id.0, by, &order, &refers).await?;
        let decided = ruled_after([refers], checking.decide(&order, facts))?;
        intake_requests::save_moved(tx, decided).await?;
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
