//! The orders about a mentorship: one for each step.
use super::{
    AnswerKind, AnsweringParty, DeclineReason, Party, PauseReason, ReplacementGround, SentDeclineReason,
    SentReplacementGround, SentTerminationGround, TerminationGround, VetoScope,
};
use crate::base::clauses::{all_hold, clash, lack};
use crate::base::decree::Decree;
use crate::base::id::{
    AnnexId, BeneficiaryId, FileId, MentorId, MentorshipId, PersonId, ProgramId, RepresentativeId, UserId,
};
use crate::base::refusal::Refused;
use crate::base::text::Note;
use crate::base::text::repeats;
use crate::base::word::{only_sent, only_sent_some};
use crate::mentors::Removal;
use crate::people::consents::{NO_AUTHORITY, RepresentativeFacts, Signatory};
use chrono::NaiveDate;
use shape::form;
use validator::{Validate, ValidationError};

/// An order to propose a mentorship.
#[form]
#[schema(example = json!({"program_id": "01980000-0000-7000-8000-00000000000a", "beneficiary_id": "01980000-0000-7000-8000-000000000007", "mentor_id": "01980000-0000-7000-8000-00000000000f", "starts_on": "2026-03-10", "ends_on": "2026-12-31", "reason": "Семье нужна помощь в организации быта, наставник живёт рядом."}))]
pub struct Proposal {
    /// The program. The edition in force on the first day applies up to the end of the mentorship.
    pub program_id: ProgramId,
    /// The recipient.
    pub beneficiary_id: BeneficiaryId,
    /// The mentor.
    pub mentor_id: MentorId,
    /// The account of the tutor who will accompany the pair.
    pub tutor_user_id: Option<UserId>,
    /// The planned first day: today or later.
    pub starts_on: NaiveDate,
    /// The planned last day.
    pub ends_on: Option<NaiveDate>,
    /// The reason for choosing this pair (002 §3.8).
    pub reason: Option<Note>,
    /// The replaced mentorship that this one continues (002 §3.10). It must have the same recipient and program.
    pub replaces_id: Option<MentorshipId>,
}

/// The answer of a side to a proposal.
#[form]
#[validate(schema(function = "answer_is_whole"))]
#[schema(example = json!({"party": "recipient", "decision": "accept", "on_paper_file_id": "01980000-0000-7000-8000-00000000000c"}))]
pub struct Acceptance {
    /// The side that answers.
    pub party: AnsweringParty,
    /// The answer. A side may decline until the mentorship begins, even after accepting.
    pub decision: AnswerKind,
    /// The reason for declining, optional. Only when declining.
    #[schema(value_type = Option<SentDeclineReason>)]
    #[serde(default, deserialize_with = "only_sent_some", skip_serializing_if = "Option::is_none")]
    pub reason: Option<DeclineReason>,
    /// A note of the side.
    pub note: Option<Note>,
    /// The signed paper. Required when somebody else records an acceptance for the side.
    pub on_paper_file_id: Option<FileId>,
    /// The authority of the representative who answers. Only for the recipient.
    pub representative_id: Option<RepresentativeId>,
    /// The range of the refusal, if a round of matching proposed the pair. Absent: this round only. Only when declining.
    pub veto: Option<VetoScope>,
}

impl Acceptance {
    /// The refusal of a representative who has no valid authority to act for the recipient on the day.
    pub fn against_the_representative(
        &self,
        authorities: &[RepresentativeFacts],
        today: NaiveDate,
    ) -> Result<(), Refused> {
        let Some(id) = self.representative_id else { return Ok(()) };
        match authorities.iter().find(|it| it.id == id) {
            Some(it) if it.holds(today) => Ok(()),
            _ => Err(NO_AUTHORITY.reason().at("/representative_id").into()),
        }
    }
}

fn answer_is_whole(it: &Acceptance) -> Result<(), ValidationError> {
    let accepts = it.decision == AnswerKind::Accept;
    let represents_other = it.representative_id.is_some() && it.party != AnsweringParty::Recipient;
    all_hold([
        clash(accepts && it.reason.is_some(), &["reason", "decision"]),
        clash(accepts && it.veto.is_some(), &["veto", "decision"]),
        clash(represents_other, &["representative_id", "party"]),
    ])
}

/// The consent of the recipient (annex 3).
#[form]
#[validate(schema(function = "consent_is_whole"))]
#[schema(example = json!({"signatory": "representative", "person_id": "01980000-0000-7000-8000-000000000005", "representative_id": "01980000-0000-7000-8000-000000000008", "signed_on": "2026-03-05", "file_id": "01980000-0000-7000-8000-00000000000c"}))]
pub struct ConsentForm {
    /// The capacity of the signatory. For a family it is `recipient`, signed by one of its adults.
    pub signatory: Signatory,
    /// The person who signs.
    pub person_id: PersonId,
    /// The authority of the representative. Required for a representative, forbidden otherwise.
    pub representative_id: Option<RepresentativeId>,
    /// The day of signature: not before the proposal and not in the future.
    pub signed_on: NaiveDate,
    /// The signed paper. Required when somebody else records the consent.
    pub file_id: Option<FileId>,
    /// The version of annex 3 that was signed. Absent: the version in effect on the day of signature.
    pub annex_id: Option<AnnexId>,
    /// The members of the family in the mentorship, each once. Empty: all members. Only for a family.
    #[at_most(30)]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub covered_person_ids: Vec<PersonId>,
    /// The contact person of the family for the mentor. Absent: the primary contact of the family. Only for a family.
    pub primary_contact_id: Option<PersonId>,
}

fn consent_is_whole(it: &ConsentForm) -> Result<(), ValidationError> {
    let represents = it.signatory == Signatory::Representative;
    all_hold([
        lack(represents && it.representative_id.is_none(), &["representative_id", "signatory"]),
        clash(!represents && it.representative_id.is_some(), &["representative_id", "signatory"]),
        clash(repeats(&it.covered_person_ids), &["covered_person_ids"]),
    ])
}

/// An order that confirms a mentorship. From its first day the mentor is assigned (закреплён) to the recipient.
#[form]
#[schema(example = json!({"starts_on": "2026-03-10", "ends_on": "2026-12-31", "decree": {"number": "15-н", "date": "2026-03-09"}}))]
pub struct Confirmation {
    /// The first day: not before the consents.
    pub starts_on: NaiveDate,
    /// The last day: after the first day and within the longest term of the program.
    pub ends_on: NaiveDate,
    /// The decree.
    pub decree: Option<Decree>,
}

/// An order to name the tutor of a mentorship, to name another one, or to leave the pair without one.
#[form]
#[schema(example = json!({"tutor_user_id": "01980000-0000-7000-8000-000000000003"}))]
pub struct TutorAssignment {
    /// The account of the tutor from now on. Absent: the pair has none.
    pub tutor_user_id: Option<UserId>,
}

/// An order to extend the term of a mentorship (002 §3.9).
#[form]
#[schema(example = json!({"ends_on": "2027-06-30", "reason": "Семье нужна поддержка до конца учебного года.", "decree": {"number": "41-н", "date": "2026-12-10"}}))]
pub struct Extension {
    /// The new last day: after the current one and within the limits of the edition.
    pub ends_on: NaiveDate,
    /// The reason for the extension.
    pub reason: Option<Note>,
    /// The document of the extension. Required if the edition demands it.
    pub document_file_id: Option<FileId>,
    /// The decree.
    pub decree: Option<Decree>,
}

/// An order to pause a mentorship. The pause does not move the last day of the term.
#[form]
#[validate(schema(function = "pause_is_whole"))]
#[schema(example = json!({"paused_on": "2026-05-12", "reason": "illness", "until": "2026-06-12"}))]
pub struct Pause {
    /// The first day without meetings: in the term and not in the future.
    pub paused_on: NaiveDate,
    /// The reason for the pause.
    pub reason: PauseReason,
    /// The expected first day after the pause. The pause ends only by an order to resume.
    pub until: Option<NaiveDate>,
    /// A description in words.
    pub note: Option<Note>,
}

fn pause_is_whole(it: &Pause) -> Result<(), ValidationError> {
    all_hold([clash(it.until.is_some_and(|until| until <= it.paused_on), &["until", "paused_on"])])
}

/// An order to resume a paused mentorship.
#[form]
#[schema(example = json!({"resumed_on": "2026-06-10"}))]
pub struct Resumption {
    /// The first day after the pause: not before the pause and not in the future.
    pub resumed_on: NaiveDate,
}

/// An order to replace the mentor (002 §3.10). This mentorship ends, and the recipient waits for the next one.
#[form]
#[validate(schema(function = "replacement_is_whole"))]
#[schema(example = json!({"ground": "employment_ended", "ended_on": "2026-05-12", "text": "Наставница уволилась из НКО и переехала."}))]
pub struct Replacement {
    /// The ground of the replacement. The catalogue tells the demands of each ground.
    #[schema(value_type = SentReplacementGround)]
    #[serde(deserialize_with = "only_sent")]
    pub ground: ReplacementGround,
    /// The last day with this mentor: not before the first one and not in the future.
    pub ended_on: NaiveDate,
    /// The document of the ground. `employment_ended` and `position_changed` require it or the text. `requested_by_…` requires
    /// it unless that side has an open request in the system.
    pub document_file_id: Option<FileId>,
    /// Whether the director or the head of the unit confirms a long absence that the recorded meetings do not show. Only for
    /// `long_absence`, and only with the text.
    #[serde(default)]
    #[schema(default = false)]
    pub absence_confirmed: bool,
    /// A description. Required for `other_obstacle`.
    pub text: Option<Note>,
}

fn replacement_is_whole(it: &Replacement) -> Result<(), ValidationError> {
    let confirms_nothing = it.absence_confirmed && it.ground != ReplacementGround::LongAbsence;
    all_hold([clash(confirms_nothing, &["absence_confirmed", "ground"])])
}

/// An order by which a side withdraws its agreement (002 §3.4), at any time before the end.
///
/// A mentorship that has not begun becomes declined. An active one ends at once: for the mentor by the written refusal
/// (§3.11.1), for the recipient because the consent is withdrawn.
#[form]
#[schema(example = json!({"party": "recipient", "withdrawn_on": "2026-05-12", "person_id": "01980000-0000-7000-8000-000000000005", "file_id": "01980000-0000-7000-8000-00000000000c"}))]
pub struct Withdrawal {
    /// The side that withdraws.
    pub party: Party,
    /// The day from which the side no longer agrees, not in the future.
    pub withdrawn_on: NaiveDate,
    /// The person of the recipient's side who withdraws: one who has signed or may sign. Required when somebody else records
    /// it.
    pub person_id: Option<PersonId>,
    /// The signed paper. Required when somebody else records the withdrawal, and when a mentor leaves an active mentorship.
    pub file_id: Option<FileId>,
    /// The reason of the side, optional.
    pub note: Option<Note>,
}

/// An order to terminate a mentorship before the end of its term (002 §3.11).
#[form]
#[schema(example = json!({"ground": "written_refusal", "ended_on": "2026-05-12", "document_file_id": "01980000-0000-7000-8000-00000000000c"}))]
pub struct Termination {
    /// The ground of the termination. The catalogue tells the demands of each ground.
    #[schema(value_type = SentTerminationGround)]
    #[serde(deserialize_with = "only_sent")]
    pub ground: TerminationGround,
    /// The last day: not before the first one and not in the future.
    pub ended_on: NaiveDate,
    /// The written refusal. Required for `written_refusal`.
    pub document_file_id: Option<FileId>,
    /// The director's decree. Required for `removed_by_director`.
    pub decree: Option<Decree>,
    /// A description. Required for `other_objective`.
    pub text: Option<Note>,
}

impl Termination {
    /// A termination on a ground that requires no other members.
    pub(super) fn on(ground: TerminationGround, ended_on: NaiveDate) -> Self {
        Self { ground, ended_on, document_file_id: None, decree: None, text: None }
    }
    /// The removal of the mentor by the same decree, from the last day of the mentorship.
    pub fn removal(&self) -> Option<Removal> {
        let removal = Removal { removed_on: self.ended_on, decree: self.decree.clone()? };
        (self.ground == TerminationGround::RemovedByDirector).then_some(removal)
    }
}
