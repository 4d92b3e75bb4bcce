//! `sluicegate hold wait`: a gateway waits for the owner.

use std::time::Duration;

use serde::Serialize;
use sluicegate::gate::Release;
use sluicegate::hold::{HoldId, State};
use sluicegate::{Event, Verdict};

use super::answer::gate;
use super::{fate, holds, refused};
use crate::cli::context::Context;
use crate::cli::events::now;
use crate::cli::failure::{Failure, Outcome};
use crate::cli::output::Output;
use crate::cli::span;
use crate::cli::stored::open_store;

/// Wait until the owner has answered a hold, and print the answer as one JSON object. For gateways.
///
/// `answer` is `allow`, `deny`, `expired` (nobody answered in time: as good as denied) or `waiting` (the timeout is over). With
/// `allow` come the event exactly as it was held, the second verdict, and a token: redeem it with `hold redeem`, and act only
/// if that ends with exit code 0. Whatever else is printed, do not act.
#[derive(clap::Args)]
pub struct Args {
    /// The hold's id, from the verdict's `hold.id`.
    id: String,
    /// Give up after this time, such as 90s or 10m. Without it, wait until the hold expires.
    #[arg(long, value_name = "TIME", value_parser = span::parse)]
    timeout: Option<Duration>,
}

#[derive(Serialize)]
struct Answer<'a> {
    hold: HoldId,
    answer: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    event: Option<&'a Event>,
    #[serde(skip_serializing_if = "Option::is_none")]
    verdict: Option<&'a Verdict>,
    #[serde(skip_serializing_if = "Option::is_none")]
    token: Option<String>,
    /// Until when the token can be redeemed.
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<u64>,
}

/// Runs the command.
pub fn run(args: &Args, context: &Context) -> Result<Outcome, Failure> {
    let stored = open_store(context)?;
    let holds = holds(&stored);
    let id = holds.id(&args.id).map_err(refused)?;
    let held = holds.get(&id).map_err(refused)?;
    let lapses = Duration::from_millis(held.expires.saturating_sub(now()));
    let longest = args.timeout.map_or(lapses, |timeout| timeout.min(lapses));
    let mut held = holds.wait(&id, longest).map_err(refused)?;
    if held.state_at(now()) != held.state {
        held = holds.lapse(&id, now()).map_err(refused)?;
    }
    let mut output = Output::open();
    let plain = |answer, why| Answer { hold: id, answer, why, event: None, verdict: None, token: None, until: None };
    match &held.state {
        State::Waiting => output.json(&plain("waiting", None))?,
        State::Expired { .. } => output.json(&plain("expired", Some(fate(&held.state))))?,
        State::Approved { .. } | State::Released { .. } => {
            match gate(&stored, context)?.release(&id, now()).map_err(refused)? {
                Release::Released(released) => output.json(&Answer {
                    event: Some(&released.event),
                    verdict: Some(&released.verdict),
                    token: Some(released.token.to_string()),
                    until: Some(released.token.until()),
                    ..plain("allow", None)
                })?,
                Release::Refused(refusal) => {
                    let why = format!("approved, and it does not pass as things are: {}", refusal.verdict.reason);
                    output.json(&Answer { verdict: Some(&refusal.verdict), ..plain("deny", Some(why)) })?;
                }
            }
        }
        state => output.json(&plain("deny", Some(fate(state))))?,
    }
    output.finish()?;
    Ok(Outcome::Done)
}
