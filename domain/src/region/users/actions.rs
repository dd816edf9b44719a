//! The orders that the cards of accounts and of keys offer, judged by the rules of the orders.
use super::{User, UserForm};
use crate::base::access::Right;
use crate::base::action::{Action, Offer, Offers, Verdict};
use crate::base::id::UserId;

/// An account as its caller sees it.
#[derive(Debug)]
pub struct UserOffers<'a> {
    /// The account.
    pub it: &'a User,
    /// The number of active administrators of the region without this account.
    pub other_active_admins: i64,
    /// The account of the caller.
    pub by: Option<UserId>,
}

impl Offers for UserOffers<'_> {
    const AT: &'static str = "users";
    const OFFERS: &'static [Offer] = &[
        Offer::edit(Right::ManageUsers),
        Offer::edit_at(Action::Close, "", Right::ManageUsers),
        Offer::edit_at(Action::Open, "", Right::ManageUsers),
        Offer::step(Action::IssueOneTimePassword, "one-time-password", Right::ManageUsers),
    ];
    fn judge(&self, action: Action) -> Option<Verdict> {
        let is_active = self.it.form.active;
        match action {
            Action::Edit => Some(Verdict::default()),
            Action::Close if is_active => Some(self.edited(false)),
            Action::Open if !is_active => Some(self.edited(true)),
            Action::IssueOneTimePassword if is_active => {
                Some(Verdict::default().against(self.it.against_one_time_password(self.by)))
            }
            _ => None,
        }
    }
}

impl UserOffers<'_> {
    fn edited(&self, active: bool) -> Verdict {
        let form = UserForm { active, ..self.it.form.clone() };
        Verdict::default().unless(self.it.clone().edit(&form, self.other_active_admins))
    }
}

/// A key of an integration as its caller sees it.
#[derive(Debug, Clone, Copy)]
pub struct ApiKeyOffers {
    /// Whether it is revoked.
    pub is_revoked: bool,
}

impl Offers for ApiKeyOffers {
    const AT: &'static str = "api-keys";
    const OFFERS: &'static [Offer] = &[Offer::step(Action::Revoke, "revocation", Right::ManageUsers)];
    fn judge(&self, action: Action) -> Option<Verdict> {
        (action == Action::Revoke && !self.is_revoked).then(Verdict::default)
    }
}
