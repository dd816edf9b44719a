//! One-time passwords: where a password was forgotten, an administrator or the command line asks for another.
use super::{CLOSED, User};
use crate::base::access::OWN;
use crate::base::change::{Changed, facts};
use crate::base::id::UserId;
use crate::base::moment::Moment;
use crate::base::refusal::{Reason, Refused};
use chrono::TimeDelta;

/// Hours for which a one-time password works.
pub const ONE_TIME_HOURS: i64 = 24;

facts! {
    /// A one-time password was issued. It took the place of the password, and every session ended.
    OneTimePasswordIssued = "user.one_time_password_issued",
        "Выдан одноразовый пароль[, действует до {expires_at}]",
        "A one-time password was issued[, valid until {expires_at}]"
        about User (UserId) {
        /// The moment until which it works.
        expires_at: Moment,
    }
}

/// A one-time password of an account, without the password itself. It opens only the change of the password.
#[derive(Debug, Clone, PartialEq)]
pub struct OneTimePassword {
    /// The account.
    pub user_id: UserId,
    /// The administrator who asked for it; none for the command line.
    pub requested_by: Option<UserId>,
    /// The moment at which it was issued.
    pub requested_at: Moment,
    /// The moment until which it works.
    pub expires_at: Moment,
}

impl User {
    /// The reasons against a one-time password for this account.
    pub(super) fn against_one_time_password(&self, requested_by: Option<UserId>) -> Vec<Reason> {
        let own = (requested_by == Some(self.id)).then(|| OWN.reason());
        own.into_iter().chain((!self.form.active).then(|| CLOSED.reason())).collect()
    }
    /// Issues a one-time password. Nobody asks for their own: who is logged in changes it by the current one.
    pub fn issue_one_time_password(
        self,
        requested_by: Option<UserId>,
        now: Moment,
    ) -> Result<Changed<OneTimePassword>, Refused> {
        Refused::unless_empty(self.against_one_time_password(requested_by))?;
        let expires_at = now.plus(TimeDelta::hours(ONE_TIME_HOURS));
        let issued = OneTimePassword { user_id: self.id, requested_by, requested_at: now, expires_at };
        Ok(Changed::new(issued, OneTimePasswordIssued { id: self.id, expires_at }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::region::users::UserForm;

    fn issue(active: bool, requested_by: Option<u128>) -> Result<OneTimePassword, Vec<&'static str>> {
        let user = User { id: uuid::Uuid::nil().into(), form: UserForm { active, ..crate::examples::of() } };
        let now = Moment::from_micros(0).unwrap();
        user.issue_one_time_password(requested_by.map(|it| uuid::Uuid::from_u128(it).into()), now)
            .map(|it| it.into_parts().0)
            .map_err(|it| it.reasons().iter().map(|it| it.rule.code).collect())
    }

    #[test]
    fn a_one_time_password_works_for_a_day_and_names_who_asked_for_it() {
        let issued = issue(true, Some(7)).unwrap();
        assert_eq!(issued.expires_at.since(issued.requested_at), TimeDelta::hours(24));
        assert_eq!(issued.requested_by, Some(uuid::Uuid::from_u128(7).into()));
        assert_eq!(issue(true, None).unwrap().requested_by, None);
    }

    #[test]
    fn nobody_asks_for_their_own_and_a_closed_account_gets_none() {
        assert_eq!(issue(true, Some(0)), Err(vec!["access.own"]));
        assert_eq!(issue(false, Some(7)), Err(vec!["user.closed"]));
        assert_eq!(issue(false, Some(0)), Err(vec!["access.own", "user.closed"]));
    }
}
