//! Monthly records: the record of each month of a case, signed by the specialist in charge (001 L20).
//!
//! A draft is virtual: each month of a case has one, computed from what is on record. A row exists from the first own words or the
//! signature on, so no clock makes drafts, and one that stood still misses none.
//!
//! - [`items`]: everything that happened in a month, and what differs from it later.
//! - [`orders`]: bodies of requests. [`words`]: vocabularies.
//!
//! Invariant: what is signed stays as it was. Corrections and late entries stand beside it.
use crate::accompaniment::cases::Case;
use crate::base::access::Right;
use crate::base::action::{Action, Offer, Offers, Verdict};
use crate::base::change::{Changed, facts};
use crate::base::id::{CaseId, MonthlyRecordId, UserId};
use crate::base::moment::Moment;
use crate::base::month::Month;
use crate::base::refusal::{Reason, Refused, rules};
use crate::base::text::MISSING;
use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};

pub mod items;
pub mod orders;
#[cfg(test)]
mod tests;
pub mod words;

pub use items::*;
pub use orders::*;
pub use words::*;

rules! {
    MONTH_NOT_OVER = "monthly_record.month_not_over", State, "001 L20", "Запись подписывают не раньше последнего дня месяца, а закрытого случая — сразу.", "A record is signed on the last day of its month or later; that of a closed case at once.";
    SIGNED = "monthly_record.signed", State, "001 L20", "Запись подписана: она не меняется, её только исправляют с указанием причины.", "The record is signed. It does not change; it is corrected with a reason.";
    NOT_SIGNED = "monthly_record.not_signed", State, ours, "Запись не подписана: её слова меняют, а не исправляют.", "The record is not signed: its words are edited, not corrected.";
    NOT_IN_CHARGE = "monthly_record.not_in_charge", Forbidden, "001 L20", "Подписывает ответственный специалист, за него — только директор или заведующий.", "The specialist in charge signs; only a director or a head signs in their place.";
    TOO_MANY_CORRECTIONS = "monthly_record.corrections", State, ours, "Исправлений записи не больше 50.", "A record has at most 50 corrections.";
}

/// Corrections of a record at most (ours).
const MOST_CORRECTIONS: usize = 50;

facts! {
    /// The own words of a month were written.
    MonthWorded = "monthly_record.worded",
        "Записаны слова специалиста[ за {month}]",
        "The words of the specialist were written[ for {month}]"
        about MonthlyRecord (MonthlyRecordId) {
        /// The case.
        case_id: CaseId,
        /// The month.
        month: Month,
    }
    /// A month was signed.
    MonthSigned = "monthly_record.signed",
        "Ежемесячная запись подписана[: {month}]",
        "The monthly record was signed[: {month}]"
        about MonthlyRecord (MonthlyRecordId) {
        /// The case.
        case_id: CaseId,
        /// The month.
        month: Month,
    }
    /// A signed month was corrected.
    MonthCorrected = "monthly_record.corrected",
        "К подписанной записи добавлено исправление[: {month}]",
        "A correction was added to the signed record[: {month}]"
        about MonthlyRecord (MonthlyRecordId) {
        /// The month.
        month: Month,
    }
}

/// The months of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CaseMonths {
    /// The day on which the case was entered, or, for a case of before, on which its region began to keep monthly records.
    pub entered_on: NaiveDate,
    /// The first day of accompaniment.
    pub opened_on: NaiveDate,
    /// The last day, of a closed case.
    pub closed_on: Option<NaiveDate>,
}

impl CaseMonths {
    /// The months of a case that was entered on that day.
    pub fn of(case: &Case, entered_on: NaiveDate) -> Self {
        Self { entered_on, opened_on: case.was().opened_on, closed_on: case.closed_on() }
    }
    /// The first month with a record.
    pub fn first(&self) -> Month {
        Month::of(self.entered_on.max(self.opened_on))
    }
    /// The last month with a record by a day.
    pub fn last(&self, today: NaiveDate) -> Month {
        Month::of(self.closed_on.map_or(today, |it| it.min(today)))
    }
    /// Whether the month has a record by a day.
    pub fn has(&self, month: Month, today: NaiveDate) -> bool {
        self.first() <= month && month <= self.last(today)
    }
    /// The days of the month on which the case was open. A case of one day counts.
    pub fn days(&self, month: Month) -> (NaiveDate, NaiveDate) {
        let last = month.last_day();
        (month.first_day().max(self.opened_on), self.closed_on.map_or(last, |it| it.min(last)))
    }
    /// The reason against a signature on a day.
    fn against_signature(&self, month: Month, today: NaiveDate) -> Option<Reason> {
        let is_over = self.closed_on.is_some() || today >= month.last_day();
        (!is_over).then(|| MONTH_NOT_OVER.reason().with("not_before", month.last_day()))
    }
}

/// A record before its signature.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    /// The id of the record.
    pub id: MonthlyRecordId,
    /// The case.
    pub case_id: CaseId,
    /// The month.
    pub month: Month,
    /// The own words of the specialist.
    pub words: MonthlyWords,
}

/// Everything that the signature has fixed besides the words.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct MonthContent {
    /// Everything that happened in the month, as it was on record at the signature.
    pub items: Vec<MonthItem>,
    /// The late entries of earlier months that the record tells.
    pub late: Vec<LateEntry>,
}

/// A signature of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MonthSignature {
    /// The account.
    pub by: UserId,
    /// The instant.
    pub at: Moment,
    /// The day of the region.
    pub on: NaiveDate,
    /// The day until which it was due, by the term of the day of the signature.
    pub due_on: NaiveDate,
}

/// A signed record.
#[derive(Debug, Clone, PartialEq)]
pub struct Signed {
    /// The record as it was signed.
    pub was: Draft,
    /// The content.
    pub content: MonthContent,
    /// The signature.
    pub signature: MonthSignature,
    /// Corrections, the earliest first.
    pub corrections: Vec<MonthCorrection>,
}

/// A record in any state.
#[derive(Debug, Clone, PartialEq)]
pub enum MonthlyRecord {
    /// Not signed.
    Draft(Draft),
    /// Signed.
    Signed(Signed),
}

/// The stored data that a signature needs.
#[derive(Debug, Clone, Copy)]
pub struct SigningFacts {
    /// The months of the case.
    pub months: CaseMonths,
    /// The account that signs, where the record is theirs to sign: they are in charge, or direct the organization or a unit of it.
    pub signer: Option<UserId>,
    /// The days after a month until which its record is due.
    pub due: Days,
}

impl SigningFacts {
    fn against(&self, month: Month, today: NaiveDate) -> Vec<Reason> {
        let stranger = self.signer.is_none().then(|| NOT_IN_CHARGE.reason());
        stranger.into_iter().chain(self.months.against_signature(month, today)).collect()
    }
}

impl MonthlyRecord {
    /// The draft. Refused once it is signed.
    pub fn draft(self) -> Result<Draft, Refused> {
        match self {
            Self::Draft(it) => Ok(it),
            Self::Signed(_) => Err(SIGNED.refuse()),
        }
    }
    /// The signed record. Refused before its signature.
    pub fn signed(self) -> Result<Signed, Refused> {
        match self {
            Self::Signed(it) => Ok(it),
            Self::Draft(_) => Err(NOT_SIGNED.refuse()),
        }
    }
}

/// The state of a record without a signature.
pub fn unsigned_state(due_on: NaiveDate, today: NaiveDate) -> MonthlyRecordState {
    if today > due_on { MonthlyRecordState::Late } else { MonthlyRecordState::Draft }
}

impl Draft {
    /// The record of a month in which nothing was written yet.
    pub fn of(id: MonthlyRecordId, case_id: CaseId, month: Month) -> Self {
        Self { id, case_id, month, words: MonthlyWords::default() }
    }
    /// Writes the own words, whole.
    pub fn write(self, words: &MonthlyWords) -> Changed<Self> {
        let fact = MonthWorded { id: self.id, case_id: self.case_id, month: self.month };
        Changed::new(Self { words: words.clone(), ..self }, fact)
    }
    /// Signs the record with this content.
    pub fn sign(
        self,
        order: &MonthlySignature,
        facts: &SigningFacts,
        content: MonthContent,
        (at, today): (Moment, NaiveDate),
    ) -> Result<Changed<Signed>, Refused> {
        let words = order.words.clone().unwrap_or_else(|| self.words.clone());
        let mut reasons = facts.against(self.month, today);
        reasons.extend(words.summary.is_none().then(|| MISSING.reason().at("/words/summary")));
        reasons.extend(words.next_month.is_none().then(|| MISSING.reason().at("/words/next_month")));
        Refused::unless_empty(reasons)?;
        let Some(by) = facts.signer else { return Err(NOT_IN_CHARGE.refuse()) };
        let signature = MonthSignature { by, at, on: today, due_on: self.month.days_after(facts.due) };
        let fact = MonthSigned { id: self.id, case_id: self.case_id, month: self.month };
        let was = Self { words, ..self };
        Ok(Changed::new(Signed { was, content, signature, corrections: Vec::new() }, fact))
    }
}

impl Signed {
    /// Adds a correction. The signed content stays as it is.
    pub fn correct(
        self,
        order: &MonthlyCorrection,
        by: UserId,
        at: Moment,
    ) -> Result<Changed<Self>, Refused> {
        Refused::unless_empty(against_correction(&self.corrections).into_iter().collect())?;
        let MonthlyCorrection { text, reason } = order.clone();
        let fact = MonthCorrected { id: self.was.id, month: self.was.month };
        let mut it = self;
        it.corrections.push(MonthCorrection { text, reason, by, at });
        Ok(Changed::new(it, fact))
    }
}

fn against_correction(corrections: &[MonthCorrection]) -> Option<Reason> {
    (corrections.len() >= MOST_CORRECTIONS).then(|| TOO_MANY_CORRECTIONS.reason())
}

/// The late entries that the record of a month tells: everything that changed in earlier signed months and that no signed record has
/// told. `signed` are the signed records of the case, in the order of their signatures, and `now` is everything on record.
pub fn late_entries(month: Month, signed: &[Signed], now: &[MonthItem]) -> Vec<LateEntry> {
    let earlier = signed.iter().filter(|it| it.was.month < month);
    earlier
        .flat_map(|it| {
            let of = it.was.month;
            let later: Vec<&LateEntry> =
                signed.iter().flat_map(|it| &it.content.late).filter(|it| it.month == of).collect();
            let told = told_after(&it.content.items, &later);
            let now: Vec<MonthItem> = now.iter().filter(|it| of.has(it.on)).cloned().collect();
            differences(of, &told, &now)
        })
        .collect()
}

/// A monthly record as its caller sees it.
#[derive(Debug)]
pub struct MonthlyRecordOffers<'a> {
    /// The record.
    pub record: &'a MonthlyRecord,
    /// For the signature.
    pub facts: &'a SigningFacts,
    /// The present day.
    pub today: NaiveDate,
}

impl Offers for MonthlyRecordOffers<'_> {
    const AT: &'static str = "cases";
    const OFFERS: &'static [Offer] = &[
        Offer::edit_at(Action::Edit, "monthly-records/{month}", Right::EditMonthlyRecords),
        Offer::step(Action::Sign, "monthly-records/{month}/signature", Right::EditMonthlyRecords),
        Offer::step(Action::Correct, "monthly-records/{month}/corrections", Right::EditMonthlyRecords),
    ];
    fn judge(&self, action: Action) -> Option<Verdict> {
        match (action, self.record) {
            (Action::Edit, MonthlyRecord::Draft(_)) => Some(Verdict::default()),
            (Action::Sign, MonthlyRecord::Draft(it)) => {
                Some(Verdict::default().against(self.facts.against(it.month, self.today)))
            }
            (Action::Correct, MonthlyRecord::Signed(it)) => {
                Some(Verdict::default().against(against_correction(&it.corrections)))
            }
            _ => None,
        }
    }
}
