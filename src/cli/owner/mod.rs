//! `sluicegate owner`: the owner's secret.

mod as_owner;
mod change;
mod init;
mod secret;
mod status;

use super::context::Context;
use super::failure::{Failure, Outcome};

pub use as_owner::{AsOwner, prove, require, required};

/// Your secret, which makes you the owner: set it, change it, look whether there is one.
#[derive(clap::Subcommand)]
pub enum Command {
    Init(init::Args),
    Change(change::Args),
    Status(status::Args),
}

/// Runs the command.
pub fn run(command: &Command, context: &Context) -> Result<Outcome, Failure> {
    match command {
        Command::Init(args) => init::run(args, context),
        Command::Change(args) => change::run(args, context),
        Command::Status(args) => status::run(args, context),
    }
}

/// Sixteen random bytes.
fn salt() -> Result<[u8; 16], Failure> {
    let mut salt = [0; 16];
    getrandom::fill(&mut salt).map_err(|error| Failure::Broken(format!("no random bytes for the key: {error}")))?;
    Ok(salt)
}
