//! `sluicegate hold approve` and `hold deny`: the owner's answer.

use std::sync::Arc;

use serde::Serialize;
use sluicegate::hold::HoldId;
use sluicegate::store::Actor;
use sluicegate::{Decision, Gate};

use super::{holds, refused};
use crate::cli::context::Context;
use crate::cli::events::now;
use crate::cli::failure::{Failure, Outcome};
use crate::cli::faults;
use crate::cli::output::Output;
use crate::cli::owner::{self, AsOwner};
use crate::cli::stored::{Stored, open_store};
use crate::cli::visible;

/// Approve a hold: your gateway may act on this very event, once.
///
/// The event is judged again before it goes to the agent, by the policies in force then, with the fact `approved`. The first
/// answer to a hold stands, and an approval lapses with the hold, at least after ten minutes.
#[derive(clap::Args)]
pub struct ApproveArgs {
    /// The hold's id, all 32 digits of it.
    id: String,
    #[command(flatten)]
    as_owner: AsOwner,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

/// Deny a hold. Nobody is told, and the event is forgotten. Closing needs no secret.
#[derive(clap::Args)]
pub struct DenyArgs {
    /// The hold's id, all 32 digits of it.
    id: String,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Answer<'a> {
    hold: HoldId,
    answer: &'static str,
    /// Whether it would pass, were it released now.
    #[serde(skip_serializing_if = "Option::is_none")]
    would: Option<Decision>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
}

/// Approves.
pub fn approve(args: &ApproveArgs, context: &Context) -> Result<Outcome, Failure> {
    let stored = open_store(context)?;
    let id = holds(&stored).id(&args.id).map_err(refused)?;
    let _owner = owner::require(&stored, &args.as_owner, now())?;
    let gate = gate(&stored, context)?;
    let (held, forgiven) = gate.approve(&id, &Actor::OwnerAtTerminal, now()).map_err(refused)?;
    if let Err(error) = forgiven {
        faults::note(&format!("the sender's points could not be taken back: {error}"));
    }
    let verdict = gate.judge_held(&held);
    let mut output = Output::open();
    let passes = verdict.as_ref().is_some_and(|verdict| verdict.decision == Decision::Allow);
    let reason = verdict.as_ref().map(|verdict| verdict.reason.as_ref());
    if args.json {
        let would = verdict.as_ref().map(|verdict| verdict.decision);
        output.json(&Answer { hold: id, answer: "approved", would, reason })?;
    } else if passes {
        output.line("approved: your gateway gets it when it asks")?;
    } else {
        let reason = visible::cut(reason.unwrap_or_default(), 200);
        output.line(&format!("approved, and it would still not pass as things are: {reason}"))?;
    }
    output.finish()?;
    Ok(Outcome::Done)
}

/// Denies.
pub fn deny(args: &DenyArgs, context: &Context) -> Result<Outcome, Failure> {
    let holds = holds(&open_store(context)?);
    let id = holds.id(&args.id).map_err(refused)?;
    holds.deny(&id, &Actor::Terminal, now()).map_err(refused)?;
    let mut output = Output::open();
    if args.json {
        output.json(&Answer { hold: id, answer: "denied", would: None, reason: None })?;
    } else {
        output.line("denied")?;
    }
    output.finish()?;
    Ok(Outcome::Done)
}

/// A gate over the store, which keeps no log: that belongs to the gateway's.
pub fn gate(stored: &Stored, context: &Context) -> Result<Gate, Failure> {
    let builder = match context.file() {
        Some(path) => Gate::builder().config(path),
        None => Gate::builder().settings(stored.settings.clone()),
    };
    Ok(builder.store(Arc::clone(&stored.store)).build()?)
}
