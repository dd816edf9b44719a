//! Referrals as the person reads them: without the reason and the results, which are words of staff.
use crate::engine::column::{Json, bind};
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::schema::referrals;
use crate::entry;
use crate::tx::Tx;
use chrono::NaiveDate;
use diesel::prelude::*;
use domain::accompaniment::snapshots::LifeDomain;
use domain::base::change::{Subject, SubjectKind};
use domain::base::id::{CaseId, NeedId, OrganizationId, ReferralId};
use domain::help::needs::NeedForm;
use domain::help::referrals::ReferralState;
use domain::people::consents::CasePart;
use shape::card;
use std::collections::BTreeSet;

/// A referral without the words of staff.
#[card]
pub struct OwnReferral {
    /// The organization that accompanies, and asks.
    pub from_organization_id: OrganizationId,
    /// The organization that is asked. Absent for a representative.
    pub to_organization_id: Option<OrganizationId>,
    /// The domains of life in which it is asked to help.
    #[schema(max_items = 20)]
    pub domains: Vec<LifeDomain>,
    /// The state today.
    pub state: ReferralState,
    /// The last day for the answer.
    pub answer_until: NaiveDate,
    /// The day of the acceptance.
    pub accepted_on: Option<NaiveDate>,
    /// The day on which the referral ended.
    pub settled_on: Option<NaiveDate>,
}

type Line = (
    ReferralId,
    OrganizationId,
    OrganizationId,
    Json<Vec<LifeDomain>>,
    Json<Vec<NeedId>>,
    ReferralState,
    NaiveDate,
    Option<NaiveDate>,
    Option<NaiveDate>,
);

/// So many of the latest referrals of a case for somebody who reads these parts of it, and whether there are more. All needs of a referral
/// are read: one about health or law needs its part. The caller's scope does not limit them. Each is a read that the journal records.
pub(crate) async fn of_own_case(
    tx: &mut Tx<'_>,
    case: CaseId,
    parts: &[CasePart],
    is_read: impl Fn(&NeedForm) -> bool,
    at_most: usize,
) -> Result<(Vec<OwnReferral>, bool), Failure> {
    let theirs = referrals::table.filter(referrals::case_id.eq(bind(case))).select((
        referrals::id,
        referrals::from_organization_id,
        referrals::to_organization_id,
        referrals::domains,
        referrals::need_ids,
        referrals::state,
        referrals::answer_until,
        referrals::accepted_on,
        referrals::settled_on,
    ));
    let mut lines: Vec<Line> = db!(tx, load, theirs)?;
    lines.retain(|it| it.3.0.iter().all(|domain| domain.is_told_to(parts)));
    lines.sort_unstable_by_key(|it| std::cmp::Reverse(it.0));
    let needs: BTreeSet<NeedId> = lines.iter().flat_map(|it| it.4.0.iter().copied()).collect();
    let needs = entry::those::<NeedForm>(tx, needs.into_iter().collect::<Vec<_>>()).await?;
    let read: BTreeSet<NeedId> = needs.iter().filter(|it| is_read(&it.form)).map(|it| it.id).collect();
    lines.retain(|it| it.4.0.iter().all(|need| read.contains(need)));
    let has_more = lines.len() > at_most;
    lines.truncate(at_most);
    tx.disclose(lines.iter().map(|it| Subject::new(SubjectKind::Referral, it.0)))?;
    let today = tx.today();
    let own = |(_, from, to, domains, _, state, answer_until, accepted_on, settled_on): Line| OwnReferral {
        from_organization_id: from,
        to_organization_id: Some(to),
        domains: domains.0,
        state: state.on(answer_until, today),
        answer_until,
        accepted_on,
        settled_on,
    };
    Ok((lines.into_iter().map(own).collect(), has_more))
}
