//! The contract, the edge and the rights: the behaviour that all resources share.
mod access;
mod borders;
mod contract;
mod edge;
mod lists;
mod outages;
mod proxies;
mod versions;
