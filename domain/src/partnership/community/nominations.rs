//! Nominations for awards, of people, families, projects, practices and organizations (003 L15, L24). Nothing about a person is sent without a
//! consent of the ledger to a nomination.
use crate::base::access::may;
use crate::base::action::Action;
use crate::base::entry::Step;
use crate::base::id::{BeneficiaryId, FileId, NominationId, OrganizationId, PersonId, PracticeId, ProjectId};
use crate::base::named::FIELDS;
use crate::base::refusal::{Reason, broken, rules};
use crate::base::telling::Told;
use crate::base::text::{MISSING, Note, Title};
use crate::base::word::words;
use crate::partnership::words::ReachLevel;
use crate::people::{IN_FUTURE, Lives};
use chrono::NaiveDate;
use shape::{entry, form};
use validator::Validate;

rules! {
    NOT_DRAFT = "nomination.not_draft", State, ours, "Номинация уже отправлена или отозвана.", "The nomination was sent or withdrawn already.";
    NOT_SENT = "nomination.not_sent", State, ours, "Итог записывают у отправленной номинации.", "Only a nomination that was sent has a result.";
    SUBJECT_FIXED = "nomination.subject_fixed", Content, ours, "О ком номинация, не меняется: внесите другую.", "The subject of a nomination stays: enter another one.";
    OVER = "nomination.over", State, ours, "Номинация уже завершена.", "The nomination is over.";
    NO_CONSENT = "nomination.no_consent", State, "003 L24", "Нет согласия на выдвижение на премию: от человека, за ребёнка — от представителя, от семьи — от каждого взрослого.", "There is no consent to the nomination: of the person, of the representative for a child, of each adult for a family.";
    DECIDED_EARLY = "nomination.decided_early", Content, ours, "Решают не раньше, чем номинация отправлена.", "A nomination is not decided before it was sent.";
    PRIZE = "nomination.prize", Content, ours, "Приз указывают у награждённых.", "Only an award has a prize.";
}

words! {
    /// The subject of a nomination.
    NominationSubject in "nomination-subjects" {
        Person = "person", "человек", "person";
        Family = "family", "семья", "family";
        Project = "project", "проект", "project";
        Practice = "practice", "практика", "practice";
        Organization = "organization", "организация", "organization";
    }

    /// The state of a nomination.
    NominationState in "nomination-states" {
        Draft = "draft", "готовится", "draft";
        Sent = "sent", "отправлена", "sent";
        Awarded = "awarded", "награждены", "awarded";
        NotAwarded = "not_awarded", "не награждены", "not awarded";
        Withdrawn = "withdrawn", "отозвана", "withdrawn";
    }
}

impl NominationSubject {
    /// The subjects that are no people: their awards are open to every account.
    pub const OPEN: [Self; 3] = [Self::Project, Self::Practice, Self::Organization];
}

impl NominationState {
    /// Whether the nomination is still with its organization or with the giver of the award.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Draft | Self::Sent)
    }
}

/// A nomination as it is entered and edited, whole.
#[entry(Nomination: NominationId, at "nominations", named "nomination" "nominations", tag "partnership", read ReadPartnershipInside, edit EditParticipants, called award, annul, judged, personal)]
#[schema(example = json!({"award": "Преодоление", "category": "Семья года", "giver": "Правительство области", "reach": "regional", "organization_id": "01980000-0000-7000-8000-000000000001", "subject": "organization", "nominee_id": "01980000-0000-7000-8000-000000000001", "text": "Десять лет сопровождает выпускников."}))]
pub struct NominationForm {
    /// The award.
    pub award: Title,
    /// The category of the award.
    pub category: Option<Title>,
    /// The giver of the award, in words.
    pub giver: Title,
    /// The reach of the award.
    pub reach: Option<ReachLevel>,
    /// The organization that nominates.
    #[owner]
    #[filter = "Only by this organization."]
    pub organization_id: OrganizationId,
    /// The subject. Its own member is required; the others may stand beside it.
    #[told]
    #[filter = "Only of these subjects."]
    #[fixed(SUBJECT_FIXED)]
    pub subject: NominationSubject,
    /// The person.
    pub person_id: Option<PersonId>,
    /// The family.
    pub beneficiary_id: Option<BeneficiaryId>,
    /// The project.
    pub project_id: Option<ProjectId>,
    /// The practice.
    pub practice_id: Option<PracticeId>,
    /// The organization that is nominated.
    pub nominee_id: Option<OrganizationId>,
    /// The nomination in words. Health belongs here only if the consent names it.
    #[sealed]
    pub text: Note,
    /// The signed consent of a person who is no beneficiary: the ledger has only those of beneficiaries.
    pub consent_file_id: Option<FileId>,
    /// The state.
    #[state]
    #[filter = "Only in these states."]
    pub state: NominationState,
    /// The day on which it was sent.
    #[state]
    pub sent_on: Option<NaiveDate>,
    /// The day of the decision.
    #[state]
    pub decided_on: Option<NaiveDate>,
    /// The prize that was given.
    #[state]
    pub prize: Option<Title>,
}

impl NominationForm {
    fn judge(&self, _: NominationId, before: Option<&Self>) -> Vec<Reason> {
        let (is_there, pointer) = match self.subject {
            NominationSubject::Person => (self.person_id.is_some(), "/person_id"),
            NominationSubject::Family => (self.beneficiary_id.is_some(), "/beneficiary_id"),
            NominationSubject::Project => (self.project_id.is_some(), "/project_id"),
            NominationSubject::Practice => (self.practice_id.is_some(), "/practice_id"),
            NominationSubject::Organization => (self.nominee_id.is_some(), "/nominee_id"),
        };
        let is_edit = before.is_some_and(|it| it.state == self.state && it.state != NominationState::Draft);
        broken([
            (!is_there, MISSING.reason().at(pointer).with("with", "/subject")),
            (is_edit, NOT_DRAFT.reason()),
        ])
    }
    /// The reasons against having sent it before the birth. An award may be given after a death.
    pub fn against_life(&self, lives: &Lives) -> Vec<Reason> {
        lives.against_before_birth(self.sent_on.map(|it| ("/sent_on", it)))
    }
    /// Whether the change lets others know of the person or the family: it is sent, or it is awarded.
    pub fn discloses_after(&self, before: Option<&Self>) -> bool {
        let is_known = matches!(self.state, NominationState::Sent | NominationState::Awarded);
        is_known && before.is_none_or(|it| it.state != self.state)
    }
}

const SENT: &Told = &Told {
    kind: "nomination.sent",
    ru: "Номинация отправлена",
    en: "The nomination was sent",
    details: FIELDS,
};
const DECIDED: &Told = &Told {
    kind: "nomination.decided",
    ru: "Записан итог номинации",
    en: "The result of the nomination was recorded",
    details: FIELDS,
};
const WITHDRAWN: &Told = &Told {
    kind: "nomination.withdrawn",
    ru: "Номинация отозвана",
    en: "The nomination was withdrawn",
    details: FIELDS,
};

/// An order to record that a nomination was sent.
#[form]
#[schema(example = json!({"sent_on": "2026-03-01"}))]
pub struct NominationSending {
    /// The day: today or earlier.
    pub sent_on: NaiveDate,
}

impl Step<NominationForm> for NominationSending {
    type Right = may::EndorseParticipants;
    const AT: &'static str = "sending";
    const ACTION: Action = Action::Submit;
    const TOLD: Option<&'static Told> = Some(SENT);
    fn description() -> String {
        "Records that a nomination was sent. A person or a family has consented to it in the ledger, for the purpose `award`.".to_owned()
    }
    fn against(it: &Nomination, _: NaiveDate) -> Vec<Reason> {
        if it.form.state == NominationState::Draft { Vec::new() } else { vec![NOT_DRAFT.reason()] }
    }
    fn against_order(&self, _: &NominationForm, today: NaiveDate) -> Vec<Reason> {
        let early = || IN_FUTURE.reason().at("/sent_on").with("today", today);
        (self.sent_on > today).then(early).into_iter().collect()
    }
    fn changed(&self, form: NominationForm, _: NaiveDate) -> NominationForm {
        let sent_on = Some(self.sent_on);
        NominationForm { state: NominationState::Sent, sent_on, ..form }
    }
}

/// An order to record the result of a nomination.
#[form]
#[schema(example = json!({"awarded": true, "decided_on": "2026-03-02", "prize": "Диплом и поездка"}))]
pub struct NominationResult {
    /// Whether the award was given.
    pub awarded: bool,
    /// The day: today or earlier.
    pub decided_on: NaiveDate,
    /// The prize. Only with an award.
    pub prize: Option<Title>,
}

impl Step<NominationForm> for NominationResult {
    type Right = may::EndorseParticipants;
    const AT: &'static str = "result";
    const ACTION: Action = Action::RecordResult;
    const TOLD: Option<&'static Told> = Some(DECIDED);
    fn description() -> String {
        "Records whether the award was given, and what with it.".to_owned()
    }
    fn against(it: &Nomination, _: NaiveDate) -> Vec<Reason> {
        if it.form.state == NominationState::Sent { Vec::new() } else { vec![NOT_SENT.reason()] }
    }
    fn against_order(&self, it: &NominationForm, today: NaiveDate) -> Vec<Reason> {
        let is_early = it.sent_on.is_some_and(|sent| self.decided_on < sent);
        broken([
            (self.decided_on > today, IN_FUTURE.reason().at("/decided_on").with("today", today)),
            (is_early, DECIDED_EARLY.reason().at("/decided_on")),
            (!self.awarded && self.prize.is_some(), PRIZE.reason().at("/prize")),
        ])
    }
    fn changed(&self, form: NominationForm, _: NaiveDate) -> NominationForm {
        let state = if self.awarded { NominationState::Awarded } else { NominationState::NotAwarded };
        let (decided_on, prize) = (Some(self.decided_on), self.prize.clone());
        NominationForm { state, decided_on, prize, ..form }
    }
}

/// An order to withdraw a nomination.
#[form]
#[schema(example = json!({}))]
pub struct NominationWithdrawal {}

impl Step<NominationForm> for NominationWithdrawal {
    type Right = may::EditParticipants;
    const AT: &'static str = "withdrawal";
    const ACTION: Action = Action::Withdraw;
    const TOLD: Option<&'static Told> = Some(WITHDRAWN);
    fn description() -> String {
        "Withdraws a nomination that is not decided. The withdrawal of the last consent to it does the same."
            .to_owned()
    }
    fn against(it: &Nomination, _: NaiveDate) -> Vec<Reason> {
        if it.form.state.is_open() { Vec::new() } else { vec![OVER.reason()] }
    }
    fn changed(&self, form: NominationForm, _: NaiveDate) -> NominationForm {
        NominationForm { state: NominationState::Withdrawn, ..form }
    }
}
