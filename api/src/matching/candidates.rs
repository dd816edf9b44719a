//! Candidates of a beneficiary over HTTP.
use crate::http::answer::Answer;
use crate::http::guard::{Guarded, Id, OtherId};
use crate::http::list;
use crate::http::problem::Problem;
use crate::http::routing::ServiceConfig;
use actix_web::{HttpRequest, get};
use domain::base::access::may;
use domain::base::id::{BeneficiaryId, MentorId};
use persistence::matching::candidates::{self, CandidateList, CandidatePair, CandidateQuestion};
use persistence::matching::pool::Mentors;

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list_candidates).service(get_candidate);
}

/// List the candidates of a beneficiary
///
/// The best possible mentors with each criterion and its facts, and the excluded mentors with every rule against
/// them. The answer also counts the mentors that each rule excludes. Only mentors that the caller may see take part.
/// The request changes nothing.
#[utoipa::path(tag = "matching", params(("id" = BeneficiaryId, Path), CandidateQuestion), responses((status = 200, body = CandidateList)))]
#[get("/beneficiaries/{id}/candidates")]
async fn list_candidates(
    db: Guarded<may::ReadMatching>,
    id: Id<BeneficiaryId>,
    request: HttpRequest,
) -> Result<Answer, Problem> {
    let asked: CandidateQuestion = list::filters(request.query_string())?;
    db.read_remembered::<Mentors, _>(async move |tx| candidates::list(tx, id.0, &asked).await).await
}

/// Get one pair of a beneficiary and a mentor
///
/// Every rule and criterion about the two. It also gives the mentor's place among the possible mentors, and the
/// beneficiary's place among those who wait and whom the mentor could have.
#[utoipa::path(tag = "matching", params(("id" = BeneficiaryId, Path), ("mentor_id" = MentorId, Path), CandidateQuestion), responses((status = 200, body = CandidatePair)))]
#[get("/beneficiaries/{id}/candidates/{mentor_id}")]
async fn get_candidate(
    db: Guarded<may::ReadMatching>,
    id: Id<BeneficiaryId>,
    mentor: OtherId<MentorId>,
    request: HttpRequest,
) -> Result<Answer, Problem> {
    let asked: CandidateQuestion = list::filters(request.query_string())?;
    db.read_apart(async move |tx| candidates::pair(tx, id.0, mentor.0, &asked).await).await
}
