//! `sluicegate audit tail`: the newest records, and those to come.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, sync_channel};

use notify::{RecommendedWatcher, RecursiveMode, Watcher as _};
use sluicegate::audit::{Content, Records};

use super::row::row;
use super::source::{Source, broken, tell_unusable};
use crate::cli::context::Context;
use crate::cli::failure::{Failure, Outcome};
use crate::cli::output::Output;
use crate::cli::visible;

/// The most records that are kept to be printed.
const MOST: u64 = 1_000_000;

/// Print the newest records; with --follow, those to come as they are written.
///
/// The times are UTC. Senders stand there as the first digits of their pseudonyms, which `audit show` finds.
#[derive(clap::Args)]
pub struct Args {
    /// How many of the newest records.
    #[arg(short = 'n', long = "lines", value_name = "NUMBER", default_value_t = 20, value_parser = clap::value_parser!(u64).range(0..=MOST))]
    lines: u64,
    /// Go on until you stop it (Ctrl-C).
    #[arg(short, long)]
    follow: bool,
    /// Print the records as they stand in the log, one JSON object a line.
    #[arg(long)]
    json: bool,
    /// The log; without it, that of the settings.
    file: Option<PathBuf>,
}

/// Runs the command.
pub fn run(args: &Args, context: &Context) -> Result<Outcome, Failure> {
    let source = Source::open(args.file.as_ref(), context)?;
    // Before anything is read, or what is written in between would go unseen until the next record.
    let watch = if args.follow { Some(Watch::of(&source.file)?) } else { None };
    let mut records = Records::open_last(&source.file, Some(&source.keys), args.lines).map_err(broken)?;
    if args.follow {
        records = records.following();
    }
    let mut output = Output::open();
    let (mut last, mut unusable) = (VecDeque::new(), 0);
    let most = usize::try_from(args.lines).unwrap_or(usize::MAX);
    while let Some(text) = next(&mut records, args.json, &mut unusable)? {
        last.push_back(text);
        if last.len() > most {
            last.pop_front();
        }
    }
    for text in last {
        output.line(&text)?;
    }
    if let Some(watch) = watch {
        loop {
            while let Some(text) = next(&mut records, args.json, &mut unusable)? {
                output.line(&text)?;
            }
            if watch.changed.recv().is_err() {
                break;
            }
        }
    }
    output.finish()?;
    Ok(if tell_unusable(&source.file, unusable) { Outcome::Wrong } else { Outcome::Done })
}

/// The next record as it is printed; a line that is none is printed too, and counted.
fn next(records: &mut Records, json: bool, unusable: &mut u64) -> Result<Option<String>, Failure> {
    loop {
        let Some(line) = records.next_line().map_err(broken)? else { return Ok(None) };
        let is_unusable = matches!(line.content, Content::Unusable(_));
        *unusable += u64::from(is_unusable);
        if !json {
            return Ok(Some(row(&line)));
        }
        if !is_unusable {
            return Ok(Some(visible::json(String::from_utf8_lossy(records.bytes()).into_owned())));
        }
    }
}

/// Is told by the system when something in the folder of the log has changed.
struct Watch {
    changed: Receiver<()>,
    _watcher: RecommendedWatcher,
}

impl Watch {
    fn of(file: &Path) -> Result<Self, Failure> {
        let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        // One place is enough: whoever is woken reads all that there is.
        let (wake, changed) = sync_channel(1);
        let told = move |event: notify::Result<notify::Event>| {
            // Our own reading is an event too, and would wake us for ever.
            if !event.is_ok_and(|event| event.kind.is_access()) {
                let _ = wake.try_send(());
            }
        };
        let failed = |error: notify::Error| Failure::of_file(folder, format!("it cannot be watched: {error}"));
        let mut watcher = notify::recommended_watcher(told).map_err(failed)?;
        watcher.watch(folder, RecursiveMode::NonRecursive).map_err(failed)?;
        Ok(Self { changed, _watcher: watcher })
    }
}
