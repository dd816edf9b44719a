//! Sides: who a caller is to a mentorship, and which decisions are theirs. Nobody decides about themselves.
use super::{AnsweringParty, ReplacementGround, TerminationGround};
use super::{Pairing, Party, Proposal};
use crate::base::access::{Caller, NOT_YOURS, OWN, Role, Scope};
use crate::base::id::{BeneficiaryId, MentorId, OrganizationId, PersonId};
use crate::base::named;
use crate::base::refusal::Refused;
use crate::base::telling::{Detail, Shown, Told};
use crate::base::word::Word;
use crate::mentors::Mentor;
use serde_json::{Map, Value};

/// An end as a side reads it that did not bring it about: that it ended, and when.
const ENDED: Told = Told {
    kind: "mentorship.ended",
    ru: "Наставничество закончилось[ {ended_on}]",
    en: "The mentorship ended[ on {ended_on}]",
    details: &[Detail { named: &named::ended_on, shown: Shown::Day }],
};
/// The kinds of facts that only sides read.
pub(crate) const FACTS: &[Told] = &[ENDED];

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
    /// A side sees as that side, also where the caller is more than that.
    fn from(side: Option<Party>) -> Self {
        match side {
            Some(Party::Mentor) => Self::Mentor,
            Some(Party::Recipient) => Self::Recipient,
            None => Self::Staff,
        }
    }
}

impl Eyes {
    /// The side whose eyes these are.
    fn side(self) -> Option<Party> {
        match self {
            Self::Staff => None,
            Self::Mentor => Some(Party::Mentor),
            Self::Recipient => Some(Party::Recipient),
        }
    }
    /// Whether these eyes read why a mentorship was terminated. A side reads no ground but its own: a child is told that it ended,
    /// not that the mentor was removed or gave up.
    pub fn read_termination(self, ground: TerminationGround) -> bool {
        match self {
            Self::Staff => true,
            Self::Mentor => ground == TerminationGround::WrittenRefusal,
            Self::Recipient => ground == TerminationGround::ConsentWithdrawn,
        }
    }
    /// Whether these eyes read why a mentor was replaced.
    pub fn read_replacement(self, ground: ReplacementGround) -> bool {
        match self {
            Self::Staff => true,
            Self::Mentor => ground == ReplacementGround::RequestedByMentor,
            Self::Recipient => ground == ReplacementGround::RequestedByRecipient,
        }
    }
    /// Whether these eyes read who declined a proposal, and why.
    pub fn read_decline(self, by: AnsweringParty) -> bool {
        self.side().is_none_or(|it| AnsweringParty::from(it) == by)
    }
    /// The kind of a fact as these eyes read it in the history of a mentorship, with the details that they read. None if they do not
    /// read the fact.
    pub fn read_fact(self, kind: String, body: &mut Map<String, Value>) -> Option<String> {
        fn word<W: Word>(body: &Map<String, Value>, name: &str) -> Option<W> {
            body.get(name).and_then(Value::as_str).and_then(W::parse)
        }
        let Some(side) = self.side() else { return Some(kind) };
        let is_own = |name| word::<Party>(body, name) == Some(side);
        let is_read = match kind.as_str() {
            "meeting.rated" | "mentorship.agreement_withdrawn" => return is_own("party").then_some(kind),
            // A mentor is not told who comes next.
            "mentorship.succeeded" => return None,
            "mentorship.declined" => word(body, "party").is_some_and(|it| self.read_decline(it)),
            "mentorship.terminated" => word(body, "ground").is_some_and(|it| self.read_termination(it)),
            "mentorship.replaced" => word(body, "ground").is_some_and(|it| self.read_replacement(it)),
            _ => true,
        };
        if is_read {
            return Some(kind);
        }
        body.retain(|name, _| name == "ended_on");
        Some(ENDED.kind.to_owned())
    }
}

/// The side of a pair that the caller is, also where the caller is more than that: a side answers for itself alone.
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
