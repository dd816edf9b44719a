//! Login sessions: opening, renewing, ending.
use super::{CREDENTIALS, DeviceToken, RefreshToken, SESSION_ENDED, Secret, User};
use crate::base::change::{Changed, facts};
use crate::base::id::{SessionId, UserId};
use crate::base::refusal::Refused;
use crate::base::text::{Code, Login};
use shape::form;
use validator::Validate;

/// An order to log in.
#[form(secret)]
#[schema(example = json!({"login": "specialist", "password": "demo-region-password", "region": "demo"}))]
pub struct LoginForm {
    /// The login name.
    pub login: Login,
    /// The password.
    pub password: Secret,
    /// The code of the region. Not needed if the server has only one region.
    pub region: Option<Code>,
    /// The `device_token` of the latest login on this device. It is ignored if it is not this account's, or ended.
    pub device_token: Option<DeviceToken>,
}

/// An order to renew a session.
#[form(secret)]
#[schema(example = json!({"refresh_token": "dGhlIHRva2VuIG9mIGEgc2Vzc2lvbg"}))]
pub struct Refresh {
    /// The latest refresh token. Each token works once.
    pub refresh_token: RefreshToken,
}

/// An order to end a session.
#[form(secret)]
#[schema(example = json!({"refresh_token": "dGhlIHRva2VuIG9mIGEgc2Vzc2lvbg"}))]
pub struct Logout {
    /// The latest refresh token.
    pub refresh_token: RefreshToken,
}

facts! {
    /// An account logged in.
    SessionOpened = "session.opened",
        "Вход в систему",
        "The account logged in"
        about Session (SessionId) {
        /// The account.
        user_id: UserId,
    }
    /// A session was ended by a logout.
    SessionClosed = "session.closed",
        "Выход из системы",
        "The account logged out"
        about Session (SessionId) {
        /// The account.
        user_id: UserId,
    }
    /// A refresh token was used twice. It may be stolen, so the session was ended.
    SessionReuseDetected = "session.reuse_detected",
        "Ключ обновления использован дважды: вход завершён",
        "A refresh token was used twice: the session was ended"
        about Session (SessionId) {
        /// The account.
        user_id: UserId,
    }
}

/// A login session with all its tokens.
#[derive(Debug, Clone)]
pub struct Session {
    /// The id of the session.
    pub id: SessionId,
    /// The account.
    pub user_id: UserId,
    /// Whether the session has not ended.
    pub open: bool,
}

impl Session {
    /// Opens a session for an account whose password was right. A closed account gets the refusal of a wrong password, so
    /// that nobody can tell them apart.
    pub fn open(id: SessionId, user: &User) -> Result<Changed<Self>, Refused> {
        if !user.form.active {
            return Err(CREDENTIALS.refuse());
        }
        Ok(Changed::new(Self { id, user_id: user.id, open: true }, SessionOpened { id, user_id: user.id }))
    }
    /// Refuses a renewal if the session has ended or the account is not active.
    pub fn renewable(&self, user: &User) -> Result<(), Refused> {
        if self.open && user.form.active { Ok(()) } else { Err(SESSION_ENDED.refuse()) }
    }
    /// Ends the session.
    pub fn close(self) -> Changed<Self> {
        let fact = SessionClosed { id: self.id, user_id: self.user_id };
        Changed::new(Self { open: false, ..self }, fact)
    }
    /// Ends the session because one of its tokens was used twice.
    pub fn reuse_detected(self) -> Changed<Self> {
        let fact = SessionReuseDetected { id: self.id, user_id: self.user_id };
        Changed::new(Self { open: false, ..self }, fact)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::region::users::UserForm;

    fn user(active: bool) -> User {
        User { id: uuid::Uuid::nil().into(), form: UserForm { active, ..crate::examples::of() } }
    }
    fn open(active: bool) -> Result<Session, Refused> {
        Session::open(uuid::Uuid::nil().into(), &user(active)).map(|it| it.into_parts().0)
    }

    #[test]
    fn a_closed_account_is_refused_like_a_wrong_password() {
        assert_eq!(open(false).unwrap_err(), CREDENTIALS.refuse());
        assert!(open(true).is_ok());
    }

    #[test]
    fn a_session_ends_with_its_account_and_with_a_stolen_token() {
        let session = open(true).unwrap();
        assert_eq!(session.renewable(&user(true)), Ok(()));
        assert_eq!(session.renewable(&user(false)), Err(SESSION_ENDED.refuse()));
        let (session, records) = session.reuse_detected().into_parts();
        assert_eq!(records[0].kind, "session.reuse_detected");
        assert_eq!(session.renewable(&user(true)), Err(SESSION_ENDED.refuse()));
    }

    #[test]
    fn the_examples_of_the_contract_are_accepted() {
        let login: LoginForm = crate::examples::of();
        assert_eq!(login.validate(), Ok(()));
        assert!(!format!("{login:?}").contains("сирень"));
        assert_eq!(crate::examples::of::<Refresh>().validate(), Ok(()));
        assert_eq!(crate::examples::of::<Logout>().validate(), Ok(()));
    }
}
