//! Surveys of living conditions in the database. They are sensitive: only those responsible for the mentorship and
//! the mentor who made them see them. The recipient does not.
use super::kept;
use domain::base::action::AvailableAction;
use domain::base::change::{Subject, SubjectKind};
use domain::base::entry::Annulment;
use domain::base::id::{MentorshipId, SurveyId, UserId};
use domain::base::moment::Moment;
use domain::mentorships::surveys::{Survey, SurveyForm};
use shape::card;

/// A survey as every endpoint returns it. It never changes, but one made by mistake can be annulled.
#[card]
pub struct SurveyCard {
    /// The id of the survey.
    pub id: SurveyId,
    /// The mentorship of the survey.
    pub mentorship_id: MentorshipId,
    /// The account that made the survey.
    pub made_by: UserId,
    /// The observations of the survey.
    pub survey: SurveyForm,
    /// The annulment, where it was made by mistake.
    pub annulment: Option<Annulment>,
    /// Orders that this caller may send to the survey now; absent in lists.
    #[schema(max_items = 20)]
    pub available_actions: Option<Vec<AvailableAction>>,
    /// The moment at which the survey was entered.
    pub created_at: Moment,
}

kept! {
    SurveyCard { survey } of Survey in surveys at "surveys" sealed "surveys.form" by SurveyId, to the mentor Own, about visited_on ..= visited_on;
    |it| (surveys::meeting_id.eq(bind(it.form.meeting_id)), surveys::visited_on.eq(it.form.visited_on))
}
