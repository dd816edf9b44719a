//! The writes of the steps up to the beginning of a mentorship. Columns that a later state does not use stay
//! unchanged, such as the days of acceptance.
use super::row::{Row, Saved, SpecialistAnswer, Words, reworded, save, step};
use super::{consents, course, endings};
use crate::engine::column::{bind, binds};
use crate::engine::conn::{db, prepared};
use crate::engine::failure::Failure;
use crate::engine::schema::{mentorships, specialist_answers};
use crate::tx::Tx;
use diesel::prelude::*;
use domain::base::change::Changed;
use domain::base::decree::Decree;
use domain::base::id::MentorshipId;
use domain::mentorships::*;
use std::collections::HashMap;

/// Saves a proposal, and the replaced mentorship after which it follows.
pub async fn save_proposed(
    tx: &mut Tx<'_>,
    change: Changed<Proposed>,
    replaces: Option<MentorshipId>,
) -> Result<Saved, Failure> {
    let (Proposed { pairing: it, answers }, records) = change.into_parts();
    let words = Words { reason: it.reason, ..Words::default() }.seal(tx, it.id)?;
    let parties = (
        mentorships::program_id.eq(bind(it.program_id)),
        mentorships::edition_id.eq(bind(it.edition_id)),
        mentorships::organization_id.eq(bind(it.organization_id)),
        mentorships::beneficiary_id.eq(bind(it.beneficiary_id)),
        mentorships::mentor_id.eq(bind(it.mentor_id)),
        mentorships::tutor_user_id.eq(bind(it.tutor_user_id)),
    );
    let plan = (
        mentorships::proposed_on.eq(it.proposed_on),
        mentorships::planned_starts_on.eq(it.planned_starts_on),
        mentorships::planned_ends_on.eq(it.planned_ends_on),
        mentorships::lapses_after.eq(it.lapses_after),
        mentorships::words.eq(bind(words)),
    );
    let head = (
        mentorships::id.eq(bind(it.id)),
        mentorships::version.eq(1),
        mentorships::state.eq(bind(MentorshipState::Proposed)),
        mentorships::created_at.eq(bind(tx.now())),
        mentorships::updated_at.eq(bind(tx.now())),
    );
    let insert = diesel::insert_into(mentorships::table).values((head, parties, plan));
    let saved = db!(tx, get_result, insert.returning(Row::as_returning()));
    let saved = tx.returned(saved, records)?;
    if let Some(replaces) = replaces {
        course::insert_succession(tx, it.id, replaces).await?;
    }
    if answers.needs_specialist {
        let row = specialist_answers::mentorship_id.eq(bind(it.id));
        db!(tx, execute, diesel::insert_into(specialist_answers::table).values(row))?;
    }
    endings::waits_anew(tx, saved).await
}

/// The specialists' answers to those of the given mentorships that need one.
pub(super) async fn specialists_of(
    tx: &mut Tx<'_>,
    ids: &[MentorshipId],
) -> Result<HashMap<MentorshipId, SpecialistAnswer>, Failure> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let all = specialist_answers::table.filter(specialist_answers::mentorship_id.eq_any(binds(ids)));
    let found: Vec<SpecialistAnswer> = db!(tx, load, all.select(SpecialistAnswer::as_select()))?;
    Ok(found.into_iter().map(|it| (it.mentorship_id, it)).collect())
}

/// Saves the answer of a side.
pub async fn save_answered(tx: &mut Tx<'_>, change: Changed<Mentorship>) -> Result<Saved, Failure> {
    let (it, records) = change.into_parts();
    let saved = match it {
        Mentorship::Declined(it) => endings::decline(tx, it).await?,
        Mentorship::Proposed(Proposed { pairing, answers }) => {
            accept(tx, pairing.id, MentorshipState::Proposed, answers).await?
        }
        Mentorship::Accepted(Accepted { pairing, answers, .. }) => {
            accept(tx, pairing.id, MentorshipState::Accepted, answers).await?
        }
        Mentorship::Consented(Consented { pairing, answers, .. }) => {
            accept(tx, pairing.id, MentorshipState::Consented, answers).await?
        }
        other => return Err(Failure::broken(format!("no answer leads to '{}'", other.state()))),
    };
    tx.established(1, records)?;
    Ok(saved)
}

async fn accept(
    tx: &mut Tx<'_>,
    id: MentorshipId,
    state: MentorshipState,
    answers: Answers,
) -> Result<Saved, Failure> {
    let note = |it: &Option<Answer>| it.as_ref().and_then(|it| it.note.clone());
    let words = reworded(tx, id, |it| {
        it.mentor = note(&answers.mentor);
        it.recipient = note(&answers.recipient);
        it.specialist = note(&answers.specialist);
    })
    .await?;
    if let Some(answer) = &answers.specialist {
        let open = specialist_answers::table.find(bind(id)).filter(specialist_answers::accepted_on.is_null());
        let by = tx.caller().map(|it| it.user);
        let set =
            (specialist_answers::accepted_on.eq(Some(answer.on)), specialist_answers::made_by.eq(bind(by)));
        db!(tx, execute, prepared(diesel::update(open).set(set)))?;
    }
    let (mentor, recipient) = (answers.mentor.as_ref(), answers.recipient.as_ref());
    let set = (
        mentorships::mentor_accepted_on.eq(mentor.map(|it| it.on)),
        mentorships::mentor_file_id.eq(bind(mentor.and_then(|it| it.on_paper_file_id))),
        mentorships::recipient_accepted_on.eq(recipient.map(|it| it.on)),
        mentorships::recipient_file_id.eq(bind(recipient.and_then(|it| it.on_paper_file_id))),
        mentorships::words.eq(bind(words)),
    );
    let step = step!(tx, state);
    save!(tx, id, (step, set), Vec::new()).map(Saved)
}

/// Saves a signature, and the mentorship to which it belongs.
pub async fn save_consented(tx: &mut Tx<'_>, change: Changed<Signed>) -> Result<Saved, Failure> {
    let (Signed { mentorship: it, consent }, records) = change.into_parts();
    let (state, id) = (it.state(), it.pairing().id);
    consents::insert(tx, id, &consent).await?;
    let step = step!(tx, state);
    save!(tx, id, step, records).map(Saved)
}

/// Saves a confirmed mentorship.
pub async fn save_confirmed(tx: &mut Tx<'_>, change: Changed<Active>) -> Result<Saved, Failure> {
    let (Active { pairing, term }, records) = change.into_parts();
    let (order_number, order_date) = Decree::parts(term.decree);
    let set = (
        mentorships::starts_on.eq(Some(term.starts_on)),
        mentorships::ends_on.eq(Some(term.ends_on)),
        mentorships::order_number.eq(bind(order_number)),
        mentorships::order_date.eq(order_date),
    );
    let step = step!(tx, MentorshipState::Active);
    let saved = save!(tx, pairing.id, (step, set), records)?;
    crate::mentorships::regularity::begin(tx, pairing.id).await?;
    Ok(Saved(saved))
}

/// Raises the version of a mentorship whose card changes with another record.
///
/// Meetings that are held do not: they change no form, so an order that has seen the version before them is still right.
pub(crate) async fn touch(tx: &mut Tx<'_>, change: Changed<Touched>) -> Result<(), Failure> {
    let (it, records) = change.into_parts();
    let one = mentorships::table.find(bind(it.id));
    let set = (mentorships::version.eq(mentorships::version + 1), mentorships::updated_at.eq(bind(tx.now())));
    let rows = db!(tx, execute, prepared(diesel::update(one).set(set)))?;
    tx.established(rows, records)
}

/// Raises the version of a mentorship that has not ended, after a group meeting in which it took part was annulled.
pub(crate) async fn recounted(tx: &mut Tx<'_>, id: MentorshipId) -> Result<(), Failure> {
    let one = mentorships::table.find(bind(id)).select(mentorships::ended_on.is_null());
    let is_open: bool = db!(tx, first, one)?;
    if is_open { touch(tx, Touched::recounted(id)).await } else { Ok(()) }
}
