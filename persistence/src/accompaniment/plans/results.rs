//! Results of plans: what became of goals and steps.
use super::cards::PlanResultCard;
use super::plan::Row as PlanRow;
use super::versions::read_goals;
use crate::engine::column::bind;
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::page::{Page, Place, Window};
use crate::engine::schema::plan_results;
use crate::tx::Tx;
use chrono::NaiveDate;
use diesel::prelude::*;
use domain::accompaniment::plans::*;
use domain::base::id::*;
use domain::base::moment::Moment;
use domain::base::text::{Code, Note};
use shape::filter;
use std::collections::{BTreeMap, HashSet};

pub(super) const NOTE: &str = "plan_results.note";

/// Filters of the list of results.
#[filter]
pub struct PlanResultFilter {
    /// Only results of the goal or the step with this key.
    #[param(min_length = 2, max_length = 64, example = "open-day")]
    pub key: Option<String>,
}

#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = plan_results)]
struct Row {
    id: PlanResultId,
    version_id: PlanVersionId,
    key: Code,
    state: PlanProgress,
    happened_on: NaiveDate,
    moved_to: Option<NaiveDate>,
    note: Option<String>,
    made_by: Option<UserId>,
    created_at: Moment,
}

impl Row {
    fn shown(self, tx: &Tx<'_>, beneficiary_id: BeneficiaryId) -> Result<PlanResultCard, Failure> {
        Ok(PlanResultCard {
            id: self.id,
            version_id: self.version_id,
            beneficiary_id,
            key: self.key,
            state: self.state,
            happened_on: self.happened_on,
            moved_to: self.moved_to,
            note: tx.core.keys.open_some(NOTE, self.id, self.note)?,
            made_by_user_id: self.made_by,
            created_at: self.created_at,
        })
    }
}

fn keys(goals: &[PlanGoal]) -> HashSet<&Code> {
    goals.iter().flat_map(|it| std::iter::once(&it.key).chain(it.steps.iter().map(|it| &it.key))).collect()
}

/// The last result of each of the goals and their steps, the latest first.
pub(super) async fn last_of(
    tx: &mut Tx<'_>,
    plan: &PlanRow,
    goals: &[PlanGoal],
) -> Result<Vec<PlanResultCard>, Failure> {
    let all = plan_results::table.filter(plan_results::plan_id.eq(bind(plan.id)));
    let rows: Vec<Row> = db!(tx, load, all.order(plan_results::id.desc()).select(Row::as_select()))?;
    let mut open = keys(goals);
    let last = rows.into_iter().filter(|it| open.remove(&it.key));
    tx.readable(last.map(|it| it.shown(tx, plan.beneficiary_id)))
}

/// Results of the goals and steps that the caller reads in a version, also of earlier versions, the newest first.
pub async fn results(
    tx: &mut Tx<'_>,
    id: PlanVersionId,
    filter: &PlanResultFilter,
    window: &Window,
) -> Result<Page<PlanResultCard>, Failure> {
    let (plan, goals, eyes) = read_goals(tx, id).await?;
    let keys = keys(&goals);
    let rows: Vec<Row> = db!(tx, load, {
        let mut all = plan_results::table
            .filter(plan_results::plan_id.eq(bind(plan.id)))
            .select(Row::as_select())
            .order(plan_results::id.desc())
            .limit(window.fetch())
            .into_boxed();
        if let Some(after) = window.after_id() {
            all = all.filter(plan_results::id.lt(bind(after)));
        }
        if let Some(key) = &filter.key {
            all = all.filter(plan_results::key.eq(bind(Code::new(key))));
        }
        all
    })?;
    let page = window.page(rows, |it| Place::id(it.id));
    let read = page.items.into_iter().filter(|it| eyes == PlanEyes::Staff || keys.contains(&it.key));
    let items = tx.readable(read.map(|it| it.shown(tx, plan.beneficiary_id)))?;
    Ok(Page { items, next: page.next })
}

/// Copies the last result of each goal and step to the plan of the organization that takes the case over. The version that it opens in
/// this transaction tells of them.
pub(super) async fn pass_on(
    tx: &mut Tx<'_>,
    from: PlanId,
    (plan, version): (PlanId, PlanVersionId),
) -> Result<(), Failure> {
    let all = plan_results::table.filter(plan_results::plan_id.eq(bind(from))).order(plan_results::id);
    let rows: Vec<Row> = db!(tx, load, all.select(Row::as_select()))?;
    // The later result replaces the earlier one.
    let last: BTreeMap<String, Row> = rows.into_iter().map(|it| (it.key.to_string(), it)).collect();
    for row in last.into_values() {
        let id: PlanResultId = tx.mint();
        let note: Option<Note> = tx.core.keys.open_some(NOTE, row.id, row.note)?;
        let copy = (
            plan_results::id.eq(bind(id)),
            plan_results::plan_id.eq(bind(plan)),
            plan_results::version_id.eq(bind(version)),
            plan_results::key.eq(bind(row.key)),
            plan_results::state.eq(bind(row.state)),
            plan_results::happened_on.eq(row.happened_on),
            plan_results::moved_to.eq(row.moved_to),
            plan_results::note.eq(bind(tx.core.keys.seal_some(NOTE, id, note.as_ref())?)),
            plan_results::made_by.eq(bind(row.made_by)),
            plan_results::created_at.eq(bind(tx.now())),
        );
        db!(tx, execute, diesel::insert_into(plan_results::table).values(copy))?;
    }
    Ok(())
}
