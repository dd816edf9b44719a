//! Beneficiaries over HTTP.
use crate::http::answer::Answer;
use crate::http::guard::{Guarded, Id};
use crate::http::history::{self, HistoryPage};
use crate::http::list::{NoFilter, Query};
use crate::http::order::{Edit, Order};
use crate::http::problem::Problem;
use actix_web::{get, post, put};
use domain::base::access::may;
use domain::base::change::SubjectKind;
use domain::base::id::BeneficiaryId;
use domain::people::{Beneficiary, BeneficiaryForm};
use persistence::engine::failure::Failure;
use persistence::people::{self, BeneficiaryCard, BeneficiaryFilter};
use persistence::sight::{must_be_own, must_refer};
use persistence::tx::Tx;
use utoipa_actix_web::service_config::ServiceConfig;

crate::http::page::pages! { BeneficiaryPage of BeneficiaryCard; }

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list_beneficiaries).service(add_beneficiary);
    config.service(get_beneficiary).service(replace_beneficiary).service(get_beneficiary_history);
}

async fn refer(tx: &mut Tx<'_>, form: &BeneficiaryForm) -> Result<(), Failure> {
    let authority = form.guardianship_authority_id;
    must_refer(tx, SubjectKind::Organization, authority, "/guardianship_authority_id").await?;
    must_be_own(tx, form.organization_id, "/organization_id").await
}

/// List beneficiaries
///
/// The beneficiaries whom the caller sees, the newest record first. A mentor and a tutor see those they mentor;
/// a coordinator, those in the mentorships of the program and those who wait for one.
#[utoipa::path(tag = "people", params(BeneficiaryFilter), responses((status = 200, body = BeneficiaryPage)))]
#[get("/beneficiaries")]
async fn list_beneficiaries(
    db: Guarded<may::ReadBeneficiaries>,
    query: Query<BeneficiaryFilter>,
) -> Result<Answer, Problem> {
    db.list(query, people::list_beneficiaries).await
}

/// Put a beneficiary on record
///
/// A person or a family, once in the region, in the charge of an institution of the caller.
#[utoipa::path(tag = "people", request_body = BeneficiaryForm, responses((status = 201, body = BeneficiaryCard)))]
#[post("/beneficiaries")]
async fn add_beneficiary(
    db: Guarded<may::EditBeneficiaries>,
    form: Order<BeneficiaryForm>,
) -> Result<Answer, Problem> {
    db.create(async move |tx| {
        let beneficiary = Beneficiary::add(tx.mint(), &form)?;
        must_refer(tx, SubjectKind::Person, form.person_id, "/person_id").await?;
        must_refer(tx, SubjectKind::Family, form.family_id, "/family_id").await?;
        refer(tx, &form).await?;
        let id = beneficiary.value().id;
        people::save_beneficiary_added(tx, beneficiary).await?;
        people::beneficiary_card(tx, id).await
    })
    .await
}

/// Get a beneficiary
///
/// One beneficiary; a mentor, a tutor and the beneficiary are shown less than a specialist. The coordinator of a program sees
/// those in its mentorships and those who wait for one.
#[utoipa::path(tag = "people", params(("id" = BeneficiaryId, Path)), responses((status = 200, body = BeneficiaryCard)))]
#[get("/beneficiaries/{id}")]
async fn get_beneficiary(
    db: Guarded<may::ReadBeneficiaries>,
    id: Id<BeneficiaryId>,
) -> Result<Answer, Problem> {
    db.read(async |tx| people::beneficiary_card(tx, id.0).await).await
}

/// Replace a beneficiary
///
/// Replaces the whole form, but not who the beneficiary is; needs the version in `If-Match`. An institution cannot put
/// a beneficiary in the charge of another: the region does.
#[utoipa::path(tag = "people", params(("id" = BeneficiaryId, Path)), request_body = BeneficiaryForm, responses((status = 200, body = BeneficiaryCard)))]
#[put("/beneficiaries/{id}")]
async fn replace_beneficiary(
    db: Guarded<may::EditBeneficiaries>,
    id: Id<BeneficiaryId>,
    edit: Edit<BeneficiaryForm>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let beneficiary = people::load_beneficiary(tx, id.0).await?;
        let form = edit.of(&beneficiary.form)?;
        refer(tx, &form).await?;
        people::save_beneficiary_edited(tx, beneficiary.edit(&form)?).await?;
        people::beneficiary_card(tx, id.0).await
    })
    .await
}

/// Get the history of a beneficiary
///
/// What was done to the record, the latest first.
#[utoipa::path(tag = "people", params(("id" = BeneficiaryId, Path)), responses((status = 200, body = HistoryPage)))]
#[get("/beneficiaries/{id}/history")]
async fn get_beneficiary_history(
    db: Guarded<may::ReadHistory>,
    id: Id<BeneficiaryId>,
    query: Query<NoFilter>,
) -> Result<Answer, Problem> {
    history::of(db, SubjectKind::Beneficiary, id.0, query).await
}
