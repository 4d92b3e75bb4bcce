//! `sluicegate rules`: the rule author's tools.

mod check;
mod hits;
mod list;
mod report;
mod test;

use std::path::PathBuf;

use sluicegate::diagnostic::Source;

use super::context::Context;
use super::failure::{Failure, Outcome};
use super::sources;

/// Tools for rules: what to look for, and how many points it is worth.
#[derive(clap::Subcommand)]
pub enum Command {
    Check(check::Args),
    Test(test::Args),
    List(list::Args),
    Report(report::Args),
}

/// Runs the command.
pub fn run(command: &Command, context: &Context) -> Result<Outcome, Failure> {
    match command {
        Command::Check(args) => check::run(args, context),
        Command::Test(args) => test::run(args, context),
        Command::List(args) => list::run(args, context),
        Command::Report(args) => report::run(args, context),
    }
}

/// The rule files that were named, or those of the settings.
fn chosen(files: &[PathBuf], context: &Context) -> Result<Vec<Source>, Failure> {
    if files.is_empty() { Ok(context.settings()?.read_rules()?) } else { sources::read(files, "toml") }
}
