//! `sluicegate keys`: what is made of the key.

mod agent;
mod canary;
mod rotate;
mod token;

use super::context::Context;
use super::failure::{Failure, Outcome};

/// Tools for the key, and keys for agents.
#[derive(clap::Subcommand)]
pub enum Command {
    #[command(subcommand)]
    Agent(agent::Command),
    Canary(canary::Args),
    Token(token::Args),
    Rotate(rotate::Args),
}

/// Runs the command.
pub fn run(command: &Command, context: &Context) -> Result<Outcome, Failure> {
    match command {
        Command::Agent(command) => agent::run(command, context),
        Command::Canary(args) => canary::run(args, context),
        Command::Token(args) => token::run(args, context),
        Command::Rotate(args) => rotate::run(args, context),
    }
}
