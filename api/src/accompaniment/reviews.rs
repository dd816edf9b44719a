//! Reviews of cases over HTTP.
use crate::http::answer::Answer;
use crate::http::guard::{Guarded, Id};
use crate::http::list::{NoFilter, Query};
use crate::http::order::Order;
use crate::http::problem::Problem;
use crate::http::routing::ServiceConfig;
use actix_web::{get, post};
use domain::accompaniment::cases::reviews::CaseReview;
use domain::base::access::may;
use domain::base::id::CaseId;
use persistence::accompaniment::cases::{self, CaseCard, CaseReviewCard};

crate::http::page::pages! { CaseReviewPage of CaseReviewCard; }

/// The routes of this feature.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list_case_reviews).service(complete_case_review);
}

/// List the completed reviews of a case
///
/// Reviews that were completed, the latest entry first. Those that are due stand on the card of the case, in `reviews_due`.
#[utoipa::path(tag = "cases", params(("id" = CaseId, Path)), responses((status = 200, body = CaseReviewPage)))]
#[get("/cases/{id}/reviews")]
async fn list_case_reviews(
    db: Guarded<may::ReadCases>,
    id: Id<CaseId>,
    query: Query<NoFilter>,
) -> Result<Answer, Problem> {
    db.list(query, async |tx, _, window| cases::list_reviews(tx, id.0, window).await).await
}

/// Complete a review of a case
///
/// Completes the review at coming of age of an open case, once. Only a final consilium decides the review at 23. No review closes a
/// case.
#[utoipa::path(tag = "cases", params(("id" = CaseId, Path)), request_body = CaseReview, responses((status = 200, body = CaseCard)))]
#[post("/cases/{id}/reviews")]
async fn complete_case_review(
    db: Guarded<may::EditCases>,
    id: Id<CaseId>,
    order: Order<CaseReview>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let case = cases::load(tx, id.0).await?.open()?;
        let reviews = cases::reviews_of(tx, &case).await?;
        let reviewed = case.review(tx.mint(), &order, &reviews, tx.today())?;
        cases::save_reviewed(tx, reviewed).await?;
        cases::card(tx, id.0).await
    })
    .await
}
