//! The terms in force.
use crate::engine::column::bind;
use crate::engine::conn::db;
use crate::engine::editions::entry_in_effect;
use crate::engine::failure::Failure;
use crate::engine::schema::terms;
use crate::journal::reads;
use crate::tx::Tx;
use chrono::{Days, NaiveDate, TimeDelta};
use diesel::prelude::*;
use domain::base::entry::correction::CorrectionDays;
use domain::region::terms::TermKind;
use std::collections::HashMap;

/// The term of corrections in force today.
pub(crate) async fn corrections(tx: &mut Tx<'_>) -> Result<CorrectionDays, Failure> {
    Ok(in_force(tx, TermKind::Corrections).await?.map_or_else(CorrectionDays::default, CorrectionDays))
}

/// Deletes the reads of personal data that are older than the term in force. Without a term they are kept.
pub async fn sweep_reads(tx: &mut Tx<'_>) -> Result<(), Failure> {
    let Some(days) = in_force(tx, TermKind::Reads).await? else { return Ok(()) };
    reads::sweep(tx, tx.now().plus(TimeDelta::days(-i64::from(days)))).await
}

/// The days of the term of that kind in force today. None if the region has set none.
async fn in_force(tx: &mut Tx<'_>, kind: TermKind) -> Result<Option<i32>, Failure> {
    let all = terms::table.filter(terms::kind.eq(bind(kind)));
    Ok(entry_in_effect!(tx, terms, all, tx.today(), terms::days))
}

/// The terms of all kinds in force today. It reads all of them at once, for an answer that needs several.
pub(crate) struct Terms(HashMap<TermKind, i32>);

impl Terms {
    pub(crate) async fn of(tx: &mut Tx<'_>) -> Result<Self, Failure> {
        let begun = terms::table
            .filter(terms::annulment_reason.is_null())
            .filter(terms::effective_from.le(tx.today()))
            .order((terms::effective_from.asc(), terms::id.asc()))
            .select((terms::kind, terms::days));
        let begun: Vec<(TermKind, i32)> = db!(tx, load, begun)?;
        // The later term replaces the earlier one.
        Ok(Self(begun.into_iter().collect()))
    }
    /// The days of that kind.
    pub(crate) fn days(&self, kind: TermKind) -> Option<Days> {
        let days = self.0.get(&kind).copied().or(kind.default_days())?;
        Some(Days::new(u64::try_from(days).ok()?))
    }
    /// The day on which something of that kind is due again.
    pub(crate) fn due(&self, kind: TermKind, since: NaiveDate) -> Option<NaiveDate> {
        since.checked_add_days(self.days(kind)?)
    }
    /// The day before which the last contact, or snapshot, was too long ago by today.
    pub(crate) fn limit(&self, today: NaiveDate, kind: TermKind) -> NaiveDate {
        self.days(kind).and_then(|it| today.checked_sub_days(it)).unwrap_or(NaiveDate::MIN)
    }
}
