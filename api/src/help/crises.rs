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
    CrisisAcknowledgement, CrisisActionForm, CrisisFalseAlarm, CrisisFinding, CrisisFollowUp,
    CrisisNoticeForm, CrisisReport, CrisisResolution, CrisisSeverityOrder, CrisisSurvey, CrisisTakeover,
    Signal,
};
use persistence::accompaniment::rules;
use persistence::engine::counts::Counts;
use persistence::help::crises::{self, CrisisCard, CrisisFilter, ReactionQuestion, ReactionTable};
use persistence::sight::must_reach;

crate::http::page::pages! { CrisisPage of CrisisCard; }

/// The routes of this feature.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(list_crises)
        .service(get_crisis_counts)
        .service(report_crisis)
        .service(get_reaction_times)
        .service(get_crisis);
    config.service(acknowledge_crisis).service(grade_crisis).service(act_in_crisis).service(notice_crisis);
    config.service(survey_after_crisis).service(resolve_crisis).service(call_false_alarm);
    config.service(get_crisis_history).service(take_crisis_over).service(find_in_crisis);
    config.service(follow_crisis_up);
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

/// Count crises
///
/// The number of crises that the caller sees whole, by a member of theirs. Those that the caller has only reported are not among them.
#[utoipa::path(tag = "help", params(crises::CrisisCountQuestion), responses((status = 200, body = Counts)))]
#[get("/crises/counts")]
async fn get_crisis_counts(db: Guarded<may::ReadCrises>, request: HttpRequest) -> Result<Answer, Problem> {
    let asked: crises::CrisisCountQuestion = list::filters(request.query_string())?;
    db.read(async |tx| crises::counts(tx, &asked).await).await
}

/// Report a crisis
///
/// A call for help for a beneficiary. The specialists in charge are called at once; if they do not answer in time, the heads, the
/// directors and the administrators follow. The answer carries telephones for help. The person who needs help may send no words. The
/// call of a person, a mentor or a tutor is not refused for a moment or a name that is wrong: it stands without, with a warning.
#[utoipa::path(tag = "help", request_body = CrisisReport, responses((status = 201, body = CrisisCard)))]
#[post("/crises")]
async fn report_crisis(
    db: Guarded<may::SignalCrisis>,
    order: Order<CrisisReport>,
) -> Result<Answer, Problem> {
    db.create(async move |tx| {
        must_reach(tx, SubjectKind::Beneficiary, order.beneficiary_id, "/beneficiary_id").await?;
        let (form, facts) = crises::facts(tx, &order).await?;
        let reported = Signal::report(tx.mint(), &form, facts, tx.now())?;
        let id = reported.value().signal.id;
        crises::save_reported(tx, reported).await?;
        crises::card(tx, id).await
    })
    .await
}

/// Get reaction times
///
/// Crises of each organization and month, of all severities and of each: how many came, were taken up in time and went to the next levels;
/// the median and the 90th percentile of the minutes until somebody took them up, until the first action and until the end. A caller who
/// sees no persons is told no count of 1 to 4, and none that would give it away.
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
/// along the chain by now. If nothing is done within the minutes of the severity, the next level is called.
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
        crises::save_moved(tx, crisis.acknowledge(&order, &by, &rules, (called, tx.now()))?).await?;
        crises::card(tx, id.0).await
    })
    .await
}

/// Take a crisis over
///
/// A head or a director becomes responsible instead of the account that has it, for instance where that one is away. The minutes for the
/// first action count anew.
#[utoipa::path(tag = "help", params(("id" = CrisisId, Path)), request_body = CrisisTakeover, responses((status = 200, body = CrisisCard)))]
#[post("/crises/{id}/takeover")]
async fn take_crisis_over(
    db: Guarded<may::HandleCrises>,
    id: Id<CrisisId>,
    _order: Order<CrisisTakeover>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let (crisis, by, called) = crises::load(tx, id.0).await?;
        let taken = crisis.acknowledged()?.take_over(&by, (called, tx.now()))?;
        crises::save_moved(tx, taken).await?;
        crises::card(tx, id.0).await
    })
    .await
}

/// Set the severity of a crisis
///
/// The chain goes on by the minutes of the new severity, but nobody gives the own account more of them. Those to whom the crisis has come
/// keep it. The same severity changes nothing.
#[utoipa::path(tag = "help", params(("id" = CrisisId, Path)), request_body = CrisisSeverityOrder, responses((status = 200, body = CrisisCard)))]
#[post("/crises/{id}/severity")]
async fn grade_crisis(
    db: Guarded<may::HandleCrises>,
    id: Id<CrisisId>,
    order: Order<CrisisSeverityOrder>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let (crisis, by, _) = crises::load(tx, id.0).await?;
        let rules = rules::in_force(tx).await?;
        if let Some(graded) = crisis.grade(&order, &by, &rules)? {
            crises::save_moved(tx, graded).await?;
        }
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

/// Record what was learned in a crisis
///
/// It only adds: the kind that it was found to be as well, danger to a child, the one whom it concerns. That one sees nothing of the
/// crisis from this moment on. If that one was responsible, the crisis waits for the next accounts of the chain. Danger to a child is told
/// to guardianship at once.
#[utoipa::path(tag = "help", params(("id" = CrisisId, Path)), request_body = CrisisFinding, responses((status = 200, body = CrisisCard)))]
#[post("/crises/{id}/findings")]
async fn find_in_crisis(
    db: Guarded<may::HandleCrises>,
    id: Id<CrisisId>,
    order: Order<CrisisFinding>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let (crisis, by, called) = crises::load(tx, id.0).await?;
        let facts = crises::finding_facts(tx, id.0, &order, called).await?;
        crises::save_found(tx, crisis.find(tx.mint(), &order, &by, facts, tx.now())?).await?;
        crises::card(tx, id.0).await
    })
    .await
}

/// Record the follow-up of a crisis
///
/// After a grave crisis that concerns somebody, the account that ended it has to see to what follows, such as an urgent consilium.
#[utoipa::path(tag = "help", params(("id" = CrisisId, Path)), request_body = CrisisFollowUp, responses((status = 200, body = CrisisCard)))]
#[post("/crises/{id}/follow-up")]
async fn follow_crisis_up(
    db: Guarded<may::HandleCrises>,
    id: Id<CrisisId>,
    order: Order<CrisisFollowUp>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let it = crises::load_after(tx, id.0).await?;
        crises::save_followed_up(tx, it.signal.follow_up(&order, it.is_follow_up_due, &it.by)?).await?;
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
        let it = crises::load_after(tx, id.0).await?;
        let surveyed = it.signal.survey(&order, it.is_survey_due, (it.reported_on, tx.today()))?;
        crises::save_surveyed(tx, surveyed).await?;
        crises::card(tx, id.0).await
    })
    .await
}

/// Resolve a crisis
///
/// The account that is responsible ends it, after somebody has talked with the person and danger to a child was told in writing. After
/// a grave crisis it is given the task of an urgent consilium. If the crisis concerns somebody, the follow-up is due on the crisis itself,
/// because a task is read by the whole institution.
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
