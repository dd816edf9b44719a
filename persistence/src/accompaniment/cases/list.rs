//! The list of cases and its filters.
use super::regularity::{self, in_touch, primary, reached};
use super::reviews::{self, review_due};
use super::{CaseCard, Named, Row, shown};
use crate::engine::birthday::{comes_of_age, is_by_coming_of_age};
use crate::engine::column::{bind, binds, each};
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::page::{Page, Place, Window};
use crate::engine::schema::{
    beneficiaries, case_contacts, case_reviews, cases, consilia, consilium_items, families, people, snapshots,
};
use crate::people::{Human, one_person};
use crate::region::terms::Terms;
use crate::scope::cases::seen;
use crate::scope::{Way, among, when, within};
use crate::tx::Tx;
use chrono::NaiveDate;
use diesel::dsl::{exists, not};
use diesel::prelude::*;
use domain::accompaniment::cases::CaseState;
use domain::accompaniment::cases::grounds::{CaseKind, CaseStage};
use domain::accompaniment::cases::reviews::ReviewKind;
use domain::accompaniment::consilia::{ConsiliumKind, ConsiliumState, ItemState};
use domain::accompaniment::snapshots::InTouch;
use domain::base::action::Judged;
use domain::base::filters::any::AnyOf;
use domain::base::filters::order::{CaseGrouping, ListOrder};
use domain::base::id::{BeneficiaryId, CaseId, OrganizationId, UserId};
use domain::region::terms::TermKind;
use shape::filter;
use std::collections::HashMap;

/// Filters of the list of cases.
#[filter]
pub struct CaseFilter {
    /// Only cases in this state.
    pub state: Option<AnyOf<CaseState>>,
    /// Only cases of this beneficiary.
    pub beneficiary_id: Option<BeneficiaryId>,
    /// Only cases of this organization.
    pub organization_id: Option<OrganizationId>,
    /// Only cases of which this specialist is in charge.
    pub specialist_user_id: Option<UserId>,
    /// Only cases of these kinds.
    pub kind: Option<AnyOf<CaseKind>>,
    /// Only cases in these stages.
    pub stage: Option<AnyOf<CaseStage>>,
    /// `true`: only open cases whose next contact is overdue. `false`: only all others.
    pub contact_overdue: Option<bool>,
    /// `true`: only open cases whose next snapshot is overdue. `false`: only all others.
    pub snapshot_overdue: Option<bool>,
    /// `true`: only open cases of people whose contract about housing ends within the days that the region sets, or has ended, by the last
    /// snapshot of a person in touch. `false`: only all others.
    pub housing_contract_ending: Option<bool>,
    /// `true`: only open cases of care leavers who should have come before a primary consilium by now. `false`: only all others.
    pub primary_consilium_overdue: Option<bool>,
    /// `true`: only open cases with a review that is due. `false`: only all others.
    pub review_due: Option<bool>,
    /// `true`: only cases of which no specialist is in charge. `false`: only all others.
    pub unassigned: Option<bool>,
    /// The order by the moment of the entering; the latest first, if none is asked for.
    pub sort: Option<ListOrder>,
}

/// A case that a server of before opened beside this one has no day of its stage: it is that of the opening.
macro_rules! begun_before {
    ($limit:expr) => {
        cases::stage_since.is_null().and(cases::opened_on.lt($limit))
    };
}

/// The condition that nothing of a kind was done in a case since the limit of its stage, before which the stage began.
macro_rules! silent_since {
    ($limit:expr, $done:expr, $table:ident, $day:ident) => {{
        let since = $limit;
        macro_rules! silent_in {
            ($stage:ident) => {{
                let limit = since(CaseStage::$stage);
                let done = $done.filter($table::case_id.eq(cases::id)).filter($table::$day.ge(limit));
                cases::stage
                    .eq(bind(CaseStage::$stage))
                    .and(cases::stage_since.assume_not_null().lt(limit).or(begun_before!(limit)))
                    .and(not(exists(done)))
            }};
        }
        let held = silent_in!(Preparation).or(silent_in!(Accompaniment));
        cases::state
            .eq(bind(CaseState::Open))
            .and(held.or(silent_in!(Monitoring)).or(silent_in!(HardshipHelp)))
    }};
}

/// The condition that the contract about housing, as the last snapshot tells it, or before the first one the former case, ends until a day.
macro_rules! contract_ends {
    ($last:expr) => {{
        macro_rules! told {
            () => {
                in_touch!()
                    .filter(snapshots::case_id.eq(cases::id))
                    .order((snapshots::taken_on.desc(), snapshots::id.desc()))
                    .select(snapshots::contract_until)
                    .single_value()
            };
        }
        let ends = told!().is_not_null().and(told!().assume_not_null().le($last));
        let taken = in_touch!().filter(snapshots::case_id.eq(cases::id)).select(snapshots::id);
        let handed = cases::handed_contract_until;
        let handed = handed.is_not_null().and(handed.assume_not_null().le($last)).and(not(exists(taken)));
        cases::state.eq(bind(CaseState::Open)).and(ends.or(handed))
    }};
}

/// The condition that a case opened before the limit asks for a primary consilium and has had none, as the card tells it.
macro_rules! primary_missing {
    ($limit:expr) => {{
        let decided = primary!().filter(consilium_items::case_id.eq(cases::id)).select(consilium_items::id);
        cases::state
            .eq(bind(CaseState::Open))
            .and(cases::kind.eq(bind(CaseKind::Aftercare)))
            .and(cases::stage.ne(bind(CaseStage::Preparation)))
            .and(cases::continues_id.is_null())
            .and(cases::opened_on.lt($limit))
            .and(not(exists(decided)))
    }};
}

/// Cases that the caller may see, the newest first.
pub async fn list(tx: &mut Tx<'_>, filter: &CaseFilter, window: &Window) -> Result<Page<CaseCard>, Failure> {
    let mut ids: Vec<CaseId> = Vec::new();
    let terms = Terms::of(tx).await?;
    for state in each(filter.state.as_ref()) {
        for stage in each(filter.stage.as_ref()) {
            for kind in each(filter.kind.as_ref()) {
                ids.extend(ids_in(tx, filter, (state, stage, kind), &terms, window).await?);
            }
        }
    }
    let ids = window.first_of(ids, filter.sort == Some(ListOrder::EarliestFirst), |it| *it);
    let page = window.page(ids, |it| Place::id(*it));
    if page.items.is_empty() {
        return Ok(Page { items: Vec::new(), next: None });
    }
    let some = named!().filter(cases::id.eq_any(binds(&page.items)));
    let rows: Vec<Named> = db!(tx, load, some.select(columns!()))?;
    let mut rows: HashMap<CaseId, Named> = rows.into_iter().map(|it| (it.0.id, it)).collect();
    let mut latest = regularity::latest(tx, &page.items).await?;
    let card = |it: Named| {
        let latest = latest.remove(&it.0.id).unwrap_or_default();
        shown(tx, it, Judged::State, None, (&terms, latest, false))
    };
    let items = tx.readable(page.items.iter().filter_map(|it| rows.remove(it)).map(card))?;
    Ok(Page { items, next: page.next })
}

/// The first visible cases of a state, a stage and a kind, or of any. An index has all that is asked of them.
async fn ids_in(
    tx: &mut Tx<'_>,
    filter: &CaseFilter,
    (state, stage, kind): (Option<CaseState>, Option<CaseStage>, Option<CaseKind>),
    terms: &Terms,
    window: &Window,
) -> Result<Vec<CaseId>, Failure> {
    let (scope, today) = (tx.scope().clone(), tx.today());
    let records = one_person::records_of(tx, filter.beneficiary_id).await?;
    Ok(db!(tx, load, {
        let mut all = seen!(cases::table, scope).select(cases::id).limit(window.fetch());
        all = match filter.sort {
            Some(ListOrder::EarliestFirst) => all.order(cases::id.asc()),
            _ => all.order(cases::id.desc()),
        };
        if let Some(after) = window.after_id() {
            all = match filter.sort {
                Some(ListOrder::EarliestFirst) => all.filter(cases::id.gt(bind(after))),
                _ => all.filter(cases::id.lt(bind(after))),
            };
        }
        if let Some(state) = state {
            all = all.filter(cases::state.eq(bind(state)));
        }
        if let Some(stage) = stage {
            all = all.filter(cases::stage.eq(bind(stage)));
        }
        if let Some(kind) = kind {
            all = all.filter(cases::kind.eq(bind(kind)));
        }
        let limit = |it: CaseStage| terms.limit(today, it.contact_term());
        match filter.contact_overdue {
            Some(true) => all = all.filter(silent_since!(limit, reached!(), case_contacts, held_on)),
            Some(false) => all = all.filter(not(silent_since!(limit, reached!(), case_contacts, held_on))),
            None => {}
        }
        let limit = |it: CaseStage| terms.limit(today, it.snapshot_term());
        match filter.snapshot_overdue {
            Some(true) => all = all.filter(silent_since!(limit, in_touch!(), snapshots, taken_on)),
            Some(false) => all = all.filter(not(silent_since!(limit, in_touch!(), snapshots, taken_on))),
            None => {}
        }
        let last = terms.due(TermKind::HousingContract, today).unwrap_or(NaiveDate::MAX);
        match filter.housing_contract_ending {
            Some(true) => all = all.filter(contract_ends!(last)),
            Some(false) => all = all.filter(not(contract_ends!(last))),
            None => {}
        }
        let limit = terms.limit(today, TermKind::PrimaryConsilium);
        match filter.primary_consilium_overdue {
            Some(true) => all = all.filter(primary_missing!(limit)),
            Some(false) => all = all.filter(not(primary_missing!(limit))),
            None => {}
        }
        match filter.review_due {
            Some(true) => all = all.filter(review_due!(terms, today)),
            Some(false) => all = all.filter(not(review_due!(terms, today))),
            None => {}
        }
        if let Some(of) = &records {
            all = all.filter(cases::beneficiary_id.eq_any(binds(of)));
        }
        if let Some(organization) = filter.organization_id {
            all = all.filter(cases::organization_id.eq(bind(organization)));
        }
        if let Some(specialist) = filter.specialist_user_id {
            all = all.filter(cases::specialist_user_id.eq(bind(Some(specialist))));
        }
        match filter.unassigned {
            Some(true) => all = all.filter(cases::specialist_user_id.is_null()),
            Some(false) => all = all.filter(cases::specialist_user_id.is_not_null()),
            None => {}
        }
        all
    })?)
}

crate::engine::counts::counted! {
    cases, CaseCountQuestion of CaseGrouping {
        State: state as CaseState, Organization: organization_id as OrganizationId,
        Specialist: specialist_user_id as UserId
    },
    cases::table, |scope| visible!(scope)
}
