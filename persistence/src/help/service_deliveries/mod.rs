//! Deliveries of services in the database: they are entries; here is what needs other rows.
//!
//! - `contributions`: those that other organizations record in a case.
mod contributions;

pub use contributions::{
    DeliveryContributionCard, add_by_member, add_by_referral, list_by_member, list_by_referral,
};

pub(crate) use contributions::of_others;

use super::{needs, service_standards};
use crate::engine::column::bind;
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::schema::{beneficiaries, cases, people, service_deliveries as deliveries};
use crate::entry;
use crate::tx::Tx;
use chrono::NaiveDate;
use diesel::dsl::max;
use diesel::prelude::*;
use domain::accompaniment::monthly_records::{MonthItem, MonthItemKind};
use domain::base::id::CaseId;
use domain::base::refusal::Reason;
use domain::base::text::REFERENCE;
use domain::help::service_deliveries::{DeliveryFacts, ServiceDeliveryForm};
use domain::help::service_standards::ServiceStandardForm;
use domain::people::BeneficiaryCategory;
use domain::region::organizations::{OrganizationForm, OrganizationKind};
use uuid::Uuid;

/// The reasons against a delivery that other rows know: its standard, its provider, its recipient, its needs.
pub(crate) async fn against(
    tx: &mut Tx<'_>,
    case: CaseId,
    form: &ServiceDeliveryForm,
) -> Result<Vec<Reason>, Failure> {
    let unsuited = needs::unsuited(tx, case, &form.need_ids).await?;
    let mut reasons: Vec<Reason> =
        unsuited.into_iter().map(|n| REFERENCE.reason().at(format!("/need_ids/{n}"))).collect();
    let standard = entry::those::<ServiceStandardForm>(tx, vec![form.standard_id]).await?.pop();
    // One that is missing is refused as a reference.
    let Some(standard) = standard else { return Ok(reasons) };
    let is_later =
        service_standards::is_superseded(tx, standard.id, &standard.form, form.delivered_on).await?;
    let (category, born_on) = recipient(tx, case).await?;
    let facts = DeliveryFacts {
        standard: &standard.form,
        is_superseded: is_later || standard.annulment.is_some(),
        provider: provider(tx, form).await?,
        category,
        born_on,
    };
    reasons.extend(form.against_facts(&facts));
    Ok(reasons)
}

async fn provider(tx: &mut Tx<'_>, form: &ServiceDeliveryForm) -> Result<Option<OrganizationKind>, Failure> {
    let Some(id) = form.provider_organization_id else { return Ok(form.provider_kind) };
    let found = entry::those::<OrganizationForm>(tx, vec![id]).await?.pop();
    Ok(found.map(|it| it.form.kind))
}

/// The category of the beneficiary of a case, and the birth date of a person.
async fn recipient(
    tx: &mut Tx<'_>,
    case: CaseId,
) -> Result<(BeneficiaryCategory, Option<NaiveDate>), Failure> {
    let theirs = cases::table.inner_join(beneficiaries::table.left_join(people::table));
    let theirs = theirs.filter(cases::id.eq(bind(case)));
    Ok(db!(tx, first, theirs.select((beneficiaries::category, people::birth_date.nullable())))?)
}

/// The day of the last delivery on record in a case.
pub(crate) async fn recorded_until(tx: &mut Tx<'_>, case: CaseId) -> Result<Option<NaiveDate>, Failure> {
    let theirs = deliveries::table
        .filter(deliveries::case_id.eq(bind(case)))
        .filter(deliveries::annulment_reason.is_null());
    Ok(db!(tx, first, theirs.select(max(deliveries::delivered_on)))?)
}

/// Deliveries in a case within these days.
pub(crate) async fn month_items(
    tx: &mut Tx<'_>,
    case: CaseId,
    (from, to): (NaiveDate, NaiveDate),
) -> Result<Vec<MonthItem>, Failure> {
    let theirs = deliveries::table
        .filter(deliveries::case_id.eq(bind(case)))
        .filter(deliveries::delivered_on.ge(from).and(deliveries::delivered_on.le(to)))
        .filter(deliveries::annulment_reason.is_null())
        .select((deliveries::id, deliveries::delivered_on, deliveries::minutes));
    let lines: Vec<(Uuid, NaiveDate, Option<i32>)> = db!(tx, load, theirs)?;
    let item = |(id, on, minutes)| MonthItem { minutes, ..MonthItem::of(MonthItemKind::Delivery, id, on) };
    Ok(lines.into_iter().map(item).collect())
}
