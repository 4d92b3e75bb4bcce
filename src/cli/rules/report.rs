//! `sluicegate rules report`: what the rules see through.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use sluicegate::Json;
use sluicegate::detect::{BuildError, Detector, Rule, RuleSet};
use sluicegate::text::disguise::{self, Disguise};
use sluicegate::workbench::contract::{self, Contract, Outcome as Seen, Pairs, Tally};

use super::{chosen, hits};
use crate::cli::context::Context;
use crate::cli::events::parse;
use crate::cli::failure::{Failure, Outcome};
use crate::cli::input::Input;
use crate::cli::lines::Lines;
use crate::cli::output::{Output, counted};
use crate::cli::paint::{BROKEN, DIM};
use crate::cli::visible::pad;

/// Put every rule's `matches` into every disguise that can carry them, and tell which the rule sees through.
///
/// A disguise that a rule does not see through belongs into its `known_evasions`, as `"name: reason"`. Disguises that
/// cannot carry a text, for example because a literal is nothing but punctuation, do not count.
#[derive(clap::Args)]
pub struct Args {
    /// Rule files, or folders of them; without any, those of the settings.
    files: Vec<PathBuf>,
    /// Ask instead how often texts of your own, found in plain, are found in each disguise: JSON objects with `text` and
    /// perhaps `id`, one a line.
    #[arg(long, value_name = "FILE")]
    texts: Option<PathBuf>,
    /// With `--texts`: leave out texts of more characters.
    #[arg(long, value_name = "CHARACTERS", requires = "texts")]
    longest: Option<usize>,
    /// With `--texts`: print the disguised texts, to be tried elsewhere, and not what is found in them.
    #[arg(long, requires = "texts")]
    print: bool,
    /// Tell instead what each rule does over texts of your own: in how many attacks and harmless texts it fires, in how many
    /// no other rule does, and its share of the search. JSON objects with `text` and `label` (`attack` or `benign`), one a
    /// line.
    #[arg(long, value_name = "FILE", conflicts_with = "texts")]
    rows: Option<PathBuf>,
    /// With `--rows`: print only what differs from an earlier run, which was kept with `--json`, as a table in Markdown.
    #[arg(long, value_name = "FILE", requires = "rows")]
    baseline: Option<PathBuf>,
    /// Print one JSON object a line.
    #[arg(long)]
    json: bool,
}

/// How one rule stands, as JSON.
#[derive(Serialize)]
struct OfRule<'a> {
    rule: &'a str,
    applicable: usize,
    found: usize,
    not_applicable: usize,
    known_evasions: Vec<&'a str>,
    missed: Vec<&'a str>,
    improved: Vec<&'a str>,
}

/// How one disguise stands, as JSON.
#[derive(Serialize)]
struct OfDisguise<'a> {
    disguise: &'a str,
    id: &'a str,
    applicable: usize,
    found: usize,
    not_applicable: usize,
}

/// All pairs of disguises, as JSON.
#[derive(Serialize)]
struct OfPairs {
    pairs: usize,
    applicable: usize,
    found: usize,
    not_applicable: usize,
}

/// A text of the owner's.
#[derive(Deserialize)]
struct Given {
    #[serde(default)]
    id: Json,
    text: String,
}

/// A text in disguise.
#[derive(Serialize)]
struct Disguised<'a> {
    id: String,
    disguise: &'a str,
    text: &'a str,
}

/// Runs the command.
pub fn run(args: &Args, context: &Context) -> Result<Outcome, Failure> {
    let rules = RuleSet::load(&chosen(&args.files, context)?)?;
    let broken = |error: BuildError| Failure::Broken(error.to_string());
    let mut output = Output::open();
    if let Some(path) = &args.rows {
        // Over texts the rules stand as the gate has them: with the model, at the level of the settings.
        let settings = context.settings()?.detect;
        let rules = rules.up_to(settings.searched());
        let detector = Detector::with_settings(&rules, [], &settings).map_err(broken)?;
        let outcome = hits::run(path, args.baseline.as_deref(), args.json, &rules, &detector, &mut output)?;
        output.finish()?;
        return Ok(outcome);
    }
    let detector = Detector::new(&rules).map_err(broken)?;
    let outcome = match &args.texts {
        Some(path) => of_texts(args, path, &detector, &mut output)?,
        None => of_rules(args.json, &rules, &detector, &mut output)?,
    };
    output.finish()?;
    Ok(outcome)
}

fn of_rules(json: bool, rules: &RuleSet, detector: &Detector, output: &mut Output) -> Result<Outcome, Failure> {
    let contract = Contract::of(rules, detector);
    for (rule, outcomes) in rules.rules().iter().zip(&contract.rules) {
        of_rule(json, rule, outcomes, output)?;
    }
    for (disguise, tally) in disguise::all().iter().zip(&contract.disguises) {
        of_disguise(json, disguise, *tally, output)?;
    }
    let pairs = Pairs::of(rules, detector);
    let sum = pairs.sum();
    if json {
        let Tally { applicable, found, not_applicable } = sum;
        output.json(&OfPairs { pairs: pairs.pairs.len(), applicable, found, not_applicable })?;
    }
    let [known, found, missed] = [Seen::Known, Seen::Found, Seen::Missed].map(|outcome| contract.count(outcome));
    let improved = contract.count(Seen::Improved);
    if !json {
        let applicable = known + found + missed + improved;
        output.line("")?;
        let line = format!(
            "{}   {} × disguise: {} found, {known} known evasions ({}), {missed} missed, {improved} improved, {} n/a",
            counted(rules.rules().len() as u64, "rule"),
            counted(applicable as u64, "rule"),
            found + improved,
            percent(Tally { applicable, found: known, not_applicable: 0 }),
            contract.count(Seen::NotApplicable),
        );
        output.line(&line)?;
        let drawn = counted(pairs.pairs.len() as u64, "pair");
        output.line(&format!(
            "{drawn} of disguises, one over the other: {} of {} ({}), {} n/a",
            sum.found,
            sum.applicable,
            percent(sum),
            sum.not_applicable
        ))?;
    }
    Ok(if missed + improved == 0 { Outcome::Done } else { Outcome::Wrong })
}

fn of_rule(json: bool, rule: &Rule, outcomes: &[Seen], output: &mut Output) -> Result<(), Failure> {
    let named = |outcome: Seen| -> Vec<&str> {
        let with = disguise::all().iter().zip(outcomes).filter(|(_, found)| **found == outcome);
        with.map(|(disguise, _)| disguise.name).collect()
    };
    let (known, missed, improved) = (named(Seen::Known), named(Seen::Missed), named(Seen::Improved));
    let not_applicable = outcomes.iter().filter(|outcome| **outcome == Seen::NotApplicable).count();
    let applicable = outcomes.len() - not_applicable;
    let found = applicable - known.len() - missed.len();
    if json {
        let rule = &rule.id;
        return output.json(&OfRule {
            rule,
            applicable,
            found,
            not_applicable,
            known_evasions: known,
            missed,
            improved,
        });
    }
    let paint = output.paint;
    output.line(&format!("{found:>4} of {applicable:>3}  {}", pad(&rule.id, 38)))?;
    for name in known {
        let disguise = disguise::all().iter().find(|disguise| disguise.name == name);
        let reason = disguise.and_then(|disguise| contract::evasion(rule, disguise)).unwrap_or_default();
        output.line(&paint.draw(DIM, &format!("             not {name}: {reason}")))?;
    }
    for name in missed {
        output.line(
            &paint.draw(BROKEN, &format!("             ! hidden by {name}, and `known_evasions` does not say so")),
        )?;
    }
    for name in improved {
        output.line(
            &paint.draw(BROKEN, &format!("             ! sees through {name}: take it out of `known_evasions`")),
        )?;
    }
    Ok(())
}

fn of_disguise(json: bool, disguise: &Disguise, tally: Tally, output: &mut Output) -> Result<(), Failure> {
    let Tally { applicable, found, not_applicable } = tally;
    if json {
        return output.json(&OfDisguise {
            disguise: disguise.name,
            id: disguise.id,
            applicable,
            found,
            not_applicable,
        });
    }
    let rest = if not_applicable > 0 { format!("   {not_applicable} n/a") } else { String::new() };
    output.line(&format!(
        "{}  {}  {found:>5} of {applicable:>5}  {:>7}{rest}",
        disguise.id,
        pad(disguise.name, 30),
        percent(tally)
    ))
}

fn of_texts(args: &Args, path: &std::path::Path, detector: &Detector, output: &mut Output) -> Result<Outcome, Failure> {
    let input = Input::open(Some(path))?;
    let mut lines = Lines::new(input.reader);
    let mut tallies = vec![Tally::default(); disguise::all().len()];
    let (mut texts, mut plain, mut unreadable) = (0_u64, 0_u64, 0_u64);
    while let Some(line) = lines.next().map_err(|error| Input::failure(&input.name, &error))? {
        let number = line.number;
        let Ok(Given { id, text }) = line.text.and_then(parse::<Given>) else {
            unreadable += 1;
            continue;
        };
        if args.longest.is_some_and(|longest| text.chars().count() > longest) {
            continue;
        }
        texts += 1;
        let Some(tries) = contract::disguised(detector, &text) else { continue };
        plain += 1;
        for ((disguise, found), tally) in tries.into_iter().zip(&mut tallies) {
            tally.add(found);
            if args.print && found.is_some() {
                let id = match &id {
                    Json::String(id) => format!("{id}/{}", disguise.name),
                    _ => format!("{number}/{}", disguise.name),
                };
                output.json(&Disguised { id, disguise: disguise.name, text: &(disguise.apply)(&text) })?;
            }
        }
    }
    if !args.print {
        let mut sum = Tally::default();
        for (disguise, tally) in disguise::all().iter().zip(&tallies) {
            of_disguise(args.json, disguise, *tally, output)?;
            sum.extend(*tally);
        }
        if !args.json {
            output.line("")?;
            let line = format!(
                "{}, {plain} found in plain; in disguise {} of {} ({}), {} n/a",
                counted(texts, "text"),
                sum.found,
                sum.applicable,
                percent(sum),
                sum.not_applicable
            );
            output.line(&line)?;
        }
    }
    Ok(if unreadable == 0 { Outcome::Done } else { Outcome::Wrong })
}

fn percent(tally: Tally) -> String {
    let share = tally.share();
    format!("{}.{:02} %", share / 100, share % 100)
}
