//! The sidecar, as a client meets it: over a real socket, byte by byte.
#![cfg(feature = "serve")]

#[path = "serve/checks.rs"]
mod checks;
#[path = "serve/holds.rs"]
mod holds;
#[cfg(all(feature = "cli", unix))]
#[path = "serve/kill.rs"]
mod kill;
#[path = "serve/notices.rs"]
mod notices;
#[path = "serve/refusals.rs"]
mod refusals;
#[path = "serve/senders.rs"]
mod senders;
#[path = "serve/support.rs"]
mod support;
