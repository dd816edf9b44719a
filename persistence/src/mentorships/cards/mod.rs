//! The card of a mentorship.
pub(super) mod contacts;
pub(super) mod related;

use super::actions;
use super::consents::{self, ConsentCard};
use super::course::ExtensionCard;
use super::meetings::MeetingCard;
use super::requests::RequestCard;
use super::row::{Aside, Row, Words, is_consented, replacement};
use super::stand::{By, Rights, Stand, rights_over};
use super::statements::mentor_reports::MentorReportCard;
use super::statements::surveys::SurveyCard;
use crate::engine::card::Card;
use crate::engine::failure::Failure;
use crate::history::HistoryEntry;
use crate::mentors::MentorCard;
use crate::people::BeneficiaryCard;
use crate::tx::Tx;
use chrono::NaiveDate;
use contacts::{ContactCard, Contacts};
use domain::base::action::AvailableAction;
use domain::base::change::{Subject, SubjectKind};
use domain::base::decree::Decree;
use domain::base::entry::Annulment;
use domain::base::id::*;
use domain::base::moment::{Moment, age_years};
use domain::base::text::{Code, Note};
use domain::mentorships::*;
use domain::people::BeneficiaryKind;
use domain::people::consents::Signatory;
use domain::region::programs::EditionForm;
use related::{NextMeetingCard, Recipient, Related};
use shape::card;
use std::collections::HashMap;

/// A mentorship as every endpoint returns it.
///
/// The mentor sees only given names of the recipient until the consent is complete. The mentor never sees the reason
/// for the proposal or the recipient's notes. The recipient does not see the mentor's notes, nor why the mentor left: only that the
/// mentorship ended, and when.
#[card]
pub struct MentorshipCard {
    /// The id of the mentorship.
    pub id: MentorshipId,
    /// The version number; it grows with every change, not with meetings, and stands before the dot of the `ETag` header.
    #[schema(minimum = 1, example = 1)]
    pub version: i64,
    /// The state of the mentorship.
    pub state: MentorshipState,
    /// The program of the mentorship.
    pub program_id: ProgramId,
    /// The code of the program.
    pub program_code: Code,
    /// The edition of the program that applies until the end.
    pub edition_id: EditionId,
    /// The institution that confirms the mentorship.
    pub organization_id: OrganizationId,
    /// The recipient of the mentorship.
    pub beneficiary_id: BeneficiaryId,
    /// The name of the recipient: the full name, or only given names for a mentor before the consent.
    #[schema(max_length = 1000, example = "Морозова Алёна Сергеевна")]
    pub beneficiary_name: String,
    /// The kind of recipient: a person or a family.
    pub beneficiary_kind: BeneficiaryKind,
    /// The age of the recipient in full years, today; absent for a family.
    #[schema(minimum = 0, maximum = 150, example = 16)]
    pub beneficiary_age_years: Option<i32>,
    /// The mentor of the mentorship.
    pub mentor_id: MentorId,
    /// The name of the mentor.
    #[schema(max_length = 400, example = "Белов Пётр Ильич")]
    pub mentor_name: String,
    /// The account of the tutor who follows the pair.
    pub tutor_user_id: Option<UserId>,
    /// The day of the proposal.
    pub proposed_on: NaiveDate,
    /// The planned first day.
    pub planned_starts_on: NaiveDate,
    /// The planned last day.
    pub planned_ends_on: Option<NaiveDate>,
    /// The reason for proposing these two.
    pub reason: Option<Note>,
    /// The last day on which the mentorship may still begin. On the next day it lapses.
    pub lapses_after: NaiveDate,
    /// The acceptance by the mentor.
    pub mentor_accepted: Option<AnswerCard>,
    /// The acceptance by the recipient.
    pub recipient_accepted: Option<AnswerCard>,
    /// The acceptance by the specialist, if the rules of matching ask for it.
    pub specialist_accepted: Option<AnswerCard>,
    /// Whether the specialist must accept too before the mentorship goes on.
    pub specialist_answer_needed: bool,
    /// The signed consents, in the order of their recording. A signature that lost its basis stays beside the new one.
    #[schema(max_items = 50)]
    pub consents: Vec<ConsentCard>,
    /// The signatures still missing before the mentorship can begin; empty once it has begun or ended.
    #[schema(max_items = 2)]
    pub consents_missing: Vec<Signatory>,
    /// The family member whom the mentor contacts first, once the family has named one.
    #[schema(max_length = 400, example = "Морозова Ольга Викторовна")]
    pub primary_contact_name: Option<String>,
    /// Those whom the caller can call: a mentor the ones that the program allows, others the staff and the institution. Empty
    /// once the mentorship has ended.
    #[schema(max_items = 4)]
    pub contacts: Vec<ContactCard>,
    /// The confirmed first day.
    pub starts_on: Option<NaiveDate>,
    /// The confirmed last day.
    pub ends_on: Option<NaiveDate>,
    /// The decree that confirmed the mentorship.
    pub decree: Option<Decree>,
    /// The day on which the mentorship ended, for any reason.
    pub ended_on: Option<NaiveDate>,
    /// The reason for the completion.
    pub completion_reason: Option<CompletionReason>,
    /// The termination before the end of the term. A side sees it only on a ground of its own.
    pub termination: Option<TerminationCard>,
    /// The grounds for replacing the mentor. A side sees them only if it asked for the replacement.
    pub replacement: Option<ReplacementCard>,
    /// The replaced mentorship after which this one follows.
    pub replaces_id: Option<MentorshipId>,
    /// The newest mentorship that follows after this replaced one. Those that ended before they began are left out.
    pub replaced_by_id: Option<MentorshipId>,
    /// The current pause: its first day and its reason.
    pub paused: Option<Pause>,
    /// The extensions of the term, in order.
    #[schema(max_items = 100)]
    pub extensions: Vec<ExtensionCard>,
    /// The last end that was annulled, because it was recorded by mistake; only staff see it.
    pub annulled_end: Option<AnnulledEndCard>,
    /// The refusal of the proposal, by a side or the specialist. A side sees only its own.
    pub declined: Option<DeclineCard>,
    /// The number of held meetings.
    #[schema(minimum = 0, maximum = 100_000, example = 3)]
    pub held_meetings: i64,
    /// The number of held meetings that completes the mentorship, if its program counts meetings.
    #[schema(minimum = 1, maximum = 100, example = 6)]
    pub meetings_to_complete: Option<i32>,
    /// The thing that the mentorship still waits for after all its meetings.
    pub awaits: Option<Awaited>,
    /// The day of the last held meeting, including group meetings.
    pub last_met_on: Option<NaiveDate>,
    /// The day by which the two must meet again; only while the mentorship is active.
    pub meeting_due_on: Option<NaiveDate>,
    /// The next planned meeting, if the caller may read meetings.
    pub next_meeting: Option<NextMeetingCard>,
    /// With `expand=beneficiary`, the recipient, if the caller sees that card.
    pub beneficiary: Option<BeneficiaryCard>,
    /// With `expand=mentor`, the mentor, if the caller sees that card.
    pub mentor: Option<MentorCard>,
    /// With `expand=meetings`, the first of its meetings: `GET /mentorships/{id}/meetings`.
    #[schema(max_items = 50)]
    pub meetings: Option<Vec<MeetingCard>>,
    /// With `expand=requests`, the first of its requests: `GET /mentorships/{id}/requests`.
    #[schema(max_items = 50)]
    pub requests: Option<Vec<RequestCard>>,
    /// With `expand=mentor_reports`, the first of its reports: `GET /mentorships/{id}/mentor-reports`.
    #[schema(max_items = 50)]
    pub mentor_reports: Option<Vec<MentorReportCard>>,
    /// With `expand=surveys`, the first of its surveys: `GET /mentorships/{id}/surveys`.
    #[schema(max_items = 50)]
    pub surveys: Option<Vec<SurveyCard>>,
    /// With `expand=history`, the first entries of its history: `GET /mentorships/{id}/history`.
    #[schema(max_items = 50)]
    pub history: Option<Vec<HistoryEntry>>,
    /// Orders that this caller may send to the mentorship now.
    #[schema(max_items = 20)]
    pub available_actions: Vec<AvailableAction>,
    /// The moment at which the mentorship was proposed.
    pub created_at: Moment,
    /// The moment of the last change.
    pub updated_at: Moment,
}

/// The acceptance of a mentorship, by a side or the specialist.
#[card]
pub struct AnswerCard {
    /// The day of the acceptance.
    pub on: NaiveDate,
    /// The file of the paper, if somebody else recorded the acceptance.
    pub on_paper_file_id: Option<FileId>,
    /// The own words of the accepting side or specialist.
    pub note: Option<Note>,
}

/// The refusal of a mentorship, by a side or the specialist.
#[card]
pub struct DeclineCard {
    /// The side or the specialist that declined.
    pub party: AnsweringParty,
    /// The reason, if one was given.
    pub reason: Option<DeclineReason>,
    /// The own words of the declining side or specialist.
    pub note: Option<Note>,
    /// The file of the paper, if somebody else recorded the refusal.
    pub on_paper_file_id: Option<FileId>,
}

/// The termination of a mentorship before the end of its term.
#[card]
pub struct TerminationCard {
    /// The ground of the termination.
    pub ground: TerminationGround,
    /// The last day.
    pub ended_on: NaiveDate,
    /// The document of the ground.
    pub document_file_id: Option<FileId>,
    /// The director's decree.
    pub decree: Option<Decree>,
    /// A description.
    pub text: Option<Note>,
}

impl From<Termination> for TerminationCard {
    fn from(it: Termination) -> Self {
        let Termination { ground, ended_on, document_file_id, decree, text } = it;
        Self { ground, ended_on, document_file_id, decree, text }
    }
}

/// The end of a mentorship whose mentor was replaced.
#[card]
pub struct ReplacementCard {
    /// The ground of the replacement.
    pub ground: ReplacementGround,
    /// The last day with this mentor.
    pub ended_on: NaiveDate,
    /// The document of the ground.
    pub document_file_id: Option<FileId>,
    /// Whether the director or the head of the unit confirmed a long absence that the recorded meetings do not show.
    pub absence_confirmed: bool,
    /// A description.
    pub text: Option<Note>,
}

impl From<Replacement> for ReplacementCard {
    fn from(it: Replacement) -> Self {
        let Replacement { ground, ended_on, document_file_id, absence_confirmed, text } = it;
        Self { ground, ended_on, document_file_id, absence_confirmed, text }
    }
}

/// The end of a mentorship that was annulled, as it had been recorded.
#[card]
pub struct AnnulledEndCard {
    /// The annulment.
    pub annulment: Annulment,
    /// The termination, if it was one.
    pub termination: Option<TerminationCard>,
    /// The replacement, if it was one.
    pub replacement: Option<ReplacementCard>,
}

impl From<AnnulledEnd> for AnnulledEndCard {
    fn from(it: AnnulledEnd) -> Self {
        Self {
            annulment: Annulment { reason: it.reason },
            termination: it.termination.map(TerminationCard::from),
            replacement: it.replacement.map(ReplacementCard::from),
        }
    }
}

impl Card for MentorshipCard {
    fn version(&self) -> Option<i64> {
        Some(self.version)
    }
    fn path(&self) -> Option<String> {
        Some(format!("/api/v1/mentorships/{}", self.id))
    }
    fn personal(&self) -> Vec<Subject> {
        let mut all = vec![Subject::new(SubjectKind::Mentorship, self.id)];
        all.extend(self.beneficiary.iter().flat_map(Card::personal));
        all.extend(self.mentor.iter().flat_map(Card::personal));
        all.extend(self.meetings.iter().flatten().flat_map(Card::personal));
        all.extend(self.requests.iter().flatten().flat_map(Card::personal));
        all.extend(self.mentor_reports.iter().flatten().flat_map(Card::personal));
        all.extend(self.surveys.iter().flatten().flat_map(Card::personal));
        all
    }
}

/// One card, with the rules that refuse each of its actions now.
pub(super) async fn one(tx: &mut Tx<'_>, row: Row) -> Result<MentorshipCard, Failure> {
    let facts = actions::facts(tx, &row).await?;
    all(tx, vec![row], Some(&facts)).await?.pop().ok_or(Failure::NotFound(None))
}

pub(super) async fn of(tx: &mut Tx<'_>, rows: Vec<Row>) -> Result<Vec<MentorshipCard>, Failure> {
    all(tx, rows, None).await
}

async fn all(
    tx: &mut Tx<'_>,
    rows: Vec<Row>,
    facts: Option<&ActionFacts>,
) -> Result<Vec<MentorshipCard>, Failure> {
    let ids: Vec<MentorshipId> = rows.iter().map(|it| it.id).collect();
    let signed = consents::of(tx, &ids).await?;
    let related = Related::of(tx, &rows, &ids, &signed).await?;
    let mut rights = rights_on_open(tx, &rows).await?;
    if facts.is_some() {
        rights.extend(rights_on_ended(tx, &rows).await?);
    }
    let primary: Vec<PersonId> = signed.iter().filter_map(|it| it.primary_contact_id).collect();
    let contacts = Contacts::of(tx, &rows, &primary).await?;
    let mut consents: HashMap<MentorshipId, Vec<ConsentCard>> = HashMap::new();
    signed.into_iter().for_each(|it| consents.entry(it.mentorship_id).or_default().push(it));
    tx.readable(rows.into_iter().map(|row| {
        let own = consents.remove(&row.id).unwrap_or_default();
        let stand = Stand::new(tx, &row, rights.remove(&row.id).unwrap_or_default());
        card(tx, row, own, &stand, (&related, &contacts), facts)
    }))
}

/// Orders about a mentorship that has ended stand on its single card alone.
async fn rights_on_ended(tx: &mut Tx<'_>, rows: &[Row]) -> Result<Rights, Failure> {
    let ended = rows.iter().filter(|it| it.ended_on.is_some()).map(|it| it.id);
    rights_over(tx, &ended.collect::<Vec<_>>(), By::Change).await
}

/// Only an end takes a mentorship out of the caller's sight.
async fn rights_on_open(tx: &mut Tx<'_>, rows: &[Row]) -> Result<Rights, Failure> {
    let open = rows.iter().filter(|it| it.ended_on.is_none()).map(|it| it.id);
    rights_over(tx, &open.collect::<Vec<_>>(), By::Reach).await
}

fn card(
    tx: &Tx<'_>,
    row: Row,
    consents: Vec<ConsentCard>,
    stand: &Stand,
    (related, contacts): (&Related, &Contacts),
    facts: Option<&ActionFacts>,
) -> Result<MentorshipCard, Failure> {
    let gone = || Failure::broken(format!("mentorship {} refers to what is not there", row.id));
    let recipient = related.recipients.get(&row.beneficiary_id).ok_or_else(gone)?;
    let edition = related.editions.get(&row.edition_id).ok_or_else(gone)?;
    let words = row.words(tx)?;
    let specialist = related.specialists.get(&row.id).copied();
    let answers = row.answers(&words, specialist);
    let term = row.term();
    let primary_contact = consents.iter().find_map(|it| it.primary_contact_id);
    let replaced = related.replacements.get(&row.id).zip(row.ended_on);
    let regularity = related.regularity.get(&row.id);
    let aside = Aside {
        pause: related.pauses.get(&row.id).cloned(),
        replacement: related.replacements.get(&row.id).copied(),
        specialist,
    };
    let given = consents.iter().cloned().map(ConsentCard::consent).collect();
    let it = row.clone().whole(words.clone(), given, aside)?;
    let mut extensions = related.extensions.get(&row.id).cloned().unwrap_or_default();
    if let Some(facts) = facts {
        actions::of_extensions(tx, &it, stand, facts, &mut extensions);
    }
    let available_actions = actions::actions(tx, &it, stand, facts);
    let called = primary_contact.and_then(|it| related.primary_contacts.get(&it)).unwrap_or(&recipient.name);
    let contacts = contacts.shown(&row, stand.eyes(), edition, (called, primary_contact));
    let mut card = MentorshipCard {
        id: row.id,
        version: row.version,
        state: row.state,
        program_id: row.program_id,
        program_code: related.programs.get(&row.program_id).ok_or_else(gone)?.clone(),
        edition_id: row.edition_id,
        organization_id: row.organization_id,
        beneficiary_id: row.beneficiary_id,
        beneficiary_kind: recipient.kind,
        beneficiary_name: recipient.name.clone(),
        beneficiary_age_years: recipient.born.map(|it| age_years(it, tx.today())),
        mentor_id: row.mentor_id,
        mentor_name: related.mentors.get(&row.mentor_id).ok_or_else(gone)?.clone(),
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
        primary_contact_name: primary_contact.and_then(|it| related.primary_contacts.get(&it)).cloned(),
        consents,
        contacts,
        starts_on: term.as_ref().map(|it| it.starts_on),
        ends_on: term.as_ref().map(|it| it.ends_on),
        decree: term.and_then(|it| it.decree),
        ended_on: row.ended_on,
        completion_reason: row.completion_reason,
        termination: row.termination(&words).map(TerminationCard::from),
        replacement: replaced.map(|(it, on)| replacement(*it, on, row.ending_file_id, &words).into()),
        replaces_id: related.replaced.get(&row.id).copied(),
        replaced_by_id: related.successors.get(&row.id).copied(),
        paused: related.pauses.get(&row.id).cloned(),
        extensions,
        annulled_end: words.annulled_end.clone().map(AnnulledEndCard::from),
        declined: declined(&row, &words),
        held_meetings: related.held.get(&row.id).copied().unwrap_or_default(),
        meetings_to_complete: edition.completion.meetings,
        awaits: related.awaits(&row, edition),
        last_met_on: regularity.and_then(|it| it.last_on),
        meeting_due_on: regularity.filter(|_| row.state == MentorshipState::Active).map(|it| it.due_on),
        next_meeting: related.next_meetings.get(&row.id).copied(),
        beneficiary: None,
        mentor: None,
        meetings: None,
        requests: None,
        mentor_reports: None,
        surveys: None,
        history: None,
        available_actions,
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

/// The missing signatures. Before the consent is complete they are judged by today, as a signature is. After that
/// they are judged by the first day, as the confirmation is.
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

impl MentorshipCard {
    /// Removes the members that this viewer may not see.
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
        // A side reads no ground but its own: nobody learns here that the other one gave up.
        self.declined.take_if(|it| !eyes.read_decline(it.party));
        self.termination.take_if(|it| !eyes.read_termination(it.ground));
        self.replacement.take_if(|it| !eyes.read_replacement(it.ground));
        if eyes != Eyes::Staff {
            silence(&mut self.specialist_accepted);
        }
        if eyes != Eyes::Staff {
            self.keep_circumstances();
        }
    }
    /// Removes records of staff about either side: notes, and the order of a termination. The sides do not see them.
    fn keep_circumstances(&mut self) {
        self.annulled_end = None;
        self.extensions.retain(|it| it.annulment.is_none());
        self.extensions.iter_mut().for_each(|it| it.reason = None);
        if let Some(it) = &mut self.paused {
            it.note = None;
        }
        if let Some(it) = &mut self.replacement {
            it.text = None;
        }
        if let Some(it) = &mut self.termination {
            it.text = None;
            it.decree = None;
        }
    }
}
