//! Cases over HTTP.
use crate::http::answer::Answer;
use crate::http::guard::{Guarded, Id};
use crate::http::history::{self, HistoryPage};
use crate::http::list::{self, NoFilter, Query};
use crate::http::order::{Edit, Order};
use crate::http::problem::Problem;
use crate::http::routing::ServiceConfig;
use actix_web::{HttpRequest, get, post, put};
use domain::accompaniment::cases::grounds::CaseForm;
use domain::accompaniment::cases::{CaseAssignment, CaseClosing, CaseOpening};
use domain::base::access::may;
use domain::base::change::SubjectKind;
use domain::base::id::{CaseId, OrganizationId};
use persistence::accompaniment::cases::{self, CaseCard, CaseFilter};
use persistence::engine::counts::Counts;
use persistence::engine::failure::Failure;
use persistence::people;
use persistence::region::files::entrust_each;
use persistence::sight::{all_of, ruled, ruled_after};
use persistence::tx::Tx;

crate::http::page::pages! { CasePage of CaseCard; }

/// The routes of this feature.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(list_cases)
        .service(get_case_counts)
        .service(open_case)
        .service(get_case)
        .service(get_case_history);
    config.service(replace_case).service(assign_case).service(close_case);
}

/// List cases
///
/// Cases that the caller may see, the newest first.
#[utoipa::path(tag = "cases", params(CaseFilter), responses((status = 200, body = CasePage)))]
#[get("/cases")]
async fn list_cases(db: Guarded<may::ReadCases>, query: Query<CaseFilter>) -> Result<Answer, Problem> {
    db.list(query, cases::list).await
}

/// Count cases
///
/// The number of cases that the caller sees, by a member of theirs.
#[utoipa::path(tag = "cases", params(cases::CaseCountQuestion), responses((status = 200, body = Counts)))]
#[get("/cases/counts")]
async fn get_case_counts(db: Guarded<may::ReadCases>, request: HttpRequest) -> Result<Answer, Problem> {
    let asked: cases::CaseCountQuestion = list::filters(request.query_string())?;
    db.read(async |tx| cases::counts(tx, &asked).await).await
}

/// Open a case
///
/// Takes a beneficiary on accompaniment in an institution of the caller. A beneficiary has at most one open case
/// there. The specialist in charge must have a role in that institution. A case begins in any stage but monitoring. One that
/// continues a closed case keeps its kind and its stage. None begins in an institution that was closed.
#[utoipa::path(tag = "cases", request_body = CaseOpening, responses((status = 201, body = CaseCard)))]
#[post("/cases")]
async fn open_case(db: Guarded<may::EditCases>, order: Order<CaseOpening>) -> Result<Answer, Problem> {
    db.create(async move |tx| {
        let id = cases::open_by_order(tx, &order).await?;
        cases::card(tx, id).await
    })
    .await
}

/// Refuses a unit of another organization, and documents that the caller does not see. New documents are given to the
/// organization. A member of before is not asked again.
async fn must_suit(
    tx: &mut Tx<'_>,
    form: &CaseForm,
    before: &CaseForm,
    organization: OrganizationId,
) -> Result<(), Failure> {
    let unit = form.unit_id.filter(|it| before.unit_id != Some(*it));
    all_of([
        cases::must_be_unit_of(tx, unit, organization).await,
        entrust_each(tx, form.new_files(before), organization).await,
    ])
}

/// Replace the data of a case
///
/// Replaces the unit and the legal bases of an open case. No order changes the stage. Needs the version in `If-Match`.
#[utoipa::path(tag = "cases", params(("id" = CaseId, Path)), request_body = CaseForm, responses((status = 200, body = CaseCard)))]
#[put("/cases/{id}")]
async fn replace_case(
    db: Guarded<may::EditCases>,
    id: Id<CaseId>,
    edit: Edit<CaseForm>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let case = cases::load(tx, id.0).await?.open()?;
        let form = edit.of(&case.form)?;
        let suits = must_suit(tx, &form, &case.form, case.organization_id).await;
        let (lives, days) = (people::lives_of(tx, case.beneficiary_id).await?, form.new_days(&case.form));
        let edited = lives.judge(days, case.edit(&form, tx.today()));
        cases::save_edited(tx, ruled_after([suits], edited)?).await?;
        cases::card(tx, id.0).await
    })
    .await
}

/// Get a case
///
/// One case, with the actions that the caller may take.
#[utoipa::path(tag = "cases", params(("id" = CaseId, Path)), responses((status = 200, body = CaseCard)))]
#[get("/cases/{id}")]
async fn get_case(db: Guarded<may::ReadCases>, id: Id<CaseId>) -> Result<Answer, Problem> {
    db.read(async |tx| cases::card(tx, id.0).await).await
}

/// Assign a specialist to a case
///
/// Puts an account with a role in the institution in charge of an open case, or removes the specialist.
#[utoipa::path(tag = "cases", params(("id" = CaseId, Path)), request_body = CaseAssignment, responses((status = 200, body = CaseCard)))]
#[post("/cases/{id}/assignment")]
async fn assign_case(
    db: Guarded<may::EditCases>,
    id: Id<CaseId>,
    order: Order<CaseAssignment>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let case = cases::load(tx, id.0).await?.open()?;
        cases::must_serve(tx, order.specialist_user_id, case.organization_id).await?;
        let specialist = order.specialist_user_id;
        people::must_be_no_relative(tx, specialist, case.beneficiary_id, "/specialist_user_id").await?;
        cases::save_assigned(tx, case.assign(&order)).await?;
        cases::card(tx, id.0).await
    })
    .await
}

/// Close a case
///
/// Ends the accompaniment. It is refused while a mentorship of the beneficiary has not ended, for a day before the last
/// day of one, and with the reason `died` while no death is on record. The reason `unreachable` needs three attempts within the last
/// 60 days that reached nobody, the reason `refused` the signed document. Open needs and referrals refuse it too, unless `end_open`
/// ends them; a stay or a crisis that goes on refuses it anyway.
#[utoipa::path(tag = "cases", params(("id" = CaseId, Path)), request_body = CaseClosing, responses((status = 200, body = CaseCard)))]
#[post("/cases/{id}/closing")]
async fn close_case(
    db: Guarded<may::EditCases>,
    id: Id<CaseId>,
    order: Order<CaseClosing>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let case = cases::load(tx, id.0).await?.open()?;
        let facts = cases::closing_facts(tx, &case).await?;
        let file = order.file_id.map(|it| (it, "/file_id"));
        let given = entrust_each(tx, file, case.organization_id).await;
        let closed = ruled(case.close(&order, &facts, tx.today()), [given])?;
        cases::save_closed(tx, closed).await?;
        cases::card(tx, id.0).await
    })
    .await
}

/// Get the history of a case
///
/// Changes of the case, the latest first.
#[utoipa::path(tag = "cases", params(("id" = CaseId, Path)), responses((status = 200, body = HistoryPage)))]
#[get("/cases/{id}/history")]
async fn get_case_history(
    db: Guarded<may::ReadHistory>,
    id: Id<CaseId>,
    query: Query<NoFilter>,
) -> Result<Answer, Problem> {
    history::of(db, SubjectKind::Case, id.0, query).await
}
