//! `sluicegate check`: events in, verdicts out.

use std::path::PathBuf;
use std::sync::Arc;

use sluicegate::config::Settings;
use sluicegate::diagnostic::Source;
use sluicegate::store;
use sluicegate::{Event, Gate, Verdict};

use super::context::Context;
use super::events::{Clock, Events, now};
use super::failure::{Failure, Outcome};
use super::faults::Faults;
use super::input::Input;
use super::output::Output;
use super::owner::{AsOwner, require};
use super::progress::Progress;
use super::signed;
use super::sources;
use super::stored::open_store;
use super::table::Table;
use super::trail::Trail;
use super::watch;

/// Judge events, one JSON object a line.
///
/// Every line is answered, in order. A line that is no event is answered by the closed decision, and told on standard
/// error. An event without a time (`at`) on standard input happens now; in a file it has the time of the last event that
/// told one, and before any did, it is 1970. On a pipe every verdict is flushed as it is made.
///
/// While events come over a pipe, the settings and what they name are watched: policies, rules, system prompt, key. A change
/// takes effect between two events. A bad one changes nothing. Both are told on standard error.
///
/// Whoever starts this can hand in a message in the owner's name. With `--live` the owner's `!approve` and `!allow` are therefore
/// only obeyed where it was started with the owner's secret.
#[derive(clap::Args)]
pub struct Args {
    /// The events; `-` or nothing is standard input.
    file: Option<PathBuf>,
    /// Print one JSON verdict a line.
    #[arg(long)]
    json: bool,
    /// Judge this text as a message of an unknown sender.
    #[arg(long, value_name = "TEXT", conflicts_with = "file")]
    text: Option<String>,
    /// Take the lines for messages that agents of the settings have signed, received now.
    ///
    /// What is not as it was signed is answered like a line that is no event, and told with the reason on standard error. Without
    /// `--live` what came before this run is not known of, so a message of the last minutes may be believed once more.
    #[arg(long, conflicts_with = "text")]
    signed: bool,
    /// Judge by this policy instead of those of the settings; several make a chain, in this order.
    #[arg(long, value_name = "FILE")]
    policy: Vec<PathBuf>,
    /// Write the audit log and the store that the settings name.
    ///
    /// Without it nothing is left behind: events are judged by a copy of what the store holds. Waits for the disk where it must, so that no record is lost; exits 1 if one was lost all the same.
    #[arg(long)]
    live: bool,
    /// Judge to the end by what the files say now, whatever is changed in them meanwhile.
    #[arg(long)]
    no_watch: bool,
    #[command(flatten)]
    as_owner: AsOwner,
}

/// Runs the command.
pub fn run(args: &Args, context: &Context) -> Result<Outcome, Failure> {
    let gate = Arc::new(gate(args, context)?);
    let mut trail = Trail::new(&gate);
    let outcome = judge(args, &gate, &mut trail);
    match (outcome, trail.finish()) {
        // What was decided is in the log even where nobody reads our output any more.
        (Ok(Outcome::Done) | Err(Failure::Unheard), false) => Ok(Outcome::Wrong),
        (outcome, _) => outcome,
    }
}

fn judge(args: &Args, gate: &Arc<Gate>, trail: &mut Trail<'_>) -> Result<Outcome, Failure> {
    let output = Output::open();
    let mut printer = Printer::new(args.json, output);
    if let Some(text) = &args.text {
        let event = Event::message(now(), text.as_str());
        printer.print(Some(&event), trail.note(&gate.check(&event)), "")?;
        printer.finish()?;
        return Ok(Outcome::Done);
    }

    let input = Input::open(args.file.as_deref())?;
    // Whoever holds a pipe open means to stay.
    let stays = input.is_stdin && input.size.is_none() && !args.no_watch;
    let watcher = if stays { Some(watch::start(gate)?) } else { None };
    if args.signed {
        return signed::judge(input, gate, watcher, printer, trail);
    }
    let mut progress = Progress::new(&input, &printer.output);
    let Input { name, is_stdin, reader, .. } = input;
    let mut events = Events::new(reader, if is_stdin { Clock::System } else { Clock::Record });
    let mut faults = Faults::of(&name);
    let mut count = 0;
    let broken = loop {
        let (number, event) = match events.next() {
            Ok(Some(next)) => next,
            Ok(None) => break None,
            Err(error) => break Some(error),
        };
        count += 1;
        match event {
            Ok(event) => printer.print(Some(&event), trail.note(&gate.check(&event)), "")?,
            Err(why) => {
                progress.iter_mut().for_each(Progress::clear);
                faults.tell(number, &why);
                let place = format!("{}:{number}", file_of(&name));
                printer.print(None, trail.note(&gate.unreadable(number, why)), &place)?;
            }
        }
        if let Some(progress) = &mut progress {
            progress.advance(events.consumed(), count);
        }
    };
    drop(watcher);
    progress.iter_mut().for_each(Progress::clear);
    printer.finish()?;
    let unreadable = faults.finish();
    match broken {
        Some(error) => Err(Input::failure(&name, &error)),
        None if count == 0 => Err(Failure::Broken(format!("{name}: there is no event in it"))),
        None if unreadable > 0 => Ok(Outcome::Wrong),
        None => Ok(Outcome::Done),
    }
}

/// Prints verdicts, for people or for machines.
pub(super) struct Printer {
    output: Output,
    table: Option<Table>,
}

impl Printer {
    fn new(json: bool, output: Output) -> Self {
        let table = (!json).then(|| Table::new(output.paint, output.width));
        Self { output, table }
    }

    pub(super) fn print(&mut self, event: Option<&Event>, verdict: &Verdict, place: &str) -> Result<(), Failure> {
        match &mut self.table {
            Some(table) => self.output.line(&table.row(event, verdict, place)),
            None => self.output.json(verdict),
        }
    }

    pub(super) fn finish(mut self) -> Result<(), Failure> {
        if let Some(summary) = self.table.as_ref().and_then(Table::summary) {
            self.output.line(&summary)?;
        }
        self.output.finish()
    }
}

/// The last part of a path.
fn file_of(name: &str) -> &str {
    name.rsplit(['/', '\\']).next().unwrap_or(name)
}

fn gate(args: &Args, context: &Context) -> Result<Gate, Failure> {
    let builder = match context.file() {
        Some(path) => Gate::builder().config(path),
        None => Gate::builder().settings(Settings::demonstration()),
    };
    // Whoever may start this could write a message in the owner's name. What only looks opens nothing but a copy.
    let opens = if args.as_owner.is_given() {
        let _owner = require(&open_store(context)?, &args.as_owner, now())?;
        true
    } else {
        !args.live
    };
    // What only looks leaves nothing in the owner's queue and remembers nothing from before; a gateway refuses signed messages
    // that it may have seen before it was started anew.
    let began = if args.live { now() } else { 0 };
    let mut builder = builder.audit(args.live).live(args.live).opens_in_chat(opens).trial(!args.live).began(began);
    if !args.live {
        let kept = context.settings()?.store;
        let copy = store::copy(kept.file.as_deref(), kept.remembered);
        builder = builder.store(copy.map_err(|error| Failure::Broken(error.to_string()))?);
    }
    if !args.policy.is_empty() {
        // Verdicts name a policy by its file alone, wherever it lies, as they do those of the settings.
        let chain = sources::read(&args.policy, "rhai")?;
        builder = builder.policies(chain.into_iter().map(|it| Source::new(file_of(&it.name), it.text)));
    }
    Ok(builder.build()?)
}
