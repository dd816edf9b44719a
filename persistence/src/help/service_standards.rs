//! Service standards in the database: they are entries; here is which edition is in force.
use crate::engine::column::bind;
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::schema::service_standards as standards;
use crate::tx::Tx;
use chrono::NaiveDate;
use diesel::dsl::exists;
use diesel::prelude::*;
use domain::base::id::ServiceStandardId;
use domain::base::text::Code;
use domain::help::service_standards::{ServiceStandardForm, StandardState};

/// Whether the region has a standard with this code.
pub async fn has_standard(tx: &mut Tx<'_>, code: &Code) -> Result<bool, Failure> {
    let known = standards::table.filter(standards::code.eq(bind(code.clone())));
    Ok(db!(tx, get_result, diesel::select(exists(known)))?)
}

/// Whether a later edition of the same standard was introduced and took effect by that day.
pub(crate) async fn is_superseded(
    tx: &mut Tx<'_>,
    id: ServiceStandardId,
    form: &ServiceStandardForm,
    day: NaiveDate,
) -> Result<bool, Failure> {
    let from = standards::effective_from;
    let later = from.gt(form.effective_from).or(from.eq(form.effective_from).and(standards::id.gt(bind(id))));
    let later = standards::table
        .filter(standards::code.eq(bind(form.code.clone())))
        .filter(standards::state.ne(bind(StandardState::Drafted)))
        .filter(standards::annulment_reason.is_null())
        .filter(from.le(day))
        .filter(later);
    Ok(db!(tx, get_result, diesel::select(exists(later)))?)
}
