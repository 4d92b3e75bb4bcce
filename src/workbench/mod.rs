//! Tools for whoever writes rules and policies: what a rule survives, and what it does not.

pub mod cases;
pub mod contract;
pub mod hits;
pub mod prove;

pub use contract::{Contract, Outcome, Pairs, Tally};
