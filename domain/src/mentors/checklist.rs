//! The checklist of the documents of 002 §3.6, each with its state and its last valid day.
use super::ApplicationDocument;
use super::ApplicationForm;
use crate::base::id::EditionId;
use crate::base::moment::plus_months;
use crate::base::word::{Word, words};
use crate::region::files::FilePurpose;
use crate::region::programs::{MentorRules, RequiredDocument};
use chrono::{Days, NaiveDate};
use serde::Deserialize;
use shape::card;

words! {
    /// The state of a required document.
    ChecklistState in "checklist-states" {
        Missing = "missing", "нет", "missing";
        Undated = "undated", "нет даты выдачи", "without a date of issue";
        Valid = "ok", "в порядке", "in order";
        Expiring = "expiring", "скоро истечёт", "about to expire";
        Expired = "expired", "истёк", "expired";
    }
}

/// A document is about to expire this many days before its last valid day.
pub const EXPIRY_NOTICE_DAYS: u64 = 30;

/// A document that the program requires, with its state.
#[card]
#[derive(Clone, PartialEq, Eq)]
pub struct ChecklistDocument {
    /// The kind of the document.
    pub purpose: FilePurpose,
    /// Whether the candidate gave at least one copy.
    pub given: bool,
    /// The state of the best copy.
    pub state: ChecklistState,
    /// The last day on which the best copy is valid. Absent: there is no copy, or the validity has no end or no known
    /// beginning.
    pub valid_until: Option<NaiveDate>,
}

/// The documents required by 002 §3.6 and by the program, and their states.
#[card]
#[derive(Clone, PartialEq, Eq)]
pub struct Checklist {
    /// The day for which the states were computed.
    pub as_of: NaiveDate,
    /// The edition that requires the documents. Absent: no edition of the program is in force on that day.
    pub edition_id: Option<EditionId>,
    /// Whether the statement, the questionnaire and all required documents are given and valid.
    pub complete: bool,
    /// Whether the statement (annex 1) is given.
    pub statement_given: bool,
    /// Whether the questionnaire (annex 2) is given.
    pub questionnaire_given: bool,
    /// The required documents, in the order of the edition.
    #[schema(max_items = 20)]
    pub documents: Vec<ChecklistDocument>,
}

/// A stored document that is about to expire or has expired.
#[card]
#[derive(Clone, PartialEq, Eq, Deserialize)]
pub struct ExpiringDocument {
    /// The kind of the document.
    pub purpose: FilePurpose,
    /// The last day on which the best copy is valid.
    pub valid_until: NaiveDate,
}

/// The validity of a copy. A greater value is a longer validity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Validity {
    /// The program limits the validity, but the day of issue is not known.
    Undated,
    /// The copy is valid up to and including this day.
    Until(NaiveDate),
    /// The validity has no end.
    Endless,
}

fn validity(it: &ApplicationDocument, valid_months: Option<i32>) -> Validity {
    let by_rule = match (valid_months, it.issued_on) {
        (Some(_), None) => return Validity::Undated,
        (Some(months), Some(issued)) => Some(plus_months(issued, months)),
        (None, _) => None,
    };
    by_rule.into_iter().chain(it.valid_until).min().map_or(Validity::Endless, Validity::Until)
}

/// The validity of the best copy of a kind. `None` if there is no copy. One good copy is enough, even beside expired ones.
pub(super) fn best(
    on_record: &[ApplicationDocument],
    purpose: FilePurpose,
    valid_months: Option<i32>,
) -> Option<Validity> {
    on_record.iter().filter(|it| it.purpose == purpose).map(|it| validity(it, valid_months)).max()
}

/// The checklist of an application. `asked` is the edition in force with its demands, if there is one.
pub fn checklist(
    form: &ApplicationForm,
    asked: Option<(EditionId, &MentorRules)>,
    on: NaiveDate,
) -> Checklist {
    let documents: Vec<ChecklistDocument> = asked
        .iter()
        .flat_map(|(_, it)| &it.required_documents)
        .map(|it| entry(&form.documents, it, on))
        .collect();
    let counts =
        |it: &ChecklistDocument| matches!(it.state, ChecklistState::Valid | ChecklistState::Expiring);
    let (statement_given, questionnaire_given) = (form.statement.is_some(), form.questionnaire.is_some());
    let complete = asked.is_some() && statement_given && questionnaire_given && documents.iter().all(counts);
    let edition_id = asked.map(|(id, _)| id);
    Checklist { as_of: on, edition_id, complete, statement_given, questionnaire_given, documents }
}

fn entry(on_record: &[ApplicationDocument], asked: &RequiredDocument, on: NaiveDate) -> ChecklistDocument {
    let best = best(on_record, asked.purpose, asked.valid_months);
    let (state, valid_until) = match best {
        None => (ChecklistState::Missing, None),
        Some(Validity::Undated) => (ChecklistState::Undated, None),
        Some(Validity::Endless) => (ChecklistState::Valid, None),
        Some(Validity::Until(last)) if last < on => (ChecklistState::Expired, Some(last)),
        Some(Validity::Until(last)) if last <= notice_ends_on(on) => (ChecklistState::Expiring, Some(last)),
        Some(Validity::Until(last)) => (ChecklistState::Valid, Some(last)),
    };
    ChecklistDocument { purpose: asked.purpose, given: best.is_some(), state, valid_until }
}

/// The last day of the notice period that begins on the given day.
pub fn notice_ends_on(on: NaiveDate) -> NaiveDate {
    on.checked_add_days(Days::new(EXPIRY_NOTICE_DAYS)).unwrap_or(NaiveDate::MAX)
}

/// The last valid day of the best copy of each kind, from its own date and from the program's limit. Kinds without an end are
/// left out.
fn last_days(on_record: &[ApplicationDocument], asked: &MentorRules) -> Vec<ExpiringDocument> {
    let months = |purpose: FilePurpose| {
        asked.required_documents.iter().find(|it| it.purpose == purpose).and_then(|it| it.valid_months)
    };
    let last = |purpose: &FilePurpose| match best(on_record, *purpose, months(*purpose)) {
        Some(Validity::Until(valid_until)) => Some(ExpiringDocument { purpose: *purpose, valid_until }),
        _ => None,
    };
    FilePurpose::ALL.iter().filter_map(last).collect()
}

/// The earliest last valid day among the mentor's documents. `None` if no document expires.
pub fn documents_valid_until(on_record: &[ApplicationDocument], asked: &MentorRules) -> Option<NaiveDate> {
    last_days(on_record, asked).iter().map(|it| it.valid_until).min()
}

/// The documents that have expired or expire within the notice period, the earliest first.
pub fn documents_expiring(
    on_record: &[ApplicationDocument],
    asked: &MentorRules,
    on: NaiveDate,
) -> Vec<ExpiringDocument> {
    let mut expiring = last_days(on_record, asked);
    expiring.retain(|it| it.valid_until <= notice_ends_on(on));
    expiring.sort_by_key(|it| it.valid_until);
    expiring
}

#[cfg(test)]
mod tests {
    use super::super::tests::*;
    use super::*;
    use chrono::TimeDelta;
    use proptest::prelude::*;

    fn copy(purpose: FilePurpose, valid_until: Option<&str>) -> ApplicationDocument {
        ApplicationDocument { valid_until: valid_until.map(day), ..document(purpose, Some("2025-06-01")) }
    }
    fn states(documents: Vec<ApplicationDocument>, on: &str) -> Vec<ChecklistState> {
        let form = ApplicationForm { documents, ..form() };
        let list = checklist(&form, Some((id(1), &asked())), day(on));
        list.documents.iter().map(|it| it.state).collect()
    }

    #[test]
    fn a_checklist_tells_of_each_required_document_where_it_stands() {
        use ChecklistState::{Expired, Expiring, Missing, Undated, Valid};
        assert_eq!(states(documents(), "2026-05-01"), [Valid, Valid]);
        assert_eq!(states(documents(), "2026-05-02"), [Valid, Expiring], "thirty days ahead, to the day");
        assert_eq!(states(documents(), "2026-06-01"), [Valid, Expiring]);
        assert_eq!(states(documents(), "2026-06-02"), [Valid, Expired]);
        assert_eq!(states(vec![document(FilePurpose::Certificate, None)], TODAY), [Missing, Undated]);
        let whole = checklist(&form(), Some((id(1), &asked())), day(TODAY));
        assert_eq!((whole.complete, whole.documents[1].valid_until), (true, Some(day("2026-06-01"))));
        let empty = checklist(&empty_form(), Some((id(1), &asked())), day(TODAY));
        assert_eq!((empty.complete, empty.statement_given, empty.questionnaire_given), (false, false, false));
        assert!(!checklist(&form(), None, day(TODAY)).complete);
    }

    #[test]
    fn the_best_copy_of_each_kind_counts_and_the_earliest_of_their_last_days_is_told() {
        let until = |it: &[ApplicationDocument]| documents_valid_until(it, &asked());
        assert_eq!(until(&documents()), Some(day("2026-06-01")), "by the months that the program gives");
        let own = [copy(FilePurpose::PassportCopy, Some("2026-03-01"))];
        assert_eq!(until(&own), Some(day("2026-03-01")), "by its own last day");
        let renewed = [own[0].clone(), document(FilePurpose::PassportCopy, None)];
        assert_eq!(until(&renewed), None, "the copy without a last day is the better one");
        let unasked = [copy(FilePurpose::Other, Some("2026-02-01"))];
        assert_eq!(documents_expiring(&unasked, &asked(), day(TODAY))[0].purpose, FilePurpose::Other);
    }

    proptest! {
        #[test]
        fn a_document_is_told_of_exactly_when_its_last_day_is_near_or_past(last in -60i64..120) {
            let valid_until = day(TODAY) + TimeDelta::days(last);
            let copy = ApplicationDocument {
                valid_until: Some(valid_until), ..document(FilePurpose::PassportCopy, None)
            };
            let told = documents_expiring(&[copy], &asked(), day(TODAY));
            prop_assert_eq!(!told.is_empty(), last <= 30);
        }
    }
}
