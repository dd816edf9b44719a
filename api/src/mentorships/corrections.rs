//! Corrections of the course of a mentorship over HTTP.
use crate::http::answer::Answer;
use crate::http::guard::{Guarded, Id, OtherId};
use crate::http::order::Order;
use crate::http::problem::Problem;
use crate::http::routing::ServiceConfig;
use actix_web::post;
use domain::base::access::may;
use domain::base::entry::Annulment;
use domain::base::id::{ExtensionId, MentorshipId};
use persistence::mentorships::{self, MentorshipCard};

/// The routes of this feature.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(annul_extension).service(annul_end_of_mentorship);
}

/// Annul an extension of a mentorship
///
/// Annuls the last extension, if it was recorded by mistake: the last day is again the one before it. It stays readable with the
/// reason, and counts no more. A later extension, a meeting, survey or report after that day and the end of the mentorship stand
/// on it and are named. A consent on which it rested stays. The institution may do it within the term of corrections, an administrator of the
/// region also later, and a side never.
#[utoipa::path(tag = "mentorships", params(("id" = MentorshipId, Path), ("extension_id" = ExtensionId, Path)), request_body = Annulment, responses((status = 200, body = MentorshipCard)))]
#[post("/mentorships/{id}/extensions/{extension_id}/annulment")]
async fn annul_extension(
    db: Guarded<may::AnnulRecords>,
    id: Id<MentorshipId>,
    extension: OtherId<ExtensionId>,
    order: Order<Annulment>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let (it, facts) = mentorships::extension_to_annul(tx, id.0, extension.0).await?;
        let annulled = it.annul_extension(&order, &facts, tx.today())?;
        let saved = mentorships::save_annulled_extension(tx, annulled).await?;
        mentorships::saved_card(tx, saved).await
    })
    .await
}

/// Annul the end of a mentorship
///
/// Annuls a termination or a replacement that was recorded by mistake: the mentorship is again active, or paused. All that a
/// confirmation asks is asked anew: the mentor, the number of mentees, the consents and the authorities behind them. The
/// recipient may have no later mentorship in the program. A refusal, a withdrawal, the request of a side, a removal and a death
/// are never annulled. Meetings and requests that the end closed stay closed. The institution may do it within the term of corrections, an
/// administrator of the region also later, and a side never.
#[utoipa::path(tag = "mentorships", params(("id" = MentorshipId, Path)), request_body = Annulment, responses((status = 200, body = MentorshipCard)))]
#[post("/mentorships/{id}/end/annulment")]
async fn annul_end_of_mentorship(
    db: Guarded<may::AnnulRecords>,
    id: Id<MentorshipId>,
    order: Order<Annulment>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let (it, facts) = mentorships::end_to_annul(tx, id.0).await?;
        let restored = it.annul_end(&order, &facts, tx.today())?;
        let saved = mentorships::save_restored(tx, restored).await?;
        mentorships::saved_card(tx, saved).await
    })
    .await
}
