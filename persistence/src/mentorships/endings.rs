//! The writes of the ends of a mentorship. Its planned meetings and open requests end with it.
use super::row::{Row, Saved, reworded, save, step};
use super::{By, consents, course, whole};
use crate::engine::column::{bind, binds};
use crate::engine::conn::{db, prepared};
use crate::engine::failure::Failure;
use crate::engine::schema::{mentors, mentorships, replacements};
use crate::mentorships::regularity;
use crate::mentorships::requests;
use crate::people::one_person;
use crate::region::programs;
use crate::scope::{Way, among, when};
use crate::tx::Tx;
use chrono::NaiveDate;
use diesel::prelude::*;
use domain::base::change::Changed;
use domain::base::decree::Decree;
use domain::base::id::{BeneficiaryId, MentorId, MentorshipId, PersonId};
use domain::mentors::Removal;
use domain::mentorships::*;

/// Saves a mentorship that has ended, for any reason.
pub async fn save_ended(tx: &mut Tx<'_>, change: Changed<impl Into<Mentorship>>) -> Result<Saved, Failure> {
    let (it, records) = change.into_parts();
    let it = it.into();
    let (id, state) = (it.pairing().id, it.state());
    let saved = match it {
        Mentorship::Declined(it) => decline(tx, it).await?,
        Mentorship::Lapsed(it) => lapse(tx, &it).await?,
        Mentorship::Completed(it) => complete(tx, &it).await?,
        Mentorship::Replaced(it) => replace(tx, it).await?,
        Mentorship::Terminated(it) => terminate(tx, it).await?,
        _ => return Err(Failure::broken(format!("'{state}' is no end"))),
    };
    tx.established(1, records)?;
    crate::mentorships::meetings::end_with(tx, id).await?;
    Ok(saved)
}

/// Saves the withdrawal of a side. The consents that it gave no longer hold, and the mentorship ends.
pub async fn save_withdrawn(tx: &mut Tx<'_>, change: Changed<WithdrawnFrom>) -> Result<Saved, Failure> {
    let it = change.value();
    if it.party == Party::Recipient {
        consents::withdraw(tx, it.mentorship.pairing().id, it.withdrawn_on).await?;
    }
    save_ended(tx, change).await
}

/// Ends all mentorships of a removed mentor (002 §3.11.2). The caller's scope does not limit it.
pub async fn end_all_of(tx: &mut Tx<'_>, mentor: MentorId, removal: &Removal) -> Result<(), Failure> {
    let open = mentorships::table
        .filter(mentorships::mentor_id.eq(bind(mentor)))
        .filter(mentorships::ended_on.is_null())
        .order(mentorships::id);
    let rows: Vec<Row> = db!(tx, load, open.select(Row::as_select()))?;
    for row in rows {
        let met_on = regularity::met_on(tx, row.id).await?;
        let it = whole(tx, row).await?;
        if let Some(ended) = it.end_by_removal(removal, met_on, tx.today()) {
            save_ended(tx, ended).await?;
        }
    }
    Ok(())
}

/// Ends all mentorships of a person who died, as the mentor under all records and as these recipients. The caller's scope does not limit it.
pub(crate) async fn end_by_death(
    tx: &mut Tx<'_>,
    people: &[PersonId],
    recipients: &[BeneficiaryId],
    died_on: NaiveDate,
) -> Result<(), Failure> {
    let own = mentors::table.filter(mentors::person_id.eq_any(binds(people))).select(mentors::id);
    let as_mentor = when(true, mentorships::mentor_id.eq_any(own));
    let open = mentorships::table
        .filter(mentorships::ended_on.is_null())
        .filter(as_mentor.or_by(among(mentorships::beneficiary_id, recipients)))
        .order(mentorships::id);
    let rows: Vec<Row> = db!(tx, load, open.select(Row::as_select()))?;
    for row in rows {
        let met_on = regularity::met_on(tx, row.id).await?;
        let is_recipient = recipients.contains(&row.beneficiary_id);
        let party = if is_recipient { Party::Recipient } else { Party::Mentor };
        let it = whole(tx, row).await?;
        if let Some(ended) = it.end_by_death(party, died_on, met_on, tx.today()) {
            save_ended(tx, ended).await?;
        }
    }
    Ok(())
}

pub(super) async fn decline(tx: &mut Tx<'_>, it: Declined) -> Result<Saved, Failure> {
    let id = it.pairing.id;
    let words = reworded(tx, id, |words| words.ending = it.note).await?;
    let set = (
        mentorships::ended_on.eq(Some(it.declined_on)),
        mentorships::declined_by.eq(bind(Some(it.party))),
        mentorships::decline_reason.eq(bind(it.reason)),
        mentorships::ending_file_id.eq(bind(it.on_paper_file_id)),
        mentorships::words.eq(bind(words)),
    );
    let step = step!(tx, MentorshipState::Declined);
    let saved = save!(tx, id, (step, set), Vec::new())?;
    tx.above().mentorship_ended(tx, &it.pairing, MentorshipState::Declined).await?;
    waits_anew(tx, saved).await
}

async fn lapse(tx: &mut Tx<'_>, it: &Lapsed) -> Result<Saved, Failure> {
    let set = mentorships::ended_on.eq(Some(it.lapsed_on));
    let step = step!(tx, MentorshipState::Lapsed);
    let saved = save!(tx, it.pairing.id, (step, set), Vec::new())?;
    tx.above().mentorship_ended(tx, &it.pairing, MentorshipState::Lapsed).await?;
    waits_anew(tx, saved).await
}

pub(crate) async fn complete(tx: &mut Tx<'_>, it: &Completed) -> Result<Saved, Failure> {
    course::end_pause(tx, it.pairing.id, it.ended_on).await?;
    let set = (
        mentorships::ended_on.eq(Some(it.ended_on)),
        mentorships::completion_reason.eq(bind(Some(it.reason))),
    );
    let step = step!(tx, MentorshipState::Completed);
    let saved = save!(tx, it.pairing.id, (step, set), Vec::new())?;
    waits_anew(tx, saved).await
}

/// Completes the mentorships of a recipient that only awaited the life plan, of which a version was just adopted. The caller's scope
/// does not limit it.
pub(crate) async fn life_plan_adopted(tx: &mut Tx<'_>, recipient: BeneficiaryId) -> Result<(), Failure> {
    let records = one_person::of(tx, recipient).await?.records();
    let theirs = mentorships::table
        .filter(mentorships::beneficiary_id.eq_any(binds(&records)))
        .filter(mentorships::starts_on.is_not_null())
        .filter(mentorships::ended_on.is_null())
        .order(mentorships::id);
    let rows: Vec<Row> = db!(tx, load, theirs.select(Row::as_select()))?;
    for row in rows {
        if !programs::edition_of(tx, row.edition_id).await?.form.life_plan_required {
            continue;
        }
        let running = whole(tx, row).await?.running()?;
        let pace = super::meetings::pace(tx, &running.pairing, &running.term).await?;
        if let Some(completed) = running.complete_by_life_plan(&pace) {
            save_ended(tx, completed).await?;
        }
    }
    Ok(())
}

/// Counts anew whether the recipient waits, after a mentorship was proposed, has ended or goes on.
pub(super) async fn waits_anew(tx: &mut Tx<'_>, saved: Row) -> Result<Saved, Failure> {
    tx.above().wait_changed(tx, saved.program_id, saved.beneficiary_id).await?;
    Ok(Saved(saved))
}

/// Opens a mentorship again that its meetings completed, after one of them was annulled. Returns whether it has not ended now.
pub(crate) async fn reopen(tx: &mut Tx<'_>, id: MentorshipId) -> Result<bool, Failure> {
    let completed = match super::of_meeting(tx, id, By::Reach).await? {
        Mentorship::Completed(it) => it,
        Mentorship::Active(_) | Mentorship::Paused(_) => {
            super::touch(tx, Touched::recounted(id)).await?;
            return Ok(true);
        }
        _ => return Ok(false),
    };
    let completion = programs::edition_of(tx, completed.pairing.edition_id).await?.form.completion;
    let held = super::meetings::slots(tx, &[id]).await?.len();
    let held = i64::try_from(held).map_err(Failure::broken)?;
    let next = later_in_program(tx, &completed.pairing).await?;
    let Some(change) = completed.reopen(held, &completion, next)? else { return Ok(false) };
    let records = change.into_parts().1;
    let set = (
        mentorships::ended_on.eq(None::<NaiveDate>),
        mentorships::completion_reason.eq(bind(None::<CompletionReason>)),
    );
    let step = step!(tx, MentorshipState::Active);
    let saved = save!(tx, id, (step, set), records)?;
    waits_anew(tx, saved).await?;
    Ok(true)
}

/// The recipient's next mentorship in the program, or one that runs under another record of the person. One that ended before it began does not count.
pub(super) async fn later_in_program(tx: &mut Tx<'_>, of: &Pairing) -> Result<Option<MentorshipId>, Failure> {
    let records = one_person::of(tx, of.beneficiary_id).await?.records();
    let runs_or_follows = mentorships::id.gt(bind(of.id)).or(mentorships::ended_on.is_null());
    let next = mentorships::table
        .filter(mentorships::beneficiary_id.eq_any(binds(&records)))
        .filter(mentorships::program_id.eq(bind(of.program_id)))
        .filter(mentorships::id.ne(bind(of.id)))
        .filter(runs_or_follows)
        .filter(mentorships::state.ne(bind(MentorshipState::Declined)))
        .filter(mentorships::state.ne(bind(MentorshipState::Lapsed)))
        .order(mentorships::id)
        .select(mentorships::id);
    Ok(db!(tx, first, next).optional()?)
}

async fn replace(tx: &mut Tx<'_>, it: Replaced) -> Result<Saved, Failure> {
    let (pairing, it) = (it.pairing, it.replacement);
    let id: MentorshipId = pairing.id;
    tx.above().mentorship_ended(tx, &pairing, MentorshipState::Replaced).await?;
    course::end_pause(tx, id, it.ended_on).await?;
    let row = (
        replacements::mentorship_id.eq(bind(id)),
        replacements::ground.eq(bind(it.ground)),
        replacements::absence_confirmed.eq(it.absence_confirmed),
    );
    db!(tx, execute, diesel::insert_into(replacements::table).values(row))?;
    if let Some(party) = it.ground.requested_by()
        && let Some(request) = requests::open_replacement(tx, id, party).await?
    {
        requests::answer(tx, request, None).await?;
    }
    let words = reworded(tx, id, |words| words.ending = it.text).await?;
    let set = (
        mentorships::ended_on.eq(Some(it.ended_on)),
        mentorships::ending_file_id.eq(bind(it.document_file_id)),
        mentorships::words.eq(bind(words)),
    );
    let step = step!(tx, MentorshipState::Replaced);
    let saved = save!(tx, id, (step, set), Vec::new())?;
    waits_anew(tx, saved).await
}

async fn terminate(tx: &mut Tx<'_>, it: Terminated) -> Result<Saved, Failure> {
    let (id, it) = (it.pairing.id, it.termination);
    course::end_pause(tx, id, it.ended_on).await?;
    let words = reworded(tx, id, |words| words.ending = it.text).await?;
    let (order_number, order_date) = Decree::parts(it.decree);
    let set = (
        mentorships::ended_on.eq(Some(it.ended_on)),
        mentorships::termination_ground.eq(bind(Some(it.ground))),
        mentorships::termination_order_number.eq(bind(order_number)),
        mentorships::termination_order_date.eq(order_date),
        mentorships::ending_file_id.eq(bind(it.document_file_id)),
        mentorships::words.eq(bind(words)),
    );
    let step = step!(tx, MentorshipState::Terminated);
    let saved = save!(tx, id, (step, set), Vec::new())?;
    waits_anew(tx, saved).await
}
