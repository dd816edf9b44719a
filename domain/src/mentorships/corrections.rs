//! Corrections of the course of a mentorship: an extension or an end that was recorded by mistake is annulled with a reason.
//!
//! An end opens the mentorship again only if nothing stands on it, and all that a confirmation asks of the pair is asked anew. The
//! will of a side, a removal and a death are never annulled.
use super::course::{MentorshipPaused, MentorshipResumed};
use super::endings::{MentorshipReplaced, MentorshipTerminated};
use super::steps::against_the_consents;
use super::{
    ALREADY_IN_PROGRAM, Active, Consent, Mentorship, Pairing, Pause, Paused, Replaced, Replacement,
    ReplacementGround, Running, Situation, Term, Terminated, Termination, TerminationGround,
};
use crate::base::change::{Changed, Fact, Subject, SubjectKind, facts};
use crate::base::entry::Annulment;
use crate::base::entry::correction::{BUILT_ON, Recorded, built_on};
use crate::base::id::{ExtensionId, MentorshipId};
use crate::base::refusal::{Reason, Refused, rules};
use crate::base::text::Note;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

rules! {
    NOT_ENDED = "mentorship.not_ended", State, ours, "Наставничество не закончилось.", "The mentorship has not ended.";
    END_STANDS = "mentorship.end_stands", State, "002 §3.4, §3.10–3.11", "Отказ, отзыв согласия, просьба стороны, отстранение и смерть не аннулируются: предложите наставничество заново.", "A refusal, a withdrawal, the request of a side, a removal and a death are never annulled: propose the mentorship anew.";
    ENDED_BY_ITSELF = "mentorship.ended_by_itself", State, ours, "Наставничество закончилось само: по сроку или по числу встреч. Исправьте то, отчего оно закончилось.", "The mentorship ended by itself, by its term or its meetings: correct the record that ended it.";
}

facts! {
    /// The record of an extension was annulled: the last day is again the earlier one.
    ExtensionAnnulled = "mentorship.extension_annulled",
        "Продление аннулировано[, последний день снова {ends_on}]",
        "The extension was annulled[, the last day is again {ends_on}]"
        about Mentorship (MentorshipId) {
        /// The extension.
        extension_id: ExtensionId,
        /// The last day before the extension.
        ends_on: NaiveDate,
    }
    /// The record of an end was annulled: the mentorship goes on.
    EndAnnulled = "mentorship.end_annulled",
        "Окончание аннулировано, наставничество продолжается[, было закончено {ended_on}]",
        "The end was annulled, and the mentorship goes on[, it had ended on {ended_on}]"
        about Mentorship (MentorshipId) {
        /// The last day by the annulled record.
        ended_on: NaiveDate,
    }
}

/// Whether a fact of that kind ended a mentorship that had begun, by an order.
pub fn is_end(kind: &str) -> bool {
    [MentorshipReplaced::KIND, MentorshipTerminated::KIND].contains(&kind)
}

/// Whether a mentorship with facts of these kinds, the latest first, was paused when it ended.
pub fn was_paused<'a>(kinds: impl IntoIterator<Item = &'a str>) -> bool {
    let is_about_pauses = |it: &&str| [MentorshipPaused::KIND, MentorshipResumed::KIND].contains(it);
    kinds.into_iter().find(is_about_pauses) == Some(MentorshipPaused::KIND)
}

/// The stored data that the annulment of an extension needs.
#[derive(Debug, Clone, PartialEq)]
pub struct ExtensionAnnulmentFacts {
    /// The extension.
    pub id: ExtensionId,
    /// The record of the extension.
    pub recorded: Recorded,
    /// The last day before the extension.
    pub from: NaiveDate,
    /// The next extension, if there is one that was not annulled.
    pub next: Option<ExtensionId>,
    /// The meetings, surveys and reports after that last day, held or planned.
    pub resting: Vec<Subject>,
}

/// A mentorship with its earlier last day, after an extension was annulled.
#[derive(Debug, Clone, PartialEq)]
pub struct AnnulledExtension {
    /// The id of the extension.
    pub id: ExtensionId,
    /// The id of the mentorship.
    pub mentorship_id: MentorshipId,
    /// The last day of the mentorship.
    pub ends_on: NaiveDate,
    /// The annulment.
    pub annulment: Annulment,
}

impl Mentorship {
    /// Refuses the annulment of an extension that is not open to it, or on which something else rests.
    pub(crate) fn must_let_annul(
        &self,
        it: &ExtensionAnnulmentFacts,
        today: NaiveDate,
    ) -> Result<(), Refused> {
        it.recorded.must_be_open(today)?;
        let named = |kind, id: uuid::Uuid| BUILT_ON.reason().with("kind", kind).with("id", id);
        let mut reasons: Vec<Reason> =
            it.next.map(|next| named("extension", next.into())).into_iter().collect();
        reasons.extend(it.resting.iter().map(|it| built_on(it.kind, it.id)));
        if self.clone().running().is_err() {
            reasons.push(named("mentorship_end", self.pairing().id.into()));
        }
        Refused::unless_empty(reasons)
    }
    /// Annuls the record of an extension. The last day is again the one before it; a consent on which the extension rested stays.
    pub fn annul_extension(
        self,
        order: &Annulment,
        it: &ExtensionAnnulmentFacts,
        today: NaiveDate,
    ) -> Result<Changed<AnnulledExtension>, Refused> {
        self.must_let_annul(it, today)?;
        let (id, mentorship_id, ends_on) = (it.id, self.pairing().id, it.from);
        let fact = ExtensionAnnulled { id: mentorship_id, extension_id: id, ends_on };
        Ok(Changed::new(AnnulledExtension { id, mentorship_id, ends_on, annulment: order.clone() }, fact))
    }
}

/// An end that was annulled, as it had been recorded.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AnnulledEnd {
    /// The reason for the annulment.
    pub reason: Note,
    /// The order of the termination, if it was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub termination: Option<Termination>,
    /// The order of the replacement, if it was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replacement: Option<Replacement>,
}

/// The stored data that the annulment of an end needs.
#[derive(Debug, Clone, PartialEq)]
pub struct EndAnnulmentFacts {
    /// The record of the end.
    pub recorded: Recorded,
    /// The pause that the end cut short, if the mentorship was paused.
    pub pause: Option<Pause>,
    /// The recipient's later mentorship in the program, if there is one.
    pub next: Option<MentorshipId>,
    /// The present situation of the pair.
    pub situation: Situation,
    /// The signed consents.
    pub consents: Vec<Consent>,
}

/// A mentorship that goes on after its end was annulled.
#[derive(Debug, Clone, PartialEq)]
pub struct Restored {
    /// The mentorship: active, or paused as before the end.
    pub mentorship: Mentorship,
    /// The annulled end.
    pub end: AnnulledEnd,
}

/// An end that an order brought about, before its annulment.
struct Ended {
    running: Running,
    ended_on: NaiveDate,
    termination: Option<Termination>,
    replacement: Option<Replacement>,
}

impl TerminationGround {
    /// Whether an end on this ground can be annulled: it is neither the will of a side, nor a removal, nor a death.
    fn is_annullable(self) -> bool {
        self == Self::OtherObjective
    }
    /// Whether the term ended before the program was fulfilled.
    fn is_by_term(self) -> bool {
        matches!(self, Self::MeetingsNotHeld | Self::LifePlanMissing)
    }
}

impl ReplacementGround {
    /// Whether an end on this ground can be annulled: it is neither the request of a side nor a death.
    fn is_annullable(self) -> bool {
        self.requested_by().is_none() && self != Self::MentorDied
    }
}

impl Mentorship {
    /// The end, if the kind of it can be annulled; otherwise a refusal.
    fn ended_by_order(self) -> Result<Ended, Refused> {
        let ended = |pairing: Pairing, term: Term, ended_on| Ended {
            running: Running { pairing, term },
            ended_on,
            termination: None,
            replacement: None,
        };
        match self {
            Self::Terminated(Terminated { pairing, term, termination: it }) if it.ground.is_annullable() => {
                Ok(Ended { termination: Some(it.clone()), ..ended(pairing, term, it.ended_on) })
            }
            Self::Replaced(Replaced { pairing, term, replacement: it }) if it.ground.is_annullable() => {
                Ok(Ended { replacement: Some(it.clone()), ..ended(pairing, term, it.ended_on) })
            }
            Self::Terminated(it) if it.termination.ground.is_by_term() => Err(ENDED_BY_ITSELF.refuse()),
            Self::Terminated(_) | Self::Replaced(_) | Self::Declined(_) => Err(END_STANDS.refuse()),
            Self::Completed(_) | Self::Lapsed(_) => Err(ENDED_BY_ITSELF.refuse()),
            _ => Err(NOT_ENDED.refuse()),
        }
    }
    /// Whether an order brought about the end, and the kind of it can be annulled.
    pub fn has_annullable_end(&self) -> bool {
        matches!(self, Self::Terminated(_) | Self::Replaced(_)) && self.clone().ended_by_order().is_ok()
    }
    /// The end, if it can be annulled now; otherwise a refusal.
    fn annullable_end(self, facts: &EndAnnulmentFacts, today: NaiveDate) -> Result<Ended, Refused> {
        let ended = self.ended_by_order()?;
        facts.recorded.must_be_open(today)?;
        Refused::unless_empty(facts.against_going_on(&ended.running, today))?;
        Ok(ended)
    }
    /// Refuses the annulment of an end that stands, or of a pair that could not go on.
    pub(super) fn must_let_annul_end(
        &self,
        facts: &EndAnnulmentFacts,
        today: NaiveDate,
    ) -> Result<(), Refused> {
        self.clone().annullable_end(facts, today).map(|_| ())
    }
    /// Annuls the record of an end: the mentorship is again what it was before. Everything that the end cancelled stays cancelled.
    pub fn annul_end(
        self,
        order: &Annulment,
        facts: &EndAnnulmentFacts,
        today: NaiveDate,
    ) -> Result<Changed<Restored>, Refused> {
        let Ended { running: Running { pairing, term }, ended_on, termination, replacement } =
            self.annullable_end(facts, today)?;
        let fact = EndAnnulled { id: pairing.id, ended_on };
        let mentorship = match facts.pause.clone() {
            Some(pause) => Paused { pairing, term, pause }.into(),
            None => Active { pairing, term }.into(),
        };
        let end = AnnulledEnd { reason: order.reason.clone(), termination, replacement };
        Ok(Changed::new(Restored { mentorship, end }, fact))
    }
}

impl EndAnnulmentFacts {
    /// The reasons against a pair that goes on: a later mentorship of the recipient, and all that a confirmation asks today.
    fn against_going_on(&self, of: &Running, today: NaiveDate) -> Vec<Reason> {
        let mut reasons: Vec<Reason> =
            self.next.map(|it| built_on(SubjectKind::Mentorship, it)).into_iter().collect();
        let mut pair = self.situation.against_going_on(of.term.starts_on, today);
        if self.next.is_some() {
            pair.retain(|it| it.rule.code != ALREADY_IN_PROGRAM.code);
        }
        reasons.extend(pair);
        reasons.extend(against_the_consents(&self.consents, &self.situation, today));
        reasons
    }
}
