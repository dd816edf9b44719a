//! What black-box tests see: a server with a region and a clock of its own, and nothing behind its API.
pub mod activities;
pub mod contract;
pub mod given;
pub mod matching;
pub mod pairs;
mod program;
mod realm;
mod template;
mod world;

pub use matching::Stage;
pub use pairs::pause;
pub use program::*;
pub use realm::*;
pub use world::*;
