//! The caller's standing to a plan: the eyes with which they read it, and the parts in which they approve it.
use super::PlanText;
use super::words::PlanVersionState;
use crate::accompaniment::plan_forms::{PlanApprover, PlanKind, PlanLayout, PlanSection};
use crate::base::access::NOT_YOURS;
use crate::base::id::UserId;
use crate::base::refusal::Refused;
use crate::base::text::Code;

/// The eyes with which a caller reads a plan. A side reads as that side, also where the caller is more than that.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlanEyes {
    /// Of the institution, the guardianship authority or the region.
    Staff,
    /// Of the mentor or the tutor of a running mentorship.
    Mentor,
    /// Of the person whose plan it is.
    Person,
}

impl PlanEyes {
    /// Whether these eyes may write drafts of such a plan: the sides write the life plan, the mentor an education route too.
    pub fn draft(self, kind: PlanKind) -> bool {
        match self {
            Self::Staff => true,
            Self::Mentor => matches!(kind, PlanKind::LifePlan | PlanKind::EducationRoute),
            Self::Person => kind == PlanKind::LifePlan,
        }
    }
    /// Whether these eyes read versions in that state. A side reads all versions of a plan that it drafts. Of any other plan it reads
    /// what was adopted, and the person what waits for their signature or was returned.
    pub fn read(self, layout: &PlanLayout, state: PlanVersionState) -> bool {
        let signs = |it: &PlanApprover| matches!(it, PlanApprover::Person | PlanApprover::Representative);
        match (self, state) {
            (Self::Staff, _) => true,
            _ if self.draft(layout.kind) => true,
            (_, PlanVersionState::Adopted) | (Self::Person, PlanVersionState::Superseded) => true,
            (Self::Person, PlanVersionState::Submitted | PlanVersionState::Returned) => {
                layout.approvers.iter().any(signs)
            }
            _ => false,
        }
    }
    /// Whether these eyes read the section.
    fn read_section(self, section: &PlanSection) -> bool {
        match self {
            Self::Staff => true,
            Self::Mentor => section.for_mentor,
            Self::Person => section.for_person,
        }
    }
    /// The sections that these eyes read.
    pub fn sections(self, layout: &PlanLayout) -> impl Iterator<Item = &PlanSection> {
        layout.sections.iter().filter(move |it| self.read_section(it))
    }
}

impl PlanText {
    /// The text parted in what these eyes read and what they do not. Nothing else decides what a side sees of a plan.
    pub fn parted(&self, layout: &PlanLayout, eyes: PlanEyes) -> (Self, Self) {
        let is_read = |code: &Code| layout.section(code).is_some_and(|it| eyes.read_section(it));
        let (read, unread) = self.answers.iter().cloned().partition(|it| is_read(&it.section));
        let (goals, hidden) = self.goals.iter().cloned().partition(|it| is_read(&it.section));
        let tells = eyes != PlanEyes::Mentor || eyes.draft(layout.kind);
        let (told, kept) = if tells { (self.opinion.clone(), None) } else { (None, self.opinion.clone()) };
        (Self { answers: read, goals, opinion: told }, Self { answers: unread, goals: hidden, opinion: kept })
    }
    /// The part of the text that these eyes read.
    pub fn shown(&self, layout: &PlanLayout, eyes: PlanEyes) -> Self {
        self.parted(layout, eyes).0
    }
}

/// The caller as one who reads, writes and approves a plan.
#[derive(Debug, Clone)]
pub struct PlanStanding {
    /// The eyes of the caller.
    pub eyes: PlanEyes,
    /// The account of the caller.
    pub user: Option<UserId>,
    /// Whether the caller is staff of the institution whose plan it is, and no side.
    pub is_staff: bool,
    /// The parts in which the caller approves in person.
    pub parts: Vec<PlanApprover>,
}

impl PlanStanding {
    /// Whether the caller approves in that part.
    pub(super) fn is(&self, part: PlanApprover) -> bool {
        self.parts.contains(&part)
    }
    /// Whether the caller is the head of a unit or the director of the institution.
    pub(super) fn is_head(&self) -> bool {
        self.is(PlanApprover::UnitHead) || self.is(PlanApprover::Director)
    }
    /// Refuses a caller who does not draft such a plan.
    pub(super) fn must_draft(&self, kind: PlanKind) -> Result<(), Refused> {
        let may = match self.eyes {
            PlanEyes::Staff => self.is_staff,
            side => side.draft(kind),
        };
        if may { Ok(()) } else { Err(NOT_YOURS.refuse()) }
    }
    /// Refuses a caller who is no staff of the institution whose plan it is.
    pub(super) fn must_be_staff(&self) -> Result<(), Refused> {
        if self.is_staff { Ok(()) } else { Err(NOT_YOURS.refuse()) }
    }
}
