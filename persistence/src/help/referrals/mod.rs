//! Referrals in the database.
//!
//! A referral is visible to those who see its case, and to the staff of the organization that is asked. That one reads, before its answer
//! and again after the end, no row of the person: the preview was written when the referral was sent.
//!
//! - this page: a row, its card, the saving. `sharing`: what the other organization reads after its acceptance.
//! - `facts`: what rules need from other rows. `listing`: the lists and their filters. `clock`: those whose time is over. `own`: referrals
//!   as the person reads them.
mod clock;
mod facts;
mod listing;
mod own;
mod sharing;

pub use clock::{LAPSED_AT_ONCE, lapse};
pub use facts::{facts, facts_today};
pub use listing::{ReferralCountQuestion, ReferralFilter, counts, list, of_case};
pub use own::OwnReferral;
pub use sharing::{ReferredNeeds, needs, open_case, shared_case};

pub(crate) use listing::{answered, to_answer};
pub(crate) use own::of_own_case;
pub(crate) use sharing::{must_have_worked, opened, work};

use crate::accompaniment::sharing::{consented, reaches_case, served, staff};
use crate::engine::card::Card;
use crate::engine::column::{Json, any_of, bind};
use crate::engine::conn::{db, prepared};
use crate::engine::failure::Failure;
use crate::engine::schema::{cases, referrals};
use crate::people;
use crate::region::organizations::against_beginning;
use crate::sight::{is_found, offered};
use crate::tx::Tx;
use chrono::NaiveDate;
use diesel::prelude::*;
use domain::accompaniment::snapshots::LifeDomain;
use domain::accompaniment::transfers::AnswerReason;
use domain::base::access::{Caller, Right, Role};
use domain::base::action::AvailableAction;
use domain::base::change::{Changed, Subject, SubjectKind};
use domain::base::id::{
    BeneficiaryId, CaseId, ConsentId, FileId, NeedId, OrganizationId, ReferralId, UserId,
};
use domain::base::moment::Moment;
use domain::base::refusal::Reason;
use domain::base::text::{Note, Oktmo};
use domain::help::needs::NeedUrgency;
use domain::help::referrals::*;
use domain::people::consents::CasePart;
use domain::people::{BeneficiaryCategory, Sex};
use shape::card;

/// The one who is referred, as the other organization learns it before its answer.
#[card]
pub struct ReferredPerson {
    /// The sex of a person.
    pub sex: Option<Sex>,
    /// The age of a person on the day of the referral.
    pub age_group: Option<AgeGroup>,
    /// The district.
    pub territory: Oktmo,
    /// The category of the beneficiary.
    pub category: BeneficiaryCategory,
}

/// A referral, as every endpoint returns it. Members about the person are absent where the caller may not read them.
#[card]
pub struct ReferralCard {
    /// The id of the referral.
    pub id: ReferralId,
    /// The version number; it grows with every change and stands before the dot of the `ETag` header.
    #[schema(minimum = 1, example = 1)]
    pub version: i64,
    /// The state today.
    pub state: ReferralState,
    /// The case of which the words are told, for the journal alone.
    #[serde(skip)]
    #[schema(ignore)]
    pub read_of: Option<CaseId>,
    /// The case, for those who see it.
    pub case_id: Option<CaseId>,
    /// The organization that accompanies, and asks.
    pub from_organization_id: OrganizationId,
    /// The organization that is asked.
    pub to_organization_id: OrganizationId,
    /// The urgency.
    pub urgency: NeedUrgency,
    /// The domains of the needs. The other organization reads all of them before its acceptance, then those that its parts tell of, and none
    /// once no part is open.
    #[schema(max_items = 20)]
    pub domains: Vec<LifeDomain>,
    /// The one who is referred. For the other organization while the referral is open and its ground holds.
    pub about: Option<ReferredPerson>,
    /// The needs. They, the reason and the parts are for those who see the case, and for those in charge after the acceptance.
    #[schema(max_items = 10)]
    pub need_ids: Option<Vec<NeedId>>,
    /// The reason in words.
    pub reason: Option<Note>,
    /// The parts of the case that the other organization reads, at `GET /referrals/{id}/shared-case`.
    #[schema(max_items = 8)]
    pub parts: Option<Vec<CasePart>>,
    /// The consent by which it reads them. It and the ground of law are told to those who see the case.
    pub consent_id: Option<ConsentId>,
    /// The ground of law by which it reads them.
    pub legal_ground: Option<Note>,
    /// The file with the ground of law.
    pub ground_file_id: Option<FileId>,
    /// The last day for the answer.
    pub answer_until: NaiveDate,
    /// The day of the acceptance.
    pub accepted_on: Option<NaiveDate>,
    /// The account that does the work.
    pub specialist_user_id: Option<UserId>,
    /// The day on which the referral ended.
    pub settled_on: Option<NaiveDate>,
    /// The reason for a rejection.
    pub answer_reason: Option<AnswerReason>,
    /// The result in words, or the words of a rejection, a return or a revocation.
    pub result: Option<Note>,
    /// Orders that this caller may send to the referral now; absent in lists.
    #[schema(max_items = 20)]
    pub available_actions: Option<Vec<AvailableAction>>,
    /// The moment at which the referral was sent.
    pub created_at: Moment,
    /// The moment of the last change.
    pub updated_at: Moment,
}

impl Card for ReferralCard {
    fn version(&self) -> Option<i64> {
        Some(self.version)
    }
    fn path(&self) -> Option<String> {
        Some(format!("/api/v1/referrals/{}", self.id))
    }
    fn personal(&self) -> Vec<Subject> {
        let case = self.read_of.map(|it| Subject::new(SubjectKind::Case, it));
        case.into_iter().chain([Subject::new(SubjectKind::Referral, self.id)]).collect()
    }
}

const REASON: &str = "referrals.reason";
const LEGAL_GROUND: &str = "referrals.legal_ground";
const RESULT: &str = "referrals.result";

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = referrals)]
struct Row {
    id: ReferralId,
    version: i64,
    case_id: CaseId,
    from_organization_id: OrganizationId,
    to_organization_id: OrganizationId,
    need_ids: Json<Vec<NeedId>>,
    reason: String,
    urgency: NeedUrgency,
    parts: Json<Vec<CasePart>>,
    consent_id: Option<ConsentId>,
    legal_ground: Option<String>,
    ground_file_id: Option<FileId>,
    domains: Json<Vec<LifeDomain>>,
    sex: Option<Sex>,
    age_group: Option<AgeGroup>,
    territory: Oktmo,
    category: BeneficiaryCategory,
    answer_until: NaiveDate,
    state: ReferralState,
    accepted_on: Option<NaiveDate>,
    specialist_user_id: Option<UserId>,
    settled_on: Option<NaiveDate>,
    answer_reason: Option<AnswerReason>,
    result: Option<String>,
    created_at: Moment,
    updated_at: Moment,
}

impl Row {
    /// The referral as it is stored: the day of the answer is not asked.
    fn stored(&self, tx: &Tx<'_>) -> Result<Referral, Failure> {
        match self.state {
            ReferralState::Sent => Ok(Referral::Sent(Box::new(self.sent(tx)?))),
            ReferralState::Accepted => Ok(Referral::Accepted(Accepted { id: self.id })),
            _ => Ok(Referral::Settled),
        }
    }
    fn sent(&self, tx: &Tx<'_>) -> Result<Sent, Failure> {
        let keys = &tx.core.keys;
        let form = ReferralForm {
            to_organization_id: self.to_organization_id,
            need_ids: self.need_ids.0.clone(),
            reason: keys.open(REASON, self.id.into(), &self.reason)?,
            urgency: self.urgency,
            parts: self.parts.0.clone(),
            consent_id: self.consent_id,
            legal_ground: keys.open_some(LEGAL_GROUND, self.id, self.legal_ground.as_ref())?,
            ground_file_id: self.ground_file_id,
        };
        let Self { id, case_id, from_organization_id, answer_until, .. } = *self;
        Ok(Sent { id, case_id, from_organization_id, form, answer_until })
    }
    /// The state today. It opens no seal.
    fn state(&self, tx: &Tx<'_>) -> ReferralState {
        self.state.on(self.answer_until, tx.today())
    }
}

fn missing(id: ReferralId) -> Failure {
    Failure::NotFound(Some(Subject::new(SubjectKind::Referral, id)))
}

/// The row of one visible referral. Every query for one referral begins here.
async fn row(tx: &mut Tx<'_>, id: ReferralId) -> Result<Row, Failure> {
    let one = referrals::table.find(bind(id));
    let row: Row = db!(tx, first, one.select(Row::as_select())).optional()?.ok_or_else(|| missing(id))?;
    let is_seen = is_receiver(tx, &row) || reaches_case(tx, row.case_id).await?;
    if is_seen { Ok(row) } else { Err(missing(id)) }
}

/// Whether the caller is staff of the organization that is asked.
fn is_receiver(tx: &Tx<'_>, row: &Row) -> bool {
    staff(tx).is_some_and(|it| served(it).contains(&row.to_organization_id))
}

/// Whether the caller directs the organization that is asked or one of its units, or is the specialist of the referral there.
fn is_at_work(tx: &Tx<'_>, row: &Row) -> bool {
    let of = row.to_organization_id;
    let heads = |it: &Caller| [Role::Director, Role::UnitHead].iter().any(|role| it.holds_in(*role, of));
    let works = |it: &Caller| row.specialist_user_id == Some(it.user);
    is_receiver(tx, row) && staff(tx).is_some_and(|it| heads(it) || works(it))
}

/// The same without relatives of the beneficiary. Before the acceptance nobody asks it, for the answer would tell who is referred.
async fn is_in_charge(tx: &mut Tx<'_>, row: &Row) -> Result<bool, Failure> {
    if !is_at_work(tx, row) {
        return Ok(false);
    }
    let user = tx.caller().map(|it| it.user);
    let case = cases::table.find(bind(row.case_id)).select(cases::beneficiary_id);
    let beneficiary: BeneficiaryId = db!(tx, first, case)?;
    match people::must_be_no_relative(tx, user, beneficiary, "").await {
        Err(Failure::Refused(_)) => Ok(false),
        other => other.map(|()| true),
    }
}

/// Whether the right of this transaction reaches the referral.
pub(crate) async fn reaches(tx: &mut Tx<'_>, id: ReferralId) -> Result<bool, Failure> {
    is_found(row(tx, id).await)
}

async fn sides(tx: &mut Tx<'_>, row: &Row) -> Result<Sides, Failure> {
    let (sends, answers) = (tx.scope_of(Right::SendReferrals), tx.scope_of(Right::AnswerReferrals));
    let is_receiver = answers.answers_for(row.to_organization_id);
    let is_in_charge = match row.state {
        ReferralState::Accepted => is_in_charge(tx, row).await?,
        _ => is_at_work(tx, row),
    };
    let is_in_charge = is_receiver && is_in_charge;
    Ok(Sides { is_sender: sends.answers_for(row.from_organization_id), is_receiver, is_in_charge })
}

/// The parts that the consent or the ground of law of an open referral still opens today.
async fn held(tx: &mut Tx<'_>, row: &Row) -> Result<Vec<CasePart>, Failure> {
    match row.state(tx).is_open() {
        true => consented(tx, row.parts.0.clone(), row.consent_id).await,
        false => Ok(Vec::new()),
    }
}

/// The card of one referral.
pub async fn card(tx: &mut Tx<'_>, id: ReferralId) -> Result<ReferralCard, Failure> {
    let row = row(tx, id).await?;
    let (sides, held) = (sides(tx, &row).await?, held(tx, &row).await?);
    let (holds, has_help) = (!held.is_empty(), held.contains(&CasePart::Help));
    let has_case = sides.is_in_charge && sharing::has_own_case(tx, &row).await?;
    let state = row.state(tx);
    let begins = state.is_open() && sides.is_receiver;
    let closed = if begins { against_beginning(tx, row.to_organization_id).await? } else { None };
    let offers = ReferralOffers { state, sides, holds, has_case, has_help, closed };
    let actions = offered(tx, &offers, Subject::new(SubjectKind::Referral, id)).await?;
    let is_inside = reaches_case(tx, row.case_id).await?;
    let card = shown(tx, row, is_inside, &held).await?;
    Ok(ReferralCard { available_actions: Some(actions), ..card })
}

/// The card of a referral for a caller whom its case reaches or not, with the parts that its ground still opens to the other organization.
async fn shown(
    tx: &mut Tx<'_>,
    row: Row,
    is_inside: bool,
    held: &[CasePart],
) -> Result<ReferralCard, Failure> {
    let (state, holds) = (row.state(tx), is_inside || !held.is_empty());
    let is_lent = holds && state == ReferralState::Accepted;
    let reads = is_inside || (is_lent && is_in_charge(tx, &row).await?);
    // Before the acceptance its words are by somebody who knows nobody. All other words may name the person.
    let tells_result = reads || state == ReferralState::Rejected;
    let keys = &tx.core.keys;
    let about = ReferredPerson {
        sex: row.sex,
        age_group: row.age_group,
        territory: row.territory,
        category: row.category,
    };
    Ok(ReferralCard {
        id: row.id,
        version: row.version,
        state,
        read_of: Some(row.case_id).filter(|_| reads),
        case_id: Some(row.case_id).filter(|_| is_inside),
        from_organization_id: row.from_organization_id,
        to_organization_id: row.to_organization_id,
        urgency: row.urgency,
        domains: if is_inside { row.domains.0 } else { told_domains(state, row.domains.0, held) },
        about: holds.then_some(about),
        need_ids: reads.then_some(row.need_ids.0),
        reason: keys.open_some(REASON, row.id, reads.then_some(&row.reason))?,
        parts: reads.then_some(row.parts.0),
        consent_id: row.consent_id.filter(|_| is_inside),
        legal_ground: keys.open_some(LEGAL_GROUND, row.id, row.legal_ground.filter(|_| is_inside))?,
        ground_file_id: row.ground_file_id.filter(|_| is_inside),
        answer_until: row.answer_until,
        accepted_on: row.accepted_on,
        specialist_user_id: row.specialist_user_id,
        settled_on: row.settled_on,
        answer_reason: row.answer_reason,
        result: keys.open_some(RESULT, row.id, row.result.filter(|_| tells_result))?,
        available_actions: None,
        created_at: row.created_at,
        updated_at: row.updated_at,
    })
}

/// Loads a referral that a rule will change, and the caller's side.
pub async fn load(tx: &mut Tx<'_>, id: ReferralId) -> Result<(Referral, Sides), Failure> {
    let row = row(tx, id).await?;
    tx.expect(row.version)?;
    let it = match row.stored(tx)? {
        Referral::Sent(sent) => Referral::sent(*sent, tx.today()),
        other => other,
    };
    Ok((it, sides(tx, &row).await?))
}

/// Saves a new referral.
pub async fn save_sent(tx: &mut Tx<'_>, change: Changed<New>) -> Result<(), Failure> {
    let (New { sent: it, preview }, records) = change.into_parts();
    let keys = &tx.core.keys;
    let reason = keys.seal(REASON, it.id.into(), &it.form.reason)?;
    let ground = keys.seal_some(LEGAL_GROUND, it.id, it.form.legal_ground.as_ref())?;
    let head = (
        referrals::id.eq(bind(it.id)),
        referrals::version.eq(1),
        referrals::case_id.eq(bind(it.case_id)),
        referrals::from_organization_id.eq(bind(it.from_organization_id)),
        referrals::answer_until.eq(it.answer_until),
        referrals::state.eq(bind(ReferralState::Sent)),
        referrals::created_at.eq(bind(tx.now())),
        referrals::updated_at.eq(bind(tx.now())),
    );
    let told = (
        referrals::to_organization_id.eq(bind(it.form.to_organization_id)),
        referrals::need_ids.eq(bind(Json(it.form.need_ids))),
        referrals::reason.eq(bind(reason)),
        referrals::urgency.eq(bind(it.form.urgency)),
        referrals::parts.eq(bind(Json(it.form.parts))),
        referrals::consent_id.eq(bind(it.form.consent_id)),
        referrals::legal_ground.eq(bind(ground)),
        referrals::ground_file_id.eq(bind(it.form.ground_file_id)),
    );
    let previewed = (
        referrals::domains.eq(bind(Json(preview.domains))),
        referrals::sex.eq(bind(preview.sex)),
        referrals::age_group.eq(bind(preview.age_group)),
        referrals::territory.eq(bind(preview.territory)),
        referrals::category.eq(bind(preview.category)),
    );
    let rows = db!(tx, execute, diesel::insert_into(referrals::table).values((head, told, previewed)))?;
    tx.established(rows, records)
}

/// Saves a step. A referral that has left the state meanwhile stays as it is.
pub async fn save_moved(tx: &mut Tx<'_>, change: Changed<Moved>) -> Result<(), Failure> {
    let (it, records) = change.into_parts();
    let (id, now, today) = (it.id, tx.now(), tx.today());
    let left = referrals::table.filter(referrals::id.eq(bind(id))).filter(referrals::state.eq(bind(it.was)));
    let rows = match it.state {
        ReferralState::Accepted => {
            let set = (
                referrals::version.eq(referrals::version + 1),
                referrals::state.eq(bind(it.state)),
                referrals::accepted_on.eq(Some(it.on)),
                referrals::answered_on.eq(Some(it.on)),
                referrals::specialist_user_id.eq(bind(it.specialist_user_id)),
                referrals::updated_at.eq(bind(now)),
            );
            db!(tx, execute, prepared(diesel::update(left).set(set)))?
        }
        _ => {
            let set = (
                referrals::version.eq(referrals::version + 1),
                referrals::state.eq(bind(it.state)),
                referrals::settled_on.eq(Some(it.on)),
                // One that the clock ends late has ended before, and stands on the desk from today on.
                referrals::answered_on.eq(Some(today).filter(|_| it.state != ReferralState::Revoked)),
                referrals::answer_reason.eq(bind(it.reason)),
                referrals::result.eq(bind(tx.core.keys.seal_some(RESULT, id, it.words.as_ref())?)),
                referrals::updated_at.eq(bind(now)),
            );
            db!(tx, execute, prepared(diesel::update(left).set(set)))?
        }
    };
    tx.established(rows, records)
}

/// The reason against a closing that ends nothing with the case: its open referrals.
pub(crate) async fn against_closing(tx: &mut Tx<'_>, case: CaseId) -> Result<Option<Reason>, Failure> {
    let stored = any_of(&[ReferralState::Sent, ReferralState::Accepted]);
    let of_case = referrals::table
        .filter(referrals::case_id.eq(bind(case)))
        .filter(referrals::state.eq_any(stored))
        .select((referrals::state, referrals::answer_until));
    let of_case: Vec<(ReferralState, NaiveDate)> = db!(tx, load, of_case)?;
    let today = tx.today();
    let open = of_case.into_iter().filter(|(state, until)| state.on(*until, today).is_open()).count();
    Ok((open > 0).then(|| OPEN_REFERRALS.reason().with("referrals", open)))
}

/// Ends the open referrals by a consent that has just been withdrawn. The caller's scope does not limit it.
pub(crate) async fn end_by_withdrawal(tx: &mut Tx<'_>, consent: ConsentId) -> Result<(), Failure> {
    let open = any_of(&[ReferralState::Sent, ReferralState::Accepted]);
    let theirs = referrals::table
        .filter(referrals::consent_id.assume_not_null().eq(bind(consent)))
        .filter(referrals::state.eq_any(open));
    let rows: Vec<Row> = db!(tx, load, theirs.select(Row::as_select()))?;
    end_each(tx, rows).await
}

async fn end_each(tx: &mut Tx<'_>, rows: Vec<Row>) -> Result<(), Failure> {
    for row in rows {
        if let Some(lapsed) = Moved::lapse((row.id, row.state), row.answer_until, tx.today()) {
            save_moved(tx, lapsed).await?;
        }
    }
    Ok(())
}

/// Ends the open referrals of a case that has just closed. The caller's scope does not limit it.
pub(crate) async fn end_with_case(tx: &mut Tx<'_>, case: CaseId) -> Result<(), Failure> {
    let open = any_of(&[ReferralState::Sent, ReferralState::Accepted]);
    let theirs =
        referrals::table.filter(referrals::case_id.eq(bind(case))).filter(referrals::state.eq_any(open));
    let rows: Vec<Row> = db!(tx, load, theirs.select(Row::as_select()))?;
    end_each(tx, rows).await
}
