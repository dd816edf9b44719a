//! Corrections: a record of the past that is wrong is annulled with a reason. It stays readable with the reason, and counts no more.
//!
//! The order is [`Annulment`](super::Annulment), for records with rules as for entries.
use super::ANNULLED;
use crate::base::access::{OWN, Right};
use crate::base::action::{Action, Offer, Offers, Verdict};
use crate::base::refusal::{Reason, Refused, broken, rules};
use chrono::NaiveDate;

rules! {
    TERM = "entry.term", State, ours, "Срок исправления этой записи истёк: аннулировать её может администратор региона.", "The term for correcting this record is over: an administrator of the region may annul it.";
    BUILT_ON = "entry.built_on", State, ours, "На этой записи основано другое: сначала исправьте его.", "Something else rests on this record: correct it first.";
}

/// The term of corrections: the days after a record was made in which those who may change it may annul it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CorrectionDays(pub i32);

impl Default for CorrectionDays {
    /// The term where the region has set none.
    fn default() -> Self {
        Self(90)
    }
}

/// A record of the past, as the rules about its annulment see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recorded {
    /// The day on which the record was made.
    pub on: NaiveDate,
    /// Whether it is annulled already.
    pub is_annulled: bool,
    /// Whether it is about the caller: a side does not correct what is on record about itself.
    pub is_about_caller: bool,
    /// Whether the caller is an administrator of the region.
    pub by_administrator: bool,
    /// The term of corrections in force.
    pub term: CorrectionDays,
}

impl Recorded {
    /// Refuses the annulment of a record that is annulled, about the caller, or too old.
    pub fn must_be_open(&self, today: NaiveDate) -> Result<(), Refused> {
        let is_late = today.signed_duration_since(self.on).num_days() > i64::from(self.term.0);
        let reasons = broken([
            (self.is_annulled, ANNULLED.reason()),
            (self.is_about_caller, OWN.reason()),
            (is_late && !self.by_administrator, TERM.reason().with("days", self.term.0)),
        ]);
        Refused::unless_empty(reasons)
    }
}

/// A record as its caller sees it: it can be annulled, and nothing else.
#[derive(Debug)]
pub struct RecordOffers {
    /// The collection in addresses.
    pub at: &'static str,
    /// The record.
    pub recorded: Recorded,
    /// The present day.
    pub today: NaiveDate,
}

impl Offers for RecordOffers {
    const OFFERS: &'static [Offer] = &[Offer::step(Action::Annul, "annulment", Right::AnnulRecords)];
    fn at(&self) -> &'static str {
        self.at
    }
    fn judge(&self, action: Action) -> Option<Verdict> {
        let is_open = action == Action::Annul && !self.recorded.is_annulled;
        is_open.then(|| Verdict::default().unless(self.recorded.must_be_open(self.today)))
    }
}

/// The reason against an annulment of a record on which another thing rests.
pub fn built_on(kind: crate::base::change::SubjectKind, id: impl Into<uuid::Uuid>) -> Reason {
    BUILT_ON.reason().with("kind", kind).with("id", id.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeDelta;

    fn codes(it: &Recorded, days: i64) -> Vec<&'static str> {
        let told = it.must_be_open(it.on + TimeDelta::days(days));
        told.err().iter().flat_map(|it| it.reasons()).map(|it| it.rule.code).collect()
    }

    #[test]
    fn a_record_is_annulled_once_within_the_term_and_by_nobody_whom_it_is_about() {
        let on = NaiveDate::from_ymd_opt(2026, 3, 2).unwrap();
        let term = CorrectionDays::default();
        let plain =
            Recorded { on, is_annulled: false, is_about_caller: false, by_administrator: false, term };
        assert_eq!(codes(&plain, 90), Vec::<&str>::new());
        assert_eq!(codes(&plain, 91), ["entry.term"]);
        assert_eq!(codes(&Recorded { by_administrator: true, ..plain }, 91), Vec::<&str>::new());
        let (short, long) = (CorrectionDays(10), CorrectionDays(365));
        assert_eq!(codes(&Recorded { term: short, ..plain }, 11), ["entry.term"]);
        assert_eq!(codes(&Recorded { term: long, ..plain }, 365), Vec::<&str>::new());
        let own = Recorded { is_annulled: true, is_about_caller: true, ..plain };
        assert_eq!(codes(&own, 0), ["entry.annulled", "access.own"]);
    }
}
