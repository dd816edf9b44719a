//! Candidates and mentors.
mod applications;
mod considering;
mod eligibility;
mod expiring;
mod removals;
