//! Editions of a program: the regulation as data. A mentorship keeps the edition under which it began.
use super::{BEFORE_PREVIOUS, EditionForm, Program};
use crate::base::change::{Changed, changed_fields, facts};
use crate::base::entry::editions::Issue;
use crate::base::id::{EditionId, ProgramId};
use crate::base::refusal::Refused;
use chrono::NaiveDate;

facts! {
    /// An edition of a program was issued.
    EditionIssued = "edition.issued",
        "Редакция программы выпущена[, № {number}][, действует с {effective_from}]",
        "An edition of the program was issued[, number {number}][, in force from {effective_from}]"
        about Edition (EditionId) {
        /// The program of the edition.
        program_id: ProgramId,
        /// The number among the editions of the program, from 1.
        number: i32,
        /// The first day on which mentorships begin under this edition.
        effective_from: NaiveDate,
    }
}

/// An edition, with the data that the rules check.
#[derive(Debug, Clone)]
pub struct Edition {
    /// The id of the edition.
    pub id: EditionId,
    /// The program of the edition.
    pub program_id: ProgramId,
    /// The number among the editions of the program, from 1.
    pub number: i32,
    /// The content of the edition.
    pub form: EditionForm,
}

impl Edition {
    /// Issues the next edition of a program. `previous` is the latest edition, if there is one.
    pub fn issue(
        id: EditionId,
        program: &Program,
        previous: Option<&Self>,
        form: &EditionForm,
    ) -> Result<Changed<Self>, Refused> {
        let (Issue { number, effective_from }, early) =
            Issue::after(previous.map(Self::place), form.effective_from, &BEFORE_PREVIOUS);
        let mut reasons = Vec::new();
        reasons.extend(early);
        reasons.extend(form.judge());
        Refused::unless_empty(reasons)?;
        let fact = EditionIssued { id, program_id: program.id, number, effective_from };
        Ok(Changed::new(Self { id, program_id: program.id, number, form: form.clone() }, fact))
    }
    fn place(&self) -> Issue {
        Issue { number: self.number, effective_from: self.form.effective_from }
    }
    /// The names of the members that differ in a later edition.
    pub fn differences(&self, later: &Self) -> Vec<String> {
        changed_fields(&self.form, &later.form)
    }
}

/// The edition for a mentorship that begins on the day: the latest one in effect. `None` if no edition is in effect.
pub fn in_force(editions: &[Edition], on: NaiveDate) -> Option<&Edition> {
    editions.iter().filter(|it| it.form.effective_from <= on).max_by_key(|it| it.number)
}

#[cfg(test)]
mod tests {
    use super::super::shipped;
    use super::*;
    use crate::base::text::Code;
    use crate::region::programs::{Completion, CompletionKind, Serves};
    use chrono::TimeDelta;
    use proptest::prelude::*;
    use validator::Validate;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }
    fn family() -> EditionForm {
        shipped().remove(0).1
    }
    fn program() -> Program {
        Program { id: uuid::Uuid::nil().into(), form: shipped().remove(0).0 }
    }
    fn issue(previous: Option<&Edition>, form: &EditionForm) -> Result<Edition, Vec<String>> {
        Edition::issue(uuid::Uuid::nil().into(), &program(), previous, form)
            .map(|it| it.into_parts().0)
            .map_err(|it| it.reasons().iter().map(|it| it.pointer.clone().unwrap_or_default()).collect())
    }

    #[test]
    fn the_example_of_the_contract_is_an_edition() {
        let example: EditionForm = crate::examples::of();
        assert_eq!(example.validate(), Ok(()));
        assert!(issue(None, &example).is_ok());
    }

    #[test]
    fn editions_are_numbered_in_order_and_never_go_back_in_time() {
        let first = issue(None, &family()).unwrap();
        assert_eq!(first.number, 1);
        let next = EditionForm { effective_from: day("2024-01-01"), mentor_capacity: 2, ..family() };
        let second = issue(Some(&first), &next).unwrap();
        assert_eq!(second.number, 2);
        assert_eq!(first.differences(&second), ["effective_from", "mentor_capacity"]);
        assert_eq!(issue(Some(&second), &family()).unwrap_err(), ["/effective_from"]);
        let all = [second, first];
        assert_eq!(in_force(&all, day("2023-11-18")).map(|it| it.number), None);
        assert_eq!(in_force(&all, day("2023-12-31")).map(|it| it.number), Some(1));
        assert_eq!(in_force(&all, day("2024-01-01")).map(|it| it.number), Some(2));
    }

    #[test]
    fn everything_wrong_with_an_edition_is_told_at_once() {
        let mut form = family();
        form.serves = Serves::Person;
        form.age_max_years = form.age_min_years;
        form.completion = Completion { kind: CompletionKind::Meetings, meetings: None, max_months: None };
        form.extendable = false;
        form.consents.recipient_from_years = 18;
        form.consents.representative_until_years = 16;
        form.mentor.required_course_codes = vec![Code::new("mentor-basics"), Code::new("mentor-basics")];
        let told = issue(None, &form).unwrap_err();
        assert_eq!(
            told,
            [
                "/age_max_years",
                "/requires_minor_children",
                "/completion/meetings",
                "/max_extension_months",
                "/consents/recipient_from_years",
                "/mentor/required_course_codes/1",
            ]
        );
    }

    proptest! {
        #[test]
        fn the_edition_in_force_never_changes_back(days in proptest::collection::vec(0i64..400, 1..6), on in 0i64..500) {
            let start = day("2024-01-01");
            let mut editions: Vec<Edition> = Vec::new();
            for offset in days {
                let form = EditionForm { effective_from: start + TimeDelta::days(offset), ..family() };
                if let Ok(next) = issue(editions.last(), &form) {
                    editions.push(next);
                }
            }
            let number = |on: i64| in_force(&editions, start + TimeDelta::days(on)).map(|it| it.number);
            prop_assert!(number(on) <= number(on + 1));
        }
    }
}
