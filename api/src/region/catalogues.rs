//! Catalogues and problem codes over HTTP. They are public and the same for all clients.
use crate::http::answer::Answer;
use crate::http::problem::{NOT_FOUND, Problem, ProblemCode};
use crate::http::routing::ServiceConfig;
use actix_web::{HttpRequest, get};
use domain::base::word::CatalogueEntry;
use serde::Serialize;
use shape::card;

/// The routes of this feature.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list_catalogues).service(get_catalogue).service(list_problems).service(get_problem);
}

/// A catalogue: a list of codes with labels.
#[card]
pub struct CatalogueCard {
    /// The name of the catalogue.
    #[schema(max_length = 64, example = "roles")]
    pub name: &'static str,
    /// The title in Russian.
    #[schema(max_length = 300, example = "Роли")]
    pub title_ru: &'static str,
    /// The title in English.
    #[schema(max_length = 300, example = "Roles")]
    pub title_en: &'static str,
    /// The codes, in the order for display.
    #[schema(max_items = 500)]
    pub items: Vec<CatalogueEntry>,
}

/// The list of catalogues.
#[card]
pub struct CatalogueList {
    /// All catalogues.
    #[schema(max_items = 400)]
    pub items: Vec<CatalogueCard>,
}

/// The list of problem codes.
#[card]
pub struct ProblemList {
    /// All codes, ordered by code.
    #[schema(max_items = 1000)]
    pub items: Vec<ProblemCode>,
}

fn card(it: &'static domain::catalogues::Catalogue) -> CatalogueCard {
    CatalogueCard { name: it.name, title_ru: it.title_ru, title_en: it.title_en, items: (it.entries)() }
}

/// An answer that is public and the same for all clients. Its digest is the `ETag`, and clients may cache it.
fn shared<T: Serialize>(request: &HttpRequest, body: &T) -> Result<Answer, Problem> {
    let mut answer = Answer::open(200, body)?;
    let digest: String =
        persistence::engine::seal::digest(&answer.answered().body).chars().take(22).collect();
    answer.header("ETag", format!("\"{digest}\""));
    answer.header("Cache-Control", "public, max-age=300");
    Ok(answer.unless_known(request.headers()))
}

/// List the catalogues
///
/// Every closed list of codes, with labels in Russian and English, so that frontends need not hard-code them.
#[utoipa::path(tag = "system", responses((status = 200, body = CatalogueList)))]
#[get("/catalogues")]
async fn list_catalogues(request: HttpRequest) -> Result<Answer, Problem> {
    crate::http::list::filters::<crate::http::list::NoFilter>(request.query_string())?;
    shared(&request, &CatalogueList { items: domain::catalogues::all().iter().map(card).collect() })
}

/// Get a catalogue
///
/// One list of codes with labels.
#[utoipa::path(tag = "system", params(("name" = String, Path, description = "The catalogue's name.", max_length = 64, example = "roles")), responses((status = 200, body = CatalogueCard)))]
#[get("/catalogues/{name}")]
async fn get_catalogue(request: HttpRequest) -> Result<Answer, Problem> {
    let name = request.match_info().get("name").unwrap_or_default();
    let found = domain::catalogues::find(name).ok_or_else(|| Problem::new(&NOT_FOUND))?;
    shared(&request, &card(found))
}

/// List the problem codes
///
/// Every code of a problem or of one of its errors, with its status, paragraph and texts.
#[utoipa::path(tag = "system", responses((status = 200, body = ProblemList)))]
#[get("/problems")]
async fn list_problems(request: HttpRequest) -> Result<Answer, Problem> {
    crate::http::list::filters::<crate::http::list::NoFilter>(request.query_string())?;
    shared(&request, &ProblemList { items: crate::http::problem::codes() })
}

/// Get a problem code
///
/// One code with its status, paragraph and texts.
#[utoipa::path(tag = "system", params(("code" = String, Path, description = "The code.", max_length = 64, example = "field.missing")), responses((status = 200, body = ProblemCode)))]
#[get("/problems/{code}")]
async fn get_problem(request: HttpRequest) -> Result<Answer, Problem> {
    problem_page(request).await
}

/// The page to which the `type` of a problem points.
pub(crate) async fn problem_page(request: HttpRequest) -> Result<Answer, Problem> {
    let code = request.match_info().get("code").unwrap_or_default();
    let found = crate::http::problem::codes()
        .into_iter()
        .find(|it| it.code == code)
        .ok_or_else(|| Problem::new(&NOT_FOUND))?;
    shared(&request, &found)
}
