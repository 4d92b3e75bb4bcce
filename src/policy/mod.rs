//! The owner's policies: facts in, decision out, and nothing else.
//!
//! A policy is a [Rhai](https://rhai.rs) script with one hook for each kind of event. This is the only room that knows
//! Rhai. [`PolicySet::load`] reads a chain of files, refuses what is wrong with a code and a place, and leaves a set that
//! never changes; [`PolicySet::decide`] asks it and always has an answer.
//!
//! ```
//! use sluicegate::diagnostic::Source;
//! use sluicegate::facts::{FactId, Facts};
//! use sluicegate::policy::{Limits, PolicySet};
//! use sluicegate::{Decision, Kind};
//!
//! let script = r#"fn on_message(m) { if m.score >= 8 { drop("looks like an attack") } allow(); }"#;
//! let loaded = PolicySet::load(&[Source::new("mine.rhai", script)], Limits::default())?;
//! let mut facts = Facts::new(Kind::Message);
//! facts.set(FactId::Score, 8);
//! let ruling = loaded.set.decide(&facts);
//! assert_eq!((ruling.decision, &*ruling.reason), (Decision::Drop, "looks like an attack"));
//! # Ok::<(), sluicegate::diagnostic::LoadError>(())
//! ```
//!
//! # What a policy can do
//!
//! Read facts (`m.score`), ask questions with a literal (`m.says("weather")`), compare, call helpers of its own, and end
//! with `allow()`, `drop(reason)`, `hold(reason)` or `next()`. There are no loops, closures, lists of its own or recursion,
//! so a policy is a finite table of facts to decisions, however it is written. The limits of the [sandbox](Limits) are
//! the second net under that.

mod cache;
mod call;
mod decide;
mod event;
mod hidden;
mod host;
mod limits;
mod lint;
mod load;
mod mutants;
mod options;
mod overdue;
mod partial;
mod paths;
mod ruling;
mod sandbox;
mod trace;

pub use cache::CacheStats;
pub use decide::PolicySet;
pub use limits::Limits;
pub(crate) use lint::code::warnings;
pub use lint::code::{CODES, Code, find as code, page};
pub(crate) use lint::comments::comments;
pub use load::Loaded;
pub use mutants::{Mutant, mutants};
pub use partial::{Asker, Missing};
pub use paths::{
    Asked, Bounds, Difference, Ended, Equivalence, Explored, Path, Reads, same_decisions, same_decisions_within,
};
pub use ruling::Ruling;
pub use trace::{Branch, Coverable, Ending, Literal, Place, Role, Run, Step, Trace};

use crate::event::Kind;

/// The function of a policy that is asked about events of this kind.
const fn hook(kind: Kind) -> &'static str {
    match kind {
        Kind::Message => "on_message",
        Kind::Reply => "on_reply",
        Kind::ToolCall => "on_tool_call",
        Kind::ToolResult => "on_tool_result",
    }
}

#[cfg(test)]
mod tests;
