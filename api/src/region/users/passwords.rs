//! Passwords over HTTP.
use super::Done;
use crate::http::answer::Answer;
use crate::http::guard::Guarded;
use crate::http::order::Order;
use crate::http::password;
use crate::http::problem::Problem;
use actix_web::post;
use domain::base::access::may;
use domain::region::users::PasswordChange;
use persistence::region::users;
use utoipa_actix_web::service_config::ServiceConfig;

/// The routes of this feature.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(change_password);
}

/// Change my password
///
/// The new password needs at least 15 characters and must not be easy to guess. Every session of the account ends, and its
/// devices are known no more. Wrong current passwords slow down as at a login. No key of an integration may do this.
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
