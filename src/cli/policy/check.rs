//! `sluicegate policy check`: whether policies can be loaded, what they can decide, and what that costs.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use serde::Serialize;
use sluicegate::config::Settings;
use sluicegate::diagnostic::Diagnostic;
use sluicegate::facts::Levels;
use sluicegate::gate::BuildError;
use sluicegate::policy::{Bounds, Limits, PolicySet};
use sluicegate::workbench::prove::{Passage, Survey, prove, survey};
use sluicegate::{Gate, Kind};

use super::chains::{self, Chain};
use super::proofs::{Listed, Told};
use crate::cli::context::Context;
use crate::cli::failure::{Failure, Outcome};
use crate::cli::faults;
use crate::cli::output::{Output, counted};
use crate::cli::paint::DIM;
use crate::cli::policy::pages;
use crate::cli::visible::pad;

/// Columns of a file's name.
const NAME: usize = 18;
/// How long one proof may take here; `policy prove` has more patience.
const PATIENCE: Duration = Duration::from_secs(5);

/// Load policies as the gate would, and tell their faults, what each can decide, and what that costs.
///
/// For each kind of event it follows every path through the policies: which decisions each file still takes on the paths
/// that come to it, and the most operations that it takes, against the limit. What should be true of every policy is proved;
/// `sluicegate policy prove` says more about that.
#[derive(clap::Args)]
pub struct Args {
    /// Policies, or folders of them, each tried by itself; without any, the chain of the settings.
    files: Vec<PathBuf>,
    /// Print one JSON object a chain.
    #[arg(long)]
    json: bool,
    /// Print the page about a code, such as P003: what it means, an example, and how to mend it.
    #[arg(long, value_name = "CODE", conflicts_with = "files")]
    explain: Option<String>,
}

/// Runs the command.
pub fn run(args: &Args, context: &Context) -> Result<Outcome, Failure> {
    if let Some(code) = &args.explain {
        return pages::print(code);
    }
    // Files can be checked beside settings that are broken.
    let settings = match context.settings() {
        Err(_) if !args.files.is_empty() => Settings::default(),
        settings => settings?,
    };
    let levels = chains::levels(&settings);
    let mut told: Vec<Diagnostic> = Vec::new();
    let mut output = Output::open();
    let mut outcome = Outcome::Done;
    for chain in &chains::read(&args.files, &settings)? {
        // As the gate loads them, but without rules, whose faults are the business of `rules check`.
        let mut alone = Settings::default();
        alone.policy.clone_from(&settings.policy);
        let warnings =
            match Gate::builder().settings(alone).policies(chain.sources.clone()).rules([]).trial(true).build() {
                Ok(gate) => {
                    let warnings = gate.warnings();
                    for warning in &warnings {
                        faults::error(&warning.to_string());
                    }
                    warnings
                }
                Err(error) => {
                    faults::error(&error.to_string());
                    outcome = Outcome::Wrong;
                    if let BuildError::Load(error) = error {
                        told.extend(error.diagnostics);
                    }
                    continue;
                }
            };
        let set = chain.load()?;
        let started = Instant::now();
        let overdue = || started.elapsed() >= PATIENCE;
        let mut bounds = Bounds::default();
        bounds.overdue = Some(&overdue);
        let surveys = survey(&set, levels, &bounds);
        if args.json {
            output.json(&Checked::new(chain, &surveys, &set, levels, &mut outcome))?;
            continue;
        }
        for source in &chain.sources {
            let count = warnings.iter().filter(|warning| warning.file == source.name).count() as u64;
            let found = if count == 0 { "no fault".to_owned() } else { counted(count, "warning") };
            output.line(&format!("{}: {found}", source.name))?;
        }
        told.extend(warnings);
        for survey in &surveys {
            draw(survey, &mut output)?;
        }
        invariants(chain, &set, levels, |told| {
            if told.is_wrong() {
                outcome = Outcome::Wrong;
            }
            told.draw(chain, &mut output)
        })?;
    }
    output.finish()?;
    if let Some(more) = pages::more_about(&told) {
        faults::help(&more);
    }
    Ok(outcome)
}

/// Proves what is built in, statement by statement.
fn invariants(
    chain: &Chain,
    set: &PolicySet,
    levels: Levels,
    mut tell: impl FnMut(&Told) -> Result<(), Failure>,
) -> Result<(), Failure> {
    for statement in chain.statements.iter().filter(|statement| statement.invariant.is_some()) {
        let started = Instant::now();
        let overdue = || started.elapsed() >= PATIENCE;
        let mut bounds = Bounds::default();
        bounds.overdue = Some(&overdue);
        let proof = prove(statement, set, levels, &bounds);
        let waived = chain.waived(statement).map(|waiver| &*waiver.reason);
        tell(&Told { statement, proof: &proof, waived })?;
    }
    Ok(())
}

/// What each file decides about one kind of event.
fn draw(survey: &Survey, output: &mut Output) -> Result<(), Failure> {
    let paint = output.paint;
    for (place, passage) in survey.passages.iter().enumerate() {
        let kind = if place == 0 { survey.kind.name() } else { "" };
        let paths = counted(passage.paths, "path");
        let cost = format!("at most {} of {} operations", passage.operations, Limits::default().operations);
        let name = passage.policy.rsplit(['/', '\\']).next().unwrap_or_default();
        output.line(&format!(
            "  {kind:<13}{}  {:<24}  {}",
            pad(name, NAME),
            said(passage),
            paint.draw(DIM, &format!("{paths}, {cost}"))
        ))?;
    }
    if survey.undecided > 0 {
        let closed = if survey.kind == Kind::Message { "drop" } else { "hold" };
        let paths = paint.draw(DIM, &counted(survey.undecided, "path"));
        output.line(&format!("  {:<13}{}  {closed:<24}  {paths}", "", pad("end of the chain", NAME)))?;
    }
    match &survey.bound {
        Some(reason) => output.line(&format!("  {:<13}not every path was followed: {reason}", "")),
        None => Ok(()),
    }
}

/// What a file does, in words.
fn said(passage: &Passage) -> String {
    let mut said: Vec<&str> = passage.decisions.iter().map(|decision| decision.name()).collect();
    said.extend(passage.passes_on.then_some("next"));
    said.extend(passage.fails.then_some("failure"));
    if said.is_empty() { "nothing comes here".to_owned() } else { said.join(", ") }
}

/// A chain as JSON.
#[derive(Serialize)]
struct Checked<'a> {
    policies: Vec<&'a str>,
    hooks: Vec<Hook<'a>>,
    invariants: Vec<serde_json::Value>,
}

/// What one file does with one kind of event.
#[derive(Serialize)]
struct Hook<'a> {
    kind: Kind,
    policy: &'a str,
    /// Paths that come to it.
    paths: u64,
    decisions: Vec<&'static str>,
    passes_on: bool,
    fails: bool,
    /// The most operations on any path, and the limit.
    operations: u64,
    operations_limit: u64,
    /// Why not every path was followed.
    #[serde(skip_serializing_if = "Option::is_none")]
    bound: Option<&'a str>,
}

impl<'a> Checked<'a> {
    fn new(chain: &'a Chain, surveys: &'a [Survey], set: &PolicySet, levels: Levels, outcome: &mut Outcome) -> Self {
        let hook = |survey: &'a Survey, passage: &'a Passage| Hook {
            kind: survey.kind,
            policy: &passage.policy,
            paths: passage.paths,
            decisions: passage.decisions.iter().map(|decision| decision.name()).collect(),
            passes_on: passage.passes_on,
            fails: passage.fails,
            operations: passage.operations,
            operations_limit: Limits::default().operations,
            bound: survey.bound.as_deref(),
        };
        let hooks = surveys.iter().flat_map(|survey| survey.passages.iter().map(move |passage| hook(survey, passage)));
        let hooks = hooks.collect();
        let mut proved = Vec::new();
        // Nothing is written while they are proved, so nothing can go wrong in it.
        let _ = invariants(chain, set, levels, |told| {
            if told.is_wrong() {
                *outcome = Outcome::Wrong;
            }
            proved.extend(serde_json::to_value(Listed::new(told, chain)));
            Ok(())
        });
        Self { policies: chain.names(), hooks, invariants: proved }
    }
}
