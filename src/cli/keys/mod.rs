//! `sluicegate keys`: what is made of the key.

mod canary;
mod token;

use super::context::Context;
use super::failure::{Failure, Outcome};

/// Tools for the key.
#[derive(clap::Subcommand)]
pub enum Command {
    Canary(canary::Args),
    Token(token::Args),
}

/// Runs the command.
pub fn run(command: &Command, context: &Context) -> Result<Outcome, Failure> {
    match command {
        Command::Canary(args) => canary::run(args, context),
        Command::Token(args) => token::run(args, context),
    }
}
