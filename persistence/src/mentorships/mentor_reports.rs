//! Reports of mentors in the database. Whoever is responsible for the mentorship sees them, and its mentor; the recipient does not.
use crate::engine::card::Card;
use crate::engine::column::bind;
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::page::{Page, Place, Window};
use crate::engine::schema::reports;
use crate::mentorships::{self, By};
use crate::tx::Tx;
use diesel::prelude::*;
use domain::base::change::{Changed, Subject, SubjectKind};
use domain::base::id::{MentorshipId, ReportId, UserId};
use domain::base::moment::Moment;
use domain::mentorships::Eyes;
use domain::mentorships::mentor_reports::{Report, ReportForm};
use shape::card;
use uuid::Uuid;

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

impl Card for ReportCard {
    fn path(&self) -> Option<String> {
        Some(format!("/api/v1/reports/{}", self.id))
    }
    fn personal(&self) -> Vec<Subject> {
        vec![Subject::new(SubjectKind::Report, self.id)]
    }
}

#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = reports)]
struct Row {
    id: ReportId,
    mentorship_id: MentorshipId,
    made_by: UserId,
    form: String,
    created_at: Moment,
}

const FORM: &str = "reports.form";

impl Row {
    fn tell(self, tx: &Tx<'_>) -> Result<ReportCard, Failure> {
        Ok(ReportCard {
            report: tx.core.keys.open(FORM, Uuid::from(self.id), &self.form)?,
            id: self.id,
            mentorship_id: self.mentorship_id,
            made_by: self.made_by,
            created_at: self.created_at,
        })
    }
}

fn missing(id: ReportId) -> Failure {
    Failure::NotFound(Some(Subject::new(SubjectKind::Report, id)))
}

/// Whether the report is visible.
pub(crate) async fn sees(tx: &mut Tx<'_>, id: ReportId) -> Result<bool, Failure> {
    crate::sight::is_seen(visible(tx, id).await)
}

/// The row; not there unless it is shown to the caller.
async fn visible(tx: &mut Tx<'_>, id: ReportId) -> Result<Row, Failure> {
    let one = reports::table.find(bind(id));
    let row: Row = db!(tx, first, one.select(Row::as_select())).optional()?.ok_or_else(|| missing(id))?;
    let eyes = match mentorships::stand(tx, row.mentorship_id, By::Sight).await {
        Err(Failure::NotFound(_)) => return Err(missing(id)),
        stand => stand?.eyes(),
    };
    if eyes == Eyes::Recipient { Err(missing(id)) } else { Ok(row) }
}

/// One report.
pub async fn card(tx: &mut Tx<'_>, id: ReportId) -> Result<ReportCard, Failure> {
    visible(tx, id).await?.tell(tx)
}

/// The reports of a mentorship that are shown to the caller, the newest first.
pub async fn list(tx: &mut Tx<'_>, of: MentorshipId, window: &Window) -> Result<Page<ReportCard>, Failure> {
    if mentorships::stand(tx, of, By::Sight).await?.eyes() == Eyes::Recipient {
        return Ok(Page { items: Vec::new(), next: None });
    }
    let rows: Vec<Row> = db!(tx, load, {
        let mut all = reports::table
            .filter(reports::mentorship_id.eq(bind(of)))
            .select(Row::as_select())
            .order(reports::id.desc())
            .limit(window.fetch())
            .into_boxed();
        if let Some(after) = window.after_id() {
            all = all.filter(reports::id.lt(bind(after)));
        }
        all
    })?;
    let page = window.page(rows, |it| Place::id(it.id));
    let cards = page.items.into_iter().map(|it| it.tell(tx)).collect::<Result<_, _>>()?;
    Ok(Page { items: cards, next: page.next })
}

/// Saves a report.
pub async fn save_made(tx: &mut Tx<'_>, change: Changed<Report>) -> Result<(), Failure> {
    let (it, records) = change.into_parts();
    let by = tx.caller().map(|it| it.user).ok_or_else(|| Failure::broken("nobody made it"))?;
    let row = (
        reports::id.eq(bind(it.id)),
        reports::mentorship_id.eq(bind(it.mentorship_id)),
        reports::made_by.eq(bind(by)),
        reports::period_from.eq(it.form.period_from),
        reports::period_to.eq(it.form.period_to),
        reports::form.eq(bind(tx.core.keys.seal(FORM, Uuid::from(it.id), &it.form)?)),
        reports::created_at.eq(bind(tx.now())),
    );
    let rows = db!(tx, execute, diesel::insert_into(reports::table).values(row))?;
    tx.established(rows, records)
}
