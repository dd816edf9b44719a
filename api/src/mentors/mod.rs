//! Mentors over HTTP: applications, courses, trainings, removals, eligibility.
//!
//! Candidates apply themselves, or staff enter the application. A director decides.
//!
//! Invariant: a screening lists all failed rules at once, before the decision and with it.
mod applications;
mod removals;

use crate::http::answer::Answer;
use crate::http::guard::{Guarded, Id};
use crate::http::history::{self, HistoryPage};
use crate::http::list::{self, NoFilter, Query};
use crate::http::order::{Edit, Order};
use crate::http::problem::Problem;
use crate::http::routing::ServiceConfig;
use actix_web::{HttpRequest, get, post, put};
use chrono::NaiveDate;
use domain::base::access::may;
use domain::base::change::SubjectKind;
use domain::base::entry::Annulment;
use domain::base::id::{FileId, MentorId, OrganizationId, ProgramId, TrainingId};
use domain::mentors::{
    AnnulledTraining, ApplicationDocument, Eligibility, MentorForm, Training, TrainingForm, days_of_issue,
};
use persistence::engine::failure::Failure;
use persistence::mentors::trainings::{self, TrainingCard, TrainingFilter};
use persistence::mentors::{self, MentorCard, MentorFilter};
use persistence::people;
use persistence::region::files::entrust_each;
use persistence::region::organizations::must_newly_work;
use persistence::sight::{found_beside, must_refer, ruled_after};
use persistence::tx::Tx;
use serde::Deserialize;

crate::http::page::pages! { MentorPage of MentorCard; TrainingPage of TrainingCard; }

/// The routes of this feature.
pub fn routes(config: &mut ServiceConfig<'_>) {
    applications::routes(config);
    removals::routes(config);
    config.service(list_mentors).service(get_mentor).service(replace_mentor).service(get_mentor_history);
    config
        .service(list_trainings)
        .service(record_training)
        .service(get_training)
        .service(annul_training)
        .service(get_eligibility);
}

/// Checks the files that a form adds: the caller must be able to see them. From then on they belong to the
/// institution. Files already on record stay.
async fn refer_documents(
    tx: &mut Tx<'_>,
    before: &[ApplicationDocument],
    after: &[ApplicationDocument],
    organization: impl Into<Option<OrganizationId>>,
) -> Result<(), Failure> {
    let new = after.iter().enumerate().filter(|it| before.iter().all(|known| known.file_id != it.1.file_id));
    let files = new.map(|(index, it)| (it.file_id, format!("/documents/{index}/file_id")));
    let files: Vec<(FileId, String)> = files.collect();
    entrust_each(tx, files, organization).await
}

/// List mentors
///
/// Mentors that the caller may see, the newest first.
#[utoipa::path(tag = "mentors", params(MentorFilter), responses((status = 200, body = MentorPage)))]
#[get("/mentors")]
async fn list_mentors(db: Guarded<may::ReadMentors>, query: Query<MentorFilter>) -> Result<Answer, Problem> {
    db.list(query, mentors::list).await
}

/// Get a mentor
///
/// One mentor. Staff see all members; participants see only the name, the backgrounds and the organization.
#[utoipa::path(tag = "mentors", params(("id" = MentorId, Path)), responses((status = 200, body = MentorCard)))]
#[get("/mentors/{id}")]
async fn get_mentor(db: Guarded<may::ReadMentors>, id: Id<MentorId>) -> Result<Answer, Problem> {
    db.read(async |tx| mentors::card(tx, id.0).await).await
}

/// Replace a mentor
///
/// Replaces the whole form: capacity, backgrounds, documents. Needs the version in `If-Match`. An institution that
/// only receives mentors of another one may read the mentor but not change it.
#[utoipa::path(tag = "mentors", params(("id" = MentorId, Path)), request_body = MentorForm, responses((status = 200, body = MentorCard)))]
#[put("/mentors/{id}")]
async fn replace_mentor(
    db: Guarded<may::EditMentors>,
    id: Id<MentorId>,
    edit: Edit<MentorForm>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let mentor = mentors::load(tx, id.0).await?;
        let form = edit.of(&mentor.form)?;
        let refers = [
            must_refer(tx, SubjectKind::Organization, form.ngo_id, "/ngo_id").await,
            must_newly_work(tx, (mentor.form.ngo_id, form.ngo_id), "/ngo_id").await,
            refer_documents(tx, &mentor.form.documents, &form.documents, mentor.organization_id).await,
        ];
        let life = people::life_of(tx, mentor.person_id).await?;
        let edited = life.judge(days_of_issue(&form.documents), mentor.edit(&form, tx.today()));
        mentors::save_edited(tx, ruled_after(refers, edited)?).await?;
        mentors::card(tx, id.0).await
    })
    .await
}

/// Get the history of a mentor
///
/// Changes of the mentor, the latest first.
#[utoipa::path(tag = "mentors", params(("id" = MentorId, Path)), responses((status = 200, body = HistoryPage)))]
#[get("/mentors/{id}/history")]
async fn get_mentor_history(
    db: Guarded<may::ReadHistory>,
    id: Id<MentorId>,
    query: Query<NoFilter>,
) -> Result<Answer, Problem> {
    history::of(db, SubjectKind::Mentor, id.0, query).await
}

/// List a mentor's training
///
/// The courses that a mentor completed, the latest entry first.
#[utoipa::path(tag = "mentors", params(("id" = MentorId, Path), TrainingFilter), responses((status = 200, body = TrainingPage)))]
#[get("/mentors/{id}/trainings")]
async fn list_trainings(
    db: Guarded<may::ReadMentors>,
    id: Id<MentorId>,
    query: Query<TrainingFilter>,
) -> Result<Answer, Problem> {
    db.list(query, async |tx, filter, window| trainings::list(tx, id.0, filter, window).await).await
}

/// Record a completed course
///
/// Records that the mentor completed a course. The current settings of the course decide how long the completion
/// counts.
#[utoipa::path(tag = "mentors", params(("id" = MentorId, Path)), request_body = TrainingForm, responses((status = 201, body = TrainingCard)))]
#[post("/mentors/{id}/trainings")]
async fn record_training(
    db: Guarded<may::RecordTraining>,
    id: Id<MentorId>,
    form: Order<TrainingForm>,
) -> Result<Answer, Problem> {
    db.create(async move |tx| {
        let mentor = mentors::load(tx, id.0).await?;
        let (taught, file) = (Some(form.course_id), form.certificate_file_id);
        let shown = must_refer(tx, SubjectKind::File, file, "/certificate_file_id").await;
        let taught = must_refer(tx, SubjectKind::Course, taught, "/course_id").await;
        let ((), shown) = found_beside(taught, vec![shown])?;
        let course = persistence::entry::found(tx, form.course_id).await?;
        let recorded = Training::record(tx.mint(), &mentor, &course, &form, tx.today());
        let life = people::life_of(tx, mentor.person_id).await?;
        let training = ruled_after(shown, life.judge([("/completed_on", form.completed_on)], recorded))?;
        let training_id = training.value().id;
        trainings::save_recorded(tx, training).await?;
        trainings::card(tx, training_id).await
    })
    .await
}

/// Get a completed course
///
/// One completion of a course by a mentor.
#[utoipa::path(tag = "mentors", params(("id" = TrainingId, Path)), responses((status = 200, body = TrainingCard)))]
#[get("/trainings/{id}")]
async fn get_training(db: Guarded<may::ReadMentors>, id: Id<TrainingId>) -> Result<Answer, Problem> {
    db.read(async |tx| trainings::card(tx, id.0).await).await
}

/// Annul the record of a completed course
///
/// Annuls a completion that was recorded by mistake. It stays readable with the reason, and counts for no program. The institution
/// may do it within the term of corrections, an administrator of the region also later, and a mentor never for themselves.
#[utoipa::path(tag = "mentors", params(("id" = TrainingId, Path)), request_body = Annulment, responses((status = 200, body = TrainingCard)))]
#[post("/trainings/{id}/annulment")]
async fn annul_training(
    db: Guarded<may::AnnulRecords>,
    id: Id<TrainingId>,
    order: Order<Annulment>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let it = trainings::card(tx, id.0).await?;
        let recorded = trainings::recorded(tx, &it).await?;
        let annulled = AnnulledTraining::of(it.id, it.mentor_id, &order, recorded, tx.today())?;
        trainings::save_annulled(tx, annulled).await?;
        trainings::card(tx, id.0).await
    })
    .await
}

/// Parameters of the question about eligibility.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct EligibilityQuestion {
    /// The program whose demands are applied; by default the one for which the mentor was approved.
    pub program_id: Option<ProgramId>,
    /// The day on which the demands are applied; today by default.
    #[param(example = "2026-03-02")]
    pub on: Option<NaiveDate>,
}

/// Get the eligibility of a mentor
///
/// Applies the demands of the program's edition in force on a day, and lists all that are not met, each with its
/// paragraph. The result is not stored, because documents and training expire with time.
#[utoipa::path(tag = "mentors", params(("id" = MentorId, Path), EligibilityQuestion), responses((status = 200, body = Eligibility)))]
#[get("/mentors/{id}/eligibility")]
async fn get_eligibility(
    db: Guarded<may::ReadMentors>,
    id: Id<MentorId>,
    request: HttpRequest,
) -> Result<Answer, Problem> {
    let asked: EligibilityQuestion = list::filters(request.query_string())?;
    db.read(async |tx| {
        let on = asked.on.unwrap_or(tx.today());
        mentors::eligibility(tx, id.0, asked.program_id, on).await
    })
    .await
}
