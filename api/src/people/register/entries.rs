//! Entries of the register over HTTP.
use crate::http::answer::Answer;
use crate::http::guard::{Guarded, Id};
use crate::http::history::{self, HistoryPage};
use crate::http::list::{self, NoFilter, Query};
use crate::http::order::Order;
use crate::http::problem::Problem;
use crate::http::routing::ServiceConfig;
use actix_web::{HttpRequest, get, post};
use domain::base::access::may;
use domain::base::change::SubjectKind;
use domain::base::id::RegisterEntryId;
use domain::people::register::{RegisterRemoval, RegisterRestoration};
use persistence::engine::counts::Counts;
use persistence::people::register::{self, RegisterCountQuestion, RegisterEntryCard, RegisterFilter};

crate::http::page::pages! { RegisterEntryPage of RegisterEntryCard; }

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list_register_entries).service(get_register_counts).service(get_register_entry);
    config.service(remove_register_entry).service(restore_register_entry).service(get_register_entry_history);
}

/// List entries of the register
///
/// Entries of the beneficiaries that the caller sees, the latest first; all of the region for those who keep the register. Every person
/// who becomes a beneficiary has one.
#[utoipa::path(tag = "register", params(RegisterFilter), responses((status = 200, body = RegisterEntryPage)))]
#[get("/register-entries")]
async fn list_register_entries(
    db: Guarded<may::ReadRegister>,
    query: Query<RegisterFilter>,
) -> Result<Answer, Problem> {
    db.list(query, register::list).await
}

/// Count people on the register
///
/// The people whom the caller sees on the register, by a member of theirs: each once, however many records there are. Those who were
/// removed are not counted.
#[utoipa::path(tag = "register", params(RegisterCountQuestion), responses((status = 200, body = Counts)))]
#[get("/register-entries/counts")]
async fn get_register_counts(
    db: Guarded<may::ReadRegister>,
    request: HttpRequest,
) -> Result<Answer, Problem> {
    let asked: RegisterCountQuestion = list::filters(request.query_string())?;
    db.read(async |tx| register::counts(tx, &asked).await).await
}

/// Get an entry of the register
///
/// One entry. A caller who sees only a second record of a person learns that it is merged, and not into which one.
#[utoipa::path(tag = "register", params(("id" = RegisterEntryId, Path)), responses((status = 200, body = RegisterEntryCard)))]
#[get("/register-entries/{id}")]
async fn get_register_entry(
    db: Guarded<may::ReadRegister>,
    id: Id<RegisterEntryId>,
) -> Result<Answer, Problem> {
    db.read(async |tx| register::card(tx, id.0).await).await
}

/// Remove an entry from the register
///
/// The person is no longer counted on the register. It is refused while a case of the person is open, and is for those who keep the
/// register.
#[utoipa::path(tag = "register", params(("id" = RegisterEntryId, Path)), request_body = RegisterRemoval, responses((status = 200, body = RegisterEntryCard)))]
#[post("/register-entries/{id}/removal")]
async fn remove_register_entry(
    db: Guarded<may::ManageRegister>,
    id: Id<RegisterEntryId>,
    order: Order<RegisterRemoval>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let (entry, facts) = register::load(tx, id.0).await?;
        let removed = entry.active()?.remove(&order, &facts, tx.today())?;
        register::save_removed(tx, removed).await?;
        register::card(tx, id.0).await
    })
    .await
}

/// Take an entry back onto the register
///
/// The entry counts again, under its number.
#[utoipa::path(tag = "register", params(("id" = RegisterEntryId, Path)), request_body = RegisterRestoration, responses((status = 200, body = RegisterEntryCard)))]
#[post("/register-entries/{id}/restoration")]
async fn restore_register_entry(
    db: Guarded<may::ManageRegister>,
    id: Id<RegisterEntryId>,
    order: Order<RegisterRestoration>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let (entry, _) = register::load(tx, id.0).await?;
        register::save_restored(tx, entry.removed()?.restore(), &order.reason).await?;
        register::card(tx, id.0).await
    })
    .await
}

/// Get the history of an entry of the register
///
/// Changes of the entry, and the searches that found it, the latest first.
#[utoipa::path(tag = "register", params(("id" = RegisterEntryId, Path)), responses((status = 200, body = HistoryPage)))]
#[get("/register-entries/{id}/history")]
async fn get_register_entry_history(
    db: Guarded<may::ReadHistory>,
    id: Id<RegisterEntryId>,
    query: Query<NoFilter>,
) -> Result<Answer, Problem> {
    history::of(db, SubjectKind::RegisterEntry, id.0, query).await
}
