//! Agreements over HTTP.
use crate::http::answer::Answer;
use crate::http::guard::{Guarded, Id};
use crate::http::history::{self, HistoryPage};
use crate::http::list::{NoFilter, Query};
use crate::http::order::{Edit, Order};
use crate::http::problem::Problem;
use crate::http::routing::ServiceConfig;
use actix_web::{get, post, put};
use domain::base::access::may;
use domain::base::change::SubjectKind;
use domain::base::entry::Annulment;
use domain::base::id::AgreementId;
use domain::partnership::agreements::{
    AgreementExtension, AgreementForm, AgreementSigning, AgreementTermination, Planned,
};
use persistence::partnership::agreements::{self, AgreementCard, AgreementFilter};
use persistence::region::files::entrust_each;
use persistence::sight::ruled;

crate::http::page::pages! { AgreementPage of AgreementCard; }

/// The routes of this feature.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list_agreements).service(add_agreement).service(get_agreement).service(replace_agreement);
    config.service(sign_agreement).service(extend_agreement).service(terminate_agreement);
    config.service(annul_agreement).service(get_agreement_history);
}

/// List agreements
///
/// Agreements of the region, the newest first. Whether one is in force is computed for today.
#[utoipa::path(tag = "partnership", params(AgreementFilter), responses((status = 200, body = AgreementPage)))]
#[get("/agreements")]
async fn list_agreements(
    db: Guarded<may::ReadPartnership>,
    query: Query<AgreementFilter>,
) -> Result<Answer, Problem> {
    db.list(query, agreements::list).await
}

/// Enter an agreement
///
/// Enters an agreement that is being prepared. One of its parties keeps it, and edits it until it is signed.
#[utoipa::path(tag = "partnership", request_body = AgreementForm, responses((status = 201, body = AgreementCard)))]
#[post("/agreements")]
async fn add_agreement(
    db: Guarded<may::EditPartnership>,
    form: Order<AgreementForm>,
) -> Result<Answer, Problem> {
    db.create(async move |tx| {
        let refers = agreements::must_refer_well(tx, None, &form).await;
        let entered = ruled(Planned::enter(tx.mint(), form.clone()), [refers])?;
        let id = entered.value().id;
        agreements::save_entered(tx, entered).await?;
        agreements::card(tx, id).await
    })
    .await
}

/// Get an agreement
///
/// One agreement, with the actions that the caller may take.
#[utoipa::path(tag = "partnership", params(("id" = AgreementId, Path)), responses((status = 200, body = AgreementCard)))]
#[get("/agreements/{id}")]
async fn get_agreement(db: Guarded<may::ReadPartnership>, id: Id<AgreementId>) -> Result<Answer, Problem> {
    db.read(async |tx| agreements::card(tx, id.0).await).await
}

/// Replace an agreement
///
/// Edits an agreement that is not signed yet. Only the organization that keeps it does so.
#[utoipa::path(tag = "partnership", params(("id" = AgreementId, Path)), request_body = AgreementForm, responses((status = 200, body = AgreementCard)))]
#[put("/agreements/{id}")]
async fn replace_agreement(
    db: Guarded<may::EditPartnership>,
    id: Id<AgreementId>,
    edit: Edit<AgreementForm>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let planned = agreements::load_kept(tx, id.0).await?.planned()?;
        let form = edit.of(&planned.form)?;
        let refers = agreements::must_refer_well(tx, Some(&planned.form), &form).await;
        let edited = ruled(planned.edit(form), [refers])?;
        agreements::save_edited(tx, edited).await?;
        agreements::card(tx, id.0).await
    })
    .await
}

/// Sign an agreement
///
/// Records that the parties have signed. Only a director of a party does so, or the administrator of the region.
#[utoipa::path(tag = "partnership", params(("id" = AgreementId, Path)), request_body = AgreementSigning, responses((status = 200, body = AgreementCard)))]
#[post("/agreements/{id}/signing")]
async fn sign_agreement(
    db: Guarded<may::SignAgreements>,
    id: Id<AgreementId>,
    order: Order<AgreementSigning>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let (agreement, keeper) = agreements::load(tx, id.0).await?;
        let planned = agreement.planned()?;
        let given = entrust_each(tx, [(order.file_id, "/file_id")], keeper).await;
        let open = agreements::must_have_open_parties(tx, &planned, order.signed_on).await;
        let signed = ruled(planned.sign(&order, tx.today()), [given, open])?;
        agreements::save_signed(tx, signed).await?;
        agreements::card(tx, id.0).await
    })
    .await
}

/// Extend an agreement
///
/// Records an extension that the parties have signed: a later last day. It is judged by the day on which it was signed.
#[utoipa::path(tag = "partnership", params(("id" = AgreementId, Path)), request_body = AgreementExtension, responses((status = 200, body = AgreementCard)))]
#[post("/agreements/{id}/extensions")]
async fn extend_agreement(
    db: Guarded<may::SignAgreements>,
    id: Id<AgreementId>,
    order: Order<AgreementExtension>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let (agreement, keeper) = agreements::load(tx, id.0).await?;
        let signed = agreement.signed()?;
        let given = entrust_each(tx, [(order.file_id, "/file_id")], keeper).await;
        let extended = ruled(signed.extend(&order, tx.today()), [given])?;
        agreements::save_extended(tx, extended).await?;
        agreements::card(tx, id.0).await
    })
    .await
}

/// Terminate an agreement
///
/// Ends an agreement before its last day. The day lies between the signing and the last day; the agreement is in force on it.
#[utoipa::path(tag = "partnership", params(("id" = AgreementId, Path)), request_body = AgreementTermination, responses((status = 200, body = AgreementCard)))]
#[post("/agreements/{id}/termination")]
async fn terminate_agreement(
    db: Guarded<may::SignAgreements>,
    id: Id<AgreementId>,
    order: Order<AgreementTermination>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let (agreement, keeper) = agreements::load(tx, id.0).await?;
        let signed = agreement.signed()?;
        let given = entrust_each(tx, order.file_id.map(|it| (it, "/file_id")), keeper).await;
        let terminated = ruled(signed.terminate(&order, tx.today()), [given])?;
        agreements::save_terminated(tx, terminated).await?;
        agreements::card(tx, id.0).await
    })
    .await
}

/// Annul an agreement
///
/// Annuls an agreement that was entered by mistake. It stays readable by its id with the reason, and leaves lists and figures. A signed
/// one is annulled only by the director of the organization that keeps it.
#[utoipa::path(tag = "partnership", params(("id" = AgreementId, Path)), request_body = Annulment, responses((status = 200, body = AgreementCard)))]
#[post("/agreements/{id}/annulment")]
async fn annul_agreement(
    db: Guarded<may::EditPartnership>,
    id: Id<AgreementId>,
    order: Order<Annulment>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let (agreement, signs) = agreements::load_to_annul(tx, id.0).await?;
        agreements::save_annulled(tx, agreement.annul(id.0, signs)?, &order).await?;
        agreements::card(tx, id.0).await
    })
    .await
}

/// Get the history of an agreement
///
/// Changes of the agreement, the latest first.
#[utoipa::path(tag = "partnership", params(("id" = AgreementId, Path)), responses((status = 200, body = HistoryPage)))]
#[get("/agreements/{id}/history")]
async fn get_agreement_history(
    db: Guarded<may::ReadHistory>,
    id: Id<AgreementId>,
    query: Query<NoFilter>,
) -> Result<Answer, Problem> {
    history::of(db, SubjectKind::Agreement, id.0, query).await
}
