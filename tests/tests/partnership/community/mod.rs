//! Sentences about the community: clubs, groups of volunteers, practices, publications, nominations, success stories, trainings.
mod clubs;
mod nominations;
mod practices;
mod success_stories;
mod volunteer_groups;
