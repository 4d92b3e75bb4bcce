//! `sluicegate lockdown`: closing the gate at once, and opening it again.

use clap::ValueEnum;
use serde::Serialize;
use sluicegate::owner::Lockdown;
use sluicegate::store::Actor;

use super::context::Context;
use super::events::now;
use super::failure::{Failure, Outcome};
use super::output::Output;
use super::owner::{AsOwner, require};
use super::stored::open_store;
use super::utc::Utc;

/// Close every gate of the settings' store at once, whatever the policies say, or open them again.
///
/// Anybody may close; opening needs the owner's secret. It holds until it is lifted, also when a gate starts anew. What is
/// closed answers every event with the closed decision of its kind: see `[closed]` in the settings.
#[derive(clap::Args)]
pub struct Args {
    /// What to do.
    #[arg(value_enum, default_value_t = To::Status)]
    to: To,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    as_owner: AsOwner,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum To {
    /// Close.
    On,
    /// Open again; needs your secret.
    Off,
    /// Tell whether it is closed.
    Status,
}

#[derive(Serialize)]
struct Told {
    /// Whether the store says so; gates that run may know better.
    lockdown: bool,
    /// Since when, in milliseconds since 1970.
    since: Option<u64>,
    /// Whether the settings close the gate besides.
    settings: bool,
    /// Whether anything was changed.
    changed: bool,
}

/// Runs the command.
pub fn run(args: &Args, context: &Context) -> Result<Outcome, Failure> {
    let stored = open_store(context)?;
    let lockdown = Lockdown::new(&stored.store, &stored.sealer);
    let failure = |error: sluicegate::owner::OwnerError| Failure::Broken(error.to_string());
    let (changed, said) = match args.to {
        To::On => {
            let changed = lockdown.close(Actor::Terminal, now()).map_err(failure)?;
            (changed, if changed { "closed" } else { "was closed already" })
        }
        To::Off => {
            let at = now();
            let owner = require(&stored, &args.as_owner, at)?;
            let changed = lockdown.lift(&owner, at).map_err(failure)?;
            (changed, if changed { "open again" } else { "was open already" })
        }
        To::Status => (false, ""),
    };
    // A record that cannot be read closes every gate, so it is told as an error.
    let since = lockdown.since().map_err(failure)?;
    let mut output = Output::open();
    if args.json {
        let lockdown = since.is_some();
        output.json(&Told { lockdown, since, settings: stored.settings.lockdown, changed })?;
    } else {
        let line = match (args.to, since.map(Utc::of)) {
            (To::Status, Some(at)) => {
                let since = at.map(|at| format!(" since {} {} UTC", at.date, at.clock)).unwrap_or_default();
                format!("closed{since}: nothing passes until `sluicegate lockdown off`")
            }
            (To::Status, None) => "open".to_owned(),
            _ => said.to_owned(),
        };
        output.line(&line)?;
        if stored.settings.lockdown {
            output.line("the settings close the gate besides: `lockdown = true`")?;
        }
    }
    output.finish()?;
    Ok(Outcome::Done)
}
