//! The latest contact and snapshot of each case, and the days on which the next are due. Its completed reviews are read with them, and so is
//! whether it came before a primary consilium.
//!
//! Nothing is stored but contacts, snapshots, completed reviews and terms: what is due follows from them at each read.
use super::reviews;
use crate::engine::column::{bind, binds};
use crate::engine::conn::{db, prepared};
use crate::engine::failure::Failure;
use crate::engine::schema::{case_contacts, cases, consilia, consilium_items, monthly_records, snapshots};
use crate::region::terms::Terms;
use crate::tx::Tx;
use chrono::NaiveDate;
use diesel::dsl::max;
use diesel::prelude::*;
use domain::accompaniment::cases::grounds::CaseStage;
use domain::accompaniment::cases::reviews::CompletedReview;
use domain::accompaniment::consilia::{ConsiliumKind, ConsiliumState, ItemState};
use domain::accompaniment::snapshots::InTouch;
use domain::base::id::CaseId;
use std::collections::HashMap;
use uuid::Uuid;

/// The last work in a case.
#[derive(Debug, Default)]
pub(super) struct Latest {
    pub(super) contact_on: Option<NaiveDate>,
    pub(super) snapshot_on: Option<NaiveDate>,
    /// The last day of the contract about housing that the last snapshot tells.
    contract_until: Option<NaiveDate>,
    /// Whether a primary consilium about the case was closed.
    pub(super) had_primary: bool,
    pub(super) reviews: Vec<CompletedReview>,
}

impl Latest {
    /// The last day of the contract about housing, by the last snapshot. Before the first one it is the day that the former case handed over.
    pub(super) fn contract_until(&self, handed: Option<NaiveDate>) -> Option<NaiveDate> {
        if self.snapshot_on.is_some() { self.contract_until } else { handed }
    }
    /// The days on which the next contact and the next snapshot are due, of a case in that stage.
    pub(super) fn due(
        &self,
        terms: &Terms,
        stage: CaseStage,
        since: NaiveDate,
    ) -> (Option<NaiveDate>, Option<NaiveDate>) {
        let later = |it: Option<NaiveDate>| it.map_or(since, |it| it.max(since));
        (
            terms.due(stage.contact_term(), later(self.contact_on)),
            terms.due(stage.snapshot_term(), later(self.snapshot_on)),
        )
    }
}

/// Contacts that reached somebody, and count.
macro_rules! reached {
    () => {
        case_contacts::table
            .filter(case_contacts::reached.eq(true))
            .filter(case_contacts::annulment_reason.is_null())
    };
}
pub(super) use reached;

/// Snapshots of people in touch, which count.
macro_rules! in_touch {
    () => {
        snapshots::table
            .filter(snapshots::in_touch.eq(bind(InTouch::Yes)))
            .filter(snapshots::annulment_reason.is_null())
    };
}
pub(super) use in_touch;

/// Primary consilia that were closed, by their items. One has decided also where its votes have rejected.
macro_rules! primary {
    () => {
        consilium_items::table
            .inner_join(consilia::table.on(consilium_items::consilium_id.eq(consilia::id)))
            .filter(consilium_items::kind.eq(bind(ConsiliumKind::Primary)))
            .filter(consilium_items::state.eq(bind(ItemState::Resolved)))
            .filter(consilia::state.eq(bind(ConsiliumState::Closed)))
    };
}
pub(super) use primary;

/// The day of the last snapshot of somebody in touch.
pub(crate) async fn last_snapshot_on(tx: &mut Tx<'_>, id: CaseId) -> Result<Option<NaiveDate>, Failure> {
    let theirs = in_touch!().filter(snapshots::case_id.eq(bind(id)));
    Ok(db!(tx, first, theirs.select(max(snapshots::taken_on)))?)
}

/// The last work in each of the cases.
pub(super) async fn latest(tx: &mut Tx<'_>, ids: &[CaseId]) -> Result<HashMap<CaseId, Latest>, Failure> {
    type Taken = (CaseId, NaiveDate, Uuid, Option<NaiveDate>);
    let mut all: HashMap<CaseId, Latest> = HashMap::new();
    let contacts: Vec<(CaseId, Option<NaiveDate>)> = db!(
        tx,
        load,
        reached!()
            .filter(case_contacts::case_id.eq_any(binds(ids)))
            .group_by(case_contacts::case_id)
            .select((case_contacts::case_id, max(case_contacts::held_on)))
    )?;
    for (id, day) in contacts {
        all.entry(id).or_default().contact_on = day;
    }
    let columns = (snapshots::case_id, snapshots::taken_on, snapshots::id, snapshots::contract_until);
    let theirs = in_touch!().filter(snapshots::case_id.eq_any(binds(ids)));
    let mut taken: Vec<Taken> = db!(tx, load, theirs.select(columns))?;
    taken.sort_unstable_by_key(|it| (it.0, it.1, it.2));
    for (id, taken_on, _, contract_until) in taken {
        let latest = all.entry(id).or_default();
        (latest.snapshot_on, latest.contract_until) = (Some(taken_on), contract_until);
    }
    let decided = primary!().filter(consilium_items::case_id.eq_any(binds(ids)));
    let decided: Vec<CaseId> = db!(tx, load, decided.select(consilium_items::case_id))?;
    for id in decided {
        all.entry(id).or_default().had_primary = true;
    }
    for (id, review) in reviews::completed(tx, ids).await? {
        all.entry(id).or_default().reviews.push(review);
    }
    Ok(all)
}

/// Keeps the last day of the contract about housing, as a case tells it, in the one in which another organization goes on. The facts of both
/// cases in this transaction tell of it. The caller's scope does not limit it.
pub(crate) async fn pass_on_contract(tx: &mut Tx<'_>, from: CaseId, to: CaseId) -> Result<(), Failure> {
    let handed = cases::table.find(bind(from)).select(cases::handed_contract_until);
    let handed: Option<NaiveDate> = db!(tx, first, handed)?;
    let told = latest(tx, &[from]).await?.remove(&from).unwrap_or_default();
    let Some(until) = told.contract_until(handed) else { return Ok(()) };
    let set = cases::handed_contract_until.eq(Some(until));
    db!(tx, execute, prepared(diesel::update(cases::table.find(bind(to))).set(set)))?;
    Ok(())
}

/// Attempts since a day that reached nobody, after the day of the last contact that did.
pub(super) async fn lost_attempts(tx: &mut Tx<'_>, id: CaseId, since: NaiveDate) -> Result<i64, Failure> {
    let theirs = case_contacts::table
        .filter(case_contacts::case_id.eq(bind(id)))
        .filter(case_contacts::annulment_reason.is_null())
        .filter(case_contacts::held_on.ge(since))
        .select((case_contacts::held_on, case_contacts::reached));
    let theirs: Vec<(NaiveDate, bool)> = db!(tx, load, theirs)?;
    let last = theirs.iter().filter(|it| it.1).map(|it| it.0).max();
    let lost = theirs.iter().filter(|it| !it.1 && last.is_none_or(|last| it.0 > last)).count();
    i64::try_from(lost).map_err(Failure::broken)
}

/// The day of the last contact or snapshot on record in a case, and the first day of the last month with a written record.
pub(super) async fn recorded_until(tx: &mut Tx<'_>, id: CaseId) -> Result<Option<NaiveDate>, Failure> {
    let contacts = case_contacts::table
        .filter(case_contacts::case_id.eq(bind(id)))
        .filter(case_contacts::annulment_reason.is_null());
    let taken = snapshots::table
        .filter(snapshots::case_id.eq(bind(id)))
        .filter(snapshots::annulment_reason.is_null());
    let contact: Option<NaiveDate> = db!(tx, first, contacts.select(max(case_contacts::held_on)))?;
    let snapshot: Option<NaiveDate> = db!(tx, first, taken.select(max(snapshots::taken_on)))?;
    let written = monthly_records::table.filter(monthly_records::case_id.eq(bind(id)));
    let month: Option<NaiveDate> = db!(tx, first, written.select(max(monthly_records::month_on)))?;
    Ok(contact.max(snapshot).max(month))
}
