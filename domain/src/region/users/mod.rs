//! Accounts: passwords, login sessions, and access keys of integrations.
pub(crate) mod access_keys;
mod actions;
pub(crate) mod one_time;
mod passwords;
pub(crate) mod sessions;

pub use access_keys::{ApiKey, ApiKeyForm, ApiKeyIssued, ApiKeyRevoked, MAX_KEY_DAYS};
pub use actions::{ApiKeyOffers, UserOffers};
pub use one_time::{ONE_TIME_HOURS, OneTimePassword, OneTimePasswordIssued};
pub use passwords::{DeviceToken, Password, PasswordChange, RefreshToken, Secret};
pub use sessions::{LoginForm, Logout, Refresh, Session, SessionClosed, SessionOpened, SessionReuseDetected};

use crate::base::access::{Grant, Role};
use crate::base::change::{Changed, changed_fields, facts};
use crate::base::id::{PersonId, UserId};
use crate::base::refusal::{Reason, Refused, rules};
use crate::base::text::{Login, Phone, Title, repeated};
use crate::base::word::yes;
use shape::form;
use validator::Validate;

rules! {
    LOGIN_TAKEN = "user.login_taken", State, ours, "Такой логин уже занят.", "This login is taken already.";
    CLOSED = "user.closed", State, ours, "Учётная запись закрыта.", "The account is closed.";
    GRANT_TWICE = "user.grant_twice", Content, ours, "Эта роль уже указана.", "The account has this role already.";
    LAST_ADMIN = "user.last_admin", State, ours, "Последнего администратора региона нельзя отключить или лишить роли.", "The last region administrator cannot be deactivated or lose the role.";
    CREDENTIALS = "session.credentials", Unauthenticated, ours, "Логин или пароль не подходят.", "The login or the password is wrong.";
    SESSION_ENDED = "session.ended", Unauthenticated, ours, "Сеанс завершён, войдите снова.", "The session has ended, log in again.";
    PASSWORD_COMMON = "password.common", Content, ours, "Этот пароль слишком известен, его подберут первым.", "This password is too well known and will be tried first.";
    PASSWORD_REPEATS = "password.repeats", Content, ours, "Пароль состоит из повторов.", "The password is one short piece repeated.";
    PASSWORD_LOGIN = "password.login", Content, ours, "Пароль почти весь состоит из логина.", "The password consists mostly of the login.";
    PASSWORD_SAME = "password.same", Content, ours, "Новый пароль совпадает с прежним.", "The new password is the old one.";
    PASSWORD_WRONG = "password.wrong", Content, ours, "Текущий пароль не подходит.", "The current password is wrong.";
    CHANGE_FIRST = "password.change_first", Forbidden, ours, "Сначала смените одноразовый пароль.", "Change the one-time password first.";
    KEY_TERM = "api_key.term", Content, ours, "Ключ действует не дольше 365 дней, считая от сегодняшнего.", "The last day of a key must be from tomorrow to 365 days from today.";
    KEY_OWNER = "api_key.owner", Content, ours, "Ключ выдаётся только действующей учётной записи информационной системы.", "A key belongs to an active account with the integration role.";
    KEY_RIGHT = "api_key.right", Content, ours, "Информационные системы такого права не имеют.", "Integrations never have this right.";
    KEY_RIGHT_TWICE = "api_key.right_twice", Content, ours, "Это право уже указано.", "The key has this right already.";
    KEY_LIVE = "api_key.live", State, ours, "У учётной записи уже два действующих ключа: отзовите один из них.", "The account has two live keys already: revoke one of them.";
    KEY_REVOKED_ALREADY = "api_key.revoked_already", State, ours, "Ключ уже отозван.", "The key has been revoked already.";
    KEY_REVOKED = "api_key.revoked", Unauthenticated, ours, "Ключ отозван.", "The key has been revoked.";
    KEY_EXPIRED = "api_key.expired", Unauthenticated, ours, "Срок действия ключа истёк.", "The key has expired.";
}

/// The data of an account. An edit replaces all members. The password is changed by a separate order.
#[form]
#[schema(example = json!({"login": "e.petrova", "name": "Петрова Елена Викторовна", "work_phone": "+73954100017", "grants": [{"role": "support_specialist", "organization_id": "01980000-0000-7000-8000-000000000001"}], "active": true}))]
pub struct UserForm {
    /// The login name, unique in the region.
    pub login: Login,
    /// The name that colleagues see.
    pub name: Title,
    /// The person to whom the account belongs. Without it, a mentor or a mentee sees no data.
    pub person_id: Option<PersonId>,
    /// The work telephone. A program may give it to the sides of a mentorship that the account follows.
    pub work_phone: Option<Phone>,
    /// The roles of the account, each once for the same place.
    #[count(1..=10)]
    pub grants: Vec<Grant>,
    /// Whether the account may log in.
    #[serde(default = "yes")]
    #[schema(default = true)]
    pub active: bool,
}

/// An order to open an account.
#[form(secret)]
#[schema(example = json!({"login": "e.petrova", "name": "Петрова Елена Викторовна", "work_phone": "+73954100017", "grants": [{"role": "support_specialist", "organization_id": "01980000-0000-7000-8000-000000000001"}], "password": "сирень у старой пристани"}))]
pub struct NewUser {
    /// The login name, unique in the region.
    pub login: Login,
    /// The name that colleagues see.
    pub name: Title,
    /// The person to whom the account belongs. Without it, a mentor or a mentee sees no data.
    pub person_id: Option<PersonId>,
    /// The work telephone. A program may give it to the sides of a mentorship that the account follows.
    pub work_phone: Option<Phone>,
    /// The roles of the account, each once for the same place.
    #[count(1..=10)]
    pub grants: Vec<Grant>,
    /// Whether the account may log in.
    #[serde(default = "yes")]
    #[schema(default = true)]
    pub active: bool,
    /// The first password.
    pub password: Password,
}

impl NewUser {
    /// The data of the account without the password.
    pub fn form(&self) -> UserForm {
        UserForm {
            login: self.login.clone(),
            name: self.name.clone(),
            person_id: self.person_id,
            work_phone: self.work_phone.clone(),
            grants: self.grants.clone(),
            active: self.active,
        }
    }
    /// All that is wrong with the order by itself, without regard to what it refers to.
    pub fn judge(&self) -> Vec<Reason> {
        let form = self.form();
        let mut reasons = form.judge();
        reasons.extend(self.password.judge(&form.login, "/password"));
        reasons
    }
}

impl UserForm {
    /// Whether the account is active and has the role of region administrator.
    pub fn is_active_admin(&self) -> bool {
        self.active && self.holds(Role::RegionAdmin)
    }
    /// Whether the account has the role in any place.
    pub fn holds(&self, role: Role) -> bool {
        self.grants.iter().any(|it| it.role == role)
    }
    /// Whether keys of integrations may act for the account: it is active and an integration.
    pub fn may_have_keys(&self) -> bool {
        self.active && self.holds(Role::Integration)
    }
    fn roles(&self) -> Vec<Role> {
        self.grants.iter().map(|it| it.role).collect()
    }
    fn judge(&self) -> Vec<Reason> {
        repeated(&self.grants).map(|index| GRANT_TWICE.reason().at(format!("/grants/{index}"))).collect()
    }
}

facts! {
    /// An account was opened.
    UserAdded = "user.added",
        "Учётная запись создана[, роли: {roles}]",
        "The account was opened[, roles: {roles}]"
        about User (UserId) {
        /// The roles of the account.
        roles: Vec<Role>,
        /// Whether the account may log in.
        active: bool,
    }
    /// An account was edited.
    UserEdited = "user.edited",
        "Учётная запись изменена[: {fields}]",
        "The account was edited[: {fields}]"
        about User (UserId) {
        /// The names of the members that changed.
        fields: Vec<String>,
        /// The new roles of the account.
        roles: Vec<Role>,
        /// Whether the account may log in from now on.
        active: bool,
    }
    /// An account was closed, because the death of its person was recorded. Opening it again is an edit.
    UserClosedByDeath = "user.closed_by_death",
        "Учётная запись закрыта: человек умер",
        "The account was closed: the person has died"
        about User (UserId) {}
    /// The password of an account was changed.
    PasswordChanged = "user.password_changed",
        "Пароль изменён",
        "The password was changed"
        about User (UserId) {}
}

/// An account, with the data that the rules check.
#[derive(Debug, Clone)]
pub struct User {
    /// The id of the user.
    pub id: UserId,
    /// The data of the form.
    pub form: UserForm,
}

impl User {
    /// Opens an account. The password is checked here and hashed outside this crate.
    pub fn add(id: UserId, order: &NewUser) -> Result<Changed<Self>, Refused> {
        Refused::unless_empty(order.judge())?;
        let form = order.form();
        let fact = UserAdded { id, roles: form.roles(), active: form.active };
        Ok(Changed::new(Self { id, form }, fact))
    }
    /// Replaces the form. `other_active_admins` is the number of active region administrators without this account.
    pub fn edit(self, form: &UserForm, other_active_admins: i64) -> Result<Changed<Self>, Refused> {
        let mut reasons = form.judge();
        let steps_down = self.form.is_active_admin() && !form.is_active_admin();
        if steps_down && other_active_admins <= 0 {
            reasons.push(LAST_ADMIN.reason());
        }
        Refused::unless_empty(reasons)?;
        let fields = changed_fields(&self.form, form);
        let fact = UserEdited { id: self.id, fields, roles: form.roles(), active: form.active };
        Ok(Changed::new(Self { form: form.clone(), ..self }, fact))
    }
    /// Closes the account of somebody who has died. An annulment of the death does not open it: an administrator does.
    pub fn close_by_death(self) -> Changed<Self> {
        let fact = UserClosedByDeath { id: self.id };
        Changed::new(Self { form: UserForm { active: false, ..self.form }, ..self }, fact)
    }
    /// Changes the password. `current_fits` tells whether the current password was correct: hashes are compared outside this
    /// crate. A closed account changes nothing, although its session may be remembered for less than a second.
    pub fn change_password(
        self,
        order: &PasswordChange,
        current_fits: bool,
    ) -> Result<Changed<Self>, Refused> {
        if !self.form.active {
            return Err(SESSION_ENDED.refuse());
        }
        let mut reasons = Vec::new();
        if !current_fits {
            reasons.push(PASSWORD_WRONG.reason().at("/current_password"));
        }
        if order.new_password.expose() == order.current_password.expose() {
            reasons.push(PASSWORD_SAME.reason().at("/new_password"));
        }
        reasons.extend(order.new_password.judge(&self.form.login, "/new_password"));
        Refused::unless_empty(reasons)?;
        let fact = PasswordChanged { id: self.id };
        Ok(Changed::new(self, fact))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn user(form: UserForm) -> User {
        User { id: uuid::Uuid::nil().into(), form }
    }
    fn grant(role: Role) -> Grant {
        Grant { role, organization_id: None, program_id: None, territory: None }
    }
    fn codes<T: std::fmt::Debug>(it: Result<T, Refused>) -> Vec<&'static str> {
        it.unwrap_err().reasons().iter().map(|it| it.rule.code).collect()
    }

    #[test]
    fn the_examples_of_the_contract_are_an_account() {
        let order: NewUser = crate::examples::of();
        assert_eq!(order.validate(), Ok(()));
        let (user, records) = User::add(uuid::Uuid::nil().into(), &order).unwrap().into_parts();
        assert_eq!(user.form, crate::examples::of());
        assert_eq!(records[0].body, serde_json::json!({"roles": ["support_specialist"], "active": true}));
        let change: PasswordChange = crate::examples::of();
        assert_eq!(change.validate(), Ok(()));
        assert!(user.change_password(&change, true).is_ok());
    }

    #[test]
    fn the_last_administrator_of_a_region_stays_one() {
        let admin = UserForm { grants: vec![grant(Role::RegionAdmin)], ..crate::examples::of() };
        let idle = UserForm { active: false, ..admin.clone() };
        let other = UserForm { grants: vec![grant(Role::Analyst)], ..admin.clone() };
        assert_eq!(codes(user(admin.clone()).edit(&idle, 0)), ["user.last_admin"]);
        assert_eq!(codes(user(admin.clone()).edit(&other, 0)), ["user.last_admin"]);
        assert!(user(admin.clone()).edit(&other, 1).is_ok());
        assert!(user(idle).edit(&other, 0).is_ok(), "who was no active administrator loses nothing");
        assert!(user(admin.clone()).edit(&admin, 0).is_ok());
    }

    #[test]
    fn a_role_stands_once_in_a_place() {
        let twice =
            UserForm { grants: vec![grant(Role::Analyst), grant(Role::Analyst)], ..crate::examples::of() };
        assert_eq!(codes(user(crate::examples::of()).edit(&twice, 0)), ["user.grant_twice"]);
    }

    #[test]
    fn a_password_changes_only_for_who_knows_it_and_to_another() {
        let order: PasswordChange = serde_json::from_value(serde_json::json!({
            "current_password": "наставникнаставник", "new_password": "наставникнаставник"
        }))
        .unwrap();
        assert_eq!(
            codes(user(crate::examples::of()).change_password(&order, false)),
            ["password.wrong", "password.same", "password.common"]
        );
    }
}
