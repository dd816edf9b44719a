//! The course of a mentorship: followed by a tutor, handed over; an active one extended (002 §3.9), paused, resumed.
use super::{
    Active, CONSENT_VOID, DATE, EXTENDED_ENOUGH, EXTENSION_NEEDS_DOCUMENT, EXTENSION_NOT_LATER,
    EXTENSION_TOO_LONG, Extension, Mentorship, NOT_EXTENDABLE, Pause, PauseReason, Paused, REMOVAL_OPEN,
    Resumption, SAME_TUTOR, TERM_OVER, Term, TutorAssignment,
};
use crate::base::change::{Changed, facts};
use crate::base::id::{ExtensionId, MentorshipId, OrganizationId, PauseId, UserId};
use crate::base::refusal::{Reason, Refused};
use crate::people::consents::Signatory;
use crate::region::programs::EditionForm;
use chrono::NaiveDate;

facts! {
    /// The term of a mentorship was extended.
    MentorshipExtended = "mentorship.extended",
        "Наставничество продлено[ до {ends_on}]",
        "The mentorship was extended[ to {ends_on}]"
        about Mentorship (MentorshipId) {
        /// The extension.
        extension_id: ExtensionId,
        /// The last day before the extension.
        ended_on: NaiveDate,
        /// The last day after the extension.
        ends_on: NaiveDate,
    }
    /// A mentorship was paused.
    MentorshipPaused = "mentorship.paused",
        "Наставничество приостановлено[ с {paused_on}][: {reason}]",
        "The mentorship was paused[ from {paused_on}][: {reason}]"
        about Mentorship (MentorshipId) {
        /// The pause.
        pause_id: PauseId,
        /// The first day without meetings.
        paused_on: NaiveDate,
        /// The reason for the pause.
        reason: PauseReason,
    }
    /// A paused mentorship was resumed.
    MentorshipResumed = "mentorship.resumed",
        "Наставничество возобновлено[ с {resumed_on}]",
        "The mentorship was resumed[ from {resumed_on}]"
        about Mentorship (MentorshipId) {
        /// The first day after the pause.
        resumed_on: NaiveDate,
    }
    /// Another mentorship was proposed that follows this one.
    MentorshipSucceeded = "mentorship.succeeded",
        "Наставничество продолжено другим",
        "Another mentorship follows this one"
        about Mentorship (MentorshipId) {
        /// The mentorship that follows.
        next_id: MentorshipId,
    }
    /// Another organization has taken the case of the recipient over, and the mentorship with it.
    MentorshipHandedOver = "mentorship.handed_over",
        "Наставничество передано другой организации[: {organization_id}][, тьютор: {tutor_user_id}]",
        "The mentorship was handed over to another organization[: {organization_id}][, tutor: {tutor_user_id}]"
        about Mentorship (MentorshipId) {
        /// The organization that confirms from now on.
        organization_id: OrganizationId,
        /// The account of the tutor from now on. Absent: it has none.
        tutor_user_id: Option<UserId>,
    }
    /// A tutor was named, who follows the pair from now on.
    MentorshipTutorNamed = "mentorship.tutor_named",
        "Назначен тьютор[: {tutor_user_id}][, прежний тьютор: {former_tutor_user_id}]",
        "A tutor was named[: {tutor_user_id}][, the former tutor: {former_tutor_user_id}]"
        about Mentorship (MentorshipId) {
        /// The account of the tutor from now on.
        tutor_user_id: UserId,
        /// The account of the tutor whom this one replaces, if there was one.
        former_tutor_user_id: Option<UserId>,
    }
    /// The tutor follows the pair no more, and nobody was named instead.
    MentorshipTutorLeft = "mentorship.tutor_left",
        "Тьютор больше не сопровождает пару[: {former_tutor_user_id}]",
        "The tutor follows the pair no more[: {former_tutor_user_id}]"
        about Mentorship (MentorshipId) {
        /// The account of the tutor until now.
        former_tutor_user_id: UserId,
    }
    /// A meeting was annulled, and the mentorship is counted anew without it.
    MentorshipRecounted = "mentorship.recounted",
        "Встречи наставничества пересчитаны",
        "The meetings of the mentorship were counted anew"
        about Mentorship (MentorshipId) {}
}

/// A mentorship that another organization has taken over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HandedOver {
    /// The id of the mentorship.
    pub id: MentorshipId,
    /// The organization that confirms from now on.
    pub organization_id: OrganizationId,
    /// The account of the tutor from now on.
    pub tutor_user_id: Option<UserId>,
}

/// The tutor of a mentorship that is handed over.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct HandoverTutor {
    /// The account that the order of the acceptance names.
    pub named: Option<UserId>,
    /// Whether the present tutor serves the organization that hands over, and not the one that takes over.
    pub is_left_behind: bool,
}

impl Mentorship {
    /// Hands a mentorship that has not ended over to the organization that takes the case of the recipient over. Its signature stands for
    /// the confirmation (002 §3.1). A tutor of the former organization stays with that. Unless the order names another one, the specialist
    /// in charge of the case follows the pair alone.
    pub fn hand_over(
        self,
        organization_id: OrganizationId,
        tutor: HandoverTutor,
    ) -> Result<Changed<HandedOver>, Refused> {
        let it = self.not_ended()?;
        let id = it.pairing().id;
        let present = it.pairing().tutor_user_id.filter(|_| !tutor.is_left_behind);
        let tutor_user_id = tutor.named.or(present);
        let fact = MentorshipHandedOver { id, organization_id, tutor_user_id };
        Ok(Changed::new(HandedOver { id, organization_id, tutor_user_id }, fact))
    }
}

/// A mentorship whose tutor was named, or follows it no more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tutored {
    /// The id of the mentorship.
    pub id: MentorshipId,
    /// The account of the tutor from now on.
    pub tutor_user_id: Option<UserId>,
}

impl Mentorship {
    /// Names the tutor of a mentorship that has not ended, or leaves it without one. The former tutor sees nothing of the pair from now on.
    pub fn assign_tutor(self, order: &TutorAssignment) -> Result<Changed<Tutored>, Refused> {
        let it = self.not_ended()?;
        let (id, former_tutor_user_id) = (it.pairing().id, it.pairing().tutor_user_id);
        let tutored = Tutored { id, tutor_user_id: order.tutor_user_id };
        match (order.tutor_user_id, former_tutor_user_id) {
            (Some(tutor_user_id), former) if former != Some(tutor_user_id) => {
                let fact = MentorshipTutorNamed { id, tutor_user_id, former_tutor_user_id };
                Ok(Changed::new(tutored, fact))
            }
            (None, Some(former_tutor_user_id)) => {
                Ok(Changed::new(tutored, MentorshipTutorLeft { id, former_tutor_user_id }))
            }
            _ => Err(SAME_TUTOR.reason().at("/tutor_user_id").into()),
        }
    }
}

/// A mentorship whose card changes with another record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Touched {
    /// The id of the mentorship.
    pub id: MentorshipId,
}

impl Touched {
    /// Records that another mentorship follows.
    pub fn succeeded(id: MentorshipId, next_id: MentorshipId) -> Changed<Self> {
        Changed::new(Self { id }, MentorshipSucceeded { id, next_id })
    }
    /// Records that a meeting counts no more.
    pub fn recounted(id: MentorshipId) -> Changed<Self> {
        Changed::new(Self { id }, MentorshipRecounted { id })
    }
}

/// The stored data that an extension needs.
#[derive(Debug, Clone, PartialEq)]
pub struct ExtensionFacts {
    /// The edition under which the mentorship began.
    pub edition: EditionForm,
    /// The number of earlier extensions.
    pub extended_times: i64,
    /// Whether the mentor is removed, or a ground for the removal is open.
    pub is_removal_open: bool,
    /// The signatures that are missing today: an authority has ended, or the recipient has come of age.
    pub consents_missing: Vec<Signatory>,
}

/// A mentorship after an extension of its term.
#[derive(Debug, Clone, PartialEq)]
pub struct Extended {
    /// The id of the extension.
    pub id: ExtensionId,
    /// The mentorship with its new term.
    pub mentorship: Active,
    /// The last day before the extension.
    pub from: NaiveDate,
    /// The order of the extension.
    pub order: Extension,
}

/// A mentorship after the beginning of a pause.
#[derive(Debug, Clone, PartialEq)]
pub struct PauseBegun {
    /// The id of the pause.
    pub id: PauseId,
    /// The mentorship.
    pub mentorship: Paused,
}

/// A mentorship after the end of a pause.
#[derive(Debug, Clone, PartialEq)]
pub struct Resumed {
    /// The mentorship.
    pub mentorship: Active,
    /// The first day after the pause.
    pub resumed_on: NaiveDate,
}

impl Active {
    /// Extends the term (002 §3.9), within the limits of the edition. Refuses while a ground for the mentor's removal is open.
    pub fn extend(
        self,
        id: ExtensionId,
        order: &Extension,
        facts: &ExtensionFacts,
        today: NaiveDate,
    ) -> Result<Changed<Extended>, Refused> {
        let mut reasons = self.against_extending(facts, today);
        reasons.extend(self.against_the_extension(order, &facts.edition));
        reasons.extend(order.decree.as_ref().and_then(|it| it.against(today)));
        Refused::unless_empty(reasons)?;
        let from = self.term.ends_on;
        let fact = MentorshipExtended {
            id: self.pairing.id,
            extension_id: id,
            ended_on: from,
            ends_on: order.ends_on,
        };
        let term = Term { ends_on: order.ends_on, ..self.term };
        let mentorship = Self { pairing: self.pairing, term };
        Ok(Changed::new(Extended { id, mentorship, from, order: order.clone() }, fact))
    }
    /// The reasons against any extension, independent of its length.
    pub(super) fn against_extending(&self, facts: &ExtensionFacts, today: NaiveDate) -> Vec<Reason> {
        let mut reasons = Vec::new();
        if !facts.edition.extendable {
            reasons.push(NOT_EXTENDABLE.reason());
        }
        if facts.is_removal_open {
            reasons.push(REMOVAL_OPEN.reason());
        }
        let void = facts.consents_missing.iter().map(|it| CONSENT_VOID.reason().with("subject", it));
        reasons.extend(void);
        if today > self.term.ends_on {
            reasons.push(TERM_OVER.reason().with("ended_on", self.term.ends_on));
        }
        if let Some(times) = facts.edition.max_extensions.filter(|it| facts.extended_times >= i64::from(*it))
        {
            reasons.push(EXTENDED_ENOUGH.reason().with("max_extensions", times));
        }
        let latest = facts.edition.latest_extended_end(self.term.starts_on);
        if facts.edition.extendable && latest <= self.term.ends_on {
            reasons.push(EXTENSION_TOO_LONG.reason().at("/ends_on").with("not_after", latest));
        }
        reasons
    }
    fn against_the_extension(&self, order: &Extension, edition: &EditionForm) -> Vec<Reason> {
        let mut reasons = Vec::new();
        let latest = edition.latest_extended_end(self.term.starts_on);
        if order.ends_on <= self.term.ends_on {
            reasons.push(EXTENSION_NOT_LATER.reason().at("/ends_on").with("after", self.term.ends_on));
        } else if edition.extendable && order.ends_on > latest && latest > self.term.ends_on {
            reasons.push(EXTENSION_TOO_LONG.reason().at("/ends_on").with("not_after", latest));
        }
        if edition.extension_document_required && order.document_file_id.is_none() {
            reasons.push(EXTENSION_NEEDS_DOCUMENT.reason().at("/document_file_id"));
        }
        reasons
    }
    /// Pauses the mentorship. `busy_until` is the last day of a meeting or of an earlier pause; the new pause cannot begin
    /// before it.
    pub fn pause(
        self,
        id: PauseId,
        order: &Pause,
        busy_until: Option<NaiveDate>,
        today: NaiveDate,
    ) -> Result<Changed<PauseBegun>, Refused> {
        let last = self.term.ends_on.min(today);
        let first = busy_until.map_or(self.term.starts_on, |it| it.max(self.term.starts_on)).min(last);
        if !(first..=last).contains(&order.paused_on) {
            let date = DATE.reason().at("/paused_on").with("not_before", first);
            return Err(date.with("not_after", last).into());
        }
        let Self { pairing, term } = self;
        let fact = MentorshipPaused {
            id: pairing.id,
            pause_id: id,
            paused_on: order.paused_on,
            reason: order.reason,
        };
        let mentorship = Paused { pairing, term, pause: order.clone() };
        Ok(Changed::new(PauseBegun { id, mentorship }, fact))
    }
}

impl Paused {
    /// Resumes the mentorship.
    pub fn resume(self, order: &Resumption, today: NaiveDate) -> Result<Changed<Resumed>, Refused> {
        let (first, last) = (self.pause.paused_on, self.term.ends_on.min(today));
        if !(first..=last).contains(&order.resumed_on) {
            let date = DATE.reason().at("/resumed_on").with("not_before", first);
            return Err(date.with("not_after", last).into());
        }
        let Self { pairing, term, .. } = self;
        let fact = MentorshipResumed { id: pairing.id, resumed_on: order.resumed_on };
        let resumed = Resumed { mentorship: Active { pairing, term }, resumed_on: order.resumed_on };
        Ok(Changed::new(resumed, fact))
    }
}
