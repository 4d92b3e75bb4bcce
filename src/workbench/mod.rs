//! Tools for whoever writes rules and policies: what a rule survives, and what it does not; why an event was decided as it
//! was.

pub mod cases;
pub mod contract;
pub mod diff;
pub mod explain;
pub mod hits;
pub mod prove;

pub use contract::{Contract, Outcome, Pairs, Tally};
pub use explain::Explanation;
