//! Transfers of cases in the database.
//!
//! A transfer is visible to those who see its case, and to the organization that is to take it over. That one reads of the case only what
//! `shared_cases` shows. The acceptance, which moves much else, is in `handovers`.
//!
//! - this page: a row, its card, the facts for the rules, the saving.
//! - `listing`: the lists and their filters.
use crate::accompaniment::sharing::{self, consented, reaches_case, served, staff};
use crate::engine::card::cards;
use crate::engine::column::{Json, bind, binds};
use crate::engine::conn::{db, prepared};
use crate::engine::failure::Failure;
use crate::engine::schema::{case_transfers as transfers, mentorships};
use crate::people::one_person;
use crate::region::organizations::against_beginning;
use crate::region::terms::Terms;
use crate::sight::{is_found, offered};
use crate::tx::Tx;
use chrono::{Days, NaiveDate};
use diesel::dsl::exists;
use diesel::prelude::*;
use domain::accompaniment::transfers::*;
use domain::base::access::Right;
use domain::base::action::AvailableAction;
use domain::base::change::{Changed, Subject, SubjectKind};
use domain::base::id::*;
use domain::base::moment::Moment;
use domain::base::text::Note;
use domain::people::consents::CasePart;
use domain::region::terms::TermKind;
use shape::card;

mod listing;
pub(crate) use listing::to_answer;
pub use listing::{CaseTransferFilter, list, of_case};

/// A transfer of a case, as every endpoint returns it.
#[card]
pub struct CaseTransferCard {
    /// The id of the transfer.
    pub id: CaseTransferId,
    /// The version number; it grows with every change and stands before the dot of the `ETag` header.
    #[schema(minimum = 1, example = 1)]
    pub version: i64,
    /// The case.
    pub case_id: CaseId,
    /// The state today.
    pub state: TransferState,
    /// The organization that accompanies.
    pub from_organization_id: OrganizationId,
    /// The organization that is to take the case over.
    pub to_organization_id: OrganizationId,
    /// The reason.
    pub reason: TransferReason,
    /// The parts of the case that the other organization reads, at `GET /case-transfers/{id}/shared-case`.
    #[schema(max_items = 8)]
    pub parts: Vec<CasePart>,
    /// The consent by which it reads them. It and the ground of law are told to those who see the case.
    pub consent_id: Option<ConsentId>,
    /// The ground of law by which it reads them.
    pub legal_ground: Option<Note>,
    /// The file with the ground of law.
    pub ground_file_id: Option<FileId>,
    /// The day on which the transfer is wished.
    pub wished_on: Option<NaiveDate>,
    /// Mentorships that are handed over with the case.
    #[schema(max_items = 10)]
    pub mentorship_ids: Vec<MentorshipId>,
    /// The transfer in words.
    pub note: Option<Note>,
    /// The last day for the answer.
    pub answer_until: NaiveDate,
    /// The day on which it was answered or withdrawn.
    pub settled_on: Option<NaiveDate>,
    /// The reason for a rejection.
    pub answer_reason: Option<AnswerReason>,
    /// The answer, or the withdrawal, in words.
    pub answer_note: Option<Note>,
    /// The case that goes on in the organization that has taken it over.
    pub next_case_id: Option<CaseId>,
    /// Orders that this caller may send to the transfer now; absent in lists.
    #[schema(max_items = 20)]
    pub available_actions: Option<Vec<AvailableAction>>,
    /// The moment of the proposal.
    pub created_at: Moment,
    /// The moment of the last change.
    pub updated_at: Moment,
}

cards! { CaseTransferCard in "case-transfers" about CaseTransfer; }

const LEGAL_GROUND: &str = "case_transfers.legal_ground";
const NOTE: &str = "case_transfers.note";
const ANSWER_NOTE: &str = "case_transfers.answer_note";

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = transfers)]
struct Row {
    id: CaseTransferId,
    version: i64,
    case_id: CaseId,
    from_organization_id: OrganizationId,
    to_organization_id: OrganizationId,
    reason: TransferReason,
    parts: Json<Vec<CasePart>>,
    consent_id: Option<ConsentId>,
    legal_ground: Option<String>,
    ground_file_id: Option<FileId>,
    wished_on: Option<NaiveDate>,
    mentorship_ids: Json<Vec<MentorshipId>>,
    note: Option<String>,
    answer_until: NaiveDate,
    state: TransferState,
    settled_on: Option<NaiveDate>,
    answer_reason: Option<AnswerReason>,
    answer_note: Option<String>,
    next_case_id: Option<CaseId>,
    created_at: Moment,
    updated_at: Moment,
}

impl Row {
    fn proposed(&self, tx: &Tx<'_>) -> Result<Proposed, Failure> {
        let keys = &tx.core.keys;
        let form = CaseTransferForm {
            to_organization_id: self.to_organization_id,
            reason: self.reason,
            parts: self.parts.0.clone(),
            consent_id: self.consent_id,
            legal_ground: keys.open_some(LEGAL_GROUND, self.id, self.legal_ground.as_ref())?,
            ground_file_id: self.ground_file_id,
            wished_on: self.wished_on,
            mentorship_ids: self.mentorship_ids.0.clone(),
            note: keys.open_some(NOTE, self.id, self.note.as_ref())?,
        };
        let Self { id, case_id, from_organization_id, answer_until, .. } = *self;
        Ok(Proposed { id, case_id, from_organization_id, form, answer_until })
    }
    fn whole(&self, tx: &Tx<'_>) -> Result<Transfer, Failure> {
        match self.state {
            TransferState::Proposed => Ok(Transfer::proposed(self.proposed(tx)?, tx.today())),
            settled => Ok(Transfer::Settled(settled)),
        }
    }
    /// The state today. It opens no seal.
    fn state(&self, tx: &Tx<'_>) -> TransferState {
        self.state.on(self.answer_until, tx.today())
    }
}

fn missing(id: CaseTransferId) -> Failure {
    Failure::NotFound(Some(Subject::new(SubjectKind::CaseTransfer, id)))
}

/// The row of one visible transfer. Every query for one transfer begins here.
async fn row(tx: &mut Tx<'_>, id: CaseTransferId) -> Result<Row, Failure> {
    let one = transfers::table.find(bind(id));
    let row: Row = db!(tx, first, one.select(Row::as_select())).optional()?.ok_or_else(|| missing(id))?;
    let is_seen = is_receiver(tx, &row) || reaches_case(tx, row.case_id).await?;
    if is_seen { Ok(row) } else { Err(missing(id)) }
}

/// Whether the caller is staff of the organization that is to take the case over.
fn is_receiver(tx: &Tx<'_>, row: &Row) -> bool {
    staff(tx).is_some_and(|it| served(it).contains(&row.to_organization_id))
}

/// Whether the right of this transaction reaches the transfer.
pub(crate) async fn reaches(tx: &mut Tx<'_>, id: CaseTransferId) -> Result<bool, Failure> {
    is_found(row(tx, id).await)
}

fn sides(tx: &Tx<'_>, row: &Row) -> Sides {
    let scope = tx.scope_of(Right::TransferCase);
    let answers = |it: OrganizationId| scope.answers_for(it);
    Sides { is_sender: answers(row.from_organization_id), is_receiver: answers(row.to_organization_id) }
}

/// The case of a transfer that opens something of it to an organization of the caller today. None for anybody else.
pub(crate) async fn case_for_receiver(
    tx: &mut Tx<'_>,
    id: CaseTransferId,
) -> Result<Option<CaseId>, Failure> {
    let row = row(tx, id).await?;
    let is_open = is_receiver(tx, &row) && !opened_by(tx, &row).await?.is_empty();
    Ok(is_open.then_some(row.case_id))
}

/// The parts of a case that transfers to organizations of the caller open today.
pub(crate) async fn opened(tx: &mut Tx<'_>, case: CaseId) -> Result<Vec<CasePart>, Failure> {
    let of_case = transfers::table.filter(transfers::case_id.eq(bind(case)));
    let rows: Vec<Row> = db!(tx, load, of_case.order(transfers::id).select(Row::as_select()))?;
    let mut parts = Vec::new();
    for row in rows {
        if is_receiver(tx, &row) {
            parts.extend(opened_by(tx, &row).await?);
        }
    }
    Ok(parts)
}

async fn opened_by(tx: &mut Tx<'_>, row: &Row) -> Result<Vec<CasePart>, Failure> {
    consented(tx, shared_parts(row.state(tx), row.parts.0.clone()), row.consent_id).await
}

/// The card of one transfer.
pub async fn card(tx: &mut Tx<'_>, id: CaseTransferId) -> Result<CaseTransferCard, Failure> {
    let row = row(tx, id).await?;
    let (state, sides) = (row.state(tx), sides(tx, &row));
    let answers = state == TransferState::Proposed && sides.is_receiver;
    let closed = if answers { against_beginning(tx, row.to_organization_id).await? } else { None };
    let offers = TransferOffers { state, sides, closed };
    let actions = offered(tx, &offers, Subject::new(SubjectKind::CaseTransfer, id)).await?;
    let is_inside = reaches_case(tx, row.case_id).await?;
    Ok(CaseTransferCard { available_actions: Some(actions), ..shown(tx, row, is_inside)? })
}

fn shown(tx: &Tx<'_>, row: Row, is_inside: bool) -> Result<CaseTransferCard, Failure> {
    let state = row.state(tx);
    let Proposed { form, .. } = row.proposed(tx)?;
    Ok(CaseTransferCard {
        id: row.id,
        version: row.version,
        case_id: row.case_id,
        state,
        from_organization_id: row.from_organization_id,
        to_organization_id: row.to_organization_id,
        reason: row.reason,
        parts: form.parts,
        consent_id: form.consent_id.filter(|_| is_inside),
        legal_ground: form.legal_ground.filter(|_| is_inside),
        ground_file_id: form.ground_file_id.filter(|_| is_inside),
        wished_on: row.wished_on,
        mentorship_ids: form.mentorship_ids,
        note: form.note,
        answer_until: row.answer_until,
        settled_on: row.settled_on,
        answer_reason: row.answer_reason,
        answer_note: tx.core.keys.open_some(ANSWER_NOTE, row.id, row.answer_note.as_ref())?,
        next_case_id: row.next_case_id,
        available_actions: None,
        created_at: row.created_at,
        updated_at: row.updated_at,
    })
}

/// The mentorships of a person in an organization that have not ended, under any record: a case carries all of them.
async fn unended(
    tx: &mut Tx<'_>,
    (beneficiary, of): (BeneficiaryId, OrganizationId),
) -> Result<Vec<MentorshipId>, Failure> {
    let records = one_person::of(tx, beneficiary).await?.records();
    let theirs = mentorships::table
        .filter(mentorships::beneficiary_id.eq_any(binds(&records)))
        .filter(mentorships::organization_id.eq(bind(of)))
        .filter(mentorships::ended_on.is_null());
    Ok(db!(tx, load, theirs.order(mentorships::id).select(mentorships::id))?)
}

/// The transfer of a case that awaits its answer today.
async fn awaiting(tx: &mut Tx<'_>, case: CaseId) -> Result<Option<Proposed>, Failure> {
    let open = transfers::table
        .filter(transfers::case_id.eq(bind(case)))
        .filter(transfers::state.eq(bind(TransferState::Proposed)));
    let row: Option<Row> = db!(tx, first, open.select(Row::as_select())).optional()?;
    row.map(|it| it.proposed(tx)).transpose()
}

/// Whether a transfer of the case awaits its answer.
pub(crate) async fn is_pending(tx: &mut Tx<'_>, case: CaseId) -> Result<bool, Failure> {
    let open = transfers::table
        .filter(transfers::case_id.eq(bind(case)))
        .filter(transfers::state.eq(bind(TransferState::Proposed)))
        .filter(transfers::answer_until.ge(tx.today()));
    Ok(db!(tx, get_result, diesel::select(exists(open)))?)
}

/// The facts that rules judge when a case that the caller sees is proposed. A proposal that has lapsed is settled by the way.
pub async fn facts(
    tx: &mut Tx<'_>,
    (beneficiary, of): (BeneficiaryId, OrganizationId),
    case: CaseId,
    form: &CaseTransferForm,
) -> Result<TransferFacts, Failure> {
    let is_pending = match awaiting(tx, case).await? {
        Some(it) if it.has_lapsed(tx.today()) => {
            let lapsed = it.lapse(tx.today());
            save_settled(tx, lapsed).await?;
            false
        }
        found => found.is_some(),
    };
    let to = vec![form.to_organization_id];
    let ground = sharing::facts(tx, (beneficiary, of), to, form.consent_id).await?;
    let mentorships = unended(tx, (beneficiary, of)).await?;
    let answer_days = Terms::of(tx).await?.days(TermKind::TransferAnswer).unwrap_or(Days::new(0));
    let open = tx.above().against_transfer(tx, case).await?;
    Ok(TransferFacts { ground, mentorships, is_pending, answer_days, open })
}

/// The same when it is accepted: the caller sees neither the case nor the consent.
pub(crate) async fn facts_today(
    tx: &mut Tx<'_>,
    beneficiary: BeneficiaryId,
    it: &Proposed,
) -> Result<TransferFacts, Failure> {
    let to = vec![it.form.to_organization_id];
    let ground = sharing::facts_today(tx, beneficiary, to, it.form.consent_id).await?;
    let mentorships = unended(tx, (beneficiary, it.from_organization_id)).await?;
    let open = tx.above().against_transfer(tx, it.case_id).await?;
    Ok(TransferFacts { ground, mentorships, is_pending: false, answer_days: Days::new(0), open })
}

/// Loads a transfer that a rule will change, and the caller's side.
pub async fn load(tx: &mut Tx<'_>, id: CaseTransferId) -> Result<(Transfer, Sides), Failure> {
    let row = row(tx, id).await?;
    tx.expect(row.version)?;
    Ok((row.whole(tx)?, sides(tx, &row)))
}

/// Saves a new proposal.
pub async fn save_proposed(tx: &mut Tx<'_>, change: Changed<Proposed>) -> Result<(), Failure> {
    let (it, records) = change.into_parts();
    let keys = &tx.core.keys;
    let ground = keys.seal_some(LEGAL_GROUND, it.id, it.form.legal_ground.as_ref())?;
    let note = keys.seal_some(NOTE, it.id, it.form.note.as_ref())?;
    let head = (
        transfers::id.eq(bind(it.id)),
        transfers::version.eq(1),
        transfers::case_id.eq(bind(it.case_id)),
        transfers::from_organization_id.eq(bind(it.from_organization_id)),
        transfers::answer_until.eq(it.answer_until),
        transfers::state.eq(bind(TransferState::Proposed)),
        transfers::created_at.eq(bind(tx.now())),
        transfers::updated_at.eq(bind(tx.now())),
    );
    let told = (
        transfers::to_organization_id.eq(bind(it.form.to_organization_id)),
        transfers::reason.eq(bind(it.form.reason)),
        transfers::parts.eq(bind(Json(it.form.parts))),
        transfers::consent_id.eq(bind(it.form.consent_id)),
        transfers::legal_ground.eq(bind(ground)),
        transfers::ground_file_id.eq(bind(it.form.ground_file_id)),
        transfers::wished_on.eq(it.form.wished_on),
        transfers::mentorship_ids.eq(bind(Json(it.form.mentorship_ids))),
        transfers::note.eq(bind(note)),
    );
    let rows = db!(tx, execute, diesel::insert_into(transfers::table).values((head, told)))?;
    tx.established(rows, records)
}

/// Saves the answer to a proposal. One that was answered already stays as it is.
pub async fn save_settled(tx: &mut Tx<'_>, change: Changed<Settled>) -> Result<(), Failure> {
    let (it, records) = change.into_parts();
    let id = it.was.id;
    let set = (
        transfers::version.eq(transfers::version + 1),
        transfers::state.eq(bind(it.state)),
        transfers::settled_on.eq(Some(it.on)),
        transfers::answer_reason.eq(bind(it.reason)),
        transfers::answer_note.eq(bind(tx.core.keys.seal_some(ANSWER_NOTE, id, it.note.as_ref())?)),
        transfers::next_case_id.eq(bind(it.next_case_id)),
        transfers::updated_at.eq(bind(tx.now())),
    );
    let open = transfers::table
        .filter(transfers::id.eq(bind(id)))
        .filter(transfers::state.eq(bind(TransferState::Proposed)));
    let rows = db!(tx, execute, prepared(diesel::update(open).set(set)))?;
    tx.established(rows, records)
}

/// Withdraws the proposal of a case that has just closed otherwise. The caller's scope does not limit it.
pub(crate) async fn end_with_case(tx: &mut Tx<'_>, case: CaseId) -> Result<(), Failure> {
    let Some(it) = awaiting(tx, case).await? else { return Ok(()) };
    let settled = match it.has_lapsed(tx.today()) {
        true => it.lapse(tx.today()),
        false => it.withdraw(None, tx.today()),
    };
    save_settled(tx, settled).await
}
