//! The content of an edition: the audience, the completion, the demands on mentors, the consents and the deadlines.
use super::{AGES, COMPLETION, CONSENT_AGES, EXTENSION, LIFE_PLAN, MINOR_CHILDREN, REPEATED};
use crate::base::decree::Decree;
use crate::base::id::OrganizationId;
use crate::base::moment::{age_years, plus_months};
use crate::base::refusal::Reason;
use crate::base::text::{self, Code, Title};
use crate::base::word::{words, yes};
use crate::region::files::FilePurpose;
use crate::region::organizations::OrganizationKind;
use chrono::{Days, NaiveDate};
use shape::form;
use validator::Validate;

words! {
    /// The audience of a program.
    Serves in "program-audiences" {
        Person = "person", "человек", "a person";
        Family = "family", "семья", "a family";
    }

    /// Somebody whom a mentor can call.
    ContactKind in "mentor-contacts" {
        Specialist = "specialist", "специалист сопровождения", "the support specialist";
        Tutor = "tutor", "тьютор", "the tutor";
        Institution = "institution", "учреждение", "the institution";
        Recipient = "recipient", "получатель или контактное лицо семьи", "the recipient, or the primary contact of the family";
    }

    /// The kinds of work of mentors and institutions (002 §1.4).
    WorkKind in "work-kinds" {
        Preventive = "preventive", "профилактическая", "preventive";
        Corrective = "corrective", "коррекционная", "corrective";
        Rehabilitative = "rehabilitative", "реабилитационная", "rehabilitative";
    }

    /// The kind of completion of a mentorship.
    CompletionKind in "completion-kinds" {
        Meetings = "meetings", "после установленного числа встреч", "after a number of meetings";
        Term = "term", "по истечении срока", "by date";
    }
}

/// The condition that completes a mentorship.
#[form]
pub struct Completion {
    /// Completion by meetings or by date.
    pub kind: CompletionKind,
    /// The number of held meetings, 1 to 100. Required for completion by meetings, forbidden for completion by date.
    #[within(1..=100)]
    pub meetings: Option<i32>,
    /// The longest term in calendar months, 1 to 120. Required for completion by date. For completion by meetings it is an
    /// upper limit.
    #[within(1..=120)]
    pub max_months: Option<i32>,
}

/// A document that a candidate must give.
#[form]
pub struct RequiredDocument {
    /// The kind of the document.
    pub purpose: FilePurpose,
    /// The months of validity from the day of issue, 1 to 120. Absent: no limit.
    #[within(1..=120)]
    pub valid_months: Option<i32>,
}

/// The demands of a program on a mentor.
#[form]
pub struct MentorRules {
    /// The least age of a mentor in full years, 14 to 100.
    #[within(14..=100)]
    #[serde(default = "eighteen")]
    #[schema(default = 18)]
    pub minimum_age_years: i32,
    /// Whether a mentor must live in the municipality of the recipient.
    #[serde(default)]
    #[schema(default = false)]
    pub residence_required: bool,
    /// The kinds of organization that a mentor may represent. Empty: any kind, and a mentor may represent no organization.
    #[at_most(20)]
    pub organization_kinds: Vec<OrganizationKind>,
    /// The codes of the training courses that a mentor must have completed.
    #[at_most(20)]
    pub required_course_codes: Vec<Code>,
    /// The documents that a mentor must have, not expired.
    #[at_most(20)]
    pub required_documents: Vec<RequiredDocument>,
    /// Whether the institution must assess the requirements of 002 §2.2.1 before an approval.
    #[serde(default)]
    #[schema(default = false)]
    pub assess_requirements: bool,
}

impl Default for MentorRules {
    fn default() -> Self {
        Self {
            minimum_age_years: eighteen(),
            residence_required: false,
            organization_kinds: Vec::new(),
            required_course_codes: Vec::new(),
            required_documents: Vec::new(),
            assess_requirements: false,
        }
    }
}

/// The signatories of the recipient's consent, by the age of the recipient.
#[form]
#[derive(Copy)]
pub struct ConsentRules {
    /// The age in full years from which the recipient signs, 0 to 18.
    #[within(0..=18)]
    #[serde(default = "fourteen")]
    #[schema(default = 14)]
    pub recipient_from_years: i32,
    /// The age in full years from which a representative no longer signs, 0 to 23.
    #[within(0..=23)]
    #[serde(default = "eighteen")]
    #[schema(default = 18)]
    pub representative_until_years: i32,
}

impl Default for ConsentRules {
    fn default() -> Self {
        Self { recipient_from_years: fourteen(), representative_until_years: eighteen() }
    }
}

fn one() -> i32 {
    1
}
fn ten() -> i32 {
    10
}
fn fourteen() -> i32 {
    14
}
fn fifteen() -> i32 {
    15
}
fn eighteen() -> i32 {
    18
}
fn twenty_three() -> i32 {
    23
}
fn thirty() -> i32 {
    30
}
fn sixty() -> i32 {
    60
}
fn contacts_of_staff() -> Vec<ContactKind> {
    vec![ContactKind::Specialist, ContactKind::Tutor, ContactKind::Institution]
}

/// An edition of a program: the regulation as data. It is never edited; a change is a new edition.
#[form]
#[schema(example = json!({"title": "Положение о технологии наставничества", "decree": {"number": "11/1-а", "date": "2023-11-19"}, "effective_from": "2023-11-19", "serves": "family", "requires_open_case": true, "requires_minor_children": true, "completion": {"kind": "term", "max_months": 12}, "extendable": true, "max_extension_months": 12, "mentor": {"residence_required": true, "organization_kinds": ["ngo"], "required_documents": [{"purpose": "passport_copy"}]}}))]
pub struct EditionForm {
    /// The name of the regulation.
    pub title: Option<Title>,
    /// The decree that approved the regulation.
    pub decree: Option<Decree>,
    /// The organization that approved the regulation.
    pub organization_id: Option<OrganizationId>,
    /// The first day on which mentorships begin under this edition.
    pub effective_from: NaiveDate,
    /// The audience of the program: persons or families.
    pub serves: Serves,
    /// The kinds of work that the program covers.
    #[at_most(3)]
    pub work_kinds: Vec<WorkKind>,
    /// The least age of a participant in full years, 0 to 120. Not checked for members of a family.
    #[within(0..=120)]
    #[serde(default = "fifteen")]
    #[schema(default = 15)]
    pub age_min_years: i32,
    /// The age in full years that a participant must not have reached yet, 1 to 120. Not checked for members of a family.
    #[within(1..=120)]
    #[serde(default = "twenty_three")]
    #[schema(default = 23)]
    pub age_max_years: i32,
    /// Whether the beneficiary must have an open case in the confirming organization.
    #[serde(default)]
    #[schema(default = false)]
    pub requires_open_case: bool,
    /// Whether the family must have minor children.
    #[serde(default)]
    #[schema(default = false)]
    pub requires_minor_children: bool,
    /// The condition that completes a mentorship.
    pub completion: Completion,
    /// Whether the term may be extended.
    #[serde(default)]
    #[schema(default = false)]
    pub extendable: bool,
    /// The calendar months that all extensions together may add to the longest term: 1 to 120. 0 if the term is not extendable.
    #[within(0..=120)]
    #[serde(default)]
    #[schema(default = 0)]
    pub max_extension_months: i32,
    /// The demands on a mentor.
    #[serde(default)]
    pub mentor: MentorRules,
    /// The signatories of the consent.
    #[serde(default)]
    pub consents: ConsentRules,
    /// Whether a mentorship needs the recipient's consent before it begins.
    #[serde(default = "yes")]
    #[schema(default = true)]
    pub consent_needed: bool,
    /// The deadline for a decision on an application, in days from submission, 1 to 365.
    #[within(1..=365)]
    #[serde(default = "ten")]
    #[schema(default = 10)]
    pub review_deadline_days: i32,
    /// The deadline for the next held meeting, in days from the last one, 1 to 365. After it the pair needs attention.
    #[within(1..=365)]
    #[serde(default = "thirty")]
    #[schema(default = 30)]
    pub contact_deadline_days: i32,
    /// The deadline for the beginning, in days from the proposal, 1 to 365. After it a mentorship that has not begun lapses.
    #[within(1..=365)]
    #[serde(default = "thirty")]
    #[schema(default = 30)]
    pub proposal_deadline_days: i32,
    /// The greatest number of mentorships of one mentor at a time, 1 to 3.
    #[within(1..=3)]
    #[serde(default = "one")]
    #[schema(default = 1)]
    pub mentor_capacity: i32,
    /// The greatest number of extensions of a mentorship, 1 to 20. Absent: only the months limit the extensions.
    #[within(1..=20)]
    pub max_extensions: Option<i32>,
    /// Whether an extension requires a document.
    #[serde(default)]
    #[schema(default = false)]
    pub extension_document_required: bool,
    /// The days without a meeting after which the mentor's absence counts as long, 1 to 365.
    #[within(1..=365)]
    #[serde(default = "sixty")]
    #[schema(default = 60)]
    pub long_absence_days: i32,
    /// Whether a mentorship needs, beside its meetings, a version of the recipient's life plan adopted in its term (001 L40). Only
    /// for completion by meetings.
    #[serde(default)]
    #[schema(default = false)]
    pub life_plan_required: bool,
    /// The contacts that a mentor is given for a mentorship. Absent: the staff and the institution. The recipient's only after
    /// the consent.
    #[at_most(4)]
    #[serde(default = "contacts_of_staff")]
    pub mentor_contacts: Vec<ContactKind>,
}

impl EditionForm {
    /// Whether a person has a suitable age on the day: at least `age_min_years`, and less than `age_max_years`.
    pub fn fits_age(&self, born: NaiveDate, on: NaiveDate) -> bool {
        (self.age_min_years..self.age_max_years).contains(&age_years(born, on))
    }
    /// The last day for a decision on an application submitted on the given day.
    pub fn decide_by(&self, submitted_on: NaiveDate) -> NaiveDate {
        let days = Days::new(self.review_deadline_days.try_into().unwrap_or_default());
        submitted_on.checked_add_days(days).unwrap_or(NaiveDate::MAX)
    }
    /// The latest possible last day of a mentorship that begins on the given day. The end of the calendar if there is no limit.
    pub fn latest_end(&self, starts_on: NaiveDate) -> NaiveDate {
        self.completion.max_months.map_or(NaiveDate::MAX, |it| plus_months(starts_on, it))
    }
    /// The latest last day after extensions, for a mentorship that begins on the given day.
    pub fn latest_extended_end(&self, starts_on: NaiveDate) -> NaiveDate {
        let months = |it: i32| it.saturating_add(self.max_extension_months);
        self.completion.max_months.map_or(NaiveDate::MAX, |it| plus_months(starts_on, months(it)))
    }
    /// The errors that are visible in the form alone.
    pub(super) fn judge(&self) -> Vec<Reason> {
        let mut reasons = Vec::new();
        if self.age_min_years >= self.age_max_years {
            reasons.push(AGES.reason().at("/age_max_years").with("age_min_years", self.age_min_years));
        }
        if self.requires_minor_children && self.serves == Serves::Person {
            reasons.push(MINOR_CHILDREN.reason().at("/requires_minor_children"));
        }
        reasons.extend(repeated(&self.work_kinds, "/work_kinds"));
        reasons.extend(self.completion.judge());
        if self.life_plan_required
            && (self.completion.kind != CompletionKind::Meetings || self.serves != Serves::Person)
        {
            reasons.push(LIFE_PLAN.reason().at("/life_plan_required"));
        }
        if self.extendable != (self.max_extension_months > 0) {
            reasons.push(EXTENSION.reason().at("/max_extension_months"));
        }
        if !self.extendable && (self.max_extensions.is_some() || self.extension_document_required) {
            reasons.push(EXTENSION.reason().at("/extendable"));
        }
        if self.consents.recipient_from_years > self.consents.representative_until_years {
            reasons.push(CONSENT_AGES.reason().at("/consents/recipient_from_years"));
        }
        reasons.extend(self.mentor.judge());
        reasons
    }
}

impl Completion {
    fn judge(&self) -> Option<Reason> {
        match (self.kind, self.meetings, self.max_months) {
            (CompletionKind::Meetings, None, _) => Some(COMPLETION.reason().at("/completion/meetings")),
            (CompletionKind::Term, Some(_), _) => Some(COMPLETION.reason().at("/completion/meetings")),
            (CompletionKind::Term, None, None) => Some(COMPLETION.reason().at("/completion/max_months")),
            _ => None,
        }
    }
}

impl MentorRules {
    fn judge(&self) -> Vec<Reason> {
        let purposes: Vec<FilePurpose> = self.required_documents.iter().map(|it| it.purpose).collect();
        let mut reasons = repeated(&self.organization_kinds, "/mentor/organization_kinds");
        reasons.extend(repeated(&self.required_course_codes, "/mentor/required_course_codes"));
        reasons.extend(repeated(&purposes, "/mentor/required_documents"));
        reasons
    }
}

/// A reason for each requirement that is already earlier in the list.
fn repeated<T: PartialEq>(all: &[T], pointer: &str) -> Vec<Reason> {
    text::repeated(all).map(|index| REPEATED.reason().at(format!("{pointer}/{index}"))).collect()
}

#[cfg(test)]
mod tests {
    use super::super::shipped;
    use super::*;
    use chrono::TimeDelta;
    use proptest::prelude::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }
    fn family() -> EditionForm {
        shipped().remove(0).1
    }

    #[test]
    fn a_completion_by_date_has_a_longest_term_and_no_number_of_meetings() {
        let by_date = |meetings, max_months| {
            Completion { kind: CompletionKind::Term, meetings, max_months }.judge().is_none()
        };
        assert!(by_date(None, Some(12)));
        assert!(!by_date(None, None));
        assert!(!by_date(Some(6), Some(12)));
    }

    #[test]
    fn a_year_is_counted_by_the_calendar() {
        assert_eq!(family().latest_end(day("2023-02-28")), day("2024-02-28"));
        assert_eq!(family().latest_end(day("2024-02-29")), day("2025-02-28"));
        assert_eq!(family().latest_extended_end(day("2024-03-31")), day("2026-03-31"));
    }

    #[test]
    fn one_is_served_from_the_day_of_the_lower_age_to_the_eve_of_the_upper() {
        let form = EditionForm { age_min_years: 15, age_max_years: 23, ..family() };
        let born = day("2005-06-15");
        assert!(!form.fits_age(born, day("2020-06-14")));
        assert!(form.fits_age(born, day("2020-06-15")));
        assert!(form.fits_age(born, day("2028-06-14")));
        assert!(!form.fits_age(born, day("2028-06-15")));
    }

    proptest! {
        #[test]
        fn a_term_never_ends_before_it_begins(offset in 0i64..20_000, months in 1i32..=120, more in 0i32..=120) {
            let start = day("1990-01-01") + TimeDelta::days(offset);
            let mut form = family();
            form.completion.max_months = Some(months);
            form.max_extension_months = more;
            prop_assert!(form.latest_end(start) > start);
            prop_assert!(form.latest_extended_end(start) >= form.latest_end(start));
        }
    }
}
