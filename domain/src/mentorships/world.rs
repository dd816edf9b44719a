//! What persistence loads before a mentorship is proposed or confirmed, and every rule that this breaks.
use super::{
    AGE, ALREADY_IN_PROGRAM, ALREADY_SUCCEEDED, CONFLICT_OF_INTEREST, GROUND_OPEN, MentorshipState,
    NO_MINOR_CHILDREN, NO_OPEN_CASE, NOT_REPLACED, OBJECTION, OVER_CAPACITY, Proposal, SAME_MENTOR,
    SUCCESSION_MISSING, TERM_ORDER, TERM_TOO_LONG, WRONG_RECIPIENT,
};
use crate::base::id::{
    BeneficiaryId, EditionId, MentorId, MentorshipId, OrganizationId, PersonId, ProgramId, RepresentativeId,
};
use crate::base::refusal::Reason;
use crate::mentors::{MentorFacts, ineligibility};
use crate::people::BeneficiaryKind;
use crate::region::programs::{EditionForm, Serves};
use chrono::NaiveDate;

/// A human being, as far as age matters.
#[derive(Debug, Clone, PartialEq)]
pub struct HumanFacts {
    /// Who.
    pub person_id: PersonId,
    /// Birth date.
    pub birth_date: NaiveDate,
}

/// Somebody's authority to act for the recipient.
#[derive(Debug, Clone, PartialEq)]
pub struct RepresentativeFacts {
    /// The authority.
    pub id: RepresentativeId,
    /// Who has it.
    pub person_id: PersonId,
    /// Its first day.
    pub valid_from: NaiveDate,
    /// Its last day; without it, until further notice.
    pub valid_until: Option<NaiveDate>,
}

impl RepresentativeFacts {
    /// Whether the authority holds on that day.
    pub fn holds(&self, on: NaiveDate) -> bool {
        self.valid_from <= on && self.valid_until.is_none_or(|last| on <= last)
    }
}

/// The recipient's side.
#[derive(Debug, Clone, PartialEq)]
pub struct RecipientFacts {
    /// A person or a family.
    pub kind: BeneficiaryKind,
    /// The person alone, or the present members of the family.
    pub people: Vec<HumanFacts>,
    /// Whether the family has minor children; of no matter for a person.
    pub has_minor_children: bool,
    /// Whether the recipient has an open case in the confirming organization.
    pub has_open_case: bool,
    /// Every authority to act for the recipient, past ones too.
    pub representatives: Vec<RepresentativeFacts>,
    /// Whom the mentor of a family turns to, as its record says.
    pub primary_contact: Option<PersonId>,
    /// Other mentorships of the recipient in this program that have not ended: proposed, accepted, consented, active.
    pub not_ended_in_program: i64,
}

/// The mentor's side.
#[derive(Debug, Clone, PartialEq)]
pub struct MentorSide {
    /// Who the mentor is.
    pub person_id: PersonId,
    /// What eligibility looks at, with the confirming organization's territory.
    pub facts: MentorFacts,
    /// The mentor's own capacity, in all programs together.
    pub capacity: i32,
    /// Active mentorships in all programs, without this one.
    pub active: i64,
    /// Active mentorships in this program, without this one.
    pub active_in_program: i64,
    /// Whether something reported against the mentor is not decided yet.
    pub has_open_grounds: bool,
}

/// The mentorship that a proposal is to follow.
#[derive(Debug, Clone, PartialEq)]
pub struct ReplacedFacts {
    /// Where it stands.
    pub state: MentorshipState,
    /// Its recipient.
    pub beneficiary_id: BeneficiaryId,
    /// Its program.
    pub program_id: ProgramId,
    /// Its mentor.
    pub mentor_id: MentorId,
    /// Whether another mentorship has begun in its place.
    pub is_succeeded: bool,
}

/// Everything outside a mentorship on which its rules stand.
#[derive(Debug, Clone, PartialEq)]
pub struct World {
    /// The organization that confirms.
    pub organization_id: OrganizationId,
    /// The edition that the mentorship keeps to the end.
    pub edition_id: EditionId,
    /// What that edition says.
    pub edition: EditionForm,
    /// The recipient's side.
    pub recipient: RecipientFacts,
    /// The mentor's side.
    pub mentor: MentorSide,
    /// What a proposal is to follow.
    pub replaced: Option<ReplacedFacts>,
    /// The recipient's latest mentorship in the program, where it was replaced and nothing has followed.
    pub awaits_successor: Option<MentorshipId>,
    /// Whether somebody objects to the pair: by a standing veto, or in a choice after a joint activity of the program.
    pub has_objection: bool,
    /// Whether the first day to be confirmed lies under another edition than the day that was planned.
    pub is_other_edition: bool,
}

impl World {
    /// §3.10: what follows a replaced mentorship is of the same recipient and program, with another mentor, and alone.
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
    /// Every reason why the two cannot be a pair of this program from that day.
    pub(super) fn against_the_pair(&self, starts_on: NaiveDate) -> Vec<Reason> {
        let mut broken = self.against_the_recipient(starts_on);
        if self.in_conflict(starts_on) {
            broken.push(CONFLICT_OF_INTEREST.reason());
        }
        if self.has_objection {
            broken.push(OBJECTION.reason());
        }
        broken.extend(ineligibility(&self.mentor.facts, &self.edition.mentor, starts_on));
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
    fn in_conflict(&self, on: NaiveDate) -> bool {
        let mentor = self.mentor.person_id;
        self.recipient.people.iter().any(|it| it.person_id == mentor)
            || self.recipient.representatives.iter().any(|it| it.person_id == mentor && it.holds(on))
    }
    fn over_capacity(&self) -> Option<Reason> {
        let (own, allowed) = (self.mentor.capacity, self.edition.mentor_capacity);
        let full =
            self.mentor.active >= i64::from(own) || self.mentor.active_in_program >= i64::from(allowed);
        full.then(|| OVER_CAPACITY.reason().with("mentor_capacity", own).with("program_capacity", allowed))
    }
    /// §3.8: the end after the beginning, and not past the longest term.
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
