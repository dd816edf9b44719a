//! Matching in the database: people, rules, rounds, and the proposals of a round.
//!
//! - [`profiles`], [`needs`], [`joint_activities`]: statements of people and specialists.
//! - [`pool`]: the facts of one day, read in one snapshot. [`rules`]: a program's rules in editions.
//! - [`candidates`], [`waiting`], [`explanations`]: answers about people. `waits`: who waits, kept.
//! - [`rounds`], [`proposals`], [`publication`]: the steps of a round.
//!
//! Invariant: only rows that the caller sees are loaded, so a round is an optimum among the mentors in the caller's
//! reach.
pub mod candidates;
pub mod explanations;
pub mod joint_activities;
pub mod needs;
pub mod pool;
pub mod profiles;
pub mod proposals;
pub mod publication;
pub mod rounds;
pub mod rules;
pub mod waiting;
pub(crate) mod waits;

use crate::engine::failure::Failure;
use crate::people;
use crate::tx::Tx;
use domain::base::change::{Subject, SubjectKind};
use domain::base::id::BeneficiaryId;
use domain::people::Beneficiary;

/// A beneficiary whom the right of this transaction reaches, except for their own mentor. A mentor of theirs who is
/// also staff must not learn what a mentor may not know.
async fn beneficiary(tx: &mut Tx<'_>, id: BeneficiaryId) -> Result<Beneficiary, Failure> {
    let found = people::beneficiary(tx, id).await?;
    if people::is_mentored_by_caller(tx, id).await? { Err(missing(id)) } else { Ok(found) }
}

fn missing(id: BeneficiaryId) -> Failure {
    Failure::NotFound(Some(Subject::new(SubjectKind::Beneficiary, id)))
}
