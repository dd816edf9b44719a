//! The ends of a mentorship: by its term, by replacement (002 §3.10), by termination (§3.11), by withdrawal of a side (§3.4).
use super::consents::Consent;
use super::meetings::Pace;
use super::{
    ABSENCE_BY_HEAD, ABSENCE_NEEDS_TEXT, ABSENCE_TOO_SHORT, Active, Completed, CompletionReason, DATE,
    DIRECTOR_ONLY, DeclineReason, Mentorship, OBSTACLE_NEEDS_TEXT, OTHER_NEEDS_TEXT, Pairing, Party,
    REFUSAL_NEEDS_DOCUMENT, REMOVAL_NEEDS_DECREE, REPLACEMENT_NEEDS_EVIDENCE, REQUEST_MISSING, Replaced,
    Replacement, ReplacementGround, Running, Situation, Terminated, Termination, TerminationGround,
    WITHDRAWAL_ON_PAPER, WITHDRAWN_BY_WHOM, Withdrawal,
};
use crate::base::access::NOT_YOURS;
use crate::base::change::{Changed, SubjectKind, facts};
use crate::base::entry::correction::built_on;
use crate::base::id::{MentorshipId, PersonId};
use crate::base::refusal::{Reason, Refused};
use crate::base::word::{Demand, Word};
use crate::mentors::Removal;
use crate::region::programs::{Completion, CompletionKind};
use chrono::NaiveDate;

facts! {
    /// A mentorship was completed.
    MentorshipCompleted = "mentorship.completed",
        "Наставничество завершено[ {ended_on}][: {reason}]",
        "The mentorship was completed[ on {ended_on}][: {reason}]"
        about Mentorship (MentorshipId) {
        /// The reason for the completion.
        reason: CompletionReason,
        /// The last day of the mentorship.
        ended_on: NaiveDate,
    }
    /// A completed mentorship goes on, because a meeting that completed it was annulled.
    MentorshipReopened = "mentorship.reopened",
        "Наставничество продолжается",
        "The mentorship goes on"
        about Mentorship (MentorshipId) {}
    /// A mentorship ended because its mentor will be replaced.
    MentorshipReplaced = "mentorship.replaced",
        "Наставничество закончено, чтобы заменить наставника[, последний день: {ended_on}][, основание: {ground}]",
        "The mentorship ended to replace the mentor[, last day: {ended_on}][, ground: {ground}]"
        about Mentorship (MentorshipId) {
        /// The ground of the replacement.
        ground: ReplacementGround,
        /// The last day of the mentorship.
        ended_on: NaiveDate,
    }
    /// A mentorship was terminated before the end of its term.
    MentorshipTerminated = "mentorship.terminated",
        "Наставничество прекращено[ {ended_on}][: {ground}]",
        "The mentorship was terminated[ on {ended_on}][: {ground}]"
        about Mentorship (MentorshipId) {
        /// The ground of the termination.
        ground: TerminationGround,
        /// The last day of the mentorship.
        ended_on: NaiveDate,
    }
    /// A side withdrew its agreement.
    AgreementWithdrawn = "mentorship.agreement_withdrawn",
        "Согласие отозвано[, сторона: {party}][, с {withdrawn_on}]",
        "The agreement was withdrawn[ by: {party}][, from {withdrawn_on}]"
        about Mentorship (MentorshipId) {
        /// The side that withdrew.
        party: Party,
        /// The day from which the side no longer agrees.
        withdrawn_on: NaiveDate,
    }
}

impl Active {
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

impl Completed {
    /// Opens a mentorship again that its meetings completed, once fewer are held than the program demands. `None` if it stays
    /// completed. Refuses while the recipient has another mentorship in the program.
    pub fn reopen(
        self,
        held: i64,
        completion: &Completion,
        next: Option<MentorshipId>,
    ) -> Result<Option<Changed<Active>>, Refused> {
        let is_short = completion.meetings.is_some_and(|it| held < i64::from(it));
        if self.reason != CompletionReason::MeetingsHeld || !is_short {
            return Ok(None);
        }
        if let Some(next) = next {
            return Err(built_on(SubjectKind::Mentorship, next).into());
        }
        let Self { pairing, term, .. } = self;
        let fact = MentorshipReopened { id: pairing.id };
        Ok(Some(Changed::new(Active { pairing, term }, fact)))
    }
}

impl Running {
    /// Ends the mentorship if its last day has passed. `None` otherwise.
    ///
    /// A mentorship completed by date becomes completed. A mentorship completed by meetings becomes terminated, because not all
    /// of its meetings were held, or because the life plan was not renewed. `pace` tells them where the program asks for the plan.
    pub fn end_by_date(
        self,
        completion: &Completion,
        pace: Option<&Pace>,
        today: NaiveDate,
    ) -> Option<Changed<Mentorship>> {
        let ended_on = self.term.ends_on;
        if today <= ended_on {
            return None;
        }
        let Self { pairing, term } = self;
        Some(match completion.kind {
            CompletionKind::Term => {
                let (completed, fact) =
                    Active { pairing, term }.complete(CompletionReason::TermEnded, ended_on);
                Changed::new(completed.into(), fact)
            }
            CompletionKind::Meetings => {
                let it = Self { pairing, term };
                if let Some(completed) = pace.and_then(|pace| it.clone().complete_by_life_plan(pace)) {
                    return Some(completed.map(Mentorship::from));
                }
                let late = pace.and_then(Pace::awaits).map(|_| TerminationGround::LifePlanMissing);
                let ground = late.unwrap_or(TerminationGround::MeetingsNotHeld);
                it.terminated(Termination::on(ground, ended_on)).map(Mentorship::from)
            }
        })
    }
    /// Terminates the mentorship before the end of its term on a ground of §3.11. Each ground requires its own members of the
    /// order.
    ///
    /// After the ground `removed_by_director`, the caller must also remove the mentor: [`crate::mentors::Mentor::remove`].
    pub fn terminate(
        self,
        order: &Termination,
        facts: &TerminationFacts,
        today: NaiveDate,
    ) -> Result<Changed<Terminated>, Refused> {
        let mut reasons: Vec<Reason> = facts.against_ground(order.ground).into_iter().collect();
        reasons.extend(order.unmet());
        reasons.extend(self.against_the_last_day(order.ended_on, "/ended_on", facts.met_on, today));
        reasons.extend(order.decree.as_ref().and_then(|it| it.against(today)));
        Refused::unless_empty(reasons)?;
        Ok(self.terminated(order.clone()))
    }
    fn terminated(self, termination: Termination) -> Changed<Terminated> {
        let Self { pairing, term } = self;
        let fact = MentorshipTerminated {
            id: pairing.id,
            ground: termination.ground,
            ended_on: termination.ended_on,
        };
        Changed::new(Terminated { pairing, term, termination }, fact)
    }
    /// The last day must be in the term, not before the last meeting and not in the future. A mentorship that has not begun may
    /// end today.
    fn against_the_last_day(
        &self,
        on: NaiveDate,
        pointer: &str,
        met_on: Option<NaiveDate>,
        today: NaiveDate,
    ) -> Option<Reason> {
        let (first, last) = self.last_days(met_on, today);
        let reason = || DATE.reason().at(pointer).with("not_before", first).with("not_after", last);
        (!(first..=last).contains(&on)).then(reason)
    }
    fn last_days(&self, met_on: Option<NaiveDate>, today: NaiveDate) -> (NaiveDate, NaiveDate) {
        let last = self.term.ends_on.min(today);
        let first = self.term.starts_on.min(today);
        (met_on.map_or(first, |it| it.max(first)).min(last), last)
    }
    /// Ends the mentorship on a ground of §3.10, so that another mentor may follow. Each ground requires its own members of the
    /// order.
    pub fn replace(
        self,
        order: &Replacement,
        facts: &ReplacementFacts,
        today: NaiveDate,
    ) -> Result<Changed<Replaced>, Refused> {
        let mut reasons = facts.against(order);
        reasons.extend(self.against_the_last_day(order.ended_on, "/ended_on", facts.met_on, today));
        Refused::unless_empty(reasons)?;
        Ok(self.replaced(order.clone()))
    }
    fn replaced(self, replacement: Replacement) -> Changed<Replaced> {
        let Self { pairing, term } = self;
        let Replacement { ground, ended_on, .. } = replacement;
        let fact = MentorshipReplaced { id: pairing.id, ground, ended_on };
        Changed::new(Replaced { pairing, term, replacement }, fact)
    }
}

impl ReplacementGround {
    /// The side whose request is the ground, if a request is the ground.
    pub fn requested_by(self) -> Option<Party> {
        match self {
            Self::RequestedByMentor => Some(Party::Mentor),
            Self::RequestedByRecipient => Some(Party::Recipient),
            _ => None,
        }
    }
}

/// The stored data that a replacement needs.
#[derive(Debug, Clone, PartialEq)]
pub struct ReplacementFacts {
    /// Days since the last meeting, or since the first day if there was no meeting.
    pub silent_days: i64,
    /// The days without a meeting after which the edition calls an absence long.
    pub long_absence_days: i32,
    /// Whether the caller is the director or the head of a unit of the institution.
    pub by_head: bool,
    /// The sides with an open request for a replacement.
    pub requested_by: Vec<Party>,
    /// The day of the last meeting.
    pub met_on: Option<NaiveDate>,
}

/// The stored data that a withdrawal needs.
#[derive(Debug, Clone, PartialEq)]
pub struct WithdrawalFacts {
    /// The caller's own side and person. `None` means that the institution records the paper of a side.
    pub by: Option<(Party, Option<PersonId>)>,
    /// Whether the caller belongs to the confirming institution. Only this institution records a paper signed by the mentor.
    pub by_institution: bool,
    /// The signed consents.
    pub consents: Vec<Consent>,
    /// The day of the last meeting.
    pub met_on: Option<NaiveDate>,
}

impl ReplacementFacts {
    /// The reasons against the order by the demands of its ground in §3.10.
    fn against(&self, order: &Replacement) -> Vec<Reason> {
        order.ground.demands().iter().flat_map(|it| self.unmet(*it, order)).collect()
    }
    fn unmet(&self, demand: Demand, order: &Replacement) -> Vec<Reason> {
        let (bare, silent) = (order.document_file_id.is_none(), order.text.is_none());
        let lacks = match demand {
            Demand::Absence => return self.against_the_absence(order),
            Demand::DocumentOrText => {
                (bare && silent).then(|| REPLACEMENT_NEEDS_EVIDENCE.reason().at("/document_file_id"))
            }
            Demand::Request => {
                let asked = order.ground.requested_by().is_some_and(|it| self.requested_by.contains(&it));
                (bare && !asked).then(|| REQUEST_MISSING.reason().at("/document_file_id"))
            }
            Demand::Text => silent.then(|| OBSTACLE_NEEDS_TEXT.reason().at("/text")),
            // No ground of a replacement has these demands.
            Demand::Document | Demand::Decree | Demand::Attempts | Demand::Death => None,
        };
        lacks.into_iter().collect()
    }
    /// The reason against that ground, with any paper: the absence is short, and the caller cannot confirm it.
    pub(super) fn against_ground(&self, ground: ReplacementGround) -> Option<Reason> {
        let rests_on_absence = ground.demands().contains(&Demand::Absence);
        (rests_on_absence && !self.is_long() && !self.by_head).then(|| self.too_short())
    }
    fn is_long(&self) -> bool {
        self.silent_days >= i64::from(self.long_absence_days)
    }
    fn too_short(&self) -> Reason {
        let short = ABSENCE_TOO_SHORT.reason().at("/ground").with("silent_days", self.silent_days);
        short.with("long_absence_days", self.long_absence_days)
    }
    /// The absence must be long by the recorded meetings, or the head must confirm it with a text.
    fn against_the_absence(&self, order: &Replacement) -> Vec<Reason> {
        let mut reasons = Vec::new();
        if order.absence_confirmed {
            if !self.by_head {
                reasons.push(ABSENCE_BY_HEAD.reason().at("/absence_confirmed"));
            }
            if order.text.is_none() {
                reasons.push(ABSENCE_NEEDS_TEXT.reason().at("/text"));
            }
        } else if !self.is_long() {
            reasons.push(self.too_short());
        }
        reasons
    }
}

/// The stored data that a termination needs.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TerminationFacts {
    /// Whether the caller is the director who may remove the mentor.
    pub by_director: bool,
    /// The caller's own side. A side may terminate only by the written refusal.
    pub by: Option<Party>,
    /// The day of the last meeting. A mentorship cannot end before it.
    pub met_on: Option<NaiveDate>,
}

impl TerminationFacts {
    /// The reason against that ground, with any paper: it is not the caller's.
    pub(super) fn against_ground(&self, ground: TerminationGround) -> Option<Reason> {
        if self.by.is_some() && ground != TerminationGround::WrittenRefusal {
            Some(NOT_YOURS.reason().at("/ground"))
        } else if ground == TerminationGround::RemovedByDirector && !self.by_director {
            Some(DIRECTOR_ONLY.reason().at("/ground"))
        } else {
            None
        }
    }
}

impl Termination {
    /// The reasons against the order by the demands of its ground in §3.11.
    fn unmet(&self) -> Vec<Reason> {
        self.ground.demands().iter().flat_map(|it| self.against(*it)).collect()
    }
    fn against(&self, demand: Demand) -> Vec<Reason> {
        let given = match demand {
            Demand::Document => {
                vec![(self.document_file_id.is_some(), &REFUSAL_NEEDS_DOCUMENT, "/document_file_id")]
            }
            Demand::Decree => vec![(self.decree.is_some(), &REMOVAL_NEEDS_DECREE, "/decree")],
            Demand::Text => vec![(self.text.is_some(), &OTHER_NEEDS_TEXT, "/text")],
            // No ground of a termination has these demands.
            Demand::DocumentOrText | Demand::Request | Demand::Absence | Demand::Attempts | Demand::Death => {
                Vec::new()
            }
        };
        let missing = given.into_iter().filter(|it| !it.0);
        missing.map(|(_, rule, pointer)| rule.reason().at(pointer)).collect()
    }
}

/// A mentorship after a side withdrew its agreement.
#[derive(Debug, Clone, PartialEq)]
pub struct WithdrawnFrom {
    /// The mentorship: declined if it had not begun, terminated if it had.
    pub mentorship: Mentorship,
    /// The side that withdrew.
    pub party: Party,
    /// The day from which the side no longer agrees. If it is the recipient, all consents are withdrawn from this day.
    pub withdrawn_on: NaiveDate,
}

impl From<WithdrawnFrom> for Mentorship {
    fn from(it: WithdrawnFrom) -> Self {
        it.mentorship
    }
}

impl Mentorship {
    /// Withdraws the agreement of a side (002 §3.4).
    pub fn withdraw(
        self,
        order: &Withdrawal,
        facts: &WithdrawalFacts,
        situation: &Situation,
        today: NaiveDate,
    ) -> Result<Changed<WithdrawnFrom>, Refused> {
        let it = self.not_ended()?;
        let running = it.clone().running().ok();
        let mut reasons = against_the_withdrawal(order, facts, situation);
        if let Some(running) = &running {
            if order.party == Party::Mentor && order.file_id.is_none() {
                reasons.push(REFUSAL_NEEDS_DOCUMENT.reason().at("/file_id"));
            }
            reasons.extend(running.against_the_last_day(
                order.withdrawn_on,
                "/withdrawn_on",
                facts.met_on,
                today,
            ));
        } else {
            reasons.extend(outside(order.withdrawn_on, it.pairing(), today));
        }
        Refused::unless_empty(reasons)?;
        let Withdrawal { party, withdrawn_on, .. } = *order;
        let fact = AgreementWithdrawn { id: it.pairing().id, party, withdrawn_on };
        let ended = match running {
            Some(running) => running.terminated(order.termination()).map(Self::from),
            None => it.give_up(party, DeclineReason::Withdrawn, order, today)?,
        };
        Ok(ended.and(fact).map(|mentorship| WithdrawnFrom { mentorship, party, withdrawn_on }))
    }
    /// Ends a mentorship of a removed mentor (002 §3.11.2), begun or not. `None` if it has ended already.
    pub fn end_by_removal(
        self,
        removal: &Removal,
        met_on: Option<NaiveDate>,
        today: NaiveDate,
    ) -> Option<Changed<Self>> {
        let it = self.not_ended().ok()?;
        let Ok(running) = it.clone().running() else {
            let nobody = Withdrawal {
                party: Party::Mentor,
                withdrawn_on: removal.removed_on,
                person_id: None,
                file_id: None,
                note: None,
            };
            return it.give_up(Party::Mentor, DeclineReason::MentorRemoved, &nobody, today).ok();
        };
        let (first, last) = running.last_days(met_on, today);
        let termination = Termination {
            decree: Some(removal.decree.clone()),
            ..Termination::on(TerminationGround::RemovedByDirector, removal.removed_on.clamp(first, last))
        };
        Some(running.terminated(termination).map(Self::from))
    }
    /// Ends a mentorship by the death of a side, begun or not. `None` if it has ended already.
    ///
    /// The mentor of a running mentorship counts as replaced: the recipient waits for the next one.
    pub fn end_by_death(
        self,
        of: Party,
        died_on: NaiveDate,
        met_on: Option<NaiveDate>,
        today: NaiveDate,
    ) -> Option<Changed<Self>> {
        let it = self.not_ended().ok()?;
        let Ok(running) = it.clone().running() else {
            let nobody =
                Withdrawal { party: of, withdrawn_on: died_on, person_id: None, file_id: None, note: None };
            return it.give_up(of, DeclineReason::Died, &nobody, today).ok();
        };
        let (first, last) = running.last_days(met_on, today);
        let ended_on = died_on.clamp(first, last);
        Some(match of {
            Party::Recipient => {
                let termination = Termination::on(TerminationGround::RecipientDied, ended_on);
                running.terminated(termination).map(Self::from)
            }
            Party::Mentor => running
                .replaced(Replacement {
                    ground: ReplacementGround::MentorDied,
                    ended_on,
                    document_file_id: None,
                    absence_confirmed: false,
                    text: None,
                })
                .map(Self::from),
        })
    }
}

impl Withdrawal {
    /// The termination that follows from the withdrawal.
    fn termination(&self) -> Termination {
        let ground = match self.party {
            Party::Mentor => TerminationGround::WrittenRefusal,
            Party::Recipient => TerminationGround::ConsentWithdrawn,
        };
        let bare = Termination::on(ground, self.withdrawn_on);
        Termination { document_file_id: self.file_id, text: self.note.clone(), ..bare }
    }
}

fn outside(on: NaiveDate, pairing: &Pairing, today: NaiveDate) -> Option<Reason> {
    let first = pairing.proposed_on;
    let reason = || DATE.reason().at("/withdrawn_on").with("not_before", first).with("not_after", today);
    (!(first..=today).contains(&on)).then(reason)
}

/// The reason against a withdrawal of that side by any signer: a side withdraws for itself, and a paper of the mentor is
/// recorded by the confirming institution alone.
pub(super) fn against_withdrawal_of(party: Party, by: Option<Party>, by_institution: bool) -> Option<Reason> {
    let is_theirs = match by {
        Some(own) => own == party,
        None => party == Party::Recipient || by_institution,
    };
    (!is_theirs).then(|| NOT_YOURS.reason().at("/party"))
}

fn against_the_withdrawal(order: &Withdrawal, facts: &WithdrawalFacts, situation: &Situation) -> Vec<Reason> {
    let by = facts.by;
    let own = by.and_then(|it| it.1);
    let side = against_withdrawal_of(order.party, by.map(|it| it.0), facts.by_institution);
    let is_theirs = side.is_none();
    let mut reasons: Vec<Reason> = side.into_iter().collect();
    match by {
        _ if !is_theirs => {}
        Some(_) if order.person_id.is_some_and(|it| Some(it) != own) => {
            reasons.push(NOT_YOURS.reason().at("/person_id"))
        }
        None if order.file_id.is_none() => reasons.push(WITHDRAWAL_ON_PAPER.reason().at("/file_id")),
        _ => {}
    }
    let speaks = |it: PersonId| {
        facts.consents.iter().any(|consent| consent.form.person_id == it)
            || situation.may_sign(it, order.withdrawn_on)
    };
    if by.is_none() && order.party == Party::Recipient && !order.person_id.is_some_and(speaks) {
        reasons.push(WITHDRAWN_BY_WHOM.reason().at("/person_id"));
    }
    reasons
}
