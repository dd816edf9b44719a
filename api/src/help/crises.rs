//! Crises over HTTP.
use crate::http::answer::Answer;
use crate::http::guard::{Guarded, Id};
use crate::http::history::HistoryPage;
use crate::http::list::{self, NoFilter, Query};
use crate::http::order::Order;
use crate::http::problem::Problem;
use crate::http::routing::ServiceConfig;
use actix_web::{HttpRequest, get, post};
use domain::base::access::may;
use domain::base::change::SubjectKind;
use domain::base::id::CrisisId;
use domain::help::crises::{
    CrisisAcknowledgement, CrisisActionForm, CrisisFalseAlarm, CrisisNoticeForm, CrisisReport,
    CrisisResolution, CrisisSeverityOrder, CrisisSurvey, CrisisTakeover, Signal,
};
use persistence::accompaniment::rules;
use persistence::help::crises::{self, CrisisCard, CrisisFilter, ReactionQuestion, ReactionTable};
use persistence::sight::{must_reach, ruled};

crate::http::page::pages! { CrisisPage of CrisisCard; }

/// The routes of this feature.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list_crises).service(report_crisis).service(get_reaction_times).service(get_crisis);
    config.service(acknowledge_crisis).service(grade_crisis).service(act_in_crisis).service(notice_crisis);
    config.service(survey_after_crisis).service(resolve_crisis).service(call_false_alarm);
    config.service(get_crisis_history).service(take_crisis_over);
}

/// List crises
///
/// Crises that the caller may act on, and those that the caller has reported, the newest first. A crisis is hidden from the one whom it
/// concerns.
#[utoipa::path(tag = "help", params(CrisisFilter), responses((status = 200, body = CrisisPage)))]
#[get("/crises")]
async fn list_crises(db: Guarded<may::ReadCrises>, query: Query<CrisisFilter>) -> Result<Answer, Problem> {
    db.list(query, crises::list).await
}

/// Report a crisis
///
/// A call for help for a beneficiary. The specialists in charge are called at once; if they do not answer in time, the heads, the
/// directors and the administrators follow. The answer carries telephones for help. The person who needs help may send no words.
#[utoipa::path(tag = "help", request_body = CrisisReport, responses((status = 201, body = CrisisCard)))]
#[post("/crises")]
async fn report_crisis(
    db: Guarded<may::SignalCrisis>,
    order: Order<CrisisReport>,
) -> Result<Answer, Problem> {
    db.create(async move |tx| {
        must_reach(tx, SubjectKind::Beneficiary, order.beneficiary_id, "/beneficiary_id").await?;
        let (facts, checks) = crises::facts(tx, &order).await?;
        let reported = ruled(Signal::report(tx.mint(), &order, facts, tx.now()), checks)?;
        let id = reported.value().signal.id;
        crises::save_reported(tx, reported).await?;
        crises::card(tx, id).await
    })
    .await
}

/// Get reaction times
///
/// Crises of each organization and month, counted, with the medians of the minutes until somebody took them up and until the first
/// action. A caller who sees no persons is told no count below 5.
#[utoipa::path(tag = "help", params(ReactionQuestion), responses((status = 200, body = ReactionTable)))]
#[get("/crises/reaction-times")]
async fn get_reaction_times(db: Guarded<may::ReadFigures>, request: HttpRequest) -> Result<Answer, Problem> {
    let asked: ReactionQuestion = list::filters(request.query_string())?;
    db.read(async |tx| crises::reaction_times(tx, &asked).await).await
}

/// Get a crisis
///
/// One crisis. Its reporter reads that it was heard, who has taken it up and that it has ended, and no more.
#[utoipa::path(tag = "help", params(("id" = CrisisId, Path)), responses((status = 200, body = CrisisCard)))]
#[get("/crises/{id}")]
async fn get_crisis(db: Guarded<may::ReadCrises>, id: Id<CrisisId>) -> Result<Answer, Problem> {
    db.read(async |tx| crises::card(tx, id.0).await).await
}

/// Take a crisis up
///
/// The first account to do so is responsible until the end; the second learns who has it. It is for those to whom the crisis has come
/// along the chain by now.
#[utoipa::path(tag = "help", params(("id" = CrisisId, Path)), request_body = CrisisAcknowledgement, responses((status = 200, body = CrisisCard)))]
#[post("/crises/{id}/acknowledgement")]
async fn acknowledge_crisis(
    db: Guarded<may::HandleCrises>,
    id: Id<CrisisId>,
    order: Order<CrisisAcknowledgement>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let (crisis, by, called) = crises::load(tx, id.0).await?;
        let rules = rules::in_force(tx).await?;
        crises::save_moved(tx, crisis.acknowledge(&order, &by, &rules, called)?).await?;
        crises::card(tx, id.0).await
    })
    .await
}

/// Take a crisis over
///
/// A head or a director becomes responsible instead of the account that has it, for instance where that one is away.
#[utoipa::path(tag = "help", params(("id" = CrisisId, Path)), request_body = CrisisTakeover, responses((status = 200, body = CrisisCard)))]
#[post("/crises/{id}/takeover")]
async fn take_crisis_over(
    db: Guarded<may::HandleCrises>,
    id: Id<CrisisId>,
    _order: Order<CrisisTakeover>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let (crisis, by, _) = crises::load(tx, id.0).await?;
        crises::save_moved(tx, crisis.acknowledged()?.take_over(&by)?).await?;
        crises::card(tx, id.0).await
    })
    .await
}

/// Set the severity of a crisis
///
/// The chain goes on by the minutes of the new severity. Those to whom the crisis has come keep it.
#[utoipa::path(tag = "help", params(("id" = CrisisId, Path)), request_body = CrisisSeverityOrder, responses((status = 200, body = CrisisCard)))]
#[post("/crises/{id}/severity")]
async fn grade_crisis(
    db: Guarded<may::HandleCrises>,
    id: Id<CrisisId>,
    order: Order<CrisisSeverityOrder>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let (crisis, by, called) = crises::load(tx, id.0).await?;
        let rules = rules::in_force(tx).await?;
        crises::save_moved(tx, crisis.grade(&order, &by, &rules, called)?).await?;
        crises::card(tx, id.0).await
    })
    .await
}

/// Record an action in a crisis
///
/// Somebody has listened, clarified or taken an urgent measure.
#[utoipa::path(tag = "help", params(("id" = CrisisId, Path)), request_body = CrisisActionForm, responses((status = 200, body = CrisisCard)))]
#[post("/crises/{id}/actions")]
async fn act_in_crisis(
    db: Guarded<may::HandleCrises>,
    id: Id<CrisisId>,
    order: Order<CrisisActionForm>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let (crisis, by, _) = crises::load(tx, id.0).await?;
        crises::save_acted(tx, crisis.act(tx.mint(), &order, &by, tx.now())?).await?;
        crises::card(tx, id.0).await
    })
    .await
}

/// Record a notice to an authority
///
/// Danger to a child is told to guardianship in writing, with a number; a child who has run away to the police too.
#[utoipa::path(tag = "help", params(("id" = CrisisId, Path)), request_body = CrisisNoticeForm, responses((status = 200, body = CrisisCard)))]
#[post("/crises/{id}/notices")]
async fn notice_crisis(
    db: Guarded<may::HandleCrises>,
    id: Id<CrisisId>,
    order: Order<CrisisNoticeForm>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let (crisis, by, _) = crises::load(tx, id.0).await?;
        crises::save_noticed(tx, crisis.notice(tx.mint(), &order, &by, tx.now())?).await?;
        crises::card(tx, id.0).await
    })
    .await
}

/// Record the survey of guardianship
///
/// Guardianship of the territory surveys the living conditions after danger to a child, within the working days that the rules of
/// accompaniment set.
#[utoipa::path(tag = "help", params(("id" = CrisisId, Path)), request_body = CrisisSurvey, responses((status = 200, body = CrisisCard)))]
#[post("/crises/{id}/survey")]
async fn survey_after_crisis(
    db: Guarded<may::OverseeCases>,
    id: Id<CrisisId>,
    order: Order<CrisisSurvey>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let (signal, is_due, reported_on) = crises::load_for_survey(tx, id.0).await?;
        let surveyed = signal.survey(&order, is_due, (reported_on, tx.today()))?;
        crises::save_surveyed(tx, surveyed).await?;
        crises::card(tx, id.0).await
    })
    .await
}

/// Resolve a crisis
///
/// The account that is responsible ends it, after somebody has talked with the person and danger to a child was told in writing. After
/// a grave crisis it is given the task of an urgent consilium.
#[utoipa::path(tag = "help", params(("id" = CrisisId, Path)), request_body = CrisisResolution, responses((status = 200, body = CrisisCard)))]
#[post("/crises/{id}/resolution")]
async fn resolve_crisis(
    db: Guarded<may::HandleCrises>,
    id: Id<CrisisId>,
    order: Order<CrisisResolution>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let (crisis, by, _) = crises::load(tx, id.0).await?;
        let facts = crises::handled(tx, &crisis).await?;
        crises::save_resolved(tx, crisis.acknowledged()?.resolve(&order, &by, &facts)?).await?;
        crises::card(tx, id.0).await
    })
    .await
}

/// End a crisis as a false alarm
///
/// A head or a director does, not the one who is responsible. Somebody has talked with the person, and danger to a child was told in
/// writing all the same.
#[utoipa::path(tag = "help", params(("id" = CrisisId, Path)), request_body = CrisisFalseAlarm, responses((status = 200, body = CrisisCard)))]
#[post("/crises/{id}/false-alarm")]
async fn call_false_alarm(
    db: Guarded<may::HandleCrises>,
    id: Id<CrisisId>,
    order: Order<CrisisFalseAlarm>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let (crisis, by, _) = crises::load(tx, id.0).await?;
        let facts = crises::handled(tx, &crisis).await?;
        crises::save_moved(tx, crisis.acknowledged()?.call_false_alarm(&order, &by, &facts)?).await?;
        crises::card(tx, id.0).await
    })
    .await
}

/// Get the history of a crisis
///
/// Changes of the crisis, the latest first. It is for those who may act on it.
#[utoipa::path(tag = "help", params(("id" = CrisisId, Path)), responses((status = 200, body = HistoryPage)))]
#[get("/crises/{id}/history")]
async fn get_crisis_history(
    db: Guarded<may::ReadHistory>,
    id: Id<CrisisId>,
    query: Query<NoFilter>,
) -> Result<Answer, Problem> {
    db.list(query, async |tx, _, window| crises::history(tx, id.0, window).await).await
}
