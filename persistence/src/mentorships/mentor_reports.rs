//! Reports of mentors in the database. Whoever is responsible for the mentorship sees them, and its mentor; the recipient does not.
use super::statements::kept;
use domain::base::change::{Subject, SubjectKind};
use domain::base::id::{MentorshipId, ReportId, UserId};
use domain::base::moment::Moment;
use domain::mentorships::mentor_reports::{Report, ReportForm};
use shape::card;

/// A report as every endpoint shows it. It never changes.
#[card]
pub struct ReportCard {
    /// Its id.
    pub id: ReportId,
    /// The mentorship.
    pub mentorship_id: MentorshipId,
    /// The account that made it.
    pub made_by: UserId,
    /// What was reported.
    pub report: ReportForm,
    /// When it was entered.
    pub created_at: Moment,
}

kept! {
    ReportCard { report } of Report in reports by ReportId, to the mentor All;
    |it| (reports::period_from.eq(it.form.period_from), reports::period_to.eq(it.form.period_to))
}
