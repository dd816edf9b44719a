//! Teams: the accounts that work on a case, of several organizations (000-20, 002-18).
//!
//! - [`orders`]: the bodies of requests. [`words`]: roles, states, reasons.
//! - this page: the rules of a membership, and the one function that tells which parts of a case a member sees.
//!
//! Invariant: an account of another organization sees only the parts that were granted, while the term, the consent and the
//! account last. The accompanying organization sees all parts of its cases, with or without a membership.
pub mod orders;
pub mod words;

#[cfg(test)]
mod tests;

pub use orders::{TeamEnding, TeamInvitation};
pub use words::*;

use super::sharing::{Ground, GroundFacts};
use crate::base::access::{NOT_YOURS, Right};
use crate::base::action::{Action, Offer, Offers, Verdict};
use crate::base::change::{Changed, facts};
use crate::base::id::{CaseId, OrganizationId, TeamMemberId, UserId};
use crate::base::moment::plus_months;
use crate::base::refusal::{Reason, Refused, rules};
use crate::base::text::{MISSING, Note};
use crate::base::word::{Demand, Word};
use crate::people::consents::{CasePart, ConsentPurpose};
use chrono::NaiveDate;

rules! {
    TEAM_MEMBER = "case_team.member", Content, ours, "В команду берут действующую учётную запись директора, заведующего или специалиста.", "A member is an active account of a director, a head of a unit or a specialist.";
    ALREADY = "case_team.already", State, ours, "Этот человек уже в команде.", "This account is a member of the team already.";
    OWN_PARTS = "case_team.own_parts", Content, ours, "Свои сотрудники видят случай целиком: части и основание указывают для другой организации.", "The own staff sees the whole case: parts and a ground are told for another organization.";
    TERM_TOO_LONG = "case_team.too_long", Content, ours, "Доступ дают не дольше, чем позволяют правила сопровождения.", "Access is granted no longer than the rules of accompaniment let.";
    TERM_PAST = "case_team.term_past", Content, ours, "Последний день доступа не может быть в прошлом.", "The last day of the access must not lie in the past.";
    LEVEL_RECORDS = "case_team.level_records", Content, ours, "Свои записи добавляет тот, кому открыта часть «записи и контакты» или «помощь».", "A member adds own records who reads the part `records` or `help`.";
    READ_ONLY = "case_team.read_only", Forbidden, ours, "Этот участник команды только читает.", "This member of the team only reads.";
    NOT_RUNNING = "case_team.not_running", State, ours, "Участие в команде уже закончилось.", "The membership has ended already.";
}

facts! {
    /// An account was taken into the team of a case.
    TeamMemberAdded = "case_team.member_added",
        "В команду случая вошёл участник[: {role}][, до {ends_on}]",
        "A member joined the team of the case[: {role}][, until {ends_on}]"
        about TeamMember (TeamMemberId) {
        /// The case.
        case_id: CaseId,
        /// The account.
        user_id: UserId,
        /// The role.
        role: TeamRole,
        /// The last day.
        ends_on: Option<NaiveDate>,
    }
    /// A membership ended.
    TeamMemberEnded = "case_team.member_ended",
        "Участие в команде закончилось[: {reason}]",
        "The membership in the team ended[: {reason}]"
        about TeamMember (TeamMemberId) {
        /// The case.
        case_id: CaseId,
        /// The reason.
        reason: TeamEndReason,
    }
}

/// A membership in the team of a case, with the data that the rules check.
#[derive(Debug, Clone, PartialEq)]
pub struct TeamMember {
    /// The id of the membership.
    pub id: TeamMemberId,
    /// The case.
    pub case_id: CaseId,
    /// The other organization for which the account works. `None`: the account serves the organization that accompanies.
    pub organization_id: Option<OrganizationId>,
    /// The order by which the account became a member.
    pub form: TeamInvitation,
    /// The end before the last day.
    pub end: Option<TeamEnd>,
}

/// The end of a membership before its last day.
#[derive(Debug, Clone, PartialEq)]
pub struct TeamEnd {
    /// The day.
    pub on: NaiveDate,
    /// The reason.
    pub reason: TeamEndReason,
    /// The reason in words.
    pub note: Option<Note>,
}

/// Facts of other rows that the rules need when somebody is taken into a team.
#[derive(Debug, Clone)]
pub struct TeamFacts {
    /// The ground of the grant, with the organizations that the account serves.
    pub ground: GroundFacts,
    /// Whether the account is active and a director's, a head's or a specialist's.
    pub is_staff: bool,
    /// Whether the account serves the organization that accompanies.
    pub is_own: bool,
    /// Whether the account is a member already.
    pub is_member: bool,
    /// The months for which a member of another organization is taken at most.
    pub longest_months: i32,
}

impl TeamMember {
    /// Takes an account into the team of an open case.
    pub fn invite(
        id: TeamMemberId,
        case_id: CaseId,
        form: &TeamInvitation,
        facts: &TeamFacts,
        today: NaiveDate,
    ) -> Result<Changed<Self>, Refused> {
        let mut reasons = Vec::new();
        if !facts.is_staff {
            reasons.push(TEAM_MEMBER.reason().at("/user_id"));
        }
        if facts.is_member {
            reasons.push(ALREADY.reason().at("/user_id"));
        }
        reasons.extend(form.against_term(facts, today));
        let adds = form.level == GrantLevel::Contribute;
        let may_add = [CasePart::Records, CasePart::Help].iter().any(|it| form.parts.contains(it));
        if adds && !facts.is_own && !may_add {
            reasons.push(LEVEL_RECORDS.reason().at("/level"));
        }
        reasons.extend(match facts.is_own {
            true => form.against_own(),
            false => form.ground().against(&facts.ground),
        });
        Refused::unless_empty(reasons)?;
        let organization_id = form.reader(facts);
        let fact =
            TeamMemberAdded { id, case_id, user_id: form.user_id, role: form.role, ends_on: form.until };
        Ok(Changed::new(Self { id, case_id, organization_id, form: form.clone(), end: None }, fact))
    }
    /// Goes on for the rest of its term in the case of the organization that has taken it over. `None` for one that does not run, and for
    /// the staff of the organizations that hand over and take over: a grant is for another organization.
    pub fn renew(
        &self,
        id: TeamMemberId,
        case_id: CaseId,
        to: OrganizationId,
        today: NaiveDate,
    ) -> Option<Changed<Self>> {
        let organization_id = self.organization_id.filter(|it| *it != to)?;
        if self.state(today) != TeamMemberState::Running {
            return None;
        }
        let form = self.form.clone();
        let fact =
            TeamMemberAdded { id, case_id, user_id: form.user_id, role: form.role, ends_on: form.until };
        Some(Changed::new(
            Self { id, case_id, organization_id: Some(organization_id), form, end: None },
            fact,
        ))
    }
    /// Ends the membership: by the organization that accompanies, or by the member.
    pub fn leave(
        self,
        order: &TeamEnding,
        is_theirs: bool,
        today: NaiveDate,
    ) -> Result<Changed<Self>, Refused> {
        if !is_theirs {
            return Err(NOT_YOURS.refuse());
        }
        let mut reasons: Vec<Reason> = self.against_ending(today).into_iter().collect();
        if order.reason.demands().contains(&Demand::Text) && order.note.is_none() {
            reasons.push(MISSING.reason().at("/note"));
        }
        Refused::unless_empty(reasons)?;
        Ok(self.ended(order.reason, order.note.clone(), today))
    }
    /// Ends the membership because its consent was withdrawn or its case closed. `None` for one that is over.
    pub fn end_by(self, reason: TeamEndReason, today: NaiveDate) -> Option<Changed<Self>> {
        (self.state(today) == TeamMemberState::Running).then(|| self.ended(reason, None, today))
    }
    fn ended(self, reason: TeamEndReason, note: Option<Note>, on: NaiveDate) -> Changed<Self> {
        let fact = TeamMemberEnded { id: self.id, case_id: self.case_id, reason };
        Changed::new(Self { end: Some(TeamEnd { on, reason, note }), ..self }, fact)
    }
    /// Refuses a member who adds nothing to that part of the case: only one of another organization does, while the part is granted.
    pub fn must_contribute(&self, to: CasePart, held: &[CasePart], today: NaiveDate) -> Result<(), Refused> {
        Refused::unless_empty(self.against_contribution(to, held, today).into_iter().collect())
    }
    fn against_contribution(&self, to: CasePart, held: &[CasePart], today: NaiveDate) -> Option<Reason> {
        let adds = self.form.level == GrantLevel::Contribute && held.contains(&to);
        self.against_ending(today).or_else(|| (!adds).then(|| READ_ONLY.reason()))
    }
    fn against_ending(&self, today: NaiveDate) -> Option<Reason> {
        (self.state(today) != TeamMemberState::Running).then(|| NOT_RUNNING.reason())
    }
    /// The state of the membership on the day. An end works at once.
    pub fn state(&self, on: NaiveDate) -> TeamMemberState {
        if self.end.is_some() {
            TeamMemberState::Ended
        } else if self.form.until.is_some_and(|last| last < on) {
            TeamMemberState::Expired
        } else {
            TeamMemberState::Running
        }
    }
    /// The parts of the case that the member sees on the day by this membership: of another organization, while it runs and the
    /// account still serves there. `serves` tells whether the account does.
    pub fn parts(&self, on: NaiveDate, serves: impl Fn(OrganizationId) -> bool) -> &[CasePart] {
        let is_held = self.organization_id.is_some_and(serves);
        if is_held && self.state(on) == TeamMemberState::Running { &self.form.parts } else { &[] }
    }
}

impl TeamInvitation {
    /// The other organization for which the account would read. None for the own staff, and without a ground.
    pub fn reader(&self, facts: &TeamFacts) -> Option<OrganizationId> {
        if facts.is_own { None } else { self.ground().reader(&facts.ground) }
    }
    fn against_term(&self, facts: &TeamFacts, today: NaiveDate) -> Option<Reason> {
        let (is_own, longest) = (facts.is_own, plus_months(today, facts.longest_months));
        match self.until {
            None if is_own => None,
            None => Some(MISSING.reason().at("/until")),
            Some(last) if last < today => Some(TERM_PAST.reason().at("/until").with("today", today)),
            Some(last) if !is_own && last > longest => {
                Some(TERM_TOO_LONG.reason().at("/until").with("not_after", longest))
            }
            Some(_) => None,
        }
    }
    fn against_own(&self) -> Vec<Reason> {
        let told = [
            (!self.parts.is_empty(), "/parts"),
            (self.level != GrantLevel::Read, "/level"),
            (self.consent_id.is_some(), "/consent_id"),
            (self.legal_ground.is_some(), "/legal_ground"),
        ];
        let told = told.into_iter().filter(|(is_told, _)| *is_told);
        told.map(|(_, pointer)| OWN_PARTS.reason().at(pointer)).collect()
    }
    fn ground(&self) -> Ground<'_> {
        Ground {
            purpose: ConsentPurpose::Team,
            parts: &self.parts,
            consent_id: self.consent_id,
            is_of_law: self.legal_ground.is_some(),
            until: self.until,
        }
    }
}

/// A membership as its caller sees it.
#[derive(Debug)]
pub struct TeamMemberOffers<'a> {
    /// The membership.
    pub it: &'a TeamMember,
    /// Whether the caller may end it: the organization that accompanies, or the member.
    pub is_theirs: bool,
    /// The parts that the member sees by it today, if the caller is the member.
    pub held: Option<&'a [CasePart]>,
    /// The present day.
    pub today: NaiveDate,
}

impl Offers for TeamMemberOffers<'_> {
    const AT: &'static str = "case-team-members";
    const OFFERS: &'static [Offer] = &[
        Offer::step(Action::Leave, "ending", Right::ManageTeam),
        Offer::step(Action::RecordContact, "case-contacts", Right::EditCases),
        Offer::step(Action::RecordDelivery, "service-deliveries", Right::EditServices),
    ];
    fn judge(&self, action: Action) -> Option<Verdict> {
        let to = match action {
            Action::RecordContact => Some(CasePart::Records),
            Action::RecordDelivery => Some(CasePart::Help),
            _ => None,
        };
        if let Some(to) = to {
            let held = self.held.filter(|_| self.it.form.level == GrantLevel::Contribute)?;
            return Some(Verdict::default().against(self.it.against_contribution(to, held, self.today)));
        }
        let against = self.it.against_ending(self.today);
        let sent = TeamEndReason::ALL.iter().copied().filter(|it| it.is_sent());
        (action == Action::Leave && self.is_theirs)
            .then(|| Verdict::default().against(against).takes("/reason", sent))
    }
}
