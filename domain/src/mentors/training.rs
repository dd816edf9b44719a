//! Training courses for mentors and their completion (000 L59).
use super::{COURSE_CODE_FIXED, COURSE_CODE_TAKEN, DATE_IN_FUTURE, Mentor};
use crate::base::change::{Changed, facts};
use crate::base::entry::Annulment;
use crate::base::entry::correction::Recorded;
use crate::base::id::{CourseId, FileId, MentorId, TrainingId};
use crate::base::moment::plus_months;
use crate::base::refusal::Refused;
use crate::base::text::{Code, OrderNumber, Title};
use chrono::NaiveDate;
use shape::{entry, form};
use validator::Validate;

/// A training course as it is entered and edited, whole.
#[entry(Course: CourseId, at "training-courses", named "training course" "training courses", tag "mentors", read ReadCourses, edit ManageCourses)]
#[schema(example = json!({"code": "mentor-basics", "name": "Школа наставника: базовый курс", "hours": 36, "valid_months": 36}))]
pub struct TrainingCourseForm {
    /// The code by which programs name the course; it stays as it was entered.
    #[told]
    #[filter = "Only the course with this code."]
    #[unique(COURSE_CODE_TAKEN)]
    #[fixed(COURSE_CODE_FIXED)]
    pub code: Code,
    /// Name.
    pub name: Title,
    /// Academic hours, 1 to 1000.
    #[within(1..=1000)]
    pub hours: i32,
    /// Calendar months for which a completion counts, 1 to 240; without them it counts for ever.
    #[within(1..=240)]
    pub valid_months: Option<i32>,
}

/// The completion of a course by a mentor, as it is recorded.
#[form]
#[schema(example = json!({"course_id": "01980000-0000-7000-8000-00000000000e", "completed_on": "2026-02-20", "certificate_number": "УН-114"}))]
pub struct TrainingForm {
    /// The course.
    pub course_id: CourseId,
    /// The day of completion, not in the future.
    pub completed_on: NaiveDate,
    /// The number of the certificate.
    pub certificate_number: Option<OrderNumber>,
    /// The certificate itself.
    pub certificate_file_id: Option<FileId>,
}

facts! {
    /// A mentor completed a course.
    TrainingRecorded = "training.recorded",
        "Обучение пройдено[: {course_id}][, действует до {valid_until}]",
        "A course was completed[: {course_id}][, valid until {valid_until}]"
        about Training (TrainingId) {
        /// The mentor.
        mentor_id: MentorId,
        /// The course.
        course_id: CourseId,
        /// The last day on which it counts.
        valid_until: Option<NaiveDate>,
    }
    /// The record of a completed course was annulled.
    TrainingAnnulled = "training.annulled",
        "Запись об обучении аннулирована",
        "The record of a completed course was annulled"
        about Training (TrainingId) {
        /// The mentor.
        mentor_id: MentorId,
    }
}

/// A completion whose record was annulled.
#[derive(Debug, Clone)]
pub struct AnnulledTraining {
    /// The id of the completion.
    pub id: TrainingId,
    /// The annulment.
    pub annulment: Annulment,
}

impl AnnulledTraining {
    /// Annuls the record of a completion. It counts for no program any more.
    pub fn of(
        id: TrainingId,
        mentor_id: MentorId,
        order: &Annulment,
        recorded: Recorded,
        today: NaiveDate,
    ) -> Result<Changed<Self>, Refused> {
        recorded.must_be_open(today)?;
        let fact = TrainingAnnulled { id, mentor_id };
        Ok(Changed::new(Self { id, annulment: order.clone() }, fact))
    }
}

/// A completion as the rules see it.
#[derive(Debug, Clone)]
pub struct Training {
    /// Its id.
    pub id: TrainingId,
    /// The mentor who completed the course.
    pub mentor_id: MentorId,
    /// The recorded form.
    pub form: TrainingForm,
    /// The last day on which it counts, by the course as it was on the day of recording; without it, for ever.
    pub valid_until: Option<NaiveDate>,
}

impl Training {
    /// Records that a mentor completed a course.
    pub fn record(
        id: TrainingId,
        mentor: &Mentor,
        course: &Course,
        form: &TrainingForm,
        today: NaiveDate,
    ) -> Result<Changed<Self>, Refused> {
        if form.completed_on > today {
            return Err(DATE_IN_FUTURE.reason().at("/completed_on").into());
        }
        let valid_until = course.form.valid_months.map(|it| plus_months(form.completed_on, it));
        let fact = TrainingRecorded { id, mentor_id: mentor.id, course_id: course.id, valid_until };
        Ok(Changed::new(Self { id, mentor_id: mentor.id, form: form.clone(), valid_until }, fact))
    }
}
