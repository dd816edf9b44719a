//! The case as the organization that is asked reads it after its acceptance, and the case of its own that it may open.
use super::{Row, is_at_work, is_in_charge, row};
use crate::accompaniment::cases::{self, CaseCard};
use crate::accompaniment::shared_cases::{self, SharedCaseCard};
use crate::accompaniment::sharing::consented;
use crate::engine::card::Card;
use crate::engine::column::bind;
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::schema::{cases as case_rows, referrals};
use crate::entry;
use crate::help::shared_help::{SharedNeed, told_needs};
use crate::people::one_person;
use crate::region::organizations::must_work;
use crate::tx::Tx;
use diesel::prelude::*;
use domain::base::access::NOT_YOURS;
use domain::base::change::{Subject, SubjectKind};
use domain::base::id::{BeneficiaryId, CaseId, NeedId, OrganizationId, ReferralId};
use domain::help::needs::NeedForm;
use domain::help::referrals::{GROUND_LOST, NOT_ACCEPTED, OwnCaseOpening, ReferralState, shared_parts};
use domain::people::consents::CasePart;
use shape::card;

/// The needs of a referral, as those in charge of the work read them.
#[card]
pub struct ReferredNeeds {
    /// The case.
    pub case_id: CaseId,
    /// The needs that the referral names, as far as the granted parts tell of them.
    #[schema(max_items = 10)]
    pub needs: Vec<SharedNeed>,
}

impl Card for ReferredNeeds {
    fn personal(&self) -> Vec<Subject> {
        vec![Subject::new(SubjectKind::Case, self.case_id)]
    }
}

/// The parts of a case that accepted referrals open to the caller today.
pub(crate) async fn opened(tx: &mut Tx<'_>, case: CaseId) -> Result<Vec<CasePart>, Failure> {
    let of_case = referrals::table
        .filter(referrals::case_id.eq(bind(case)))
        .filter(referrals::state.eq(bind(ReferralState::Accepted)))
        .order(referrals::id);
    let rows: Vec<Row> = db!(tx, load, of_case.select(Row::as_select()))?;
    let mut parts = Vec::new();
    for row in rows {
        parts.extend(opened_by(tx, &row).await?);
    }
    Ok(parts)
}

async fn opened_by(tx: &mut Tx<'_>, row: &Row) -> Result<Vec<CasePart>, Failure> {
    let parts = shared_parts(row.state(tx), row.parts.0.clone());
    match !parts.is_empty() && is_in_charge(tx, row).await? {
        true => consented(tx, parts, row.consent_id).await,
        false => Ok(Vec::new()),
    }
}

/// The referral and the parts that it opens, for those in charge of the work. Those who see the case read the case itself.
async fn charged(tx: &mut Tx<'_>, id: ReferralId) -> Result<(Row, Vec<CasePart>), Failure> {
    let row = row(tx, id).await?;
    let parts = opened_by(tx, &row).await?;
    if parts.is_empty() { Err(Failure::NotFound(None)) } else { Ok((row, parts)) }
}

/// Whether the organization that is asked has an open case of the beneficiary.
pub(super) async fn has_own_case(tx: &mut Tx<'_>, row: &Row) -> Result<bool, Failure> {
    let of = beneficiary_of(tx, row.case_id).await?;
    Ok(cases::open_in(tx, of, row.to_organization_id).await?.is_some())
}

async fn beneficiary_of(tx: &mut Tx<'_>, case: CaseId) -> Result<BeneficiaryId, Failure> {
    Ok(db!(tx, first, case_rows::table.find(bind(case)).select(case_rows::beneficiary_id))?)
}

/// The case of an accepted referral, with the parts that the caller sees today.
pub async fn shared_case(tx: &mut Tx<'_>, id: ReferralId) -> Result<SharedCaseCard, Failure> {
    let (row, _) = charged(tx, id).await?;
    shared_cases::lent(tx, row.case_id).await
}

/// The needs of an accepted referral. Of the part `help`.
pub async fn needs(tx: &mut Tx<'_>, id: ReferralId) -> Result<ReferredNeeds, Failure> {
    let (row, parts) = charged(tx, id).await?;
    if !parts.contains(&CasePart::Help) {
        return Err(Failure::NotFound(None));
    }
    let found = entry::those::<NeedForm>(tx, row.need_ids.0).await?;
    let standing = found.into_iter().filter(|it| it.annulment.is_none()).collect();
    let needs = told_needs(tx, standing, &parts).await?;
    Ok(ReferredNeeds { case_id: row.case_id, needs })
}

/// The work of an accepted referral of which the part `help` is open.
pub(crate) struct Work {
    /// The case.
    pub(crate) case: CaseId,
    /// The organization that does it.
    pub(crate) by: OrganizationId,
    /// The needs that the referral names.
    pub(crate) needs: Vec<NeedId>,
    /// The parts that it opens.
    pub(crate) parts: Vec<CasePart>,
}

/// The work of a referral, for those in charge of it today.
pub(crate) async fn work(tx: &mut Tx<'_>, id: ReferralId) -> Result<Work, Failure> {
    let (row, parts) = charged(tx, id).await?;
    match parts.contains(&CasePart::Help) {
        true => Ok(Work { case: row.case_id, by: row.to_organization_id, needs: row.need_ids.0, parts }),
        false => Err(Failure::NotFound(None)),
    }
}

/// Refuses everybody but those in charge of the work of a referral, also after its end.
pub(crate) async fn must_have_worked(tx: &mut Tx<'_>, id: ReferralId) -> Result<(), Failure> {
    let row = row(tx, id).await?;
    match row.accepted_on.is_some() && is_in_charge(tx, &row).await? {
        true => Ok(()),
        false => Err(Failure::NotFound(None)),
    }
}

/// Opens a case of the organization that has accepted a referral, for the same person: on the first record, where the caller sees it.
pub async fn open_case(tx: &mut Tx<'_>, id: ReferralId, order: &OwnCaseOpening) -> Result<CaseCard, Failure> {
    let row = row(tx, id).await?;
    if !is_at_work(tx, &row) {
        return Err(NOT_YOURS.refuse().into());
    }
    if row.state(tx) != ReferralState::Accepted {
        return Err(NOT_ACCEPTED.refuse().into());
    }
    if !is_in_charge(tx, &row).await? {
        return Err(NOT_YOURS.refuse().into());
    }
    if opened_by(tx, &row).await?.is_empty() {
        return Err(GROUND_LOST.refuse().into());
    }
    let to = row.to_organization_id;
    let of = beneficiary_of(tx, row.case_id).await?;
    let of = one_person::record_for_new(tx, of).await?;
    let specialist = order.specialist_user_id.or(row.specialist_user_id);
    let checks = vec![
        cases::must_be_unit_of(tx, order.unit_id, to).await,
        must_work(tx, to, "/specialist_user_id").await,
        cases::must_serve(tx, specialist, to).await,
    ];
    let opened = cases::open(tx, &order.opening((of, to), specialist, tx.today()), checks).await?;
    cases::card(tx, opened).await
}
