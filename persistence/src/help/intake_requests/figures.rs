//! Figures of requests for help: who finds people in need, and the help that came of it (003 L55).
use super::seeing::{sight, unconcerned};
use crate::engine::card::Card;
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::schema::{intake_requests as requests, service_deliveries as deliveries};
use crate::scope::{Way as _, among, within};
use crate::tx::Tx;
use chrono::{Datelike, NaiveDate};
use diesel::dsl::{count, count_star};
use diesel::prelude::*;
use domain::base::filters::period::must_have_days;
use domain::help::intake_requests::{IntakeSource, IntakeState};
use shape::{card, filter};
use std::collections::BTreeMap;

/// The period of the figures.
#[filter]
pub struct IntakeQuestion {
    /// The first day on which the requests were received. By default the first day of the year of `to`.
    pub from: Option<NaiveDate>,
    /// The last day. By default today.
    pub to: Option<NaiveDate>,
}

/// The requests from one source.
#[card]
pub struct IntakeSourceFigures {
    /// The source.
    pub source: IntakeSource,
    /// The number of requests that were received in the period.
    #[schema(minimum = 1, maximum = 9_007_199_254_740_991_i64, example = 14)]
    pub requests: i64,
    /// Those of them that were accepted.
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_i64, example = 9)]
    pub accepted: i64,
    /// The services that were delivered after the request, until the last day, in the cases into which they were accepted. Those of the day
    /// of the request count, and each service counts once.
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_i64, example = 31)]
    pub services: i64,
}

/// The requests of a period, by their source.
#[card]
pub struct IntakeSummary {
    /// The first day.
    pub from: NaiveDate,
    /// The last day.
    pub to: NaiveDate,
    /// The number of requests that were received in the period.
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_i64, example = 23)]
    pub requests: i64,
    /// Each source from which there was one.
    #[schema(max_items = 20)]
    pub sources: Vec<IntakeSourceFigures>,
}

/// Figures name nobody.
impl Card for IntakeSummary {}

/// The requests of a period by their source: of the organizations of the caller, and of the territories that the caller guards. A request that
/// concerns the caller is not among them.
pub async fn summary(tx: &mut Tx<'_>, asked: &IntakeQuestion) -> Result<IntakeSummary, Failure> {
    let scope = tx.scope().clone();
    let sight = sight(tx, scope.clone()).await?;
    let to = asked.to.unwrap_or_else(|| tx.today());
    must_have_days(asked.from, to)?;
    let from = asked.from.or_else(|| NaiveDate::from_ymd_opt(to.year(), 1, 1)).unwrap_or(to);
    macro_rules! received {
        () => {{
            let mut all = unconcerned!(sight).filter(requests::received_on.between(from, to));
            if !scope.everything {
                let of_organizations =
                    among(requests::organization_id.assume_not_null(), &scope.organizations);
                all = all.filter(of_organizations.or_by(within(requests::territory, &scope.territories)));
            }
            requests::id.eq_any(all.select(requests::id))
        }};
    }
    let groups: Vec<(IntakeSource, IntakeState, i64)> = db!(tx, load, {
        requests::table.filter(received!()).group_by((requests::source, requests::state)).select((
            requests::source,
            requests::state,
            count_star(),
        ))
    })?;
    let services: Vec<(IntakeSource, i64)> = db!(tx, load, {
        requests::table
            .inner_join(deliveries::table.on(deliveries::case_id.nullable().eq(requests::case_id)))
            .filter(received!())
            .filter(deliveries::delivered_on.ge(requests::received_on))
            .filter(deliveries::delivered_on.le(to))
            .filter(deliveries::annulment_reason.is_null())
            .group_by(requests::source)
            // Several requests may have been accepted into one case.
            .select((requests::source, count(deliveries::id).aggregate_distinct()))
    })?;
    let services: BTreeMap<IntakeSource, i64> = services.into_iter().collect();
    let mut sources: BTreeMap<IntakeSource, IntakeSourceFigures> = BTreeMap::new();
    for (source, state, count) in groups {
        let services = services.get(&source).copied().unwrap_or_default();
        let none = IntakeSourceFigures { source, requests: 0, accepted: 0, services };
        let it = sources.entry(source).or_insert(none);
        it.requests += count;
        it.accepted += if state == IntakeState::Accepted { count } else { 0 };
    }
    let sources: Vec<IntakeSourceFigures> = sources.into_values().collect();
    Ok(IntakeSummary { from, to, requests: sources.iter().map(|it| it.requests).sum(), sources })
}
