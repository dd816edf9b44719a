//! Candidates and mentors.
mod applications;
mod considering;
mod expiring;
mod mentors;
mod removals;
