//! Reports of mentors in the database. The mentor and those responsible for the mentorship see them; the recipient
//! does not.
use super::statements::kept;
use domain::base::change::{Subject, SubjectKind};
use domain::base::id::{MentorshipId, ReportId, UserId};
use domain::base::moment::Moment;
use domain::mentorships::mentor_reports::{Report, ReportForm};
use shape::card;

/// A report as every endpoint returns it. It never changes.
#[card]
pub struct ReportCard {
    /// The id of the report.
    pub id: ReportId,
    /// The mentorship of the report.
    pub mentorship_id: MentorshipId,
    /// The account that made the report.
    pub made_by: UserId,
    /// The content of the report.
    pub report: ReportForm,
    /// The moment at which the report was entered.
    pub created_at: Moment,
}

kept! {
    ReportCard { report } of Report in reports by ReportId, to the mentor All;
    |it| (reports::period_from.eq(it.form.period_from), reports::period_to.eq(it.form.period_to))
}
