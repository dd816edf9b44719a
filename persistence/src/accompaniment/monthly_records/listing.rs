//! Lists of monthly records, and their completeness. A month without a row is in them as well.
use super::{MonthlyRecordCard, Row};
use crate::accompaniment::cases::{self, Expected, ExpectedIn};
use crate::engine::card::Card;
use crate::engine::column::binds;
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::page::{Page, Place, Window};
use crate::engine::schema::monthly_records;
use crate::region::terms::Terms;
use crate::tx::Tx;
use chrono::{Days, NaiveDate};
use diesel::prelude::*;
use domain::accompaniment::monthly_records::{MonthlyRecordState, MonthlyWords, unsigned_state};
use domain::base::filters::any::AnyOf;
use domain::base::id::{CaseId, OrganizationId, UserId};
use domain::base::month::Month;
use domain::base::text::Note;
use domain::people::consents::CasePart;
use domain::region::terms::TermKind;
use shape::{card, filter};
use std::collections::{BTreeMap, HashMap};

/// Months of which one list is made at most.
const MOST_MONTHS: u32 = 12;

/// Filters of the list of monthly records.
#[filter]
pub struct MonthlyRecordFilter {
    /// Only records of this month or later, at most twelve months. `to`, if none is given.
    pub from: Option<Month>,
    /// Only records of this month or earlier. The last month that is over, if none is given.
    pub to: Option<Month>,
    /// Only records in this state.
    pub state: Option<AnyOf<MonthlyRecordState>>,
    /// Only records of this organization.
    pub organization_id: Option<OrganizationId>,
    /// Only records of cases of which this specialist is in charge.
    pub specialist_user_id: Option<UserId>,
}

/// Filters of the monthly records of a case.
#[filter]
pub struct MonthlyRecordsOfCase {
    /// Only records in this state.
    pub state: Option<AnyOf<MonthlyRecordState>>,
}

/// The months of a list that are due until some day.
pub(super) struct Dues {
    pub(super) days: Days,
    pub(super) today: NaiveDate,
}

impl Dues {
    pub(super) async fn of(tx: &mut Tx<'_>) -> Result<Self, Failure> {
        let days = Terms::of(tx).await?.days(TermKind::MonthlyRecord).unwrap_or(Days::new(0));
        Ok(Self { days, today: tx.today() })
    }
    fn unsigned(&self, month: Month) -> MonthlyRecordState {
        unsigned_state(month.days_after(self.days), self.today)
    }
    /// The card without what only the content tells.
    pub(super) fn shown(
        &self,
        (case_id, organization_id, specialist): Expected,
        month: Month,
        row: Option<Row>,
    ) -> MonthlyRecordCard {
        let is_signed = row.as_ref().is_some_and(|it| it.signed_on.is_some());
        let fixed = row.as_ref().and_then(|it| it.due_on);
        MonthlyRecordCard {
            id: row.as_ref().map(|it| it.id),
            version: row.as_ref().map_or(0, |it| it.version),
            state: if is_signed { MonthlyRecordState::Signed } else { self.unsigned(month) },
            case_id,
            organization_id,
            specialist_user_id: specialist,
            month,
            due_on: fixed.unwrap_or_else(|| month.days_after(self.days)),
            words: None,
            counts: None,
            directions: None,
            items: None,
            late_entries: None,
            since_signed: None,
            corrections: None,
            signed_by_user_id: row.as_ref().and_then(|it| it.signed_by),
            signed_at: row.as_ref().and_then(|it| it.signed_at),
            sha256: row.and_then(|it| it.sha256),
            available_actions: None,
        }
    }
}

/// The place of a record in a list: months in their order, then cases.
fn place(it: &(Month, Expected)) -> Place {
    Place { text: Some(it.0.to_string()), id: it.1.0.into() }
}

/// The month in which the page before has ended.
fn begun(window: &Window) -> Option<Month> {
    window.after.as_ref()?.text.as_ref()?.parse().ok()
}

/// Visible records of months, the earliest month first, of each the newest case first.
pub async fn list(
    tx: &mut Tx<'_>,
    filter: &MonthlyRecordFilter,
    window: &Window,
) -> Result<Page<MonthlyRecordCard>, Failure> {
    let dues = Dues::of(tx).await?;
    let to = filter.to.unwrap_or_else(|| Month::of(dues.today).before(1)).min(Month::of(dues.today));
    let from = filter.from.unwrap_or(to).max(to.before(MOST_MONTHS - 1));
    let begun = begun(window);
    let first = begun.unwrap_or(from);
    let (mut month, mut rows) = (first, Vec::new());
    while month <= to {
        let left = window.fetch() - i64::try_from(rows.len()).map_err(Failure::broken)?;
        if left <= 0 {
            break;
        }
        let signed = match &filter.state {
            None => Some(None),
            Some(all) => match (all.has(&MonthlyRecordState::Signed), all.has(&dues.unsigned(month))) {
                (true, true) => Some(None),
                (false, false) => None,
                (is_signed, _) => Some(Some(is_signed)),
            },
        };
        if let Some(signed) = signed {
            let after = window.after_id().filter(|_| begun == Some(month));
            let (organization_id, specialist_user_id) = (filter.organization_id, filter.specialist_user_id);
            let asked = ExpectedIn { month, signed, organization_id, specialist_user_id, after, limit: left };
            rows.extend(cases::expected(tx, &asked).await?.into_iter().map(|it| (month, it)));
        }
        month = month.next();
    }
    let page = window.page(rows, place);
    let ids: Vec<CaseId> = page.items.iter().map(|it| it.1.0).collect();
    let mut written = written(tx, &ids, (first, to)).await?;
    let card = |(month, it): (Month, Expected)| {
        let row = written.remove(&(it.0, month));
        dues.shown(it, month, row)
    };
    Ok(Page { items: page.items.into_iter().map(card).collect(), next: page.next })
}

/// The rows of these cases in a span of months.
async fn written(
    tx: &mut Tx<'_>,
    ids: &[CaseId],
    (from, to): (Month, Month),
) -> Result<HashMap<(CaseId, Month), Row>, Failure> {
    let rows = monthly_records::table
        .filter(monthly_records::case_id.eq_any(binds(ids)))
        .filter(monthly_records::month_on.ge(from.first_day()))
        .filter(monthly_records::month_on.le(to.first_day()));
    let rows: Vec<Row> = db!(tx, load, rows.select(Row::as_select()))?;
    Ok(rows.into_iter().map(|it| ((it.case_id, Month::of(it.month_on)), it)).collect())
}

/// The records of a case, the latest month first.
pub async fn of_case(
    tx: &mut Tx<'_>,
    id: CaseId,
    filter: &MonthlyRecordsOfCase,
    window: &Window,
) -> Result<Page<MonthlyRecordCard>, Failure> {
    let of = cases::with_months(tx, id).await?;
    let dues = Dues::of(tx).await?;
    let (first, last) = (of.months.first(), of.months.last(dues.today));
    let mut rows: HashMap<Month, Row> =
        written(tx, &[id], (first, last)).await?.into_iter().map(|((_, month), it)| (month, it)).collect();
    let mut month = begun(window).map_or(last, |it| it.before(1));
    let mut all = Vec::new();
    while month >= first && i64::try_from(all.len()).map_err(Failure::broken)? < window.fetch() {
        let card = dues.shown(of.expected(), month, rows.remove(&month));
        if filter.state.as_ref().is_none_or(|it| it.has(&card.state)) {
            all.push(card);
        }
        month = month.before(1);
    }
    Ok(window.page(all, |it| Place { text: Some(it.month.to_string()), id: id.into() }))
}

/// Words for the person of a signed month.
#[card]
pub struct MonthForPerson {
    /// The month.
    pub month: Month,
    /// The words.
    pub text: Note,
}

/// Words for the person that are read at most.
const MONTHS_FOR_PERSON: usize = 12;
/// Signed months among which they are sought, the latest of them.
const MONTHS_SOUGHT: i64 = 120;
/// The months that a granted case shows at most.
const MONTHS_GRANTED: i64 = 12;

/// The signed months of these cases, the latest first.
async fn signed_of(tx: &mut Tx<'_>, ids: &[CaseId], most: i64) -> Result<Vec<Row>, Failure> {
    tx.begin_list();
    let signed = monthly_records::table
        .filter(monthly_records::case_id.eq_any(binds(ids)))
        .filter(monthly_records::signed_on.is_not_null())
        .order((monthly_records::month_on.desc(), monthly_records::id.desc()))
        .limit(most);
    Ok(db!(tx, load, signed.select(Row::as_select()))?)
}

/// The words for the person of the signed months of these cases, the latest first. Nothing else of a record is for them.
pub(crate) async fn for_person(tx: &mut Tx<'_>, ids: &[CaseId]) -> Result<Vec<MonthForPerson>, Failure> {
    let rows = signed_of(tx, ids, MONTHS_SOUGHT).await?;
    let words = |row: &Row| {
        let words = row.words(tx)?.for_person;
        Ok(words.map(|text| MonthForPerson { month: Month::of(row.month_on), text }))
    };
    let all: Vec<Option<MonthForPerson>> = tx.readable(rows.iter().map(words))?;
    Ok(all.into_iter().flatten().take(MONTHS_FOR_PERSON).collect())
}

/// A signed month, as a case tells it to those to whom its part `records` is granted.
#[card]
pub struct SharedMonth {
    /// The month.
    pub month: Month,
    /// The day of the signature.
    pub signed_on: Option<NaiveDate>,
    /// The words of the specialist. Changes of health and law are told to those who may know these parts.
    pub words: MonthlyWords,
    /// Whether the record was corrected since. The organization that accompanies tells how.
    #[schema(example = false)]
    pub is_corrected: bool,
}

/// The latest signed months of a case, with the words that the granted parts tell.
pub(in crate::accompaniment) async fn granted(
    tx: &mut Tx<'_>,
    of: CaseId,
    parts: &[CasePart],
) -> Result<Vec<SharedMonth>, Failure> {
    let rows = signed_of(tx, &[of], MONTHS_GRANTED).await?;
    tx.readable(rows.iter().map(|row| {
        let words = row.words(tx)?.seen_by(parts);
        let is_corrected = row.corrections.is_some();
        Ok(SharedMonth { month: Month::of(row.month_on), signed_on: row.signed_on, words, is_corrected })
    }))
}

/// The completeness of a month in an organization.
#[card]
pub struct OrganizationCompleteness {
    /// The organization.
    pub organization_id: OrganizationId,
    /// The cases that were open on any day of the month, from the month of their entry on: each is expected to have a record.
    #[schema(minimum = 0, maximum = 100_000_000, example = 40)]
    pub expected: i64,
    /// Records that were signed until the day on which they were due.
    #[schema(minimum = 0, maximum = 100_000_000, example = 36)]
    pub signed_in_time: i64,
    /// Records that were signed later.
    #[schema(minimum = 0, maximum = 100_000_000, example = 3)]
    pub signed_late: i64,
    /// Records without a signature.
    #[schema(minimum = 0, maximum = 100_000_000, example = 1)]
    pub missing: i64,
}

/// The completeness of the records of a month.
#[card]
pub struct MonthlyCompleteness {
    /// The month.
    pub month: Month,
    /// The day until which its records are due, by the present term.
    pub due_on: NaiveDate,
    /// The organizations with cases in the month that the caller sees.
    #[schema(max_items = 10_000)]
    pub organizations: Vec<OrganizationCompleteness>,
}

/// The counts name nobody.
impl Card for MonthlyCompleteness {}

/// The question for the completeness of a month.
#[filter]
pub struct CompletenessQuestion {
    /// The month. The last one that is over, if none is given.
    pub month: Option<Month>,
}

/// The completeness of a month, by organization. It counts rows at each question: there is no second figure beside them.
pub async fn completeness(
    tx: &mut Tx<'_>,
    asked: &CompletenessQuestion,
) -> Result<MonthlyCompleteness, Failure> {
    let dues = Dues::of(tx).await?;
    let month = asked.month.unwrap_or_else(|| Month::of(dues.today).before(1));
    let none = [Vec::new(), Vec::new(), Vec::new()];
    let all = if month > Month::of(dues.today) { none } else { cases::completeness(tx, month).await? };
    let mut by: BTreeMap<OrganizationId, [i64; 3]> = BTreeMap::new();
    for (n, counts) in all.into_iter().enumerate() {
        for (organization, count) in counts {
            if let Some(it) = by.entry(organization).or_default().get_mut(n) {
                *it = count;
            }
        }
    }
    let shown = |(organization_id, [expected, signed_in_time, signed_late]): (_, [i64; 3])| {
        OrganizationCompleteness {
            organization_id,
            expected,
            signed_in_time,
            signed_late,
            missing: expected - signed_in_time - signed_late,
        }
    };
    Ok(MonthlyCompleteness {
        month,
        due_on: month.days_after(dues.days),
        organizations: by.into_iter().map(shown).collect(),
    })
}
