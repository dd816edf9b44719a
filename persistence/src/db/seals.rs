//! All sealed places of a region: the proof of the master key at the start, and the check that every seal opens.
use super::Region;
use crate::engine::column::{DbText, DbUuid};
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::statement::Statement;
use crate::journal;
use crate::region::files;
use crate::tx::{Actor, Tx};
use diesel::QueryableByName;
use domain::base::id::FileId;
use domain::base::kept::Value;
use domain::entries;
use serde::de::IgnoredAny;
use uuid::Uuid;

/// Gets the place that is being read and the number of seals opened so far.
pub(super) type Tell = dyn Fn(&'static str, u64) + Send;

/// Rows that are loaded at once.
const PAGE: i64 = 500;
/// Seals of a place that are tried with a key that is not proven yet.
const TRIED: i64 = 20;

/// A sealed column: its name, the id to which its seals are bound, the column that tells rows of one id apart, and how
/// that column is part of the place.
struct Place(&'static str, &'static str, Option<&'static str>, Bound);

#[derive(Clone, Copy)]
enum Bound {
    /// The place is the column alone.
    Column,
    /// The place is the column and the part of the row.
    Part,
    /// Reports from before several were kept have number 0 and the place of the meeting.
    Homework,
    /// The place has a name of its own.
    Named(&'static str),
}

const fn whole(column: &'static str) -> Place {
    Place(column, "id", None, Bound::Column)
}

/// Every sealed column but those of entries, which tell of them, and the chunks of files. A test compares the list with
/// what a full region holds.
static PLACES: &[Place] = &[
    whole("users.work_phone"),
    whole("people.private"),
    whole("people.death"),
    whole("people.death_annulment"),
    whole("register_entries.note"),
    whole("register_merges.reason"),
    whole("register_merges.reversal_reason"),
    whole("register_candidates.reason"),
    whole("register_searches.note"),
    whole("access_requests.reason"),
    whole("access_requests.decision_reason"),
    whole("representatives.document"),
    whole("cases.reason"),
    whole("cases.closing_note"),
    whole("cases.legal_bases"),
    whole("case_reviews.note"),
    whole("case_problems.text"),
    Place("case_problem_changes.note", "problem_id", Some("n"), Bound::Part),
    whole("case_team_members.legal_ground"),
    whole("case_team_members.end_note"),
    whole("consilia.members"),
    whole("consilia.cancellation_note"),
    whole("consilium_items.question"),
    whole("consilium_items.resolution"),
    whole("consilium_items.postponement"),
    whole("monthly_records.words"),
    whole("monthly_records.content"),
    whole("monthly_records.corrections"),
    Place("consilium_dissents.text", "item_id", Some("n"), Bound::Part),
    whole("case_transfers.legal_ground"),
    whole("case_transfers.note"),
    whole("case_transfers.answer_note"),
    whole("referrals.reason"),
    whole("referrals.legal_ground"),
    whole("referrals.result"),
    whole("intake_requests.described"),
    whole("intake_requests.text"),
    whole("intake_requests.reporter"),
    whole("intake_requests.handlings"),
    whole("assessments.answers"),
    whole("assessments.conclusion"),
    whole("assessments.annulment_reason"),
    whole("agreements.annulment_reason"),
    whole("living_enrolments.results"),
    whole("living_enrolments.end_note"),
    whole("crises.words"),
    whole("crises.survey_result"),
    whole("crises.end_note"),
    whole("crisis_actions.text"),
    whole("crisis_notices.answer"),
    Place("crisis_courses.follow_up_result", "crisis_id", None, Bound::Column),
    whole("tasks.note"),
    whole("task_answers.text"),
    whole("council_meetings.protocol"),
    whole("council_meetings.cancellation_reason"),
    whole("bed_blocks.note"),
    whole("community_members.reason"),
    whole("community_members.annulment_reason"),
    whole("event_participants.note"),
    whole("event_participants.annulment_reason"),
    whole("stays.note"),
    whole("place_requests.note"),
    Place("task_steps.text", "task_id", Some("n"), Bound::Part),
    whole("plans.end_note"),
    whole("plan_versions.text"),
    whole("plan_versions.return_reason"),
    whole("plan_results.note"),
    whole("emergency_aids.described"),
    whole("emergency_aids.items"),
    whole("emergency_aids.result"),
    whole("emergency_aids.cancellation_reason"),
    whole("stock_movements.partner"),
    whole("files.name"),
    whole("mentor_applications.statement"),
    whole("mentor_applications.questionnaire"),
    whole("mentor_applications.submission_note"),
    whole("mentor_applications.assessment"),
    whole("mentor_applications.decision_note"),
    whole("mentor_applications.withdrawal_reason"),
    whole("mentors.note"),
    whole("removal_grounds.text"),
    whole("removal_grounds.closing_text"),
    whole("mentorships.words"),
    whole("extensions.reason"),
    whole("pauses.note"),
    whole("meetings.notes"),
    whole("meetings.homework"),
    whole("meetings.homework_result"),
    whole("meetings.note"),
    whole("meetings.annulment_reason"),
    Place("meeting_ratings.comment", "meeting_id", Some("party"), Bound::Part),
    Place("homework_reports.result", "meeting_id", Some("n"), Bound::Homework),
    whole("group_meetings.reflection"),
    whole("group_meetings.note"),
    whole("group_meetings.annulment_reason"),
    whole("extensions.annulment_reason"),
    whole("requests.text"),
    whole("requests.note"),
    whole("surveys.form"),
    whole("surveys.annulment_reason"),
    Place("mentor_reports.form", "id", None, Bound::Named("reports.form")),
    whole("mentor_reports.annulment_reason"),
    whole("trainings.annulment_reason"),
    Place("matching_needs.form", "beneficiary_id", None, Bound::Column),
    whole("matching_rounds.kept"),
    whole("matching_proposals.assessment"),
    whole("vetoes.note"),
    whole("vetoes.lifting_reason"),
    Place("refresh_tokens.successor", "session_id", Some("digest"), Bound::Column),
    Place("idempotency_keys.answer", "user_id", Some("key"), Bound::Part),
];

/// The sealed columns of entries: table and column.
fn of_entries() -> impl Iterator<Item = (&'static str, &'static str)> {
    entries::ALL.iter().flat_map(|it| {
        let sealed = it.members.iter().filter(|it| it.is_sealed).map(|it| it.column);
        sealed.chain(it.has_annulment.then_some(crate::entry::REASON)).map(|column| (it.table, column))
    })
}

/// The sealed columns of a region, as `table.column`.
pub fn places() -> Vec<String> {
    let own = PLACES.iter().map(|it| it.0.to_owned());
    own.chain(of_entries().map(|(table, column)| format!("{table}.{column}"))).collect()
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = DbUuid)]
    row_id: Uuid,
    #[diesel(sql_type = DbText)]
    part: String,
    #[diesel(sql_type = DbText)]
    sealed: String,
}

/// A column whose rows are read in pages.
struct Column {
    table: &'static str,
    column: &'static str,
    row: &'static str,
    part: Option<&'static str>,
    bound: Bound,
}

impl Column {
    fn all() -> impl Iterator<Item = Self> {
        let own = PLACES.iter().filter_map(|Place(name, row, part, bound)| {
            let (table, column) = name.split_once('.')?;
            Some(Self { table, column, row, part: *part, bound: *bound })
        });
        own.chain(of_entries().map(|(table, column)| Self {
            table,
            column,
            row: "id",
            part: None,
            bound: Bound::Column,
        }))
    }

    async fn page(&self, tx: &mut Tx<'_>, after: Option<&Row>, limit: i64) -> Result<Vec<Row>, Failure> {
        let Self { table, column, row, .. } = self;
        let part =
            self.part.map_or_else(|| "CAST('' AS TEXT)".to_owned(), |it| format!("CAST({it} AS TEXT)"));
        let all = Statement::default().built(format!(
            "SELECT {row} AS row_id, {part} AS part, {column} AS sealed FROM {table} WHERE {column} IS NOT NULL"
        ));
        let all = match after {
            None => all,
            Some(it) => all
                .built(format!(" AND ({row} > "))
                .ids(vec![it.row_id])
                .built(format!(" OR ({row} = "))
                .ids(vec![it.row_id])
                .built(format!(" AND {part} > "))
                .value(Value::Text(Some(it.part.clone())))
                .text("))"),
        };
        let all = all.built(format!(" ORDER BY {row}, {part} LIMIT ")).rows(limit);
        Ok(db!(tx, load, all)?)
    }

    fn open(&self, tx: &Tx<'_>, it: &Row) -> Result<(), Failure> {
        let Self { table, column, .. } = self;
        let place = match self.bound {
            Bound::Homework if it.part == "0" => "meetings.homework_result".to_owned(),
            Bound::Part | Bound::Homework => format!("{table}.{column}\0{}", it.part),
            Bound::Column => format!("{table}.{column}"),
            Bound::Named(name) => name.to_owned(),
        };
        let opened = tx.core.keys.open::<IgnoredAny>(&place, it.row_id, &it.sealed);
        opened.map(drop).map_err(|_| {
            Failure::Broken(format!(
                "{table}.{column} of {} {} does not open: damaged, moved, or sealed with another key",
                self.row, it.row_id
            ))
        })
    }
}

/// Opens every seal of the region, and names the first that does not open.
pub(super) async fn open_all(tx: &mut Tx<'_>, tell: &Tell) -> Result<u64, Failure> {
    let check = journal::key_check(tx).await?;
    if !check.is_some_and(|it| tx.core.keys.opens(&it)) {
        return Err(Failure::OtherKey(tx.core.info.code.clone()));
    }
    let mut opened = 1;
    for column in Column::all() {
        let mut last = None;
        loop {
            let page = column.page(tx, last.as_ref(), PAGE).await?;
            for it in &page {
                column.open(tx, it)?;
                opened += 1;
            }
            last = page.into_iter().last();
            if last.is_none() {
                break;
            }
            tell(column.table, opened);
        }
    }
    let mut after = FileId::from(Uuid::nil());
    loop {
        let page = files::stored(tx, after).await?;
        let Some((last, ..)) = page.last() else { return Ok(opened) };
        after = *last;
        for (id, size_bytes, sha256) in &page {
            opened += files::verify(tx, *id, *size_bytes, sha256).await?;
            tell("file_chunks", opened);
        }
    }
}

/// Compares the master key with the check value of the region. A region from before check values gets one after one of
/// its seals has opened, or if it has none.
pub(super) async fn prove_key(region: &Region, code: &str) -> Result<(), Failure> {
    let kept =
        region.read(Actor::system("open"), async |tx: &mut Tx<'_>| journal::key_check(tx).await).await?;
    let other = || Failure::OtherKey(code.to_owned());
    match kept {
        Some(value) => region.keys().opens(&value).then_some(()).ok_or_else(other),
        None => {
            let prove = async |tx: &mut Tx<'_>| opens_any(tx).await;
            if !region.read_long(Actor::system("open"), prove).await? {
                return Err(other());
            }
            region
                .write(Actor::system("open"), async |tx: &mut Tx<'_>| journal::keep_key_check(tx).await)
                .await
        }
    }
}

/// Whether a seal of the region opens, or there is none.
async fn opens_any(tx: &mut Tx<'_>) -> Result<bool, Failure> {
    let mut found_any = false;
    for column in Column::all() {
        let page = column.page(tx, None, TRIED).await?;
        found_any |= !page.is_empty();
        if page.iter().any(|it| column.open(tx, it).is_ok()) {
            return Ok(true);
        }
    }
    Ok(!found_any)
}
