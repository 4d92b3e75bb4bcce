//! `sluicegate owner init`: the secret that makes an owner.

use sluicegate::keys::Cost;
use sluicegate::owner::{Authority, OwnerError};

use super::as_owner::failure;
use super::{salt, secret};
use crate::cli::context::Context;
use crate::cli::events::now;
use crate::cli::failure::{Failure, Outcome};
use crate::cli::output::Output;
use crate::cli::stored::open_store;

/// What the owner should know before choosing one.
const PURPOSE: &str = "\
Your secret lets you, and nobody else, approve senders and held events, unblock somebody, lift a lockdown and seal policies
at the command line. An agent with a shell on this machine does not know it, as long as it is written down nowhere here: not
in a file, not in the environment. Take four words or more that nobody would guess. It cannot be recovered.";

/// Set your secret, for the first time.
///
/// It is asked for twice on the terminal. It is never taken from an argument or the environment, and is stored nowhere: the
/// store keeps what a key that is made of it can be recognised by.
#[derive(clap::Args)]
pub struct Args {
    /// Read the secret from the first line of this file descriptor, such as 3 with `3<FILE`.
    #[arg(long, value_name = "N")]
    secret_fd: Option<u32>,
}

/// Runs the command.
pub fn run(args: &Args, context: &Context) -> Result<Outcome, Failure> {
    // INVARIANT: a descriptor is read before we open anything, or it might be one of our own files.
    let given = args.secret_fd.map(secret::read).transpose()?;
    let stored = open_store(context)?;
    let authority = Authority::new(&stored.store, &stored.sealer);
    if authority.key().map_err(failure)?.is_some() {
        return Err(failure(OwnerError::AlreadySet));
    }
    let secret = match given {
        Some(secret) => secret,
        None => {
            let mut output = Output::open();
            output.line(PURPOSE)?;
            output.finish()?;
            secret::ask_twice("New secret: ")?
        }
    };
    let owner = authority.init(&secret, salt()?, now(), Cost::default()).map_err(failure)?;
    let mut output = Output::open();
    output.line(&format!("the owner's secret is set; its key is {}", owner.public()))?;
    output.finish()?;
    Ok(Outcome::Done)
}
