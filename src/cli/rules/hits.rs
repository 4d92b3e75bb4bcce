//! `sluicegate rules report --rows`: what each rule does over many texts, and how that differs from another run.

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};
use sluicegate::detect::{Detector, RuleSet};
use sluicegate::workbench::hits::{Hits, RuleHits};

use crate::cli::events::parse;
use crate::cli::failure::{Failure, Outcome};
use crate::cli::faults::Faults;
use crate::cli::input::Input;
use crate::cli::lines::{Lines, MAX_LINE};
use crate::cli::output::{Output, counted};
use crate::cli::paint::DIM;
use crate::cli::visible::pad;

/// A text of the owner's. What has no label is harmless.
#[derive(Deserialize)]
struct Given {
    text: String,
    #[serde(default)]
    label: Label,
}

/// What a text is.
#[derive(Clone, Copy, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
enum Label {
    Attack,
    #[default]
    Benign,
}

/// What one rule did, as JSON.
#[derive(Clone, Serialize, Deserialize)]
struct OfRule {
    rule: String,
    attacks: u64,
    benign: u64,
    /// Texts in which no other rule fired.
    alone: u64,
    /// Its share of the search, in hundredths of a per cent.
    cost: u64,
    /// Whether it may be applied to the text of a message.
    applied: bool,
}

/// All rules together, as JSON: the last line.
#[derive(Clone, Serialize, Deserialize)]
struct Sum {
    attacks: u64,
    attacks_found: u64,
    benign: u64,
    benign_found: u64,
    model: u64,
}

/// One run.
struct Run {
    rules: Vec<OfRule>,
    sum: Sum,
}

/// Tries the texts of a file and prints what the rules did; with `baseline`, only how it differs from that run.
pub fn run(
    path: &Path,
    baseline: Option<&Path>,
    json: bool,
    rules: &RuleSet,
    detector: &Detector,
    output: &mut Output,
) -> Result<Outcome, Failure> {
    let before = baseline.map(read).transpose()?;
    let input = Input::open(Some(path))?;
    let name = input.name.clone();
    let mut faults = Faults::of(&name);
    let mut lines = Lines::new(input.reader);
    let mut hits = Hits::new(rules);
    while let Some(line) = lines.next().map_err(|error| Input::failure(&name, &error))? {
        match line.text.and_then(parse::<Given>) {
            Ok(given) => hits.add(detector, rules, &given.text, given.label == Label::Attack),
            Err(why) => faults.tell(line.number, &why),
        }
    }
    let now = Run::new(rules, &hits);
    match before {
        Some(before) => now.against(&before, output)?,
        None if json => now.json(output)?,
        None => now.table(output)?,
    }
    Ok(if faults.finish() == 0 { Outcome::Done } else { Outcome::Wrong })
}

/// Reads what an earlier run has printed with `--json`.
fn read(path: &Path) -> Result<Run, Failure> {
    let text = Input::open(Some(path))?.text(MAX_LINE)?;
    let mut lines: Vec<&str> = text.lines().collect();
    let wrong =
        |why: &str| Failure::of_file(path, format_args!("{why}; write it with `rules report --rows FILE --json`"));
    let sum =
        lines.pop().and_then(|line| serde_json::from_str(line).ok()).ok_or_else(|| wrong("this is no such report"))?;
    let rules = lines.into_iter().map(serde_json::from_str).collect::<Result<_, _>>();
    Ok(Run { rules: rules.map_err(|error| wrong(&error.to_string()))?, sum })
}

impl Run {
    fn new(rules: &RuleSet, hits: &Hits) -> Self {
        let all = hits.steps().max(1);
        let rules = rules.rules().iter().zip(&hits.rules).map(|(rule, hits)| {
            let RuleHits { attacks, benign, alone, steps, applied, .. } = *hits;
            OfRule { rule: rule.id.to_string(), attacks, benign, alone, cost: steps * 10_000 / all, applied }
        });
        let Hits { attacks, attacks_found, benign, benign_found, model, .. } = *hits;
        Self { rules: rules.collect(), sum: Sum { attacks, attacks_found, benign, benign_found, model } }
    }

    fn json(&self, output: &mut Output) -> Result<(), Failure> {
        for rule in &self.rules {
            output.json(rule)?;
        }
        output.json(&self.sum)
    }

    fn table(&self, output: &mut Output) -> Result<(), Failure> {
        let paint = output.paint;
        let Sum { attacks, attacks_found, benign, benign_found, model } = self.sum;
        output.line(&paint.draw(DIM, &format!("{}  attacks   benign    alone     cost", pad("rule", 40))))?;
        let (tried, apart): (Vec<_>, Vec<_>) = self.rules.iter().partition(|rule| rule.applied);
        let (mut fired, never): (Vec<_>, Vec<_>) = tried.into_iter().partition(|rule| rule.attacks + rule.benign > 0);
        fired.sort_by_key(|rule| std::cmp::Reverse(rule.attacks));
        for rule in fired {
            output.line(&format!(
                "{}  {:>7}  {:>7}  {:>7}  {:>7}",
                pad(&rule.rule, 40),
                rule.attacks,
                rule.benign,
                rule.alone,
                hundredths(rule.cost)
            ))?;
        }
        let names = |rules: Vec<&OfRule>| rules.iter().map(|rule| rule.rule.as_str()).collect::<Vec<_>>().join(", ");
        for (title, rules) in [("never fired", never), ("not for texts of messages", apart)] {
            if !rules.is_empty() {
                output.line(&paint.draw(DIM, &format!("{title}: {}", names(rules))))?;
            }
        }
        output.line(&format!(
            "{}: {attacks_found} found ({})   {}: {benign_found} found ({})   the model fired in {model}",
            counted(attacks, "attack"),
            share(attacks_found, attacks),
            counted(benign, "harmless text"),
            share(benign_found, benign),
        ))
    }

    /// The differences to an earlier run, as a table in Markdown.
    fn against(&self, before: &Self, output: &mut Output) -> Result<(), Failure> {
        let then: BTreeMap<&str, &OfRule> = before.rules.iter().map(|rule| (rule.rule.as_str(), rule)).collect();
        let now: BTreeMap<&str, &OfRule> = self.rules.iter().map(|rule| (rule.rule.as_str(), rule)).collect();
        output.line("| rule | attacks | benign | alone | cost |\n|---|---|---|---|---|")?;
        let all: std::collections::BTreeSet<&str> = then.keys().chain(now.keys()).copied().collect();
        for name in all {
            let (then, now) = (then.get(name), now.get(name));
            let of = |get: fn(&OfRule) -> u64| (then.map(|rule| get(rule)), now.map(|rule| get(rule)));
            let counts = [of(|rule| rule.attacks), of(|rule| rule.benign), of(|rule| rule.alone)];
            // The cost of every rule moves a little whenever one is added; that alone is no difference.
            if counts.iter().all(|(then, now)| then == now) {
                continue;
            }
            let (cost_then, cost_now) = of(|rule| rule.cost);
            let cells = counts.map(|(then, now)| change(then, now, |count| count.to_string()));
            output.line(&format!(
                "| {name} | {} | {} |",
                cells.join(" | "),
                change(cost_then, cost_now, hundredths)
            ))?;
        }
        let (then, now) = (&before.sum, &self.sum);
        for (title, found, of) in [
            ("attacks found", (then.attacks_found, now.attacks_found), (then.attacks, now.attacks)),
            ("harmless found", (then.benign_found, now.benign_found), (then.benign, now.benign)),
        ] {
            output.line(&format!(
                "| **{title}** | {} of {} ({}) → {} of {} ({}) | | | |",
                found.0,
                of.0,
                share(found.0, of.0),
                found.1,
                of.1,
                share(found.1, of.1)
            ))?;
        }
        Ok(())
    }
}

/// Then and now, or one figure where they are the same; a dash for a rule that is not there.
fn change(then: Option<u64>, now: Option<u64>, show: impl Fn(u64) -> String) -> String {
    let shown = |value: Option<u64>| value.map_or_else(|| "–".to_owned(), &show);
    if then == now { shown(now) } else { format!("{} → {}", shown(then), shown(now)) }
}

fn hundredths(share: u64) -> String {
    format!("{}.{:02} %", share / 100, share % 100)
}

fn share(part: u64, all: u64) -> String {
    hundredths((part * 10_000).checked_div(all).unwrap_or_default())
}
