//! Who sent this, and is it as it was sent? Answered before there is an event.
//!
//! * [`Agents`]: messages that another agent has signed, and perhaps encrypted, with a key that the owner has named in the
//!   settings. What is verified becomes an event whose sender is that agent, whatever the message says of itself. The
//!   format is specified byte by byte in `docs/agents.md`; [`Signer`] writes it. [`Gate::check_signed`](crate::Gate::check_signed)
//!   does all of it.
//! * [`webhook`]: the signatures of the services that a gateway gets its messages from.
//!
//! What is wrong with a message is the owner's to know ([`Refusal::check`]). To whoever sent it every refusal is the same one.

mod agents;
mod ai_comms;
mod content;
mod envelope;
mod nonces;
mod refusal;
mod settings;
mod signer;
mod time;
mod verified;
pub mod webhook;

pub use agents::Agents;
pub use nonces::Nonces;
pub use refusal::{Check, Refusal};
pub use settings::{AgentFormat, AgentKeySettings, AgentSettings, AuthSettings};
pub use signer::{Outgoing, Signer, SignerError};
pub use verified::Verified;

/// Bytes of the longest message that is looked at: as much as fits a tool result under the default limits, encoded.
pub const MAX_BYTES: usize = 2 * 1024 * 1024;
