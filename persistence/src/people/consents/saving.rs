//! Saving consents: a new one, a further signature, a withdrawal.
use crate::engine::column::{Json, bind};
use crate::engine::conn::{db, prepared};
use crate::engine::failure::Failure;
use crate::engine::schema::{consent_signatures, personal_consents};
use crate::tx::Tx;
use diesel::prelude::*;
use domain::base::change::Changed;
use domain::base::id::ConsentId;
use domain::people::consents::{ConsentSignature, PersonalConsent, PersonalConsentWithdrawal};

/// Saves a new consent with its signatures.
pub async fn save_consent_recorded(tx: &mut Tx<'_>, change: Changed<PersonalConsent>) -> Result<(), Failure> {
    let (it, records) = change.into_parts();
    let row = (
        personal_consents::id.eq(bind(it.id)),
        personal_consents::version.eq(1),
        personal_consents::beneficiary_id.eq(bind(it.beneficiary_id)),
        personal_consents::purpose.eq(bind(it.form.purpose)),
        personal_consents::organization_ids.eq(bind(Json(it.form.organization_ids))),
        personal_consents::parts.eq(bind(Json(it.form.parts))),
        personal_consents::data.eq(bind(Json(it.form.data))),
        personal_consents::channels.eq(bind(Json(it.form.channels))),
        personal_consents::valid_until.eq(it.form.valid_until),
        personal_consents::created_at.eq(bind(tx.now())),
        personal_consents::updated_at.eq(bind(tx.now())),
    );
    let rows = db!(tx, execute, diesel::insert_into(personal_consents::table).values(row))?;
    tx.established(rows, records)?;
    for signature in &it.form.signatures {
        insert(tx, it.id, signature).await?;
    }
    Ok(())
}

/// Saves a further signature, the last of the consent.
pub async fn save_consent_signed(tx: &mut Tx<'_>, change: Changed<PersonalConsent>) -> Result<(), Failure> {
    let (it, records) = change.into_parts();
    let set = (
        personal_consents::version.eq(personal_consents::version + 1),
        personal_consents::updated_at.eq(bind(tx.now())),
    );
    let one = personal_consents::table.find(bind(it.id));
    let rows = db!(tx, execute, prepared(diesel::update(one).set(set)))?;
    tx.established(rows, records)?;
    match it.form.signatures.last() {
        Some(signature) => insert(tx, it.id, signature).await,
        None => Ok(()),
    }
}

/// Saves a withdrawal.
pub async fn save_consent_withdrawn(
    tx: &mut Tx<'_>,
    change: Changed<PersonalConsent>,
    order: &PersonalConsentWithdrawal,
) -> Result<(), Failure> {
    let (it, records) = change.into_parts();
    let set = (
        personal_consents::version.eq(personal_consents::version + 1),
        personal_consents::withdrawn_on.eq(it.withdrawn_on),
        personal_consents::withdrawn_by.eq(bind(Some(order.person_id))),
        personal_consents::withdrawal_file_id.eq(bind(order.file_id)),
        personal_consents::updated_at.eq(bind(tx.now())),
    );
    let open = personal_consents::table.find(bind(it.id)).filter(personal_consents::withdrawn_on.is_null());
    let rows = db!(tx, execute, prepared(diesel::update(open).set(set)))?;
    tx.established(rows, records)?;
    tx.above().consent_withdrawn(tx, it.id).await
}

async fn insert(tx: &mut Tx<'_>, of: ConsentId, it: &ConsentSignature) -> Result<(), Failure> {
    let row = (
        consent_signatures::consent_id.eq(bind(of)),
        consent_signatures::signatory.eq(bind(it.signatory)),
        consent_signatures::person_id.eq(bind(it.person_id)),
        consent_signatures::representative_id.eq(bind(it.representative_id)),
        consent_signatures::signed_on.eq(it.signed_on),
        consent_signatures::file_id.eq(bind(it.file_id)),
        consent_signatures::recorded_at.eq(bind(tx.now())),
    );
    db!(tx, execute, diesel::insert_into(consent_signatures::table).values(row))?;
    Ok(())
}
