//! Pages for people: the contract to read and try, and the page for those who begin. Their files are inside the program.
use crate::http::answer::Compressible;
use actix_web::{HttpResponse, Responder, web};
use pulldown_cmark::{Options, Parser, html};
use std::sync::LazyLock;
use utoipa_swagger_ui::{Config, SwaggerUi};

/// The page for frontend engineers, as it stands in the repository.
const START: &str = include_str!("../../../docs/frontend.md");
/// The look of our own pages, and the corrections of that of the contract's page.
const STYLE: &str = include_str!("docs.css");
/// The page of the contract, which loads the files of Swagger UI.
const INDEX: &str = include_str!("docs.html");
/// Levels of a model that are open.
const DEPTH: isize = 1;

/// The routes of these pages. Own files come before those of Swagger UI with the same name.
pub fn routes(config: &mut web::ServiceConfig) {
    config
        .service(web::redirect("/docs", "/docs/"))
        .route("/docs/start", web::get().to(start))
        .route("/docs/openapi.json", web::get().to(contract))
        .route("/docs/index.css", web::get().to(style))
        .route("/docs/", web::get().to(index))
        .service(SwaggerUi::new("/docs/{_:.*}").config(page()));
}

/// The page of the contract: groups and models are closed, nothing is asked of it that was not opened.
fn page() -> Config<'static> {
    Config::from("/docs/openapi.json")
        .doc_expansion("none")
        .filter(true)
        .try_it_out_enabled(true)
        .persist_authorization(true)
        .display_request_duration(true)
        .default_models_expand_depth(-1)
        .default_model_expand_depth(DEPTH)
}

fn kept(media_type: &'static str, body: impl actix_web::body::MessageBody + 'static) -> HttpResponse {
    let mut answer = HttpResponse::Ok()
        .insert_header(("Cache-Control", "public, max-age=300"))
        .content_type(media_type)
        .body(body);
    answer.extensions_mut().insert(Compressible);
    answer
}

async fn contract() -> impl Responder {
    static TEXT: LazyLock<String> = LazyLock::new(|| crate::openapi::page::document().to_string());
    kept("application/json", TEXT.as_str())
}

/// The page of the contract. That of Swagger UI has no width of a telephone and not our name.
async fn index() -> impl Responder {
    kept("text/html; charset=utf-8", INDEX)
}

async fn style() -> impl Responder {
    kept("text/css; charset=utf-8", STYLE)
}

async fn start() -> impl Responder {
    static PAGE: LazyLock<String> = LazyLock::new(|| {
        let mut body = String::new();
        html::push_html(&mut body, Parser::new_ext(START, Options::ENABLE_TABLES));
        format!(
            "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Nastavnik: start here</title>\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
             <link rel=\"stylesheet\" href=\"index.css\"></head><body class=\"start\"><main>{body}</main></body></html>"
        )
    });
    kept("text/html; charset=utf-8", PAGE.as_str())
}
