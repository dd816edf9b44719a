//! Urgent aid over HTTP.
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
use domain::base::id::EmergencyAidId;
use domain::help::emergency_aids::{EmergencyAidCancellation, EmergencyAidForm, Given};
use persistence::help::emergency_aids::{self, EmergencyAidCard, EmergencyAidFilter};
use persistence::sight::ruled;

crate::http::page::pages! { EmergencyAidPage of EmergencyAidCard; }

/// The routes of this feature.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list_emergency_aids).service(give_emergency_aid).service(get_emergency_aid);
    config.service(cancel_emergency_aid).service(get_emergency_aid_history);
}

/// List urgent aid
///
/// Urgent aid of the caller's organizations and to beneficiaries in the caller's territories, the latest day first.
#[utoipa::path(tag = "help", params(EmergencyAidFilter), responses((status = 200, body = EmergencyAidPage)))]
#[get("/emergency-aids")]
async fn list_emergency_aids(
    db: Guarded<may::ReadServices>,
    query: Query<EmergencyAidFilter>,
) -> Result<Answer, Problem> {
    db.list(query, emergency_aids::list).await
}

/// Record urgent aid
///
/// Records what was given to a beneficiary, or to somebody who is described and not on record. It has its act with the recipient's
/// signature (442-ФЗ ст. 21). A counted item leaves the stock of the organization at once, and is never given twice.
#[utoipa::path(tag = "help", request_body = EmergencyAidForm, responses((status = 201, body = EmergencyAidCard)))]
#[post("/emergency-aids")]
async fn give_emergency_aid(
    db: Guarded<may::EditServices>,
    form: Order<EmergencyAidForm>,
) -> Result<Answer, Problem> {
    db.create(async move |tx| {
        let (facts, lives) = emergency_aids::facts(tx, &form).await?;
        let named = emergency_aids::must_name(tx, &form, &facts).await;
        let given = Given::give(tx.mint(), &form, &facts, tx.today());
        let given = ruled(lives.judge([("/given_on", form.given_on)], given), [named])?;
        let id = given.value().id;
        emergency_aids::save_given(tx, given, &facts).await?;
        emergency_aids::card(tx, id).await
    })
    .await
}

/// Get urgent aid
///
/// One gift, with the actions that the caller may take.
#[utoipa::path(tag = "help", params(("id" = EmergencyAidId, Path)), responses((status = 200, body = EmergencyAidCard)))]
#[get("/emergency-aids/{id}")]
async fn get_emergency_aid(
    db: Guarded<may::ReadServices>,
    id: Id<EmergencyAidId>,
) -> Result<Answer, Problem> {
    db.read(async |tx| emergency_aids::card(tx, id.0).await).await
}

/// Cancel urgent aid
///
/// It was recorded by mistake, or was not taken. A counted item goes back to the stock, once. The aid stays readable with the reason. After
/// the term of corrections an administrator of the region cancels it.
#[utoipa::path(tag = "help", params(("id" = EmergencyAidId, Path)), request_body = EmergencyAidCancellation, responses((status = 200, body = EmergencyAidCard)))]
#[post("/emergency-aids/{id}/cancellation")]
async fn cancel_emergency_aid(
    db: Guarded<may::AnnulRecords>,
    id: Id<EmergencyAidId>,
    order: Order<EmergencyAidCancellation>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let recorded = emergency_aids::load(tx, id.0).await?.recorded()?;
        let cancelled = recorded.cancel(&order, tx.today())?;
        emergency_aids::save_cancelled(tx, cancelled).await?;
        emergency_aids::card(tx, id.0).await
    })
    .await
}

/// Get the history of urgent aid
///
/// Its changes, the latest first.
#[utoipa::path(tag = "help", params(("id" = EmergencyAidId, Path)), responses((status = 200, body = HistoryPage)))]
#[get("/emergency-aids/{id}/history")]
async fn get_emergency_aid_history(
    db: Guarded<may::ReadHistory>,
    id: Id<EmergencyAidId>,
    query: Query<NoFilter>,
) -> Result<Answer, Problem> {
    history::of(db, SubjectKind::EmergencyAid, id.0, query).await
}
