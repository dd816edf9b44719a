//! Saving assessments: a new one, and a changed one.
use super::{ANNULMENT, ANSWERS, CONCLUSION};
use crate::engine::column::{Json, bind};
use crate::engine::conn::{db, prepared};
use crate::engine::failure::Failure;
use crate::engine::schema::assessments;
use crate::tx::Tx;
use diesel::prelude::*;
use domain::accompaniment::assessments::Assessment;
use domain::base::change::Changed;

/// Saves a new assessment.
pub async fn save_started(tx: &mut Tx<'_>, change: Changed<Assessment>) -> Result<(), Failure> {
    let (it, records) = change.into_parts();
    let keys = &tx.core.keys;
    let row = (
        assessments::id.eq(bind(it.id)),
        assessments::version.eq(1),
        assessments::beneficiary_id.eq(bind(it.beneficiary_id)),
        assessments::scale_id.eq(bind(it.form.scale_id)),
        assessments::rater.eq(bind(it.form.rater)),
        assessments::point.eq(bind(it.form.point)),
        assessments::assessed_on.eq(it.form.assessed_on),
        assessments::answers.eq(bind(keys.seal(ANSWERS, it.id.into(), &it.form.answers)?)),
        assessments::conclusion.eq(bind(keys.seal_some(CONCLUSION, it.id, it.form.conclusion.as_ref())?)),
        assessments::made_by.eq(bind(it.made_by)),
        assessments::created_at.eq(bind(tx.now())),
        assessments::updated_at.eq(bind(tx.now())),
    );
    let rows = db!(tx, execute, diesel::insert_into(assessments::table).values(row))?;
    tx.established(rows, records)
}

/// Saves an edited, completed or annulled assessment.
pub async fn save_changed(tx: &mut Tx<'_>, change: Changed<Assessment>) -> Result<(), Failure> {
    let (it, records) = change.into_parts();
    let keys = &tx.core.keys;
    let reason = it.annulment.as_ref().map(|it| &it.reason);
    let set = (
        assessments::version.eq(assessments::version + 1),
        assessments::scale_id.eq(bind(it.form.scale_id)),
        assessments::rater.eq(bind(it.form.rater)),
        assessments::point.eq(bind(it.form.point)),
        assessments::assessed_on.eq(it.form.assessed_on),
        assessments::answers.eq(bind(keys.seal(ANSWERS, it.id.into(), &it.form.answers)?)),
        assessments::conclusion.eq(bind(keys.seal_some(CONCLUSION, it.id, it.form.conclusion.as_ref())?)),
        assessments::scores.eq(bind(it.scores.map(Json))),
        assessments::annulment_reason.eq(bind(keys.seal_some(ANNULMENT, it.id, reason)?)),
        assessments::updated_at.eq(bind(tx.now())),
    );
    let one = assessments::table.find(bind(it.id)).filter(assessments::annulment_reason.is_null());
    let rows = db!(tx, execute, prepared(diesel::update(one).set(set)))?;
    tx.established(rows, records)
}
