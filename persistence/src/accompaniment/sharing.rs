//! The grounds on which another organization reads parts of a case, as storage knows them.
//!
//! A consent is asked anew at each read: its signatures, an age or a life may have been corrected since.
use crate::engine::column::{bind, binds};
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::schema::{beneficiaries, cases};
use crate::people::{consent_today, granting_consent, one_person};
use crate::scope::cases::seen;
use crate::scope::{Way, among, when, within};
use crate::tx::Tx;
use chrono::NaiveDate;
use diesel::prelude::*;
use domain::accompaniment::sharing::{GrantingConsent, GroundFacts, opens_by_consent, opens_by_law};
use domain::base::access::{Caller, Role};
use domain::base::change::{Subject, SubjectKind};
use domain::base::id::{BeneficiaryId, CaseId, ConsentId, OrganizationId};
use domain::people::consents::{CasePart, ConsentState, PersonalConsent};
use std::collections::HashSet;

/// Whether an account with the role works on cases.
pub(crate) fn is_staff(role: Role) -> bool {
    matches!(role, Role::Director | Role::UnitHead | Role::SupportSpecialist)
}

/// The caller, where the right of this transaction is held by a role that works on cases. A narrowed key is nobody's account.
pub(crate) fn staff<'t>(tx: &'t Tx<'_>) -> Option<&'t Caller> {
    let may_be = |it: &&Caller| it.grants.iter().any(|it| is_staff(it.role));
    tx.caller().filter(|_| !tx.scope().is_narrowed && !tx.scope().is_nothing()).filter(may_be)
}

/// The organizations of which the caller is staff.
pub(crate) fn served(caller: &Caller) -> Vec<OrganizationId> {
    caller.grants.iter().filter(|it| is_staff(it.role)).filter_map(|it| it.organization_id).collect()
}

/// Whether the right of this transaction reaches the case.
pub(crate) async fn reaches_case(tx: &mut Tx<'_>, case: CaseId) -> Result<bool, Failure> {
    tx.above().reaches(tx, Subject::new(SubjectKind::Case, case)).await
}

/// Those of the cases that the right of this transaction reaches.
pub(crate) async fn reached_cases(tx: &mut Tx<'_>, ids: &[CaseId]) -> Result<HashSet<CaseId>, Failure> {
    if ids.is_empty() {
        return Ok(HashSet::new());
    }
    let (scope, some) = (tx.scope().clone(), cases::id.eq_any(binds(ids)));
    let found: Vec<CaseId> = db!(tx, load, seen!(cases::table, scope).filter(some).select(cases::id))?;
    Ok(found.into_iter().collect())
}

/// The organization that accompanies a case. The scope of the caller does not bound it.
pub(crate) async fn organization_of(tx: &mut Tx<'_>, case: CaseId) -> Result<OrganizationId, Failure> {
    Ok(db!(tx, first, cases::table.find(bind(case)).select(cases::organization_id))?)
}

/// The facts that rules judge when parts of a case of that beneficiary and organization are opened to others. A consent that the caller
/// does not see grants nothing.
pub(crate) async fn facts(
    tx: &mut Tx<'_>,
    (beneficiary_id, of): (BeneficiaryId, OrganizationId),
    organizations: Vec<OrganizationId>,
    consent: Option<ConsentId>,
) -> Result<GroundFacts, Failure> {
    let consent = match consent {
        Some(id) => granting_consent(tx, id).await?,
        None => None,
    };
    let by_director = tx.caller().is_some_and(|it| it.directs(of));
    let consent = granting(tx, beneficiary_id, consent).await?;
    Ok(GroundFacts { beneficiary_id, organizations, consent, by_director })
}

/// The same for what was opened before: the scope of the caller does not bound it.
pub(crate) async fn facts_today(
    tx: &mut Tx<'_>,
    beneficiary_id: BeneficiaryId,
    organizations: Vec<OrganizationId>,
    consent: Option<ConsentId>,
) -> Result<GroundFacts, Failure> {
    let consent = match consent {
        Some(id) => consent_today(tx, id).await?,
        None => None,
    };
    let consent = granting(tx, beneficiary_id, consent).await?;
    Ok(GroundFacts { beneficiary_id, organizations, consent, by_director: false })
}

/// A consent as a ground about that beneficiary: what a person has granted under one record is granted under all.
async fn granting(
    tx: &mut Tx<'_>,
    beneficiary: BeneficiaryId,
    consent: Option<(PersonalConsent, ConsentState, NaiveDate)>,
) -> Result<Option<GrantingConsent>, Failure> {
    let Some((it, state, holds_until)) = consent else { return Ok(None) };
    let is_theirs = one_person::are(tx, beneficiary, it.beneficiary_id).await?;
    let beneficiary_id = if is_theirs { beneficiary } else { it.beneficiary_id };
    Ok(Some(GrantingConsent { beneficiary_id, form: it.form, state, holds_until }))
}

/// Those of the granted parts that the consent, or else a ground of law, still opens. A ground of law may have been told under other rules.
pub(crate) async fn consented(
    tx: &mut Tx<'_>,
    held: Vec<CasePart>,
    consent: Option<ConsentId>,
) -> Result<Vec<CasePart>, Failure> {
    let Some(consent) = consent else {
        return Ok(held.into_iter().filter(|it| opens_by_law(*it)).collect());
    };
    if held.is_empty() {
        return Ok(held);
    }
    match consent_today(tx, consent).await? {
        Some((it, state, _)) => {
            Ok(held.into_iter().filter(|part| opens_by_consent(&it.form, state, *part)).collect())
        }
        None => Ok(Vec::new()),
    }
}
