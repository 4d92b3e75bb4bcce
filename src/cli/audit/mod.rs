//! `sluicegate audit`: reading the log back.

mod changes;
mod export;
mod head;
mod names;
mod row;
mod show;
mod source;
mod stats;
mod tail;
mod verify;

use super::context::Context;
use super::failure::{Failure, Outcome};

/// Tools for the audit log.
#[derive(clap::Subcommand)]
pub enum Command {
    Verify(verify::Args),
    Head(head::Args),
    Tail(tail::Args),
    Show(show::Args),
    Stats(stats::Args),
    Changes(changes::Args),
    Export(export::Args),
}

/// Runs the command.
pub fn run(command: &Command, context: &Context) -> Result<Outcome, Failure> {
    match command {
        Command::Verify(args) => verify::run(args, context),
        Command::Head(args) => head::run(args, context),
        Command::Tail(args) => tail::run(args, context),
        Command::Show(args) => show::run(args, context),
        Command::Stats(args) => stats::run(args, context),
        Command::Changes(args) => changes::run(args, context),
        Command::Export(args) => export::run(args, context),
    }
}
