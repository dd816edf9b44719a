//! The world of the black-box tests: a server with a region and a clock of its own. Tests use only its API.
pub mod activities;
mod client;
pub mod contract;
pub mod entries;
pub mod filled;
pub mod given;
pub mod matching;
mod occupied;
pub mod page;
pub mod pairs;
mod plans;
mod program;
mod realm;
mod showing;
pub mod statements;
mod template;
pub mod watch;
mod world;

pub use client::*;
pub use given::with;
pub use matching::Stage;
pub use occupied::Occupied;
pub use pairs::pause;
pub use program::*;
pub use realm::*;
pub use showing::show;
pub use world::*;
