//! Monthly records over HTTP.
use crate::http::answer::Answer;
use crate::http::guard::{Guarded, Id, OtherId};
use crate::http::history::{self, HistoryPage};
use crate::http::list::{self, NoFilter, Query};
use crate::http::order::{Edit, Order};
use crate::http::problem::Problem;
use crate::http::routing::ServiceConfig;
use actix_web::{HttpRequest, get, post, put};
use domain::accompaniment::monthly_records::{MonthlyCorrection, MonthlySignature, MonthlyWords};
use domain::base::access::may;
use domain::base::change::SubjectKind;
use domain::base::id::{CaseId, MonthlyRecordId};
use domain::base::month::Month;
use persistence::accompaniment::monthly_records::{
    self as records, CompletenessQuestion, MonthlyCompleteness, MonthlyRecordCard, MonthlyRecordFilter,
    MonthlyRecordsOfCase,
};

crate::http::page::pages! { MonthlyRecordPage of MonthlyRecordCard; }

/// The routes of this feature.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(list_monthly_records)
        .service(get_monthly_completeness)
        .service(list_monthly_records_of_case);
    config.service(get_monthly_record_of_case).service(replace_monthly_words).service(sign_monthly_record);
    config.service(correct_monthly_record).service(get_monthly_record).service(get_monthly_record_history);
}

/// List monthly records
///
/// Records of the months from `from` to `to`, the earliest month first. A case has one for each month on which it was open, from the
/// month of its entry on, also while nothing is written.
#[utoipa::path(tag = "cases", params(MonthlyRecordFilter), responses((status = 200, body = MonthlyRecordPage)))]
#[get("/monthly-records")]
async fn list_monthly_records(
    db: Guarded<may::ReadMonthlyRecords>,
    query: Query<MonthlyRecordFilter>,
) -> Result<Answer, Problem> {
    db.list(query, records::list).await
}

/// Count the monthly records of a month
///
/// The number of cases of each organization that are expected to have a record, and of those that have it in time, later, or not.
#[utoipa::path(tag = "cases", params(CompletenessQuestion), responses((status = 200, body = MonthlyCompleteness)))]
#[get("/monthly-records/completeness")]
async fn get_monthly_completeness(
    db: Guarded<may::ReadMonthlyRecords>,
    request: HttpRequest,
) -> Result<Answer, Problem> {
    let asked: CompletenessQuestion = list::filters(request.query_string())?;
    db.read(async |tx| records::completeness(tx, &asked).await).await
}

/// List the monthly records of a case
///
/// A record for each month from the entry of the case to its end, the latest first.
#[utoipa::path(tag = "cases", params(("id" = CaseId, Path), MonthlyRecordsOfCase), responses((status = 200, body = MonthlyRecordPage)))]
#[get("/cases/{id}/monthly-records")]
async fn list_monthly_records_of_case(
    db: Guarded<may::ReadMonthlyRecords>,
    id: Id<CaseId>,
    query: Query<MonthlyRecordsOfCase>,
) -> Result<Answer, Problem> {
    db.list(query, async |tx, filter, window| records::of_case(tx, id.0, filter, window).await).await
}

/// Get the monthly record of a case
///
/// The record of one month. Until the signature it is a draft: everything that happened is counted as it is on record now. The signed
/// content never changes; later differences stand beside it, and in the next record.
#[utoipa::path(tag = "cases", params(("id" = CaseId, Path), ("month" = Month, Path)), responses((status = 200, body = MonthlyRecordCard)))]
#[get("/cases/{id}/monthly-records/{month}")]
async fn get_monthly_record_of_case(
    db: Guarded<may::ReadMonthlyRecords>,
    id: Id<CaseId>,
    month: OtherId<Month>,
) -> Result<Answer, Problem> {
    db.read(async |tx| records::card(tx, id.0, month.0).await).await
}

/// Replace the own words of a month
///
/// The words of the draft, whole. The record of a month without any has the version 0.
#[utoipa::path(tag = "cases", params(("id" = CaseId, Path), ("month" = Month, Path)), request_body = MonthlyWords, responses((status = 200, body = MonthlyRecordCard)))]
#[put("/cases/{id}/monthly-records/{month}")]
async fn replace_monthly_words(
    db: Guarded<may::EditMonthlyRecords>,
    id: Id<CaseId>,
    month: OtherId<Month>,
    edit: Edit<MonthlyWords>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let at = records::load(tx, id.0, month.0).await?;
        let draft = at.record.draft()?;
        let words = edit.of(&draft.words)?;
        records::save_words(tx, draft.write(&words)).await?;
        records::card(tx, id.0, month.0).await
    })
    .await
}

/// Sign the monthly record of a case
///
/// Fixes the words and everything that happened in the month. The specialist in charge signs, or a director or a head of the
/// organization. The first day for it is the last day of the month; the record of a closed case is signed at once.
#[utoipa::path(tag = "cases", params(("id" = CaseId, Path), ("month" = Month, Path)), request_body = MonthlySignature, responses((status = 200, body = MonthlyRecordCard)))]
#[post("/cases/{id}/monthly-records/{month}/signature")]
async fn sign_monthly_record(
    db: Guarded<may::EditMonthlyRecords>,
    id: Id<CaseId>,
    month: OtherId<Month>,
    order: Order<MonthlySignature>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let at = records::load(tx, id.0, month.0).await?;
        let content = at.content(tx, month.0).await?;
        let signed = at.record.draft()?.sign(&order, &at.facts, content, (tx.now(), tx.today()))?;
        records::save_signed(tx, signed).await?;
        records::card(tx, id.0, month.0).await
    })
    .await
}

/// Correct a signed monthly record
///
/// Adds a correction with its reason. Everything that was signed stays as it is.
#[utoipa::path(tag = "cases", params(("id" = CaseId, Path), ("month" = Month, Path)), request_body = MonthlyCorrection, responses((status = 200, body = MonthlyRecordCard)))]
#[post("/cases/{id}/monthly-records/{month}/corrections")]
async fn correct_monthly_record(
    db: Guarded<may::EditMonthlyRecords>,
    id: Id<CaseId>,
    month: OtherId<Month>,
    order: Order<MonthlyCorrection>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let signed = records::load(tx, id.0, month.0).await?.record.signed()?;
        let corrected = signed.correct(&order, tx.author()?, tx.now())?;
        records::save_corrected(tx, corrected).await?;
        records::card(tx, id.0, month.0).await
    })
    .await
}

/// Get a monthly record
///
/// A record by its id: one with words or a signature.
#[utoipa::path(tag = "cases", params(("id" = MonthlyRecordId, Path)), responses((status = 200, body = MonthlyRecordCard)))]
#[get("/monthly-records/{id}")]
async fn get_monthly_record(
    db: Guarded<may::ReadMonthlyRecords>,
    id: Id<MonthlyRecordId>,
) -> Result<Answer, Problem> {
    db.read(async |tx| records::card_by_id(tx, id.0).await).await
}

/// Get the history of a monthly record
///
/// Changes of the record, the latest first.
#[utoipa::path(tag = "cases", params(("id" = MonthlyRecordId, Path)), responses((status = 200, body = HistoryPage)))]
#[get("/monthly-records/{id}/history")]
async fn get_monthly_record_history(
    db: Guarded<may::ReadHistory>,
    id: Id<MonthlyRecordId>,
    query: Query<NoFilter>,
) -> Result<Answer, Problem> {
    history::of(db, SubjectKind::MonthlyRecord, id.0, query).await
}
