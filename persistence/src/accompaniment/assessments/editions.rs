//! Editions of scales, as orders about assessments name them.
use crate::engine::column::bind;
use crate::engine::conn::db;
use crate::engine::editions::entry_in_effect;
use crate::engine::failure::Failure;
use crate::engine::schema::scales;
use crate::entry;
use crate::sight::dangling;
use crate::tx::Tx;
use diesel::dsl::exists;
use diesel::prelude::*;
use domain::accompaniment::assessments::{Draft, ScaleAssessmentForm, UsedScale};
use domain::accompaniment::scales::ScaleForm;
use domain::base::id::ScaleId;
use domain::base::text::Code;

/// The edition of a scale that an order names, as it stood on the day of the assessment. `None` if there is none.
pub async fn used_scale(tx: &mut Tx<'_>, order: &ScaleAssessmentForm) -> Result<Option<UsedScale>, Failure> {
    let Some(it) = edition(tx, order.scale_id).await? else { return Ok(None) };
    let all = scales::table.filter(scales::code.eq(bind(it.form.code.clone())));
    let latest: Option<ScaleId> = entry_in_effect!(tx, scales, all, order.assessed_on, scales::id);
    let is_superseded = latest.is_some_and(|it| it != order.scale_id);
    Ok(Some(UsedScale { is_superseded, ..it }))
}

/// An edition of a scale by itself.
async fn edition(tx: &mut Tx<'_>, id: ScaleId) -> Result<Option<UsedScale>, Failure> {
    match entry::found::<ScaleForm>(tx, id).await {
        Ok(it) => {
            let is_annulled = it.annulment.is_some();
            Ok(Some(UsedScale { form: it.form, is_annulled, is_superseded: false }))
        }
        Err(Failure::NotFound(_)) => Ok(None),
        Err(other) => Err(other),
    }
}

/// The edition of the scale of a draft, which keeps it also when others follow.
pub async fn scale_of(tx: &mut Tx<'_>, it: &Draft) -> Result<UsedScale, Failure> {
    edition(tx, it.scale_id()).await?.ok_or_else(|| Failure::broken("an assessment without its scale"))
}

/// Whether the region has a scale with that code.
pub async fn has_scale(tx: &mut Tx<'_>, code: &Code) -> Result<bool, Failure> {
    let found = scales::table.filter(scales::code.eq(bind(code.clone())));
    Ok(db!(tx, get_result, diesel::select(exists(found)))?)
}

/// The check that an order names a scale, beside its rule.
pub fn must_have_scale(scale: Option<&UsedScale>) -> Result<(), Failure> {
    if scale.is_some() { Ok(()) } else { Err(dangling("/scale_id")) }
}
