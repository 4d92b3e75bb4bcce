//! `sluicegate rules list`: the rules in force.

use serde::Serialize;
use sluicegate::detect::RuleSet;
use sluicegate::verdict::{Category, Class};

use super::chosen;
use crate::cli::context::Context;
use crate::cli::failure::{Failure, Outcome};
use crate::cli::output::{Output, counted};
use crate::cli::paint::DIM;
use crate::cli::visible::{cut, pad};

/// List the rules of the settings.
#[derive(clap::Args)]
pub struct Args {
    /// Print one JSON object a line.
    #[arg(long)]
    json: bool,
}

/// One rule as JSON.
#[derive(Serialize)]
struct Listed<'a> {
    id: &'a str,
    category: Category,
    class: Class,
    points: u8,
    level: u8,
    phrases: &'a [String],
    literals: &'a [String],
    formats: Vec<&'static str>,
    known_evasions: &'a [String],
}

/// Runs the command.
pub fn run(args: &Args, context: &Context) -> Result<Outcome, Failure> {
    let rules = RuleSet::load(&chosen(&[], context)?)?;
    let mut output = Output::open();
    for rule in rules.rules() {
        if args.json {
            output.json(&Listed {
                id: &rule.id,
                category: rule.category,
                class: rule.class,
                points: rule.points,
                level: rule.level,
                phrases: &rule.phrases,
                literals: &rule.literals,
                formats: rule.formats.iter().map(|format| format.name()).collect(),
                known_evasions: &rule.known_evasions,
            })?;
        } else {
            let class = match rule.class {
                Class::Artifact => "artifact",
                Class::Judgement => "judgement",
            };
            let authored = rule.phrases.first().or(rule.literals.first()).map(String::as_str);
            let first = authored.or_else(|| Some(rule.formats.first()?.name())).unwrap_or_default();
            let first = output.paint.draw(DIM, &cut(first, output.width.saturating_sub(57)));
            output.line(&format!("{:>2}  {}  {}  {first}", rule.points, pad(&rule.id, 38), pad(class, 9)))?;
        }
    }
    if !args.json {
        output.line(&counted(rules.rules().len() as u64, "rule"))?;
    }
    output.finish()?;
    Ok(Outcome::Done)
}
