//! Matching beneficiaries with mentors.
mod needs;
mod profiles;
mod story;
