//! `sluicegate audit changes`: when what judges was changed, and when a change was refused.

use std::path::PathBuf;

use sluicegate::audit::{Change, Changed, FaultPlace};

use super::verify::{complain, outcome, read};
use crate::cli::context::Context;
use crate::cli::failure::{Failure, Outcome};
use crate::cli::output::{Output, counted};
use crate::cli::utc::Utc;
use crate::cli::visible;
use crate::cli::watch::short;

/// List every change of what judges that the audit log tells of: reloads, refused reloads, policies in quarantine.
///
/// A refused reload is told by the codes and places of its faults; the log holds no text of any file. The log is read as by
/// `audit verify`, and the exit code is the same.
#[derive(clap::Args)]
pub struct Args {
    /// The log; without it, that of the settings. The key is that of the settings.
    file: Option<PathBuf>,
}

/// Runs the command.
pub fn run(args: &Args, context: &Context) -> Result<Outcome, Failure> {
    let (file, verified) = read(args.file.as_ref(), context)?;
    complain(&file, &verified);
    let mut output = Output::open();
    let all = verified.reloads + verified.refusals + verified.quarantines;
    if all == 0 {
        output.line("nothing was changed while a gate ran")?;
    }
    let untold = all - (verified.changes.len() as u64).min(all);
    if untold > 0 {
        output.line(&format!("the first {} are not listed", counted(untold, "change")))?;
    }
    for changed in &verified.changes {
        output.line(&line(changed))?;
    }
    output.finish()?;
    Ok(outcome(&verified))
}

/// A change in one line.
fn line(changed: &Changed) -> String {
    let what = match &changed.change {
        Change::Reloaded { old, new, .. } => format!("reloaded     {} after {}", short(new), short(old)),
        Change::Refused { old, new, faults, more, .. } => {
            let refused = new.as_ref().map_or("what could not be read", |new| short(new));
            let mut places: Vec<String> = faults.iter().map(place).collect();
            if *more > 0 {
                places.push(format!("and {more} more"));
            }
            format!("refused      {refused}, {} went on: {}", short(old), places.join(", "))
        }
        Change::Quarantined { old, new, policy, .. } => {
            let then = match new {
                Some(new) => format!("{} stands in", short(new)),
                None => "every event got the closed decision".to_owned(),
            };
            format!("quarantined  {policy} of {}: {then}", short(old))
        }
        _ => "something that this version does not know".to_owned(),
    };
    let when =
        Utc::of(changed.at).map_or_else(|| "at no known time".to_owned(), |at| format!("{} {}", at.date, at.clock));
    format!("{when:16}  record {:>6}  {}", changed.seq, visible::lines(&what))
}

/// A fault as `P003 personal.rhai:3:10`.
fn place(fault: &FaultPlace) -> String {
    let FaultPlace { code, file, line, column, .. } = fault;
    match (line, column) {
        (0, _) => format!("{code} {file}"),
        (line, 0) => format!("{code} {file}:{line}"),
        _ => format!("{code} {file}:{line}:{column}"),
    }
}
