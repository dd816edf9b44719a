//! Searches of the register: somebody is found by the exact data only, and each search is kept with its purpose.
//!
//! This is the one place that tells of people whom the caller does not see: that they are on the register, and where to ask.
use crate::base::change::{Changed, facts};
use crate::base::clauses::{all_hold, clash, lack};
use crate::base::id::{RegisterEntryId, RegisterSearchId};
use crate::base::refusal::{Refused, rules};
use crate::base::text::{Name, Note, Snils};
use crate::base::word::words;
use chrono::NaiveDate;
use shape::form;
use validator::{Validate, ValidationError};

rules! {
    TOO_MANY = "register_search.too_many", State, ours, "За сутки сделано слишком много поисков.", "Too many searches were made within 24 hours.";
}

words! {
    /// The purpose of a search of the register.
    RegisterSearchPurpose in "register-search-purposes" {
        Application = "application", "обращение человека", "the person has applied";
        Intake = "intake", "сообщение о нуждающемся", "somebody in need was reported";
        Crisis = "crisis", "кризис", "a crisis";
        Guardianship = "guardianship", "полномочия опеки", "duties of guardianship";
        Verification = "verification", "сверка данных", "verification of data";
    }
}

/// Searches that an account makes within 24 hours at most.
pub const SEARCHES_A_DAY: i64 = 50;
/// People that a search finds at most.
pub const FOUND: usize = 10;

/// An order to search the register: by the СНИЛС, or by the full name and the birth date.
#[form]
#[validate(schema(function = "search_is_whole"))]
#[schema(example = json!({"family_name": "Морозова", "given_name": "Алёна", "patronymic": "Сергеевна", "birth_date": "2008-04-17", "purpose": "application"}))]
pub struct RegisterSearchOrder {
    /// The complete СНИЛС.
    pub snils: Option<Snils>,
    /// The family name.
    pub family_name: Option<Name>,
    /// The given name.
    pub given_name: Option<Name>,
    /// The patronymic. Absent: the person has none.
    pub patronymic: Option<Name>,
    /// The date of birth.
    pub birth_date: Option<NaiveDate>,
    /// The purpose. It is kept with the search.
    pub purpose: RegisterSearchPurpose,
    /// The purpose in words.
    pub note: Option<Note>,
}

fn search_is_whole(it: &RegisterSearchOrder) -> Result<(), ValidationError> {
    let (by_snils, by_name) = (it.snils.is_some(), it.snils.is_none());
    all_hold([
        lack(by_name && it.family_name.is_none(), &["family_name", "snils"]),
        lack(by_name && it.given_name.is_none(), &["given_name", "snils"]),
        lack(by_name && it.birth_date.is_none(), &["birth_date", "snils"]),
        clash(by_snils && it.family_name.is_some(), &["family_name", "snils"]),
        clash(by_snils && it.given_name.is_some(), &["given_name", "snils"]),
        clash(by_snils && it.patronymic.is_some(), &["patronymic", "snils"]),
        clash(by_snils && it.birth_date.is_some(), &["birth_date", "snils"]),
    ])
}

facts! {
    /// The register was searched.
    RegisterSearched = "register_search.made",
        "Поиск в едином учёте[, цель: {purpose}][, найдено: {found}]",
        "The register was searched[, purpose: {purpose}][, found: {found}]"
        about RegisterSearch (RegisterSearchId) {
        /// The purpose.
        purpose: RegisterSearchPurpose,
        /// The number of entries that were found.
        found: i64,
    }
}

/// A search that was made.
#[derive(Debug, Clone, PartialEq)]
pub struct Searched {
    /// The id of the search.
    pub id: RegisterSearchId,
    /// The purpose.
    pub purpose: RegisterSearchPurpose,
    /// The purpose in words.
    pub note: Option<Note>,
    /// The entries that were found.
    pub found: Vec<RegisterEntryId>,
}

impl Searched {
    /// Makes a search, by an account that has made so many within the last 24 hours.
    pub fn make(
        id: RegisterSearchId,
        order: &RegisterSearchOrder,
        found: Vec<RegisterEntryId>,
        made_lately: i64,
    ) -> Result<Changed<Self>, Refused> {
        if made_lately >= SEARCHES_A_DAY {
            return Err(TOO_MANY.reason().with("at_most", SEARCHES_A_DAY).into());
        }
        let purpose = order.purpose;
        let count = i64::try_from(found.len()).unwrap_or(i64::MAX);
        let made = Self { id, purpose, note: order.note.clone(), found };
        Ok(Changed::new(made, RegisterSearched { id, purpose, found: count }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::clauses::reasons;
    use uuid::Uuid;

    fn told(order: &RegisterSearchOrder) -> Vec<String> {
        let all = order.validate().err().map(|it| reasons(&it)).unwrap_or_default();
        all.iter().map(|it| format!("{} {}", it.rule.code, it.pointer.clone().unwrap_or_default())).collect()
    }

    #[test]
    fn a_search_asks_for_the_exact_only() {
        let order: RegisterSearchOrder = crate::examples::of();
        assert_eq!(told(&order), [""; 0]);
        let snils = Some(Snils::new("112-233-445 95"));
        let both = RegisterSearchOrder { snils: snils.clone(), ..order.clone() };
        assert_eq!(told(&both).len(), 4);
        let nothing = RegisterSearchOrder {
            family_name: None,
            given_name: None,
            patronymic: None,
            birth_date: None,
            ..order.clone()
        };
        let expected =
            ["field.missing /birth_date", "field.missing /family_name", "field.missing /given_name"];
        let mut missing = told(&nothing);
        missing.sort();
        assert_eq!(missing, expected);
        assert_eq!(told(&RegisterSearchOrder { snils, ..nothing }), [""; 0]);
    }

    #[test]
    fn a_search_is_told_with_its_purpose_and_searches_are_bounded() {
        let order: RegisterSearchOrder = crate::examples::of();
        let make = |found, lately| Searched::make(Uuid::nil().into(), &order, found, lately);
        // An entry's history is read by others: it never tells that somebody was sought, and for what purpose.
        let records = make(vec![Uuid::nil().into()], 0).unwrap().into_parts().1;
        assert_eq!(records.iter().map(|it| it.kind).collect::<Vec<_>>(), ["register_search.made"]);
        assert_eq!(records[0].body["found"], 1);
        assert!(make(vec![], SEARCHES_A_DAY - 1).is_ok());
        let refused = make(vec![], SEARCHES_A_DAY).unwrap_err();
        assert_eq!(refused.reasons()[0].rule.code, "register_search.too_many");
    }
}
