//! Surveys of living conditions in the database. They are sensitive: whoever is responsible for the mentorship sees them, and the
//! mentor who made them; the recipient does not.
use super::statements::kept;
use domain::base::change::{Subject, SubjectKind};
use domain::base::id::{MentorshipId, SurveyId, UserId};
use domain::base::moment::Moment;
use domain::mentorships::surveys::{Survey, SurveyForm};
use shape::card;

/// A survey as every endpoint shows it. It never changes.
#[card]
pub struct SurveyCard {
    /// Its id.
    pub id: SurveyId,
    /// The mentorship.
    pub mentorship_id: MentorshipId,
    /// The account that made it.
    pub made_by: UserId,
    /// What was seen.
    pub survey: SurveyForm,
    /// When it was entered.
    pub created_at: Moment,
}

kept! {
    SurveyCard { survey } of Survey in surveys by SurveyId, to the mentor Own;
    |it| (surveys::meeting_id.eq(bind(it.form.meeting_id)), surveys::visited_on.eq(it.form.visited_on))
}
