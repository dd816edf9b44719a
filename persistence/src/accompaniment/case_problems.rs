//! Problems of cases in the database.
use crate::accompaniment::cases::{self as case_rows, seen};
use crate::engine::card::cards;
use crate::engine::column::{bind, binds};
use crate::engine::conn::{db, prepared};
use crate::engine::failure::Failure;
use crate::engine::page::{Page, Place, Window};
use crate::engine::schema::{beneficiaries, case_problem_changes, case_problems, cases};
use crate::scope::{Way, among, when, within};
use crate::sight::is_found;
use crate::tx::Tx;
use chrono::NaiveDate;
use diesel::prelude::*;
use domain::accompaniment::case_problems::{
    CaseProblem, CaseProblemForm, CaseProblemOffers, CaseProblemState, Moved,
};
use domain::base::access::Right;
use domain::base::action::{AvailableAction, Judged, available};
use domain::base::change::{Changed, Subject, SubjectKind};
use domain::base::id::{CaseId, CaseProblemId, OrganizationId};
use domain::base::moment::Moment;
use domain::base::text::Note;
use domain::base::word::Word;
use domain::people::HardshipCause;
use shape::card;
use std::collections::HashMap;

/// A change of the state of a problem.
#[card]
pub struct CaseProblemChange {
    /// The new state of the problem.
    pub state: CaseProblemState,
    /// The note about the change.
    pub note: Option<Note>,
    /// The day of the change.
    pub on: NaiveDate,
    /// The moment at which the change was recorded.
    pub recorded_at: Moment,
}

/// A problem of a case as every endpoint returns it.
#[card]
pub struct CaseProblemCard {
    /// The id of the case problem.
    pub id: CaseProblemId,
    /// The version number; it grows with every change and is the value of the `ETag` header.
    #[schema(minimum = 1, example = 1)]
    pub version: i64,
    /// The case of the problem.
    pub case_id: CaseId,
    /// The state of the case problem.
    pub state: CaseProblemState,
    /// The cause of the problem, if it is known.
    pub cause: Option<HardshipCause>,
    /// The problem in words.
    pub text: Note,
    /// The day on which the problem was noticed.
    pub noticed_on: NaiveDate,
    /// The changes of the problem's state, the latest last; at most the last 100.
    #[schema(max_items = 100)]
    pub changes: Vec<CaseProblemChange>,
    /// Orders that this caller may send to the problem now.
    #[schema(max_items = 20)]
    pub available_actions: Vec<AvailableAction>,
    /// The moment at which the problem was entered.
    pub created_at: Moment,
    /// The moment of the last change.
    pub updated_at: Moment,
}

cards! { CaseProblemCard in "case-problems" about CaseProblem; }

/// Changes of a problem that its card shows at most.
const SHOWN: usize = 100;
const TEXT: &str = "case_problems.text";

/// The place of a note in the changes, which the seal binds: the note opens at no other place.
fn place(n: i32) -> String {
    format!("case_problem_changes.note\0{n}")
}

#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = case_problems)]
struct Row {
    id: CaseProblemId,
    version: i64,
    case_id: CaseId,
    cause: Option<HardshipCause>,
    text: String,
    noticed_on: NaiveDate,
    state: CaseProblemState,
    changed_on: NaiveDate,
    created_at: Moment,
    updated_at: Moment,
}

type OfCase = (Row, OrganizationId);

#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = case_problem_changes)]
struct Step {
    problem_id: CaseProblemId,
    n: i32,
    state: CaseProblemState,
    note: Option<String>,
    changed_on: NaiveDate,
    recorded_at: Moment,
}

/// Whether the right of this transaction reaches the problem, as it reaches its case.
pub(crate) async fn reaches(tx: &mut Tx<'_>, id: CaseProblemId) -> Result<bool, Failure> {
    is_found(row(tx, id).await)
}

/// The names of those of the given problems whose cases the right of this transaction reaches: the cause and the day.
pub(crate) async fn names(
    tx: &mut Tx<'_>,
    ids: &[CaseProblemId],
) -> Result<Vec<(CaseProblemId, String)>, Failure> {
    let scope = tx.scope().clone();
    let found: Vec<(CaseProblemId, Option<HardshipCause>, NaiveDate)> = db!(tx, load, {
        seen!(case_problems::table.inner_join(cases::table), scope)
            .filter(case_problems::id.eq_any(binds(ids)))
            .select((case_problems::id, case_problems::cause, case_problems::noticed_on))
    })?;
    let name = |cause: Option<HardshipCause>| cause.map_or("проблема", HardshipCause::ru);
    Ok(found.into_iter().map(|(id, cause, day)| (id, format!("{}, {day}", name(cause)))).collect())
}

/// The row of one visible problem. Every query for one problem begins here.
async fn row(tx: &mut Tx<'_>, id: CaseProblemId) -> Result<OfCase, Failure> {
    let missing = || Failure::NotFound(Some(Subject::new(SubjectKind::CaseProblem, id)));
    let one = case_problems::table.inner_join(cases::table).filter(case_problems::id.eq(bind(id)));
    let it: OfCase = db!(tx, first, one.select((Row::as_select(), cases::organization_id)))
        .optional()?
        .ok_or_else(missing)?;
    if case_rows::reaches(tx, it.0.case_id).await? { Ok(it) } else { Err(missing()) }
}

fn change(tx: &Tx<'_>, it: Step) -> Result<CaseProblemChange, Failure> {
    let note = tx.core.keys.open_some(&place(it.n), it.problem_id, it.note)?;
    Ok(CaseProblemChange { state: it.state, note, on: it.changed_on, recorded_at: it.recorded_at })
}

/// The changes of the state of the given problems.
async fn changes(
    tx: &mut Tx<'_>,
    ids: &[CaseProblemId],
) -> Result<HashMap<CaseProblemId, Vec<CaseProblemChange>>, Failure> {
    let steps: Vec<Step> = db!(
        tx,
        load,
        case_problem_changes::table
            .filter(case_problem_changes::problem_id.eq_any(binds(ids)))
            .order((case_problem_changes::problem_id, case_problem_changes::n))
            .select(Step::as_select())
    )?;
    let mut all: HashMap<CaseProblemId, Vec<CaseProblemChange>> = HashMap::new();
    for step in steps {
        let id = step.problem_id;
        all.entry(id).or_default().push(change(tx, step)?);
    }
    for it in all.values_mut() {
        it.drain(..it.len().saturating_sub(SHOWN));
    }
    Ok(all)
}

async fn shown(tx: &mut Tx<'_>, rows: Vec<OfCase>, judged: Judged) -> Result<Vec<CaseProblemCard>, Failure> {
    let ids: Vec<CaseProblemId> = rows.iter().map(|(it, _)| it.id).collect();
    let mut changes = changes(tx, &ids).await?;
    let editable = tx.scope_of(Right::EditCases);
    let card = |(it, organization): OfCase| {
        let may_edit = editable.answers_for(organization);
        let offers = CaseProblemOffers(it.state);
        Ok(CaseProblemCard {
            id: it.id,
            version: it.version,
            case_id: it.case_id,
            state: it.state,
            cause: it.cause,
            text: tx.core.keys.open(TEXT, it.id.into(), &it.text)?,
            noticed_on: it.noticed_on,
            changes: changes.remove(&it.id).unwrap_or_default(),
            available_actions: available(&offers, it.id, judged, |_| may_edit, |_| true),
            created_at: it.created_at,
            updated_at: it.updated_at,
        })
    };
    tx.readable(rows.into_iter().map(card))
}

/// The card of one problem.
pub async fn card(tx: &mut Tx<'_>, id: CaseProblemId) -> Result<CaseProblemCard, Failure> {
    let found = row(tx, id).await?;
    shown(tx, vec![found], Judged::Whole).await?.pop().ok_or(Failure::NotFound(None))
}

/// The problems of a case, the newest entry first.
pub async fn list(tx: &mut Tx<'_>, case: CaseId, window: &Window) -> Result<Page<CaseProblemCard>, Failure> {
    listed(tx, case, false, window).await
}

/// Those that are not resolved.
pub(crate) async fn list_unresolved(
    tx: &mut Tx<'_>,
    case: CaseId,
    window: &Window,
) -> Result<Page<CaseProblemCard>, Failure> {
    listed(tx, case, true, window).await
}

async fn listed(
    tx: &mut Tx<'_>,
    case: CaseId,
    are_unresolved: bool,
    window: &Window,
) -> Result<Page<CaseProblemCard>, Failure> {
    if !case_rows::reaches(tx, case).await? {
        return Err(Failure::NotFound(Some(Subject::new(SubjectKind::Case, case))));
    }
    let rows: Vec<OfCase> = db!(tx, load, {
        let mut all = case_problems::table
            .inner_join(cases::table)
            .filter(case_problems::case_id.eq(bind(case)))
            .select((Row::as_select(), cases::organization_id))
            .order(case_problems::id.desc())
            .limit(window.fetch())
            .into_boxed();
        if are_unresolved {
            all = all.filter(case_problems::state.ne(bind(CaseProblemState::Resolved)));
        }
        if let Some(after) = window.after_id() {
            all = all.filter(case_problems::id.lt(bind(after)));
        }
        all
    })?;
    let page = window.page(rows, |it| Place::id(it.0.id));
    Ok(Page { items: shown(tx, page.items, Judged::State).await?, next: page.next })
}

/// Loads a problem that a rule will change.
pub async fn load(tx: &mut Tx<'_>, id: CaseProblemId) -> Result<CaseProblem, Failure> {
    let (it, _) = row(tx, id).await?;
    tx.expect(it.version)?;
    let text = tx.core.keys.open(TEXT, id.into(), &it.text)?;
    let form = CaseProblemForm { cause: it.cause, text, noticed_on: it.noticed_on };
    Ok(CaseProblem { id, case_id: it.case_id, form, state: it.state, changed_on: it.changed_on })
}

/// Saves a new problem.
pub async fn save_noticed(tx: &mut Tx<'_>, change: Changed<CaseProblem>) -> Result<(), Failure> {
    let (it, records) = change.into_parts();
    let row = (
        case_problems::id.eq(bind(it.id)),
        case_problems::version.eq(1),
        case_problems::case_id.eq(bind(it.case_id)),
        case_problems::cause.eq(bind(it.form.cause)),
        case_problems::text.eq(bind(tx.core.keys.seal(TEXT, it.id.into(), &it.form.text)?)),
        case_problems::noticed_on.eq(it.form.noticed_on),
        case_problems::state.eq(bind(it.state)),
        case_problems::changed_on.eq(it.changed_on),
        case_problems::created_at.eq(bind(tx.now())),
        case_problems::updated_at.eq(bind(tx.now())),
    );
    let rows = db!(tx, execute, diesel::insert_into(case_problems::table).values(row))?;
    tx.established(rows, records)
}

/// Saves a change of a problem's state, and adds it to the earlier ones.
pub async fn save_moved(tx: &mut Tx<'_>, change: Changed<Moved>) -> Result<(), Failure> {
    let (Moved { problem, order }, records) = change.into_parts();
    let (id, state) = (problem.id, problem.state);
    let steps = case_problem_changes::table.filter(case_problem_changes::problem_id.eq(bind(id)));
    let last: Option<i32> =
        db!(tx, first, steps.order(case_problem_changes::n.desc()).select(case_problem_changes::n))
            .optional()?;
    let n = last.map_or(1, |it| it.saturating_add(1));
    let note = tx.core.keys.seal_some(&place(n), id, order.note.as_ref())?;
    let step = (
        case_problem_changes::problem_id.eq(bind(id)),
        case_problem_changes::n.eq(n),
        case_problem_changes::state.eq(bind(state)),
        case_problem_changes::note.eq(bind(note)),
        case_problem_changes::changed_on.eq(order.on),
        case_problem_changes::recorded_at.eq(bind(tx.now())),
    );
    db!(tx, execute, diesel::insert_into(case_problem_changes::table).values(step))?;
    let set = (
        case_problems::version.eq(case_problems::version + 1),
        case_problems::state.eq(bind(state)),
        case_problems::changed_on.eq(problem.changed_on),
        case_problems::updated_at.eq(bind(tx.now())),
    );
    let rows = db!(tx, execute, prepared(diesel::update(case_problems::table.find(bind(id))).set(set)))?;
    tx.established(rows, records)
}
