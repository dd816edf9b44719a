//! Published stories and awards as every account reads them: without people, for a person stands on no open card.
use super::disclosures::against_story;
use crate::engine::card::Card;
use crate::engine::failure::Failure;
use crate::engine::page::{Page, Window};
use crate::entry::{self, EntryCard};
use crate::tx::Tx;
use chrono::NaiveDate;
use domain::base::id::{NominationId, OrganizationId, PracticeId, ProjectId, SuccessStoryId};
use domain::base::text::{Note, Title};
use domain::partnership::community::nominations::{
    NominationFilter, NominationForm, NominationState, NominationSubject,
};
use domain::partnership::community::success_stories::{StoryState, SuccessStoryFilter, SuccessStoryForm};
use domain::partnership::words::ReachLevel;
use shape::{card, filter};

/// Filters of the list of published stories.
#[filter]
pub struct PublishedStoryFilter {
    /// Only stories that this organization tells.
    pub organization_id: Option<OrganizationId>,
}

/// A success story that is published, as every account reads it.
#[card]
pub struct PublishedStory {
    /// The id of the story.
    pub id: SuccessStoryId,
    /// The title.
    pub title: Title,
    /// The organization that tells it.
    pub organization_id: OrganizationId,
    /// The practice that it shows.
    pub practice_id: Option<PracticeId>,
    /// The text.
    pub text: Note,
    /// Whether it names nobody.
    pub anonymous: bool,
    /// The day of the publication.
    pub published_on: Option<NaiveDate>,
}

/// It is published: to read it is no read of personal data.
impl Card for PublishedStory {}

impl PublishedStory {
    fn of(it: EntryCard<SuccessStoryForm>) -> Self {
        let form = it.form;
        Self {
            id: it.id,
            title: form.title,
            organization_id: form.organization_id,
            practice_id: form.practice_id,
            text: form.text,
            anonymous: form.anonymous,
            published_on: form.published_on,
        }
    }
}

/// Filters of the list of awards.
#[filter]
pub struct AwardFilter {
    /// Only nominations by this organization.
    pub organization_id: Option<OrganizationId>,
}

/// An award of a project, a practice or an organization, as every account reads it.
#[card]
pub struct AwardCard {
    /// The id of the nomination.
    pub id: NominationId,
    /// The award.
    pub award: Title,
    /// The category of the award.
    pub category: Option<Title>,
    /// The giver, in words.
    pub giver: Title,
    /// The reach of the award.
    pub reach: Option<ReachLevel>,
    /// The organization that nominated.
    pub organization_id: OrganizationId,
    /// The project.
    pub project_id: Option<ProjectId>,
    /// The practice.
    pub practice_id: Option<PracticeId>,
    /// The organization that was nominated.
    pub nominee_id: Option<OrganizationId>,
    /// The day of the decision.
    pub decided_on: Option<NaiveDate>,
    /// The prize.
    pub prize: Option<Title>,
}

/// It is about no person.
impl Card for AwardCard {}

impl AwardCard {
    fn of(it: EntryCard<NominationForm>) -> Self {
        let form = it.form;
        Self {
            id: it.id,
            award: form.award,
            category: form.category,
            giver: form.giver,
            reach: form.reach,
            organization_id: form.organization_id,
            project_id: form.project_id,
            practice_id: form.practice_id,
            nominee_id: form.nominee_id,
            decided_on: form.decided_on,
            prize: form.prize,
        }
    }
}

/// The stories that are published today, the newest first. One whose consents hold no more is left out: a birth date or an authority was
/// corrected, or a merge of records was reversed.
pub async fn published_stories(
    tx: &mut Tx<'_>,
    filter: &PublishedStoryFilter,
    window: &Window,
) -> Result<Page<PublishedStory>, Failure> {
    let asked = SuccessStoryFilter {
        organization_id: filter.organization_id,
        state: Some([StoryState::Published].into_iter().collect()),
        ..Default::default()
    };
    let page = entry::list::<SuccessStoryForm>(tx, None, &asked, window).await?;
    let mut items = Vec::with_capacity(page.items.len());
    for it in page.items {
        if against_story(tx, &it.form).await?.is_empty() {
            items.push(PublishedStory::of(it));
        }
    }
    Ok(Page { items, next: page.next })
}

/// The awards of projects, practices and organizations, the newest nomination first.
pub async fn awards(
    tx: &mut Tx<'_>,
    filter: &AwardFilter,
    window: &Window,
) -> Result<Page<AwardCard>, Failure> {
    let asked = NominationFilter {
        organization_id: filter.organization_id,
        subject: Some(NominationSubject::OPEN.into_iter().collect()),
        state: Some([NominationState::Awarded].into_iter().collect()),
        ..Default::default()
    };
    let page = entry::list::<NominationForm>(tx, None, &asked, window).await?;
    Ok(Page { items: page.items.into_iter().map(AwardCard::of).collect(), next: page.next })
}
