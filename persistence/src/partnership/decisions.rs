//! Decisions in the database. Every account of the region reads them; the organization that keeps the council enters and cancels them.
use crate::accompaniment::tasks;
use crate::engine::card::cards;
use crate::engine::column::{Json, bind, binds};
use crate::engine::conn::{db, prepared};
use crate::engine::failure::Failure;
use crate::engine::page::{Page, Place, Window};
use crate::engine::schema::decisions;
use crate::partnership::councils;
use crate::region::files::entrust_each;
use crate::region::organizations::against_closed;
use crate::region::users::serves;
use crate::scope::among;
use crate::sight::{all_of, dangling, is_found, must_refer, must_refer_each, must_refer_each_newly};
use crate::sight::{offered, ruled};
use crate::tx::Tx;
use chrono::{Datelike, NaiveDate};
use diesel::prelude::*;
use domain::accompaniment::tasks::{
    Addressee, Assignee, AssigneeKind, Open as OpenTask, Parties, ReportPeriod, TaskCancellationReason,
    TaskForm, TaskKind,
};
use domain::base::action::AvailableAction;
use domain::base::change::{Changed, Subject, SubjectKind};
use domain::base::entry::correction::built_on as rests;
use domain::base::filters::any::AnyOf;
use domain::base::id::*;
use domain::base::moment::Moment;
use domain::base::refusal::{Reason, Refused};
use domain::base::text::{ItemNumber, Note, OrderNumber, Title};
use domain::base::word::{Word, first};
use domain::partnership::decisions::*;
use shape::{card, filter};
use uuid::Uuid;

/// An item of a decision, as the card shows it.
#[card]
pub struct DecisionItemCard {
    /// The number in the paper.
    pub no: ItemNumber,
    /// The kind.
    pub kind: DecisionItemKind,
    /// The text.
    pub text: Note,
    /// The organization that has to do it.
    pub organization_id: Option<OrganizationId>,
    /// The class of organizations to which it is addressed.
    pub addressee: Option<Addressee>,
    /// Organizations that work on it too.
    #[schema(max_items = 10)]
    pub co_organization_ids: Vec<OrganizationId>,
    /// The last day.
    pub due_on: Option<NaiveDate>,
    /// The period of reports, for an instruction without end.
    pub report_every: Option<ReportPeriod>,
}

/// A decision as every endpoint returns it. Its tasks: `GET /tasks?source_kind=decision&source_id=`.
#[card]
pub struct DecisionCard {
    /// The id of the decision.
    pub id: DecisionId,
    /// The version number; it grows with every change and stands before the dot of the `ETag` header.
    #[schema(minimum = 1, example = 1)]
    pub version: i64,
    /// The state.
    pub state: DecisionState,
    /// The council.
    pub council_id: CouncilId,
    /// The organization that keeps the council.
    pub organization_id: OrganizationId,
    /// The meeting whose protocol has made it. Absent: it was entered by itself.
    pub meeting_id: Option<CouncilMeetingId>,
    /// The number.
    pub number: OrderNumber,
    /// The day of the decision.
    pub adopted_on: NaiveDate,
    /// The title.
    pub title: Title,
    /// The preamble.
    pub preamble: Option<Note>,
    /// The items.
    #[schema(max_items = 50)]
    pub items: Vec<DecisionItemCard>,
    /// The one who signed.
    pub signatory: Option<DecisionSignatory>,
    /// The legal acts on which it rests.
    #[schema(max_items = 20)]
    pub act_ids: Vec<LegalActId>,
    /// The signed paper.
    pub file_id: Option<FileId>,
    /// The decision that has cancelled it.
    pub cancelled_by_decision_id: Option<DecisionId>,
    /// The day of the decision that has cancelled it.
    pub cancelled_on: Option<NaiveDate>,
    /// Orders that this caller may send to the decision now; absent in lists.
    #[schema(max_items = 20)]
    pub available_actions: Option<Vec<AvailableAction>>,
    /// The moment at which it was entered.
    pub created_at: Moment,
    /// The moment of the last change.
    pub updated_at: Moment,
}

cards! { DecisionCard in "decisions"; }

/// Filters of the list of decisions.
#[filter]
pub struct DecisionFilter {
    /// Only decisions in this state.
    pub state: Option<AnyOf<DecisionState>>,
    /// Only decisions of this council.
    pub council_id: Option<CouncilId>,
    /// Only decisions made by the protocol of this meeting.
    pub meeting_id: Option<CouncilMeetingId>,
    /// Only decisions of councils that this organization keeps.
    pub organization_id: Option<OrganizationId>,
    /// Only decisions of this day or later.
    pub from: Option<NaiveDate>,
    /// Only decisions of this day or earlier.
    pub to: Option<NaiveDate>,
}

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = decisions)]
struct Row {
    id: DecisionId,
    version: i64,
    council_id: CouncilId,
    organization_id: OrganizationId,
    meeting_id: Option<CouncilMeetingId>,
    number: OrderNumber,
    adopted_on: NaiveDate,
    title: Title,
    preamble: Option<Note>,
    items: Json<Vec<DecisionItem>>,
    signatory: Json<Option<DecisionSignatory>>,
    act_ids: Json<Vec<LegalActId>>,
    file_id: Option<FileId>,
    state: DecisionState,
    cancelled_by_id: Option<DecisionId>,
    cancelled_on: Option<NaiveDate>,
    created_at: Moment,
    updated_at: Moment,
}

impl Row {
    fn standing(&self) -> Standing {
        let Self { id, council_id, adopted_on, state, .. } = *self;
        Standing { id, council_id, adopted_on, state }
    }
}

/// The visible decisions: the reach of a right is the organization that keeps the council. Every query begins here.
macro_rules! visible {
    ($scope:expr) => {{
        let mut all = decisions::table.into_boxed();
        if !$scope.everything {
            all = all.filter(among(decisions::organization_id, &$scope.organizations));
        }
        all
    }};
}

fn missing(id: DecisionId) -> Failure {
    Failure::NotFound(Some(Subject::new(SubjectKind::Decision, id)))
}

async fn row(tx: &mut Tx<'_>, id: DecisionId) -> Result<Row, Failure> {
    let scope = tx.scope().clone();
    let one = db!(tx, first, visible!(scope).filter(decisions::id.eq(bind(id))).select(Row::as_select()));
    one.optional()?.ok_or_else(|| missing(id))
}

/// Whether the right of this transaction reaches the decision.
pub(crate) async fn reaches(tx: &mut Tx<'_>, id: DecisionId) -> Result<bool, Failure> {
    is_found(row(tx, id).await)
}

/// The names of those of the decisions that the right of this transaction reaches.
pub(crate) async fn names(tx: &mut Tx<'_>, ids: &[DecisionId]) -> Result<Vec<(DecisionId, String)>, Failure> {
    let scope = tx.scope().clone();
    let found: Vec<(DecisionId, OrderNumber, Title)> = db!(tx, load, {
        visible!(scope).filter(decisions::id.eq_any(binds(ids))).select((
            decisions::id,
            decisions::number,
            decisions::title,
        ))
    })?;
    Ok(found.into_iter().map(|(id, number, title)| (id, format!("№ {number}. {title}"))).collect())
}

/// The card of one decision.
pub async fn card(tx: &mut Tx<'_>, id: DecisionId) -> Result<DecisionCard, Failure> {
    let row = row(tx, id).await?;
    let offers = DecisionOffers(row.state);
    let actions = offered(tx, &offers, Subject::new(SubjectKind::Decision, id)).await?;
    Ok(DecisionCard { available_actions: Some(actions), ..shown(row) })
}

fn item_card(it: DecisionItem) -> DecisionItemCard {
    let DecisionItem { no, kind, text, organization_id, addressee, co_organization_ids, .. } = it;
    let (due_on, report_every) = (it.due_on, it.report_every);
    DecisionItemCard { no, kind, text, organization_id, addressee, co_organization_ids, due_on, report_every }
}

fn shown(it: Row) -> DecisionCard {
    DecisionCard {
        id: it.id,
        version: it.version,
        state: it.state,
        council_id: it.council_id,
        organization_id: it.organization_id,
        meeting_id: it.meeting_id,
        number: it.number,
        adopted_on: it.adopted_on,
        title: it.title,
        preamble: it.preamble,
        items: it.items.0.into_iter().map(item_card).collect(),
        signatory: it.signatory.0,
        act_ids: it.act_ids.0,
        file_id: it.file_id,
        cancelled_by_decision_id: it.cancelled_by_id,
        cancelled_on: it.cancelled_on,
        available_actions: None,
        created_at: it.created_at,
        updated_at: it.updated_at,
    }
}

/// Decisions, the latest day first.
pub async fn list(
    tx: &mut Tx<'_>,
    filter: &DecisionFilter,
    window: &Window,
) -> Result<Page<DecisionCard>, Failure> {
    let is_asked = |it: &DecisionState| filter.state.as_ref().is_none_or(|asked| asked.has(it));
    let mut rows: Vec<Row> = Vec::new();
    for state in DecisionState::ALL.iter().copied().filter(is_asked) {
        rows.extend(rows_of(tx, filter, state, window).await?);
    }
    let rows = window.first_of(rows, false, |it| (it.adopted_on, it.id));
    let place = |it: &Row| Place { text: Some(it.adopted_on.to_string()), id: it.id.into() };
    let page = window.page(rows, place);
    Ok(Page { items: page.items.into_iter().map(shown).collect(), next: page.next })
}

async fn rows_of(
    tx: &mut Tx<'_>,
    filter: &DecisionFilter,
    state: DecisionState,
    window: &Window,
) -> Result<Vec<Row>, Failure> {
    let scope = tx.scope().clone();
    Ok(db!(tx, load, {
        let mut all = visible!(scope)
            .filter(decisions::state.eq(bind(state)))
            .order((decisions::adopted_on.desc(), decisions::id.desc()))
            .limit(window.fetch());
        if let Some(council) = filter.council_id {
            all = all.filter(decisions::council_id.eq(bind(council)));
        }
        if let Some(meeting) = filter.meeting_id {
            all = all.filter(decisions::meeting_id.eq(bind(Some(meeting))));
        }
        if let Some(of) = filter.organization_id {
            all = all.filter(decisions::organization_id.eq(bind(of)));
        }
        if let Some(from) = filter.from {
            all = all.filter(decisions::adopted_on.ge(from));
        }
        if let Some(to) = filter.to {
            all = all.filter(decisions::adopted_on.le(to));
        }
        if let Some((day, id)) = window.beyond::<NaiveDate, DecisionId>() {
            let after = decisions::adopted_on.lt(day).or(decisions::id.lt(bind(id)));
            all = all.filter(decisions::adopted_on.le(day)).filter(after);
        }
        all.select(Row::as_select())
    })?)
}

/// The place of a decision that is entered by itself, by an account that runs the council. All that is wrong with it is told at once. Where
/// the caller runs no such council, what rests on the council is not asked.
pub async fn origin(tx: &mut Tx<'_>, form: &DecisionForm) -> Result<Origin, Failure> {
    let (council, refused) = councils::run(tx, form.council_id).await;
    let of = council.as_ref().map(|it| Origin {
        council_id: form.council_id,
        organization_id: it.organization_id,
        meeting_id: None,
    });
    let judged = Refused::unless_empty(form.against(tx.today())).map_err(Failure::from);
    let checks = checks(tx, of, (&form.decision, form.adopted_on), "/decision").await;
    let works = council.map_or(Ok(()), |it| councils::works(&it, form.adopted_on, "/adopted_on"));
    all_of([refused, judged, checks, works])?;
    of.ok_or_else(|| dangling("/council_id"))
}

/// Refuses a text that refers to what the caller does not see, names closed organizations, or has a number that is taken. Pointers begin with
/// the place of the text. Without the place of the decision, what rests on its council is not asked.
pub async fn checks(
    tx: &mut Tx<'_>,
    of: Option<Origin>,
    (text, adopted_on): (&DecisionText, NaiveDate),
    at: &str,
) -> Result<(), Failure> {
    let mut checks = Vec::new();
    for (n, it) in text.items.iter().enumerate() {
        let at = |member: &str| format!("{at}/items/{n}/{member}");
        let place = at("organization_id");
        checks.push(must_refer(tx, SubjectKind::Organization, it.organization_id, &place).await);
        let others = it.co_organization_ids.as_slice();
        let place = at("co_organization_ids");
        checks.push(must_refer_each(tx, SubjectKind::Organization, others, &place).await);
        if let Some((user, of)) = it.controller_user_id.zip(of) {
            let controls = serves(tx, user, of.organization_id).await?;
            checks.push(if controls { Ok(()) } else { Err(dangling(&at("controller_user_id"))) });
        }
    }
    let closed = against_closed(tx, &text.named(adopted_on), None).await?;
    let closed: Vec<Reason> = closed.into_iter().map(|it| it.under(at)).collect();
    checks.push(Refused::unless_empty(closed).map_err(Failure::from));
    let place = format!("{at}/act_ids");
    let acts: (&[LegalActId], &[LegalActId]) = (&[], text.act_ids.as_slice());
    checks.push(must_refer_each_newly(tx, SubjectKind::LegalAct, acts, &place).await);
    let place = format!("{at}/file_id");
    checks.push(match of {
        Some(of) => entrust_each(tx, text.file_id.map(|it| (it, place)), of.organization_id).await,
        None => must_refer(tx, SubjectKind::File, text.file_id, &place).await,
    });
    if let Some(of) = of
        && is_taken(tx, of.council_id, &text.number, adopted_on).await?
    {
        checks.push(Err(Refused::from(NUMBER_TAKEN.reason().at(format!("{at}/number"))).into()));
    }
    all_of(checks)
}

/// Whether the council has a decision with that number in the year of the day.
async fn is_taken(
    tx: &mut Tx<'_>,
    council: CouncilId,
    number: &OrderNumber,
    adopted_on: NaiveDate,
) -> Result<bool, Failure> {
    let taken = decisions::table
        .filter(decisions::council_id.eq(bind(council)))
        .filter(decisions::year.eq(adopted_on.year()))
        .filter(decisions::number.eq(bind(number.clone())))
        .select(decisions::id);
    let taken: Option<DecisionId> = db!(tx, first, taken).optional()?;
    Ok(taken.is_some())
}

/// Saves a decision with its tasks.
pub async fn save_adopted(tx: &mut Tx<'_>, change: Changed<Adopted>) -> Result<(), Failure> {
    let (it, records) = change.into_parts();
    let text = it.text.clone();
    let row = (
        decisions::id.eq(bind(it.id)),
        decisions::version.eq(1),
        decisions::council_id.eq(bind(it.of.council_id)),
        decisions::organization_id.eq(bind(it.of.organization_id)),
        decisions::meeting_id.eq(bind(it.of.meeting_id)),
        decisions::number.eq(bind(text.number)),
        decisions::year.eq(it.adopted_on.year()),
        decisions::adopted_on.eq(it.adopted_on),
        decisions::title.eq(bind(text.title)),
        decisions::preamble.eq(bind(text.preamble)),
        decisions::items.eq(bind(Json(text.items))),
        decisions::signatory.eq(bind(Json(text.signatory))),
        decisions::act_ids.eq(bind(Json(text.act_ids))),
        decisions::file_id.eq(bind(text.file_id)),
        decisions::state.eq(bind(DecisionState::Adopted)),
        decisions::created_at.eq(bind(tx.now())),
        decisions::updated_at.eq(bind(tx.now())),
    );
    let rows = db!(tx, execute, diesel::insert_into(decisions::table).values(row))?;
    tx.established(rows, records)?;
    give_tasks(tx, &it).await
}

/// Each instruction and each recommendation becomes a task of the organization that keeps the council.
async fn give_tasks(tx: &mut Tx<'_>, it: &Adopted) -> Result<(), Failure> {
    let source = Subject::new(SubjectKind::Decision, it.id);
    let parties =
        Parties { organization_id: Some(it.of.organization_id), assignee_person_id: None, first_on: None };
    for item in it.text.items.iter().filter(|it| it.kind.makes_task()) {
        let controller = match item.controller_user_id {
            Some(user) => user,
            None => tx.author()?,
        };
        let form = task_of(it, item, controller);
        let given = OpenTask::follow(tx.mint(), &form, parties, source, it.adopted_on);
        tasks::save_given(tx, given).await?;
    }
    Ok(())
}

fn task_of(it: &Adopted, item: &DecisionItem, controller_user_id: UserId) -> TaskForm {
    let to = |id: OrganizationId| Assignee { kind: AssigneeKind::Organization, id: Uuid::from(id).into() };
    let title = format!("Решение № {}, пункт {}", it.text.number, item.no);
    TaskForm {
        kind: TaskKind::CouncilItem,
        title: Title::new(&title),
        note: Some(item.text.clone()),
        case_id: None,
        source: None,
        assignee: item.organization_id.map(to),
        addressee: item.addressee.clone(),
        co_organization_ids: item.co_organization_ids.clone(),
        controller_user_id,
        due_on: item.due_on,
        report_every: item.report_every,
        binding: item.kind == DecisionItemKind::Instruction,
        needs_acceptance: true,
        priority: first(),
    }
}

/// The things that a refused annulment names at most.
const MOST_TOLD: i64 = 20;

/// The decisions of a council that are in force, as reasons against its annulment: their tasks bind others.
pub(crate) async fn built_on(tx: &mut Tx<'_>, council: CouncilId) -> Result<Vec<Reason>, Failure> {
    let adopted = decisions::table
        .filter(decisions::council_id.eq(bind(council)))
        .filter(decisions::state.eq(bind(DecisionState::Adopted)))
        .order((decisions::adopted_on, decisions::id))
        .limit(MOST_TOLD)
        .select(decisions::id);
    let ids: Vec<DecisionId> = db!(tx, load, adopted)?;
    Ok(ids.into_iter().map(|it| rests(SubjectKind::Decision, it)).collect())
}

/// Loads a decision for its cancellation, and the decision that cancels it.
pub async fn load_cancelling(
    tx: &mut Tx<'_>,
    id: DecisionId,
    order: &DecisionCancellation,
) -> Result<(InForce, Standing), Failure> {
    let it = row(tx, id).await?;
    tx.expect(it.version)?;
    let by = must_refer(tx, SubjectKind::Decision, Some(order.by_decision_id), "/by_decision_id").await;
    let it = ruled(it.standing().in_force(), [by])?;
    let one = decisions::table.find(bind(order.by_decision_id));
    let by: Row = db!(tx, first, one.select(Row::as_select()))?;
    Ok((it, by.standing()))
}

/// Saves a cancelled decision. Tasks of it that are not done end with it.
pub async fn save_cancelled(tx: &mut Tx<'_>, change: Changed<Cancelled>) -> Result<(), Failure> {
    let (it, records) = change.into_parts();
    let set = (
        decisions::version.eq(decisions::version + 1),
        decisions::state.eq(bind(DecisionState::Cancelled)),
        decisions::cancelled_by_id.eq(bind(Some(it.by_decision_id))),
        decisions::cancelled_on.eq(Some(it.cancelled_on)),
        decisions::updated_at.eq(bind(tx.now())),
    );
    let adopted = decisions::table
        .filter(decisions::id.eq(bind(it.id)))
        .filter(decisions::state.eq(bind(DecisionState::Adopted)));
    let rows = db!(tx, execute, prepared(diesel::update(adopted).set(set)))?;
    tx.established(rows, records)?;
    let source = Subject::new(SubjectKind::Decision, it.id);
    tasks::end_with_source(tx, source, TaskCancellationReason::DecisionCancelled).await
}
