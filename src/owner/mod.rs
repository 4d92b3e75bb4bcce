//! The owner, who is the one with the secret: proves it, closes and opens the gate, and seals what judges.
//!
//! Three switches of the whole gate lie in the store, in [`Table::Gate`](crate::store::Table::Gate):
//!
//! * the owner's key, by [`Authority`]: who has the secret, and how often somebody was wrong about it;
//! * the lockdown, by [`Lockdown`]: anybody may close the gate, the owner alone opens it again;
//! * the seal, by [`Seals`]: which revision of settings, rules and policies may judge.
//!
//! What the owner can say in chat is a [`Command`]; the gate carries it out.
//!
//! What opens something (a lifted lockdown, a sealed revision) is signed with the owner's key, and a gate that runs knows
//! the public half of that key from its start. So whoever can write into the store, and has its key, but not the owner's
//! secret, can close a running gate and cannot open it.

mod authority;
mod command;
mod error;
mod lockdown;
mod seal;
mod switches;
mod tries;

pub use authority::Authority;
pub use command::Command;
pub(crate) use command::HELP;
pub use error::OwnerError;
pub use lockdown::{Lock, Lockdown};
pub use seal::{Contents, Part, Seal, Seals};
pub(crate) use switches::Switches;

/// Keys of the records in [`Table::Gate`](crate::store::Table::Gate).
///
/// INVARIANT: they stay, since files hold them.
mod place {
    pub(super) const KEY: &[u8] = b"owner";
    pub(super) const TRIES: &[u8] = b"owner.tries";
    pub(super) const LOCKDOWN: &[u8] = b"lockdown";
    pub(super) const SEAL: &[u8] = b"seal";
}
