//! The orders that an application offers to its caller.
use super::{ApplicationCard, annex, candidate, whole};
use crate::engine::failure::Failure;
use crate::people::life_of;
use crate::region::organizations::against_beginning;
use crate::region::programs::edition_in_force;
use crate::tx::Tx;
use domain::base::access::Right;
use domain::base::action::{AvailableAction, Judged, available};
use domain::mentors::{ApplicationActionFacts, ApplicationOffers, ApplicationState};
use domain::people::Lives;

/// Whether a right of the caller reaches the application.
fn may(tx: &Tx<'_>, it: &ApplicationCard, right: Right) -> bool {
    let scope = tx.scope_of(right);
    scope.everything
        || scope.organizations.contains(&it.organization_id)
        || scope.programs.contains(&it.program_id)
        || scope.person == Some(it.person_id)
}

/// The actions of an application for this caller. Without facts only the state is judged, as lists do.
pub(super) fn actions(
    tx: &Tx<'_>,
    card: &ApplicationCard,
    facts: Option<&ApplicationActionFacts>,
) -> Result<Vec<AvailableAction>, Failure> {
    let is_own = tx.caller().is_some_and(|it| it.person == Some(card.person_id));
    let it = whole(card)?;
    let offers = ApplicationOffers { it: &it, is_own, facts, today: tx.today() };
    let judged = if facts.is_some() { Judged::Whole } else { Judged::State };
    Ok(available(&offers, card.id, judged, |right| may(tx, card, right), |right| tx.may(right)))
}

/// The stored data for the orders that this caller may send to the application.
pub(super) async fn action_facts(
    tx: &mut Tx<'_>,
    card: &ApplicationCard,
) -> Result<ApplicationActionFacts, Failure> {
    let form = card.form();
    let hands_in = card.state == ApplicationState::Draft && may(tx, card, Right::EditApplications);
    let decides = card.awaits_decision && may(tx, card, Right::DecideApplications);
    let edition = match hands_in || decides {
        true => edition_in_force(tx, form.program_id, tx.today()).await?.map(|it| it.form),
        false => None,
    };
    let annex = if hands_in { annex(tx, &form).await? } else { None };
    let candidate = if decides { Some(candidate(tx, card.id, &form).await?) } else { None };
    let life = if hands_in { life_of(tx, form.person_id).await? } else { Lives::default() };
    let closed = if decides { against_beginning(tx, form.organization_id).await? } else { None };
    Ok(ApplicationActionFacts { edition, annex, candidate, life, closed })
}
