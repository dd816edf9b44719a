//! The steps of an agreement, saved.
use super::REASON;
use crate::engine::column::{Json, bind};
use crate::engine::conn::{db, prepared};
use crate::engine::failure::Failure;
use crate::engine::schema::{agreement_files, agreement_parties, agreements};
use crate::tx::Tx;
use diesel::dsl::exists;
use diesel::prelude::*;
use domain::base::change::Changed;
use domain::base::entry::Annulment;
use domain::base::id::{AgreementId, FileId, OrganizationId};
use domain::partnership::agreements::*;
use std::collections::BTreeSet;

/// The columns of a form.
macro_rules! form {
    ($tx:expr, $form:expr) => {{
        let it = $form;
        (
            agreements::organization_id.eq(bind(it.organization_id)),
            agreements::title.eq(bind(it.title.clone())),
            agreements::subject.eq(bind(it.subject.clone())),
            agreements::sphere.eq(bind(it.sphere)),
            agreements::partnership_level.eq(bind(it.partnership_level)),
            agreements::parties.eq(bind(Json(it.parties.clone()))),
            agreements::audiences.eq(bind(Json(it.audiences.clone()))),
            agreements::activities.eq(bind(Json(it.activities.clone()))),
            agreements::territory.eq(bind(it.territory.clone())),
            agreements::program_id.eq(bind(it.program_id)),
            agreements::project_ids.eq(bind(Json(it.project_ids.clone()))),
            agreements::act_ids.eq(bind(Json(it.act_ids.clone()))),
            agreements::updated_at.eq(bind($tx.now())),
        )
    }};
}

/// Saves a step of an agreement.
macro_rules! save {
    ($tx:expr, $id:expr, $set:expr, $records:expr) => {{
        let one = agreements::table.filter(agreements::id.eq(bind($id)));
        let step =
            (agreements::version.eq(agreements::version + 1), agreements::updated_at.eq(bind($tx.now())));
        let rows = db!($tx, execute, prepared(diesel::update(one).set((step, $set))))?;
        $tx.established(rows, $records)
    }};
}

/// Saves a new agreement.
pub async fn save_entered(tx: &mut Tx<'_>, change: Changed<Planned>) -> Result<(), Failure> {
    let (it, records) = change.into_parts();
    let head = (
        agreements::id.eq(bind(it.id)),
        agreements::version.eq(1),
        agreements::extensions.eq(bind(Json(Vec::<AgreementExtension>::new()))),
        agreements::created_at.eq(bind(tx.now())),
    );
    let row = (head, form!(tx, &it.form));
    let rows = db!(tx, execute, diesel::insert_into(agreements::table).values(row))?;
    tx.established(rows, records)?;
    add_parties(tx, it.id, &it.form).await
}

/// Saves an edited form with its parties.
pub async fn save_edited(tx: &mut Tx<'_>, change: Changed<Planned>) -> Result<(), Failure> {
    let (it, records) = change.into_parts();
    let one =
        agreements::table.filter(agreements::id.eq(bind(it.id))).filter(agreements::signed_on.is_null());
    let set = (agreements::version.eq(agreements::version + 1), form!(tx, &it.form));
    let rows = db!(tx, execute, prepared(diesel::update(one).set(set)))?;
    tx.established(rows, records)?;
    let theirs = agreement_parties::table.filter(agreement_parties::agreement_id.eq(bind(it.id)));
    db!(tx, execute, diesel::delete(theirs))?;
    add_parties(tx, it.id, &it.form).await
}

async fn add_parties(tx: &mut Tx<'_>, id: AgreementId, form: &AgreementForm) -> Result<(), Failure> {
    let all: BTreeSet<OrganizationId> = form.parties.iter().filter_map(|it| it.organization_id).collect();
    for of in all {
        let row =
            (agreement_parties::organization_id.eq(bind(of)), agreement_parties::agreement_id.eq(bind(id)));
        db!(tx, execute, diesel::insert_into(agreement_parties::table).values(row))?;
    }
    Ok(())
}

/// Keeps a paper of an agreement, which its parties read. One file may hold several papers.
async fn add_file(tx: &mut Tx<'_>, of: AgreementId, file: Option<FileId>) -> Result<(), Failure> {
    let Some(id) = file else { return Ok(()) };
    let known = agreement_files::table
        .filter(agreement_files::file_id.eq(bind(id)))
        .filter(agreement_files::agreement_id.eq(bind(of)));
    let is_known: bool = db!(tx, get_result, diesel::select(exists(known)))?;
    if !is_known {
        let row = (agreement_files::file_id.eq(bind(id)), agreement_files::agreement_id.eq(bind(of)));
        db!(tx, execute, diesel::insert_into(agreement_files::table).values(row))?;
    }
    Ok(())
}

/// Saves a signing.
pub async fn save_signed(tx: &mut Tx<'_>, change: Changed<NewlySigned>) -> Result<(), Failure> {
    let (NewlySigned { id, signing: it }, records) = change.into_parts();
    let file = it.file_id;
    let set = (
        agreements::number.eq(bind(Some(it.number))),
        agreements::signed_on.eq(Some(it.signed_on)),
        agreements::starts_on.eq(Some(it.starts_on)),
        agreements::ends_on.eq(it.ends_on),
        agreements::file_id.eq(bind(Some(it.file_id))),
    );
    save!(tx, id, set, records)?;
    add_file(tx, id, Some(file)).await
}

/// Saves an extension.
pub async fn save_extended(tx: &mut Tx<'_>, change: Changed<Signed>) -> Result<(), Failure> {
    let (it, records) = change.into_parts();
    let (id, file) = (it.id, it.extensions.last().map(|it| it.file_id));
    let set = (agreements::ends_on.eq(it.ends_on), agreements::extensions.eq(bind(Json(it.extensions))));
    save!(tx, id, set, records)?;
    add_file(tx, id, file).await
}

/// Saves a termination.
pub async fn save_terminated(tx: &mut Tx<'_>, change: Changed<Terminated>) -> Result<(), Failure> {
    let (Terminated { id, termination: it }, records) = change.into_parts();
    let file = it.file_id;
    let set = (agreements::ended_on.eq(Some(it.ended_on)), agreements::termination.eq(bind(Some(Json(it)))));
    save!(tx, id, set, records)?;
    add_file(tx, id, file).await
}

/// Saves an annulment.
pub async fn save_annulled(
    tx: &mut Tx<'_>,
    change: Changed<AgreementId>,
    order: &Annulment,
) -> Result<(), Failure> {
    let (id, records) = change.into_parts();
    let reason = tx.core.keys.seal(REASON, id.into(), &order.reason)?;
    save!(tx, id, agreements::annulment_reason.eq(bind(Some(reason))), records)
}
