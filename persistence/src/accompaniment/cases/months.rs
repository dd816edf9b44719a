//! Cases as their months see them: those that are expected to have a record of a month.
use super::{Row, missing, whole};
use crate::engine::column::bind;
use crate::engine::conn::db;
use crate::engine::counts::Unless;
use crate::engine::failure::Failure;
use crate::engine::schema::{beneficiaries, cases, monthly_records};
use crate::scope::cases::seen;
use crate::scope::{Way, among, when, within};
use crate::tx::Tx;
use diesel::dsl::{count_star, exists, not};
use diesel::prelude::*;
use domain::accompaniment::cases::{Case, CaseState};
use domain::accompaniment::monthly_records::CaseMonths;
use domain::base::id::{CaseId, OrganizationId, UserId};
use domain::base::month::Month;
use uuid::Uuid;

/// A case with its months.
pub(crate) struct MonthlyCase {
    pub(crate) case: Case,
    pub(crate) months: CaseMonths,
}

impl MonthlyCase {
    pub(crate) fn expected(&self) -> Expected {
        let it = self.case.was();
        (it.id, it.organization_id, it.specialist_user_id)
    }
}

/// A visible case with its months.
pub(crate) async fn with_months(tx: &mut Tx<'_>, id: CaseId) -> Result<MonthlyCase, Failure> {
    let scope = tx.scope().clone();
    let one =
        db!(tx, first, seen!(cases::table, scope).filter(cases::id.eq(bind(id))).select(Row::as_select()));
    let row: Row = one.optional()?.ok_or_else(|| missing(id))?;
    let entered_on = tx.zone().day(row.created_at);
    let entered_on = row.months_from.map_or(entered_on, |it| it.max(entered_on));
    let case = whole(tx, row)?;
    Ok(MonthlyCase { months: CaseMonths::of(&case, entered_on), case })
}

/// The condition that a case is expected to have a record of a month, as [`CaseMonths::has`] tells it.
macro_rules! expected_in {
    ($month:expr, $zone:expr) => {{
        let (first, last, end) = ($month.first_day(), $month.last_day(), $month.instants($zone).1);
        cases::opened_on
            .le(last)
            .and(cases::closed_on.is_null().or(cases::closed_on.assume_not_null().ge(first)))
            .and(cases::created_at.lt(bind(end)))
            .and(cases::months_from.is_null().or(cases::months_from.assume_not_null().le(last)))
    }};
}

/// The signed records of a month of a case.
macro_rules! signed_in {
    ($month:expr) => {
        monthly_records::table
            .filter(monthly_records::case_id.eq(cases::id))
            .filter(monthly_records::month_on.eq($month.first_day()))
            .filter(monthly_records::signed_on.is_not_null())
    };
}

/// The question for cases that are expected to have a record of a month.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ExpectedIn {
    pub(crate) month: Month,
    /// Only those whose record is signed, or only those whose is not.
    pub(crate) signed: Option<bool>,
    pub(crate) organization_id: Option<OrganizationId>,
    pub(crate) specialist_user_id: Option<UserId>,
    /// Only cases that are older than this one.
    pub(crate) after: Option<Uuid>,
    pub(crate) limit: i64,
}

/// A case that is expected to have a record, with its organization and its specialist.
pub(crate) type Expected = (CaseId, OrganizationId, Option<UserId>);

/// Visible cases that are expected to have a record of a month, the newest first. Open ones and those that were closed since the month
/// began are two walks: a walk over all would pass the cases of many years.
pub(crate) async fn expected(tx: &mut Tx<'_>, asked: &ExpectedIn) -> Result<Vec<Expected>, Failure> {
    let (scope, zone, month) = (tx.scope().clone(), tx.zone(), asked.month);
    macro_rules! walked {
        ($those:expr) => {
            db!(tx, load, {
                let mut all = seen!(cases::table, scope)
                    .filter($those)
                    .filter(expected_in!(month, zone))
                    .select((cases::id, cases::organization_id, cases::specialist_user_id))
                    .order(cases::id.desc())
                    .limit(asked.limit);
                if let Some(after) = asked.after {
                    all = all.filter(cases::id.lt(bind(after)));
                }
                all = match asked.signed {
                    Some(true) => all.filter(exists(signed_in!(month))),
                    Some(false) => all.filter(not(exists(signed_in!(month)))),
                    None => all,
                };
                if let Some(organization) = asked.organization_id {
                    all = all.filter(cases::organization_id.eq(bind(organization)));
                }
                if let Some(specialist) = asked.specialist_user_id {
                    all = all.filter(cases::specialist_user_id.eq(bind(Some(specialist))));
                }
                all
            })?
        };
    }
    let mut rows: Vec<Expected> = walked!(cases::state.eq(bind(CaseState::Open)));
    let others = diesel::alias!(cases as ended);
    // A list, which is read by the index of these days.
    let ended = || others.filter(others.field(cases::closed_on).ge(month.first_day()));
    let closed: Vec<Expected> = walked!(cases::id.eq_any(ended().select(others.field(cases::id))));
    rows.extend(closed);
    rows.sort_unstable_by_key(|it| std::cmp::Reverse(it.0));
    rows.truncate(usize::try_from(asked.limit).unwrap_or(0));
    Ok(rows)
}

/// The cases of each organization that are expected to have a record of a month, that have it in time, and that have it later.
pub(crate) async fn completeness(
    tx: &mut Tx<'_>,
    month: Month,
) -> Result<[Vec<(OrganizationId, i64)>; 3], Failure> {
    let (scope, zone) = (tx.scope().clone(), tx.zone());
    macro_rules! by_organization {
        ($more:expr) => {
            db!(tx, load, {
                let is_seen = cases::id.eq_any(seen!(cases::table, scope).select(cases::id));
                cases::table
                    .filter(Unless(scope.everything, is_seen))
                    .filter(expected_in!(month, zone))
                    .filter($more)
                    .group_by(cases::organization_id)
                    .select((cases::organization_id, count_star()))
            })?
        };
    }
    let (signed_on, due_on) =
        (monthly_records::signed_on.assume_not_null(), monthly_records::due_on.assume_not_null());
    let all = by_organization!(cases::opened_on.le(month.last_day()));
    let in_time = by_organization!(exists(signed_in!(month).filter(signed_on.le(due_on))));
    let late = by_organization!(exists(signed_in!(month).filter(signed_on.gt(due_on))));
    Ok([all, in_time, late])
}
