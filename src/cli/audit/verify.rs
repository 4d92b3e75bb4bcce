//! `sluicegate audit verify`: whether the log is as it was written.

use std::path::{Path, PathBuf};

use sluicegate::audit::{self, Verified};
use sluicegate::keys::{KeySource, Keys};

use crate::cli::context::Context;
use crate::cli::failure::{Failure, Outcome, name_of};
use crate::cli::faults;
use crate::cli::output::{Output, counted};

/// Read the audit log and tell every line that was edited, removed, added, moved or cut.
///
/// Exits 0 only if the log is whole and complete. It exits 1 for a line that is wrong, and also where the log itself says
/// that records were lost before they were written: then nobody changed it, but it does not hold every decision.
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
    output.line(&format!("{}: {}", name_of(&file), summary(&verified)))?;
    output.finish()?;
    Ok(outcome(&verified))
}

/// Reads the log at `file`, or that of the settings. Gives its path and what was found.
pub fn read(file: Option<&PathBuf>, context: &Context) -> Result<(PathBuf, Verified), Failure> {
    let settings = context.settings()?;
    let Some(file) = file.or(settings.audit.file.as_ref()) else {
        return Err(Failure::Misuse("the settings name no audit log: name a FILE, or give --config".to_owned()));
    };
    let Some(key) = settings.key else {
        return Err(Failure::Misuse("the settings name no key, and a log cannot be read without its key".to_owned()));
    };
    let keys = Keys::load(&KeySource::File(key)).map_err(|error| Failure::Broken(error.to_string()))?;
    let verified = audit::verify(file, &keys).map_err(|error| Failure::Broken(error.to_string()))?;
    Ok((file.clone(), verified))
}

/// Tells a person what is wrong with the log.
pub fn complain(file: &Path, verified: &Verified) {
    for fault in &verified.faults {
        faults::error(&fault.to_string());
    }
    if verified.lost > 0 {
        let lost = counted(verified.lost, "record");
        faults::error(&format!(
            "{}: the log itself says that {lost} could not be written, since the disk was too slow or failed",
            name_of(file)
        ));
    }
}

/// How a command ends that has read the log.
pub fn outcome(verified: &Verified) -> Outcome {
    if verified.is_whole() && verified.lost == 0 { Outcome::Done } else { Outcome::Wrong }
}

/// What was read, in one line.
fn summary(verified: &Verified) -> String {
    let mut parts = vec![match verified.faults.len() {
        0 => {
            let files = counted(verified.files as u64, "file");
            format!("{} in {files}, each as it was written", counted(verified.records, "record"))
        }
        faults => counted(faults as u64, "fault"),
    }];
    if verified.live {
        parts.push("still being written, so its end was not looked at".to_owned());
    }
    if verified.lost > 0 {
        parts.push(format!("{} lost before they could be written", counted(verified.lost, "record")));
    }
    if verified.recoveries > 0 {
        parts.push(format!("recovered {} times, such as after a crash", verified.recoveries));
    }
    for (count, what) in
        [(verified.reloads, "reload"), (verified.refusals, "refused reload"), (verified.quarantines, "quarantine")]
    {
        if count > 0 {
            parts.push(counted(count, what));
        }
    }
    // Noted elsewhere, it shows later whether the whole log was put back to an older state.
    if let Some((number, seal)) = &verified.last {
        parts.push(format!("last record {number}, seal {seal}"));
    }
    parts.join("; ")
}
