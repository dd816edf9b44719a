//! Choices after joint activities over HTTP.
use crate::http::answer::Answer;
use crate::http::guard::{Guarded, Id};
use crate::http::list::Query;
use crate::http::order::Order;
use crate::http::problem::Problem;
use crate::http::routing::ServiceConfig;
use actix_web::{get, post};
use domain::base::access::may;
use domain::base::id::{BeneficiaryId, ChoiceId, MentorId};
use domain::matching::joint_activities::Participant;
use domain::matching::joint_activities::choices::{BeneficiaryChoice, Choice, MentorChoice, Naming};
use persistence::engine::failure::Failure;
use persistence::matching::joint_activities::choices::{self, ChoiceCard, ChoiceFilter};
use persistence::sight::ruled_after;
use persistence::tx::Tx;

crate::http::page::pages! { ChoicePage of ChoiceCard; }

/// The routes of this feature.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list_mentor_choices).service(make_mentor_choice);
    config.service(list_beneficiary_choices).service(make_beneficiary_choice);
    config.service(get_choice);
}

/// List the choices of a mentor
///
/// Choices of the mentor after joint activities, the newest first, including replaced ones. Beneficiaries do not see
/// them.
#[utoipa::path(tag = "activities", params(("id" = MentorId, Path), ChoiceFilter), responses((status = 200, body = ChoicePage)))]
#[get("/mentors/{id}/choices")]
async fn list_mentor_choices(
    db: Guarded<may::ReadChoices>,
    id: Id<MentorId>,
    query: Query<ChoiceFilter>,
) -> Result<Answer, Problem> {
    let of = Participant::Mentor(id.0);
    db.list(query, async |tx, filter, window| choices::list(tx, of, filter, window).await).await
}

/// Record the choice of a mentor
///
/// The mentor ranks or vetoes beneficiaries met in an activity, on its day or later. Staff responsible for the
/// activity may record it too. A later choice after the same activity replaces the earlier one.
#[utoipa::path(tag = "activities", params(("id" = MentorId, Path)), request_body = MentorChoice, responses((status = 201, body = ChoiceCard)))]
#[post("/mentors/{id}/choices")]
async fn make_mentor_choice(
    db: Guarded<may::MakeChoice>,
    id: Id<MentorId>,
    order: Order<MentorChoice>,
) -> Result<Answer, Problem> {
    let naming = order.of(id.0);
    db.create(async move |tx| choose(tx, &naming).await).await
}

/// List the choices of a beneficiary
///
/// Choices of the beneficiary after joint activities, the newest first, including replaced ones. Mentors do not see
/// them.
#[utoipa::path(tag = "activities", params(("id" = BeneficiaryId, Path), ChoiceFilter), responses((status = 200, body = ChoicePage)))]
#[get("/beneficiaries/{id}/choices")]
async fn list_beneficiary_choices(
    db: Guarded<may::ReadChoices>,
    id: Id<BeneficiaryId>,
    query: Query<ChoiceFilter>,
) -> Result<Answer, Problem> {
    let of = Participant::Beneficiary(id.0);
    db.list(query, async |tx, filter, window| choices::list(tx, of, filter, window).await).await
}

/// Record the choice of a beneficiary
///
/// The beneficiary ranks or vetoes mentors met in an activity, on its day or later. Staff responsible for the
/// activity may record it too. A later choice after the same activity replaces the earlier one.
#[utoipa::path(tag = "activities", params(("id" = BeneficiaryId, Path)), request_body = BeneficiaryChoice, responses((status = 201, body = ChoiceCard)))]
#[post("/beneficiaries/{id}/choices")]
async fn make_beneficiary_choice(
    db: Guarded<may::MakeChoice>,
    id: Id<BeneficiaryId>,
    order: Order<BeneficiaryChoice>,
) -> Result<Answer, Problem> {
    let naming = order.of(id.0);
    db.create(async move |tx| choose(tx, &naming).await).await
}

async fn choose(tx: &mut Tx<'_>, naming: &Naming) -> Result<ChoiceCard, Failure> {
    let (activity, by, given) = choices::circumstances(tx, naming).await?;
    let made = ruled_after([given], Choice::make(tx.mint(), naming, &activity, &by, tx.today()))?;
    let id = made.value().id;
    choices::save_made(tx, made).await?;
    choices::card(tx, id).await
}

/// Get a choice
///
/// One choice. The chooser and staff responsible for the activity see it.
#[utoipa::path(tag = "activities", params(("id" = ChoiceId, Path)), responses((status = 200, body = ChoiceCard)))]
#[get("/choices/{id}")]
async fn get_choice(db: Guarded<may::ReadChoices>, id: Id<ChoiceId>) -> Result<Answer, Problem> {
    db.read(async |tx| choices::card(tx, id.0).await).await
}
