//! The names of plans and of their versions beside ids, for those who read them.
use super::plan::Row;
use super::seen::Ward;
use crate::accompaniment::plan_forms;
use crate::engine::column::binds;
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::schema::{plan_versions, plans};
use crate::tx::Tx;
use diesel::prelude::*;
use domain::accompaniment::plans::PlanVersionState;
use domain::base::id::{BeneficiaryId, PlanFormId, PlanId, PlanVersionId};
use domain::base::word::Word;
use std::collections::HashMap;

/// The rows of those of the given plans that the right of this transaction reaches, and their beneficiaries.
async fn seen(tx: &mut Tx<'_>, ids: &[PlanId]) -> Result<(Vec<Row>, HashMap<BeneficiaryId, Ward>), Failure> {
    let some = plans::table.filter(plans::id.eq_any(binds(ids)));
    let mut rows: Vec<Row> = db!(tx, load, some.select(Row::as_select()))?;
    let of: Vec<BeneficiaryId> = rows.iter().map(|it| it.beneficiary_id).collect();
    let wards = Ward::of_each(tx, &of).await?;
    let scope = tx.scope();
    rows.retain(|it| {
        wards.get(&it.beneficiary_id).is_some_and(|ward| ward.sees(scope, it.kind, it.organization_id))
    });
    Ok((rows, wards))
}

/// The names of those of the given plans that the right of this transaction reaches: the kind and the first day.
pub(crate) async fn names(tx: &mut Tx<'_>, ids: &[PlanId]) -> Result<Vec<(PlanId, String)>, Failure> {
    let (rows, _) = seen(tx, ids).await?;
    Ok(rows.into_iter().map(|it| (it.id, format!("{}, {}", it.kind.ru(), it.opened_on))).collect())
}

/// The names of those of the given versions that the caller reads: the kind of the plan and the number.
pub(crate) async fn version_names(
    tx: &mut Tx<'_>,
    ids: &[PlanVersionId],
) -> Result<Vec<(PlanVersionId, String)>, Failure> {
    type Found = (PlanVersionId, PlanId, PlanFormId, i32, PlanVersionState);
    let columns = (
        plan_versions::id,
        plan_versions::plan_id,
        plan_versions::form_id,
        plan_versions::number,
        plan_versions::state,
    );
    let some = plan_versions::table.filter(plan_versions::id.eq_any(binds(ids)));
    let found: Vec<Found> = db!(tx, load, some.select(columns))?;
    let of: Vec<PlanId> = found.iter().map(|it| it.1).collect();
    let (rows, wards) = seen(tx, &of).await?;
    let of: Vec<PlanFormId> = found.iter().map(|it| it.2).collect();
    let forms = plan_forms::of_versions(tx, &of).await?;
    let mut named = Vec::with_capacity(found.len());
    for (id, plan, form, number, state) in found {
        let Some(row) = rows.iter().find(|it| it.id == plan) else { continue };
        let by = wards.get(&row.beneficiary_id).map(|ward| row.standing(tx, ward));
        let is_read = by.zip(forms.get(&form)).is_some_and(|(by, form)| by.eyes.read(&form.layout, state));
        if is_read {
            named.push((id, format!("{}, № {number}", row.kind.ru())));
        }
    }
    Ok(named)
}
