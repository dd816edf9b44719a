//! Reports of mentors in the database. The mentor and those responsible for the mentorship see them; the recipient
//! does not.
use super::kept;
use domain::base::action::AvailableAction;
use domain::base::change::{Subject, SubjectKind};
use domain::base::entry::Annulment;
use domain::base::id::{MentorReportId, MentorshipId, UserId};
use domain::base::moment::Moment;
use domain::mentorships::mentor_reports::{MentorReport, MentorReportForm};
use shape::card;

/// A report as every endpoint returns it. It never changes, but one made by mistake can be annulled.
#[card]
pub struct MentorReportCard {
    /// The id of the report.
    pub id: MentorReportId,
    /// The mentorship of the report.
    pub mentorship_id: MentorshipId,
    /// The account that made the report.
    pub made_by: UserId,
    /// The content of the report.
    pub report: MentorReportForm,
    /// The annulment, where it was made by mistake.
    pub annulment: Option<Annulment>,
    /// Orders that this caller may send to the report now; absent in lists.
    #[schema(max_items = 20)]
    pub available_actions: Option<Vec<AvailableAction>>,
    /// The moment at which the report was entered.
    pub created_at: Moment,
}

kept! {
    MentorReportCard { report } of MentorReport in mentor_reports at "mentor-reports" sealed "reports.form" by MentorReportId, to the mentor All, about period_from ..= period_to;
    |it| (mentor_reports::period_from.eq(it.form.period_from), mentor_reports::period_to.eq(it.form.period_to))
}
