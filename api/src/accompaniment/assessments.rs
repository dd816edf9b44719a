//! Assessments by scales over HTTP.
use crate::http::answer::Answer;
use crate::http::guard::{Guarded, Id};
use crate::http::history::{self, HistoryPage};
use crate::http::list::{self, NoFilter, Query};
use crate::http::order::{Edit, Order};
use crate::http::problem::Problem;
use crate::http::routing::ServiceConfig;
use actix_web::{HttpRequest, get, post, put};
use domain::accompaniment::assessments::{Assessment, AssessmentCompletion, ScaleAssessmentForm};
use domain::accompaniment::scales::{Scale, shipped};
use domain::base::access::may;
use domain::base::change::SubjectKind;
use domain::base::entry::Annulment;
use domain::base::id::{AssessmentId, BeneficiaryId};
use domain::base::refusal::Refused;
use domain::base::text::{Code, MISSING};
use persistence::accompaniment::assessments::{
    self, AssessmentCard, AssessmentComparison, AssessmentFilter, ReadinessCard,
};
use persistence::engine::failure::Failure;
use persistence::entry;
use persistence::people::lives_of;
use persistence::sight::ruled;
use persistence::tx::Tx;
use serde::Deserialize;

crate::http::page::pages! { AssessmentPage of AssessmentCard; }

/// The routes of this feature.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list_assessments).service(start_assessment).service(get_assessment);
    config.service(replace_assessment_draft).service(complete_assessment).service(annul_assessment);
    config.service(get_assessment_history).service(get_assessment_comparison).service(get_readiness);
}

/// List the assessments of a beneficiary
///
/// Assessments by scales, the newest first. A mentor sees the own ones; a beneficiary sees the answers of the own ones, and of others
/// the scores.
#[utoipa::path(tag = "cases", params(("id" = BeneficiaryId, Path), AssessmentFilter), responses((status = 200, body = AssessmentPage)))]
#[get("/beneficiaries/{id}/assessments")]
async fn list_assessments(
    db: Guarded<may::ReadAssessments>,
    id: Id<BeneficiaryId>,
    query: Query<AssessmentFilter>,
) -> Result<Answer, Problem> {
    db.list(query, async |tx, filter, window| assessments::list(tx, id.0, filter, window).await).await
}

/// Begin an assessment
///
/// A draft by the edition of a scale in force on the day of the assessment, with the answers that are known. A beneficiary rates
/// themselves, a mentor as the mentor. Somebody removed from the register is assessed only for a day before the removal, or `after` a
/// programme that still runs.
#[utoipa::path(tag = "cases", params(("id" = BeneficiaryId, Path)), request_body = ScaleAssessmentForm, responses((status = 201, body = AssessmentCard)))]
#[post("/beneficiaries/{id}/assessments")]
async fn start_assessment(
    db: Guarded<may::MakeAssessments>,
    id: Id<BeneficiaryId>,
    form: Order<ScaleAssessmentForm>,
) -> Result<Answer, Problem> {
    db.create(async move |tx| {
        let (by, lives) = (assessments::maker(tx, id.0).await?, lives_of(tx, id.0).await?);
        let scale = assessments::used_scale(tx, &form).await?;
        let ids = (tx.mint(), id.0, assessments::made_by(tx)?);
        let started = Assessment::start(ids, &form, scale.as_ref(), by, tx.today());
        let started = lives.judge(form.days(), started);
        let is_on_register = assessments::must_be_on_register(tx, id.0, &form).await;
        let started = ruled(started, [is_on_register, assessments::must_have_scale(scale.as_ref())])?;
        assessments::save_started(tx, started).await?;
        assessments::card(tx, ids.0).await
    })
    .await
}

/// Get an assessment
///
/// One assessment, and the actions that the caller may take.
#[utoipa::path(tag = "cases", params(("id" = AssessmentId, Path)), responses((status = 200, body = AssessmentCard)))]
#[get("/assessments/{id}")]
async fn get_assessment(db: Guarded<may::ReadAssessments>, id: Id<AssessmentId>) -> Result<Answer, Problem> {
    db.read(async |tx| assessments::card(tx, id.0).await).await
}

/// Replace a draft of an assessment
///
/// Replaces the whole draft. A completed assessment never changes. Needs the version in `If-Match`.
#[utoipa::path(tag = "cases", params(("id" = AssessmentId, Path)), request_body = ScaleAssessmentForm, responses((status = 200, body = AssessmentCard)))]
#[put("/assessments/{id}")]
async fn replace_assessment_draft(
    db: Guarded<may::MakeAssessments>,
    id: Id<AssessmentId>,
    edit: Edit<ScaleAssessmentForm>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let (it, by) = assessments::load(tx, id.0).await?;
        let (form, lives) = (edit.of(&it.form)?, lives_of(tx, it.beneficiary_id).await?);
        let scale = assessments::used_scale(tx, &form).await?;
        let edited = it.draft()?.edit(&form, scale.as_ref(), by, tx.today());
        let edited = lives.judge(form.days(), edited);
        let edited = ruled(edited, [assessments::must_have_scale(scale.as_ref())])?;
        assessments::save_changed(tx, edited).await?;
        assessments::card(tx, id.0).await
    })
    .await
}

/// Complete an assessment
///
/// Computes the scores by the edition of the scale, once, and keeps them. Enough items of each domain must be answered.
#[utoipa::path(tag = "cases", params(("id" = AssessmentId, Path)), request_body = AssessmentCompletion, responses((status = 200, body = AssessmentCard)))]
#[post("/assessments/{id}/completion")]
async fn complete_assessment(
    db: Guarded<may::MakeAssessments>,
    id: Id<AssessmentId>,
    order: Order<AssessmentCompletion>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let draft = assessments::load(tx, id.0).await?.0.draft()?;
        let scale = assessments::scale_of(tx, &draft).await?;
        assessments::save_changed(tx, draft.complete(&order, &scale)?).await?;
        assessments::card(tx, id.0).await
    })
    .await
}

/// Annul an assessment
///
/// Annuls one that was made by mistake. It stays readable with the reason, and leaves lists and comparisons. The institution may do it
/// within the term of corrections, an administrator of the region also later.
#[utoipa::path(tag = "cases", params(("id" = AssessmentId, Path)), request_body = Annulment, responses((status = 200, body = AssessmentCard)))]
#[post("/assessments/{id}/annulment")]
async fn annul_assessment(
    db: Guarded<may::AnnulRecords>,
    id: Id<AssessmentId>,
    order: Order<Annulment>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| assessments::annul(tx, id.0, &order).await).await
}

/// Parameters of the comparison of assessments.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct AssessmentComparisonQuestion {
    /// The code of the scale.
    #[param(value_type = Code, required = true)]
    scale: Option<Code>,
}

/// Get the change of a beneficiary by a scale
///
/// The first assessment before with the last one after, for each rater. Scores of editions with other ranges are shown on 0 to 100.
#[utoipa::path(tag = "cases", params(("id" = BeneficiaryId, Path), AssessmentComparisonQuestion), responses((status = 200, body = AssessmentComparison)))]
#[get("/beneficiaries/{id}/assessment-comparison")]
async fn get_assessment_comparison(
    db: Guarded<may::ReadAssessments>,
    id: Id<BeneficiaryId>,
    request: HttpRequest,
) -> Result<Answer, Problem> {
    let asked: AssessmentComparisonQuestion = list::filters(request.query_string())?;
    db.read(async |tx| {
        assessments::maker(tx, id.0).await?;
        let scale = asked.scale.clone().ok_or_else(|| Refused::from(MISSING.reason().at("/scale")))?;
        assessments::comparison(tx, id.0, scale).await
    })
    .await
}

/// Get the readiness of a beneficiary
///
/// The assessment by a specialist that holds today as a result of readiness, and the latest self-assessment beside it.
#[utoipa::path(tag = "cases", params(("id" = BeneficiaryId, Path)), responses((status = 200, body = ReadinessCard)))]
#[get("/beneficiaries/{id}/readiness")]
async fn get_readiness(db: Guarded<may::ReadAssessments>, id: Id<BeneficiaryId>) -> Result<Answer, Problem> {
    db.read(async |tx| assessments::readiness(tx, id.0).await).await
}

/// Get the history of an assessment
///
/// Changes of the assessment, the latest first.
#[utoipa::path(tag = "cases", params(("id" = AssessmentId, Path)), responses((status = 200, body = HistoryPage)))]
#[get("/assessments/{id}/history")]
async fn get_assessment_history(
    db: Guarded<may::ReadHistory>,
    id: Id<AssessmentId>,
    query: Query<NoFilter>,
) -> Result<Answer, Problem> {
    history::of(db, SubjectKind::Assessment, id.0, query).await
}

/// Gives a region the scales of the product that it does not have.
pub async fn ship(tx: &mut Tx<'_>) -> Result<(), Failure> {
    for form in shipped() {
        if !assessments::has_scale(tx, &form.code).await? {
            entry::save_added(tx, Scale::add(tx.mint(), None, form)?).await?;
        }
    }
    Ok(())
}
