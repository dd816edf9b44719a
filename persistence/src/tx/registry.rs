//! What lower areas ask of the areas above them, or tell them. `crate::registry` answers for all.
use super::Tx;
use crate::engine::failure::Failure;
use domain::base::access::Right;
use domain::base::change::{Subject, SubjectKind};
use domain::mentors::{Mentor, Removal};
use domain::mentorships::{MentorshipState, Pairing};
use std::pin::Pin;

/// An answer that takes statements.
pub(crate) type Asked<'t, T> = Pin<Box<dyn Future<Output = Result<T, Failure>> + 't>>;

/// The areas above. Arrows between areas run one way, and these calls are the only way back.
pub(crate) trait Registry: Send + Sync {
    /// The right by which a kind of thing is read.
    fn right_to_see(&self, kind: SubjectKind) -> Option<Right>;
    /// Whether the right of this transaction reaches that thing.
    fn reaches<'t>(&self, tx: &'t mut Tx<'_>, subject: Subject) -> Asked<'t, bool>;
    /// Whether somebody objects to a pair in its program.
    fn is_objected<'t>(&self, tx: &'t mut Tx<'_>, pair: ObjectedPair) -> Asked<'t, bool>;
    /// A mentorship has ended: what follows belongs to the same transaction.
    fn mentorship_ended<'t>(
        &self,
        tx: &'t mut Tx<'_>,
        pairing: &'t Pairing,
        state: MentorshipState,
    ) -> Asked<'t, ()>;
    /// A mentor was removed: what the mentor had running ends in the same transaction.
    fn mentor_removed<'t>(
        &self,
        tx: &'t mut Tx<'_>,
        mentor: &'t Mentor,
        removal: &'t Removal,
    ) -> Asked<'t, ()>;
}

/// A pair of a program, to ask for objections.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ObjectedPair {
    pub(crate) program_id: domain::base::id::ProgramId,
    pub(crate) beneficiary_id: domain::base::id::BeneficiaryId,
    pub(crate) mentor_id: domain::base::id::MentorId,
}
