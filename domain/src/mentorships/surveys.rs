//! Surveys of living conditions and upbringing (002 §4.1.2): observations from a visit. A survey never changes.
use crate::base::change::{Changed, facts};
use crate::base::id::{MeetingId, MentorshipId, SurveyId};
use crate::base::refusal::{Reason, Refused, rules};
use crate::base::text::Note;
use crate::base::word::words;
use crate::mentorships::days::MentorshipDays;
use crate::mentorships::meetings::{Direction, Meeting};
use chrono::NaiveDate;
use shape::form;
use validator::Validate;

rules! {
    SURVEY_DATE = "survey.date", Content, ours, "Посещение — не раньше начала наставничества, не позже его последнего дня и не в будущем.", "The visit must be between the first and the last day of the mentorship, and not in the future.";
    WRONG_MEETING = "survey.wrong_meeting", Content, "002 §4.1.2", "Обследование проводят на состоявшейся встрече по направлению d02.", "A survey belongs to a held meeting that worked on direction d02.";
}

words! {
    /// The kind of housing.
    HousingKind in "housing-kinds" {
        Flat = "flat", "квартира", "flat";
        House = "house", "жилой дом", "house";
        Room = "room", "комната", "room";
        Dormitory = "dormitory", "общежитие", "dormitory";
        Temporary = "temporary", "временное жильё", "temporary housing";
        NoHousing = "none", "жилья нет", "no housing";
        Other = "other", "иное", "other";
    }

    /// The quality of a living condition.
    Condition in "living-conditions" {
        Good = "good", "хорошее", "good";
        Satisfactory = "satisfactory", "удовлетворительное", "satisfactory";
        Poor = "poor", "неудовлетворительное", "poor";
    }
}

/// A survey of living conditions.
#[form]
#[schema(example = json!({"visited_on": "2026-03-14", "housing": "house", "sanitary": "satisfactory", "heating": "good", "repair": "poor", "has_own_bed": true, "has_study_place": false, "has_seasonal_clothes": true, "has_food": true, "problems": "Нет места для занятий, течёт крыша.", "conclusion": "Нужна помощь с ремонтом и письменный стол."}))]
pub struct SurveyForm {
    /// The day of the visit: not before the first day of the mentorship and not in the future.
    pub visited_on: NaiveDate,
    /// The held meeting at which the survey was made. Its directions of work must include `d02`.
    pub meeting_id: Option<MeetingId>,
    /// The kind of housing.
    pub housing: HousingKind,
    /// The cleanliness of the housing.
    pub sanitary: Condition,
    /// The heating of the housing.
    pub heating: Condition,
    /// The state of repair of the housing.
    pub repair: Condition,
    /// Whether each child has a bed of their own.
    pub has_own_bed: bool,
    /// Whether each child has a place to study.
    pub has_study_place: bool,
    /// Whether the children have clothes for the season.
    pub has_seasonal_clothes: bool,
    /// Whether the family has enough food.
    pub has_food: bool,
    /// Observations about the upbringing.
    pub upbringing: Option<Note>,
    /// The problems found.
    pub problems: Option<Note>,
    /// The conclusion of the survey.
    pub conclusion: Note,
}

facts! {
    /// A survey was added.
    SurveyMade = "survey.made",
        "Условия проживания обследованы[ {visited_on}]",
        "The living conditions were surveyed[ on {visited_on}]"
        about Survey (SurveyId) {
        /// The mentorship.
        mentorship_id: MentorshipId,
        /// The day of the visit.
        visited_on: NaiveDate,
    }
    /// The record of a survey was annulled.
    SurveyAnnulled = "survey.annulled",
        "Запись об обследовании аннулирована",
        "The record of a survey was annulled"
        about Survey (SurveyId) {
        /// The mentorship.
        mentorship_id: MentorshipId,
    }
}

/// A stored survey.
#[derive(Debug, Clone, PartialEq)]
pub struct Survey {
    /// The id of the survey.
    pub id: SurveyId,
    /// The mentorship.
    pub mentorship_id: MentorshipId,
    /// The data of the survey.
    pub form: SurveyForm,
}

impl Survey {
    /// Annuls it. The caller has asked whether the record is open to an annulment.
    pub fn annulled(id: SurveyId, mentorship_id: MentorshipId) -> Changed<()> {
        Changed::new((), SurveyAnnulled { id, mentorship_id })
    }
    /// Adds a survey of a visit during a mentorship. The mentorship may be paused, or have ended since the visit.
    pub fn make(
        id: SurveyId,
        of: &MentorshipDays,
        form: &SurveyForm,
        meeting: Option<&Meeting>,
        today: NaiveDate,
    ) -> Result<Changed<Self>, Refused> {
        let mut reasons = Vec::new();
        reasons.extend(of.against(form.visited_on, today, &SURVEY_DATE, "/visited_on"));
        if meeting.is_some_and(|it| !is_of_living_conditions(it)) {
            reasons.push(WRONG_MEETING.reason().at("/meeting_id"));
        }
        Refused::unless_empty(reasons)?;
        let mentorship_id = of.mentorship_id;
        let fact = SurveyMade { id, mentorship_id, visited_on: form.visited_on };
        Ok(Changed::new(Self { id, mentorship_id, form: form.clone() }, fact))
    }
}

/// The reason against a survey of any visit.
pub(super) fn against_every_visit(of: &MentorshipDays, today: NaiveDate) -> Option<Reason> {
    of.against_every_day(today, &SURVEY_DATE, "/visited_on")
}

fn is_of_living_conditions(it: &Meeting) -> bool {
    matches!(it, Meeting::Held(it) if it.holding.directions.contains(&Direction::D02))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::examples;
    use crate::mentorships::tests::{codes, day, id};

    fn days(last: &str) -> MentorshipDays {
        MentorshipDays { mentorship_id: id(40), first: day("2026-03-10"), last: day(last) }
    }

    #[test]
    fn a_visit_lies_between_the_beginning_and_today() {
        let make_by = |last, visited_on| {
            let form = SurveyForm { visited_on: day(visited_on), ..examples::of() };
            Survey::make(id(90), &days(last), &form, None, day("2026-04-01"))
        };
        let make = |visited_on| make_by("2026-12-31", visited_on);
        assert_eq!(codes(make_by("2026-03-20", "2026-03-21")), ["survey.date"]);
        assert!(make_by("2026-03-20", "2026-03-20").is_ok());
        assert_eq!(codes(make("2026-03-09")), ["survey.date"]);
        assert_eq!(codes(make("2026-04-02")), ["survey.date"]);
        assert!(make("2026-03-10").is_ok() && make("2026-04-01").is_ok());
    }

    #[test]
    fn a_survey_is_made_at_a_held_meeting_about_living_conditions() {
        let was =
            crate::mentorships::meetings::Planned { id: id(60), mentorship_id: id(40), form: examples::of() };
        let planned = Meeting::Planned(was.clone());
        let held = |directions| {
            let holding = crate::mentorships::meetings::Holding { directions, ..examples::of() };
            Meeting::Held(crate::mentorships::meetings::HeldMeeting {
                was: was.clone(),
                holding,
                homework_done: false,
            })
        };
        let make = |meeting| {
            let form = examples::of();
            Survey::make(id(90), &days("2026-12-31"), &form, Some(&meeting), day("2026-04-01"))
        };
        assert_eq!(codes(make(planned)), ["survey.wrong_meeting"]);
        assert_eq!(codes(make(held(vec![Direction::D01]))), ["survey.wrong_meeting"]);
        assert!(make(held(vec![Direction::D01, Direction::D02])).is_ok());
        assert_eq!(examples::of::<SurveyForm>().validate(), Ok(()));
    }
}
