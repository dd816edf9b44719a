//! Success stories (000 L28): written, ready, published to the accounts of the region, withdrawn.
//!
//! Every story has its person, or nothing would prove that an anonymous one names nobody. A story that names the person needs a consent of
//! the ledger to the purpose `story`, and one to `image` if it has photos; it is shown no longer than they hold, and through no channel but
//! those that they name. An anonymous story has no name of the person, the family or the mentor in it.
use crate::base::access::may;
use crate::base::action::Action;
use crate::base::entry::Step;
use crate::base::id::{FileId, OrganizationId, PersonId, PracticeId, SuccessStoryId};
use crate::base::named::FIELDS;
use crate::base::refusal::{Reason, broken, rules};
use crate::base::telling::Told;
use crate::base::text::{BOTH, MISSING, Note, Title};
use crate::base::word::words;
use crate::people::consents::Medium;
use chrono::NaiveDate;
use shape::{entry, form};
use validator::Validate;

rules! {
    NOT_DRAFT = "story.not_draft", State, ours, "История уже готова: текст больше не меняется.", "The story is ready: its text changes no more.";
    NOT_READY = "story.not_ready", State, ours, "Публикуют готовую историю.", "Only a story that is ready is published.";
    OVER = "story.over", State, ours, "История уже отозвана.", "The story was withdrawn already.";
    NO_CONSENT = "story.no_consent", State, "000 L28", "Нет согласия человека на эту историю успеха.", "There is no consent of the person to a success story.";
    NO_IMAGE_CONSENT = "story.no_image_consent", State, "ГК ст. 152.1", "Нет согласия на использование изображения.", "There is no consent to the use of images.";
    NAMES_LEFT = "story.names_left", Content, ours, "В обезличенном тексте есть имя.", "The anonymous text has a name in it.";
    BEYOND_CONSENT = "story.beyond_consent", Content, "152-ФЗ ст. 9", "Историю показывают не дольше, чем действует согласие.", "A story is shown no longer than its consents hold.";
    SHOWN_IN_PAST = "story.shown_in_past", Content, ours, "Последний день показа уже прошёл.", "The last day of showing has passed already.";
}

words! {
    /// The state of a success story.
    StoryState in "story-states" {
        Draft = "draft", "черновик", "draft";
        Ready = "ready", "готова", "ready";
        Published = "published", "опубликована", "published";
        Withdrawn = "withdrawn", "отозвана", "withdrawn";
    }
}

/// A success story as it is entered and edited, whole.
#[entry(SuccessStory: SuccessStoryId, at "success-stories", named "success story" "success stories", tag "partnership", read ReadPartnershipInside, edit EditParticipants, called title, until shown_until, annul, judged, personal)]
#[schema(example = json!({"title": "Первый свой дом", "organization_id": "01980000-0000-7000-8000-000000000001", "person_id": "01980000-0000-7000-8000-000000000005", "text": "После колледжа устроился на работу и снял жильё. Наставник был рядом.", "anonymous": false}))]
pub struct SuccessStoryForm {
    /// The title.
    pub title: Title,
    /// The organization that tells it.
    #[owner]
    #[filter = "Only of this organization."]
    pub organization_id: OrganizationId,
    /// The person. Required, also of an anonymous story: its text is searched for the names around that person.
    pub person_id: Option<PersonId>,
    /// The practice that it shows.
    pub practice_id: Option<PracticeId>,
    /// The text.
    #[sealed]
    pub text: Note,
    /// Whether it names nobody. An anonymous story has no photos.
    pub anonymous: bool,
    /// The photos.
    #[at_most(10)]
    #[serde(default)]
    pub photo_ids: Vec<FileId>,
    /// The signed consent of a person who is no beneficiary: the ledger has only those of beneficiaries.
    pub consent_file_id: Option<FileId>,
    /// The state.
    #[state]
    #[filter = "Only in these states."]
    pub state: StoryState,
    /// The day of the publication.
    #[state]
    pub published_on: Option<NaiveDate>,
    /// The medium or place in which it is published, as its consents name it.
    #[state]
    pub channel: Option<Title>,
    /// The last day on which it is shown.
    #[state]
    pub shown_until: Option<NaiveDate>,
    /// The day of the withdrawal.
    #[state]
    pub withdrawn_on: Option<NaiveDate>,
}

impl SuccessStoryForm {
    fn judge(&self, _: SuccessStoryId, before: Option<&Self>) -> Vec<Reason> {
        let is_edit = before.is_some_and(|it| it.state == self.state && it.state != StoryState::Draft);
        let is_shown = self.anonymous && !self.photo_ids.is_empty();
        broken([
            (self.person_id.is_none(), MISSING.reason().at("/person_id")),
            (is_shown, BOTH.reason().at("/photo_ids").with("with", "/anonymous")),
            (is_edit, NOT_DRAFT.reason()),
        ])
    }
    /// Whether the change makes it ready or publishes it: from there on, it needs consents.
    pub fn discloses_after(&self, before: Option<&Self>) -> bool {
        let is_known = matches!(self.state, StoryState::Ready | StoryState::Published);
        is_known && before.is_none_or(|it| it.state != self.state)
    }
    /// The medium in which it tells of its person: none before the publication.
    pub fn medium(&self) -> Medium<'_> {
        match self.state {
            StoryState::Published => Medium::Published(self.channel.as_ref()),
            _ => Medium::NotAsked,
        }
    }
    /// The reason against showing it longer than its consents hold.
    pub fn against_term(&self, consents_hold_until: NaiveDate) -> Option<Reason> {
        let is_beyond = self.shown_until.is_some_and(|it| it > consents_hold_until);
        is_beyond.then(|| BEYOND_CONSENT.reason().at("/shown_until").with("holds_until", consents_hold_until))
    }
}

const READY: &Told = &Told {
    kind: "success_story.ready",
    ru: "История успеха готова",
    en: "The success story is ready",
    details: FIELDS,
};
const PUBLISHED: &Told = &Told {
    kind: "success_story.published",
    ru: "История успеха опубликована",
    en: "The success story was published",
    details: FIELDS,
};
const WITHDRAWN: &Told = &Told {
    kind: "success_story.withdrawn",
    ru: "История успеха отозвана",
    en: "The success story was withdrawn",
    details: FIELDS,
};

/// An order to call a story ready.
#[form]
#[schema(example = json!({}))]
pub struct StoryReadiness {}

impl Step<SuccessStoryForm> for StoryReadiness {
    type Right = may::EditParticipants;
    const AT: &'static str = "readiness";
    const ACTION: Action = Action::Complete;
    const TOLD: Option<&'static Told> = Some(READY);
    fn description() -> String {
        "Calls a story ready. Its consents are in force, or it is anonymous and has no name in it.".to_owned()
    }
    fn against(it: &SuccessStory, _: NaiveDate) -> Vec<Reason> {
        if it.form.state == StoryState::Draft { Vec::new() } else { vec![NOT_DRAFT.reason()] }
    }
    fn changed(&self, form: SuccessStoryForm, _: NaiveDate) -> SuccessStoryForm {
        SuccessStoryForm { state: StoryState::Ready, ..form }
    }
}

/// An order to publish a story.
#[form]
#[schema(example = json!({"shown_until": "2026-12-31", "channel": "Сайт учреждения"}))]
pub struct StoryPublication {
    /// The last day on which it is shown. Required of a story that is not anonymous; its consents hold until then.
    pub shown_until: Option<NaiveDate>,
    /// The medium or place in which it is published. Where the consents name channels, it is one of them.
    pub channel: Option<Title>,
}

impl Step<SuccessStoryForm> for StoryPublication {
    type Right = may::Publish;
    const AT: &'static str = "publication";
    const ACTION: Action = Action::Publish;
    const TOLD: Option<&'static Told> = Some(PUBLISHED);
    fn description() -> String {
        "Shows a story that is ready to every account of the region, in `GET /published-stories`. A consent that names channels covers a story that names one of them."
            .to_owned()
    }
    fn against(it: &SuccessStory, _: NaiveDate) -> Vec<Reason> {
        if it.form.state == StoryState::Ready { Vec::new() } else { vec![NOT_READY.reason()] }
    }
    fn against_order(&self, it: &SuccessStoryForm, today: NaiveDate) -> Vec<Reason> {
        let is_past = self.shown_until.is_some_and(|it| it < today);
        broken([
            (!it.anonymous && self.shown_until.is_none(), MISSING.reason().at("/shown_until")),
            (is_past, SHOWN_IN_PAST.reason().at("/shown_until").with("today", today)),
        ])
    }
    fn changed(&self, form: SuccessStoryForm, today: NaiveDate) -> SuccessStoryForm {
        let (published_on, shown_until, channel) = (Some(today), self.shown_until, self.channel.clone());
        SuccessStoryForm { state: StoryState::Published, published_on, shown_until, channel, ..form }
    }
}

/// An order to withdraw a story.
#[form]
#[schema(example = json!({}))]
pub struct StoryWithdrawal {}

impl Step<SuccessStoryForm> for StoryWithdrawal {
    type Right = may::EditParticipants;
    const AT: &'static str = "withdrawal";
    const ACTION: Action = Action::Withdraw;
    const TOLD: Option<&'static Told> = Some(WITHDRAWN);
    fn description() -> String {
        "Withdraws a story. It is shown no more from this moment on. The withdrawal of its consent does the same.".to_owned()
    }
    fn against(it: &SuccessStory, _: NaiveDate) -> Vec<Reason> {
        if it.form.state == StoryState::Withdrawn { vec![OVER.reason()] } else { Vec::new() }
    }
    fn changed(&self, form: SuccessStoryForm, today: NaiveDate) -> SuccessStoryForm {
        let withdrawn_on = Some(today);
        SuccessStoryForm { state: StoryState::Withdrawn, withdrawn_on, ..form }
    }
}
