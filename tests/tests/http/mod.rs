//! The contract, the edge, rights: what is the same for all resources.
mod access;
mod borders;
mod contract;
mod edge;
mod lists;
mod outages;
mod versions;
