//! Surveys of living conditions in the database. They are sensitive: whoever is responsible for the mentorship sees them, and the
//! mentor who made them; the recipient does not.
use crate::engine::card::Card;
use crate::engine::column::{bind, binds};
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::page::{Page, Place, Window};
use crate::engine::schema::surveys;
use crate::mentorships::{self, By};
use crate::tx::Tx;
use diesel::prelude::*;
use domain::base::change::{Changed, Subject, SubjectKind};
use domain::base::id::{MeetingId, MentorshipId, SurveyId, UserId};
use domain::base::moment::Moment;
use domain::mentorships::Eyes;
use domain::mentorships::surveys::{Survey, SurveyForm};
use shape::card;
use uuid::Uuid;

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

impl Card for SurveyCard {
    fn path(&self) -> Option<String> {
        Some(format!("/api/v1/surveys/{}", self.id))
    }
    fn personal(&self) -> Vec<Subject> {
        vec![Subject::new(SubjectKind::Survey, self.id)]
    }
}

#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = surveys)]
struct Row {
    id: SurveyId,
    mentorship_id: MentorshipId,
    made_by: UserId,
    form: String,
    created_at: Moment,
}

const FORM: &str = "surveys.form";

impl Row {
    fn tell(self, tx: &Tx<'_>) -> Result<SurveyCard, Failure> {
        Ok(SurveyCard {
            survey: tx.core.keys.open(FORM, Uuid::from(self.id), &self.form)?,
            id: self.id,
            mentorship_id: self.mentorship_id,
            made_by: self.made_by,
            created_at: self.created_at,
        })
    }
}

fn missing(id: SurveyId) -> Failure {
    Failure::NotFound(Some(Subject::new(SubjectKind::Survey, id)))
}

fn is_own(tx: &Tx<'_>, made_by: UserId) -> bool {
    tx.caller().is_some_and(|it| it.user == made_by)
}

/// Whether the survey is visible.
pub(crate) async fn sees(tx: &mut Tx<'_>, id: SurveyId) -> Result<bool, Failure> {
    crate::sight::is_seen(visible(tx, id).await)
}

/// The row; not there unless it is shown to the caller.
async fn visible(tx: &mut Tx<'_>, id: SurveyId) -> Result<Row, Failure> {
    let one = surveys::table.find(bind(id));
    let row: Row = db!(tx, first, one.select(Row::as_select())).optional()?.ok_or_else(|| missing(id))?;
    let eyes = match mentorships::stand(tx, row.mentorship_id, By::Sight).await {
        Err(Failure::NotFound(_)) => return Err(missing(id)),
        stand => stand?.eyes(),
    };
    let shown = match eyes {
        Eyes::Staff => true,
        Eyes::Mentor => is_own(tx, row.made_by),
        Eyes::Recipient => false,
    };
    if shown { Ok(row) } else { Err(missing(id)) }
}

/// One survey.
pub async fn card(tx: &mut Tx<'_>, id: SurveyId) -> Result<SurveyCard, Failure> {
    visible(tx, id).await?.tell(tx)
}

/// The surveys of a mentorship that are shown to the caller, the newest first.
pub async fn list(tx: &mut Tx<'_>, of: MentorshipId, window: &Window) -> Result<Page<SurveyCard>, Failure> {
    let eyes = mentorships::stand(tx, of, By::Sight).await?.eyes();
    let own: Vec<UserId> = tx.caller().map(|it| it.user).into_iter().collect();
    let rows: Vec<Row> = db!(tx, load, {
        let mut all = surveys::table
            .filter(surveys::mentorship_id.eq(bind(of)))
            .select(Row::as_select())
            .order(surveys::id.desc())
            .limit(window.fetch())
            .into_boxed();
        if eyes != Eyes::Staff {
            all = all.filter(surveys::made_by.eq_any(binds(&own)));
        }
        if let Some(after) = window.after_id() {
            all = all.filter(surveys::id.lt(bind(after)));
        }
        all
    })?;
    let page = window.page(rows, |it| Place::id(it.id));
    let cards = page.items.into_iter().map(|it| it.tell(tx)).collect::<Result<_, _>>()?;
    Ok(Page { items: cards, next: page.next })
}

/// Saves a survey.
pub async fn save_made(tx: &mut Tx<'_>, change: Changed<Survey>) -> Result<(), Failure> {
    let (it, records) = change.into_parts();
    let by = tx.caller().map(|it| it.user).ok_or_else(|| Failure::broken("nobody made it"))?;
    let meeting: Option<MeetingId> = it.form.meeting_id;
    let row = (
        surveys::id.eq(bind(it.id)),
        surveys::mentorship_id.eq(bind(it.mentorship_id)),
        surveys::meeting_id.eq(bind(meeting)),
        surveys::made_by.eq(bind(by)),
        surveys::visited_on.eq(it.form.visited_on),
        surveys::form.eq(bind(tx.core.keys.seal(FORM, Uuid::from(it.id), &it.form)?)),
        surveys::created_at.eq(bind(tx.now())),
    );
    let rows = db!(tx, execute, diesel::insert_into(surveys::table).values(row))?;
    tx.established(rows, records)
}
