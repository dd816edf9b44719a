//! Enrolments into programmes of independent living over HTTP.
use crate::http::answer::Answer;
use crate::http::guard::{Guarded, Id};
use crate::http::history::{self, HistoryPage};
use crate::http::list::{NoFilter, Query};
use crate::http::order::Order;
use crate::http::problem::Problem;
use crate::http::routing::ServiceConfig;
use actix_web::{get, post};
use domain::accompaniment::living::enrolments::{
    LivingEnrolment, LivingEnrolmentCompletion, LivingEnrolmentEnding, LivingEnrolmentForm, ModuleResultOrder,
};
use domain::base::access::may;
use domain::base::change::SubjectKind;
use domain::base::id::{BeneficiaryId, LivingEnrolmentId};
use persistence::accompaniment::living::enrolments::{self, LivingEnrolmentCard, LivingEnrolmentFilter};
use persistence::sight::ruled;

crate::http::page::pages! { LivingEnrolmentPage of LivingEnrolmentCard; }

/// The routes of this feature.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list_living_enrolments).service(enrol_beneficiary).service(get_living_enrolment);
    config.service(record_module_result).service(complete_living_enrolment).service(end_living_enrolment);
    config.service(get_living_enrolment_history);
}

/// List the enrolments of a beneficiary
///
/// Programmes of independent living in which the beneficiary takes or took part, the newest first.
#[utoipa::path(tag = "cases", params(("id" = BeneficiaryId, Path), LivingEnrolmentFilter), responses((status = 200, body = LivingEnrolmentPage)))]
#[get("/beneficiaries/{id}/living-enrolments")]
async fn list_living_enrolments(
    db: Guarded<may::ReadLiving>,
    id: Id<BeneficiaryId>,
    query: Query<LivingEnrolmentFilter>,
) -> Result<Answer, Problem> {
    db.list(query, async |tx, filter, window| enrolments::list(tx, id.0, filter, window).await).await
}

/// Enrol a beneficiary into a programme of independent living
///
/// One programme at a time, by the edition in force of the region or of the own organization. The enrolment keeps the edition. No case
/// is needed. Somebody removed from the register is enrolled only for a day before the removal.
#[utoipa::path(tag = "cases", params(("id" = BeneficiaryId, Path)), request_body = LivingEnrolmentForm, responses((status = 201, body = LivingEnrolmentCard)))]
#[post("/beneficiaries/{id}/living-enrolments")]
async fn enrol_beneficiary(
    db: Guarded<may::EditLiving>,
    id: Id<BeneficiaryId>,
    form: Order<LivingEnrolmentForm>,
) -> Result<Answer, Problem> {
    db.create(async move |tx| {
        let at = enrolments::enrolling(tx, id.0, &form).await?;
        let began = LivingEnrolment::begin(tx.mint(), id.0, &form, &at.facts(), tx.today());
        let began = ruled(at.lives.judge([("/starts_on", form.starts_on)], began), at.must_hold())?;
        let enrolment_id = began.value().id;
        enrolments::save_began(tx, began).await?;
        enrolments::card(tx, enrolment_id).await
    })
    .await
}

/// Get an enrolment
///
/// One enrolment with its modules, its progress and the actions that the caller may take.
#[utoipa::path(tag = "cases", params(("id" = LivingEnrolmentId, Path)), responses((status = 200, body = LivingEnrolmentCard)))]
#[get("/living-enrolments/{id}")]
async fn get_living_enrolment(
    db: Guarded<may::ReadLiving>,
    id: Id<LivingEnrolmentId>,
) -> Result<Answer, Problem> {
    db.read(async |tx| enrolments::card(tx, id.0).await).await
}

/// Record the result of a module
///
/// A module is passed by the hours that it takes at least, or credited with words. Only a primary consilium waives one.
#[utoipa::path(tag = "cases", params(("id" = LivingEnrolmentId, Path)), request_body = ModuleResultOrder, responses((status = 200, body = LivingEnrolmentCard)))]
#[post("/living-enrolments/{id}/module-results")]
async fn record_module_result(
    db: Guarded<may::EditLiving>,
    id: Id<LivingEnrolmentId>,
    order: Order<ModuleResultOrder>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let at = enrolments::load(tx, id.0).await?;
        let recorded = at.it.running(&at.programme)?.record(&order, at.born_on, tx.today());
        let recorded = at.lives.judge([("/on", order.on)], recorded)?;
        enrolments::save_changed(tx, recorded).await?;
        enrolments::card(tx, id.0).await
    })
    .await
}

/// Complete an enrolment
///
/// Needs every mandatory module to be passed, credited or waived.
#[utoipa::path(tag = "cases", params(("id" = LivingEnrolmentId, Path)), request_body = LivingEnrolmentCompletion, responses((status = 200, body = LivingEnrolmentCard)))]
#[post("/living-enrolments/{id}/completion")]
async fn complete_living_enrolment(
    db: Guarded<may::EditLiving>,
    id: Id<LivingEnrolmentId>,
    order: Order<LivingEnrolmentCompletion>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let at = enrolments::load(tx, id.0).await?;
        let completed = at.it.running(&at.programme)?.complete(&order, tx.today())?;
        enrolments::save_changed(tx, completed).await?;
        enrolments::card(tx, id.0).await
    })
    .await
}

/// End an enrolment before its completion
///
/// Things that were passed stay on record.
#[utoipa::path(tag = "cases", params(("id" = LivingEnrolmentId, Path)), request_body = LivingEnrolmentEnding, responses((status = 200, body = LivingEnrolmentCard)))]
#[post("/living-enrolments/{id}/ending")]
async fn end_living_enrolment(
    db: Guarded<may::EditLiving>,
    id: Id<LivingEnrolmentId>,
    order: Order<LivingEnrolmentEnding>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let at = enrolments::load(tx, id.0).await?;
        let ended = at.it.running(&at.programme)?.end(&order, tx.today())?;
        enrolments::save_changed(tx, ended).await?;
        enrolments::card(tx, id.0).await
    })
    .await
}

/// Get the history of an enrolment
///
/// Changes of the enrolment, the latest first.
#[utoipa::path(tag = "cases", params(("id" = LivingEnrolmentId, Path)), responses((status = 200, body = HistoryPage)))]
#[get("/living-enrolments/{id}/history")]
async fn get_living_enrolment_history(
    db: Guarded<may::ReadHistory>,
    id: Id<LivingEnrolmentId>,
    query: Query<NoFilter>,
) -> Result<Answer, Problem> {
    history::of(db, SubjectKind::LivingEnrolment, id.0, query).await
}
