//! `sluicegate policy facts`: what a policy may ask.

use serde::Serialize;
use sluicegate::Kind;
use sluicegate::facts::{Ask, Domain, TABLE};

use crate::cli::failure::{Failure, Outcome};
use crate::cli::output::Output;
use crate::cli::paint::{DIM, UNDONE};
use crate::cli::visible::width;

use super::{definitions, markdown};

/// List the facts that a policy may read.
#[derive(clap::Args)]
pub struct Args {
    /// Print one JSON object a line, as `--format json`.
    #[arg(long, conflicts_with = "format")]
    json: bool,
    /// How to print them: for reading, as the page docs/facts.md, as JSON lines, or as definitions for editors (`.d.rhai`).
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = Format::Text)]
    format: Format,
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    Text,
    Markdown,
    Json,
    Definitions,
}

/// One fact as JSON.
#[derive(Serialize)]
struct Listed<'a> {
    name: &'a str,
    /// `bool` or `number`; `literal` or `literals` for a fact that is asked with one or with a list of them.
    domain: &'static str,
    /// The values that a number can have, rising.
    #[serde(skip_serializing_if = "Option::is_none")]
    values: Option<&'static [u16]>,
    kinds: &'a [Kind],
    doc: &'a str,
}

/// Runs the command.
pub fn run(args: &Args) -> Result<Outcome, Failure> {
    let mut output = Output::open();
    let whole = match args.format {
        Format::Markdown => Some(markdown::page()),
        Format::Definitions => Some(definitions::definitions()),
        Format::Text | Format::Json => None,
    };
    if let Some(whole) = whole {
        whole.lines().try_for_each(|line| output.line(line))?;
        output.finish()?;
        return Ok(Outcome::Done);
    }
    for listed in all() {
        if args.json || args.format == Format::Json {
            output.json(&listed)?;
            continue;
        }
        let written = match listed.domain {
            "literal" => format!("{}(\"…\")", listed.name),
            "literals" => format!("{}([\"…\"])", listed.name),
            _ => listed.name.to_owned(),
        };
        let blanks = " ".repeat(20_usize.saturating_sub(width(&written)));
        let name = output.paint.draw(UNDONE, &written);
        let values = if listed.domain == "number" { "number" } else { "yes/no" };
        let kinds = match listed.kinds.len() {
            count if count == Kind::ALL.len() => String::new(),
            _ => {
                let names: Vec<&str> = listed.kinds.iter().map(|kind| kind.name()).collect();
                output.paint.draw(DIM, &format!(" ({} only)", names.join(", ")))
            }
        };
        output.line(&format!("{name}{blanks}  {values}  {}{kinds}", listed.doc))?;
    }
    output.finish()?;
    Ok(Outcome::Done)
}

fn all() -> impl Iterator<Item = Listed<'static>> {
    let facts = TABLE.iter().map(|fact| {
        let (domain, values) = match fact.domain {
            Domain::Bool => ("bool", None),
            Domain::Number(edges) => ("number", Some(edges)),
        };
        Listed { name: fact.name, domain, values, kinds: fact.kinds, doc: fact.doc }
    });
    let questions = Ask::ALL.iter().map(|ask| Listed {
        name: ask.name(),
        domain: if ask.takes_list() { "literals" } else { "literal" },
        values: None,
        kinds: ask.kinds(),
        doc: ask.doc(),
    });
    facts.chain(questions)
}
