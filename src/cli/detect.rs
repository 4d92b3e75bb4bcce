//! `sluicegate detect`: what is found in texts, with no sender and no policy.

use std::io::BufRead;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sluicegate::Json;
use sluicegate::detect::{Detection, Detector, RuleSet};
use sluicegate::verdict::Finding;

use super::context::Context;
use super::events::parse;
use super::failure::{Failure, Outcome};
use super::faults::Faults;
use super::input::Input;
use super::lines::{Lines, MAX_LINE};
use super::output::{Output, counted};
use super::paint::{BROKEN, DIM};
use super::progress::Progress;
use super::table;
use super::visible::cut;

/// Search texts, with no sender and no policy: findings and points.
///
/// Standard input and `.jsonl` files are JSON objects with `text` and perhaps `id`, one a line; with `--lines`, every line
/// is a text; any other file is one text.
#[derive(clap::Args)]
pub struct Args {
    /// The texts; `-` or nothing is standard input.
    file: Option<PathBuf>,
    /// Print one JSON object a line.
    #[arg(long)]
    json: bool,
    /// Take every line as it is for a text.
    #[arg(long)]
    lines: bool,
    /// Search this text.
    #[arg(long, value_name = "TEXT", conflicts_with_all = ["file", "lines"])]
    text: Option<String>,
}

/// A line of JSON. What else it holds is not looked at.
#[derive(Deserialize)]
struct Given {
    #[serde(default)]
    id: Json,
    text: String,
}

/// The answer to one text.
#[derive(Serialize)]
struct Detected<'a> {
    id: &'a Json,
    score: u8,
    score_artifact: u8,
    findings: &'a [Finding],
    /// What is above the level that counts.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    counted: &'a [Finding],
    /// Whether a budget ran out before the text was searched to its end.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    partial: bool,
}

/// The answer to a line that has no text.
#[derive(Serialize)]
struct Unreadable<'a> {
    id: Option<&'a str>,
    error: &'a str,
    line: u64,
}

/// Runs the command.
pub fn run(args: &Args, context: &Context) -> Result<Outcome, Failure> {
    let settings = context.settings()?;
    let rules = RuleSet::load(&settings.read_rules()?)?;
    let detector =
        Detector::with_settings(&rules, [], &settings.detect).map_err(|error| Failure::Broken(error.to_string()))?;
    let mut report = Report { output: Output::open(), json: args.json, texts: 0, found: 0, unreadable: 0 };
    if let Some(text) = &args.text {
        report.detected(&Json::Null, "", text, &detector.detect_text(text))?;
        return report.finish();
    }
    let is_list = |path: &Path| path.extension().is_some_and(|extension| extension == "jsonl");
    let whole = args.file.as_deref().is_some_and(|path| path != Path::new("-") && !is_list(path));
    let input = Input::open(args.file.as_deref())?;
    if whole && !args.lines {
        let name = input.name.clone();
        let text = input.text(MAX_LINE)?;
        report.detected(&Json::Null, &name, &text, &detector.detect_text(&text))?;
        return report.finish();
    }

    let progress = Progress::new(&input, &report.output);
    let name = input.name;
    let broken = each_line(input.reader, args.lines, &name, progress, &detector, &mut report)?;
    let empty = report.texts + report.unreadable == 0;
    let outcome = report.finish()?;
    match broken {
        Some(error) => Err(Input::failure(&name, &error)),
        None if empty => Err(Failure::Broken(format!("{name}: there is no text in it"))),
        None => Ok(outcome),
    }
}

/// Answers every line, and gives what the system said if the input could not be read to its end.
fn each_line(
    reader: impl BufRead,
    plain: bool,
    name: &str,
    mut progress: Option<Progress>,
    detector: &Detector,
    report: &mut Report,
) -> Result<Option<std::io::Error>, Failure> {
    let mut lines = Lines::new(reader);
    let mut faults = Faults::of(name);
    let broken = loop {
        let line = match lines.next() {
            Ok(Some(line)) => line,
            Ok(None) => break None,
            Err(error) => break Some(error),
        };
        let number = line.number;
        let given = line.text.and_then(|text| match plain {
            true => Ok(Given { id: Json::Null, text: text.to_owned() }),
            false => parse::<Given>(text),
        });
        match given {
            Ok(Given { id, text }) => {
                let label = match &id {
                    Json::Null => format!("line {number}"),
                    Json::String(id) => id.clone(),
                    other => other.to_string(),
                };
                report.detected(&id, &label, &text, &detector.detect_text(&text))?;
            }
            Err(why) => {
                progress.iter_mut().for_each(Progress::clear);
                faults.tell(number, &why);
                report.unreadable(number, &why)?;
            }
        }
        if let Some(progress) = &mut progress {
            progress.advance(lines.consumed(), report.texts);
        }
    };
    progress.iter_mut().for_each(Progress::clear);
    faults.finish();
    Ok(broken)
}

/// Prints what was found, for people or for machines, and keeps count.
struct Report {
    output: Output,
    json: bool,
    texts: u64,
    found: u64,
    unreadable: u64,
}

impl Report {
    fn detected(&mut self, id: &Json, label: &str, text: &str, detection: &Detection) -> Result<(), Failure> {
        let Detection { findings, counted, score, score_artifact, partial, .. } = detection;
        self.texts += 1;
        self.found += u64::from(!findings.is_empty());
        if self.json {
            let (score, score_artifact, partial) = (*score, *score_artifact, *partial);
            return self.output.json(&Detected { id, score, score_artifact, findings, counted, partial });
        }
        // Of a text in which nothing is found there is nothing to show, and there may be a million of them.
        if findings.is_empty() && counted.is_empty() && !partial {
            return Ok(());
        }
        let paint = self.output.paint;
        let mut lines = vec![format!("{score:>5}  {}", paint.draw(DIM, &cut(label, self.output.width - 8)))];
        table::findings(findings, |field| (field == "text").then_some(text), self.output.width, paint, &mut lines);
        lines.extend(table::counted_only(counted, self.output.width, paint));
        if *partial {
            lines.push(paint.draw(BROKEN, "       ! a budget ran out before the text was searched to its end"));
        }
        self.output.line(&lines.join("\n"))
    }

    fn unreadable(&mut self, line: u64, error: &str) -> Result<(), Failure> {
        self.unreadable += 1;
        if self.json { self.output.json(&Unreadable { id: None, error, line }) } else { Ok(()) }
    }

    fn finish(mut self) -> Result<Outcome, Failure> {
        if !self.json && self.texts > 0 {
            self.output.line(&format!("{}   {} with findings", counted(self.texts, "text"), self.found))?;
        }
        self.output.finish()?;
        Ok(if self.unreadable > 0 { Outcome::Wrong } else { Outcome::Done })
    }
}
