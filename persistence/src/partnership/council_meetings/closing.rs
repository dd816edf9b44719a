//! The protocol of a meeting: it closes the meeting, and makes decisions and tasks in the same transaction.
use super::saving::{add_files, in_state};
use super::{PROTOCOL, StoredItem};
use crate::engine::column::bind;
use crate::engine::conn::{db, prepared};
use crate::engine::failure::Failure;
use crate::engine::schema::council_meetings;
use crate::partnership::decisions;
use crate::region::files::entrust_each;
use crate::sight::all_of;
use crate::tx::Tx;
use chrono::NaiveDate;
use diesel::prelude::*;
use domain::base::change::Changed;
use domain::base::id::DecisionId;
use domain::partnership::council_meetings::{
    Closed, CouncilMeetingState, CouncilProtocol, Held, ProtocolItem,
};
use domain::partnership::decisions::{Adopted, DecisionText, Origin};

fn origin(it: &Held) -> Origin {
    let (council_id, organization_id) = (it.council_id(), it.was.organization_id);
    Origin { council_id, organization_id, meeting_id: Some(it.was.id) }
}

/// Refuses a protocol that refers to what the caller does not see, or whose decisions have numbers that are taken.
pub async fn checks_of_protocol(tx: &mut Tx<'_>, it: &Held, order: &CouncilProtocol) -> Result<(), Failure> {
    let (of, day) = (origin(it), tx.zone().day(it.sitting.began_at));
    let file = order.file_id.map(|it| (it, "/file_id"));
    let mut checks = vec![entrust_each(tx, file, of.organization_id).await];
    for (n, item) in order.items.iter().enumerate() {
        if let Some(text) = &item.decision {
            checks.push(decisions::checks(tx, Some(of), (text, day), &format!("/items/{n}/decision")).await);
        }
    }
    all_of(checks)
}

/// Saves the closed meeting, its decisions and their tasks.
pub async fn save_closed(tx: &mut Tx<'_>, change: Changed<Closed>) -> Result<(), Failure> {
    let (it, records) = change.into_parts();
    let (of, id) = (origin(&it.was), it.was.was.id);
    let mut items = Vec::new();
    let mut adopted = Vec::new();
    for item in it.protocol.items {
        let text = item.decision.clone();
        let decision_id = text.as_ref().map(|_| tx.mint::<DecisionId>());
        adopted.extend(decision_id.zip(text));
        items.push(stored(item, decision_id));
    }
    let set = (
        council_meetings::version.eq(council_meetings::version + 1),
        council_meetings::state.eq(bind(CouncilMeetingState::Closed)),
        council_meetings::number.eq(bind(Some(it.protocol.number))),
        council_meetings::signed_on.eq(Some(it.protocol.signed_on)),
        council_meetings::chair_id.eq(bind(Some(it.protocol.chair_id))),
        council_meetings::protocol.eq(bind(tx.core.keys.seal_some(PROTOCOL, id, Some(&items))?)),
        council_meetings::protocol_file_id.eq(bind(it.protocol.file_id)),
        council_meetings::updated_at.eq(bind(tx.now())),
    );
    // The row first: two protocols that meet cross here, and the later one is judged again.
    let held = in_state!(id, CouncilMeetingState::Held);
    let rows = db!(tx, execute, prepared(diesel::update(held).set(set)))?;
    tx.established(rows, records)?;
    let known = it.was.was.form.files();
    add_files(tx, &it.was.was, it.protocol.file_id.filter(|file| !known.contains(file))).await?;
    adopt(tx, of, adopted, it.day).await
}

async fn adopt(
    tx: &mut Tx<'_>,
    of: Origin,
    all: Vec<(DecisionId, DecisionText)>,
    day: NaiveDate,
) -> Result<(), Failure> {
    for (id, text) in all {
        decisions::save_adopted(tx, Adopted::adopt(id, of, day, text)).await?;
    }
    Ok(())
}

fn stored(it: ProtocolItem, decision_id: Option<DecisionId>) -> StoredItem {
    let ProtocolItem { agenda_number, discussed, votes, ballots, side_ballots, dissents, .. } = it;
    StoredItem { agenda_number, discussed, votes, ballots, side_ballots, dissents, decision_id }
}
