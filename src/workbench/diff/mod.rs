//! What a change of the policies would change, told on what has happened.
//!
//! [`Replay`] judges events by two gates that are built alike, each with a memory of its own, so that escalation and rate are
//! those that each side would have had. [`LogReplay`] asks two chains of policies about the facts that an audit log holds,
//! where the events themselves are gone. Both fill a [`Diff`]: the changes grouped by cause, the most dangerous first, in
//! bounded memory however many events there are.
//!
//! ```
//! use sluicegate::diagnostic::Source;
//! use sluicegate::workbench::diff::Replay;
//! use sluicegate::{Decision, Event, Gate};
//!
//! let gate = |script: &str| Gate::builder().policies([Source::new("p.rhai", script)]).rules([]).build();
//! let old = gate(r#"fn on_message(m) { drop("unknown sender"); }"#)?;
//! let new = gate("fn on_message(m) { allow(); }")?;
//! let mut replay = Replay::new(&old, &new, 3);
//! replay.event(&Event::message(1_764_000_000_000, "hello"), |_, _| "hello");
//! let diff = replay.finish();
//! assert_eq!(diff.becomes(Decision::Allow), 1);
//! assert_eq!(diff.changes()[0].examples, ["hello"]);
//! # Ok::<(), sluicegate::gate::BuildError>(())
//! ```

mod groups;
mod log;
mod outcome;
mod replay;

pub use groups::{Diff, Group};
pub use log::{LogReplay, LogReport, Side};
pub use outcome::{Cause, Comparison, Outcome, Place};
pub use replay::Replay;
