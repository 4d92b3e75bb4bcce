//! `sluicegate policy diff`: what a change would change.

mod example;
mod json;
mod markdown;
mod report;
mod side;
mod text;

use std::path::{Path, PathBuf};

use clap::ValueEnum;
use sluicegate::Decision;
use sluicegate::audit::{Content, Records, Unusable};
use sluicegate::policy::{Limits, PolicySet};
use sluicegate::workbench::diff::{self, LogReplay, Replay};

use crate::cli::context::Context;
use crate::cli::events::{Clock, Events};
use crate::cli::failure::{Failure, Outcome, name_of};
use crate::cli::faults::{self, Faults};
use crate::cli::input::Input;
use crate::cli::output::{Output, counted};
use crate::cli::progress::Progress;

use example::Example;
use report::{Log, Report};
use side::Side;

/// Compare two policies, or two settings, on what has happened, and list the verdicts that change.
///
/// OLD and NEW are each a policy (`.rhai`), a folder of policies, which are asked in the order of their names, or a settings
/// file (`.toml`), by which rules, thresholds and all else are compared too. Policies are judged with the settings in use.
///
/// Changes are grouped by their cause, the most dangerous first: what becomes allowed. Nothing is written anywhere.
#[derive(clap::Args)]
#[command(group = clap::ArgGroup::new("history").required(true).args(["events", "audit"]))]
pub struct Args {
    /// What judges now.
    old: PathBuf,
    /// What may judge later.
    new: PathBuf,
    /// Replay these events, JSON lines as `check` reads them; `-` is standard input. Each side has a memory of its own.
    #[arg(long, value_name = "FILE|-")]
    events: Option<PathBuf>,
    /// Replay what an audit log recorded, its older files included: both policies are asked about the facts that it holds.
    ///
    /// Where a policy reads a fact that a record does not hold, such as a `says` that nobody asked at the time, the record is
    /// counted as undetermined. Thresholds, rules and rate are those of the time, whatever the settings of OLD and NEW say.
    #[arg(long, value_name = "FILE")]
    audit: Option<PathBuf>,
    /// Exit 1 if any verdict becomes this; several may be given.
    #[arg(long, value_name = "WHAT", value_delimiter = ',')]
    fail_on: Vec<FailOn>,
    /// Show so many examples of each cause.
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u8).range(0..=100))]
    examples: u8,
    /// Print one JSON object.
    #[arg(long, conflicts_with = "markdown")]
    json: bool,
    /// Print Markdown, for a comment on a change.
    #[arg(long)]
    markdown: bool,
}

/// What makes the command exit 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum FailOn {
    /// Something becomes allowed.
    Allow,
    /// Something becomes dropped.
    Drop,
    /// Something becomes held.
    Hold,
    /// Anything changes but the line that decides: a decision, a reason, an answer.
    Any,
    /// The log does not hold enough to tell about every record.
    Undetermined,
}

/// Runs the command.
pub fn run(args: &Args, context: &Context) -> Result<Outcome, Failure> {
    let old = Side::read("OLD", &args.old, context)?;
    let new = Side::read("NEW", &args.new, context)?;
    let mut report = match (&args.events, &args.audit) {
        (Some(file), _) => of_events(args, file, &old, &new)?,
        (None, Some(file)) => of_log(args, file, &old, &new)?,
        (None, None) => return Err(Failure::Misuse("give --events or --audit".to_owned())),
    };
    report.sides = [old.name, new.name];
    let mut output = Output::open();
    if args.json {
        output.json(&json::Form::of(&report))?;
    } else if args.markdown {
        output.line(&markdown::drawn(&report))?;
    } else {
        output.line(&text::drawn(&report, output.paint, output.width))?;
    }
    output.finish()?;
    let failed = failures(&args.fail_on, &report);
    for why in &failed {
        faults::error(why);
    }
    Ok(if failed.is_empty() && report.unreadable == 0 { Outcome::Done } else { Outcome::Wrong })
}

/// Judges the events by both.
fn of_events(args: &Args, file: &Path, old: &Side, new: &Side) -> Result<Report, Failure> {
    let (old, new) = (old.gate(Side::keys(old, new)?)?, new.gate(Side::keys(old, new)?)?);
    let input = Input::open(Some(file))?;
    let output = Output::open();
    let (paint, width) = (output.paint, output.width);
    let mut progress = Progress::new(&input, &output);
    let Input { name, is_stdin, reader, .. } = input;
    let mut events = Events::new(reader, if is_stdin { Clock::System } else { Clock::Record });
    let mut faults = Faults::of(&name);
    let mut replay = Replay::new(&old, &new, usize::from(args.examples));
    let mut count = 0;
    loop {
        let next = events.next().map_err(|error| Input::failure(&name, &error))?;
        let Some((number, event)) = next else { break };
        count += 1;
        match event {
            Ok(event) => replay.event(&event, |old, new| Example::of_event(number, &event, [old, new], (paint, width))),
            Err(why) => {
                progress.iter_mut().for_each(Progress::clear);
                faults.tell(number, &why);
            }
        }
        if let Some(progress) = &mut progress {
            progress.advance(events.consumed(), count);
        }
    }
    progress.iter_mut().for_each(Progress::clear);
    if count == 0 {
        return Err(Failure::Broken(format!("{name}: there is no event in it")));
    }
    Ok(Report { unreadable: faults.finish(), ..Report::of(replay.finish(), None) })
}

/// Asks both about the records of a log.
fn of_log(args: &Args, file: &Path, old: &Side, new: &Side) -> Result<Report, Failure> {
    let keys = Side::keys(old, new)?;
    let pseudonyms = keys.as_ref().map(sluicegate::keys::Keys::pseudonyms);
    let load = |side: &Side| -> Result<PolicySet, Failure> {
        PolicySet::load(&side.chain, Limits::default()).map(|loaded| loaded.set).map_err(|error| side.fault(&error))
    };
    let (of_old, of_new) = (load(old)?, load(new)?);
    let judges = |policies, side: &'_ Side| diff::Side { policies, closed: side.settings.closed };
    let broken = |error: sluicegate::audit::AuditError| Failure::Broken(error.to_string());
    let mut records = Records::open(file, keys.as_ref()).map_err(broken)?;
    let examples = usize::from(args.examples);
    let mut replay = LogReplay::new(judges(&of_old, old), judges(&of_new, new), pseudonyms.as_ref(), examples);
    let mut faults = Faults::of(&name_of(file));
    let mut other_key = 0;
    while let Some(line) = records.next_line().map_err(broken)? {
        match line.content {
            Content::Check(check) => {
                replay.record(&check, || Example::of_record(&line.file, line.number, &check));
            }
            Content::Unusable(Unusable::OtherKey) => other_key += 1,
            Content::Unusable(why) => faults.tell_in(&line.file, line.number, &why.to_string()),
            _ => {}
        }
    }
    let unreadable = faults.finish();
    let report = replay.finish();
    if report.records == 0 && unreadable == 0 && other_key == 0 {
        return Err(Failure::Broken(format!("{}: there is no record of an event in it", name_of(file))));
    }
    let settings = old.is_settings || new.is_settings;
    let log = Log::of(&report, keys.is_some(), other_key, settings);
    Ok(Report {
        unreadable: unreadable + other_key,
        overridden: Some(report.overridden),
        ..Report::of(report.diff, Some(log))
    })
}

/// What `--fail-on` asked for and was found.
fn failures(fail_on: &[FailOn], report: &Report) -> Vec<String> {
    let diffs = || [Some(&report.diff), report.overridden.as_ref()].into_iter().flatten();
    let becomes = |decision| diffs().map(|diff| diff.becomes(decision)).sum::<u64>();
    let any = diffs().map(|diff| diff.changed() + diff.others()).sum::<u64>();
    let undetermined = report.log.as_ref().map_or(0, |log| log.undetermined);
    let mut told = Vec::new();
    for fail_on in fail_on {
        let (count, name, one, many) = match fail_on {
            FailOn::Allow => (becomes(Decision::Allow), "allow", "becomes allowed", "become allowed"),
            FailOn::Drop => (becomes(Decision::Drop), "drop", "becomes dropped", "become dropped"),
            FailOn::Hold => (becomes(Decision::Hold), "hold", "becomes held", "become held"),
            FailOn::Any => (any, "any", "changes", "change"),
            FailOn::Undetermined => (undetermined, "undetermined", "is undetermined", "are undetermined"),
        };
        if count > 0 {
            let what = if count == 1 { one } else { many };
            told.push(format!("{} {what} (--fail-on {name})", counted(count, "verdict")));
        }
    }
    told.dedup();
    told
}
