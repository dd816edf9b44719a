//! Requests of the sides of mentorships over HTTP.
use crate::http::answer::Answer;
use crate::http::guard::{Guarded, Id};
use crate::http::list::Query;
use crate::http::order::Order;
use crate::http::problem::Problem;
use crate::http::routing::ServiceConfig;
use actix_web::{get, post};
use domain::base::access::may;
use domain::base::id::{MentorshipId, RequestId};
use domain::mentorships::requests::{Open, RequestAnswer, RequestForm, RequestWithdrawal};
use persistence::mentorships::requests::{self, RequestCard, RequestFilter};
use persistence::mentorships::{self, Stand};
use persistence::region::files::attach;
use persistence::sight::ruled_after;

crate::http::page::pages! { RequestPage of RequestCard; }

/// The routes of this feature.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list_requests).service(make_request).service(get_request).service(withdraw_request);
    config.service(answer_request).service(list_all_requests);
}

/// List the requests of a mentorship
///
/// Requests that the caller may see, the newest first. A side sees its own, and the mentor also sees requests to the
/// mentor. Those responsible for the mentorship see all.
#[utoipa::path(tag = "requests", params(("id" = MentorshipId, Path), RequestFilter), responses((status = 200, body = RequestPage)))]
#[get("/mentorships/{id}/requests")]
async fn list_requests(
    db: Guarded<may::ReadMeetings>,
    id: Id<MentorshipId>,
    query: Query<RequestFilter>,
) -> Result<Answer, Problem> {
    db.list(query, async |tx, filter, window| requests::list(tx, Some(id.0), filter, window).await).await
}

/// List all requests
///
/// Requests of all mentorships that the caller sees, the newest first. Those of each mentorship are shown as in its own
/// list.
#[utoipa::path(tag = "requests", params(RequestFilter), responses((status = 200, body = RequestPage)))]
#[get("/requests")]
async fn list_all_requests(
    db: Guarded<may::ReadMeetings>,
    query: Query<RequestFilter>,
) -> Result<Answer, Problem> {
    db.list(query, async |tx, filter, window| requests::list(tx, None, filter, window).await).await
}

/// Make a request
///
/// A side of a mentorship that has begun asks for something. The recipient may ask for a consultation or aid (002
/// §5.4). Each side may ask for another mentor (§3.10.4) or for something else. The institution may record a request
/// of a side.
#[utoipa::path(tag = "requests", params(("id" = MentorshipId, Path)), request_body = RequestForm, responses((status = 201, body = RequestCard)))]
#[post("/mentorships/{id}/requests")]
async fn make_request(
    db: Guarded<may::MakeRequest>,
    id: Id<MentorshipId>,
    form: Order<RequestForm>,
) -> Result<Answer, Problem> {
    db.create(async move |tx| {
        let running = mentorships::load(tx, id.0).await?.running()?;
        let given = attach(tx, form.on_paper_file_id, "/on_paper_file_id", &running.pairing).await;
        let stand = Stand::to(tx, &running.pairing).await?;
        let is_asked = requests::open_replacement(tx, id.0, form.party).await?.is_some();
        let made = Open::make(tx.mint(), &running, &form, stand.side(), is_asked, tx.today());
        requests::save_made(tx, ruled_after([given], made)?, &stand).await
    })
    .await
}

/// Get a request
///
/// One request and its answer.
#[utoipa::path(tag = "requests", params(("id" = RequestId, Path)), responses((status = 200, body = RequestCard)))]
#[get("/requests/{id}")]
async fn get_request(db: Guarded<may::ReadMeetings>, id: Id<RequestId>) -> Result<Answer, Problem> {
    db.read(async |tx| requests::card(tx, id.0).await).await
}

/// Withdraw a request
///
/// The side that asked withdraws its open request. The institution may record the withdrawal.
#[utoipa::path(tag = "requests", params(("id" = RequestId, Path)), request_body = RequestWithdrawal, responses((status = 200, body = RequestCard)))]
#[post("/requests/{id}/withdrawal")]
async fn withdraw_request(
    db: Guarded<may::MakeRequest>,
    id: Id<RequestId>,
    order: Order<RequestWithdrawal>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let (request, stand) = requests::load(tx, id.0).await?;
        requests::save_settled(tx, request.open()?.withdraw(&order, stand.side())?, &stand).await
    })
    .await
}

/// Answer a request
///
/// Those responsible for the mentorship answer a request in words, or refuse it with a reason. A request for a
/// meeting or another mentor is answered by that meeting or mentor.
#[utoipa::path(tag = "requests", params(("id" = RequestId, Path)), request_body = RequestAnswer, responses((status = 200, body = RequestCard)))]
#[post("/requests/{id}/answer")]
async fn answer_request(
    db: Guarded<may::AnswerRequest>,
    id: Id<RequestId>,
    order: Order<RequestAnswer>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let (request, stand) = requests::load(tx, id.0).await?;
        requests::save_settled(tx, request.open()?.answer_in_words(&order, stand.side())?, &stand).await
    })
    .await
}
