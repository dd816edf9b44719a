//! The steps of a mentorship: proposed, answered, consented, confirmed, ended (002 §3.4–3.11).
use super::consents::{Consent, against, consents_missing};
use super::{
    ALREADY_ANSWERED, Acceptance, Accepted, Active, Answer, AnswerKind, Answers, CONSENT_MISSING, Completed,
    CompletionReason, Confirmation, ConsentForm, Consented, DATE, DIRECTOR_ONLY, DeclineReason, Declined,
    Lapsed, Mentorship, OTHER_NEEDS_TEXT, PAPER_NEEDED, Pairing, Party, Proposal, Proposed,
    REFUSAL_NEEDS_DOCUMENT, REMOVAL_NEEDS_ORDER, STARTS_BEFORE_CONSENT, Signatory, Term, Terminated,
    Termination, TerminationGround, World,
};
use crate::access::NOT_YOURS;
use crate::change::{Changed, facts};
use crate::id::{
    BeneficiaryId, ConsentId, EditionId, MentorId, MentorshipId, OrganizationId, PersonId, ProgramId,
};
use crate::programs::EditionForm;
use crate::refusal::{Reason, Refused};
use chrono::{Days, NaiveDate};

facts! {
    /// A mentorship was proposed.
    MentorshipProposed = "mentorship.proposed" about Mentorship (MentorshipId) {
        /// The program.
        program_id: ProgramId,
        /// The edition that holds to the end.
        edition_id: EditionId,
        /// The organization that confirms.
        organization_id: OrganizationId,
        /// The recipient.
        beneficiary_id: BeneficiaryId,
        /// The mentor.
        mentor_id: MentorId,
    }
    /// A side accepted.
    MentorshipAccepted = "mentorship.accepted" about Mentorship (MentorshipId) {
        /// The side.
        party: Party,
        /// Whether both sides have accepted now.
        by_both: bool,
    }
    /// A side declined.
    MentorshipDeclined = "mentorship.declined" about Mentorship (MentorshipId) {
        /// The side.
        party: Party,
        /// Why, if it said so.
        reason: Option<DeclineReason>,
    }
    /// A consent was signed.
    MentorshipConsented = "mentorship.consented" about Mentorship (MentorshipId) {
        /// The consent.
        consent_id: ConsentId,
        /// In what capacity it was signed.
        signatory: Signatory,
        /// Whether every signature needed is there now.
        whole: bool,
    }
    /// The mentor was assigned to the recipient.
    MentorshipConfirmed = "mentorship.confirmed" about Mentorship (MentorshipId) {
        /// The first day.
        starts_on: NaiveDate,
        /// The last day.
        ends_on: NaiveDate,
    }
    /// A mentorship came to its regular end.
    MentorshipCompleted = "mentorship.completed" about Mentorship (MentorshipId) {
        /// How.
        reason: CompletionReason,
        /// The last day.
        ended_on: NaiveDate,
    }
    /// A mentorship was ended before its term.
    MentorshipTerminated = "mentorship.terminated" about Mentorship (MentorshipId) {
        /// The ground.
        ground: TerminationGround,
        /// The last day.
        ended_on: NaiveDate,
    }
    /// A proposal lapsed.
    MentorshipLapsed = "mentorship.lapsed" about Mentorship (MentorshipId) {}
}

impl Proposed {
    /// Proposes a mentorship, if nothing stands against these two on the planned first day.
    pub fn propose(
        id: MentorshipId,
        order: &Proposal,
        world: &World,
        today: NaiveDate,
    ) -> Result<Changed<Self>, Refused> {
        let mut reasons = world.against_the_pair(order.starts_on);
        if order.starts_on < today {
            reasons.push(DATE.reason().at("/starts_on").with("not_before", today));
        }
        reasons.extend(order.ends_on.and_then(|it| world.against_the_term(order.starts_on, it)));
        Refused::unless_empty(reasons)?;
        let pairing = pairing(id, order, world, today);
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
    fn accept(
        mut self,
        order: &Acceptance,
        edition: &EditionForm,
        today: NaiveDate,
    ) -> Result<Changed<Mentorship>, Refused> {
        let answer = self.answers.of(order.party);
        if answer.is_some() {
            return Err(ALREADY_ANSWERED.reason().at("/party").into());
        }
        *answer =
            Some(Answer { on: today, on_paper_file_id: order.on_paper_file_id, note: order.note.clone() });
        let by_both = self.answers.both();
        let fact = MentorshipAccepted { id: self.pairing.id, party: order.party, by_both };
        let Self { pairing, answers } = self;
        let next = match (by_both, edition.consent_needed) {
            (false, _) => Self { pairing, answers }.into(),
            (true, true) => Accepted { pairing, answers, consents: Vec::new() }.into(),
            (true, false) => Consented { pairing, answers, consents: Vec::new() }.into(),
        };
        Ok(Changed::new(next, fact))
    }
}

fn pairing(id: MentorshipId, order: &Proposal, world: &World, today: NaiveDate) -> Pairing {
    let deadline = u64::try_from(world.edition.proposal_deadline_days).unwrap_or_default();
    Pairing {
        id,
        program_id: order.program_id,
        edition_id: world.edition_id,
        organization_id: world.organization_id,
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

impl Mentorship {
    /// Records the answer of a side, 002 §3.4: each accepts once; either declines at any time before the beginning.
    ///
    /// `by` is the caller's own side; without it somebody of the institution records for a side, and then an
    /// acceptance needs the paper.
    pub fn answer(
        self,
        order: &Acceptance,
        by: Option<Party>,
        edition: &EditionForm,
        today: NaiveDate,
    ) -> Result<Changed<Self>, Refused> {
        if by.is_some_and(|own| own != order.party) {
            return Err(NOT_YOURS.refuse());
        }
        match (order.decision, self) {
            (AnswerKind::Decline, it) => Ok(it.decline(order, today)?.map(Self::from)),
            (AnswerKind::Accept, Self::Proposed(it)) => {
                if by.is_none() && order.on_paper_file_id.is_none() {
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
        let fact = MentorshipDeclined { id: pairing.id, party: order.party, reason: order.reason };
        let declined = Declined {
            pairing,
            party: order.party,
            declined_on: today,
            reason: order.reason,
            note: order.note.clone(),
            on_paper_file_id: order.on_paper_file_id,
        };
        Ok(Changed::new(declined, fact))
    }
    /// Lets a proposal lapse when its deadline has passed; otherwise nothing happens.
    pub fn lapse(self, today: NaiveDate) -> Option<Changed<Lapsed>> {
        let (pairing, _) = self.not_begun().ok()?;
        let fact = MentorshipLapsed { id: pairing.id };
        (today > pairing.lapses_after).then(|| Changed::new(Lapsed { pairing, lapsed_on: today }, fact))
    }
}

impl Accepted {
    /// Records a signature, 002 §3.7; with the last one needed the mentorship is [`Consented`].
    ///
    /// `by` is the person who records their own signature; without it somebody of the institution records a paper.
    pub fn consent(
        self,
        id: ConsentId,
        form: &ConsentForm,
        by: Option<PersonId>,
        world: &World,
        today: NaiveDate,
    ) -> Result<Changed<Mentorship>, Refused> {
        let Self { pairing, answers, mut consents } = self;
        Refused::unless_empty(against(form, &pairing, &consents, world, by, today))?;
        consents.push(Consent { id, form: form.clone() });
        let whole = consents_missing(&consents, world, today).is_empty();
        let fact = MentorshipConsented { id: pairing.id, consent_id: id, signatory: form.signatory, whole };
        let next = if whole {
            Consented { pairing, answers, consents }.into()
        } else {
            Self { pairing, answers, consents }.into()
        };
        Ok(Changed::new(next, fact))
    }
}

impl Consented {
    /// Assigns the mentor to the recipient, if nothing stands against it on the first day.
    pub fn confirm(
        self,
        order: &Confirmation,
        world: &World,
        today: NaiveDate,
    ) -> Result<Changed<Active>, Refused> {
        let mut reasons = world.against_the_pair(order.starts_on);
        reasons.extend(world.against_the_term(order.starts_on, order.ends_on));
        reasons.extend(self.against_the_consents(order, world));
        reasons.extend(order_date_ahead(order.order_date, today));
        Refused::unless_empty(reasons)?;
        let Confirmation { starts_on, ends_on, order_number, order_date } = order.clone();
        let fact = MentorshipConfirmed { id: self.pairing.id, starts_on, ends_on };
        let term = Term { starts_on, ends_on, order_number, order_date };
        Ok(Changed::new(Active { pairing: self.pairing, term }, fact))
    }
    fn against_the_consents(&self, order: &Confirmation, world: &World) -> Vec<Reason> {
        let missing = consents_missing(&self.consents, world, order.starts_on);
        let mut reasons: Vec<Reason> =
            missing.into_iter().map(|it| CONSENT_MISSING.reason().with("subject", it)).collect();
        // Where no consent is needed, the beginning waits for the proposal alone.
        let signed = self.consents.iter().map(|it| it.form.signed_on).max();
        let earliest = signed.unwrap_or(self.pairing.proposed_on);
        if order.starts_on < earliest {
            reasons.push(STARTS_BEFORE_CONSENT.reason().at("/starts_on").with("not_before", earliest));
        }
        reasons
    }
}

fn order_date_ahead(date: Option<NaiveDate>, today: NaiveDate) -> Option<Reason> {
    date.filter(|it| *it > today).map(|_| DATE.reason().at("/order_date").with("not_after", today))
}

impl Active {
    /// Ends the mentorship before its term, on a ground of §3.11 with what the ground demands.
    ///
    /// After `removed_by_director` the mentor is to be removed too: [`crate::mentors::Mentor::remove`].
    pub fn terminate(
        self,
        order: &Termination,
        by_director: bool,
        today: NaiveDate,
    ) -> Result<Changed<Terminated>, Refused> {
        let mut reasons = demands(order, by_director);
        // One that has not begun yet may still be given up, on the day itself.
        let first = self.term.starts_on.min(today);
        let last = self.term.ends_on.min(today);
        if !(first..=last).contains(&order.ended_on) {
            reasons.push(DATE.reason().at("/ended_on").with("not_before", first).with("not_after", last));
        }
        reasons.extend(order_date_ahead(order.order_date, today));
        Refused::unless_empty(reasons)?;
        let fact =
            MentorshipTerminated { id: self.pairing.id, ground: order.ground, ended_on: order.ended_on };
        let Self { pairing, term } = self;
        Ok(Changed::new(Terminated { pairing, term, termination: order.clone() }, fact))
    }
    /// Completes the mentorship when its last day has passed; otherwise nothing happens.
    pub fn complete_by_date(self, today: NaiveDate) -> Option<Changed<Completed>> {
        let ended_on = self.term.ends_on;
        (today > ended_on).then(|| {
            let (completed, fact) = self.complete(CompletionReason::TermEnded, ended_on);
            Changed::new(completed, fact)
        })
    }
    pub(crate) fn complete(
        self,
        reason: CompletionReason,
        ended_on: NaiveDate,
    ) -> (Completed, MentorshipCompleted) {
        let Self { pairing, term } = self;
        let fact = MentorshipCompleted { id: pairing.id, reason, ended_on };
        (Completed { pairing, term, reason, ended_on }, fact)
    }
}

/// What each ground of §3.11 demands.
fn demands(order: &Termination, by_director: bool) -> Vec<Reason> {
    let mut reasons = Vec::new();
    match order.ground {
        TerminationGround::WrittenRefusal => {
            if order.document_file_id.is_none() {
                reasons.push(REFUSAL_NEEDS_DOCUMENT.reason().at("/document_file_id"));
            }
        }
        TerminationGround::RemovedByDirector => {
            if !by_director {
                reasons.push(DIRECTOR_ONLY.reason().at("/ground"));
            }
            let given = [
                ("/order_number", order.order_number.is_some()),
                ("/order_date", order.order_date.is_some()),
            ];
            let missing = given.into_iter().filter(|it| !it.1);
            reasons.extend(missing.map(|(pointer, _)| REMOVAL_NEEDS_ORDER.reason().at(pointer)));
        }
        TerminationGround::OtherObjective => {
            if order.text.is_none() {
                reasons.push(OTHER_NEEDS_TEXT.reason().at("/text"));
            }
        }
    }
    reasons
}
