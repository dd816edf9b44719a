//! Removals of mentors, their lifting, and the grounds for them over HTTP.
use crate::http::answer::Answer;
use crate::http::guard::{Guarded, Id};
use crate::http::list::{NoFilter, Query};
use crate::http::order::Order;
use crate::http::problem::Problem;
use crate::http::routing::ServiceConfig;
use actix_web::{get, post};
use domain::base::access::may;
use domain::base::change::SubjectKind;
use domain::base::id::{MentorId, RemovalGroundId};
use domain::mentors::{Dismissal, Lifting, Removal, RemovalGround, RemovalGroundForm};
use persistence::mentors::removals::{self, RemovalCard, RemovalGroundCard, RemovalGroundFilter};
use persistence::mentors::{self, MentorCard};
use persistence::people;
use persistence::sight::{must_refer, ruled_after};

crate::http::page::pages! { RemovalPage of RemovalCard; RemovalGroundPage of RemovalGroundCard; }

/// The routes of this part.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list_removals).service(remove_mentor).service(lift_removal);
    config.service(list_all_removal_grounds).service(list_removal_grounds).service(open_removal_ground);
    config.service(get_removal_ground).service(dismiss_removal_ground);
}

/// List the removals of a mentor
///
/// Removals of the mentor, including lifted ones, the latest first. Only staff see them.
#[utoipa::path(tag = "mentors", params(("id" = MentorId, Path)), responses((status = 200, body = RemovalPage)))]
#[get("/mentors/{id}/removals")]
async fn list_removals(
    db: Guarded<may::ReadRemovals>,
    id: Id<MentorId>,
    query: Query<NoFilter>,
) -> Result<Answer, Problem> {
    db.list(query, async |tx, _, window| removals::list(tx, id.0, window).await).await
}

/// Remove a mentor
///
/// The director of the institution that approved the mentor removes them, with the number and date of a decree (002
/// §3.11.2). All mentorships of the mentor end, in every institution: those that have begun are terminated, the
/// others are declined.
#[utoipa::path(tag = "mentors", params(("id" = MentorId, Path)), request_body = Removal, responses((status = 200, body = MentorCard)))]
#[post("/mentors/{id}/removal")]
async fn remove_mentor(
    db: Guarded<may::RemoveMentor>,
    id: Id<MentorId>,
    order: Order<Removal>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let it = mentors::load(tx, id.0).await?;
        let by_director = tx.caller().is_some_and(|caller| caller.directs(it.organization_id));
        let removed = it.remove(tx.mint(), &order, by_director, tx.today())?;
        removals::save_removed(tx, removed).await?;
        mentors::card(tx, id.0).await
    })
    .await
}

/// Lift a removal
///
/// From the given day the person may mentor again. Mentorships that the removal ended stay ended.
#[utoipa::path(tag = "mentors", params(("id" = MentorId, Path)), request_body = Lifting, responses((status = 200, body = MentorCard)))]
#[post("/mentors/{id}/removal-lifting")]
async fn lift_removal(
    db: Guarded<may::RemoveMentor>,
    id: Id<MentorId>,
    order: Order<Lifting>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let it = mentors::load(tx, id.0).await?;
        let by_director = tx.caller().is_some_and(|caller| caller.directs(it.organization_id));
        removals::save_lifted(tx, it.lift(&order, by_director, tx.today())?).await?;
        mentors::card(tx, id.0).await
    })
    .await
}

/// List the grounds for a removal
///
/// Grounds reported against a mentor, the latest first. Only staff see them.
#[utoipa::path(tag = "mentors", params(("id" = MentorId, Path), RemovalGroundFilter), responses((status = 200, body = RemovalGroundPage)))]
#[get("/mentors/{id}/removal-grounds")]
async fn list_removal_grounds(
    db: Guarded<may::ReadRemovals>,
    id: Id<MentorId>,
    query: Query<RemovalGroundFilter>,
) -> Result<Answer, Problem> {
    db.list(query, async |tx, filter, window| removals::list_grounds(tx, Some(id.0), filter, window).await)
        .await
}

/// List all grounds for removals
///
/// Grounds reported against all mentors for whom the caller answers, the latest first.
#[utoipa::path(tag = "mentors", params(RemovalGroundFilter), responses((status = 200, body = RemovalGroundPage)))]
#[get("/removal-grounds")]
async fn list_all_removal_grounds(
    db: Guarded<may::ReadRemovals>,
    query: Query<RemovalGroundFilter>,
) -> Result<Answer, Problem> {
    db.list(query, async |tx, filter, window| removals::list_grounds(tx, None, filter, window).await).await
}

/// Report a ground for a removal
///
/// Records a ground. While it is open, no mentorship of the mentor can be extended (002 §3.9). The director dismisses
/// it or removes the mentor.
#[utoipa::path(tag = "mentors", params(("id" = MentorId, Path)), request_body = RemovalGroundForm, responses((status = 201, body = RemovalGroundCard)))]
#[post("/mentors/{id}/removal-grounds")]
async fn open_removal_ground(
    db: Guarded<may::OpenRemovalGround>,
    id: Id<MentorId>,
    form: Order<RemovalGroundForm>,
) -> Result<Answer, Problem> {
    db.create(async move |tx| {
        let mentor = mentors::answered_for(tx, id.0).await?;
        let shown = must_refer(tx, SubjectKind::File, form.document_file_id, "/document_file_id").await;
        let opened = RemovalGround::open(tx.mint(), &mentor, &form, tx.today());
        let life = people::life_of(tx, mentor.person_id).await?;
        let opened = ruled_after([shown], life.judge([("/arisen_on", form.arisen_on)], opened))?;
        let ground = opened.value().id;
        removals::save_opened(tx, opened).await?;
        removals::ground_card(tx, ground).await
    })
    .await
}

/// Get a ground for a removal
///
/// One reported ground and its outcome.
#[utoipa::path(tag = "mentors", params(("id" = RemovalGroundId, Path)), responses((status = 200, body = RemovalGroundCard)))]
#[get("/removal-grounds/{id}")]
async fn get_removal_ground(
    db: Guarded<may::ReadRemovals>,
    id: Id<RemovalGroundId>,
) -> Result<Answer, Problem> {
    db.read(async |tx| removals::ground_card(tx, id.0).await).await
}

/// Dismiss a ground for a removal
///
/// The director dismisses the ground. It has no consequences, and the mentor's mentorships may be extended again.
#[utoipa::path(tag = "mentors", params(("id" = RemovalGroundId, Path)), request_body = Dismissal, responses((status = 200, body = RemovalGroundCard)))]
#[post("/removal-grounds/{id}/dismissal")]
async fn dismiss_removal_ground(
    db: Guarded<may::RemoveMentor>,
    id: Id<RemovalGroundId>,
    order: Order<Dismissal>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let ground = removals::load_ground(tx, id.0).await?;
        removals::save_closed(tx, ground.dismiss(&order, tx.today())).await?;
        removals::ground_card(tx, id.0).await
    })
    .await
}
