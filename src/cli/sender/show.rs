//! `sluicegate sender show`: everything about one sender.

use super::list::{standing, when};
use super::who::Who;
use crate::cli::context::Context;
use crate::cli::failure::{Failure, Outcome};
use crate::cli::output::Output;
use crate::cli::stored::{of_store, open_store, people};
use crate::cli::visible;

/// Show what you have said of one sender, with the whole id.
#[derive(clap::Args)]
pub struct Args {
    #[command(flatten)]
    who: Who,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

/// Runs the command.
pub fn run(args: &Args, context: &Context) -> Result<Outcome, Failure> {
    let people = people(&open_store(context)?)?;
    let who = args.who.person(&people)?;
    let Some(record) = people.show(&who).map_err(|error| of_store(&error))? else {
        return Err(Failure::Broken("nothing is said of this sender; the settings may still list them".to_owned()));
    };
    let mut output = Output::open();
    if args.json {
        output.json(&record)?;
        output.finish()?;
        return Ok(Outcome::Done);
    }
    let account = if record.who.account.is_empty() { "none" } else { record.who.account.as_str() };
    let mut lines = vec![
        format!("{} on {}, account {account}", record.who.id, record.who.channel),
        format!("{} since {}", standing(record.standing), when(record.since)),
        format!("may: {}", record.capabilities),
    ];
    for (what, text) in [("name", &record.name), ("note", &record.note)] {
        if !text.is_empty() {
            lines.push(format!("{what}: {text}"));
        }
    }
    for other in &record.linked {
        lines.push(format!("linked with {} on {}", other.id, other.channel));
    }
    for line in lines {
        output.line(&visible::lines(&line))?;
    }
    output.finish()?;
    Ok(Outcome::Done)
}
