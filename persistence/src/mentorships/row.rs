//! A row of mentorships, and the domain state that it stands for.
use crate::engine::column::bind;
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::schema::{mentorships, specialist_answers};
use crate::tx::Tx;
use chrono::NaiveDate;
use diesel::prelude::*;
use domain::base::decree::Decree;
use domain::base::id::*;
use domain::base::moment::Moment;
use domain::base::text::{Note, OrderNumber};
use domain::mentorships::*;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = mentorships)]
pub(super) struct Row {
    pub(super) id: MentorshipId,
    pub(super) version: i64,
    pub(super) program_id: ProgramId,
    pub(super) edition_id: EditionId,
    pub(super) organization_id: OrganizationId,
    pub(super) beneficiary_id: BeneficiaryId,
    pub(super) mentor_id: MentorId,
    pub(super) tutor_user_id: Option<UserId>,
    pub(super) state: MentorshipState,
    pub(super) proposed_on: NaiveDate,
    pub(super) planned_starts_on: NaiveDate,
    pub(super) planned_ends_on: Option<NaiveDate>,
    pub(super) lapses_after: NaiveDate,
    mentor_accepted_on: Option<NaiveDate>,
    mentor_file_id: Option<FileId>,
    recipient_accepted_on: Option<NaiveDate>,
    recipient_file_id: Option<FileId>,
    starts_on: Option<NaiveDate>,
    ends_on: Option<NaiveDate>,
    order_number: Option<OrderNumber>,
    order_date: Option<NaiveDate>,
    pub(super) ended_on: Option<NaiveDate>,
    pub(super) completion_reason: Option<CompletionReason>,
    termination_ground: Option<TerminationGround>,
    termination_order_number: Option<OrderNumber>,
    termination_order_date: Option<NaiveDate>,
    pub(super) declined_by: Option<AnsweringParty>,
    pub(super) decline_reason: Option<DeclineReason>,
    pub(super) ending_file_id: Option<FileId>,
    words: Option<String>,
    pub(super) created_at: Moment,
    pub(super) updated_at: Moment,
}

/// Notes in people's own words, sealed together in one column.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Words {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) reason: Option<Note>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) mentor: Option<Note>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) recipient: Option<Note>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) specialist: Option<Note>,
    /// The words of the side that declined, or of the person who terminated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) ending: Option<Note>,
    /// The last end that was annulled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) annulled_end: Option<AnnulledEnd>,
}

/// The data of a state that other tables hold.
#[derive(Debug, Default)]
pub(super) struct Aside {
    pub(super) pause: Option<Pause>,
    pub(super) replacement: Option<(ReplacementGround, bool)>,
    pub(super) specialist: Option<SpecialistAnswer>,
}

/// The specialist's answer. A row means that it is needed; it holds the day of the acceptance, if there is one.
#[derive(Debug, Clone, Copy, Queryable, Selectable)]
#[diesel(table_name = specialist_answers)]
pub(super) struct SpecialistAnswer {
    pub(super) mentorship_id: MentorshipId,
    pub(super) accepted_on: Option<NaiveDate>,
}

const WORDS: &str = "mentorships.words";

impl Words {
    pub(super) fn seal(&self, tx: &Tx<'_>, id: MentorshipId) -> Result<Option<String>, Failure> {
        if *self == Self::default() {
            return Ok(None);
        }
        tx.core.keys.seal(WORDS, Uuid::from(id), self).map(Some)
    }
    pub(super) fn open(tx: &Tx<'_>, id: MentorshipId, sealed: Option<&str>) -> Result<Self, Failure> {
        sealed.map_or_else(|| Ok(Self::default()), |it| tx.core.keys.open(WORDS, Uuid::from(id), it))
    }
}

impl Row {
    pub(super) fn words(&self, tx: &Tx<'_>) -> Result<Words, Failure> {
        Words::open(tx, self.id, self.words.as_deref())
    }
    fn pairing(&self, words: &Words) -> Pairing {
        Pairing {
            id: self.id,
            program_id: self.program_id,
            edition_id: self.edition_id,
            organization_id: self.organization_id,
            beneficiary_id: self.beneficiary_id,
            mentor_id: self.mentor_id,
            tutor_user_id: self.tutor_user_id,
            proposed_on: self.proposed_on,
            planned_starts_on: self.planned_starts_on,
            planned_ends_on: self.planned_ends_on,
            reason: words.reason.clone(),
            lapses_after: self.lapses_after,
        }
    }
    pub(super) fn answers(&self, words: &Words, specialist: Option<SpecialistAnswer>) -> Answers {
        let answer = |on: Option<NaiveDate>, on_paper_file_id, note: &Option<Note>| {
            on.map(|on| Answer { on, on_paper_file_id, note: note.clone() })
        };
        Answers {
            mentor: answer(self.mentor_accepted_on, self.mentor_file_id, &words.mentor),
            recipient: answer(self.recipient_accepted_on, self.recipient_file_id, &words.recipient),
            specialist: answer(specialist.and_then(|it| it.accepted_on), None, &words.specialist),
            needs_specialist: specialist.is_some(),
        }
    }
    pub(super) fn term(&self) -> Option<Term> {
        let (starts_on, ends_on) = self.starts_on.zip(self.ends_on)?;
        Some(Term { starts_on, ends_on, decree: Decree::of(self.order_number.clone(), self.order_date) })
    }
    pub(super) fn termination(&self, words: &Words) -> Option<Termination> {
        let (ground, ended_on) = self.termination_ground.zip(self.ended_on)?;
        Some(Termination {
            ground,
            ended_on,
            document_file_id: self.ending_file_id,
            decree: Decree::of(self.termination_order_number.clone(), self.termination_order_date),
            text: words.ending.clone(),
        })
    }
    /// The state of the mentorship with its data.
    pub(super) fn whole(
        self,
        words: Words,
        consents: Vec<Consent>,
        aside: Aside,
    ) -> Result<Mentorship, Failure> {
        let torn = || Failure::broken(format!("mentorship {} is not whole", self.id));
        let (pairing, answers) = (self.pairing(&words), self.answers(&words, aside.specialist));
        let term = || self.term().ok_or_else(torn);
        let ended_on = || self.ended_on.ok_or_else(torn);
        Ok(match self.state {
            MentorshipState::Proposed => Proposed { pairing, answers }.into(),
            MentorshipState::Accepted => Accepted { pairing, answers, consents }.into(),
            MentorshipState::Consented => Consented { pairing, answers, consents }.into(),
            MentorshipState::Active => Active { pairing, term: term()? }.into(),
            MentorshipState::Paused => {
                Paused { pairing, term: term()?, pause: aside.pause.ok_or_else(torn)? }.into()
            }
            MentorshipState::Replaced => {
                let replaced = aside.replacement.ok_or_else(torn)?;
                let replacement = replacement(replaced, ended_on()?, self.ending_file_id, &words);
                Replaced { pairing, term: term()?, replacement }.into()
            }
            MentorshipState::Completed => {
                let reason = self.completion_reason.ok_or_else(torn)?;
                Completed { pairing, term: term()?, reason, ended_on: ended_on()? }.into()
            }
            MentorshipState::Terminated => {
                let termination = self.termination(&words).ok_or_else(torn)?;
                Terminated { pairing, term: term()?, termination }.into()
            }
            MentorshipState::Declined => Declined {
                pairing,
                party: self.declined_by.ok_or_else(torn)?,
                declined_on: ended_on()?,
                reason: self.decline_reason,
                note: words.ending,
                on_paper_file_id: self.ending_file_id,
            }
            .into(),
            MentorshipState::Lapsed => Lapsed { pairing, lapsed_on: ended_on()? }.into(),
        })
    }
}

/// The replacement of a mentor, made of the words of the mentorship and the rows about the replacement.
pub(super) fn replacement(
    (ground, absence_confirmed): (ReplacementGround, bool),
    ended_on: NaiveDate,
    document_file_id: Option<FileId>,
    words: &Words,
) -> Replacement {
    Replacement { ground, ended_on, document_file_id, absence_confirmed, text: words.ending.clone() }
}

/// A mentorship as a step has just saved it, to be told to the one who took the step.
#[derive(Debug)]
pub struct Saved(pub(super) Row);

/// Saves a change of a mentorship with these facts, and answers the row as it has become.
macro_rules! save {
    ($tx:expr, $id:expr, $set:expr, $records:expr) => {{
        let update = diesel::update(mentorships::table.find(bind($id))).set($set);
        let saved = db!($tx, get_result, prepared(update.returning(Row::as_returning())));
        $tx.returned(saved, $records)
    }};
}
pub(super) use save;

/// The columns that every step changes.
macro_rules! step {
    ($tx:expr, $state:expr) => {
        (
            mentorships::version.eq(mentorships::version + 1),
            mentorships::state.eq(bind($state)),
            mentorships::updated_at.eq(bind($tx.now())),
        )
    };
}
pub(super) use step;

/// The stored words with these added, sealed again.
pub(super) async fn reworded(
    tx: &mut Tx<'_>,
    id: MentorshipId,
    add: impl FnOnce(&mut Words),
) -> Result<Option<String>, Failure> {
    let one = mentorships::table.find(bind(id));
    let sealed: Option<String> = db!(tx, first, one.select(mentorships::words))?;
    let mut words = Words::open(tx, id, sealed.as_deref())?;
    add(&mut words);
    words.seal(tx, id)
}

/// Whether the consent was complete in this state. From then on the mentor sees the recipient's full name.
pub(crate) fn is_consented(state: MentorshipState) -> bool {
    use MentorshipState as State;
    use State::{Active, Completed, Consented, Paused, Replaced, Terminated};
    matches!(state, Consented | Active | Paused | Completed | Replaced | Terminated)
}
