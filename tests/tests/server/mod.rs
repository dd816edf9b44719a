//! The process: durability after a kill, sealed data, and the demonstration region.
mod demonstration;
mod durability;
mod sealed;
