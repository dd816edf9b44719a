//! The process: durability after a kill, sealed data, broken regions, a silent database, and the demonstration region.
mod demonstration;
mod durability;
mod readers;
mod regions;
mod sealed;
mod silence;
mod statistics;
mod wire;
