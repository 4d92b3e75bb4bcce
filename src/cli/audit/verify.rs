//! `sluicegate audit verify`: whether the log is as it was written.

use std::path::{Path, PathBuf};

use sluicegate::audit::{self, HeadFound, ShippedHead, Verified};

use super::source::{Source, broken};
use crate::cli::context::Context;
use crate::cli::failure::{Failure, Outcome, name_of};
use crate::cli::faults;
use crate::cli::output::{Output, counted};

/// Read the audit log and tell every line that was edited, removed, added, moved or cut.
///
/// Exits 0 only if the log is whole and complete. It exits 1 for a line that is wrong, and also where the log itself says
/// that records were lost before they were written: then nobody changed it, but it does not hold every decision.
///
/// What no log can tell by itself is that its newest lines, or all of it, were taken away together with its head. Note the
/// line of `audit head` elsewhere now and then, and give it with `--head`: the record must still be there. A head that is
/// older than what is kept is told and is no fault, as long as another one of those given is found.
#[derive(clap::Args)]
pub struct Args {
    /// The log; without it, that of the settings. The key is that of the settings.
    file: Option<PathBuf>,
    /// A line that `audit head` printed earlier, or a file that holds such lines; may be given more than once.
    #[arg(long, value_name = "LINE|FILE")]
    head: Vec<String>,
}

/// Runs the command.
pub fn run(args: &Args, context: &Context) -> Result<Outcome, Failure> {
    let heads = args.head.iter().map(|given| heads(given)).collect::<Result<Vec<_>, _>>()?.concat();
    let source = Source::open(args.file.as_ref(), context)?;
    let (verified, found) = audit::verify_heads(&source.file, &source.keys, &heads).map_err(broken)?;
    complain(&source.file, &verified);
    let mut output = Output::open();
    output.line(&format!("{}: {}", source.name(), summary(&verified)))?;
    let mut is_proved = true;
    let (mut compared, mut too_old) = (0, 0);
    for (head, found) in heads.iter().zip(found) {
        let seq = head.seq();
        let fault = match found {
            HeadFound::Unchanged => {
                compared += 1;
                output.line(&format!("head {seq}: the record is in the log as it was"))?;
                continue;
            }
            HeadFound::TooOld => {
                too_old += 1;
                output.line(&format!("head {seq}: older than what is kept, so it cannot be compared"))?;
                continue;
            }
            HeadFound::Other => "another record has this number: the log was rewritten, or is another one".to_owned(),
            HeadFound::Missing => "the record is missing in the log".to_owned(),
            HeadFound::OtherKey => format!("it was made with key {}, which the key file does not hold", head.key()),
            _ => "the log ends before it: its newest records were cut off, or it was begun anew".to_owned(),
        };
        is_proved = false;
        faults::error(&format!("head {seq}: {fault}"));
    }
    if compared == 0 && too_old > 0 {
        is_proved = false;
        faults::error("none of the heads could be compared: give one that was printed later");
    }
    output.finish()?;
    Ok(if is_proved { outcome(&verified) } else { Outcome::Wrong })
}

/// The heads of an argument: a line, or a file of lines.
fn heads(given: &str) -> Result<Vec<ShippedHead>, Failure> {
    let (text, name) = if given.trim_start().starts_with("sluicegate-head") {
        (given.to_owned(), "--head".to_owned())
    } else {
        let path = Path::new(given);
        let text = std::fs::read_to_string(path).map_err(|error| Failure::of_io(path, &error))?;
        (text, name_of(path))
    };
    let heads: Result<Vec<_>, _> = ShippedHead::all_in(&text).into_iter().collect();
    match heads {
        Ok(heads) if heads.is_empty() => {
            Err(Failure::Misuse(format!("{name}: there is no head in it: `sluicegate audit head` prints one")))
        }
        Ok(heads) => Ok(heads),
        Err(why) => Err(Failure::Misuse(format!("{name}: a head in it cannot be read: {why}"))),
    }
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
    let counts = [
        (verified.reloads, "reload"),
        (verified.refusals, "refused reload"),
        (verified.quarantines, "quarantine"),
        (verified.deeds, "change of state"),
        (verified.rekeyings, "change of keys"),
    ];
    for (count, what) in counts {
        if count > 0 {
            parts.push(match (count, what.split_once(' ')) {
                (2.., Some((first @ "change", rest))) => format!("{count} {first}s {rest}"),
                _ => counted(count, what),
            });
        }
    }
    // Noted elsewhere, it shows later whether the whole log was put back to an older state.
    if let Some((number, seal)) = &verified.last {
        parts.push(format!("last record {number}, seal {seal}"));
    }
    parts.join("; ")
}
