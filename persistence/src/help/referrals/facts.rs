//! The data from other rows that rules about referrals need.
use super::{Row, end_each};
use crate::accompaniment::{rules, sharing};
use crate::engine::column::{any_of, bind};
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::schema::{beneficiaries, cases, people, referrals};
use crate::entry;
use crate::tx::Tx;
use chrono::{Days, NaiveDate};
use diesel::prelude::*;
use domain::accompaniment::sharing::GroundFacts;
use domain::base::id::{BeneficiaryId, CaseId, OrganizationId};
use domain::base::text::Oktmo;
use domain::help::needs::NeedForm;
use domain::help::referrals::{
    AgeGroup, Preview, ReferralFacts, ReferralForm, ReferralState, ReferredNeed, Sent,
};
use domain::people::{BeneficiaryCategory, Sex};

/// The facts that rules judge when the beneficiary of a case that the caller sees is referred. A referral that has lapsed is settled by
/// the way.
pub async fn facts(
    tx: &mut Tx<'_>,
    (beneficiary, of): (BeneficiaryId, OrganizationId),
    case: CaseId,
    form: &ReferralForm,
) -> Result<ReferralFacts, Failure> {
    let is_pending = is_pending(tx, case, form.to_organization_id).await?;
    let needs = needs(tx, case, form).await?;
    let ground =
        sharing::facts(tx, (beneficiary, of), vec![form.to_organization_id], form.consent_id).await?;
    let answer_days = rules::in_force(tx).await?.referral_answer_days;
    let answer_days = Days::new(u64::try_from(answer_days).unwrap_or(0));
    let mut preview = preview(tx, case).await?;
    preview.domains = needs.iter().flatten().map(|it| it.domain).collect();
    preview.domains.sort_unstable();
    preview.domains.dedup();
    Ok(ReferralFacts { ground, needs, preview, is_pending, answer_days })
}

/// The ground of a referral when it is accepted: the caller sees neither the case nor the consent.
pub async fn facts_today(tx: &mut Tx<'_>, it: &Sent) -> Result<GroundFacts, Failure> {
    let of: BeneficiaryId =
        db!(tx, first, cases::table.find(bind(it.case_id)).select(cases::beneficiary_id))?;
    sharing::facts_today(tx, of, vec![it.form.to_organization_id], it.form.consent_id).await
}

/// Whether the case has an open referral to that organization.
async fn is_pending(tx: &mut Tx<'_>, case: CaseId, to: OrganizationId) -> Result<bool, Failure> {
    let open = any_of(&[ReferralState::Sent, ReferralState::Accepted]);
    let theirs = referrals::table
        .filter(referrals::case_id.eq(bind(case)))
        .filter(referrals::to_organization_id.eq(bind(to)))
        .filter(referrals::state.eq_any(open));
    let row: Option<Row> = db!(tx, first, theirs.select(Row::as_select())).optional()?;
    let Some(row) = row else { return Ok(false) };
    if row.state(tx).is_open() {
        return Ok(true);
    }
    end_each(tx, vec![row]).await?;
    Ok(false)
}

/// The named needs in their order. None where the case has no such need.
async fn needs(
    tx: &mut Tx<'_>,
    case: CaseId,
    form: &ReferralForm,
) -> Result<Vec<Option<ReferredNeed>>, Failure> {
    let found = entry::those::<NeedForm>(tx, form.need_ids.clone()).await?;
    let of_case = |it: &&entry::EntryCard<NeedForm>| it.parent_id() == Some(case.into());
    let needs = form.need_ids.iter().map(|id| {
        let it = found.iter().filter(of_case).find(|it| it.id == *id)?;
        let has_ended = it.annulment.is_some() || it.form.state.is_over();
        Some(ReferredNeed { domain: it.form.domain, has_ended })
    });
    Ok(needs.collect())
}

/// The beneficiary of a case, as the other organization learns of them before its answer.
async fn preview(tx: &mut Tx<'_>, case: CaseId) -> Result<Preview, Failure> {
    type Found = (Oktmo, BeneficiaryCategory, Option<Sex>, Option<NaiveDate>);
    let one = cases::table
        .inner_join(beneficiaries::table.left_join(people::table))
        .filter(cases::id.eq(bind(case)))
        .select((
            beneficiaries::territory,
            beneficiaries::category,
            people::sex.nullable(),
            people::birth_date.nullable(),
        ));
    let (place, category, sex, born_on): Found = db!(tx, first, one)?;
    Ok(Preview {
        domains: Vec::new(),
        sex,
        age_group: born_on.map(|it| AgeGroup::of(it, tx.today())),
        territory: place.district(),
        category,
    })
}
