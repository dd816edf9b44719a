//! The orders that the card of a meeting offers, judged by the rules of the orders.
use super::{CancellationReason, Meeting, MeetingAnnulmentFacts, Pace, WorkForm};
use crate::base::access::Right;
use crate::base::action::{Action, Offer, Offers, Verdict};
use crate::base::moment::Moment;
use crate::base::word::Word;
use crate::mentorships::{Mentorship, Party};
use chrono::NaiveDate;

/// The stored data by which the orders of a meeting are judged.
#[derive(Debug)]
pub struct MeetingActionFacts {
    /// The mentorship of the meeting.
    pub mentorship: Mentorship,
    /// For the record of a held meeting.
    pub pace: Option<Pace>,
    /// For the annulment.
    pub annulment: Option<MeetingAnnulmentFacts>,
}

/// A meeting as its caller sees it.
#[derive(Debug)]
pub struct MeetingOffers<'a> {
    /// The meeting.
    pub it: &'a Meeting,
    /// The caller's own side of the mentorship.
    pub by: Option<Party>,
    /// The sides that have rated.
    pub rated: &'a [Party],
    /// The number of reports on the homework.
    pub reported: i32,
    /// The stored data. `None` in a list.
    pub facts: Option<&'a MeetingActionFacts>,
    /// The present moment.
    pub now: Moment,
    /// The present day.
    pub today: NaiveDate,
}

impl Offers for MeetingOffers<'_> {
    const AT: &'static str = "meetings";
    const OFFERS: &'static [Offer] = &[
        Offer::edit(Right::EditMeetings),
        Offer::step(Action::Hold, "holding", Right::EditMeetings),
        Offer::step(Action::Miss, "missing", Right::EditMeetings),
        Offer::step(Action::Cancel, "cancellation", Right::EditMeetings),
        Offer::step(Action::ReportHomework, "homework-result", Right::ReportHomework),
        Offer::step(Action::Rate, "ratings", Right::RateMeeting),
        Offer::step(Action::Annul, "annulment", Right::AnnulRecords),
    ];
    fn judge(&self, action: Action) -> Option<Verdict> {
        match action {
            Action::Edit | Action::Hold | Action::Miss | Action::Cancel => self.plan(action),
            Action::ReportHomework => {
                let held = self.it.clone().held().ok()?;
                held.must_have_homework().ok()?;
                Some(Verdict::default().unless(held.must_take_reports(self.reported)))
            }
            Action::Rate => {
                let held = self.it.clone().held().ok()?;
                let open = |it: &Party| held.against_rating(*it, self.by, self.rated).is_none();
                let open: Vec<Party> = Party::ALL.iter().copied().filter(open).collect();
                (!open.is_empty()).then(|| Verdict::default().takes("/party", open))
            }
            Action::Annul if self.by.is_none() => {
                self.it.clone().held().ok()?;
                let facts = self.facts.and_then(|it| it.annulment.as_ref());
                let judged = facts.map(|facts| self.it.clone().annullable(facts, self.today));
                Some(judged.into_iter().fold(Verdict::default(), Verdict::unless))
            }
            _ => None,
        }
    }
}

impl MeetingOffers<'_> {
    fn plan(&self, action: Action) -> Option<Verdict> {
        let planned = self.it.clone().planned().ok()?;
        let active = self.facts.map(|it| it.mentorship.clone().for_meetings());
        let verdict = match (action, active) {
            (Action::Miss, _) => return Some(Verdict::default().against(planned.against_missing(self.now))),
            (Action::Cancel, _) => {
                let sent = CancellationReason::ALL.iter().copied().filter(|it| it.is_sent());
                return Some(Verdict::default().takes("/reason", sent));
            }
            (Action::Hold, Some(Ok(active))) => {
                let pace = self.facts.and_then(|it| it.pace.as_ref());
                let against = pace.map(|pace| active.against_recording(pace, self.now));
                Verdict::default().against(against.unwrap_or_default())
            }
            (_, Some(Err(refused))) => Verdict::default().unless::<()>(Err(refused)),
            _ => Verdict::default(),
        };
        let methods = WorkForm::Individual.methods().iter().copied();
        Some(if action == Action::Edit { verdict.takes("/method", methods) } else { verdict })
    }
}
