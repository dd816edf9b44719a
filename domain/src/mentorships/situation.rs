//! The stored data for proposing or confirming a mentorship, and the rules that check it.
use super::{
    AGE, ALREADY_IN_PROGRAM, ALREADY_SUCCEEDED, CONFLICT_OF_INTEREST, GROUND_OPEN, MentorshipState,
    NO_MINOR_CHILDREN, NO_OPEN_CASE, NOT_REPLACED, OBJECTION, OVER_CAPACITY, Proposal, SAME_MENTOR,
    SUCCESSION_MISSING, TERM_ORDER, TERM_TOO_LONG, WRONG_RECIPIENT,
};
use crate::base::id::{
    BeneficiaryId, EditionId, MentorId, MentorshipId, OrganizationId, PersonId, ProgramId,
};
use crate::base::refusal::{Reason, broken};
use crate::mentors::{MentorFacts, ineligibility};
use crate::people::consents::{HumanFacts, RepresentativeFacts};
use crate::people::register::against_beginning;
use crate::people::{BeneficiaryKind, DEAD};
use crate::region::programs::{EditionForm, Serves};
use chrono::NaiveDate;
use std::collections::HashSet;

/// The recipient, with the data that the rules check.
#[derive(Debug, Clone, PartialEq)]
pub struct RecipientFacts {
    /// A person or a family.
    pub kind: BeneficiaryKind,
    /// The person alone under each record, or the present members of the family.
    pub people: Vec<HumanFacts>,
    /// Whether the family has minor children today. Not used for a person.
    pub has_minor_children: bool,
    /// Whether the recipient has an open case in the confirming organization.
    pub has_open_case: bool,
    /// All authorities to act for the recipient, also expired ones.
    pub representatives: Vec<RepresentativeFacts>,
    /// The recipient's people and all their kin, as the records tell them.
    pub relatives: HashSet<PersonId>,
    /// Whether the recipient has died: the person, or all members of the family.
    pub has_died: bool,
    /// Whether the recipient is removed from the register. A mentorship that runs goes on.
    pub is_removed: bool,
    /// The primary contact in the record of the family.
    pub primary_contact: Option<PersonId>,
    /// The number of other mentorships of the recipient in this program that have not ended: from proposed to paused.
    pub not_ended_in_program: i64,
}

/// The mentor, with the data that the rules check.
#[derive(Debug, Clone, PartialEq)]
pub struct MentorSide {
    /// The person who is the mentor.
    pub person_id: PersonId,
    /// The data for eligibility, with the territory of the confirming organization.
    pub facts: MentorFacts,
    /// The greatest number of active mentorships of the mentor in all programs together.
    pub capacity: i32,
    /// The number of active mentorships in all programs, without this one.
    pub active: i64,
    /// The number of active mentorships in this program, without this one.
    pub active_in_program: i64,
    /// Whether a reported ground for the mentor's removal is still open.
    pub has_open_grounds: bool,
}

/// The replaced mentorship that a proposal continues.
#[derive(Debug, Clone, PartialEq)]
pub struct ReplacedFacts {
    /// The state of the replaced mentorship.
    pub state: MentorshipState,
    /// The recipient of the replaced mentorship: the one of the proposal, where both are records of one person.
    pub beneficiary_id: BeneficiaryId,
    /// The program of the replaced mentorship.
    pub program_id: ProgramId,
    /// The mentor of the replaced mentorship.
    pub mentor_id: MentorId,
    /// Whether another mentorship has continued it already.
    pub is_succeeded: bool,
}

/// All stored data outside the mentorship that its rules check.
#[derive(Debug, Clone, PartialEq)]
pub struct Situation {
    /// The confirming organization.
    pub organization_id: OrganizationId,
    /// The edition that applies up to the end of the mentorship.
    pub edition_id: EditionId,
    /// The content of that edition.
    pub edition: EditionForm,
    /// The data of the recipient.
    pub recipient: RecipientFacts,
    /// The data of the mentor.
    pub mentor: MentorSide,
    /// The replaced mentorship that the proposal names, if any.
    pub replaced: Option<ReplacedFacts>,
    /// The recipient's latest mentorship in the program, if it was replaced and not continued yet.
    pub awaits_successor: Option<MentorshipId>,
    /// Whether there is an objection to the pair: an active veto, or a veto in a choice after a joint activity of the program.
    pub has_objection: bool,
    /// Whether the first day to confirm is under another edition than the planned first day.
    pub is_other_edition: bool,
}

impl Situation {
    /// The reasons of §3.10 against the order: the next mentorship has the same recipient and program, another mentor, and is
    /// the only one.
    pub(super) fn against_the_succession(&self, order: &Proposal) -> Vec<Reason> {
        let Some(it) = &self.replaced else {
            let missing = self.awaits_successor.map(|_| SUCCESSION_MISSING.reason().at("/replaces_id"));
            return missing.into_iter().collect();
        };
        let mut broken = Vec::new();
        let is_same = (it.beneficiary_id, it.program_id) == (order.beneficiary_id, order.program_id);
        if it.state != MentorshipState::Replaced || !is_same {
            broken.push(NOT_REPLACED.reason().at("/replaces_id"));
        }
        if it.mentor_id == order.mentor_id {
            broken.push(SAME_MENTOR.reason().at("/mentor_id"));
        }
        if it.is_succeeded {
            broken.push(ALREADY_SUCCEEDED.reason().at("/replaces_id"));
        }
        broken
    }
    /// All reasons against the two that an order names: each tells by which of them the pair is broken.
    pub(super) fn against_the_proposed(&self, starts_on: NaiveDate) -> Vec<Reason> {
        let of_recipient = [&WRONG_RECIPIENT, &NO_MINOR_CHILDREN, &NO_OPEN_CASE, &AGE, &ALREADY_IN_PROGRAM];
        let placed = |it: Reason| match (it.pointer.is_some(), of_recipient.contains(&it.rule)) {
            (true, _) => it,
            (false, true) => it.at("/beneficiary_id"),
            (false, false) => it.at("/mentor_id"),
        };
        self.against_the_pair(starts_on).into_iter().map(placed).collect()
    }
    /// All reasons against this pair in the program from the day.
    pub(super) fn against_the_pair(&self, starts_on: NaiveDate) -> Vec<Reason> {
        let removed = against_beginning(self.recipient.is_removed).map(|it| it.at("/beneficiary_id"));
        removed.into_iter().chain(self.against_going_on(starts_on, starts_on)).collect()
    }
    /// The same from a later day. The age of the recipient is judged on the first day.
    pub(super) fn against_going_on(&self, starts_on: NaiveDate, on: NaiveDate) -> Vec<Reason> {
        let mut broken = broken([
            (self.recipient.has_died, DEAD.reason().at("/beneficiary_id")),
            (self.mentor.facts.profile.has_died, DEAD.reason().at("/mentor_id")),
        ]);
        broken.extend(self.against_the_recipient(starts_on));
        if self.in_conflict(on) {
            broken.push(CONFLICT_OF_INTEREST.reason());
        }
        if self.has_objection {
            broken.push(OBJECTION.reason());
        }
        // A death is told above, with its member.
        let unfit = ineligibility(&self.mentor.facts, &self.edition.mentor, on);
        broken.extend(unfit.into_iter().filter(|it| it.rule != &DEAD));
        broken.extend(self.over_capacity());
        if self.mentor.has_open_grounds {
            broken.push(GROUND_OPEN.reason());
        }
        broken
    }
    fn against_the_recipient(&self, starts_on: NaiveDate) -> Vec<Reason> {
        let (edition, recipient) = (&self.edition, &self.recipient);
        let mut broken = Vec::new();
        if !recipient.kind.is_served_by(edition.serves) {
            broken.push(WRONG_RECIPIENT.reason().with("serves", edition.serves));
        }
        if edition.requires_minor_children && !recipient.has_minor_children {
            broken.push(NO_MINOR_CHILDREN.reason());
        }
        if edition.requires_open_case && !recipient.has_open_case {
            broken.push(NO_OPEN_CASE.reason());
        }
        let fits = |it: &HumanFacts| edition.fits_age(it.birth_date, starts_on);
        if edition.serves == Serves::Person && !recipient.people.iter().all(fits) {
            let bounds = AGE.reason().with("age_min_years", edition.age_min_years);
            broken.push(bounds.with("age_max_years", edition.age_max_years));
        }
        if recipient.not_ended_in_program > 0 {
            broken.push(ALREADY_IN_PROGRAM.reason());
        }
        broken
    }
    /// Nobody mentors themselves, a relative, or a person for whom they act.
    fn in_conflict(&self, on: NaiveDate) -> bool {
        let mentor = self.mentor.person_id;
        self.recipient.people.iter().any(|it| it.person_id == mentor)
            || self.recipient.relatives.contains(&mentor)
            || self.recipient.representatives.iter().any(|it| it.person_id == mentor && it.holds(on))
    }
    fn over_capacity(&self) -> Option<Reason> {
        let (own, allowed) = (self.mentor.capacity, self.edition.mentor_capacity);
        let full =
            self.mentor.active >= i64::from(own) || self.mentor.active_in_program >= i64::from(allowed);
        full.then(|| OVER_CAPACITY.reason().with("mentor_capacity", own).with("program_capacity", allowed))
    }
    /// The reason of §3.8 against the term: it must end after it begins, and within the longest term.
    pub(super) fn against_the_term(&self, starts_on: NaiveDate, ends_on: NaiveDate) -> Option<Reason> {
        let latest = self.edition.latest_end(starts_on);
        if ends_on <= starts_on {
            Some(TERM_ORDER.reason().at("/ends_on"))
        } else if ends_on > latest {
            Some(TERM_TOO_LONG.reason().at("/ends_on").with("not_after", latest))
        } else {
            None
        }
    }
}
