//! `sluicegate keys agent`: keys with which other agents sign their messages.

mod new;
mod sign;

use crate::cli::context::Context;
use crate::cli::failure::{Failure, Outcome};

/// Keys with which other agents sign their messages.
#[derive(clap::Subcommand)]
pub enum Command {
    New(new::Args),
    Sign(sign::Args),
}

/// Runs the command.
pub fn run(command: &Command, _: &Context) -> Result<Outcome, Failure> {
    match command {
        Command::New(args) => new::run(args),
        Command::Sign(args) => sign::run(args),
    }
}
