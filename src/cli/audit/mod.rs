//! `sluicegate audit`: reading the log back.

mod changes;
mod verify;

use super::context::Context;
use super::failure::{Failure, Outcome};

/// Tools for the audit log.
#[derive(clap::Subcommand)]
pub enum Command {
    Verify(verify::Args),
    Changes(changes::Args),
}

/// Runs the command.
pub fn run(command: &Command, context: &Context) -> Result<Outcome, Failure> {
    match command {
        Command::Verify(args) => verify::run(args, context),
        Command::Changes(args) => changes::run(args, context),
    }
}
