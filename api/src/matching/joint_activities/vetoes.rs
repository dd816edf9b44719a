//! Vetoes over HTTP.
use crate::http::answer::Answer;
use crate::http::guard::{Guarded, Id};
use crate::http::list::Query;
use crate::http::order::Order;
use crate::http::problem::Problem;
use crate::http::routing::ServiceConfig;
use actix_web::{get, post};
use domain::base::access::may;
use domain::base::change::SubjectKind;
use domain::base::id::{BeneficiaryId, VetoId};
use domain::matching::joint_activities::vetoes::{Veto, VetoForm, VetoLifting};
use persistence::matching::joint_activities::vetoes::{self, VetoCard, VetoFilter};
use persistence::sight::{must_refer, ruled_after};

crate::http::page::pages! { VetoPage of VetoCard; }

/// The routes of this feature.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list_vetoes).service(make_veto).service(get_veto).service(lift_veto);
}

/// List the vetoes about a beneficiary
///
/// Objections against pairs of the beneficiary with mentors, the newest first, including lifted ones. Mentors and
/// beneficiaries do not see them.
#[utoipa::path(tag = "activities", params(("id" = BeneficiaryId, Path), VetoFilter), responses((status = 200, body = VetoPage)))]
#[get("/beneficiaries/{id}/vetoes")]
async fn list_vetoes(
    db: Guarded<may::ReadVetoes>,
    id: Id<BeneficiaryId>,
    query: Query<VetoFilter>,
) -> Result<Answer, Problem> {
    db.list(query, async |tx, filter, window| vetoes::list(tx, id.0, filter, window).await).await
}

/// Record a veto
///
/// Records an objection to a pair, for every program (002 §3.4). While it stands, the two are not proposed to each
/// other. Each side can have one standing veto against a pair.
#[utoipa::path(tag = "activities", params(("id" = BeneficiaryId, Path)), request_body = VetoForm, responses((status = 201, body = VetoCard)))]
#[post("/beneficiaries/{id}/vetoes")]
async fn make_veto(
    db: Guarded<may::MakeVeto>,
    id: Id<BeneficiaryId>,
    form: Order<VetoForm>,
) -> Result<Answer, Problem> {
    db.create(async move |tx| {
        let seen = must_refer(tx, SubjectKind::Mentor, Some(form.mentor_id), "/mentor_id").await;
        let facts = vetoes::facts(tx, id.0, &form, &seen).await?;
        let made = ruled_after([seen], Veto::make(tx.mint(), id.0, &form, facts, tx.today()))?;
        let veto_id = made.value().id;
        vetoes::save_made(tx, made).await?;
        vetoes::card(tx, veto_id).await
    })
    .await
}

/// Get a veto
///
/// One objection to a pair, standing or lifted.
#[utoipa::path(tag = "activities", params(("id" = VetoId, Path)), responses((status = 200, body = VetoCard)))]
#[get("/vetoes/{id}")]
async fn get_veto(db: Guarded<may::ReadVetoes>, id: Id<VetoId>) -> Result<Answer, Problem> {
    db.read(async |tx| vetoes::card(tx, id.0).await).await
}

/// Lift a veto
///
/// Records the reason for which the objection no longer stands. The veto stays on record.
#[utoipa::path(tag = "activities", params(("id" = VetoId, Path)), request_body = VetoLifting, responses((status = 200, body = VetoCard)))]
#[post("/vetoes/{id}/lifting")]
async fn lift_veto(
    db: Guarded<may::MakeVeto>,
    id: Id<VetoId>,
    order: Order<VetoLifting>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let veto = vetoes::load(tx, id.0).await?.standing()?;
        vetoes::save_lifted(tx, veto.lift(&order, tx.today())).await?;
        vetoes::card(tx, id.0).await
    })
    .await
}
