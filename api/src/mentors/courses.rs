//! Training courses over HTTP.
use crate::http::answer::Answer;
use crate::http::guard::{Guarded, Id};
use crate::http::history::{self, HistoryPage};
use crate::http::list::{NoFilter, Query};
use crate::http::order::{Edit, Order};
use crate::http::problem::Problem;
use actix_web::{get, post, put};
use domain::base::access::may;
use domain::base::change::SubjectKind;
use domain::base::id::CourseId;
use domain::mentors::{Course, TrainingCourseForm};
use persistence::mentors::courses::{self, TrainingCourseCard, TrainingCourseFilter};
use utoipa_actix_web::service_config::ServiceConfig;

crate::http::page::pages! { TrainingCoursePage of TrainingCourseCard; }

/// The routes of this part of the feature.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list_training_courses).service(add_training_course).service(get_training_course);
    config.service(replace_training_course).service(get_training_course_history);
}

/// List training courses
///
/// The courses that mentors can complete, the newest entry first.
#[utoipa::path(tag = "mentors", params(TrainingCourseFilter), responses((status = 200, body = TrainingCoursePage)))]
#[get("/training-courses")]
async fn list_training_courses(
    db: Guarded<may::ReadCourses>,
    query: Query<TrainingCourseFilter>,
) -> Result<Answer, Problem> {
    db.list(query, courses::list).await
}

/// Enter a training course
///
/// Programs name it by its code.
#[utoipa::path(tag = "mentors", request_body = TrainingCourseForm, responses((status = 201, body = TrainingCourseCard)))]
#[post("/training-courses")]
async fn add_training_course(
    db: Guarded<may::ManageCourses>,
    form: Order<TrainingCourseForm>,
) -> Result<Answer, Problem> {
    db.create(async move |tx| {
        let course = Course::add(tx.mint(), &form);
        let id = course.value().id;
        courses::save_added(tx, course).await?;
        courses::card(tx, id).await
    })
    .await
}

/// Get a training course
///
/// One course.
#[utoipa::path(tag = "mentors", params(("id" = CourseId, Path)), responses((status = 200, body = TrainingCourseCard)))]
#[get("/training-courses/{id}")]
async fn get_training_course(db: Guarded<may::ReadCourses>, id: Id<CourseId>) -> Result<Answer, Problem> {
    db.read(async |tx| courses::card(tx, id.0).await).await
}

/// Replace a training course
///
/// Replaces the whole form; the code stays, and completions on record keep their term. Needs the version in `If-Match`.
#[utoipa::path(tag = "mentors", params(("id" = CourseId, Path)), request_body = TrainingCourseForm, responses((status = 200, body = TrainingCourseCard)))]
#[put("/training-courses/{id}")]
async fn replace_training_course(
    db: Guarded<may::ManageCourses>,
    id: Id<CourseId>,
    edit: Edit<TrainingCourseForm>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let course = courses::load(tx, id.0).await?;
        let form = edit.of(&course.form)?;
        courses::save_edited(tx, course.edit(&form)?).await?;
        courses::card(tx, id.0).await
    })
    .await
}

/// Get the history of a training course
///
/// What was done to it, the latest first.
#[utoipa::path(tag = "mentors", params(("id" = CourseId, Path)), responses((status = 200, body = HistoryPage)))]
#[get("/training-courses/{id}/history")]
async fn get_training_course_history(
    db: Guarded<may::ReadHistory>,
    id: Id<CourseId>,
    query: Query<NoFilter>,
) -> Result<Answer, Problem> {
    history::of(db, SubjectKind::Course, id.0, query).await
}
