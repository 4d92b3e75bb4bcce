//! `sluicegate sender list`: whom the owner knows.

use sluicegate::sender::{PersonRecord, Standing};

use super::who::shown;
use crate::cli::context::Context;
use crate::cli::failure::{Failure, Outcome};
use crate::cli::output::{Output, counted};
use crate::cli::stored::{of_store, open_store, people};
use crate::cli::utc::Utc;
use crate::cli::visible::{cut, pad};

/// List the senders of whom you have said something, the last changed first. Those of the settings are not among them.
///
/// The middle of each id is hidden; `sender show` and --json tell it whole.
#[derive(clap::Args)]
pub struct Args {
    /// Only those of this standing: approved, pending or blocked.
    #[arg(long, value_name = "STANDING", value_parser = ["approved", "pending", "blocked"])]
    standing: Option<String>,
    /// Print one JSON object a line.
    #[arg(long)]
    json: bool,
}

/// Runs the command.
pub fn run(args: &Args, context: &Context) -> Result<Outcome, Failure> {
    let people = people(&open_store(context)?)?;
    let all = people.list().map_err(|error| of_store(&error))?;
    let chosen = |record: &&PersonRecord| args.standing.as_deref().is_none_or(|only| only == standing(record.standing));
    let mut output = Output::open();
    let mut count = 0;
    for record in all.iter().filter(chosen) {
        count += 1;
        if args.json {
            output.json(record)?;
        } else {
            let line = row(record, output.width);
            output.line(&line)?;
        }
    }
    if !args.json {
        output.line(&counted(count, "sender"))?;
    }
    output.finish()?;
    Ok(Outcome::Done)
}

/// One row: `approved  whatsapp +1•••0123  Ann  chat status  2025-11-24`.
fn row(record: &PersonRecord, width: usize) -> String {
    let linked = if record.linked.is_empty() {
        String::new()
    } else {
        format!("  linked with {}", record.linked.iter().map(shown).collect::<Vec<_>>().join(", "))
    };
    let capabilities =
        if record.standing == Standing::Approved { record.capabilities.to_string() } else { String::new() };
    let row = format!(
        "{}  {}  {}  {}  {capabilities}{linked}",
        pad(standing(record.standing), 8),
        pad(&shown(&record.who), 24),
        pad(&record.name, 16),
        pad(&when(record.since), 10),
    );
    cut(row.trim_end(), width)
}

/// A standing in one word.
pub const fn standing(standing: Standing) -> &'static str {
    match standing {
        Standing::Owner => "owner",
        Standing::Approved => "approved",
        Standing::Pending => "pending",
        Standing::Blocked => "blocked",
        _ => "unknown",
    }
}

/// The day of a time.
pub fn when(at: u64) -> String {
    Utc::of(at).map(|at| at.date).unwrap_or_default()
}
