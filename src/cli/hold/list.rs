//! `sluicegate hold list`: what waits.

use serde::Serialize;
use sluicegate::hold::{HeldEvent, HoldId, State};

use super::{fate, holds, when, whose};
use crate::cli::context::Context;
use crate::cli::events::now;
use crate::cli::failure::{Failure, Outcome};
use crate::cli::output::{Output, counted};
use crate::cli::paint::{DIM, UNDONE};
use crate::cli::stored::open_store;
use crate::cli::visible;

/// List what waits for your answer, the oldest first.
#[derive(clap::Args)]
pub struct Args {
    /// Also list what was answered or has expired lately.
    #[arg(long)]
    all: bool,
    /// Print one JSON object a line.
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Row<'a> {
    hold: HoldId,
    /// The state now, also where nobody has written down yet that it has lapsed.
    now: &'static str,
    #[serde(flatten)]
    held: &'a HeldEvent,
}

/// Runs the command.
pub fn run(args: &Args, context: &Context) -> Result<Outcome, Failure> {
    let holds = holds(&open_store(context)?);
    let list = holds.list().map_err(|error| Failure::Broken(error.to_string()))?;
    let refused = holds.refused().map_err(|error| Failure::Broken(error.to_string()))?;
    let now = now();
    let waiting = list.iter().filter(|(_, held)| held.state_at(now) == State::Waiting).count();
    let approved = list.iter().filter(|(_, held)| held.state_at(now).is_open()).count() - waiting;
    let shown = list.iter().filter(|(_, held)| args.all || held.state_at(now).is_open());
    let mut output = Output::open();
    if args.json {
        for (hold, held) in shown {
            let mut held = held.clone();
            // A list may be looked at by others; `hold show` has the event.
            held.event = None;
            held.findings.iter_mut().for_each(|found| found.shows.clear());
            output.json(&Row { hold: *hold, now: held.state_at(now).name(), held: &held })?;
        }
        output.finish()?;
        return Ok(Outcome::Done);
    }
    for (id, held) in shown {
        let kind = held.kind.name().replace('_', " ");
        let reason = visible::cut(&held.reason, output.width.saturating_sub(45).max(20));
        let head = format!("{kind:<12} {:<26}  {reason}", whose(held));
        let head = output.paint.draw(UNDONE, &head);
        output.line(&head)?;
        let state = match held.state_at(now) {
            State::Waiting => format!("waits until {}", when(held.expires)),
            other => fate(&other),
        };
        output.line(&format!("  {id}  {}", output.paint.draw(DIM, &format!("held {}, {state}", when(held.at)))))?;
    }
    let events = counted(waiting as u64, "event");
    let verb = if waiting == 1 { "waits" } else { "wait" };
    output.line(&if waiting == 0 { "nothing waits for you".to_owned() } else { format!("{events} {verb} for you") })?;
    if approved > 0 {
        let yours = counted(approved as u64, "event");
        output.line(&format!("{yours} that you have approved, not used by your gateway yet"))?;
    }
    if refused.count > 0 {
        let all = counted(refused.count, "event");
        output.line(&format!("{all} had no room and were refused, the last {}", when(refused.at)))?;
    }
    output.finish()?;
    Ok(Outcome::Done)
}
