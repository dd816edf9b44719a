//! Requests for help in the database.
//!
//! Before the check the organizations that may take a request up read its words, afterwards the one that has it; the guardianship of the
//! territory and the region read it always. Others of the territory learn who has it. The account that made it reads its state, and no more.
//! The one whom a request concerns reads nothing of it by any address.
//!
//! - this page: a row, its card, the saving. `seeing`: the rows that a caller sees. `listing`: the list and its filters.
//! - `figures`: the requests of a period by their source. `facts`: what a receipt and a decision rest on. `calling`: the chain of a request about a child in danger.
mod calling;
mod facts;
mod figures;
mod listing;
mod seeing;

pub use calling::{CALLED_AT_ONCE, call};
pub use facts::{decision_facts, is_staffed, must_refer_of, receipt};
pub use figures::{IntakeQuestion, IntakeSummary, summary};
pub use listing::{IntakeCountQuestion, IntakeFilter, counts, list};

pub(crate) use listing::{in_danger, to_check, to_decide};
pub(crate) use seeing::{names, reaches};

use crate::accompaniment::rules::{self, WorkingTerm};
use crate::engine::card::Card;
use crate::engine::column::{any_of, bind};
use crate::engine::conn::{db, prepared};
use crate::engine::failure::Failure;
use crate::engine::schema::{intake_requests as requests, organizations};
use crate::sight::{is_found, offered, under};
use crate::tx::Tx;
use calling::Around;
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
use seeing::{Concerned, Sight, own_kin, sight, works_in};
use serde::Deserialize;
use shape::card;
use std::collections::HashSet;

/// A step of an organization that had a request: a decision, or that it was given back.
#[card]
#[derive(Clone, Deserialize)]
pub struct IntakeHandling {
    /// The day.
    pub on: NaiveDate,
    /// The organization. Absent: the region has directed the request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organization_id: Option<OrganizationId>,
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
    /// The account of the one whom the request accuses. It and the next two are for those who read the words.
    pub concerned_user_id: Option<UserId>,
    /// The person whom it accuses, also the one of that account.
    pub concerned_person_id: Option<PersonId>,
    /// The organization whose staff it accuses.
    pub concerned_organization_id: Option<OrganizationId>,
    /// The greatest level that was called, where a child is in danger: 1 the specialists of the organizations that may check the request,
    /// 2 the heads of units, 3 the directors, 4 the administrators. Guardianship is called at once. Absent: nobody is there to be called.
    #[schema(minimum = 1, maximum = 4, example = 2)]
    pub called_level: Option<i32>,
    /// The moment at which the next level is called, while the request waits for its check.
    pub next_call_at: Option<Moment>,
    /// The account that made the request.
    pub made_by_user_id: Option<UserId>,
    /// The last day on which the check is taken up in time, while the request waits for it.
    pub check_due_on: Option<NaiveDate>,
    /// The last day on which the request is decided in time, while an organization checks it: as many working days as a request waits for
    /// its check.
    pub decision_due_on: Option<NaiveDate>,
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
    concerned_user_id: Option<UserId>,
    concerned_person_id: Option<PersonId>,
    concerned_organization_id: Option<OrganizationId>,
    call_minutes: Option<i32>,
    called_level: i32,
    counted_from: Option<Moment>,
    created_at: Moment,
    updated_at: Moment,
}

impl Row {
    fn waiting(&self) -> Waiting {
        let Self { id, directed_to_id: directed_to, concerned_organization_id: concerns, .. } = *self;
        Waiting { id, territory: self.territory.clone(), directed_to, concerns }
    }
    /// The minutes of each level that is called, while the request waits.
    fn calls(&self) -> Option<i32> {
        self.call_minutes.filter(|_| self.state.is_waiting())
    }
    fn concerned(&self) -> Concerned {
        let (user, person) = (self.concerned_user_id, self.concerned_person_id);
        Concerned { user, person, organization: self.concerned_organization_id }
    }
    /// The moment from which the chain counts: that of the receipt, or of the last redirection.
    fn counted_from(&self) -> Moment {
        self.counted_from.unwrap_or(self.created_at)
    }
    /// The day since which an organization checks the request.
    fn checking_since(&self) -> Option<NaiveDate> {
        self.checked_on.filter(|_| self.state == IntakeState::Checking)
    }
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
    let (id, directed_to, concerns) = (row.id, row.directed_to_id, row.concerned_organization_id);
    match (row.state, row.organization_id) {
        (state, _) if state.is_waiting() => Ok(Intake::Waiting(row.waiting())),
        (IntakeState::Checking, Some(organization_id)) => {
            let name = organizations::table.find(bind(organization_id)).select(organizations::name);
            let organization_name: Title = db!(tx, first, name)?;
            Ok(Intake::Checking(Checking { id, organization_id, organization_name, directed_to, concerns }))
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
    // The author of a request about the own staff takes no step.
    let own = if sight.is_inside(&row) { organizations.as_slice() } else { &[] };
    let offers = IntakeOffers { it: &it, organizations: own };
    let actions = offered(tx, &offers, Subject::new(SubjectKind::IntakeRequest, id)).await?;
    let (term, around) = (rules::intake_checks(tx).await?, Around::rows(tx, &[&row]).await?);
    let kin = own_kin(tx, std::slice::from_ref(&row)).await?;
    let card = shown(tx, row, &sight, (&term, &around, &kin)).await?;
    Ok(IntakeRequestCard { available_actions: Some(actions), ..card })
}

async fn shown(
    tx: &mut Tx<'_>,
    row: Row,
    sight: &Sight,
    (term, around, kin): (&WorkingTerm, &Around, &HashSet<PersonId>),
) -> Result<IntakeRequestCard, Failure> {
    let sight = sight.of(row.person_id, kin);
    // The id of a request that accuses the reader tells of it.
    let mut duplicate_of_id = row.duplicate_of_id.filter(|_| sight.is_inside(&row) && sight.oversees(&row));
    if let Some(other) = duplicate_of_id
        && !is_found(self::row(tx, &sight, other).await)?
    {
        duplicate_of_id = None;
    }
    let (keys, is_inside) = (&tx.core.keys, sight.is_inside(&row));
    let (reads, oversees) = (sight.reads(&row), is_inside && sight.oversees(&row));
    let due_on = |since: Option<NaiveDate>| since.map(|it| term.due_on(it)).filter(|_| is_inside);
    let (check_due_on, decision_due_on) = (due_on(row.waiting_since()), due_on(row.checking_since()));
    let text = if reads { Some(keys.open(TEXT, row.id.into(), &row.text)?) } else { None };
    let chain = around.chain(&row).filter(|_| is_inside);
    let told = chain.as_ref().map_or(0, |it| it.level_at(tx.now())).max(row.called_level);
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
        concerned_user_id: row.concerned_user_id.filter(|_| reads),
        concerned_person_id: row.concerned_person_id.filter(|_| reads),
        concerned_organization_id: row.concerned_organization_id.filter(|_| reads),
        called_level: Some(told).filter(|it| is_inside && *it > 0),
        next_call_at: chain.and_then(|it| it.next_after(tx.now())),
        made_by_user_id: Some(row.made_by).filter(|_| oversees),
        check_due_on,
        decision_due_on,
        organization_id: row.organization_id.filter(|_| is_inside),
        directed_to_organization_id: row.directed_to_id.filter(|_| is_inside),
        decided_on: row.decided_on.filter(|_| is_inside),
        checked_on: row.checked_on.filter(|_| is_inside),
        handlings: keys.open_some(HANDLINGS, row.id, handlings)?,
        case_id: row.case_id.filter(|_| oversees),
        beneficiary_id: row.beneficiary_id.filter(|_| oversees),
        duplicate_of_id,
        available_actions: None,
        territory: row.territory,
        created_at: row.created_at,
        updated_at: row.updated_at,
    })
}

/// Loads a request that a rule will change.
pub async fn load(tx: &mut Tx<'_>, id: IntakeRequestId) -> Result<Intake, Failure> {
    let scope = tx.scope().clone();
    let sight = sight(tx, scope).await?.of_institutions();
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
        requests::district.eq(bind(it.form.territory.district())),
        requests::territory.eq(bind(it.form.territory)),
        requests::urgency.eq(bind(it.form.urgency)),
        requests::danger_to_child.eq(it.form.danger_to_child),
        requests::concerned_user_id.eq(bind(it.receipt.concerned_user_id)),
        requests::concerned_person_id.eq(bind(it.receipt.concerned_person_id)),
        requests::concerned_organization_id.eq(bind(it.form.concerned_organization_id)),
    );
    let chain = it.calling.as_ref().map(|it| &it.1);
    let called = (
        requests::call_minutes.eq(it.calling.as_ref().map(|it| it.0)),
        requests::called_level.eq(chain.map_or(0, |it| it.level_at(tx.now()))),
        requests::next_call_at.eq(bind(chain.and_then(|it| it.next_after(tx.now())))),
    );
    let told = (
        requests::text.eq(bind(text)),
        requests::reporter.eq(bind(reporter)),
        requests::made_by.eq(bind(it.receipt.made_by)),
        requests::received_on.eq(it.on),
        requests::state.eq(bind(IntakeState::Received)),
        requests::created_at.eq(bind(tx.now())),
        requests::updated_at.eq(bind(tx.now())),
    );
    let insert = diesel::insert_into(requests::table).values((head, told, called));
    let saved = db!(tx, get_result, insert.returning(Row::as_returning()));
    let row: Row = tx.returned(saved, records)?;
    if let Some(card) = under(tx, Right::ReadIntake, async |tx| card(tx, id).await).await? {
        return Ok(card);
    }
    let scope = tx.scope_of(Right::ReadIntake);
    let sight = sight(tx, scope).await?;
    let term = rules::intake_checks(tx).await?;
    let kin = own_kin(tx, std::slice::from_ref(&row)).await?;
    shown(tx, row, &sight, (&term, &Around::default(), &kin)).await
}

/// Saves a step. A request that has left the state meanwhile stays as it is.
pub async fn save_moved(tx: &mut Tx<'_>, change: Changed<Moved>) -> Result<(), Failure> {
    let (it, records) = change.into_parts();
    let (now, one) = (tx.now(), requests::table.filter(requests::id.eq(bind(it.id))));
    let before: Row = db!(tx, first, one.select(Row::as_select()))?;
    // A request that waits again for the same accounts is looked at by the clock at once.
    let next_call_at: Option<Moment> = before.call_minutes.map(|_| now);
    let checked = one.filter(requests::state.eq(bind(IntakeState::Checking)));
    let is_handed_on = it.step.is_handed_on();
    let rows = match it.step {
        IntakeStep::Taken(by) => {
            if before.calls().is_some() {
                calling::catch_up(tx, &before).await?;
            }
            let waiting = any_of(&[IntakeState::Received, IntakeState::Redirected]);
            let set = (
                requests::version.eq(requests::version + 1),
                requests::state.eq(bind(IntakeState::Checking)),
                requests::organization_id.eq(bind(Some(by))),
                requests::checked_on.eq(Some(tx.today())),
                requests::next_call_at.eq(bind(None::<Moment>)),
                requests::updated_at.eq(bind(now)),
            );
            let taken = diesel::update(one.filter(requests::state.eq_any(waiting))).set(set);
            db!(tx, execute, prepared(taken))?
        }
        IntakeStep::Directed(order) => {
            if before.calls().is_some() {
                calling::catch_up(tx, &before).await?;
            }
            let handlings = handled(tx, before, None, (Some(IntakeState::Redirected), order.note))?;
            let waiting = any_of(&[IntakeState::Received, IntakeState::Redirected]);
            let set = (
                requests::version.eq(requests::version + 1),
                requests::state.eq(bind(IntakeState::Redirected)),
                requests::directed_to_id.eq(bind(Some(order.organization_id))),
                requests::decided_on.eq(Some(tx.today())),
                requests::handlings.eq(bind(handlings)),
                requests::updated_at.eq(bind(now)),
            );
            let waits = one.filter(requests::state.eq_any(waiting));
            db!(tx, execute, prepared(diesel::update(waits).set(set)))?
        }
        IntakeStep::Released { by, is_redirected, note } => {
            let handlings = handled(tx, before, Some(by), (None, note))?;
            let state = if is_redirected { IntakeState::Redirected } else { IntakeState::Received };
            let set = (
                requests::version.eq(requests::version + 1),
                requests::state.eq(bind(state)),
                requests::organization_id.eq(bind(None::<OrganizationId>)),
                requests::next_call_at.eq(bind(next_call_at)),
                requests::handlings.eq(bind(handlings)),
                requests::updated_at.eq(bind(now)),
            );
            db!(tx, execute, prepared(diesel::update(checked).set(set)))?
        }
        IntakeStep::Decided { by, order } => {
            let by = Some(by);
            let handlings = handled(tx, before, by, (Some(order.outcome), order.note))?;
            let set = (
                requests::version.eq(requests::version + 1),
                requests::state.eq(bind(order.outcome)),
                requests::organization_id.eq(bind(by.filter(|_| !is_handed_on))),
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
    tx.established(rows, records)?;
    if is_handed_on { calling::begin_anew(tx, it.id).await } else { Ok(()) }
}

/// The handlings of a request with another one, sealed. None is overwritten.
fn handled(
    tx: &Tx<'_>,
    before: Row,
    organization_id: Option<OrganizationId>,
    (outcome, note): (Option<IntakeState>, Note),
) -> Result<Option<String>, Failure> {
    let (keys, id) = (&tx.core.keys, before.id);
    let all: Option<Vec<IntakeHandling>> = keys.open_some(HANDLINGS, id, before.handlings)?;
    let mut all = all.unwrap_or_default();
    all.push(IntakeHandling { on: tx.today(), organization_id, outcome, note });
    keys.seal_some(HANDLINGS, id, Some(&all))
}
