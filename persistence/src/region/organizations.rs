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
    if after.parent_id != before.parent_id && leads_to(tx, id, after.parent_id, |it| it.parent_id).await? {
        reasons.push(OWN_PARENT.reason().at("/parent_id"));
    }
    let is_new = after.successor_id != before.successor_id;
    if is_new && leads_to(tx, id, after.successor_id, |it| it.successor_id).await? {
        reasons.push(OWN_SUCCESSOR.reason().at("/successor_id"));
    }
    Ok(reasons)
}

/// Whether the way from the first one leads to the organization. The organization itself as the first is told by its form.
async fn leads_to(
    tx: &mut Tx<'_>,
    id: OrganizationId,
    first: Option<OrganizationId>,
    next: fn(&OrganizationForm) -> Option<OrganizationId>,
) -> Result<bool, Failure> {
    let mut met = Vec::new();
    let mut here = first.filter(|it| *it != id);
    while let Some(it) = here {
        if it == id {
            return Ok(true);
        }
        met.push(it);
        // A dangling reference is told as such.
        let found = match entry::found::<OrganizationForm>(tx, it).await {
            Err(Failure::NotFound(_)) => None,
            other => Some(other?),
        };
        here = found.and_then(|it| next(&it.form)).filter(|it| !met.contains(it));
    }
    Ok(false)
}
