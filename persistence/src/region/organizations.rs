//! Organizations in the database, as far as more than their forms is needed: none is part of itself, none follows itself, and none is named
//! for a day after its last one. Nothing new begins in one that is closed today; what goes on there is ended or handed over.
use crate::engine::failure::Failure;
use crate::entry;
use crate::sight::sees;
use crate::tx::Tx;
use chrono::NaiveDate;
use domain::base::change::{Subject, SubjectKind};
use domain::base::id::OrganizationId;
use domain::base::refusal::{Reason, Refused};
use domain::region::organizations::{NamedOn, OWN_PARENT, OWN_SUCCESSOR, OrganizationForm};

/// The reasons against an edit by which an organization would come to itself, by its parents or its successors.
pub(crate) async fn against_edit(
    tx: &mut Tx<'_>,
    id: OrganizationId,
    before: &OrganizationForm,
    after: &OrganizationForm,
) -> Result<Vec<Reason>, Failure> {
    let mut reasons = Vec::new();
    if entry::leads_back::<OrganizationForm>(tx, id, (before, after), |it| it.parent_id).await? {
        reasons.push(OWN_PARENT.reason().at("/parent_id"));
    }
    if entry::leads_back::<OrganizationForm>(tx, id, (before, after), |it| it.successor_id).await? {
        reasons.push(OWN_SUCCESSOR.reason().at("/successor_id"));
    }
    Ok(reasons)
}

/// The reasons against organizations that a record newly names for a day after their last one. A thing that goes on names them for today. One
/// that the caller does not see is a dangling reference, and nothing is told of it here.
pub(crate) async fn against_closed(
    tx: &mut Tx<'_>,
    named: &NamedOn,
    before: Option<&NamedOn>,
) -> Result<Vec<Reason>, Failure> {
    let new = named.new_beside(before, tx.today());
    let ids: Vec<OrganizationId> = new.iter().map(|it| it.0).collect();
    let found = entry::those::<OrganizationForm>(tx, ids).await?;
    let mut reasons = Vec::new();
    for (id, pointer, day) in new {
        let it = found.iter().find(|it| it.id == id);
        let Some(reason) = it.and_then(|it| it.form.against_day(id, day)) else { continue };
        if sees(tx, Subject::new(SubjectKind::Organization, id)).await? {
            reasons.push(reason.at(pointer));
        }
    }
    Ok(reasons)
}

/// Refuses an order that names organizations for a day after their last one.
pub(crate) async fn must_be_open(tx: &mut Tx<'_>, named: &NamedOn) -> Result<(), Failure> {
    Ok(Refused::unless_empty(against_closed(tx, named, None).await?)?)
}

/// Refuses a record of that day by an organization after its last one, or about it. `pointer` is the member of the order that names it.
pub async fn must_work_on(
    tx: &mut Tx<'_>,
    day: NaiveDate,
    id: impl Into<Option<OrganizationId>>,
    pointer: &str,
) -> Result<(), Failure> {
    must_be_open(tx, &NamedOn::on(day).one(id, pointer)).await
}

/// Refuses to begin something today in an organization that is closed, or with it.
pub async fn must_work(
    tx: &mut Tx<'_>,
    id: impl Into<Option<OrganizationId>>,
    pointer: &str,
) -> Result<(), Failure> {
    let today = tx.today();
    must_work_on(tx, today, id, pointer).await
}

/// The reason for which nothing begins today in an organization, however an order is filled in. Cards tell it beside the actions.
pub(crate) async fn against_beginning(
    tx: &mut Tx<'_>,
    id: OrganizationId,
) -> Result<Option<Reason>, Failure> {
    let named = NamedOn::on(tx.today()).one(id, "");
    Ok(against_closed(tx, &named, None).await?.pop())
}

/// The same for a list of organizations. An order that tells no day is refused for that.
pub async fn must_work_each(
    tx: &mut Tx<'_>,
    day: Option<NaiveDate>,
    ids: &[OrganizationId],
    pointer: &str,
) -> Result<(), Failure> {
    match day {
        Some(day) => must_be_open(tx, &NamedOn::on(day).each(ids, pointer)).await,
        None => Ok(()),
    }
}

/// The same for a member of an edit: an organization that stood there before may stay.
pub async fn must_newly_work(
    tx: &mut Tx<'_>,
    (before, now): (Option<OrganizationId>, Option<OrganizationId>),
    pointer: &str,
) -> Result<(), Failure> {
    must_work(tx, now.filter(|it| before != Some(*it)), pointer).await
}

/// Whether an organization works on a day. The scope of the caller does not bound it: the clock asks it too.
pub(crate) async fn works_on(tx: &mut Tx<'_>, id: OrganizationId, day: NaiveDate) -> Result<bool, Failure> {
    Ok(entry::found::<OrganizationForm>(tx, id).await?.form.against_day(id, day).is_none())
}
