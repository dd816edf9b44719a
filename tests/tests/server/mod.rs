//! The process: durability after a kill, sealed data, broken regions, and the demonstration region.
mod demonstration;
mod durability;
mod regions;
mod sealed;
