//! Sides: who a caller is to a mentorship, and which decisions are theirs. Nobody decides about themselves.
use super::{Pairing, Party, Proposal};
use crate::base::access::{Caller, NOT_YOURS, OWN, Role, Scope};
use crate::base::id::{BeneficiaryId, MentorId, OrganizationId, PersonId};
use crate::base::refusal::Refused;
use crate::mentors::Mentor;

/// The eyes with which a mentorship is seen: of a side alone, or of those who are responsible for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Eyes {
    /// Of those who are responsible for it.
    Staff,
    /// Of its mentor alone.
    Mentor,
    /// Of its recipient alone.
    Recipient,
}

impl From<Option<Party>> for Eyes {
    /// A side sees as that side, whatever else the caller is.
    fn from(side: Option<Party>) -> Self {
        match side {
            Some(Party::Mentor) => Self::Mentor,
            Some(Party::Recipient) => Self::Recipient,
            None => Self::Staff,
        }
    }
}

/// The side of a pair that the caller is, whatever else the caller may be: a side answers for itself alone.
pub fn side_in(caller: Option<&Caller>, mentor: MentorId, beneficiary: BeneficiaryId) -> Option<Party> {
    let caller = caller?;
    if caller.mentor == Some(mentor) {
        Some(Party::Mentor)
    } else if caller.beneficiaries.contains(&beneficiary) {
        Some(Party::Recipient)
    } else {
        None
    }
}

impl Pairing {
    /// The side of the mentorship that the caller is.
    pub fn side_of(&self, caller: Option<&Caller>) -> Option<Party> {
        side_in(caller, self.mentor_id, self.beneficiary_id)
    }
    /// The person who signs for themselves, where the caller is a side of the mentorship.
    pub fn signer_of(&self, caller: Option<&Caller>) -> Option<PersonId> {
        self.side_of(caller).and_then(|_| caller?.person)
    }
    /// Refuses a decision of the institution about a mentorship of which the caller is a side.
    pub fn must_be_decided_by(&self, caller: Option<&Caller>) -> Result<(), Refused> {
        if self.side_of(caller).is_some() { Err(OWN.refuse()) } else { Ok(()) }
    }
    /// Whether the caller is the director who can remove this mentor together with this mentorship: of the institution that
    /// confirms and, while the mentor is yet to be removed, of the one that approved the mentor.
    pub fn is_remover(&self, caller: Option<&Caller>, mentor: &Mentor) -> bool {
        caller.is_some_and(|it| {
            it.mentor != Some(mentor.id)
                && it.directs(self.organization_id)
                && (mentor.removal.is_some() || it.directs(mentor.organization_id))
        })
    }
    /// Whether the caller is a head in the institution that confirms: its director, or of a unit.
    pub fn is_head(&self, caller: Option<&Caller>) -> bool {
        let holds = |it: &Caller, role| it.holds_in(role, self.organization_id);
        caller.is_some_and(|it| holds(it, Role::Director) || holds(it, Role::UnitHead))
    }
}

impl Proposal {
    /// Refuses a proposal that is not the caller's to make: of themselves as the mentor, or of another institution's recipient in
    /// another program.
    pub fn must_be_made_by(
        &self,
        caller: Option<&Caller>,
        scope: &Scope,
        organization: OrganizationId,
    ) -> Result<(), Refused> {
        if caller.is_some_and(|it| it.mentor == Some(self.mentor_id)) {
            return Err(OWN.refuse());
        }
        let is_own = scope.answers_for(organization) || scope.programs.contains(&self.program_id);
        if is_own { Ok(()) } else { Err(NOT_YOURS.refuse()) }
    }
}
