//! `sluicegate hold`: what waits for the owner.

mod answer;
mod list;
mod redeem;
mod show;
mod wait;

use sluicegate::hold::{HeldEvent, HoldError, Holds, State, masked};

use super::context::Context;
use super::failure::{Failure, Outcome};
use super::stored::Stored;
use super::utc::Utc;
use super::visible;

/// What waits for your answer: list, show, approve, deny; and what a gateway needs to wait and to act.
#[derive(clap::Subcommand)]
pub enum Command {
    List(list::Args),
    Show(show::Args),
    Approve(answer::ApproveArgs),
    Deny(answer::DenyArgs),
    Wait(wait::Args),
    Redeem(redeem::Args),
}

/// Runs the command.
pub fn run(command: &Command, context: &Context) -> Result<Outcome, Failure> {
    match command {
        Command::List(args) => list::run(args, context),
        Command::Show(args) => show::run(args, context),
        Command::Approve(args) => answer::approve(args, context),
        Command::Deny(args) => answer::deny(args, context),
        Command::Wait(args) => wait::run(args, context),
        Command::Redeem(args) => redeem::run(args, context),
    }
}

/// The queue in a store.
pub fn holds(stored: &Stored) -> Holds {
    Holds::new(std::sync::Arc::clone(&stored.store), &stored.keys)
}

/// An answer that was not taken.
pub fn refused(error: HoldError) -> Failure {
    match error {
        HoldError::NoId(error) => Failure::Misuse(error.to_string()),
        error => Failure::Broken(error.to_string()),
    }
}

/// Whose event it is, as far as others may see it.
fn whose(held: &HeldEvent) -> String {
    let (sender, channel) = (masked(&held.sender), visible::cut(&held.channel, 20));
    match (sender.as_str(), channel.as_str()) {
        ("", "") => "nobody named".to_owned(),
        ("", channel) => channel.to_owned(),
        (sender, "") => visible::cut(sender, 20),
        (sender, channel) => format!("{} on {channel}", visible::cut(sender, 20)),
    }
}

/// A time as `2025-11-24 16:00`, in UTC.
pub fn when(at: u64) -> String {
    Utc::of(at).map_or_else(|| "at no known time".to_owned(), |time| format!("{} {} UTC", time.date, time.clock))
}

/// What became of a hold, in a few words.
fn fate(state: &State) -> String {
    use sluicegate::store::Actor;
    match state {
        State::Approved { until, .. } => format!("approved, to be used until {}", when(*until)),
        State::Released { until, .. } => format!("released to the gateway, to be used until {}", when(*until)),
        State::Used { at } => format!("approved and used {}", when(*at)),
        State::Denied { at, by: Actor::Gate } => format!("refused {}, since too much was waiting", when(*at)),
        State::Denied { at, .. } => format!("denied {}", when(*at)),
        State::Expired { at } => format!("expired {}, which means denied", when(*at)),
        _ => "waiting".to_owned(),
    }
}
