//! The community: clubs, volunteer groups, practices and what others know of them (000, 001, 003, 004).
//!
//! - [`clubs`]: clubs. [`volunteer_groups`]: groups of volunteers, also those whose membership tells of an offence.
//! - [`members`]: the people in both.
//! - [`practices`]: practices and their replications. [`publications`]: publications, media and information materials.
//! - [`nominations`]: nominations for awards. [`success_stories`]: success stories. [`names_left`]: names in an anonymous text.
//! - [`specialist_trainings`]: trainings of specialists.
//!
//! Invariant: nothing about a person leaves its organization without a consent of the ledger for that purpose.
pub mod clubs;
pub mod members;
pub mod names_left;
pub mod nominations;
pub mod practices;
pub mod publications;
pub mod specialist_trainings;
pub mod success_stories;
pub mod volunteer_groups;
