//! `sluicegate policy`: the policy author's tools.

mod chains;
mod check;
mod definitions;
mod diff;
mod explain;
mod facts;
mod markdown;
pub mod pages;
mod proofs;
mod prove;
mod seal;
mod test;

use super::context::Context;
use super::failure::{Failure, Outcome};

/// Tools for policies: the scripts that decide.
#[derive(clap::Subcommand)]
pub enum Command {
    Check(check::Args),
    Diff(diff::Args),
    Explain(explain::Args),
    Facts(facts::Args),
    Test(test::Args),
    Prove(prove::Args),
    Seal(seal::Args),
}

/// Runs the command.
pub fn run(command: &Command, context: &Context) -> Result<Outcome, Failure> {
    match command {
        Command::Check(args) => check::run(args, context),
        Command::Diff(args) => diff::run(args, context),
        Command::Explain(args) => explain::run(args, context),
        Command::Facts(args) => facts::run(args),
        Command::Test(args) => test::run(args, context),
        Command::Prove(args) => prove::run(args, context),
        Command::Seal(args) => seal::run(args, context),
    }
}
