//! Access keys of integrations.
use super::{
    KEY_EXPIRED, KEY_OWNER, KEY_REVOKED, KEY_REVOKED_ALREADY, KEY_RIGHT, KEY_RIGHT_TWICE, KEY_TERM, User,
};
use crate::base::access::Right;
use crate::base::change::{Changed, facts};
use crate::base::id::{ApiKeyId, UserId};
use crate::base::refusal::{Reason, Refused};
use crate::base::text::Title;
use chrono::{Days, NaiveDate};
use shape::form;
use validator::Validate;

/// The longest validity of a key, in days.
pub const MAX_KEY_DAYS: u64 = 365;

/// An order to issue a key to an integration.
#[form]
#[schema(example = json!({"name": "Региональная система социальной защиты", "user_id": "01980000-0000-7000-8000-000000000003", "rights": ["read_people", "read_cases"], "expires_on": "2026-12-31"}))]
pub struct ApiKeyForm {
    /// The purpose of the key.
    pub name: Title,
    /// The account of the key. It must have the integration role.
    pub user_id: UserId,
    /// The rights of the key, each once.
    #[count(1..=40)]
    pub rights: Vec<Right>,
    /// The last day of validity: from tomorrow to 365 days from today.
    pub expires_on: NaiveDate,
}

impl ApiKeyForm {
    fn judge(&self, owner: &User, today: NaiveDate) -> Vec<Reason> {
        let mut reasons = Vec::new();
        let latest = today.checked_add_days(Days::new(MAX_KEY_DAYS)).unwrap_or(today);
        if self.expires_on <= today || self.expires_on > latest {
            reasons.push(KEY_TERM.reason().at("/expires_on").with("latest", latest));
        }
        if owner.id != self.user_id || !owner.form.may_have_keys() {
            reasons.push(KEY_OWNER.reason().at("/user_id"));
        }
        for (index, right) in self.rights.iter().enumerate() {
            if !right.is_for_keys() {
                reasons.push(KEY_RIGHT.reason().at(format!("/rights/{index}")));
            }
            if self.rights.iter().take(index).any(|it| it == right) {
                reasons.push(KEY_RIGHT_TWICE.reason().at(format!("/rights/{index}")));
            }
        }
        reasons
    }
}

facts! {
    /// A key was issued to an integration.
    ApiKeyIssued = "api_key.issued",
        "Ключ интеграции выдан[, действует до {expires_on}]",
        "A key of an integration was issued[, valid until {expires_on}]"
        about ApiKey (ApiKeyId) {
        /// The account of the key.
        user_id: UserId,
        /// The rights of the key.
        rights: Vec<Right>,
        /// The last day of validity.
        expires_on: NaiveDate,
    }
    /// A key was revoked.
    ApiKeyRevoked = "api_key.revoked",
        "Ключ интеграции отозван",
        "A key of an integration was revoked"
        about ApiKey (ApiKeyId) {
        /// The account of the key.
        user_id: UserId,
    }
}

/// A key, with the data that the rules check. Its secret is hashed outside this crate.
#[derive(Debug, Clone)]
pub struct ApiKey {
    /// The id of the key.
    pub id: ApiKeyId,
    /// The data from the order.
    pub form: ApiKeyForm,
    /// Whether it was revoked.
    pub revoked: bool,
}

impl ApiKey {
    /// Issues a key for an account with the integration role.
    pub fn issue(
        id: ApiKeyId,
        form: &ApiKeyForm,
        owner: &User,
        today: NaiveDate,
    ) -> Result<Changed<Self>, Refused> {
        Refused::unless_empty(form.judge(owner, today))?;
        let ApiKeyForm { user_id, rights, expires_on, .. } = form.clone();
        let fact = ApiKeyIssued { id, user_id, rights, expires_on };
        Ok(Changed::new(Self { id, form: form.clone(), revoked: false }, fact))
    }
    /// Revokes the key at once. A revoked key cannot be restored.
    pub fn revoke(self) -> Result<Changed<Self>, Refused> {
        if self.revoked {
            return Err(KEY_REVOKED_ALREADY.refuse());
        }
        let fact = ApiKeyRevoked { id: self.id, user_id: self.form.user_id };
        Ok(Changed::new(Self { revoked: true, ..self }, fact))
    }
    /// Refuses if the key is revoked or expired on the day.
    pub fn admits(&self, today: NaiveDate) -> Result<(), Refused> {
        if self.revoked {
            return Err(KEY_REVOKED.refuse());
        }
        if today > self.form.expires_on { Err(KEY_EXPIRED.refuse()) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::access::{Grant, Role};
    use crate::region::users::UserForm;
    use chrono::TimeDelta;
    use proptest::prelude::*;

    fn today() -> NaiveDate {
        "2026-06-01".parse().unwrap()
    }
    fn owner(role: Role) -> User {
        let grants = vec![Grant { role, organization_id: None, program_id: None, territory: None }];
        let form = UserForm { grants, ..crate::examples::of() };
        User { id: crate::examples::of::<ApiKeyForm>().user_id, form }
    }
    fn issue(form: &ApiKeyForm, owner: &User) -> Result<ApiKey, Vec<&'static str>> {
        ApiKey::issue(uuid::Uuid::nil().into(), form, owner, today())
            .map(|it| it.into_parts().0)
            .map_err(|it| it.reasons().iter().map(|it| it.rule.code).collect())
    }

    #[test]
    fn the_example_of_the_contract_is_a_key_of_an_integration() {
        let form: ApiKeyForm = crate::examples::of();
        assert_eq!(form.validate(), Ok(()));
        assert!(issue(&form, &owner(Role::Integration)).is_ok());
    }

    #[test]
    fn everything_wrong_with_a_key_is_told_at_once() {
        let form = ApiKeyForm {
            rights: vec![Right::ReadPeople, Right::DecideApplications, Right::ReadPeople],
            expires_on: today(),
            ..crate::examples::of()
        };
        assert_eq!(
            issue(&form, &owner(Role::Director)).unwrap_err(),
            ["api_key.term", "api_key.owner", "api_key.right", "api_key.right_twice"]
        );
    }

    #[test]
    fn a_key_works_through_its_last_day_and_never_after_it_was_revoked() {
        let key = issue(&crate::examples::of(), &owner(Role::Integration)).unwrap();
        let last = key.form.expires_on;
        assert_eq!(key.admits(last), Ok(()));
        assert_eq!(key.admits(last + TimeDelta::days(1)), Err(KEY_EXPIRED.refuse()));
        let (key, records) = key.revoke().unwrap().into_parts();
        assert_eq!(records[0].kind, "api_key.revoked");
        assert_eq!(key.admits(last), Err(KEY_REVOKED.refuse()));
        assert_eq!(key.revoke().unwrap_err(), KEY_REVOKED_ALREADY.refuse());
    }

    #[test]
    fn no_key_may_change_the_password_of_its_account() {
        let form = ApiKeyForm { rights: vec![Right::ChangePassword], ..crate::examples::of() };
        assert_eq!(issue(&form, &owner(Role::Integration)).unwrap_err(), ["api_key.right"]);
    }

    proptest! {
        #[test]
        fn a_key_lasts_from_a_day_to_a_year(days in -10i64..400) {
            let form = ApiKeyForm { expires_on: today() + TimeDelta::days(days), ..crate::examples::of() };
            prop_assert_eq!(issue(&form, &owner(Role::Integration)).is_ok(), (1..=365).contains(&days));
        }
    }
}
