//! The orders that the cards of applications, mentors and grounds offer, judged by the rules of the orders.
use super::screening::screen;
use super::{
    Application, CandidateFacts, DIRECTOR_ONLY, DecisionKind, NOT_REMOVED, REMOVED, RejectionReason,
    RemovalGroundState,
};
use crate::base::access::Right;
use crate::base::action::{Action, Offer, Offers, Verdict};
use crate::base::refusal::Reason;
use crate::base::word::Word;
use crate::people::Lives;
use crate::region::annexes::Annex;
use crate::region::programs::{EditionForm, NOT_IN_FORCE};
use chrono::NaiveDate;

/// The stored data by which the orders of an application are judged.
#[derive(Debug)]
pub struct ApplicationActionFacts {
    /// The edition of the program in force today.
    pub edition: Option<EditionForm>,
    /// The version of the questionnaire that the candidate filled in.
    pub annex: Option<Annex>,
    /// The candidate, while the application is considered.
    pub candidate: Option<CandidateFacts>,
    /// The life of the candidate, while the application is a draft.
    pub life: Lives,
    /// The reason for which the institution begins nothing today, while the application is considered.
    pub closed: Option<Reason>,
}

/// An application as its caller sees it.
#[derive(Debug)]
pub struct ApplicationOffers<'a> {
    /// The application.
    pub it: &'a Application,
    /// Whether the caller is the candidate, who decides nothing.
    pub is_own: bool,
    /// The stored data. `None` in a list.
    pub facts: Option<&'a ApplicationActionFacts>,
    /// The present day.
    pub today: NaiveDate,
}

impl Offers for ApplicationOffers<'_> {
    const AT: &'static str = "mentor-applications";
    const OFFERS: &'static [Offer] = &[
        Offer::edit(Right::EditApplications),
        Offer::step(Action::Submit, "submission", Right::EditApplications),
        Offer::step(Action::Review, "screening", Right::ScreenApplications),
        Offer::edit_at(Action::Assess, "assessment", Right::AssessApplications),
        Offer::step(Action::Approve, "decision", Right::DecideApplications),
        Offer::step(Action::Reject, "decision", Right::DecideApplications),
        Offer::step(Action::Withdraw, "withdrawal", Right::EditApplications),
    ];
    fn judge(&self, action: Action) -> Option<Verdict> {
        let it = || self.it.clone();
        match action {
            Action::Edit => it().draft().ok().map(|_| Verdict::default()),
            Action::Submit => {
                let draft = it().draft().ok()?;
                Some(self.under_the_edition(|facts, edition| {
                    draft.against_submitting(&facts.life, edition, facts.annex.as_ref(), self.today)
                }))
            }
            Action::Withdraw => it().not_closed().ok().map(|_| Verdict::default()),
            _ if self.is_own => None,
            Action::Review => it().submitted().ok().map(|_| Verdict::default()),
            Action::Assess => self.it.is_considered().then(Verdict::default),
            Action::Approve if self.it.is_considered() => {
                let verdict = self.under_the_edition(|facts, edition| {
                    let screened = facts.candidate.as_ref();
                    let screened = screened.map(|it| screen(self.it.form(), it, &edition.mentor, self.today));
                    screened.unwrap_or_default()
                });
                let verdict = verdict.against(self.facts.and_then(|it| it.closed.clone()));
                Some(verdict.takes("/kind", [DecisionKind::Approve]))
            }
            Action::Reject if self.it.is_considered() => {
                let verdict = self.under_the_edition(|_, _| Vec::new());
                let reasons = RejectionReason::ALL.iter().copied();
                Some(verdict.takes("/kind", [DecisionKind::Reject]).takes("/reason", reasons))
            }
            _ => None,
        }
    }
}

impl ApplicationOffers<'_> {
    /// Nothing is submitted or decided while no edition of the program is in force.
    fn under_the_edition(
        &self,
        judge: impl FnOnce(&ApplicationActionFacts, &EditionForm) -> Vec<Reason>,
    ) -> Verdict {
        let against = self.facts.map(|facts| match &facts.edition {
            Some(edition) => judge(facts, edition),
            None => vec![NOT_IN_FORCE.reason()],
        });
        Verdict::default().against(against.unwrap_or_default())
    }
}

/// A mentor as the caller sees the record.
#[derive(Debug, Clone)]
pub struct MentorOffers {
    /// Whether the mentor is removed.
    pub is_removed: bool,
    /// Whether the caller is the director who may remove the mentor.
    pub by_director: bool,
    /// The reason against any choice after an activity.
    pub against_choosing: Option<Reason>,
}

impl Offers for MentorOffers {
    const AT: &'static str = "mentors";
    const OFFERS: &'static [Offer] = &[
        Offer::edit(Right::EditMentors),
        Offer::step(Action::OpenGround, "removal-grounds", Right::OpenRemovalGround),
        Offer::step(Action::Remove, "removal", Right::RemoveMentor),
        Offer::step(Action::LiftRemoval, "removal-lifting", Right::RemoveMentor),
        Offer::step(Action::RecordTraining, "trainings", Right::RecordTraining),
        Offer::edit_at(Action::EditProfile, "matching-profile", Right::EditMentorProfiles),
        Offer::step(Action::Choose, "choices", Right::MakeChoice),
    ];
    fn judge(&self, action: Action) -> Option<Verdict> {
        let against = match action {
            Action::Edit | Action::OpenGround => self.against_a_removed_one().into_iter().collect(),
            Action::Remove => self.against_removing(),
            Action::LiftRemoval => self.against_lifting(),
            Action::RecordTraining | Action::EditProfile => Vec::new(),
            Action::Choose => self.against_choosing.iter().cloned().collect(),
            _ => return None,
        };
        let is_past = |it: &Reason| it.rule == &REMOVED || it.rule == &NOT_REMOVED;
        (!against.iter().any(is_past)).then(|| Verdict::default().against(against))
    }
}

impl MentorOffers {
    pub(super) fn against_a_removed_one(&self) -> Option<Reason> {
        self.is_removed.then(|| REMOVED.reason())
    }
    pub(super) fn against_removing(&self) -> Vec<Reason> {
        let others = (!self.by_director).then(|| DIRECTOR_ONLY.reason());
        others.into_iter().chain(self.against_a_removed_one()).collect()
    }
    pub(super) fn against_lifting(&self) -> Vec<Reason> {
        let others = (!self.by_director).then(|| DIRECTOR_ONLY.reason());
        others.into_iter().chain((!self.is_removed).then(|| NOT_REMOVED.reason())).collect()
    }
}

/// A ground for a removal as its caller sees it, by its state.
#[derive(Debug)]
pub struct RemovalGroundOffers(pub RemovalGroundState);

impl Offers for RemovalGroundOffers {
    const AT: &'static str = "removal-grounds";
    const OFFERS: &'static [Offer] = &[Offer::step(Action::Dismiss, "dismissal", Right::RemoveMentor)];
    fn judge(&self, action: Action) -> Option<Verdict> {
        let is_open = action == Action::Dismiss && self.0.must_be_open().is_ok();
        is_open.then(Verdict::default)
    }
}
