//! Whether what an owner takes for granted is true of every event: proofs of policies.
//!
//! A [`Statement`] says of which events it speaks and what must never, or always, be decided about them. [`prove`] follows
//! every path that such an event can take through the real script, in the real sandbox, and either proves it, or shows an
//! event for which it is false. Some statements are built in as [`invariants`]; owners add theirs in the file of cases:
//!
//! ```toml
//! format = 1
//! policy = "personal.rhai"
//!
//! [[prove]]
//! name = "nothing that reads secrets runs unseen"
//! when = { kind = "tool_call", tool_reads_secrets = true }
//! never = "allow"
//!
//! [[prove]]
//! name = "a long message of a stranger is dropped"
//! when = { sender = "unknown", length = { at_least = 5000 } }
//! always = "drop"
//! never_replies = true
//! ```
//!
//! * `when` names the events: `kind` (one or a list; without it, every kind that has all the facts), `sender` (a standing),
//!   and facts. A yes-or-no fact is `true` or `false`; a number is itself, `{ at_least = … }`, `{ at_most = … }` or both.
//!   `found = ["secret", "personal"]` and `says = […]` mean all of them, `tool_in`, `channel_in` and `account_in` any of
//!   them, as in a policy; `{ none_of = […] }` means none. Without `when`, every event.
//! * `never` and `always` take a decision or a list of them; `never_replies = true` says that the policy answers nobody, and
//!   `never_fails = true` that it neither breaks nor runs into a limit. A failure of the policy counts as any decision but
//!   `allow`, since the settings say what is decided then, and it can never be that.
//!
//! An invariant that a policy breaks on purpose is waived in the policy itself, with the reason:
//!
//! ```text
//! // waive: strangers-not-allowed, since anyone may talk to an open bot
//! ```
//!
//! What is proved is proved of the policies: which facts an event has is up to the stations before them, and a sender who is
//! blocked is dropped by the gate whatever a policy says.

mod code;
mod counterexample;
mod invariant;
mod proof;
mod read;
mod statement;
mod survey;
mod waiver;

pub use counterexample::{Counterexample, Known};
pub use invariant::invariants;
pub use proof::{Outcome, Proof, prove};
pub use read::{policies, statements};
pub use statement::{Claim, Condition, Statement};
pub use survey::{Passage, Survey, survey};
pub use waiver::{Waiver, waivers};
