//! Pairs of entries that may be one person over HTTP.
use crate::http::answer::Answer;
use crate::http::guard::{Guarded, Id};
use crate::http::history::{self, HistoryPage};
use crate::http::list::{NoFilter, Query};
use crate::http::order::Order;
use crate::http::problem::Problem;
use crate::http::routing::ServiceConfig;
use actix_web::{get, post};
use domain::base::access::may;
use domain::base::change::SubjectKind;
use domain::base::id::RegisterCandidateId;
use domain::people::register::candidates::CandidateDismissal;
use persistence::people::register::candidates::{self, RegisterCandidateCard, RegisterCandidateFilter};

crate::http::page::pages! { RegisterCandidatePage of RegisterCandidateCard; }

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list_register_candidates).service(get_register_candidate);
    config.service(dismiss_register_candidate).service(get_register_candidate_history);
}

/// List pairs of entries that may be one person
///
/// Pairs found when people were entered and edited, and by scans, the newest first. They are shown to those who keep the register.
/// Nothing merges by itself.
#[utoipa::path(tag = "register", params(RegisterCandidateFilter), responses((status = 200, body = RegisterCandidatePage)))]
#[get("/register-candidates")]
async fn list_register_candidates(
    db: Guarded<may::ManageRegister>,
    query: Query<RegisterCandidateFilter>,
) -> Result<Answer, Problem> {
    db.list(query, candidates::list).await
}

/// Get a pair of entries that may be one person
///
/// One pair: both entries, how much they are alike, and why.
#[utoipa::path(tag = "register", params(("id" = RegisterCandidateId, Path)), responses((status = 200, body = RegisterCandidateCard)))]
#[get("/register-candidates/{id}")]
async fn get_register_candidate(
    db: Guarded<may::ManageRegister>,
    id: Id<RegisterCandidateId>,
) -> Result<Answer, Problem> {
    db.read(async |tx| candidates::card(tx, id.0).await).await
}

/// Dismiss a pair of entries
///
/// The two are different people. The pair is never proposed again.
#[utoipa::path(tag = "register", params(("id" = RegisterCandidateId, Path)), request_body = CandidateDismissal, responses((status = 200, body = RegisterCandidateCard)))]
#[post("/register-candidates/{id}/dismissal")]
async fn dismiss_register_candidate(
    db: Guarded<may::ManageRegister>,
    id: Id<RegisterCandidateId>,
    order: Order<CandidateDismissal>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let pair = candidates::load(tx, id.0).await?;
        candidates::save_decided(tx, pair.dismiss(&order)?).await?;
        candidates::card(tx, id.0).await
    })
    .await
}

/// Get the history of a pair of entries
///
/// Changes of the pair, the latest first.
#[utoipa::path(tag = "register", params(("id" = RegisterCandidateId, Path)), responses((status = 200, body = HistoryPage)))]
#[get("/register-candidates/{id}/history")]
async fn get_register_candidate_history(
    db: Guarded<may::ReadHistory>,
    id: Id<RegisterCandidateId>,
    query: Query<NoFilter>,
) -> Result<Answer, Problem> {
    history::of(db, SubjectKind::RegisterCandidate, id.0, query).await
}
