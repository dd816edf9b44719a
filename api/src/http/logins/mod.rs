//! Logins: who a client is, and how often it may guess.
//!
//! - [`tokens`]: access tokens. [`password`]: hashing off the workers.
//! - [`throttle`]: guesses are slowed down. [`proxies`]: the address of a client behind proxies.
pub mod password;
pub mod proxies;
pub mod throttle;
pub mod tokens;
