//! The contract, the edge and the rights: the behaviour that all resources share.
pub(crate) mod access;
mod borders;
mod browser;
mod compression;
mod conditions;
mod contract;
mod edge;
mod faults;
mod histories;
mod lists;
mod names;
mod origins;
mod outages;
mod proxies;
mod references;
mod versions;
mod words;
