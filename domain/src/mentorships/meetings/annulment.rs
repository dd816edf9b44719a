//! The annulment of a held meeting that was recorded by mistake, for example for the wrong pair.
use super::{HeldMeeting, Meeting, MeetingAnnulled};
use crate::base::change::{Changed, SubjectKind};
use crate::base::entry::Annulment;
use crate::base::entry::correction::{Recorded, built_on};
use crate::base::id::SurveyId;
use crate::base::refusal::Refused;
use chrono::NaiveDate;

/// The stored data that an annulment needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MeetingAnnulmentFacts {
    /// The record of the meeting.
    pub recorded: Recorded,
    /// The surveys that were made at the meeting.
    pub surveys: Vec<SurveyId>,
}

/// A meeting whose record was annulled.
#[derive(Debug, Clone, PartialEq)]
pub struct AnnulledMeeting {
    /// The meeting as it was recorded.
    pub was: HeldMeeting,
    /// The annulment.
    pub annulment: Annulment,
}

impl Meeting {
    /// The held meeting, if its record can be annulled now; otherwise a refusal.
    pub(super) fn annullable(
        self,
        facts: &MeetingAnnulmentFacts,
        today: NaiveDate,
    ) -> Result<HeldMeeting, Refused> {
        facts.recorded.must_be_open(today)?;
        let was = self.held()?;
        let resting = facts.surveys.iter().map(|it| built_on(SubjectKind::Survey, *it)).collect();
        Refused::unless_empty(resting)?;
        Ok(was)
    }
    /// Annuls the record of a held meeting. A survey that was made at the meeting is annulled first.
    pub fn annul(
        self,
        order: &Annulment,
        facts: &MeetingAnnulmentFacts,
        today: NaiveDate,
    ) -> Result<Changed<AnnulledMeeting>, Refused> {
        let was = self.annullable(facts, today)?;
        let (id, mentorship_id) = (was.was.id, was.was.mentorship_id);
        let annulled = AnnulledMeeting { was, annulment: order.clone() };
        Ok(Changed::new(annulled, MeetingAnnulled { id, mentorship_id }))
    }
}
