//! `sluicegate policy`: the policy author's tools.

mod check;
mod facts;
mod test;

use super::context::Context;
use super::failure::{Failure, Outcome};

/// Tools for policies: the scripts that decide.
#[derive(clap::Subcommand)]
pub enum Command {
    Check(check::Args),
    Facts(facts::Args),
    Test(test::Args),
}

/// Runs the command.
pub fn run(command: &Command, context: &Context) -> Result<Outcome, Failure> {
    match command {
        Command::Check(args) => check::run(args, context),
        Command::Facts(args) => facts::run(args),
        Command::Test(args) => test::run(args, context),
    }
}
