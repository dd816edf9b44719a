//! Completed training in the database.
use crate::engine::card::Card;
use crate::engine::column::bind;
use crate::engine::conn::{db, prepared};
use crate::engine::failure::Failure;
use crate::engine::page::{Page, Place, Window};
use crate::engine::schema::{training_courses, trainings};
use crate::region::terms;
use crate::sight::is_found;
use crate::tx::Tx;
use chrono::NaiveDate;
use diesel::prelude::*;
use domain::base::access::Right;
use domain::base::action::{AvailableAction, Judged, available};
use domain::base::change::{Changed, Subject, SubjectKind};
use domain::base::entry::Annulment;
use domain::base::entry::correction::{RecordOffers, Recorded};
use domain::base::id::{CourseId, FileId, MentorId, TrainingId};
use domain::base::moment::Moment;
use domain::base::text::{Code, Note, OrderNumber, Title};
use domain::mentors::{AnnulledTraining, Training, TrainingFacts};
use shape::{card, filter};

/// The completion of a course by a mentor as every endpoint returns it. It never changes, but a record made by mistake can be annulled.
#[card]
pub struct TrainingCard {
    /// The id of the training entry.
    pub id: TrainingId,
    /// The mentor who completed the course.
    pub mentor_id: MentorId,
    /// The completed course.
    pub course_id: CourseId,
    /// The name of the course.
    pub course_name: Title,
    /// The code of the course.
    pub course_code: Code,
    /// The day of completion.
    pub completed_on: NaiveDate,
    /// The last day on which the completion counts; absent: it counts for ever.
    pub valid_until: Option<NaiveDate>,
    /// The number of the certificate.
    pub certificate_number: Option<OrderNumber>,
    /// The file of the certificate.
    pub certificate_file_id: Option<FileId>,
    /// The annulment of the record, which counts no more.
    pub annulment: Option<Annulment>,
    /// Orders that this caller may send to the completion now; absent in lists.
    #[schema(max_items = 20)]
    pub available_actions: Option<Vec<AvailableAction>>,
    /// The moment at which the completion was recorded.
    pub created_at: Moment,
}

impl Card for TrainingCard {
    fn path(&self) -> Option<String> {
        Some(format!("/api/v1/trainings/{}", self.id))
    }
    fn personal(&self) -> Vec<Subject> {
        vec![Subject::new(SubjectKind::Mentor, self.mentor_id)]
    }
}

/// Filters of the list of completions.
#[filter]
pub struct TrainingFilter {
    /// `true`: only annulled ones, which are left out otherwise.
    pub annulled: Option<bool>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = trainings)]
struct Row {
    id: TrainingId,
    mentor_id: MentorId,
    course_id: CourseId,
    completed_on: NaiveDate,
    valid_until: Option<NaiveDate>,
    certificate_number: Option<OrderNumber>,
    certificate_file_id: Option<FileId>,
    annulment_reason: Option<String>,
    created_at: Moment,
}

const ANNULMENT: &str = "trainings.annulment_reason";

macro_rules! columns {
    () => {
        (Row::as_select(), (training_courses::code, training_courses::name))
    };
}

type Joined = (Row, (Code, Title));

fn shown(tx: &Tx<'_>, (it, (course_code, course_name)): Joined) -> Result<TrainingCard, Failure> {
    let reason: Option<Note> = tx.core.keys.open_some(ANNULMENT, it.id, it.annulment_reason)?;
    Ok(TrainingCard {
        id: it.id,
        mentor_id: it.mentor_id,
        course_id: it.course_id,
        course_name,
        course_code,
        completed_on: it.completed_on,
        valid_until: it.valid_until,
        certificate_number: it.certificate_number,
        certificate_file_id: it.certificate_file_id,
        annulment: reason.map(|reason| Annulment { reason }),
        available_actions: None,
        created_at: it.created_at,
    })
}

/// Whether the right of this transaction reaches the completion, as it reaches its mentor.
pub(crate) async fn reaches(tx: &mut Tx<'_>, id: TrainingId) -> Result<bool, Failure> {
    is_found(card(tx, id).await)
}

/// The card of one completion.
pub async fn card(tx: &mut Tx<'_>, id: TrainingId) -> Result<TrainingCard, Failure> {
    let missing = || Failure::NotFound(Some(Subject::new(SubjectKind::Training, id)));
    let one = trainings::table.inner_join(training_courses::table).filter(trainings::id.eq(bind(id)));
    let it: Joined = db!(tx, first, one.select(columns!())).optional()?.ok_or_else(missing)?;
    let mentor = it.0.mentor_id;
    if !super::reaches(tx, mentor).await? {
        return Err(missing());
    }
    let before = tx.use_scope_of(Right::AnnulRecords);
    let annuls = super::reaches(tx, mentor).await;
    tx.restore_scope(before);
    let (annuls, mut card) = (annuls?, shown(tx, it)?);
    let recorded = recorded(tx, &card).await?;
    let offers = RecordOffers { at: "trainings", recorded, today: tx.today() };
    card.available_actions = Some(available(&offers, id, Judged::Whole, |_| annuls, |_| true));
    Ok(card)
}

/// The courses that a mentor completed, the latest entry first.
pub async fn list(
    tx: &mut Tx<'_>,
    mentor: MentorId,
    filter: &TrainingFilter,
    window: &Window,
) -> Result<Page<TrainingCard>, Failure> {
    super::must_reach(tx, mentor).await?;
    let rows: Vec<Joined> = db!(tx, load, {
        let mut all = trainings::table
            .inner_join(training_courses::table)
            .filter(trainings::mentor_id.eq(bind(mentor)))
            .select(columns!())
            .order(trainings::id.desc())
            .limit(window.fetch())
            .into_boxed();
        all = match filter.annulled {
            Some(true) => all.filter(trainings::annulment_reason.is_not_null()),
            _ => all.filter(trainings::annulment_reason.is_null()),
        };
        if let Some(after) = window.after_id() {
            all = all.filter(trainings::id.lt(bind(after)));
        }
        all
    })?;
    let page = window.page(rows, |it| Place::id(it.0.id));
    let items = tx.readable(page.items.into_iter().map(|it| shown(tx, it)))?;
    Ok(Page { items, next: page.next })
}

/// The completions that rules judge.
pub(super) async fn facts(tx: &mut Tx<'_>, mentor: MentorId) -> Result<Vec<TrainingFacts>, Failure> {
    let all = trainings::table
        .inner_join(training_courses::table)
        .filter(trainings::mentor_id.eq(bind(mentor)))
        .filter(trainings::annulment_reason.is_null())
        .select((training_courses::code, trainings::completed_on, trainings::valid_until));
    let rows: Vec<(Code, NaiveDate, Option<NaiveDate>)> = db!(tx, load, all)?;
    let facts = |(course, completed_on, valid_until)| TrainingFacts { course, completed_on, valid_until };
    Ok(rows.into_iter().map(facts).collect())
}

/// The record of a completion, as the rules about its annulment see it.
pub async fn recorded(tx: &mut Tx<'_>, it: &TrainingCard) -> Result<Recorded, Failure> {
    let is_own = tx.caller().is_some_and(|caller| caller.mentor == Some(it.mentor_id));
    let term = terms::corrections(tx).await?;
    Ok(tx.recorded(it.created_at, it.annulment.is_some(), is_own, term))
}

/// Saves an annulled completion.
pub async fn save_annulled(tx: &mut Tx<'_>, change: Changed<AnnulledTraining>) -> Result<(), Failure> {
    let (it, records) = change.into_parts();
    let reason = tx.core.keys.seal_some(ANNULMENT, it.id, Some(&it.annulment.reason))?;
    let one = trainings::table.find(bind(it.id));
    let set = trainings::annulment_reason.eq(bind(reason));
    let rows = db!(tx, execute, prepared(diesel::update(one).set(set)))?;
    tx.established(rows, records)
}

/// Saves a recorded completion.
pub async fn save_recorded(tx: &mut Tx<'_>, change: Changed<Training>) -> Result<(), Failure> {
    let (it, records) = change.into_parts();
    let row = (
        trainings::id.eq(bind(it.id)),
        trainings::mentor_id.eq(bind(it.mentor_id)),
        trainings::course_id.eq(bind(it.form.course_id)),
        trainings::completed_on.eq(it.form.completed_on),
        trainings::valid_until.eq(it.valid_until),
        trainings::certificate_number.eq(bind(it.form.certificate_number)),
        trainings::certificate_file_id.eq(bind(it.form.certificate_file_id)),
        trainings::created_at.eq(bind(tx.now())),
    );
    let rows = db!(tx, execute, diesel::insert_into(trainings::table).values(row))?;
    tx.established(rows, records)
}
