//! Corrections: a record of the past that is wrong is annulled with a reason. It stays readable with the reason, and counts no more.
//!
//! The order is [`Annulment`](super::Annulment), for records with rules as for entries. An entry about the past ([`Past`]) has the same term,
//! also for edits.
use super::{ANNULLED, Entry};
use crate::base::access::{OWN, Right};
use crate::base::action::{Action, Offer, Offers, Verdict};
use crate::base::kept::Value;
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
        let mut reasons =
            broken([(self.is_annulled, ANNULLED.reason()), (self.is_about_caller, OWN.reason())]);
        reasons.extend(self.against_late(self.on, today));
        Refused::unless_empty(reasons)
    }
    /// The reason against a correction whose term counts from that day.
    fn against_late(&self, since: NaiveDate, today: NaiveDate) -> Option<Reason> {
        let is_late = today.signed_duration_since(since).num_days() > i64::from(self.term.0);
        (is_late && !self.by_administrator).then(|| TERM.reason().with("days", self.term.0))
    }
}

/// The rule of an entry about the past: it is annulled, and edited, within the term of corrections.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Past {
    /// The member with the last day of what goes on. Without that day it is no past yet, and is edited freely.
    pub until: Option<&'static str>,
}

impl Past {
    /// The day from which the term of edits counts: the one of the record, or a later last day of what it tells. None while that goes on.
    fn since<F: Entry>(self, form: &F, recorded_on: NaiveDate) -> Option<NaiveDate> {
        let Some(until) = self.until else { return Some(recorded_on) };
        let mut members = F::ABOUT.members.iter().zip(form.values());
        match members.find(|it| it.0.name == until)?.1 {
            Value::Day(last) => last.map(|it| it.max(recorded_on)),
            _ => None,
        }
    }
}

/// The reasons against corrections of an entry.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Corrections {
    /// Those against its annulment.
    annulment: Vec<Reason>,
    /// Those against each edit.
    edit: Vec<Reason>,
}

impl Corrections {
    /// Those of an entry about the past, by its record. An entry about anything else has none.
    pub fn of<F: Entry>(form: &F, recorded: &Recorded, today: NaiveDate) -> Self {
        let Some(past) = F::ABOUT.past else { return Self::default() };
        let refused = recorded.must_be_open(today).err();
        let annulment = refused.map(|it| it.reasons().to_vec()).unwrap_or_default();
        let late = past.since(form, recorded.on).and_then(|it| recorded.against_late(it, today));
        Self { annulment, edit: late.into_iter().collect() }
    }
    /// The same with what rests on the entry.
    #[must_use]
    pub fn with(mut self, resting: impl IntoIterator<Item = Reason>) -> Self {
        self.annulment.extend(resting);
        self
    }
    /// The reasons against an order.
    pub fn against(&self, action: Action) -> &[Reason] {
        match action {
            Action::Annul => &self.annulment,
            Action::Edit => &self.edit,
            _ => &[],
        }
    }
    /// Refuses an order for these reasons.
    pub fn must_let(&self, action: Action) -> Result<(), Refused> {
        Refused::unless_empty(self.against(action).to_vec())
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
    use crate::accompaniment::case_contacts::CaseContactForm;
    use crate::accompaniment::life_periods::LifePeriodForm;
    use crate::base::change::SubjectKind;
    use crate::help::needs::NeedForm;
    use chrono::TimeDelta;

    fn plain() -> Recorded {
        let on = NaiveDate::from_ymd_opt(2026, 3, 2).unwrap();
        let term = CorrectionDays::default();
        Recorded { on, is_annulled: false, is_about_caller: false, by_administrator: false, term }
    }
    fn codes(it: &Recorded, days: i64) -> Vec<&'static str> {
        let told = it.must_be_open(it.on + TimeDelta::days(days));
        told.err().iter().flat_map(|it| it.reasons()).map(|it| it.rule.code).collect()
    }

    #[test]
    fn a_record_is_annulled_once_within_the_term_and_by_nobody_whom_it_is_about() {
        let plain = plain();
        assert_eq!(codes(&plain, 90), Vec::<&str>::new());
        assert_eq!(codes(&plain, 91), ["entry.term"]);
        assert_eq!(codes(&Recorded { by_administrator: true, ..plain }, 91), Vec::<&str>::new());
        let (short, long) = (CorrectionDays(10), CorrectionDays(365));
        assert_eq!(codes(&Recorded { term: short, ..plain }, 11), ["entry.term"]);
        assert_eq!(codes(&Recorded { term: long, ..plain }, 365), Vec::<&str>::new());
        let own = Recorded { is_annulled: true, is_about_caller: true, ..plain };
        assert_eq!(codes(&own, 0), ["entry.annulled", "access.own"]);
    }

    /// The codes against an order about an entry, so many days after it was recorded.
    fn told<F: Entry>(form: &F, it: &Recorded, action: Action, days: i64) -> Vec<&'static str> {
        let all = Corrections::of(form, it, it.on + TimeDelta::days(days));
        all.against(action).iter().map(|it| it.rule.code).collect()
    }

    #[test]
    fn an_entry_about_the_past_has_the_term_of_corrections_and_no_other_entry_has_it() {
        let (contact, need): (CaseContactForm, NeedForm) = (crate::examples::of(), crate::examples::of());
        let admin = Recorded { by_administrator: true, ..plain() };
        for action in [Action::Annul, Action::Edit] {
            assert_eq!(told(&contact, &plain(), action, 90), Vec::<&str>::new());
            assert_eq!(told(&contact, &plain(), action, 91), ["entry.term"]);
            assert_eq!(told(&contact, &admin, action, 91), Vec::<&str>::new());
            assert_eq!(told(&need, &plain(), action, 1000), Vec::<&str>::new());
        }
        let own = Recorded { is_about_caller: true, ..plain() };
        assert_eq!(told(&contact, &own, Action::Annul, 91), ["access.own", "entry.term"]);
    }

    #[test]
    fn what_goes_on_is_edited_freely_and_what_has_ended_within_the_term_after_its_last_day() {
        let open: LifePeriodForm = crate::examples::of();
        assert_eq!(told(&open, &plain(), Action::Edit, 1000), Vec::<&str>::new());
        assert_eq!(told(&open, &plain(), Action::Annul, 91), ["entry.term"]);
        let ended_after = |days: i64| {
            let last = plain().on + TimeDelta::days(days);
            LifePeriodForm { ends_on: Some(last), ..open.clone() }
        };
        assert_eq!(told(&ended_after(10), &plain(), Action::Edit, 100), Vec::<&str>::new());
        assert_eq!(told(&ended_after(10), &plain(), Action::Edit, 101), ["entry.term"]);
        assert_eq!(told(&ended_after(-200), &plain(), Action::Edit, 90), Vec::<&str>::new());
        assert_eq!(told(&ended_after(-200), &plain(), Action::Edit, 91), ["entry.term"]);
    }

    #[test]
    fn what_rests_on_an_entry_is_told_against_its_annulment_alone() {
        let resting = built_on(SubjectKind::Referral, uuid::Uuid::nil());
        let all = Corrections::default().with([resting.clone()]);
        assert_eq!(all.against(Action::Annul), [resting]);
        assert!(all.must_let(Action::Annul).is_err() && all.must_let(Action::Edit).is_ok());
    }
}
