//! Searches of the register over HTTP.
use crate::http::answer::Answer;
use crate::http::guard::{Guarded, Id};
use crate::http::list::{NoFilter, Query};
use crate::http::order::Order;
use crate::http::problem::Problem;
use crate::http::routing::ServiceConfig;
use actix_web::{get, post};
use domain::base::access::may;
use domain::base::id::RegisterSearchId;
use domain::people::register::searches::{RegisterSearchOrder, Searched};
use persistence::people::register::searches::{self, RegisterSearchCard};

crate::http::page::pages! { RegisterSearchPage of RegisterSearchCard; }

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(search_register).service(list_register_searches).service(get_register_search);
}

/// Search the register
///
/// Tells whether somebody is on the register, by the exact СНИЛС, or the full name and the birth date, also of people that the caller
/// does not see: their category, municipality, and the organization to ask. Each search is kept with its purpose; an account makes at
/// most 50 within 24 hours.
#[utoipa::path(tag = "register", request_body = RegisterSearchOrder, responses((status = 201, body = RegisterSearchCard)))]
#[post("/register-searches")]
async fn search_register(
    db: Guarded<may::SearchRegister>,
    order: Order<RegisterSearchOrder>,
) -> Result<Answer, Problem> {
    // Those who are found are journaled as read, which is not undone.
    db.must_be_complete()?;
    db.create(async move |tx| {
        let (entries, lately) = searches::find(tx, &order).await?;
        let found = entries.iter().map(|it| it.entry_id).collect();
        let made = Searched::make(tx.mint(), &order, found, lately)?;
        searches::save_made(tx, made, entries).await
    })
    .await
}

/// List searches of the register
///
/// Searches of the own account, or of all accounts for those who keep the register, the newest first.
#[utoipa::path(tag = "register", responses((status = 200, body = RegisterSearchPage)))]
#[get("/register-searches")]
async fn list_register_searches(
    db: Guarded<may::SearchRegister>,
    query: Query<NoFilter>,
) -> Result<Answer, Problem> {
    db.list(query, searches::list).await
}

/// Get a search of the register
///
/// One search: by whom, for what purpose, and how many were found. Those who were found stand in the answer to the order only.
#[utoipa::path(tag = "register", params(("id" = RegisterSearchId, Path)), responses((status = 200, body = RegisterSearchCard)))]
#[get("/register-searches/{id}")]
async fn get_register_search(
    db: Guarded<may::SearchRegister>,
    id: Id<RegisterSearchId>,
) -> Result<Answer, Problem> {
    db.read(async |tx| searches::card(tx, id.0).await).await
}
