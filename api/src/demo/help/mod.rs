//! Help in the demonstration: needs and services, urgent aid and documents, referrals and requests for help, crises, places.
pub mod aid;
pub mod crises;
pub mod places;
pub mod referrals;
pub mod services;
