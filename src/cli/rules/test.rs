//! `sluicegate rules test`: whether rules find what they say.

use std::path::PathBuf;

use sluicegate::detect::{Detector, Rule, RuleSet};

use super::chosen;
use crate::cli::context::Context;
use crate::cli::failure::{Failure, Outcome};
use crate::cli::output::{Output, counted};
use crate::cli::visible::cut;

/// Try every rule on its own examples: its `matches` must fire it, its `passes` must not.
#[derive(clap::Args)]
pub struct Args {
    /// Rule files, or folders of them; without any, those of the settings.
    files: Vec<PathBuf>,
}

/// Runs the command.
pub fn run(args: &Args, context: &Context) -> Result<Outcome, Failure> {
    let rules = RuleSet::load(&chosen(&args.files, context)?)?;
    let detector = Detector::new(&rules);
    let mut output = Output::open();
    let (mut tried, mut wrong) = (0_u64, 0_u64);
    for rule in rules.rules() {
        for (text, fires) in examples(rule) {
            tried += 1;
            let found = detector.detect_text(text).findings.iter().any(|finding| *finding.rule == *rule.id);
            if found != fires {
                wrong += 1;
                let what = if fires { "does not find" } else { "must not find" };
                output.line(&cut(&format!("{} {what} \"{text}\"", rule.id), output.width))?;
            }
        }
    }
    let (rules, tried) = (counted(rules.rules().len() as u64, "rule"), counted(tried, "example"));
    output.line(&format!("{rules}   {tried}   {wrong} wrong"))?;
    output.finish()?;
    Ok(if wrong == 0 { Outcome::Done } else { Outcome::Wrong })
}

/// A rule's own examples, and whether it must fire on each.
fn examples(rule: &Rule) -> impl Iterator<Item = (&str, bool)> {
    let matches = rule.matches.iter().map(|text| (&**text, true));
    matches.chain(rule.passes.iter().map(|text| (&**text, false)))
}
