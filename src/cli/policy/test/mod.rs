//! `sluicegate policy test`: whether policies decide as their owner expects.

mod chosen;
mod covered;
mod json;
mod report;

use std::fs;
use std::path::PathBuf;

use sluicegate::workbench::cases::{Fate, Outcome as CaseOutcome, Suite, Tried, coverage, try_mutants};

use crate::cli::context::Context;
use crate::cli::failure::{Failure, Outcome};
use crate::cli::faults;
use crate::cli::output::Output;

use chosen::Library;

/// Try policies on the cases that stand beside them: what is given, what must come out and why.
///
/// A case gives facts, a whole event, or several events in order, and says what it expects. Without FILES, the cases in the
/// folder `cases` beside the policies of the settings are tried; without policies in the settings, the built-in ones. Exits 1
/// if a case fails, or if a mutant is missed.
#[derive(clap::Args)]
pub struct Args {
    /// Files of cases, or folders of them.
    #[arg(value_name = "FILES")]
    files: Vec<PathBuf>,
    /// Try this policy instead of the one that the cases name, such as a draft; several make a chain, in this order.
    #[arg(long, value_name = "FILE")]
    policy: Vec<PathBuf>,
    /// Print one JSON object a line.
    #[arg(long)]
    json: bool,
    /// Show which lines and branches of the policies no case reaches.
    #[arg(long)]
    coverage: bool,
    /// Write what the cases reach into this file, as lcov.
    #[arg(long, value_name = "FILE")]
    lcov: Option<PathBuf>,
    /// Change the policies in small ways, one at a time, and list the changes that no case notices.
    #[arg(long)]
    mutate: bool,
}

/// The suites that test the same chain of policies.
struct Group {
    suites: Vec<Suite>,
    /// Where the policies lie, for other programs.
    paths: Vec<String>,
}

/// Runs the command.
pub fn run(args: &Args, context: &Context) -> Result<Outcome, Failure> {
    let mut library = Library::new(context, &args.policy)?;
    let chosen = library.choose(&args.files)?;
    let mut output = Output::open();
    let mut outcome = Outcome::Done;
    let mut tally = Tally::default();
    let mut groups: Vec<Group> = Vec::new();
    for file in chosen {
        let (suite, paths) = match library.suite(file) {
            Ok(loaded) => loaded,
            Err(Failure::Broken(message)) => {
                faults::error(&message);
                outcome = Outcome::Wrong;
                continue;
            }
            Err(other) => return Err(other),
        };
        let results = suite.run();
        tally.add(&results);
        if args.json {
            for result in &results {
                output.json(&json::case(&suite, result))?;
            }
        } else {
            report::cases(&suite, &results, &mut output)?;
        }
        match groups.iter_mut().find(|group| group.tests(&suite)) {
            Some(group) => group.suites.push(suite),
            None => groups.push(Group { suites: vec![suite], paths }),
        }
    }
    if !args.json && tally.cases > 0 {
        output.line(&report::summary(&tally, output.paint))?;
    }
    if tally.failed > 0 {
        outcome = Outcome::Wrong;
    }
    if args.coverage || args.lcov.is_some() {
        covered(args, &groups, &mut output)?;
    }
    if args.mutate && tally.failed > 0 {
        faults::error("no mutants were tried: the cases must pass first");
    } else if args.mutate {
        for group in &groups {
            let tried = try_mutants(&group.suites);
            if tried.iter().any(|tried| tried.fate.is_missed()) {
                outcome = Outcome::Wrong;
            }
            mutants(args, group, &tried, &mut output)?;
        }
    }
    output.finish()?;
    Ok(outcome)
}

fn covered(args: &Args, groups: &[Group], output: &mut Output) -> Result<(), Failure> {
    let mut lcov = String::new();
    for group in groups {
        for (of_file, path) in coverage(&group.suites).iter().zip(&group.paths) {
            of_file.write_lcov(path, &mut lcov);
            match (args.coverage, args.json) {
                (true, true) => output.json(&covered::json(of_file))?,
                (true, false) => covered::print(of_file, output)?,
                (false, _) => {}
            }
        }
    }
    match &args.lcov {
        Some(path) => fs::write(path, lcov).map_err(|error| Failure::of_io(path, &error)),
        None => Ok(()),
    }
}

fn mutants(args: &Args, group: &Group, tried: &[Tried], output: &mut Output) -> Result<(), Failure> {
    if !args.json {
        return report::mutants(group.chain(), tried, output);
    }
    for tried in tried.iter().filter(|tried| tried.fate != Fate::Caught) {
        output.json(&json::mutant(tried))?;
    }
    output.json(&json::mutants(tried))
}

impl Group {
    fn tests(&self, suite: &Suite) -> bool {
        self.chain() == suite.chain()
    }

    fn chain(&self) -> &[sluicegate::diagnostic::Source] {
        self.suites.first().map(Suite::chain).unwrap_or_default()
    }
}

/// How many cases there were, and how many failed.
#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    cases: u64,
    failed: u64,
}

impl Tally {
    fn add(&mut self, results: &[CaseOutcome]) {
        self.cases += results.len() as u64;
        self.failed += results.iter().filter(|result| !result.passed()).count() as u64;
    }
}
