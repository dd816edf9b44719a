//! Passwords over HTTP: the own one, and a one-time password where another has forgotten theirs.
use super::Done;
use crate::http::answer::Answer;
use crate::http::guard::{Guarded, Id};
use crate::http::logins::password;
use crate::http::order::Order;
use crate::http::problem::Problem;
use crate::http::routing::ServiceConfig;
use actix_web::post;
use domain::base::access::may;
use domain::base::id::UserId;
use domain::base::text::Login;
use domain::region::users::{OneTimePassword, PasswordChange, User};
use persistence::db::Region;
use persistence::engine::failure::Failure;
use persistence::region::users::{self, IssuedOneTimePassword};
use persistence::tx::{Actor, Tx};

/// The routes of this feature.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(change_password).service(issue_one_time_password);
}

/// Change my password
///
/// The new password needs at least 15 characters and must not be easy to guess. Every session of the account ends, and its
/// devices are known no more. A login by a one-time password opens this alone. Wrong current passwords slow down as at a login. No key of an integration may do this.
#[utoipa::path(tag = "users", request_body = PasswordChange, responses((status = 200, body = Done)))]
#[post("/me/password")]
async fn change_password(
    db: Guarded<may::ChangePassword>,
    order: Order<PasswordChange>,
) -> Result<Answer, Problem> {
    let place = db.place()?;
    let current = db.peek(async |tx| users::own_password_hash(tx).await).await?;
    let fits = password::fits(order.current_password.expose(), Some(current.clone()), place).await?;
    let hash = password::hash(order.new_password.expose()).await?;
    db.write(async move |tx| {
        let fits = fits && users::own_password_hash(tx).await? == current;
        let user = users::load_own(tx).await?;
        users::save_password(tx, user.change_password(&order, fits)?, &hash).await?;
        Ok(Done { done: true })
    })
    .await
}

/// Issue a one-time password
///
/// For an account whose password was forgotten. The server makes it, and only this answer shows it. It takes the place of the
/// password, every session of the account ends, and it opens nothing but `POST /me/password` for 24 hours. The owner is told
/// at the login and by `GET /me` who asked for it.
#[utoipa::path(tag = "users", params(("id" = UserId, Path)), responses((status = 200, body = IssuedOneTimePassword)))]
#[post("/users/{id}/one-time-password")]
async fn issue_one_time_password(db: Guarded<may::ManageUsers>, id: Id<UserId>) -> Result<Answer, Problem> {
    let password = password::one_time()?;
    let hash = password::hash(&password).await?;
    let bare = |it: &IssuedOneTimePassword| IssuedOneTimePassword { password: None, ..it.clone() };
    db.reveal(bare, async move |tx| {
        let user = users::load(tx, id.0).await?;
        let issued = issue(tx, user, &hash).await?;
        let (user_id, expires_at) = (issued.user_id, issued.expires_at);
        Ok(IssuedOneTimePassword { user_id, password: Some(password.clone()), expires_at })
    })
    .await
}

async fn issue(tx: &mut Tx<'_>, user: User, hash: &str) -> Result<OneTimePassword, Failure> {
    let requested_by = tx.caller().map(|it| it.user);
    let issued = user.issue_one_time_password(requested_by, tx.now())?;
    users::save_one_time(tx, issued, hash).await
}

/// Issues a one-time password from the command line. The journal names the command.
pub async fn issue_by(what: &str, region: &Region, login: &Login) -> Result<IssuedOneTimePassword, String> {
    let password = password::one_time().map_err(|it| it.to_string())?;
    let hash = password::hash(&password).await.map_err(|it| it.to_string())?;
    let login = login.clone();
    let work = async move |tx: &mut Tx<'_>| {
        let user = users::load_named(tx, &login).await?;
        issue(tx, user, &hash).await
    };
    let issued = region.write(Actor::system(what), work).await.map_err(|it| it.to_string())?;
    let OneTimePassword { user_id, expires_at, .. } = issued;
    Ok(IssuedOneTimePassword { user_id, password: Some(password), expires_at })
}
