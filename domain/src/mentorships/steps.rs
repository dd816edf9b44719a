//! The beginning of a mentorship: proposed, accepted, consented, confirmed (002 §3.4–3.8).
use super::consents::{Consent, against, consents_missing};
use super::{
    ALREADY_ANSWERED, Acceptance, Accepted, Active, Answer, AnswerKind, AnsweringParty, Answers,
    CONSENT_MISSING, CONSENT_VOID, Confirmation, ConsentForm, Consented, DATE, DeclineReason, Declined,
    Lapsed, Mentorship, NOT_ACCEPTED, OTHER_EDITION, PAPER_NEEDED, Pairing, Party, Proposal, Proposed,
    STARTS_BEFORE_CONSENT, Situation, TOO_LATE, Term, Withdrawal,
};
use crate::base::access::NOT_YOURS;
use crate::base::change::{Changed, facts};
use crate::base::id::{
    BeneficiaryId, ConsentId, EditionId, MentorId, MentorshipId, OrganizationId, PersonId, ProgramId,
};
use crate::base::refusal::{Reason, Refused};
use crate::people::consents::{CONSENT_GIVEN, Signatory};
use crate::region::programs::EditionForm;
use chrono::{Days, NaiveDate};

facts! {
    /// A mentorship was proposed.
    MentorshipProposed = "mentorship.proposed",
        "Наставничество предложено[, наставник: {mentor_id}][, получатель: {beneficiary_id}][, программа: {program_id}]",
        "The mentorship was proposed[, mentor: {mentor_id}][, recipient: {beneficiary_id}][, program: {program_id}]"
        about Mentorship (MentorshipId) {
        /// The program.
        program_id: ProgramId,
        /// The edition that applies up to the end.
        edition_id: EditionId,
        /// The confirming organization.
        organization_id: OrganizationId,
        /// The recipient.
        beneficiary_id: BeneficiaryId,
        /// The mentor.
        mentor_id: MentorId,
    }
    /// A side accepted a proposed mentorship.
    MentorshipAccepted = "mentorship.accepted",
        "Предложение принято[, сторона: {party}]",
        "The proposal was accepted[ by: {party}]"
        about Mentorship (MentorshipId) {
        /// The side that accepted.
        party: AnsweringParty,
        /// Whether all needed acceptances are given now.
        by_all: bool,
    }
    /// A side declined a mentorship.
    MentorshipDeclined = "mentorship.declined",
        "Предложение отклонено[, сторона: {party}][, причина: {reason}]",
        "The proposal was declined[ by: {party}][, reason: {reason}]"
        about Mentorship (MentorshipId) {
        /// The side that declined.
        party: AnsweringParty,
        /// The reason, if the side gave one.
        reason: Option<DeclineReason>,
    }
    /// A consent was signed.
    MentorshipConsented = "mentorship.consented",
        "Согласие подписано[: {signatory}]",
        "The consent was signed[: {signatory}]"
        about Mentorship (MentorshipId) {
        /// The consent.
        consent_id: ConsentId,
        /// The capacity of the signatory.
        signatory: Signatory,
        /// Whether all needed signatures are given now.
        whole: bool,
    }
    /// A mentorship was confirmed: the mentor is assigned to the recipient.
    MentorshipConfirmed = "mentorship.confirmed",
        "Наставничество утверждено[ с {starts_on} по {ends_on}]",
        "The mentorship was confirmed[ from {starts_on} to {ends_on}]"
        about Mentorship (MentorshipId) {
        /// The first day of the mentorship.
        starts_on: NaiveDate,
        /// The last day of the mentorship.
        ends_on: NaiveDate,
    }
    /// A mentorship lapsed, because it did not begin in time.
    MentorshipLapsed = "mentorship.lapsed",
        "Срок предложения истёк",
        "The proposal lapsed"
        about Mentorship (MentorshipId) {}
}

impl Proposed {
    /// Proposes a mentorship. Refuses with all reasons against this pair on the planned first day.
    pub fn propose(
        id: MentorshipId,
        order: &Proposal,
        situation: &Situation,
        today: NaiveDate,
    ) -> Result<Changed<Self>, Refused> {
        let mut reasons = situation.against_the_proposed(order.starts_on);
        reasons.extend(situation.against_the_succession(order));
        if order.starts_on < today {
            reasons.push(DATE.reason().at("/starts_on").with("not_before", today));
        }
        reasons.extend(order.ends_on.and_then(|it| situation.against_the_term(order.starts_on, it)));
        Refused::unless_empty(reasons)?;
        let pairing = pairing(id, order, situation, today);
        let fact = MentorshipProposed {
            id,
            program_id: pairing.program_id,
            edition_id: pairing.edition_id,
            organization_id: pairing.organization_id,
            beneficiary_id: pairing.beneficiary_id,
            mentor_id: pairing.mentor_id,
        };
        Ok(Changed::new(Self { pairing, answers: Answers::default() }, fact))
    }
    /// Requires the acceptance of a specialist for a new proposal.
    pub fn ask_the_specialist(change: Changed<Self>) -> Changed<Self> {
        change.map(|it| Self { answers: Answers { needs_specialist: true, ..it.answers }, ..it })
    }
    fn accept(
        mut self,
        order: &Acceptance,
        edition: &EditionForm,
        today: NaiveDate,
    ) -> Result<Changed<Mentorship>, Refused> {
        if let Some(reason) = self.answers.against_acceptance(order.party) {
            return Err(reason.into());
        }
        *self.answers.of(order.party) =
            Some(Answer { on: today, on_paper_file_id: order.on_paper_file_id, note: order.note.clone() });
        let by_all = self.answers.are_whole();
        let fact = MentorshipAccepted { id: self.pairing.id, party: order.party, by_all };
        let Self { pairing, answers } = self;
        let next = match (by_all, edition.consent_needed) {
            (false, _) => Self { pairing, answers }.into(),
            (true, true) => Accepted { pairing, answers, consents: Vec::new() }.into(),
            (true, false) => Consented { pairing, answers, consents: Vec::new() }.into(),
        };
        Ok(Changed::new(next, fact))
    }
}

fn pairing(id: MentorshipId, order: &Proposal, situation: &Situation, today: NaiveDate) -> Pairing {
    let deadline = u64::try_from(situation.edition.proposal_deadline_days).unwrap_or_default();
    Pairing {
        id,
        program_id: order.program_id,
        edition_id: situation.edition_id,
        organization_id: situation.organization_id,
        beneficiary_id: order.beneficiary_id,
        mentor_id: order.mentor_id,
        tutor_user_id: order.tutor_user_id,
        proposed_on: today,
        planned_starts_on: order.starts_on,
        planned_ends_on: order.ends_on,
        reason: order.reason.clone(),
        lapses_after: today.checked_add_days(Days::new(deadline)).unwrap_or(NaiveDate::MAX),
    }
}

impl Pairing {
    /// Refuses a beginning after the deadline. The background job may not have recorded the lapse yet.
    pub(super) fn in_time(&self, today: NaiveDate) -> Result<(), Refused> {
        if today > self.lapses_after { Err(TOO_LATE.refuse()) } else { Ok(()) }
    }
}

impl Mentorship {
    /// Records the answer of a side (002 §3.4). Each side accepts once, and may decline at any time before the beginning.
    ///
    /// `by` is the caller's own side. `None` means that the institution records for a side; then an acceptance requires the
    /// paper.
    pub fn answer(
        self,
        order: &Acceptance,
        by: Option<Party>,
        edition: &EditionForm,
        today: NaiveDate,
    ) -> Result<Changed<Self>, Refused> {
        if by.is_some_and(|own| AnsweringParty::from(own) != order.party) {
            return Err(NOT_YOURS.reason().at("/party").into());
        }
        match (order.decision, self) {
            (AnswerKind::Decline, it) => Ok(it.decline(order, today)?.map(Self::from)),
            (AnswerKind::Accept, Self::Proposed(it)) => {
                it.pairing.in_time(today)?;
                let is_side = order.party != AnsweringParty::Specialist;
                if is_side && by.is_none() && order.on_paper_file_id.is_none() {
                    return Err(PAPER_NEEDED.reason().at("/on_paper_file_id").into());
                }
                it.accept(order, edition, today)
            }
            (AnswerKind::Accept, it) => {
                it.not_begun()?;
                Err(ALREADY_ANSWERED.reason().at("/party").into())
            }
        }
    }
    fn decline(self, order: &Acceptance, today: NaiveDate) -> Result<Changed<Declined>, Refused> {
        let (pairing, _) = self.not_begun()?;
        Ok(declined(Declined {
            pairing,
            party: order.party,
            declined_on: today,
            reason: order.reason,
            note: order.note.clone(),
            on_paper_file_id: order.on_paper_file_id,
        }))
    }
    /// Declines a mentorship that the side has accepted before.
    pub(super) fn give_up(
        self,
        party: Party,
        reason: DeclineReason,
        order: &Withdrawal,
        today: NaiveDate,
    ) -> Result<Changed<Self>, Refused> {
        let (pairing, _) = self.not_begun()?;
        let declined = declined(Declined {
            pairing,
            party: party.into(),
            declined_on: today,
            reason: Some(reason),
            note: order.note.clone(),
            on_paper_file_id: order.file_id,
        });
        Ok(declined.map(Self::from))
    }
    /// Records the lapse if the deadline has passed. `None` otherwise.
    pub fn lapse(self, today: NaiveDate) -> Option<Changed<Lapsed>> {
        let (pairing, _) = self.not_begun().ok()?;
        let fact = MentorshipLapsed { id: pairing.id };
        (today > pairing.lapses_after).then(|| Changed::new(Lapsed { pairing, lapsed_on: today }, fact))
    }
}

fn declined(it: Declined) -> Changed<Declined> {
    let fact = MentorshipDeclined { id: it.pairing.id, party: it.party, reason: it.reason };
    Changed::new(it, fact)
}

impl Accepted {
    /// Records a signature of the consent (002 §3.7). With the last needed signature the mentorship becomes [`Consented`].
    ///
    /// `by` is the person who signs in the system. `None` means that the institution records a signed paper.
    pub fn consent(
        self,
        id: ConsentId,
        form: &ConsentForm,
        by: Option<PersonId>,
        situation: &Situation,
        today: NaiveDate,
    ) -> Result<Changed<Mentorship>, Refused> {
        let Self { pairing, answers, mut consents } = self;
        pairing.in_time(today)?;
        Refused::unless_empty(against(form, &pairing, &consents, situation, by, today))?;
        consents.push(Consent::signed(id, form, situation));
        let whole = consents_missing(&consents, situation, today).is_empty();
        let fact = MentorshipConsented { id: pairing.id, consent_id: id, signatory: form.signatory, whole };
        let next = if whole {
            Consented { pairing, answers, consents }.into()
        } else {
            Self { pairing, answers, consents }.into()
        };
        Ok(Changed::new(next, fact))
    }
}

/// A signature, and the mentorship to which it belongs.
#[derive(Debug, Clone, PartialEq)]
pub struct Signed {
    /// The mentorship after the signature.
    pub mentorship: Mentorship,
    /// The consent.
    pub consent: Consent,
}

impl Mentorship {
    /// Records a signature of the consent (002 §3.7): before the mentorship begins, or anew while it runs, once a signature has
    /// lost its basis. `given` are all consents so far.
    pub fn sign(
        self,
        id: ConsentId,
        form: &ConsentForm,
        given: &[Consent],
        by: Option<PersonId>,
        situation: &Situation,
        today: NaiveDate,
    ) -> Result<Changed<Signed>, Refused> {
        let signed = match self {
            it @ (Self::Active(_) | Self::Paused(_)) => {
                it.sign_anew(id, form, given, by, situation, today)?
            }
            other => other.awaiting_consent()?.consent(id, form, by, situation, today)?,
        };
        let consent = Consent::signed(id, form, situation);
        Ok(signed.map(|mentorship| Signed { mentorship, consent }))
    }
    fn sign_anew(
        self,
        id: ConsentId,
        form: &ConsentForm,
        given: &[Consent],
        by: Option<PersonId>,
        situation: &Situation,
        today: NaiveDate,
    ) -> Result<Changed<Self>, Refused> {
        let missing = consents_missing(given, situation, today);
        if missing.is_empty() {
            return Err(NOT_ACCEPTED.refuse());
        }
        Refused::unless_empty(against(form, self.pairing(), given, situation, by, today))?;
        if !missing.contains(&form.signatory) {
            return Err(CONSENT_GIVEN.reason().at("/signatory").into());
        }
        let fact = MentorshipConsented {
            id: self.pairing().id,
            consent_id: id,
            signatory: form.signatory,
            whole: missing.len() == 1,
        };
        Ok(Changed::new(self, fact))
    }
}

/// The reasons against a pair whose signatures do not hold on the day: nobody has signed, or a signature has lost its basis.
pub(super) fn against_the_consents(given: &[Consent], situation: &Situation, on: NaiveDate) -> Vec<Reason> {
    let lack = |of: Signatory| {
        let is_signed = given.iter().any(|it| it.form.signatory == of);
        let rule = if is_signed { &CONSENT_VOID } else { &CONSENT_MISSING };
        rule.reason().with("subject", of)
    };
    consents_missing(given, situation, on).into_iter().map(lack).collect()
}

impl Consented {
    /// Confirms the mentorship: assigns the mentor to the recipient. Refuses with all reasons against the pair on the first
    /// day.
    pub fn confirm(
        self,
        order: &Confirmation,
        situation: &Situation,
        today: NaiveDate,
    ) -> Result<Changed<Active>, Refused> {
        self.pairing.in_time(today)?;
        let mut reasons = self.against_the_first_day(situation, order.starts_on);
        reasons.extend(situation.against_the_term(order.starts_on, order.ends_on));
        if situation.is_other_edition {
            reasons.push(OTHER_EDITION.reason().at("/starts_on"));
        }
        let earliest = self.earliest();
        if order.starts_on < earliest {
            reasons.push(STARTS_BEFORE_CONSENT.reason().at("/starts_on").with("not_before", earliest));
        }
        reasons.extend(order.decree.as_ref().and_then(|it| it.against(today)));
        Refused::unless_empty(reasons)?;
        let Confirmation { starts_on, ends_on, decree } = order.clone();
        let fact = MentorshipConfirmed { id: self.pairing.id, starts_on, ends_on };
        let term = Term { starts_on, ends_on, decree };
        Ok(Changed::new(Active { pairing: self.pairing, term }, fact))
    }
    /// The reasons against this pair and its consents on a first day.
    fn against_the_first_day(&self, situation: &Situation, on: NaiveDate) -> Vec<Reason> {
        let mut reasons = situation.against_the_pair(on);
        reasons.extend(against_the_consents(&self.consents, situation, on));
        reasons
    }
    /// The earliest first day. Without a needed consent, only the day of the proposal limits it.
    fn earliest(&self) -> NaiveDate {
        let signed = self.consents.iter().map(|it| it.form.signed_on).max();
        signed.unwrap_or(self.pairing.proposed_on)
    }
    /// The reasons against a confirmation on any day: those that hold on the earliest, the planned and the present one.
    pub(super) fn against_any_day(&self, situation: &Situation, today: NaiveDate) -> Vec<Reason> {
        if let Err(late) = self.pairing.in_time(today) {
            return late.reasons().to_vec();
        }
        let earliest = self.earliest();
        let mut reasons = self.against_the_first_day(situation, earliest);
        for day in [today, self.pairing.planned_starts_on] {
            let then = self.against_the_first_day(situation, day.max(earliest));
            reasons.retain(|it| then.iter().any(|other| other.rule == it.rule));
        }
        reasons
    }
}
