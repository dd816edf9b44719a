//! Access keys of integrations.
use super::{
    KEY_EXPIRED, KEY_LIVE, KEY_OWNER, KEY_REVOKED, KEY_REVOKED_ALREADY, KEY_RIGHT, KEY_RIGHT_TWICE, KEY_TERM,
    User,
};
use crate::base::access::{Narrowing, Right};
use crate::base::change::{Changed, facts};
use crate::base::id::{ApiKeyId, OrganizationId, ProgramId, UserId};
use crate::base::network::Network;
use crate::base::refusal::{Reason, Refused};
use crate::base::text::{IpRange, Oktmo, Title};
use chrono::{Days, NaiveDate};
use shape::form;
use std::net::IpAddr;
use validator::Validate;

/// The longest validity of a key, in days.
pub const MAX_KEY_DAYS: u64 = 365;
/// Keys of one account that may work at the same time: the old one and the new one, while its holder changes over.
pub const LIVE_KEYS: i64 = 2;

/// An order to issue a key to an integration.
#[form]
#[schema(example = json!({"name": "Региональная система социальной защиты", "user_id": "01980000-0000-7000-8000-000000000003", "rights": ["read_people", "read_cases"], "expires_on": "2026-12-31", "organization_ids": ["01980000-0000-7000-8000-000000000001"], "ip_ranges": ["203.0.113.0/24"]}))]
pub struct ApiKeyForm {
    /// The purpose of the key.
    pub name: Title,
    /// The account of the key. It must have the integration role.
    pub user_id: UserId,
    /// The rights of the key, each once.
    #[count(1..=60)]
    pub rights: Vec<Right>,
    /// The last day of validity: from tomorrow to 365 days from today.
    pub expires_on: NaiveDate,
    /// Institutions. With institutions, programs or territories the key reaches only the rows of any of these; with none of them, the
    /// whole region.
    #[at_most(50)]
    pub organization_ids: Vec<OrganizationId>,
    /// Programs.
    #[at_most(50)]
    pub program_ids: Vec<ProgramId>,
    /// Territories.
    #[at_most(50)]
    pub territories: Vec<Oktmo>,
    /// Networks from which the key works. From any other address it is answered like an unknown key. With none, it works from
    /// everywhere.
    #[at_most(20)]
    pub ip_ranges: Vec<IpRange>,
}

impl ApiKeyForm {
    /// The rows to which the key is narrowed.
    pub fn narrowing(&self) -> Narrowing {
        Narrowing {
            organizations: self.organization_ids.clone(),
            programs: self.program_ids.clone(),
            territories: self.territories.clone(),
        }
    }
    /// Whether the key works from that address.
    pub fn works_from(&self, address: IpAddr) -> bool {
        let holds = |it: &IpRange| it.as_str().parse::<Network>().is_ok_and(|it| it.contains(address));
        self.ip_ranges.is_empty() || self.ip_ranges.iter().any(holds)
    }
    fn judge(&self, owner: &User, live: i64, today: NaiveDate) -> Vec<Reason> {
        let mut reasons = Vec::new();
        if live >= LIVE_KEYS {
            reasons.push(KEY_LIVE.reason().at("/user_id").with("at_most", LIVE_KEYS));
        }
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
        /// The institutions to which it is narrowed.
        organization_ids: Vec<OrganizationId>,
        /// The programs to which it is narrowed.
        program_ids: Vec<ProgramId>,
        /// The territories to which it is narrowed.
        territories: Vec<Oktmo>,
    }
    /// A key was used from an address outside of its networks, and refused.
    ApiKeyMisplaced = "api_key.misplaced",
        "Ключом воспользовались с чужого адреса[: {network}]",
        "The key was used from another address[: {network}]"
        about ApiKey (ApiKeyId) {
        /// The account of the key.
        user_id: UserId,
        /// The network of the address.
        network: String,
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
    /// Issues a key for an account with the integration role, which has so many live keys.
    pub fn issue(
        id: ApiKeyId,
        form: &ApiKeyForm,
        owner: &User,
        live: i64,
        today: NaiveDate,
    ) -> Result<Changed<Self>, Refused> {
        Refused::unless_empty(form.judge(owner, live, today))?;
        let ApiKeyForm { user_id, rights, expires_on, organization_ids, program_ids, territories, .. } =
            form.clone();
        let fact =
            ApiKeyIssued { id, user_id, rights, expires_on, organization_ids, program_ids, territories };
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
    /// Records that the key was used from outside of its networks.
    pub fn misplaced(&self, address: IpAddr) -> Changed<()> {
        let network = Network::around(address).to_string();
        Changed::new((), ApiKeyMisplaced { id: self.id, user_id: self.form.user_id, network })
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
        ApiKey::issue(uuid::Uuid::nil().into(), form, owner, 0, today())
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
    fn an_account_has_two_live_keys_so_that_they_can_be_changed() {
        let owner = owner(Role::Integration);
        let issue =
            |live| ApiKey::issue(uuid::Uuid::nil().into(), &crate::examples::of(), &owner, live, today());
        assert!(issue(1).is_ok());
        assert_eq!(issue(2).unwrap_err().reasons()[0].rule.code, "api_key.live");
    }

    #[test]
    fn a_key_works_from_its_networks_alone() {
        let from = |ranges: &[&str], address: &str| {
            let ip_ranges = ranges.iter().map(|it| IpRange::new(it)).collect();
            ApiKeyForm { ip_ranges, ..crate::examples::of() }.works_from(address.parse().unwrap())
        };
        assert!(from(&[], "198.51.100.7"));
        assert!(from(&["203.0.113.0/24", "2001:db8::/32"], "203.0.113.9"));
        assert!(from(&["203.0.113.0/24"], "::ffff:203.0.113.9"), "IPv4 in IPv6 is IPv4");
        assert!(!from(&["203.0.113.0/24"], "203.0.114.9"));
        assert!(!from(&["2001:db8::/32"], "203.0.113.9"));
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
