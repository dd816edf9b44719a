//! Documents that people have from an age on: which of them are due, and not on record.
//!
//! Nothing of it is stored: the birth date, the category and the documents on record tell it at each read.
use super::{DocumentState, PersonalDocument};
use crate::base::id::DocumentAssistanceId;
use crate::base::moment::{birthday, born_by};
use crate::base::word::words;
use crate::people::BeneficiaryCategory;
use chrono::{Days, NaiveDate};
use shape::card;
use std::collections::BTreeSet;

/// The days before a birthday from which its documents are shown.
const AHEAD: Days = Days::new(90);
/// The days before and after a birthday within which its documents stand on an agenda.
const ON_DESK: (Days, Days) = (Days::new(30), Days::new(180));

words! {
    /// The matter for which a document stands on an agenda.
    DocumentMatter in "document-matters" {
        Wanted = "wanted", "нужен к сроку", "wanted by a day";
        Expires = "expires", "заканчивается срок действия", "about to expire";
        OfAge = "of_age", "положен по возрасту", "due by age";
    }
}

/// A document that people have from an age on.
#[derive(Debug)]
struct FromAge {
    kind: PersonalDocument,
    years: i32,
    /// Whether only people are meant who grow up or grew up in care.
    of_care: bool,
    /// The paragraph that asks for it. None where it is our own rule.
    basis: Option<&'static str>,
}

const fn at(years: i32, kind: PersonalDocument, of_care: bool, basis: Option<&'static str>) -> FromAge {
    FromAge { kind, years, of_care, basis }
}

/// The passport is issued at 14 and replaced at 20 and 45. An orphan is put on the list for housing from 14 on. An account and an ИНН of
/// the own are asked for when somebody begins to live alone: that is our own rule.
const PASSPORT: Option<&str> = Some("ПП РФ № 2267");
static FROM_AGES: &[FromAge] = &[
    at(14, PersonalDocument::Passport, false, PASSPORT),
    at(14, PersonalDocument::HousingList, true, Some("159-ФЗ ст. 8")),
    at(18, PersonalDocument::BankAccount, false, None),
    at(18, PersonalDocument::Inn, false, None),
    at(20, PersonalDocument::Passport, false, PASSPORT),
    at(45, PersonalDocument::Passport, false, PASSPORT),
];

/// A document that is due by age and not on record.
#[card]
#[derive(Clone, PartialEq)]
#[schema(example = json!({"kind": "passport", "age_years": 14, "due_on": "2026-04-17", "basis": "ПП РФ № 2267", "state": "collecting"}))]
pub struct DueDocument {
    /// The kind.
    pub kind: PersonalDocument,
    /// The age from which people have it.
    #[schema(minimum = 0, maximum = 200, example = 14)]
    pub age_years: i32,
    /// The birthday on which it falls due.
    pub due_on: NaiveDate,
    /// The paragraph that asks for it. Absent where it is our own rule.
    #[schema(max_length = 100, example = "ПП РФ № 2267")]
    pub basis: Option<&'static str>,
    /// The help by which it is being obtained.
    pub assistance_id: Option<DocumentAssistanceId>,
    /// The state of that help.
    pub state: Option<DocumentState>,
}

/// A document on record: received, not needed, or being obtained.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OnRecord {
    /// The kind.
    pub kind: PersonalDocument,
    /// The state.
    pub state: DocumentState,
    /// The day of its issue; of one that has none, the day on which it was recorded.
    pub day: NaiveDate,
    /// The help with it. None for an identity document of the person.
    pub assistance_id: Option<DocumentAssistanceId>,
}

/// The documents that are due for somebody on a day, the earliest birthday first.
pub fn due(
    born_on: NaiveDate,
    category: BeneficiaryCategory,
    on_record: &[OnRecord],
    today: NaiveDate,
) -> Vec<DueDocument> {
    use BeneficiaryCategory::{FormerCareAdult, Orphan, WithoutParentalCare};
    let is_of_care = matches!(category, Orphan | WithoutParentalCare | FormerCareAdult);
    let until = today.checked_add_days(AHEAD).unwrap_or(NaiveDate::MAX);
    let meant = |it: &&FromAge| (is_of_care || !it.of_care) && birthday(born_on, it.years) <= until;
    FROM_AGES.iter().filter(meant).filter_map(|it| it.due(born_on, on_record, today)).collect()
}

/// The days around the birthdays whose documents stand on an agenda.
fn desk_days(today: NaiveDate) -> (NaiveDate, NaiveDate) {
    let first = today.checked_sub_days(ON_DESK.1).unwrap_or(NaiveDate::MIN);
    (first, today.checked_add_days(ON_DESK.0).unwrap_or(NaiveDate::MAX))
}

/// The days on which those were born whose documents may stand on an agenda: the first and the last, for each age.
pub fn born_between(today: NaiveDate) -> Vec<(NaiveDate, NaiveDate)> {
    let (first, last) = desk_days(today);
    // Somebody born on the 29th of February has the birthday on the 1st of March.
    let first = first.pred_opt().unwrap_or(first);
    let ages: BTreeSet<i32> = FROM_AGES.iter().map(|it| it.years).collect();
    ages.into_iter().map(|years| (born_by(first, years), born_by(last, years))).collect()
}

/// Whether a document that is due stands on an agenda: its birthday is near, or was not long ago.
pub fn is_on_desk(it: &DueDocument, today: NaiveDate) -> bool {
    let (first, last) = desk_days(today);
    (first..=last).contains(&it.due_on)
}

impl FromAge {
    /// The document, if it is not on record and no later one has taken its place.
    fn due(&self, born_on: NaiveDate, on_record: &[OnRecord], today: NaiveDate) -> Option<DueDocument> {
        let due_on = birthday(born_on, self.years);
        let of_kind = || FROM_AGES.iter().filter(|it| it.kind == self.kind);
        let is_replaced = of_kind().any(|it| it.years > self.years && birthday(born_on, it.years) <= today);
        // A document issued before a replacement falls due replaces nothing. That none is needed is known as long ahead as it is shown.
        let is_first = of_kind().all(|it| it.years >= self.years);
        let shown_from = due_on.checked_sub_days(AHEAD).unwrap_or(NaiveDate::MIN);
        let is_there = |it: &OnRecord| match it.state {
            DocumentState::Received => is_first || it.day >= due_on,
            DocumentState::NotNeeded => is_first || it.day >= shown_from,
            _ => false,
        };
        if is_replaced || on_record.iter().any(|it| it.kind == self.kind && is_there(it)) {
            return None;
        }
        let help = on_record.iter().find(|it| it.kind == self.kind && !it.state.is_settled());
        Some(DueDocument {
            kind: self.kind,
            age_years: self.years,
            due_on,
            basis: self.basis,
            assistance_id: help.and_then(|it| it.assistance_id),
            state: help.map(|it| it.state),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }
    fn told(all: &[DueDocument]) -> Vec<(PersonalDocument, i32)> {
        all.iter().map(|it| (it.kind, it.age_years)).collect()
    }
    fn received(kind: PersonalDocument, on: &str) -> OnRecord {
        OnRecord { kind, state: DocumentState::Received, day: day(on), assistance_id: None }
    }
    const BORN: &str = "2006-04-17";

    fn orphan(on_record: &[OnRecord], today: &str) -> Vec<(PersonalDocument, i32)> {
        told(&due(day(BORN), BeneficiaryCategory::Orphan, on_record, day(today)))
    }

    #[test]
    fn documents_of_an_age_are_shown_ninety_days_ahead_until_they_are_on_record() {
        use PersonalDocument::{BankAccount, HousingList, Inn, Passport};
        assert_eq!(orphan(&[], "2020-01-17"), []);
        assert_eq!(orphan(&[], "2020-01-18"), [(Passport, 14), (HousingList, 14)]);
        let passport = received(Passport, "2020-05-01");
        assert_eq!(orphan(&[passport], "2020-05-02"), [(HousingList, 14)]);
        let list = received(HousingList, "2020-06-01");
        assert_eq!(orphan(&[passport, list], "2024-01-17"), []);
        assert_eq!(orphan(&[passport, list], "2024-01-18"), [(BankAccount, 18), (Inn, 18)]);
        let family = due(day(BORN), BeneficiaryCategory::HardshipFamily, &[], day("2020-05-01"));
        assert_eq!(told(&family), [(Passport, 14)]);
    }

    #[test]
    fn the_passport_of_fourteen_is_replaced_at_twenty() {
        use PersonalDocument::{BankAccount, HousingList, Inn, Passport};
        let rest = [HousingList, BankAccount, Inn].map(|it| received(it, "2024-05-01"));
        let with = |passport: &str| {
            let mut all = rest.to_vec();
            all.push(received(Passport, passport));
            orphan(&all, "2026-04-18")
        };
        assert_eq!(with("2020-05-01"), [(Passport, 20)]);
        assert_eq!(with("2026-04-17"), []);
        let mut unneeded = rest.to_vec();
        unneeded.push(received(Passport, "2020-05-01"));
        let state = DocumentState::NotNeeded;
        unneeded.push(OnRecord { state, ..received(Passport, "2026-02-20") });
        assert_eq!(orphan(&unneeded, "2026-02-21"), []);
        assert_eq!(orphan(&unneeded, "2026-05-21"), []);
        assert_eq!(orphan(&rest, "2026-04-16"), [(Passport, 14), (Passport, 20)]);
        assert_eq!(orphan(&rest, "2026-04-17"), [(Passport, 20)]);
    }

    #[test]
    fn what_is_being_obtained_is_due_and_tells_its_state() {
        let open = OnRecord {
            state: DocumentState::Submitted,
            ..received(PersonalDocument::Passport, "2020-04-20")
        };
        let refused = OnRecord { state: DocumentState::Refused, ..open };
        let told = due(day(BORN), BeneficiaryCategory::Other, &[refused, open], day("2020-05-01"));
        assert_eq!((told.len(), told[0].state), (1, Some(DocumentState::Submitted)));
        let unneeded = OnRecord { state: DocumentState::NotNeeded, ..open };
        assert_eq!(due(day(BORN), BeneficiaryCategory::Other, &[unneeded], day("2020-05-01")), []);
    }

    proptest! {
        /// Everybody whose document stands on an agenda by age was born between the days that are sought.
        #[test]
        fn who_stands_on_an_agenda_is_sought(born in 0i64..20_000, on in 0i64..30_000) {
            let at = |days: i64| day("1940-01-01") + chrono::TimeDelta::days(days);
            let all = due(at(born), BeneficiaryCategory::Orphan, &[], at(on));
            let is_sought = born_between(at(on)).iter().any(|(first, last)| (*first..=*last).contains(&at(born)));
            prop_assert!(is_sought || !all.iter().any(|it| is_on_desk(it, at(on))));
        }
        /// Nothing is due by an age that lies more than ninety days ahead. A due document is told once for each kind, by its last
        /// age.
        #[test]
        fn nothing_is_due_long_before_its_age(born in 0i64..20_000, on in 0i64..30_000) {
            let at = |days: i64| day("1940-01-01") + chrono::TimeDelta::days(days);
            let all = due(at(born), BeneficiaryCategory::Orphan, &[], at(on));
            prop_assert!(all.iter().all(|it| it.due_on <= at(on) + chrono::TimeDelta::days(90)));
            let fallen = all.iter().filter(|it| it.due_on <= at(on));
            let kinds: std::collections::BTreeSet<_> = fallen.clone().map(|it| it.kind).collect();
            prop_assert_eq!(kinds.len(), fallen.count());
            let age = crate::base::moment::age_years(at(born), at(on));
            prop_assert_eq!(kinds.len(), [14, 14, 18, 18].iter().filter(|it| **it <= age).count());
        }
    }
}
