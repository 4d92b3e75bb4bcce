//! `sluicegate sender`: the people whom the owner knows, and those who knocked.

mod change;
mod knocked;
mod link;
mod list;
mod show;
mod stats;
mod who;

use super::context::Context;
use super::failure::{Failure, Outcome};

/// Whom you know: approve, block, name and link senders, and see who knocked.
#[derive(clap::Subcommand)]
pub enum Command {
    List(list::Args),
    Show(show::Args),
    Approve(change::Approve),
    Block(change::Block),
    Unblock(change::Unblock),
    Revoke(change::Revoke),
    SetCaps(change::SetCaps),
    Name(change::Name),
    Note(change::Note),
    Link(link::Link),
    Unlink(link::Unlink),
    Knocked(knocked::Args),
    Stats(stats::Args),
}

/// Runs the command.
pub fn run(command: &Command, context: &Context) -> Result<Outcome, Failure> {
    match command {
        Command::List(args) => list::run(args, context),
        Command::Show(args) => show::run(args, context),
        Command::Approve(args) => change::approve(args, context),
        Command::Block(args) => change::block(args, context),
        Command::Unblock(args) => change::unblock(args, context),
        Command::Revoke(args) => change::revoke(args, context),
        Command::SetCaps(args) => change::set_caps(args, context),
        Command::Name(args) => change::name(args, context),
        Command::Note(args) => change::note(args, context),
        Command::Link(args) => link::link(args, context),
        Command::Unlink(args) => link::unlink(args, context),
        Command::Knocked(args) => knocked::run(args, context),
        Command::Stats(args) => stats::run(args, context),
    }
}
