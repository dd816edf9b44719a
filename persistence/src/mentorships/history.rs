//! The history of a mentorship and its meetings, as those responsible for it and its two sides read it.
use super::cards::related::{Recipient, mentor_names, recipients_of};
use super::{MentorshipCard, is_consented};
use crate::engine::column::{bind, binds};
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::page::{Page, Window};
use crate::engine::schema::{beneficiaries, meetings, mentors, mentorships, users};
use crate::history::{self, Fact, HistoryEntry};
use crate::people::one_person;
use crate::scope::mentorships::visible;
use crate::sight;
use crate::tx::Tx;
use diesel::prelude::*;
use domain::base::access::Right;
use domain::base::change::{Subject, SubjectKind};
use domain::base::id::{BeneficiaryId, MeetingId, MentorId, MentorshipId, PersonId, UserId};
use domain::history::HistoryActor;
use domain::mentorships::{Eyes, MentorshipState, Party, side_in};
use std::collections::HashMap;

/// The history of a mentorship and its meetings, the latest first. Facts about its consents already belong to the mentorship.
pub async fn history(
    tx: &mut Tx<'_>,
    of: MentorshipId,
    window: &Window,
) -> Result<Page<HistoryEntry>, Failure> {
    let own = meetings::table.filter(meetings::mentorship_id.eq(bind(of)));
    let parts: Vec<MeetingId> = db!(tx, load, own.select(meetings::id))?;
    read(tx, of, Subject::new(SubjectKind::Mentorship, of), &parts, window).await
}

/// The history of a meeting.
pub async fn history_of_meeting(
    tx: &mut Tx<'_>,
    id: MeetingId,
    window: &Window,
) -> Result<Page<HistoryEntry>, Failure> {
    let subject = Subject::new(SubjectKind::Meeting, id);
    let one = meetings::table.find(bind(id)).select(meetings::mentorship_id);
    let of: Option<MentorshipId> = db!(tx, first, one).optional()?;
    read(tx, of.ok_or(Failure::NotFound(Some(subject)))?, subject, &[], window).await
}

async fn read(
    tx: &mut Tx<'_>,
    of: MentorshipId,
    subject: Subject,
    parts: &[MeetingId],
    window: &Window,
) -> Result<Page<HistoryEntry>, Failure> {
    sight::must_see(tx, subject).await?;
    let pair =
        mentorships::table.find(bind(of)).select((mentorships::mentor_id, mentorships::beneficiary_id));
    let (mentor, beneficiary): (MentorId, BeneficiaryId) = db!(tx, first, pair)?;
    let eyes = Eyes::from(side_in(tx.caller(), mentor, beneficiary));
    if eyes == Eyes::Staff {
        history::must_be_staff(tx, subject)?;
    }
    let page = history::facts_about(tx, subject, SubjectKind::Meeting, parts, window).await?;
    let facts = page.items.into_iter().filter_map(|it| as_read(it, eyes)).collect::<Vec<_>>();
    let actors = if eyes == Eyes::Staff {
        facts.iter().map(|it| history::by_account(tx, it.actor)).collect()
    } else {
        by_roles(tx, mentor, beneficiary, &facts).await?
    };
    Ok(Page { items: history::tell(tx, subject, facts, actors).await?, next: page.next })
}

/// A fact as these eyes read it, if they do.
fn as_read(mut it: Fact, eyes: Eyes) -> Option<Fact> {
    it.kind = eyes.read_fact(std::mem::take(&mut it.kind), &mut it.body)?;
    Some(it)
}

/// The actors of facts by their roles in the mentorship. A side learns no names of staff here.
async fn by_roles(
    tx: &mut Tx<'_>,
    mentor: MentorId,
    beneficiary: BeneficiaryId,
    facts: &[Fact],
) -> Result<Vec<HistoryActor>, Failure> {
    let ids: Vec<UserId> = facts.iter().filter_map(|it| it.actor).collect();
    let accounts = users::table.filter(users::id.eq_any(binds(&ids)));
    let people: Vec<(UserId, Option<PersonId>)> =
        db!(tx, load, accounts.select((users::id, users::person_id)))?;
    let people: HashMap<UserId, Option<PersonId>> = people.into_iter().collect();
    let mentor: PersonId = db!(tx, first, mentors::table.find(bind(mentor)).select(mentors::person_id))?;
    let records = one_person::of(tx, beneficiary).await?.records();
    let theirs = beneficiaries::table.filter(beneficiaries::id.eq_any(binds(&records)));
    let recipients: Vec<Option<PersonId>> = db!(tx, load, theirs.select(beneficiaries::person_id))?;
    let own = tx.caller().map(|it| it.user);
    let role = |it: &Fact| {
        let person = it.actor.and_then(|it| people.get(&it).copied().flatten());
        match it.actor {
            None => HistoryActor::System,
            Some(it) if own == Some(it) => HistoryActor::Yourself,
            Some(_) if person == Some(mentor) => HistoryActor::Mentor,
            Some(_) if person.is_some() && recipients.contains(&person) => HistoryActor::Recipient,
            Some(_) => HistoryActor::Staff,
        }
    };
    Ok(facts.iter().map(role).collect())
}

type Two = (MentorshipId, MentorshipState, MentorId, BeneficiaryId);

/// The names of those of the given mentorships that the right of this transaction reaches: of the mentor and of the recipient, as the
/// card shows them to the caller.
pub(crate) async fn names(
    tx: &mut Tx<'_>,
    ids: &[MentorshipId],
) -> Result<Vec<(MentorshipId, String)>, Failure> {
    let scope = tx.scope().clone();
    let found: Vec<Two> = db!(tx, load, {
        visible!(scope).filter(mentorships::id.eq_any(binds(ids))).select((
            mentorships::id,
            mentorships::state,
            mentorships::mentor_id,
            mentorships::beneficiary_id,
        ))
    })?;
    let mentors = mentor_names(tx, &found.iter().map(|it| it.2).collect::<Vec<_>>()).await?;
    let recipients = recipients_of(tx, &found.iter().map(|it| it.3).collect::<Vec<_>>()).await?;
    let name = |(id, state, mentor, beneficiary): Two| {
        let is_new = side_in(tx.caller(), mentor, beneficiary) == Some(Party::Mentor) && !is_consented(state);
        let recipient: &Recipient = recipients.get(&beneficiary)?;
        let recipient = if is_new { &recipient.given } else { &recipient.name };
        Some((id, name_of(mentors.get(&mentor)?, recipient)))
    };
    Ok(found.into_iter().filter_map(name).collect())
}

/// Notes the names of mentorships whose cards the right of this transaction has found, as [`names`] would read them. Their consents and
/// meetings refer to them in the same answer.
pub(super) fn note_names(tx: &mut Tx<'_>, cards: &[MentorshipCard]) {
    if *tx.scope() != tx.scope_of(Right::ReadMentorships) {
        return;
    }
    for it in cards {
        let name = name_of(&it.mentor_name, &it.beneficiary_name);
        tx.note_name(Subject::new(SubjectKind::Mentorship, it.id), name);
    }
}

/// The name of a mentorship.
fn name_of(mentor: &str, recipient: &str) -> String {
    format!("{mentor} — {recipient}")
}
