//! Applications of candidates over HTTP.
use super::refer_documents;
use crate::http::answer::Answer;
use crate::http::guard::{Guarded, Id};
use crate::http::history::{self, HistoryPage};
use crate::http::list::{self, NoFilter, Query};
use crate::http::order::{Edit, Order};
use crate::http::problem::Problem;
use crate::http::routing::ServiceConfig;
use actix_web::{HttpRequest, get, post, put};
use domain::base::access::may;
use domain::base::change::SubjectKind;
use domain::base::id::ApplicationId;
use domain::mentors::{
    ApplicationForm, AssessmentForm, Checklist, Decision, DecisionFacts, DecisionKind, Draft,
    OWN_APPLICATION, ScreeningReport, Submission, Withdrawal,
};
use domain::people::Lives;
use domain::region::annexes::AnnexKind;
use persistence::engine::counts::Counts;
use persistence::engine::failure::Failure;
use persistence::mentors::applications::{self, ApplicationCard, ApplicationFilter};
use persistence::people;
use persistence::region::annexes;
use persistence::region::organizations::{must_newly_work, must_work};
use persistence::region::programs::must_be_in_force;
use persistence::sight::{all_of, must_refer, ruled, ruled_after};
use persistence::tx::Tx;

crate::http::page::pages! { ApplicationPage of ApplicationCard; }

/// The routes of this part of the feature.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(list_mentor_applications)
        .service(get_mentor_application_counts)
        .service(add_mentor_application)
        .service(get_mentor_application);
    config.service(replace_mentor_application).service(submit_mentor_application);
    config.service(get_mentor_application_screening).service(review_mentor_application);
    config.service(decide_mentor_application).service(withdraw_mentor_application);
    config.service(get_mentor_application_history).service(get_checklist);
    config.service(replace_assessment);
}

/// Checks the references of a form. The candidate's own person is not checked, because candidates may not have the
/// right to read people. An organization that was closed is named anew nowhere.
async fn refer(
    tx: &mut Tx<'_>,
    form: &ApplicationForm,
    before: Option<&ApplicationForm>,
) -> Result<(), Failure> {
    let own = tx.caller().and_then(|it| it.person);
    let person = Some(form.person_id).filter(|it| own != Some(*it));
    let (statement, questionnaire) = (form.statement.as_ref(), form.questionnaire.as_ref());
    let (statement, questionnaire) =
        (statement.and_then(|it| it.annex_id), questionnaire.and_then(|it| it.annex_id));
    let decides = (before.map(|it| it.organization_id), Some(form.organization_id));
    let ngo = (before.and_then(|it| it.ngo_id), form.ngo_id);
    let refers = all_of([
        must_refer(tx, SubjectKind::Person, person, "/person_id").await,
        must_refer(tx, SubjectKind::Organization, Some(form.organization_id), "/organization_id").await,
        must_refer(tx, SubjectKind::Organization, form.ngo_id, "/ngo_id").await,
        must_refer(tx, SubjectKind::Program, Some(form.program_id), "/program_id").await,
        must_newly_work(tx, decides, "/organization_id").await,
        must_newly_work(tx, ngo, "/ngo_id").await,
        annexes::must_be(tx, statement, AnnexKind::Statement, "/statement/annex_id").await,
        annexes::must_be(tx, questionnaire, AnnexKind::Questionnaire, "/questionnaire/annex_id").await,
    ]);
    // Whose form it is rests on all that it names.
    let ours = if refers.is_ok() { applications::must_be_ours(tx, form) } else { Ok(()) };
    let keeper = (refers.is_ok() && ours.is_ok()).then_some(form.organization_id);
    let known = before.map(|it| it.documents.as_slice()).unwrap_or_default();
    all_of([refers, ours, refer_documents(tx, known, &form.documents, keeper).await])
}

/// The life of the candidate. It bounds nothing beside a dangling reference: the candidate may be the one whom the caller does not see.
async fn life_of_candidate(
    tx: &mut Tx<'_>,
    form: &ApplicationForm,
    refers: &Result<(), Failure>,
) -> Result<Lives, Failure> {
    match refers {
        Ok(()) => people::life_of(tx, form.person_id).await,
        Err(_) => Ok(Lives::default()),
    }
}

/// List mentor applications
///
/// Applications to the caller's institutions or programs, and the caller's own, the newest first.
#[utoipa::path(tag = "mentors", params(ApplicationFilter), responses((status = 200, body = ApplicationPage)))]
#[get("/mentor-applications")]
async fn list_mentor_applications(
    db: Guarded<may::ReadApplications>,
    query: Query<ApplicationFilter>,
) -> Result<Answer, Problem> {
    db.list(query, applications::list).await
}

/// Count mentor applications
///
/// The number of mentor applications that the caller sees, by a member of theirs.
#[utoipa::path(tag = "mentors", params(applications::ApplicationCountQuestion), responses((status = 200, body = Counts)))]
#[get("/mentor-applications/counts")]
async fn get_mentor_application_counts(
    db: Guarded<may::ReadApplications>,
    request: HttpRequest,
) -> Result<Answer, Problem> {
    let asked: applications::ApplicationCountQuestion = list::filters(request.query_string())?;
    db.read(async |tx| applications::counts(tx, &asked).await).await
}

/// Begin a mentor application
///
/// Creates a draft. Candidates write it for themselves, or staff of the institution write it for them. The statement
/// and the questionnaire may be added later, but before the submission.
#[utoipa::path(tag = "mentors", request_body = ApplicationForm, responses((status = 201, body = ApplicationCard)))]
#[post("/mentor-applications")]
async fn add_mentor_application(
    db: Guarded<may::EditApplications>,
    form: Order<ApplicationForm>,
) -> Result<Answer, Problem> {
    db.create(async move |tx| {
        let refers = refer(tx, &form, None).await;
        let life = life_of_candidate(tx, &form, &refers).await?;
        let goes_on = life.must_go_on("/person_id").map_err(Failure::from);
        let draft = life.judge(form.days(), Draft::add(tx.mint(), &form, tx.today()));
        let draft = ruled_after([refers, goes_on], draft)?;
        let id = draft.value().id;
        applications::save_added(tx, draft).await?;
        applications::card(tx, id).await
    })
    .await
}

/// Get a mentor application
///
/// One application with its annexes. Reading it changes nothing; `POST …/screening` opens the review.
#[utoipa::path(tag = "mentors", params(("id" = ApplicationId, Path)), responses((status = 200, body = ApplicationCard)))]
#[get("/mentor-applications/{id}")]
async fn get_mentor_application(
    db: Guarded<may::ReadApplications>,
    id: Id<ApplicationId>,
) -> Result<Answer, Problem> {
    db.read(async |tx| applications::card(tx, id.0).await).await
}

/// Replace a draft application
///
/// Replaces the whole form of a draft; needs the version in `If-Match`. The candidate cannot change.
#[utoipa::path(tag = "mentors", params(("id" = ApplicationId, Path)), request_body = ApplicationForm, responses((status = 200, body = ApplicationCard)))]
#[put("/mentor-applications/{id}")]
async fn replace_mentor_application(
    db: Guarded<may::EditApplications>,
    id: Id<ApplicationId>,
    edit: Edit<ApplicationForm>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let draft = applications::load(tx, id.0).await?.draft()?;
        let form = edit.of(&draft.form)?;
        let refers = refer(tx, &form, Some(&draft.form)).await;
        let life = life_of_candidate(tx, &form, &refers).await?;
        let edited = life.judge(form.days(), draft.edit(&form, tx.today()));
        applications::save_edited(tx, ruled_after([refers], edited)?).await?;
        applications::card(tx, id.0).await
    })
    .await
}

/// Submit a mentor application
///
/// Submits a draft. Otherwise the answer lists everything that is missing, by 002 §3.6, the program's edition in
/// force, and the fields of the questionnaire's annex.
#[utoipa::path(tag = "mentors", params(("id" = ApplicationId, Path)), request_body = Submission, responses((status = 200, body = ApplicationCard)))]
#[post("/mentor-applications/{id}/submission")]
async fn submit_mentor_application(
    db: Guarded<may::EditApplications>,
    id: Id<ApplicationId>,
    order: Order<Submission>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let draft = applications::load(tx, id.0).await?.draft()?;
        let edition = must_be_in_force(tx, draft.form.program_id, tx.today()).await?;
        let annex = applications::annex(tx, &draft.form).await?;
        let life = people::life_of(tx, draft.form.person_id).await?;
        let submitted = draft.submit(&order, &life, &edition.form, annex.as_ref(), tx.today())?;
        applications::save_submitted(tx, submitted).await?;
        applications::card(tx, id.0).await
    })
    .await
}

/// Get the screening of an application
///
/// Applies every rule as of today and lists all that fail, each with its code and paragraph. The request changes
/// nothing.
#[utoipa::path(tag = "mentors", params(("id" = ApplicationId, Path)), responses((status = 200, body = ScreeningReport)))]
#[get("/mentor-applications/{id}/screening")]
async fn get_mentor_application_screening(
    db: Guarded<may::ScreenApplications>,
    id: Id<ApplicationId>,
) -> Result<Answer, Problem> {
    db.read(async |tx| applications::screening(tx, id.0).await).await
}

/// Open the review of an application
///
/// Takes a submitted application under review and answers with its screening. Nobody reviews their own application.
#[utoipa::path(tag = "mentors", params(("id" = ApplicationId, Path)), responses((status = 200, body = ScreeningReport)))]
#[post("/mentor-applications/{id}/screening")]
async fn review_mentor_application(
    db: Guarded<may::ScreenApplications>,
    id: Id<ApplicationId>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let submitted = applications::load(tx, id.0).await?.submitted()?;
        if tx.caller().and_then(|it| it.person) == Some(submitted.form.person_id) {
            return Err(OWN_APPLICATION.refuse().into());
        }
        let reviewed = submitted.review(tx.today());
        applications::save_reviewed(tx, reviewed).await?;
        applications::screening(tx, id.0).await
    })
    .await
}

/// Get the checklist of an application
///
/// Every document that the program's edition in force demands: whether it is there, its last day, and whether it has
/// expired or expires soon. The statement and the questionnaire are listed too.
#[utoipa::path(tag = "mentors", params(("id" = ApplicationId, Path)), responses((status = 200, body = Checklist)))]
#[get("/mentor-applications/{id}/checklist")]
async fn get_checklist(db: Guarded<may::ReadApplications>, id: Id<ApplicationId>) -> Result<Answer, Problem> {
    db.read(async |tx| applications::checklist(tx, id.0).await).await
}

/// Replace the assessment of a candidate
///
/// Records whether the candidate meets each of the five requirements of 002 §2.2.1. If the program demands it, an
/// approval needs it. Nobody assesses themselves, and the candidate does not see it. Needs the version of the
/// application in `If-Match`.
#[utoipa::path(tag = "mentors", params(("id" = ApplicationId, Path)), request_body = AssessmentForm, responses((status = 200, body = ApplicationCard)))]
#[put("/mentor-applications/{id}/assessment")]
async fn replace_assessment(
    db: Guarded<may::AssessApplications>,
    id: Id<ApplicationId>,
    edit: Edit<AssessmentForm>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let application = applications::load(tx, id.0).await?;
        let form = edit.of(&applications::assessment(tx, id.0).await?.unwrap_or_default())?;
        let assessed = application.assess(&form, tx.caller().and_then(|it| it.person))?;
        applications::save_assessed(tx, assessed).await?;
        applications::card(tx, id.0).await
    })
    .await
}

/// Decide on a mentor application
///
/// The director approves or rejects with a reason. An approval makes the candidate a mentor at once. If rules forbid
/// the approval, it is refused with all of them.
#[utoipa::path(tag = "mentors", params(("id" = ApplicationId, Path)), request_body = Decision, responses((status = 200, body = ApplicationCard)))]
#[post("/mentor-applications/{id}/decision")]
async fn decide_mentor_application(
    db: Guarded<may::DecideApplications>,
    id: Id<ApplicationId>,
    order: Order<Decision>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let application = applications::load(tx, id.0).await?;
        let facts = decision_facts(tx, id.0, application.form()).await?;
        let approved = (order.kind == DecisionKind::Approve).then_some(application.form().organization_id);
        let works = must_work(tx, approved, "/kind").await;
        let decided = ruled(application.decide(&order, &facts, tx.today()), [works])?;
        applications::save_decided(tx, decided).await?;
        applications::card(tx, id.0).await
    })
    .await
}

async fn decision_facts(
    tx: &mut Tx<'_>,
    id: ApplicationId,
    form: &ApplicationForm,
) -> Result<DecisionFacts, Failure> {
    Ok(DecisionFacts {
        candidate: applications::candidate(tx, id, form).await?,
        asked: must_be_in_force(tx, form.program_id, tx.today()).await?.form.mentor,
        decided_by: tx.caller().and_then(|it| it.person),
        mentor_id: tx.mint(),
    })
}

/// Withdraw a mentor application
///
/// Withdraws an application that is not decided yet.
#[utoipa::path(tag = "mentors", params(("id" = ApplicationId, Path)), request_body = Withdrawal, responses((status = 200, body = ApplicationCard)))]
#[post("/mentor-applications/{id}/withdrawal")]
async fn withdraw_mentor_application(
    db: Guarded<may::EditApplications>,
    id: Id<ApplicationId>,
    order: Order<Withdrawal>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let application = applications::load(tx, id.0).await?;
        let withdrawn = application.withdraw(&order, tx.today())?;
        applications::save_withdrawn(tx, withdrawn).await?;
        applications::card(tx, id.0).await
    })
    .await
}

/// Get the history of a mentor application
///
/// Changes of the application, the latest first.
#[utoipa::path(tag = "mentors", params(("id" = ApplicationId, Path)), responses((status = 200, body = HistoryPage)))]
#[get("/mentor-applications/{id}/history")]
async fn get_mentor_application_history(
    db: Guarded<may::ReadHistory>,
    id: Id<ApplicationId>,
    query: Query<NoFilter>,
) -> Result<Answer, Problem> {
    history::of(db, SubjectKind::Application, id.0, query).await
}
