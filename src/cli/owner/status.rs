//! `sluicegate owner status`: whether there is an owner.

use serde::Serialize;
use sluicegate::owner::Authority;

use super::as_owner::failure;
use crate::cli::context::Context;
use crate::cli::failure::{Failure, Outcome};
use crate::cli::output::{Output, counted};
use crate::cli::stored::open_store;
use crate::cli::utc::Utc;

/// Tell whether the owner's secret is set, since when, and how often somebody was wrong about it lately.
#[derive(clap::Args)]
pub struct Args {
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Status {
    set: bool,
    key: Option<String>,
    since: Option<u64>,
    memory_kib: Option<u32>,
    passes: Option<u32>,
    lanes: Option<u32>,
    wrong_in_a_row: u32,
}

/// Runs the command.
pub fn run(args: &Args, context: &Context) -> Result<Outcome, Failure> {
    let stored = open_store(context)?;
    let authority = Authority::new(&stored.store, &stored.sealer);
    let key = authority.key().map_err(failure)?;
    let wrong_in_a_row = authority.wrong_in_a_row().map_err(failure)?;
    let mut output = Output::open();
    if args.json {
        let cost = key.as_ref().map(sluicegate::keys::OwnerKey::cost);
        output.json(&Status {
            set: key.is_some(),
            key: key.as_ref().map(|key| key.public().to_string()),
            since: key.as_ref().map(sluicegate::keys::OwnerKey::since),
            memory_kib: cost.map(|cost| cost.memory_kib),
            passes: cost.map(|cost| cost.passes),
            lanes: cost.map(|cost| cost.lanes),
            wrong_in_a_row,
        })?;
    } else if let Some(key) = key {
        let cost = key.cost();
        let since = Utc::of(key.since()).map(|at| format!(" since {} {} UTC", at.date, at.clock)).unwrap_or_default();
        output.line(&format!("the owner's secret is set{since}; its key is {}", key.public()))?;
        output.line(&format!(
            "a guess costs {} MiB of memory, filled {} (Argon2id)",
            cost.memory_kib / 1024,
            counted(u64::from(cost.passes), "time")
        ))?;
        if wrong_in_a_row > 0 {
            output.line(&format!(
                "{} in a row since the right one",
                counted(u64::from(wrong_in_a_row), "wrong secret")
            ))?;
        }
    } else {
        output.line("no owner's secret is set: until `sluicegate owner init`, nothing that needs one can be done")?;
    }
    output.finish()?;
    Ok(Outcome::Done)
}
