//! The ledger of consents over HTTP.
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
use domain::base::id::{BeneficiaryId, ConsentId};
use domain::people::consents::{
    ConsentSignature, PersonalConsent, PersonalConsentForm, PersonalConsentWithdrawal,
};
use persistence::people::{self, ConsentFilter, PersonalConsentCard};
use persistence::region::files::entrust_each;
use persistence::region::organizations::must_work_each;
use persistence::sight::{must_refer_each, ruled};

crate::http::page::pages! { PersonalConsentPage of PersonalConsentCard; }

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list_personal_consents).service(record_consent).service(get_personal_consent);
    config.service(sign_consent).service(withdraw_consent).service(get_consent_history);
}

/// List the consents of a beneficiary
///
/// The ledger: consents to pass on or to use data, and the consents of mentorships, the newest first.
#[utoipa::path(tag = "people", params(("id" = BeneficiaryId, Path), ConsentFilter), responses((status = 200, body = PersonalConsentPage)))]
#[get("/beneficiaries/{id}/consents")]
async fn list_personal_consents(
    db: Guarded<may::ReadConsents>,
    id: Id<BeneficiaryId>,
    query: Query<ConsentFilter>,
) -> Result<Answer, Problem> {
    db.list(query, async |tx, filter, window| people::list_personal_consents(tx, id.0, filter, window).await)
        .await
}

/// Put a consent on record
///
/// One consent for one purpose, with one or two signatures. The beneficiary signs in the system for themselves; for everybody else
/// staff records the signed paper. It holds from the day on which the signatures suffice for the age. It names no organization that was
/// closed before that day.
#[utoipa::path(tag = "people", params(("id" = BeneficiaryId, Path)), request_body = PersonalConsentForm, responses((status = 201, body = PersonalConsentCard)))]
#[post("/beneficiaries/{id}/consents")]
async fn record_consent(
    db: Guarded<may::GiveConsents>,
    id: Id<BeneficiaryId>,
    form: Order<PersonalConsentForm>,
) -> Result<Answer, Problem> {
    db.create(async move |tx| {
        let at = people::consenting(tx, id.0).await?;
        let checks = [
            must_refer_each(tx, SubjectKind::Organization, &form.organization_ids, "/organization_ids").await,
            must_work_each(tx, form.signed_on(), &form.organization_ids, "/organization_ids").await,
            entrust_each(tx, form.files(), at.organization_id).await,
        ];
        let recorded = PersonalConsent::record(tx.mint(), id.0, &form, &at.signers, at.by, tx.today());
        let consent = ruled(at.lives.judge(form.days(), recorded), checks)?;
        let consent_id = consent.value().id;
        people::save_consent_recorded(tx, consent).await?;
        people::personal_consent_card(tx, consent_id).await
    })
    .await
}

/// Get a consent
///
/// One consent of the ledger, and the actions that the caller may take.
#[utoipa::path(tag = "people", params(("id" = ConsentId, Path)), responses((status = 200, body = PersonalConsentCard)))]
#[get("/consents/{id}")]
async fn get_personal_consent(db: Guarded<may::ReadConsents>, id: Id<ConsentId>) -> Result<Answer, Problem> {
    db.read(async |tx| people::personal_consent_card(tx, id.0).await).await
}

/// Sign a consent
///
/// Adds the signature that is still missing.
#[utoipa::path(tag = "people", params(("id" = ConsentId, Path)), request_body = ConsentSignature, responses((status = 200, body = PersonalConsentCard)))]
#[post("/consents/{id}/signatures")]
async fn sign_consent(
    db: Guarded<may::GiveConsents>,
    id: Id<ConsentId>,
    order: Order<ConsentSignature>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let (consent, at) = people::load_personal_consent(tx, id.0).await?;
        let given = entrust_each(tx, order.file_id.map(|it| (it, "/file_id")), at.organization_id).await;
        let signed = consent.sign(&order, &at.signers, at.by, tx.today());
        let signed = at.lives.judge([("/signed_on", order.signed_on)], signed);
        people::save_consent_signed(tx, ruled(signed, [given])?).await?;
        people::personal_consent_card(tx, id.0).await
    })
    .await
}

/// Withdraw a consent
///
/// It holds no longer from this moment on: all that others see by it, they no longer see.
#[utoipa::path(tag = "people", params(("id" = ConsentId, Path)), request_body = PersonalConsentWithdrawal, responses((status = 200, body = PersonalConsentCard)))]
#[post("/consents/{id}/withdrawal")]
async fn withdraw_consent(
    db: Guarded<may::GiveConsents>,
    id: Id<ConsentId>,
    order: Order<PersonalConsentWithdrawal>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let (consent, at) = people::load_personal_consent(tx, id.0).await?;
        let given = entrust_each(tx, order.file_id.map(|it| (it, "/file_id")), at.organization_id).await;
        let withdrawn = consent.withdraw(&order, &at.signers, at.by, tx.today());
        people::save_consent_withdrawn(tx, ruled(withdrawn, [given])?, &order).await?;
        people::personal_consent_card(tx, id.0).await
    })
    .await
}

/// Get the history of a consent
///
/// Changes of the consent, the latest first.
#[utoipa::path(tag = "people", params(("id" = ConsentId, Path)), responses((status = 200, body = HistoryPage)))]
#[get("/consents/{id}/history")]
async fn get_consent_history(
    db: Guarded<may::ReadHistory>,
    id: Id<ConsentId>,
    query: Query<NoFilter>,
) -> Result<Answer, Problem> {
    history::of(db, SubjectKind::Consent, id.0, query).await
}
