//! The end of a case and its handing over: what of its help is open, ends or goes on.
use super::{crises, documents, emergency_aids, needs, place_requests, referrals, service_deliveries, stays};
use crate::engine::failure::Failure;
use crate::tx::{HandedOver, OpenInCase, Tx};
use chrono::NaiveDate;
use domain::accompaniment::monthly_records::MonthItem;
use domain::base::id::CaseId;
use domain::base::refusal::Reason;

/// Grounds of the closing of a case and of its handing over. Each feature adds its own line: to `ends_with_case` what an order may end
/// with the case, to `outlasts_case` what refuses every closing, to `against_transfer` what no organization hands over, and to
/// `recorded_until` its last day on record. Crises go on: those who accompany the beneficiary see them.
pub(crate) async fn open(tx: &mut Tx<'_>, case: CaseId) -> Result<OpenInCase, Failure> {
    let mut open = blocking(tx, case).await?;
    open.ends_with_case.extend(needs::against_closing(tx, case).await?);
    open.recorded_until = open.recorded_until.max(needs::recorded_until(tx, case).await?);
    open.recorded_until = open.recorded_until.max(service_deliveries::recorded_until(tx, case).await?);
    open.recorded_until = open.recorded_until.max(stays::recorded_until(tx, case).await?);
    open.recorded_until = open.recorded_until.max(emergency_aids::recorded_until(tx, case).await?);
    open.recorded_until = open.recorded_until.max(documents::recorded_until(tx, case).await?);
    Ok(open)
}

/// The part of it that holds on any day. The card of a case asks no more: what an order may end blocks nothing, and its day is not known.
pub(crate) async fn blocking(tx: &mut Tx<'_>, case: CaseId) -> Result<OpenInCase, Failure> {
    let mut open = OpenInCase::default();
    let [referred, staying] = held(tx, case).await?;
    open.against_transfer.extend(referred.iter().chain(&staying).cloned());
    open.ends_with_case.extend(referred);
    open.outlasts_case.extend(staying);
    open.outlasts_case.extend(crises::against_closing(tx, case).await?);
    Ok(open)
}

/// The things that another organization cannot take over: the open referrals and the stays of a case.
async fn held(tx: &mut Tx<'_>, case: CaseId) -> Result<[Option<Reason>; 2], Failure> {
    Ok([referrals::against_closing(tx, case).await?, stays::against_closing(tx, case).await?])
}

/// The reasons against handing a case over.
pub(crate) async fn against_transfer(tx: &mut Tx<'_>, case: CaseId) -> Result<Vec<Reason>, Failure> {
    Ok(held(tx, case).await?.into_iter().flatten().collect())
}

/// The reasons against the stages of a case that wait until it has ended.
pub(crate) async fn against_leaving(tx: &mut Tx<'_>, case: CaseId) -> Result<Vec<Reason>, Failure> {
    Ok(crises::against_closing(tx, case).await?.into_iter().collect())
}

/// Ends everything of help that is open in a case which has closed, in the same transaction. Each feature adds its own line.
pub(crate) async fn ended(tx: &mut Tx<'_>, case: CaseId, closed_on: NaiveDate) -> Result<(), Failure> {
    needs::end_with_closed(tx, case, closed_on).await?;
    place_requests::end_with_case(tx, case).await?;
    referrals::end_with_case(tx, case).await
}

/// Hands what is open in a case over to the case that continues it in another organization. Each feature adds its own line.
pub(crate) async fn passed_on(tx: &mut Tx<'_>, it: &HandedOver) -> Result<(), Failure> {
    needs::pass_on(tx, it).await?;
    place_requests::end_with_handed_over(tx, it.from).await?;
    documents::pass_on(tx, it).await
}

/// Everything of help that happened in a case within these days, for its monthly record. Each feature adds its own line.
pub(crate) async fn month_items(
    tx: &mut Tx<'_>,
    case: CaseId,
    within: (NaiveDate, NaiveDate),
) -> Result<Vec<MonthItem>, Failure> {
    let mut all = needs::month_items(tx, case, within).await?;
    all.extend(crises::month_items(tx, case, within).await?);
    all.extend(service_deliveries::month_items(tx, case, within).await?);
    all.extend(stays::month_items(tx, case, within).await?);
    all.extend(emergency_aids::month_items(tx, case, within).await?);
    all.extend(documents::month_items(tx, case, within).await?);
    Ok(all)
}
