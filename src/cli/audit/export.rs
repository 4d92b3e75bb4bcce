//! `sluicegate audit export`: the log for other tools.

use std::io::{self, BufWriter, Write};
use std::path::PathBuf;

use sluicegate::audit::{self, Content, Line, Records};

use super::row::{change_of, when};
use super::source::{Source, broken};
use super::verify::{complain, outcome};
use crate::cli::context::Context;
use crate::cli::failure::{Failure, Outcome};
use crate::cli::faults;
use crate::cli::output::counted;

/// Print every record for other tools: JSON as it stands in the log, or CSV for a spreadsheet.
///
/// The log is verified while it is exported. Exits 1, and says where, if a line was changed, removed, added or moved; lines
/// that are not as the log wrote them are left out. A deed that a crash brought into the log twice is printed once.
///
/// In CSV, a text that a spreadsheet would take for a formula gets an apostrophe before it.
#[derive(clap::Args)]
pub struct Args {
    /// `json`: one object a line, the bytes of the log. `csv`: one row a record, with a first row of names.
    #[arg(long, value_enum, default_value_t = Format::Json)]
    format: Format,
    /// The log; without it, that of the settings. The key is that of the settings.
    file: Option<PathBuf>,
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    Json,
    Csv,
}

/// The columns of the CSV.
const COLUMNS: [&str; 26] = [
    "record",
    "at",
    "time",
    "what",
    "kind",
    "decision",
    "would",
    "reason",
    "station",
    "policy",
    "line",
    "score",
    "escalation",
    "rules",
    "degraded",
    "hold",
    "channel",
    "account",
    "chat",
    "sender",
    "event",
    "tool",
    "by",
    "whom",
    "with",
    "revision",
];

/// Runs the command.
pub fn run(args: &Args, context: &Context) -> Result<Outcome, Failure> {
    let source = Source::open(args.file.as_ref(), context)?;
    // What lies before the first line and after the last is told by the head, so the whole log is verified first; each line
    // is looked at once more as it is printed, since somebody may change it in between.
    let verified = audit::verify(&source.file, &source.keys).map_err(broken)?;
    complain(&source.file, &verified);
    let mut records = Records::open(&source.file, Some(&source.keys)).map_err(broken)?;
    let mut output = Export::new(args.format)?;
    let mut left_out = 0_u64;
    let mut breaks = 0_u64;
    while let Some(line) = records.next_line().map_err(broken)? {
        if matches!(line.content, Content::Unusable(_)) {
            left_out += 1;
            continue;
        }
        breaks += u64::from(!line.follows);
        output.record(&line, records.bytes())?;
    }
    output.finish()?;
    let is_whole = left_out == 0 && breaks == 0 && verified.is_whole();
    if !is_whole {
        let lines = counted(left_out, "line");
        let places = counted(breaks, "place");
        faults::error(&format!(
            "{}: what was exported is not the whole log: {lines} left out, the chain is broken in {places}",
            source.name()
        ));
    }
    Ok(if is_whole { outcome(&verified) } else { Outcome::Wrong })
}

/// Writes records to standard output, byte for byte.
struct Export {
    format: Format,
    stream: BufWriter<io::StdoutLock<'static>>,
}

impl Export {
    fn new(format: Format) -> Result<Self, Failure> {
        let mut export = Self { format, stream: BufWriter::with_capacity(1 << 16, io::stdout().lock()) };
        if format == Format::Csv {
            export.row(&COLUMNS.map(str::to_owned))?;
        }
        Ok(export)
    }

    fn record(&mut self, line: &Line, bytes: &[u8]) -> Result<(), Failure> {
        match self.format {
            Format::Json => {
                let written = self.stream.write_all(bytes).and_then(|()| self.stream.write_all(b"\n"));
                written.map_err(|error| Failure::of_output(&error))
            }
            Format::Csv => self.row(&cells(line)),
        }
    }

    fn row(&mut self, cells: &[String; 26]) -> Result<(), Failure> {
        let mut writer = csv::Writer::from_writer(Vec::new());
        let broken = |error: &dyn std::fmt::Display| Failure::Broken(error.to_string());
        writer.write_record(cells.iter().map(|cell| harmless(cell))).map_err(|error| broken(&error))?;
        let row = writer.into_inner().map_err(|error| broken(&error))?;
        self.stream.write_all(&row).map_err(|error| Failure::of_output(&error))
    }

    fn finish(mut self) -> Result<(), Failure> {
        self.stream.flush().map_err(|error| Failure::of_output(&error))
    }
}

/// A cell that no spreadsheet takes for a formula: what begins like one gets an apostrophe, as OWASP advises.
fn harmless(cell: &str) -> String {
    let is_formula = cell.trim_start().starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']);
    let is_moved = cell.starts_with(['\t', '\r', '\n']);
    if is_formula || is_moved { format!("'{cell}") } else { cell.to_owned() }
}

/// The cells of a record, in the order of the columns.
fn cells(line: &Line) -> [String; 26] {
    let time = if line.at == 0 { String::new() } else { when(line.at) };
    let mut row = [const { String::new() }; 26];
    let mut set = |column: &str, value: String| {
        if let Some(cell) = COLUMNS.iter().zip(&mut row).find_map(|(name, cell)| (*name == column).then_some(cell)) {
            *cell = value;
        }
    };
    set("record", line.seq.to_string());
    set("at", line.at.to_string());
    set("time", time);
    match &line.content {
        Content::Check(check) => {
            set("what", "check".to_owned());
            set("kind", check.kind().name().to_owned());
            set("decision", check.decision.name().to_owned());
            set("would", check.would.map(|would| would.name().to_owned()).unwrap_or_default());
            set("reason", check.reason.to_string());
            set("station", serde_json::to_value(check.by.station).ok().and_then(text).unwrap_or_default());
            set("policy", check.by.policy.as_deref().unwrap_or_default().to_owned());
            set("line", check.by.line.map(|line| line.to_string()).unwrap_or_default());
            set("score", check.score.to_string());
            set("escalation", check.escalation.to_string());
            set("rules", joined(check.rules.iter().map(|(rule, points)| format!("{rule} {points}"))));
            set("degraded", joined(check.degraded.iter().map(|(station, how)| format!("{station} {how}"))));
            set("hold", check.hold.as_deref().unwrap_or_default().to_owned());
            let names = [
                ("channel", &check.channel),
                ("account", &check.account),
                ("chat", &check.chat),
                ("sender", &check.sender),
                ("event", &check.event),
                ("tool", &check.tool),
            ];
            for (column, name) in names {
                set(column, name.map(|name| name.to_string()).unwrap_or_default());
            }
            set("revision", check.revision.to_string());
        }
        Content::Deed(deed) => {
            set("what", format!("deed.{}", deed.word));
            let who = deed.by.sender.map(|sender| sender.to_string()).or_else(|| deed.by.token.clone());
            set("by", joined([deed.by.from.clone()].into_iter().chain(who)));
            set("whom", deed.whom.map(|whom| whom.to_string()).unwrap_or_default());
            set("with", joined(deed.with.iter().map(|(key, value)| format!("{key}={value}"))));
        }
        Content::Change(change) => {
            let (word, what) = change_of(change);
            set("what", word.to_owned());
            set("reason", what);
        }
        Content::Gap(lost) => {
            set("what", "gap".to_owned());
            set("with", format!("lost={lost}"));
        }
        Content::Recovered => set("what", "recovered".to_owned()),
        Content::Rotated => set("what", "rotated".to_owned()),
        Content::Rekeyed { from, to } => {
            set("what", "rekeyed".to_owned());
            set("with", format!("from={from}; to={to}"));
        }
        _ => set("what", "unknown".to_owned()),
    }
    row
}

fn joined(parts: impl Iterator<Item = String>) -> String {
    parts.collect::<Vec<_>>().join("; ")
}

fn text(value: serde_json::Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}
