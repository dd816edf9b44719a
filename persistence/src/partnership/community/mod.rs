//! The community in the database.
//!
//! - `members`: the people in clubs and groups of volunteers, and how many a group has.
//! - `disclosures`: the consents without which nothing about a person is told, and what their withdrawal takes back.
//! - `open`: stories and awards as every account reads them.
//! - `days`: days of trainings and nominations, held to the lives that they are about.
mod days;
mod disclosures;
mod members;
mod open;

pub use members::{
    CommunityMemberCard, CommunityMemberFilter, VolunteerGroupStrength, annul_member, enter, join_oneself,
    leave, list, member_card, strength, withdraw,
};
pub use open::{AwardCard, AwardFilter, PublishedStory, PublishedStoryFilter, awards, published_stories};

pub(crate) use days::{against_days, life_seen};
pub(crate) use disclosures::{against_change, take_back, take_back_by_death, volunteer_consent};
pub(crate) use members::{end_by_death, is_member, reaches_club_member, reaches_group_member};
