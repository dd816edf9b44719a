//! Words of referrals.
use crate::base::moment::age_years;
use crate::base::word::words;
use chrono::NaiveDate;

words! {
    /// The state of a referral.
    ReferralState in "referral-states" {
        Sent = "sent", "направлено", "sent";
        Accepted = "accepted", "принято", "accepted";
        Rejected = "rejected", "отклонено", "rejected";
        Revoked = "revoked", "отозвано направившим", "revoked";
        Lapsed = "lapsed", "истёк срок ответа", "lapsed";
        Done = "done", "выполнено", "done";
        Returned = "returned", "возвращено", "returned";
    }

    /// The age of a person, as a referral tells it before the answer.
    AgeGroup in "age-groups" {
        UpTo9 = "0-9", "0–9 лет", "0 to 9 years";
        From10 = "10-13", "10–13 лет", "10 to 13 years";
        From14 = "14-17", "14–17 лет", "14 to 17 years";
        From18 = "18-22", "18–22 года", "18 to 22 years";
        From23 = "23+", "23 года и старше", "23 years and older";
    }

    /// The direction of a referral, as the caller's organization sees it.
    ReferralDirection in "referral-directions" {
        Incoming = "in", "входящие", "incoming";
        Outgoing = "out", "исходящие", "outgoing";
    }
}

impl AgeGroup {
    /// The group of a person who was born on that day.
    pub fn of(born_on: NaiveDate, today: NaiveDate) -> Self {
        match age_years(born_on, today) {
            ..10 => Self::UpTo9,
            10..14 => Self::From10,
            14..18 => Self::From14,
            18..23 => Self::From18,
            _ => Self::From23,
        }
    }
}

impl ReferralState {
    /// Whether somebody has still to act.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Sent | Self::Accepted)
    }
    /// Whether the needs that it names are asked of the other organization, or were: it did not come to nothing.
    pub fn rests_on_needs(self) -> bool {
        !matches!(self, Self::Rejected | Self::Revoked | Self::Lapsed)
    }
    /// The state on a day of a referral that is stored in this one: one that nobody has answered lapses by its day.
    pub fn on(self, answer_until: NaiveDate, today: NaiveDate) -> Self {
        if self == Self::Sent && answer_until < today { Self::Lapsed } else { self }
    }
}
