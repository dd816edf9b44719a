//! Pages for people: the contract to read and try, and the page for those who begin. Their files are inside the program.
use super::compression::gzip;
use crate::http::accepted::takes_gzip;
use crate::http::answer::Compressible;
use actix_web::{HttpRequest, HttpResponse, Responder, web};
use pulldown_cmark::{Options, Parser, html};
use std::sync::LazyLock;
use std::time::Duration;
use utoipa_swagger_ui::{Config, SwaggerUi};

/// The page for frontend engineers, as it stands in the repository.
const START: &str = include_str!("../../../docs/frontend.md");
/// The look of our own pages, and the corrections of that of the contract's page.
const STYLE: &str = include_str!("docs.css");
/// The page of the contract, which loads the files of Swagger UI.
const INDEX: &str = include_str!("docs.html");
/// Levels of a model that are open.
const DEPTH: isize = 1;
/// The time after the start at which the document of the page is made, if nobody has asked for it.
const AHEAD: Duration = Duration::from_secs(3);
/// The answers of these pages may be kept for minutes: they change with the program alone.
const KEPT: (&str, &str) = ("Cache-Control", "public, max-age=300");

/// The document of the page.
struct Document {
    plain: String,
    /// Empty if packing failed.
    packed: Vec<u8>,
}

static DOCUMENT: LazyLock<Document> = LazyLock::new(|| {
    let plain = crate::openapi::page::document().to_string();
    let packed = gzip(plain.as_bytes()).unwrap_or_default();
    Document { plain, packed }
});

/// Makes the document of the page soon, on a thread of its own, so that its first reader does not wait for it. The first requests
/// come before.
pub fn make_ahead() {
    actix_web::rt::spawn(async {
        tokio::time::sleep(AHEAD).await;
        std::thread::spawn(|| LazyLock::force(&DOCUMENT));
    });
}

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
    let mut answer = HttpResponse::Ok().insert_header(KEPT).content_type(media_type).body(body);
    answer.extensions_mut().insert(Compressible);
    answer
}

/// The document of the page, packed once for all who take it so.
async fn contract(request: HttpRequest) -> impl Responder {
    if DOCUMENT.packed.is_empty() || !takes_gzip(request.headers()) {
        return kept("application/json", DOCUMENT.plain.as_str());
    }
    HttpResponse::Ok()
        .insert_header(KEPT)
        .insert_header(("Content-Encoding", "gzip"))
        .content_type("application/json")
        .body(DOCUMENT.packed.as_slice())
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
