//! The rules of mentoring, with no HTTP, no SQL, no clock and no randomness.
//!
//! A rule takes the state it leaves and an order, and answers either what changed together with the fact
//! that says so, or a refusal that cites the paragraph it stands on.
pub mod access;
pub mod annexes;
pub mod case_problems;
pub mod cases;
pub mod catalogues;
pub mod change;
pub mod contacts;
pub mod documents;
#[cfg(test)]
mod examples;
pub mod group_meetings;
pub mod id;
pub mod joint_activities;
pub mod matching;
pub mod meetings;
pub mod mentors;
pub mod mentorships;
pub mod moment;
pub mod organizations;
pub mod people;
pub mod programs;
pub mod refusal;
pub mod reports;
pub mod requests;
pub mod spans;
pub mod surveys;
pub mod text;
pub mod users;
pub mod word;
