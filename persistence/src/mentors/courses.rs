//! Training courses in the database.
use crate::engine::card::cards;
use crate::engine::column::{bind, binds};
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::page::{Page, Place, Window};
use crate::engine::schema::training_courses;
use crate::tx::Tx;
use diesel::dsl::exists;
use diesel::prelude::*;
use domain::base::change::{Changed, Subject, SubjectKind};
use domain::base::id::CourseId;
use domain::base::moment::Moment;
use domain::base::refusal::Refused;
use domain::base::text::{Code, REFERENCE, Title};
use domain::mentors::{Course, TrainingCourseForm};
use shape::{card, filter};

/// A training course as every endpoint shows it.
#[card]
#[derive(Queryable, Selectable)]
#[diesel(table_name = training_courses)]
pub struct TrainingCourseCard {
    /// Its id.
    pub id: CourseId,
    /// Grows with every change; the `ETag`.
    #[schema(minimum = 1, example = 1)]
    pub version: i64,
    /// The code by which programs name the course.
    pub code: Code,
    /// Title.
    pub title: Title,
    /// Academic hours.
    #[schema(minimum = 1, maximum = 1000, example = 36)]
    pub hours: i32,
    /// How many calendar months a completion counts; without it, for ever.
    #[schema(minimum = 1, maximum = 240, example = 36)]
    pub valid_months: Option<i32>,
    /// When it was entered.
    pub created_at: Moment,
    /// When it last changed.
    pub updated_at: Moment,
}

cards! { TrainingCourseCard in "training-courses"; }

/// What a list of courses may be narrowed by.
#[filter]
pub struct TrainingCourseFilter {
    /// Only the course with this code.
    #[param(min_length = 2, max_length = 64, example = "mentor-basics")]
    pub code: Option<String>,
}

/// The only way in: courses are open to whoever may read any; a right that is not open reaches all or none.
macro_rules! visible {
    ($scope:expr) => {{
        let mut all = training_courses::table.into_boxed();
        if $scope.is_nothing() {
            all = all.filter(training_courses::id.eq_any(binds::<CourseId>(&[])));
        }
        all
    }};
}

/// Whether the course is visible.
pub(crate) async fn sees(tx: &mut Tx<'_>, id: CourseId) -> Result<bool, Failure> {
    let scope = tx.scope().clone();
    Ok(db!(
        tx,
        get_result,
        diesel::select(exists(visible!(scope).filter(training_courses::id.eq(bind(id)))))
    )?)
}

/// One course.
pub async fn card(tx: &mut Tx<'_>, id: CourseId) -> Result<TrainingCourseCard, Failure> {
    let scope = tx.scope().clone();
    db!(
        tx,
        first,
        visible!(scope).filter(training_courses::id.eq(bind(id))).select(TrainingCourseCard::as_select())
    )
    .optional()?
    .ok_or(Failure::NotFound(Some(Subject::new(SubjectKind::Course, id))))
}

/// Courses, the newest first.
pub async fn list(
    tx: &mut Tx<'_>,
    filter: &TrainingCourseFilter,
    window: &Window,
) -> Result<Page<TrainingCourseCard>, Failure> {
    let scope = tx.scope().clone();
    let rows: Vec<TrainingCourseCard> = db!(tx, load, {
        let mut all = visible!(scope)
            .select(TrainingCourseCard::as_select())
            .order(training_courses::id.desc())
            .limit(window.fetch());
        if let Some(after) = window.after_id() {
            all = all.filter(training_courses::id.lt(bind(CourseId::from(after))));
        }
        if let Some(code) = &filter.code {
            all = all.filter(training_courses::code.eq(bind(code.clone())));
        }
        all
    })?;
    Ok(window.page(rows, |it| Place::id(it.id)))
}

fn course(it: TrainingCourseCard) -> Course {
    let TrainingCourseCard { id, code, title, hours, valid_months, .. } = it;
    Course { id, form: TrainingCourseForm { code, title, hours, valid_months } }
}

/// A course for a rule to change.
pub async fn load(tx: &mut Tx<'_>, id: CourseId) -> Result<Course, Failure> {
    let it = card(tx, id).await?;
    tx.expect(it.version)?;
    Ok(course(it))
}

/// A course that a rule about something else looks at.
pub async fn found(tx: &mut Tx<'_>, id: CourseId) -> Result<Course, Failure> {
    let one = training_courses::table.find(bind(id));
    Ok(course(db!(tx, first, one.select(TrainingCourseCard::as_select()))?))
}

/// Whether the region has a course with that code.
pub async fn has(tx: &mut Tx<'_>, code: &Code) -> Result<bool, Failure> {
    let found = training_courses::table.filter(training_courses::code.eq(bind(code.clone())));
    Ok(db!(tx, get_result, diesel::select(exists(found)))?)
}

/// Refuses a form that asks, in the list at that pointer, for courses which nobody teaches.
pub async fn must_be_there(tx: &mut Tx<'_>, codes: &[Code], pointer: &str) -> Result<(), Failure> {
    let mut reasons = Vec::new();
    for (index, code) in codes.iter().enumerate() {
        if !has(tx, code).await? {
            reasons.push(REFERENCE.reason().at(format!("{pointer}/{index}")));
        }
    }
    Ok(Refused::unless_empty(reasons)?)
}

macro_rules! row {
    ($form:expr, $now:expr) => {
        (
            training_courses::code.eq(bind($form.code.clone())),
            training_courses::title.eq(bind($form.title.clone())),
            training_courses::hours.eq($form.hours),
            training_courses::valid_months.eq($form.valid_months),
            training_courses::updated_at.eq(bind($now)),
        )
    };
}

/// Saves a new course.
pub async fn save_added(tx: &mut Tx<'_>, change: Changed<Course>) -> Result<(), Failure> {
    let (it, records) = change.into_parts();
    let now = tx.now();
    let head = (
        training_courses::id.eq(bind(it.id)),
        training_courses::version.eq(1),
        training_courses::created_at.eq(bind(now)),
    );
    let rows =
        db!(tx, execute, diesel::insert_into(training_courses::table).values((head, row!(it.form, now))))?;
    tx.established(rows, records)
}

/// Saves an edited course.
pub async fn save_edited(tx: &mut Tx<'_>, change: Changed<Course>) -> Result<(), Failure> {
    let (it, records) = change.into_parts();
    let now = tx.now();
    let next = training_courses::version.eq(training_courses::version + 1);
    let rows = db!(
        tx,
        execute,
        diesel::update(training_courses::table.find(bind(it.id))).set((next, row!(it.form, now)))
    )?;
    tx.established(rows, records)
}
