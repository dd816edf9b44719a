//! Representatives of beneficiaries over HTTP.
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
use domain::base::id::{BeneficiaryId, RepresentativeId};
use domain::base::refusal::Refused;
use domain::people::{Beneficiary, Representative, RepresentativeForm};
use persistence::engine::failure::Failure;
use persistence::people::{self, RepresentativeCard};
use persistence::sight::{all_of, must_refer, ruled_after};
use persistence::tx::Tx;

crate::http::page::pages! { RepresentativePage of RepresentativeCard; }

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list_representatives).service(add_representative);
    config.service(get_representative).service(replace_representative).service(get_representative_history);
}

async fn refer(tx: &mut Tx<'_>, form: &RepresentativeForm) -> Result<(), Failure> {
    all_of([
        must_refer(tx, SubjectKind::Person, Some(form.person_id), "/person_id").await,
        must_refer(tx, SubjectKind::File, form.document_file_id, "/document_file_id").await,
    ])
}

/// An authority refers to what the caller sees, and lies within the lives of the beneficiary and of the representative. Nothing is told of the
/// life of somebody whom the caller may not see.
async fn judged<T>(
    tx: &mut Tx<'_>,
    of: &Beneficiary,
    form: &RepresentativeForm,
    ruled: Result<T, Refused>,
) -> Result<T, Failure> {
    let refers = refer(tx, form).await;
    let ruled = match &refers {
        Ok(()) => people::life_of(tx, form.person_id).await?.judge(form.days(), ruled),
        Err(_) => ruled,
    };
    let ruled = people::lives_of(tx, of.id).await?.judge([("/valid_from", form.valid_from)], ruled);
    ruled_after([refers], ruled)
}

/// List the representatives of a beneficiary
///
/// Representatives, including past ones, the newest record first.
#[utoipa::path(tag = "people", params(("id" = BeneficiaryId, Path)), responses((status = 200, body = RepresentativePage)))]
#[get("/beneficiaries/{id}/representatives")]
async fn list_representatives(
    db: Guarded<may::ReadPeople>,
    id: Id<BeneficiaryId>,
    query: Query<NoFilter>,
) -> Result<Answer, Problem> {
    db.list(query, async |tx, _, window| people::list_representatives(tx, id.0, window).await).await
}

/// Put a representative on record
///
/// Adds a person's authority to act for the beneficiary, with its legal basis and term.
#[utoipa::path(tag = "people", params(("id" = BeneficiaryId, Path)), request_body = RepresentativeForm, responses((status = 201, body = RepresentativeCard)))]
#[post("/beneficiaries/{id}/representatives")]
async fn add_representative(
    db: Guarded<may::EditBeneficiaries>,
    id: Id<BeneficiaryId>,
    form: Order<RepresentativeForm>,
) -> Result<Answer, Problem> {
    db.create(async move |tx| {
        let beneficiary = people::beneficiary(tx, id.0).await?;
        let added = Representative::add(tx.mint(), &beneficiary, &form);
        let representative = judged(tx, &beneficiary, &form, added).await?;
        let representative_id = representative.value().id;
        people::save_representative_added(tx, representative).await?;
        people::representative_card(tx, representative_id).await
    })
    .await
}

/// Get a representative
///
/// One person's authority to act for a beneficiary.
#[utoipa::path(tag = "people", params(("id" = RepresentativeId, Path)), responses((status = 200, body = RepresentativeCard)))]
#[get("/representatives/{id}")]
async fn get_representative(
    db: Guarded<may::ReadPeople>,
    id: Id<RepresentativeId>,
) -> Result<Answer, Problem> {
    db.read(async |tx| people::representative_card(tx, id.0).await).await
}

/// Replace a representative
///
/// Replaces the whole form; needs the version in `If-Match`. To end the authority, set its last day. Warns if the consent to a
/// mentorship that runs holds no more by it.
#[utoipa::path(tag = "people", params(("id" = RepresentativeId, Path)), request_body = RepresentativeForm, responses((status = 200, body = RepresentativeCard)))]
#[put("/representatives/{id}")]
async fn replace_representative(
    db: Guarded<may::EditBeneficiaries>,
    id: Id<RepresentativeId>,
    edit: Edit<RepresentativeForm>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let representative = people::load_representative(tx, id.0).await?;
        let beneficiary = people::beneficiary(tx, representative.beneficiary_id).await?;
        let form = edit.of(&representative.form)?;
        let edited = representative.edit(&beneficiary, &form);
        let edited = judged(tx, &beneficiary, &form, edited).await?;
        people::save_representative_edited(tx, edited).await?;
        people::representative_card(tx, id.0).await
    })
    .await
}

/// Get the history of a representative
///
/// Changes of the representative's record, the latest first.
#[utoipa::path(tag = "people", params(("id" = RepresentativeId, Path)), responses((status = 200, body = HistoryPage)))]
#[get("/representatives/{id}/history")]
async fn get_representative_history(
    db: Guarded<may::ReadHistory>,
    id: Id<RepresentativeId>,
    query: Query<NoFilter>,
) -> Result<Answer, Problem> {
    history::of(db, SubjectKind::Representative, id.0, query).await
}
