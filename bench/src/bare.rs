//! The bare server with which the product is compared: the same statements through the engine's own driver, in plain
//! actix handlers. It has no accounts, scopes, contract or journal of reads. Rows, JSON and durability are the same.
use actix_web::web::{Bytes, ServiceConfig};
use actix_web::{App, HttpResponse, HttpServer};
use domain::base::change::SubjectKind;
use domain::base::id::OrganizationId;
use domain::base::moment::Moment;
use domain::base::text::{Inn, Ogrn, Oktmo, OrderNumber, Title};
use domain::base::word::{Word, fold};
use domain::region::organizations::{Contacts, FocusArea, OrganizationForm, OrganizationKind};
use serde::Serialize;
use uuid::Uuid;

/// The columns of the statements, in the order in which diesel writes them for the product.
const COLUMNS: &str = "id, version, kind, name, parent_id, territory, inn, ogrn, ngo_register_number, focus_areas, contacts, created_at, updated_at";
pub const INSERT: &str = "INSERT INTO organizations (id, version, created_at, kind, name, name_key, parent_id, territory, inn, ogrn, ngo_register_number, focus_areas, contacts, updated_at) \
     VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $2)";
pub const FACT: &str = "INSERT INTO facts (id, seq, at, actor_id, request_id, kind, subject_kind, subject_id, body) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";

pub fn insert() -> String {
    format!("{INSERT} RETURNING {COLUMNS}")
}
pub fn one() -> String {
    format!("SELECT {COLUMNS} FROM organizations WHERE id = $1 LIMIT $2")
}
pub fn first_page() -> String {
    format!("SELECT {COLUMNS} FROM organizations ORDER BY name_key, id LIMIT $1")
}
/// The page after an organization. The product's cursor holds the name; here it is looked up by the id, which costs little.
pub fn next_page() -> String {
    format!(
        "SELECT {COLUMNS} FROM organizations WHERE (name_key, id) > (SELECT name_key, id FROM organizations WHERE id = $1) \
         ORDER BY name_key, id LIMIT $2"
    )
}

/// The query `?limit=20&cursor=…`, in which a cursor is the last id.
#[derive(serde::Deserialize)]
pub struct Window {
    pub limit: i64,
    pub cursor: Option<Uuid>,
}

/// An organization as the product shows it; `ground::compare` holds the two against each other.
#[derive(Serialize)]
pub struct OrganizationCard {
    pub id: OrganizationId,
    pub version: i64,
    pub kind: OrganizationKind,
    pub name: Title,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent_id: Option<OrganizationId>,
    pub territory: Oktmo,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inn: Option<Inn>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ogrn: Option<Ogrn>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ngo_register_number: Option<OrderNumber>,
    pub focus_areas: Vec<FocusArea>,
    pub contacts: Contacts,
    pub created_at: Moment,
    pub updated_at: Moment,
}

#[derive(Serialize)]
struct Page<'a> {
    items: &'a [OrganizationCard],
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
}

/// An organization to write, and the fact about it.
pub struct Entry {
    pub id: Uuid,
    pub fact: Uuid,
    pub actor: Uuid,
    pub request: String,
    pub form: OrganizationForm,
    pub name_key: String,
    pub kind: &'static str,
    pub subject: &'static str,
}

impl Entry {
    pub fn read(body: &Bytes) -> Self {
        let form: OrganizationForm = serde_json::from_slice(body).expect("a form");
        Self {
            id: Uuid::now_v7(),
            fact: Uuid::now_v7(),
            actor: Uuid::nil(),
            request: format!("{:024x}", Uuid::now_v7().as_u128() >> 32),
            name_key: fold(form.name.as_str()),
            kind: "organization.added",
            subject: SubjectKind::Organization.code(),
            form,
        }
    }
    /// The body of the fact.
    pub fn told(&self) -> serde_json::Value {
        serde_json::json!({"kind": self.form.kind})
    }
}

pub fn answer_one(card: &OrganizationCard) -> HttpResponse {
    HttpResponse::Ok().json(card)
}
pub fn answer_new(card: &OrganizationCard) -> HttpResponse {
    HttpResponse::Created().json(card)
}
pub fn answer_page(mut rows: Vec<OrganizationCard>, limit: i64) -> HttpResponse {
    let limit = usize::try_from(limit).expect("a limit");
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next_cursor = rows.last().filter(|_| more).map(|it| it.id.to_string());
    HttpResponse::Ok().json(Page { items: &rows, next_cursor })
}

/// Serves until the process ends.
pub async fn serve(workers: usize, routes: impl Fn(&mut ServiceConfig) + Clone + Send + 'static) {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    let server = HttpServer::new(move || App::new().configure(routes.clone()));
    let server = server.workers(workers).listen(listener).expect("a listener").run();
    crate::server::announce(address);
    server.await.expect("the server ends well");
}
