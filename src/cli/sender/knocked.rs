//! `sluicegate sender knocked`: unknown senders who wrote lately.

use crate::cli::context::Context;
use crate::cli::failure::{Failure, Outcome};
use crate::cli::mask::masked;
use crate::cli::output::{Output, counted};
use crate::cli::stored::{of_store, open_store, people};
use crate::cli::utc::Utc;
use crate::cli::visible::{cut, pad};

/// List unknown senders who wrote in direct chats, the last one first, and mark them as seen. Their texts are not kept.
///
/// Approve or block one by the number: `sluicegate sender approve --knocked 7`. At most 1,000 are kept. One whom you have not
/// seen yet is not pushed out by others; those for whom there was no room are counted.
#[derive(clap::Args)]
pub struct Args {
    /// Do not mark them as seen.
    #[arg(long)]
    peek: bool,
    /// Print one JSON object a line.
    #[arg(long)]
    json: bool,
}

/// Runs the command.
pub fn run(args: &Args, context: &Context) -> Result<Outcome, Failure> {
    let people = people(&open_store(context)?)?;
    let knocked = people.strangers().list().map_err(|error| of_store(&error))?;
    let mut output = Output::open();
    for stranger in &knocked.strangers {
        if args.json {
            output.json(stranger)?;
            continue;
        }
        let last = Utc::of(stranger.last).map(|at| format!("{} {}", at.date, at.clock)).unwrap_or_default();
        let row = format!(
            "{:>5} {} {}  {}  {}  {:>8}  {}",
            stranger.number,
            if stranger.seen { " " } else { "*" },
            pad(&last, 16),
            pad(&stranger.who.channel, 8),
            pad(&masked(&stranger.who.id), 10),
            counted(stranger.count, "message"),
            cut(&stranger.name, 24),
        );
        let row = cut(row.trim_end(), output.width);
        output.line(&row)?;
    }
    if !args.json {
        output.line(&counted(knocked.strangers.len() as u64, "stranger"))?;
        if knocked.not_kept > 0 {
            let messages = counted(knocked.not_kept, "message");
            output.line(&format!(
                "there was no room for others, who wrote {messages}: the list is full of unseen ones"
            ))?;
        }
    }
    output.finish()?;
    if !args.peek {
        people.strangers().mark_seen(&knocked).map_err(|error| of_store(&error))?;
    }
    Ok(Outcome::Done)
}
