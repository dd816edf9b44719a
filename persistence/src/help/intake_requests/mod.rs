//! Requests for help in the database.
//!
//! Before the check the organizations that may take a request up read its words, afterwards the one that has it; the guardianship of the
//! territory and the region read it always. Others of the territory learn who has it. The account that made it reads its state, and no more.
//!
//! - this page: a row, its card, the saving. `seeing`: the rows that a caller sees. `listing`: the list and its filters.
//! - `facts`: what a decision rests on.
mod facts;
mod listing;
mod seeing;

pub use facts::{decision_facts, must_refer_of};
pub use listing::{IntakeFilter, list};

pub(crate) use listing::{in_danger, to_check, to_decide};
pub(crate) use seeing::reaches;

use crate::accompaniment::rules::{self, WorkingTerm};
use crate::engine::card::Card;
use crate::engine::column::{any_of, bind};
use crate::engine::conn::{db, prepared};
use crate::engine::failure::Failure;
use crate::engine::schema::{intake_requests as requests, organizations};
use crate::sight::{offered, under};
use crate::tx::Tx;
use chrono::NaiveDate;
use diesel::prelude::*;
use domain::base::access::Right;
use domain::base::action::AvailableAction;
use domain::base::change::{Changed, Subject, SubjectKind};
use domain::base::id::{BeneficiaryId, CaseId, IntakeRequestId, OrganizationId, PersonId, UserId};
use domain::base::moment::Moment;
use domain::base::text::{Note, Oktmo, Title};
use domain::help::intake_requests::*;
use domain::help::needs::NeedUrgency;
use seeing::{Sight, sight, works_in};
use serde::Deserialize;
use shape::card;

/// A step of an organization that had a request: a decision, or that it was given back.
#[card]
#[derive(Clone, Deserialize)]
pub struct IntakeHandling {
    /// The day.
    pub on: NaiveDate,
    /// The organization.
    pub organization_id: OrganizationId,
    /// The outcome; absent if the request was given back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<IntakeState>,
    /// The words.
    pub note: Note,
}

/// A request for help, as every endpoint returns it. The account that made it, and nobody else, is told its state alone.
#[card]
pub struct IntakeRequestCard {
    /// The id of the request.
    pub id: IntakeRequestId,
    /// The version number; it grows with every change and stands before the dot of the `ETag` header.
    #[schema(minimum = 1, example = 1)]
    pub version: i64,
    /// The state of the request.
    pub state: IntakeState,
    /// The source.
    pub source: IntakeSource,
    /// The municipality or the settlement.
    pub territory: Oktmo,
    /// The urgency.
    pub urgency: NeedUrgency,
    /// Whether a child is in danger.
    #[schema(example = false)]
    pub danger_to_child: bool,
    /// The day on which the request was received.
    pub received_on: NaiveDate,
    /// The person in need.
    pub person_id: Option<PersonId>,
    /// The people in need in words.
    pub described: Option<Note>,
    /// The need in words.
    pub text: Option<Note>,
    /// The one who told of it, and how to reach them.
    pub reporter: Option<Note>,
    /// The account that made the request.
    pub made_by_user_id: Option<UserId>,
    /// The last day on which the check is taken up in time, while the request waits for it.
    pub check_due_on: Option<NaiveDate>,
    /// The organization that checks the request, or has decided it.
    pub organization_id: Option<OrganizationId>,
    /// The organization to which the request was redirected.
    pub directed_to_organization_id: Option<OrganizationId>,
    /// The day of the last decision.
    pub decided_on: Option<NaiveDate>,
    /// The day on which the check was taken up.
    pub checked_on: Option<NaiveDate>,
    /// The decisions and returns with their words, the latest last.
    #[schema(max_items = 200)]
    pub handlings: Option<Vec<IntakeHandling>>,
    /// The case in which the need is met. It and the beneficiary are told to the organization that has accepted the request.
    pub case_id: Option<CaseId>,
    /// The beneficiary who is helped.
    pub beneficiary_id: Option<BeneficiaryId>,
    /// The earlier request for the same help.
    pub duplicate_of_id: Option<IntakeRequestId>,
    /// Orders that this caller may send to the request now; absent in lists.
    #[schema(max_items = 20)]
    pub available_actions: Option<Vec<AvailableAction>>,
    /// The moment at which the request was received.
    pub created_at: Moment,
    /// The moment of the last change.
    pub updated_at: Moment,
}

impl Card for IntakeRequestCard {
    fn version(&self) -> Option<i64> {
        Some(self.version)
    }
    fn path(&self) -> Option<String> {
        Some(format!("/api/v1/intake-requests/{}", self.id))
    }
    fn personal(&self) -> Vec<Subject> {
        let person = self.person_id.map(|it| Subject::new(SubjectKind::Person, it));
        person.into_iter().chain([Subject::new(SubjectKind::IntakeRequest, self.id)]).collect()
    }
}

const DESCRIBED: &str = "intake_requests.described";
const TEXT: &str = "intake_requests.text";
const REPORTER: &str = "intake_requests.reporter";
const HANDLINGS: &str = "intake_requests.handlings";

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = requests)]
struct Row {
    id: IntakeRequestId,
    version: i64,
    source: IntakeSource,
    person_id: Option<PersonId>,
    described: Option<String>,
    territory: Oktmo,
    urgency: NeedUrgency,
    danger_to_child: bool,
    text: String,
    reporter: Option<String>,
    made_by: UserId,
    received_on: NaiveDate,
    state: IntakeState,
    organization_id: Option<OrganizationId>,
    directed_to_id: Option<OrganizationId>,
    decided_on: Option<NaiveDate>,
    checked_on: Option<NaiveDate>,
    handlings: Option<String>,
    case_id: Option<CaseId>,
    beneficiary_id: Option<BeneficiaryId>,
    duplicate_of_id: Option<IntakeRequestId>,
    created_at: Moment,
    updated_at: Moment,
}

impl Row {
    /// The day since which the request waits for its check: its own, or that of its redirection.
    fn waiting_since(&self) -> Option<NaiveDate> {
        match self.state {
            IntakeState::Received => Some(self.received_on),
            IntakeState::Redirected => self.decided_on,
            _ => None,
        }
    }
}

fn missing(id: IntakeRequestId) -> Failure {
    Failure::NotFound(Some(Subject::new(SubjectKind::IntakeRequest, id)))
}

/// The row of one visible request. Every query for one request begins here.
async fn row(tx: &mut Tx<'_>, sight: &Sight, id: IntakeRequestId) -> Result<Row, Failure> {
    let one =
        db!(tx, first, seeing::visible!(sight).filter(requests::id.eq(bind(id))).select(Row::as_select()));
    one.optional()?.ok_or_else(|| missing(id))
}

async fn whole(tx: &mut Tx<'_>, row: &Row) -> Result<Intake, Failure> {
    let (id, territory, directed_to) = (row.id, row.territory.clone(), row.directed_to_id);
    match (row.state, row.organization_id) {
        (state, _) if state.is_waiting() => Ok(Intake::Waiting(Waiting { id, territory, directed_to })),
        (IntakeState::Checking, Some(organization_id)) => {
            let name = organizations::table.find(bind(organization_id)).select(organizations::name);
            let organization_name: Title = db!(tx, first, name)?;
            Ok(Intake::Checking(Checking { id, organization_id, organization_name, directed_to }))
        }
        _ => Ok(Intake::Decided),
    }
}

/// The card of one request.
pub async fn card(tx: &mut Tx<'_>, id: IntakeRequestId) -> Result<IntakeRequestCard, Failure> {
    let scope = tx.scope().clone();
    let sight = sight(tx, scope).await?;
    let row = row(tx, &sight, id).await?;
    let deciding = tx.scope_of(Right::DecideIntake).organizations;
    let organizations = works_in(tx, &deciding).await?;
    let it = whole(tx, &row).await?;
    let offers = IntakeOffers { it: &it, organizations: &organizations };
    let actions = offered(tx, &offers, Subject::new(SubjectKind::IntakeRequest, id)).await?;
    let term = rules::intake_checks(tx).await?;
    Ok(IntakeRequestCard { available_actions: Some(actions), ..shown(tx, row, &sight, &term).await? })
}

async fn shown(
    tx: &mut Tx<'_>,
    row: Row,
    sight: &Sight,
    term: &WorkingTerm,
) -> Result<IntakeRequestCard, Failure> {
    let sight = sight.of(tx, row.person_id).await?;
    let (keys, is_inside) = (&tx.core.keys, sight.is_inside(&row));
    let (reads, oversees) = (sight.reads(&row), is_inside && sight.oversees(&row));
    let check_due_on = row.waiting_since().map(|it| term.due_on(it)).filter(|_| is_inside);
    let text = if reads { Some(keys.open(TEXT, row.id.into(), &row.text)?) } else { None };
    let handlings = row.handlings.filter(|_| oversees);
    Ok(IntakeRequestCard {
        id: row.id,
        version: row.version,
        state: row.state,
        source: row.source,
        urgency: row.urgency,
        danger_to_child: row.danger_to_child,
        received_on: row.received_on,
        person_id: row.person_id.filter(|_| reads),
        described: keys.open_some(DESCRIBED, row.id, row.described.filter(|_| reads))?,
        text,
        reporter: keys.open_some(REPORTER, row.id, row.reporter.filter(|_| oversees))?,
        made_by_user_id: Some(row.made_by).filter(|_| oversees),
        check_due_on,
        organization_id: row.organization_id.filter(|_| is_inside),
        directed_to_organization_id: row.directed_to_id.filter(|_| is_inside),
        decided_on: row.decided_on.filter(|_| is_inside),
        checked_on: row.checked_on.filter(|_| is_inside),
        handlings: keys.open_some(HANDLINGS, row.id, handlings)?,
        case_id: row.case_id.filter(|_| oversees),
        beneficiary_id: row.beneficiary_id.filter(|_| oversees),
        duplicate_of_id: row.duplicate_of_id.filter(|_| is_inside),
        available_actions: None,
        territory: row.territory,
        created_at: row.created_at,
        updated_at: row.updated_at,
    })
}

/// Loads a request that a rule will change.
pub async fn load(tx: &mut Tx<'_>, id: IntakeRequestId) -> Result<Intake, Failure> {
    let scope = tx.scope().clone();
    let sight = sight(tx, scope).await?;
    let row = row(tx, &sight, id).await?;
    tx.expect(row.version)?;
    whole(tx, &row).await
}

/// The territory of an organization.
pub async fn territory_of(tx: &mut Tx<'_>, id: OrganizationId) -> Result<Oktmo, Failure> {
    Ok(db!(tx, first, organizations::table.find(bind(id)).select(organizations::territory))?)
}

/// Refuses the history of a request to the account that has made it, and nobody else.
pub async fn must_be_inside(tx: &mut Tx<'_>, id: IntakeRequestId) -> Result<(), Failure> {
    let scope = tx.scope_of(Right::ReadIntake);
    let sight = sight(tx, scope).await?.of_institutions();
    row(tx, &sight, id).await.map(drop)
}

/// Saves a new request, and answers it as its author sees it. A narrowed key may not see it afterwards.
pub async fn save_received(tx: &mut Tx<'_>, change: Changed<Received>) -> Result<IntakeRequestCard, Failure> {
    let (it, records) = change.into_parts();
    let (keys, id) = (&tx.core.keys, it.id);
    let described = keys.seal_some(DESCRIBED, id, it.form.described.as_ref())?;
    let text = keys.seal(TEXT, id.into(), &it.form.text)?;
    let reporter = keys.seal_some(REPORTER, id, it.form.reporter.as_ref())?;
    let head = (
        requests::id.eq(bind(id)),
        requests::version.eq(1),
        requests::source.eq(bind(it.form.source)),
        requests::person_id.eq(bind(it.form.person_id)),
        requests::described.eq(bind(described)),
        requests::territory.eq(bind(it.form.territory)),
        requests::urgency.eq(bind(it.form.urgency)),
        requests::danger_to_child.eq(it.form.danger_to_child),
    );
    let told = (
        requests::text.eq(bind(text)),
        requests::reporter.eq(bind(reporter)),
        requests::made_by.eq(bind(it.made_by)),
        requests::received_on.eq(it.on),
        requests::state.eq(bind(IntakeState::Received)),
        requests::created_at.eq(bind(tx.now())),
        requests::updated_at.eq(bind(tx.now())),
    );
    let insert = diesel::insert_into(requests::table).values((head, told));
    let saved = db!(tx, get_result, insert.returning(Row::as_returning()));
    let row: Row = tx.returned(saved, records)?;
    if let Some(card) = under(tx, Right::ReadIntake, async |tx| card(tx, id).await).await? {
        return Ok(card);
    }
    let scope = tx.scope_of(Right::ReadIntake);
    let sight = sight(tx, scope).await?;
    let term = rules::intake_checks(tx).await?;
    shown(tx, row, &sight, &term).await
}

/// Saves a step. A request that has left the state meanwhile stays as it is.
pub async fn save_moved(tx: &mut Tx<'_>, change: Changed<Moved>) -> Result<(), Failure> {
    let (it, records) = change.into_parts();
    let (now, one) = (tx.now(), requests::table.filter(requests::id.eq(bind(it.id))));
    let checked = one.filter(requests::state.eq(bind(IntakeState::Checking)));
    let rows = match it.step {
        IntakeStep::Taken(by) => {
            let waiting = any_of(&[IntakeState::Received, IntakeState::Redirected]);
            let set = (
                requests::version.eq(requests::version + 1),
                requests::state.eq(bind(IntakeState::Checking)),
                requests::organization_id.eq(bind(Some(by))),
                requests::checked_on.eq(Some(tx.today())),
                requests::updated_at.eq(bind(now)),
            );
            let taken = diesel::update(one.filter(requests::state.eq_any(waiting))).set(set);
            db!(tx, execute, prepared(taken))?
        }
        IntakeStep::Released { by, is_redirected, note } => {
            let handlings = handled(tx, it.id, by, (None, note)).await?;
            let state = if is_redirected { IntakeState::Redirected } else { IntakeState::Received };
            let set = (
                requests::version.eq(requests::version + 1),
                requests::state.eq(bind(state)),
                requests::organization_id.eq(bind(None::<OrganizationId>)),
                requests::handlings.eq(bind(handlings)),
                requests::updated_at.eq(bind(now)),
            );
            db!(tx, execute, prepared(diesel::update(checked).set(set)))?
        }
        IntakeStep::Decided { by, order } => {
            let is_redirected = order.outcome == IntakeState::Redirected;
            let handlings = handled(tx, it.id, by, (Some(order.outcome), order.note)).await?;
            let set = (
                requests::version.eq(requests::version + 1),
                requests::state.eq(bind(order.outcome)),
                requests::organization_id.eq(bind(Some(by).filter(|_| !is_redirected))),
                requests::directed_to_id.eq(bind(order.organization_id)),
                requests::decided_on.eq(Some(tx.today())),
                requests::handlings.eq(bind(handlings)),
                requests::case_id.eq(bind(order.case_id)),
                requests::beneficiary_id.eq(bind(order.beneficiary_id)),
                requests::duplicate_of_id.eq(bind(order.duplicate_of_id)),
                requests::updated_at.eq(bind(now)),
            );
            db!(tx, execute, prepared(diesel::update(checked).set(set)))?
        }
    };
    tx.established(rows, records)
}

/// The handlings of a request with another one, sealed. None is overwritten.
async fn handled(
    tx: &mut Tx<'_>,
    id: IntakeRequestId,
    organization_id: OrganizationId,
    (outcome, note): (Option<IntakeState>, Note),
) -> Result<Option<String>, Failure> {
    let before = requests::table.find(bind(id)).select(requests::handlings);
    let before: Option<String> = db!(tx, first, before)?;
    let keys = &tx.core.keys;
    let all: Option<Vec<IntakeHandling>> = keys.open_some(HANDLINGS, id, before)?;
    let mut all = all.unwrap_or_default();
    all.push(IntakeHandling { on: tx.today(), organization_id, outcome, note });
    keys.seal_some(HANDLINGS, id, Some(&all))
}
