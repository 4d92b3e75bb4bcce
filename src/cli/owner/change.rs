//! `sluicegate owner change`: another secret.

use std::io::{self, IsTerminal as _};

use sluicegate::keys::Cost;
use sluicegate::owner::{Authority, OwnerError};

use super::as_owner::failure;
use super::{salt, secret};
use crate::cli::context::Context;
use crate::cli::events::now;
use crate::cli::failure::{Failure, Outcome};
use crate::cli::output::Output;
use crate::cli::stored::open_store;

/// Replace your secret by another one.
///
/// Asks for the old one, and twice for the new one. What the old one has sealed stays sealed, and gates that run trust the
/// new one from here on.
#[derive(clap::Args)]
pub struct Args {
    /// Read the old secret from the first line of this file descriptor, such as 3 with `3<FILE`.
    #[arg(long, value_name = "N", requires = "new_secret_fd")]
    secret_fd: Option<u32>,
    /// Read the new secret from the first line of this other file descriptor.
    #[arg(long, value_name = "N", requires = "secret_fd")]
    new_secret_fd: Option<u32>,
}

/// Runs the command.
pub fn run(args: &Args, context: &Context) -> Result<Outcome, Failure> {
    // INVARIANT: descriptors are read before we open anything, or they might be our own files.
    let given = match (args.secret_fd, args.new_secret_fd) {
        (Some(old), Some(new)) if old == new => {
            return Err(Failure::Misuse("the old and the new secret need a file descriptor each".to_owned()));
        }
        (Some(old), Some(new)) => Some((secret::read(old)?, secret::read(new)?)),
        _ => None,
    };
    let stored = open_store(context)?;
    let authority = Authority::new(&stored.store, &stored.sealer);
    if authority.key().map_err(failure)?.is_none() {
        return Err(failure(OwnerError::Unset));
    }
    let (owner, fresh) = match given {
        Some((old, new)) => (authority.unlock(&old, now()).map_err(failure)?, new),
        _ if !io::stdin().is_terminal() => {
            return Err(Failure::Misuse(
                "this asks for secrets, and standard input is no terminal: give --secret-fd and --new-secret-fd"
                    .to_owned(),
            ));
        }
        _ => {
            let old = secret::ask("Old secret: ")?;
            (authority.unlock(&old, now()).map_err(failure)?, secret::ask_twice("New secret: ")?)
        }
    };
    let successor = authority.change(&owner, &fresh, salt()?, now(), Cost::default()).map_err(failure)?;
    let mut output = Output::open();
    output.line(&format!("the owner's secret is changed; its key is {}", successor.public()))?;
    output.finish()?;
    Ok(Outcome::Done)
}
