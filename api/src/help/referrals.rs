//! Referrals over HTTP.
use crate::http::answer::Answer;
use crate::http::guard::{Guarded, Id};
use crate::http::history::{self, HistoryPage};
use crate::http::list::{self, NoFilter, Query};
use crate::http::order::Order;
use crate::http::problem::Problem;
use crate::http::routing::ServiceConfig;
use actix_web::{HttpRequest, get, post};
use domain::accompaniment::transfers::Rejection;
use domain::base::access::may;
use domain::base::change::SubjectKind;
use domain::base::id::{CaseId, ReferralId};
use domain::help::referrals::{
    OwnCaseOpening, ReferralAcceptance, ReferralCompletion, ReferralForm, ReferralReturn, ReferralRevocation,
    Sent,
};
use persistence::accompaniment::cases::{self, CaseCard};
use persistence::accompaniment::shared_cases::SharedCaseCard;
use persistence::engine::counts::Counts;
use persistence::help::referrals::{self, ReferralCard, ReferralFilter, ReferredNeeds};
use persistence::region::files::entrust_each;
use persistence::region::organizations::must_work;
use persistence::sight::{must_refer, ruled, ruled_after};

crate::http::page::pages! { ReferralPage of ReferralCard; }

/// The routes of this feature.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list_referrals_of_case).service(send_referral).service(list_referrals);
    config
        .service(get_referral_counts)
        .service(get_referral)
        .service(get_referred_case)
        .service(get_referred_needs);
    config.service(accept_referral).service(reject_referral).service(complete_referral);
    config.service(return_referral).service(revoke_referral).service(open_case_of_referral);
    config.service(get_referral_history);
}

/// List the referrals of a case
///
/// Referrals to other organizations and what has become of them, the newest first.
#[utoipa::path(tag = "help", params(("id" = CaseId, Path), ReferralFilter), responses((status = 200, body = ReferralPage)))]
#[get("/cases/{id}/referrals")]
async fn list_referrals_of_case(
    db: Guarded<may::ReadServices>,
    id: Id<CaseId>,
    query: Query<ReferralFilter>,
) -> Result<Answer, Problem> {
    db.list(query, async |tx, filter, window| referrals::of_case(tx, id.0, filter, window).await).await
}

/// Refer somebody to another organization
///
/// Asks another organization to help the beneficiary of an open case. Before its answer it learns the domains of the needs, the urgency,
/// the sex, the age group, the municipality and the category, and nothing by which anybody could be recognised. A consent for the purpose
/// `referral` or a ground of law is needed.
#[utoipa::path(tag = "help", params(("id" = CaseId, Path)), request_body = ReferralForm, responses((status = 201, body = ReferralCard)))]
#[post("/cases/{id}/referrals")]
async fn send_referral(
    db: Guarded<may::SendReferrals>,
    id: Id<CaseId>,
    form: Order<ReferralForm>,
) -> Result<Answer, Problem> {
    db.create(async move |tx| {
        let case = cases::load(tx, id.0).await?.open()?;
        let (of, to) = (case.organization_id, Some(form.to_organization_id));
        let facts = referrals::facts(tx, (case.beneficiary_id, of), id.0, &form).await?;
        let file = form.ground_file_id.map(|it| (it, "/ground_file_id"));
        let checks = [
            must_refer(tx, SubjectKind::Organization, to, "/to_organization_id").await,
            entrust_each(tx, file, of).await,
            must_work(tx, to, "/to_organization_id").await,
        ];
        let sent = Sent::send(tx.mint(), (id.0, of), &form, &facts, tx.today());
        let sent = ruled_after(checks, sent)?;
        let referral_id = sent.value().sent.id;
        referrals::save_sent(tx, sent).await?;
        referrals::card(tx, referral_id).await
    })
    .await
}

/// List referrals
///
/// Referrals to and from the organizations of the caller, the newest first.
#[utoipa::path(tag = "help", params(ReferralFilter), responses((status = 200, body = ReferralPage)))]
#[get("/referrals")]
async fn list_referrals(
    db: Guarded<may::ReadServices>,
    query: Query<ReferralFilter>,
) -> Result<Answer, Problem> {
    db.list(query, referrals::list).await
}

/// Count referrals
///
/// The number of referrals to and from the organizations of the caller, by a member of theirs.
#[utoipa::path(tag = "help", params(referrals::ReferralCountQuestion), responses((status = 200, body = Counts)))]
#[get("/referrals/counts")]
async fn get_referral_counts(
    db: Guarded<may::ReadServices>,
    request: HttpRequest,
) -> Result<Answer, Problem> {
    let asked: referrals::ReferralCountQuestion = list::filters(request.query_string())?;
    db.read(async |tx| referrals::counts(tx, &asked).await).await
}

/// Get a referral
///
/// One referral, with the actions that the caller may take.
#[utoipa::path(tag = "help", params(("id" = ReferralId, Path)), responses((status = 200, body = ReferralCard)))]
#[get("/referrals/{id}")]
async fn get_referral(db: Guarded<may::ReadServices>, id: Id<ReferralId>) -> Result<Answer, Problem> {
    db.read(async |tx| referrals::card(tx, id.0).await).await
}

/// Get the case of a referral
///
/// The case as those in charge of an accepted referral see it: the parts that are granted. The end of the referral or of its consent ends
/// it at once. Each read is journaled.
#[utoipa::path(tag = "help", params(("id" = ReferralId, Path)), responses((status = 200, body = SharedCaseCard)))]
#[get("/referrals/{id}/shared-case")]
async fn get_referred_case(db: Guarded<may::ReadServices>, id: Id<ReferralId>) -> Result<Answer, Problem> {
    db.read(async |tx| referrals::shared_case(tx, id.0).await).await
}

/// Get the needs of a referral
///
/// The needs that an accepted referral names, in words, for those in charge of it. The part `help` is needed. Each read is journaled.
#[utoipa::path(tag = "help", params(("id" = ReferralId, Path)), responses((status = 200, body = ReferredNeeds)))]
#[get("/referrals/{id}/needs")]
async fn get_referred_needs(db: Guarded<may::ReadServices>, id: Id<ReferralId>) -> Result<Answer, Problem> {
    db.read(async |tx| referrals::needs(tx, id.0).await).await
}

/// Accept a referral
///
/// The organization that is asked takes the work on. Its directors, the heads of its units and the named specialist read the granted parts
/// of the case from now on.
#[utoipa::path(tag = "help", params(("id" = ReferralId, Path)), request_body = ReferralAcceptance, responses((status = 200, body = ReferralCard)))]
#[post("/referrals/{id}/acceptance")]
async fn accept_referral(
    db: Guarded<may::AnswerReferrals>,
    id: Id<ReferralId>,
    order: Order<ReferralAcceptance>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let (referral, sides) = referrals::load(tx, id.0).await?;
        let sent = referral.to_answer(sides)?;
        let to = sent.form.to_organization_id;
        let checks = [
            cases::must_serve(tx, Some(order.specialist_user_id), to).await,
            must_work(tx, to, "/specialist_user_id").await,
        ];
        let ground = referrals::facts_today(tx, &sent).await?;
        let accepted = ruled(sent.accept(&order, &ground, tx.today()), checks)?;
        referrals::save_moved(tx, accepted).await?;
        referrals::card(tx, id.0).await
    })
    .await
}

/// Reject a referral
///
/// The organization that is asked does not take the work on.
#[utoipa::path(tag = "help", params(("id" = ReferralId, Path)), request_body = Rejection, responses((status = 200, body = ReferralCard)))]
#[post("/referrals/{id}/rejection")]
async fn reject_referral(
    db: Guarded<may::AnswerReferrals>,
    id: Id<ReferralId>,
    order: Order<Rejection>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let (referral, sides) = referrals::load(tx, id.0).await?;
        let rejected = referral.to_answer(sides)?.reject(&order, tx.today());
        referrals::save_moved(tx, rejected).await?;
        referrals::card(tx, id.0).await
    })
    .await
}

/// Complete a referral
///
/// The work is done, with a result for the organization that has sent the referral. Nothing of the case is read any more.
#[utoipa::path(tag = "help", params(("id" = ReferralId, Path)), request_body = ReferralCompletion, responses((status = 200, body = ReferralCard)))]
#[post("/referrals/{id}/completion")]
async fn complete_referral(
    db: Guarded<may::AnswerReferrals>,
    id: Id<ReferralId>,
    order: Order<ReferralCompletion>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let (referral, sides) = referrals::load(tx, id.0).await?;
        let completed = referral.to_finish(sides)?.complete(&order, tx.today());
        referrals::save_moved(tx, completed).await?;
        referrals::card(tx, id.0).await
    })
    .await
}

/// Return a referral
///
/// The organization that has accepted the referral gives it back undone.
#[utoipa::path(tag = "help", params(("id" = ReferralId, Path)), request_body = ReferralReturn, responses((status = 200, body = ReferralCard)))]
#[post("/referrals/{id}/return")]
async fn return_referral(
    db: Guarded<may::AnswerReferrals>,
    id: Id<ReferralId>,
    order: Order<ReferralReturn>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let (referral, sides) = referrals::load(tx, id.0).await?;
        let returned = referral.to_finish(sides)?.send_back(&order, tx.today());
        referrals::save_moved(tx, returned).await?;
        referrals::card(tx, id.0).await
    })
    .await
}

/// Revoke a referral
///
/// The organization that has sent the referral takes it back, before the answer or while it is in work.
#[utoipa::path(tag = "help", params(("id" = ReferralId, Path)), request_body = ReferralRevocation, responses((status = 200, body = ReferralCard)))]
#[post("/referrals/{id}/revocation")]
async fn revoke_referral(
    db: Guarded<may::SendReferrals>,
    id: Id<ReferralId>,
    order: Order<ReferralRevocation>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let (referral, sides) = referrals::load(tx, id.0).await?;
        let revoked = referral.revoke(sides, &order, tx.today())?;
        referrals::save_moved(tx, revoked).await?;
        referrals::card(tx, id.0).await
    })
    .await
}

/// Open a case by a referral
///
/// The organization that has accepted a referral takes the same beneficiary on accompaniment of its own, as of today. The specialist of
/// the referral is in charge, unless another is named.
#[utoipa::path(tag = "help", params(("id" = ReferralId, Path)), request_body = OwnCaseOpening, responses((status = 201, body = CaseCard)))]
#[post("/referrals/{id}/case")]
async fn open_case_of_referral(
    db: Guarded<may::AnswerReferrals>,
    id: Id<ReferralId>,
    order: Order<OwnCaseOpening>,
) -> Result<Answer, Problem> {
    db.create(async move |tx| referrals::open_case(tx, id.0, &order).await).await
}

/// Get the history of a referral
///
/// Changes of the referral, the latest first.
#[utoipa::path(tag = "help", params(("id" = ReferralId, Path)), responses((status = 200, body = HistoryPage)))]
#[get("/referrals/{id}/history")]
async fn get_referral_history(
    db: Guarded<may::ReadHistory>,
    id: Id<ReferralId>,
    query: Query<NoFilter>,
) -> Result<Answer, Problem> {
    history::of(db, SubjectKind::Referral, id.0, query).await
}
