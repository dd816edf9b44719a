//! Keys of integrations over HTTP.
use crate::http::answer::Answer;
use crate::http::guard::{Guarded, Id};
use crate::http::list::{NoFilter, Query};
use crate::http::order::Order;
use crate::http::problem::Problem;
use crate::http::routing::ServiceConfig;
use actix_web::{get, post};
use domain::base::access::may;
use domain::base::change::SubjectKind;
use domain::base::id::ApiKeyId;
use domain::region::users::{ApiKey, ApiKeyForm};
use persistence::region::users::{self, ApiKeyCard, IssuedApiKey};
use persistence::sight::{found_beside, must_refer, must_refer_each, ruled_after};

crate::http::page::pages! { ApiKeyPage of ApiKeyCard; }

/// The routes of this feature.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list_api_keys).service(issue_api_key).service(get_api_key).service(revoke_api_key);
}

/// List the keys of integrations
///
/// Keys without their secrets, the newest first.
#[utoipa::path(tag = "users", responses((status = 200, body = ApiKeyPage)))]
#[get("/api-keys")]
async fn list_api_keys(db: Guarded<may::ManageUsers>, query: Query<NoFilter>) -> Result<Answer, Problem> {
    db.list(query, async |tx, _, window| users::list_keys(tx, window).await).await
}

/// Issue a key
///
/// Issues a key for an account with the role `integration`. Only this answer contains the secret. An account has two live keys at
/// most, so that its holder can change over from one to the other. A key that names institutions, programs or territories reaches
/// only the rows of any of these: among organizations, it finds only the institutions that it names.
#[utoipa::path(tag = "users", request_body = ApiKeyForm, responses((status = 201, body = IssuedApiKey)))]
#[post("/api-keys")]
async fn issue_api_key(db: Guarded<may::ManageUsers>, form: Order<ApiKeyForm>) -> Result<Answer, Problem> {
    db.create(async move |tx| {
        let seen = must_refer(tx, SubjectKind::User, Some(form.user_id), "/user_id").await;
        let bounds = vec![
            must_refer_each(tx, SubjectKind::Organization, &form.organization_ids, "/organization_ids").await,
            must_refer_each(tx, SubjectKind::Program, &form.program_ids, "/program_ids").await,
        ];
        let ((), bounds) = found_beside(seen, bounds)?;
        let owner = users::key_owner(tx, form.user_id).await?;
        let live = users::live_keys(tx, form.user_id).await?;
        let key = ApiKey::issue(tx.mint(), &form, &owner, live, tx.today());
        users::save_issued(tx, ruled_after(bounds, key)?).await
    })
    .await
}

/// Get a key
///
/// One key without its secret.
#[utoipa::path(tag = "users", params(("id" = ApiKeyId, Path)), responses((status = 200, body = ApiKeyCard)))]
#[get("/api-keys/{id}")]
async fn get_api_key(db: Guarded<may::ManageUsers>, id: Id<ApiKeyId>) -> Result<Answer, Problem> {
    db.read(async |tx| users::key_card(tx, id.0).await).await
}

/// Revoke a key
///
/// The key stops working within a second and stays on record.
#[utoipa::path(tag = "users", params(("id" = ApiKeyId, Path)), responses((status = 200, body = ApiKeyCard)))]
#[post("/api-keys/{id}/revocation")]
async fn revoke_api_key(db: Guarded<may::ManageUsers>, id: Id<ApiKeyId>) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let key = users::load_key(tx, id.0).await?;
        users::save_revoked(tx, key.revoke()?).await
    })
    .await
}
