//! Completed training in the database.
use crate::engine::card::Card;
use crate::engine::column::bind;
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::page::{Page, Place, Window};
use crate::engine::schema::{training_courses, trainings};
use crate::sight::is_found;
use crate::tx::Tx;
use chrono::NaiveDate;
use diesel::prelude::*;
use domain::base::change::{Changed, Subject, SubjectKind};
use domain::base::id::{CourseId, FileId, MentorId, TrainingId};
use domain::base::moment::Moment;
use domain::base::text::{Code, OrderNumber, Title};
use domain::mentors::{Training, TrainingFacts};
use shape::card;

/// The completion of a course by a mentor as every endpoint returns it. It never changes.
#[card]
pub struct TrainingCard {
    /// The id of the training entry.
    pub id: TrainingId,
    /// The mentor who completed the course.
    pub mentor_id: MentorId,
    /// The completed course.
    pub course_id: CourseId,
    /// The course's code.
    pub course_code: Code,
    /// The course's title.
    pub course_title: Title,
    /// The day of completion.
    pub completed_on: NaiveDate,
    /// The last day on which the completion counts; absent: it counts for ever.
    pub valid_until: Option<NaiveDate>,
    /// The number of the certificate.
    pub certificate_number: Option<OrderNumber>,
    /// The file of the certificate.
    pub certificate_file_id: Option<FileId>,
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
    created_at: Moment,
}

macro_rules! columns {
    () => {
        (Row::as_select(), (training_courses::code, training_courses::title))
    };
}

type Joined = (Row, (Code, Title));

fn shown((it, (course_code, course_title)): Joined) -> TrainingCard {
    TrainingCard {
        id: it.id,
        mentor_id: it.mentor_id,
        course_id: it.course_id,
        course_code,
        course_title,
        completed_on: it.completed_on,
        valid_until: it.valid_until,
        certificate_number: it.certificate_number,
        certificate_file_id: it.certificate_file_id,
        created_at: it.created_at,
    }
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
    if super::reaches(tx, it.0.mentor_id).await? { Ok(shown(it)) } else { Err(missing()) }
}

/// The courses that a mentor completed, the latest entry first.
pub async fn list(tx: &mut Tx<'_>, mentor: MentorId, window: &Window) -> Result<Page<TrainingCard>, Failure> {
    super::must_reach(tx, mentor).await?;
    let rows: Vec<Joined> = db!(tx, load, {
        let mut all = trainings::table
            .inner_join(training_courses::table)
            .filter(trainings::mentor_id.eq(bind(mentor)))
            .select(columns!())
            .order(trainings::id.desc())
            .limit(window.fetch())
            .into_boxed();
        if let Some(after) = window.after_id() {
            all = all.filter(trainings::id.lt(bind(after)));
        }
        all
    })?;
    Ok(window.page(rows.into_iter().map(shown).collect(), |it| Place::id(it.id)))
}

/// The completions that rules judge.
pub(super) async fn facts(tx: &mut Tx<'_>, mentor: MentorId) -> Result<Vec<TrainingFacts>, Failure> {
    let all = trainings::table
        .inner_join(training_courses::table)
        .filter(trainings::mentor_id.eq(bind(mentor)))
        .select((training_courses::code, trainings::completed_on, trainings::valid_until));
    let rows: Vec<(Code, NaiveDate, Option<NaiveDate>)> = db!(tx, load, all)?;
    let facts = |(course, completed_on, valid_until)| TrainingFacts { course, completed_on, valid_until };
    Ok(rows.into_iter().map(facts).collect())
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
