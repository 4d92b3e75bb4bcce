//! `sluicegate audit head`: the last record in one line, to be noted elsewhere.

use std::path::PathBuf;

use sluicegate::audit;

use super::source::{Source, broken};
use crate::cli::context::Context;
use crate::cli::failure::{Failure, Outcome};
use crate::cli::output::Output;
use crate::cli::utc::Utc;

/// Print the log's last record in one line, to be kept on another machine.
///
/// The line names the key, the number of the record, its seal and its time: `sluicegate-head/KEY/NUMBER/SEAL/TIME`. It tells
/// nothing of what was recorded. Later, `audit verify --head LINE` proves that the log still holds this record unchanged, so
/// nobody can have cut off the newest records or deleted the log since. Mail it to yourself daily, or append it to a file
/// elsewhere: `sluicegate audit head | ssh other 'cat >> heads'`.
///
/// Reads only the end of the log; `audit verify` checks all of it.
#[derive(clap::Args)]
pub struct Args {
    /// The log; without it, that of the settings. The key is that of the settings.
    file: Option<PathBuf>,
}

/// Runs the command.
pub fn run(args: &Args, context: &Context) -> Result<Outcome, Failure> {
    let source = Source::open(args.file.as_ref(), context)?;
    let time = |at| Utc::of(at).map(|at| format!("{}T{}Z", at.date, at.clock));
    let Some(head) = audit::head(&source.file, &source.keys, time).map_err(broken)? else {
        return Err(Failure::Broken(format!("{}: the log holds no record yet", source.name())));
    };
    let mut output = Output::open();
    output.line(&head.to_string())?;
    output.finish()?;
    Ok(Outcome::Done)
}
