//! The course of a mentorship between its beginning and its end: extended (002 §3.9), paused, resumed.
use super::steps::order_date_ahead;
use super::{
    Active, DATE, EXTENDED_ENOUGH, EXTENSION_NEEDS_DOCUMENT, EXTENSION_NOT_LATER, EXTENSION_TOO_LONG,
    Extension, NOT_EXTENDABLE, Pause, PauseReason, Paused, REMOVAL_OPEN, Resumption, TERM_OVER, Term,
};
use crate::base::change::{Changed, facts};
use crate::base::id::{ExtensionId, MentorshipId, PauseId};
use crate::base::refusal::{Reason, Refused};
use crate::region::programs::EditionForm;
use chrono::NaiveDate;

facts! {
    /// The term was extended.
    MentorshipExtended = "mentorship.extended" about Mentorship (MentorshipId) {
        /// The extension.
        extension_id: ExtensionId,
        /// The last day as it was.
        ended_on: NaiveDate,
        /// The last day as it is.
        ends_on: NaiveDate,
    }
    /// A mentorship was paused.
    MentorshipPaused = "mentorship.paused" about Mentorship (MentorshipId) {
        /// The pause.
        pause_id: PauseId,
        /// The first day without meetings.
        paused_on: NaiveDate,
        /// Why.
        reason: PauseReason,
    }
    /// A mentorship goes on.
    MentorshipResumed = "mentorship.resumed" about Mentorship (MentorshipId) {
        /// The first day.
        resumed_on: NaiveDate,
    }
}

/// What is known when a term is to be extended.
#[derive(Debug, Clone, PartialEq)]
pub struct ExtensionFacts {
    /// The edition that the mentorship keeps.
    pub edition: EditionForm,
    /// How often it has been extended already.
    pub extended_times: i64,
    /// Whether the mentor is removed, or a ground for the removal is open.
    pub is_removal_open: bool,
}

/// A term extended.
#[derive(Debug, Clone, PartialEq)]
pub struct Extended {
    /// The extension.
    pub id: ExtensionId,
    /// The mentorship with its new term.
    pub mentorship: Active,
    /// The last day as it was.
    pub from: NaiveDate,
    /// What was ordered.
    pub order: Extension,
}

/// A pause begun.
#[derive(Debug, Clone, PartialEq)]
pub struct PauseBegun {
    /// The pause.
    pub id: PauseId,
    /// The mentorship.
    pub mentorship: Paused,
}

/// A pause over.
#[derive(Debug, Clone, PartialEq)]
pub struct Resumed {
    /// The mentorship.
    pub mentorship: Active,
    /// The first day on which it goes on.
    pub resumed_on: NaiveDate,
}

impl Active {
    /// Extends the term, 002 §3.9: while no ground for the mentor's removal is open, as often and as far as the edition allows.
    pub fn extend(
        self,
        id: ExtensionId,
        order: &Extension,
        facts: &ExtensionFacts,
        today: NaiveDate,
    ) -> Result<Changed<Extended>, Refused> {
        let mut reasons = self.against_extending(facts, today);
        reasons.extend(self.against_the_extension(order, &facts.edition));
        reasons.extend(order_date_ahead(order.order_date, today));
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
    /// What stands against any extension at all.
    fn against_extending(&self, facts: &ExtensionFacts, today: NaiveDate) -> Vec<Reason> {
        let mut reasons = Vec::new();
        if !facts.edition.extendable {
            reasons.push(NOT_EXTENDABLE.reason());
        }
        if facts.is_removal_open {
            reasons.push(REMOVAL_OPEN.reason());
        }
        if today > self.term.ends_on {
            reasons.push(TERM_OVER.reason().with("ended_on", self.term.ends_on));
        }
        if let Some(times) = facts.edition.max_extensions.filter(|it| facts.extended_times >= i64::from(*it))
        {
            reasons.push(EXTENDED_ENOUGH.reason().with("max_extensions", times));
        }
        reasons
    }
    fn against_the_extension(&self, order: &Extension, edition: &EditionForm) -> Vec<Reason> {
        let mut reasons = Vec::new();
        let latest = edition.latest_extended_end(self.term.starts_on);
        if order.ends_on <= self.term.ends_on {
            reasons.push(EXTENSION_NOT_LATER.reason().at("/ends_on").with("after", self.term.ends_on));
        } else if edition.extendable && order.ends_on > latest {
            reasons.push(EXTENSION_TOO_LONG.reason().at("/ends_on").with("not_after", latest));
        }
        if edition.extension_document_required && order.document_file_id.is_none() {
            reasons.push(EXTENSION_NEEDS_DOCUMENT.reason().at("/document_file_id"));
        }
        reasons
    }
    /// Sets the mentorship aside for a while, not before the day until which it was busy: met, or paused before.
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
    /// Goes on.
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
