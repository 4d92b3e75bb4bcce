//! `sluicegate policy explain`: why one event was decided as it was, and what little would have changed it.

mod html;
mod json;
mod text;
mod view;

use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use sluicegate::diagnostic::Source;
use sluicegate::workbench::Explanation;
use sluicegate::{Event, Gate};

use crate::cli::context::Context;
use crate::cli::events::{Clock, Events, now};
use crate::cli::failure::{Failure, Outcome};
use crate::cli::input::Input;
use crate::cli::output::Output;
use crate::cli::sources;

/// Tell why an event was decided as it was, down to the line of the policy.
///
/// Shows each fact that the policy read, each condition with its outcome, the lines that ran, the findings that tipped it,
/// and the smallest changes that would have changed the decision. The events before it in the file are judged first, so
/// that it meets the same sender as in `check`. Nothing is written down, but for the page that you ask for.
#[derive(clap::Args)]
pub struct Args {
    /// The events, one JSON object a line; `-` or nothing is standard input.
    file: Option<PathBuf>,
    /// The event with this id; the first, if there are several.
    #[arg(long, value_name = "ID", conflicts_with_all = ["line", "text"])]
    id: Option<String>,
    /// The event on this line, from 1.
    #[arg(long, value_name = "N", conflicts_with = "text")]
    line: Option<u64>,
    /// This text as a message of an unknown sender.
    #[arg(long, value_name = "TEXT", conflicts_with = "file")]
    text: Option<String>,
    /// Explain by this policy instead of those of the settings; several make a chain, in this order.
    #[arg(long, value_name = "FILE")]
    policy: Vec<PathBuf>,
    /// Print the explanation as one JSON object.
    #[arg(long)]
    json: bool,
    /// Write the explanation as one page for a browser, which needs nothing else and asks nobody.
    #[arg(long, value_name = "FILE", conflicts_with = "json")]
    html: Option<PathBuf>,
}

/// Runs the command.
pub fn run(args: &Args, context: &Context) -> Result<Outcome, Failure> {
    let gate = gate(args, context)?;
    let event = match &args.text {
        Some(text) => Event::message(now(), text.as_str()),
        None => event(args, &gate)?,
    };
    let explanation = Explanation::of(&gate, &event);
    if let Some(path) = &args.html {
        // It shows what somebody wrote, which is for its owner's eyes.
        write_private(path, html::page(&explanation).as_bytes()).map_err(|error| Failure::of_io(path, &error))?;
        return Ok(Outcome::Done);
    }
    let mut output = Output::open();
    if args.json {
        output.json(&json::Explained::new(&explanation))?;
    } else {
        output.line(&text::told(&explanation, output.paint, output.width))?;
    }
    output.finish()?;
    Ok(Outcome::Done)
}

/// The event that is meant, after the gate has judged those before it.
fn event(args: &Args, gate: &Gate) -> Result<Event, Failure> {
    let Input { name, is_stdin, reader, .. } = Input::open(args.file.as_deref())?;
    let mut events = Events::new(reader, if is_stdin { Clock::System } else { Clock::Record });
    let mut only: Option<Event> = None;
    while let Some((number, event)) = events.next().map_err(|error| Input::failure(&name, &error))? {
        let wanted = args.line == Some(number);
        let event = match event {
            Ok(event) => event,
            Err(why) if wanted => return Err(Failure::Broken(format!("{name}:{number}: {why}"))),
            Err(why) if args.id.is_none() && args.line.is_none() => {
                return Err(Failure::Broken(format!("{name}:{number}: {why}")));
            }
            // What is no event has no part in what comes after it.
            Err(_) => continue,
        };
        if wanted || (args.id.is_some() && args.id == event.id) {
            return Ok(event);
        }
        if args.id.is_some() || args.line.is_some() {
            let _ = gate.check(&event);
        } else if only.replace(event).is_some() {
            let message = format!("{name}: there are several events in it; name one with --id or --line");
            return Err(Failure::Misuse(message));
        }
    }
    only.ok_or_else(|| {
        Failure::Broken(match (&args.id, args.line) {
            (Some(id), _) => format!("{name}: there is no event with the id `{id}`"),
            (_, Some(line)) => format!("{name}: there is no event on line {line}"),
            _ => format!("{name}: there is no event in it"),
        })
    })
}

fn gate(args: &Args, context: &Context) -> Result<Gate, Failure> {
    let mut builder = Gate::builder().settings(context.settings()?).trial(true);
    if !args.policy.is_empty() {
        let chain = sources::read(&args.policy, "rhai")?;
        let file = |name: &str| name.rsplit(['/', '\\']).next().unwrap_or(name).to_owned();
        builder = builder.policies(chain.into_iter().map(|it| Source::new(file(&it.name), it.text)));
    }
    Ok(builder.build()?)
}

/// Writes a file that only its owner may read, where it is new.
fn write_private(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)?.write_all(bytes)
}
