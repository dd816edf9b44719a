//! Persons in the register.
use super::{BORN_IN_FUTURE, BORN_TOO_LONG_AGO, DEATH_DATE, DOCUMENT_DATES, Death, IdentityDocument};
use crate::base::change::{Changed, changed_fields, facts};
use crate::base::clauses::{all_hold, lack};
use crate::base::id::PersonId;
use crate::base::moment::age_years;
use crate::base::refusal::{Reason, Refused};
use crate::base::text::{Name, Oktmo, Snils, Title};
use crate::base::word::words;
use crate::region::organizations::Contacts;
use chrono::NaiveDate;
use shape::form;
use validator::{Validate, ValidationError};

words! {
    /// Sex, in the terms of ЕГИССО.
    Sex in "sexes" {
        Male = "male", "мужской", "male";
        Female = "female", "женский", "female";
        Unknown = "unknown", "не указан", "unknown";
    }
}

/// The greatest possible age of a person in the register, in full years.
const OLDEST_YEARS: i32 = 130;

/// The data of a person. An edit replaces all members.
#[form]
#[schema(example = json!({"family_name": "Морозова", "given_name": "Алёна", "patronymic": "Сергеевна", "birth_date": "2008-04-17", "sex": "female", "snils": "11223344595", "residence": "25655000", "contacts": {"phones": ["+79123456789"], "address": "п. Усть-Ордынский, ул. Ленина, 8"}, "documents": [{"kind": "passport", "series": "2522", "number": "123456", "issued_on": "2022-05-11", "issuer": "ГУ МВД России по Иркутской области"}]}))]
pub struct PersonForm {
    /// Family name.
    pub family_name: Name,
    /// Given name.
    pub given_name: Name,
    /// Patronymic. Absent for a person who has none.
    pub patronymic: Option<Name>,
    /// Date of birth: today or earlier, and at most 130 years ago.
    pub birth_date: NaiveDate,
    /// Sex.
    pub sex: Sex,
    /// СНИЛС. Absent for a person who has none.
    pub snils: Option<Snils>,
    /// The ОКТМО code of the place where the person lives.
    pub residence: Option<Oktmo>,
    /// Telephones and addresses of the person.
    #[serde(default)]
    pub contacts: Contacts,
    /// Identity documents.
    #[at_most(10)]
    pub documents: Vec<IdentityDocument>,
}

impl PersonForm {
    /// The full name: «Морозова Алёна Сергеевна».
    pub fn full_name(&self) -> String {
        self.names().collect::<Vec<_>>().join(" ")
    }
    /// The names: family name, given name, patronymic.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let all = [Some(&self.family_name), Some(&self.given_name), self.patronymic.as_ref()];
        all.into_iter().flatten().map(Name::as_str)
    }
    /// The family name with initials: «Морозова А. С.».
    pub fn short_name(&self) -> String {
        let initials = [Some(&self.given_name), self.patronymic.as_ref()];
        let letters = initials.into_iter().flatten().filter_map(|it| it.as_str().chars().next());
        letters.fold(self.family_name.to_string(), |name, it| format!("{name} {it}."))
    }
    /// Age in full years on a day.
    pub fn age_years(&self, on: NaiveDate) -> i32 {
        age_years(self.birth_date, on)
    }
    fn judge(&self, today: NaiveDate) -> Result<(), Refused> {
        let mut reasons: Vec<Reason> = Vec::new();
        if self.birth_date > today {
            reasons.push(BORN_IN_FUTURE.reason().at("/birth_date").with("today", today));
        }
        if self.age_years(today) > OLDEST_YEARS {
            reasons.push(BORN_TOO_LONG_AGO.reason().at("/birth_date").with("max_years", OLDEST_YEARS));
        }
        let possible = self.birth_date..=today;
        let issued = self.documents.iter().map(|it| it.issued_on).enumerate();
        reasons.extend(
            issued
                .filter(|(_, day)| day.is_some_and(|it| !possible.contains(&it)))
                .map(|(index, _)| DOCUMENT_DATES.reason().at(format!("/documents/{index}/issued_on"))),
        );
        Refused::unless_empty(reasons)
    }
}

/// Search criteria for persons. At least one is required, and a person must match all that are given.
#[form]
#[validate(schema(function = "asks_something"))]
#[schema(example = json!({"name": "алёна мороз", "birth_date": "2008-04-17"}))]
pub struct PeopleSearch {
    /// Words of the name or their beginnings, in any order. Case, ё, hyphens, apostrophes and spaces do not matter, and Latin
    /// letters count as the Cyrillic letters that look like them.
    pub name: Option<Title>,
    /// The complete СНИЛС.
    pub snils: Option<Snils>,
    /// Date of birth.
    pub birth_date: Option<NaiveDate>,
}

fn asks_something(it: &PeopleSearch) -> Result<(), ValidationError> {
    let asks = it.name.is_some() || it.snils.is_some() || it.birth_date.is_some();
    all_hold([lack(!asks, &["name", "snils", "birth_date"])])
}

facts! {
    /// A person was added.
    PersonAdded = "person.added",
        "Человек внесён в реестр",
        "The person was added"
        about Person (PersonId) {}
    /// The data of a person changed.
    PersonEdited = "person.edited",
        "Данные человека изменены[: {fields}]",
        "The data of the person was edited[: {fields}]"
        about Person (PersonId) {
        /// The names of the members that changed.
        fields: Vec<String>,
    }
}

/// A person, with the data that the rules check.
#[derive(Debug, Clone)]
pub struct Person {
    /// The id of the person.
    pub id: PersonId,
    /// The data of the form.
    pub form: PersonForm,
    /// The death; none for the living.
    pub death: Option<Death>,
}

impl Person {
    /// Adds a person.
    pub fn add(id: PersonId, form: &PersonForm, today: NaiveDate) -> Result<Changed<Self>, Refused> {
        form.judge(today)?;
        Ok(Changed::new(Self { id, form: form.clone(), death: None }, PersonAdded { id }))
    }
    /// Replaces the form.
    pub fn edit(self, form: &PersonForm, today: NaiveDate) -> Result<Changed<Self>, Refused> {
        form.judge(today)?;
        let died_on = self.death.as_ref().map(|it| it.died_on);
        if died_on.is_some_and(|it| form.birth_date > it) {
            return Err(DEATH_DATE.reason().at("/birth_date").into());
        }
        let fact = PersonEdited { id: self.id, fields: changed_fields(&self.form, form) };
        Ok(Changed::new(Self { form: form.clone(), ..self }, fact))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeDelta;
    use proptest::prelude::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }
    fn girl() -> PersonForm {
        crate::examples::of()
    }
    fn added(form: &PersonForm, today: &str) -> Result<Person, Vec<String>> {
        Person::add(uuid::Uuid::nil().into(), form, day(today))
            .map(|it| it.into_parts().0)
            .map_err(|it| it.reasons().iter().map(|it| it.pointer.clone().unwrap_or_default()).collect())
    }

    #[test]
    fn the_example_of_the_contract_is_a_person() {
        assert_eq!(girl().validate(), Ok(()));
        assert!(added(&girl(), "2024-02-01").is_ok());
        assert_eq!(crate::examples::of::<PeopleSearch>().validate(), Ok(()));
    }

    #[test]
    fn a_name_is_told_in_full_and_in_short() {
        assert_eq!(girl().full_name(), "Морозова Алёна Сергеевна");
        assert_eq!(girl().short_name(), "Морозова А. С.");
        let without = PersonForm { patronymic: None, ..girl() };
        assert_eq!(
            (without.full_name().as_str(), without.short_name().as_str()),
            ("Морозова Алёна", "Морозова А.")
        );
    }

    #[test]
    fn nobody_is_born_tomorrow_or_in_the_eighteenth_century() {
        let born = |date| PersonForm { birth_date: day(date), documents: vec![], ..girl() };
        assert!(added(&born("2024-02-01"), "2024-02-01").is_ok());
        assert_eq!(added(&born("2024-02-02"), "2024-02-01").unwrap_err(), ["/birth_date"]);
        assert!(added(&born("1893-02-02"), "2024-02-01").is_ok());
        assert_eq!(added(&born("1893-02-01"), "2024-02-01").unwrap_err(), ["/birth_date"]);
    }

    #[test]
    fn a_document_is_issued_between_birth_and_today() {
        assert_eq!(added(&girl(), "2022-05-10").unwrap_err(), ["/documents/0/issued_on"]);
        let later = PersonForm { birth_date: day("2022-05-12"), ..girl() };
        assert_eq!(added(&later, "2024-02-01").unwrap_err(), ["/documents/0/issued_on"]);
    }

    #[test]
    fn the_journal_of_an_edit_names_members_and_never_values() {
        let person = added(&girl(), "2024-02-01").unwrap();
        let moved = PersonForm { residence: None, snils: None, ..girl() };
        let (_, records) = person.edit(&moved, day("2024-02-01")).unwrap().into_parts();
        assert_eq!(records[0].body, serde_json::json!({"fields": ["residence", "snils"]}));
    }

    #[test]
    fn a_search_asks_for_something() {
        let nothing = PeopleSearch { name: None, snils: None, birth_date: None };
        let found = crate::base::clauses::reasons(&nothing.validate().unwrap_err());
        assert_eq!(found[0].rule.code, "field.missing");
    }

    proptest! {
        #[test]
        fn who_is_on_record_has_a_possible_age(born in 0i64..60_000) {
            let birth_date = day("1870-01-01") + TimeDelta::days(born);
            let form = PersonForm { birth_date, documents: vec![], ..girl() };
            let possible = (0..=OLDEST_YEARS).contains(&age_years(birth_date, day("2024-02-01")));
            prop_assert_eq!(added(&form, "2024-02-01").is_ok(), possible);
        }
    }
}
