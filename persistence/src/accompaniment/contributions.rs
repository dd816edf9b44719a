//! Contacts that members of other organizations add to a case.
//!
//! They are contacts of the case as all others. Members read the own ones for ever, and nothing of the case beside them.
use crate::accompaniment::shared_cases::lend;
use crate::accompaniment::sharing::organization_of;
use crate::accompaniment::team;
use crate::engine::card::Card;
use crate::engine::column::bind;
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::page::{Page, Place, Window};
use crate::engine::schema::case_contributions as contributions;
use crate::entry::{self, EntryCard};
use crate::tx::Tx;
use diesel::prelude::*;
use domain::accompaniment::case_contacts::CaseContactForm;
use domain::base::change::{Subject, SubjectKind};
use domain::base::entry::{Annulment, Entered};
use domain::base::id::{CaseContactId, CaseId, TeamMemberId};
use domain::base::moment::Moment;
use domain::people::consents::CasePart;
use shape::card;
use uuid::Uuid;

/// A contact that a member of another organization has added to a case. It names nobody.
#[card]
pub struct ContributionCard {
    /// The id of the contact.
    pub id: CaseContactId,
    /// The contact.
    pub contact: CaseContactForm,
    /// The annulment, by the organization that accompanies.
    pub annulment: Option<Annulment>,
    /// The moment at which it was added.
    pub created_at: Moment,
}

impl Card for ContributionCard {
    fn personal(&self) -> Vec<Subject> {
        vec![Subject::new(SubjectKind::CaseContact, self.id)]
    }
}

impl From<EntryCard<CaseContactForm>> for ContributionCard {
    fn from(it: EntryCard<CaseContactForm>) -> Self {
        Self { id: it.id, contact: it.form, annulment: it.annulment, created_at: it.created_at }
    }
}

/// Adds a contact to the case of the caller's membership, as the organization that accompanies would enter it.
pub async fn add(
    tx: &mut Tx<'_>,
    id: TeamMemberId,
    form: CaseContactForm,
) -> Result<ContributionCard, Failure> {
    let (member, held) = team::own_member(tx, id).await?.ok_or(Failure::NotFound(None))?;
    member.must_contribute(CasePart::Records, &held, tx.today())?;
    let case = member.case_id;
    let of = organization_of(tx, case).await?;
    let before = lend(tx, of);
    let added = entered(tx, case, form).await;
    tx.restore_scope(before);
    let added: ContributionCard = added?.into();
    let row = (contributions::contact_id.eq(bind(added.id)), contributions::membership_id.eq(bind(id)));
    db!(tx, execute, diesel::insert_into(contributions::table).values(row))?;
    Ok(added)
}

async fn entered(
    tx: &mut Tx<'_>,
    case: CaseId,
    form: CaseContactForm,
) -> Result<EntryCard<CaseContactForm>, Failure> {
    let under = Some(Uuid::from(case));
    let added = Entered::add(tx.mint(), under, form.clone());
    let added = entry::judged(tx, under, &form, added).await?;
    entry::save_added(tx, added).await
}

/// The contacts that the caller has added by a membership, also one that is over, the newest first.
pub async fn list(
    tx: &mut Tx<'_>,
    id: TeamMemberId,
    window: &Window,
) -> Result<Page<ContributionCard>, Failure> {
    team::own_member(tx, id).await?.ok_or(Failure::NotFound(None))?;
    let ids: Vec<CaseContactId> = db!(tx, load, {
        let mut all = contributions::table
            .filter(contributions::membership_id.eq(bind(id)))
            .select(contributions::contact_id)
            .order(contributions::contact_id.desc())
            .limit(window.fetch())
            .into_boxed();
        if let Some(after) = window.after_id() {
            all = all.filter(contributions::contact_id.lt(bind(after)));
        }
        all
    })?;
    let page = window.page(ids, |it| Place::id(*it));
    let mut found = entry::those::<CaseContactForm>(tx, page.items).await?;
    found.sort_unstable_by_key(|it| std::cmp::Reverse(it.id));
    Ok(Page { items: found.into_iter().map(ContributionCard::from).collect(), next: page.next })
}
