//! Urgent aid as those read it who do not work with it.
use super::{ITEMS, Row};
use crate::engine::column::{bind, binds};
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::schema::emergency_aids as aids;
use crate::entry;
use crate::tx::Tx;
use chrono::NaiveDate;
use diesel::prelude::*;
use domain::base::change::{Subject, SubjectKind};
use domain::base::id::{BeneficiaryId, CaseId, OrganizationId, StockItemId};
use domain::base::text::Title;
use domain::help::emergency_aids::{AidItem, EmergencyAidState};
use domain::help::stock::{StockItemForm, UrgentAidKind};
use shape::card;
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

/// A thing that was given.
#[card]
pub struct GivenThing {
    /// The thing.
    pub name: Option<Title>,
    /// The quantity.
    #[schema(minimum = 1, maximum = 1_000_000, example = 1)]
    pub quantity: i32,
    /// The unit.
    pub unit: Option<Title>,
}

/// Urgent aid without the act and the words of staff.
#[card]
pub struct SharedAid {
    /// The kind of aid.
    pub kind: UrgentAidKind,
    /// The organization that gave it. Absent for a representative.
    pub organization_id: Option<OrganizationId>,
    /// The day.
    pub given_on: NaiveDate,
    /// The things.
    #[schema(max_items = 10)]
    pub things: Vec<GivenThing>,
}

/// The recipient of urgent aid.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Recipient<'a> {
    /// Somebody in a case.
    Case(CaseId),
    /// The records of a beneficiary, in a case or outside of any.
    Of(&'a [BeneficiaryId]),
}

/// So many of the latest urgent aids that were not cancelled, of the kinds that are told, and whether there are more. The caller's scope
/// does not limit them. Each is a read that the journal records.
pub(crate) async fn told(
    tx: &mut Tx<'_>,
    to: Recipient<'_>,
    is_told: impl Fn(UrgentAidKind) -> bool,
    at_most: usize,
) -> Result<(Vec<SharedAid>, bool), Failure> {
    let mut rows: Vec<Row> = db!(tx, load, {
        let all = aids::table
            .filter(aids::state.eq(bind(EmergencyAidState::Recorded)))
            .select(Row::as_select())
            .into_boxed();
        match to {
            Recipient::Case(case) => all.filter(aids::case_id.assume_not_null().eq(bind(case))),
            Recipient::Of(of) => all.filter(aids::beneficiary_id.assume_not_null().eq_any(binds(of))),
        }
    })?;
    rows.retain(|it| is_told(it.kind));
    rows.sort_unstable_by_key(|it| std::cmp::Reverse((it.given_on, it.id)));
    let has_more = rows.len() > at_most;
    rows.truncate(at_most);
    tx.disclose(rows.iter().map(|it| Subject::new(SubjectKind::EmergencyAid, it.id)))?;
    let opened = |it: &Row| -> Result<(Row, Vec<AidItem>), Failure> {
        Ok((it.clone(), tx.core.keys.open(ITEMS, it.id.into(), &it.items)?))
    };
    let rows: Vec<(Row, Vec<AidItem>)> = tx.readable(rows.iter().map(opened))?;
    let counted = rows.iter().flat_map(|it| &it.1).filter_map(|it| it.stock_item_id);
    let counted: BTreeSet<StockItemId> = counted.collect();
    let stock = entry::those::<StockItemForm>(tx, counted.into_iter().collect::<Vec<_>>()).await?;
    let stock: HashMap<Uuid, StockItemForm> = stock.into_iter().map(|it| (it.id.into(), it.form)).collect();
    let thing = |it: AidItem| {
        let kept = it.stock_item_id.and_then(|id| stock.get(&Uuid::from(id)));
        GivenThing {
            name: it.name.or_else(|| kept.map(|it| it.name.clone())),
            quantity: it.quantity,
            unit: it.unit.or_else(|| kept.map(|it| it.unit.clone())),
        }
    };
    let aid = |(it, items): (Row, Vec<AidItem>)| SharedAid {
        kind: it.kind,
        organization_id: Some(it.organization_id),
        given_on: it.given_on,
        things: items.into_iter().map(thing).collect(),
    };
    Ok((rows.into_iter().map(aid).collect(), has_more))
}
