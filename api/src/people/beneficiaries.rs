//! Beneficiaries over HTTP.
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
use domain::base::id::BeneficiaryId;
use domain::people::{Beneficiary, BeneficiaryForm};
use persistence::engine::failure::Failure;
use persistence::people::{self, BeneficiaryCard, BeneficiaryFilter};
use persistence::region::organizations::must_newly_work;
use persistence::sight::{all_of, must_be_own, must_refer, ruled, ruled_after};
use persistence::tx::Tx;

crate::http::page::pages! { BeneficiaryPage of BeneficiaryCard; }

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list_beneficiaries).service(add_beneficiary);
    config.service(get_beneficiary).service(replace_beneficiary).service(get_beneficiary_history);
}

/// Refuses organizations that the caller may not name. One that was closed stays where it stood before, and is named anew nowhere.
async fn refer(
    tx: &mut Tx<'_>,
    form: &BeneficiaryForm,
    before: Option<&BeneficiaryForm>,
) -> Result<(), Failure> {
    let authority = form.guardianship_authority_id;
    let guarding = (before.and_then(|it| it.guardianship_authority_id), authority);
    let responsible = (before.map(|it| it.organization_id), Some(form.organization_id));
    all_of([
        must_refer(tx, SubjectKind::Organization, authority, "/guardianship_authority_id").await,
        must_be_own(tx, form.organization_id, "/organization_id").await,
        must_newly_work(tx, guarding, "/guardianship_authority_id").await,
        must_newly_work(tx, responsible, "/organization_id").await,
    ])
}

/// List beneficiaries
///
/// Beneficiaries that the caller may see, the newest record first. Mentors and tutors see those of their mentorships.
/// A coordinator sees those with a mentorship in the program and those who wait for one.
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
/// Adds a person or a family, in the charge of an institution of the caller. A person or family can be added only
/// once in the region.
#[utoipa::path(tag = "people", request_body = BeneficiaryForm, responses((status = 201, body = BeneficiaryCard)))]
#[post("/beneficiaries")]
async fn add_beneficiary(
    db: Guarded<may::EditBeneficiaries>,
    form: Order<BeneficiaryForm>,
) -> Result<Answer, Problem> {
    db.create(async move |tx| {
        let whom = all_of([
            must_refer(tx, SubjectKind::Person, form.person_id, "/person_id").await,
            must_refer(tx, SubjectKind::Family, form.family_id, "/family_id").await,
        ]);
        let lives = if whom.is_ok() { people::must_live(tx, &form).await } else { Ok(()) };
        let checks = [whom, refer(tx, &form, None).await, lives];
        let beneficiary = ruled(Beneficiary::add(tx.mint(), &form), checks)?;
        let id = beneficiary.value().id;
        people::save_beneficiary_added(tx, beneficiary).await?;
        people::beneficiary_card(tx, id).await
    })
    .await
}

/// Get a beneficiary
///
/// One beneficiary. A mentor, a tutor and the beneficiary see less than a specialist. The coordinator of a program
/// sees beneficiaries with a mentorship in it and those who wait for one.
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
/// Replaces the whole form; needs the version in `If-Match`. The person or family cannot change. Only the region may
/// put a beneficiary in the charge of another institution, and only when nothing goes on at the present one: no case, no
/// mentorship, no stay, no request for a place and no plan.
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
        let refers = refer(tx, &form, Some(&beneficiary.form)).await;
        let engaged = people::engagement_of(tx, &beneficiary).await?;
        let edited = ruled_after([refers], beneficiary.edit(&form, engaged))?;
        people::save_beneficiary_edited(tx, edited).await?;
        people::beneficiary_card(tx, id.0).await
    })
    .await
}

/// Get the history of a beneficiary
///
/// Changes of the beneficiary's record, the latest first.
#[utoipa::path(tag = "people", params(("id" = BeneficiaryId, Path)), responses((status = 200, body = HistoryPage)))]
#[get("/beneficiaries/{id}/history")]
async fn get_beneficiary_history(
    db: Guarded<may::ReadHistory>,
    id: Id<BeneficiaryId>,
    query: Query<NoFilter>,
) -> Result<Answer, Problem> {
    history::of(db, SubjectKind::Beneficiary, id.0, query).await
}
