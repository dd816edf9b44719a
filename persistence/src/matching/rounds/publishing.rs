//! The facts about a round on which its publication depends.
use crate::engine::column::bind;
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::schema::{matching_proposals, matching_rounds};
use crate::region::programs;
use crate::tx::Tx;
use chrono::NaiveDate;
use diesel::dsl::exists;
use diesel::prelude::*;
use domain::matching::*;

/// The facts that rules judge when a round is published for mentorships from that day.
pub async fn publication_facts(
    tx: &mut Tx<'_>,
    of: &RoundOnRecord,
    starts_on: NaiveDate,
) -> Result<PublicationFacts, Failure> {
    let edition = programs::edition_in_force(tx, of.program_id, starts_on).await?;
    let latest_end = edition.as_ref().map(|it| it.form.latest_end(starts_on));
    Ok(PublicationFacts {
        pending: super::counts(tx, of.id, None).await?.of(ProposalState::Pending),
        is_overtaken: is_overtaken(tx, of).await?,
        edition_id: edition.map(|it| it.id),
        latest_end,
    })
}

/// Whether another round with some of the same people was published, or began to be, after this one was computed.
async fn is_overtaken(tx: &mut Tx<'_>, of: &RoundOnRecord) -> Result<bool, Failure> {
    let computed_at: Option<domain::base::moment::Moment> =
        db!(tx, first, matching_rounds::table.find(bind(of.id)).select(matching_rounds::computed_at))?;
    let Some(computed_at) = computed_at else { return Ok(false) };
    let (mine, theirs) = diesel::alias!(matching_proposals as mine, matching_proposals as theirs);
    let out_since = matching_rounds::published_at
        .assume_not_null()
        .ge(bind(computed_at))
        .or(matching_rounds::state.eq(bind(RoundState::Publishing)))
        // Or a part of it was published before its job was cancelled.
        .or(theirs
            .field(matching_proposals::state)
            .eq(bind(ProposalState::Published))
            .and(matching_rounds::state.eq(bind(RoundState::Ready)))
            .and(matching_rounds::updated_at.ge(bind(computed_at))));
    let overlapping = mine
        .inner_join(
            theirs.on(mine
                .field(matching_proposals::beneficiary_id)
                .eq(theirs.field(matching_proposals::beneficiary_id))),
        )
        .inner_join(
            matching_rounds::table.on(theirs.field(matching_proposals::round_id).eq(matching_rounds::id)),
        )
        .filter(mine.field(matching_proposals::round_id).eq(bind(of.id)))
        .filter(mine.field(matching_proposals::state).eq(bind(ProposalState::Pending)))
        .filter(theirs.field(matching_proposals::round_id).ne(bind(of.id)))
        .filter(matching_rounds::program_id.eq(bind(of.program_id)))
        .filter(out_since)
        .select(mine.field(matching_proposals::id));
    Ok(db!(tx, get_result, diesel::select(exists(overlapping)))?)
}
