//! What is told of a mentorship.
use super::around::{Around, Recipient};
use super::consents::{self, ConsentCard};
use super::course::ExtensionCard;
use super::row::{Row, SpecialistAnswer, Words, replacement};
use super::stand::{By, Rights, Stand, rights_over};
use crate::engine::card::cards;
use crate::engine::failure::Failure;
use crate::tx::Tx;
use chrono::NaiveDate;
use domain::base::id::*;
use domain::base::moment::{Moment, age_years};
use domain::base::text::{Code, Note, OrderNumber};
use domain::mentorships::*;
use domain::people::BeneficiaryKind;
use domain::region::programs::EditionForm;
use shape::card;

/// A mentorship as every endpoint shows it.
///
/// Its mentor sees the recipient without the family name until the consent is whole, and never sees why the two were
/// proposed, nor what the recipient wrote; the recipient does not see what the mentor wrote.
#[card]
pub struct MentorshipCard {
    /// Its id.
    pub id: MentorshipId,
    /// Grows with every change, a held meeting included; the `ETag`.
    #[schema(minimum = 1, example = 1)]
    pub version: i64,
    /// Where it stands.
    pub state: MentorshipState,
    /// The program.
    pub program_id: ProgramId,
    /// The program's code.
    pub program_code: Code,
    /// The edition that holds to the end.
    pub edition_id: EditionId,
    /// The institution that confirms.
    pub organization_id: OrganizationId,
    /// The recipient.
    pub beneficiary_id: BeneficiaryId,
    /// A person or a family.
    pub beneficiary_kind: BeneficiaryKind,
    /// The recipient's name: in full, or given names only (see above).
    #[schema(max_length = 1000, example = "Морозова Алёна Сергеевна")]
    pub beneficiary_name: String,
    /// Full years of the recipient who is a person, today.
    #[schema(minimum = 0, maximum = 150, example = 16)]
    pub beneficiary_age_years: Option<i32>,
    /// The mentor.
    pub mentor_id: MentorId,
    /// The mentor's name.
    #[schema(max_length = 400, example = "Белов Пётр Ильич")]
    pub mentor_name: String,
    /// The account of the tutor who follows the pair.
    pub tutor_user_id: Option<UserId>,
    /// The day of the proposal.
    pub proposed_on: NaiveDate,
    /// The first day as planned.
    pub planned_starts_on: NaiveDate,
    /// The last day as planned.
    pub planned_ends_on: Option<NaiveDate>,
    /// Why these two.
    pub reason: Option<Note>,
    /// The last day on which it may still begin; on the next one it lapses.
    pub lapses_after: NaiveDate,
    /// That the mentor accepted.
    pub mentor_accepted: Option<AnswerCard>,
    /// That the recipient accepted.
    pub recipient_accepted: Option<AnswerCard>,
    /// That the specialist accepted, where the rules of matching ask for that.
    pub specialist_accepted: Option<AnswerCard>,
    /// Whether it goes on its way only when a specialist has accepted too.
    pub specialist_answer_needed: bool,
    /// The consents signed, in the order of their recording.
    #[schema(max_items = 2)]
    pub consents: Vec<ConsentCard>,
    /// The signatures still needed before it can begin; none once it has begun or ended.
    #[schema(max_items = 2)]
    pub consents_missing: Vec<Signatory>,
    /// Whom of the family the mentor turns to, once the family has named them.
    #[schema(max_length = 400, example = "Морозова Ольга Викторовна")]
    pub primary_contact_name: Option<String>,
    /// The first day as confirmed.
    pub starts_on: Option<NaiveDate>,
    /// The last day as confirmed.
    pub ends_on: Option<NaiveDate>,
    /// The number of the order that confirmed it.
    pub order_number: Option<OrderNumber>,
    /// The date of that order.
    pub order_date: Option<NaiveDate>,
    /// The day on which it ended, in whatever way.
    pub ended_on: Option<NaiveDate>,
    /// How it came to its regular end.
    pub completion_reason: Option<CompletionReason>,
    /// Why it was ended before its term.
    pub termination: Option<Termination>,
    /// Why the mentor is to be replaced.
    pub replacement: Option<Replacement>,
    /// The replaced mentorship that this one follows.
    pub replaces_id: Option<MentorshipId>,
    /// The newest mentorship that follows this replaced one and was not given up before it began.
    pub replaced_by_id: Option<MentorshipId>,
    /// Since when and why it is paused.
    pub paused: Option<Pause>,
    /// The extensions of its term, in order.
    #[schema(max_items = 100)]
    pub extensions: Vec<ExtensionCard>,
    /// Who declined it.
    pub declined: Option<DeclineCard>,
    /// Meetings held.
    #[schema(minimum = 0, maximum = 100_000, example = 3)]
    pub held_meetings: i64,
    /// Held meetings that complete it, where meetings do.
    #[schema(minimum = 1, maximum = 100, example = 6)]
    pub meetings_to_complete: Option<i32>,
    /// The day of the last held meeting, of a group's too.
    pub last_contact_on: Option<NaiveDate>,
    /// While it is active: the day by which the two are to meet again.
    pub contact_due_on: Option<NaiveDate>,
    /// What this caller can do with it now.
    #[schema(max_items = 10)]
    pub available_actions: Vec<MentorshipAction>,
    /// When it was proposed.
    pub created_at: Moment,
    /// When it last changed.
    pub updated_at: Moment,
}

/// That a side of a mentorship accepted.
#[card]
pub struct AnswerCard {
    /// When.
    pub on: NaiveDate,
    /// The paper, where somebody else recorded it.
    pub on_paper_file_id: Option<FileId>,
    /// In its own words.
    pub note: Option<Note>,
}

/// That a side of a mentorship declined.
#[card]
pub struct DeclineCard {
    /// Who.
    pub party: AnsweringParty,
    /// Why, if they said so; told to nobody but themselves and staff.
    pub reason: Option<DeclineReason>,
    /// In its own words.
    pub note: Option<Note>,
    /// The paper, where somebody else recorded it.
    pub on_paper_file_id: Option<FileId>,
}

cards! { MentorshipCard in "mentorships" about Mentorship; }

pub(super) async fn one(tx: &mut Tx<'_>, row: Row) -> Result<MentorshipCard, Failure> {
    of(tx, vec![row]).await?.pop().ok_or(Failure::NotFound(None))
}

pub(super) async fn of(tx: &mut Tx<'_>, rows: Vec<Row>) -> Result<Vec<MentorshipCard>, Failure> {
    let ids: Vec<MentorshipId> = rows.iter().map(|it| it.id).collect();
    let mut signed = consents::of(tx, &ids).await?;
    let around = Around::of(tx, &rows, &ids, &signed).await?;
    let mut rights = rights_on_open(tx, &rows).await?;
    rows.into_iter()
        .map(|row| {
            let own = signed.extract_if(.., |it| it.mentorship_id == row.id).collect();
            let stand = Stand::new(tx, &row, rights.remove(&row.id).unwrap_or_default());
            card(tx, row, own, &stand, &around)
        })
        .collect()
}

/// Nothing can be done with a mentorship that has ended, and only an end takes one out of the caller's sight.
async fn rights_on_open(tx: &mut Tx<'_>, rows: &[Row]) -> Result<Rights, Failure> {
    let open = rows.iter().filter(|it| it.ended_on.is_none()).map(|it| it.id);
    rights_over(tx, &open.collect::<Vec<_>>(), By::Sight).await
}

fn card(
    tx: &Tx<'_>,
    row: Row,
    consents: Vec<ConsentCard>,
    stand: &Stand,
    around: &Around,
) -> Result<MentorshipCard, Failure> {
    let gone = || Failure::broken(format!("mentorship {} refers to what is not there", row.id));
    let recipient = around.recipients.get(&row.beneficiary_id).ok_or_else(gone)?;
    let edition = around.editions.get(&row.edition_id).ok_or_else(gone)?;
    let words = row.words(tx)?;
    let specialist = around.specialists.get(&row.id).copied();
    let answers = row.answers(&words, specialist);
    let term = row.term();
    let primary_contact = consents.iter().find_map(|it| it.primary_contact_id);
    let replaced = around.replacements.get(&row.id).zip(row.ended_on);
    let contact = around.contacts.get(&row.id);
    let mut card = MentorshipCard {
        id: row.id,
        version: row.version,
        state: row.state,
        program_id: row.program_id,
        program_code: around.programs.get(&row.program_id).ok_or_else(gone)?.clone(),
        edition_id: row.edition_id,
        organization_id: row.organization_id,
        beneficiary_id: row.beneficiary_id,
        beneficiary_kind: recipient.kind,
        beneficiary_name: recipient.name.clone(),
        beneficiary_age_years: recipient.born.map(|it| age_years(it, tx.today())),
        mentor_id: row.mentor_id,
        mentor_name: around.mentors.get(&row.mentor_id).ok_or_else(gone)?.clone(),
        tutor_user_id: row.tutor_user_id,
        proposed_on: row.proposed_on,
        planned_starts_on: row.planned_starts_on,
        planned_ends_on: row.planned_ends_on,
        reason: words.reason.clone(),
        lapses_after: row.lapses_after,
        mentor_accepted: answers.mentor.map(AnswerCard::from),
        recipient_accepted: answers.recipient.map(AnswerCard::from),
        specialist_accepted: answers.specialist.map(AnswerCard::from),
        specialist_answer_needed: answers.needs_specialist,
        consents_missing: missing(tx, &row, &consents, recipient, edition),
        primary_contact_name: primary_contact.and_then(|it| around.primary_contacts.get(&it)).cloned(),
        consents,
        starts_on: term.as_ref().map(|it| it.starts_on),
        ends_on: term.as_ref().map(|it| it.ends_on),
        order_date: term.as_ref().and_then(|it| it.order_date),
        order_number: term.and_then(|it| it.order_number),
        ended_on: row.ended_on,
        completion_reason: row.completion_reason,
        termination: row.termination(&words),
        replacement: replaced.map(|(it, on)| replacement(*it, on, row.ending_file_id, &words)),
        replaces_id: around.replaced.get(&row.id).copied(),
        replaced_by_id: around.successors.get(&row.id).copied(),
        paused: around.pauses.get(&row.id).cloned(),
        extensions: around.extensions.get(&row.id).cloned().unwrap_or_default(),
        declined: declined(&row, &words),
        held_meetings: around.held.get(&row.id).copied().unwrap_or_default(),
        meetings_to_complete: edition.completion.meetings,
        last_contact_on: contact.and_then(|it| it.last_on),
        contact_due_on: contact.filter(|_| row.state == MentorshipState::Active).map(|it| it.due_on),
        available_actions: actions(&row, stand, specialist),
        created_at: row.created_at,
        updated_at: row.updated_at,
    };
    card.show_to(stand.eyes(), recipient);
    Ok(card)
}

impl From<Answer> for AnswerCard {
    fn from(it: Answer) -> Self {
        Self { on: it.on, on_paper_file_id: it.on_paper_file_id, note: it.note }
    }
}

fn declined(row: &Row, words: &Words) -> Option<DeclineCard> {
    let party = row.declined_by?;
    let note = words.ending.clone();
    Some(DeclineCard { party, reason: row.decline_reason, note, on_paper_file_id: row.ending_file_id })
}

/// Judged today, as a signature is; once every one of today is there, on the first day, as the confirmation is.
fn missing(
    tx: &Tx<'_>,
    row: &Row,
    signed: &[ConsentCard],
    recipient: &Recipient,
    edition: &EditionForm,
) -> Vec<Signatory> {
    let on = match row.state {
        MentorshipState::Proposed | MentorshipState::Accepted => tx.today(),
        MentorshipState::Consented => tx.today().max(row.planned_starts_on),
        _ => return Vec::new(),
    };
    let given: Vec<Signatory> = signed.iter().map(|it| it.signatory).collect();
    signatures_missing(&given, edition, recipient.kind, recipient.born, on)
}

fn actions(row: &Row, stand: &Stand, specialist: Option<SpecialistAnswer>) -> Vec<MentorshipAction> {
    available_actions(row.standing(specialist), |right| stand.may(right), stand.side())
}

impl MentorshipCard {
    /// Leaves what those eyes need.
    fn show_to(&mut self, eyes: Eyes, recipient: &Recipient) {
        let silence = |it: &mut Option<AnswerCard>| {
            if let Some(answer) = it {
                answer.note = None;
            }
        };
        match eyes {
            Eyes::Staff => {}
            Eyes::Mentor => {
                if !is_consented(self.state) {
                    self.beneficiary_name = recipient.given.clone();
                    self.primary_contact_name = None;
                }
                self.reason = None;
                silence(&mut self.recipient_accepted);
            }
            Eyes::Recipient => silence(&mut self.mentor_accepted),
        }
        let own = if eyes == Eyes::Mentor { AnsweringParty::Mentor } else { AnsweringParty::Recipient };
        if let Some(it) = self.declined.as_mut().filter(|it| it.party != own && eyes != Eyes::Staff) {
            it.reason = None;
            it.note = None;
        }
        if eyes != Eyes::Staff {
            silence(&mut self.specialist_accepted);
        }
        if eyes != Eyes::Staff {
            self.keep_circumstances();
        }
    }
    /// What staff wrote down about either side is not told to the other one.
    fn keep_circumstances(&mut self) {
        self.extensions.iter_mut().for_each(|it| it.reason = None);
        if let Some(it) = &mut self.paused {
            it.note = None;
        }
        if let Some(it) = &mut self.replacement {
            it.text = None;
        }
        if let Some(it) = &mut self.termination {
            it.text = None;
            it.order_number = None;
            it.order_date = None;
        }
    }
}

/// Whether the consent was whole: from then on the mentor knows whom it is about.
pub(crate) fn is_consented(state: MentorshipState) -> bool {
    use MentorshipState as State;
    use State::{Active, Completed, Consented, Paused, Replaced, Terminated};
    matches!(state, Consented | Active | Paused | Completed | Replaced | Terminated)
}
