//! What a command needs that only the owner may give.

use std::io::{self, IsTerminal as _};

use sluicegate::keys::Owner;
use sluicegate::owner::{Authority, OwnerError};
use sluicegate::store::Actor;

use super::secret;
use crate::cli::events::now;
use crate::cli::failure::Failure;
use crate::cli::stored::Stored;

/// How the owner proves to be the owner. Flatten it into the arguments of a command, and call [`require`].
#[derive(clap::Args)]
pub struct AsOwner {
    /// Ask for your secret on the terminal, also where standard input is something else.
    #[arg(long)]
    as_owner: bool,
    /// Read your secret from the first line of this file descriptor, such as 3 with `3<FILE`.
    #[arg(long, value_name = "N")]
    secret_fd: Option<u32>,
}

impl AsOwner {
    /// Whether a secret is given or to be asked for.
    pub const fn is_given(&self) -> bool {
        self.as_owner || self.secret_fd.is_some()
    }
}

/// The owner, proved by the secret. Asks on the terminal, or reads the file descriptor that the arguments name.
///
/// # Errors
/// When no secret was set yet, none was given, it is another one, or the store gives no answer: nothing may be done then.
pub fn require(stored: &Stored, as_owner: &AsOwner, at: u64) -> Result<Owner, Failure> {
    prove(&Authority::new(&stored.store, &stored.sealer), as_owner, at)
}

/// The same for a command that opens its store in another way.
///
/// # Errors
/// As [`require`].
pub fn prove(authority: &Authority, as_owner: &AsOwner, at: u64) -> Result<Owner, Failure> {
    // Nobody types a secret for nothing.
    if authority.key().map_err(failure)?.is_none() {
        return Err(failure(OwnerError::Unset));
    }
    let secret = match as_owner.secret_fd {
        Some(number) => secret::read(number)?,
        None if as_owner.as_owner || io::stdin().is_terminal() => secret::ask("Owner's secret: ")?,
        None => {
            return Err(Failure::Misuse(
                "only the owner may do this: add --as-owner to be asked for your secret on the terminal, or --secret-fd N"
                    .to_owned(),
            ));
        }
    };
    authority.unlock(&secret, at).map_err(failure)
}

/// The same, as who does it.
///
/// # Errors
/// As [`require`].
pub fn required(stored: &Stored, as_owner: &AsOwner) -> Result<Actor, Failure> {
    require(stored, as_owner, now()).map(|_| Actor::OwnerAtTerminal)
}

/// What the owner's room said.
pub fn failure(error: OwnerError) -> Failure {
    Failure::Broken(error.to_string())
}
