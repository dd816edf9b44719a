//! Forms of plans in the database. All editions are open to all who may read them.
use crate::engine::card::Card;
use crate::engine::column::{Json, any, bind, binds};
use crate::engine::conn::db;
use crate::engine::editions::{in_effect, latest};
use crate::engine::failure::Failure;
use crate::engine::page::{Page, Place, Window};
use crate::engine::schema::plan_forms;
use crate::sight::dangling;
use crate::tx::Tx;
use chrono::NaiveDate;
use diesel::prelude::*;
use domain::accompaniment::plan_forms::{PlanForm, PlanKind, PlanLayout};
use domain::base::change::{Changed, Subject, SubjectKind};
use domain::base::filters::any::AnyOf;
use domain::base::id::PlanFormId;
use domain::base::moment::Moment;
use domain::base::word::Word;
use domain::region::programs::EditionDifference;
use shape::{card, filter};
use std::collections::HashMap;

/// An edition of a plan form as every endpoint returns it. It never changes.
#[card]
#[derive(Queryable, Selectable)]
#[diesel(table_name = plan_forms)]
pub struct PlanFormCard {
    /// The id of the edition.
    pub id: PlanFormId,
    /// The number of the edition among those of that form, from 1.
    #[schema(minimum = 1, maximum = 10_000, example = 1)]
    pub number: i32,
    /// The content of the edition.
    #[schema(value_type = PlanLayout)]
    pub layout: Json<PlanLayout>,
    /// The moment at which the edition was issued.
    pub created_at: Moment,
}

impl Card for PlanFormCard {
    fn path(&self) -> Option<String> {
        Some(format!("/api/v1/plan-forms/{}", self.id))
    }
}

/// The differences between two editions of a plan form.
#[card]
pub struct PlanFormComparison {
    /// The members that differ, in the order of the form.
    #[schema(max_items = 20)]
    pub differences: Vec<EditionDifference>,
}

impl Card for PlanFormComparison {}

/// Filters of the list of plan forms.
#[filter]
pub struct PlanFormFilter {
    /// Only editions of the form of these kinds of plan.
    pub kind: Option<AnyOf<PlanKind>>,
    /// Only the editions in effect on this day, at most one of each form.
    #[param(example = "2026-03-01")]
    pub in_force_on: Option<NaiveDate>,
}

/// The visible editions. Every query begins here. An open right reaches all; another right reaches all or none.
macro_rules! visible {
    ($scope:expr) => {{
        let mut all = plan_forms::table.into_boxed();
        if $scope.is_nothing() {
            all = all.filter(plan_forms::id.eq_any(binds::<PlanFormId>(&[])));
        }
        all
    }};
}

fn form(it: PlanFormCard) -> PlanForm {
    PlanForm { id: it.id, number: it.number, layout: it.layout.0 }
}

/// Whether the right of this transaction reaches the edition.
pub(crate) async fn reaches(tx: &mut Tx<'_>, id: PlanFormId) -> Result<bool, Failure> {
    crate::sight::is_found(card(tx, id).await)
}

/// The names of those of the given editions that the right of this transaction reaches: the kind of plan and the number.
pub(crate) async fn names(tx: &mut Tx<'_>, ids: &[PlanFormId]) -> Result<Vec<(PlanFormId, String)>, Failure> {
    let (scope, some) = (tx.scope().clone(), plan_forms::id.eq_any(binds(ids)));
    let columns = (plan_forms::id, plan_forms::kind, plan_forms::number);
    let found: Vec<(PlanFormId, PlanKind, i32)> =
        db!(tx, load, visible!(scope).filter(some).select(columns))?;
    Ok(found.into_iter().map(|(id, kind, number)| (id, format!("{}, № {number}", kind.ru()))).collect())
}

/// The card of one edition.
pub async fn card(tx: &mut Tx<'_>, id: PlanFormId) -> Result<PlanFormCard, Failure> {
    let scope = tx.scope().clone();
    let one = plan_forms::id.eq(bind(id));
    db!(tx, first, visible!(scope).filter(one).select(PlanFormCard::as_select()))
        .optional()?
        .ok_or(Failure::NotFound(Some(Subject::new(SubjectKind::PlanForm, id))))
}

/// The comparison of an edition with another one of the same form.
pub async fn comparison(
    tx: &mut Tx<'_>,
    id: PlanFormId,
    with: Option<PlanFormId>,
) -> Result<PlanFormComparison, Failure> {
    let first = form(card(tx, id).await?);
    let with = with.ok_or_else(|| dangling("/with"))?;
    let second = match card(tx, with).await {
        Err(Failure::NotFound(_)) => return Err(dangling("/with")),
        found => form(found?),
    };
    Ok(PlanFormComparison { differences: first.compare(&second)? })
}

/// Editions, the newest first.
pub async fn list(
    tx: &mut Tx<'_>,
    filter: &PlanFormFilter,
    window: &Window,
) -> Result<Page<PlanFormCard>, Failure> {
    let scope = tx.scope().clone();
    let in_force = match filter.in_force_on {
        Some(day) => Some(in_force(tx, day).await?),
        None => None,
    };
    let rows: Vec<PlanFormCard> = db!(tx, load, {
        let mut all = visible!(scope)
            .select(PlanFormCard::as_select())
            .order(plan_forms::id.desc())
            .limit(window.fetch());
        if let Some(after) = window.after_id() {
            all = all.filter(plan_forms::id.lt(bind(after)));
        }
        if let Some(kind) = &filter.kind {
            all = all.filter(plan_forms::kind.eq_any(any(kind)));
        }
        if let Some(ids) = &in_force {
            all = all.filter(plan_forms::id.eq_any(binds(ids)));
        }
        all
    })?;
    Ok(window.page(rows, |it| Place::id(it.id)))
}

/// The editions in effect on a day, at most one of each form.
async fn in_force(tx: &mut Tx<'_>, on: NaiveDate) -> Result<Vec<PlanFormId>, Failure> {
    let mut ids = Vec::new();
    for kind in PlanKind::ALL {
        let all = plan_forms::table.filter(plan_forms::kind.eq(bind(*kind)));
        let found: Option<PlanFormId> = in_effect!(tx, plan_forms, all, on, plan_forms::id);
        ids.extend(found);
    }
    Ok(ids)
}

/// The edition by which a version is drafted on a day.
pub(super) async fn effective(
    tx: &mut Tx<'_>,
    kind: PlanKind,
    on: NaiveDate,
) -> Result<Option<PlanForm>, Failure> {
    let all = plan_forms::table.filter(plan_forms::kind.eq(bind(kind)));
    let found: Option<PlanFormCard> = in_effect!(tx, plan_forms, all, on, PlanFormCard::as_select());
    Ok(found.map(form))
}

/// The editions of versions. The caller's scope does not limit them.
pub(super) async fn of_versions(
    tx: &mut Tx<'_>,
    ids: &[PlanFormId],
) -> Result<HashMap<PlanFormId, PlanForm>, Failure> {
    let some = plan_forms::table.filter(plan_forms::id.eq_any(binds(ids)));
    let found: Vec<PlanFormCard> = db!(tx, load, some.select(PlanFormCard::as_select()))?;
    Ok(found.into_iter().map(|it| (it.id, form(it))).collect())
}

/// The latest edition of a form. The next one follows it.
pub async fn latest(tx: &mut Tx<'_>, kind: PlanKind) -> Result<Option<PlanForm>, Failure> {
    let all = plan_forms::table.filter(plan_forms::kind.eq(bind(kind)));
    let found: Option<PlanFormCard> = latest!(tx, plan_forms, all, PlanFormCard::as_select());
    Ok(found.map(form))
}

/// Saves an issued edition, and answers it as it is shown.
pub async fn save_issued(tx: &mut Tx<'_>, change: Changed<PlanForm>) -> Result<PlanFormCard, Failure> {
    let (it, records) = change.into_parts();
    let row = (
        plan_forms::id.eq(bind(it.id)),
        plan_forms::kind.eq(bind(it.layout.kind)),
        plan_forms::number.eq(it.number),
        plan_forms::effective_from.eq(it.layout.effective_from),
        plan_forms::layout.eq(bind(Json(it.layout))),
        plan_forms::created_at.eq(bind(tx.now())),
    );
    let insert = diesel::insert_into(plan_forms::table).values(row);
    let saved = db!(tx, get_result, insert.returning(PlanFormCard::as_returning()));
    tx.returned(saved, records)
}
