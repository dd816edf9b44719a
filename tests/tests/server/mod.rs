//! The process: what it keeps when it is killed, what it seals, what it shows a newcomer.
mod demonstration;
mod durability;
mod sealed;
