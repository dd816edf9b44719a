//! Saving of mentors.
use super::documents;
use crate::engine::column::{Json, bind};
use crate::engine::conn::{db, prepared};
use crate::engine::failure::Failure;
use crate::engine::schema::mentors;
use crate::tx::Tx;
use diesel::prelude::*;
use domain::base::change::Changed;
use domain::mentors::Mentor;

pub(super) const NOTE: &str = "mentors.note";

macro_rules! form_row {
    ($tx:expr, $it:expr) => {{
        let (edition_id, valid_until) = documents::reckoned($tx, $it).await?;
        (
            mentors::documents_edition_id.eq(bind(Some(edition_id))),
            mentors::documents_valid_until.eq(valid_until),
            mentors::ngo_id.eq(bind($it.form.ngo_id)),
            mentors::capacity.eq($it.form.capacity),
            mentors::qualified_risk_level.eq($it.form.qualified_risk_level),
            mentors::backgrounds.eq(bind(Json($it.form.backgrounds.clone()))),
            mentors::documents.eq(bind(Json($it.form.documents.clone()))),
            mentors::note.eq(bind($tx.core.keys.seal_some(NOTE, $it.id, $it.form.note.as_ref())?)),
            mentors::updated_at.eq(bind($tx.now())),
        )
    }};
}

/// Inserts the mentor that a decision made. The decision already carries the facts.
pub(super) async fn insert(tx: &mut Tx<'_>, it: &Mentor) -> Result<(), Failure> {
    let head = (
        mentors::id.eq(bind(it.id)),
        mentors::version.eq(1),
        mentors::person_id.eq(bind(it.person_id)),
        mentors::organization_id.eq(bind(it.organization_id)),
        mentors::application_id.eq(bind(it.application_id)),
        mentors::approved_on.eq(it.approved_on),
        mentors::created_at.eq(bind(tx.now())),
    );
    let form = form_row!(tx, it);
    let rows = db!(tx, execute, diesel::insert_into(mentors::table).values((head, form)))?;
    tx.established(rows, Vec::new())
}

/// Saves an edited mentor.
pub async fn save_edited(tx: &mut Tx<'_>, change: Changed<Mentor>) -> Result<(), Failure> {
    let (it, records) = change.into_parts();
    let next = mentors::version.eq(mentors::version + 1);
    let form = form_row!(tx, &it);
    let rows =
        db!(tx, execute, prepared(diesel::update(mentors::table.find(bind(it.id))).set((next, form))))?;
    tx.established(rows, records)
}
