//! Monthly records in the database. A record is visible as its case is, closed ones too.
//!
//! - this page: a record, its card, its saving.
//! - `items`: everything that happened in a span of days.
//! - `listing`: the records of a case and of a span of months, and their completeness.
use crate::accompaniment::cases::{self, MonthlyCase};
use crate::accompaniment::sharing::reaches_case;
use crate::engine::card::Card;
use crate::engine::column::bind;
use crate::engine::conn::{db, prepared};
use crate::engine::failure::Failure;
use crate::engine::schema::monthly_records;
use crate::engine::seal::{hex, sha256_of};
use crate::sight::offered;
use crate::tx::Tx;
use chrono::NaiveDate;
use diesel::prelude::*;
use domain::accompaniment::cases::Open;
use domain::accompaniment::monthly_records::*;
use domain::base::access::{Caller, Role};
use domain::base::action::AvailableAction;
use domain::base::change::{Changed, Subject, SubjectKind};
use domain::base::id::{CaseId, MonthItemId, MonthlyRecordId, OrganizationId, UserId};
use domain::base::moment::Moment;
use domain::base::month::Month;
use items::Span;
use listing::Dues;
use shape::card;

mod items;
mod listing;

pub(crate) use listing::for_person;
pub(in crate::accompaniment) use listing::granted;
pub use listing::{
    CompletenessQuestion, MonthForPerson, MonthlyCompleteness, MonthlyRecordFilter, MonthlyRecordsOfCase,
    SharedMonth, completeness, list, of_case,
};

/// A monthly record as every endpoint returns it. In lists, members that need its content are absent.
#[card]
pub struct MonthlyRecordCard {
    /// The id of the record. Absent while nothing was written: such a draft is computed.
    pub id: Option<MonthlyRecordId>,
    /// The version number; 0 while nothing was written. It stands before the dot of the `ETag` header.
    #[schema(minimum = 0, example = 1)]
    pub version: i64,
    /// The state.
    pub state: MonthlyRecordState,
    /// The case.
    pub case_id: CaseId,
    /// The organization of the case.
    pub organization_id: OrganizationId,
    /// The account of the specialist in charge of the case.
    pub specialist_user_id: Option<UserId>,
    /// The month.
    pub month: Month,
    /// The day until which it is due; of a signed one, the day until which it was.
    pub due_on: NaiveDate,
    /// The own words of the specialist.
    pub words: Option<MonthlyWords>,
    /// Everything that happened in the month, counted by kinds: live until the signature, then as it was signed.
    #[schema(max_items = 30)]
    pub counts: Option<Vec<MonthCount>>,
    /// The held meetings with the mentor, counted by directions.
    #[schema(max_items = 11)]
    pub directions: Option<Vec<DirectionCount>>,
    /// Everything that happened in the month.
    #[schema(max_items = 5000)]
    pub items: Option<Vec<MonthItem>>,
    /// Differences of earlier signed months that no signed record has told before this one.
    #[schema(max_items = 5000)]
    pub late_entries: Option<Vec<LateEntry>>,
    /// Differences of this month since its signature. The signed content stays as it is.
    #[schema(max_items = 5000)]
    pub since_signed: Option<Vec<LateEntry>>,
    /// Corrections of the signed record, the earliest first.
    #[schema(max_items = 50)]
    pub corrections: Option<Vec<MonthCorrection>>,
    /// The account that signed it.
    pub signed_by_user_id: Option<UserId>,
    /// The moment of the signature.
    pub signed_at: Option<Moment>,
    /// The SHA-256 digest of everything that the signature has fixed, in hexadecimal. It never changes.
    #[schema(min_length = 64, max_length = 64)]
    pub sha256: Option<String>,
    /// Orders that this caller may send to the record now; absent in lists.
    #[schema(max_items = 20)]
    pub available_actions: Option<Vec<AvailableAction>>,
}

impl Card for MonthlyRecordCard {
    fn version(&self) -> Option<i64> {
        Some(self.version)
    }
    fn path(&self) -> Option<String> {
        Some(format!("/api/v1/cases/{}/monthly-records/{}", self.case_id, self.month))
    }
    fn personal(&self) -> Vec<Subject> {
        vec![Subject::new(SubjectKind::Case, self.case_id)]
    }
}

const WORDS: &str = "monthly_records.words";
const CONTENT: &str = "monthly_records.content";
const CORRECTIONS: &str = "monthly_records.corrections";

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = monthly_records)]
struct Row {
    id: MonthlyRecordId,
    version: i64,
    case_id: CaseId,
    month_on: NaiveDate,
    words: String,
    content: Option<String>,
    sha256: Option<String>,
    corrections: Option<String>,
    signed_by: Option<UserId>,
    signed_at: Option<Moment>,
    signed_on: Option<NaiveDate>,
    due_on: Option<NaiveDate>,
}

impl Row {
    fn words(&self, tx: &Tx<'_>) -> Result<MonthlyWords, Failure> {
        tx.core.keys.open(WORDS, self.id.into(), &self.words)
    }
    fn whole(&self, tx: &Tx<'_>) -> Result<MonthlyRecord, Failure> {
        let (keys, words) = (&tx.core.keys, self.words(tx)?);
        let was = Draft { id: self.id, case_id: self.case_id, month: Month::of(self.month_on), words };
        let signature = (self.signed_by, self.signed_at, self.signed_on, self.due_on);
        let (Some(by), Some(at), Some(on), Some(due_on)) = signature else {
            return Ok(MonthlyRecord::Draft(was));
        };
        let content = keys.open_some(CONTENT, self.id, self.content.as_deref())?;
        let corrections = keys.open_some(CORRECTIONS, self.id, self.corrections.as_deref())?;
        Ok(MonthlyRecord::Signed(Signed {
            was,
            content: content.unwrap_or_default(),
            signature: MonthSignature { by, at, on, due_on },
            corrections: corrections.unwrap_or_default(),
        }))
    }
}

/// Whether the right of this transaction reaches the record: as it reaches the case.
pub(crate) async fn reaches(tx: &mut Tx<'_>, id: MonthlyRecordId) -> Result<bool, Failure> {
    match place(tx, id).await? {
        Some((case, _)) => reaches_case(tx, case).await,
        None => Ok(false),
    }
}

async fn place(tx: &mut Tx<'_>, id: MonthlyRecordId) -> Result<Option<(CaseId, NaiveDate)>, Failure> {
    let one =
        monthly_records::table.find(bind(id)).select((monthly_records::case_id, monthly_records::month_on));
    Ok(db!(tx, first, one).optional()?)
}

/// A record of a month of a case, with everything that rules and cards need.
pub struct Found {
    /// The record.
    pub record: MonthlyRecord,
    /// The facts for its signature.
    pub facts: SigningFacts,
    of: MonthlyCase,
    row: Option<Row>,
    /// Signed records of the case, in the order of their signatures.
    signed: Vec<Signed>,
}

impl Found {
    fn span(&self, month: Month) -> Span {
        let (of, (from, to)) = (self.of.case.was(), self.of.months.days(month));
        let Open { id: case_id, beneficiary_id, organization_id, .. } = *of;
        Span { case_id, beneficiary_id, organization_id, from, to }
    }
    /// Everything that the signature of a month fixes, as it is on record now.
    pub async fn content(&self, tx: &mut Tx<'_>, month: Month) -> Result<MonthContent, Failure> {
        let earlier = self.signed.iter().map(|it| it.was.month).filter(|it| *it < month);
        let first = earlier.min().unwrap_or(month);
        let span = Span { from: self.of.months.days(first).0, ..self.span(month) };
        let now = items::items(tx, &span).await?;
        let late = late_entries(month, &self.signed, &now);
        Ok(MonthContent { items: now.into_iter().filter(|it| month.has(it.on)).collect(), late })
    }
}

/// The record of a month of a case that the caller sees. Not found: a month without a record.
async fn found(tx: &mut Tx<'_>, id: CaseId, month: Month) -> Result<Found, Failure> {
    let of = cases::with_months(tx, id).await?;
    if !of.months.has(month, tx.today()) {
        return Err(Failure::NotFound(None));
    }
    let rows = monthly_records::table.filter(monthly_records::case_id.eq(bind(id)));
    let rows: Vec<Row> = db!(tx, load, rows.order(monthly_records::id).select(Row::as_select()))?;
    let mut signed = Vec::new();
    let mut this = None;
    for row in rows {
        let is_asked = row.month_on == month.first_day();
        if !is_asked && row.signed_on.is_none() {
            continue;
        }
        let record = match row.whole(tx) {
            // A damaged month does not take the others away.
            Err(Failure::Unsealed(why)) if !is_asked => {
                log::error!("a month is left out of the late entries: {why}");
                continue;
            }
            found => found?,
        };
        if let MonthlyRecord::Signed(it) = &record {
            signed.push(it.clone());
        }
        if is_asked {
            this = Some((record, row));
        }
    }
    signed.sort_by_key(|it| (it.signature.at, it.was.month));
    let (record, row) = match this {
        Some((record, row)) => (record, Some(row)),
        None => (MonthlyRecord::Draft(Draft::of(tx.mint(), id, month)), None),
    };
    let due = Dues::of(tx).await?.days;
    let facts = SigningFacts { months: of.months, signer: signer(tx, &of), due };
    Ok(Found { record, facts, of, row, signed })
}

/// The account that may sign: the one in charge, or one that directs the organization or a unit of it.
fn signer(tx: &Tx<'_>, of: &MonthlyCase) -> Option<UserId> {
    let (_, organization, specialist) = of.expected();
    let heads = [Role::Director, Role::UnitHead];
    let may = |it: &&Caller| {
        specialist == Some(it.user) || heads.iter().any(|role| it.holds_in(*role, organization))
    };
    tx.caller().filter(may).map(|it| it.user)
}

/// Takes out of a signed content the crises that concern the caller by now, and late entries of before that tell one to be gone. What was
/// signed stays in storage as it was.
async fn without_hidden(tx: &mut Tx<'_>, mut it: MonthContent) -> Result<MonthContent, Failure> {
    let late = it.late.iter().map(|it| &it.item);
    let all = it.items.iter().chain(late).filter(|it| it.is_crisis());
    let crises: Vec<MonthItemId> = all.map(|it| it.id).collect();
    if crises.is_empty() {
        return Ok(it);
    }
    let hidden = tx.above().crises_about_caller(tx, &crises).await?;
    it.items.retain(|it| !it.is_crisis() || !hidden.contains(&it.id));
    it.late.retain(|it| {
        let is_told = it.change != LateChange::Removed && !hidden.contains(&it.item.id);
        !it.item.is_crisis() || is_told
    });
    Ok(it)
}

/// The card of the record of a month.
pub async fn card(tx: &mut Tx<'_>, id: CaseId, month: Month) -> Result<MonthlyRecordCard, Failure> {
    let it = found(tx, id, month).await?;
    let now = it.content(tx, month).await?;
    let dues = Dues { days: it.facts.due, today: tx.today() };
    let offers = MonthlyRecordOffers { record: &it.record, facts: &it.facts, today: dues.today };
    let mut actions = offered(tx, &offers, Subject::new(SubjectKind::Case, id)).await?;
    for action in &mut actions {
        action.path = action.path.replace("{month}", &month.to_string());
    }
    let (words, content, since_signed, corrections) = match it.record {
        MonthlyRecord::Draft(it) => (it.words, now, None, None),
        MonthlyRecord::Signed(it) => {
            let since = differences(month, &it.content.items, &now.items);
            (it.was.words, without_hidden(tx, it.content).await?, Some(since), Some(it.corrections))
        }
    };
    Ok(MonthlyRecordCard {
        words: Some(words),
        counts: Some(counts(&content.items)),
        directions: Some(directions(&content.items)),
        items: Some(content.items),
        late_entries: Some(content.late),
        since_signed,
        corrections,
        available_actions: Some(actions),
        ..dues.shown(it.of.expected(), month, it.row)
    })
}

/// The card of a record that was written, by its id.
pub async fn card_by_id(tx: &mut Tx<'_>, id: MonthlyRecordId) -> Result<MonthlyRecordCard, Failure> {
    let missing = || Failure::NotFound(Some(Subject::new(SubjectKind::MonthlyRecord, id)));
    let (case, day) = place(tx, id).await?.ok_or_else(missing)?;
    match card(tx, case, Month::of(day)).await {
        Err(Failure::NotFound(_)) => Err(missing()),
        found => found,
    }
}

/// Loads a record that a rule will change.
pub async fn load(tx: &mut Tx<'_>, id: CaseId, month: Month) -> Result<Found, Failure> {
    let it = found(tx, id, month).await?;
    tx.expect(it.row.as_ref().map_or(0, |it| it.version))?;
    Ok(it)
}

/// Saves the own words.
pub async fn save_words(tx: &mut Tx<'_>, change: Changed<Draft>) -> Result<(), Failure> {
    let (it, records) = change.into_parts();
    let rows = keep(tx, &it).await?;
    tx.established(rows, records)
}

/// Writes the words of a draft: into its row, or a new one. A signed row stays as it is.
async fn keep(tx: &mut Tx<'_>, it: &Draft) -> Result<usize, Failure> {
    let words = tx.core.keys.seal(WORDS, it.id.into(), &it.words)?;
    let draft = monthly_records::table.find(bind(it.id)).filter(monthly_records::signed_on.is_null());
    let set = (
        monthly_records::version.eq(monthly_records::version + 1),
        monthly_records::words.eq(bind(words.clone())),
        monthly_records::updated_at.eq(bind(tx.now())),
    );
    let rows = db!(tx, execute, prepared(diesel::update(draft).set(set)))?;
    if rows > 0 {
        return Ok(rows);
    }
    let row = (
        monthly_records::id.eq(bind(it.id)),
        monthly_records::version.eq(1),
        monthly_records::case_id.eq(bind(it.case_id)),
        monthly_records::month_on.eq(it.month.first_day()),
        monthly_records::words.eq(bind(words)),
        monthly_records::created_at.eq(bind(tx.now())),
        monthly_records::updated_at.eq(bind(tx.now())),
    );
    Ok(db!(tx, execute, diesel::insert_into(monthly_records::table).values(row))?)
}

/// Saves a signature with the words and the content that it fixes.
pub async fn save_signed(tx: &mut Tx<'_>, change: Changed<Signed>) -> Result<(), Failure> {
    let (it, records) = change.into_parts();
    keep(tx, &it.was).await?;
    let MonthSignature { by, at, on, due_on } = it.signature;
    let fixed = (it.was.case_id, it.was.month, &it.was.words, &it.content, (by, at, on, due_on));
    let set = (
        monthly_records::content.eq(bind(Some(tx.core.keys.seal(CONTENT, it.was.id.into(), &it.content)?))),
        monthly_records::sha256.eq(Some(hex(sha256_of(&fixed)?.as_ref()))),
        monthly_records::signed_by.eq(bind(Some(by))),
        monthly_records::signed_at.eq(bind(Some(at))),
        monthly_records::signed_on.eq(Some(on)),
        monthly_records::due_on.eq(Some(due_on)),
    );
    let draft = monthly_records::table.find(bind(it.was.id)).filter(monthly_records::signed_on.is_null());
    let rows = db!(tx, execute, prepared(diesel::update(draft).set(set)))?;
    tx.established(rows, records)
}

/// Saves a correction. Everything that was signed stays as it is.
pub async fn save_corrected(tx: &mut Tx<'_>, change: Changed<Signed>) -> Result<(), Failure> {
    let (it, records) = change.into_parts();
    let corrections = tx.core.keys.seal(CORRECTIONS, it.was.id.into(), &it.corrections)?;
    let set = (
        monthly_records::version.eq(monthly_records::version + 1),
        monthly_records::corrections.eq(bind(Some(corrections))),
        monthly_records::updated_at.eq(bind(tx.now())),
    );
    let signed =
        monthly_records::table.find(bind(it.was.id)).filter(monthly_records::signed_on.is_not_null());
    let rows = db!(tx, execute, prepared(diesel::update(signed).set(set)))?;
    tx.established(rows, records)
}
