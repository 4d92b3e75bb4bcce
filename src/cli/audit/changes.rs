//! `sluicegate audit changes`: when what judges was changed, and when a change was refused.

use std::path::PathBuf;

use sluicegate::audit::{self, Change, Changed};

use super::row::{change_of, when};
use super::source::{Source, broken};
use super::verify::{complain, outcome};
use crate::cli::context::Context;
use crate::cli::failure::{Failure, Outcome};
use crate::cli::output::{Output, counted};
use crate::cli::visible;

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
    let source = Source::open(args.file.as_ref(), context)?;
    let verified = audit::verify(&source.file, &source.keys).map_err(broken)?;
    complain(&source.file, &verified);
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
    let (_, what) = change_of(&changed.change);
    let word = match &changed.change {
        Change::Reloaded { .. } => "reloaded",
        Change::Refused { .. } => "refused",
        Change::Quarantined { .. } => "quarantined",
        _ => "?",
    };
    let when = if changed.at == 0 { "at no known time".to_owned() } else { when(changed.at) };
    format!("{when:16}  record {:>6}  {word:11}  {}", changed.seq, visible::lines(&what))
}
