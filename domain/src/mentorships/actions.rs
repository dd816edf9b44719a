//! The orders that the card of a mentorship offers, judged by the rules of the orders.
use super::consents::{Consent, consents_missing, signable};
use super::days::MentorshipDays;
use super::endings::{ReplacementFacts, TerminationFacts, against_withdrawal_of};
use super::requests::kinds_of;
use super::{
    AnswerKind, AnsweringParty, EndAnnulmentFacts, ExtensionAnnulmentFacts, ExtensionFacts, GROUND_OPEN,
    Mentorship, NO_OPEN_CASE, OBJECTION, Party, REMOVAL_OPEN, ReplacementGround, Situation,
    TerminationGround, mentor_reports, surveys,
};
use crate::base::access::Right;
use crate::base::action::{Action, Offer, Offers, Verdict};
use crate::base::id::PersonId;
use crate::base::moment::Moment;
use crate::base::refusal::{Reason, Rule};
use crate::base::word::Word;
use crate::mentorships::meetings::{Pace, WorkForm};
use crate::people::consents::{NO_AUTHORITY, Signatory};
use chrono::NaiveDate;

/// The stored data by which the orders of a mentorship are judged. Each part is there if an order that needs it is offered.
#[derive(Debug, Default)]
pub struct ActionFacts {
    /// For the consent and the confirmation.
    pub signing: Option<(Situation, Vec<Consent>)>,
    /// For the confirmation: the reason for which the organization begins nothing today.
    pub closed: Option<Reason>,
    /// For an extension.
    pub extension: Option<ExtensionFacts>,
    /// For a replacement.
    pub replacement: Option<ReplacementFacts>,
    /// For a termination.
    pub termination: Option<TerminationFacts>,
    /// For the record of a held meeting.
    pub pace: Option<Pace>,
    /// The sides that have asked for another mentor already.
    pub asked: Vec<Party>,
    /// For the annulment of the end.
    pub end: Option<EndAnnulmentFacts>,
    /// For the annulment of each extension.
    pub extensions: Vec<ExtensionAnnulmentFacts>,
}

/// A mentorship as its caller sees it.
#[derive(Debug)]
pub struct MentorshipOffers<'a> {
    /// The mentorship.
    pub it: &'a Mentorship,
    /// The caller's own side.
    pub by: Option<Party>,
    /// The person who signs for themselves, if the caller is a side.
    pub signer: Option<PersonId>,
    /// Whether the caller records answers of the sides.
    pub may_answer: bool,
    /// Whether the caller belongs to the confirming institution.
    pub by_institution: bool,
    /// The stored data. `None` in a list.
    pub facts: Option<&'a ActionFacts>,
    /// The present moment.
    pub now: Moment,
    /// The present day.
    pub today: NaiveDate,
}

impl Offers for MentorshipOffers<'_> {
    const AT: &'static str = "mentorships";
    const OFFERS: &'static [Offer] = &[
        Offer::step(Action::Accept, "acceptances", Right::AcceptMentorship),
        Offer::step(Action::Decline, "acceptances", Right::AcceptMentorship),
        Offer::step(Action::Consent, "consents", Right::ConsentMentorship),
        Offer::step(Action::Confirm, "confirmation", Right::ConfirmMentorship),
        Offer::step(Action::Extend, "extensions", Right::ExtendMentorship),
        Offer::step(Action::Pause, "pause", Right::PauseMentorship),
        Offer::step(Action::Resume, "resumption", Right::PauseMentorship),
        Offer::step(Action::Replace, "replacement", Right::ReplaceMentor),
        Offer::step(Action::Withdraw, "withdrawal", Right::WithdrawAgreement),
        Offer::step(Action::Terminate, "termination", Right::TerminateMentorship),
        Offer::step(Action::AssignTutor, "tutor", Right::ProposeMentorship),
        Offer::step(Action::PlanMeeting, "meetings", Right::EditMeetings),
        Offer::step(Action::RecordMeeting, "held-meetings", Right::EditMeetings),
        Offer::step(Action::MakeRequest, "requests", Right::MakeRequest),
        Offer::step(Action::MakeSurvey, "surveys", Right::EditMeetings),
        Offer::step(Action::MakeReport, "mentor-reports", Right::EditMeetings),
        Offer::step(Action::AnnulEnd, "end/annulment", Right::AnnulRecords),
    ];
    fn judge(&self, action: Action) -> Option<Verdict> {
        match action {
            Action::Accept => self.acceptance(),
            Action::Decline => self.refusal(),
            Action::Consent => self.consent(),
            Action::Withdraw => self.withdrawal(),
            Action::Terminate => self.termination(),
            Action::PlanMeeting | Action::RecordMeeting => self.meeting(action),
            Action::MakeRequest => self.request(),
            Action::MakeSurvey => self.statement(surveys::against_every_visit),
            Action::MakeReport => self.statement(mentor_reports::against_every_period),
            // A caller who is a side of the mentorship does not decide for the institution, even as its employee.
            _ if self.by.is_some() => None,
            Action::Confirm => self.confirmation(),
            Action::Extend => self.extension(),
            Action::Pause => matches!(self.it, Mentorship::Active(_)).then(Verdict::default),
            Action::Resume => matches!(self.it, Mentorship::Paused(_)).then(Verdict::default),
            Action::Replace => self.replacement(),
            Action::AssignTutor => (self.it.runs() || self.it.is_before_beginning()).then(Verdict::default),
            Action::AnnulEnd => self.end_annulment(),
            _ => None,
        }
    }
    fn basis(rule: &Rule) -> Option<Right> {
        let hidden = [
            (&OBJECTION, Right::ReadVetoes),
            (&GROUND_OPEN, Right::ReadRemovals),
            (&REMOVAL_OPEN, Right::ReadRemovals),
            (&NO_OPEN_CASE, Right::ReadCases),
        ];
        hidden.into_iter().find(|it| it.0.code == rule.code).map(|it| it.1)
    }
}

/// These words, unless there are none.
fn some<T>(all: impl Iterator<Item = T>) -> Option<Vec<T>> {
    let all: Vec<T> = all.collect();
    (!all.is_empty()).then_some(all)
}

impl MentorshipOffers<'_> {
    fn is_own(&self, party: AnsweringParty) -> bool {
        self.by.is_none_or(|own| AnsweringParty::from(own) == party)
    }
    fn late(&self) -> Vec<Reason> {
        let late = self.it.pairing().in_time(self.today).err();
        late.iter().flat_map(|it| it.reasons()).cloned().collect()
    }
    fn acceptance(&self) -> Option<Verdict> {
        let Mentorship::Proposed(it) = self.it else { return None };
        let all = AnsweringParty::ALL.iter().copied();
        let awaited =
            all.filter(|party| self.is_own(*party) && it.answers.against_acceptance(*party).is_none());
        let verdict =
            Verdict::default().takes("/party", some(awaited)?).takes("/decision", [AnswerKind::Accept]);
        Some(verdict.against(self.late()))
    }
    /// A side that has accepted withdraws its agreement instead.
    fn refusal(&self) -> Option<Verdict> {
        if !self.it.is_before_beginning() {
            return None;
        }
        let all = AnsweringParty::ALL.iter().copied();
        let parties = all.filter(|party| match self.by {
            Some(_) => self.is_own(*party) && !self.it.has_agreed(*party),
            None => true,
        });
        Some(Verdict::default().takes("/party", some(parties)?).takes("/decision", [AnswerKind::Decline]))
    }
    /// Before the beginning, an institution that records answers records a refusal as one of them.
    fn withdrawal(&self) -> Option<Verdict> {
        let has_begun = self.it.runs();
        if !has_begun && !self.it.is_before_beginning() {
            return None;
        }
        if self.by.is_none() && self.may_answer && !has_begun {
            return None;
        }
        let parties = Party::ALL.iter().copied().filter(|party| {
            self.it.has_agreed((*party).into())
                && against_withdrawal_of(*party, self.by, self.by_institution).is_none()
        });
        Some(Verdict::default().takes("/party", some(parties)?))
    }
    fn consent(&self) -> Option<Verdict> {
        let signed = match self.it {
            Mentorship::Accepted(it) => Some(&it.consents),
            Mentorship::Consented(it) => Some(&it.consents),
            Mentorship::Active(_) | Mentorship::Paused(_) => None,
            _ => return None,
        };
        let Some((situation, given)) = self.facts.and_then(|it| it.signing.as_ref()) else {
            return matches!(self.it, Mentorship::Accepted(_)).then(Verdict::default);
        };
        let missing = consents_missing(given, situation, self.today);
        let open = signable(self.it.pairing(), given, situation, self.signer, self.today);
        // While the mentorship runs, only a signature that has lost its basis is given anew.
        let open = open.into_iter().filter(|it| signed.is_some() || missing.contains(it));
        match some(open) {
            Some(open) => {
                let late = if signed.is_some() { self.late() } else { Vec::new() };
                Some(Verdict::default().takes("/signatory", open).against(late))
            }
            None if self.signer.is_some() || missing.is_empty() => None,
            None => {
                let lacks = missing.contains(&Signatory::Representative).then(|| NO_AUTHORITY.reason());
                lacks.map(|it| Verdict::default().against([it]))
            }
        }
    }
    fn confirmation(&self) -> Option<Verdict> {
        let Mentorship::Consented(it) = self.it else { return None };
        let signing = self.facts.and_then(|it| it.signing.as_ref());
        let against = signing.map(|(situation, _)| it.against_any_day(situation, self.today));
        let closed = self.facts.and_then(|it| it.closed.clone());
        Some(Verdict::default().against(against.unwrap_or_default()).against(closed))
    }
    fn extension(&self) -> Option<Verdict> {
        let Mentorship::Active(it) = self.it else { return None };
        let facts = self.facts.and_then(|it| it.extension.as_ref());
        let against = facts.map(|facts| it.against_extending(facts, self.today));
        Some(Verdict::default().against(against.unwrap_or_default()))
    }
    fn replacement(&self) -> Option<Verdict> {
        if !self.it.runs() {
            return None;
        }
        let facts = self.facts.and_then(|it| it.replacement.as_ref());
        let sent = ReplacementGround::ALL.iter().copied().filter(|it| it.is_sent());
        let grounds = sent.filter(|it| facts.is_none_or(|facts| facts.against_ground(*it).is_none()));
        Some(Verdict::default().takes("/ground", some(grounds)?))
    }
    fn termination(&self) -> Option<Verdict> {
        if !self.it.runs() {
            return None;
        }
        let facts = self.facts.and_then(|it| it.termination.as_ref());
        let sent = TerminationGround::ALL.iter().copied().filter(|it| it.is_sent());
        let grounds = sent.filter(|it| facts.is_none_or(|facts| facts.against_ground(*it).is_none()));
        Some(Verdict::default().takes("/ground", some(grounds)?))
    }
    /// Only an end of a kind that can be annulled is offered.
    fn end_annulment(&self) -> Option<Verdict> {
        if !self.it.has_annullable_end() {
            return None;
        }
        let facts = self.facts.and_then(|it| it.end.as_ref());
        let judged = facts.map_or(Ok(()), |facts| self.it.must_let_annul_end(facts, self.today));
        Some(Verdict::default().unless(judged))
    }
    fn meeting(&self, action: Action) -> Option<Verdict> {
        let Mentorship::Active(it) = self.it else { return None };
        let against = self.facts.and_then(|it| it.pace.as_ref()).map(|pace| match action {
            Action::RecordMeeting => it.against_recording(pace, self.now),
            _ => pace.against_planning(),
        });
        let methods = WorkForm::Individual.methods().iter().copied();
        Some(Verdict::default().takes("/method", methods).against(against.unwrap_or_default()))
    }
    /// A statement of the institution or of the mentor, which the recipient is not shown. The institution makes one also after the
    /// end.
    fn statement(&self, against: impl Fn(&MentorshipDays, NaiveDate) -> Option<Reason>) -> Option<Verdict> {
        let days = MentorshipDays::of(self.it).ok().filter(|_| self.by != Some(Party::Recipient))?;
        Some(Verdict::default().against(against(&days, self.today)))
    }
    fn request(&self) -> Option<Verdict> {
        if !self.it.runs() {
            return None;
        }
        let parties = Party::ALL.iter().copied().filter(|it| self.by.is_none_or(|own| own == *it));
        let asked = self.facts.map(|it| it.asked.as_slice()).unwrap_or_default();
        let kinds = kinds_of(self.by, asked);
        Some(Verdict::default().takes("/party", parties).takes("/kind", kinds))
    }
}

/// An extension as its caller sees it: it can be annulled, and nothing else.
#[derive(Debug)]
pub struct ExtensionOffers<'a> {
    /// The mentorship.
    pub it: &'a Mentorship,
    /// The stored data.
    pub facts: &'a ExtensionAnnulmentFacts,
    /// The present day.
    pub today: NaiveDate,
}

impl Offers for ExtensionOffers<'_> {
    const AT: &'static str = "mentorships";
    const OFFERS: &'static [Offer] = &[Offer::step(Action::Annul, "annulment", Right::AnnulRecords)];
    fn judge(&self, action: Action) -> Option<Verdict> {
        let is_open = action == Action::Annul && !self.facts.recorded.is_annulled;
        is_open.then(|| Verdict::default().unless(self.it.must_let_annul(self.facts, self.today)))
    }
}
