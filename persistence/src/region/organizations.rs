//! Organizations in the database, as far as more than their forms is needed: none is part of itself, and none follows itself.
use crate::engine::failure::Failure;
use crate::entry;
use crate::tx::Tx;
use domain::base::id::OrganizationId;
use domain::base::refusal::Reason;
use domain::region::organizations::{OWN_PARENT, OWN_SUCCESSOR, OrganizationForm};

/// The reasons against an edit by which an organization would come to itself, by its parents or its successors.
pub(crate) async fn against_edit(
    tx: &mut Tx<'_>,
    id: OrganizationId,
    before: &OrganizationForm,
    after: &OrganizationForm,
) -> Result<Vec<Reason>, Failure> {
    let mut reasons = Vec::new();
    // The organization itself as its parent or its successor is told by its form.
    let other = |it: Option<OrganizationId>, was| it.filter(|it| Some(*it) != was && *it != id);
    let parent = other(after.parent_id, before.parent_id);
    if entry::way::<OrganizationForm>(tx, parent, |it| it.parent_id).await?.contains(&id) {
        reasons.push(OWN_PARENT.reason().at("/parent_id"));
    }
    let successor = other(after.successor_id, before.successor_id);
    if entry::way::<OrganizationForm>(tx, successor, |it| it.successor_id).await?.contains(&id) {
        reasons.push(OWN_SUCCESSOR.reason().at("/successor_id"));
    }
    Ok(reasons)
}
