//! `sluicegate sender stats`: how many there are.

use serde::Serialize;

use crate::cli::context::Context;
use crate::cli::events::now;
use crate::cli::failure::{Failure, Outcome};
use crate::cli::output::Output;
use crate::cli::stored::{of_store, open_store, people};

/// Count the senders that you have approved and blocked, those who wait, and those who knocked.
#[derive(clap::Args)]
pub struct Args {
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Counts {
    approved: usize,
    pending: usize,
    blocked: usize,
    linked: usize,
    strangers: usize,
    strangers_not_kept: u64,
    pairing_codes: usize,
}

/// Runs the command.
pub fn run(args: &Args, context: &Context) -> Result<Outcome, Failure> {
    let people = people(&open_store(context)?)?;
    let (stats, knocked) = (people.stats(), people.strangers().list().map_err(|error| of_store(&error))?);
    let counts = Counts {
        approved: stats.approved,
        pending: stats.pending,
        blocked: stats.blocked,
        linked: stats.linked,
        strangers: knocked.strangers.len(),
        strangers_not_kept: knocked.not_kept,
        pairing_codes: people.pairing().list(now()).len(),
    };
    let mut output = Output::open();
    if args.json {
        output.json(&counts)?;
    } else {
        let Counts { approved, pending, blocked, linked, strangers, strangers_not_kept, pairing_codes } = counts;
        output.line(&format!("{approved} approved   {pending} pending   {blocked} blocked   {linked} linked"))?;
        output.line(&format!("{strangers} strangers, {strangers_not_kept} messages of others that were not kept"))?;
        output.line(&format!("{pairing_codes} pairing codes wait"))?;
    }
    output.finish()?;
    Ok(Outcome::Done)
}
