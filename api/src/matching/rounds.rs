//! Rounds of matching over HTTP.
use super::recalled::Recalled;
use crate::http::answer::{Accepted, Answer};
use crate::http::guard::{Guarded, Id};
use crate::http::history::HistoryPage;
use crate::http::list::{self, NoFilter, Query};
use crate::http::order::Order;
use crate::http::problem::{INTERNAL, Problem};
use crate::http::routing::ServiceConfig;
use actix_web::{HttpRequest, get, post, web};
use domain::base::access::{Role, may};
use domain::base::id::MatchingRoundId;
use domain::matching::{Adjustment, Publication, RoundOrder};
use persistence::matching::explanations::{self, ExplanationQuestion, RecalledRound, RoundExplanation};
use persistence::matching::proposals::{self, LeftOutCard, MatchingProposalCard, MatchingProposalFilter};
use persistence::matching::publication;
use persistence::matching::rounds::{self, MatchingRoundCard, MatchingRoundFilter};
use persistence::region::users::must_hold;
use persistence::sight::ruled_after;
use std::sync::Arc;

crate::http::page::pages! {
    MatchingRoundPage of MatchingRoundCard;
    MatchingProposalPage of MatchingProposalCard;
    LeftOutPage of LeftOutCard;
}

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list_matching_rounds).service(begin_matching_round).service(get_matching_round);
    config.service(adjust_matching_round).service(run_matching_round).service(publish_matching_round);
    config.service(list_matching_proposals).service(list_left_out).service(get_matching_round_explanation);
    config.service(get_matching_round_history);
}

/// List rounds of matching
///
/// Rounds of the caller's institutions and programs, the newest first.
#[utoipa::path(tag = "matching", params(MatchingRoundFilter), responses((status = 200, body = MatchingRoundPage)))]
#[get("/matching-rounds")]
async fn list_matching_rounds(
    db: Guarded<may::ReadMatching>,
    query: Query<MatchingRoundFilter>,
) -> Result<Answer, Problem> {
    db.list(query, rounds::list).await
}

/// Begin a round of matching
///
/// A job computes the best assignment of all waiting beneficiaries to mentors with free seats, and proves it. The job
/// shows its progress, can be cancelled, and continues after a restart of the server. Nobody gets a proposal before
/// the round is published.
#[utoipa::path(tag = "matching", request_body = RoundOrder, responses((status = 202, body = MatchingRoundCard)))]
#[post("/matching-rounds")]
async fn begin_matching_round(
    db: Guarded<may::RunMatching>,
    order: Order<RoundOrder>,
) -> Result<Answer, Problem> {
    db.accept(async move |tx| {
        let (id, job_id) = rounds::begin(tx, &order).await?;
        Ok(Accepted { card: rounds::card(tx, id).await?, job_id })
    })
    .await
}

/// Get a round of matching
///
/// One round: its rules, its result by priorities with the differences from the previous round, and the caller's
/// actions.
#[utoipa::path(tag = "matching", params(("id" = MatchingRoundId, Path)), responses((status = 200, body = MatchingRoundCard)))]
#[get("/matching-rounds/{id}")]
async fn get_matching_round(
    db: Guarded<may::ReadMatching>,
    id: Id<MatchingRoundId>,
) -> Result<Answer, Problem> {
    db.read(async |tx| rounds::card(tx, id.0).await).await
}

/// Adjust a round of matching
///
/// A specialist pins or forbids a pair of a ready round, or takes that back. It takes effect at the next computing of
/// the round.
#[utoipa::path(tag = "matching", params(("id" = MatchingRoundId, Path)), request_body = Adjustment, responses((status = 200, body = MatchingRoundCard)))]
#[post("/matching-rounds/{id}/adjustments")]
async fn adjust_matching_round(
    db: Guarded<may::RunMatching>,
    id: Id<MatchingRoundId>,
    order: Order<Adjustment>,
) -> Result<Answer, Problem> {
    let (rules, kept) = db.peek_apart(async move |tx| rounds::kept(tx, id.0).await).await?;
    db.write(async move |tx| {
        let round = rounds::load(tx, id.0).await?.ready()?;
        let pair = rounds::adjusted_pair(tx, id.0, &order, &rules, &kept.pool).await?;
        rounds::save_adjusted(tx, round.adjust(&order, &pair)?, &order).await?;
        rounds::card(tx, id.0).await
    })
    .await
}

/// Compute a round of matching again
///
/// Computes the round with its adjustments and the current data of people. A failed or cancelled round may be
/// computed again too. The result is compared with the previous one.
#[utoipa::path(tag = "matching", params(("id" = MatchingRoundId, Path)), responses((status = 202, body = MatchingRoundCard)))]
#[post("/matching-rounds/{id}/runs")]
async fn run_matching_round(
    db: Guarded<may::RunMatching>,
    id: Id<MatchingRoundId>,
) -> Result<Answer, Problem> {
    db.accept(async move |tx| {
        let round = rounds::load(tx, id.0).await?.to_run()?;
        let job_id = rounds::save_rerun(tx, round.rerun()).await?;
        Ok(Accepted { card: rounds::card(tx, id.0).await?, job_id })
    })
    .await
}

/// Publish a round of matching
///
/// A job turns each proposal into a proposed mentorship, which both sides then answer. Rules judge each pair at that
/// moment. A refused pair keeps the codes of its reasons, and the others continue; so it is where the tutor is a
/// relative of the beneficiary. Of two rounds over the same people, only one can be published.
#[utoipa::path(tag = "matching", params(("id" = MatchingRoundId, Path)), request_body = Publication, responses((status = 202, body = MatchingRoundCard)))]
#[post("/matching-rounds/{id}/publication")]
async fn publish_matching_round(
    db: Guarded<may::RunMatching>,
    id: Id<MatchingRoundId>,
    order: Order<Publication>,
) -> Result<Answer, Problem> {
    db.accept(async move |tx| {
        let round = rounds::load(tx, id.0).await?;
        let follows = must_hold(tx, Role::Tutor, order.tutor_user_id, "/tutor_user_id").await;
        let facts = rounds::publication_facts(tx, &round, order.starts_on).await?;
        let publishing = round.ready().and_then(|it| it.publish(&order, &facts, tx.today()));
        let job_id = publication::save_publishing(tx, ruled_after([follows], publishing)?).await?;
        Ok(Accepted { card: rounds::card(tx, id.0).await?, job_id })
    })
    .await
}

/// List the proposals of a round
///
/// Each proposed pair with every criterion and its facts, the origin of the proposal, and its current state.
#[utoipa::path(tag = "matching", params(("id" = MatchingRoundId, Path), MatchingProposalFilter), responses((status = 200, body = MatchingProposalPage)))]
#[get("/matching-rounds/{id}/proposals")]
async fn list_matching_proposals(
    db: Guarded<may::ReadMatching>,
    id: Id<MatchingRoundId>,
    query: Query<MatchingProposalFilter>,
) -> Result<Answer, Problem> {
    db.list(query, async |tx, filter, window| proposals::list(tx, id.0, filter, window).await).await
}

/// List beneficiaries without a mentor in a round
///
/// Every beneficiary who took part in the computed round and got no mentor, with the reason. Rules may exclude the
/// beneficiary. Rules may exclude all mentors; then each rule has the number of mentors that it excludes. Or all
/// seats of possible mentors go to others.
#[utoipa::path(tag = "matching", params(("id" = MatchingRoundId, Path)), responses((status = 200, body = LeftOutPage)))]
#[get("/matching-rounds/{id}/left-out")]
async fn list_left_out(
    db: Guarded<may::ReadMatching>,
    id: Id<MatchingRoundId>,
    query: Query<NoFilter>,
) -> Result<Answer, Problem> {
    db.list(query, async |tx, _, window| proposals::left_out(tx, id.0, window).await).await
}

/// Get the explanation of a round for one beneficiary
///
/// The reason for this mentor, the alternatives with their exact cost for the round and for others, and the reason
/// against the mentor asked about. It describes the round as computed. A next best proposal after a refusal has its
/// own explanation.
#[utoipa::path(tag = "matching", params(("id" = MatchingRoundId, Path), ExplanationQuestion), responses((status = 200, body = RoundExplanation)))]
#[get("/matching-rounds/{id}/explanation")]
async fn get_matching_round_explanation(
    db: Guarded<may::ReadMatching>,
    id: Id<MatchingRoundId>,
    request: HttpRequest,
) -> Result<Answer, Problem> {
    let asked: ExplanationQuestion = list::filters(request.query_string())?;
    let round = recalled(&db, id.0).await?;
    let question = asked.clone();
    let told = web::block(move || round.explain(&question))
        .await
        .map_err(|it| Problem::new(&INTERNAL).because(it))?;
    let told = told.map_err(persistence::engine::failure::Failure::from)?;
    db.read(async |tx| explanations::card(tx, id.0, &asked, told.clone()).await).await
}

async fn recalled(
    db: &Guarded<may::ReadMatching>,
    id: MatchingRoundId,
) -> Result<Arc<RecalledRound>, Problem> {
    let run = db.peek(async |tx| rounds::run_of(tx, id).await).await?;
    let which = (id.into(), run);
    let remembered = db.region().remembered::<Recalled>();
    if let Some(round) = remembered.find(&which) {
        return Ok(round);
    }
    let (rules, kept) = db.peek_apart(async move |tx| rounds::kept(tx, id).await).await?;
    let round = web::block(move || RecalledRound::recall(rules, kept)).await;
    let round = Arc::new(round.map_err(|it| Problem::new(&INTERNAL).because(it))??);
    remembered.keep(which, round.clone());
    Ok(round)
}

/// Get the history of a round
///
/// Events of the round: begun, computed, adjusted, published; the latest first.
#[utoipa::path(tag = "matching", params(("id" = MatchingRoundId, Path)), responses((status = 200, body = HistoryPage)))]
#[get("/matching-rounds/{id}/history")]
async fn get_matching_round_history(
    db: Guarded<may::ReadMatching>,
    id: Id<MatchingRoundId>,
    query: Query<NoFilter>,
) -> Result<Answer, Problem> {
    db.list(query, async |tx, _, window| rounds::history(tx, id.0, window).await).await
}
