//! Partnership: the work of state bodies and НКО together.
//!
//! - [`community`]: clubs, groups of volunteers, practices, publications, nominations, stories, trainings.
//! - [`agreements`]: agreements of organizations and councils. [`legal_acts`] and [`funding_programs`]: the ground on which work rests.
//! - [`coordinator_appointments`], [`partner_interactions`]: who coordinates, and everyday work with a partner.
//! - [`action_packages`], [`action_plans`]: packages of measures, and plans whose items are tasks.
//! - [`projects`]: projects with partners, contributions and targets. [`events`]: events, their people and volunteers. [`ideas`]: what they bring.
//! - [`councils`], [`council_meetings`], [`decisions`]: bodies that decide together, with quorum and votes. [`council_activity`]: their work.
//! - [`named`]: the organizations that entries name, and the day for which they do.
//! - [`levels`]: the three levels of partnership, and what is counted on each.
//! - [`words`]: vocabularies that several features share.
//!
//! Invariant: a person stands on no open card. Where people belong to a thing, they are rows of their own with a right of their own.
pub mod action_packages;
pub mod action_plans;
pub mod agreements;
pub mod community;
pub mod coordinator_appointments;
pub mod council_activity;
pub mod council_meetings;
pub mod councils;
pub mod decisions;
pub mod events;
pub mod funding_programs;
pub mod ideas;
pub mod legal_acts;
pub mod levels;
pub mod named;
pub mod partner_interactions;
pub mod projects;
pub mod words;
