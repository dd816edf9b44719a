//! Transfers of cases over HTTP.
use crate::http::answer::Answer;
use crate::http::guard::{Guarded, Id};
use crate::http::history::{self, HistoryPage};
use crate::http::list::{NoFilter, Query};
use crate::http::order::Order;
use crate::http::problem::Problem;
use crate::http::routing::ServiceConfig;
use actix_web::{get, post};
use domain::accompaniment::transfers::{
    CaseTransferForm, Proposed, Rejection, TransferAcceptance, TransferWithdrawal,
};
use domain::base::access::{Role, may};
use domain::base::change::SubjectKind;
use domain::base::id::{CaseId, CaseTransferId};
use persistence::accompaniment::shared_cases::{self, SharedCaseCard};
use persistence::accompaniment::transfers::{self, CaseTransferCard, CaseTransferFilter};
use persistence::accompaniment::{cases, handovers};
use persistence::region::files::entrust_each;
use persistence::region::organizations::must_work;
use persistence::region::users::must_hold;
use persistence::sight::{all_of, must_refer, ruled_after};

crate::http::page::pages! { CaseTransferPage of CaseTransferCard; }

/// The routes of this feature.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list_transfers_of_case).service(propose_transfer).service(list_transfers);
    config.service(get_transfer).service(get_transferred_case).service(accept_transfer);
    config.service(reject_transfer).service(withdraw_transfer).service(get_transfer_history);
}

/// List the transfers of a case
///
/// Proposals to other organizations and their answers, the newest first.
#[utoipa::path(tag = "cases", params(("id" = CaseId, Path), CaseTransferFilter), responses((status = 200, body = CaseTransferPage)))]
#[get("/cases/{id}/transfers")]
async fn list_transfers_of_case(
    db: Guarded<may::ReadCases>,
    id: Id<CaseId>,
    query: Query<CaseTransferFilter>,
) -> Result<Answer, Problem> {
    db.list(query, async |tx, filter, window| transfers::of_case(tx, id.0, filter, window).await).await
}

/// Propose the transfer of a case
///
/// Proposes an open case to another organization, which reads the granted parts and answers within the days that the region sets. A consent
/// for the purpose `transfer` or a ground of law is needed. Each mentorship that has not ended is named. An organization that was closed
/// hands its cases over, and takes none.
#[utoipa::path(tag = "cases", params(("id" = CaseId, Path)), request_body = CaseTransferForm, responses((status = 201, body = CaseTransferCard)))]
#[post("/cases/{id}/transfers")]
async fn propose_transfer(
    db: Guarded<may::TransferCase>,
    id: Id<CaseId>,
    form: Order<CaseTransferForm>,
) -> Result<Answer, Problem> {
    db.create(async move |tx| {
        let case = cases::load(tx, id.0).await?.open()?;
        let to = Some(form.to_organization_id);
        let of = (case.beneficiary_id, case.organization_id);
        let facts = transfers::facts(tx, of, id.0, &form).await?;
        let file = form.ground_file_id.map(|it| (it, "/ground_file_id"));
        let checks = [
            must_refer(tx, SubjectKind::Organization, to, "/to_organization_id").await,
            entrust_each(tx, file, case.organization_id).await,
            must_work(tx, to, "/to_organization_id").await,
        ];
        let at = (id.0, case.organization_id);
        let proposed = Proposed::propose(tx.mint(), at, &form, &facts, tx.today());
        let proposed = ruled_after(checks, proposed)?;
        let transfer_id = proposed.value().id;
        transfers::save_proposed(tx, proposed).await?;
        transfers::card(tx, transfer_id).await
    })
    .await
}

/// List transfers
///
/// Transfers to and from the organizations of the caller, the newest first.
#[utoipa::path(tag = "cases", params(CaseTransferFilter), responses((status = 200, body = CaseTransferPage)))]
#[get("/case-transfers")]
async fn list_transfers(
    db: Guarded<may::ReadCases>,
    query: Query<CaseTransferFilter>,
) -> Result<Answer, Problem> {
    db.list(query, transfers::list).await
}

/// Get a transfer
///
/// One transfer of a case, with the actions that the caller may take.
#[utoipa::path(tag = "cases", params(("id" = CaseTransferId, Path)), responses((status = 200, body = CaseTransferCard)))]
#[get("/case-transfers/{id}")]
async fn get_transfer(db: Guarded<may::ReadCases>, id: Id<CaseTransferId>) -> Result<Answer, Problem> {
    db.read(async |tx| transfers::card(tx, id.0).await).await
}

/// Get the case of a transfer
///
/// The case as the organization that is to take it over sees it: the parts that are granted, while the answer is awaited and after the
/// acceptance. The withdrawal of the consent ends it at once. Each read is journaled.
#[utoipa::path(tag = "cases", params(("id" = CaseTransferId, Path)), responses((status = 200, body = SharedCaseCard)))]
#[get("/case-transfers/{id}/shared-case")]
async fn get_transferred_case(
    db: Guarded<may::ReadCases>,
    id: Id<CaseTransferId>,
) -> Result<Answer, Problem> {
    db.read(async |tx| shared_cases::transferred_case(tx, id.0).await).await
}

/// Accept a transfer
///
/// Takes the case over today. It goes on in a case of this organization, a new one or the one that is open already, in the stage that was
/// left. Its tasks, the grants of other organizations, the named mentorships and the responsibility for the beneficiary follow. A tutor of
/// the former organization follows the pairs no more; the order may name another one.
#[utoipa::path(tag = "cases", params(("id" = CaseTransferId, Path)), request_body = TransferAcceptance, responses((status = 200, body = CaseTransferCard)))]
#[post("/case-transfers/{id}/acceptance")]
async fn accept_transfer(
    db: Guarded<may::TransferCase>,
    id: Id<CaseTransferId>,
    order: Order<TransferAcceptance>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let (transfer, sides) = transfers::load(tx, id.0).await?;
        let proposed = transfer.open_to(sides.is_receiver)?;
        let to = proposed.form.to_organization_id;
        all_of([
            cases::must_serve(tx, Some(order.specialist_user_id), to).await,
            cases::must_be_unit_of(tx, order.unit_id, to).await,
            must_hold(tx, Role::Tutor, order.tutor_user_id, "/tutor_user_id").await,
            must_work(tx, to, "/specialist_user_id").await,
        ])?;
        handovers::accept(tx, proposed, &order).await?;
        transfers::card(tx, id.0).await
    })
    .await
}

/// Reject a transfer
///
/// The organization does not take the case over. It reads nothing of it any more.
#[utoipa::path(tag = "cases", params(("id" = CaseTransferId, Path)), request_body = Rejection, responses((status = 200, body = CaseTransferCard)))]
#[post("/case-transfers/{id}/rejection")]
async fn reject_transfer(
    db: Guarded<may::TransferCase>,
    id: Id<CaseTransferId>,
    order: Order<Rejection>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let (transfer, sides) = transfers::load(tx, id.0).await?;
        let rejected = transfer.open_to(sides.is_receiver)?.reject(&order, tx.today());
        transfers::save_settled(tx, rejected).await?;
        transfers::card(tx, id.0).await
    })
    .await
}

/// Withdraw a transfer
///
/// The organization that accompanies takes its proposal back. The other one reads nothing of the case any more.
#[utoipa::path(tag = "cases", params(("id" = CaseTransferId, Path)), request_body = TransferWithdrawal, responses((status = 200, body = CaseTransferCard)))]
#[post("/case-transfers/{id}/withdrawal")]
async fn withdraw_transfer(
    db: Guarded<may::TransferCase>,
    id: Id<CaseTransferId>,
    order: Order<TransferWithdrawal>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let (transfer, sides) = transfers::load(tx, id.0).await?;
        let withdrawn = transfer.open_to(sides.is_sender)?.withdraw(order.note.clone(), tx.today());
        transfers::save_settled(tx, withdrawn).await?;
        transfers::card(tx, id.0).await
    })
    .await
}

/// Get the history of a transfer
///
/// Changes of the transfer, the latest first.
#[utoipa::path(tag = "cases", params(("id" = CaseTransferId, Path)), responses((status = 200, body = HistoryPage)))]
#[get("/case-transfers/{id}/history")]
async fn get_transfer_history(
    db: Guarded<may::ReadHistory>,
    id: Id<CaseTransferId>,
    query: Query<NoFilter>,
) -> Result<Answer, Problem> {
    history::of(db, SubjectKind::CaseTransfer, id.0, query).await
}
