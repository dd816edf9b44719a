//! Programs and their editions over HTTP.
use crate::http::answer::Answer;
use crate::http::guard::{Guarded, Id};
use crate::http::history::{self, HistoryPage};
use crate::http::list::{self, NoFilter, Query};
use crate::http::order::{Edit, Order};
use crate::http::problem::Problem;
use crate::http::routing::ServiceConfig;
use actix_web::{HttpRequest, get, post, put};
use domain::base::access::may;
use domain::base::change::SubjectKind;
use domain::base::id::{EditionId, ProgramId};
use domain::mentors::{Course, TrainingCourseForm};
use domain::region::programs::{Edition, EditionForm, Program, ProgramForm, shipped, shipped_courses};
use persistence::engine::failure::Failure;
use persistence::entry;
use persistence::mentors::courses;
use persistence::region::programs::{self, EditionCard, EditionComparison, ProgramCard, ProgramFilter};
use persistence::sight::{must_refer, ruled_after};
use persistence::tx::Tx;
use serde::Deserialize;

crate::http::page::pages! { ProgramPage of ProgramCard; EditionPage of EditionCard; }

/// The routes of this feature.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list_programs).service(add_program).service(get_program).service(replace_program);
    config.service(list_editions).service(issue_edition).service(get_edition).service(get_program_history);
    config.service(get_edition_comparison);
}

/// List programs
///
/// Mentoring programs of the region, the newest entry first.
#[utoipa::path(tag = "programs", params(ProgramFilter), responses((status = 200, body = ProgramPage)))]
#[get("/programs")]
async fn list_programs(
    db: Guarded<may::ReadPrograms>,
    query: Query<ProgramFilter>,
) -> Result<Answer, Problem> {
    db.list(query, programs::list).await
}

/// Add a program
///
/// Adds a program without rules. Its rules are in editions, so issue the first edition next.
#[utoipa::path(tag = "programs", request_body = ProgramForm, responses((status = 201, body = ProgramCard)))]
#[post("/programs")]
async fn add_program(db: Guarded<may::ManagePrograms>, form: Order<ProgramForm>) -> Result<Answer, Problem> {
    db.create(async move |tx| {
        must_refer(tx, SubjectKind::Organization, form.organization_id, "/organization_id").await?;
        let program = Program::add(tx.mint(), &form);
        programs::save_added(tx, program).await
    })
    .await
}

/// Get a program
///
/// One program. Its rules are in its editions.
#[utoipa::path(tag = "programs", params(("id" = ProgramId, Path)), responses((status = 200, body = ProgramCard)))]
#[get("/programs/{id}")]
async fn get_program(db: Guarded<may::ReadPrograms>, id: Id<ProgramId>) -> Result<Answer, Problem> {
    db.read(async |tx| programs::card(tx, id.0).await).await
}

/// Replace a program
///
/// Replaces the whole form; needs the version in `If-Match`. The code cannot change.
#[utoipa::path(tag = "programs", params(("id" = ProgramId, Path)), request_body = ProgramForm, responses((status = 200, body = ProgramCard)))]
#[put("/programs/{id}")]
async fn replace_program(
    db: Guarded<may::ManagePrograms>,
    id: Id<ProgramId>,
    edit: Edit<ProgramForm>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let program = programs::load(tx, id.0).await?;
        let form = edit.of(&program.form)?;
        let of = form.organization_id;
        let refers = must_refer(tx, SubjectKind::Organization, of, "/organization_id").await;
        programs::save_edited(tx, ruled_after([refers], program.edit(&form))?).await
    })
    .await
}

/// Get the history of a program
///
/// Changes of the program, the latest first.
#[utoipa::path(tag = "programs", params(("id" = ProgramId, Path)), responses((status = 200, body = HistoryPage)))]
#[get("/programs/{id}/history")]
async fn get_program_history(
    db: Guarded<may::ReadHistory>,
    id: Id<ProgramId>,
    query: Query<NoFilter>,
) -> Result<Answer, Problem> {
    history::of(db, SubjectKind::Program, id.0, query).await
}

/// List the editions of a program
///
/// Editions, the latest first. A mentorship keeps the edition that was in force when it began.
#[utoipa::path(tag = "programs", params(("id" = ProgramId, Path)), responses((status = 200, body = EditionPage)))]
#[get("/programs/{id}/editions")]
async fn list_editions(
    db: Guarded<may::ReadPrograms>,
    id: Id<ProgramId>,
    query: Query<NoFilter>,
) -> Result<Answer, Problem> {
    db.list(query, async |tx, _, window| programs::list_editions(tx, id.0, window).await).await
}

/// Issue an edition
///
/// Issues the rules of a program, valid from a day. The edition gets the next number and never changes.
#[utoipa::path(tag = "programs", params(("id" = ProgramId, Path)), request_body = EditionForm, responses((status = 201, body = EditionCard)))]
#[post("/programs/{id}/editions")]
async fn issue_edition(
    db: Guarded<may::ManagePrograms>,
    id: Id<ProgramId>,
    form: Order<EditionForm>,
) -> Result<Answer, Problem> {
    db.create(async move |tx| {
        let program = programs::load(tx, id.0).await?;
        let codes = &form.mentor.required_course_codes;
        let refers = [
            must_refer(tx, SubjectKind::Organization, form.organization_id, "/organization_id").await,
            courses::must_be_there(tx, codes, "/mentor/required_course_codes").await,
        ];
        issue(tx, &program, &form, refers).await
    })
    .await
}

async fn issue(
    tx: &mut Tx<'_>,
    program: &Program,
    form: &EditionForm,
    refers: impl IntoIterator<Item = Result<(), Failure>>,
) -> Result<EditionCard, Failure> {
    let previous = programs::latest_edition(tx, program.id).await?;
    let edition = Edition::issue(tx.mint(), program, previous.as_ref(), form);
    programs::save_issued(tx, ruled_after(refers, edition)?).await
}

/// Get an edition
///
/// One edition of a program, with all its rules.
#[utoipa::path(tag = "programs", params(("id" = EditionId, Path)), responses((status = 200, body = EditionCard)))]
#[get("/editions/{id}")]
async fn get_edition(db: Guarded<may::ReadPrograms>, id: Id<EditionId>) -> Result<Answer, Problem> {
    db.read(async |tx| programs::edition_card(tx, id.0).await).await
}

/// Parameters of the comparison of two editions.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ComparisonQuestion {
    /// Another edition of the same program.
    #[param(value_type = EditionId, required = true)]
    pub with: Option<EditionId>,
}

/// Get the comparison of two editions
///
/// Every member that has another value in another edition of the same program. Each has both values and its paragraph
/// of the regulation.
#[utoipa::path(tag = "programs", params(("id" = EditionId, Path), ComparisonQuestion), responses((status = 200, body = EditionComparison)))]
#[get("/editions/{id}/comparison")]
async fn get_edition_comparison(
    db: Guarded<may::ReadPrograms>,
    id: Id<EditionId>,
    request: HttpRequest,
) -> Result<Answer, Problem> {
    let asked: ComparisonQuestion = list::filters(request.query_string())?;
    db.read(async |tx| programs::comparison(tx, id.0, asked.with).await).await
}

/// Gives a region the courses, programs and annexes of the product that it does not have.
pub async fn ship(tx: &mut Tx<'_>) -> Result<(), Failure> {
    for it in shipped_courses() {
        if !courses::has(tx, &it.code).await? {
            let form =
                TrainingCourseForm { code: it.code, name: it.name, hours: it.hours, valid_months: None };
            entry::save_added(tx, Course::add(tx.mint(), None, form)?).await?;
        }
    }
    for (form, edition) in shipped() {
        if !programs::has(tx, &form.code).await? {
            let added = Program::add(tx.mint(), &form);
            let program = added.value().clone();
            programs::save_added(tx, added).await?;
            issue(tx, &program, &edition, []).await?;
        }
    }
    crate::region::annexes::ship(tx).await
}
