//! Deliveries that other organizations record in a case: members of its team, and receivers of its referrals.
//!
//! They are deliveries of the case as all others. Those who recorded them read the own ones for ever, and nothing of the case beside them.
use crate::accompaniment::shared_cases::lend;
use crate::accompaniment::sharing::organization_of;
use crate::accompaniment::team;
use crate::engine::card::Card;
use crate::engine::column::bind;
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::page::{Page, Place, Window};
use crate::engine::schema::{delivery_contributions as contributions, service_deliveries as deliveries};
use crate::entry::{self, EntryCard};
use crate::help::{referrals, shared_help};
use crate::sight::ruled;
use crate::tx::Tx;
use chrono::Days;
use diesel::dsl::exists;
use diesel::prelude::*;
use domain::base::change::{Subject, SubjectKind};
use domain::base::entry::{Annulment, Entered};
use domain::base::id::{CaseId, NeedId, OrganizationId, ReferralId, ServiceDeliveryId, TeamMemberId};
use domain::base::moment::Moment;
use domain::base::refusal::Refused;
use domain::help::service_deliveries::ServiceDeliveryForm;
use domain::people::consents::CasePart;
use shape::card;
use uuid::Uuid;

/// A delivery that another organization has recorded in a case. It names nobody.
#[card]
pub struct DeliveryContributionCard {
    /// The id of the delivery.
    pub id: ServiceDeliveryId,
    /// The delivery.
    pub delivery: ServiceDeliveryForm,
    /// The annulment, by the organization that accompanies.
    pub annulment: Option<Annulment>,
    /// The moment at which it was recorded.
    pub created_at: Moment,
}

impl Card for DeliveryContributionCard {
    fn personal(&self) -> Vec<Subject> {
        vec![Subject::new(SubjectKind::ServiceDelivery, self.id)]
    }
}

impl From<EntryCard<ServiceDeliveryForm>> for DeliveryContributionCard {
    fn from(it: EntryCard<ServiceDeliveryForm>) -> Self {
        Self { id: it.id, delivery: it.form, annulment: it.annulment, created_at: it.created_at }
    }
}

/// The ground on which somebody records a delivery from outside.
#[derive(Debug, Clone, Copy)]
enum Ground {
    /// A membership in the team.
    Member(TeamMemberId),
    /// A referral.
    Referral(ReferralId),
}

/// Records a delivery by the caller's membership.
pub async fn add_by_member(
    tx: &mut Tx<'_>,
    id: TeamMemberId,
    form: ServiceDeliveryForm,
) -> Result<DeliveryContributionCard, Failure> {
    let (member, held) = team::own_member(tx, id).await?.ok_or(Failure::NotFound(None))?;
    member.must_contribute(CasePart::Help, &held, tx.today())?;
    let by = member.organization_id.ok_or(Failure::NotFound(None))?;
    let told = shared_help::told_among(tx, member.case_id, &form.need_ids, &held).await?;
    added(tx, (member.case_id, by, Ground::Member(id)), form, &told).await
}

/// Records a delivery by an accepted referral.
pub async fn add_by_referral(
    tx: &mut Tx<'_>,
    id: ReferralId,
    form: ServiceDeliveryForm,
) -> Result<DeliveryContributionCard, Failure> {
    let work = referrals::work(tx, id).await?;
    let named: Vec<NeedId> = form.need_ids.iter().copied().filter(|it| work.needs.contains(it)).collect();
    let told = shared_help::told_among(tx, work.case, &named, &work.parts).await?;
    added(tx, (work.case, work.by, Ground::Referral(id)), form, &told).await
}

/// Adds a delivery to the case, as the organization that accompanies would enter it.
async fn added(
    tx: &mut Tx<'_>,
    (case, by, ground): (CaseId, OrganizationId, Ground),
    form: ServiceDeliveryForm,
    told: &[NeedId],
) -> Result<DeliveryContributionCard, Failure> {
    let of = organization_of(tx, case).await?;
    let against = form.against_contribution(by, told);
    let before = lend(tx, of);
    let entered = entered(tx, case, form, Refused::unless_empty(against)).await;
    tx.restore_scope(before);
    let added: DeliveryContributionCard = entered?.into();
    let (member, referral) = match ground {
        Ground::Member(id) => (Some(id), None),
        Ground::Referral(id) => (None, Some(id)),
    };
    let row = (
        contributions::delivery_id.eq(bind(added.id)),
        contributions::membership_id.eq(bind(member)),
        contributions::referral_id.eq(bind(referral)),
        contributions::organization_id.eq(bind(of)),
        contributions::entered_on.eq(tx.today()),
    );
    db!(tx, execute, diesel::insert_into(contributions::table).values(row))?;
    Ok(added)
}

/// The needs are judged by what is shared of them, and everything else as in the own case.
async fn entered(
    tx: &mut Tx<'_>,
    case: CaseId,
    form: ServiceDeliveryForm,
    own: Result<(), Refused>,
) -> Result<EntryCard<ServiceDeliveryForm>, Failure> {
    let under = Some(Uuid::from(case));
    let apart = ServiceDeliveryForm { need_ids: Vec::new(), ..form.clone() };
    let judged = entry::judged(tx, under, &apart, Ok(())).await;
    let added = Entered::add(tx.mint(), under, form);
    let added = ruled(added, [own.map_err(Failure::from), judged])?;
    entry::save_added(tx, added).await
}

/// The deliveries that the caller has recorded by a membership, also one that is over, the newest first.
pub async fn list_by_member(
    tx: &mut Tx<'_>,
    id: TeamMemberId,
    window: &Window,
) -> Result<Page<DeliveryContributionCard>, Failure> {
    team::own_member(tx, id).await?.ok_or(Failure::NotFound(None))?;
    listed(tx, Ground::Member(id), window).await
}

/// The deliveries that those in charge of a referral have recorded, also of one that has ended, the newest first.
pub async fn list_by_referral(
    tx: &mut Tx<'_>,
    id: ReferralId,
    window: &Window,
) -> Result<Page<DeliveryContributionCard>, Failure> {
    referrals::must_have_worked(tx, id).await?;
    listed(tx, Ground::Referral(id), window).await
}

async fn listed(
    tx: &mut Tx<'_>,
    by: Ground,
    window: &Window,
) -> Result<Page<DeliveryContributionCard>, Failure> {
    let ids: Vec<ServiceDeliveryId> = db!(tx, load, {
        let mut all = contributions::table
            .select(contributions::delivery_id)
            .order(contributions::delivery_id.desc())
            .limit(window.fetch())
            .into_boxed();
        match by {
            Ground::Member(id) => {
                all = all.filter(contributions::membership_id.assume_not_null().eq(bind(id)));
            }
            Ground::Referral(id) => {
                all = all.filter(contributions::referral_id.assume_not_null().eq(bind(id)));
            }
        }
        if let Some(after) = window.after_id() {
            all = all.filter(contributions::delivery_id.lt(bind(after)));
        }
        all
    })?;
    let page = window.page(ids, |it| Place::id(*it));
    let items = newest(tx, page.items).await?.into_iter().map(DeliveryContributionCard::from).collect();
    Ok(Page { items, next: page.next })
}

async fn newest(
    tx: &mut Tx<'_>,
    ids: Vec<ServiceDeliveryId>,
) -> Result<Vec<EntryCard<ServiceDeliveryForm>>, Failure> {
    let mut found = entry::those::<ServiceDeliveryForm>(tx, ids).await?;
    found.sort_unstable_by_key(|it| std::cmp::Reverse(it.id));
    Ok(found)
}

/// The days for which a delivery from outside stands on the desk of the organization that accompanies.
const TOLD_DAYS: Days = Days::new(14);

/// Deliveries that other organizations have recorded in cases of the caller's organizations within the last days, the newest first.
pub(crate) async fn of_others(
    tx: &mut Tx<'_>,
    window: &Window,
) -> Result<Page<EntryCard<ServiceDeliveryForm>>, Failure> {
    let since = tx.today().checked_sub_days(TOLD_DAYS).unwrap_or(tx.today());
    let mut ids: Vec<ServiceDeliveryId> = Vec::new();
    for of in tx.scope().organizations.clone() {
        let standing = deliveries::table
            .filter(deliveries::id.eq(contributions::delivery_id))
            .filter(deliveries::annulment_reason.is_null())
            .select(deliveries::id);
        let told = contributions::table
            .filter(contributions::organization_id.eq(bind(of)))
            .filter(contributions::entered_on.ge(since))
            .filter(exists(standing))
            .order((contributions::entered_on.desc(), contributions::delivery_id.desc()))
            .limit(window.fetch())
            .select(contributions::delivery_id);
        let told: Vec<ServiceDeliveryId> = db!(tx, load, told)?;
        ids.extend(told);
    }
    let page = window.page(window.first_of(ids, false, |it| *it), |it| Place::id(*it));
    Ok(Page { items: newest(tx, page.items).await?, next: page.next })
}
