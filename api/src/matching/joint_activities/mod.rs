//! Joint activities over HTTP.
mod choices;
mod vetoes;

use crate::http::answer::Answer;
use crate::http::guard::{Guarded, Id};
use crate::http::history::{self, HistoryPage};
use crate::http::list::{NoFilter, Query};
use crate::http::order::{Edit, Order};
use crate::http::problem::Problem;
use crate::http::routing::ServiceConfig;
use actix_web::{get, post, put};
use domain::base::access::may;
use domain::base::change::SubjectKind;
use domain::base::id::JointActivityId;
use domain::matching::joint_activities::{JointActivity, JointActivityForm};
use persistence::matching::joint_activities::{self, JointActivityCard, JointActivityFilter};
use persistence::region::organizations::must_work_on;
use persistence::sight::{all_of, ruled_after};

crate::http::page::pages! { JointActivityPage of JointActivityCard; }

/// The routes of this feature.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list_joint_activities).service(add_joint_activity).service(get_joint_activity);
    config.service(replace_joint_activity).service(get_joint_activity_history);
    choices::routes(config);
    vetoes::routes(config);
}

/// List joint activities
///
/// Activities of the caller's institutions and programs, and those in which the caller takes part, the newest first.
#[utoipa::path(tag = "activities", params(JointActivityFilter), responses((status = 200, body = JointActivityPage)))]
#[get("/joint-activities")]
async fn list_joint_activities(
    db: Guarded<may::ReadJointActivities>,
    query: Query<JointActivityFilter>,
) -> Result<Answer, Problem> {
    db.list(query, joint_activities::list).await
}

/// Add a joint activity
///
/// Adds an activity in which mentors and beneficiaries meet (000 L59), past or planned. The institution that holds it
/// adds it, or the coordinator of the program. Everybody who takes part lives on its day.
#[utoipa::path(tag = "activities", request_body = JointActivityForm, responses((status = 201, body = JointActivityCard)))]
#[post("/joint-activities")]
async fn add_joint_activity(
    db: Guarded<may::EditJointActivities>,
    form: Order<JointActivityForm>,
) -> Result<Answer, Problem> {
    db.create(async move |tx| {
        all_of([
            joint_activities::must_hold(tx, &form).await,
            must_work_on(tx, form.held_on, form.organization_id, "/organization_id").await,
            joint_activities::must_invite(tx, &form, None).await,
        ])?;
        let added = JointActivity::add(tx.mint(), &form);
        let id = added.value().id;
        joint_activities::save_added(tx, added).await?;
        joint_activities::card(tx, id).await
    })
    .await
}

/// Get a joint activity
///
/// One activity with its participants. Staff see all of them; a participant sees themselves and the other side.
#[utoipa::path(tag = "activities", params(("id" = JointActivityId, Path)), responses((status = 200, body = JointActivityCard)))]
#[get("/joint-activities/{id}")]
async fn get_joint_activity(
    db: Guarded<may::ReadJointActivities>,
    id: Id<JointActivityId>,
) -> Result<Answer, Problem> {
    db.read(async |tx| joint_activities::card(tx, id.0).await).await
}

/// Replace a joint activity
///
/// Replaces the whole form; needs the version in `If-Match`. The program and the institution cannot change. A
/// participant who has chosen, or is named in a choice, cannot be removed.
#[utoipa::path(tag = "activities", params(("id" = JointActivityId, Path)), request_body = JointActivityForm, responses((status = 200, body = JointActivityCard)))]
#[put("/joint-activities/{id}")]
async fn replace_joint_activity(
    db: Guarded<may::EditJointActivities>,
    id: Id<JointActivityId>,
    edit: Edit<JointActivityForm>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let activity = joint_activities::load(tx, id.0).await?;
        let form = edit.of(&activity.form)?;
        let invites = joint_activities::must_invite(tx, &form, Some(&activity.form)).await;
        let so_far = joint_activities::chosen_so_far(tx, id.0).await?;
        let edited = activity.edit(&form, &so_far, &joint_activities::own(tx));
        joint_activities::save_edited(tx, ruled_after([invites], edited)?).await?;
        joint_activities::card(tx, id.0).await
    })
    .await
}

/// Get the history of a joint activity
///
/// Changes of the activity, the latest first. Choices made after it are not included.
#[utoipa::path(tag = "activities", params(("id" = JointActivityId, Path)), responses((status = 200, body = HistoryPage)))]
#[get("/joint-activities/{id}/history")]
async fn get_joint_activity_history(
    db: Guarded<may::ReadHistory>,
    id: Id<JointActivityId>,
    query: Query<NoFilter>,
) -> Result<Answer, Problem> {
    history::of(db, SubjectKind::JointActivity, id.0, query).await
}
